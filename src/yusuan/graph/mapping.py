"""One table of the CSVW metadata as a function from a row to its statements.

The rules are those of csv2rdf, minimal mode (https://www.w3.org/TR/csv2rdf/): only what the
columns say, nothing about tables and rows. They are compiled once for each table, and what is
said of a cell is remembered, because a package can have millions of rows in which most cells
repeat: a row is look-ups and a join, in bytes, which need no encoding on the way out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import getitem, itemgetter
from typing import Any

from yusuan.graph.terms import Template, iri, literal, typed
from yusuan.model.errors import YusuanError

__all__ = ["TableMapping"]

_REMEMBERED = 2_000
"""Cells of a column whose statements are kept; a column of unique cells is emptied when full."""


class _Said(dict[Any, bytes]):
    """What is said of a cell, or of several cells as a tuple; nothing of a blank one."""

    def __init__(self, name: str, of: Callable[[Any], str | None]) -> None:
        """``of`` may raise ValueError for a cell that is no value of its column, ``name``."""
        super().__init__()
        self._name = name
        self._of = of

    def __missing__(self, cell: Any) -> bytes:
        if len(self) >= _REMEMBERED:
            self.clear()
        try:
            said = self._of(cell) if cell else None
        except ValueError as error:
            raise ValueError(self._name, error) from None
        self[cell] = made = said.encode() if said else b""
        return made


class _Subject:
    """What a row says of one subject."""

    def __init__(self, about: str, places: Mapping[str, int]) -> None:
        self._places = places
        self._about = _expanded(Template(about), places)
        self._always: list[bytes] = []
        self._links: list[tuple[Callable[[Sequence[str]], Any], _Said]] = []
        self._lists: list[tuple[int, _Said]] = []
        # What depends on one cell is nearly everything, so it is looked up with no loop of ours.
        self._said: list[_Said] = []
        self._cells: list[int] = []

    def add(self, column: Mapping[str, Any]) -> None:
        """A column's statement: a literal, or a link, whose IRIs any cells of the row may make."""
        name, predicate = column["name"], column["propertyUrl"]
        if "valueUrl" in column:
            # Two IRIs as one template: its outer brackets are the first's and the last's.
            link = Template(f"{predicate}> <{column['valueUrl']}")
            if len(link.variables) == 1:
                self._cells.append(self._places[link.variables[0]])
                self._said.append(_Said(name, link.one()))
            elif link.variables:
                self._links.append(_expanded(link, self._places))
            else:
                self._always.append((link.of() or "").encode())
            return
        said = _Said(name, _literals(iri(predicate), column))
        if "separator" in column:
            self._lists.append((self._places[name], said))
        else:
            self._cells.append(self._places[name])
            self._said.append(said)

    def say(self, cells: Sequence[str], end: bytes, lines: list[bytes]) -> None:
        """Adds what is said to ``lines``, in parts of them."""
        place, about = self._about
        subject = about[place(cells)]
        if not subject:
            return
        own = map(cells.__getitem__, self._cells)
        statements = [*self._always, *filter(None, map(getitem, self._said, own))]
        for place, links in self._links:
            if link := links[place(cells)]:
                statements.append(link)
        for at, said in self._lists:
            if several := said[cells[at]]:
                statements += several.split(b"\n")
        if statements:
            lines += (subject, b" ", (b"%b%b " % (end, subject)).join(statements), end)


class TableMapping:
    """The statements of a table's rows."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        """``table`` is one of the tables of ``csv_metadata``."""
        schema = table["tableSchema"]
        self._url = table["url"]
        self.columns = [c["name"] for c in schema["columns"] if not c.get("virtual")]
        places = {name: place for place, name in enumerate(self.columns)}
        subjects: dict[str, _Subject] = {}
        for column in schema["columns"]:
            if column.get("suppressOutput"):
                continue
            about = column.get("aboutUrl") or schema.get("aboutUrl")
            if about is None:
                raise YusuanError(f"{self._url}, {column['name']}: no aboutUrl, so no subject")
            if about not in subjects:
                subjects[about] = _Subject(about, places)
            subjects[about].add(column)
        self._subjects = list(subjects.values())

    def lines(self, cells: Sequence[str], graph: bytes = b"") -> bytes:
        """The statements of a row, each a line of N-Quads; ``graph`` is a term or nothing.

        ``cells`` stand in the order of ``columns``. A null (blank) cell says nothing. Raises
        YusuanError for a cell that is no value of its column's datatype.
        """
        end = b" %b .\n" % graph if graph else b" .\n"
        lines: list[bytes] = []
        try:
            for subject in self._subjects:
                subject.say(cells, end, lines)
        except ValueError as error:
            name, reason = error.args
            raise YusuanError(f"{self._url}, {name} of {cells[0]}: {reason}") from None
        return b"".join(lines)


def _expanded(
    template: Template, places: Mapping[str, int]
) -> tuple[Callable[[Sequence[str]], Any], _Said]:
    """How to take the cells of a template from a row, and what it makes of them."""
    names = template.variables
    if not names:
        return lambda _: True, _Said("", lambda _: template.of())
    made = _Said(
        " and ".join(names), template.one() if len(names) == 1 else lambda c: template.of(*c)
    )
    return itemgetter(*(places[name] for name in names)), made


def _literals(predicate: str, column: Mapping[str, Any]) -> Callable[[str], str]:
    """The statement of a cell; of a list as many, in lines, which no literal has."""
    datatype, lang = column["datatype"], column.get("lang")
    separator = column.get("separator")

    def one(text: str) -> str:
        if isinstance(datatype, dict):
            return f"{predicate} {typed(text, datatype['base'], datatype['@id'])}"
        value = literal(text, lang) if datatype == "string" else typed(text, datatype)
        return f"{predicate} {value}"

    if separator:
        return lambda cell: "\n".join(one(item) for item in cell.split(separator) if item)
    return one
