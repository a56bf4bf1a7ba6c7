"""Text and Markdown: marks, drawn tables, tables in HTML, and columns that blanks align."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from benchmarks.layouts.score import explain, score
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.representative import few_or
from tests.sources.torn import HEAD, rows_of
from yusuan.lexicon.numbers import parse_number
from yusuan.model.document import Document, Paragraph, Run
from yusuan.sources import read_document


def read(folder: Path, text: str, name: str = "text.md") -> Document:
    (folder / name).write_text(text, "utf-8")
    return read_document(folder / name)


def shown(document: Document) -> list[Any]:
    return [
        block.text if isinstance(block, Paragraph)
        else [[cell.text for cell in row] for row in block.rows]
        for block in document.blocks
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("cell", "text", "undisplayed"),
    [
        ("~~980.00~~ 1,000.00", "1,000.00", (Run("980.00", struck=True),)),
        ("<del>980.00</del>1,000.00", "1,000.00", (Run("980.00", struck=True),)),
        ("600.00<sup>1</sup>", "600.00", (Run("1", raised=True),)),
        ("600.00^1^", "600.00", (Run("1", raised=True),)),
        ("600.00[^1]", "600.00", (Run("[1]", raised=True),)),
        ("600.00<!-- 999 -->", "600.00", (Run(" 999 ", hidden=True),)),
        ("600.00<span style='display:none'>9</span>", "600.00", (Run("9", hidden=True),)),
        ("**600.00**", "600.00", ()), ("*600.00*", "600.00", ()), ("`600.00`", "600.00", ()),
        ("600.00*", "600.00*", ()), ("~~600.00", "~~600.00", ()), ("m<sup>2</sup>", "m2", ()),
        ("农林水\\|支出", "农林水|支出", ()), ("A\\*B", "A*B", ()), ("基本<br>支出", "基本 支出", ()),
        ("&nbsp;&nbsp;行政&#12288;运行", "行政 运行", ()), ("1&nbsp;000.00", "1 000.00", ()),
        ("研发R&D", "研发R&D", ()), ("A&甲;", "A&甲;", ()), ("甲&amp;乙&lt;丙", "甲&乙<丙", ()),
        ("用途<A4>", "用途<A4>", ()), ("1 < 2", "1 < 2", ()), ("\u3000合\u3000计", "合 计", ()),
    ],
)  # fmt: skip
def test_marks_in_a_cell(
    tmp_path: Path, cell: str, text: str, undisplayed: tuple[Run, ...]
) -> None:
    grid = next(read(tmp_path, f"| 项目 | 金额 |\n|---|---|\n| 甲 | {cell} |\n").grids)
    found = grid.rows[1][1]
    assert (found.text, found.undisplayed) == (text, undisplayed)


def test_the_narrative_leaves_struck_numbers_aside(tmp_path: Path) -> None:
    (line,) = read(tmp_path, "收入总计~~1,100~~1,200万元。\n").paragraphs
    assert (line.text, [run.text for run in line.undisplayed]) == ("收入总计1,200万元。", ["1,100"])


@pytest.mark.parametrize(
    "text",
    [
        "项目 | 金额\n--- | ---:\n甲 | 1\n",
        "+----+----+\n| 项目 | 金额 |\n+====+====+\n| 甲 | 1 |\n+----+----+\n",
        "┌──┬──┐\n│项目│金额│\n├──┼──┤\n│甲│1│\n└──┴──┘\n",
        "｜项目｜金额｜\n｜甲｜1｜\n",
        "<table><tr><td>项目</td><td>金额</td></tr>\n<tr><td>甲</td><td>1</td></tr></table>\n",
    ],
)
def test_tables_drawn_in_other_ways(tmp_path: Path, text: str) -> None:
    assert shown(read(tmp_path, f"表\n\n{text}")) == ["表", [["项目", "金额"], ["甲", "1"]]]


def test_comments_over_several_lines_are_not_shown(tmp_path: Path) -> None:
    document = read(tmp_path, "前\n<!--\n| 项目 | 1 |\n-->\n后\n<!-- page 2 -->\n末\n")
    assert shown(document) == ["前", "后", "末"]
    assert [block.position.line for block in document.blocks] == [1, 5, 7]


ALIGNED = """\
                    部门支出总体情况表
                                                单位：万元
科目编码   科目名称                    合计      基本支出    项目支出
2130301    行政运行                  100.00        100.00
2130306    水利工程运行与维护        250.00                    250.00
2130399    其他水利支出               30.00         10.00       20.00
           合计                      380.00        110.00      270.00
