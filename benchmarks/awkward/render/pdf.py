"""PDFs with ruled tables, drawn operator by operator: text that is not seen, struck, raised."""

from __future__ import annotations

import io
import re

from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from benchmarks.awkward.document import Document, Piece, Place, Table
from benchmarks.awkward.render.grid import Drawn, blocks

__all__ = ["pdf_file"]

FONT = "STSong-Light"
pdfmetrics.registerFont(UnicodeCIDFont(FONT))
WIDTH, HEIGHT = landscape(A4)
LEFT, TOP, BOTTOM, SIZE, ROW = 36.0, 40.0, 46.0, 9.0, 17.0


class _Page:
    """Where drawing stands; y counts points from the top."""

    def __init__(self) -> None:
        self.stream = io.BytesIO()
        self.canvas = Canvas(self.stream, pagesize=(WIDTH, HEIGHT), pageCompression=0)
        self.y = TOP
        self.edges: tuple[str, str] | None = None
        self.bottom = BOTTOM

    def text(self, x: float, y: float, text: str, size: float = SIZE) -> float:
        """Draw text with its baseline at y; gives the x behind it."""
        self.canvas.setFont(FONT, size)
        self.canvas.drawString(x, HEIGHT - y, text)
        return x + pdfmetrics.stringWidth(text, FONT, size)

    def room(self, height: float) -> None:
        if self.y + height > HEIGHT - self.bottom:
            self.next()

    def next(self) -> None:
        self.canvas.showPage()
        self.y = TOP
        self.edge()

    def edge(self) -> None:
        """Date and title above, address and page below, as browsers print them."""
        if self.edges:
            title, pages = self.edges
            self.text(24, 22, "2024/2/5 09:41", 7)
            self.text(WIDTH / 2 - 80, 22, title, 7)
            foot = HEIGHT - 14 if self.bottom == BOTTOM else HEIGHT - self.bottom + 28
            self.text(
                24, foot, "https://www.example.gov.cn/zwgk/czyjs/202402/t20240205_1023.html", 7
            )
            self.text(WIDTH - 60, foot, f"{self.canvas.getPageNumber()}/{pages}", 7)


def pdf_file(document: Document) -> bytes:
    page = _Page()
    if "edges" in document.marks:
        page.edges, page.bottom = (document.cover[0] if document.cover else "公开", "6"), 300.0
        page.edge()
    for block in blocks(document):
        if isinstance(block, str):
            page.room(ROW)
            text = block.lstrip("# ")
            while text:  # lines of at most 78 characters
                page.y += ROW - 2
                page.text(LEFT, page.y, text[:78], 11 if block.startswith("#") else SIZE)
                text = text[78:]
                page.room(ROW)
        else:
            table, rows = block
            page.room(min(len(rows), 8) * ROW)
            page.y += 5
            _table(page, table, rows)
    page.canvas.save()
    return with_layer(page.stream.getvalue())


def with_layer(content: bytes) -> bytes:
    """The marked content /MC0 put on a layer that is switched off, where there is any."""
    if b"/OC /MC0 BDC" not in content:
        return content
    body = content[: content.rindex(b"\nxref\n") + 1]
    trailer = re.search(rb"trailer\s*<<(.*?)>>\s*startxref", content, re.S)
    assert trailer
    number = max(int(n) for n in re.findall(rb"(?m)^(\d+) 0 obj", body)) + 1
    own = f"{number} 0 R".encode()
    body = body.replace(b"/Resources <<", b"/Resources <<\n/Properties << /MC0 %s >>" % own)
    body = body.replace(
        b"/Type /Catalog",
        b"/Type /Catalog /OCProperties << /OCGs [%s] /D << /OFF [%s] /BaseState /ON >> >>"
        % (own, own),
    )
    body += b"%d 0 obj\n<< /Type /OCG /Name (draft) >>\nendobj\n" % number
    places = {int(m[1]): m.start() for m in re.finditer(rb"(?m)^(\d+) 0 obj", body)}
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (number + 1)
    table += b"".join(b"%010d 00000 n \n" % places[n] for n in range(1, number + 1))
    inside = re.sub(rb"/Size \d+", b"/Size %d" % (number + 1), trailer[1])
    return body + table + b"trailer\n<<%s>>\nstartxref\n%d\n%%%%EOF\n" % (inside, len(body))


def _widths(rows: list[list[Drawn]]) -> list[float]:
    count = max(cell.column + cell.across for row in rows for cell in row)
    widths = [38.0] * count
    for row in rows:
        for cell in row:
            if cell.across == 1:
                long = sum(pdfmetrics.stringWidth(p.text, FONT, SIZE) for p in cell.place.pieces)
                widths[cell.column] = max(widths[cell.column], long + 10)
    return widths


