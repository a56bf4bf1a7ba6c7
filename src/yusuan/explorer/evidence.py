"""What findings rest on, as the report of ``yusuan check`` shows it: the rows of the printed tables and
the sentences, with the number that a finding names, those it contradicts and those in doubt marked; and
the parts of pages of PDFs to draw.
"""

from __future__ import annotations

import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from yusuan.explorer.views import (
    EvidenceMark,
    ExplorerData,
    FindingEvidence,
    MarkRole,
    SentenceExcerpt,
    TableExcerpt,
    ViewCell,
    ViewColumn,
    code_name,
    text_cell,
    word,
)
from yusuan.model.text import normal
from yusuan.schema import Field, catalogue
from yusuan.show.crops import Crop, Mark
from yusuan.sources.fragments import ARCHIVE_TYPES, PagePlace, page_place, split_member

__all__ = ["PicturePart", "evidence_of", "picture_parts"]

_NEAR, _MOST_ROWS = 1, 12
"""Rows of a table that are shown above and below a marked one, and in all."""
_HEAD = 40.0
"""Points above the first number of a table on a page: its headings, or the end of them."""
_CLUE = 12
"""Characters before a number to find it on a page by."""
_AT_ONCE = 500
_NUMBER = re.compile(r"[-+]?\d[\d,，.]*")


@dataclass(frozen=True, slots=True)
class _Marked:
    """A fact, a claim, or the row of a table that a finding without a number stands in."""

    kind: str
    row: sqlite3.Row
    mark: EvidenceMark


@dataclass(frozen=True, slots=True)
class PicturePart:
    """A part of a page of a PDF, which may be a ``member`` of an archive; ``roles`` are by the id of
    its marks."""

    document: str
    member: str | None
    crop: Crop
    roles: Mapping[str, MarkRole]


def evidence_of(data: ExplorerData, findings: Sequence[sqlite3.Row]) -> dict[str, FindingEvidence]:
    """The evidence of findings (rows of that table), by their keys."""
    marked = _marked(data, findings)
    shown = [each for listed in marked.values() for each in listed]
    tables = _ExcerptTables(data, shown)
    types = _media_types(data, shown)
    found = {}
    for finding, own in marked.items():
        by_place: dict[tuple[bool, str, str], list[_Marked]] = defaultdict(
            list
        )  # what is named first
        for each in own:
            told = each.kind == "claim"
            by_place[told, each.row["document"], each.row["sentence" if told else "table"]].append(
                each
            )
        excerpts = [
            _sentence(those) if told else tables.excerpt(document, table, those)
            for (told, document, table), those in by_place.items()
        ]
        found[finding] = FindingEvidence(
            finding,
            tuple(each for each in excerpts if each is not None),
            tuple(document for document, *_ in _picture_groups(own, types)),
        )
    return found


def picture_parts(data: ExplorerData, finding: str) -> list[PicturePart]:
    """The parts of pages that show what a finding rests on, in the order of its ``FindingEvidence``; none where no PDF prints it, or there is no such finding."""
    rows = data.rows("select * from findings where finding = ?", [finding])
    own = [each for listed in _marked(data, rows).values() for each in listed]
    return [
        _picture_part(data, *place, those)
        for place, those in _picture_groups(own, _media_types(data, own)).items()
    ]


def _marked(data: ExplorerData, findings: Sequence[sqlite3.Row]) -> dict[str, list[_Marked]]:
    """The marked places of findings, the named ones first, none twice."""
    keys = [row["finding"] for row in findings]
    evidence: dict[str, list[sqlite3.Row]] = defaultdict(list)
    for row in _rows_by(data, "evidence", "finding", keys):
        evidence[row["finding"]].append(row)
    cited = [*findings, *(row for listed in evidence.values() for row in listed)]
    numbers = {
        kind: {
            row[kind]: row
            for row in _rows_by(data, f"{kind}s", kind, [r[kind] for r in cited if r[kind]])
        }
        for kind in ("fact", "claim")
    }
    return {
        finding["finding"]: list(_all_marked(data, finding, evidence[finding["finding"]], numbers))
        for finding in findings
    }


def _rows_by(
    data: ExplorerData, table: str, column: str, values: Sequence[str]
) -> Iterator[sqlite3.Row]:
    wanted = list(dict.fromkeys(values))
    for begin in range(0, len(wanted), _AT_ONCE):
        part = wanted[begin : begin + _AT_ONCE]
        marks = ", ".join("?" * len(part))
        yield from data.rows(
            f"select * from {table} where {column} in ({marks}) order by rowid", part
        )


