"""Numbers that tune recognition, each tried on both sides (``benchmarks.thresholds`` moves them)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import pytest

from yusuan.checks.families.slipped import _column_sets
from yusuan.checks.rounding import listed
from yusuan.error_localisation.explanations import Imputer
from yusuan.lexicon.numbers import parse_number
from yusuan.model.document import Cell, Document, Grid, Paragraph, Position
from yusuan.schema import catalogue
from yusuan.tables import recognise
from yusuan.tables.captions import (
    _lacks_labels,
    is_of_government,
    match_title,
    printed_tables,
    read_title,
)
from yusuan.tables.columns import TableColumn
from yusuan.tables.empty import _is_title
from yusuan.tables.headings import _counts_but_one
from yusuan.tables.nesting import _by_rounded_code
from yusuan.tables.recognise import _unit_of_tables
from yusuan.tables.stubs import RowStub, joined_stubs, read_stub
from yusuan.tables.unrecognised import _is_blurred, _listed, _printed_title, add_words, shortened

AT = Position(1)


@pytest.mark.parametrize(("digits", "number"), [(24, True), (25, False)])
def test_a_number_has_at_most_24_signs(digits: int, number: bool) -> None:
    assert (parse_number("9" * digits) is not None) is number


@pytest.mark.parametrize(("length", "title"), [(60, True), (61, False)])
def test_a_title_has_at_most_60_signs(length: int, title: bool) -> None:
    name = "一般公共预算收入表"
    assert is_of_government("县" * (length - len(name)) + name) is title


@pytest.mark.parametrize(("code", "unit"), [("20805", False), ("101001", True), ("2080505", False)])
def test_the_code_of_a_budget_unit_has_six_digits(code: str, unit: bool) -> None:
    columns = [
        TableColumn(0, ("科目编码",), None, "code"),
        TableColumn(1, ("名称",), None, "label"),
    ]
    texts = (code, "某县水利局")
    cells = [
        (column, Cell(text, 0, column.index, AT))
        for column, text in zip(columns, texts, strict=True)
    ]
    assert (read_stub(cells).budget_unit == "某县水利局") is unit


@pytest.mark.parametrize(("cuts", "joined"), [((4, 8, 12), True), ((4, 8, 12, 14), False)])
def test_a_label_goes_on_in_three_rows(cuts: tuple[int, ...], joined: bool) -> None:
    label = "机关事业单位基本养老保险缴费支出"
    parts = [label[start:end] for start, end in pairwise((0, *cuts, len(label)))]
    first = RowStub("2080505", parts[0], None), True
    stubs = joined_stubs([first, *((RowStub(None, part, None), False) for part in parts[1:])])
    assert (stubs[0][2].label == label) is joined


@pytest.mark.parametrize(("core", "looked_for"), [("会议费", False), ("会议培训", True)])
def test_a_core_of_four_signs_is_looked_for_within_a_line(core: str, looked_for: bool) -> None:
    table = replace(catalogue()["basic-expenditure"], titles=(f"{core}表",))
    assert match_title(table, read_title(f"{core}表")) > 0
    assert (match_title(table, read_title(f"{core}增减变化表")) > 0) is looked_for


@pytest.mark.parametrize(("length", "title"), [(60, True), (61, False)])
def test_a_title_within_a_line_of_at_most_60_signs(length: int, title: bool) -> None:
    rest = "基本支出有关说明表"
    line = read_title("县" * (length - len(rest)) + rest)
    assert (match_title(catalogue()["basic-expenditure"], line) > 0) is title


@pytest.mark.parametrize(("columns", "counts"), [(5, False), (6, True)])
def test_six_columns_leave_no_doubt_that_a_row_counts_them(columns: int, counts: bool) -> None:
    texts = [str(number) for number in range(1, columns + 1)]
    assert _counts_but_one([*texts[:2], "计3", *texts[3:]]) is counts


@pytest.mark.parametrize(("letters", "blurred"), [("章印签", True), ("章印签名", False)])
def test_an_amount_is_blurred_by_at_most_three_letters(letters: str, blurred: bool) -> None:
    assert _is_blurred(f"1,234.00{letters}") is blurred


@pytest.mark.parametrize(("count", "cut"), [(6, False), (7, True)])
def test_six_headings_are_listed(count: int, cut: bool) -> None:
    assert _listed([(f"第{number}列",) for number in range(count)]).endswith("…") is cut


@pytest.mark.parametrize(("length", "cut"), [(80, False), (81, True)])
def test_80_signs_of_a_text_are_shown(length: int, cut: bool) -> None:
    assert shortened("县" * length).endswith("…") is cut


@pytest.mark.parametrize(("length", "title"), [(40, True), (41, False)])
def test_a_title_of_an_empty_table_has_at_most_40_signs(length: int, title: bool) -> None:
    rest = "某某费用明细表"
    assert _is_title(Paragraph("县" * (length - len(rest)) + rest, AT)) is title


@pytest.mark.parametrize(("shared", "proven"), [(2, None), (3, 10_000)])
def test_three_amounts_prove_a_unit(shared: int, proven: int | None) -> None:
    values = [Decimal(value) for value in (12, 35, 78)][:shared]
    stated = {value * 10_000 for value in values}
    assert _unit_of_tables(set(values), (1, 10_000), stated) == proven


@pytest.mark.parametrize(("half", "proven"), [(4, 10_000), (3, None)])
def test_half_of_the_amounts_prove_a_unit(half: int, proven: int | None) -> None:
    values = [Decimal(value) for value in (12, 35, 78, 81, 95, 97, 98, 99)]
    assert _unit_of_tables(set(values), (1, 10_000), {v * 10_000 for v in values[:half]}) == proven


@pytest.mark.parametrize(("rows", "apart"), [(1, False), (2, True)])
def test_two_rows_that_begin_with_amounts_lack_labels(rows: int, apart: bool) -> None:
    grid = [
        tuple(Cell(text, row, column, AT) for column, text in enumerate(("1,200.00", "30.00")))
        for row in range(rows)
    ]
    assert _lacks_labels(Grid(tuple(grid), AT)) is apart


@pytest.mark.parametrize(("count", "kept"), [(8, True), (9, False)])
def test_eight_lines_above_a_table_are_its_caption(count: int, kept: bool) -> None:
    lines = [Paragraph(f"第{number}行", Position(number)) for number in range(1, count + 1)]
    rows = [("科目名称", "合计"), ("行政运行", "100.00"), ("水利工程", "20.00")]
    grid = tuple(
        tuple(Cell(text, row, column, Position(20 + row)) for column, text in enumerate(texts))
        for row, texts in enumerate(rows)
    )
    blocks = (*lines, Grid(grid, Position(20)))
    (table,) = printed_tables(Document("a.md", b"", "", "text/markdown", blocks, 30))
    assert (lines[0] in table.caption) is kept
    assert len(table.caption) == min(count, 8)


@pytest.mark.parametrize(("parts", "cut"), [(12, False), (13, True)])
def test_a_sum_of_twelve_numbers_is_written_out(parts: int, cut: bool) -> None:
    assert ("…" in listed([str(number) for number in range(parts)])[0]) is cut


@pytest.mark.parametrize(("columns", "sets"), [(4, 15), (5, 6)])
def test_any_of_four_columns_may_have_slipped_together(columns: int, sets: int) -> None:
    assert len(list(_column_sets([f"column {number}" for number in range(columns)]))) == sets


def test_a_rounded_code_is_a_part_of_the_code_with_two_digits_less() -> None:
    rows: Any = [
        (SimpleNamespace(code=code, code_state="", code_parts=(code,)),)
        for code in ("213", "2130", "21301", "213010")
    ]
    rounded: Any = (SimpleNamespace(code=None, code_state="lost", code_parts=("2.13E+06",)),)
    assert list(_by_rounded_code([*rows, rounded])) == [(4, 2)]


@pytest.mark.parametrize(
    ("title", "share", "known"),
    [
        ("基本支出表", 0.18, False),
        ("基本支出表", 0.22, True),
        ("关于一般公共预算基本支出的有关说明", 0.45, False),
        ("关于一般公共预算基本支出的有关说明", 0.55, True),
        ("", 0.78, False),
        ("", 0.82, True),
    ],
)
def test_the_less_a_title_says_the_more_columns_must_be_known(
    monkeypatch: pytest.MonkeyPatch, title: str, share: float, known: bool
) -> None:
    basic = catalogue()["basic-expenditure"]
    monkeypatch.setattr(recognise, "_shape", lambda table, _: share if table is basic else 0.0)
    monkeypatch.setattr(recognise, "_telling", lambda *_: True)
    monkeypatch.setattr(recognise, "title_groups", lambda _: [[read_title(title)]])
    nothing: Any = None
    found, _ = recognise._recognise(nothing, (), [])
    assert found is (basic if known else None)


@pytest.mark.parametrize(("length", "title"), [(40, True), (41, False)])
def test_a_line_of_at_most_40_signs_names_a_table_that_no_standard_one_is(
    length: int, title: bool
) -> None:
    line = "县" * (length - 3) + "明细表"
    table: Any = SimpleNamespace(caption=(Paragraph(line, AT),))
    assert (_printed_title(table) == line) is title


@pytest.mark.parametrize(("off", "cost"), [(4, 8.0), (5, 12.0)])
def test_what_rounding_cannot_explain_costs_twelve(off: int, cost: float) -> None:
    imputer: Any = None
    assert Imputer._rounding_cost(imputer, off, [(0.0, 0.0, 1.0)]) == cost
    assert Imputer._rounding_cost(imputer, off, [(0.0, 0.0, 0.0)]) == 12.0


@pytest.mark.parametrize(("name", "own"), [("收支总表", False), ("经费计划表", True)])
def test_a_name_of_five_signs_tells_a_table(name: str, own: bool) -> None:
    title = f"某县2025年{name}"
    words = add_words(catalogue()["basic-expenditure"], title)
    assert f"'{name if own else title}'" in words[0]
