"""The process that draws one page: a PDF in on standard input, a PNG out.

PDFium is native code that meets files of strangers, so it gets a process of its own with
limits. This file runs by itself and imports nothing of yusuan.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
from typing import Any

import pypdfium2 as pdfium
from PIL import Image, ImageChops, ImageDraw

MEMORY = 2 * 2**30
"""Bytes of address space."""
MOST_PIXELS = 16_000_000
REFUSED = 3
"""The exit status that comes with a reason on standard error."""

CELL = (214, 32, 32)
ROW = (255, 243, 189)
INK = 225
"""Pixels darker than this are printed on."""

Box = tuple[int, int, int, int]


def draw(
    content: bytes,
    page: int,
    box: list[float] | None,
    width: int,
    height: int | None,
    sideways: bool,
) -> bytes:
    """The page (from 1) with the box (points, as displayed) outlined and its row tinted.

    The picture is ``width`` pixels wide, fewer when it would have too many. With a
    ``height`` what is higher is cut to the part around the box.
    """
    document = pdfium.PdfDocument(content)
    if page > len(document):
        raise ValueError(f"it has {len(document)} pages; page {page} is asked for")
    shown = document[page - 1]
    wide, high = shown.get_size()
    scale = min((width - 0.5) / wide, (MOST_PIXELS / (wide * high)) ** 0.5)
    # PDFium rounds the size in pixels up.
    image = shown.render(scale=scale).to_pil().convert("RGB")
    if box:
        across, down = image.width / wide, image.height / high
        left, top, right, bottom = (
            round(edge * (down if index % 2 else across)) for index, edge in enumerate(box)
        )
        image = _marked(image, (left, top, max(right, left + 1), max(bottom, top + 1)), sideways)
        if height and image.height > height:
            start = min(max((top + bottom - height) // 2, 0), image.height - height)
            image = image.crop((0, start, image.width, start + height))
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return stream.getvalue()


def _marked(image: Image.Image, box: Box, sideways: bool) -> Image.Image:
    row = _row(image, box, sideways)
    tinted = ImageChops.multiply(image.crop(row), Image.new("RGB", _size(row), ROW))
    cell = image.crop(box)
    image.paste(tinted, row)
    image.paste(cell, box)
    # Around the cell and not in it, so that no digit is covered.
    thick = max(2, round(image.width / 300))
    left, top, right, bottom = box
    ImageDraw.Draw(image).rectangle(
        (left - thick, top - thick, right + thick - 1, bottom + thick - 1),
        outline=CELL,
        width=thick,
    )
    return image


def _row(image: Image.Image, box: Box, sideways: bool) -> Box:
    """The row of a cell: as far along the page as anything is printed beside the cell."""
    left, top, right, bottom = box
    strip = (left, 0, right, image.height) if sideways else (0, top, image.width, bottom)
    ink = image.crop(strip).convert("L").point(lambda value: 255 * (value < INK)).getbbox()
    if ink is None:
        return box
    if sideways:
        return left, min(top, ink[1]), right, max(bottom, ink[3])
    return min(left, ink[0]), top, max(right, ink[2]), bottom


def _size(box: Box) -> tuple[int, int]:
    return box[2] - box[0], box[3] - box[1]


def _main() -> int:
    with contextlib.suppress(ImportError, OSError, ValueError):  # Windows has no limits
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    asked: dict[str, Any] = json.loads(sys.argv[1])
    try:
        sys.stdout.buffer.write(draw(sys.stdin.buffer.read(), **asked))
    except (pdfium.PdfiumError, ValueError, MemoryError) as error:
        print(" ".join(str(error).split()) or type(error).__name__, file=sys.stderr)
        return REFUSED
    return 0


if __name__ == "__main__":
    sys.exit(_main())
