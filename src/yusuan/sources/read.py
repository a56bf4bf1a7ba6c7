"""Find source files, tell what each is, and read it with the reader of its format.

What a file is is told by its first bytes, since suffixes are often wrong: portals serve web
pages as ``.xls``, workbooks as ``.doc`` and text tables as ``.xls``. A reader takes the bytes of
a file and its name (for messages) and gives a ``Reading``. It raises YusuanError when the bytes
are not what the suffix says. A new format is a module and a line in ``FORMATS``.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from pathlib import Path

from yusuan.model.document import Document
from yusuan.model.errors import YusuanError
from yusuan.model.text import printable
from yusuan.sources.blocks import Reading, within_limits
from yusuan.sources.containers import SIGNATURES, open_zip, read_member
from yusuan.sources.files import read_file, shown_name
from yusuan.sources.manifest import NAME as MANIFEST

__all__ = ["FORMATS", "find_sources", "kind_of", "load_readers", "read_document"]


_PACKAGE = "datapackage.json"
"""What makes a folder a data package."""


def find_sources(paths: Iterable[Path]) -> list[Path]:
    """The files named, and those of a known format below each folder named, sorted.

    Raises YusuanError for a path that does not exist, a data package, a manifest, or a folder with
    nothing to read.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            if (path / _PACKAGE).exists():
                raise YusuanError(
                    f"{path}: a data package, no disclosures; join packages with `yusuan link`, or "
                    "give its folder source"
                )
            inside = sorted(_below(path))
            if not inside:
                kinds = ", ".join(sorted(FORMATS))
                raise YusuanError(f"{path}: no disclosure in this folder (looked for {kinds})")
            found.extend(inside)
        elif path.name == MANIFEST and path.is_file():
            raise YusuanError(
                f"{path}: a manifest, no disclosure; give its folder, or the files that it names"
            )
        elif os.path.lexists(path):  # a link to nothing is a finding, not a mistyped name
            found.append(path)
        else:
            raise YusuanError(f"{path}: no such file or folder")
    return list(dict.fromkeys(found))


def _below(folder: Path, above: frozenset[Path] = frozenset()) -> Iterator[Path]:
    """Files of a known format below a folder; packages that were built there are no sources.

    A folder that may not be listed stands for itself, so that reading says so.
    """
    real = folder.resolve()
    if real in above:
        return  # a link back to where it stands
    try:
        entries = list(folder.iterdir())
    except OSError:
        yield folder
        return
    for path in entries:
        if path.name.startswith(".") or path.name == MANIFEST:
            continue
        try:
            if path.is_dir():
                if not (path / _PACKAGE).exists():
                    yield from _below(path, above | {real})
                continue
        except OSError:  # reading will say that it may not be looked into
            yield path
            continue
        if path.suffix.lower() in FORMATS:
            yield path


def read_document(path: Path) -> Document:
    """Read one file as what its first bytes say it is; else by its suffix.

    It is read in this process. What may do harm is read by ``yusuan.reading``, in another
    that can be killed: a damaged spreadsheet can end the process it is parsed in.

    Raises YusuanError when it is missing, empty, too large, or of a format that cannot be read.
    """
    content = read_file(path)
    known = FORMATS.get(kind_of(content, path.suffix.lower(), str(path)))
    if known is None:
        kinds = ", ".join(sorted(FORMATS))
        raise YusuanError(
            f"{path}: files of type {path.suffix or '(none)'} cannot be read yet; "
            f"give one of {kinds}"
        )
    reading = known.read(content, str(path))
    deque(within_limits(reading.blocks, str(path)), maxlen=0)
    return Document(
        file=printable(shown_name(path)),
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        media_type=known.media_type,
        blocks=reading.blocks,
        lines=reading.lines,
        encoding=reading.encoding,
        pages=reading.pages,
        notes=reading.notes,
        title=reading.title,
        members=reading.members,
    )


@dataclass(frozen=True)
class SourceFormat:
    """One kind of file; ``reader`` is the function that reads it, as ``module:name`` in this folder:
    what a format needs is loaded when it is read."""

    media_type: str
    reader: str

    @cached_property
    def read(self) -> Callable[[bytes, str], Reading]:
        """The function that reads it."""
        module, _, name = self.reader.partition(":")
        function: Callable[[bytes, str], Reading] = getattr(
            import_module(f"yusuan.sources.{module}"), name
        )
        return function


def load_readers(suffixes: Iterable[str]) -> None:
    """Load what reads the formats of these suffixes, or of all where there are none or an archive
    is one of them."""
    named = [suffix for suffix in suffixes if suffix in FORMATS]
    for suffix in FORMATS if not named or _ARCHIVES & {*named} else named:
        _ = FORMATS[suffix].read


_ARCHIVES = frozenset((".zip", ".rar", ".7z"))


def read_members(content: bytes, file: str) -> Reading:
    """Read an archive with the readers of all other formats."""
    from yusuan.sources.archive import read_archive  # slow to load

    readers = {suffix: known.read for suffix, known in FORMATS.items() if suffix not in _ARCHIVES}
    return read_archive(content, file, readers, kind_of)


_OOXML = "application/vnd.openxmlformats-officedocument"


_ODF = "application/vnd.oasis.opendocument"

