"""PDFs drawn for tests: text, ruled lines and pictures at given places, in points from the top."""

from __future__ import annotations

import io
from collections.abc import Sequence

from PIL import Image
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

FONT = "STSong-Light"
WIDTH, HEIGHT = 595.0, 842.0

pdfmetrics.registerFont(UnicodeCIDFont(FONT))


class Drawing:
    """A PDF being drawn. All places are points from the top left corner of the page."""

    def __init__(self, password: str | None = None) -> None:
        self._buffer = io.BytesIO()
        encrypt = StandardEncryption(password) if password else None
        self.canvas = Canvas(self._buffer, pagesize=(WIDTH, HEIGHT), encrypt=encrypt)

    def text(self, x: float, y: float, text: str, size: float = 10) -> None:
        """Text with its baseline at y."""
        self.canvas.setFont(FONT, size)
        self.canvas.drawString(x, HEIGHT - y, text)

    def line(self, x0: float, y0: float, x1: float, y1: float) -> None:
        self.canvas.line(x0, HEIGHT - y0, x1, HEIGHT - y1)

    def rectangle(self, x0: float, y0: float, x1: float, y1: float, fill: object) -> None:
        self.canvas.setFillColor(fill)
        self.canvas.rect(x0, HEIGHT - y1, x1 - x0, y1 - y0, stroke=0, fill=1)
        self.canvas.setFillColor("black")

    def picture(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """A grey picture, as a scanner's page image."""
        image = ImageReader(_grey_picture())
        self.canvas.drawImage(image, x0, HEIGHT - y1, x1 - x0, y1 - y0)

    def table(
        self,
        xs: Sequence[float],
        top: float,
        rows: Sequence[Sequence[str]],
        height: float = 20,
        outer: bool = True,
    ) -> float:
        """A table with a line between all cells; gives the y of its bottom line."""
        bottom = top + height * len(rows)
        for index in range(len(rows) + 1):
            if outer or 0 < index < len(rows):
                self.line(xs[0], top + index * height, xs[-1], top + index * height)
        for x in xs if outer else xs[1:-1]:
            self.line(x, top, x, bottom)
        for index, row in enumerate(rows):
            for column, text in enumerate(row):
                self.text(xs[column] + 4, top + index * height + 14, text)
        return bottom

    def page(self) -> None:
        self.canvas.showPage()

    def content(self) -> bytes:
        self.canvas.save()
        return self._buffer.getvalue()


def _grey_picture() -> io.BytesIO:
    buffer = io.BytesIO()
    Image.new("L", (40, 60), 180).save(buffer, "PNG")
    buffer.seek(0)
    return buffer


def raw_pdf(objects: Sequence[bytes]) -> bytes:
    """A file of objects, numbered from 1; the first is the catalogue."""
    content = b"%PDF-1.7\n"
    places = []
    for number, item in enumerate(objects, start=1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, item)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return content + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer << /Size %d /Root 1 0 R >>\n"
        b"startxref\n%d\n%%%%EOF" % (size, table, size, len(content))
    )
