"""What a worker does that draws pages of a PDF, whole or the parts that a report shows.

PDFium is native code that meets files of strangers, so it gets a process of its own with limits.
"""

from __future__ import annotations

import base64
import ctypes
import io
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw
from PIL import Image, ImageChops, ImageDraw

from yusuan.workers.messages import Message, TaskRefused

__all__ = ["CELL", "MOST_PIXELS", "ROW", "boxed", "cut", "draw", "start"]

MOST_PIXELS = 16_000_000
"""Of a page."""
CELL, ROW = (214, 32, 32), (255, 243, 189)
"""The colours of the outline of a cell and of its row."""
CONTRADICTED, RULE = (224, 138, 0), (217, 222, 227)
"""The outline of what contradicts a number, and what stands between two strips."""
GAP, DASH = 6, 14
"""Pixels between two strips; of a dash and what is between two."""
SCALE, WIDEST = 2.0, 1875
"""Pixels for a point, and for the longer side of a page at most."""
ABOVE, BELOW, ASIDE, READABLE = 46, 34, 10, 440
"""Points of a page shown around what is marked, and of a long line of text."""
APART, HIGHEST = 150, 480
"""Points that two marks are apart to be shown in two strips; that a strip is high at most."""
NOTE, INK = (62.0, 11.0), 160
"""Points that the note beside a box is wide and high; shades darker must not be covered."""
COLOURS, LARGE = 16, 160_000
"""Of print; what takes more bytes with so few is a photograph, which JPEG does better."""
FEWEST = 6
"""Characters of a text that are enough to find it."""
PRINTED = 225
"""Pixels darker than this are printed on."""

Box = tuple[float, float, float, float]
_Pixels = tuple[int, int, int, int]


def start() -> Callable[[Mapping[str, Any], bytes], Message]:
    """What answers with a PNG when asked for one ``boxed`` or to ``draw``, and with JSON when asked to
    ``cut``, each with the arguments of that function; the content of the PDF comes with the task."""

    def answer(task: Mapping[str, Any], content: bytes) -> Message:
        try:
            if "draw" in task:
                return {}, draw(content, **task["draw"])
            if "boxed" in task:
                return {}, boxed(content, **task["boxed"])
            return {"crops": cut(content, task["cut"])}, b""
        except (pdfium.PdfiumError, ValueError) as error:
            reason = " ".join(str(error).split()) or type(error).__name__
            raise TaskRefused("refused", reason) from error

    return answer


