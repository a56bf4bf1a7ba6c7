"""What is printed on a PDF page and is no part of the number beside it, and what comes on top."""

from __future__ import annotations

import pytest
from PIL import Image, ImageDraw

from tests.sources.pdf_drawing import HEIGHT, WIDTH, Drawing, raw_pdf
from tests.sources.test_pdf_reading import only_grid, paragraphs, read, texts
from tests.sources.test_pdf_visibility import (
    ROW,
    TABLE,
    TOP,
    XS,
    baseline,
    cells_with_aside,
    picture,
    printed,
)
from yusuan.model.document import Grid, Run
from yusuan.model.errors import YusuanError
from yusuan.sources.pdf.reading import read_pdf

RULED = pytest.mark.parametrize("ruled", [True, False], ids=["ruled", "unruled"])


def width(drawing: Drawing, text: str, size: float) -> float:
    return drawing.canvas.stringWidth(text, "STSong-Light", size)


@RULED
@pytest.mark.parametrize("height", [2.0, 3.0, 4.0])
@pytest.mark.parametrize("thick", [0.4, 1.5])
def test_a_number_struck_out_is_left_aside(thick: float, height: float, ruled: bool) -> None:
    drawing = Drawing()
    printed(drawing, ruled)
    x, y = XS[3] + 8, baseline(2)
    drawing.text(x, y, "88.07", 8)
    drawing.canvas.setLineWidth(thick)
    drawing.line(x - 1, y - height, x + width(drawing, "88.07", 8) + 1, y - height)
    grid = only_grid(read(drawing))
    assert texts(grid) == TABLE
    (cell,) = cells_with_aside(grid)
    assert (cell.row, cell.column) == (2, 3)
    assert cell.undisplayed == (Run("88.07", struck=True),)


@pytest.mark.parametrize("text", ["7", "0.00"])
def test_a_short_number_struck_out_wherever_it_stands(text: str) -> None:
    """The ends of the line cover the pixels of a drawing of the page in part."""
    drawing = Drawing()
    for part in range(10):
        x, y = 60 + part / 7, 60 + 30 * part + part / 9
        drawing.text(x, y, text, 9)
        drawing.line(x, y - 3, x + width(drawing, text, 9), y - 3)
    drawing.text(60, 400, "1.00", 9)
    assert paragraphs(read(drawing)) == ["1.00"]


def test_a_number_struck_out_by_a_line_as_wide_as_its_cell() -> None:
    drawing = Drawing()
    printed(drawing, ruled=True)
    drawing.text(XS[3] + 8, baseline(2), "88.07")
    drawing.line(XS[3], baseline(2) - 3.5, XS[4], baseline(2) - 3.5)
    grid = only_grid(read(drawing))
    assert texts(grid) == TABLE
    assert [cell.undisplayed for cell in cells_with_aside(grid)] == [(Run("88.07", struck=True),)]


def test_half_a_cell_struck_out() -> None:
    drawing = Drawing()
    drawing.table(XS, TOP, [[""] * 4] * 2, ROW)
    drawing.text(XS[2] + 4, baseline(1), "580.00")
    drawing.text(XS[2] + 44, baseline(1), "600.00")
    drawing.line(
        XS[2] + 3, baseline(1) - 3, XS[2] + 5 + width(drawing, "580.00", 10), baseline(1) - 3
    )
    cell = only_grid(read(drawing)).rows[1][2]
    assert cell.text == "600.00"
    assert cell.undisplayed == (Run("580.00", struck=True),)


@RULED
@pytest.mark.parametrize("below", [0.0, 1.0, 2.0])
def test_underlined_text_is_not_struck_out(below: float, ruled: bool) -> None:
    drawing = Drawing()
    printed(drawing, ruled)
    x, y = XS[3] + 40, baseline(2)
    drawing.text(x, y, "88.07")
    drawing.line(x, y + below, x + width(drawing, "88.07", 10), y + below)
    assert cells_with_aside(only_grid(read(drawing))) == []


