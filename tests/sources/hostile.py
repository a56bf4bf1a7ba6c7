"""Files made to hang, crash or fill whatever reads them, each with what is to be said of it.

``write_hostile(case, folder)`` makes one; nothing here is larger than some megabytes. Where the size
is not what is refused, the files of a full run are larger (``tests/representative.py``).
"""

from __future__ import annotations

import io
import os
import random
import socket
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import openpyxl
import xlwt

from tests.representative import FULL, few_or
from tests.sources.hostile_pdf import PDFS
from tests.sources.makers import (
    archive,
    csv_file,
    docx_file,
    html_file,
    ods_file,
    text_file,
    xls_file,
    xlsx_file,
)
from tests.sources.pdf_drawing import Drawing

__all__ = ["CASES", "Case", "pdf_file", "write_hostile"]

HARMLESS = ""
"""Read as a budget disclosure, or refused for not being one."""
DAMAGED = "damaged|sheets are empty|cannot be read|no text layer|not a text|LibreOffice"


@dataclass(frozen=True, slots=True)
class Case:
    """``says``: what the message must hold (a pattern), or that no harm is done."""

    name: str
    make: Callable[[], bytes] | Callable[[Path], None]
    says: str


def pdf_file() -> bytes:
    """A sound PDF with a budget table."""
    drawing = Drawing()
    drawing.text(60, 60, "浙江省桐庐县水利局2023年部门预算公开")
    drawing.text(60, 90, "部门收入总体情况表")
    drawing.text(60, 110, "单位：万元")
    drawing.table([60, 200, 320], 120, [["项目", "预算数"], ["一般公共预算", "15"], ["合计", "15"]])
    return drawing.content()


def parts(content: bytes, change: Callable[[str, bytes], bytes | None]) -> bytes:
    """A container with each part changed, or dropped where the change gives None."""
    with zipfile.ZipFile(io.BytesIO(content)) as old:
        changed = {name: change(name, old.read(name)) for name in old.namelist()}
    return archive({name: part for name, part in changed.items() if part is not None})


def replaced(content: bytes, ending: str, old: bytes, new: bytes) -> bytes:
    """A container with one thing put in place of another in one part."""

    def change(name: str, part: bytes) -> bytes:
        if not name.endswith(ending):
            return part
        assert old in part
        return part.replace(old, new, 1)

    return parts(content, change)


def raw_zip(members: Iterable[tuple[str, bytes, int]], overlap: bool = False) -> bytes:
    """A ZIP of members (name, deflated bytes, size), written by hand to lie at will.

    With ``overlap`` all members are the first one under other names.
    """
    body, directory = bytearray(), bytearray()
    count = 0
    for name, packed, size in members:
        raw = name.encode()
        offset = 0 if overlap else len(body)
        fields = struct.pack("<HHHHHIIIHH", 20, 0x800, 8, 0, 33, 0, len(packed), size, len(raw), 0)
        if not (overlap and body):
            body += b"PK\3\4" + fields + raw + packed
        directory += b"PK\1\2" + struct.pack("<H", 20) + fields
        directory += struct.pack("<HHHII", 0, 0, 0, 0, offset) + raw
        count += 1
    # Python's reader goes by the size of the directory, so that the count may overflow.
    end = struct.pack(
        "<HHHHIIH", 0, 0, count & 0xFFFF, count & 0xFFFF, len(directory), len(body), 0
    )
    return bytes(body + directory) + b"PK\5\6" + end


