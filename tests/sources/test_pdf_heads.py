"""Headings of two levels in tables without lines, set in every way; and text in columns of a page."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from reportlab.pdfbase import pdfmetrics

from tests.sources.pdf_drawing import FONT, Drawing
from tests.sources.test_pdf_reading import grids, only_grid, paragraphs, read, texts
from tests.sources.test_pdf_table_thresholds import line
from yusuan.sources.pdf import columns, headings, reading_order
from yusuan.sources.pdf.page import PageTable

XS = (40.0, 110.0, 170.0, 250.0, 300.0, 390.0, 490.0, 560.0)
UPPER = ["单位名称", "合计", "因公出国(境)费", ("公务用车购置及运行费", 3), "公务接待费"]
LOWER = ["小计", "公务用车购置费", "公务用车运行费"]
AMOUNTS = [("某局", "23.50", "5.00", "15.00", "10.00", "5.00", "3.50"),
           ("某馆", "13.25", "", "10.00", "", "10.00", "3.25")]  # fmt: skip
PATHS = ["单位名称", "合计", "因公出国(境)费", "公务用车购置及运行费/小计",
         "公务用车购置及运行费/公务用车购置费", "公务用车购置及运行费/公务用车运行费", "公务接待费"]  # fmt: skip


def put(drawing: Drawing, left: float, right: float, y: float, text: str, across: str) -> None:
    """A text at the left or right of its cell, or in the middle of it."""
    width = pdfmetrics.stringWidth(text, FONT, 9)
    x = {"left": left + 4, "right": right - 4 - width, "middle": (left + right - width) / 2}[across]
    drawing.text(x, y, text, 9)


def three_public(across: str, down: str, numbers: str) -> Drawing:
    drawing = Drawing()
    drawing.text(200, 60, "一般公共预算“三公”经费支出表")
    drawing.text(460, 80, "单位：万元")
    upper, lower = 105.0, 121.0
    alone = {"top": upper, "middle": (upper + lower) / 2, "bottom": lower}[down]
    column = 0
    for heading in UPPER:
        text, width = heading if isinstance(heading, tuple) else (heading, 1)
        y = upper if width > 1 else alone
        put(drawing, XS[column], XS[column + width], y, text, across)
        if width > 1:
            for at, below in enumerate(LOWER, start=column):
                put(drawing, XS[at], XS[at + 1], lower, below, across)
        column += width
    for row, amounts in enumerate(AMOUNTS):
        for at, text in enumerate(amounts):
            put(drawing, XS[at], XS[at + 1], 140 + 18 * row, text, numbers if at else "left")
    return drawing


def paths_of(rows: Sequence[Sequence[str]]) -> list[str]:
    """The headings of each column of a grid whose first two rows are its head, from the top."""
    found, above = [], ""
    for upper, lower in zip(*rows[:2], strict=True):
        above = upper or (above if lower else "")
        found.append("/".join(text for text in (above, lower) if text))
    return found


@pytest.mark.parametrize("down", ["top", "middle", "bottom"])
@pytest.mark.parametrize(
    ("across", "numbers"),
    [("middle", "right"), ("middle", "middle"), ("middle", "left"), ("left", "left"),
     ("left", "right"), ("right", "right"), ("right", "middle")],
)  # fmt: skip
def test_a_group_of_headings_is_over_its_own_columns(across: str, numbers: str, down: str) -> None:
    reading = read(three_public(across, down, numbers))
    if not grids(reading):  # the heading behind the group may be of it, where all stand level
        assert down == "bottom" and across != "middle"
        return
    rows = texts(only_grid(reading))
    assert paths_of(rows) == PATHS
    assert rows[2:] == [list(row) for row in AMOUNTS]


# Which of several ways is clear


def head(lower: Sequence[tuple[float, str]], upper: tuple[float, str]) -> headings.TableHead | None:
    """A heading at 180 above some at 200, over columns 60 points wide each."""
    lines = [line(upper, y=180), line(*lower, y=200)]
    edges = [60.0 * at for at in range(len(lower) + 1)]
    return headings.heading_spans(lines, edges, (), (170, 210))


@pytest.mark.parametrize(("first", "over"), [("小计", (1, 5)), ("租用", (0, 6))])
def test_a_subtotal_is_the_first_of_its_group(first: str, over: tuple[int, int]) -> None:
    # In the middle of all six columns, and of the four in the middle of these.
    names = ["出国", first, "购置", "运行", "保险", "接待"]
    spans = head([(60.0 * at + 20, name) for at, name in enumerate(names)], (160.0, "公务用车"))
    assert spans is not None
    assert over in {(span.column, span.column_end) for span in spans.spans}


@pytest.mark.parametrize(("amounts", "found"), [(frozenset({0, 1}), False), (frozenset({1}), True)])
def test_one_heading_is_never_over_two_columns_of_amounts(
    amounts: frozenset[int], found: bool
) -> None:
    lines = [line((47.0, "科目"), y=190)]
    assert (
        headings.heading_spans(lines, [0, 60, 120], (), (180, 200), amounts) is not None
    ) == found


@pytest.mark.parametrize(("above", "of_row"), [(16, True), (15, False)])
def test_the_first_line_of_a_label_stands_nearer_to_its_row_than_to_the_head(
    above: float, of_row: bool
) -> None:
    drawing = Drawing()
    drawing.text(200, 60, "财政拨款支出预算表")
    drawing.text(400, 80, "单位：万元")
    for x, text in ((60, "单位名称"), (200, "基本支出"), (300, "项目支出")):
        drawing.text(x, 100, text)
    drawing.text(60, 100 + above, "某市")
    for x, text in ((60, "文化馆"), (210, "1.50"), (310, "2.50")):
        drawing.text(x, 112.5 + above, text)
    rows = texts(only_grid(read(drawing)))
    assert (rows[-1][0] == "某市文化馆") == of_row


# Text in columns of a page


def table(drawing: Drawing, x: float, top: float, title: str, amount: str) -> None:
    drawing.text(x, top - 10, title)
    drawing.table([x, x + 80, x + 160], top, [["科目名称", "合计"], ["行政运行", amount]])


@pytest.mark.parametrize(("apart", "in_columns"), [(2.5, True), (1.5, False)])
def test_columns_of_a_page_are_some_way_apart(apart: float, in_columns: bool) -> None:
    left = PageTable((60, 220), 80, 120, 2, (), 0)
    right = PageTable((220 + apart, 380), 90, 130, 2, (), 0)
    assert (reading_order._gutter([left, right]) is not None) == in_columns


def test_a_page_in_columns_is_read_column_by_column() -> None:
    drawing = Drawing()
    table(drawing, 60, 80, "收入总表", "1.00")
    table(drawing, 60, 200, "支出总表", "2.00")
    table(drawing, 240, 80, "三公经费支出表", "3.00")
    table(drawing, 240, 220, "政府采购预算表", "4.00")
    reading = read(drawing)
    assert paragraphs(reading) == ["收入总表", "支出总表", "三公经费支出表", "政府采购预算表"]
    assert [texts(grid)[1][1] for grid in grids(reading)] == ["1.00", "2.00", "3.00", "4.00"]


def test_what_reaches_over_the_columns_is_read_where_it_stands() -> None:
    drawing = Drawing()
    table(drawing, 60, 80, "收入总表", "1.00")
    table(drawing, 300, 80, "支出总表", "2.00")
    drawing.text(180, 160, "以下各表反映部门全年财政拨款的收入和支出情况")
    table(drawing, 60, 200, "三公经费支出表", "3.00")
    table(drawing, 300, 200, "政府采购预算表", "4.00")
    assert [text for text in paragraphs(read(drawing)) if "表" in text] == [
        "收入总表", "支出总表", "以下各表反映部门全年财政拨款的收入和支出情况", "三公经费支出表",
        "政府采购预算表",
    ]  # fmt: skip


def test_tables_side_by_side_below_one_title_stay_in_their_order() -> None:
    drawing = Drawing()
    drawing.text(240, 60, "收支总表")
    drawing.text(400, 74, "单位：万元")
    for x, amount in ((60, "1.00"), (300, "2.00")):
        drawing.table([x, x + 80, x + 160], 80, [["项目", "预算数"], ["合计", amount]])
    reading = read(drawing)
    assert paragraphs(reading) == ["收支总表", "单位：万元"]
    assert [texts(grid)[1][1] for grid in grids(reading)] == ["1.00", "2.00"]


@pytest.mark.parametrize(
    ("room", "rows", "parted"), [(1.2, 3, True), (0.8, 3, False), (1.2, 2, False)]
)
def test_amounts_right_behind_long_labels_are_a_column(
    room: float, rows: int, parted: bool
) -> None:
    body = [line((0, "行政运行"), (200, "1.50"), y=20.0 * row) for row in range(rows - 1)]
    body.append(
        line((200 - room - 160, "机关事业单位基本养老保险缴费支出"), (200, "2.50"), y=90, gap=0.01)
    )
    assert bool(columns.number_cuts(body)) == parted


@pytest.mark.parametrize(("second", "found"), [("支出总表", 0), ("附表", 1), ("公开02表", 1)])
def test_tables_without_lines_below_two_titles_are_none(second: str, found: int) -> None:
    drawing = Drawing()
    drawing.text(60, 60, "收入总表")
    drawing.text(320, 60, second)
    drawing.text(420, 80, "单位：万元")
    for row, texts_of in enumerate(
        [("项目", "预算数"), ("行政运行", "1.50"), ("其他支出", "2.25"), ("合计", "3.75")]
    ):
        for x in (60, 320):
            drawing.text(x, 100 + 20 * row, texts_of[0])
            drawing.text(x + 120, 100 + 20 * row, texts_of[1])
    assert len(grids(read(drawing))) == found
