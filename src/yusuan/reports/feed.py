"""What is new in a package as an Atom feed (RFC 4287): an entry for each document, newest first.

A feed is made of one package and nothing else, no clock either: the same package gives the same
bytes. Identifiers are the IRIs of the package, so that they stay when the site moves.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from yusuan.figures.derive import derived_rows
from yusuan.model.errors import YusuanError
from yusuan.model.money import plain
from yusuan.model.text import printable
from yusuan.package import Package
from yusuan.package.diff import CellChange, row_changes
from yusuan.presentation import grouped, money
from yusuan.schema import catalogue, data_path
from yusuan.schema.messages import Texts, message

__all__ = ["FEED", "FEED_TYPE", "FeedEntry", "as_atom", "feed_entries"]

FEED = "feed.atom"
"""Its path from the root of a site."""
FEED_TYPE = "application/atom+xml"
_DATES = ("available", "published")
"""The columns of a document that say when it was made public, the surest first."""
_KNOWN = (*_DATES, "retrieved")
_OFFICIAL = "source_url"

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class FigureChange:
    """A headline figure before and after, as it is shown; ``""`` where it was not stated."""

    name: Texts
    before: str
    after: str
    difference: str


@dataclass(frozen=True, slots=True)
class ReplacedDocument:
    """A document that replaces another or is replaced; ``whole`` unless only some tables are."""

    document: str
    title: str
    whole: bool = True


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """A document of the package.

    ``dated_by`` is the title of the column that its ``date`` is of; None where no column has one and
    it is the first day of the fiscal year. ``updated`` is a date and time in UTC: that of the
    document, or later, when another replaced it. ``file`` is the path of the document in the package, if
    it is there, ``official`` its official address (http or https only). ``changes`` are those of
    the headline figures that this document states anew; ``compared`` says whether they are known.
    """

    document: str
    iri: str
    title: str
    name: str
    department: str
    year: str
    phase: str
    phase_name: Texts
    date: str
    updated: str
    dated_by: Texts | None
    file: str | None
    media_type: str | None
    length: str
    official: str | None
    replaces: tuple[ReplacedDocument, ...]
    replaced_by: tuple[ReplacedDocument, ...]
    changes: tuple[FigureChange, ...]
    compared: bool


def feed_entries(package: Package) -> list[FeedEntry]:
    """The documents by date, the newest first, those of one day in the order of the package.

    Where a document replaces another of its budget, the headline figures are derived once more
    without it, in one pass over the facts. Raises YusuanError for rows that no package of ours has.
    """
    try:
        entries = list(_entries(package))
    except (ValueError, ArithmeticError, KeyError) as error:
        raise YusuanError(
            f"{package.folder}: the feed cannot be made: {error}; build the package anew"
        ) from error
    return sorted(entries, key=lambda entry: entry.date, reverse=True)


def _entries(package: Package) -> Iterator[FeedEntry]:
    resource = catalogue()["documents"]
    departments = {row["department"]: row["name"] for row in package.rows("departments")}
    phases = {row["code"]: (row["name"], row["name_en"]) for row in package.rows("phases")}
    paths = {item["name"]: item["path"] for item in package.descriptor["resources"]}
    documents = {row["document"]: row for row in package.rows("documents")}
    titles = {key: row["title"] or row["file"] for key, row in documents.items()}
    whole = {row["document"] for row in package.rows("revisions")}
    revised = ((row["document"], row["superseded_by"]) for row in package.rows("table-revisions"))
    revisions = list(dict.fromkeys(revised))
    replaces: dict[str, list[ReplacedDocument]] = defaultdict(list)
    replaced_by: dict[str, list[ReplacedDocument]] = defaultdict(list)
    for old, new in revisions:
        replaces[new].append(ReplacedDocument(old, titles[old], old in whole))
        replaced_by[old].append(ReplacedDocument(new, titles[new], old in whole))
    changes = _figure_changes(package, revisions) if revisions else {}
    for key, row in documents.items():
        dated, column = _dated(row)
        field = resource.field(column) if column else None
        yield FeedEntry(
            document=key,
            iri=package.base + (resource.about_url or "").format(**row),
            title=titles[key],
            name=row["file"],
            department=departments.get(row["department"], row["department"]),
            year=row["fiscal_year"],
            phase=row["phase"],
            phase_name=phases.get(row["phase"], (row["phase"], row["phase"])),
            date=dated,
            updated=_updated(dated, [documents[other.document] for other in replaced_by[key]]),
            dated_by=(field.title, field.title_en) if field else None,
            file=paths.get(f"source-{key}"),
            media_type=row["media_type"] if _MEDIA_TYPE.fullmatch(row["media_type"]) else None,
            length=str(int(row["bytes"])),
            official=_web_address(row.get(_OFFICIAL, "")),
            replaces=tuple(replaces[key]),
            replaced_by=tuple(replaced_by[key]),
            changes=tuple(changes.get(key, ())),
            compared=key in changes,
        )


_MEDIA_TYPE = re.compile(r"[A-Za-z0-9][\w.+-]{0,99}/[A-Za-z0-9][\w.+-]{0,99}", re.ASCII)
_WEB = re.compile(r"https?://[^\s<>\"{}|\\^`\x00-\x20]{1,2000}")


def _web_address(text: str) -> str | None:
    """An address that a reader may follow; what the package says else is not linked."""
    return text if _WEB.fullmatch(text) else None


def _dated(row: Row) -> tuple[str, str | None]:
    """The date of a document (YYYY-MM-DD) and the column that has it; without one, the first day of
    its fiscal year. Raises ValueError where that is no date."""
    for column in _DATES:
        if row.get(column):
            return date.fromisoformat(row[column]).isoformat(), column
    return date(int(row["fiscal_year"]), 1, 1).isoformat(), None


def _updated(dated: str, newer: Sequence[Row]) -> str:
    """When the entry of a document changed last (section 4.2.15): on its own date, or that of the
    latest document that replaces it, where it is known; a second later where that is no later."""
    if not newer:
        return f"{dated}T00:00:00Z"
    stated = (next(filter(None, map(row.get, _KNOWN)), "") for row in newer)
    last = max(date.fromisoformat(each).isoformat() if each else "" for each in stated)
    return f"{last}T00:00:00Z" if last > dated else f"{dated}T00:00:01Z"


# What replaces what


def _figure_changes(
    package: Package, revisions: Sequence[tuple[str, str]]
) -> dict[str, list[FigureChange]]:
    """By document that replaces others: the figures that it states and were not so before.

    What was before is what the budget's other documents say. A document whose budget says nothing
    without it is left out.
    """
    new = {by for _, by in revisions}
    budgets: set[str] = set()
    kept: set[str] = set()
    for row in package.rows("budgets"):
        documents = [*row["documents"].split("|"), *row["superseded"].split("|")]
        if not new.isdisjoint(documents):
            budgets.add(row["budget"])
            kept.update(each for each in documents if each not in new)

    def rows(name: str) -> Iterator[Row]:
        of_documents = any(field.name == "document" for field in catalogue()[name].fields)
        for row in package.rows(name) if name != "links" else ():
            if not of_documents or row["document"] in kept:
                yield row

    by_old = dict(reversed(revisions))
    figures = catalogue()["figures"]
    names = [field.name for field in figures.fields]
    budget, document = names.index("budget"), names.index("document")
    before = [row for name, row in derived_rows(rows) if name == figures.name]
    known = {row[budget] for row in before} & budgets
    after = [row for row in package.records("figures") if row[budget] in known]
    stated = {row[document] for row in after}
    changes: dict[str, list[FigureChange]] = {by: [] for by in new & stated}
    for change in row_changes(figures, [row for row in before if row[budget] in known], after):
        cells = [cell for cell in change.cells() if cell.field.name in _NUMBERS]
        by = change.row["document"]
        if change.kind == "removed":  # whoever replaces the one that had it no longer states it
            by = by_old.get(by, by)
        if cells and by in changes:
            changes[by].append(_shown(change.row, cells[0]))
    return changes


_NUMBERS = ("amount", "quantity")
"""A figure is money, or a number of things."""


def _shown(row: Row, cell: CellChange) -> FigureChange:
    difference = "" if cell.difference is None else plain(cell.difference)
    sign = "+" if difference and not difference.startswith("-") else ""

    def number(text: str) -> str:
        return money(text) if cell.field.is_money else f"{grouped(text)} {row['quantity_unit']}"

    before, after, by = (text and number(text) for text in (cell.before, cell.after, difference))
    return FigureChange((row["name"], row["name_en"]), before, after, by and sign + by)


# Atom


def as_atom(
    package: Package, entries: Sequence[FeedEntry], root: str, page: str, files: str
) -> bytes:
    """The feed of the site at ``root`` (an http or https URL that ends in a slash), in UTF-8.

    ``page`` is the path of a document's page from there, with ``{document}`` in it, ``files`` that
    of the package's folder.
    """
    resource = catalogue()["documents"]
    columns = ("department", "fiscal_year", "phase", "file")
    titles = {name: (resource.field(name).title, resource.field(name).title_en) for name in columns}
    figures = catalogue()["figures"]
    about = package.descriptor
    text = _template().render(
        id=package.base + "id/catalog",
        title=about["title"],
        title_en=about["title@en"],
        updated=max((entry.updated for entry in entries), default=_NEVER),
        root=root,
        path=FEED,
        entries=entries,
        titles={**titles, "figure": (figures.title, figures.title_en)},
        words={name.replace("-", "_"): message(f"feed-{name}") for name in _WORDS},
        page=lambda document: root + page.format(document=quote(document)),
        file=lambda path: root + files + quote(path),
    )  # fmt: skip
    return text.encode("utf-8")


_WORDS = ("replaces", "replaced-by", "in-part", "undated", "figures", "unchanged", "before", "after",
          "difference")  # fmt: skip
_NEVER = "1970-01-01T00:00:00Z"
"""When a feed without entries was updated: it must say a time (section 4.2.15)."""
_NO_XML = re.compile("[^\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML document may hold (XML 1.0, production 2); line ends are blanks already."""


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(data_path("publish")), autoescape=True,
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, finalize=_text,
    )  # fmt: skip
    return environment.get_template(f"{FEED}.j2")


def _text(value: object) -> object:
    """Every value of the template on its way to be escaped: as one line without control characters."""
    return value if isinstance(value, Markup) else _NO_XML.sub("", printable(str(value)))
