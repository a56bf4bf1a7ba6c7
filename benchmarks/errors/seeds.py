"""Errors to seed, by family: which printed place is overwritten, with what, and what was there."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from random import Random

from benchmarks.errors.page import Address, Draft, Place, places
from benchmarks.errors.slips import SLIPS, number
from benchmarks.errors.stated import stands_out
from benchmarks.layouts.model import Amount, Table
from yusuan.codes import code_list

__all__ = ["FAMILIES", "Seed", "seeds_for"]

ERROR = frozenset({"error"})
TOLD = frozenset({"error", "warning"})
FUNCTIONAL = ("revenue-summary", "expenditure-summary", "general-budget-expenditure",
              "government-fund-expenditure", "state-capital-expenditure")  # fmt: skip
SUMMARIES = ("revenue-expenditure-summary", "fiscal-appropriation-summary")
MANDATORY = (*SUMMARIES, *FUNCTIONAL, "general-budget-basic-expenditure", "three-public-expenses")
_CHINESE = re.compile("[\u4e00-\u9fff]")
ECONOMIC = "general-budget-basic-expenditure"
PROJECTS = "general-budget-project-expenditure"


@dataclass(frozen=True)
class Seed:
    """One error. ``truth`` is what was printed at each place that is overwritten.

    ``rows``: the finding may name the row instead of the cell (codes, names, blanks). ``verdicts``
    are those that count as found. ``without`` are blocks left out: those of a ``table``, or the
    target form of a ``project``.
    """

    family: str
    kind: str
    changes: dict[Address, str]
    truth: dict[Address, str]
    verdicts: frozenset[str] = ERROR
    rows: bool = False
    without: frozenset[int] = frozenset()
    table: str | None = None
    project: str | None = None


@dataclass
class Printed:
    """What a draft prints, in the ways that seeds look for places."""

    draft: Draft
    all: list[Place]
    at: dict[Address, Place] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.at = {place.address: place for place in self.all}

    def cells(self, *kinds: str) -> list[Place]:
        """Amounts of standard tables, of those named if any."""
        return [p for p in self.all if p.table and p.table.kind != "targets" and p.column
                and not p.column.optional and (not kinds or p.table.kind in kinds)]  # fmt: skip

    def stated(self, *kinds: str) -> list[Place]:
        return [p for p in self.all if p.kind in kinds]

    def beside(self, place: Place, rows: int, columns: int = 0) -> Place | None:
        block, row, column = place.address
        return self.at.get((block, row + rows, column + columns))


def is_total(place: Place) -> bool:
    return place.code is None and (
        place.label.endswith("计") or place.label in ("本年收入", "本年支出")
    )


def is_subtotal(place: Place, printed: Printed) -> bool:
    code = place.code
    return bool(code) and any(
        (p.code or "").startswith(code or "?") and len(p.code or "") > len(code or "")
        for p in printed.cells(place.table.kind if place.table else "")
    )


def matters(place: Place, text: str | None) -> bool:
    """Whether another number at a place cannot be explained by rounding, whatever it adds up to."""
    value = number(text) if text else None
    if value is None or place.table is None:
        return False
    rows = len(place.table.body) + 4
    return abs(value - place.value) > place.step * rows


Maker = Callable[[Printed, Random], "tuple[dict[Address, str], dict[Address, str]] | None"]
Changed = tuple[dict[Address, str], dict[Address, str]]


def _one(place: Place, text: str) -> Changed:
    return {place.address: text}, {place.address: place.printed}


def _slipped(candidates: Sequence[Place], rng: Random, slips: Sequence[str] = tuple(SLIPS),
             fits: Callable[[Place, str | None], bool] = matters) -> Changed | None:  # fmt: skip
    """A slip at one of the places, as long as it makes a difference."""
    for _ in range(12 if candidates else 0):
        place = rng.choice(candidates)
        text = SLIPS[rng.choice(slips)](place.printed, rng)
        if text and text != place.printed and fits(place, text):
            return _one(place, text)
    return None


def _detail(printed: Printed, rng: Random, slip: str) -> Changed | None:
    found = [p for p in printed.cells() if not is_total(p)]
    return _slipped(found, rng, (slip,))


def _neighbour(printed: Printed, rng: Random, sideways: bool) -> Changed | None:
    """The number of the cell beside or below."""
    found = printed.cells(*FUNCTIONAL, ECONOMIC, PROJECTS)
    rng.shuffle(found)
    for place in found:
        step = rng.choice((-1, 1))
        other = printed.beside(place, 0, step) if sideways else printed.beside(place, step)
        if other and not is_total(place) and matters(place, other.printed):
            return _one(place, other.printed)
    return None


def _run(printed: Printed, rng: Random, count: int) -> Changed | None:
    """So many numbers of a total column, one below the other, each a row too low."""
    found = [p for p in printed.cells(*FUNCTIONAL) if p.column and not p.column.dims
             and not p.column.previous and not is_total(p)]  # fmt: skip
    rng.shuffle(found)
    for place in found:
        run = [printed.beside(place, step) for step in range(count)]
        whole = [p for p in run if p and not is_total(p)]
        if len(whole) < count or not all(_has_parts(p, printed) for p in whole):
            continue
        rolled = [whole[-1], *whole[:-1]]
        if all(matters(p, other.printed) for p, other in zip(whole, rolled, strict=True)):
            return (
                {p.address: other.printed for p, other in zip(whole, rolled, strict=True)},
                {p.address: p.printed for p in whole},
            )
    return None


def _has_parts(place: Place, printed: Printed) -> bool:
    block, row, column = place.address
    return any(a[:2] == (block, row) and a[2] > column for a in printed.at)


def _subtotal(printed: Printed, rng: Random) -> Changed | None:
    return _slipped([p for p in printed.cells() if is_subtotal(p, printed)], rng)


def _of_parent(printed: Printed, rng: Random) -> Changed | None:
    """A part prints the number of the subtotal that it is a part of, with others."""
    for place in _shuffled([p for p in printed.cells(*FUNCTIONAL, ECONOMIC) if p.code], rng):
        block, _, column = place.address
        above = [p for p in printed.cells() if p.code and p.address[0] == block
                 and p.address[2] == column and p.code != place.code
                 and (place.code or "").startswith(p.code)]  # fmt: skip
        parent = max(above, key=lambda p: len(p.code or ""), default=None)
        if parent and matters(place, parent.printed):
            return _one(place, parent.printed)
    return None


def _total(printed: Printed, rng: Random) -> Changed | None:
    return _slipped([p for p in printed.cells() if is_total(p)], rng)


def _in_other_column(printed: Printed, rng: Random) -> Changed | None:
    """A subtotal stands in a column of its row that is blank, and its own place is blank."""
    for place in _shuffled([p for p in printed.cells(ECONOMIC) if is_subtotal(p, printed)], rng):
        block, row, column = place.address
        parts = [
            at
            for at, c in enumerate(place.table.columns if place.table else ())
            if not isinstance(c, str)
        ]
        blank = [at for at in parts[1:] if (block, row, at) not in printed.at]
        if column in parts[1:] and blank and matters(place, "0"):
            other = (block, row, rng.choice(blank))
            return {place.address: "", other: place.printed}, {
                place.address: place.printed,
                other: "",
            }
    return None


def _blank(printed: Printed, rng: Random) -> Changed | None:
    found = [p for p in printed.cells() if is_subtotal(p, printed) and matters(p, "0")]
    return _one(rng.choice(found), "") if found else None


def _grand_total(printed: Printed, rng: Random) -> Changed | None:
    return _slipped(
        [p for p in printed.cells(*SUMMARIES) if p.label.endswith("总计") or p.label == "总计"], rng
    )


def _class_total(printed: Printed, rng: Random) -> Changed | None:
    known = {
        p.label for p in printed.cells(*SUMMARIES) if p.label.endswith("支出") and not is_total(p)
    }
    return _slipped([p for p in printed.cells(*SUMMARIES) if p.label in known], rng)


def _basic_project(printed: Printed, rng: Random) -> Changed | None:
    found = printed.cells("expenditure-summary", "general-budget-expenditure")
    return _slipped([p for p in found if is_total(p) and p.column and p.column.dims], rng)


def _three_public(printed: Printed, rng: Random) -> Changed | None:
    items = [p for p in printed.cells(ECONOMIC) if p.code in ("30217", "30231", "30212")]
    cells = [p for p in printed.cells("three-public-expenses") if p.column and not p.column.previous
             and p.column.phase in (None, printed.draft.phase)]  # fmt: skip
    return _slipped([*items, *cells], rng)


def _project(printed: Printed, rng: Random) -> Changed | None:
    found = [
        p
        for p in printed.cells(PROJECTS)
        if p.column and p.column.heading == "项目支出合计" and not is_total(p)
    ]
    return _slipped(found, rng)


def _fund(printed: Printed, rng: Random) -> Changed | None:
    return _slipped(printed.cells("government-fund-expenditure"), rng)


def _stated(printed: Printed, rng: Random, kind: str) -> Changed | None:
    slips = (
        ("digit", "transposition", "unit")
        if kind in ("amount", "project", "target-amount")
        else ("digit", "transposition")
    )
    fits = partial(stands_out, printed.draft, printed.at)
    return _slipped(printed.stated(kind), rng, slips, fits)


def _target(printed: Printed, rng: Random) -> Changed | None:
    """The total of a target form; its parts stay."""
    found = [p for p in printed.all if p.table and p.table.kind == "targets" and p.address[1] == 2]
    return _slipped(found, rng, ("digit", "transposition", "unit"))


def _date(printed: Printed, rng: Random) -> Changed | None:
    found = [p for p in printed.stated("date") if p.printed.endswith("底")]
    return (
        _one(rng.choice(found), f"{printed.draft.year + rng.randint(4, 9)}年底") if found else None
    )


def _shuffled(found: list[Place], rng: Random) -> list[Place]:
    rng.shuffle(found)
    return found


def _of_row_below(printed: Printed, rng: Random, name: bool) -> Changed | None:
    """The code, or the name, of the row below at the place of a row's own."""
    rows: dict[tuple[int, int], Place] = {
        p.address[:2]: p for p in printed.cells(*FUNCTIONAL) if p.code
    }
    keys = sorted(rows)
    rng.shuffle(keys)
    for block, row in keys:
        below = rows.get((block, row + 1))
        place = rows[block, row]
        if (
            below is None
            or below.label == place.label
            or {len(below.code or ""), len(place.code or "")} != {7}
            or not _listed((place if name else below).code or "", printed.draft.year)
        ):
            continue
        table = place.table
        assert table is not None
        texts = [(at, str(one), str(two)) for at, (one, two) in enumerate(zip(table.body[row], table.body[row + 1], strict=True))
                 if isinstance(one, str) and isinstance(two, str) and one != two]  # fmt: skip
        picked = [t for t in texts if t[1].strip() and (_CHINESE.search(t[1]) is not None) is name
                  and (name or t[1].strip().isdigit())]  # fmt: skip
        if picked:
            return (
                {(block, row, at): two for at, _, two in picked},
                {(block, row, at): one for at, one, _ in picked},
            )
    return None


