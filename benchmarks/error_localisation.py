"""Which wrong number is named, on synthetic disclosures with seeded errors.

Run: ``python -m benchmarks.error_localisation [documents per line] [slips]``. ``cell`` is how often
the right place is named where any is, ``value`` how often with the right value. ``tied``
abstains (``+listed``: the truth is among the explanations); ``unseen``: rounding explains all
that the error did; ``false``: clean documents with a cause.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections import Counter
from collections.abc import Sequence
from random import Random

from tests.error_localisation.synthetic import SLIPS, Seeded, disclosure, seeded

from yusuan.error_localisation import Explanation, Localisation, localise


def changes(explanation: Explanation) -> dict[str, int | None]:
    """The values proposed, by place."""
    return {
        key: change.proposed
        for change in explanation.changes
        for key in (change.key, *change.together)
    }


def verdict(localisation: Localisation, error: Seeded) -> str:
    """What became of one error."""
    named: dict[str, int | None] = {}
    listed: set[str] = set()
    for cause in localisation.causes:
        if cause.certainty != "tied":
            named |= changes(cause.explanations[0])
        for explanation in cause.explanations:
            listed |= changes(explanation).keys()
    if error.truth.keys() <= named.keys():
        if all(named[key] == value for key, value in error.truth.items()):
            return "value"
        values = [named[key] for key, value in error.truth.items() if named[key] != value]
        return "no value" if None in values else "cell"
    if not localisation.causes:
        return "unseen"
    tied = any(cause.certainty == "tied" for cause in localisation.causes)
    return ("listed" if error.truth.keys() <= listed else "tied") if tied else "wrong"


def measure(
    name: str, whole: bool, errors: int, documents: int, kinds: Sequence[str]
) -> Counter[str]:
    """One line of the table."""
    counts: Counter[str] = Counter()
    spent = []
    for number in range(documents):
        random = Random(f"{name}-{whole}-{errors}-{number}")
        clean = disclosure(random, classes=random.choice([3, 4, 6, 7]), whole=whole)
        document, truth = seeded(clean, random, [random.choice(kinds) for _ in range(errors)])
        start = time.perf_counter()
        localisation = localise(*document.numbers_and_relations())
        spent.append((time.perf_counter() - start) * 1000)
        if not errors:
            counts["false"] += bool(localisation.causes)
        for error in truth:
            counts[verdict(localisation, error)] += 1
    named = counts["value"] + counts["cell"] + counts["no value"]
    decided = named + counts["wrong"]
    print(
        f"{name:17} {'whole' if whole else 'exact'} {errors}"
        f" cell {100 * named / max(1, decided):5.1f} value {100 * counts['value'] / max(1, named):5.1f}"
        f"  right {counts['value']:4} cell only {counts['cell']:3} no value {counts['no value']:3} wrong {counts['wrong']:3}"
        f" tied+listed {counts['listed']:3} tied {counts['tied']:3} unseen {counts['unseen']:3} false {counts['false']:2}"
        f"  ms {statistics.median(spent):6.1f} max {max(spent):7.1f}",
        flush=True,
    )
    return counts


def main() -> None:
    documents = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    chosen = sys.argv[2:] or ["clean", *SLIPS, "mixed"]
    sizes = [len(disclosure(Random(n), classes=7).quantities) for n in range(10)]
    print("quantities", statistics.median(sizes))
    for whole in (False, True):
        for name in chosen:
            if name == "clean":
                measure(name, whole, 0, documents, [])
            for errors in (2, 3, 4, 5) if name == "mixed" else ():
                measure(name, whole, errors, documents, list(SLIPS))
            if name in SLIPS:
                measure(name, whole, 1, documents, [name])


if __name__ == "__main__":
    main()
