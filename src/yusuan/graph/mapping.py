"""One table of the CSVW metadata as a function from rows to what they say, in Turtle.

The rules are those of csv2rdf, minimal mode (https://www.w3.org/TR/csv2rdf/): only what the
columns say, nothing about tables and rows. They are compiled once for each table. A package can
have millions of rows, so they are carried out a column at a time: what is said of cells that
repeat is remembered, and what is said of all is put together without a loop over the rows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import repeat
from typing import Any

from yusuan.graph.prefixes import expand, shortened
from yusuan.graph.terms import SPECIAL, UNSAFE, Template, checked, datatype_iri, literal
from yusuan.model.errors import YusuanError

__all__ = ["TableMapping"]

_REMEMBERED = 2_000
"""Cells of a column whose statements are kept; a column of unique cells is emptied when full."""
_TYPE = expand("rdf:type")
_END = " .\n"
_ANY = re.compile(r".", re.DOTALL)

Columns = Sequence[Sequence[str]]
"""The cells of some rows, by column."""


class _Wrong(ValueError):
    """A cell that is no value of its column."""

    def __init__(self, place: int, cell: str, reason: ValueError) -> None:
        super().__init__(str(reason))
        self.place = place
        self.cell = cell


class _CellStatements(dict[Any, str]):
    """What is said of a cell, or of several cells as a tuple; nothing of a blank one."""

    def __init__(self, place: int, of: Callable[[Any], str | None]) -> None:
        """``of`` may raise ValueError for a cell that is no value of the column at ``place``."""
        super().__init__()
        self._place = place
        self._of = of

    def __missing__(self, cell: Any) -> str:
        if len(self) >= _REMEMBERED:
            self.clear()
        try:
            made = (self._of(cell) or "") if cell else ""
        except ValueError as error:
            raise _Wrong(self._place, cell, error) from None
        self[cell] = made
        return made


class _CellText:
    """Text with the value of a cell in it, for the cells of many rows."""

    def __init__(
        self, place: int, of: Callable[[str], str], around: tuple[str, str], unsafe: re.Pattern[str]
    ) -> None:
        """A cell in which ``unsafe`` finds nothing has its own characters between ``around``."""
        self._place = place
        self._said = _CellStatements(place, of)
        self._around = around
        self._unsafe = unsafe
        self._repeats: bool | None = None

    def texts(self, columns: Columns) -> Iterable[str]:
        cells = columns[self._place]
        if self._repeats is None:  # the first rows tell what a column is like
            self._repeats = 2 * len(set(cells)) < len(cells)
        if not self._repeats and all(cells) and not self._unsafe.search("".join(cells)):
            start, end = self._around
            return [f"{start}{cell}{end}" for cell in cells]
        return map(self._said.__getitem__, cells)


class _Together:
    """Text with the values of several cells of a row in it."""

    def __init__(self, places: Sequence[int], of: Callable[..., str | None]) -> None:
        self._places = places
        self._said = _CellStatements(places[0], lambda cells: of(*cells))

    def texts(self, columns: Columns) -> Iterable[str]:
        return map(self._said.__getitem__, zip(*(columns[at] for at in self._places), strict=True))


class _Subject:
    """What rows say of one subject each."""

    def __init__(self, about: str, places: Mapping[str, int]) -> None:
        self._places = places
        template = Template(about)
        self._same = None if template.variables else template.of()
        self._about = None if self._same else _linked(template, places, "")
        self._types: list[str] = []
        self._always: list[str] = []
        self._statements: list[_CellText | _Together] = []

    def add(self, column: Mapping[str, Any]) -> None:
        """A column's statement: a literal, or a link, whose IRIs any cells of the row may make."""
        predicate, value = column["propertyUrl"], column.get("valueUrl")
        start = f" ;\n  {_name(predicate)} "
        if value is None:
            self._statements.append(_literals(self._places[column["name"]], start, column))
        elif Template(predicate).variables:
            # Two IRIs as one template: its outer brackets are the first's and the last's.
            both = Template(f"{predicate}> <{value}")
            self._statements.append(_linked(both, self._places, " ;\n  "))
        elif Template(value).variables:
            self._statements.append(_linked(Template(value), self._places, start))
        else:
            same = self._types if predicate == _TYPE else self._always
            same.append(start + _name(value))

    def parts(self, columns: Columns, count: int) -> list[Iterable[str]]:
        """Texts that make what each of ``count`` rows says when they are put together."""
        always = "".join((*self._types, *self._always))
        heads = self._heads(columns, count)
        said = [statement.texts(columns) for statement in self._statements]
        if always and all(heads):
            same = always.removeprefix(" ;")
            return [[head + same for head in heads], *said, repeat(_END, count)]
        bodies = map("".join, zip(*said, strict=True)) if said else repeat("", count)
        return [
            [
                f"{head}{(always + body).removeprefix(' ;')}{_END}"
                if head and always + body
                else ""
                for head, body in zip(heads, bodies, strict=True)
            ]
        ]

    def _heads(self, columns: Columns, count: int) -> Sequence[str]:
        return list(self._about.texts(columns)) if self._about else [self._same or ""] * count


