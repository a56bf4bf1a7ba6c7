"""Where a row is printed: the lines of the published document around it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from yusuan.model.errors import YusuanError
from yusuan.presentation import money
from yusuan.schema import Resource
from yusuan.serve.cell_view import view_path
from yusuan.serve.site import Site

__all__ = ["CellSource", "place_of"]

_AROUND = 2
_LONGEST = 400
# Only these end a line for the reader too; str.splitlines knows more.
_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class CellSource:
    """The printed characters and their position, for the reader to look it up."""

    document: str
    title: str
    file: str
    path: str | None
    page: int | None
    line: int | None
    cell: str | None
    fragment: str | None
    fact: str | None
    printed: str | None
    amount: str | None
    lines: tuple[tuple[int, str, bool], ...]
    """Line number, text, and whether it is the line itself."""
    view: str | None
    """The address of the picture of the page, or of the table, with the cell outlined."""


def place_of(site: Site, resource: Resource, key: str) -> CellSource | None:
    """Where the row of a resource is printed; None when it is no printed thing."""
    names = {field.name for field in resource.fields}
    if not {"document", "line"} <= names:
        return None
    rows = site.rows(
        f'select * from "{resource.sql_name}" where "{resource.primary_key}" = ?', [key]
    )
    if not rows:
        return None
    row = dict(rows[0])
    document = dict(site.rows("select * from documents where document = ?", [row["document"]])[0])
    # Standard tables keep the printed number; only money in yuan is shown as such.
    yuan = "amount" in names and resource.field("amount").currency is not None
    amount = row["amount"] if yuan else None
    path = _source(site, document)
    return CellSource(
        document=document["document"],
        title=document["title"] or document["file"],
        file=document["file"],
        path=path.name if path else None,
        page=row.get("page"),
        line=row["line"],
        cell=row.get("cell"),
        fragment=row.get("fragment"),
        fact=row.get("fact"),
        printed=row.get("printed"),
        amount=None if amount is None else money(str(amount)),
        lines=_lines(path, document, row["line"]) if path else (),
        view=view_path(site, row["fact"]) if row.get("fact") else None,
    )


def _source(site: Site, document: dict[str, Any]) -> Path | None:
    """The package's copy of a document; None when it has none of its own."""
    try:
        return site.package.source(document["document"])
    except YusuanError:
        return None


def _lines(
    path: Path, document: dict[str, Any], line: int | None
) -> tuple[tuple[int, str, bool], ...]:
    if not line or not document["media_type"].startswith("text/") or not document["encoding"]:
        return ()
    try:
        text = _LINE_END.split(path.read_bytes().decode(document["encoding"]))
    except (OSError, ValueError, LookupError):
        return ()  # the page is complete without the excerpt
    numbers = range(max(1, line - _AROUND), min(len(text), line + _AROUND) + 1)
    return tuple((n, text[n - 1][:_LONGEST], n == line) for n in numbers)
