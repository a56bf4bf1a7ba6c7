"""Documents as offices publish them: printed to PDF from an office program or a browser, or saved
again in another format.

Printing starts a slow program, so that many documents are printed in one go. ``PRINTED`` are the
formats; ``missing`` says which program one of them needs that is not installed.
"""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import docx
import openpyxl
from docx.document import Document as WordFile
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.shared import Emu, Mm, Pt
from openpyxl.cell import Cell as SheetCell
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from benchmarks.layouts.model import Disclosure
from benchmarks.layouts.render.grid import captions, size
from benchmarks.layouts.render.office import docx_file, xlsx_file
from benchmarks.layouts.render.web import html_file

__all__ = ["PRINTED", "Printed", "missing", "print_all"]

_SECONDS = 900
_SHORT, _LONG = Mm(210), Mm(297)
_MARGIN = Mm(20)


@dataclass(frozen=True)
class Setup:
    """How a page is set up before it is printed.

    ``font`` is the size of the type in points, ``widest`` the characters a column of names holds
    before it wraps. In a sheet, ``fitted`` scales it to the width of the page; otherwise columns
    beyond that go to further pages.
    """

    landscape: bool = False
    fitted: bool = True
    font: float = 10
    widest: int = 34
    ruled: bool = True
    edges: bool = False
    """A browser prints date, title, address and number of each page at its edges."""


@dataclass(frozen=True)
class Printed:
    """``source`` is docx, xlsx or html; ``suffix`` that of the file published."""

    source: str
    suffix: str = "pdf"
    setup: Setup = Setup()

    @property
    def program(self) -> str:
        return "chromium" if self.source == "html" and self.suffix == "pdf" else "soffice"


PRINTED: dict[str, Printed] = {
    "printed-docx": Printed("docx", setup=Setup(font=10)),
    "printed-docx-wide": Printed("docx", setup=Setup(landscape=True, font=9)),
    "printed-docx-narrow": Printed("docx", setup=Setup(font=12, widest=12)),
    "printed-xlsx": Printed("xlsx", setup=Setup()),
    "printed-xlsx-wide": Printed("xlsx", setup=Setup(landscape=True)),
    "printed-xlsx-narrow": Printed("xlsx", setup=Setup(landscape=True, font=14, widest=14)),
    "printed-xlsx-cut": Printed("xlsx", setup=Setup(fitted=False, font=11)),
    "printed-xlsx-bare": Printed("xlsx", setup=Setup(landscape=True, ruled=False)),
    "printed-html": Printed("html"),
    "printed-html-wide": Printed("html", setup=Setup(landscape=True)),
    "printed-html-edges": Printed("html", setup=Setup(edges=True)),
    "saved-doc": Printed("docx", "doc"),
    "saved-odt": Printed("docx", "odt"),
    "saved-rtf": Printed("docx", "rtf"),
    "saved-docx": Printed("docx", "docx"),
    "saved-html": Printed("docx", "html"),
    "saved-xls": Printed("xlsx", "xls"),
    "saved-ods": Printed("xlsx", "ods"),
    "saved-xlsx": Printed("xlsx", "xlsx"),
    "saved-sheet-html": Printed("xlsx", "html"),
}


def missing(name: str) -> str | None:
    """The program that a format needs and this machine lacks."""
    program = PRINTED[name].program
    return None if shutil.which(program) else program


def print_all(
    documents: Iterable[Disclosure], name: str, folder: Path, profile: Path | None = None
) -> dict[str, Path]:
    """The documents in one of the formats ``PRINTED``, each as a file named like its layout.

    ``profile`` is where the office program keeps its settings, a folder of its own by default:
    making it takes longer than printing. No two may use one at a time.

    Raises RuntimeError with what the program said when a file is not made.
    """
    printed, files = PRINTED[name], []
    drafts, made = folder / f"{name}-drafts", folder / name
    drafts.mkdir()
    made.mkdir()
    for document in documents:
        draft = drafts / f"{document.layout}.{printed.source}"
        draft.write_bytes(_draft(document, printed))
        files.append(draft)
    said = (
        _by_browser(files, printed.setup, made)
        if printed.program == "chromium"
        else _by_office(files, printed.suffix, made, profile or folder / f"{name}-profile")
    )
    paths = {draft.stem: made / f"{draft.stem}.{printed.suffix}" for draft in files}
    for path in paths.values():
        if not path.exists():
            raise RuntimeError(f"{path.name} was not made: {said}")
    return paths


def _by_office(files: Sequence[Path], suffix: str, made: Path, profile: Path) -> str:
    """All files at once: what takes long is the start of the program."""
    return _run([
        "soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore",
        "--convert-to", suffix, "--outdir", str(made), *map(str, files),
    ])  # fmt: skip


def _by_browser(files: Sequence[Path], setup: Setup, made: Path) -> str:
    said = ""
    for path in files:
        target = made / f"{path.stem}.pdf"
        edges = [] if setup.edges else ["--no-pdf-header-footer"]
        said += _run([
            "chromium", "--headless", "--no-sandbox", "--disable-gpu", *edges,
            f"--print-to-pdf={target}", path.as_uri(),
        ])  # fmt: skip
    return said


def _run(command: list[str]) -> str:
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        timeout=_SECONDS, check=False,
    )  # fmt: skip
    return done.stdout.decode("utf-8", "replace")[-500:]


