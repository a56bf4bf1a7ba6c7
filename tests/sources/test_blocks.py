"""Rows of a table become captions and grids; merged headings win over what they cover."""

import pytest

from yusuan.model.document import Grid, Paragraph, Position
from yusuan.sources.blocks import SourceCell, SourceRow, table_blocks
from yusuan.tables.headings import read_headings


def blocks(*lines: str, blank_rows_end: bool = True) -> list[str | list[list[str]]]:
    """Each line a row with its cells between bars; a paragraph comes back as its text."""
    rows = [
        SourceRow(
            Position(number),
            {column: SourceCell(text) for column, text in enumerate(line.split("|")) if text},
        )
        for number, line in enumerate(lines, start=1)
    ]
    return [
        block.text if isinstance(block, Paragraph)
        else [[cell.text for cell in row] for row in block.rows]
        for block in table_blocks(rows, blank_rows_end=blank_rows_end)
    ]  # fmt: skip


def test_a_merged_heading_wins_over_the_blanks_it_covers() -> None:
    rows = [
        SourceRow(Position(1), {0: SourceCell("科目", 2), 1: SourceCell("支出", 1, 2)}),
        SourceRow(Position(2), {1: SourceCell("基本"), 2: SourceCell("项目")}),
        SourceRow(Position(3), {0: SourceCell("甲"), 1: SourceCell("1"), 2: SourceCell("2")}),
    ]
    (grid,) = table_blocks(rows, blank_rows_end=False)
    assert isinstance(grid, Grid)
    assert all(len(row) == 3 for row in grid.rows)
    assert read_headings(grid, 2) == (("科目",), ("支出", "基本"), ("支出", "项目"))


@pytest.mark.parametrize(
    "above",
    [
        ("部门收入总表",),
        ("公开02表", "部门收入总表", "单位：万元"),
        ("附表2||部门收入总表", "编制单位：|某局|单位：万元"),
        ("部门收入总表", "2023年度", "", "单位名称：某局||金额单位：元"),
    ],
)
def test_what_stands_above_is_no_heading(above: tuple[str, ...]) -> None:
    *captions, grid = blocks(*above, "项目|2022年|2023年", "甲|1|2")
    assert grid == [["项目", "2022年", "2023年"], ["甲", "1", "2"]]
    assert all(isinstance(caption, str) for caption in captions)


def test_a_group_heading_alone_in_its_row_stays_a_heading() -> None:
    (grid,) = blocks("||支出预算", "项目|合计|基本", "甲|1|1")
    assert grid[0] == ["", "", "支出预算"]


def test_blank_rows_within_a_table_lose_no_row_after_them() -> None:
    first, second = blocks("项目|金额", "甲|1", "", "上年结转", "合计|1")
    assert first == [["项目", "金额"], ["甲", "1"]]
    assert second == [["上年结转", ""], ["合计", "1"]]


def test_notes_below_and_text_between() -> None:
    assert blocks("项目|金额", "甲|1", "注：不含结转。", "", "一、" + "说明" * 20) == [
        [["项目", "金额"], ["甲", "1"]], "注：不含结转。", "一、" + "说明" * 20,
    ]  # fmt: skip


def test_a_title_repeated_after_a_page_break_does_not_cut_the_table() -> None:
    lines = ("部门收入总表", "单位：元", "项目|金额", "甲|1")
    found = blocks(*lines, *lines[:3], "乙|2", blank_rows_end=False)
    heading = ["项目", "金额"]
    assert found == ["部门收入总表", "单位：元", [heading, ["甲", "1"], heading, ["乙", "2"]]]


def test_a_table_of_one_column_is_text() -> None:
    assert blocks("第一部分 概况", "主要职责。", "", "一、收入") == [
        "第一部分 概况", "主要职责。", "一、收入",
    ]  # fmt: skip


def test_tables_with_titles_side_by_side_are_given_one_after_the_other() -> None:
    found = blocks(
        "某局2024年部门预算",
        "部门收入总表||||部门支出总表",
        "|单位：万元||||单位：元",
        "项目|金额|||项目|金额",
        "甲|1|||乙|20000",
        "丙|3",
    )
    assert found == [
        "某局2024年部门预算", "部门收入总表", "单位：万元", [["项目", "金额"], ["甲", "1"], ["丙", "3"]],
        "部门支出总表", "单位：元", [["项目", "金额"], ["乙", "20000"]],
    ]  # fmt: skip


def test_words_that_end_like_titles_part_no_table() -> None:
    _, grid = blocks(
        "部门收入总表", "项目|金额||备注|依据", "甲|1||详见收入明细表|详见收入依据表", "乙|3"
    )
    assert len(grid) == 3