"""


def test_columns_that_blanks_align(tmp_path: Path) -> None:
    document = read(tmp_path, ALIGNED, "text.txt")
    (grid,) = document.grids
    assert [[cell.text for cell in row] for row in grid.rows] == [
        ["科目编码", "科目名称", "合计", "基本支出", "项目支出"],
        ["2130301", "行政运行", "100.00", "100.00", ""],
        ["2130306", "水利工程运行与维护", "250.00", "", "250.00"],
        ["2130399", "其他水利支出", "30.00", "10.00", "20.00"],
        ["", "合计", "380.00", "110.00", "270.00"],
    ]
    assert [row[2].position.line for row in grid.rows] == [3, 4, 5, 6, 7]
    assert grid.rows[1][2].fragment == "line=3,4"


TWO_YEARS = """\
                 部门支出总体情况表
                                                          单位：万元
               2023年预算数                              2024年预算数
 合计    基本支出   项目支出      合计    基本支出   项目支出
 24.53        2.59        21.94      28.20        2.98        25.22
 24.53        2.59        21.94      28.20        2.98        25.22
 24.53        2.59        21.94      28.20        2.98        25.22
"""
ONE_HEADING = ALIGNED.replace("基本支出    项目支出", "支出        支出")


@pytest.mark.parametrize("text", [TWO_YEARS, ONE_HEADING])
def test_what_blanks_do_not_tell_for_certain_is_told(tmp_path: Path, text: str) -> None:
    document = read(tmp_path, text, "text.txt")
    assert not list(document.grids)
    (note,) = document.notes
    assert (note.scope, note.printed, note.line) == ("table", "部门支出总体情况表", 3)


def test_a_table_that_goes_on_where_it_is_not_certain_is_told_as_a_whole(tmp_path: Path) -> None:
    rows = ALIGNED.splitlines(keepends=True)
    first, rest = "".join(rows[:6]), "".join(rows[:2]) + ONE_HEADING.split("单位：万元\n")[1]
    document = read(tmp_path, f"{first}\f{rest}", "text.txt")
    assert not list(document.grids)
    assert [note.page for note in document.notes] == [1, 2]


def test_a_heading_over_the_parts_of_a_code_is_one_for_each(tmp_path: Path) -> None:
    text = """\
             一般公共预算基本支出表
                单位：万元
     科目编码   科目名称       合计    人员经费  公用经费
     类   款
                合计           90.50     80.00     10.50
     301        工资福利支出   80.00     80.00
     301   01   基本工资       80.00     80.00
     302        商品和服务     10.50               10.50
     302   01   办公费         10.50               10.50
