"""Inputs that are large in one dimension, over all formats: read within 10 s of processors, or in
a time that grows as they do, or refused with the reason.

    python -m tests.attacks.large [--only NAME ...] [--share 1.0] [--keep FOLDER]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.attacks.measured import Cost, cost_of
from tests.attacks.oversize import LARGE, Large
from tests.attacks.victim import row

__all__ = ["SECONDS", "attacked"]

SECONDS = 10.0
"""Of processors, for all processes of one ``yusuan check``."""
LINEAR = 2.6
"""So many times what half of an input takes, it may take itself; 4 is quadratic."""
_WRONG = ("Traceback", "mistake in yusuan", "not read within", "ended the process")


def attacked(large: Large, share: float, folder: Path) -> tuple[Cost, str | None]:
    """What reading an input of a share of its size took, and what is wrong with it."""
    cost = _cost(large, share, folder)
    if wrong := next((words for words in _WRONG if words in cost.said), None):
        return cost, f"{wrong}: {cost.said.strip().splitlines()[-1][:200]}"
    if cost.status not in (0, 1, 2):
        return cost, f"status {cost.status}: {cost.said.strip()[-200:]}"
    if cost.cpu > SECONDS and cost.cpu > LINEAR * (half := _cost(large, share / 2, folder).cpu):
        return cost, f"{cost.cpu:.1f} s, half of it {half:.1f} s"
    return cost, None


def _cost(large: Large, share: float, folder: Path) -> Cost:
    path = large.write(folder, share)
    cost = cost_of(["check", str(path)])
    path.unlink()
    return cost


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--only", nargs="*", default=[], help="inputs whose names hold one of these"
    )
    parser.add_argument("--share", type=float, default=1.0, help="of their full size")
    asked = parser.parse_args(arguments)
    failures, tried, most = [], 0, 0.0
    with tempfile.TemporaryDirectory() as name:
        for each in LARGE:
            if asked.only and not any(part in each.name for part in asked.only):
                continue
            cost, wrong = attacked(each, asked.share, Path(name))
            tried, most = tried + 1, max(most, cost.cpu)
            said = cost.said.strip().splitlines()[-1][-120:] if cost.status == 2 else ""
            print(f"{cost.cpu:6.1f} s {cost.memory:6.0f} MB  {each.name}  {said}", file=sys.stderr)
            if wrong:
                failures.append(f"{each.name}: {wrong}")
    return row(f"Large inputs (`large`); {most:.1f} s of processors at most", tried, failures)


if __name__ == "__main__":
    sys.exit(main())
