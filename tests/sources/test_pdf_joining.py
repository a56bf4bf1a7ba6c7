"""What page breaks, running lines and odd text layers do to PDF tables."""

from __future__ import annotations

import io

import pypdfium2 as pdfium
import pytest

from tests.sources.pdf_drawing import HEIGHT, WIDTH, Drawing, raw_pdf
from tests.sources.test_pdf_reading import HEAD, XS, grids, only_grid, paragraphs, read, texts
from yusuan.model.errors import YusuanError
from yusuan.sources.pdf.reading import read_pdf

NARROW = (60.0, 140.0, 244.0, 340.0)


def test_running_lines_do_not_part_a_table() -> None:
    drawing = Drawing()
    for number in range(1, 4):
        drawing.text(60, 40, "某市某局2025年部门预算")
        drawing.table(XS, 60, [(f"2010{number}", "人大事务", "12.00")])
        drawing.text(280, 800, f"第 {number} 页 共 3 页")
        drawing.page()
    reading = read(drawing)
    assert len(grids(reading)) == 3
    assert paragraphs(reading) == ["某市某局2025年部门预算"]


def test_caption_that_says_the_table_goes_on_does_not_part_it() -> None:
    drawing = Drawing()
    drawing.text(200, 80, "支出预算表")
    drawing.table(XS, 700, [HEAD, ("30107", "绩效工资", "8.18")])
    drawing.page()
    drawing.text(200, 40, "支出预算表（续）")
    drawing.text(400, 55, "单位：万元")
    drawing.table(XS, 60, [("30109", "职业年金缴费", "4.00")])
    assert paragraphs(read(drawing)) == ["支出预算表"]


def test_row_cut_by_a_page_break_is_whole_where_its_amounts_are() -> None:
    drawing = Drawing()
    drawing.table(
        NARROW, 700, [HEAD, ("30107", "绩效工资", "8.18"), ("30108", "机关事业单位基本养", "")]
    )
    drawing.page()
    drawing.table(NARROW, 60, [("", "老保险缴费", "1,326.81"), ("30109", "职业年金缴费", "4.00")])
    first, second = grids(read(drawing))
    assert texts(first) == [list(HEAD), ["30107", "绩效工资", "8.18"]]
    assert texts(second)[0] == ["30108", "机关事业单位基本养老保险缴费", "1,326.81"]
    assert second.rows[0][2].position.page == 2


def test_label_like_its_neighbour_runs_on_over_a_page_break() -> None:
    drawing = Drawing()
    xs = (60.0, 108.0, 200.0, 300.0, 400.0)
    drawing.table(
        xs, 700, [("收入", "金额", "支出", "金额"), ("当年收入", "5.00", "当年支出小计", "5.00")]
    )
    drawing.page()
    drawing.table(xs, 60, [("小计", "", "", ""), ("合计", "5.00", "合计", "5.00")])
    first, second = grids(read(drawing))
    assert texts(first)[-1] == ["当年收入小计", "5.00", "当年支出小计", "5.00"]
    assert texts(second) == [["合计", "5.00", "合计", "5.00"]]


def test_characters_drawn_again_for_bold_are_printed_once() -> None:
    drawing = Drawing()
    for offset in (0.0, 0.5):
        for index, column in enumerate(("2011", "合计", "1,100.00")):
            drawing.text(XS[index] + 4 + offset, 134, column)
    drawing.table(XS, 100, [HEAD, ("", "", "")])
    assert texts(only_grid(read(drawing)))[1] == ["2011", "合计", "1,100.00"]


def test_invisible_text_under_a_scan_is_its_text() -> None:
    drawing = Drawing()
    drawing.picture(0, 0, WIDTH, HEIGHT)
    text = drawing.canvas.beginText(60, HEIGHT - 80)
    text.setFont("STSong-Light", 10)
    text.setTextRenderMode(3)
    text.textOut("支出预算表")
    drawing.canvas.drawText(text)
    assert paragraphs(read(drawing)) == ["支出预算表"]


