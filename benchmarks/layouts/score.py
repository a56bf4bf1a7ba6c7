"""How well the amounts of the generated disclosures are read: ``python -m benchmarks.layouts.score``.

Each amount that is printed must become a fact with the right value, row, column, unit, table,
phase, year and direction; nothing else may become a fact; and nothing may be called an error.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.layouts.layouts import LAYOUTS
from benchmarks.layouts.model import Expected, Said
from benchmarks.layouts.render import ALIGNED, FORMATS, PRINTED, UNRULED, missing, print_all, render
from benchmarks.layouts.told import Told
from yusuan.model.errors import YusuanError
from yusuan.model.findings import Finding
from yusuan.model.records import Claim, Fact
from yusuan.model.text import normal, without_numbering
from yusuan.pipeline import check_sources

__all__ = ["Score", "score"]

DIMENSIONS = ("fund_source", "expenditure_type", "item")
WITH_SENTENCES = ("text", "markdown", "docx", "html", "pdf")
WITHOUT_DECIMALS = ("xlsx", "zip", "saved-xls", "saved-ods", "saved-xlsx")
"""Formats whose files hold numbers and not what is printed for them."""


@dataclass
class Score:
    """What became of one document: misses with reasons, facts of nothing, false errors."""

    layout: str
    format: str
    expected: int = 0
    right: int = 0
    misses: list[tuple[Expected, str]] = field(default_factory=list)
    told: int = 0
    """How many of the misses reading tells at their places."""
    foreign: list[Fact] = field(default_factory=list)
    """Facts of nothing that is printed, of which nothing is told."""
    errors: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)
    failure: str = ""
    claims: list[str] = field(default_factory=list)
    """What the sentences say that was not claimed, and claims of what none says."""

    @property
    def passes(self) -> bool:
        return self.coverage >= 0.995 and not (self.foreign or self.errors or self.claims)

    @property
    def silent(self) -> int:
        """Amounts that are wrong or missing, and facts of nothing, without a word."""
        return len(self.misses) - self.told + len(self.foreign)

    @property
    def coverage(self) -> float:
        return self.right / self.expected if self.expected else 1.0


def score(layout: str, format_name: str, printed: Path | None = None) -> Score:
    """Generate, read and compare one layout in one format; ``printed`` is the file if it is made."""
    document = LAYOUTS[layout]()
    wanted = document.expected
    result = Score(layout, format_name, sum(not e.optional for e in wanted))
    with tempfile.TemporaryDirectory() as folder:
        path = printed or render(document, format_name, Path(folder))
        try:
            checked = check_sources(path)
        except YusuanError as error:
            result.failure = str(error).replace(folder, "")
            result.misses = [(e, "document refused") for e in wanted if not e.optional]
            result.told = len(result.misses)
            return result
        told = Told(path, checked)
    facts = list(checked.contents.facts)
    text_numbers = format_name not in WITHOUT_DECIMALS
    pairs, foreign = _matched(wanted, facts)
    result.foreign = [fact for fact in foreign if not told.fact(fact)]
    ambiguous = _ambiguous(pairs)
    for expected in wanted:
        if expected.optional:
            continue
        fact = pairs.get(id(expected), (None, None))[1]
        reasons = ["missing"] if fact is None else _wrong(expected, fact, text_numbers)
        if fact is not None and id(expected) in ambiguous:
            reasons.append(f"column {fact.column} is also another printed column")
        if reasons:
            if told.amount(expected) if fact is None else told.fact(fact):
                result.told += 1
                reasons.append("told")
            result.misses.append((expected, ", ".join(reasons)))
        else:
            result.right += 1
    if document.said and _has_sentences(format_name):
        result.claims = list(_claims(document.said, checked.contents.claims))
    result.errors = [f for f in checked.findings if f.verdict == "error"]
    result.warnings = [f for f in checked.findings if f.verdict == "warning"]
    return result


def _has_sentences(name: str) -> bool:
    return (PRINTED[name].source if name in PRINTED else name) in WITH_SENTENCES


Pairs = dict[int, tuple[Expected, Fact]]


def _matched(wanted: list[Expected], facts: list[Fact]) -> tuple[Pairs, list[Fact]]:
    """Each expected amount with the fact that is most like it, and the facts left over."""
    by_amount: dict[object, list[Fact]] = defaultdict(list)
    for fact in facts:
        by_amount[fact.amount].append(fact)
    order = sorted(
        (
            (_likeness(expected, fact) - expected.loose, -index, expected, fact)
            for index, expected in enumerate(wanted)
            for fact in by_amount[expected.amount]
        ),
        key=lambda entry: (entry[0], entry[1]),
        reverse=True,
    )
    pairs: Pairs = {}
    used: set[str] = set()
    for likeness, _, expected, fact in order:
        if likeness >= 20 and id(expected) not in pairs and fact.fact not in used:
            pairs[id(expected)] = (expected, fact)
            used.add(fact.fact)
    return pairs, [fact for fact in facts if fact.fact not in used]


def _likeness(expected: Expected, fact: Fact) -> int:
    wrong = _wrong(expected, fact, True)
    weights = {
        "table": 20,
        "row": 10,
        "code": 6,
        "heading": 6,
        "direction": 4,
        "phase": 4,
        "year": 4,
    }
    return 40 - sum(weights.get(reason.split(" ")[0], 1) for reason in wrong)


def _wrong(expected: Expected, fact: Fact, text_numbers: bool) -> list[str]:
    """In what a fact differs from the truth; empty when in nothing."""
    reasons = []
    if not re.fullmatch(expected.kind, fact.table):
        reasons.append(f"table {fact.table}")
    if expected.label and not _same_label(expected.label, fact.row_label or ""):
        reasons.append(f"row {fact.row_label}")
    codes = (fact.functional_code, fact.economic_code, fact.government_economic_code)
    code = next(filter(None, codes), None) if expected.code else fact.functional_code
    if expected.code not in codes and (expected.code or code):
        reasons.append(f"code {code}")
    if normal(expected.heading) not in normal(fact.column_label):
        reasons.append(f"heading {fact.column_label}")
    if fact.column is None and not expected.loose:
        reasons.append("column unknown")
    if fact.direction != expected.direction:
        reasons.append(f"direction {fact.direction}")
    if fact.phase != expected.phase:
        reasons.append(f"phase {fact.phase}")
    if fact.fiscal_year != expected.year:
        reasons.append(f"year {fact.fiscal_year}")
    for name in DIMENSIONS if not expected.loose else ():
        value = expected.dims.get(name)
        if value is not None and getattr(fact, name) != value:
            reasons.append(f"{name} {getattr(fact, name)}")
    if text_numbers and _signed(fact.printed) != _signed(expected.printed):
        reasons.append(f"printed {fact.printed}")
    return reasons


def _signed(printed: str) -> str:
    """A number as printed; a workbook prints its own minus sign, also for brackets."""
    return re.sub(r"^\((.+)\)$", r"-\1", normal(printed).replace("−", "-"))


def _same_label(expected: str, found: str) -> bool:
    one, two = (without_numbering(normal(text)) for text in (expected, found))
    return bool(two) and (one == two or normal(expected) in normal(found))


def _ambiguous(pairs: Pairs) -> set[int]:
    """Expected amounts whose column concept also stands for another column of their table."""
    meanings: dict[tuple[object, ...], set[tuple[object, ...]]] = defaultdict(set)
    for expected, fact in pairs.values():
        meanings[_concept(fact)].add(_printed_column(expected))
    common = {concept for concept, columns in meanings.items() if len(columns) > 1}
    return {key for key, (expected, fact) in pairs.items()
            if _concept(fact) in common and not expected.loose}  # fmt: skip


def _claims(said: list[Said], claims: Iterable[Claim]) -> Iterable[str]:
    """Each difference between what sentences say and what was claimed of a known subject."""
    wanted = Counter((s.subject, s.measure, s.value, s.unit) for s in said)
    found = Counter((c.subject, c.measure, c.value, c.unit) for c in claims if c.subject)
    for one, two, text in ((wanted, found, "not claimed"), (found, wanted, "falsely claimed")):
        for (subject, measure, value, unit), count in (one - two).items():
            yield f"{text}: {subject} {measure} {value}{unit}" + (
                f" × {count}" if count > 1 else ""
            )


def _concept(fact: Fact) -> tuple[object, ...]:
    return (
        fact.table + (fact.key[:8] if fact.key.startswith("table-") else ""),
        fact.column or fact.column_label,
        fact.phase,
        fact.fiscal_year,
        fact.direction,
    )


def _printed_column(expected: Expected) -> tuple[object, ...]:
    return (expected.heading, expected.year, expected.phase)


def _job(job: tuple[str, str, Path | None]) -> Score:
    return score(*job)


def scores(layouts: Iterable[str], formats: Iterable[str], jobs: int = 2) -> list[Score]:
    """Every layout in every format, those of one layout together."""
    layouts, formats = list(layouts), list(formats)
    with tempfile.TemporaryDirectory() as folder, ProcessPoolExecutor(max_workers=jobs) as pool:
        documents = [LAYOUTS[layout]() for layout in layouts]
        made = {
            name: print_all(documents, name, Path(folder)) for name in formats if name in PRINTED
        }
        work = [
            (layout, name, made.get(name, {}).get(layout)) for layout in layouts for name in formats
        ]
        return list(pool.map(_job, work))


def table(results: Iterable[Score]) -> Iterable[str]:
    """A line for each format: documents that pass, amounts read, facts of nothing, false errors."""
    by_format: dict[str, list[Score]] = defaultdict(list)
    for result in results:
        by_format[result.format].append(result)
    yield (
        f"{'format':<20} {'pass':>7} {'printed':>8} {'read':>6} {'told':>6} {'silent':>6} {'foreign':>8} "
        f"{'errors':>7} {'warned':>7}"
    )
    for name, own in by_format.items():
        passed = f"{sum(r.passes for r in own)}/{len(own)}"
        yield (
            f"{name:<20} {passed:>7} {sum(r.expected for r in own):>8} {sum(r.right for r in own):>6} "
            f"{sum(r.told for r in own):>6} {sum(r.silent for r in own):>6} "
            f"{sum(len(r.foreign) for r in own):>8} {sum(len(r.errors) for r in own):>7} "
            f"{sum(len(r.warnings) for r in own):>7}"
        )


def explain(result: Score, limit: int = 6) -> Iterable[str]:
    """The misses of a document, those alike counted together."""
    if result.failure:
        yield f"    refused: {result.failure[:200]}"
    alike: dict[tuple[str, str, str], list[Expected]] = defaultdict(list)
    for expected, reason in result.misses:
        alike[expected.title, expected.heading, reason].append(expected)
    for (title, heading, reason), found in sorted(alike.items(), key=lambda e: -len(e[1]))[:limit]:
        first = found[0]
        yield (f"    {len(found):>4} × {title} | {heading} | {reason}  "
               f"(e.g. {first.code or ''} {first.label} {first.printed})")  # fmt: skip
    if len(alike) > limit:
        yield f"    … and {len(alike) - limit} more kinds of miss"
    for fact in result.foreign[:limit]:
        yield f"    foreign: {fact.table} | {fact.row_label} | {fact.column_label} | {fact.printed} at {fact.cell}"
    if len(result.foreign) > limit:
        yield f"    … and {len(result.foreign) - limit} more foreign facts"
    yield from (f"    {text}" for text in result.claims[: 2 * limit])
    if len(result.claims) > 2 * limit:
        yield f"    … and {len(result.claims) - 2 * limit} more about claims"
    for rule, count in Counter(f.rule for f in result.errors).items():
        first_error = next(f for f in result.errors if f.rule == rule)
        yield f"    {count} × error {rule}: {first_error.message_en[:220]}"


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.layouts.score", description=__doc__)
    parser.add_argument("layout", nargs="*", help="layouts to score (all)")
    kinds = [*sorted(FORMATS), *UNRULED, *ALIGNED, *PRINTED]
    parser.add_argument("--format", action="append", choices=kinds)
    parser.add_argument("--misses", type=int, default=6, help="kinds of miss to show a document")
    given = parser.parse_args(arguments)
    unknown = sorted(set(given.layout) - set(LAYOUTS))
    if unknown:
        parser.error(f"no layout {', '.join(unknown)}; there are {', '.join(LAYOUTS)}")
    names = given.format or [*FORMATS, *UNRULED, *ALIGNED, *PRINTED]
    for name in names:
        if name in PRINTED and missing(name):
            print(f"{name}: not judged, {missing(name)} is not installed")
    names = [name for name in names if name not in PRINTED or not missing(name)]
    results = scores(given.layout or LAYOUTS, names)
    print(
        f"{'layout':<20} {'format':<19} {'printed':>7} {'read':>6} {'share':>7} {'told':>5} {'silent':>6} {'foreign':>7} {'errors':>6} {'warned':>6} {'claims':>6}"
    )
    told: dict[tuple[str, str], str] = {}
    for result in results:
        print(
            f"{result.layout:<20} {result.format:<19} {result.expected:>7} {result.right:>6} "
            f"{result.coverage:>7.1%} {result.told:>5} {result.silent:>6} {len(result.foreign):>7} {len(result.errors):>6} {len(result.warnings):>6} {len(result.claims):>6}"
        )
        lines = "\n".join(explain(result, given.misses))
        if lines:
            signature = re.sub(r"\((?:page \d+, )?line .*?\)|at [A-Z]+\d+|printed? \S+", "", lines)
            same = told.setdefault((result.layout, signature), result.format)
            print(lines if same == result.format else f"    the same as in {same}")
    print("\n".join(table(results)))
    passed = sum(result.passes for result in results)
    printed, right = sum(r.expected for r in results), sum(r.right for r in results)
    print(
        f"{passed} of {len(results)} documents pass; {right} of {printed} amounts are read ({right / printed:.1%})"
    )


if __name__ == "__main__":
    main(sys.argv[1:])