def _all_marked(
    data: ExplorerData,
    finding: sqlite3.Row,
    evidence: Sequence[sqlite3.Row],
    numbers: Mapping[str, Mapping[str, sqlite3.Row]],
) -> Iterator[_Marked]:
    """In the order of the report: candidates of a tie, what is named, its repetitions, the rest."""
    seen = set()
    told: list[tuple[sqlite3.Row, MarkRole, int | None, str | None]] = []
    if finding["certainty"] == "tied":
        told += [
            (row, "candidate", row["explanation"], row["proposed"])
            for row in evidence
            if row["role"] == "candidate"
        ]
    told.append((finding, "named", None, finding["proposed"]))
    told += [
        (row, "named", None, row["proposed"]) for row in evidence if row["role"] == "repetition"
    ]
    told += [
        (row, "contradicted", None, None)
        for row in evidence
        if row["role"] in ("contradiction", "counterpart")
    ]
    for row, role, number, proposed in told:
        for kind in ("fact", "claim"):
            key = row[kind]
            if key in numbers[kind] and key not in seen:
                seen.add(key)
                mark = EvidenceMark(role, f"id/{kind}/{key}", number, proposed)
                yield _Marked(kind, numbers[kind][key], mark)
    if not seen and finding["table"] and finding["line"]:
        yield _Marked("row", finding, EvidenceMark("named", None, None, finding["proposed"]))


def _sentence(claims: Sequence[_Marked]) -> SentenceExcerpt:
    """The sentence that claims stand in, with all that is marked in it."""
    row = claims[0].row
    pieces: list[tuple[str, EvidenceMark | None]] = [(row["sentence"], None)]
    for each in claims:
        pieces = list(_parted(pieces, each.row["printed"], each.mark))
    return SentenceExcerpt(row["document"], row["page"], row["line"], tuple(pieces))


def _parted(
    pieces: Iterable[tuple[str, EvidenceMark | None]], printed: str, mark: EvidenceMark
) -> Iterator[tuple[str, EvidenceMark | None]]:
    """The pieces of a sentence with one more number marked, if it is there."""
    found = False
    for text, known in pieces:
        before, part, after = ("", "", "") if known or found else _pieces(text, printed)
        if not part:
            yield text, known
            continue
        found = True
        yield from (piece for piece in ((before, None), (part, mark), (after, None)) if piece[0])


def _pieces(sentence: str, printed: str) -> tuple[str, str, str]:
    """What stands before the number, the number, what follows; all in the first where it is not there.

    >>> _pieces("共10.6万元，其中0.6万元。", "0.6万元")
    ('共10.6万元，其中', '0.6万元', '。')
    """
    alone = _NUMBER.match(printed)
    for part in filter(None, (printed, alone and alone[0])):
        if found := re.search(rf"(?<![\d.,]){re.escape(part)}", sentence):
            return sentence[: found.start()], found[0], sentence[found.end() :]
    return sentence, "", ""