def _listed(code: str, year: int) -> bool:
    """Whether the lists know a code in a year: nothing else can tell that its name is wrong."""
    match = code_list("expenditure-function").find(code, year)
    return match is not None and match.exact


WITHIN: dict[str, Maker] = {
    **{slip: partial(_detail, slip=slip) for slip in SLIPS},
    "neighbour-column": partial(_neighbour, sideways=True),
    "neighbour-row": partial(_neighbour, sideways=False),
    "swapped": partial(_run, count=2), "rows-shifted": partial(_run, count=3),
    "total-copied": _of_parent, "subtotal": _subtotal, "total": _total, "subtotal-other-column": _in_other_column, "subtotal-blank": _blank,
}  # fmt: skip
ACROSS: dict[str, Maker] = {
    "grand-total": _grand_total, "class-total": _class_total, "basic-project": _basic_project,
    "three-public": _three_public, "project": _project, "fund": _fund,
}  # fmt: skip
STATED: dict[str, Maker] = {
    **{f"stated-{kind}": partial(_stated, kind=kind)
       for kind in ("amount", "share", "change", "rate", "count", "staff", "procurement", "project", "target-amount")},
    "target": _target,
}  # fmt: skip
CODES: dict[str, Maker] = {
    "code-of-row-below": partial(_of_row_below, name=False), "name-of-row-below": partial(_of_row_below, name=True),
}  # fmt: skip
PLAUSIBILITY: dict[str, Maker] = {"date": _date}
FAMILIES: dict[str, dict[str, Maker]] = {
    "within": WITHIN, "across": ACROSS, "narrative": STATED, "codes": CODES, "plausibility": PLAUSIBILITY,
    "completeness": {},
}  # fmt: skip
WARNED = {"subtotal-blank", "stated-count", "date"}
"""Kinds that a warning is enough for: a blank may be meant, vehicles may be of other kinds."""


