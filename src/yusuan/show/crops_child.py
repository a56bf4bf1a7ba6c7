"""The process that cuts the parts of pages out that a report shows.

A line of JSON and then a PDF on standard input, JSON with pictures on standard output. Like
``page_child`` it runs by itself, with limits, and imports nothing of yusuan. The pictures are
plain; where on them the marks are is told beside, for the reader's browser to draw.
"""

from __future__ import annotations

import base64
import contextlib
import ctypes
import io
import json
import sys
import unicodedata
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw
from PIL import Image, ImageChops

MEMORY = 2 * 2**30
"""Bytes of address space."""
MOST_PIXELS = 16_000_000
REFUSED = 3
SCALE, WIDEST = 2.0, 1500
"""Pixels for a point, and for the width of a page at most."""
ABOVE, BELOW, ASIDE = 46, 34, 10
"""Points of a page shown around what is marked."""
APART = 150
"""Points that two marks are apart to be shown in two strips."""
HIGHEST = 480
"""Points that a strip is high at most."""
NOTE = (62.0, 11.0)
"""Points that the note beside a box is wide and high, about."""
INK = 160
"""Shades darker than this cannot be covered without loss."""
COLOURS = 16
LARGE = 160_000
"""Bytes from which on a picture is no print but a photograph, which JPEG does better."""
FEWEST = 6
"""Characters of a text that are enough to find it."""

Box = tuple[float, float, float, float]


def cut(content: bytes, crops: list[dict[str, Any]]) -> list[dict[str, Any] | None]:
    """The strips of pages that show what each crop asks for.

    A crop has its ``page`` (from 1), ``marks`` (each with an ``id`` and a ``box`` in points as
    displayed, or a ``text`` with the ``part`` of it to mark), the box of the ``head`` of the
    table if there is one, and how far to ``turn`` the page (degrees, counter-clockwise) to be
    read. None where nothing of it is on the page. A strip has its picture and its marks, in
    parts of its width and height.
    """
    document = pdfium.PdfDocument(content)
    wanted: dict[int, list[int]] = {}
    for index, crop in enumerate(crops):
        wanted.setdefault(crop["page"], []).append(index)
    done: list[dict[str, Any] | None] = [None] * len(crops)
    for number, indexes in sorted(wanted.items()):
        if number > len(document):
            continue
        page = _Page(document[number - 1])
        for index in indexes:
            done[index] = _strips(page, crops[index])
    return done


class _Page:
    """One page, drawn once; its characters are looked up only when a text is asked for."""

    def __init__(self, page: Any) -> None:
        self._page = page
        self.wide, self.high = page.get_size()
        longer = max(self.wide, self.high)
        scale = min(SCALE, WIDEST / longer * 1.25, (MOST_PIXELS / (self.wide * self.high)) ** 0.5)
        self.image = page.render(scale=scale).to_pil().convert("RGB")
        self.scale = self.image.width / self.wide
        self._chars: list[tuple[str, Box]] | None = None

    def find(self, text: str, part: str, before: str) -> tuple[list[Box], list[Box]]:
        """The boxes (points) of the lines of a text, and those of a part of it."""
        if self._chars is None:
            self._chars = list(self._characters())
        whole = "".join(char for char, _ in self._chars)
        text, part, before = map(_folded, (text, part, before))
        start = whole.find(text) if len(text) >= FEWEST else -1
        lines = self._boxes(start, len(text)) if start >= 0 else []
        inside = text.find(part, max(0, text.find(before + part))) if part else -1
        if start >= 0 and inside >= 0:
            return lines, self._boxes(start + inside, len(part))
        there = whole.find(before + part)
        if part and there >= 0 and len(before + part) >= FEWEST:
            return lines, self._boxes(there + len(before), len(part))
        return lines, []

    def _boxes(self, start: int, length: int) -> list[Box]:
        """One box for each line that characters stand in."""
        lines: list[Box] = []
        for _, box in (self._chars or [])[start : start + length]:
            last = lines[-1] if lines else None
            if last and min(last[3], box[3]) - max(last[1], box[1]) > (box[3] - box[1]) / 2:
                lines[-1] = _union([last, box])
            else:
                lines.append(box)
        return lines

    def _characters(self) -> Any:
        """Every character that shows, folded, with its box in points as displayed."""
        text = self._page.get_textpage()
        size = (self.image.width, self.image.height)
        edges = [ctypes.c_double() for _ in range(4)]
        for index in range(text.count_chars()):
            char = _folded(chr(raw.FPDFText_GetUnicode(text, index)))
            if not char or not raw.FPDFText_GetCharBox(text, index, *edges):
                continue
            left, right, bottom, top = (edge.value for edge in edges)
            corners = [self._shown(x, y, size) for x, y in ((left, top), (right, bottom))]
            xs, ys = zip(*corners, strict=True)
            box = (min(xs), min(ys), max(xs), max(ys))
            yield from ((piece, box) for piece in char)

    def _shown(self, x: float, y: float, size: tuple[int, int]) -> tuple[float, float]:
        across, down = ctypes.c_int(), ctypes.c_int()
        raw.FPDF_PageToDevice(self._page, 0, 0, *size, 0, x, y, across, down)
        return across.value / self.scale, down.value / self.scale


