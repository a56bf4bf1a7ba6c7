"""Conditional formats of spreadsheets that hide what a cell holds, or strike it out.

The conditions are those of ECMA-376 Part 1, 18.18.15 (operators) and 18.3.1.10 (rules). One
that compares the cell itself with numbers is decided; of any other (a formula, ranks, values
that occur twice) the cells it would hide are in doubt. Rules that change nothing a reader could miss are not kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

from yusuan.model.document import Run, displayed
from yusuan.model.errors import YusuanError
from yusuan.schema.messages import message
from yusuan.sources.blocks import SourceCell
from yusuan.sources.spreadsheets.cells import Sheet, same_colour, with_value
from yusuan.sources.spreadsheets.number_format import NumberFormat, UnknownFormat

__all__ = ["CellRange", "Condition", "ConditionalFormat", "applied", "comparison", "formula_test"]

Condition = Callable[[Decimal | None], bool | None]
"""Whether a rule holds for a cell with a number, or (None) with text; None: it cannot be known."""
CellRange = tuple[int, int, int, int]
"""Top, left, bottom and right, from 0."""
_MOST_LOOKS = 20_000_000
"""Cells that all rules of a sheet look at; a rule for every cell of a long table looks at 50,000."""
_WHITE = "FFFFFF"
_DIGIT = re.compile(r"\d")
_COMPARED = re.compile(
    r"=?\s*(?P<cell>\$?[A-Za-z]{1,3}\$?\d{1,7})\s*(?P<sign>=|<>|<=|>=|<|>)\s*(?P<than>-?\d+(?:\.\d+)?|\"\")\s*"
)
_FAULT_OR_BLANK = re.compile(
    r"=?\s*(?:ISERROR|ISERR|ISNA|ISBLANK)\(\s*\$?[A-Za-z]{1,3}\$?\d{1,7}\s*\)\s*", re.IGNORECASE
)
_SIGNS = {
    "equal": "=", "notEqual": "<>", "lessThan": "<", "lessThanOrEqual": "<=",
    "greaterThan": ">", "greaterThanOrEqual": ">=",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ConditionalFormat:
    """One rule: where it holds, when, and what it changes (None: nothing).

    ``hides`` is set where no value is shown at all, as behind data bars without numbers.
    """

    areas: tuple[CellRange, ...]
    test: Condition
    ink: str | None = None
    paper: str | None = None
    struck: bool = False
    format: NumberFormat | None = None
    hides: bool = False

    @property
    def matters(self) -> bool:
        """Whether it could keep a reader from seeing a number, or make it another."""
        white = self.ink is not None and same_colour(self.ink, self.paper or _WHITE)
        return self.hides or self.struck or self.format is not None or white


def comparison(operator: str, operands: Iterable[str]) -> Condition:
    """The test of a rule that compares a cell with one or two numbers (cellIs)."""
    try:
        numbers = [Decimal(operand.strip().removeprefix("=")) for operand in operands]
    except InvalidOperation:
        return _unknown
    if operator in ("between", "notBetween") and len(numbers) == 2:
        low, high = sorted(numbers)
        inside = operator == "between"
        return lambda value: (value is not None and low <= value <= high) is inside
    if operator not in _SIGNS or len(numbers) != 1:
        return _unknown
    sign, than = _SIGNS[operator], numbers[0]
    return lambda value: _compared(value, sign, than)


def formula_test(formula: str, first: str) -> Condition:
    """The test of a rule with a formula, where that only looks at the cell itself; ``first`` is the
    address of the first cell that the rule is for, as the formula names it."""
    if _FAULT_OR_BLANK.fullmatch(formula):
        return lambda value: False if value is not None else None
    match = _COMPARED.fullmatch(formula)
    if match is None or match["cell"].upper() != first.upper():
        return _unknown
    if match["than"] == '""':
        return lambda _: match["sign"] == "<>"
    sign, than = match["sign"], Decimal(match["than"])
    return lambda value: _compared(value, sign, than)


def _compared(value: Decimal | None, sign: str, than: Decimal) -> bool:
    """Spreadsheets hold any text to be greater than any number."""
    if value is None:
        return sign in ("<>", ">", ">=")
    return {
        "=": value == than, "<>": value != than, "<": value < than, "<=": value <= than,
        ">": value > than, ">=": value >= than,
    }[sign]  # fmt: skip


def _unknown(_: Decimal | None) -> None:
    return None


def applied(
    sheet: Sheet, rules: Iterable[ConditionalFormat], papers: Mapping[tuple[int, int], str | None],
    place: str,
) -> Sheet:  # fmt: skip
    """The sheet as its conditional formats show it.

    ``papers`` are the fills of cells that are not white, None for one that is not known;
    ``place`` names file and sheet. Raises YusuanError when the rules look at too many cells.
    """
    rows = dict(sheet.rows)
    looks = 0
    for rule in rules:
        for top, left, bottom, right in rule.areas:
            within = rows if bottom - top > len(rows) else range(top, bottom + 1)
            for row in [row for row in within if top <= row <= bottom and row in rows]:
                boxes = rows[row]
                columns = [column for column in boxes if left <= column <= right]
                looks += len(boxes) + 1
                if looks > _MOST_LOOKS:
                    raise YusuanError(
                        f"{place}: its conditional formats are for too many cells; clear them and "
                        "save it again"
                    )
                for column in columns:
                    if _DIGIT.search(boxes[column].text):
                        paper = papers.get((row, column), _WHITE)
                        boxes[column] = _shown(boxes[column], rule, paper)
    return sheet


def _shown(box: SourceCell, rule: ConditionalFormat, paper: str | None) -> SourceCell:
    """A cell under a rule: as it is, changed, or in doubt."""
    if box.doubt is not None:
        return box
    value = _value(box)
    holds = rule.test(value)
    if holds is False:
        return box
    paper = rule.paper or paper
    hidden = rule.hides or same_colour(rule.ink, paper)
    settled = rule.ink is None or paper is not None
    changed: SourceCell | None = box
    if hidden and value == 0:
        changed = replace(box, text="", stored=None)  # as in a sheet that shows no zeros
    elif hidden or rule.struck:
        text, undisplayed = displayed([Run(box.text, hidden=hidden, struck=rule.struck)])
        changed = replace(box, text=text, undisplayed=(*box.undisplayed, *undisplayed))
    elif rule.format is not None and value is not None:
        try:
            shown = rule.format.number(value).text.strip()
            changed = with_value(replace(box, text=shown, stored=None), value)
        except UnknownFormat:
            settled = False
    if changed == box and settled:
        return box
    return (
        (changed or SourceCell(""))
        if holds and settled
        else replace(box, doubt=message("conditional-format-in-doubt"))
    )


def _value(box: SourceCell) -> Decimal | None:
    """The number of a cell: the one stored, where that is another than the one shown."""
    try:
        return Decimal((box.stored or box.text).replace(",", "").strip())
    except InvalidOperation:
        return None
