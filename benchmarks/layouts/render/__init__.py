"""The formats a disclosure is rendered into."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from benchmarks.layouts.model import Disclosure
from benchmarks.layouts.render.office import docx_file, xlsx_file
from benchmarks.layouts.render.pdf import LOOKS, pdf_file, pdf_with
from benchmarks.layouts.render.printed import PRINTED, missing, print_all
from benchmarks.layouts.render.web import csv_file, html_file, zip_file
from benchmarks.layouts.render.writing import aligned_file, markdown_file, text_file

__all__ = ["ALIGNED", "FORMATS", "PRINTED", "UNRULED", "missing", "print_all", "render"]

FORMATS: dict[str, tuple[str, Callable[[Disclosure], bytes]]] = {
    "text": ("txt", text_file),
    "markdown": ("md", markdown_file),
    "docx": ("docx", docx_file),
    "xlsx": ("xlsx", xlsx_file),
    "html": ("html", html_file),
    "pdf": ("pdf", pdf_file),
    "csv": ("csv", csv_file),
    "zip": ("zip", zip_file),
}

UNRULED = {name: ("pdf", pdf_with(look)) for name, look in LOOKS.items()}
"""PDFs without a full grid."""
ALIGNED = {"aligned": ("txt", aligned_file)}
"""Text that blanks align."""


def render(disclosure: Disclosure, name: str, folder: Path) -> Path:
    """The document in a format, as a file whose name says nothing."""
    suffix, maker = (FORMATS | UNRULED | ALIGNED)[name]
    path = folder / f"{disclosure.layout}.{suffix}"
    path.write_bytes(maker(disclosure))
    return path
