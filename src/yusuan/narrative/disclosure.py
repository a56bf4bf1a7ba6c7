"""One document understood: its identity, tables, target forms and passages."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, zip_longest
from pathlib import PurePath

from yusuan.model.document import ArchiveMember, Document
from yusuan.model.errors import YusuanError
from yusuan.model.text import counted, normal
from yusuan.narrative.identity import Identity, StatedCover, identify, kind_of, stated_cover
from yusuan.narrative.organisation_names import name_match, organisation_in
from yusuan.narrative.passages import Passage, passages
from yusuan.narrative.quantities import quantities
from yusuan.narrative.targets import TargetTable, read_targets
from yusuan.schema.messages import message
from yusuan.schema.wording import wording
from yusuan.tables import ReadingProblem, StandardTable, find_tables
from yusuan.tables.captions import is_of_government
from yusuan.tables.records import UnrecognisedPart, repeat_key
from yusuan.tables.undetected import undetected_tables, with_detected_tables, with_unread_rests
from yusuan.tables.unrecognised import UnrecognisedGrid, unrecognised_table

__all__ = ["Disclosure", "is_narrative", "understand", "without_tables"]

_HINTS = 12
_LONGEST_TITLE = 60
_COVER_LINES = 12
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")


@dataclass(frozen=True, slots=True)
class Disclosure:
    """What one document discloses, before departments of several documents are matched up.

    ``unrecognised`` are the grids with amounts that no step has read.
    """

    document: Document
    identity: Identity
    tables: tuple[StandardTable, ...]
    targets: tuple[TargetTable, ...]
    unrecognised: tuple[UnrecognisedGrid, ...]
    passages: tuple[Passage, ...]
    of_others: tuple[Passage, ...] = ()
    """What stands under the titles of other bodies, whose tables the document prints as well."""


def understand(document: Document) -> Disclosure:
    """Recognise everything in a document.

    A narrative without tables is understood too: its tables may be in another file of the
    same department. Raises YusuanError when the text is no budget disclosure at all.
    """
    document = with_detected_tables(document)
    found, others = find_tables(document)
    targets, others = read_targets(others)
    unread = tuple(other for other in others if other.amounts)
    stated = [table.organisation for table in found if table.organisation]
    texts = tuple(passages(document))
    if title := _of_government(document, found, unread):
        raise YusuanError(
            f"{document.file}: “{title}” is of a whole government's budget, not of a department's; "
            "that is outside what yusuan reads"
        )
    _refuse_several(document, _covers(document, found))
    try:
        identity = identify(document, stated, texts)
    except YusuanError as error:
        raise error if found else YusuanError(without_tables(document, unread)) from None
    completed = with_unread_rests(found, unread, document)
    of_others = _under_titles_of_others(texts, found, identity.names)
    aside = set(map(id, of_others))
    return Disclosure(
        document=document,
        identity=identity,
        tables=tuple(
            _dated(table, identity.fiscal_year)
            for table in _distinct(completed, document.members, identity.names)
        ),
        targets=tuple(targets),
        unrecognised=unread,
        passages=tuple(passage for passage in texts if id(passage) not in aside),
        of_others=of_others,
    )


def _under_titles_of_others(
    texts: Sequence[Passage], found: Sequence[StandardTable], names: Sequence[str]
) -> tuple[Passage, ...]:
    """The passages between the title of another body's budget, below which a table says that this
    body drew it up, and the next title of the document's own."""
    bodies = {
        table.organisation: table.position
        for table in found
        if table.organisation and not _is_of(names, table.organisation)
    }
    first = min((table.position for table in found), default=None)
    taken: list[Passage] = []
    other = False
    for passage in texts if bodies and first else ():
        line = normal(passage.text)
        name = organisation_in(line) if len(line) <= _LONGEST_TITLE and kind_of(line) else None
        if name and _is_of(names, name):
            other = False
        elif name and first and passage.position > first:
            other = any(
                name_match(name, body) and position > passage.position
                for body, position in bodies.items()
            )
        if other:
            taken.append(passage)
    return tuple(taken)