@cache
def deflated(data: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


def zip_bomb(overlap: bool = False) -> bytes:
    packed = deflated(bytes(2**26))
    return raw_zip(((f"{i}.txt", packed, 2**26) for i in range(40)), overlap)


def docx_bomb() -> bytes:
    """Word's parts, and among them some that unpack to 640 MB together."""
    with zipfile.ZipFile(io.BytesIO(docx_file())) as sound:
        members = [(name, sound.read(name)) for name in sound.namelist()]
    known = [(name, deflated(part), len(part)) for name, part in members]
    packed = deflated(bytes(2**26))
    return raw_zip([*known, *((f"word/media/{i}.png", packed, 2**26) for i in range(10))])


def zip_liar() -> bytes:
    bomb = archive({"a.txt": b"0" * 2**21})
    return bomb.replace(struct.pack("<I", 2**21), struct.pack("<I", 1))


def zip_locked() -> bytes:
    content = bytearray(archive({"a.txt": b"text"}))
    content[6] |= 1
    content[content.index(b"PK\1\2") + 8] |= 1
    return bytes(content)


def zip_unknown_method() -> bytes:
    content = bytearray(archive({"a.txt": b"text"}))
    content[8] = 99
    content[content.index(b"PK\1\2") + 10] = 99
    return bytes(content)


def zip_twice() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as container:
        for name in ("a.csv", "../../a.csv", "/etc/a.csv", "C:\\a.csv"):
            container.writestr(name, csv_file())
    with zipfile.ZipFile(stream, "a") as container:
        container.filelist.append(container.infolist()[0])
        container._didModify = True  # type: ignore[attr-defined]
    return stream.getvalue()


SHEET = "sheet1.xml"


def sheet_of(data: str, after: str = "") -> bytes:
    """A workbook whose first sheet holds the rows given as XML."""

    def change(name: str, part: bytes) -> bytes:
        if not name.endswith(SHEET):
            return part
        space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        return (
            f'<worksheet xmlns="{space}"><sheetData>{data}</sheetData>{after}</worksheet>'.encode()
        )

    return parts(xlsx_file(), change)


def cell(address: str, value: str = "1", kind: str = "n") -> str:
    return f'<c r="{address}" t="{kind}"><v>{value}</v></c>'


def merges(ranges: Iterable[str]) -> str:
    return f"<mergeCells>{''.join(f'<mergeCell ref={r!r}/>' for r in ranges)}</mergeCells>"


def full_sheet(rows: int = 200) -> str:
    return "".join(
        f'<row r="{r}">{"".join(cell(f"{c}{r}") for c in "ABCDEFGHIJ")}</row>'
        for r in range(1, rows + 1)
    )  # fmt: skip


def far_xls(sheets: int = 1) -> bytes:
    book = xlwt.Workbook()
    for number in range(sheets):
        sheet = book.add_sheet(f"s{number}")
        sheet.write(0, 0, "项目")
        sheet.write(65535, 255, 1)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def far_xlsx() -> bytes:
    return sheet_of(f'<row r="1">{cell("A1")}</row><row r="1048576">{cell("XFD1048576")}</row>')


def many_sheets() -> bytes:
    book = openpyxl.Workbook()
    for _ in range(510):
        book.create_sheet()
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def repeated_strings() -> bytes:
    """Cells that all show one long string, which a parser may copy for each of them."""
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    content = sheet_of(
        "".join(f'<row r="{r}">{cell(f"A{r}", "0", "s")}</row>' for r in range(1, 100_001))
    )
    related = f'<Relationship Id="rS" Type="{office}/sharedStrings" Target="sharedStrings.xml"/>'
    content = replaced(
        content, "workbook.xml.rels", b"</Relationships>", f"{related}</Relationships>".encode()
    )
    with zipfile.ZipFile(io.BytesIO(content)) as container:
        members = {name: container.read(name) for name in container.namelist()}
    text = "预算" * 15_000
    members["xl/sharedStrings.xml"] = f'<sst xmlns="{space}"><si><t>{text}</t></si></sst>'.encode()
    return archive(members)


def ods_of(table: str) -> bytes:
    ns = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f'<office:document-content xmlns:office="{ns}:office:1.0" xmlns:table="{ns}:table:1.0" '
        f'xmlns:text="{ns}:text:1.0"><office:body><office:spreadsheet>'
        f'<table:table table:name="支出">{table}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    return parts(ods_file(), lambda name, part: content.encode() if name == "content.xml" else part)


def ods_row(repeated: str, cells: str) -> str:
    return f'<table:table-row table:number-rows-repeated="{repeated}">{cells}</table:table-row>'


ODS_CELL = '<table:table-cell office:value-type="float" office:value="1" {}/>'
LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a0 "预算预算预算预算">'
    + "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 12))
    + "]>"
).encode()
XXE = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
DTD = b'<!DOCTYPE x SYSTEM "http://192.0.2.1/a.dtd">'


