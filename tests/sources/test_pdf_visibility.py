"""Text of a PDF that a reader of the page does not see is no part of a cell, and is told there.

Each way of hiding a number is tried at each place of a table, ruled and not; and each look that
resembles one and is seen.
"""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from PIL import Image
from reportlab.lib.colors import Color
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase.pdfmetrics import stringWidth

from tests.representative import in_turn
from tests.sources.pdf_drawing import FONT, HEIGHT, Drawing
from tests.sources.test_pdf_reading import only_grid, read, texts
from yusuan.lexicon.numbers import parse_number
from yusuan.model.document import Cell, Grid

XS = (60.0, 130.0, 300.0, 390.0, 480.0)
HEAD = ("科目编码", "科目名称", "基本支出", "项目支出")
ROWS = (
    ("201", "一般公共服务", "1,200.00", "35.00"),
    ("20101", "人大事务", "600.00", ""),
    ("20102", "政协事务", "600.00", "35.00"),
    ("20103", "其他事务", "12.50", "4.00"),
)
TABLE = [list(HEAD), *map(list, ROWS)]
TOP, ROW, SIZE = 100.0, 20.0, 10.0
STRAY = "88.07"

Hide = Callable[[Drawing, float, float, str], None]
"""Puts a text with its baseline at a place, so that nobody sees it."""


def baseline(row: int) -> float:
    """That of a row, the head being 0."""
    return TOP + row * ROW + 14


def right(drawing: Drawing, column: int, row: int, text: str) -> None:
    x = XS[column + 1] - 4 - drawing.canvas.stringWidth(text, "STSong-Light", SIZE)
    drawing.text(x, baseline(row), text)


def printed(drawing: Drawing, ruled: bool) -> None:
    """The table as a reader sees it."""
    drawing.text(200, 60, "支出预算表")
    drawing.text(430, 84, "单位：万元")
    if ruled:
        drawing.table(XS, TOP, [[""] * 4] * len(TABLE), ROW)
    for row, line in enumerate(TABLE):
        for column, text in enumerate(line):
            if row and column > 1:
                right(drawing, column, row, text)
            else:
                drawing.text(XS[column] + 4, baseline(row), text)


def invisible(drawing: Drawing, x: float, y: float, text: str) -> None:
    line = drawing.canvas.beginText(x, HEIGHT - y)
    line.setFont("STSong-Light", SIZE)
    line.setTextRenderMode(3)
    line.textOut(text)
    line.setTextRenderMode(0)
    drawing.canvas.drawText(line)


def coloured(colour: object, alpha: float = 1) -> Hide:
    def hide(drawing: Drawing, x: float, y: float, text: str) -> None:
        drawing.canvas.saveState()
        drawing.canvas.setFillColor(colour)
        drawing.canvas.setFillAlpha(alpha)
        drawing.text(x, y, text)
        drawing.canvas.restoreState()

    return hide


def around(drawing: Drawing, x: float, y: float, text: str) -> tuple[float, float, float, float]:
    """A box about a text, within its row: left, top, right, bottom."""
    return x - 1, y - 10, x + drawing.canvas.stringWidth(text, "STSong-Light", SIZE) + 1, y + 4


def dark_on_dark(drawing: Drawing, x: float, y: float, text: str) -> None:
    drawing.rectangle(*around(drawing, x, y, text), "#202020")
    coloured("#202020")(drawing, x, y, text)


def clipped(drawing: Drawing, x: float, y: float, text: str) -> None:
    drawing.canvas.saveState()
    path = drawing.canvas.beginPath()
    path.rect(x - 30, HEIGHT - y - 3, 28, 12)
    drawing.canvas.clipPath(path, stroke=0, fill=0)
    drawing.text(x, y, text)
    drawing.canvas.restoreState()


def painted_over(drawing: Drawing, x: float, y: float, text: str) -> None:
    drawing.text(x, y, text)
    drawing.rectangle(*around(drawing, x, y, text), "white")


def redacted(drawing: Drawing, x: float, y: float, text: str) -> None:
    drawing.text(x, y, text)
    drawing.rectangle(*around(drawing, x, y, text), "black")


def under_a_broad_line(drawing: Drawing, x: float, y: float, text: str) -> None:
    drawing.text(x, y, text)
    left, top, end, bottom = around(drawing, x, y, text)
    drawing.canvas.saveState()
    drawing.canvas.setStrokeColor("white")
    drawing.canvas.setLineWidth(bottom - top)
    drawing.line(left, (top + bottom) / 2, end, (top + bottom) / 2)
    drawing.canvas.restoreState()


