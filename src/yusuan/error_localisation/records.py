"""What goes in, rounded numbers and relations between them, and what comes out: explanations.

Numbers are integers in one smallest unit (money: fen), so that everything is exact.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from yusuan.model.findings import Certainty

__all__ = [
    "Cause",
    "Certainty",
    "Explanation",
    "Localisation",
    "NumberChange",
    "Relation",
    "RoundedNumber",
]


@dataclass(frozen=True, slots=True)
class RoundedNumber:
    """One printed number at one place.

    It was rounded to a multiple of ``step`` (what one more in its last printed digit means);
    the number behind it is then within ``half_step`` of ``value``, 0 where it is exact.
    ``table``, ``row`` and ``column`` (numbers in printed order) tell its neighbours; a number
    in running text has none. ``signed``: below zero it is as likely as above, as a change is.
    """

    key: str
    value: int
    step: int = 1
    half_step: int = 0
    table: str | None = None
    row: int | None = None
    column: int | None = None
    signed: bool = False


@dataclass(frozen=True, slots=True)
class Relation:
    """An edit rule: ``low <= sum(coefficient * number) <= high``, by default an equation.

    ``identity``: its two numbers (coefficients 1 and -1) are one number printed twice. Of
    equal ``step`` they must be equal; else the coarser must be the finer one rounded.

    ``about`` is a number that shaped the coefficients or bounds, such as a stated rate: the
    relation holds for nothing when that number is wrong. ``computed`` is then what it would be
    by the other numbers as printed, ``between`` what by numbers that round to those, and
    ``mistaken`` what usual mistakes make of them.
    """

    key: str
    terms: Mapping[str, int]
    low: int = 0
    high: int = 0
    identity: bool = False
    about: str | None = None
    computed: int | None = None
    between: tuple[int, int] | None = None
    mistaken: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class NumberChange:
    """A number that must be wrong in an explanation.

    ``low`` and ``high`` bound what could be printed so that all relations can hold (None:
    unbounded); ``proposed`` is the value that it most probably should be, None when several
    are equally good. ``slip`` is how it went wrong, a code of ``schemas/lists/slips.yaml``.
    ``together`` are other places that print the same number and are wrong with it.
    """

    key: str
    low: int | None
    high: int | None
    proposed: int | None
    slip: str | None = None
    together: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """Changes that together make every relation possible; fewer and likelier ones cost less."""

    changes: tuple[NumberChange, ...]
    cost: float


@dataclass(frozen=True, slots=True)
class Cause:
    """Relations that cannot all hold, and what explains that, best first.

    ``certainty`` is ``proven`` when no other set of as few changes would do and the relations
    leave one value for each, ``likely`` when the first explanation is the only one or clearly
    the likeliest, ``tied`` when it is not: then no cell is named. ``searched`` is false when the search was cut short.
    """

    violated: tuple[str, ...]
    explanations: tuple[Explanation, ...]
    certainty: Certainty
    searched: bool = True


@dataclass(frozen=True, slots=True)
class Localisation:
    """The relations that fail as printed: ``rounding`` those that unrounded values satisfy
    all at once, ``causes`` the rest."""

    rounding: tuple[str, ...] = ()
    causes: tuple[Cause, ...] = field(default=())