def test_white_text_on_a_dark_head_is_read() -> None:
    drawing = Drawing()
    drawing.rectangle(XS[0], 100, XS[-1], 120, "#203060")
    drawing.canvas.setFillColor("white")
    for index, text in enumerate(HEAD):
        drawing.text(XS[index] + 4, 114, text)
    drawing.canvas.setFillColor("black")
    drawing.table(XS, 100, [("", "", ""), ("201", "人大事务", "12.00")])
    assert texts(only_grid(read(drawing)))[0] == list(HEAD)


def test_a_watermark_across_the_page_is_no_text_of_it() -> None:
    drawing = Drawing()
    drawing.table(XS, 100, [HEAD, ("2011", "合计", "1,100.00")])
    drawing.canvas.translate(XS[1], HEIGHT - 140)
    drawing.canvas.rotate(35)
    drawing.canvas.drawString(0, 0, "部门预算公开")
    assert texts(only_grid(read(drawing))) == [list(HEAD), ["2011", "合计", "1,100.00"]]


def test_italics_lean_but_are_text_of_the_page() -> None:
    """Where the font has none, the program that wrote the file shears upright characters."""
    drawing = Drawing()
    text = drawing.canvas.beginText()
    text.setFont("STSong-Light", 10)
    text.setTextTransform(1, 0, 0.33, 1, 60, HEIGHT - 80)
    text.textOut("增长21.95")
    drawing.canvas.drawText(text)
    assert paragraphs(read(drawing)) == ["增长21.95"]


def test_a_closing_sign_that_hangs_over_its_cell_stays_in_it() -> None:
    drawing = Drawing()
    drawing.table(XS, 100, [("", "", "合计"), ("2011", "合计", "1,100.00")])
    drawing.text(XS[1] - 28, 114, "编码）")  # the sign is drawn from the line on
    drawing.text(XS[1] + 12, 114, "名称")
    head, _ = texts(only_grid(read(drawing)))
    assert head == ["编码）", "名称", "合计"]


def test_tables_side_by_side_in_one_big_frame() -> None:
    drawing = Drawing()
    drawing.canvas.rect(40, HEIGHT - 500, 520, 420)
    drawing.table((60, 150, 250), 120, [("项目", "金额"), ("合计", "5.00")])
    drawing.table((300, 400, 500), 120, [("科目", "金额"), ("合计", "6.00")])
    assert [texts(grid) for grid in grids(read(drawing))] == [
        [["项目", "金额"], ["合计", "5.00"]],
        [["科目", "金额"], ["合计", "6.00"]],
    ]


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_cropped_and_turned_page(turn: int) -> None:
    drawing = Drawing()
    drawing.text(500, 40, "裁去的文字")
    drawing.table(XS, 120, [HEAD, ("201", "人大事务", "12.00")])
    document = pdfium.PdfDocument(drawing.content())
    document[0].set_cropbox(50, 300, 480, 760)
    document[0].set_rotation(turn)
    saved = io.BytesIO()
    document.save(saved)
    reading = read_pdf(saved.getvalue(), "测试.pdf")
    assert texts(only_grid(reading))[1] == ["201", "人大事务", "12.00"]
    assert paragraphs(reading) == []


def undecodable(pages: int) -> bytes:
    """A PDF whose font is a subset that does not tell its characters (no ToUnicode)."""
    text = b"BT /F1 12 Tf 60 700 Td <12341235123612371238> Tj ET"
    kids = b" ".join(b"%d 0 R" % (6 + index) for index in range(pages))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, pages),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /AAAAAA+Song /Encoding /Identity-H"
        b" /DescendantFonts [5 0 R] >>",
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /AAAAAA+Song /DW 1000 /CIDSystemInfo"
        b" << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>",
    ] + [
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 3 0 R"
        b" /Resources << /Font << /F1 4 0 R >> >> >>"
    ] * pages
    return raw_pdf(objects)


