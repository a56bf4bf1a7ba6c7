"""Sheets: several tables, captions inside, exact numbers, bloat, hidden and empty sheets."""

import datetime
import io
import time
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.sources.makers import archive, ods_file
from yusuan.model.document import Document, Grid, Paragraph
from yusuan.model.errors import YusuanError
from yusuan.sources import read_document


def read(folder: Path, *sheets: dict[str, Any], merge: str = "") -> Document:
    """A workbook with the sheets given, each as address → value; "hidden" hides it."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for values in sheets:
        sheet = book.create_sheet(values.pop("name", None))
        if values.pop("hidden", False):
            sheet.sheet_state = "hidden"
        for address, value in values.items():
            sheet[address] = value
        if merge:
            sheet.merge_cells(merge)
    if all(sheet.sheet_state == "hidden" for sheet in book):
        book.create_sheet("leer")
    path = folder / "book.xlsx"
    book.save(path)
    return read_document(path)


def shown(document: Document) -> list[Any]:
    return [
        block.text if isinstance(block, Paragraph)
        else [[cell.text for cell in row] for row in block.rows]
        for block in document.blocks
    ]  # fmt: skip


def test_title_body_and_unit_stand_above_the_grid(tmp_path: Path) -> None:
    document = read(
        tmp_path,
        {"A1": "附表2", "A2": "部门收入总体情况表", "A3": "编制单位：", "B3": "某局",
         "D3": "单位：万元", "A4": "项目", "B4": "合计", "A5": "工资", "B5": 1.5, "D5": 2,
         "A6": "注：含结转。"},
    )  # fmt: skip
    assert shown(document) == [
        "附表2", "部门收入总体情况表", "编制单位：某局", "单位：万元",
        [["项目", "合计", "", ""], ["工资", "1.5", "", "2"]], "注：含结转。",
    ]  # fmt: skip
    assert [block.position.line for block in document.blocks] == [1, 2, 3, 3, 4, 6]
    assert {block.position.page for block in document.blocks} == {1}


def test_two_tables_on_one_sheet(tmp_path: Path) -> None:
    one = {"A1": "部门收入总表", "A2": "单位：元", "A3": "项目", "B3": "金额", "A4": "甲", "B4": 1}
    document = read(
        tmp_path,
        {**one, "A6": "部门支出总表", "C7": "单位：元", "A8": "项目", "C8": "金额",
         "A9": "乙", "C9": 2, "A11": "合计", "C11": 2},
    )  # fmt: skip
    assert shown(document) == [
        "部门收入总表", "单位：元", [["项目", "金额"], ["甲", "1"]],
        "部门支出总表", "单位：元", [["项目", "", "金额"], ["乙", "", "2"]], [["合计", "", "2"]],
    ]  # fmt: skip


def test_a_second_table_without_a_blank_row_between(tmp_path: Path) -> None:
    document = read(
        tmp_path,
        {"A1": "部门收入总表", "A2": "单位：元", "A3": "项目", "B3": "金额", "A4": "甲", "B4": 1,
         "A5": "部门支出总表", "A6": "单位：元", "A7": "项目", "B7": "金额", "A8": "乙", "B8": 2},
    )  # fmt: skip
    assert [type(block).__name__[0] for block in document.blocks] == list("PPGPPG")


def test_merged_headings_keep_their_place(tmp_path: Path) -> None:
    document = read(
        tmp_path,
        {"B1": "支出", "A1": "项目", "D1": "备注", "B2": "基本", "C2": "项目", "A3": "甲", "B3": 1},
        merge="B1:C1",
    )
    (grid,) = [block for block in document.blocks if isinstance(block, Grid)]
    assert grid.merged
    assert grid.rows[0][1].colspan == 2
    assert all(row[i].column == i for row in grid.rows for i in range(4))


def test_numbers_as_a_reader_sees_them(tmp_path: Path) -> None:
    values = [213.0, 0.1 + 0.2, 1234567.89, 1e-7, -3.5, 12345678901234.0, "03", True,
              datetime.date(2023, 1, 31), "1,234.50"]  # fmt: skip
    document = read(tmp_path, {f"{'AB'[i % 2]}{i // 2 + 1}": v for i, v in enumerate(values)})
    grid = next(document.grids)
    assert [cell.text for row in grid.rows for cell in row] == [
        "213", "0.3", "1234567.89", "0.0000001", "-3.5", "12345678901234", "03", "TRUE",
        "2023-01-31", "1,234.50",
    ]  # fmt: skip


def test_hidden_sheets_are_told_and_empty_ones_counted(tmp_path: Path) -> None:
    table = {"A1": "项目", "B1": "金额", "A2": "甲", "B2": 1}
    document = read(
        tmp_path, {"name": "空"}, {"name": "上年模板", "hidden": True, **table}, {**table},
        {"name": "无数字", "hidden": True, "A1": "说明"},
    )  # fmt: skip
    assert document.pages == 4
    assert {block.position.page for block in document.blocks} == {3}
    # Nothing is printed above this table, so the tab names it and keeps it apart.
    assert shown(document)[0] == "Sheet"
    assert [(note.scope, note.printed, note.page) for note in document.notes] == [
        ("sheet", "上年模板", 2)
    ]


def test_a_million_formatted_rows_cost_nothing(tmp_path: Path) -> None:
    start = time.perf_counter()
    document = read(tmp_path, {"A1": "项目", "B1": "金额", "A2": "甲", "B2": 1, "A1048576": " "})
    assert document.lines == 2
    (tmp_path / "book.ods").write_bytes(ods_file())
    assert read_document(tmp_path / "book.ods").lines == 12
    assert time.perf_counter() - start < 5


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("XFD7", "sheet 支出, row 7: a cell in column 16,384"),
        ("XFD1048576", "as far as XFD1048576"),
    ],
)
def test_stray_cells_are_named(tmp_path: Path, address: str, message: str) -> None:
    with pytest.raises(YusuanError, match=message):
        read(tmp_path, {"name": "支出", "A1": "项目", "B1": "金额", address: 1})


def test_repeated_cells_of_ods_cannot_fill_the_memory(tmp_path: Path) -> None:
    ns = "urn:oasis:names:tc:opendocument:xmlns"
    bomb = (
        f'<office:document-content xmlns:office="{ns}:office:1.0" xmlns:table="{ns}:table:1.0">'
        '<office:body><office:spreadsheet><table:table table:name="支出">'
        '<table:table-row table:number-rows-repeated="1048576"><table:table-cell '
        'office:value-type="float" office:value="1" table:number-columns-repeated="16384"/>'
        "</table:table-row></table:table></office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    (tmp_path / "bomb.ods").write_bytes(
        archive({
            "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": bomb.encode(),
        })
    )  # fmt: skip
    with pytest.raises(YusuanError, match="sheet 支出, row 1,048,576"):
        read_document(tmp_path / "bomb.ods")


def test_a_workbook_without_anything(tmp_path: Path) -> None:
    stream = io.BytesIO()
    openpyxl.Workbook().save(stream)
    (tmp_path / "empty.xlsx").write_bytes(stream.getvalue())
    with pytest.raises(YusuanError, match=r"empty\.xlsx: all 1 sheets are empty"):
        read_document(tmp_path / "empty.xlsx")