def under_a_picture(drawing: Drawing, x: float, y: float, text: str) -> None:
    drawing.text(x, y, text)
    left, top, end, bottom = around(drawing, x, y, text)
    drawing.canvas.drawImage(
        picture(Image.new("RGB", (8, 4), "white")), left, HEIGHT - bottom, end - left, bottom - top
    )


def picture(image: Image.Image) -> ImageReader:
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    buffer.seek(0)
    return ImageReader(buffer)


HIDING: dict[str, Hide] = {
    "invisible": invisible,
    "white": coloured("white"),
    "nearly white": coloured(Color(0.99, 0.99, 1)),
    "transparent": coloured("black", 0),
    "dark on dark": dark_on_dark,
    "clipped": clipped,
    "painted over": painted_over,
    "redacted": redacted,
    "under a broad line": under_a_broad_line,
    "under a picture": under_a_picture,
}
OVER = ("painted over", "redacted", "under a broad line", "under a picture", "dark on dark")
"""These hide what is printed before at the same place too."""


def cells_with_aside(grid: Grid) -> list[Cell]:
    return [cell for row in grid.rows for cell in row if cell.undisplayed]


@pytest.mark.parametrize("ruled", [True, False], ids=["ruled", "unruled"])
@pytest.mark.parametrize(("way", "row"), in_turn(list(HIDING), [1, 2, 4]))
def test_what_is_not_seen_in_a_cell_is_left_aside(way: str, row: int, ruled: bool) -> None:
    """In a cell with a number, left of it, and in a blank one (row 2)."""
    drawing = Drawing()
    printed(drawing, ruled)
    HIDING[way](drawing, XS[3] + 8, baseline(row), STRAY)
    grid = only_grid(read(drawing))
    assert texts(grid) == TABLE
    (cell,) = cells_with_aside(grid)
    assert (cell.row, cell.column) == (row, 3)
    assert [run.text for run in cell.undisplayed] == [STRAY]
    assert cell.undisplayed[0].hidden
    assert cell.fragment


@pytest.mark.parametrize("ruled", [True, False], ids=["ruled", "unruled"])
@pytest.mark.parametrize("first", [True, False], ids=["below", "above"])
@pytest.mark.parametrize(("way", "stray"), in_turn(list(HIDING), ["508.00", "600.00", "1,600.00"]))
def test_what_is_not_seen_at_the_place_of_a_number_leaves_it_alone(
    stray: str, way: str, first: bool, ruled: bool
) -> None:
    if not first and way in OVER:
        pytest.skip("it would hide the number as well")
    drawing = Drawing()
    x = XS[3] - 4 - drawing.canvas.stringWidth(stray, "STSong-Light", SIZE)
    if first:
        HIDING[way](drawing, x, baseline(2), stray)
    if way in ("redacted", "dark on dark") and first:
        drawing.rectangle(*around(drawing, x, baseline(2), stray), "white")
    printed(drawing, ruled)
    if not first:
        HIDING[way](drawing, x, baseline(2), stray)
    grid = only_grid(read(drawing))
    if way in ("white", "nearly white") and not first and stray == "508.00":
        # White ink on black: what is left of both cannot be read, and is no number.
        assert " / " in texts(grid)[2][2]
        return
    assert texts(grid) == TABLE
    cells = cells_with_aside(grid)
    if stray == "600.00":  # the same twice: nothing is left out
        assert cells == []
    else:
        (cell,) = cells
        assert (cell.row, cell.column) == (2, 2)
        assert any(run.hidden and set(run.text) & set("158") for run in cell.undisplayed)


def shaded(drawing: Drawing, x: float, y: float, text: str) -> None:
    drawing.rectangle(*around(drawing, x, y, text), "#dde6f0")
    drawing.text(x, y, text)


def white_on_dark(drawing: Drawing, x: float, y: float, text: str) -> None:
    drawing.rectangle(*around(drawing, x, y, text), "#203060")
    coloured("white")(drawing, x, y, text)


def marked(drawing: Drawing, x: float, y: float, text: str) -> None:
    """With a marker pen."""
    drawing.text(x, y, text)
    drawing.canvas.saveState()
    drawing.rectangle(*around(drawing, x, y, text), Color(1, 1, 0, alpha=0.4))
    drawing.canvas.restoreState()


def under_a_clear_picture(drawing: Drawing, x: float, y: float, text: str) -> None:
    drawing.text(x, y, text)
    left, top, end, bottom = around(drawing, x, y, text)
    clear = Image.new("RGBA", (8, 4), (255, 0, 0, 0))
    clear.putpixel((0, 0), (255, 0, 0, 255))
    drawing.canvas.drawImage(
        picture(clear), left, HEIGHT - bottom, end - left, bottom - top, mask="auto"
    )