def test_lines_of_a_grid_under_a_merged_cell_strike_nothing_out() -> None:
    """Some programs draw the whole grid, and then the merged cells over it."""
    drawing = Drawing()
    drawing.table(XS, TOP, [["201", "服务", "", "5.00"], ["202", "事务", "", "6.00"]], ROW)
    drawing.rectangle(XS[2] + 0.5, TOP + 0.5, XS[3] - 0.5, TOP + 2 * ROW - 0.5, "white")
    drawing.text(XS[2] + 20, TOP + ROW + 3.5, "11.00")
    grid = only_grid(read(drawing))
    assert cells_with_aside(grid) == []
    assert "11.00" in [cell.text for row in grid.rows for cell in row]


@RULED
@pytest.mark.parametrize("mark", ["1", "12", "①", "*", "[1]", "注"])
@pytest.mark.parametrize(("size", "rise"), [(5.0, 4.0), (6.0, 3.0), (7.0, 5.5), (5.0, 6.0)])
def test_a_raised_mark_behind_a_number_is_no_part_of_it(
    size: float, rise: float, mark: str, ruled: bool
) -> None:
    drawing = Drawing()
    printed(drawing, ruled)
    drawing.text(XS[3] - 4, baseline(2) - rise, mark, size)
    if ruled:  # the number ends at the line, and its mark beyond
        drawing = Drawing()
        rows = [list(line) for line in TABLE]
        drawing.table(XS, TOP, rows, ROW)
        drawing.text(XS[2] + 4 + width(drawing, "600.00", 10), baseline(2) - rise, mark, size)
    grid = only_grid(read(drawing))
    assert texts(grid) == TABLE
    (cell,) = cells_with_aside(grid)
    assert (cell.row, cell.column) == (2, 2)
    assert cell.undisplayed == (Run(mark, raised=True),)


@pytest.mark.parametrize("rise", [3.0, 4.5])
@pytest.mark.parametrize("mark", ["2", "12", "①"])
def test_a_raised_mark_may_be_as_large_as_the_number(rise: float, mark: str) -> None:
    """As web pages print it that set `vertical-align: super` and no smaller size."""
    drawing = Drawing()
    drawing.table(XS, TOP, [list(line) for line in TABLE], ROW)
    end = XS[2] + 4 + width(drawing, "600.00", 10)
    drawing.text(end, baseline(2) - rise, mark, 10)
    grid = only_grid(read(drawing))
    assert texts(grid) == TABLE
    assert [cell.undisplayed for cell in cells_with_aside(grid)] == [(Run(mark, raised=True),)]


@pytest.mark.parametrize(("text", "rise", "apart"), [("7", 1.0, 0), ("7", 4.0, 4)])
def test_what_is_as_large_and_stands_elsewhere_is_no_mark(
    text: str, rise: float, apart: float
) -> None:
    drawing = Drawing()
    drawing.table(XS, TOP, [[""] * 4, ["", "", "600", ""]], ROW)
    end = XS[2] + 4 + width(drawing, "600", 10) + apart
    drawing.text(end, baseline(1) - rise, text, 10)
    assert not cells_with_aside(only_grid(read(drawing)))


def test_a_mark_stands_behind_a_number_set_lower_than_its_row() -> None:
    drawing = Drawing()
    drawing.table(XS, TOP, [["甲", "5.00", "", ""], ["乙", "6.00", "", ""]], ROW)
    drawing.text(XS[2] + 4, baseline(1) + 2.5, "600.00", 10)
    drawing.text(XS[2] + 4 + width(drawing, "600.00", 10), baseline(1) - 3, "1", 5)
    grid = only_grid(read(drawing))
    assert [cell.text for cell in grid.rows[1]] == ["乙", "6.00", "600.00", ""]


@pytest.mark.parametrize(("size", "rise"), [(9.0, 3.0), (6.0, 0.0), (6.0, -1.0)])
def test_what_is_not_smaller_and_higher_is_no_mark(size: float, rise: float) -> None:
    drawing = Drawing()
    drawing.table(XS, TOP, [[""] * 4, ["", "", "600", ""]], ROW)
    drawing.text(XS[2] + 4.2 + width(drawing, "600", 10), baseline(1) - rise, ".00", size)
    assert only_grid(read(drawing)).rows[1][2].text == "600.00"


def test_a_raised_power_is_text() -> None:
    drawing = Drawing()
    drawing.table(XS, TOP, [["面积", "m", "600.00", ""]], ROW)
    drawing.text(XS[1] + 4.2 + width(drawing, "m", 10), baseline(0) - 4, "2", 5)
    assert only_grid(read(drawing)).rows[0][1].text == "m2"


