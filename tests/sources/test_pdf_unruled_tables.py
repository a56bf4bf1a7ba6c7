"""PDF tables without a grid of lines: every cell against what was drawn, and what is no table."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from reportlab.pdfbase import pdfmetrics

from tests.sources.pdf_drawing import FONT, HEIGHT, Drawing
from tests.sources.test_pdf_reading import grids, only_grid, paragraphs, read, texts

XS = (60.0, 130.0, 300.0, 390.0, 480.0)
HEAD = ("科目编码", "科目名称", "基本支出", "项目支出")
ROWS = [
    ("201", "一般公共服务支出", "1,234.50", "20.00"),
    ("20101", "人大事务", "1,000.00", ""),
    ("2010101", "行政运行", "900.50", "20.00"),
    ("208", "社会保障和就业支出", "", "3.25"),
    ("", "合计", "12,345.00", "123.25"),
]
ROW = 20.0


def caption(drawing: Drawing, top: float = 60) -> None:
    drawing.text(200, top, "财政拨款支出预算表")
    drawing.text(60, top + 20, "部门：某局")
    drawing.text(400, top + 20, "单位：万元")


def right(drawing: Drawing, x: float, y: float, text: str) -> None:
    drawing.text(x - pdfmetrics.stringWidth(text, FONT, 10), y, text)


def fill(
    drawing: Drawing, rows: Sequence[Sequence[str]], top: float = 100, xs: Sequence[float] = XS
) -> float:
    """Words at the left, numbers at the right of their column; gives the bottom."""
    for index, row in enumerate(rows):
        y = top + index * ROW + 14
        for column, text in enumerate(row):
            if text and column > 1 and text[0].isdigit():
                right(drawing, xs[column + 1] - 4, y, text)
            elif text:
                drawing.text(xs[column] + 4, y, text)
    return top + len(rows) * ROW


def level(drawing: Drawing, *ys: float) -> None:
    for y in ys:
        drawing.line(XS[0], y, XS[-1], y)


def dotted(drawing: Drawing, bottom: float) -> None:
    for y in range(100, int(bottom) + 1, int(ROW)):
        for x in range(int(XS[0]), int(XS[-1]), 2):
            drawing.rectangle(x, y, x + 0.7, y + 0.7, "black")
    for x in XS:
        for y in range(100, int(bottom), 2):
            drawing.rectangle(x, y, x + 0.7, y + 0.7, "black")


def dashed(drawing: Drawing, bottom: float) -> None:
    for y in range(100, int(bottom) + 1, int(ROW)):
        for x in range(int(XS[0]), int(XS[-1]), 10):
            drawing.line(x, y, x + 5, y)
    for x in XS:
        for y in range(100, int(bottom), 10):
            drawing.line(x, y, x, y + 5)


def pictures(drawing: Drawing, bottom: float) -> None:
    for y in range(100, int(bottom) + 1, int(ROW)):
        drawing.picture(XS[0], y, XS[-1], y + 0.7)
    for x in XS:
        drawing.picture(x, 100, x + 0.7, bottom)


def draw_lines(drawing: Drawing, style: str, bottom: float) -> None:
    every = [100 + index * ROW for index in range(len(ROWS) + 2)]
    if style == "three lines":
        level(drawing, 100, 120, bottom)
    elif style == "level lines":
        level(drawing, *every)
    elif style == "upright lines":
        for x in XS:
            drawing.line(x, 100, x, bottom)
        level(drawing, 100, bottom)
    elif style == "frame":
        drawing.canvas.rect(XS[0], HEIGHT - bottom, XS[-1] - XS[0], bottom - 100)
    elif style == "ruled head":
        level(drawing, 100, 120)
        for x in XS:
            drawing.line(x, 100, x, 120)
    elif style == "some upright lines":
        level(drawing, *every)
        for x in (XS[0], XS[2], XS[-1]):
            drawing.line(x, 100, x, bottom)
    elif style == "stripes":
        for y in every[:-1:2]:
            drawing.rectangle(XS[0], y, XS[-1], y + ROW, "#dde6f0")
    elif style in ("dotted", "dashed", "pictures"):
        {"dotted": dotted, "dashed": dashed, "pictures": pictures}[style](drawing, bottom)


@pytest.mark.smoke
@pytest.mark.parametrize(
    "style",
    [
        "no lines", "three lines", "level lines", "upright lines", "frame", "ruled head",
        "some upright lines", "stripes", "dotted", "dashed", "pictures",
    ],
)  # fmt: skip
def test_every_cell_whatever_lines_are_drawn(style: str) -> None:
    drawing = Drawing()
    caption(drawing)
    draw_lines(drawing, style, 100 + ROW * (len(ROWS) + 1))
    fill(drawing, [HEAD, *ROWS])
    reading = read(drawing)
    assert texts(only_grid(reading)) == [list(row) for row in (HEAD, *ROWS)]
    assert paragraphs(reading) == ["财政拨款支出预算表", "部门：某局", "单位：万元"]


def test_headings_over_several_columns() -> None:
    drawing = Drawing()
    caption(drawing)
    for x, y, text in (
        (74, 124, "科目编码"), (190, 124, "科目名称"), (378, 114, "支出"),
        (325, 134, "基本支出"), (415, 134, "项目支出"),
    ):  # fmt: skip
        drawing.text(x, y, text)
    fill(drawing, ROWS, 140)
    grid = only_grid(read(drawing))
    assert texts(grid)[:2] == [
        ["科目编码", "科目名称", "支出", ""],
        ["", "", "基本支出", "项目支出"],
    ]
    assert [(c.rowspan, c.colspan) for c in grid.rows[0][:3]] == [(2, 1), (2, 1), (1, 2)]
    assert texts(grid)[2:] == [list(row) for row in ROWS]


@pytest.mark.parametrize("others", ["middle", "left"])
def test_a_sum_below_a_heading_is_no_second_line_of_it(others: str) -> None:
    """项目支出 starts where 小计 below it does, and ends before the next column begins."""
    xs = (60.0, 130.0, 260.0, 330.0, 410.0, 500.0)
    drawing = Drawing()
    caption(drawing)
    place = (74, 180, 275) if others == "middle" else (64, 134, 264)
    for x, text in zip(place, ("科目编码", "科目名称", "总计"), strict=True):
        drawing.text(x, 124, text)
    for x, y, text in ((334, 116, "项目支出"), (334, 132, "小计"), (414, 132, "其中：专项资金")):
        drawing.text(x, y, text)
    rows = [("201", "一般公共服务支出", "20.50", "20.50", ""), ("20101", "人大事务", "20.50", "20.50", ""),
            ("2010101", "行政运行", "20.50", "20.50", ""), ("", "合计", "20.50", "20.50", "")]  # fmt: skip
    fill(drawing, rows, 140, xs)
    grid = only_grid(read(drawing))
    assert [row[3:] for row in texts(grid)[:2]] == [["项目支出", ""], ["小计", "其中：专项资金"]]
    assert texts(grid)[2:] == [list(row) for row in rows]


@pytest.mark.parametrize("number_at", [0, 6, 12])
def test_label_over_two_lines_is_one_cell(number_at: float) -> None:
    drawing = Drawing()
    caption(drawing)
    fill(drawing, [HEAD, *ROWS[:3]])
    y = 100 + 4 * ROW + 14
    drawing.text(XS[1] + 4, y, "机关事业单位基本养老保险")
    drawing.text(XS[1] + 4, y + 12, "缴费支出")
    drawing.text(XS[0] + 4, y + number_at, "2080505")
    right(drawing, XS[3] - 4, y + number_at, "446.11")
    fill(drawing, ROWS[3:], y + 22)
    rows = texts(only_grid(read(drawing)))
    wrapped = ["2080505", "机关事业单位基本养老保险缴费支出", "446.11", ""]
    assert rows == [list(HEAD), *map(list, ROWS[:3]), wrapped, *map(list, ROWS[3:])]


DASHED = [
    ("科目编码", "科目名称", "合计", "基本支出", "项目支出", "备注"),
    ("208", "社会保障和就业支出", "119.27", "119.27", "—", ""),
    ("20805", "行政事业单位养老支出", "119.27", "119.27", "—", ""),
    ("2080501", "行政单位离退休", "18.28", "18.28", "—", ""),
    ("212", "城乡社区支出", "413.53", "—", "413.53", ""),
    ("21208", "国有土地使用权出让收入安排的支出", "413.53", "—", "413.53", ""),
    ("", "合计", "532.80", "119.27", "413.53", ""),
]
"""As a spreadsheet prints texts and numbers: dashes at the left of columns of numbers."""
DASHED_XS = (40.0, 95.0, 270.0, 335.0, 400.0, 500.0, 540.0)


@pytest.mark.parametrize("nothing", ["—", "-", "/"])
@pytest.mark.parametrize("breaks_after", [0, 4])
def test_dashes_at_the_left_of_numbers_are_in_their_column(breaks_after: int, nothing: str) -> None:
    table = [[text.replace("—", nothing) for text in row] for row in DASHED]
    drawing = Drawing()
    if breaks_after:  # the dashes alone tell of the column on the first page
        caption(drawing, 680)
        fill(drawing, table[:breaks_after], 720, DASHED_XS)
        drawing.page()
        fill(drawing, table[breaks_after:], 60, DASHED_XS)
    else:
        caption(drawing)
        fill(drawing, table, 100, DASHED_XS)
    rows = [row for grid in grids(read(drawing)) for row in texts(grid)]
    assert rows == table


def test_dashes_below_a_heading_of_their_own_are_no_part_of_the_next_column() -> None:
    rows = [
        HEAD, ("201", "一般公共服务支出", "—", ""), ("20101", "人大事务", "—", ""),
        ("208", "社会保障和就业支出", "", "3.25"), ("20805", "养老支出", "", "3.25"),
        ("", "合计", "", "3.25"),
    ]  # fmt: skip
    drawing = Drawing()
    caption(drawing)
    fill(drawing, rows)
    assert texts(only_grid(read(drawing))) == [list(row) for row in rows]


def test_two_sides() -> None:
    drawing = Drawing()
    caption(drawing)
    rows = [
        ("收入", "", "支出", ""),
        ("项目", "预算数", "项目", "预算数"),
        ("一、财政拨款", "5.00", "一、基本支出", "3.00"),
        ("二、其他收入", "1.00", "二、项目支出", "3.00"),
        ("", "", "三、上缴支出", ""),
        ("收入合计", "6.00", "支出合计", "6.00"),
    ]
    places = (70, 190, 290, 420)
    for index, row in enumerate(rows):
        y = 114 + index * ROW
        if index == 0:
            drawing.text(145, y, "收入")
            drawing.text(370, y, "支出")
            continue
        for x, text in zip(places, row, strict=True):
            drawing.text(x, y, text)
    assert texts(only_grid(read(drawing))) == [list(row) for row in rows]


@pytest.mark.parametrize("decimals", [1, 2, 6])
def test_labels_right_behind_numbers_are_in_the_next_column(decimals: int) -> None:
    names = ("一、财政拨款", "二、基金预算", "三、事业收入", "四、其他收入", "收入合计")
    goals = ("一、教育支出", "（一）卫生健康支出", "三、农林水支出", "四、其他支出", "支出合计")
    rows = [("项目", "预算数", "项目", "预算数")]
    for number, pair in enumerate(zip(names, goals, strict=True), 3824):
        amount = f"{number}.{'123456'[:decimals]}"
        rows.append((pair[0], amount, pair[1], amount))
    drawing = Drawing()
    caption(drawing)
    for index, (name, one, goal, other) in enumerate(rows):
        y = 114 + index * ROW
        drawing.text(60, y, name)
        right(drawing, 250 if index else 220, y, one)
        drawing.text(251, y, goal)
        right(drawing, 480, y, other)
    assert texts(only_grid(read(drawing))) == [list(row) for row in rows]


def test_table_goes_on_over_the_page() -> None:
    drawing = Drawing()
    caption(drawing, 640)
    fill(drawing, [HEAD, *ROWS], 680)
    drawing.text(290, 825, "- 1 -")
    drawing.page()
    fill(drawing, ROWS, 60)
    first, second = grids(read(drawing))
    assert texts(first) == [list(row) for row in (HEAD, *ROWS)]
    assert texts(second) == [list(row) for row in ROWS]
    assert second.rows[0][2].position.page == 2


def test_labels_set_in_the_middle_of_several_rows_are_left_as_text() -> None:
    drawing = Drawing()
    caption(drawing)
    drawing.text(64, 114, "资金")
    drawing.text(160, 114, "项目")
    drawing.text(340, 114, "金额")
    for index, (label, amount) in enumerate(
        (("小计", "5.00"), ("公共财政拨款", "3.00"), ("专项收入", "2.00"), ("小计", "9.00"))
    ):
        drawing.text(160, 134 + index * ROW, label)
        drawing.text(340, 134 + index * ROW, amount)
    drawing.text(64, 154, "一般公共预算")
    assert not grids(read(drawing))


def test_contents_are_no_table() -> None:
    drawing = Drawing()
    drawing.text(270, 60, "目录")
    for index, title in enumerate(("收支预算总表", "收入预算总表", "支出预算总表", "基本支出表")):
        drawing.text(60, 100 + index * ROW, title)
        drawing.text(500, 100 + index * ROW, str(index + 3))
        drawing.text(60, 300 + index * ROW, f"{title}{'.' * 60}{index + 3}")
    assert not grids(read(drawing))


def test_running_text_with_numbers_is_no_table() -> None:
    drawing = Drawing()
    drawing.text(60, 60, "关于收支预算总表")
    drawing.text(60, 80, "单位：万元")
    for index in range(6):
        drawing.text(
            60, 100 + index * ROW, f"2025年收入预算 {index},345.00 万元，比上年增加 {index}.5%，"
        )
    assert not grids(read(drawing))


def test_lines_without_caption_are_no_table() -> None:
    drawing = Drawing()
    fill(drawing, ROWS)
    assert not grids(read(drawing))


@pytest.mark.parametrize("style", ["no lines", "three lines", "level lines"])
def test_rows_without_numbers_are_rows(style: str) -> None:
    rows = [
        ("", "政府性基金", "", ""), *ROWS[:2],
        ("", "机关事业单位基本养老保险支出", "1.00", ""), ("", "其他支出", "", ""), *ROWS[2:],
    ]  # fmt: skip
    drawing = Drawing()
    caption(drawing)
    bottom = fill(drawing, [HEAD, *rows])
    if style == "level lines":
        level(drawing, *(100 + index * ROW for index in range(len(rows) + 2)))
    elif style == "three lines":
        level(drawing, 100, 120, bottom)
    assert texts(only_grid(read(drawing))) == [list(row) for row in (HEAD, *rows)]
