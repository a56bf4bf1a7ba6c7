"""Saved web pages (MHT, MHTML): a page with its parts in one file, as browsers and Excel save it.

The file is a mail message (RFC 2557): the page is the part that the message names as its start,
else the first part in HTML; style sheets kept beside it are read with it.
"""

from __future__ import annotations

import email
from collections.abc import Iterable, Iterator
from dataclasses import replace
from email.message import Message
from itertools import islice

from yusuan.model.document import Block, Position
from yusuan.model.errors import YusuanError
from yusuan.sources import limits
from yusuan.sources.html import read_html
from yusuan.sources.reading import Reading, moved

__all__ = ["read_mht"]

_PAGES = ("text/html", "application/xhtml+xml")


def read_mht(content: bytes, file: str) -> Reading:
    """Read the page, and the sheets of a workbook saved so, one below the other.

    Positions are lines of the page, which the file holds encoded; several pages are numbered. Raises YusuanError when no
    part is a page, or there are more parts than any page has.
    """
    try:
        message = email.message_from_bytes(content)
        parts = list(islice(message.walk(), limits.MEMBERS + 1))
    except RecursionError as error:
        raise YusuanError(
            f"{file}: parts within parts too deep to read; save it as HTML"
        ) from error
    if len(parts) > limits.MEMBERS:
        raise YusuanError(f"{file}: more than {limits.MEMBERS:,} parts; save it as HTML")
    pages = [part for part in parts if part.get_content_type() in _PAGES]
    sheets = [_text(part) for part in parts if part.get_content_type() == "text/css"]
    start = str(message.get_param("start") or "").strip("<> ")
    pages.sort(key=lambda part: str(part.get("Content-ID", "")).strip("<> ") != start or not start)
    found: list[Reading] = []
    for page in pages:
        text = _text(page)
        if not text.strip() or "<frameset" in text[:20_000].lower():
            continue  # a workbook's frame around its sheets
        found.append(read_html(text.encode("utf-8", "replace"), file, sheets))
    if not found:
        raise YusuanError(
            f"{file}: a web archive (MHT) without a page that can be read; "
            "open it in a browser and save it as HTML"
        )
    if len(found) == 1:
        return replace(found[0], encoding=None)
    blocks = tuple(
        block
        for number, reading in enumerate(found, start=1)
        for block in _on_page(reading.blocks, number)
    )
    lines = sum(reading.lines for reading in found)
    notes = tuple(
        replace(note, page=number)
        for number, reading in enumerate(found, start=1)
        for note in reading.notes
    )
    return Reading(blocks, lines, len(found), notes=notes, title=found[0].title)


def _on_page(blocks: Iterable[Block], page: int) -> Iterator[Block]:
    return (moved(block, lambda at: Position(at.line, page)) for block in blocks)


def _text(part: Message[str, str]) -> str:
    """The text of a part. What is valid UTF-8 is UTF-8 whatever the part declares."""
    payload = part.get_payload(decode=True)
    content = payload if isinstance(payload, bytes) else b""
    declared = part.get_content_charset() or "gb18030"
    for name in ("utf-8-sig", declared, "gb18030"):
        try:
            return content.decode("gb18030" if name in ("gb2312", "gbk") else name)
        except (UnicodeDecodeError, LookupError):
            continue
    return content.decode("gb18030", "replace")
