"""The cell of a fact as a picture of its page (PDF) or as the table it stands in; what a finding rests on
as pictures of parts of pages.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable, Mapping
from typing import Any

from yusuan.explorer.evidence import picture_parts
from yusuan.model.errors import YusuanError
from yusuan.schema.version import software_version
from yusuan.serve.site import Raw, Site
from yusuan.show.crops import boxed
from yusuan.show.place import CellPlace, place_of, source_content
from yusuan.sources.archive import member_named

__all__ = ["EVIDENCE", "ROUTE", "cell_view", "evidence_path", "evidence_view", "view_path"]

ROUTE = r"^/-/page/(?P<fact>[^/]+)(?P<suffix>\.png|\.html)$"
EVIDENCE = r"^/-/evidence/(?P<finding>[^/]+)/(?P<number>[0-9]{1,2})\.png$"
_WIDTH, _PART = 1400, 760
"""Pixels that a page is wide, and that the part of it on the page of a fact is high."""
_TIMEOUT = 20.0
_MOST_WAITING = 16
"""Requests that may wait for a picture at a time; more are told to come again."""
_waiting = threading.BoundedSemaphore(_MOST_WAITING)
_drawing = threading.BoundedSemaphore(2)
_TYPES = {".png": "image/png", ".html": "text/html; charset=utf-8"}


def view_path(site: Site, fact: str) -> str | None:
    """The address of the view of a fact's cell; None when the package cannot show it."""
    try:
        place = _place(site, fact)
    except YusuanError:
        return None
    return f"/-/page/{fact}{place.suffix}" if place and place.source.is_file() else None


def cell_view(site: Site, fact: str, suffix: str, part: bool, known: str | None) -> Raw:
    """The view of a fact's cell; ``known`` is the If-None-Match of the request.

    A ``part`` of the page is what stands around the cell.
    Drawn by a process of its own, two at a time, and kept in memory for the next visitor.
    """
    try:
        place = _place(site, fact)
    except YusuanError as error:
        return Raw.sentence(422, _without_folder(site, str(error)))
    if place is None or place.suffix != suffix:
        return Raw.sentence(404, f"{fact}: nothing of this package is shown so.")
    height = _PART if part else None
    tag = _tag(place.document["sha256"], sorted(place.fact.items()), _WIDTH, height)
    return _drawn(
        site, tag, suffix, known, lambda: site.pictures.draw(place, _WIDTH, height, _TIMEOUT)
    )


def evidence_path(site: Site, finding: str, number: int, document: str) -> str | None:
    """The address of a picture of what a finding rests on; None when the package has no such document."""
    try:
        held = site.package.source(document).is_file()
    except YusuanError:
        return None
    return f"/-/evidence/{finding}/{number}.png" if held else None


def evidence_view(site: Site, finding: str, number: int, known: str | None) -> Raw:
    """The picture of a part of a page that a finding rests on, from 1, with the numbers outlined."""
    parts = picture_parts(site, finding)
    if not 0 < number <= len(parts):
        return Raw.sentence(404, f"{finding}: nothing of this package is shown so.")
    part = parts[number - 1]
    document = _rows(site, "select * from documents where document = ?", part.document)[0]
    name = document["file"]

    def draw() -> bytes:
        content = source_content(site.package.source(part.document), document["sha256"])
        if part.member:
            content = member_named(content, part.member, name)
        return boxed(site.pictures.pages, content, part.crop, part.roles, name, _TIMEOUT)

    tag = _tag(document["sha256"], part.crop, sorted(part.roles.items()))
    return _drawn(site, tag, ".png", known, draw)


def _drawn(site: Site, tag: str, suffix: str, known: str | None, draw: Callable[[], bytes]) -> Raw:
    headers = {
        "Content-Type": _TYPES[suffix], "ETag": tag, "Cache-Control": "public, max-age=3600",
        "X-Content-Type-Options": "nosniff",
    }  # fmt: skip
    if known and tag in (each.strip().removeprefix("W/") for each in known.split(",")):
        return Raw(304, b"", headers)
    drawn = site.pictures.get(tag)
    if drawn is None:
        if not _waiting.acquire(blocking=False):
            return _later("Many pages are being drawn; try again in a moment.")
        try:
            with _drawing:
                drawn = site.pictures.get(tag) or draw()
            site.pictures.keep(tag, drawn)
        except YusuanError as error:
            return Raw.sentence(422, _without_folder(site, str(error)))
        finally:
            _waiting.release()
    return Raw(200, drawn, headers)


def _without_folder(site: Site, message: str) -> str:
    """A message that does not tell strangers where on this machine the package is."""
    for folder in (site.package.folder.resolve(), site.package.folder):
        message = message.replace(f"{folder}{os.sep}", "")
    return message


def _later(text: str) -> Raw:
    answer = Raw.sentence(503, text)
    return Raw(answer.status, answer.body, {**answer.headers, "Retry-After": "5"})


def _place(site: Site, fact: str) -> CellPlace | None:
    found = _rows(site, "select * from facts where fact = ?", fact)
    if not found:
        return None
    document = _rows(site, "select * from documents where document = ?", found[0]["document"])
    row = _rows(
        site, 'select * from facts where document = ? and "table" = ? and page = ?',
        *(found[0][name] for name in ("document", "table", "page")),
    )  # fmt: skip
    return place_of(site.package, found[0], document[0], row) if document else None


def _rows(site: Site, sql: str, *parameters: object) -> list[Mapping[str, str]]:
    """Rows as the CSV of the package spells them."""
    return [{name: _text(row[name]) for name in row.keys()} for row in site.rows(sql, parameters)]  # noqa: SIM118


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _tag(*what: object) -> str:
    return f'"{hashlib.sha256(repr((software_version(), *what)).encode()).hexdigest()[:32]}"'