def draw(
    content: bytes,
    page: int,
    box: list[float] | None,
    width: int,
    height: int | None,
    sideways: bool,
) -> bytes:
    """The page (from 1) with the box (points, as displayed) outlined and its row tinted. Raises
    ValueError where there is no such page.

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
        image = _outlined(image, (left, top, max(right, left + 1), max(bottom, top + 1)), sideways)
        if height and image.height > height:
            start = min(max((top + bottom - height) // 2, 0), image.height - height)
            image = image.crop((0, start, image.width, start + height))
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return stream.getvalue()


def _outlined(image: Image.Image, box: _Pixels, sideways: bool) -> Image.Image:
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


def _row(image: Image.Image, box: _Pixels, sideways: bool) -> _Pixels:
    """The row of a cell: as far along the page as anything is printed beside the cell."""
    left, top, right, bottom = box
    strip = (left, 0, right, image.height) if sideways else (0, top, image.width, bottom)
    ink = image.crop(strip).convert("L").point(lambda value: 255 * (value < PRINTED)).getbbox()
    if ink is None:
        return box
    if sideways:
        return left, min(top, ink[1]), right, max(bottom, ink[3])
    return min(left, ink[0]), top, max(right, ink[2]), bottom


def _size(box: _Pixels) -> tuple[int, int]:
    return box[2] - box[0], box[3] - box[1]


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
    done: list[dict[str, Any] | None] = [None] * len(crops)
    for index, crop in enumerate(crops):
        wanted.setdefault(crop["page"], []).append(index)
    for number in sorted(number for number in wanted if number <= len(document)):
        page = _DrawnPage(document[number - 1])
        for index in wanted[number]:
            if found := _strips(page, crops[index]):
                strips, points = found
                encoded = [_encoded_strip(piece, marks) for piece, marks in strips]
                done[index] = {"strips": encoded, "points": points}
    return done


def boxed(content: bytes, crop: dict[str, Any], roles: Mapping[str, str]) -> bytes:
    """The strips of one crop as one PNG, from the top down, the marks outlined: ``roles`` says by the
    id of a mark whether it is ``named``, ``contradicted`` or a ``candidate``. Raises ValueError where
    nothing of it is on the page.
    """
    document = pdfium.PdfDocument(content)
    found = None
    if crop["page"] <= len(document):
        found = _strips(_DrawnPage(document[crop["page"] - 1]), crop)
    if found is None:
        raise ValueError(f"page {crop['page']} does not show it")
    pieces = [_with_outlines(piece, marks, roles) for piece, marks in found[0]]
    high = sum(piece.height for piece in pieces) + GAP * (len(pieces) - 1)
    whole = Image.new("RGB", (max(piece.width for piece in pieces), high), RULE)
    top = 0
    for piece in pieces:
        whole.paste(piece, (0, top))
        top += piece.height + GAP
    stream = io.BytesIO()
    whole.quantize(64, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(
        stream, "PNG", optimize=True
    )
    return stream.getvalue()


def _with_outlines(
    piece: Image.Image, marks: list[dict[str, Any]], roles: Mapping[str, str]
) -> Image.Image:
    """A strip with its marks: lines of a text tinted, what they are about outlined."""
    shown = piece.copy()
    drawn = ImageDraw.Draw(shown)
    for mark in marks:
        left, top, wide, high = mark["box"]
        box = (round(left * piece.width), round(top * piece.height),
               round((left + wide) * piece.width), round((top + high) * piece.height))  # fmt: skip
        if mark["kind"]:
            part = shown.crop(box)
            shown.paste(ImageChops.multiply(part, Image.new("RGB", part.size, ROW)), box)
            continue
        role = roles[mark["id"]]
        colour = CONTRADICTED if role == "contradicted" else CELL
        edges = (box[0] - 3, box[1] - 3, box[2] + 2, box[3] + 2)
        drawn.rectangle(edges, outline=colour, width=3)
        if role == "candidate":  # dashed
            for across in range(edges[0] + DASH, edges[2] - 3, 2 * DASH):
                for y in (edges[1], edges[3] - 2):
                    drawn.rectangle((across, y, across + DASH // 2, y + 2), fill=(255, 255, 255))
    return shown


class _DrawnPage:
    """One page, drawn once; its characters are looked up only when a text is asked for."""

    def __init__(self, page: Any) -> None:
        self._page = page
        self.wide, self.high = page.get_size()
        most = (MOST_PIXELS / (self.wide * self.high)) ** 0.5
        scale = min(SCALE, WIDEST / max(self.wide, self.high), most)
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
        lines = self._boxes(start, len(text) if start >= 0 else 0)
        clue = before + part
        there = (
            whole.find(clue, max(0, start)) if part and len(clue) >= min(FEWEST, len(text)) else -1
        )
        return lines, self._boxes(there + len(before), len(part)) if there >= 0 else []

    def _boxes(self, start: int, length: int) -> list[Box]:
        """One box for each line that characters stand in."""
        lines: list[Box] = []
        for _, box in (self._chars or [])[start : start + length]:
            if (
                lines
                and min(lines[-1][3], box[3]) - max(lines[-1][1], box[1]) > (box[3] - box[1]) / 2
            ):
                lines[-1] = _union([lines[-1], box])
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


def _strips(
    page: _DrawnPage, crop: dict[str, Any]
) -> tuple[list[tuple[Image.Image, list[dict[str, Any]]]], float] | None:
    """The pictures of the strips with their marks, and how many points they are wide."""
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
    if not any(mark["box"] for mark in crop["marks"]):
        left, right = _nearer(left, right, [box for _, kind, box in marks if not kind])
        marks = [
            (name, kind, (max(box[0], left), box[1], min(box[2], right), box[3]))
            for name, kind, box in marks
            if box[0] < right and box[2] > left
        ]
    strips = []
    for top, bottom in (_between_lines(image, band, marks, page.scale) for band in bands):
        piece = image.crop(_pixels((left, top, right, bottom), page.scale))
        shown = []
        for name, kind, box in marks:
            if top <= (box[1] + box[3]) / 2 <= bottom:
                wide, high = right - left, bottom - top
                where = [(box[0] - left) / wide, (box[1] - top) / high,
                         (box[2] - box[0]) / wide, (box[3] - box[1]) / high]  # fmt: skip
                side = "" if kind else _side(image, box, page.scale)
                shown.append({"id": name, "kind": kind, "side": side, "box": where})
        strips.append((piece, shown))
    return strips, right - left


def _turned(box: Any, page: _DrawnPage, turn: int) -> Box:
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
    return [*([(top, bottom)] if bottom < first[0] else []), *bands]


def _between_lines(
    image: Image.Image, band: tuple[float, float], marks: list[tuple[str, str, Box]], scale: float
) -> tuple[float, float]:
    """The band cut where nothing is printed, if there is such a place near its edges."""
    top, bottom = band
    inside = [box for _, _, box in marks if top <= box[1] and box[3] <= bottom]
    first = min((box[1] for box in inside), default=bottom)
    last = max((box[3] for box in inside), default=top)
    inked = _ink(image, top, bottom, scale).getprojection()[1]
    blank = [row / scale + top for row, ink in enumerate(inked) if not ink]
    start = next((edge for edge in blank if edge <= min(first, top + BELOW)), top)
    end = max((edge for edge in blank if edge >= max(last, bottom - BELOW / 2)), default=bottom)
    return start, end


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
        edges = _pixels(place, scale)
        if edges[0] < 0 or edges[1] < 0 or edges[2] > image.width or edges[3] > image.height:
            continue
        shades: list[int] = image.crop(edges).convert("L").histogram()
        inked[side] = sum(shades[:INK])
    return min(inked, key=inked.__getitem__, default="right")


def _sides(image: Image.Image, bands: list[tuple[float, float]], scale: float) -> Any:
    """The left and right edge of all that is printed in the bands, in points."""
    edges: list[tuple[int, int]] = []
    for top, bottom in bands:
        if ink := _ink(image, top, bottom, scale).getbbox():
            edges.append((ink[0], ink[2]))
    left = min((edge[0] for edge in edges), default=0) / scale - ASIDE
    right = max((edge[1] for edge in edges), default=image.width) / scale + ASIDE
    return max(0.0, left), min(image.width / scale, right)


def _nearer(left: float, right: float, boxes: list[Box]) -> tuple[float, float]:
    """The part of long lines of text around what is marked in them."""
    if right - left <= READABLE or not boxes:
        return left, right
    first, _, last, _ = _union(boxes)
    wide = min(right - left, max(READABLE, last - first + 2 * ABOVE))
    start = min(max(left, (first + last - wide) / 2), right - wide)
    return start, start + wide


def _encoded_strip(piece: Image.Image, marks: list[dict[str, Any]]) -> dict[str, Any]:
    kind, content = _encoded(piece)
    return {"type": kind, "content": base64.b64encode(content).decode(), "marks": marks,
            "width": piece.width, "height": piece.height}  # fmt: skip


def _encoded(image: Image.Image) -> tuple[str, bytes]:
    stream, photograph = io.BytesIO(), io.BytesIO()
    few = image.quantize(COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    few.save(stream, "PNG", optimize=True)
    if stream.tell() > LARGE:
        image.save(photograph, "JPEG", quality=60)
        if photograph.tell() < stream.tell():
            return "image/jpeg", photograph.getvalue()
    return "image/png", stream.getvalue()


def _ink(image: Image.Image, top: float, bottom: float, scale: float) -> Image.Image:
    part = image.crop((0, round(top * scale), image.width, round(bottom * scale))).convert("L")
    return part.point(lambda value: 255 * (value < PRINTED))


def _pixels(box: Box, scale: float) -> _Pixels:
    left, top, right, bottom = (round(edge * scale) for edge in box)
    return left, top, right, bottom


def _union(boxes: list[Box]) -> Box:
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)
