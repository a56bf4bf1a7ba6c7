"""The fragment of a cell, opened with another library, leads to what the cell prints."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import openpyxl
import pandas
import pdfplumber
import pypdfium2 as pdfium
import pytest
from lxml import html
from PIL import Image, ImageChops, ImageStat

from tests.conftest import some_of
from tests.sources.makers import MAKERS, archive, csv_file, docx_file, text_file, xlsx_file
from tests.sources.pdf_drawing import HEIGHT, WIDTH, Drawing
from yusuan.facts import compile_contents
from yusuan.model.document import Cell, Document
from yusuan.model.text import normal
from yusuan.narrative.disclosure import understand
from yusuan.sources import read_document
from yusuan.sources.fragments import page_place, split_member

XS = (60.0, 140.0, 340.0, 440.0)
ROWS = [("科目编码", "科目名称", "金额"), ("201", "人大事务", "12.50"), ("202", "外交", "-3")]


def read(folder: Path, content: bytes, name: str) -> Document:
    (folder / name).write_bytes(content)
    return read_document(folder / name)


def cells(document: Document) -> Iterator[Cell]:
    found = [cell for grid in document.grids for row in grid.rows for cell in row if cell.text]
    assert found
    return iter(found)


def rectangle(fragment: str | None) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of a fragment on page 1."""
    match = re.fullmatch(r"page=1&viewrect=([\d.]+),([\d.]+),([\d.]+),([\d.]+)", fragment or "")
    assert match, fragment
    left, top, width, height = map(float, match.groups())
    return left, top, left + width, top + height


def characters(content: bytes, fragment: str | None) -> str:
    """The characters whose centre lies in the rectangle, as pdfplumber places them."""
    left, top, right, bottom = rectangle(fragment)
    return "".join(
        text for text, x, y in centres(content) if left <= x <= right and top <= y <= bottom
    )


@lru_cache(maxsize=1)
def centres(content: bytes) -> list[tuple[str, float, float]]:
    """The characters of the first page, each with its centre."""
    with pdfplumber.open(io.BytesIO(content)) as document:
        page = document.pages[0]
        x, y = (max(0, edge) for edge in page.cropbox[:2])
        return [
            (char["text"], (char["x0"] + char["x1"]) / 2 - x, (char["top"] + char["bottom"]) / 2 - y)
            for char in page.chars
        ]  # fmt: skip


def shown(content: bytes) -> Image.Image:
    """The first page as a viewer shows it."""
    with pdfium.PdfDocument(content) as document:
        return document[0].render(scale=4).to_pil().convert("L")


def picture(page: Image.Image, fragment: str | None, turned: int = 0) -> Image.Image:
    """What of a page is in the rectangle, turned back so that the text is upright."""
    cut = page.crop([round(4 * edge) for edge in rectangle(fragment)])  # type: ignore[arg-type]
    return cut.rotate(turned, expand=True)


def table(turn: int = 0) -> bytes:
    """A page with a table; ``turn`` sets it sideways on the paper, in degrees."""
    drawing = Drawing()
    drawing.canvas.translate(WIDTH / 2, HEIGHT / 2)
    drawing.canvas.rotate(turn)
    drawing.canvas.translate(-250, -600)
    drawing.table(XS, 120, ROWS)
    return drawing.content()


def changed(content: bytes, rotation: int, crop: tuple[int, ...] | None) -> bytes:
    """The same page with /Rotate and /CropBox."""
    with pdfium.PdfDocument(content) as document:
        document[0].set_rotation(rotation)
        if crop:
            document[0].set_cropbox(*crop)
        stream = io.BytesIO()
        document.save(stream)
    return stream.getvalue()


CROPS = (None, (30, 50, 560, 800), (-100, -100, 2000, 2000))


@pytest.mark.smoke
@pytest.mark.parametrize(
    ("rotation", "crop"), [*((0, crop) for crop in CROPS), (90, None), (180, None), (270, None)]
)
@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_the_rectangle_on_a_pdf_page_holds_the_characters(
    tmp_path: Path, rotation: int, crop: tuple[int, ...] | None, turn: int
) -> None:
    content = changed(table(turn), rotation, crop)
    for cell in cells(read(tmp_path, content, "表.pdf")):
        assert sorted(characters(content, cell.fragment)) == sorted(cell.text)


