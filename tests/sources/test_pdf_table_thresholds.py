"""How printed lines become tables, and tables of pages one, just on both sides of each number that
decides it. What lines are: ``test_pdf_thresholds``."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.sources.pdf_printed import (
    apart,
    glyphs,
    line,
    page,
    page_line,
    printed,
    table,
)
from yusuan.sources.pdf import (
    columns,
    headings,
    joining,
    running_lines,
    split_columns,
    split_rows,
    table_detection,
    unruled_tables,
)
from yusuan.sources.pdf.lines import TextLine
from yusuan.sources.pdf.ruled_tables import Lattice
from yusuan.sources.pdf.rulings import Ruling
from yusuan.sources.pdf.running_lines import RunningLines
from yusuan.sources.pdf.unruled_tables import NO_EVIDENCE, TableEvidence

UNIT = "单位：万元"


# Columns


@pytest.mark.parametrize(("up", "headed"), [(17, 2), (21, 1)])
def test_columns_headed_by_two_lines(up: float, headed: int) -> None:
    upper, lower = line((10, "项目"), y=100 - up).words[0], line((10, "支出")).words[0]
    column = columns.TextColumn(0, 40, [lower])
    columns._add_lines(column, [column], [upper, lower])
    assert len(column.headings) == headed


@pytest.mark.parametrize(("gap", "cuts"), [(4.4, 1), (5.6, 0)])
def test_columns_that_begin_right_behind_numbers(gap: float, cuts: int) -> None:
    rows = [
        line((0, "1,234.50"), (40 + gap, "项目支出"), y=20.0 * row, gap=0.3) for row in range(4)
    ]
    assert len(set(columns.close_cuts(rows))) == cuts


@pytest.mark.parametrize(("pairs", "left"), [(2, 2), (3, 4)])
def test_columns_without_heading_cost_more_than_headings_beside_them(pairs: int, left: int) -> None:
    """Headings right of what is set left fit better, but one more column would have none."""
    found: list[columns.TextColumn] = []
    for index in range(pairs):
        heading = line((100 * index, "项目")).words[0]
        found.append(columns.TextColumn(heading.x0, heading.x1, [heading], blank=True))
        found.append(columns.TextColumn(100 * index + 50, 100 * index + 70, right=False))
    columns._pair(found)
    assert len(found) == left


def test_columns_with_doubtful_headings_are_seen_in_few_ways() -> None:
    """Five headings, each over the gap between two columns."""
    starts = [100.0 * index for index in range(10)]
    rows = [line(*((x, "1.00") for x in starts), y=200.0 + 20 * row) for row in range(3)]
    lower = line(*((x, "金额") for x in starts), y=170)
    upper = line(*((x + 50, "支出") for x in starts[::2]), y=150)
    assert len(columns.columns_of(rows, [upper, lower], 5.0)) == 2**4


def test_columns_of_numbers_set_right_end_half_a_character_behind_them() -> None:
    numbers = columns.TextColumn(0, 50, numbers=True, right=True)
    _, edge, _ = columns.edges_between(
        [numbers, columns.TextColumn(100, 140)], [], [], (-5, 145), 10
    )
    assert 54.5 < edge < 55.5


@pytest.mark.parametrize(("down", "lowest"), [(3.6, 2), (4.4, 1)])
def test_columns_under_the_lowest_headings(down: float, lowest: int) -> None:
    words = [line((0, "支出")).words[0], line((0, "小计"), y=100 + down).words[0]]
    assert len(columns._lowest(words)) == lowest


@pytest.mark.parametrize(("aside", "between"), [(27, True), (33, False)])
def test_columns_under_a_heading_between_them(aside: float, between: bool) -> None:
    lower = line((0, "基本"), (100, "项目"), y=130).words
    word = line((50 + aside, "支出")).words[0]
    assert columns._is_between(word, [word, *lower]) == between


@pytest.mark.parametrize(
    ("count", "aside", "cuts"), [(2, 0, False), (3, 0, True), (3, 1.8, True), (3, 2.2, False)]
)
def test_columns_that_begin_at_one_place_in_several_lines(
    count: int, aside: float, cuts: bool
) -> None:
    rows = [
        line((x, "1,234.50"), (x + 44, "项目支出"), y=20.0 * row, gap=0.3)
        for row, x in enumerate([0, aside, 0][:count])
    ]
    assert bool(columns.close_cuts(rows)) == cuts


@pytest.mark.parametrize(
    ("count", "aside", "left"), [(1, 0, False), (2, 0, True), (2, 0.9, True), (2, 1.1, False)]
)
def test_columns_with_headings_set_left(count: int, aside: float, left: bool) -> None:
    found = []
    for x in (0, 100)[:count]:
        words = [line((x + aside, "支出")).words[0]]
        found.append(columns.TextColumn(x, x + 50, words, right=False))
    assert columns._headings_left(found) == left


# Headings


@pytest.mark.parametrize(
    ("right", "down", "left"),
    [(0, 4.5, True), (0, 3.5, False), (2.6, 10, True), (3.4, 10, False)],
    ids=["below", "level", "at one start", "further in"],
)
def test_headings_are_set_left_where_those_below_begin(
    right: float, down: float, left: bool
) -> None:
    assert headings._are_flush([(10, 100), (10 + right, 100 + down)], 10) == left


@pytest.mark.parametrize(("count", "found"), [(35, True), (45, False)])
def test_headings_of_many_columns(count: int, found: bool) -> None:
    edges = [40.0 * i for i in range(count + 1)]
    head = [line(*((40 * i + 10, "金额") for i in range(count)))]
    assert (headings.heading_spans(head, edges, (), (85, 105)) is not None) == found


@pytest.mark.parametrize(("blank", "found"), [(7, True), (8, False)])
def test_headings_of_which_many_are_missing(blank: int, found: bool) -> None:
    edges = [40.0 * i for i in range(blank + 2)]
    head = headings.heading_spans([line((10, "金额"))], edges, (), (85, 105))
    assert (head is not None) == found


def head_of(upper: Sequence[TextLine], rules: Sequence[Ruling] = ()) -> headings._HeaderTreeSearch:
    """A head over two columns, 40 points wide each, with a heading for each at 200."""
    lower = line((10, "基本"), (50, "项目"), y=200)
    return headings._HeaderTreeSearch([*upper, lower], (0, 40, 80), rules, (90, 210))


def over(search: headings._HeaderTreeSearch) -> tuple[headings._HeaderNode, ...]:
    """The heading over both columns, if there is one."""
    own = search._own(0, 1, 90)
    assert own is not None
    return search._over(0, 1, own, 90)[1]


@pytest.mark.parametrize(("count", "found"), [(3, 1), (4, 0)])
def test_headings_of_several_lines(count: int, found: int) -> None:
    upper = [line((20, "财政拨款"), y=185 - 15 * row) for row in range(count)]
    assert len(over(head_of(upper))) == found


@pytest.mark.parametrize(("down", "found"), [(17, 1), (21, 0)])
def test_headings_of_lines_far_apart(down: float, found: int) -> None:
    upper = [line((20, "财政拨款"), y=150), line((20, "收入支出"), y=150 + down)]
    assert len(over(head_of(upper))) == found


@pytest.mark.parametrize(("aside", "found"), [(22.4, 1), (28.8, 0)])
def test_headings_off_the_middle_of_their_columns(aside: float, found: int) -> None:
    lines = [line((50 + aside, "支出"), y=150), line((10, "基本"), (90, "项目"), y=200)]
    assert len(over(headings._HeaderTreeSearch(lines, (0, 60, 120), (), (90, 210)))) == found


@pytest.mark.parametrize(("beyond", "own"), [(5.4, True), (6.6, False)])
def test_headings_that_reach_over_their_columns(beyond: float, own: bool) -> None:
    search = head_of([line((60 + beyond, "支出"), y=150)])
    assert (search._own(0, 1, 90) is not None) == own


@pytest.mark.parametrize(("length", "drawn"), [(57, False), (71, True)])
def test_headings_end_at_a_line_along_most_of_them(length: float, drawn: bool) -> None:
    search = head_of([line((30, "支出"), y=150)], [Ruling(True, 155, 0, length)])
    (node,) = over(search)
    assert (154 < node.cut[0] < node.cut[1] < 156) == drawn


@pytest.mark.parametrize(
    ("words", "rules", "last", "cost"),
    [
        ((), (), 0, 0.8),  # a blank place
        (((10, 150),), (), 0, 0),  # in the middle of its column and of the head
        (((10, 130),), (), 0, 1.0),  # two font sizes above it
        (((25, 150),), (), 0, 0.375),  # one and a half beside it
        (((10, 145), (10, 160)), (), 0, 0.125),  # of two lines
        (((2, 145), (16, 160)), (), 0, 1.025),  # that stand aside of each other
        (((30, 150),), (), 1, 0.4),  # over two columns
        (((10, 150),), (Ruling(True, 145, 0, 40),), 0, 1.5),  # a line through it
    ],
)
def test_headings_off_their_places_cost(
    words: Sequence[tuple[float, float]], rules: Sequence[Ruling], last: int, cost: float
) -> None:
    search = headings._HeaderTreeSearch([line((0, "支出"))], (0, 40, 80), rules, (90, 200))
    search.rules = list(rules)
    own = [line((x, "支出"), y=y).words[0] for x, y in words]
    assert search._leaf(0, last, 90, own) == pytest.approx(cost, abs=0.06)


# Tables without lines


def body(*rows: tuple[tuple[float, str], ...], step: float = 20.0) -> list[TextLine]:
    return [line(*row, y=100 + step * index) for index, row in enumerate(rows)]


@pytest.mark.parametrize(("gap", "found"), [(5.4, False), (6.6, True)])
def test_unruled_tables_of_words_this_far_apart(gap: float, found: bool) -> None:
    rows = [
        unruled_tables.text_line(
            printed((0, "人大"), (60, "100"), (75 + gap, "110"), y=100 + 20 * row), 0.6
        )
        for row in range(3)
    ]
    evidence = TableEvidence(title=True, unit=True)
    read = unruled_tables._over((0, 50, 150), [], rows, (), evidence)
    assert (read is not None) == found


@pytest.mark.parametrize(("gap", "columns"), [(3.1, 2), (3.9, 3)])
def test_unruled_tables_with_headings_this_far_apart(gap: float, columns: int) -> None:
    head = [unruled_tables.text_line(printed((150, "合计"), (170 + gap, "基本")), 0.35)]
    rows = body(*[((0, "人大"), (60, "10.00"))] * 3)
    (edges,) = unruled_tables._edges(head, rows, (), NO_EVIDENCE, 10)
    assert len(edges) - 1 == columns


@pytest.mark.parametrize(("count", "one"), [(2, True), (3, False)])
def test_unruled_tables_with_labels_between_two_drawn_lines(count: int, one: bool) -> None:
    rows = body(*[((0, "人大"),)] * count)
    assert unruled_tables._is_one_row(rows, (0, 50, 100)) == one


@pytest.mark.parametrize(("length", "wider"), [(54, False), (66, True)])
def test_unruled_tables_as_wide_as_a_line_drawn_through(length: float, wider: bool) -> None:
    rows = body(*[((0, "人大"), (65, "10.00"))] * 3)  # 100 points with the room around them
    rule = Ruling(True, 130, -40, length - 40)
    edges = next(unruled_tables._edges([], rows, [rule], NO_EVIDENCE, 10))
    assert (edges[0] == -40) == wider


@pytest.mark.parametrize(("worse", "columns"), [(0.26, 2), (0.34, 3)])
def test_unruled_tables_with_a_column_that_only_a_heading_tells_of(
    worse: float, columns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    costs = {(0.0, 1.0, 2.0): 1 + worse, (0.0, 1.0, 2.0, 3.0): 1.0}
    monkeypatch.setattr(unruled_tables, "_edges", lambda *_: iter(costs))
    monkeypatch.setattr(
        unruled_tables, "_over", lambda edges, *_: (costs[edges], Lattice(edges, (0, 1), ()), True)
    )
    read = unruled_tables.unruled_lattice(body(((0, "人大"), (60, "1.00"))), (), NO_EVIDENCE)
    assert read is not None and len(read.xs) - 1 == columns


def test_unruled_tables_with_lines_beside_each_other() -> None:
    assert 7.5 < unruled_tables._near(line((0, "人大")), 10, True) < 9.5


def test_unruled_tables_with_lines_nearer_than_rows_are() -> None:
    """Half of the distance between rows, more or less, where that is certain."""
    assert 11 < unruled_tables._near(line((0, "人大")), 20, True) < 13
    assert 10 < unruled_tables._near(line((0, "人大")), 30, False) < 12


@pytest.mark.parametrize(
    ("steps", "certain"),
    [((20,), False), ((20, 20), True), ((20, 22), True), ((20, 26), False)],
)
def test_unruled_tables_with_rows_equally_far_apart(steps: Sequence[float], certain: bool) -> None:
    ys = [100.0 + sum(steps[:count]) for count in range(len(steps) + 1)]
    rows = [line((60, "1.00"), y=y) for y in ys]
    assert unruled_tables._pitch(rows, (0, 50, 100)) == (20, certain)


@pytest.mark.parametrize(("gap", "rows"), [(7, 2), (9, 3)])
def test_unruled_tables_with_a_label_nearer_to_one_row(gap: float, rows: int) -> None:
    lines = [line((0, "人大"), (60, "1.00")), line((0, "事务"), y=100 + gap)]
    lines.append(line((0, "政协"), (60, "2.00"), y=140))
    assert len(unruled_tables._nearest([[each] for each in lines], 10)) == rows


def wrapped(rest: str, numbered: int, gap: float) -> int:
    """The rows of ten lines, so many with a number, the second of which is a rest."""
    first = line((0, "机关事业单位"), (80, "1.00"), y=0)
    rows = [[first], [line((0, rest), y=gap)]]
    for index in range(8):
        words = [(0.0, "人大"), (80.0, "1.00")][: 2 if index < numbered - 1 else 1]
        rows.append([line(*words, y=100 + 40.0 * index)])
    return len(unruled_tables._wrapped(rows, (0, 75, 140), 20))


@pytest.mark.parametrize(("gap", "rows"), [(17, 9), (21, 10)])
def test_unruled_tables_with_a_rest_of_a_label_below_it(gap: float, rows: int) -> None:
    assert wrapped("支出", 9, gap) == rows


@pytest.mark.parametrize(("numbered", "rows"), [(6, 10), (8, 9)])
def test_unruled_tables_where_most_rows_have_numbers(numbered: int, rows: int) -> None:
    assert wrapped("基本养老保险", numbered, 12) == rows


@pytest.mark.parametrize(("rest", "rows"), [("养老保险", 9), ("养老保险费", 10)])
def test_unruled_tables_with_a_short_rest_of_a_label(rest: str, rows: int) -> None:
    assert wrapped(rest, 3, 12) == rows


@pytest.mark.parametrize(("down", "broken"), [(12, True), (16, False)])
def test_unruled_tables_with_the_last_digits_of_numbers(down: float, broken: bool) -> None:
    rows = [[line((0, "人大"), (60, "1,000.2"))], [line((60, "5"), y=100 + down)]]
    assert unruled_tables._has_broken_numbers(rows) == broken


# Where tables without lines are


def detected(
    *lines: Sequence[tuple[float, str]], step: float = 20.0, more: Sequence[TextLine] = ()
) -> table_detection.DetectedTables:
    """What a page has of tables that a title announces."""
    chars = [g for row, each in enumerate(lines) for g in printed(*each, y=100 + step * row).glyphs]
    chars += [g for each in more for g in each.line.glyphs]
    return table_detection.find_unruled_tables(
        chars, (), (), (), TableEvidence(title=True, unit=True)
    )


@pytest.mark.parametrize(("gap", "opened"), [(5.4, False), (6.6, True)])
def test_table_detection_of_words_this_far_apart(gap: float, opened: bool) -> None:
    row = [(g.x0, g.text) for g in apart(["科目", "名称", "金额"], gap)]
    assert bool(detected(row, row).open) == opened


@pytest.mark.parametrize(("gap", "far"), [(125, False), (155, True)])
def test_table_detection_across_a_gap(gap: float, far: bool) -> None:
    above = [line((0, "科目")), line((0, "名称"), y=120)]
    assert table_detection._is_far(above, line((0, "金额"), y=120 + gap)) == far


@pytest.mark.parametrize(("gap", "found"), [(22, True), (28, False)])
def test_table_detection_below_a_ruled_head(gap: float, found: bool) -> None:
    rows = body(*[((10, "人大"), (60, "10.00"))] * 4)
    head = Lattice((0, 50, 100), (60, rows[0].top - gap), ())
    segment = table_detection._TableCandidate(NO_EVIDENCE, rows, head)
    assert (table_detection._table(segment, ()) is not None) == found


@pytest.mark.parametrize(("last", "kept"), [("养老保险", 4), ("养老保险费", 3)])
def test_table_detection_of_the_end_of_a_label(last: str, kept: int) -> None:
    rows = body(*[((0, "人大"), (60, "1.00"))] * 3, ((20, last),))
    assert len(table_detection._trimmed(rows, NO_EVIDENCE)) == kept


@pytest.mark.parametrize(("foot", "opened"), [("某" * 14, True), ("某" * 18, False)])
def test_table_detection_above_a_foot(foot: str, opened: bool) -> None:
    row = [(0.0, "科目"), (50.0, "名称"), (100.0, "金额")]
    assert bool(detected(row, row, more=[line((0, foot), y=500)]).open) == opened


@pytest.mark.parametrize(("head", "kept"), [(8, 9), (9, 0)])
def test_table_detection_of_a_head_of_many_lines(head: int, kept: int) -> None:
    rows = body(*[((0, "科目"),)] * head, ((0, "人大"), (60, "1.00")))
    assert len(table_detection._trimmed(rows, NO_EVIDENCE)) == kept


@pytest.mark.parametrize(("right", "within"), [(27, True), (33, False)])
def test_table_detection_of_a_label_in_its_column(right: float, within: bool) -> None:
    word = line((right, "人大")).words[0]
    assert table_detection._within(word, (0, 100, 200)) == within


@pytest.mark.parametrize(
    ("text", "left", "extent", "prose"),
    [
        ("本年收入支出情况。", 100, 90 / 0.31, False),  # how wide a sentence is
        ("本年收入支出情况。", 100, 90 / 0.39, True),
        ("本年收入支出情况。", 25, 900, True),  # how near to the margin it begins
        ("本年收入支出情况。", 35, 900, False),
        ("某" * 25, 0, 260, False),  # how long a line is
        ("某" * 31, 0, 320, True),
        ("某" * 40, 0, 400 / 0.45, False),  # and how wide
        ("某" * 40, 0, 400 / 0.55, True),
    ],
)
def test_table_detection_of_running_text(
    text: str, left: float, extent: float, prose: bool
) -> None:
    assert table_detection._is_prose(line((left, text)), 0, extent) == prose


@pytest.mark.parametrize(("down", "on"), [(12.6, True), (15.4, False)])
def test_table_detection_of_a_text_that_runs_on(down: float, on: bool) -> None:
    above = [line((0, "人大"), (60, "1.00"))]
    assert table_detection._runs_on(above, line((0, "事务支出"), y=100 + down)) == on


@pytest.mark.parametrize(("size", "kept"), [(10.7, 4), (10.9, 3)])
def test_table_detection_of_a_line_in_another_size(size: float, kept: int) -> None:
    rows = body(*[((0, "人大"), (60, "1.00"))] * 3)
    last = unruled_tables.text_line(joining.GlyphLine(tuple(glyphs("支出", 0, 160, size))), 0.6)
    assert len(table_detection._trimmed([*rows, last], NO_EVIDENCE)) == kept


@pytest.mark.parametrize(("rows", "torn"), [(1, True), (2, False)])
def test_table_detection_of_rows_torn_off_a_ruled_table(rows: int, torn: bool) -> None:
    ruled = Lattice((0, 50, 100), (200, 220), ())
    lines = [*body(*[((0, "人大"), (60, "1.00"))] * rows), line((0, "说明"), y=300)]
    first = next(table_detection._table_candidates(lines, [ruled], NO_EVIDENCE))
    assert first.torn == torn


@pytest.mark.parametrize(("across", "opened"), [(2, False), (3, True)])
def test_table_detection_of_a_head_at_the_end_of_a_page(across: int, opened: bool) -> None:
    row = [(50.0 * index, "科目") for index in range(across)]
    assert bool(detected(row, row).open) == opened


# Page breaks


@pytest.mark.parametrize(("top", "left"), [(130, 0), (170, 1)])
def test_joining_leaves_page_numbers_out(top: float, left: int) -> None:
    assert len(joining._without_number(page(page_line("- 12 -", top))).items) == left


@pytest.mark.parametrize(("distance", "cells"), [(22, 2), (28, 0)])
def test_joining_a_row_near_a_table(distance: float, cells: int) -> None:
    upper = table([["人大", "1.00"]])
    row = joining.PageLine(printed((10, "政协"), (110, "2.00")), 1, 90, 100)
    assert len(joining._as_row(upper, row, distance)) == cells


@pytest.mark.parametrize(("aside", "found"), [(4.4, 1), (5.6, None)])
def test_joining_edges_of_columns(aside: float, found: int | None) -> None:
    assert joining._nearest((0.0, 100.0), 100 + aside) == found


@pytest.mark.parametrize(
    ("text", "top", "foot"),
    [
        ("某市某局", 950, True),
        ("某市某局", 850, False),
        ("第12页", 850, True),
        ("第12页", 730, False),
        ("某" * 14, 950, True),
        ("某" * 18, 950, False),
    ],
)
def test_joining_below_feet(text: str, top: float, foot: bool) -> None:
    item = page_line(text, top)
    assert joining._is_footer(item, page(item)) == foot


@pytest.mark.parametrize(("between", "titled"), [(3, True), (4, False)])
def test_joining_under_captions_at_the_end_of_a_page(between: int, titled: bool) -> None:
    lines = ["支出预算表", *[UNIT] * between]
    items = [page_line(text, 300 + 20.0 * index) for index, text in enumerate(lines)]
    assert joining._evidence_after(page(*items), frozenset()).title == titled


@pytest.mark.parametrize(("aside", "equal"), [(1.3, True), (1.7, False)])
def test_split_columns_of_the_same_edges(aside: float, equal: bool) -> None:
    assert split_columns._equal((0, 100), (0, 100 + aside)) == equal


@pytest.mark.parametrize(("row", "both"), [(3, True), (4, False)])
def test_split_columns_headed_within_the_first_rows(row: int, both: bool) -> None:
    left, right = (table([["支出预算表" if i == row else ""] for i in range(7)]) for _ in "ab")
    assert split_columns._both_headed(left, right) == both


@pytest.mark.parametrize(("rest", "goes_on"), [("养老保险", True), ("养老保险费", False)])
def test_split_rows_with_a_short_rest(rest: str, goes_on: bool) -> None:
    (above,), (below,) = (table([[text]], full=True).cells for text in ("机关事业单位", rest))
    assert split_rows._goes_on({0: above}, {0: below}) == goes_on


@pytest.mark.parametrize(
    ("whole", "cents", "decimals"), [(1, 9, 2), (3, 7, None), (0, 4, 2), (0, 3, None)]
)
def test_split_rows_by_the_usual_decimals(whole: int, cents: int, decimals: int | None) -> None:
    cells = table([["1.5"]] * whole + [["1.50"]] * cents).cells
    assert split_rows._most_common(cells) == decimals


def test_split_rows_below_repeated_headings() -> None:
    rows = [[f"项{row}", f"目{row}"] for row in "一二三四五六七八九十百千"]
    assert split_rows._repeated_head(table(rows), table(rows)) == 8


@pytest.mark.parametrize(("above", "below"), [("20", "1"), ("2", "1")])
def test_split_rows_with_numbers_of_lines(above: str, below: str) -> None:
    """2|1 may be the number of a line, which proves nothing; 20|1 is a code."""
    last: dict[int, split_rows.PageCell]
    last = dict(enumerate(table([["2010301", "行政运行", above]], full=True).cells))
    rest = dict(enumerate(table([["", "经费", below]]).cells))
    del rest[0]
    assert split_rows._is_cut(last, rest, 2)
    if len(above + below) == 3:  # without a label that goes on the code alone proves it
        assert split_rows._is_cut(last, {2: rest[2]}, 2)


# Running lines


@pytest.mark.parametrize(
    ("top", "height", "running"), [(110, 1000, 1), (130, 1000, 0), (85, 400, 1), (105, 400, 0)]
)
def test_running_lines_stand_in_the_margin(top: float, height: float, running: int) -> None:
    lines = [printed((60, "某市某局"), y=top + 10)]
    at_top = [edge for edge in running_lines._edge_lines(lines, height) if edge.at_top]
    assert len(at_top) == running


def test_running_lines_are_two_at_most() -> None:
    lines = [printed((60, "某市某局"), y=30 + 20.0 * row) for row in range(4)]
    assert len(list(running_lines._edge_lines(lines, 1000))) == 2


@pytest.mark.parametrize(
    ("tops", "running"),
    [((40, 40, 40), True), ((40, 40), False), ((40, 40, 43.5), True), ((40, 40, 44.5), False)],
)
def test_running_lines_stand_at_one_place_on_pages(tops: Sequence[float], running: bool) -> None:
    lines = RunningLines(9)
    for number in range(1, 7):
        texts = [("某市某局", tops[number - 1])] if number <= len(tops) else []
        texts.append((f"第{number}章概况".translate({48 + i: 0x4E00 + i for i in range(9)}), 500))
        chars = [g for text, top in texts for g in glyphs(text, 60, top + 10)]
        lines.note(number, 1000, chars)
    assert bool(lines.of(1)) == running


@pytest.mark.parametrize(("above", "titles"), [(4, 4), (5, 0)])
def test_running_lines_may_repeat_the_title_of_a_document(above: int, titles: int) -> None:
    lines = [
        printed((60, "某市某局概况" + "甲乙丙丁戊"[row]), y=20.0 * row) for row in range(above)
    ]
    lines.append(printed((60, UNIT), y=400))
    assert len(running_lines._titles(lines)) == titles


@pytest.mark.parametrize(("gap", "titles"), [(26, 1), (34, 0)])
def test_running_lines_that_stand_apart_are_no_title(gap: float, titles: int) -> None:
    lines = [joining.GlyphLine(tuple(apart(["某市某局", "概况"], gap)))]
    lines.append(printed((60, UNIT), y=400))
    assert len(running_lines._titles(lines)) == titles


def test_running_lines_are_told_by_two_pages_ahead() -> None:
    sequence = joining.PageSequence(RunningLines(9))
    for number in range(1, 5):
        sequence.add(number, 1000, glyphs("某市某局", 60))
    assert len(sequence.pages) == 2
