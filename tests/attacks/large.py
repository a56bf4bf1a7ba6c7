"""Inputs that are large in one dimension, over all formats: read within 10 s of processors, or in
a time that grows as they do, or refused within 10 s with the reason.

    python -m tests.attacks.large [--only NAME ...] [--share 1.0] [--log FILE] [--part 1/2]

With a log a run that was broken off goes on where it was: what the log has is not read again.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.attacks.measured import Cost, cost_of
from tests.attacks.oversize import LARGE, Large
from tests.attacks.victim import row

__all__ = ["SECONDS", "Outcome", "attacked"]

SECONDS = 10.0
"""Of processors, for all processes of one ``yusuan check``."""
LINEAR = 2.6
"""So many times what half of an input takes, it may take itself; 4 is quadratic."""
_WRONG = ("Traceback", "mistake in yusuan", "not read within", "ended the process")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one input: seconds of processors for it and, where it took long, for half of
    it; MB of memory; the last it said where it was refused; what is wrong, if anything."""

    name: str
    cpu: float
    half: float | None
    memory: float
    refused: str
    wrong: str | None


def attacked(large: Large, share: float, folder: Path) -> Outcome:
    """What reading an input of a share of its size took, and what is wrong with it."""
    cost = _cost(large, share, folder)
    last = (cost.said.strip().splitlines() or [""])[-1][-200:]
    half, refused = None, last if cost.status == 2 else ""
    wrong = next((f"{words}: {last}" for words in _WRONG if words in cost.said), None)
    if not wrong and cost.status not in (0, 1, 2):
        wrong = f"status {cost.status}: {last}"
    if not wrong and cost.cpu > SECONDS:
        if refused:
            wrong = f"refused after {cost.cpu:.1f} s: {last}"
        elif cost.cpu > LINEAR * (half := _cost(large, share / 2, folder).cpu):
            wrong = f"{cost.cpu:.1f} s, half of it {half:.1f} s"
    return Outcome(large.name, cost.cpu, half, cost.memory, refused, wrong)


def _cost(large: Large, share: float, folder: Path) -> Cost:
    path = large.write(folder, share)
    cost = cost_of(["check", str(path)])
    path.unlink()
    return cost


def _logged(path: Path | None) -> dict[str, Outcome]:
    """What earlier runs found, by the name of the input; of several the last."""
    if path is None or not path.exists():
        return {}
    lines = path.read_text("utf-8").splitlines()
    return {each.name: each for each in (Outcome(**json.loads(line)) for line in lines)}


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--only", nargs="*", default=[], help="inputs whose names hold one of these"
    )
    parser.add_argument("--share", type=float, default=1.0, help="of their full size")
    parser.add_argument("--log", type=Path, help="outcomes are appended to it as they come")
    parser.add_argument("--part", default="1/1", help="which of how many runs side by side")
    asked = parser.parse_args(arguments)
    first, step = map(int, asked.part.split("/"))
    chosen = [e for e in LARGE if not asked.only or any(part in e.name for part in asked.only)]
    found = _logged(asked.log)
    with tempfile.TemporaryDirectory() as name:
        for each in chosen[first - 1 :: step]:
            if each.name in found:
                continue
            outcome = found[each.name] = attacked(each, asked.share, Path(name))
            half = "" if outcome.half is None else f"(half {outcome.half:.1f} s)"
            print(f"{outcome.cpu:6.1f} s {outcome.memory:6.0f} MB  {each.name} {half} "
                  f" {outcome.wrong or outcome.refused}", file=sys.stderr)  # fmt: skip
            if asked.log:
                with asked.log.open("a", encoding="utf-8") as log:
                    log.write(json.dumps(asdict(outcome), ensure_ascii=False) + "\n")
    outcomes = [found[each.name] for each in chosen if each.name in found]
    slow = sum(each.cpu > SECONDS for each in outcomes)
    words = f"{slow} of them take more than {SECONDS:g} s of processors"
    failures = [f"{each.name}: {each.wrong}" for each in outcomes if each.wrong]
    return row(f"Large inputs (`large`); {words}", len(outcomes), failures)


if __name__ == "__main__":
    sys.exit(main())