def _is_of(names: Sequence[str], body: str) -> bool:
    return any(name_match(name, body) for name in names)


def is_narrative(disclosure: Disclosure) -> bool:
    """Whether a document without tables is the narrative of a budget or of accounts: it calls
    itself one, and states amounts.

    Grids with amounts that no step has read may be its tables; then it is not.
    """
    identity = disclosure.identity
    titled = identity.kind or (identity.title and kind_of(identity.title))
    amounts = any(
        quantity.amount is not None
        for passage in disclosure.passages
        for quantity in quantities(passage.text)
    )
    return bool(titled) and amounts and not disclosure.unrecognised


def without_tables(document: Document, unread: Sequence[UnrecognisedGrid]) -> str:
    """What to say of a document that has no budget table, nor a companion that has.

    What might be one follows, a line each, with what would make it known: grids, and rows of
    text outside any grid.
    """
    message = (
        f"{document.file}: no budget table found in {counted(document.lines, 'line')} "
        f"({counted(sum(1 for _ in document.grids), 'other table')}); "
        "is this a department's budget disclosure with its tables?"
    )
    parts = [*map(unrecognised_table, unread), *undetected_tables(document)]
    return "\n".join([message, *(_hint(document, each) for each in parts[:_HINTS])])


def _covers(document: Document, found: Sequence[StandardTable]) -> list[tuple[str, StatedCover]]:
    """What the members of an archive which have standard tables state of year, phase and whose they
    are, with their names."""
    covers = []
    pages = [table.position.page or 1 for table in found]
    for member, following in zip_longest(document.members, document.members[1:]):
        end = following.page if following else (document.pages or 0) + 1
        if not any(member.page <= page < end for page in pages):
            continue
        blocks = tuple(
            block for block in document.blocks if member.page <= (block.position.page or 1) < end
        )
        alone = replace(document, file=member.name, blocks=blocks, title=None, members=())
        covers.append((member.name, stated_cover(alone)))
    return covers


def _refuse_several(document: Document, covers: Sequence[tuple[str, StatedCover]]) -> None:
    """Raises YusuanError where the members of an archive are of several years, phases or bodies, be it
    by their names alone: all their rows would be of one."""
    periods = {cover.period: name for name, cover in reversed(covers) if cover.period}
    told = "; ".join(f"{name}: {year} {phase}" for (year, phase), name in periods.items())
    of_no_period = [name for name, cover in covers if not cover.period]
    if len(periods) > 1 or (told := "; ".join(_apart_by_year(of_no_period))):
        raise YusuanError(_no_one_document(document, "years or phases", told))
    bodies = {cover.organisation: name for name, cover in reversed(covers) if cover.organisation}
    if any(not name_match(one, two) for one, two in combinations(bodies, 2)):
        told = "; ".join(f"{name}: {body}" for body, name in bodies.items())
        raise YusuanError(_no_one_document(document, "departments or units", told))


def _apart_by_year(names: Iterable[str]) -> list[str]:
    """Paths that are the same but for a year.

    >>> _apart_by_year(["甲局/2023年/附件1.xlsx", "甲局/2024年/附件1.xlsx", "甲局/2024年/附件2.xlsx"])
    ['甲局/2023年/附件1.xlsx', '甲局/2024年/附件1.xlsx']
    """
    same: dict[str, dict[str, str]] = {}
    for name in names:
        years = "".join(_YEAR.findall(name))
        same.setdefault(_YEAR.sub("", name), {}).setdefault(years, name)
    return next((list(found.values()) for found in same.values() if len(found) > 1), [])


def _no_one_document(document: Document, what: str, told: str) -> str:
    return (
        f"{document.file}: holds the disclosures of several {what} ({told}), each a document of its "
        "own; unpack it and give its files"
    )


