"""How well the checks find errors that are seeded in consistent disclosures.

Run from the top folder::

    python -m benchmarks.errors --documents 500 --errors 1 2 3 --seed 1

Unrounded figures come first; every printed number is one of them, rounded half up on its own,
so that in a document without errors sums are off by as much as rounding explains. Each document
is drawn in a format, read by the real reader and checked: clean, then with so many errors. An
error is overwritten at one printed place. Only errors that rounding cannot explain are seeded.

``recall``: a finding with the verdict error is about it (the same finding stands when the error
is alone, or names the place; a warning will do for blank subtotals, vehicle counts, dates and
what is missing). ``place``: one names the printed place as the wrong one; ``value``: and proposes
(or expects) what was there. ``tied``: it is among the numbers of a tie, of which none is named.
These are shares of all seeded, of value of those with one (a table that is missing has none).
``of named``: of the errors found and not tied, how many have the right place named. Of a head
count or a part that stands in one sum only, another number may as well be wrong: a tie.
``innocent``: error findings that name a number that is right. ``unexplained``: error findings
that no seeded error alone gives, and that neither name nor list one.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from statistics import median

from benchmarks.errors.judging import Case, Outcome, judge
from benchmarks.errors.layouts import LAYOUTS
from benchmarks.errors.seeds import FAMILIES

__all__ = ["lines", "run"]


def run(documents: int, errors: Sequence[int], seed: int, layouts: Sequence[str] = (),
        family: str | None = None, jobs: int = 1) -> Iterator[Case]:  # fmt: skip
    """The cases of so many documents, of the layouts in turn."""
    names = list(layouts) or list(LAYOUTS)
    work = [(names[n % len(names)], f"{seed}-{n}") for n in range(documents)]
    task = partial(_job, errors=tuple(errors), family=family)
    if jobs == 1:
        yield from map(task, work)
        return
    with ProcessPoolExecutor(max_workers=jobs) as pool:
        yield from pool.map(task, work)


def _job(work: tuple[str, str], errors: tuple[int, ...], family: str | None) -> Case:
    return judge(*work, errors, family)


def lines(cases: Sequence[Case], kinds: bool = False) -> Iterator[str]:
    """The report: clean documents, then a row for each family and number of errors."""
    false = [case for case in cases if case.false]
    times = [time for case in cases for time in case.times]
    amounts = sorted(case.amounts for case in cases)
    yield f"documents {len(cases)}, numbers printed {amounts[0]}–{amounts[-1]}, not read {sum(c.unread for c in cases)}"
    yield (f"clean: {sum(len(c.false) for c in cases)} error findings in {len(false)} documents: "
           f"{dict(Counter(f.rule for c in cases for f in c.false))}")  # fmt: skip
    yield f"check alone: median {median(times):.0f} ms, slowest {max(times):.0f} ms; broken off {sum(len(c.broken) for c in cases)}"
    yield (f"with errors: {sum(len(c.innocent) for c in cases)} error findings name a right number, "
           f"{sum(c.tied for c in cases)} are tied, {sum(len(c.unexplained) for c in cases)} unexplained")  # fmt: skip
    yield f"{'family':<24}{'errors':>7}{'seeded':>8}{'recall':>9}{'place':>9}{'value':>9}{'tied':>9}{'of named':>10}{'unread':>8}"
    outcomes = [outcome for case in cases for outcome in case.outcomes]
    yield from _rows(outcomes, lambda o: o.seed.family, list(FAMILIES))
    yield from _rows(outcomes, lambda _: "all", ["all"])
    if kinds:
        yield from _rows(
            outcomes, lambda o: o.seed.kind, sorted({o.seed.kind for o in outcomes}), apart=False
        )


def _rows(outcomes: Sequence[Outcome], name: Callable[[Outcome], str], names: Iterable[str],
          apart: bool = True) -> Iterator[str]:  # fmt: skip
    counts = sorted({o.errors for o in outcomes}) if apart else [0]
    for own in names:
        for count in counts:
            group = [o for o in outcomes if name(o) == own and (not apart or o.errors == count)]
            if group:
                valued = [o for o in group if o.seed.truth]
                shares = (
                    f"{sum(map(pick, among)) / len(among):>9.1%}" if among else f"{'–':>9}"
                    for pick, among in (
                        (lambda o: o.found, group), (lambda o: o.located, group),
                        (lambda o: o.value, valued), (lambda o: o.listed, group),
                    )
                )  # fmt: skip
                named = [o for o in group if o.named]
                right = f"{sum(o.located for o in named) / len(named):.1%}" if named else "–"
                unread = sum(not o.readable for o in group)
                yield f"{own:<24}{count or 'any':>7}{len(group):>8}{''.join(shares)}{right:>10}{unread:>8}"


def misses(cases: Sequence[Case], most: int) -> Iterator[str]:
    """Clean documents with findings, and errors not found, not placed or not mended."""
    for case in cases:
        for told in case.broken[:most]:
            yield f"BROKEN {case.layout} {case.document}: {told}"
        for name, findings in (
            ("FALSE", case.false), ("INNOCENT", case.innocent), ("UNEXPLAINED", case.unexplained),
        ):  # fmt: skip
            for finding in findings[:most]:
                yield f"{name} {case.layout} {case.document}: {finding.rule}: {finding.message_zh}"
    left: Counter[tuple[str, str]] = Counter()
    for outcome in (o for case in cases for o in case.outcomes):
        state = (
            "ok"
            if outcome.value or (outcome.located and not outcome.seed.truth)
            else "value"
            if outcome.located
            else "place"
            if outcome.found
            else "recall"
        )
        left[outcome.seed.kind, state] += 1
        if state != "ok" and left[outcome.seed.kind, state] <= most:
            seed = outcome.seed
            changed = "; ".join(
                f"{a} {seed.truth[a]!r} -> {text!r}" for a, text in seed.changes.items()
            )
            yield f"{state:<7}{outcome.layout} {outcome.document} of {outcome.errors} {seed.kind}: {changed} {list(outcome.told)}"


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.errors", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    parser.add_argument("--documents", type=int, default=60)
    parser.add_argument(
        "--errors", type=int, nargs="*", default=[1, 2, 3], help="so many at once, each in turn"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--layout", action="append", choices=LAYOUTS, default=[])
    parser.add_argument("--family", choices=FAMILIES, help="seed errors of this family only")
    parser.add_argument("--kinds", action="store_true", help="a row for each kind of error too")
    parser.add_argument(
        "--misses", type=int, default=0, metavar="N", help="show so many of each kind"
    )
    parser.add_argument("--jobs", type=int, default=1)
    given = parser.parse_args(arguments)
    cases = list(
        run(given.documents, given.errors, given.seed, given.layout, given.family, given.jobs)
    )
    for line in (
        *lines(cases, given.kinds),
        *(misses(cases, given.misses) if given.misses else ()),
    ):
        print(line)


if __name__ == "__main__":
    main(sys.argv[1:])
