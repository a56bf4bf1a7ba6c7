"""Tables that go on over pages, with what runs along the margins: all rows, and nothing between."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sources.pdf_drawing import HEIGHT, WIDTH, Drawing
from tests.sources.torn import (
    CAPTION,
    FEET,
    HEAD,
    HEADS,
    TITLE,
    UNIT,
    XS,
    Form,
    Torn,
    any_torn,
    rows_of,
    written,
)
from yusuan.model.document import Block, Grid, Paragraph
from yusuan.pipeline import check_sources
from yusuan.sources import read_document
from yusuan.sources.pdf.reading import read_pdf
from yusuan.sources.text import read_text
from yusuan.tables.captions import printed_tables


def blocks_of(torn: Torn, form: Form) -> tuple[Block, ...]:
    name, content = written(torn, form)
    return (read_text if form == "text" else read_pdf)(content, name).blocks


def assert_whole(torn: Torn, form: Form) -> None:
    blocks = blocks_of(torn, form)
    first = next(index for index, block in enumerate(blocks) if isinstance(block, Grid))
    grids = [block for block in blocks if isinstance(block, Grid)]
    printed = [tuple(cell.text for cell in row) for grid in grids for row in grid.rows]
    assert [row for row in printed if row != HEAD] == torn.rows
    assert printed.count(HEAD) == (len(torn.pages) if torn.repeated else 1)
    assert list(blocks[first : first + len(grids)]) == grids, "something stands between the parts"


@pytest.mark.parametrize("form", ["pdf", "ruled", "text"])
@pytest.mark.parametrize("seed", range(8))
def test_table_goes_on_over_pages(seed: int, form: Form) -> None:
    assert_whole(any_torn(seed), form)


@pytest.mark.parametrize("repeated", [False, True])
@pytest.mark.parametrize("form", ["pdf", "ruled", "text"])
@pytest.mark.parametrize("head", HEADS[1:])
def test_a_head_on_the_last_of_two_pages_only(head: str, form: Form, repeated: bool) -> None:
    """Once it was read as headings and moved amounts by a column."""
    rows = rows_of(5, 3)
    assert_whole(Torn([rows[:6], rows[6:]], head, "", repeated, first=False), form)


@pytest.mark.parametrize("foot", FEET)
@pytest.mark.parametrize("repeated", [False, True])
def test_a_text_without_form_feeds_has_pages_where_lines_count_them(
    foot: str, repeated: bool
) -> None:
    rows = rows_of(4, 4)
    pages = [rows[:5], rows[5:9], rows[9:]]
    assert_whole(
        Torn(pages, "清河县水务局" if foot else "", foot, repeated, form_feed=False), "text"
    )


def test_what_stands_over_each_column_of_amounts_is_a_head() -> None:
    """Another table on the next page, without a caption, goes on with none."""
    drawing = Drawing()
    drawing.text(200, 60, CAPTION)
    for index, text in enumerate(("科目编码", "科目名称", "合计", "基本支出", "项目支出")):
        drawing.text(XS[index] + 5, 100, text)
    for line in range(6):
        for index, text in enumerate((f"20{line}", "教育支出", "12.00", "7.00", "5.00")):
            drawing.text(XS[index] + 5, 120 + 18 * line, text)
    drawing.page()
    for index, text in enumerate(("预算代码", "来源", "总额", "财政拨款", "其他收入")):
        drawing.text(XS[index] + 5, 40, text)
    for line in range(4):
        for index, text in enumerate((f"10{line}", "拨款", "9.00", "5.00", "4.00")):
            drawing.text(XS[index] + 5, 60 + 18 * line, text)
    _, grid = [b for b in read_pdf(drawing.content(), "t.pdf").blocks if isinstance(b, Grid)]
    assert [cell.text for cell in grid.rows[0]][2:] == ["总额", "财政拨款", "其他收入"]


@pytest.mark.parametrize("repeated", [False, True])
def test_the_table_of_another_body_goes_on_with_none(repeated: bool) -> None:
    """It has the same columns, but begins with its own total."""
    drawing = Drawing()
    drawing.text(200, 60, "部门支出总表")
    drawing.table(XS, 100, [HEAD, *rows_of(1, 2)])
    drawing.page()
    drawing.text(60, 40, "清河县水文站")
    drawing.table(XS, 60, [HEAD, *rows_of(2, 2)] if repeated else rows_of(2, 2))
    blocks = read_pdf(drawing.content(), "t.pdf").blocks
    assert [block.text for block in blocks if isinstance(block, Paragraph)][-1] == "清河县水文站"


@pytest.mark.parametrize("told", [False, True])
def test_sums_of_a_table_whose_rest_was_not_read_are_to_be_verified(
    told: bool, tmp_path: Path
) -> None:
    """A title between parts them: then the table above is whole, and its sums are wrong."""
    rows = [" ".join(filter(None, row)) for row in rows_of(7, 3)]
    between = ["另表", "表9 其他情况统计表"] if told else []
    lines = [
        TITLE,
        "",
        f"表3 {CAPTION}",
        UNIT,
        *table_of(rows_of(7, 3)[:4]),
        "",
        *between,
        *rows[4:],
    ]
    path = tmp_path / "表.md"
    path.write_text("\n".join(lines), encoding="utf-8")
    found = check_sources([path]).findings
    verdicts = {finding.verdict for finding in found if finding.rule == "column-sum"}
    assert verdicts == ({"error"} if told else {"warning"})


def table_of(rows: list[tuple[str, ...]]) -> list[str]:
    return [f"| {' | '.join(row)} |" for row in (HEAD, ("---",) * 5, *rows)]


@pytest.mark.parametrize("repeated", [False, True])
@pytest.mark.parametrize("form", ["pdf", "text"])
@pytest.mark.parametrize(("head", "foot"), [*zip(HEADS, FEET, strict=False)])
def test_what_runs_along_the_margins_is_of_no_table(
    head: str, foot: str, form: Form, repeated: bool
) -> None:
    rows = rows_of(3, 3)
    assert_whole(Torn([rows[:4], rows[4:7], rows[7:]], head, foot, repeated), form)


def test_heads_of_left_and_right_pages() -> None:
    drawing = Drawing()
    rows = rows_of(6, 4)
    for page in range(4):
        drawing.text(60 if page % 2 else 400, 30, "清河县水务局" if page % 2 else "2025年部门预算")
        if not page:
            drawing.text(200, 60, CAPTION)
        drawing.table(XS, 80, [HEAD, *rows[3 * page : 3 * page + 3]])
        drawing.page()
    blocks = read_pdf(drawing.content(), "t.pdf").blocks
    kinds = [type(block) for block in blocks]
    assert kinds[kinds.index(Grid) :] == [Grid] * 4


def test_amounts_beside_a_blank_column_are_only_read_where_those_above_stand() -> None:
    """pdftotext places each page for itself: a page without 基本支出 has 项目支出 in its place."""
    torn = Torn([rows_of(3, 3)[:4], [("2130301", "行政运行", "8,328.34", "", "8,328.34")]])
    _, content = written(torn, "text")
    assert_whole(torn, "text")
    moved = content.decode().replace(" " * 20 + "8,328.34", " " * 6 + "8,328.34", 1)
    blocks = read_text(moved.encode(), "t.txt").blocks
    assert not any("8,328.34" in cell.text for b in blocks if isinstance(b, Grid)
                   for row in b.rows for cell in row)  # fmt: skip


@pytest.mark.parametrize("repeated", [False, True])
@pytest.mark.parametrize(
    "between",
    [["<!-- page {page} -->", TITLE], ["- {page} -", "清河县水务局"], ["{page}/9"], ["第{page}页 共9页"],
     ["{page}/9", "2025/2/14 10:30 清河县水务局"]],
)  # fmt: skip
def test_running_lines_between_grids_of_a_text_without_pages(
    between: list[str], repeated: bool, tmp_path: Path
) -> None:
    rows = rows_of(8, 4)
    lines = [TITLE, "", CAPTION, "", UNIT, "", *table_of(rows[:5])]
    for page, start in enumerate((5, 9), start=1):
        part = table_of(rows[start : start + 4])
        lines += ["", *(text.format(page=page) for text in between), ""]
        lines += part if repeated else part[2:]
    path = tmp_path / "表.md"
    path.write_text("\n".join(lines), encoding="utf-8")
    (table,) = printed_tables(read_document(path))
    printed = [tuple(cell.text for cell in row) for row in table.grid.rows]
    assert [row for row in printed if row != HEAD] == rows


def test_tables_of_several_bodies_are_several_though_a_line_between_is_repeated(
    tmp_path: Path,
) -> None:
    lines = [TITLE, "", CAPTION, "", UNIT, ""]
    for seed in (1, 2, 3):
        lines += [*table_of(rows_of(seed, 2)), "", "公开内容", ""]
    path = tmp_path / "表.md"
    path.write_text("\n".join(lines), encoding="utf-8")
    assert len(printed_tables(read_document(path))) == 3


@pytest.mark.parametrize("last", [False, True])
def test_sums_of_a_table_with_a_page_that_was_not_read_are_to_be_verified(
    last: bool, tmp_path: Path
) -> None:
    rows = rows_of(6, 5)
    drawing = Drawing()
    drawing.text(150, 40, TITLE)
    drawing.text(200, 60, CAPTION)
    drawing.text(450, 75, UNIT)
    drawing.table(XS, 80, [HEAD, *rows[:6]])
    drawing.page()
    drawing.picture(0, 0, WIDTH, HEIGHT)
    drawing.page()
    if not last:
        drawing.table(XS, 60, rows[10:])
        drawing.page()
    path = tmp_path / "t.pdf"
    path.write_bytes(drawing.content())
    found = check_sources([path]).findings
    assert {f.verdict for f in found if f.rule == "column-sum"} == {"warning"}


@pytest.mark.parametrize("number", ["- 3 -", "第3页", "第3页 共9页"])
def test_the_number_of_a_page_typed_in_a_sheet_is_no_amount(number: str, tmp_path: Path) -> None:
    rows = rows_of(9, 3)
    typed = [*table_of(rows[:5]), f"| | | | {number} | |", *table_of(rows[5:])[2:]]
    path = tmp_path / "表.md"
    path.write_text("\n".join([TITLE, "", CAPTION, "", UNIT, "", *typed]), encoding="utf-8")
    (table,) = printed_tables(read_document(path))
    assert [tuple(cell.text for cell in row) for row in table.grid.rows] == [HEAD, *rows]
