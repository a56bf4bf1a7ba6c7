"""The rows of the package's resources, as plain frozen records.

Field names are the column names of the Table Schemas in ``schemas/resources``; a test
holds the two together. ``Decimal`` money is in yuan unless a field says otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from yusuan.model.money import Money

__all__ = [
    "Claim",
    "Department",
    "DocumentRecord",
    "Fact",
    "GlossaryEntry",
    "Holding",
    "Indicator",
    "Measure",
    "Project",
    "PublishedTable",
    "RowType",
    "TableState",
    "Unit",
    "Unrecognised",
    "UnrecognisedScope",
]

RowType = Literal["detail", "of-which", "subtotal", "total"]
"""``of-which`` is a part printed for information, included in the row above it (其中)."""
UnrecognisedScope = Literal["file", "page", "member", "sheet", "table", "column", "row", "cell"]
"""How much of a document was not recognised; a member is one of an archive."""
Measure = Literal["amount", "count", "change", "rate", "share", "completion"]
"""What a number measures; a completion is a share of the budget that was carried out."""
TableState = Literal["data", "empty", "stated-empty"]
"""Whether a printed table holds amounts; ``stated-empty`` where the document says that it does not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRecord:
    """One published file: whose it is, of which year and phase, and its bytes (``sha256``).

    ``published`` is the date it prints; ``available`` (when it was made public), ``source_url``,
    ``retrieved`` and ``replaces`` come from a manifest.
    """

    document: str
    file: str
    title: str | None
    department: str
    names: tuple[str, ...]
    short_names: tuple[str, ...]
    former_names: tuple[str, ...]
    fiscal_year: int
    phase: str
    kind: str | None
    published: date | None
    available: date | None = None
    source_url: str | None = None
    retrieved: date | None = None
    replaces: tuple[str, ...] = ()
    """Documents by their keys, or as a manifest names what is not in the package."""
    media_type: str
    encoding: str | None
    sha256: str
    bytes: int
    pages: int | None
    lines: int

    @property
    def issued(self) -> date | None:
        """When it was made public, else the date that it prints."""
        return self.available or self.published

    @property
    def all_names(self) -> tuple[str, ...]:
        """The names in full, then the short ones, each once."""
        return tuple(dict.fromkeys((*self.names, *self.short_names)))

    @property
    def scope(self) -> Literal["department", "unit"] | None:
        """Whether the budget is a department's (部门预算), which holds those of its units, or
        of one unit (单位预算); None where it does not say."""
        kind = self.kind or ""
        if kind.startswith("部门"):
            return "department"
        return "unit" if kind.startswith("单位") else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Department:
    """A department under the name it goes by, with the others that its documents print."""

    department: str
    name: str
    names: tuple[str, ...]
    division: str | None
    division_name: str | None
    division_concept: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """An internal unit of a department (内设机构) with its duties."""

    unit: str
    document: str
    department: str
    name: str
    also: tuple[str, ...]
    duties: str | None
    page: int | None
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One printed amount. ``key`` names its row within its table."""

    fact: str
    document: str
    department: str
    fiscal_year: int
    phase: str
    direction: str
    table: str
    row_type: RowType
    is_total: bool
    row_label: str | None
    body: str | None
    column_label: str
    column: str | None
    functional_code: str | None
    function: str | None
    economic_code: str | None
    economic_item: str | None
    government_economic_code: str | None
    government_economic_item: str | None
    project: str | None
    fund_source: str | None
    expenditure_type: str | None
    item: str | None
    amount: Decimal
    printed: str
    unit: int
    page: int | None
    line: int
    cell: str
    fragment: str | None
    decimals: int
    row: str
    row_total: str | None = None
    column_total: str | None = None
    key: str = field(default="", metadata={"internal": True})
    table_title: str = field(default="", compare=False, metadata={"internal": True})
    """The title that its table is printed under; blank where none is."""

    @property
    def half_step(self) -> Decimal:
        """Half of the last printed digit, in yuan."""
        return Decimal(5).scaleb(-self.decimals - 1) * self.unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A project of a department, or the targets of the department as a whole (``kind``)."""

    project: str
    document: str
    department: str
    fiscal_year: int
    kind: Literal["project", "department"]
    name: str
    names: tuple[str, ...]
    amount: Decimal | None
    stated_amount: Decimal | None
    target_amount: Decimal | None
    target_appropriation: Decimal | None
    target_carryover: Decimal | None
    target_other: Decimal | None
    basis: str | None
    executor: str | None
    allocation: str | None
    period: str | None
    goal: str | None
    page: int | None
    line: int
    stated_line: int | None
    target_line: int | None
    target_page: int | None = field(default=None, metadata={"internal": True})
    stated: Money | None = field(default=None, metadata={"internal": True})


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """One performance indicator of a target form (绩效目标表)."""

    indicator: str
    document: str
    project: str
    level1: str | None
    level2: str | None
    name: str | None
    operator: str | None
    value: Decimal | None
    value_unit: str | None
    text: str | None
    weight: Decimal | None
    period: str | None
    page: int | None
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A number stated in running text; ``value`` is in ``unit``, ``amount`` in yuan.

    ``fiscal_year`` and ``phase`` are those of the number, which may be of another year than
    the document. A ``reason`` is no statement about the total it explains. ``context`` is the
    words of the passage up to the number.
    """

    claim: str
    document: str
    department: str
    fiscal_year: int
    phase: str
    section: str | None
    subject: str | None
    subject_label: str | None
    measure: Measure
    value: Decimal
    unit: str
    amount: Decimal | None
    printed: str
    sentence: str
    page: int | None
    line: int
    decimals: int = field(metadata={"internal": True})
    group: str = field(metadata={"internal": True})
    context: str = field(metadata={"internal": True})
    whole: str = field(default="", metadata={"internal": True})
    reason: bool = field(default=False, metadata={"internal": True})


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """State-owned assets that a text states: what kind, how many, at what price in yuan (``amount``), and
    whether they are to be bought (``planned``)."""

    holding: str
    document: str
    department: str
    kind: str | None
    label: str
    planned: bool
    quantity: Decimal | None
    quantity_unit: str | None
    amount: Decimal | None
    printed: str
    page: int | None
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GlossaryEntry:
    """A term that a document explains (名词解释)."""

    entry: str
    document: str
    term: str
    definition: str
    page: int | None
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Unrecognised:
    """One thing that was not recognised. ``nearest`` is the standard table it is most like."""

    entry: str
    scope: UnrecognisedScope
    file: str
    document: str | None = None
    page: int | None = None
    line: int | None = None
    cell: str | None = None
    printed: str
    rows: int | None = None
    columns: int | None = None
    numbers: int | None = None
    nearest: str | None = None
    reason_zh: str
    reason_en: str
    advice_zh: str
    advice_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedTable:
    """A standard table that a document prints, with or without data."""

    published_table: str
    document: str
    department: str
    fiscal_year: int
    phase: str
    table: str
    title: str | None
    unit: int
    page: int | None
    line: int
    rows: int
    amounts: int
    state: TableState
    statement: str | None
    statement_page: int | None
    statement_line: int | None
