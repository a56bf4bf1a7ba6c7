"""Parts of pages of a PDF as pictures, with the places on them that are to be marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from yusuan.show.drawing import asked_of, page_workers
from yusuan.sources.fragments import Box
from yusuan.workers.pool import WorkerPool

__all__ = ["Crop", "CropPictures", "Mark", "Marked", "Strip", "boxed", "cut", "page_workers"]

SECONDS = 60.0
"""The longest that all the parts of one document may take."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What to mark: a ``box`` in points as displayed, or the ``part`` of a line of ``text``
    that stands after the words ``before``."""

    id: str
    box: Box | None = None
    text: str = ""
    part: str = ""
    before: str = ""


@dataclass(frozen=True, slots=True)
class Crop:
    """The part of a page (from 1) around some marks, with the ``head`` of their table.

    The page is turned counter-clockwise by ``turn`` degrees.
    """

    page: int
    marks: tuple[Mark, ...]
    head: Box | None = None
    turn: int = 0


@dataclass(frozen=True, slots=True)
class Marked:
    """Where a mark is, in parts of the width and height: left, top, width, height.

    ``kind`` is "line" for the lines of a text, blank for what is marked in them, or a box. On
    its ``side`` (right, left, below, above) a note covers least of the page.
    """

    id: str
    kind: str
    side: str
    box: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Strip:
    """A picture, ``content`` in Base64, sizes in pixels."""

    type: str
    content: str
    width: int
    height: int
    marks: tuple[Marked, ...]


@dataclass(frozen=True, slots=True)
class CropPictures:
    """Strips of one page from the top down, all ``points`` wide."""

    strips: tuple[Strip, ...]
    points: float


def cut(
    pool: WorkerPool, content: bytes, crops: Sequence[Crop], name: str
) -> list[CropPictures | None]:
    """A shot for each crop of a PDF; None where nothing of it is found.

    Drawn by ``page_workers``. Raises YusuanError naming the file when that fails.
    """
    task = {"cut": [asdict(crop) for crop in crops]}
    header, _ = asked_of(pool, task, content, name, SECONDS)
    return [_pictures(item) if item else None for item in header["crops"]]


def boxed(
    pool: WorkerPool,
    content: bytes,
    crop: Crop,
    roles: Mapping[str, str],
    name: str,
    seconds: float = SECONDS,
) -> bytes:
    """The part of a PDF page that a crop asks for as one PNG, its marks outlined by their ``roles``
    (``page_pictures.boxed``). Raises YusuanError naming the file when that fails."""
    task = {"boxed": {"crop": asdict(crop), "roles": dict(roles)}}
    return asked_of(pool, task, content, name, seconds)[1]


def _pictures(item: dict[str, object]) -> CropPictures:
    strips: list[dict[str, object]] = item["strips"]  # type: ignore[assignment]
    made = []
    for strip in strips:
        marks: list[dict[str, object]] = strip.pop("marks")  # type: ignore[assignment]
        made.append(Strip(**strip, marks=tuple(Marked(**mark) for mark in marks)))  # type: ignore[arg-type]
    return CropPictures(tuple(made), float(item["points"]))  # type: ignore[arg-type]