def test_text_layer_that_cannot_be_decoded_is_refused() -> None:
    with pytest.raises(YusuanError) as error:
        read_pdf(undecodable(2), "测试.pdf")
    assert str(error.value) == (
        "测试.pdf: pages 1-2 have a text layer that cannot be decoded; recognise the text first "
        "(OCR), save the file as a searchable PDF and run again"
    )


def test_undecodable_page_among_others_is_noted() -> None:
    drawing = Drawing()
    drawing.text(60, 80, "支出预算表")
    document = pdfium.PdfDocument(drawing.content())
    document.import_pages(pdfium.PdfDocument(undecodable(1)))
    saved = io.BytesIO()
    document.save(saved)
    reading = read_pdf(saved.getvalue(), "测试.pdf")
    assert paragraphs(reading) == ["支出预算表"]
    (note,) = reading.notes
    assert note.reason[1] == "page 2 has a text layer that cannot be decoded and was not read"


@pytest.mark.parametrize("pages", [2, 4, 12])
@pytest.mark.parametrize("foot", [825, 420])
def test_what_a_browser_prints_at_the_edges_is_no_text_of_the_page(pages: int, foot: int) -> None:
    """Date, title, address and number of each page, whatever they say, at the edge of the sheet
    or at that of a smaller page set on it."""
    drawing = Drawing()
    for number in range(1, pages + 1):
        drawing.text(28, 26, "2024/3/5 13:09")
        drawing.text(220, 26, "某市某局2024年部门预算公开")
        drawing.table(XS, 60, [(f"2{number:02}01", "人大事务", "12.00")])
        drawing.text(28, foot, "https://www.example.gov.cn/zwgk/2024/t20240305_123.html")
        drawing.text(550, foot, f"{number}/{pages}")
        drawing.page()
    reading = read(drawing)
    assert len(grids(reading)) == pages
    assert paragraphs(reading)[1:] == ["某市某局2024年部门预算公开"]


def test_a_title_and_a_unit_on_every_page_stay() -> None:
    drawing = Drawing()
    for title in ("收入预算总表", "支出预算总表", "项目支出预算表"):
        drawing.text(200, 26, title)
        drawing.text(60, 40, "单位：万元")
        drawing.table(XS, 60, [HEAD, ("20101", "人大事务", "12.00")])
        drawing.page()
    assert len(paragraphs(read(drawing))) == 6


@pytest.mark.parametrize("head", [[], [HEAD]])
@pytest.mark.parametrize(
    ("above", "below", "whole"),
    [
        (("2010", "人大事务", "73.3"), ("1", "", "7"), ("20101", "人大事务", "73.37")),
        (("20101", "人大事务", "3164"), ("", "", ".10"), ("20101", "人大事务", "3164.10")),
        (("20101", "人大事务", "128."), ("", "", "49"), ("20101", "人大事务", "128.49")),
    ],
)
def test_a_number_cut_by_a_page_break_is_one(
    head: list[tuple[str, ...]], above: tuple[str, ...], below: tuple[str, ...],
    whole: tuple[str, ...],
) -> None:  # fmt: skip
    others = [(f"301{n:02}", "工资", f"{n}.50") for n in range(1, 6)]
    drawing = Drawing()
    drawing.table(XS, 640, [HEAD, *others, above])
    drawing.page()
    drawing.table(XS, 60, [*head, below, ("30109", "职业年金缴费", "4.00")])
    first, second = grids(read(drawing))
    assert texts(first)[-1] == list(whole)
    assert texts(second) == [*map(list, head), ["30109", "职业年金缴费", "4.00"]]


