"""The formats a document is drawn in. Each draws the looks that its kinds of awkwardness use."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

from benchmarks.awkward.document import Document
from benchmarks.awkward.render.pdf import pdf_file
from benchmarks.awkward.render.sheets import ods_file, xls_file, xlsx_file
from benchmarks.awkward.render.word import docx_file
from benchmarks.awkward.render.writing import (
    csv_file,
    html_file,
    markdown_file,
    mht_file,
    text_file,
)

__all__ = ["FORMATS", "render"]


def _zipped(suffix: str, make: Callable[[Document], bytes]) -> Callable[[Document], bytes]:
    def archive(document: Document) -> bytes:
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as container:
            container.writestr(f"公开/{document.stem}.{suffix}", make(document))
        return stream.getvalue()

    return archive


FORMATS: dict[str, tuple[str, Callable[[Document], bytes]]] = {
    "md": ("md", markdown_file),
    "txt": ("txt", text_file),
    "csv": ("csv", csv_file),
    "html": ("html", html_file),
    "mht": ("mht", mht_file),
    "xlsx": ("xlsx", xlsx_file),
    "xls": ("xls", xls_file),
    "ods": ("ods", ods_file),
    "docx": ("docx", docx_file),
    "pdf": ("pdf", pdf_file),
    "zip-xlsx": ("zip", _zipped("xlsx", xlsx_file)),
    "zip-html": ("zip", _zipped("html", html_file)),
}
"""Suffix and maker of each format."""


def render(document: Document, name: str, folder: Path) -> Path:
    suffix, maker = FORMATS[name]
    stem = document.stem if suffix != "zip" else "disclosure"
    path = folder / f"{stem}.{suffix}"
    path.write_bytes(maker(document))
    return path
