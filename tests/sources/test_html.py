"""Web pages: what is seen, in order; layout tables dissolve, data tables stay."""

from pathlib import Path
from typing import Any

import pytest

from yusuan.model.document import Document, Paragraph
from yusuan.model.errors import YusuanError
from yusuan.sources import read_document


def read(folder: Path, page: str) -> Document:
    (folder / "page.html").write_text(page, "utf-8")
    return read_document(folder / "page.html")


def shown(document: Document) -> list[Any]:
    return [
        block.text if isinstance(block, Paragraph)
        else [[cell.text for cell in row] for row in block.rows]
        for block in document.blocks
    ]  # fmt: skip


def test_visible_text_by_line(tmp_path: Path) -> None:
    document = read(
        tmp_path,
        "<html><head><title>x</title></head><body>\n\n<!-- c --><h1>预算</h1>\n"
        "<nav>首页</nav><div>一、<b>收入</b>情况&nbsp;<br>\n100 万元\n<p style='display: none'>无</p>"
        "</div>\n<script>1 < 2</script></body></html>\n",
    )
    assert [(b.text, b.position.line, b.level) for b in document.paragraphs] == [
        ("预算", 3, 1), ("一、收入情况", 4, 0), ("100 万元", 5, 0),
    ]  # fmt: skip
    assert document.lines == 7


def test_spans_and_entities(tmp_path: Path) -> None:
    document = read(
        tmp_path,
        "<table><caption>收入表</caption><tr><th rowspan=2>科&emsp;目<th colspan=2>支出</tr>\n"
        "<tr><td>基本<br>支出<td>项目</tr>\n<tr><td>甲&amp;乙<td>1<td>&nbsp;</tr></table>",
    )
    assert shown(document) == [
        "收入表",
        [["科 目", "支出", ""], ["", "基本 支出", "项目"], ["甲&乙", "1", ""]],
    ]
    grid = next(document.grids)
    assert (grid.rows[0][0].rowspan, grid.rows[0][1].colspan) == (2, 2)
    assert [row[0].position.line for row in grid.rows] == [1, 2, 3]


def test_title_and_unit_in_the_table_itself(tmp_path: Path) -> None:
    document = read(
        tmp_path,
        "<table><tr><td colspan=2>部门收入总表</tr><tr><td>单位：某局<td>单位：元</tr>"
        "<tr><td>项目<td>金额</tr><tr><td>甲<td>1</tr></table>",
    )
    assert shown(document)[:3] == ["部门收入总表", "单位：某局", "单位：元"]
    assert shown(document)[3] == [["项目", "金额"], ["甲", "1"]]


def test_layout_tables_dissolve_at_any_depth(tmp_path: Path) -> None:
    data = "<table><tr><td>项目<td>金额</tr><tr><td>甲<td>1</tr></table>"
    prose = f"<table><tr><td>左<td>{'长' * 400}<p>第二段</p></tr></table>"
    page = f"<table><tr><td>菜单<td><table><tr><td>前言{data}</table>后记</tr></table>{prose}"
    assert shown(read(tmp_path, page)) == [
        "菜单", "前言", [["项目", "金额"], ["甲", "1"]], "后记", "左", "长" * 400, "第二段",
    ]  # fmt: skip


def test_a_small_table_inside_a_cell_of_data(tmp_path: Path) -> None:
    rows = "".join(f"<tr><td>项目{i}<td>{i}<td>备注</tr>" for i in range(3))
    inner = "<tr><td>甲<td>1<td><table><tr><td>内<td>表</tr></table></tr>"
    (table,) = shown(read(tmp_path, f"<table>{rows}{inner}</table>"))
    assert table[3] == ["甲", "1", "内 表"]