class TableMapping:
    """The statements of a table's rows."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        """``table`` is one of the tables of ``csv_metadata``. Raises YusuanError where a column has no
        subject."""
        schema = table["tableSchema"]
        self.url = table["url"]
        self.columns = [c["name"] for c in schema["columns"] if not c.get("virtual")]
        places = {name: place for place, name in enumerate(self.columns)}
        subjects: dict[str, _Subject] = {}
        for column in schema["columns"]:
            if column.get("suppressOutput"):
                continue
            about = column.get("aboutUrl") or schema.get("aboutUrl")
            if about is None:
                raise YusuanError(f"{self.url}, {column['name']}: no aboutUrl, so no subject")
            if about not in subjects:
                subjects[about] = _Subject(about, places)
            subjects[about].add(column)
        self._subjects = list(subjects.values())

    def blocks(self, rows: Sequence[Sequence[str]]) -> list[str]:
        """What each row says, in Turtle with the prefixes of ``PREFIXES``: a statement a line.

        The cells of a row stand in the order of ``columns``. A null (blank) cell says nothing.
        Raises YusuanError for a cell that is no value of its column's datatype.
        """
        columns = list(zip(*rows, strict=True))
        try:
            parts = [
                part for subject in self._subjects for part in subject.parts(columns, len(rows))
            ]
            return list(map("".join, zip(*parts, strict=True))) if parts else [""] * len(rows)
        except _Wrong as wrong:
            key = next(row[0] for row in rows if row[wrong.place] == wrong.cell)
            name = self.columns[wrong.place]
            raise YusuanError(f"{self.url}, {name} of {key}: {wrong}") from None


def _name(iri: str) -> str:
    return "a" if iri == _TYPE else shortened(iri) or f"<{iri}>"


def _linked(link: Template, places: Mapping[str, int], start: str) -> _CellText | _Together:
    """The IRIs that a template makes of the cells it names, each after ``start``."""
    at = [places[name] for name in link.variables]

    def of(*cells: str) -> str | None:
        made = link.of(*cells)
        return made and start + made

    if len(at) > 1:
        return _Together(at, of)
    first, last = link.around
    return _CellText(at[0], lambda cell: of(cell) or "", (start + first, last), UNSAFE)


def _literals(place: int, start: str, column: Mapping[str, Any]) -> _CellText:
    """The statement of a cell; of a list as many."""
    datatype, separator = column["datatype"], column.get("separator")
    if datatype == "string":
        lang = column.get("lang")
        around, unsafe = (f'{start}"', f'"@{lang}' if lang else '"'), SPECIAL

        def one(text: str) -> str:
            return start + literal(text, lang)
    else:
        base = datatype["base"] if isinstance(datatype, dict) else datatype
        around, unsafe = (f'{start}"', f'"^^{_name(datatype_iri(datatype))}'), _ANY

        def one(text: str) -> str:
            return checked(text, base).join(around)

    if separator:
        return _CellText(
            place, lambda cell: "".join(one(item) for item in cell.split(separator) if item),
            around, _ANY,
        )  # fmt: skip
    return _CellText(place, one, around, unsafe)
