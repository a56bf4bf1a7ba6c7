"""What a file is, by its first bytes: suffixes are often wrong.

Portals serve web pages as ``.xls``, workbooks as ``.doc`` and text tables as ``.xls``.
"""

from __future__ import annotations

import re

from yusuan.model.errors import YusuanError
from yusuan.sources.unpacked import SIGNATURES
from yusuan.sources.zipped import open_zip, read_member

__all__ = ["kind_of"]

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