"""
    (grid,) = read(tmp_path, text, "text.txt").grids
    assert [cell.text for cell in grid.rows[1] if cell.text] == ["类", "款"]
    columns = [cell.column for cell in grid.rows[1] if cell.text]
    assert columns == [cell.column for cell in grid.rows[4][:2]]
    assert [cell.text for cell in grid.rows[4]] == ["301", "01", "基本工资", "80.00", "80.00", ""]


@pytest.mark.parametrize("layout", ["beijing", "zhejiang", "guizhou", "yunnan", "shandong"])
def test_disclosures_set_by_blanks(layout: str) -> None:
    """Most amounts are read, each right; what is not is told, and no right number is blamed."""
    result = score(layout, "aligned")
    told = "\n".join(explain(result))
    assert result.coverage >= 0.9, told
    assert not result.foreign and not result.errors, told


def _set(text: str, wide: int, side: str) -> str:
    """A text in a column so many places wide; a Chinese character takes two."""
    blank = wide - sum(2 if ord(char) > 0x2E7F else 1 for char in text)
    left = {"left": 0, "middle": blank // 2, "right": blank}[side]
    return " " * left + text + " " * (blank - left)


@pytest.mark.parametrize("word", ["待定", "详见附表", "无", "12.50", ""])
@pytest.mark.parametrize(
    "widths", [(8, 20, 10, 10, 10), (10, 22, 12, 12, 12), (18, 22, 12, 12, 12)]
)
@pytest.mark.parametrize("side", ["right", "middle"])
def test_headings_that_a_wide_one_pushed_on_stand_over_their_columns(
    tmp_path: Path, word: str, widths: tuple[int, ...], side: str
) -> None:
    rows = [
        ["功能分类科目编码", "功能分类科目名称", "合计", "基本支出", "项目支出"],
        ["", "合计", "380.00", "110.00", "270.00"],
        ["2130301", "行政运行", "100.00", "100.00", word],
        ["2130306", "水利工程运行与维护", "250.00", "", "250.00"],
        ["2130399", "其他水利支出", "30.00", "10.00", "20.00"],
    ]
    sides = ["left", "left", side, side, side]
    lines = ["  ".join(map(_set, row, widths, sides)).rstrip() for row in rows]
    text = "\n".join(["　　一般公共预算支出表", "　　单位：万元", *lines])
    (grid,) = read(tmp_path, text, "text.txt").grids
    assert [[cell.text for cell in row] for row in grid.rows] == rows


@given(
    seed=st.integers(0, 999),
    dash=st.sampled_from(["-", "/", "—", "－", "--"]),
    side=st.sampled_from(["right", "middle", "left"]),
    dashed=st.sampled_from([{3}, {4}, {3, 4}]),
    wide=st.integers(11, 18),
)
@settings(max_examples=few_or(12, 25), deadline=None)
def test_dash_for_nothing_tears_no_number(
    seed: int, dash: str, side: str, dashed: set[int], wide: int
) -> None:
    """Each number stays whole in its column, wherever dashes for nothing stand in others."""
    rows = [
        [text or (dash if index in dashed else "") for index, text in enumerate(row)]
        for row in rows_of(seed, 4)
    ]
    lines = [
        "".join(
            _set(text, at, "left" if index < 2 else "right")
            if index < 2 or text != dash
            else "  " + _set(text, at - 2, side)
            for index, (text, at) in enumerate(zip(row, (10, 36, wide, wide, wide), strict=True))
        ).rstrip()
        for row in [list(HEAD), *rows]
    ]
    with TemporaryDirectory() as folder:
        text = "\n".join(["部门支出总表", "单位：万元", *lines])
        document = read(Path(folder), text, "aligned.txt")
    tables = [table for table in shown(document) if isinstance(table, list)]
    assert tables == [[list(HEAD), *rows]]


HEADS = {
    "pieces": "临安区水利局          2023年部门预算公开          第{n}页",
    "count": "2023年部门预算          临安区水利局          {n}",
    "of": "临安区水利局2023年          内部资料          {n}/3",
    "date": "2023/3/1          临安区水利局部门预算公开.xlsx          Sheet{n}",
    "plain": "临安区水利局          2023          部门预算",
    "lines": "临安区水利局          2023年部门预算\n编制日期：2023-03-01          第 {n} 页 共 3 页",
}


@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize("foot", ["", "                                        {n}", "- {n} -"])
@pytest.mark.parametrize("again", [False, True])
def test_running_lines_of_text_without_form_feeds(
    tmp_path: Path, head: str, foot: str, again: bool
) -> None:
    title, *rows = ALIGNED.splitlines()
    columns, own = rows[1], [rows[2], rows[3], rows[4]] * 3
    text = []
    for n in (1, 2, 3):
        lead = [title, rows[0], columns] if n == 1 else [columns] * again
        text += [HEADS[head].format(n=n), "", *lead, *own[3 * n - 3 : 3 * n], "", foot.format(n=n)]
    document = read(tmp_path, "\n".join([*text[:-2], rows[5], *text[-2:]]), "text.txt")
    assert not document.notes
    cells = [cell.text for grid in document.grids for row in grid.rows for cell in row]
    amounts = [text for text in cells if parse_number(text) and len(text) < 7]
    printed = [word for row in [*own, rows[5]] for word in row.split()]
    assert amounts == [word for word in printed if parse_number(word) and len(word) < 7]
    assert any("临安区水利局" in paragraph.text for paragraph in document.paragraphs)


@pytest.mark.parametrize("words", ["公务接待批次", "购置车辆"])
def test_rows_that_count_are_no_pages(tmp_path: Path, words: str) -> None:
    lines = [f"{words}          {n}" for n in (1, 2)]
    text = f"{ALIGNED}\n{lines[0]}\n{ALIGNED}\n{lines[1]}\n说明：无。\n"
    document = read(tmp_path, text, "text.txt")
    words_left = [block.text for block in document.paragraphs]
    cells = [cell.text for grid in document.grids for row in grid.rows for cell in row]
    printed = " ".join((*words_left, *cells)).split()
    assert sorted(word for word in printed if word in ("1", "2")) == ["1", "2"]
