"""What a spreadsheet shows in a cell: its value through the number format, the font and the fill.

The readers of XLSX, XLS and ODS find values and looks; here they become the cells that a
reader of the sheet sees, with what the file holds beside that.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation

from yusuan.model.document import Run, column_letters, displayed
from yusuan.model.errors import YusuanError
from yusuan.schema.messages import message
from yusuan.sources import limits
from yusuan.sources.blocks import SourceCell, check_rows
from yusuan.sources.spreadsheets.number_format import NumberFormat, UnknownFormat, general

__all__ = [
    "CellStyle",
    "RichText",
    "Sheet",
    "SheetCells",
    "formula_cell",
    "number_cell",
    "same_colour",
    "text_cell",
    "to_decimal",
    "too_many_listed",
    "too_many_sheets",
    "unreadable",
    "with_value",
]  # fmt: skip

_SIGNED = re.compile("[-－−–—(（△▲负减]")
_OTHER_THAN_ZERO = re.compile("[1-9]")
_WHITE = "FFFFFF"
_NO_CONTRAST = 12
"""Steps of 255 by which no channel of ink and paper may differ for the text to be unseen: white
on FDFDFD is, a light grey that is meant to be read (D9D9D9) is not."""
_LONGEST_FORMULA = 80
_DIGIT = re.compile(r"\d")
_ONE_NUMBER = re.compile(r"\D*?(\d+(?:\.\d*)?|\.\d+)\D*")


RichText = Sequence[tuple[Run, str | None, bool]]
"""Runs, each with its ink (None: that of the cell), and whether its font is its own: a line
through the cell's font does not go through it."""


