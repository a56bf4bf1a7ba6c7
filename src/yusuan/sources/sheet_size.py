"""Refuse spreadsheets whose stray cells would take gigabytes to hold, before reading them.

The parser lays a sheet out as one rectangle from the first used cell to the last one, so a
single stray value at XFD1048576 would cost 400 GB. Formats without values cost nothing.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator
from posixpath import basename

from lxml import etree

from yusuan.model.document import column_letters
from yusuan.model.errors import YusuanError
from yusuan.sources import limits
from yusuan.sources.zipped import ZIP_ERRORS, chunks, open_zip, read_member

__all__ = ["refuse_bloated"]

# A cell that holds something: an element follows its start tag.
_CELL = re.compile(
    rb'<(?:\w{1,20}:)?c\s[^<>]{0,200}?\br="([A-Za-z]{1,3})(\d{1,7})"[^<>]{0,200}(?<!/)>\s{0,20}<(?!/)'
)
_OVERLAP = 512
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"


def refuse_bloated(content: bytes, file: str) -> None:
    """Raise YusuanError when a sheet's used cells span more than ``limits.SHEET_PLACES``.

    An XLS file cannot exceed 65,536 rows by 256 columns.
    """
    with open_zip(content, file) as container:
        sizes = _ods_sizes(container, file) if "content.xml" in container.namelist() else (
            _xlsx_sizes(container, file)
        )  # fmt: skip
        for name, rows, columns in sizes:
            if rows * columns > limits.SHEET_PLACES:
                raise YusuanError(
                    f"{file}, sheet {name}, row {rows:,}: the cells in use reach as far as "
                    f"{column_letters(columns - 1)}{rows}, too far for a budget table; "
                    "clear the stray cells there and save it again"
                )


def _xlsx_sizes(container: zipfile.ZipFile, file: str) -> Iterator[tuple[str, int, int]]:
    """Name, last row and last column in use of each worksheet. Every part is read through,
    so that one that unpacks to more than it declares is found out here."""
    for member in container.namelist():
        if not re.search(r"worksheets/[^/]+\.xml$", member):
            for _ in chunks(container, member, file):
                pass
            continue
        rows = columns = 0
        rest = b""
        for piece in chunks(container, member, file):
            data = rest + piece
            for letters, row in _CELL.findall(data):
                rows, columns = max(rows, int(row)), max(columns, _column(letters))
            rest = data[-_OVERLAP:]
        yield _sheet_name(container, member, file), rows, columns


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _sheet_name(container: zipfile.ZipFile, member: str, file: str) -> str:
    """The name on the tab of a worksheet, or that of its part when the workbook is broken."""
    try:
        targets = {
            relation.get("Target", "").rsplit("/", 1)[-1]: relation.get("Id")
            for relation in etree.fromstring(
                read_member(container, "xl/_rels/workbook.xml.rels", file)
            )
        }
        id_ = targets.get(basename(member))
        for element in etree.fromstring(read_member(container, "xl/workbook.xml", file)).iter():
            if id_ and id_ in element.attrib.values():
                return element.get("name", basename(member))
    except (etree.XMLSyntaxError, YusuanError):
        pass
    return basename(member)


def _ods_sizes(container: zipfile.ZipFile, file: str) -> Iterator[tuple[str, int, int]]:
    """As for XLSX; a cell or row may be stated once and repeated by a count."""
    try:
        with container.open("content.xml") as stream:
            events = etree.iterparse(stream, events=("start", "end"))
            yield from _ods_tables(events)
    except (etree.XMLSyntaxError, *ZIP_ERRORS) as error:
        raise YusuanError(f"{file}: damaged spreadsheet; save it again as XLSX") from error


def _ods_tables(
    events: Iterable[tuple[str, etree._Element]],
) -> Iterator[tuple[str, int, int]]:
    name, rows, last_row, last_column = "", 0, 0, 0
    # Of the row at hand: its columns so far, and those up to the last one in use.
    columns = filled = 0
    for event, element in events:
        tag = element.tag
        if event == "start":
            if tag == f"{_TABLE}table":
                name = element.get(f"{_TABLE}name", "")
                rows = last_row = last_column = 0
            elif tag == f"{_TABLE}table-row":
                columns = filled = 0
        elif tag in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
            columns += _count(element, "number-columns-repeated")
            if len(element) or element.get(f"{_OFFICE}value-type"):
                filled = columns
            element.clear()
        elif tag == f"{_TABLE}table-row":
            rows += _count(element, "number-rows-repeated")
            if filled:
                last_row, last_column = rows, max(last_column, filled)
            element.clear()
        elif tag == f"{_TABLE}table":
            yield name, last_row, last_column


def _count(element: etree._Element, name: str) -> int:
    text = element.get(f"{_TABLE}{name}", "1")
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else 1