@pytest.mark.parametrize(
    ("above", "below", "whole"),
    [
        # the unit's code (351301) is cut as well, and both its halves could be codes
        (("351", "行政运行", "9,092,653", "20.5"), ("301", "", ".63", "0"), "351301"),
        # the line of a justified number is set with gaps
        (("2130", "水利", "32 92.", "6 4."), ("3", "", "96", "59"), "21303"),
        # rates have decimals of their own
        (("2080", "养老支出", "82.8", "17.9"), ("5", "", "4", "1%"), "20805"),
        # the number of a project is an amount of no decimals
        (
            ("53012124100000", "基本工资", "1,350,11", "8.4"),
            ("00000", "", "8.49", "5"),
            "5301212410000000000",
        ),
        # one cell alone had no room: a code is no row
        (("", "行政运行", "888.40", "77.80"), ("2070301", "", "", ""), "2070301"),
    ],
)
def test_a_row_cut_by_a_page_break_is_whole_in_every_column(
    above: tuple[str, ...], below: tuple[str, ...], whole: str
) -> None:
    xs = (60.0, 160.0, 260.0, 360.0, 460.0)
    others = [(f"301{n:02}", "工资", f"{n}.50", f"{n}.25") for n in range(1, 6)]
    head = ("科目编码", "科目名称", "合计", "基本支出")
    drawing = Drawing()
    drawing.table(xs, 640, [head, *others, above])
    drawing.page()
    drawing.table(xs, 60, [head, below, ("30109", "职业年金缴费", "4.00", "4.00")])
    first, second = grids(read(drawing))
    joined = [(a + b).replace(" ", "") for a, b in zip(above, below, strict=True)]
    assert texts(first)[-1] == [whole, *joined[1:]]
    assert texts(second)[1:] == [["30109", "职业年金缴费", "4.00", "4.00"]]


def open_table(rows: list[tuple[str, ...]], top: float, *, at_top: bool) -> Drawing:
    """A table of which a page break cuts a row: no level line at the end of the page."""
    drawing = Drawing()
    bottom = top + 20 * len(rows)
    for x in XS:
        drawing.line(x, top, x, bottom)
    for index in range(1 if at_top else 0, len(rows) + (1 if at_top else 0)):
        drawing.line(XS[0], top + 20 * index, XS[-1], top + 20 * index)
    for index, row in enumerate(rows):
        for column, text in enumerate(row):
            drawing.text(XS[column] + 4, top + 20 * index + 14, text)
    return drawing


@pytest.mark.parametrize(
    ("above", "below", "one"),
    [
        (("20101", "行政事业单", "73.30"), ("", "位医疗补助经费", ""), True),
        (("", "行政事业单", ""), ("20101", "位医疗补助经费", "73.30"), True),
        (("20101", "人大事务", "73.30"), ("20102", "政协事务", "7.00"), False),
        (("20101", "人大事务", "73.30"), ("", "其中：会议费", "7.00"), False),
    ],
)
def test_a_row_that_no_line_closes_at_the_page_break(
    above: tuple[str, ...], below: tuple[str, ...], one: bool
) -> None:
    others = [(f"301{n:02}", "工资", f"{n}.50") for n in range(1, 6)]
    drawing = open_table([HEAD, *others, above], 660, at_top=False)
    drawing.page()
    rest = open_table([below, ("30109", "职业年金缴费", "4.00")], 40, at_top=True)
    both = pdfium.PdfDocument.new()
    for part in (drawing, rest):
        both.import_pages(pdfium.PdfDocument(part.content()))
    stream = io.BytesIO()
    both.save(stream)
    first, second = (grid for grid in grids(read_pdf(stream.getvalue(), "open.pdf")))
    row = [a + b for a, b in zip(above, below, strict=True)]
    assert texts(first)[-1] == (row if one else list(above))
    assert len(texts(second)) == (1 if one else 2)


def test_headings_that_run_on_over_a_page_break_are_whole() -> None:
    drawing = Drawing()
    xs = (60.0, 118.0, 176.0, 234.0)
    drawing.table(xs, 780, [("部门代码", "一般公共预", "政府性基金")])
    drawing.page()
    drawing.table(xs, 60, [("", "算拨款收入", "预算"), ("101", "12.00", "7.00")])
    first, second = grids(read(drawing))
    assert texts(first) == [["部门代码", "一般公共预算拨款收入", "政府性基金预算"]]
    assert texts(second) == [["101", "12.00", "7.00"]]