@pytest.mark.parametrize("crop", CROPS)
@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_the_rectangle_is_that_of_the_page_as_a_viewer_shows_it(
    tmp_path: Path, rotation: int, crop: tuple[int, ...] | None
) -> None:
    plain, turned = table(), changed(table(), rotation, crop)
    upright = list(cells(read(tmp_path, plain, "表.pdf")))
    page, turned_page = shown(plain), shown(turned)
    expected = {cell.text: picture(page, cell.fragment) for cell in upright}
    for cell, same in zip(cells(read(tmp_path, turned, "转.pdf")), upright, strict=True):
        found = picture(turned_page, cell.fragment, rotation)
        wrong = {
            text: ImageStat.Stat(ImageChops.difference(found, image.resize(found.size))).mean[0]
            for text, image in expected.items()
        }
        assert cell.text == same.text == min(wrong, key=lambda text: wrong[text])
        assert wrong[cell.text] < 8


def test_the_box_of_a_merged_cell_and_of_a_row_without_lines(tmp_path: Path) -> None:
    drawing = Drawing()
    drawing.table((XS[0], XS[1], XS[3]), 120, [("科目", "9.00")])
    drawing.table(XS, 140, ROWS)
    drawing.text(64, 214, "合计")  # the page ends here, and with it the lines
    drawing.text(344, 214, "21.50")
    drawing.page()
    drawing.table(XS, 60, [("203", "国防", "7.00")])
    content = drawing.content()
    found = {cell.text: cell.fragment for cell in cells(read(tmp_path, content, "a.pdf"))}
    assert found["9.00"] == "page=1&viewrect=140,120,300,20"
    assert characters(content, found["21.50"]) == "21.50"
    assert found["7.00"] == "page=2&viewrect=340,60,100,20"


