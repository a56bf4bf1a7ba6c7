"""Files of older office programs (DOC, WPS, RTF, ODT), converted by LibreOffice."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from yusuan.files.atomic import scratch_folder
from yusuan.model.errors import YusuanError
from yusuan.sources import limits
from yusuan.sources.blocks import Reading
from yusuan.sources.containers import chunks, open_zip
from yusuan.sources.spreadsheets.reading import read_sheets
from yusuan.sources.word import read_docx
from yusuan.workers.system import PLAIN, children_seconds, end_group, memory_limit

__all__ = ["read_legacy_sheets", "read_legacy_text"]

_SCRIPTING = "/org.openoffice.Office.Common/Security/Scripting"
_SETTINGS = (
    (_SCRIPTING, "DisableMacrosExecution", "true"),
    (_SCRIPTING, "MacroSecurityLevel", "3"),
    (_SCRIPTING, "DisableActiveContent", "true"),
    (_SCRIPTING, "BlockUntrustedRefererLinks", "true"),
    ("/org.openoffice.Office.Calc/Content/Update", "Link", "2"),
    ("/org.openoffice.Office.Writer/Content/Update", "Link", "0"),
    ("/org.openoffice.Office.Common/Misc", "FirstRun", "false"),
)
"""Of LibreOffice's configuration: path, name, value. Links are updated never (Calc 2, Writer 0)."""


def read_legacy_text(content: bytes, file: str) -> Reading:
    """Read a text document; positions are those of the DOCX that LibreOffice makes of it.

    Raises YusuanError when LibreOffice is not installed, would need too long or cannot convert the
    file.
    """
    if content.startswith(b"{\\rtf"):
        _refuse_endless_rtf(content, file)
    elif content.startswith(b"PK\x03\x04"):
        _refuse_endless_odt(content, file)
    return read_docx(_converted(content, file, "docx"), file)


def read_legacy_sheets(content: bytes, file: str) -> Reading:
    """Read a spreadsheet that is not XLS inside; otherwise as :func:`read_legacy_text`."""
    return read_sheets(_converted(content, file, "xlsx"), file)