def annotated(*annotations: bytes, fields: bool = False) -> Grid:
    """The table of a page with a number in its only cell (60, 700 to 200, 720) and annotations,
    of which object 5 is a font and object 6 an appearance that prints 77.00."""
    lines = (
        b" ".join(b"%d 700 m %d 720 l S" % (x, x) for x in (60, 200, 340))
        + b" 60 700 m 340 700 l S 60 720 m 340 720 l S"
    )
    text = b"BT /F1 10 Tf 64 706 Td (600.00) Tj ET BT /F1 10 Tf 204 706 Td (5.00) Tj ET " + lines
    look = b"BT /F1 10 Tf 2 4 Td (77.00) Tj ET"
    numbers = b" ".join(b"%d 0 R" % (7 + index) for index in range(len(annotations)))
    form = b" /AcroForm << /Fields [%s] /DR << /Font << /F1 5 0 R >> >> >>" % numbers
    content = raw_pdf(
        [
            b"<< /Type /Catalog /Pages 2 0 R%s >>" % (form if fields else b""),
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Annots [%s]"
            b" /Resources << /Font << /F1 5 0 R >> >> >>" % numbers,
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text),
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            b"<< /Type /XObject /Subtype /Form /BBox [0 0 80 16] /Resources << /Font << /F1 5 0 R >>"
            b" >> /Length %d >>\nstream\n%s\nendstream" % (len(look), look),
            *annotations,
        ]
    )
    (grid,) = [block for block in read_pdf(content, "测试.pdf").blocks if isinstance(block, Grid)]
    return grid


WIDGET = b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (a) /V (77.00) /Rect [100 702 180 718] "


@pytest.mark.parametrize("look", [b"/AP << /N 6 0 R >>", b"/DA (/F1 10 Tf 0 g)"])
def test_the_value_of_a_form_field_is_printed(look: bytes) -> None:
    (row,) = annotated(WIDGET + b"/F 4 " + look + b" >>", fields=True).rows
    assert [cell.text for cell in row] == ["600.00 77.00", "5.00"]


def test_the_value_of_a_hidden_form_field_is_not() -> None:
    (row,) = annotated(WIDGET + b"/F 2 /AP << /N 6 0 R >> >>", fields=True).rows
    assert [cell.text for cell in row] == ["600.00", "5.00"]


def test_a_comment_on_the_page_is_printed() -> None:
    comment = (
        b"<< /Type /Annot /Subtype /FreeText /Rect [100 702 180 718] /F 4 /AP << /N 6 0 R >> >>"
    )
    (row,) = annotated(comment).rows
    assert [cell.text for cell in row] == ["600.00 77.00", "5.00"]


@pytest.mark.parametrize("kind", [b"StrikeOut", b"Redact"])
def test_what_an_annotation_strikes_out_is_left_aside(kind: bytes) -> None:
    annotation = (
        b"<< /Type /Annot /Subtype /%s /Rect [62 702 100 716] /F 4 /C [1 0 0]"
        b" /QuadPoints [62 716 100 716 62 702 100 702] >>" % kind
    )
    (row,) = annotated(annotation).rows
    assert [cell.text for cell in row] == ["", "5.00"]
    assert row[0].undisplayed == (Run("600.00", struck=True),)


def test_a_link_changes_nothing() -> None:
    (row,) = annotated(b"<< /Type /Annot /Subtype /Link /Rect [62 702 100 716] /F 4 >>").rows
    assert [cell.text for cell in row] == ["600.00", "5.00"]
    assert row[0].undisplayed == ()