def _folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def _strips(page: _Page, crop: dict[str, Any]) -> dict[str, Any] | None:
    turn = crop["turn"]
    image = page.image.rotate(turn, expand=True) if turn else page.image
    size = (image.width / page.scale, image.height / page.scale)
    marks: list[tuple[str, str, Box]] = []
    for mark in crop["marks"]:
        if mark["box"]:
            marks.append((mark["id"], "", _turned(mark["box"], page, turn)))
            continue
        lines, parts = page.find(mark["text"], mark["part"], mark["before"])
        marks += [(mark["id"], "line", _turned(box, page, turn)) for box in lines]
        marks += [(mark["id"], "", _turned(box, page, turn)) for box in parts]
    if not marks:
        return None
    bands = _bands([box for _, _, box in marks], size[1])
    if crop["head"]:
        bands = _with_head(bands, _turned(crop["head"], page, turn), size[1])
    left, right = _sides(image, bands, page.scale)
    strips = []
    for top, bottom in (_between_lines(image, band, marks, page.scale) for band in bands):
        piece = image.crop(tuple(round(edge * page.scale) for edge in (left, top, right, bottom)))
        shown = []
        for name, kind, box in marks:
            if top <= (box[1] + box[3]) / 2 <= bottom:
                wide, high = right - left, bottom - top
                where = [(box[0] - left) / wide, (box[1] - top) / high,
                         (box[2] - box[0]) / wide, (box[3] - box[1]) / high]  # fmt: skip
                side = "" if kind else _side(image, box, page.scale)
                shown.append({"id": name, "kind": kind, "side": side, "box": where})
        kind, content = _encoded(piece)
        strips.append({
            "type": kind, "content": base64.b64encode(content).decode(), "marks": shown,
            "width": piece.width, "height": piece.height,
        })  # fmt: skip
    return {"strips": strips, "points": right - left}


def _turned(box: Any, page: _Page, turn: int) -> Box:
    """A box (points) on the page after it was turned counter-clockwise."""
    left, top, right, bottom = box
    if turn == 90:
        return top, page.wide - right, bottom, page.wide - left
    if turn == 180:
        return page.wide - right, page.high - bottom, page.wide - left, page.high - top
    if turn == 270:
        return page.high - bottom, left, page.high - top, right
    return left, top, right, bottom


def _bands(boxes: list[Box], high: float) -> list[tuple[float, float]]:
    """The heights of the page to show, from the top down."""
    bands: list[list[float]] = []
    for box in sorted(boxes, key=lambda box: box[1]):
        if bands and box[1] - bands[-1][1] < APART and box[3] - bands[-1][0] < HIGHEST:
            bands[-1][1] = max(bands[-1][1], box[3])
        else:
            bands.append([box[1], box[3]])
    return [(max(0.0, top - ABOVE), min(high, bottom + BELOW)) for top, bottom in bands]


