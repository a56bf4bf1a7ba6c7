"""How fast both readers find the tables of real PDFs, side by side in one run.

Run from the top folder, with PDFs or folders of them::

    python -m tests.benchmarks.pdf_speed ../shared/corpus

Each file is read by both readers in turn, so that whatever slows the machine slows both;
the fastest of the repetitions counts. What is timed is the whole way from the file to the
text of all tables and of the lines around them.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

import pdfplumber

from yusuan.sources.pdf import read_pdf

REPETITIONS = 3


def by_yusuan(path: Path) -> None:
    read_pdf(path.read_bytes(), path.name)


def by_pdfplumber(path: Path) -> None:
    with pdfplumber.open(path) as document:
        for page in document.pages:
            for table in page.find_tables():
                table.extract()
            page.extract_text()


def seconds(read: Callable[[Path], None], path: Path) -> float:
    start = time.perf_counter()
    read(path)
    return time.perf_counter() - start


def main(arguments: list[str]) -> None:
    given = [Path(argument) for argument in arguments]
    files = [file for path in given for file in (sorted(path.rglob("*.pdf")) or [path])]
    if not files:
        sys.exit(__doc__)
    sums = [0.0, 0.0]
    print(f"{'yusuan s':>10} {'pdfplumber s':>13} {'ratio':>7}  file")
    for file in files:
        times = [
            (seconds(by_yusuan, file), seconds(by_pdfplumber, file)) for _ in range(REPETITIONS)
        ]
        ours, theirs = min(time[0] for time in times), min(time[1] for time in times)
        sums = [sums[0] + ours, sums[1] + theirs]
        print(f"{ours:10.3f} {theirs:13.3f} {theirs / ours:6.1f}x  {file.name}")
    print(f"{sums[0]:10.3f} {sums[1]:13.3f} {sums[1] / sums[0]:6.1f}x  all {len(files)} files")


if __name__ == "__main__":
    main(sys.argv[1:])