@pytest.mark.parametrize("off", [True, False], ids=["off", "on"])
@pytest.mark.parametrize("within", [True, False], ids=["form", "content"])
def test_a_layer_switched_off_is_not_seen(within: bool, off: bool) -> None:
    layer = b"BT /F1 10 Tf 110 706 Td (77.00) Tj ET"
    lines = b"60 700 280 20 re S 200 700 m 200 720 l S"
    marked = b"/X0 Do" if within else b"/OC /L0 BDC " + layer + b" EMC"
    text = b"BT /F1 10 Tf 64 706 Td (600.00) Tj ET BT /F1 10 Tf 204 706 Td (5.00) Tj ET "
    text += lines + b" " + marked
    content = raw_pdf(
        [
            b"<< /Type /Catalog /Pages 2 0 R /OCProperties << /OCGs [6 0 R] /D << /%s [6 0 R] >> >> >>"
            % (b"OFF" if off else b"ON"),
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources <<"
            b" /Font << /F1 5 0 R >> /Properties << /L0 6 0 R >> /XObject << /X0 7 0 R >> >> >>",
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text),
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            b"<< /Type /OCG /Name (old) >>",
            b"<< /Type /XObject /Subtype /Form /BBox [0 0 595 842] /OC 6 0 R /Resources << /Font <<"
            b" /F1 5 0 R >> >> /Length %d >>\nstream\n%s\nendstream" % (len(layer), layer),
        ]
    )
    (grid,) = [block for block in read_pdf(content, "测试.pdf").blocks if isinstance(block, Grid)]
    cell = grid.rows[0][0]
    assert cell.text == ("600.00" if off else "600.00 77.00")
    assert cell.undisplayed == ((Run("77.00", hidden=True),) if off else ())


RED = (0.85, 0.1, 0.1)


@RULED
@pytest.mark.parametrize("turned", [True, False], ids=["along the ring", "level"])
def test_a_seal_across_cells_is_no_part_of_them(turned: bool, ruled: bool) -> None:
    drawing = Drawing()
    printed(drawing, ruled)
    canvas = drawing.canvas
    canvas.saveState()
    canvas.setFillColorRGB(*RED)
    canvas.setStrokeColorRGB(*RED)
    canvas.translate(XS[3] - 10, HEIGHT - baseline(2))
    canvas.setFont("STSong-Light", 9)
    if turned:
        for index, letter in enumerate("某某市水务局办公室"):
            canvas.saveState()
            canvas.rotate(100 - 25 * index)
            canvas.drawCentredString(0, 40, letter)
            canvas.restoreState()
    else:
        canvas.circle(0, 0, 50)
        canvas.drawCentredString(0, 20, "某某市水务局")
    canvas.drawCentredString(0, -8, "部门预算专用章20")
    canvas.restoreState()
    assert texts(only_grid(read(drawing))) == TABLE


@RULED
@pytest.mark.parametrize("step", [8, 12], ids=["within the ring", "out of it"])
def test_a_name_that_runs_out_of_a_seal_is_no_part_of_the_cells(step: int, ruled: bool) -> None:
    drawing = Drawing()
    printed(drawing, ruled)
    drawing.canvas.setFillColorRGB(*RED)
    drawing.canvas.setStrokeColorRGB(*RED)
    middle = XS[3] + 20
    drawing.canvas.circle(middle, HEIGHT - baseline(2), 30)
    for index, letter in enumerate("部门预算专用章"):
        drawing.text(middle - 26 + step * index, baseline(2) - 8 + 3 * (index % 3), letter)
    assert texts(only_grid(read(drawing))) == TABLE


@RULED
def test_a_red_number_is_a_number(ruled: bool) -> None:
    drawing = Drawing()
    printed(drawing, ruled)
    drawing.canvas.setFillColorRGB(*RED)
    drawing.canvas.setStrokeColorRGB(*RED)
    drawing.text(XS[3] + 40, baseline(2), "-88.07")
    drawing.canvas.ellipse(
        XS[3] + 30, HEIGHT - baseline(2) - 5, XS[3] + 86, HEIGHT - baseline(2) + 12
    )
    assert texts(only_grid(read(drawing)))[2][3] == "-88.07"


@RULED
@pytest.mark.parametrize(("text", "kept"), [("-88.07", True), ("32010200", False)])
def test_a_red_amount_under_a_seal_is_a_number_and_the_seal_s_number_is_none(
    ruled: bool, text: str, kept: bool
) -> None:
    drawing = Drawing()
    printed(drawing, ruled)
    drawing.canvas.setFillColorRGB(*RED)
    drawing.canvas.setStrokeColorRGB(*RED)
    drawing.text(XS[3] + 40, baseline(2), text)
    drawing.canvas.circle(XS[3] + 58, HEIGHT - baseline(2), 50)
    drawing.canvas.drawCentredString(XS[3] + 58, HEIGHT - baseline(2) + 30, "某某市水务局")
    assert texts(only_grid(read(drawing)))[2][3] == (text if kept else TABLE[2][3])