def _table(page: _Page, table: Table, rows: list[list[Drawn]]) -> None:
    widths = _widths(rows)
    xs = [LEFT]
    for width in widths:
        xs.append(xs[-1] + width)
    gap = len(table.columns) if table.undisplayed else -1
    for row in rows:
        page.room(ROW * max(cell.down for cell in row))
        y0 = page.y
        cells = {cell.column: cell for cell in row}
        body = any(cell.line for cell in row)
        if body:
            cells = {
                c: cells.get(c) or Drawn(Place.of(""), c) for c in range(len(widths)) if c != gap
            }
        for column, cell in cells.items():
            x0, x1 = xs[column], xs[column + cell.across]
            y1 = y0 + ROW * cell.down
            page.canvas.setLineWidth(0.5)
            page.canvas.rect(x0, HEIGHT - y1, x1 - x0, y1 - y0)
            _cell(page, cell, x0, x1, y0, y1)
        line = next((cell.line for cell in row if cell.line), None)
        if line and line.look == "strike":
            middle = HEIGHT - (y0 + ROW / 2)
            page.canvas.line(xs[0] + 2, middle, xs[-1] - 2, middle)
        page.y += ROW


def _cell(page: _Page, cell: Drawn, x0: float, x1: float, y0: float, y1: float) -> None:
    pieces = cell.place.pieces
    whole = sum(pdfmetrics.stringWidth(p.text, FONT, _size(p)) for p in pieces if not _over(p))
    amount = cell.place.amount is not None
    x = x1 - 4 - whole if amount else x0 + 4
    base = (y0 + y1) / 2 + SIZE * 0.35
    for piece in pieces:
        x = _piece(page, piece, x, base, (x0, x1, y0, y1))
    if cell.place.colour == "strike" and pieces:
        page.canvas.line(x - whole, HEIGHT - base + 3, x, HEIGHT - base + 3)


def _size(piece: Piece) -> float:
    return {"raised": 5.0, "struck": 6.0}.get(piece.look, SIZE)


def _over(piece: Piece) -> bool:
    """What takes no room: it lies under or over what else stands in the cell."""
    return piece.look in (
        "mode3",
        "white",
        "alpha0",
        "clipped",
        "layer",
        "covered",
        "outside",
        "seal",
    )


def _piece(page: _Page, piece: Piece, x: float, base: float,
           box: tuple[float, float, float, float]) -> float:  # fmt: skip
    canvas, text = page.canvas, piece.text
    x0, x1, y0, y1 = box
    match piece.look:
        case "" | "thin" | "run":
            return page.text(x, base, text)
        case "raised":
            return page.text(x, base - 4, text, 5)
        case "struck":
            end = page.text(x, base, text, 6)
            canvas.setLineWidth(0.6)
            canvas.line(x - 0.5, HEIGHT - base + 2, end + 0.5, HEIGHT - base + 2)
            return end + 1
        case "mode3":
            made = canvas.beginText(x, HEIGHT - base)
            made.setFont(FONT, SIZE)
            made.setTextRenderMode(3)
            made.textOut(text)
            made.setTextRenderMode(0)
            canvas.drawText(made)
        case "white":
            canvas.setFillColorRGB(1, 1, 1)
            page.text(x, base, text)
            canvas.setFillColorRGB(0, 0, 0)
        case "alpha0":
            canvas.saveState()
            canvas.setFillAlpha(0)
            page.text(x, base, text)
            canvas.restoreState()
        case "clipped":
            canvas.saveState()
            path = canvas.beginPath()
            path.rect(0, 0, 3, 3)
            canvas.clipPath(path, stroke=0, fill=0)
            page.text(x, base, text)
            canvas.restoreState()
        case "layer":
            canvas._code.append("/OC /MC0 BDC")
            page.text(x, base, text)
            canvas._code.append("EMC")
        case "covered":  # painted, then a white box over it
            end = page.text(x, base, text)
            canvas.setFillColorRGB(1, 1, 1)
            canvas.rect(x - 1, HEIGHT - base - 2, end - x + 2, SIZE + 2, stroke=0, fill=1)
            canvas.setFillColorRGB(0, 0, 0)
        case "outside":
            page.text(WIDTH + 30, base, text)
        case "seal":
            canvas.saveState()
            canvas.setFillColorRGB(0.85, 0.1, 0.1)
            canvas.setStrokeColorRGB(0.85, 0.1, 0.1)
            canvas.circle((x0 + x1) / 2, HEIGHT - (y0 + y1) / 2, 26)
            for index, letter in enumerate(text):
                page.text(
                    (x0 + x1) / 2 - 20 + 9 * index, (y0 + y1) / 2 - 8 + 3 * (index % 3), letter, 9
                )
            canvas.restoreState()
        case "field":
            canvas.acroForm.textfield(
                name=f"f{int(x0)}-{int(y0)}-{page.canvas.getPageNumber()}", value=text,
                x=x0 + 1, y=HEIGHT - y1 + 1, width=x1 - x0 - 2, height=y1 - y0 - 2,
                fontSize=8, borderWidth=0,
            )  # fmt: skip
        case _:
            raise KeyError(piece.look)
    return x
