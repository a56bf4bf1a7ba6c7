"""The tables of a view as files: XLSX, CSV, JSON and Parquet. Rows and sums are those of the screen.

Amounts are exact: fen as decimals of yuan. What a file holds, in which unit, from where and under
which licence stands in it, as far as its format has a place for it.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import duckdb

from yusuan.explorer.rendering import as_yuan, column_title, in_language
from yusuan.explorer.views import (
    CellFormat,
    EvidenceMark,
    FindingEvidence,
    Language,
    SentenceExcerpt,
    View,
    ViewCell,
    ViewColumn,
    ViewTable,
    word,
)
from yusuan.files.atomic import scratch_folder
from yusuan.schema.messages import Texts

__all__ = ["MEDIA_TYPES", "DownloadFormat", "DownloadSource", "as_file", "as_values"]

DownloadFormat = Literal["xlsx", "csv", "json", "parquet"]
MEDIA_TYPES: Mapping[DownloadFormat, str] = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
}
_NUMBERS: frozenset[CellFormat] = frozenset({"money", "percent", "number", "year"})
_BOM = "\ufeff"


@dataclass(frozen=True, slots=True)
class DownloadSource:
    """What the files say of where they are from: the package's title, its licence and the address of
    the view."""

    title: Texts
    licence: str
    address: str


def as_file(
    view: View, kind: DownloadFormat, table: str | None, language: Language, source: DownloadSource
) -> bytes:
    """The view as a file: a workbook and JSON hold all its tables, CSV and Parquet the one named, or
    the first. Raises NotInPackage where it has no table of that name."""
    if kind == "xlsx":
        return _workbook(view, language, source)
    if kind == "json":
        return (json.dumps(as_values(view, source), ensure_ascii=False, indent=1) + "\n").encode()
    found = view.table(table)
    return _csv(found, language) if kind == "csv" else _parquet(found, language)


def number_of(cell: ViewCell, kind: CellFormat) -> Decimal | int | None:
    """The number of a cell: yuan where it is an amount; None where it holds none."""
    value = cell.value
    if kind == "money" and isinstance(value, int):
        return as_yuan(value)
    return value if isinstance(value, (int, Decimal)) else None


def _plain(cell: ViewCell, column: ViewColumn, language: Language) -> str | Decimal | int | None:
    number = number_of(cell, column.format)
    if number is not None:
        return number
    value = cell.value
    return in_language(value, language) if isinstance(value, tuple) else value


def _csv(table: ViewTable, language: Language) -> bytes:
    """RFC 4180 in UTF-8 with a byte order mark, which spreadsheets ask for."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([column_title(column, language) for column in table.columns])
    for row in table.rows:
        writer.writerow([
            "" if (value := _plain(cell, column, language)) is None else value
            for cell, column in zip(row.cells, table.columns, strict=True)
        ])  # fmt: skip
    return (_BOM + out.getvalue()).encode()


def as_values(view: View, source: DownloadSource) -> dict[str, Any]:
    """The view as JSON has it. Numbers are exact decimals, written as texts."""
    return {
        "view": view.kind, "title": view.titles[0], "title_en": view.titles[1],
        "address": source.address, "source": source.title[0], "licence": source.licence,
        "tables": [
            {
                "name": table.name, "title": table.titles[0], "title_en": table.titles[1],
                "columns": [
                    {"name": column.name, "title": column.titles[0], "title_en": column.titles[1],
                     "format": column.format, **({"unit": "CNY"} if column.format == "money" else {})}
                    for column in table.columns
                ],
                "rows": [
                    {
                        column.name: _json(cell, column)
                        for cell, column in zip(row.cells, table.columns, strict=True)
                    }
                    | ({"row_kind": row.kind} if row.kind != "detail" else {})
                    | ({"evidence": _evidence(row.evidence)} if row.evidence else {})
                    for row in table.rows
                ],
            }
            for table in view.tables
        ],
    }  # fmt: skip


def _evidence(evidence: FindingEvidence) -> list[dict[str, Any]]:
    """The marked numbers of a finding, and the rows and sentences that they stand in."""
    shown = []
    for each in evidence.excerpts:
        place = {"document": each.document, "page": each.page}
        if isinstance(each, SentenceExcerpt):
            said = "".join(part for part, _ in each.pieces)
            numbers = [{"printed": part, **_mark(mark)} for part, mark in each.pieces if mark]
            shown.append({**place, "line": each.line, "sentence": said, "marks": numbers})
            continue
        names = [column.name for column in each.columns]
        marks = [
            {"row": row, "column": names[column], **_mark(mark)}
            for (row, column), mark in each.marks.items()
        ]
        rows = [
            {
                name: _json(cell, column)
                for name, cell, column in zip(names, row, each.columns, strict=True)
            }
            for row in each.rows
        ]
        shown.append({**place, "table": each.titles[0], "rows": rows, "marks": marks})
    return shown


def _mark(mark: EvidenceMark) -> dict[str, Any]:
    told = {"explanation": mark.number, "proposed": mark.proposed, "number_at": mark.path}
    return {"role": mark.role, **{name: value for name, value in told.items() if value is not None}}


