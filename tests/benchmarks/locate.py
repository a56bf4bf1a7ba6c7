"""Which wrong number is named, on synthetic disclosures with seeded errors.

Run: ``python -m tests.benchmarks.locate [documents per line]``. An error is *possible* to find
when its number of changes is no more than that of the first explanation; *unseen* when
rounding explains all that it did. ``tied`` abstains; ``listed``: the truth is among its explanations.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections import Counter
from collections.abc import Sequence
from random import Random

from tests.locate.synthetic import SLIPS, Seeded, disclosure, seeded
from yusuan.locate import Explanation, Judgement, judge


def changes(explanation: Explanation) -> dict[str, int | None]:
    """The values proposed, by place."""
    return {
        key: change.proposed
        for change in explanation.changes
        for key in (change.key, *change.together)
    }


def verdict(judgement: Judgement, error: Seeded) -> str:
    """What became of one error."""
    listed = False
    for cause in judgement.causes:
        if cause.certainty != "tied" and cause.explanations:
            named = changes(cause.explanations[0])
            if error.truth.keys() <= named.keys():
                right = all(named[key] == value for key, value in error.truth.items())
                return "value" if right else "cell"
        listed = listed or any(error.truth.keys() <= changes(e).keys() for e in cause.explanations)
    if not judgement.causes:
        return "unseen"
    if listed and all(cause.certainty == "tied" for cause in judgement.causes):
        return "listed"
    if all(cause.certainty == "tied" for cause in judgement.causes):
        return "tied"
    return "wrong"


def measure(name: str, whole: bool, errors: int, documents: int, kinds: Sequence[str]) -> Counter[str]:
    """One line of the table."""
    counts: Counter[str] = Counter()
    spent = []
    for number in range(documents):
        random = Random(f"{name}-{whole}-{errors}-{number}")
        clean = disclosure(random, classes=random.choice([3, 4, 6, 7]), whole=whole)
        document, truth = seeded(clean, random, [random.choice(kinds) for _ in range(errors)])
        start = time.perf_counter()
        judgement = judge(*document.judged())
        spent.append((time.perf_counter() - start) * 1000)
        if not errors:
            counts["false"] += bool(judgement.causes)
        for error in truth:
            counts[verdict(judgement, error)] += 1
    named = counts["value"] + counts["cell"]
    decided = named + counts["wrong"]
    print(
        f"{name:17} {'whole' if whole else 'exact'} {errors}"
        f" cell {100 * named / max(1, decided):5.1f} value {100 * counts['value'] / max(1, named):5.1f}"
        f"  right {counts['value']:4} cell only {counts['cell']:3} wrong {counts['wrong']:3}"
        f" tied+listed {counts['listed']:3} tied {counts['tied']:3} unseen {counts['unseen']:3} false {counts['false']:2}"
        f"  ms {statistics.median(spent):6.1f} max {max(spent):7.1f}",
        flush=True,
    )
    return counts


def main() -> None:
    documents = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    sizes = [len(disclosure(Random(n), classes=7).quantities) for n in range(10)]
    print("quantities", statistics.median(sizes))
    for whole in (False, True):
        measure("clean", whole, 0, documents, [])
        for kind in SLIPS:
            measure(kind, whole, 1, documents, [kind])
        for errors in (2, 3, 4, 5):
            measure("mixed", whole, errors, documents, list(SLIPS))


if __name__ == "__main__":
    main()