@dataclass(frozen=True, slots=True)
class CellStyle:
    """How a style shows a cell. ``format`` None: the file says itself what is shown.

    ``hidden``: the ink is that of the ``paper`` (RRGGBB, None where the file does not settle it).
    """

    format: NumberFormat | None = None
    struck: bool = False
    hidden: bool = False
    paper: str | None = _WHITE


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet; rows and columns count from 0.

    ``rows`` are those that hold something, each with its cells by column; ``merges`` are top,
    left, bottom and right of every merged cell within the used range. ``hidden_rows`` and
    ``hidden_columns`` may reach beyond what is used.
    """

    name: str
    rows: Sequence[tuple[int, dict[int, SourceCell]]] = ()
    merges: Sequence[tuple[int, int, int, int]] = ()
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()


def same_colour(ink: str | None, paper: str | None) -> bool:
    """Whether text of one colour cannot be told from what it stands on.

    >>> same_colour("FFFFFF", "FDFDFD"), same_colour("D9D9D9", "FFFFFF"), same_colour(None, "FFFFFF")
    (True, False, False)
    """
    if ink is None or paper is None:
        return False
    return all(
        abs(int(ink[place : place + 2], 16) - int(paper[place : place + 2], 16)) <= _NO_CONTRAST
        for place in (0, 2, 4)
    )


def to_decimal(value: str | float) -> Decimal:
    """A stored number with the 15 significant digits that spreadsheets keep.

    Raises ValueError for what is no finite number.
    """
    number = Decimal(f"{float(value):.15g}")
    if not number.is_finite():
        raise ValueError(f"{value} is no number")
    return number


def number_cell(
    value: Decimal, look: CellStyle, *, date1904: bool = False, zeros: bool = True
) -> SourceCell | None:
    """The cell of a number; None for a blank one. ``zeros``: whether the sheet shows zeros."""
    if not value and not zeros:
        return None
    form = look.format
    if form is None or form.is_general:
        text = general(value)
        return _cell([_run(text, look)]) if look.struck or look.hidden else SourceCell(text)
    try:
        shown = form.number(value, date1904=date1904)
    except UnknownFormat as error:
        return replace(
            _cell([_run(general(value), look)]),
            doubt=message("number-format-unknown", code=form.code, problem=error),
        )
    plain = not (look.struck or look.hidden or shown.colour)
    if shown.exact and plain and "%" not in shown.text and not _lost_sign(shown.text, value):
        return SourceCell(shown.text.strip())
    return with_value(_cell([_run(shown.text.strip(), look, shown.colour)]), value)


def with_value(box: SourceCell | None, value: Decimal) -> SourceCell | None:
    """A cell with the number behind it, where that is not what it shows; None for a blank one.

    A negative number without a sign, as some print in red, is in doubt.
    """
    box = box or SourceCell("")
    if _lost_sign(box.text, value):
        box = replace(box, doubt=message("negative-without-sign"))
    if value and not box.undisplayed and not _DIGIT.search(box.text):
        box = replace(box, undisplayed=(Run(general(value), hidden=True),))
    if box.text.strip() and not _shows_number(box.text, value):
        box = replace(box, stored=general(value))
    return box if box.text.strip() or box.undisplayed else None


def _lost_sign(text: str, value: Decimal) -> bool:
    return value < 0 and not _SIGNED.search(text) and bool(_OTHER_THAN_ZERO.search(text))


def text_cell(runs: str | RichText, look: CellStyle) -> SourceCell | None:
    """The cell of a text; None for a blank one."""
    if isinstance(runs, str):
        if not runs.strip():
            return None
        if look.format is None or look.format.for_text is None:
            if not look.struck and not look.hidden:
                return SourceCell(runs)
            return _cell([_run(runs, look)])
        try:
            shown = look.format.text(runs)
        except UnknownFormat as error:
            return SourceCell(
                runs, doubt=message("number-format-unknown", code=look.format.code, problem=error)
            )
        if not shown.text.strip():
            return _cell([Run(runs, hidden=True)])
        return _cell([_run(shown.text, look, shown.colour)])
    of_cell = [
        replace(
            run, struck=run.struck or (look.struck and not own),
            hidden=run.hidden or (same_colour(ink, look.paper) if ink else look.hidden),
        )
        for run, ink, own in runs
    ]  # fmt: skip
    box = _cell(of_cell)
    return box if box.text.strip() or box.undisplayed else None


def formula_cell(formula: str) -> SourceCell:
    """The cell of a formula that nobody has computed."""
    return SourceCell(
        f"={formula.removeprefix('=')[:_LONGEST_FORMULA]}", doubt=message("formula-without-result")
    )


def _run(text: str, look: CellStyle, ink: str | None = None) -> Run:
    hidden = same_colour(ink, look.paper) if ink else look.hidden
    return Run(text, hidden=hidden, struck=look.struck)


def _cell(runs: Sequence[Run]) -> SourceCell:
    text, undisplayed = displayed(runs)
    return SourceCell(text, undisplayed=undisplayed)


def _shows_number(text: str, value: Decimal) -> bool:
    """Whether a text shows just this number, in whatever spelling."""
    match = _ONE_NUMBER.fullmatch(text.replace(",", ""))
    if match is None:
        return False
    try:
        number = Decimal(match[1])
    except InvalidOperation:
        return False
    return number.scaleb(-2 * text.count("%")) == abs(value)


@dataclass(slots=True)
class SheetCells:
    """Collects the cells of a sheet, under the limits. ``place`` names file and sheet."""

    place: str
    rows: dict[int, dict[int, SourceCell]] = field(default_factory=dict)
    count: int = 0
    characters: int = 0
    last_column: int = -1
    last_row: int = -1

    def add(self, row: int, column: int, box: SourceCell | None) -> None:
        """Put a cell in its place; None is a blank one. Raises YusuanError when the sheet gets too
        large for that."""
        if box is None:
            return
        self.count += 1
        self.characters += len(box.text)
        if self.characters > limits.SHEET_CHARACTERS:
            raise YusuanError(
                f"{self.place}, row {row + 1:,}: more than {limits.SHEET_CHARACTERS:,} characters "
                "in its cells; save what matters in a file of its own"
            )
        if self.count > limits.CELLS:
            raise YusuanError(
                f"{self.place}, row {row + 1:,}: more than {limits.CELLS:,} cells are filled; "
                "save what matters in a file of its own"
            )
        self.reach(row, column)
        if row not in self.rows:
            check_rows(len(self.rows) + 1, f"{self.place}, row {row + 1:,}")
        self.rows.setdefault(row, {})[column] = box

    def reach(self, row: int, column: int) -> None:
        """Count a place as used. Raises YusuanError when the sheet gets too large for that."""
        if row > self.last_row or column > self.last_column:
            self.last_row = max(self.last_row, row)
            self.last_column = max(self.last_column, column)
            if (self.last_row + 1) * (self.last_column + 1) > limits.SHEET_PLACES:
                raise YusuanError(
                    f"{self.place}, row {self.last_row + 1:,}: the cells in use reach as far as "
                    f"{column_letters(self.last_column)}{self.last_row + 1}, too far for a budget "
                    "table; clear the stray cells there and save it again"
                )

    def sheet(
        self, name: str, merges: Sequence[tuple[int, int, int, int]], *, hidden: bool = False,
        hidden_rows: frozenset[int] = frozenset(), hidden_columns: frozenset[int] = frozenset(),
    ) -> Sheet:  # fmt: skip
        """The sheet of the cells collected; merged cells are cut to the used range. Raises
        YusuanError where there are too many merged cells."""
        if len(merges) > limits.MERGED:
            raise YusuanError(
                f"{self.place}: {len(merges):,} merged cells; at most {limits.MERGED:,} are read. "
                "Clear them and save it again"
            )
        within = tuple(
            (top, left, min(bottom, self.last_row), min(right, self.last_column))
            for top, left, bottom, right in merges
            if top <= self.last_row and left <= self.last_column
        )
        rows = [(row, self.rows[row]) for row in sorted(self.rows)]
        return Sheet(name, rows, within, hidden, hidden_rows, hidden_columns)


def too_many_sheets(file: str, count: int) -> YusuanError:
    """What is said of a workbook with more sheets than are read."""
    return YusuanError(
        f"{file}: {count:,} sheets; at most {limits.SHEETS} are read. "
        "Save the sheets that matter in a new file"
    )


def too_many_listed(place: str) -> YusuanError:
    """What is said of a workbook whose file lists more rows and cells than are read."""
    return YusuanError(
        f"{place}: more than {limits.LISTED:,} rows and cells in the sheets so far, most of them blank; "
        "delete what is below and right of the tables, and save it again"
    )


def unreadable(file: str, reason: str) -> YusuanError:
    """What is said of a damaged file."""
    reason = " ".join(reason.split())[:200] or "damaged"
    return YusuanError(
        f"{file}: cannot be read as a spreadsheet ({reason}); open it, save it as XLSX and try again"
    )