class _Size:
    """What of a text document decides how long LibreOffice takes; says so once it is too much."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._squares = 0
        self._paragraphs = 0
        self._tables = 0
        self._texts = 0

    def paragraph(self) -> None:
        """One more outside tables. Raises YusuanError when there are too many."""
        self._paragraphs += 1
        if self._paragraphs > limits.OFFICE_PARAGRAPHS:
            most = f"{limits.OFFICE_PARAGRAPHS:,} paragraphs"
            raise YusuanError(f"{self._file}: more than {most}; {_NEWER}")

    def text(self, characters: int, cells: int = 1) -> None:
        """Cells have so many characters each. Raises YusuanError when those of all are too many."""
        if characters > _SHORT_TEXT:
            self._texts += characters**2 * cells
        if self._texts > limits.OFFICE_CELL_TEXT**2:
            most = f"{limits.OFFICE_CELL_TEXT:,} characters"
            raise YusuanError(f"{self._file}: cells of more than {most}; {_NEWER}")

    def part(self, before: int, more: int = 1) -> int:
        """A table of ``before`` cells and rows has ``more``; how many that are.

        Raises YusuanError when those of all tables, or the tables, are too many."""
        self._tables += not before
        if self._tables > limits.TABLES:
            raise YusuanError(f"{self._file}: more than {limits.TABLES:,} tables; {_NEWER}")
        parts = before + more
        self._squares += parts**2 - before**2
        if self._squares > limits.OFFICE_TABLE_PARTS**2:
            most = f"{limits.OFFICE_TABLE_PARTS:,} cells and rows"
            raise YusuanError(f"{self._file}: tables of more than {most}; {_NEWER}")
        return parts


_SAVE = "open the file there and save it, or the pages that matter, in a newer format"
_NEWER = f"LibreOffice would take too long; {_SAVE}"
_RTF_WORD = re.compile(
    rb"\\(?:(pard|par|intbl|cell|nestcell|row|nestrow)(?![a-z]) ?|(bin)([0-9]{1,9}) ?|[\\{}])|\{\\\*|[{}]"
)
"""What begins, ends or fills paragraphs and tables, data of so many bytes, what stands for itself,
a group that is no part of the text, and the ends of groups (RTF 1.9.1)."""
_RTF_TEXT = re.compile(
    rb"((?:\\u-?[0-9]{1,5} ?[^\\{}]?)+)|((?:\\'[0-9a-fA-F]{2})+)|\\[a-z]+-?[0-9]* ?|[\r\n]+|([^\\\r\n]+)"
)
"""Characters by their numbers, each with one to print instead, or by their bytes; a control word;
ends of lines of the file; characters as they are."""
_SHORT_TEXT = 2_000
"""Characters of a cell that take no time worth counting."""


def _refuse_endless_rtf(content: bytes, file: str) -> None:
    """Raise YusuanError for more paragraphs, cells or rows than LibreOffice reads in good time.

    Rows that follow each other are one table."""
    size, parts, words = _Size(file), 0, 0
    in_table, depth, apart = False, 0, 0
    place = text = 0  # characters of the cell so far
    while found := _RTF_WORD.search(content, place):
        if not apart and found.start() > place:
            shown, counted = _characters(content[place : found.start()])
            text += shown
            words += counted
        place = found.end()
        word = found[1]
        if found[2]:
            place += int(found[3])
        elif (sign := found[0]) == b"}":
            apart = 0 if apart == depth else apart
            depth -= 1
        elif sign in (b"{", b"{\\*"):
            depth += 1
            apart = apart or (depth if sign != b"{" else 0)
        elif word is None or apart:
            continue
        elif word == b"pard" or word == b"intbl":
            in_table = word == b"intbl"
        elif word != b"par" or in_table:
            parts = size.part(parts)
            if word != b"par":
                size.text(text)
                text = 0
        else:
            parts = text = 0
            size.paragraph()
        words += 1
        if words > limits.OFFICE_WORDS:
            most = f"{limits.OFFICE_WORDS:,} control words"
            raise YusuanError(f"{file}: more than {most}; {_NEWER}")


def _characters(text: bytes) -> tuple[int, int]:
    """How many characters a piece of an RTF file shows, and by how many words; of a character by
    its bytes each is half of one, as in Chinese encodings."""
    shown = words = 0
    for found in _RTF_TEXT.finditer(text):
        if found[1]:
            shown += found[1].count(b"\\")
        elif found[2]:
            shown += len(found[2]) // 8
        elif found[3]:
            shown += len(found[3])
        words += 1
        if words > limits.OFFICE_WORDS:
            break
    return shown, words


_ODF = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
_TABLE = _ODF % "table"
_PARAGRAPHS = (f"{_ODF % 'text'}p", f"{_ODF % 'text'}h")
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")


def _refuse_endless_odt(content: bytes, file: str) -> None:
    """As ``_refuse_endless_rtf``. What is no XML is left to LibreOffice."""
    parser = etree.XMLParser(  # type: ignore[call-overload]
        target=_CountedContent(file), resolve_entities=False, load_dtd=False, no_network=True
    )
    with open_zip(content, file) as container:
        if "content.xml" not in container.namelist():
            return
        try:
            for piece in chunks(container, "content.xml", file):
                parser.feed(piece)
        except etree.XMLSyntaxError:
            return


class _CountedContent:
    """Follows the XML of an ODT file and keeps nothing but counts."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._size = _Size(file)
        self._elements = 0
        self._tables: list[_OpenTable] = []

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._elements += 1
        if self._elements > limits.OFFICE_PARTS:
            most = f"{limits.OFFICE_PARTS:,} elements"
            raise YusuanError(f"{self._file}: more than {most}; {_NEWER}")
        if tag == f"{_TABLE}table":
            self._tables.append(_OpenTable())
        elif self._tables:
            table = self._tables[-1]
            if tag in _CELLS:
                table.in_row += _repeated(attributes, "columns")
                table.cells, table.characters = _repeated(attributes, "columns"), 0
            elif tag == f"{_TABLE}table-row":
                table.in_row, table.rows = 1, _repeated(attributes, "rows")
        elif tag in _PARAGRAPHS:
            self._size.paragraph()

    def data(self, text: str) -> None:
        if self._tables:
            self._tables[-1].characters += len(text)

    def end(self, tag: str) -> None:
        if self._tables and tag in _CELLS:
            table = self._tables[-1]
            self._size.text(table.characters, table.cells * table.rows)
        if self._tables and tag == f"{_TABLE}table-row":
            table = self._tables[-1]
            table.parts = self._size.part(table.parts, table.in_row * table.rows)
        elif self._tables and tag == f"{_TABLE}table":
            self._tables.pop()

    def close(self) -> None:
        """Called by the parser at the end."""


