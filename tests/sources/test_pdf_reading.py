"""Reading PDF files: tables from their lines, text around them, page breaks, and refusals."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.sources.pdf_drawing import HEIGHT, WIDTH, Drawing
from yusuan.model.document import Grid, Paragraph
from yusuan.model.errors import YusuanError
from yusuan.sources.blocks import Reading
from yusuan.sources.pdf.reading import PageImage, RecognisedPage, RecognisedWord, read_pdf

XS = (60.0, 140.0, 340.0, 440.0)
HEAD = ("科目编码", "科目名称", "金额")


def read(drawing: Drawing) -> Reading:
    return read_pdf(drawing.content(), "测试.pdf")


def grids(reading: Reading) -> list[Grid]:
    return [block for block in reading.blocks if isinstance(block, Grid)]


def paragraphs(reading: Reading) -> list[str]:
    return [block.text for block in reading.blocks if isinstance(block, Paragraph)]


def texts(grid: Grid) -> list[list[str]]:
    return [[cell.text for cell in row] for row in grid.rows]


def only_grid(reading: Reading) -> Grid:
    (grid,) = grids(reading)
    return grid


@pytest.mark.smoke
def test_table_between_lines_of_text() -> None:
    drawing = Drawing()
    drawing.text(200, 80, "支出预算表")
    drawing.text(60, 110, "部门：某局")
    drawing.text(380, 110, "单位：万元")
    bottom = drawing.table(XS, 120, [HEAD, ("201", "一般公共服务支出", "1,234.50")])
    drawing.text(60, bottom + 30, "注：本表无其他内容。")
    reading = read(drawing)
    assert [type(block) for block in reading.blocks] == [Paragraph] * 3 + [Grid, Paragraph]
    assert paragraphs(reading) == ["支出预算表", "部门：某局", "单位：万元", "注：本表无其他内容。"]
    assert texts(only_grid(reading)) == [list(HEAD), ["201", "一般公共服务支出", "1,234.50"]]
    assert reading.pages == 1 and reading.notes == ()


def test_position_is_page_and_printed_line() -> None:
    drawing = Drawing()
    drawing.text(60, 80, "第一部分说明文字")
    drawing.page()
    drawing.text(60, 80, "支出预算表")
    drawing.table(XS, 120, [HEAD, ("201", "", "9.00"), ("", "", "")])
    reading = read(drawing)
    grid = only_grid(reading)
    assert (grid.position.page, grid.position.line) == (2, 2)
    assert [[cell.position.line for cell in row] for row in grid.rows] == [
        [2] * 3,
        [3] * 3,
        [3] * 3,
    ]
    assert grid.rows[1][2].address == "C2"
    assert reading.lines == 4


def test_label_stays_with_the_name_set_apart_from_it() -> None:
    drawing = Drawing()
    drawing.text(60, 80, "部门：")
    drawing.text(160, 80, "某局")
    drawing.text(380, 80, "单位：万元")
    assert paragraphs(read(drawing)) == ["部门： 某局", "单位：万元"]


def test_merged_headings_state_their_spans_and_fill_with_blanks() -> None:
    drawing = Drawing()
    xs = (60.0, 160.0, 260.0, 360.0)
    for y in (100, 140, 160):
        drawing.line(xs[0], y, xs[-1], y)
    drawing.line(xs[1], 120, xs[-1], 120)
    for x in (xs[0], xs[1], xs[3]):
        drawing.line(x, 100, x, 160)
    drawing.line(xs[2], 120, xs[2], 160)
    drawing.text(70, 125, "项目")
    drawing.text(200, 115, "支出")
    drawing.text(170, 135, "基本支出")
    drawing.text(270, 135, "项目支出")
    drawing.text(70, 155, "合计")
    grid = only_grid(read(drawing))
    assert grid.merged
    assert texts(grid) == [["项目", "支出", ""], ["", "基本支出", "项目支出"], ["合计", "", ""]]
    assert [(c.rowspan, c.colspan) for c in grid.rows[0]] == [(2, 1), (1, 2), (1, 1)]
    assert all(cell.column == index for row in grid.rows for index, cell in enumerate(row))


def test_outer_lines_may_be_missing() -> None:
    drawing = Drawing()
    rows = [HEAD, ("201", "人大事务", "12.00"), ("202", "外交", "13.00")]
    drawing.table(XS, 120, rows, outer=False)
    assert texts(only_grid(read(drawing))) == [list(row) for row in rows]


def test_thin_rectangles_are_lines_and_white_shades_are_none() -> None:
    drawing = Drawing()
    for y in (100, 120, 140):
        drawing.rectangle(60, y, 360, y + 0.5, "black")
    for x in (60, 200, 360):
        drawing.rectangle(x, 100, x + 0.5, 140, "black")
    for y in (100, 120):
        drawing.rectangle(65, y + 4, 195, y + 16, "white")
        drawing.rectangle(205, y + 4, 355, y + 16, "white")
    drawing.text(70, 114, "项目")
    drawing.text(210, 114, "金额")
    drawing.text(70, 134, "合计")
    drawing.text(210, 134, "5.00")
    assert texts(only_grid(read(drawing))) == [["项目", "金额"], ["合计", "5.00"]]


def test_borders_within_borders_make_no_rows_or_columns() -> None:
    drawing = Drawing()
    drawing.table((60.0, 200.0, 360.0), 100, [("项目", "金额"), ("合计", "5.00")])
    drawing.table((56.0, 204.0, 364.0), 96, [], height=20)
    for x in (56, 364):
        drawing.line(x, 96, x, 144)
    for y in (96, 144):
        drawing.line(56, y, 364, y)
    for x0, x1 in ((62.5, 197.5), (202.5, 357.5)):
        for y0, y1 in ((102.5, 117.5), (122.5, 137.5)):
            drawing.canvas.rect(x0, HEIGHT - y1, x1 - x0, y1 - y0, stroke=1, fill=0)
    assert texts(only_grid(read(drawing))) == [["项目", "金额"], ["合计", "5.00"]]


def test_lines_inside_form_objects_are_seen() -> None:
    drawing = Drawing()
    drawing.canvas.beginForm("table")
    drawing.table(XS, 120, [HEAD])
    drawing.canvas.endForm()
    drawing.canvas.translate(0, -100)
    drawing.canvas.doForm("table")
    grid = only_grid(read(drawing))
    assert texts(grid) == [list(HEAD)]


def test_box_around_text_is_no_table() -> None:
    drawing = Drawing()
    drawing.table((60.0, 500.0), 100, [("一、部门职责",), ("二、机构设置",)])
    reading = read(drawing)
    assert not grids(reading)
    assert paragraphs(reading) == ["一、部门职责", "二、机构设置"]


def test_wrapped_text_has_no_blank_and_a_split_number_is_one() -> None:
    drawing = Drawing()
    drawing.table((60.0, 120.0, 180.0, 260.0), 100, [("", "", "")], height=40)
    drawing.text(64, 114, "机关事业单")
    drawing.text(64, 130, "位养老保险")
    drawing.text(124, 114, "123,456,78")
    drawing.text(124, 130, "9.05")
    drawing.text(184, 114, "1,326 .81")
    assert texts(only_grid(read(drawing))) == [
        ["机关事业单位养老保险", "123,456,789.05", "1,326.81"]
    ]


def test_two_numbers_in_a_cell_stay_two() -> None:
    drawing = Drawing()
    drawing.table((60.0, 200.0, 300.0), 100, [("", "")], height=40)
    drawing.text(64, 114, "30101")
    drawing.text(64, 130, "30102")
    drawing.text(204, 114, "12")
    drawing.text(250, 114, "34")
    assert texts(only_grid(read(drawing))) == [["30101 30102", "12 34"]]


def two_pages(before: Sequence[str], after: Sequence[str]) -> Drawing:
    """A table over a page break with page numbers, and texts right before and after the break."""
    drawing = Drawing()
    drawing.text(200, 80, "支出预算表")
    bottom = drawing.table(XS, 700, [HEAD, ("30107", "绩效工资", "8.18")])
    for column, text in enumerate(before):
        drawing.text(XS[column] + 4, bottom + 14, text)
    drawing.text(290, 810, "- 1 -")
    drawing.page()
    for column, text in enumerate(after):
        drawing.text(XS[column] + 4, 74, text)
    drawing.table(XS, 80, [("30109", "职业年金缴费", "4.00")])
    drawing.text(290, 810, "第 2 页")
    return drawing


def test_page_numbers_do_not_part_a_table() -> None:
    reading = read(two_pages((), ()))
    assert paragraphs(reading) == ["支出预算表"]
    assert [type(block) for block in reading.blocks] == [Paragraph, Grid, Grid]


@pytest.mark.parametrize("above", [True, False])
def test_row_torn_off_at_a_page_break_is_a_row(above: bool) -> None:
    torn = ("30108", "基本养老保险缴费", "1,326.81")
    first, second = grids(read(two_pages((), torn) if above else two_pages(torn, ())))
    rows = texts(second)[:1] if above else texts(first)[-1:]
    assert rows == [list(torn)]
    assert len(first.rows) + len(second.rows) == 4
    for grid in (first, second):
        for index, row in enumerate(grid.rows):
            assert [cell.row for cell in row] == [index] * 3


@pytest.mark.parametrize("line", [("注：单位为万元",), ("", "部门：某局", "")])
def test_other_text_at_a_page_break_is_no_row(line: tuple[str, ...]) -> None:
    reading = read(two_pages((), line))
    assert paragraphs(reading) == ["支出预算表", "".join(line)]


def test_a_running_head_within_a_table_is_no_row_and_parts_no_table() -> None:
    reading = read(two_pages((), ("2025年",)))
    assert paragraphs(reading) == ["支出预算表"]
    assert [row[0] for grid in grids(reading) for row in texts(grid)] == [HEAD[0], "30107", "30109"]


def test_label_running_on_over_a_page_break_is_whole() -> None:
    drawing = Drawing()
    xs = (60.0, 168.0, 260.0)
    drawing.table(xs, 700, [("项目", "金额"), ("十、商业服务业等支", "5.00")])
    drawing.page()
    drawing.table(xs, 60, [("出", ""), ("十一、其他支出", "6.00")])
    first, second = grids(read(drawing))
    assert texts(first)[-1] == ["十、商业服务业等支出", "5.00"]
    assert texts(second) == [["十一、其他支出", "6.00"]]


def test_entry_of_its_own_after_a_page_break_stays() -> None:
    drawing = Drawing()
    xs = (60.0, 168.0, 260.0)
    drawing.table(xs, 700, [("项目", "金额"), ("专户管理的教育收入", "")])
    drawing.page()
    drawing.table(xs, 60, [("其他非税收入", ""), ("小计", "6.00")])
    first, second = grids(read(drawing))
    assert len(first.rows) == len(second.rows) == 2


def test_page_with_merged_cells_only_keeps_the_columns_of_the_table() -> None:
    drawing = Drawing()
    drawing.table(XS, 700, [HEAD])
    drawing.page()
    drawing.table((XS[0], XS[2], XS[3]), 60, [("合计", "9.00")])
    _, second = grids(read(drawing))
    assert texts(second) == [["合计", "", "9.00"]]
    assert second.rows[0][0].colspan == 2


@pytest.mark.smoke
def test_page_turned_by_its_rotation() -> None:
    drawing = Drawing()
    drawing.canvas.setPageRotation(90)
    drawing.canvas.translate(WIDTH, 0)
    drawing.canvas.rotate(90)
    drawing.canvas.translate(0, WIDTH - HEIGHT)
    drawing.table(XS, 120, [HEAD, ("201", "人大事务", "12.00")])
    assert texts(only_grid(read(drawing)))[1] == ["201", "人大事务", "12.00"]


@pytest.mark.parametrize("angle", [90, 180, 270])
def test_table_set_sideways_on_an_upright_page(angle: int) -> None:
    drawing = Drawing()
    drawing.canvas.translate(WIDTH / 2, HEIGHT / 2)
    drawing.canvas.rotate(angle)
    drawing.canvas.translate(-250, -600)
    drawing.text(100, 100, "支出预算表")
    drawing.table(XS, 120, [HEAD, ("201", "人大事务", "12.00")])
    reading = read(drawing)
    assert paragraphs(reading) == ["支出预算表"]
    assert texts(only_grid(reading))[1] == ["201", "人大事务", "12.00"]


def test_vertical_text_in_a_cell() -> None:
    drawing = Drawing()
    drawing.table((60.0, 80.0, 110.0, 300.0), 100, [("", "", "其他税收收入和支出")], height=100)
    for index, char in enumerate("一般公共"):
        drawing.text(64, 120 + 12 * index, char)
    drawing.canvas.saveState()
    drawing.canvas.translate(100, HEIGHT - 190)
    drawing.canvas.rotate(90)
    drawing.canvas.setFont("STSong-Light", 10)
    drawing.canvas.drawString(0, 0, "政府性基金")
    drawing.canvas.restoreState()
    assert texts(only_grid(read(drawing)))[0] == ["一般公共", "政府性基金", "其他税收收入和支出"]


def scanned(pages: int) -> Drawing:
    drawing = Drawing()
    for number in range(1, pages + 1):
        drawing.picture(0, 0, WIDTH, HEIGHT)
        drawing.text(290, 810, f"- {number} -")
        drawing.page()
    return drawing


def test_scanned_file_is_refused_with_what_to_do() -> None:
    with pytest.raises(YusuanError) as error:
        read(scanned(4))
    assert str(error.value).startswith(
        "测试.pdf: pages 1-4 have no text layer (scanned images); recognise the text first (OCR)"
    )


def test_scanned_pages_among_others_are_noted() -> None:
    drawing = scanned(1)
    drawing.text(60, 80, "支出预算表")
    reading = read(drawing)
    assert paragraphs(reading) == ["支出预算表"]
    assert reading.pages == 2
    (note,) = reading.notes
    assert (note.scope, note.page, note.printed) == ("page", 1, "page 1")
    assert note.reason == (
        "第1页没有文字层（扫描图像），未读",
        "page 1 has no text layer (scanned images) and was not read",
    )


def test_recogniser_reads_scanned_pages() -> None:
    seen: list[PageImage] = []

    def recogniser(image: PageImage) -> RecognisedPage:
        seen.append(image)
        return RecognisedPage((RecognisedWord("合计 5.00", 300, 400, 900, 450),))

    reading = read_pdf(scanned(1).content(), "测试.pdf", recogniser)
    assert paragraphs(reading) == ["合计 5.00"]
    (image,) = seen
    assert len(image.pixels) == 3 * image.width * image.height
    assert image.page == 1 and abs(image.width - WIDTH * 300 / 72) <= 1


def test_file_without_any_text_is_refused() -> None:
    drawing = Drawing()
    drawing.page()
    with pytest.raises(YusuanError, match=r"^测试\.pdf: no text on any page"):
        read(drawing)


@pytest.mark.parametrize("content", [b"%PDF-1.7 and nothing more", b"<html></html>"])
def test_broken_file_is_refused(content: bytes) -> None:
    with pytest.raises(YusuanError, match="not a PDF, or a damaged one"):
        read_pdf(content, "测试.pdf")


def test_file_cut_short_is_read_or_refused_in_a_sentence() -> None:
    content = two_pages((), ()).content()
    for end in range(100, len(content), 397):
        try:
            read_pdf(content[:end], "测试.pdf")
        except YusuanError as error:
            assert str(error).startswith("测试.pdf: ")


@pytest.mark.smoke
def test_encrypted_file_is_refused() -> None:
    drawing = Drawing(password="secret")
    drawing.text(60, 80, "支出预算表")
    with pytest.raises(YusuanError, match="protected by a password"):
        read(drawing)
