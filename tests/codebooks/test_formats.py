"""Whole lists in every layout and format: no item lost, none wrong, none made up."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.codebooks.layouts import LAYOUTS
from tests.codebooks.lists import ItemTruth, economic_list, function_list, revenue_list
from tests.codebooks.render import FORMATS
from tests.representative import FULL, few_or, in_turn
from yusuan.codes.codebooks import Codebook
from yusuan.codes.codebooks.read import codebook
from yusuan.codes.names import folded
from yusuan.sources import read_document

FUNCTION = "expenditure-function"
WHOLE_CODES = ("full_columns", "lost_zeros", "joined", "joined_numbers", "one_cell")
"""Layouts whose lines tell the whole code when columns are gone."""
COLUMNLESS = ("spaces", "pdf-unruled")
TABLES = [name for name in FORMATS if name not in COLUMNLESS]


def read(
    folder: Path, items: list[ItemTruth], layout: str, form: str, list_id: str = FUNCTION
) -> Codebook:
    suffix, maker = FORMATS[form]
    path = folder / f"list.{suffix}"
    path.write_bytes(maker([LAYOUTS[layout](items, "2024年政府收支分类科目")]))
    return codebook(read_document(path), list_id, 2024)


def assert_complete(book: Codebook, items: list[ItemTruth]) -> None:
    assert book.problems == ()
    found = {item.code: folded(item.name) for item in book.items}
    assert found == {item.code: folded(item.name) for item in items}


@pytest.mark.parametrize("form", FORMATS)
def test_a_whole_list_and_no_row_lost(tmp_path: Path, form: str) -> None:
    """Where nothing but blanks tells columns fewer, on a dozen pages; without a full run the whole
    list in two formats, and a part in the others."""
    whole = form not in COLUMNLESS if FULL else form in ("csv", "xlsx")
    most = 1541 if whole else 500 if FULL else 250
    items = function_list()[:most]
    assert len(items) == most
    layout = "joined" if form in COLUMNLESS else "columns"
    assert_complete(read(tmp_path, items, layout, form), items)


@pytest.mark.parametrize(("layout", "form"), in_turn(list(LAYOUTS), TABLES, 2))
def test_every_layout_in_formats_in_turn(tmp_path: Path, layout: str, form: str) -> None:
    items = function_list()[:60]
    assert_complete(read(tmp_path, items, layout, form), items)


@pytest.mark.parametrize(("layout", "form"), in_turn(WHOLE_CODES, COLUMNLESS))
def test_whole_codes_need_no_columns(tmp_path: Path, layout: str, form: str) -> None:
    items = function_list()[: few_or(70, 150)]
    assert_complete(read(tmp_path, items, layout, form), items)


@pytest.mark.parametrize(
    ("layout", "form"), in_turn(sorted(set(LAYOUTS) - {*WHOLE_CODES, "staggered"}), COLUMNLESS)
)
def test_what_lines_cannot_tell_is_a_problem(tmp_path: Path, layout: str, form: str) -> None:
    """Codes in parts, and names of several levels, need the columns that are gone."""
    book = read(tmp_path, function_list()[:60], layout, form)
    assert len(book.problems) >= 50


@pytest.mark.parametrize(
    ("layout", "form"), in_turn(list(LAYOUTS), ["tabs", "xlsx", "docx", "pdf"])
)
def test_revenue_has_four_levels(tmp_path: Path, layout: str, form: str) -> None:
    items = revenue_list(1)
    assert_complete(read(tmp_path, items, layout, form, "revenue"), items)


@pytest.mark.parametrize("form", TABLES)
def test_all_lists_in_one_file(tmp_path: Path, form: str) -> None:
    function, revenue = function_list()[:80], revenue_list(1)
    department, government = economic_list("3"), economic_list("5")
    suffix, maker = FORMATS[form]
    path = tmp_path / f"list.{suffix}"
    path.write_bytes(
        maker([
            LAYOUTS["columns"](revenue, "2024年收入分类科目"),
            LAYOUTS["columns"](function, "2024年支出功能分类科目"),
            LAYOUTS["joined"](government, "2024年政府预算支出经济分类科目"),
            LAYOUTS["joined"](department, "2024年部门预算支出经济分类科目"),
        ])
    )  # fmt: skip
    document = read_document(path)
    for list_id, items in {
        FUNCTION: function,
        "revenue": revenue,
        "expenditure-economic-department": department,
        "expenditure-economic-government": government,
    }.items():
        assert_complete(codebook(document, list_id, 2024), items)