@dataclass(slots=True)
class _OpenTable:
    """A table that has begun: its cells and rows so far, those of its last row, and how many rows
    are like that."""

    parts: int = 0
    in_row: int = 0
    rows: int = 1
    cells: int = 1
    """Cells like its last one, beside each other, and the characters of each."""
    characters: int = 0


def _repeated(attributes: Mapping[str, str], what: str) -> int:
    count = attributes.get(f"{_TABLE}number-{what}-repeated", "1")
    return int(count) if re.fullmatch(r"[0-9]{1,9}", count) else 1


def _converted(content: bytes, file: str, target: str) -> bytes:
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        raise YusuanError(
            f"{file}: this older format is read with LibreOffice, which is not installed; "
            f"install it, or open the file and save it as {target.upper()}"
        )
    with scratch_folder() as folder:
        source = Path(folder, f"source{Path(file).suffix.lower()}")
        source.write_bytes(content)
        # A profile of its own: LibreOffice hands over to a running one otherwise.
        user = Path(folder, "profile", "user")
        user.mkdir(parents=True)
        (user / "registrymodifications.xcu").write_text(_settings(), "utf-8")
        command = [
            program, f"-env:UserInstallation={Path(folder, 'profile').as_uri()}", "--headless",
            "--norestore", "--convert-to", target, "--outdir", str(folder), str(source),
        ]  # fmt: skip
        last_output, seconds = _run(command, file)
        converted = source.with_suffix(f".{target}")
        # Killed at the limit, by a clock that goes in steps.
        if not converted.exists() and seconds > limits.OFFICE_PROCESSOR_SECONDS - 0.5:
            most = f"{limits.OFFICE_PROCESSOR_SECONDS} seconds of a processor"
            raise YusuanError(f"{file}: takes LibreOffice more than {most}; {_SAVE}")
        if not converted.exists():
            raise YusuanError(
                f"{file}: LibreOffice could not convert it ({last_output or 'no reason given'}); "
                f"open it and save it as {target.upper()}"
            )
        return converted.read_bytes()


def _settings() -> str:
    """A profile in which no macro runs and no link is followed, whatever a document asks for."""
    items = "".join(
        f'<item oor:path="{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value>'
        "</prop></item>"
        for path, name, value in _SETTINGS
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<oor:items xmlns:oor="http://openoffice.org/2001/registry">' + items + "</oor:items>"
    )


def _run(command: list[str], file: str) -> tuple[str, float]:
    """Run LibreOffice; what it said last, and seconds of a processor; its children end with it."""
    before = children_seconds()
    if not PLAIN:  # of this process the limit might be used up
        limited = 'ulimit -t "$0"; exec "$@"'
        command = ["/bin/sh", "-c", limited, str(limits.OFFICE_PROCESSOR_SECONDS), *command]
    try:
        with memory_limit(limits.OFFICE_MEMORY):
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
    except OSError as error:
        raise YusuanError(f"{file}: LibreOffice cannot be started: {error}") from error
    try:
        output, _ = process.communicate(timeout=limits.OFFICE_SECONDS)
    except subprocess.TimeoutExpired as error:
        raise YusuanError(
            f"{file}: LibreOffice did not finish within {limits.OFFICE_SECONDS:g} seconds; "
            "open the file there and save it in a newer format"
        ) from error
    finally:
        end_group(process.pid)
        process.wait()
    lines = output.decode("utf-8", "replace").strip().splitlines()
    return lines[-1][:200] if lines else "", children_seconds() - before