class _ExcerptTables:
    """The printed tables that hold what is marked, each read once."""

    def __init__(self, data: ExplorerData, marked: Iterable[_Marked]) -> None:
        self._data = data
        self._titles = {
            (row["document"], row["table"]): row["title"]
            for row in _rows_by(
                data, "published_tables", "document",
                [each.row["document"] for each in marked if each.kind != "claim"],
            )
        }  # fmt: skip

    def excerpt(self, document: str, table: str, marked: Sequence[_Marked]) -> TableExcerpt | None:
        """The rows around what is marked; None where the package does not have them."""
        resource = catalogue()[table]
        places = self._places(document, table, marked)
        if not places:
            return None
        kept = sorted(set(places.values()))[:_MOST_ROWS]
        around = sorted({place for own in kept for place in range(own - _NEAR, own + _NEAR + 1)})
        rows = self._rows(document, table, around if len(around) <= _MOST_ROWS else kept)
        around = [*rows]
        named = {each.row["column"] for each in marked if each.kind == "fact"}
        fields = [
            field
            for field in resource.fields
            if field.role
            and (field.name in named or any(rows[place][field.name] for place in around))
        ]
        printed = self._printed([rows[place]["row"] for place in around], fields)
        printed |= {
            (each.row["row"], _column_of(each.row)): each.row["printed"]
            for each in marked
            if each.kind == "fact"
        }
        sides = 1 if resource.sides else 0
        columns = [ViewColumn("direction", word("side"))] * sides
        columns += [
            ViewColumn(
                field.name, (field.title, field.title_en),
                "printed" if field.role == "amount" else "text",
            )
            for field in fields
        ]  # fmt: skip
        # Columns that the standard table does not have are shown where one of their numbers is marked.
        others = list(
            dict.fromkeys(
                each.row["column_label"] or ""
                for each in marked
                if each.kind == "fact" and not each.row["column"]
            )
        )
        columns += [
            ViewColumn(f"column_{number}", (label, label), "printed")
            for number, label in enumerate(others, start=1)
        ]
        names = [*(field.name for field in fields), *others]
        marks = {}
        for each in marked:
            if (own := places.get(_row_of(each))) in rows:
                for column in _columns_of(each, rows[own], fields, names):
                    marks[around.index(own), column + sides] = each.mark
        zh, en = code_name("tables", table)
        return TableExcerpt(
            (self._titles.get((document, table)) or zh, en), document,
            rows[around[0]]["page"], tuple(columns),
            tuple(self._cells(rows[place], fields, others, printed, sides) for place in around),
            marks, frozenset(number for number, (one, next_) in enumerate(pairwise(around), 1) if next_ > one + 1),
        )  # fmt: skip

    def _places(
        self, document: str, table: str, marked: Sequence[_Marked]
    ) -> dict[tuple[object, ...], int]:
        """Where in the table the rows of what is marked stand, by ``_row_of``."""
        name = f'"{catalogue()[table].sql_name}"'
        keys = list(dict.fromkeys(each.row["row"] for each in marked if each.kind == "fact"))
        found: dict[tuple[object, ...], int] = {}
        for begin in range(0, len(keys), _AT_ONCE):
            part = keys[begin : begin + _AT_ONCE]
            for row in self._data.rows(
                f'select rowid as place, "row" from {name} where document = ? '
                f'and "row" in ({", ".join("?" * len(part))})',
                [document, *part],
            ):
                found[(row["row"],)] = row["place"]
        for each in marked:
            if each.kind == "row":
                for row in self._data.rows(
                    f"select rowid as place from {name} where document = ? and page is ? and line is ? limit 1",
                    [document, each.row["page"], each.row["line"]],
                ):
                    found[_row_of(each)] = row["place"]
        return found

    def _rows(self, document: str, table: str, places: Sequence[int]) -> dict[int, sqlite3.Row]:
        """The rows of a document at places of a table, in their order."""
        marks = ", ".join("?" * len(places))
        return {
            row["place"]: row
            for row in self._data.rows(
                f'select rowid as place, * from "{catalogue()[table].sql_name}" '
                f"where rowid in ({marks}) and document = ? order by rowid",
                [*places, document],
            )
        }

    def _printed(self, rows: Sequence[str], fields: Sequence[Field]) -> dict[tuple[str, str], str]:
        """What the facts of rows and columns print: the key of a fact is that of its row and column."""
        keys = {
            f"{row}-{field.name.replace('_', '-')}": (row, field.name)
            for row in rows
            for field in fields
            if field.role == "amount"
        }
        return {
            keys[fact["fact"]]: fact["printed"]
            for fact in _rows_by(self._data, "facts", "fact", list(keys))
        }

    @staticmethod
    def _cells(
        row: sqlite3.Row,
        fields: Sequence[Field],
        others: Sequence[str],
        printed: Mapping[tuple[str, str], str],
        sides: int,
    ) -> tuple[ViewCell, ...]:
        cells = [text_cell(code_name("directions", row["direction"]))] if sides else []
        for field in fields:
            text = printed.get((row["row"], field.name))
            value = row[field.name]
            cells.append(
                ViewCell(text if text is not None else None if value is None else str(value))
            )
        cells += [ViewCell(printed.get((row["row"], label))) for label in others]
        return tuple(cells)


def _column_of(fact: sqlite3.Row) -> str:
    """The column of a fact: of the standard table, else as printed."""
    column: str = fact["column"] or fact["column_label"] or ""
    return column


