"""Short ways to write down numbers and relations."""

from __future__ import annotations

from collections.abc import Sequence

from yusuan.error_localisation import (
    Cause,
    Explanation,
    Localisation,
    Relation,
    RoundedNumber,
    localise,
)

WAN = 1_000_000


def table(name: str, lines: Sequence[Sequence[int]], step: int = 1) -> dict[str, RoundedNumber]:
    """``name`` + row + column, such as ``a00``; the first row and column are totals.

    ``step`` 1 is exact; else the numbers are rounded to it, and given in it.
    """
    half = step // 2
    return {
        f"{name}{r}{c}": RoundedNumber(f"{name}{r}{c}", value * step, step, half, name, r, c)
        for r, line in enumerate(lines)
        for c, value in enumerate(line)
    }


def total(whole: str, *parts: str) -> Relation:
    return Relation(f"{whole}={'+'.join(parts)}", {whole: 1, **dict.fromkeys(parts, -1)})


def same(one: str, other: str) -> Relation:
    return Relation(f"{one}={other}", {one: 1, other: -1}, identity=True)


def sums(name: str, rows: int, columns: int) -> list[Relation]:
    """First column = sum of the others, first row likewise."""
    across = [
        total(f"{name}{r}0", *(f"{name}{r}{c}" for c in range(1, columns))) for r in range(rows)
    ]
    down = [
        total(f"{name}0{c}", *(f"{name}{r}{c}" for r in range(1, rows))) for c in range(columns)
    ]
    return across + down


def localised(
    quantities: dict[str, RoundedNumber], relations: Sequence[Relation], **more: float
) -> Localisation:
    return localise(list(quantities.values()), relations, **more)  # type: ignore[arg-type]


def only(localisation: Localisation) -> Cause:
    """The one cause there is."""
    assert len(localisation.causes) == 1, localisation
    return localisation.causes[0]


def told(explanation: Explanation) -> dict[str, tuple[int | None, str | None]]:
    """Proposed value and slip by place."""
    return {change.key: (change.proposed, change.slip) for change in explanation.changes}
