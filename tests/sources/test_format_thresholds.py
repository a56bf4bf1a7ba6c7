"""How text, web pages, workbooks and Word documents are told, just on both sides of each number that
decides it. PDFs: ``test_pdf_thresholds``."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence

import lxml.html
import openpyxl
import pytest
import xlwt
from lxml import etree

from yusuan.model.document import Cell, Grid, Paragraph, Position
from yusuan.sources import aligned_text, blocks, html, html_styles, text, word
from yusuan.sources.aligned_text import TextPage
from yusuan.sources.blocks import SourceCell, SourceRow
from yusuan.sources.html_styles import RGBA
from yusuan.sources.manifest import official_address
from yusuan.sources.spreadsheets import cells, ods
from yusuan.sources.spreadsheets import reading as sheet_reading
from yusuan.sources.spreadsheets.xls import read_xls
from yusuan.sources.spreadsheets.xlsx import read_xlsx

HERE = Position(1)

# Text


def text_page(*lines: str) -> TextPage:
    return TextPage(None, list(enumerate(lines, start=1)))


@pytest.mark.parametrize(("rows", "aligned"), [(2, False), (3, True)])
def test_aligned_text_has_some_rows(rows: int, aligned: bool) -> None:
    assert aligned_text._is_aligned(text_page(*["人大事务    10.00"] * rows)) == aligned


@pytest.mark.parametrize(("line", "count"), [("甲甲", 3), ("乙乙", 3), ("丙丙", 1)])
def test_aligned_text_has_one_running_line_beside_page_numbers(line: str, count: int) -> None:
    pages = [(f"内容{name}", "甲甲", "乙乙", "丙丙", f"某局 {number}")
             for number, name in enumerate("天地人", start=1)]  # fmt: skip
    lines = [line for page in pages for line in page]
    counting = [index for index, line in enumerate(lines) if line.startswith("某局")]
    left = aligned_text._without_running(text_page(*lines), counting)
    assert [line for page in left for _, line in page.lines].count(line) == count


@pytest.mark.parametrize(("between", "named"), [(5, True), (6, False)])
def test_aligned_text_names_a_table_by_a_title_near_it(between: int, named: bool) -> None:
    above = [Paragraph(line, HERE) for line in ["支出预算表", *["某市"] * between]]
    grid = Grid(((Cell("科目", 0, 0, Position(20)),),), Position(20))
    assert (aligned_text._note(grid, above).printed == "支出预算表") == named


@pytest.mark.parametrize(("pages", "sure"), [(2, False), (3, True)])
def test_aligned_text_counts_pages_in_lines_like_rows(pages: int, sure: bool) -> None:
    counts = [
        each for n in range(1, pages + 1) for each in (f"某局    {n}", "内容" + "天地人"[n - 1])
    ]
    page = text_page("开头", *counts, "结尾")
    assert bool(aligned_text._counting(page)) == sure


@pytest.mark.parametrize(("signs", "found"), [(180, True), (230, False)])
def test_text_with_a_long_rule_of_a_table(signs: int, found: bool) -> None:
    assert bool(text._between_bars(["科目|金额", "-" * (signs - 4) + "|---", "人大|1"])) == found


@pytest.mark.parametrize(("length", "struck"), [(18_000, True), (22_000, False)])
def test_text_with_marks_in_a_long_line(length: int, struck: bool) -> None:
    assert bool(text._inline("~~980.00~~" + "字" * length)[1]) == struck


# Rows


@pytest.mark.parametrize(("length", "running"), [(22, False), (26, True)])
def test_blocks_of_running_text(length: int, running: bool) -> None:
    assert blocks._is_text(SourceRow(HERE, {0: SourceCell("某" * length)})) == running


@pytest.mark.parametrize(("length", "valid"), [(1800, True), (2200, False)])
def test_manifest_with_a_long_address(length: int, valid: bool) -> None:
    address = "https://example.gov.cn/".ljust(length, "a")
    if valid:
        assert official_address(address) == address
    else:
        with pytest.raises(ValueError, match="no http"):
            official_address(address)


# Web pages


def html_table(texts: Sequence[str]) -> etree._Element:
    cells = "".join(f"<td>{each}</td>" for each in texts)
    return lxml.html.fragment_fromstring(f"<table><tr>{cells}</tr></table>")


INNER = "<table><tr><td>1</td><td>2</td></tr></table>"


@pytest.mark.parametrize(
    ("texts", "layout"),
    [
        (["导航", "某" * 270], False),
        (["导航", "某" * 340], True),
        (["导航"] * 3 + ["某" * 400], True),
        (["导航"] * 4 + ["某" * 400], False),
        (["人大"] * 5 + [INNER], True),
        (["人大"] * 6 + [INNER], False),
    ],
)
def test_html_tables_that_arrange_a_page(texts: Sequence[str], layout: bool) -> None:
    table = html_table(texts)
    assert html._is_layout(table, html_styles.computed_styles(table, "a.html")) == layout


@pytest.mark.parametrize(("length", "cut"), [(110, False), (140, True)])
def test_html_hidden_parts_are_named_shortly(length: int, cut: bool) -> None:
    note = html._hidden_note("row", "某" * length, HERE)
    assert (len(note.printed) < length) == cut


def html_style(tag: str, style: str) -> html_styles.ComputedStyle:
    """The look of an element in a line of text of 16 pixels."""
    root = lxml.html.fragment_fromstring(f"<p>600<{tag} style='{style}'>1</{tag}></p>")
    return html_styles.computed_styles(root, "a.html").of(root[0])


def test_html_styles_of_smaller_text() -> None:
    assert 12.5 < html_style("small", "").size < 14


@pytest.mark.parametrize(("up", "raised"), [(3.5, False), (4.5, True)])
def test_html_styles_of_raised_text(up: float, raised: bool) -> None:
    assert html_style("b", f"position:relative;top:-{up}px").raised == raised


@pytest.mark.parametrize(("size", "raised"), [(0.85, True), (0.95, False)])
def test_html_styles_of_small_text_at_the_top(size: float, raised: bool) -> None:
    assert html_style("b", f"vertical-align:top;font-size:{size}em").raised == raised


@pytest.mark.parametrize(("part", "same"), [(0.052, True), (0.068, False)])
def test_html_styles_of_colours_alike(part: float, same: bool) -> None:
    assert html_styles._same(RGBA(part, part, part, 1), RGBA(0, 0, 0, 1)) == same


@pytest.mark.parametrize(("opacity", "unseen"), [(0.045, True), (0.055, False)])
def test_html_styles_of_faint_text(opacity: float, unseen: bool) -> None:
    assert html_style("b", f"opacity:{opacity}").hidden == unseen


@pytest.mark.parametrize(("left", "unseen"), [(-450, False), (-550, True)])
def test_html_styles_of_text_off_the_page(left: int, unseen: bool) -> None:
    assert html_style("b", f"position:absolute;left:{left}px").hidden == unseen


@pytest.mark.parametrize(("size", "tiny"), [(3, True), (4, False)])
def test_html_of_tiny_pictures(size: int, tiny: bool) -> None:
    assert html._is_tiny(etree.Element("img", width=f"{size}px")) == tiny


# Workbooks


@pytest.mark.parametrize(("paper", "same"), [("F4F4F4", True), ("F2F2F2", False)])
def test_cells_in_the_colour_of_their_paper(paper: str, same: bool) -> None:
    assert cells.same_colour("FFFFFF", paper) == same


@pytest.mark.parametrize(("length", "cut"), [(75, False), (90, True)])
def test_cells_with_a_long_formula(length: int, cut: bool) -> None:
    assert (len(cells.formula_cell("A" * length).text) <= length) == cut


@pytest.mark.parametrize(("points", "flat"), [(1.3, True), (1.7, False)])
def test_ods_rows_that_are_flat(points: float, flat: bool) -> None:
    style = etree.Element(f"{ods._STYLE}style")
    etree.SubElement(style, f"{ods._STYLE}x").set(f"{ods._STYLE}row-height", f"{points}pt")
    styles: dict[tuple[str, str], ods._StatedStyle] = {}
    ods._note_style(style, styles)
    assert styles["", ""].flat == flat


@pytest.mark.parametrize(("points", "flat"), [(1.3, {0}), (1.7, set())])
def test_xlsx_and_xls_rows_that_are_flat(points: float, flat: set[int]) -> None:
    book = openpyxl.Workbook()
    book.active.append(["人大", 1])
    book.active.row_dimensions[1].height = points
    assert xlsx_sheet(book).hidden_rows == flat
    old = xlwt.Workbook()
    sheet = old.add_sheet("表")
    sheet.write(0, 0, "人大")
    sheet.row(0).height, sheet.row(0).height_mismatch = round(20 * points), True
    assert xls_sheet(old).hidden_rows == flat


@pytest.mark.parametrize(("signs", "narrow"), [(0.17, {0}), (0.23, set())])
def test_xlsx_and_xls_columns_that_are_narrow(signs: float, narrow: set[int]) -> None:
    book = openpyxl.Workbook()
    book.active.append(["人大", 1])
    book.active.column_dimensions["A"].width = signs
    assert xlsx_sheet(book).hidden_columns == narrow
    old = xlwt.Workbook()
    sheet = old.add_sheet("表")
    sheet.write(0, 0, "人大")
    sheet.col(0).width = round(256 * signs)
    assert xls_sheet(old).hidden_columns == narrow


def xlsx_sheet(book: openpyxl.Workbook) -> cells.Sheet:
    buffer = io.BytesIO()
    book.save(buffer)
    return read_xlsx(zipfile.ZipFile(buffer), "a.xlsx")[0]


def xls_sheet(book: xlwt.Workbook) -> cells.Sheet:
    buffer = io.BytesIO()
    book.save(buffer)
    return next(read_xls(buffer.getvalue(), "a.xls"))


@pytest.mark.parametrize(("rows", "beside"), [(2, False), (3, True)])
def test_spreadsheets_reading_what_stands_beside_a_table(rows: int, beside: bool) -> None:
    lines = [("科目", "金额", "", ""), *[("人大", "1.00", "", "")] * (rows - 1)]
    lines.append(("政协", "2.00", "", "备注"))
    sheet = [
        SourceRow(Position(at), {i: SourceCell(each) for i, each in enumerate(line) if each})
        for at, line in enumerate(lines, start=1)
    ]
    assert bool(sheet_reading._without_beside(sheet)[1]) == beside


# Word documents


@pytest.mark.parametrize(("color", "lost"), [("F1F1F1", True), ("EEEEEE", False)])
def test_word_text_in_the_colour_of_the_paper(color: str, lost: bool) -> None:
    assert word._RunStyle(color=color).is_lost_on(None) == lost


@pytest.mark.parametrize(("half_points", "hidden"), [(2, True), (3, False)])
def test_word_text_that_is_tiny(half_points: int, hidden: bool) -> None:
    run = word._RunProperties(size=half_points)
    assert word._DocumentStyles(etree.Element("styles"))._resolved(run, None, "").hidden == hidden
