"""Word documents: headings, merged cells, content controls, text boxes, deleted text."""

import io
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from tests.sources.makers import archive
from yusuan.model.document import Document, Grid, Paragraph
from yusuan.model.errors import YusuanError
from yusuan.sources import read_document

P = "<w:p><w:r><w:t>{}</w:t></w:r></w:p>"


def read(folder: Path, document: Any) -> Document:
    document.save(folder / "text.docx")
    return read_document(folder / "text.docx")


def with_body(xml: str) -> Any:
    """A document whose body is the WordprocessingML given."""
    document = docx.Document()
    body = parse_xml(f"<w:body {nsdecls('w', 'wp', 'a')}>{xml}</w:body>")
    for element in list(body):
        document.element.body.append(element)
    return document


def texts(document: Document) -> list[str]:
    return [paragraph.text for paragraph in document.paragraphs]


def test_paragraphs_and_tables_in_order(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_heading("第一部分 概况", 1)
    document.add_paragraph("")
    document.add_paragraph("主要职责。")
    table = document.add_table(2, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "项目", "金额"
    table.cell(1, 0).text, table.cell(1, 1).text = "甲", "1"
    document.add_paragraph("说明")
    blocks = read(tmp_path, document).blocks
    assert [type(block).__name__[0] for block in blocks] == list("PPGP")
    assert isinstance(blocks[0], Paragraph) and blocks[0].level == 1
    # Blank paragraphs count; a table counts its rows.
    assert [block.position.line for block in blocks] == [1, 3, 4, 6]


def test_merged_cells_stand_once(tmp_path: Path) -> None:
    document = docx.Document()
    table = document.add_table(3, 3)
    for row, cells in enumerate((("科目", "支出", ""), ("", "基本", "项目"), ("甲", "1", "2"))):
        for column, text in enumerate(cells):
            table.cell(row, column).text = text
    table.cell(0, 0).merge(table.cell(1, 0)).text = "科目"
    table.cell(0, 1).merge(table.cell(0, 2)).text = "支出"
    grid = next(read(tmp_path, document).grids)
    assert [[cell.text for cell in row] for row in grid.rows] == [
        ["科目", "支出", ""], ["", "基本", "项目"], ["甲", "1", "2"],
    ]  # fmt: skip
    assert (grid.rows[0][0].rowspan, grid.rows[0][1].colspan) == (2, 2)
    assert all(row[i].column == i for row in grid.rows for i in range(3))


def test_a_table_in_a_content_control_and_one_in_a_cell(tmp_path: Path) -> None:
    cell = "<w:tc>{}</w:tc>"
    inner = (
        f"<w:tbl><w:tr>{cell.format(P.format('内'))}{cell.format(P.format('表'))}</w:tr></w:tbl>"
    )
    row = f"<w:tr>{cell.format(P.format('甲') + inner + P.format(''))}{cell.format(P.format('1'))}</w:tr>"
    xml = f"<w:sdt><w:sdtContent><w:tbl>{row}</w:tbl></w:sdtContent></w:sdt>"
    grid = next(read(tmp_path, with_body(xml)).grids)
    assert [cell.text for cell in grid.rows[0]] == ["甲 内 表", "1"]


def test_a_frame_around_a_table_is_dissolved(tmp_path: Path) -> None:
    document = docx.Document()
    frame = document.add_table(1, 1).cell(0, 0)
    frame.text = "部门收入总表"
    inner = frame.add_table(1, 2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "项目", "金额"
    blocks = read(tmp_path, document).blocks
    assert isinstance(blocks[0], Paragraph) and isinstance(blocks[1], Grid)


def test_text_boxes_are_read_and_deleted_text_is_not(tmp_path: Path) -> None:
    box = (
        f"<w:p><w:r><w:pict><w:txbxContent>{P.format('封面')}</w:txbxContent></w:pict></w:r></w:p>"
    )
    edited = (
        '<w:p><w:ins w:id="1" w:author="x"><w:r><w:t>新增</w:t></w:r></w:ins>'
        '<w:del w:id="2" w:author="x"><w:r><w:delText>删去</w:delText></w:r></w:del>'
        '<w:moveFrom w:id="3" w:author="x"><w:r><w:t>移走</w:t></w:r></w:moveFrom></w:p>'
    )
    assert texts(read(tmp_path, with_body(box + edited))) == ["封面", "新增"]


def test_a_row_of_too_many_columns_is_named(tmp_path: Path) -> None:
    cells = f'<w:tc><w:tcPr><w:gridSpan w:val="900"/></w:tcPr>{P.format("宽")}</w:tc>' * 2
    with pytest.raises(YusuanError, match=r"text\.docx, row 1: a cell in column 901"):
        read(tmp_path, with_body(f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>"))


def test_what_is_no_word_document_says_so(tmp_path: Path) -> None:
    stream = io.BytesIO()
    docx.Document().save(stream)
    cut, other = tmp_path / "cut.docx", tmp_path / "other.docx"
    cut.write_bytes(stream.getvalue()[:5000])
    other.write_bytes(archive({"word/document.xml": b"<w:document/>"}))
    for path in (cut, other):
        with pytest.raises(YusuanError, match=path.name):
            read_document(path)
