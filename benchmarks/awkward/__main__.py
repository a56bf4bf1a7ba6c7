"""How awkward documents are read: ``python -m benchmarks.awkward``.

Right tables, two or three a document, are printed awkwardly, each in one way of its own (its
*kind*), at random places; the document is drawn in a format, read by the real reader and checked.
What is printed was recorded before drawing. ``judge`` says what right, told and silently wrong
mean. The same seed gives the same documents.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from math import ceil
from pathlib import Path
from random import Random

from benchmarks.awkward.document import Document
from benchmarks.awkward.judge import Verdict, judge
from benchmarks.awkward.kinds import KINDS, Kind, Scene
from benchmarks.awkward.render import FORMATS
from benchmarks.awkward.tables import MAKERS, make_document

__all__ = ["Job", "jobs", "lines", "make", "run"]

_FEW_FORMATS = 4
"""A kind that fewer formats carry is drawn about as often as one that so many do."""
Job = tuple[str, tuple[str, ...], str]
"""A format, the kinds of the tables of one document, and its seed."""


def jobs(documents: int, kinds: Sequence[str], formats: Sequence[str], seed: int) -> list[Job]:
    """So many documents: every kind in every format that carries it, as evenly as can be, kinds that
    few formats carry several times as often."""
    rng = Random(seed)
    carried = {k: [f for f in formats if f in KINDS[k].formats] for k in kinds}
    pairs = [
        (f, k) for k in kinds for f in carried[k] * ceil(_FEW_FORMATS / len(carried[k] or [k]))
    ]
    found: list[Job] = []
    waiting: dict[str, list[str]] = defaultdict(list)
    while len(found) < documents and pairs:
        rng.shuffle(pairs)
        for format_name, name in pairs:
            if len(found) >= documents:
                break
            if KINDS[name].alone or KINDS[name].sentences:
                found.append((format_name, (name,), f"{seed}-{len(found)}"))
                continue
            waiting[format_name].append(name)
            if len(waiting[format_name]) >= rng.choice((2, 3, 3)):
                found.append((format_name, tuple(waiting.pop(format_name)), f"{seed}-{len(found)}"))
    return found


def make(job: Job) -> Document:
    """The document of a job, its tables already awkward."""
    format_name, names, seed = job
    rng = Random(f"{format_name} {names} {seed}")
    kinds, chosen = _tables_for([KINDS[name] for name in names], rng)
    unit = next((k.unit for k in kinds if k.unit), None)
    document = make_document(rng, chosen, negative=any(k.negative for k in kinds), unit=unit)
    for kind, maker in zip(kinds, chosen, strict=True):
        table = next(t for t in document.tables if t.maker == maker)
        table.kind = kind.name
        kind.apply(Scene(document, table, rng, format_name))
    return document


APART = (
    ("expenditure", "fund"), ("procurement", "procurement-forms"), ("summary", "summary-by-spending"),
)  # fmt: skip
"""Tables of which a document has only one."""


def _tables_for(kinds: Sequence[Kind], rng: Random) -> tuple[list[Kind], list[str]]:
    """Kinds with a table for each, none twice; a kind for which no table is left is left out."""
    fitting: list[Kind] = []
    chosen: list[str] = []
    for kind in sorted(kinds, key=lambda k: len(k.tables) or len(MAKERS)):
        barred = {*chosen, *(name for pair in APART if {*pair} & {*chosen} for name in pair)}
        left = sorted(set(kind.tables or MAKERS) - barred)
        if left:
            fitting.append(kind)
            chosen.append(rng.choice(left))
    return fitting, chosen


def run(work: Sequence[Job], processes: int = 1) -> Iterator[tuple[Job, list[Verdict]]]:
    if processes == 1:
        yield from ((job, _judged(job)) for job in work)
        return
    with ProcessPoolExecutor(max_workers=processes) as pool:
        try:
            yield from zip(work, pool.map(_judged, work, chunksize=20), strict=True)
        finally:
            pool.shutdown(cancel_futures=True)


def _judged(job: Job) -> list[Verdict]:
    return judge(make(job), job[0])


def lines(verdicts: Sequence[Verdict]) -> Iterator[str]:
    """The table in Markdown: a row for each kind, then for each format, then of all."""
    yield "| kind | formats | documents | numbers | right | told | refused | silently wrong | false errors |"
    yield "|---|---|---|---|---|---|---|---|---|"
    for name in sorted({v.kind for v in verdicts}, key=lambda n: (KINDS[n].section, n)):
        yield _row(name, [v for v in verdicts if v.kind == name])
    for name in sorted({v.format for v in verdicts}):
        yield _row(f"all, {name}", [v for v in verdicts if v.format == name])
    yield _row("**all**", verdicts)


def _row(name: str, own: Sequence[Verdict]) -> str:
    right, told = sum(v.right for v in own), sum(v.told for v in own)
    wrong, errors = sum(len(v.wrong) for v in own), sum(len(v.errors) for v in own)
    formats = (
        ", ".join(sorted({v.format for v in own})) if not name.startswith(("all", "*")) else ""
    )
    return (
        f"| {name} | {formats} | {len(own):,} | {right + told + wrong:,} | {right:,} | {told:,} | "
        f"{sum(v.refused for v in own):,} | {wrong:,} | {errors:,} |"
    )


def _matrix(verdicts: Sequence[Verdict]) -> Iterator[str]:
    """Kinds by formats: documents with something silently wrong or a false error, of all."""
    formats = [f for f in FORMATS if any(v.format == f for v in verdicts)]
    yield "| kind | " + " | ".join(formats) + " |"
    yield "|---|" + "---|" * len(formats)
    groups: dict[tuple[str, str], list[Verdict]] = defaultdict(list)
    for verdict in verdicts:
        groups[verdict.kind, verdict.format].append(verdict)
    for name in sorted({v.kind for v in verdicts}, key=lambda n: (KINDS[n].section, n)):
        cells = []
        for format_name in formats:
            own = groups.get((name, format_name), [])
            cells.append(f"{sum(v.failed for v in own)}/{len(own)}" if own else "")
        yield f"| {name} | " + " | ".join(cells) + " |"


def _show(results: Sequence[tuple[Job, list[Verdict]]], most: int, folder: Path) -> Iterator[str]:
    """Failing examples of each kind and format, with the file kept to look at."""
    seen: dict[tuple[str, str], int] = defaultdict(int)
    for job, verdicts in results:
        for verdict in verdicts:
            key = (verdict.kind, verdict.format)
            if not verdict.failed or seen[key] >= most:
                continue
            seen[key] += 1
            own = folder / f"{verdict.kind}-{verdict.format}-{job[2]}"
            own.mkdir(parents=True, exist_ok=True)
            judge(make(job), job[0], own)
            yield f"{verdict.kind} in {verdict.format} ({', '.join(job[1])}, seed {job[2]}): {own}"
            yield from (f"    silently wrong: {text}" for text in verdict.wrong[:4])
            yield from (f"    false error: {text}" for text in verdict.errors[:2])


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.awkward", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--kinds", nargs="*", choices=KINDS, metavar="KIND", default=list(KINDS))
    parser.add_argument("--formats", nargs="*", choices=FORMATS, default=list(FORMATS))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--seconds", type=int, default=0, help="stop after so long (0: never)")
    parser.add_argument("--show", type=int, default=0, metavar="K", help="failing examples a kind")
    parser.add_argument(
        "--keep", type=Path, default=Path("awkward-failures"), help="folder for them"
    )
    given = parser.parse_args(arguments)
    start = sum(os.times()[:4])
    work = jobs(given.documents, given.kinds, given.formats, given.seed)
    results: list[tuple[Job, list[Verdict]]] = []
    until = time.monotonic() + given.seconds if given.seconds else float("inf")
    for result in run(work, given.jobs):
        results.append(result)
        if time.monotonic() > until:
            break
    verdicts = [verdict for _, own in results for verdict in own]
    for line in lines(verdicts):
        print(line)
    print()
    for line in _matrix(verdicts):
        print(line)
    print(
        f"\nseed {given.seed}, {len(results):,} documents, {sum(os.times()[:4]) - start:.0f} s of CPU"
    )
    for line in _show(results, given.show, given.keep) if given.show else ():
        print(line)


if __name__ == "__main__":
    main(sys.argv[1:])