def _row_of(each: _Marked) -> tuple[object, ...]:
    """What tells the row of its table that something marked is in."""
    row = each.row
    return (row["row"],) if each.kind == "fact" else (row["page"], row["line"])


def _columns_of(
    each: _Marked, row: sqlite3.Row, fields: Sequence[Field], names: Sequence[str]
) -> list[int]:
    """The columns of a row that are marked: that of a fact; the texts that a finding quotes."""
    if each.kind == "fact":
        return [names.index(_column_of(each.row))]
    quoted = normal(each.row["printed"] or "")
    return [
        place
        for place, field in enumerate(fields)
        if field.role != "amount" and (text := row[field.name]) and normal(str(text)) in quoted
    ]


def _media_types(data: ExplorerData, marked: Iterable[_Marked]) -> dict[str, str]:
    """The media types of the documents of what is marked."""
    keys = [each.row["document"] for each in marked]
    return {
        row["document"]: row["media_type"] for row in _rows_by(data, "documents", "document", keys)
    }


_PictureGroup = tuple[str, str | None, int, str]
"""A document, the member of an archive, a page, and a table (empty for running text)."""


def _picture_groups(
    marked: Iterable[_Marked], types: Mapping[str, str]
) -> dict[_PictureGroup, list[_Marked]]:
    """What is shown together: the cells of one table on one page."""
    groups: dict[_PictureGroup, list[_Marked]] = defaultdict(list)
    for each in marked:
        row = each.row
        kind = types.get(row["document"], "")
        if each.kind == "claim" and kind == "application/pdf" and row["page"]:
            groups[row["document"], None, row["page"], ""].append(each)
        elif each.kind == "fact":
            member, place = _place(row, kind)
            if place and place.box:
                groups[row["document"], member, place.page, row["table"]].append(each)
    return groups


def _place(fact: sqlite3.Row, kind: str) -> tuple[str | None, PagePlace | None]:
    """The member of an archive and the place on a page that a fact is at."""
    member, fragment = None, fact["fragment"]
    if fragment and kind in ARCHIVE_TYPES:
        member, fragment = split_member(fragment)
    elif kind != "application/pdf":
        return None, None
    return member, page_place(fragment) if fragment else None


def _picture_part(
    data: ExplorerData,
    document: str,
    member: str | None,
    page: int,
    table: str,
    marked: Sequence[_Marked],
) -> PicturePart:
    marks = []
    for number, each in enumerate(marked):
        row = each.row
        if each.kind == "claim":
            before, part, _ = _pieces(row["sentence"], row["printed"])
            marks.append(Mark(f"m{number}", None, row["sentence"], part, before[-_CLUE:]))
        else:
            kind = "application/zip" if member else "application/pdf"
            place = _place(row, kind)[1]
            marks.append(Mark(f"m{number}", place.box if place else None))
    roles = {f"m{number}": each.mark.role for number, each in enumerate(marked)}
    if not table:
        return PicturePart(document, member, Crop(page, tuple(marks)), roles)
    boxes = _boxes(data, document, member, page, table)
    turn = _turn(boxes)
    head = None
    if boxes and not turn:
        lefts, tops, rights, _ = zip(*(box for _, box in boxes), strict=True)
        head = (min(lefts), max(0.0, min(tops) - _HEAD), max(rights), min(tops))
    return PicturePart(document, member, Crop(page, tuple(marks), head, turn), roles)


_Box = tuple[float, float, float, float]


def _boxes(
    data: ExplorerData, document: str, member: str | None, page: int, table: str
) -> list[tuple[str, _Box]]:
    """The boxes of the numbers of a table on a page, each with its row, in the order of the columns."""
    kind = "application/zip" if member else "application/pdf"
    found = []
    for row in data.rows(
        'select "row", fragment from facts where document = ? and "table" = ? and page = ? order by rowid',
        [document, table, page],
    ):
        own, place = _place(row, kind)
        if place and place.box and place.page == page and own == member:
            found.append((row["row"], place.box))
    return found


def _turn(boxes: Sequence[tuple[str, _Box]]) -> int:
    """How far to turn a page counter-clockwise so that the rows of a table are upright."""
    across = down = 0.0
    for (row, one), (other, after) in pairwise(boxes):
        if row == other:
            across += after[0] - one[0]
            down += after[1] - one[1]
    if abs(across) >= abs(down):
        return 0 if across >= 0 else 180
    return 90 if down > 0 else 270
