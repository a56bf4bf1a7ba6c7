"""Layouts as PDFs without a full grid of lines, and what is easily taken for such a table.

``python -m benchmarks.layouts.score --format pdf-unruled`` (and the other looks) scores every layout.
"""

from __future__ import annotations

import pytest
from benchmarks.layouts.render import UNRULED
from benchmarks.layouts.score import explain, score

from tests.sources.pdf_drawing import Drawing
from tests.sources.test_pdf_reading import grids, only_grid, paragraphs, read, texts
from tests.sources.test_pdf_unruled_tables import HEAD, ROW, ROWS, caption, fill, right

LAYOUTS = ("guangxi", "final-wan", "provincial-yuan", "hubei")


@pytest.mark.parametrize(("layout", "look"), list(zip(LAYOUTS, UNRULED, strict=True)))
def test_layouts_are_read_whatever_is_drawn_of_the_grid(layout: str, look: str) -> None:
    result = score(layout, look)
    told = "\n".join(explain(result))
    assert result.coverage >= 0.99, told
    assert not result.foreign, told
    assert not result.errors, told


def test_blank_columns_with_headings_in_the_middle() -> None:
    """Numbers stand right of their headings, and the last columns hold nothing at all."""
    drawing = Drawing()
    caption(drawing)
    for x, text in ((64, "科目编码"), (180, "科目名称"), (325, "合计"), (420, "基本支出"),
                    (500, "经营支出")):  # fmt: skip
        drawing.text(x, 114, text)
    for index, (code, name, total) in enumerate(
        [("201", "公共服务", "5.00"), ("20101", "人大事务", "3.00"), ("20102", "政协", "2.00")]
    ):
        y = 134 + index * ROW
        drawing.text(50, y, code)
        drawing.text(134, y, name)
        right(drawing, 386, y, total)
        right(drawing, 476, y, total)
    rows = texts(only_grid(read(drawing)))
    assert rows[0] == ["科目编码", "科目名称", "合计", "基本支出", "经营支出"]
    assert rows[1] == ["201", "公共服务", "5.00", "5.00", ""]


def test_row_that_numbers_the_columns_makes_none_of_its_own() -> None:
    drawing = Drawing()
    caption(drawing)
    fill(drawing, [HEAD])
    for x, text in ((64, "栏次"), (340, "1"), (430, "2")):
        drawing.text(x, 134, text)
    fill(drawing, ROWS, 140)
    rows = texts(only_grid(read(drawing)))
    assert rows == [list(HEAD), ["栏次", "", "1", "2"], *map(list, ROWS)]


def test_head_at_the_end_of_a_page_is_that_of_the_rows_on_the_next() -> None:
    drawing = Drawing()
    caption(drawing, 740)
    fill(drawing, [HEAD], 780)
    drawing.text(290, 830, "- 1 -")
    drawing.page()
    fill(drawing, ROWS, 60)
    head, body = grids(read(drawing))
    assert texts(head) == [list(HEAD)]
    assert texts(body) == [list(row) for row in ROWS]
    assert head.position.page == 1
    assert body.position.page == 2


def test_title_over_two_lines_at_the_end_of_a_page_is_no_head() -> None:
    drawing = Drawing()
    drawing.text(180, 740, "“三公”经费、会议费、培训费支出预算")
    drawing.text(280, 760, "表")
    drawing.page()
    fill(drawing, [HEAD, *ROWS], 60)
    assert "表" in paragraphs(read(drawing))


def test_numbers_broken_over_two_lines_are_left_as_text() -> None:
    drawing = Drawing()
    caption(drawing)
    fill(drawing, [HEAD, *ROWS])
    y = 100 + 6 * ROW + 14
    drawing.text(134, y, "其他支出")
    right(drawing, 386, y, "1,234.")
    right(drawing, 386, y + 12, "50")
    right(drawing, 476, y, "7.00")
    assert grids(read(drawing)) == []


def test_paragraph_below_a_table_is_no_row_of_it() -> None:
    drawing = Drawing()
    caption(drawing)
    bottom = fill(drawing, [HEAD, *ROWS])
    drawing.text(64, bottom + 14, "第三部分 预算情况说明", 16)
    grid = only_grid(read(drawing))
    assert texts(grid) == [list(row) for row in (HEAD, *ROWS)]
