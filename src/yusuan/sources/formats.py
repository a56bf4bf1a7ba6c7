"""The formats that can be read: file suffix, media type, and the reader of each.

A reader takes the bytes of a file and its name (for messages) and gives a ``Reading``. It
raises YusuanError when the bytes are not what the suffix says. Adding a format is adding a
module and a line here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from yusuan.sources.archive import read_archive
from yusuan.sources.csvfile import read_csv_file
from yusuan.sources.html import read_html
from yusuan.sources.legacy import read_legacy_sheets, read_legacy_text
from yusuan.sources.mht import read_mht
from yusuan.sources.pdf.reading import read_pdf
from yusuan.sources.reading import Reading
from yusuan.sources.spreadsheets.reading import read_sheets
from yusuan.sources.text import read_text
from yusuan.sources.word import read_docx

__all__ = ["FORMATS", "Format"]


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of file."""

    media_type: str
    read: Callable[[bytes, str], Reading]


def _read_zip(content: bytes, file: str) -> Reading:
    """Read an archive with the readers of all other formats."""
    readers = {suffix: known.read for suffix, known in FORMATS.items()
               if suffix not in (".zip", ".rar", ".7z")}  # fmt: skip
    return read_archive(content, file, readers)


_OOXML = "application/vnd.openxmlformats-officedocument"
_ODF = "application/vnd.oasis.opendocument"

FORMATS: dict[str, Format] = {
    ".txt": Format("text/plain", read_text),
    ".md": Format("text/markdown", read_text),
    ".markdown": Format("text/markdown", read_text),
    ".tsv": Format("text/tab-separated-values", read_text),
    ".pdf": Format("application/pdf", read_pdf),
    ".docx": Format(f"{_OOXML}.wordprocessingml.document", read_docx),
    ".xlsx": Format(f"{_OOXML}.spreadsheetml.sheet", read_sheets),
    ".xlsm": Format("application/vnd.ms-excel.sheet.macroEnabled.12", read_sheets),
    ".xls": Format("application/vnd.ms-excel", read_sheets),
    ".ods": Format(f"{_ODF}.spreadsheet", read_sheets),
    ".html": Format("text/html", read_html),
    ".htm": Format("text/html", read_html),
    ".shtml": Format("text/html", read_html),
    ".mht": Format("multipart/related", read_mht),
    ".mhtml": Format("multipart/related", read_mht),
    ".csv": Format("text/csv", read_csv_file),
    ".doc": Format("application/msword", read_legacy_text),
    ".wps": Format("application/vnd.ms-works", read_legacy_text),
    ".rtf": Format("application/rtf", read_legacy_text),
    ".odt": Format(f"{_ODF}.text", read_legacy_text),
    ".et": Format("application/vnd.ms-excel", read_legacy_sheets),
    ".zip": Format("application/zip", _read_zip),
    ".rar": Format("application/vnd.rar", _read_zip),
    ".7z": Format("application/x-7z-compressed", _read_zip),
}
"""By suffix, in lower case."""