@pytest.mark.smoke
def test_a_sheet_says_its_own_cells(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for name in ("收支 总表", "T1", "it's"):
        sheet = book.create_sheet(name)
        for row, values in enumerate(ROWS, start=5):
            for column, text in enumerate(values, start=3):
                sheet.cell(row, column, text)
    stream = io.BytesIO()
    book.save(stream)
    found = [cell.fragment or "" for cell in cells(read(tmp_path, stream.getvalue(), "a.xlsx"))]
    assert found[:3] == ["'收支 总表'!C5", "'收支 总表'!D5", "'收支 总表'!E5"]
    assert found[9] == "'T1'!C5" and found[-1] == "'it''s'!E7"
    assert_sheet_values(stream.getvalue(), cells(read(tmp_path, stream.getvalue(), "a.xlsx")))


def assert_sheet_values(content: bytes, found: Iterator[Cell]) -> None:
    book = openpyxl.load_workbook(io.BytesIO(content))
    for cell in found:
        name, address = split_sheet_and_cell(cell.fragment)
        assert str(book[name][address].value).rstrip() == cell.text


def split_sheet_and_cell(fragment: str | None) -> tuple[str, str]:
    name, _, address = (fragment or "").rpartition("!")
    return name[1:-1].replace("''", "'") if name.startswith("'") else name, address


@pytest.mark.parametrize("suffix", ["xlsx", "xls", "ods"])
def test_sheets_of_every_format(tmp_path: Path, suffix: str) -> None:
    rows = dict(pandas_rows(tmp_path, suffix))
    for cell in cells(read_document(tmp_path / f"a.{suffix}")):
        name, address = split_sheet_and_cell(cell.fragment)
        assert normal(rows[name, address]) == normal(cell.text)


def pandas_rows(folder: Path, suffix: str) -> Iterator[tuple[tuple[str, str], str]]:
    """Sheet and address of every cell with its text, as pandas reads the file."""
    path = folder / f"a.{suffix}"
    path.write_bytes(MAKERS[suffix]())
    sheets = pandas.read_excel(path, sheet_name=None, header=None, dtype=str, engine="calamine")
    for name, frame in sheets.items():
        for row, values in enumerate(frame.itertuples(index=False), start=1):
            for column, value in enumerate(values):
                yield (name, f"{chr(ord('A') + column)}{row}"), str(value)


def test_a_text_says_its_lines(tmp_path: Path) -> None:
    content = text_file().replace(b"\n", b"\r\n")
    lines = content.decode().splitlines()
    for cell in cells(read(tmp_path, content, "a.txt")):
        start, end = re.fullmatch(r"line=(\d+),(\d+)", cell.fragment or "").groups()  # type: ignore[union-attr]
        (line,) = lines[int(start) : int(end)]
        assert cell.text in [normal(text) for text in line.split("\t")] or cell.text in line


def test_a_csv_file_says_record_and_column(tmp_path: Path) -> None:
    content = b'"\xe8\xa1\xa8\n1"\n\n' + csv_file()  # a record of two lines, and a blank one
    records = list(csv.reader(io.StringIO(content.decode())))
    for cell in cells(read(tmp_path, content, "a.csv")):
        row, column = map(int, (cell.fragment or "").removeprefix("cell=").split(","))
        assert normal(records[row - 1][column - 1]) == normal(cell.text)


def test_a_web_page_says_the_nearest_id_that_is_unique(tmp_path: Path) -> None:
    page = """<html><body><div id="all"><p>单位：万元</p>
    <table id="t1"><tr id="head"><td>科目</td><td>金额</td></tr><tr><td id="x y">甲</td>
    <td id="amount">1.5</td></tr><tr><td id="twice">乙</td><td id="twice">2.5</td></tr></table>
    <p>下一个表</p><table><tr><td>科目</td><td>金额</td></tr><tr><td>丙</td><td>3</td></tr></table>
    </div></body></html>"""
    found = {
        cell.text: cell.fragment
        for cell in cells(read(tmp_path, page.encode(), "a.html"))
        if cell.text not in ("科目", "金额")
    }
    assert found == {"甲": "t1", "1.5": "amount", "乙": "t1", "2.5": "t1", "丙": None, "3": None}
    tree = html.fromstring(page)
    assert tree.get_element_by_id("amount").text == "1.5"


def test_a_word_document_has_no_fragments(tmp_path: Path) -> None:
    assert {cell.fragment for cell in cells(read(tmp_path, docx_file(), "a.docx"))} == {None}


def test_an_archive_names_the_member_first(tmp_path: Path) -> None:
    content = archive({"附件/1#%.xlsx": xlsx_file(), "附件/2.docx": docx_file()})
    found = list(cells(read(tmp_path, content, "a.zip")))
    members = {split_member(cell.fragment or "")[0] for cell in found}
    assert members == {"附件/1#%.xlsx", "附件/2.docx"}
    with zipfile.ZipFile(io.BytesIO(content)) as container:
        assert members <= set(container.namelist())
    sheet = [replace(cell, fragment=split_member(cell.fragment or "")[1]) for cell in found]
    assert_sheet_values(xlsx_file(), iter([cell for cell in sheet if cell.fragment]))
    assert found[-1].fragment == "附件/2.docx"


def test_every_fact_has_the_fragment_of_its_cell(tmp_path: Path) -> None:
    document = read(tmp_path, csv_file(), "a.csv")
    records = list(csv.reader(io.StringIO(csv_file().decode())))
    facts = compile_contents([understand(document)]).facts
    assert facts
    for fact in facts:
        row, column = map(int, (fact.fragment or "").removeprefix("cell=").split(","))
        assert records[row - 1][column - 1] == fact.printed


def test_the_facts_of_real_disclosures_are_in_their_rectangles(corpus: Path) -> None:
    """pdfplumber finds exactly the printed characters in the rectangle of every fact."""
    wrong: list[str] = []
    for path in some_of(corpus):
        facts = compile_contents([understand(read_document(path))]).facts
        with pdfplumber.open(path) as document:
            found: dict[int, list[tuple[float, float, str]]] = {}
            for fact in facts:
                place = page_place(fact.fragment or "")
                assert place and place.box and place.page == fact.page
                page = document.pages[place.page - 1]
                if place.page not in found:
                    found[place.page] = [
                        ((char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2,
                         char["text"]) for char in page.chars
                    ]  # fmt: skip
                left, top, right, bottom = place.box
                inside = [
                    text for x, y, text in found[place.page]
                    if left <= x <= right and top <= y <= bottom
                ]  # fmt: skip
                if "".join("".join(inside).split()) != "".join(fact.printed.split()):
                    wrong.append(f"{path.name}: {fact.fact} {fact.printed} {inside}")
    assert wrong == []