def loosely_clipped(drawing: Drawing, x: float, y: float, text: str) -> None:
    left, top, end, bottom = around(drawing, x, y, text)
    drawing.canvas.saveState()
    path = drawing.canvas.beginPath()
    path.rect(left, HEIGHT - bottom, end - left, bottom - top)
    drawing.canvas.clipPath(path, stroke=0, fill=0)
    drawing.text(x, y, text)
    drawing.canvas.restoreState()


def outlined(drawing: Drawing, x: float, y: float, text: str) -> None:
    """White with a black outline."""
    drawing.canvas.saveState()
    line = drawing.canvas.beginText(x, HEIGHT - y)
    line.setFont("STSong-Light", SIZE)
    line.setFillColor("white")
    line.setTextRenderMode(2)
    line.textOut(text)
    line.setTextRenderMode(0)
    drawing.canvas.setLineWidth(0.3)
    drawing.canvas.drawText(line)
    drawing.canvas.restoreState()


def box_beside(drawing: Drawing, x: float, y: float, text: str) -> None:
    drawing.text(x, y, text)
    drawing.rectangle(x - 7, y - 10, x - 1, y + 4, "white")


SHOWING: dict[str, Hide] = {
    "grey": coloured("#b0b0b0"),
    "pale grey": coloured("#dddddd"),
    "yellow": coloured("#ffe000"),
    "half transparent": coloured("black", 0.4),
    "shaded": shaded,
    "white on dark": white_on_dark,
    "marked": marked,
    "under a clear picture": under_a_clear_picture,
    "loosely clipped": loosely_clipped,
    "outlined": outlined,
    "box beside": box_beside,
}


@pytest.mark.parametrize("ruled", [True, False], ids=["ruled", "unruled"])
@pytest.mark.parametrize("look", SHOWING)
def test_what_is_seen_is_read_however_it_looks(look: str, ruled: bool) -> None:
    drawing = Drawing()
    printed(drawing, ruled)
    SHOWING[look](drawing, XS[4] - 4 - drawing.canvas.stringWidth(STRAY, "STSong-Light", SIZE),
                  baseline(2), STRAY)  # fmt: skip
    grid = only_grid(read(drawing))
    rows = [list(line) for line in TABLE]
    rows[2][3] = STRAY
    assert texts(grid) == rows
    assert cells_with_aside(grid) == []


@pytest.mark.parametrize("undisplayed", [0, 1, 2, 3])
@pytest.mark.parametrize("other", ["508.00", "601.00", "77"])
def test_numbers_printed_on_each_other_are_no_number(other: str, undisplayed: float) -> None:
    drawing = Drawing()
    printed(drawing, ruled=True)
    x = XS[3] - 4 - drawing.canvas.stringWidth(other, "STSong-Light", SIZE)
    drawing.text(x - undisplayed, baseline(2), other)
    rows = texts(only_grid(read(drawing)))
    assert " / " in rows[2][2]


@pytest.mark.parametrize("spacing", [-0.25, -0.1, 0.0, 0.4])
def test_numbers_set_close_are_numbers(spacing: float) -> None:
    drawing = Drawing()
    drawing.table(XS[:3], TOP, [HEAD[:2], ("", "")])
    line = drawing.canvas.beginText(XS[1] + 20, HEIGHT - baseline(1))
    line.setFont("STSong-Light", SIZE)
    line.setCharSpace(spacing * SIZE / 2)
    line.textOut("1,200.66")
    drawing.canvas.drawText(line)
    assert texts(only_grid(read(drawing)))[1] == ["", "1,200.66"]


@pytest.mark.parametrize("left_out", [False, True], ids=["all in the file", "rest left out"])
@pytest.mark.parametrize("points", range(1, 46, 2))
def test_a_number_that_an_edge_cuts_is_never_a_shorter_number(points: int, left_out: bool) -> None:
    text, start = "1,234.56", 405.0
    places = [start + stringWidth(text[:count], FONT, 10) for count in range(len(text) + 1)]
    drawing = Drawing()
    drawing.table((60, 130, 400, 460), 100, [["编码", "名称", "金额"], ["201", "行政", ""]])
    path = drawing.canvas.beginPath()
    path.rect(20, 20, start + points - 20, HEIGHT - 40)
    drawing.canvas.saveState()
    drawing.canvas.clipPath(path, stroke=0, fill=0)
    begun = [char for char, at in zip(text, places[:-1], strict=True) if at < start + points]
    drawing.text(start, 134, "".join(begun) if left_out else text)
    drawing.canvas.restoreState()
    read_as = only_grid(read(drawing)).rows[1][2].text
    if places[-1] <= start + points:
        assert read_as == text
    else:
        assert parse_number(read_as) is None
