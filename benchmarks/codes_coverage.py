"""How many printed codes the lists know, and which they do not.

Run from the top folder, with files or folders of disclosures::

    python -m benchmarks.codes_coverage ../shared/corpus

A code counts once for each list, year and name. ``in year``: a list of that year has it under
that name; ``other year``: a list of another year does; ``learnt``: no list, but departments
agree; ``conflict``: lists or documents contradict it; ``unresolved``: nothing is known. Each
code of the last two is printed with the finding that tells of it. The lists of recent years
were gathered from disclosures of some of the same bodies as the corpus, so its share says less
about bodies that nobody has looked at yet.
"""

from __future__ import annotations

import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from yusuan.checks import load_rules
from yusuan.codes import code_list
from yusuan.codes.name_resolution import Pair
from yusuan.facts.codes import pairs_by_document
from yusuan.model.findings import Finding
from yusuan.pipeline import CheckedSources, check_sources

__all__ = ["Unresolved", "coverage", "unresolved"]

STATES = ("in year", "other year", "learnt", "conflict", "unresolved")
RULES = {r.id for r in load_rules() if r.family in ("code-name", "unlisted-codes")}


@dataclass(frozen=True)
class Unresolved:
    """A code that is in doubt, with the document that prints it and the findings about it."""

    document: str
    pair: Pair
    findings: tuple[Finding, ...]


def coverage(checked: CheckedSources) -> Mapping[tuple[str, int], Counter[str]]:
    """How many codes with names there are in each state, by list and year."""
    found: dict[tuple[str, int], Counter[str]] = defaultdict(Counter)
    for pair in {pair for _, pair in _pairs(checked)}:
        found[pair.list, pair.year][_state(pair)] += 1
    return dict(sorted(found.items()))


def unresolved(checked: CheckedSources) -> list[Unresolved]:
    """Every code that the lists do not settle, document by document."""
    about: dict[str, list[Finding]] = defaultdict(list)
    for finding in checked.findings:
        if finding.rule in RULES:
            about[finding.document].append(finding)
    found = [
        Unresolved(document, pair, tuple(f for f in about[document] if _tells(f, pair)))
        for document, pair in _pairs(checked)
        if _state(pair) in ("conflict", "unresolved")
    ]
    return sorted(found, key=lambda u: (u.pair.list, u.pair.year, u.pair.code, u.pair.name))


def _pairs(checked: CheckedSources) -> Iterator[tuple[str, Pair]]:
    for document, pairs in pairs_by_document(
        checked.contents.documents, checked.contents.rows
    ).items():
        for pair in pairs.values():
            yield document, pair


def _state(pair: Pair) -> str:
    if pair.verdict == "conflict":
        return "conflict"
    if pair.listed:
        in_year = code_list(pair.list).valid(pair.listed, pair.year)
        return "in year" if in_year else "other year"
    return "learnt" if pair.verdict == "agreed" else "unresolved"


def _tells(finding: Finding, pair: Pair) -> bool:
    return re.search(rf"(?<!\d){pair.code}(?!\d)", finding.message_zh) is not None


def lines(checked: CheckedSources) -> Iterator[str]:
    """The report: a row for each list and year, the sums, then what is unresolved."""
    yield _row("list", "year", "codes", *STATES, "resolved")
    total: Counter[str] = Counter()
    for (name, year), states in coverage(checked).items():
        total += states
        yield _figures(name, str(year), states)
    yield _figures("all", "", total)
    for item in unresolved(checked):
        pair = item.pair
        told = ", ".join(finding.rule for finding in item.findings) or "NO FINDING"
        yield f"{pair.list} {pair.year} {pair.code} {pair.name}: {pair.verdict}; {told}"


def _figures(name: str, year: str, states: Counter[str]) -> str:
    codes = states.total()
    share = f"{100 * (states['in year'] + states['other year']) / codes:.1f} %" if codes else "-"
    return _row(name, year, codes, *(states[state] for state in STATES), share)


def _row(name: str, year: str, *cells: object) -> str:
    return f"{name:<32}{year:>5}" + "".join(f"{cell!s:>12}" for cell in cells)


def main(arguments: Iterable[str]) -> None:
    sources = [Path(argument) for argument in arguments]
    if not sources:
        sys.exit(__doc__)
    for line in lines(check_sources(sources)):
        print(line)


if __name__ == "__main__":
    main(sys.argv[1:])