def _with_head(
    bands: list[tuple[float, float]], head: Box, high: float
) -> list[tuple[float, float]]:
    """The same with the headings of the table: in the first band, or in one of their own."""
    top, bottom = max(0.0, head[1] - 6), min(high, head[3] + 3)
    first = bands[0]
    if first[0] <= bottom + ABOVE and first[1] - top < HIGHEST:
        return [(min(top, first[0]), max(bottom, first[1])), *bands[1:]]
    return [(top, bottom), *bands] if bottom < first[0] else bands


def _between_lines(
    image: Image.Image, band: tuple[float, float], marks: list[tuple[str, str, Box]], scale: float
) -> tuple[float, float]:
    """The band cut where nothing is printed, if there is such a place near its edges."""
    top, bottom = band
    inside = [box for _, _, box in marks if top <= box[1] and box[3] <= bottom]
    first = min((box[1] for box in inside), default=bottom)
    last = max((box[3] for box in inside), default=top)
    part = image.crop((0, round(top * scale), image.width, round(bottom * scale))).convert("L")
    inked = ImageChops.invert(part).point(lambda value: 255 * (value > 30)).getprojection()[1]
    blank = [row / scale + top for row, ink in enumerate(inked) if not ink]
    starts = [edge for edge in blank if edge <= min(first, top + BELOW)]
    ends = [edge for edge in blank if edge >= max(last, bottom - BELOW / 2)]
    return starts[0] if starts else top, ends[-1] if ends else bottom


def _side(image: Image.Image, box: Box, scale: float) -> str:
    """On which side of a box a note covers least of what is printed."""
    left, top, right, bottom = box
    wide, high = NOTE
    middle = (top + bottom) / 2
    places = {
        "right": (right + 2, middle - high / 2, right + 2 + wide, middle + high / 2),
        "left": (left - 2 - wide, middle - high / 2, left - 2, middle + high / 2),
        "below": (right - wide, bottom + 2, right, bottom + 2 + high),
        "above": (right - wide, top - 2 - high, right, top - 2),
    }
    inked = {}
    for side, place in places.items():
        edges = (round(place[0] * scale), round(place[1] * scale),
                 round(place[2] * scale), round(place[3] * scale))  # fmt: skip
        if edges[0] < 0 or edges[1] < 0 or edges[2] > image.width or edges[3] > image.height:
            continue
        shades: list[int] = image.crop(edges).convert("L").histogram()
        inked[side] = sum(shades[:INK])
    return min(inked, key=inked.__getitem__, default="right")


def _sides(image: Image.Image, bands: list[tuple[float, float]], scale: float) -> Any:
    """The left and right edge of all that is printed in the bands, in points."""
    edges: list[tuple[int, int]] = []
    for top, bottom in bands:
        part = image.crop((0, round(top * scale), image.width, round(bottom * scale))).convert("L")
        ink = ImageChops.invert(part).point(lambda value: 255 * (value > 30)).getbbox()
        edges += [(ink[0], ink[2])] if ink else []
    left = min((edge[0] for edge in edges), default=0) / scale - ASIDE
    right = max((edge[1] for edge in edges), default=image.width) / scale + ASIDE
    return max(0.0, left), min(image.width / scale, right)


def _encoded(image: Image.Image) -> tuple[str, bytes]:
    stream = io.BytesIO()
    image.quantize(COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(
        stream, "PNG", optimize=True
    )
    if stream.tell() <= LARGE:
        return "image/png", stream.getvalue()
    photograph = io.BytesIO()
    image.save(photograph, "JPEG", quality=60)
    both = (("image/png", stream), ("image/jpeg", photograph))
    kind, smaller = min(both, key=lambda item: item[1].tell())
    return kind, smaller.getvalue()


def _union(boxes: list[Box]) -> Box:
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def _main() -> int:
    with contextlib.suppress(ImportError, OSError, ValueError):  # Windows has no limits
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    asked, _, content = sys.stdin.buffer.read().partition(b"\n")
    try:
        sys.stdout.write(json.dumps(cut(content, json.loads(asked))))
    except (pdfium.PdfiumError, ValueError, MemoryError) as error:
        print(" ".join(str(error).split()) or type(error).__name__, file=sys.stderr)
        return REFUSED
    return 0


if __name__ == "__main__":
    sys.exit(_main())
