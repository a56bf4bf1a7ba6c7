"""A small disclosure whose printed places carry their truth, before any format draws it.

The kinds of awkwardness change how a place is printed and stored, or hide it; the renderers draw
what the places say. ``Document.expected`` is what a reader of the page sees, as facts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

__all__ = ["Document", "Expected", "Head", "Line", "Piece", "Place", "Said", "Sentence", "Stored",
           "Style", "Table"]  # fmt: skip


@dataclass(frozen=True)
class Piece:
    """A stretch of text; ``look`` is how the format sets it ("" for plain text).

    What looks like ``unseen`` (see there) is no part of what a reader sees; a ``raised`` piece is
    the mark of a footnote.
    """

    text: str
    look: str = ""

    @property
    def printed(self) -> bool:
        return self.look in ("", "break", "field", "thin", "run", "inserted")


@dataclass(frozen=True)
class Stored:
    """What a spreadsheet holds in a cell: ``kind`` number, formula, error, or text."""

    value: Decimal | str
    format: str = "General"
    kind: str = "number"


@dataclass
class Place:
    """One place of a table. ``amount`` is in yuan: None where a reader sees no amount.

    ``may`` marks an amount that a reader cannot know for certain (a formula without its result):
    it may be a fact, but must be told otherwise. ``label`` of a body row is in its ``Line``.
    """

    pieces: list[Piece]
    amount: Decimal | None = None
    stored: Stored | None = None
    doubtful: bool = False
    """Nobody can know the amount, or its column, for certain: a fact of it must be told."""
    colour: str = ""
    """"white" where all of it is white on white; "strike" where all of it is struck out."""

    @classmethod
    def of(cls, text: str, amount: Decimal | None = None, look: str = "") -> Place:
        return cls([Piece(text, look)] if text else [], amount)

    @property
    def text(self) -> str:
        """What a reader sees, without line breaks."""
        return "".join(piece.text for piece in self.pieces if piece.printed)

    @property
    def held(self) -> str:
        """All that the file holds here."""
        if self.stored and self.stored.kind == "formula":
            return f"={self.stored.value}"
        return "".join(piece.text for piece in self.pieces)

    def write(self, text: str, amount: Decimal | None) -> None:
        """Print something else here: text, also in a spreadsheet."""
        self.pieces = [Piece(text)] if text else []
        self.amount, self.stored = amount, None


@dataclass(frozen=True)
class Head:
    text: str
    across: int = 1
    down: int = 1


@dataclass
class Line:
    """A body row. ``look`` "hidden" or "strike": no reader takes it for a row of the table."""

    places: list[Place]
    label: str
    code: str | None = None
    look: str = ""
    direction: tuple[str, ...] = ()
    """In tables with two sides the direction of each place, and its own label and code."""
    labels: tuple[tuple[str, str | None], ...] = ()


@dataclass(frozen=True)
class Expected:
    """A printed amount: the standard tables it may be of, row, column heading, and yuan."""

    kinds: tuple[str, ...]
    label: str
    code: str | None
    heading: str
    phase: str
    year: int
    direction: str
    amount: Decimal
    printed: str
    row: int
    column: int
    doubtful: bool = False
    held: str = ""
    """All that the file holds there, also what no reader sees."""


@dataclass
class Style:
    """How the numbers of a document are printed: unit in yuan, thousands, what zero is."""

    unit: int = 10_000
    thousands: bool = True
    zero: str = ""
    decimals: int = 2

    @property
    def unit_name(self) -> str:
        return {1: "元", 10_000: "万元"}[self.unit]

    def number(self, value: Decimal) -> str:
        """An amount in yuan as printed; nothing for a blank zero."""
        if not value:
            return self.zero
        shown = value / self.unit
        return f"{shown:,.{self.decimals}f}" if self.thousands else f"{shown:.{self.decimals}f}"

    @property
    def sheet_format(self) -> str:
        whole = "#,##0" if self.thousands else "0"
        return f"{whole}.{'0' * self.decimals}" if self.decimals else whole


@dataclass
class Table:
    """A table: captions, heading rows, and lines whose places stand in ``columns`` by index.

    ``columns`` holds for each place the heading right above it if it is an amount column, else
    "". ``kinds`` are the names of standard tables its facts may be in.
    """

    kinds: tuple[str, ...]
    title: str
    head: list[list[Head]]
    columns: list[str]
    lines: list[Line]
    style: Style
    direction: str = "expenditure"
    above: list[str] = field(default_factory=list)
    """Lines between title and table: body, unit."""
    below: list[str] = field(default_factory=list)
    number: str = ""
    phases: dict[int, tuple[str, int]] = field(default_factory=dict)
    """Phase and year of a column, where they differ from those of the document."""
    hidden_columns: dict[int, str] = field(default_factory=dict)
    """How a column is hidden: "hidden" or "narrow" (no width)."""
    marks: set[str] = field(default_factory=set)
    """What the renderers do with the whole table: "hidden-sheet", "very-hidden-sheet", "one-line",
    "cut" (goes on in a second table with the headings again), "cut-caption" (with 续表) …"""
    cut: int = 0
    """The body row before which the table is cut."""
    undisplayed: list[list[Place]] = field(default_factory=list)
    """A helper block to the right, from the first body row on, one blank column between."""
    maker: str = ""
    """Its name in ``tables.MAKERS``."""
    kind: str = ""
    """The awkwardness it carries."""

    def amounts(self) -> Iterator[tuple[Line, int, Place]]:
        """The seen places that hold an amount."""
        for line in self.lines:
            if line.look:
                continue
            for column, place in enumerate(line.places):
                if place.amount is not None and column not in self.hidden_columns:
                    yield line, column, place

    def expected(self, phase: str, year: int) -> Iterator[Expected]:
        for row, line in enumerate(self.lines):
            for own, column, place in self.amounts():
                if own is not line:
                    continue
                assert place.amount is not None
                label, code = line.labels[column] if line.labels else (line.label, line.code)
                own_phase, own_year = self.phases.get(column, (phase, year))
                yield Expected(
                    self.kinds, label, code, self.columns[column], own_phase, own_year,
                    line.direction[column] if line.direction else self.direction,
                    place.amount, place.text, row, column, place.doubtful,
                    place.held,
                )  # fmt: skip


@dataclass(frozen=True)
class Said:
    """A number that a sentence states: subject, measure, value in its unit, yuan, year."""

    subject: str | None
    measure: str
    value: Decimal
    amount: Decimal | None
    printed: str
    year: int


@dataclass
class Sentence:
    text: str
    said: list[Said]
    kind: str = ""


@dataclass
class Document:
    """``cover``: the lines above the first table; ``stem``: the name of its file."""

    name: str
    year: int
    phase: str
    style: Style
    tables: list[Table]
    cover: list[str]
    stem: str = "disclosure"
    sentences: list[Sentence] = field(default_factory=list)
    sheet_per_table: bool = True
    marks: set[str] = field(default_factory=set)
    """What the renderers do with all of it: "strict", "1904", "edges" (what a browser prints at
    the edges of pages)."""
    unseen: list[Table] = field(default_factory=list)
    """Tables of sheets that no reader sees."""

    @property
    def kinds(self) -> list[str]:
        return [*(table.kind for table in self.tables), *(s.kind for s in self.sentences[:1])]