def test_tables_right_below_each_other_are_two() -> None:
    """Their lines touch, and columns of the one stand near columns of the other."""
    drawing = Drawing()
    top = 60.0
    for title, xs in (
        ("收入预算表", (60.0, 160.0, 264.0)),
        ("支出预算表", (60.0, 160.0, 259.0, 330.0)),
    ):
        for line in (title, "单位：万元"):
            drawing.table((xs[0], xs[-1]), top, [(line,)])
            top += 20
        head = ("科目名称", "合计", "基本支出")[: len(xs) - 1]
        row = ("人大事务", "17,852,013.42", "73.30")[: len(xs) - 1]
        top = drawing.table(xs, top, [head, row])
    first, second = grids(read(drawing))
    assert texts(first)[2:] == [["科目名称", "合计"], ["人大事务", "17,852,013.42"]]
    assert texts(second)[0][0] == "支出预算表"
    assert texts(second)[2:] == [
        ["科目名称", "合计", "基本支出"],
        ["人大事务", "17,852,013.42", "73.30"],
    ]


@pytest.mark.parametrize(
    "below", [("20102", "政协事务", "7.00"), ("", "小计", "80.30"), ("", "", "7.00")]
)
def test_a_row_of_its_own_below_a_page_break_stays(below: tuple[str, ...]) -> None:
    others = [(f"301{n:02}", "工资", f"{n}.50") for n in range(1, 6)]
    drawing = Drawing()
    drawing.table(XS, 640, [HEAD, *others, ("20101", "人大事务", "73.30")])
    drawing.page()
    drawing.table(XS, 60, [HEAD, below, ("30109", "职业年金缴费", "4.00")])
    first, second = grids(read(drawing))
    assert texts(first)[-1] == ["20101", "人大事务", "73.30"]
    assert texts(second)[1] == list(below)


@pytest.mark.parametrize("dash", ["—", "－", "-", "–", "——"])
def test_a_dash_above_a_page_break_begins_no_number(dash: str) -> None:
    """Nothing, and 8.22: not minus 8.22."""
    others = [(f"30{n}", "补助收入", f"{n}.50") for n in range(1, 6)]
    drawing = Drawing()
    drawing.table(XS, 640, [HEAD, *others, ("", "附属单位上缴收入", dash)])
    drawing.page()
    drawing.table(XS, 60, [("", "其他收入", "8.22"), ("", "收入合计", "40.72")])
    first, second = grids(read(drawing))
    assert texts(first)[-1] == ["", "附属单位上缴收入", dash]
    assert texts(second)[0] == ["", "其他收入", "8.22"]


def test_a_row_that_numbers_the_columns_is_whole_above_a_page_break() -> None:
    """1 and 4.01 below it, which is printed like every other number, are not 14.01."""
    others = [(f"301{n:02}", f"{n}.50", f"{n}.50") for n in range(1, 6)]
    drawing = Drawing()
    drawing.table(XS, 740, [HEAD, ("栏次", "1", "2")])
    drawing.page()
    drawing.table(XS, 60, [("合计", "4.01", "4.01"), *others])
    first, second = grids(read(drawing))
    assert texts(first)[-1] == ["栏次", "1", "2"]
    assert texts(second)[0] == ["合计", "4.01", "4.01"]


WIDE_XS = (60.0, 120.0, 250.0, 330.0, 410.0, 490.0, 570.0)
WIDE = [
    ("科目编码", "科目名称", "合计", "基本支出", "项目支出", "上年结转"),
    *((f"2010{n}", "人大事务", f"{n}.10", f"{n}.20", f"{n}.30", f"{n}.40") for n in range(1, 7)),
]