def test_pages_nested_without_end(tmp_path: Path) -> None:
    assert shown(read(tmp_path, "<font>" * 600 + "正文")) == ["正文"]
    with pytest.raises(YusuanError, match="nested too deep"):
        read(tmp_path, "<div>" * 100_000 + "正文")
    with pytest.raises(YusuanError, match="tables within tables"):
        read(tmp_path, "<table><tr><td>" * 60 + "正文")


def test_lines_beyond_the_count_of_the_parser(tmp_path: Path) -> None:
    (last,) = read(tmp_path, "<body>" + "\n" * 70_000 + "<p>末行</p>").paragraphs
    assert last.position.line == 70_001
    with pytest.raises(YusuanError, match="more than 65,535 lines"):
        read(tmp_path, "<p>行\n" * 70_000)


def test_a_span_without_end(tmp_path: Path) -> None:
    table = "<table><tr><td rowspan=99999 colspan=2>甲<td>1</tr><tr><td>2</tr></table>"
    assert shown(read(tmp_path, table)) == [[["甲", "", "1"], ["", "", "2"]]]
    with pytest.raises(YusuanError, match="a cell in column"):
        read(tmp_path, "<table><tr><td colspan=1000>甲<td>1</tr><tr><td>1<td>2</tr></table>")


def test_big5_is_believed_when_declared(tmp_path: Path) -> None:
    page = "<meta charset=big5><p>部門預算</p>".encode("big5")
    (tmp_path / "page.html").write_bytes(page)
    document = read_document(tmp_path / "page.html")
    assert (shown(document), document.encoding) == (["部門預算"], "big5")


ALIGNED = """\
支出总表
单位：万元
科目编码   科目名称            合计    基本支出   项目支出

2130301    行政运行          1,100.00  1,100.00
2130306    水利工程运行        250.00              250.00
2130399    其他水利支出         50.00               50.00
           合计              1,400.00  1,100.00    300.00
"""


@pytest.mark.parametrize("text", [ALIGNED, ALIGNED.replace("行政", "<b>行政</b>"),
                                  "\n".join("\t".join(line.split()) for line in ALIGNED.split("\n")
                                            if not line.startswith(" "))])  # fmt: skip
def test_preformatted_text_keeps_its_lines_and_columns(tmp_path: Path, text: str) -> None:
    document = read(tmp_path, f"<html><body>\n\n<p>公开</p><pre>{text}</pre></body></html>")
    (grid,) = document.grids
    first = next(row for row in grid.rows if row[0].text == "2130301")
    assert [cell.text for cell in first if cell.text] == [
        "2130301",
        "行政运行",
        "1,100.00",
        "1,100.00",
    ]


@pytest.mark.parametrize(
    "text", [ALIGNED.replace("250.00", "250.00<i style='display:none'>9</i>", 1), "<table><tr><td>甲<td>1</table>"]
)  # fmt: skip
def test_preformatted_text_with_hidden_parts_or_tables_is_read_as_other_text(
    tmp_path: Path, text: str
) -> None:
    document = read(tmp_path, f"<html><body><p>公开</p><pre>{text}</pre></body></html>")
    assert len(list(document.grids)) == text.count("<table")


@pytest.mark.parametrize(
    "style", ["white-space: pre", "white-space:pre-wrap", "white-space: break-spaces"]
)
def test_blocks_that_keep_their_lines_by_style_are_preformatted(tmp_path: Path, style: str) -> None:
    page = f"<style>.t {{ {style} }}</style><div class=t>{ALIGNED}</div><p>x\n  y</p>"
    document = read(tmp_path, page)
    assert [len(grid.rows) >= 4 for grid in document.grids] == [True]
    inline = read(tmp_path, f"<div style='{style}'>{ALIGNED}</div>")
    assert [len(grid.rows) for grid in inline.grids] == [len(next(document.grids).rows)]
    wrapped = read(
        tmp_path, f"<div style='{style}'><p style='white-space: normal'>甲\n  乙</p></div>"
    )
    assert shown(wrapped) == ["甲 乙"]
