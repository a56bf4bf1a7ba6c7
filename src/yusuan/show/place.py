"""Where the cell of a fact is: the source document in the package, and the place in it."""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from yusuan.lexicon.units import unit_name
from yusuan.model.errors import YusuanError
from yusuan.package import Package
from yusuan.presentation import money
from yusuan.sources.fragments import ARCHIVE_TYPES, PagePlace, page_place, split_member

__all__ = ["CellPlace", "find_place", "place_of", "source_content"]

Row = Mapping[str, str]
"""A row of a resource as text; blanks are empty."""


@dataclass(frozen=True, slots=True)
class CellPlace:
    """The cell of a fact.

    ``source`` is the document in the package, ``member`` the file in it when it is an archive.
    ``page`` is set for PDFs. ``sideways`` tells that the row of the cell runs down the page.
    """

    fact: Row
    document: Row
    source: Path
    member: str | None
    page: PagePlace | None
    sideways: bool

    @property
    def suffix(self) -> str:
        """What the place is shown as: a picture of the page, or a web page."""
        return ".png" if self.page else ".html"

    @property
    def words(self) -> str:
        """Where the cell is and what it prints, in one line."""
        fact = self.fact
        where = [self.document["file"]]
        where += [f"page {fact['page']}"] if fact["page"] else []
        where += [f"line {fact['line']}", f"cell {fact['cell']}"]
        named = f" ({fact['fragment']})" if fact["fragment"] else ""
        return (
            f"{', '.join(where)}{named}: prints {fact['printed']} in "
            f"{unit_name(int(fact['unit']))}, which is {money(fact['amount'])} yuan"
        )

    def content(self) -> bytes:
        """The bytes of the source. Raises YusuanError unless they are those that were read."""
        return source_content(self.source, self.document["sha256"])


def source_content(source: Path, sha256: str) -> bytes:
    """The bytes of a document in a package. Raises YusuanError unless they have that checksum."""
    try:
        content = source.read_bytes()
    except FileNotFoundError:
        raise YusuanError(f"{source}: missing; build the package anew") from None
    if hashlib.sha256(content).hexdigest() != sha256:
        raise YusuanError(
            f"{source}: changed since the package was built (its SHA-256 differs), so "
            "the place of the cell may be wrong; build the package anew"
        )
    return content


def find_place(package: Package, key: str) -> CellPlace:
    """The place of a fact, or of the fact a finding is about.

    Raises YusuanError for an unknown key, naming the nearest ones, and when the source is
    not in the package.
    """
    fact = _fact(package, key)
    if fact is None:
        fact = _fact(package, _of_finding(package, key))
    if fact is None:
        raise YusuanError(f"{key}: its fact is not in {package.folder}; build the package anew")
    document = next(
        (row for row in package.rows("documents") if row["document"] == fact["document"]), None
    )
    if document is None:
        raise YusuanError(f"{key}: its document is not in {package.folder}; build it anew")
    page = [row for row in package.rows("facts") if row["document"] == fact["document"]]
    return place_of(package, fact, document, page)


def place_of(package: Package, fact: Row, document: Row, others: Iterable[Row]) -> CellPlace:
    """The place of a fact; ``others`` are facts of the same document.

    Raises YusuanError when the package does not have the source.
    """
    source = package.source(fact["document"])
    member, fragment = None, fact["fragment"] or None
    if document["media_type"] in ARCHIVE_TYPES and fragment:
        member, fragment = split_member(fragment)
    within_pdf = member or document["media_type"] == "application/pdf"
    page = page_place(fragment) if within_pdf and fragment else None
    return CellPlace(
        fact, document, source, member, page, _is_sideways(fact, others),
    )  # fmt: skip


def _fact(package: Package, key: str) -> Row | None:
    return next((row for row in package.rows("facts") if row["fact"] == key), None)


def _of_finding(package: Package, key: str) -> str:
    """The fact of a finding."""
    for row in package.rows("findings"):
        if row["finding"] == key:
            if row["fact"]:
                return row["fact"]
            raise YusuanError(
                f"{key}: this finding is about no single fact but {row['location']}; "
                "look there in the source"
            )
    known = [row["fact"] for row in package.rows("facts")]
    near = ", ".join(_nearest(key, known))
    raise YusuanError(
        f"{key}: no fact or finding of {package.folder} is called so; "
        + (f"the nearest are {near}" if near else "the package has no facts")
    )


def _nearest(key: str, known: list[str]) -> list[str]:
    """The ids most like a key, by the words they share and then by their letters."""
    words = set(key.split("-"))
    likely = sorted(known, key=lambda name: -len(words & set(name.split("-"))))[:200]
    return difflib.get_close_matches(key, likely, n=3, cutoff=0.0)


def _is_sideways(fact: Row, others: Iterable[Row]) -> bool:
    """Whether the cells of a row stand below each other on the page: a table set sideways."""
    own = page_place(fact["fragment"].rpartition("#")[2])
    if own is None or own.box is None:
        return False
    for other in others:
        if _row(other) != _row(fact) or other["fact"] == fact["fact"]:
            continue
        place = page_place(other["fragment"].rpartition("#")[2])
        if place is None or place.box is None or place.box == own.box:
            continue
        if _overlap(own.box[1::2], place.box[1::2]):
            return False
        if _overlap(own.box[0::2], place.box[0::2]):
            return True
    return False


def _row(fact: Row) -> tuple[str, str, str]:
    """Facts of one printed row have these in common."""
    return fact["table"], fact["page"], re.sub(r"\D", "", fact["cell"])


def _overlap(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    """Whether two intervals share half of the shorter."""
    shared = min(one[1], other[1]) - max(one[0], other[0])
    return shared >= min(one[1] - one[0], other[1] - other[0]) / 2 > 0