def _draft(document: Disclosure, printed: Printed) -> bytes:
    if printed.source == "html":
        return _page(document, printed.setup)
    if printed.source == "docx":
        return _word(document, printed.setup)
    return _book(document, printed.setup)


def _page(document: Disclosure, setup: Setup) -> bytes:
    """The page of a portal; its title, which a browser prints at the edge, names the document."""
    word = "决算" if document.phase == "executed" else "预算"
    title = f"{document.name}{document.year}年{document.body_word}{word}公开"
    look = "<style>@page{size:A4 landscape}</style>" if setup.landscape else ""
    text = html_file(document).decode()
    return text.replace("<title>信息公开</title>", f"<title>{title}</title>{look}").encode()


def _word(document: Disclosure, setup: Setup) -> bytes:
    word = docx.Document(io.BytesIO(docx_file(document)))
    section = word.sections[0]
    across, down = (_LONG, _SHORT) if setup.landscape else (_SHORT, _LONG)
    section.orientation = WD_ORIENT.LANDSCAPE if setup.landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = across, down
    section.left_margin = section.right_margin = _MARGIN
    word.styles["Normal"].font.size = Pt(setup.font)
    word.styles["Normal"].paragraph_format.space_after = Pt(0)
    for number, table in enumerate(document.tables):
        above, _, _ = size(document, table)
        _lay_out(
            word, number, setup, across - 2 * _MARGIN, above if document.style.repeat_head else 0
        )
    stream = io.BytesIO()
    word.save(stream)
    return stream.getvalue()


def _lay_out(word: WordFile, number: int, setup: Setup, room: int, repeated: int) -> None:
    """Lines, widths of columns, and the heading rows that go on with each page."""
    table = word.tables[number]
    table.style = "Table Grid" if setup.ruled else None
    table.autofit = False
    wants = [6] * len(table.columns)
    cells = table._cells
    for at, cell in enumerate(cells):
        merged = sum(cell._tc is other._tc for other in cells[max(at - 40, 0) : at + 40]) > 1
        if cell.text and not merged:
            column = at % len(wants)
            wants[column] = max(wants[column], _width(cell.text, setup) + 2)
    for column, want in zip(table.columns, wants, strict=True):
        column.width = Emu(room * want // sum(wants))
    for row in table.rows[:repeated] if repeated < len(table.rows) else ():
        row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _width(text: str, setup: Setup) -> int:
    """How many half-width characters a column needs for a text."""
    return len(text) if text.isascii() else min(2 * len(text), setup.widest)


def _book(document: Disclosure, setup: Setup) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(xlsx_file(document)))
    for sheet in book.worksheets:
        _set_up(sheet, setup)
    if document.style.sheet_per_table:
        for sheet, table in zip(book.worksheets[2:], document.tables, strict=True):
            above, rows, _ = size(document, table)
            before = 0 if document.style.caption_inside else len(captions(document, table))
            if document.style.repeat_head and rows > above:
                sheet.print_title_rows = f"{before + 1}:{before + above}"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _set_up(sheet: Worksheet, setup: Setup) -> None:
    """Page, widths and lines: a row with several cells is one of a table, others are captions."""
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.orientation = "landscape" if setup.landscape else "portrait"
    if setup.fitted:
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    merged = {
        (row, column)
        for span in sheet.merged_cells.ranges
        for row, column in span.top
        if span.size["columns"] > 1
    }
    line = Side(style="thin")
    lines: dict[int, list[tuple[int, str]]] = {}
    ruled = Border(left=line, right=line, top=line, bottom=line)
    wants: dict[int, int] = {}
    for row in sheet.iter_rows():
        wide = any(span.min_row <= row[0].row <= span.max_row and span.size["columns"] >= len(row)
                   for span in sheet.merged_cells.ranges)  # fmt: skip
        body = not wide and (row[-1].has_style or sum(c.value is not None for c in row) > 1)
        for cell in row:
            cell.font = Font(size=setup.font)
            text = _shown(cell)
            if body:
                cell.alignment = Alignment(wrap_text=True, vertical="center")
                cell.border = ruled if setup.ruled else Border()
                if text and (cell.row, cell.column) not in merged:
                    wants[cell.column] = max(wants.get(cell.column, 4), _width(text, setup))
                if text:
                    lines.setdefault(cell.row, []).append((cell.column, text))
            elif text and wide and len(row) > 1:
                cell.alignment = Alignment(horizontal="center", vertical="center")
    for column in range(1, sheet.max_column + 1):
        width = (wants.get(column, 6) + 2) * setup.font / 11
        sheet.column_dimensions[get_column_letter(column)].width = width
    spans = {(at.min_row, at.min_col): at for at in sheet.merged_cells.ranges}
    for row, texts in lines.items():
        tall = 1
        for column, text in texts:
            at = spans.get((row, column))
            last, down = (at.max_col, at.size["rows"]) if at else (column, 1)
            room = sum(wants.get(c, 6) for c in range(column, last + 1))
            needed = -(-sum(1 if c.isascii() else 2 for c in text) // room)
            tall = max(tall, -(-needed // down))
        sheet.row_dimensions[row].height = (1.3 * tall + 0.3) * setup.font


def _shown(cell: SheetCell) -> str:
    """About the text that a cell shows."""
    if isinstance(cell.value, float | int) and "0" in cell.number_format:
        decimals = len(cell.number_format.partition(".")[2])
        return f"{cell.value:,.{decimals}f}"
    return "" if cell.value is None else str(cell.value)
