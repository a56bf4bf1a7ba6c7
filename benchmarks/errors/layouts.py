"""How departments lay out a disclosure: makers of whole drafts from a random source."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from random import Random

from benchmarks.errors.page import Draft
from benchmarks.errors.tables import plain_tables, project_table
from benchmarks.errors.truth import Department, make_department
from benchmarks.errors.wording import Totals, front, narrative
from benchmarks.layouts.layouts.central import nine_tables
from benchmarks.layouts.layouts.final import Accounts, national
from benchmarks.layouts.model import Style, Table
from benchmarks.layouts.parts import total

__all__ = ["LAYOUTS", "make_draft"]

ZERO = Decimal(0)
FUNCTIONS = (3, 4, 5, 6, 8, 10, 12, 14)
"""How many functions a department spends on."""


def make_draft(layout: str, seed: str) -> Draft:
    """The disclosure that a layout and a seed give, always the same."""
    return LAYOUTS[layout](Random(f"{layout} {seed}"))


def _budget(rng: Random, layout: str, style: Style, formats: tuple[str, ...], decimals: int,
            *, carry: bool = True, own: bool = True, central: bool = True) -> tuple[Draft, Department]:  # fmt: skip
    department = make_department(
        rng, rng.choice(FUNCTIONS), fund=rng.random() < 0.6, capital=rng.random() < 0.3 and central,
        own=own and rng.random() < 0.4, carry=carry,
    )  # fmt: skip
    phase = "executed" if layout.startswith("final") else "approved"
    draft = Draft(
        layout,
        department.name,
        2023,
        phase,
        style,
        rng.choice(formats),
        rng,
        decimals,
        rng.choice((1, 2, 2)),
    )
    return draft, department


def _finish(
    draft: Draft, department: Department, tables: list[Table], totals: Totals, targets: bool
) -> Draft:
    front(draft, department)
    draft.blocks += tables
    narrative(draft, department, totals, targets=targets)
    return draft


def _totals(department: Department) -> Totals:
    def of(*sources: str) -> Decimal:
        return department.sum(lambda leaf: leaf.current, *sources)

    whole = department.sum(lambda leaf: leaf.total)
    return Totals(
        whole,
        of(),
        of("gpb"),
        of("fund"),
        department.sum(lambda x: x.total, "gpb", "fund", "capital"),
    )


def plain_wan(rng: Random) -> Draft:
    """Rows of 类款项 without subtotals, whole 万元, as text with tabs or pipes."""
    style = Style(decimals=0)
    draft, department = _budget(rng, "plain-wan", style, ("text", "markdown"), 0, carry=False, own=False,
                                central=False)  # fmt: skip
    return _finish(draft, department, plain_tables(draft, department), _totals(department), True)


def plain_cents(rng: Random) -> Draft:
    """The same in 万元 with two decimals."""
    style = Style(one_line_caption=True, thousands=rng.random() < 0.3)
    draft, department = _budget(rng, "plain-cents", style, ("text", "markdown"), 2, carry=False, own=False,
                                central=False)  # fmt: skip
    return _finish(draft, department, plain_tables(draft, department), _totals(department), True)


def central(rng: Random) -> Draft:
    """The nine tables of central bodies, 万元 with two decimals, subtotals by code."""
    draft, department = _budget(
        rng,
        "central",
        Style(one_line_caption=True, zero=rng.choice(("", "", "-", "0"))),
        ("html", "markdown"),
        2,
    )
    tables = [*nine_tables(draft, department), project_table(draft, department)]
    return _finish(draft, department, tables, _totals(department), rng.random() < 0.5)


def yuan(rng: Random) -> Draft:
    """The same in 元 with separators and zeros printed, as a Word file or text."""
    style = Style(unit=1, thousands=True, zero="0", caption_inside=True)
    draft, department = _budget(rng, "yuan", style, ("docx", "markdown"), 2)
    tables = [*nine_tables(draft, department), project_table(draft, department)]
    return _finish(draft, department, tables, _totals(department), rng.random() < 0.5)


def _final(rng: Random, layout: str, style: Style, decimals: int) -> Draft:
    draft, department = _budget(rng, layout, style, ("html", "markdown"), decimals)
    closing = {"gpb": str(Decimal(rng.randint(100_000, 90_000_000)) / 100)}
    accounts = Accounts(department, closing)
    left, every = Decimal(closing["gpb"]), list(department.leaves)
    fiscal = list(department.of("gpb", "fund", "capital"))
    totals = Totals(
        whole=total(every, lambda x: x.total) + left, received=accounts.income(every),
        general_received=accounts.income(every, "gpb"), fund_received=accounts.income(every, "fund"),
        fiscal=total(fiscal, lambda x: x.total) + left,
    )  # fmt: skip
    return _finish(draft, department, national(draft, accounts, phases=False), totals, False)


def final(rng: Random) -> Draft:
    """Final accounts in 万元 with two decimals."""
    return _final(
        rng, "final", Style(one_line_caption=True, zero=rng.choice(("", "", "-", "0"))), 2
    )


def final_yuan(rng: Random) -> Draft:
    """Final accounts in 元."""
    return _final(
        rng, "final-yuan", Style(unit=1, thousands=True, zero="0", caption_inside=True), 2
    )


LAYOUTS: dict[str, Callable[[Random], Draft]] = {
    "plain-wan": plain_wan, "plain-cents": plain_cents, "central": central, "yuan": yuan,
    "final": final, "final-yuan": final_yuan,
}  # fmt: skip