def _json(cell: ViewCell, column: ViewColumn) -> Any:
    number = number_of(cell, column.format)
    if column.format == "printed":
        return cell.printed if cell.printed is not None else cell.value
    if isinstance(number, Decimal):
        return str(number)
    if number is not None:
        return number
    if isinstance(cell.value, tuple):
        return {"zh": cell.value[0], "en": cell.value[1]}
    return cell.value


_WIDEST, _NARROWEST = 60, 8
_FORMATS: Mapping[CellFormat, str] = {"money": "#,##0.00", "percent": "0.00", "number": "#,##0"}
_SHEET_NAME = 31


def _workbook(view: View, language: Language, source: DownloadSource) -> bytes:
    """Real numbers, codes as texts, the head frozen; first a sheet that says what it is."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    about = book.active
    about.title = in_language(word("note"), language)
    lines = [
        (in_language(view.titles, language), ""),
        (in_language(word("source"), language), in_language(source.title, language)),
        (in_language(word("address"), language), source.address),
        (in_language(word("licence"), language), source.licence),
        *(("", in_language(note, language)) for note in view.notes),
    ]
    taken = {about.title}
    for table in view.tables:
        sheet = book.create_sheet(_sheet_name(in_language(table.titles, language), taken))
        note = in_language(table.note, language) if table.note else ""
        lines.append((sheet.title, note))
        for number, column in enumerate(table.columns, start=1):
            head = sheet.cell(1, number)
            _write_text(head, column_title(column, language))
            head.font, head.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
        widths = [len(in_language(column.titles, language)) * 2 for column in table.columns]
        for below, row in enumerate(table.rows, start=2):
            for number, (cell, column) in enumerate(zip(row.cells, table.columns, strict=True), 1):
                value = _plain(cell, column, language)
                if value is None:
                    continue
                into = sheet.cell(below, number)
                if isinstance(value, str):
                    _write_text(into, value)
                    widths[number - 1] = max(widths[number - 1], min(len(value) * 2, _WIDEST))
                else:
                    into.value = value
                    into.number_format = _FORMATS.get(column.format, "General")
                    widths[number - 1] = max(widths[number - 1], len(f"{value:,}") + 2)
                if number <= 2 and row.level > 1:
                    into.alignment = Alignment(indent=row.level - 1)
                if row.kind in ("total", "sum"):
                    into.font = Font(bold=True)
        for number, width in enumerate(widths, start=1):
            letter = get_column_letter(number)
            sheet.column_dimensions[letter].width = max(_NARROWEST, min(width, _WIDEST))
        sheet.freeze_panes = "A2"
    for number, (name, text) in enumerate(lines, start=1):
        for place, said in ((1, name), (2, text)):
            _write_text(about.cell(number, place), said)
    about.column_dimensions["A"].width, about.column_dimensions["B"].width = 24, _WIDEST + 20
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _write_text(cell: Any, text: str) -> None:
    """A text stays one, also where it begins like a formula."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)
    cell.data_type = "s"


def _sheet_name(title: str, taken: set[str]) -> str:
    name = "".join(letter for letter in title if letter not in r"[]:*?/\'")[:_SHEET_NAME] or "-"
    number = 1
    while name.casefold() in {other.casefold() for other in taken}:
        number += 1
        name = f"{name[: _SHEET_NAME - 4]} {number}"
    taken.add(name)
    return name


def _parquet(table: ViewTable, language: Language) -> bytes:
    """Amounts as DECIMAL(38, 2), shares as DECIMAL(18, 2), counts and years as BIGINT, all else as
    texts; the titles of columns stand in the metadata of the file. Columns of one name, as a query
    may have, are numbered."""
    names: list[str] = []
    for column in table.columns:
        name, number = column.name or _UNNAMED, 1
        while name.casefold() in {other.casefold() for other in names}:
            number += 1
            name = f"{column.name or _UNNAMED} {number}"
        names.append(name)
    values = [
        [
            None if (value := _plain(row.cells[place], column, language)) is None else str(value)
            for row in table.rows
        ]
        for place, column in enumerate(table.columns)
    ]
    casts = ", ".join(
        f"CAST({_name(str(place))} AS {_parquet_type(column)}) AS {_name(names[place])}"
        for place, column in enumerate(table.columns)
    )
    lists = ", ".join(
        f"unnest($1[{place + 1}]) AS {_name(str(place))}" for place in range(len(table.columns))
    )
    titles = ", ".join(
        f"{_name(name)}: {_text(column_title(column, language))}"
        for name, column in zip(names, table.columns, strict=True)
    )
    with scratch_folder() as folder, duckdb.connect() as database:
        target = Path(folder, "rows.parquet")
        # COPY itself takes no parameters.
        database.execute(f"CREATE TABLE rows AS SELECT {casts} FROM (SELECT {lists})", [values])
        database.execute(
            f"COPY rows TO {_text(str(target))} "
            f"(FORMAT parquet, COMPRESSION zstd, KV_METADATA {{{titles}}})"
        )
        return target.read_bytes()


_UNNAMED = "column"


def _parquet_type(column: ViewColumn) -> str:
    if column.format == "money":
        return "DECIMAL(38, 2)"
    if column.format == "percent":
        return "DECIMAL(18, 2)"
    if column.format == "decimal":
        return "DECIMAL(38, 6)"
    return "BIGINT" if column.format in _NUMBERS else "VARCHAR"


def _name(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
