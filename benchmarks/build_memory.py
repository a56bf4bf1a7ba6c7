"""The memory that building a large package takes, of all its processes together.

Varied documents (the awkward ones and the layouts, in every format) are made in a folder, a
package is built of them, and what the processes hold is looked at ten times a second: pages
that several share count once (Pss)::

    python -m benchmarks.build_memory [--documents 1000] [--folder KEPT]
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from tests.attacks.measured import cost_of

from benchmarks.awkward.__main__ import jobs, make
from benchmarks.awkward.kinds import KINDS
from benchmarks.awkward.render import FORMATS as AWKWARD
from benchmarks.awkward.render import render as awkwardly
from benchmarks.layouts.layouts import LAYOUTS
from benchmarks.layouts.render import FORMATS, render

__all__ = ["documents"]


def documents(count: int, folder: Path) -> None:
    """Make so many documents in a folder, each in a folder of its own."""
    pairs = [(layout, name) for layout in LAYOUTS for name in FORMATS][: count // 3]
    for number, (layout, name) in enumerate(pairs):
        own = folder / f"layout-{number:05}"
        own.mkdir(parents=True)
        render(LAYOUTS[layout](), name, own)
    for number, job in enumerate(jobs(count - len(pairs), list(KINDS), list(AWKWARD), seed=15)):
        own = folder / f"awkward-{number:05}"
        own.mkdir(parents=True)
        awkwardly(make(job), job[0], own)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=1_000)
    parser.add_argument("--folder", type=Path, help="where documents and package are kept")
    parser.add_argument("--jobs", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = asked.folder or Path(name)
        source = folder / f"documents-{asked.documents}"
        if not source.exists():
            documents(asked.documents, source)
        target = str(folder / "package")
        cost = cost_of(["build", str(source), "-o", target, "--jobs", str(asked.jobs)])
        print(
            f"{asked.documents:,} documents: {cost.memory:.0f} MB at most, {cost.cpu:.0f} s of "
            f"processors, {cost.seconds:.0f} s; status {cost.status}"
        )


if __name__ == "__main__":
    main()