def _of_government(
    document: Document, found: Sequence[StandardTable], unread: Sequence[UnrecognisedGrid]
) -> str | None:
    """The title by which a document is a whole government's budget or accounts, else None.

    Either the document is titled so, or all tables that a title tells are a government's. One
    that calls itself a department's or a unit's is none, whatever tables it prints.
    """
    lines = [normal(paragraph.text) for paragraph in document.paragraphs]
    titles = [line for line in lines if len(line) <= _LONGEST_TITLE and "。" not in line]
    unprinted = [normal(document.title or ""), normal(PurePath(document.file).stem)]
    if any((kind := kind_of(line)) and kind[0] for line in (*titles, *unprinted)):
        return None
    for title in (*titles[:_COVER_LINES], *unprinted):
        if wording().government_documents.search(title) and not organisation_in(title):
            return title
    named = [table.title for table in found]
    named += [unrecognised_table(other).printed for other in unread]
    named = [title or unprinted[1] for title in named]
    own = [title for title in named if is_of_government(title)]
    return own[0] if own and len(own) == len(named) else None


def _hint(document: Document, part: UnrecognisedPart) -> str:
    page = f"page {part.position.page}, " if part.position.page else ""
    where = f"{document.file}, {page}line {part.position.line}"
    return f'{where}, "{part.printed}": {part.reason[1]}; {part.advice[1]}'


def _distinct(
    tables: list[StandardTable], members: Sequence[ArchiveMember], names: Sequence[str]
) -> tuple[StandardTable, ...]:
    """The tables in reading order; one that prints rows of another again is not taken, and one that
    prints the rows of another member of the archive with other numbers says so.

    Of several of a kind, such as expenditure by unit and by function, the one with the most
    amounts is the first; the others are numbered. Those that other bodies than the document's, of
    these ``names``, drew up come last.
    """

    def rank(table: StandardTable) -> tuple[bool, int]:
        body = table.organisation
        return bool(body and not _is_of(names, body)), -table.amounts

    kinds: dict[str, list[StandardTable]] = {}
    for table in tables:
        kinds.setdefault(table.resource.name, []).append(table)
    taken: list[StandardTable] = []
    for kind in kinds.values():
        first, *others = sorted(kind, key=rank)
        seen, number = _lines(first), 1
        own = []
        for table in others:
            if _lines(table) <= seen:
                first = replace(first, problems=(*first.problems, _repeated(table)))
                continue
            seen, number = seen | _lines(table), number + 1
            if _rows(table) == _rows(first) and _member(table, members) != _member(first, members):
                table = replace(table, problems=(*table.problems, _differing(table)))
            own.append(_numbered(table, number, first.organisation))
        taken += [first, *own]
    return tuple(sorted(taken, key=lambda table: table.position))


def _dated(table: StandardTable, fiscal_year: int) -> StandardTable:
    """A table, its rows below headings that state a year as many years before the document's
    (after it: below zero)."""
    rows = tuple(
        replace(row, years_before=fiscal_year - row.year) if row.year else row for row in table.rows
    )
    return replace(table, rows=rows)


def _lines(table: StandardTable) -> set[tuple[str, ...]]:
    """The rows as they are printed, without those that print no amount."""
    return {(row.key, *(amount.number.printed for amount in row.amounts))
            for row in table.rows if row.amounts}  # fmt: skip


def _rows(table: StandardTable) -> set[str]:
    return {row.key for row in table.rows if row.amounts}


def _member(table: StandardTable, members: Sequence[ArchiveMember]) -> int:
    return bisect([member.page for member in members], table.position.page or 0)


def _numbered(table: StandardTable, number: int, organisation: str | None) -> StandardTable:
    """A further table of its kind; where another unit drew it up, its rows are of that unit."""
    budget_unit = table.organisation if table.organisation != organisation else None
    rows = tuple(
        replace(row, key=repeat_key(number, row.key), budget_unit=row.budget_unit or budget_unit)
        for row in table.rows
    )
    return replace(table, rows=rows, number=number)


def _differing(table: StandardTable) -> ReadingProblem:
    return ReadingProblem(
        "repeated-table", table.position, None, table.title, *message("table-differs-by-file")
    )


def _repeated(table: StandardTable) -> ReadingProblem:
    return ReadingProblem(
        "repeated-table", table.position, None, table.title, *message("table-repeated")
    )
