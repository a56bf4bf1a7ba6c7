"""How fast both readers find the tables of real PDFs, side by side in one run.

Run from the top folder, with PDFs or folders of them::

    python -m benchmarks.pdf_speed ../shared/corpus

Each file is read by both readers in turn, so that whatever slows the machine slows both;
the fastest of the repetitions counts. What is timed is the whole way from the file to the
text of all tables and of the lines around them. Last comes the processor time that finding
and filling the tables of a page takes; ``pdf_memory`` measures memory.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import pdfplumber
import pypdfium2 as pdfium

from yusuan.sources.pdf.page import read_page
from yusuan.sources.pdf.reading import read_pdf
from yusuan.sources.pdf.rulings import read_rulings
from yusuan.sources.pdf.visibility import read_glyphs

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


def page_milliseconds(path: Path) -> list[float]:
    """Processor time of each page from its characters and lines to tables and text."""
    document = pdfium.PdfDocument(path)
    times: list[float] = []
    for number, page in enumerate(document, start=1):
        start = time.process_time()
        frame, glyphs = read_glyphs(page)
        read_page(number, frame.height, glyphs, read_rulings(page, frame))
        times.append(1000 * (time.process_time() - start))
    document.close()
    return times


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
    pages = [value for file in files for value in page_milliseconds(file)]
    print(f"{median(pages):.1f} ms of processor time a page (median of {len(pages)})")


if __name__ == "__main__":
    main(sys.argv[1:])