def seeds_for(draft: Draft, rng: Random, count: int, family: str | None = None) -> list[Seed]:
    """So many errors of different places and rows, of families in turn or one of them."""
    printed = Printed(draft, list(places(draft)))
    found: list[Seed] = []
    taken: set[tuple[int, int]] = set()
    weights = {
        "within": 8,
        "across": 5,
        "narrative": 6,
        "codes": 2,
        "plausibility": 1,
        "completeness": 1,
    }
    for _ in range(40 * count):
        if len(found) == count:
            break
        own = family or rng.choices(list(weights), list(weights.values()))[0]
        seed = _structural(draft, rng) if own == "completeness" else _made(printed, own, rng)
        if seed is None or (seed.without and any(s.without for s in found)):
            continue
        rows = {a[:2] for a in seed.changes} | {(b, -1) for b in seed.without}
        blocks = {b for b, _ in taken}
        if (
            rows & taken
            or any(b in blocks for b in seed.without)
            or any(a[0] in s.without for s in found for a in seed.changes)
        ):
            continue
        taken |= rows
        found.append(seed)
    return found


def _made(printed: Printed, family: str, rng: Random) -> Seed | None:
    kind = rng.choice(list(FAMILIES[family]))
    made = FAMILIES[family][kind](printed, rng)
    verdicts = TOLD if kind in WARNED or family == "codes" else ERROR
    rows = family == "codes" or kind in ("subtotal-blank", "date")
    return Seed(family, kind, *made, verdicts, rows) if made else None


def _structural(draft: Draft, rng: Random) -> Seed | None:
    """A mandatory table is missing, or the target form of one project of several."""
    tables: dict[str, list[int]] = defaultdict(list)
    for number_, block in enumerate(draft.blocks):
        if isinstance(block, Table):
            tables[block.kind].append(number_)
    forms = tables.get("targets", [])
    if len(forms) > 2 and rng.random() < 0.4:
        gone = rng.choice(forms)
        block = draft.blocks[gone]
        names = {cell.label for row in block.body for cell in row if isinstance(cell, Amount)}
        return Seed("completeness", "target-form", {}, {}, TOLD, without=frozenset({gone}),
                    project=" ".join(names))  # fmt: skip
    kind = rng.choice([k for k in MANDATORY if k in tables])
    return Seed("completeness", "table", {}, {}, TOLD, without=frozenset(tables[kind]), table=kind)
