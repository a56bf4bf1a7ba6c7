"""What recognition yields: a standard table with its rows, amounts and reading problems."""

from __future__ import annotations

from dataclasses import dataclass
from string import ascii_uppercase
from typing import Literal

from yusuan.model.document import Cell, Position
from yusuan.model.money import PrintedNumber
from yusuan.model.records import RowType, UnrecognisedScope
from yusuan.schema.messages import Texts
from yusuan.schema.resource import Field, Resource

__all__ = [
    "REPEAT_PREFIX",
    "Amount",
    "EmptyStatement",
    "ReadingProblem",
    "StandardTable",
    "TableRow",
    "UnreadCell",
    "UnrecognisedPart",
    "is_repeat_key",
    "repeat_key",
]

REPEAT_PREFIX = "table-"
"""How the keys of rows begin in a further table of its kind."""


@dataclass(frozen=True, slots=True)
class Amount:
    """One printed number in a body cell. ``field`` is None under an unknown heading.

    ``phase`` is set where the heading states one (预算数, 决算数), ``years_before`` where it names an
    earlier year (that many before the budget year), ``unit`` where it states a unit.
    ``derived`` marks a difference that the publisher worked out (增减额).
    """

    cell: Cell
    number: PrintedNumber
    field: Field | None
    column_label: str
    phase: str | None = None
    years_before: int = 0
    unit: int | None = None
    derived: bool = False

    @property
    def named(self) -> bool:
        """Whether it is known what the column is about."""
        return self.field is not None or self.derived


@dataclass(frozen=True, slots=True)
class UnreadCell:
    """A cell of an amount column that holds text which is no amount, with the reason (zh, en).

    What it stands for is not known: sums that it belongs to are not judged.
    """

    cell: Cell
    field: Field | None
    column_label: str
    reason: Texts
    phase: str | None = None
    years_before: int = 0


ReadingRule = Literal[
    "code-mended", "code-unclear", "repeated-table", "torn-row", "unit-not-stated",
    "unreadable-amount",
]  # fmt: skip
"""The rules of ``schemas/rules.yaml`` by which reading problems are told."""
CodeState = Literal["printed", "mended", "unclear", "lost"]
"""Whether the code of a row is the one printed, was mended (``tables.mending``), cannot be told,
or was rounded away by a spreadsheet; of the last two the row has none."""


@dataclass(frozen=True, slots=True)
class TableRow:
    """One body row of one side of a table, in one phase and year.

    ``key`` names the row by what it is about, unique in its table. ``fund_source``,
    ``expenditure_type`` and ``item`` are what the label names; ``years_before``
    counts the years before the budget year, ``year`` is the one its headings state; ``budget_unit`` is the unit that the row is printed
    for, ``anchor`` the address of the first cell of the row on its side, ``parent`` the anchor of
    the row it is a part of. ``code_parts`` are what the code is printed in.
    """

    key: str
    row_type: RowType
    side: str | None
    direction: str | None
    phase: str | None
    label: str | None
    code: str | None
    project: str | None
    fund_source: str | None
    expenditure_type: str | None
    item: str | None
    amounts: tuple[Amount, ...]
    position: Position
    years_before: int = 0
    year: int | None = None
    budget_unit: str | None = None
    anchor: str = ""
    parent: str | None = None
    unread: tuple[UnreadCell, ...] = ()
    stated_empty: tuple[UnreadCell, ...] = ()
    """Cells of amount columns that say in a word that there is nothing (无)."""
    code_parts: tuple[str, ...] = ()
    code_state: CodeState = "printed"

    def is_unread(self, name: str) -> bool:
        """Whether the cell in a column of the schema holds something that is no amount."""
        return any(cell.field and cell.field.name == name for cell in self.unread)

    @property
    def number(self) -> int:
        """Number of the row in its grid, from 1. Its line says less: rows of a web page may all
        stand on one line of the file."""
        return int(self.anchor.lstrip(ascii_uppercase) or 0)

    def amount(self, name: str) -> Amount | None:
        """The amount in a column of the schema, or None when the cell is blank."""
        return next((a for a in self.amounts if a.field and a.field.name == name), None)

    def parts(self, resource: Resource, field: Field) -> list[Amount]:
        """The printed amounts that a column sums; a part left blank counts by its own parts."""
        found: list[Amount] = []
        for name in field.sum_of:
            amount = self.amount(name)
            found += [amount] if amount else self.parts(resource, resource.field(name))
        return found


@dataclass(frozen=True, slots=True)
class ReadingProblem:
    """Something that could not be read for certain; becomes a finding."""

    rule: ReadingRule
    position: Position
    cell: str | None
    printed: str
    detail_zh: str
    detail_en: str


@dataclass(frozen=True, slots=True)
class UnrecognisedPart:
    """Something printed that no step made facts of, and what would change that.

    ``rows``, ``columns`` and ``numbers`` count what is lost, ``nearest`` names a standard table. Texts come in pairs (zh, en).
    """

    scope: UnrecognisedScope
    position: Position
    cell: str | None
    printed: str
    rows: int
    columns: int
    numbers: int
    nearest: str | None
    reason: Texts
    advice: Texts


@dataclass(frozen=True, slots=True)
class EmptyStatement:
    """The printed sentence that says a table is empty. ``explicit`` if it speaks of the table,
    not only of what the table would list."""

    text: str
    position: Position
    explicit: bool


@dataclass(frozen=True, slots=True)
class StandardTable:
    """A recognised standard table. ``unit`` is the yuan a printed 1 stands for; ``caption`` is
    the title as printed, ``title`` its normal form; both are empty where none is printed.
    ``columns`` names the amount columns that have a heading, be they blank throughout."""

    resource: Resource
    title: str
    unit: int
    organisation: str | None
    rows: tuple[TableRow, ...]
    position: Position
    problems: tuple[ReadingProblem, ...] = ()
    unrecognised: tuple[UnrecognisedPart, ...] = ()
    caption: str = ""
    statement: EmptyStatement | None = None
    columns: frozenset[str] = frozenset()
    number: int = 1
    """Which it is of several tables of its kind in the document; the keys of its rows say so."""
    rest_unread: bool = False
    """Whether what stands right behind it, or on a page that was not read, may be the rest of it."""
    unit_unproven: bool = False
    """Whether its unit is neither stated nor proven by the numbers of other tables."""

    @property
    def amounts(self) -> int:
        """How many numbers were read."""
        return sum(len(row.amounts) for row in self.rows)

    @property
    def states_units(self) -> bool:
        """Whether some of its amounts state their unit themselves."""
        return any(amount.unit is not None for row in self.rows for amount in row.amounts)


def repeat_key(number: int, key: str) -> str:
    """The key of a row in a further table of its kind."""
    return "-".join(filter(None, (f"{REPEAT_PREFIX}{number}", key)))


def is_repeat_key(key: str) -> bool:
    """Whether a row key is of a further table of its kind."""
    return key.startswith(REPEAT_PREFIX)