FORMATS: dict[str, SourceFormat] = {
    ".txt": SourceFormat("text/plain", "text:read_text"),
    ".md": SourceFormat("text/markdown", "text:read_text"),
    ".markdown": SourceFormat("text/markdown", "text:read_text"),
    ".tsv": SourceFormat("text/tab-separated-values", "text:read_text"),
    ".pdf": SourceFormat("application/pdf", "pdf.reading:read_pdf"),
    ".docx": SourceFormat(f"{_OOXML}.wordprocessingml.document", "word:read_docx"),
    ".xlsx": SourceFormat(f"{_OOXML}.spreadsheetml.sheet", "spreadsheets.reading:read_sheets"),
    ".xlsm": SourceFormat(
        "application/vnd.ms-excel.sheet.macroEnabled.12", "spreadsheets.reading:read_sheets"
    ),
    ".xls": SourceFormat("application/vnd.ms-excel", "spreadsheets.reading:read_sheets"),
    ".ods": SourceFormat(f"{_ODF}.spreadsheet", "spreadsheets.reading:read_sheets"),
    ".html": SourceFormat("text/html", "html:read_html"),
    ".htm": SourceFormat("text/html", "html:read_html"),
    ".shtml": SourceFormat("text/html", "html:read_html"),
    ".mht": SourceFormat("multipart/related", "html:read_mht"),
    ".mhtml": SourceFormat("multipart/related", "html:read_mht"),
    ".csv": SourceFormat("text/csv", "text:read_csv_file"),
    ".doc": SourceFormat("application/msword", "legacy:read_legacy_text"),
    ".wps": SourceFormat("application/vnd.ms-works", "legacy:read_legacy_text"),
    ".rtf": SourceFormat("application/rtf", "legacy:read_legacy_text"),
    ".odt": SourceFormat(f"{_ODF}.text", "legacy:read_legacy_text"),
    ".et": SourceFormat("application/vnd.ms-excel", "legacy:read_legacy_sheets"),
    ".zip": SourceFormat("application/zip", "read:read_members"),
    ".rar": SourceFormat("application/vnd.rar", "read:read_members"),
    ".7z": SourceFormat("application/x-7z-compressed", "read:read_members"),
}
"""By suffix, in lower case."""

_TEXTS = frozenset((".txt", ".md", ".markdown", ".tsv", ".csv"))


_PAGES = frozenset((".html", ".htm", ".xhtml", ".shtml"))


_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


_MARKUP = re.compile(rb"<(?:!doctype\s+html|html|head|body|meta|table|div)\b", re.IGNORECASE)


_HEAD = 4096


def kind_of(content: bytes, suffix: str, file: str) -> str:
    """The suffix whose reader fits the content; the one given (lower case) when in doubt.

    Raises YusuanError for content that is recognised and cannot be read.
    """
    if content.startswith(b"PK\x03\x04"):
        return _zipped(content, suffix, file)
    for sign, kind in SIGNATURES.items():
        if content.startswith(sign):
            return kind
    if content.startswith(_OLE):
        return _compound(content, suffix, file)
    if content.startswith(b"%PDF-"):
        return ".pdf"
    if content.startswith(b"{\\rtf"):
        return ".rtf"
    if suffix in _TEXTS or suffix in _PAGES:
        return suffix
    head = content[:_HEAD].removeprefix(b"\xef\xbb\xbf")
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        head = head.decode("utf-16", "replace").encode()
    if _is_page(head):
        return ".html"
    if b'progid="Excel.Sheet"' in head or b"urn:schemas-microsoft-com:office:spreadsheet" in head:
        return ".et"  # the XML of Excel 2003, which LibreOffice reads
    if head.lower().startswith(b"mime-version:") or b"multipart/related" in head:
        return ".mht"
    if suffix in (".xls", ".et", ".xlsx") and b"\0" not in head and (b"\t" in head or b"," in head):
        return ".csv"
    return suffix


def _is_page(head: bytes) -> bool:
    """Whether a file starts as a web page, comments and an XML declaration aside."""
    rest = head.lstrip()
    while opening := next((sign for sign in (b"<?xml", b"<!--") if rest.startswith(sign)), b""):
        closing = b"?>" if opening == b"<?xml" else b"-->"
        rest = rest.partition(closing)[2].lstrip()
    return bool(_MARKUP.match(rest))


def _zipped(content: bytes, suffix: str, file: str) -> str:
    with open_zip(content, file) as container:
        names = set(container.namelist())
        declared = b""
        if "mimetype" in names and container.getinfo("mimetype").file_size < 200:
            declared = read_member(container, "mimetype", file)
    if "word/document.xml" in names:
        return ".docx"
    if "xl/workbook.xml" in names:
        return ".xlsx"
    if "xl/workbook.bin" in names:
        return ".et"  # a binary workbook (XLSB), which LibreOffice reads
    if declared.startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
        return ".ods"
    if declared.startswith(b"application/vnd.oasis.opendocument.text"):
        return ".odt"
    if "OFD.xml" in names:
        raise YusuanError(f"{file}: an OFD document; convert it to PDF and try again")
    if "ppt/presentation.xml" in names:
        raise YusuanError(f"{file}: a presentation, which holds no tables that can be read")
    # Office files always have these; one that lost them is damaged, no archive.
    return suffix if "[Content_Types].xml" in names or suffix == ".ods" else ".zip"


def _compound(content: bytes, suffix: str, file: str) -> str:
    """The kind of an OLE compound file, by the names of its streams (UTF-16 in its directory)."""

    def has(name: str) -> bool:
        return name.encode("utf-16-le") + b"\0\0" in content

    if has("EncryptedPackage"):
        raise YusuanError(f"{file}: locked with a password; save it without one")
    if has("WordDocument"):
        return ".wps" if suffix == ".wps" else ".doc"
    if has("Workbook") or has("Book"):
        return ".xls"
    return suffix if suffix in (".doc", ".wps", ".et", ".xls") else ".doc"