def cut_sheet(at: list[int], pages: int = 1, title: str = "支出预算总表") -> Drawing:
    """A table printed in page columns that begin at the columns given, and in row pages."""
    drawing = Drawing()
    for start, end in zip([0, *at], [*at, len(WIDE_XS) - 1], strict=True):
        xs = [60.0 + x - WIDE_XS[start] for x in WIDE_XS[start : end + 1]]
        for page in range(pages):
            rows = [WIDE[0], *WIDE[1 + 3 * page :][:3]] if pages > 1 else WIDE
            if not start and not page:
                drawing.text(60, 80, title)
                drawing.text(60, 95, "单位：万元")
            drawing.table(xs, 110, [row[start:end] for row in rows])
            drawing.page()
    return drawing


@pytest.mark.parametrize("at", [[3], [4], [5], [3, 5], [3, 4, 5]])
def test_a_sheet_printed_in_page_columns_is_one_table(at: list[int]) -> None:
    reading = read(cut_sheet(at))
    assert texts(only_grid(reading)) == [list(row) for row in WIDE]
    assert paragraphs(reading) == ["支出预算总表", "单位：万元"]
    last = only_grid(reading).rows[-1][-1]
    assert last.position.page == len(at) + 1
    assert (last.fragment or "").startswith(f"page={len(at) + 1}&")


@pytest.mark.parametrize("at", [[4], [3, 5]])
def test_page_columns_of_a_sheet_over_several_pages(at: list[int]) -> None:
    first, second = grids(read(cut_sheet(at, pages=2)))
    assert texts(first) == [list(row) for row in WIDE[:4]]
    assert texts(second) == [list(row) for row in [WIDE[0], *WIDE[4:]]]


def test_the_body_on_one_page_column_and_the_unit_on_the_next_are_of_one_table() -> None:
    drawing = Drawing()
    for start, end, line in ((0, 3, "部门：某市某局"), (3, 6, "单位：万元")):
        drawing.text(60, 95, line)
        xs = (60.0, 300.0, 400.0, 500.0) if start else WIDE_XS[:4]
        drawing.table(xs, 110, [row[start:end] for row in WIDE])
        drawing.page()
    reading = read(drawing)
    assert texts(only_grid(reading)) == [list(row) for row in WIDE]
    assert "".join(paragraphs(reading)) in ("部门：某市某局单位：万元", "部门：某市某局 单位：万元")


def test_page_columns_that_begin_with_codes_and_a_title_on_the_second() -> None:
    """A page of a sheet may begin in the middle of one table, and its second table's title, set in
    the middle of the sheet, may stand on the page of the right half alone."""
    drawing = Drawing()
    rows = [("208", "05", "行政运行", "73.30"), ("208", "06", "社会保障", "7.00")] * 2
    for columns in (slice(0, 2), slice(2, 4)):
        xs = (60.0, 160.0, 320.0) if columns.start else (60.0, 300.0, 560.0)
        drawing.text(60, 40, "" if columns.start else "支出预算总表")
        drawing.table(xs, 60, [row[columns] for row in rows])
        if columns.start:
            drawing.text(60, 180, "收入预算总表")
            drawing.text(60, 195, "单位：万元")
        drawing.table(xs, 210, [(row[0] + "1", *row[1:])[columns] for row in rows])
        drawing.page()
    first, second = grids(read(drawing))
    assert texts(first) == [list(row) for row in rows]
    assert texts(second)[0] == ["2081", "05", "行政运行", "73.30"]


@pytest.mark.parametrize(("size", "height", "rows"), [(4.5, 6.0, 4), (10.0, 20.0, 4)])
def test_rows_of_small_type_are_rows(size: float, height: float, rows: int) -> None:
    """A wide sheet fitted to the width of its page is printed in small type."""
    drawing = Drawing()
    for index in range(rows + 1):
        drawing.line(60, 60 + index * height, 300, 60 + index * height)
    for x in (60, 180, 300):
        drawing.line(x, 60, x, 60 + rows * height)
    for index in range(rows):
        drawing.text(62, 60 + (index + 0.8) * height, f"人大事务{index}", size)
        drawing.text(182, 60 + (index + 0.8) * height, f"{index}.50", size)
    assert texts(only_grid(read(drawing))) == [[f"人大事务{n}", f"{n}.50"] for n in range(rows)]