def test_a_page_that_is_all_struck_out_says_so() -> None:
    drawing = Drawing()
    drawing.text(100, 100, "600.00")
    drawing.line(96, 96.5, 140, 96.5)
    with pytest.raises(YusuanError, match="page 1 has only text that is hidden or struck out"):
        read(drawing)


def under_scan(drawing: Drawing, mode: int) -> None:
    """The table as recognised text."""
    for row, line in enumerate(TABLE):
        for column, text in enumerate(line):
            made = drawing.canvas.beginText(XS[column] + 4, HEIGHT - baseline(row))
            made.setFont("STSong-Light", 10)
            made.setTextRenderMode(mode)
            made.textOut(text)
            made.setTextRenderMode(0)
            drawing.canvas.drawText(made)


def test_a_page_read_from_recognised_text_says_so() -> None:
    drawing = Drawing()
    printed(drawing, True)
    drawing.page()
    drawing.picture(0, 0, WIDTH, HEIGHT)
    under_scan(drawing, 3)
    (note,) = read_pdf(drawing.content(), "测试.pdf").notes
    assert (note.scope, note.printed, note.page) == ("page", "page 2", 2)
    assert "OCR" in note.reason[0] and "OCR" in note.reason[1]


@pytest.mark.parametrize("above", [True, False], ids=["picture above", "picture below"])
def test_recognised_text_of_a_scan_is_read(above: bool) -> None:
    """Whether the text is invisible over the picture or the picture painted over the text."""
    drawing = Drawing()
    if not above:
        drawing.picture(0, 0, WIDTH, HEIGHT)
    under_scan(drawing, 0 if above else 3)
    if above:
        page = scan()
        drawing.canvas.drawImage(picture(page), 0, 0, WIDTH, HEIGHT)
    drawing.table(XS, TOP, [[""] * 4] * len(TABLE), ROW)
    grid = only_grid(read(drawing))
    assert texts(grid) == TABLE
    assert cells_with_aside(grid) == []


def scan() -> Image.Image:
    """A picture of the table: bars where there is text."""
    image = Image.new("L", (int(WIDTH) * 2, int(HEIGHT) * 2), 250)
    pen = ImageDraw.Draw(image)
    for row, line in enumerate(TABLE):
        for column, text in enumerate(line):
            x = XS[column] + 4
            for index in range(len(text)):
                left, base = 2 * (x + 5 * index), 2 * baseline(row)
                pen.rectangle((left + 1, base - 14, left + 5, base), fill=20)
            if text and not text[0].isascii():
                pen.rectangle(
                    (2 * x, 2 * baseline(row) - 14, 2 * x + 20 * len(text), 2 * baseline(row)), 20
                )
                for index in range(10 * len(text)):
                    left = 2 * x + 2 * index
                    pen.line(
                        (left, 2 * baseline(row) - 14, left, 2 * baseline(row)), 250 * (index % 2)
                    )
    return image


def test_a_white_picture_over_a_page_hides_its_text() -> None:
    drawing = Drawing()
    under_scan(drawing, 0)
    drawing.canvas.drawImage(picture(Image.new("L", (8, 8), 255)), 0, 0, WIDTH, HEIGHT)
    drawing.text(60, 500, "本页无内容")
    assert paragraphs(read(drawing)) == ["本页无内容"]


def test_a_number_printed_anew_over_a_scan_is_the_one_that_counts() -> None:
    drawing = Drawing()
    drawing.picture(0, 0, WIDTH, HEIGHT)
    under_scan(drawing, 3)
    drawing.table(XS, TOP, [[""] * 4] * len(TABLE), ROW)
    drawing.rectangle(XS[2] + 2, TOP + 2 * ROW + 2, XS[3] - 2, TOP + 3 * ROW - 2, "white")
    drawing.text(XS[2] + 4, baseline(2), "612.00")
    grid = only_grid(read(drawing))
    rows = [list(line) for line in TABLE]
    rows[2][2] = "612.00"
    assert texts(grid) == rows
    (cell,) = cells_with_aside(grid)
    assert (cell.row, cell.column) == (2, 2)