def with_doctype(content: bytes, ending: str, doctype: bytes, entity: bytes, into: bytes) -> bytes:
    """A container with a document type and a use of its entity in one part."""

    def change(name: str, part: bytes) -> bytes:
        if not name.endswith(ending):
            return part
        assert into in part
        head, _, body = part.rpartition(b"?>") if part.startswith(b"<?xml") else (b"", b"", part)
        if head:
            end = part.index(b"?>") + 2
            head, body = part[:end], part[end:]
        return head + doctype + body.replace(into, into + entity, 1)

    return parts(content, change)


def docx_of(body: str) -> bytes:
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    document = f'<w:document xmlns:w="{space}"><w:body>{body}</w:body></w:document>'.encode()
    return parts(docx_file(), lambda name, part: document if name == "word/document.xml" else part)


def docx_cell(text: str = "预算", properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>"


def docx_table(*cells: str, rows: int = 3) -> str:
    row = f"<w:tr>{''.join(cells)}</w:tr>"
    return f"<w:tbl>{row * rows}</w:tbl>"


def nested(start: str, inner: str, end: str, depth: int) -> str:
    return start * depth + inner + end * depth


def page(body: str) -> bytes:
    return f"<!DOCTYPE html><html><body>{body}</body></html>".encode()


def noise(size: int) -> bytes:
    return random.Random(7).randbytes(size)


def cut(make: Callable[[], bytes], share: float) -> Callable[[], bytes]:
    def made() -> bytes:
        content = make()
        return content[: int(len(content) * share)]

    return made


def socket_at(path: Path) -> None:
    here = Path.cwd()
    os.chdir(path.parent)  # names of sockets are short
    try:
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(path.name)
    finally:
        os.chdir(here)


def endless(path: Path) -> None:
    with path.open("wb") as stream:
        stream.truncate(10**10)


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20
NUMBER = "9" * 5_000
SOUND = {
    "pdf": pdf_file, "docx": docx_file, "xlsx": xlsx_file, "xls": xls_file, "ods": ods_file,
    "html": html_file, "csv": csv_file,
}  # fmt: skip

CASES = [
    # Archives
    Case("bomb.zip", zip_bomb, "would unpack to 40 files of 2,560 MB"),
    Case("overlap.zip", lambda: zip_bomb(overlap=True), "would unpack to"),
    Case("nested.zip", lambda: archive({"in.zip": archive({"in.zip": zip_bomb()})}), "an archive within"),
    Case("hidden.zip", lambda: archive({"表.pdf": archive({"a.txt": b"x"})}), "an archive within"),
    Case("members.zip", lambda: raw_zip((f"{i}.txt", b"\3\0", 0) for i in range(100_000)), "100,000 files"),
    Case("attachments.zip", lambda: archive({f"{i}.csv": b"a,b" for i in range(1_000)}), "1,000 files"),
    Case("liar.zip", zip_liar, "damaged"),
    Case("locked.zip", zip_locked, "locked with a password"),
    Case("method.zip", zip_unknown_method, "damaged"),
    Case("names.zip", zip_twice, "two files are named a.csv"),
    Case("escape.zip", lambda: archive({"a\x1b[2J\nb.csv": b" ", "b.csv": csv_file()}), "empty"),
    Case("none.zip", lambda: archive({}), "nothing to read"),
    Case("poison.zip", lambda: archive({"a.csv": csv_file(), "b.xlsx": cut(xlsx_file, 0.5)()}), "b.xlsx: damaged"),
    # Spreadsheets
    Case("far.xlsx", far_xlsx, "as far as XFD1048576"),
    Case("far.xls", far_xls, "as far as IV65536|MB of memory"),
    Case("far-twenty-times.xls", lambda: far_xls(20), "as far as IV65536|MB of memory"),
    Case("far.ods", lambda: ods_of(
        ods_row("1048576", ODS_CELL.format('table:number-columns-repeated="16384"'))
    ), "as far as XFD1048576"),
    Case("tall.ods", lambda: ods_of(
        ods_row("1048576", ODS_CELL.format("") * 3)
    ), "more than 40,000 rows"),
    Case("counts.ods", lambda: ods_of(
        ods_row("²", ODS_CELL.format(f'table:number-columns-repeated="{NUMBER}"'))
    ), DAMAGED),
    Case("merges.xlsx", lambda: sheet_of(
        full_sheet(), merges(f"A{i}:B{i}" for i in range(1, few_or(100_002, 1_000_001)))
    ), "merged cells"),
    Case("one-merge.xlsx", lambda: sheet_of(full_sheet(), merges(["A1:XFD1048576"])), HARMLESS),
    Case("overlapping-merges.xlsx", lambda: sheet_of(
        full_sheet(), merges(f"A1:J{i}" for i in range(10, 190))
    ), HARMLESS),
    Case("merges-upon-merges.xlsx", lambda: sheet_of(
        full_sheet(), merges(["A1:J200"] * 5_000)
    ), "merged cells overlap"),
    Case("backward-merge.xlsx", lambda: sheet_of(full_sheet(), merges(["J9:A1", "B2:B1"])), HARMLESS),
    Case("strings.xlsx", repeated_strings, "more than 20,000,000 characters"),
    Case("sheets.xlsx", many_sheets, "511 sheets"),
    Case("laughs.xlsx", lambda: with_doctype(
        sheet_of(f'<row r="1">{cell("A1")}</row>'), SHEET, LAUGHS, b"&a11;", b"<v>"
    ), DAMAGED),
    Case("xxe.xlsx", lambda: with_doctype(
        sheet_of(f'<row r="1">{cell("A1")}</row>'), SHEET, XXE, b"&e;", b"<v>"
    ), DAMAGED),
    Case("laughs.ods", lambda: with_doctype(ods_file(), "content.xml", LAUGHS, b"&a11;", b"<text:p>"), DAMAGED),
    Case("xxe.ods", lambda: with_doctype(ods_file(), "content.xml", XXE, b"&e;", b"<text:p>"), DAMAGED),
    Case("locked.xlsx", lambda: OLE + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(4), "locked"),
    Case("addresses.xlsx", lambda: sheet_of(
        f'<row r="{NUMBER}">{cell("A99999999999999")}{cell("1A")}{cell("")}</row>'
    ), DAMAGED),
    Case("numbers.xlsx", lambda: sheet_of(
        "".join(f'<row r="{i}">{cell(f"A{i}", text)}</row>'
                for i, text in enumerate(("1e308", "-1e400", "nan", NUMBER, "1e-300", ""), 1))
    ), "no budget table|cannot be read"),
    Case("rootless.xlsx", lambda: parts(
        xlsx_file(), lambda name, part: None if name.endswith("workbook.xml.rels") else part
    ), DAMAGED),
    Case("loop.xls", lambda: OLE + bytes(16) + b"\xfe\xff\x09\x00" + bytes(2000) + "Workbook".encode("utf-16-le") + bytes(4096), DAMAGED),
    # Word
    Case("nested-tables.docx", lambda: docx_of(nested("<w:tbl><w:tr><w:tc>", "<w:p/>", "</w:tc></w:tr></w:tbl>", 1000)), DAMAGED),
    Case("nested-80.docx", lambda: docx_of(nested("<w:tbl><w:tr><w:tc>", "<w:p/>", "</w:tc></w:tr></w:tbl>", 80)), "no budget table"),
    Case("nested-runs.docx", lambda: docx_of(nested("<w:ins>", "<w:p/>", "</w:ins>", 100_000)), DAMAGED),
    Case("spans.docx", lambda: docx_of(docx_table(
        docx_cell(properties='<w:gridSpan w:val="1000000000"/>'),
        docx_cell(properties='<w:gridSpan w:val="999999"/>'), docx_cell(),
    )), "budget tables have at most"),
    Case("merges.docx", lambda: docx_of(docx_table(
        *[docx_cell(properties='<w:gridSpan w:val="-1"/><w:vMerge/>')] * few_or(250, 500), rows=few_or(30, 60)
    )), "no budget table"),
    Case("paragraphs.docx", lambda: docx_of("<w:p><w:r><w:t>a</w:t></w:r></w:p>" * few_or(10_000, 201_000)), few_or("no budget table", "more lines of text than the 100,000")),
    Case("long.docx", lambda: docx_of(f"<w:p><w:r><w:t>{'预' * 9_000_000}</w:t></w:r></w:p>"), "characters without a break|damaged"),
    Case("laughs.docx", lambda: with_doctype(docx_file(), "word/document.xml", LAUGHS, b"&a11;", b"<w:t>"), DAMAGED),
    Case("xxe.docx", lambda: with_doctype(docx_file(), "word/document.xml", XXE, b"&e;", b"<w:t>"), "no department name"),
    Case("dtd.docx", lambda: with_doctype(docx_file(), "word/document.xml", DTD, b"", b"<w:t>"), HARMLESS),
    Case("bomb.docx", docx_bomb, "would unpack"),
    Case("self.docx", lambda: replaced(
        docx_file(), "document.xml.rels", b"</Relationships>",
        b'<Relationship Id="rSelf" Type="x" Target="document.xml"/></Relationships>',
    ), HARMLESS),
    # Web pages
    Case("divs.html", lambda: page("<div>" * 100_000 + "预算"), "nested too deep"),
    Case("tables.html", lambda: page(nested("<table><tr><td>", "预算", "</td></tr></table>", 1_000)), "nested too deep|within tables"),
    Case("tables-200.html", lambda: page(nested("<table><tr><td>", "预算", "</td></tr></table>", 60)), "within tables|no budget"),
    Case("spans.html", lambda: page(
        "<table>" + "<tr>" + "<td rowspan=1000000000 colspan=1000000000>预算</td>" * 5 + "</tr></table>"
    ), "no budget table|columns"),
    Case("wide-spans.html", lambda: page(
        "<table>" + "<tr><td colspan=512 rowspan=99999>预算" * 3_000 + "</table>"
    ), "no budget table|columns|cells"),
    Case("line.html", lambda: page("<p>预算</p>" * few_or(10_000, 201_000)), few_or("no budget table", "lines of text")),
    Case("text.html", lambda: page("预算 " * few_or(200_000, 1_000_000)), "characters without a break"),
    Case("laughs.html", lambda: LAUGHS + page("&a11;"), "no budget table"),
    Case("comments.xls", lambda: b"<!---->" * 2_000 + b"x", DAMAGED),
    Case("unclosed.html", lambda: b"<html><!-- " + b"-" * 10**6, "empty|no budget"),
    Case("style.html", lambda: page(f"<p style='display{' ' * 200_000}'>预算</p>" * 5), "no budget table"),
    # Text and CSV
    Case("wide.csv", lambda: b"1," * few_or(10**5, 10**6), "a cell in column"),
    Case("quote.csv", lambda: b'a,b\n"' + b"c,d\n" * 200_000, "quotation mark"),
    Case("commas.csv", lambda: b"," * few_or(500_000, 5_000_000) + b"\n1", "no budget table|empty"),
    Case("nul.csv", lambda: csv_file().replace(b"\r\n", b"\0\r\n", 1), HARMLESS),
    Case("nul.txt", lambda: bytes(100_000), DAMAGED),
    Case("utf16.txt", lambda: text_file().decode().encode("utf-16-le"), HARMLESS),
    Case("utf16.html", lambda: html_file().decode().encode("utf-16-be"), HARMLESS),
    Case("noise.txt", lambda: noise(2_000_000), DAMAGED),
    Case("line.txt", lambda: "预算".encode() * 2_000_000, "characters without a break"),
    Case("blanks.txt", lambda: b"--" + b" " * 90_000 + b"x\n" + b"|" + b" " * 90_000 + b"x", "no budget table"),
    Case("feeds.txt", lambda: b"\f" * 1_000_000 + b"x", "no budget table"),
    Case("number.txt", lambda: text_file() + f"\n部门预算收入{NUMBER}万元，{'9' * 40_000}万元以上，{'1,' * 20_000}1万元。\n--- 第{NUMBER}页 ---\n".encode(), HARMLESS),
    Case("grid.txt", lambda: (b"1\t" * 400 + b"\n") * 3_000, "more than 300,000 cells"),
    Case("empty.pdf", lambda: b"", "the file is empty"),
    Case("blank.docx", lambda: b" \r\n\t" * 1000, "the file is empty"),
    Case("bom.txt", lambda: b"\xef\xbb\xbf", "no budget table|empty"),
    Case("bom16.csv", lambda: b"\xff\xfe", "no budget table|empty"),
    # Other things under a wrong name
    Case("pdf.xlsx", pdf_file, HARMLESS),
    Case("docx.pdf", docx_file, HARMLESS),
    Case("png.pdf", lambda: PNG, "not a PDF"),
    Case("png.html", lambda: PNG, "not a text"),
    Case("exe.docx", lambda: b"MZ\x90\0" + noise(5_000), "damaged"),
    Case("elf.csv", lambda: b"\x7fELF" + noise(5_000), "not a text"),
    Case("rar.zip", lambda: b"Rar!\x1a\7\0" + noise(5_000), "damaged"),
    Case("sqlite.xls", lambda: b"SQLite format 3\0" + noise(5_000), DAMAGED),
    *([Case("word.doc", lambda: OLE + noise(5_000), "LibreOffice|no budget table")] if FULL else []),
    Case("braces.rtf", lambda: b"{\\rtf1" + b"{" * 100_000, "LibreOffice"),
    *[
        Case(f"cut-{int(share * 100)}.{suffix}", cut(make, share), DAMAGED + "|no budget|empty|unclosed|HTML|no text on any page")
        for suffix, make in SOUND.items() if suffix not in ("csv", "html")
        for share in (0.05, 0.5, 0.95)
    ],
    *[Case(f"{name}.pdf", make, says) for name, make, says in PDFS],
    # No files at all
    Case("pipe.pdf", lambda path: os.mkfifo(path), "a named pipe"),
    Case("socket.pdf", socket_at, "a socket"),
    Case("device.pdf", lambda path: path.symlink_to("/dev/zero"), "a device"),
    Case("folder.pdf", lambda path: path.mkdir(), "a folder"),
    Case("nothing.pdf", lambda path: path.symlink_to("nowhere"), "a link to nowhere"),
    Case("loop.pdf", lambda path: path.symlink_to(path.name), "cannot be read"),
    Case("endless.pdf", endless, "files of up to 128 MB"),
    Case("line\nbreak\x1b[31m.txt", lambda: b"", "the file is empty"),
]  # fmt: skip


def write_hostile(case: Case, folder: Path) -> Path:
    """Make the file of a case in a folder."""
    path = folder / case.name
    try:
        made = case.make()  # type: ignore[call-arg]
    except TypeError:
        case.make(path)  # type: ignore[call-arg]
    else:
        path.write_bytes(made)
    return path