def test_headings_parted_by_a_page_break_are_those_of_the_rows_below() -> None:
    drawing = Drawing()
    xs = (60.0, 110.0, 160.0, 260.0, 300.0)
    drawing.line(60, 780, 300, 780)
    drawing.line(60, 800, 300, 800)
    for x in (60, 160, 260, 300):
        drawing.line(x, 780, x, 800)
    for x, text in ((64, "科目编码"), (164, "合计"), (264, "上缴")):
        drawing.text(x, 794, text)
    drawing.page()
    for y in (60, 100, 120, 140):
        drawing.line(60, y, 300, y)
    drawing.line(60, 80, 160, 80)
    for x in xs:
        drawing.line(x, 80 if x == 110 else 60, x, 140)
    drawing.line(110, 60, 110, 80)
    for x, text in ((64, "类"), (114, "款"), (264, "上级")):
        drawing.text(x, 74, text)
    for y, row in ((114, ("208", "05", "73.30", "1.00")), (134, ("208", "06", "7.00", "2.00"))):
        for x, text in zip(xs, row, strict=False):
            drawing.text(x + 4, y, text)
    grid = only_grid(read(drawing))
    assert texts(grid)[0] == ["科目编码", "", "合计", "上缴上级"]
    assert grid.rows[0][2].rowspan == grid.rows[0][3].rowspan == 3
    assert texts(grid)[-1] == ["208", "06", "7.00", "2.00"]


def test_half_a_title_goes_on_with_its_page_column() -> None:
    drawing = cut_sheet([3], title="支出预")
    halves = Drawing()
    halves.text(60, 80, "支出预")
    halves.table(WIDE_XS[:4], 110, [row[:3] for row in WIDE])
    halves.page()
    halves.text(60, 80, "算总表")
    halves.table([60.0, 140.0, 220.0, 300.0], 110, [row[3:] for row in WIDE])
    assert len(grids(read(drawing))) == 1
    assert texts(only_grid(read(halves))) == [list(row) for row in WIDE]


def test_two_tables_of_one_form_stay_two() -> None:
    """They have rows at the same heights too, but each has its title."""
    drawing = Drawing()
    for number, columns in ((1, slice(0, 3)), (2, slice(3, 6))):
        drawing.text(60, 65, f"公开0{number}表")
        drawing.text(200, 80, "支出预算总表" if number == 1 else "收入预算总表")
        drawing.text(60, 95, "单位：万元")
        xs = [60.0, 240.0, 420.0, 560.0] if number == 1 else [60.0, 200.0, 420.0, 560.0]
        drawing.table(xs, 110, [row[columns] for row in WIDE])
        drawing.page()
    assert len(grids(read(drawing))) == 2


@pytest.mark.parametrize(
    ("above", "below", "whole"),
    [
        (("某区财政", "20805", "养老", "7.50"), ("局", "06", "", ""), "2080506"),
        (("五、卫生", "2", "支出", "95."), ("健康", "2", "", "39"), "22"),
    ],
)
def test_codes_and_numbers_of_lines_behind_a_label_are_cut_too(
    above: tuple[str, ...], below: tuple[str, ...], whole: str
) -> None:
    head = ("单位", "科目编码", "科目名称", "合计")
    others = [("某区财政局", f"201010{n}", "人大事务", f"{n}.50") for n in range(1, 6)]
    drawing = Drawing()
    xs = (60.0, 110.0, 160.0, 244.0, 340.0)
    drawing.table(xs, 640, [head, *others, above])
    drawing.page()
    drawing.table(xs, 60, [head, below, ("某区财政局", "2010108", "人大事务", "4.00")])
    first, second = grids(read(drawing))
    assert texts(first)[-1][1] == whole
    assert len(second.rows) == 2
