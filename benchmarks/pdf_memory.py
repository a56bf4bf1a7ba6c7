"""The peak memory of reading one long PDF, in a process of its own.

Run from the top folder, with PDFs or folders of them, whose pages are joined and repeated up
to 300 in a temporary folder::

    python -m benchmarks.pdf_memory ../shared/corpus
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
from pathlib import Path

import pypdfium2 as pdfium

from yusuan.sources.pdf.reading import read_pdf

PAGES = 300


def long_pdf(files: list[Path], target: Path) -> None:
    """Write the pages of the files, over and over, until there are enough."""
    document = pdfium.PdfDocument.new()
    while len(document) < PAGES:
        for path in files:
            source = pdfium.PdfDocument(path)
            document.import_pages(source, list(range(min(len(source), PAGES - len(document)))))
    document.save(target)


def peak_of(path: Path) -> float:
    """Megabytes that a fresh process needs at most for reading a file."""
    command = [sys.executable, "-m", "benchmarks.pdf_memory", "--read", str(path)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def main(arguments: list[str]) -> None:
    if arguments[:1] == ["--read"]:
        read_pdf(Path(arguments[1]).read_bytes(), arguments[1])
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
        return
    files = [
        file for path in map(Path, arguments) for file in (sorted(path.rglob("*.pdf")) or [path])
    ]
    if not files:
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "long.pdf"
        long_pdf(files, target)
        size = target.stat().st_size / 1e6
        print(f"{peak_of(target):.0f} MB at most for {PAGES} pages ({size:.1f} MB file)")


if __name__ == "__main__":
    main(sys.argv[1:])
