"""An amount never leaves its column. What else stands in its cell is told there, and no sum that
the cell belongs to is judged.
"""

from __future__ import annotations

import html
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.representative import few_or
from yusuan import check_sources
from yusuan.pipeline import CheckedSources

HEAD = ["科目编码", "科目名称", "合计", "基本支出", "项目支出"]
RIGHT = [
    ["208", "社会保障和就业支出", "500", "300", "200"],
    ["20805", "行政事业单位养老支出", "500", "300", "200"],
    ["2080501", "行政单位离退休", "300", "300", ""],
    ["2080599", "其他行政事业单位养老支出", "200", "", "200"],
    ["213", "农林水支出", "1,000", "600", "400"],
    ["21303", "水利", "1,000", "600", "400"],
    ["2130301", "行政运行", "600", "600", ""],
    ["2130305", "水利工程建设", "400", "", "400"],
    ["", "合计", "1,500", "900", "600"],
]
"""Every sum of this table holds."""
TITLE, BODY, UNIT = "一般公共预算支出预算表", "编制单位：甲县水利局", "单位：万元"
COVER = "甲县水利局2024年部门预算"
AMOUNTS = [
    (row, column) for row, cells in enumerate(RIGHT) for column in (2, 3, 4) if cells[column]
]
WORDS = [
    "待定",
    "约 380 万元",
    "400余万元",
    "详见附表",
    "详见附表3",
    "涉密",
    "400（含结转）并入",
    "见说明",
    "#REF!",
    "约1百",
    "审核章",
    "\ufffd",
    "■■■",
    "×××",
    "？",
    "***",
    "**",
    "＊＊＊＊",
    "**.**",
    "○",
    "※",
    "###",
]


def markdown(rows: list[list[str]]) -> str:
    lines = ["|" + "|".join(cells) + "|" for cells in (HEAD, *rows)]
    return "\n\n".join([f"# {COVER}", TITLE, f"{BODY}　{UNIT}", "\n".join(lines)]) + "\n"


def web_page(rows: list[list[str]]) -> str:
    lines = [
        "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in cells) + "</tr>"
        for cells in (HEAD, *rows)
    ]
    text = "".join(f"<p>{line}</p>" for line in (COVER, TITLE, f"{BODY} {UNIT}"))
    return f"<html><body>{text}<table>{''.join(lines)}</table></body></html>"


def comma_separated(rows: list[list[str]]) -> str:
    above = [[COVER], [TITLE], [BODY, "", "", "", UNIT]]
    return "\n".join(",".join(f'"{cell}"' for cell in cells) for cells in (*above, HEAD, *rows))


def between_tabs(rows: list[list[str]]) -> str:
    return "\n".join([COVER, TITLE, BODY, UNIT, *("\t".join(cells) for cells in (HEAD, *rows))])


FORMATS = {
    "md": markdown,
    "html": web_page,
    "csv": comma_separated,
    "txt": between_tabs,
}


def checked(rows: list[list[str]], suffix: str) -> CheckedSources:
    return written(FORMATS[suffix](rows), suffix)


def written(text: str, suffix: str) -> CheckedSources:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"budget.{suffix}"
        path.write_text(text, encoding="utf-8")
        return check_sources(path)


def errors(result: CheckedSources) -> list[str]:
    return [finding.message_en for finding in result.findings if finding.verdict == "error"]


def printed(result: CheckedSources) -> dict[tuple[str, str], str]:
    """What each fact prints, by its row (code or label) and column."""
    return {
        (fact.functional_code or fact.row_label or "", fact.column or ""): fact.printed
        for fact in result.contents.facts
    }


def expected(rows: list[list[str]], without: tuple[int, int]) -> dict[tuple[str, str], str]:
    names = {2: "total", 3: "basic", 4: "project"}
    return {
        (rows[row][0] or rows[row][1], names[column]): rows[row][column]
        for row, column in AMOUNTS
        if (row, column) != without
    }


@pytest.mark.parametrize("suffix", sorted(FORMATS))
@settings(max_examples=few_or(8, 15), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(place=st.sampled_from(AMOUNTS), words=st.sampled_from(WORDS))
def test_words_in_an_amount_cell_are_told_and_move_nothing(
    suffix: str, place: tuple[int, int], words: str
) -> None:
    rows = [list(cells) for cells in RIGHT]
    rows[place[0]][place[1]] = words
    result = checked(rows, suffix)
    assert printed(result) == expected(rows, without=place)
    told = [finding for finding in result.findings if finding.rule == "unreadable-amount"]
    assert [finding.printed for finding in told] == [words]
    assert not [finding for finding in result.findings if finding.verdict == "error"]


@pytest.mark.parametrize("word", ["待定", "详见附表3"])
@pytest.mark.parametrize("place", AMOUNTS[::2])
def test_words_move_nothing_where_lines_end_with_their_last_text(
    place: tuple[int, int], word: str
) -> None:
    """Without the tabs behind the last text of a line a row of a scan may be torn as well."""
    rows = [list(cells) for cells in RIGHT]
    rows[place[0]][place[1]] = word
    lines = between_tabs(rows).split("\n")
    result = written("\n".join(line.rstrip("\t") for line in lines), "txt")
    assert printed(result) == expected(rows, without=place)
    told = [f for f in result.findings if f.rule in ("unreadable-amount", "torn-row")]
    assert told and all(word in (finding.printed or "") for finding in told)
    assert not errors(result)


@pytest.mark.parametrize("sign", ["无", "—", "--", "/", "*", ""])
def test_a_sign_for_nothing_in_a_blank_cell_is_no_finding(sign: str) -> None:
    rows = [[cell or sign for cell in cells[:2]] + [cell or sign for cell in cells[2:]] for cells in RIGHT]  # fmt: skip
    rows[-1][0] = ""
    result = checked(rows, "md")
    assert printed(result) == expected(RIGHT, without=(-1, -1))
    assert not [f for f in result.findings if f.verdict in ("error", "warning")]


def test_nothing_said_in_a_word_beside_a_printed_part_is_told() -> None:
    rows = [list(cells) for cells in RIGHT]
    rows[7][2] = "无"  # in total, beside 400 for projects
    result = checked(rows, "md")
    assert printed(result) == expected(rows, without=(7, 2))
    (told,) = (f for f in result.findings if f.verdict in ("error", "warning"))
    assert (told.rule, told.printed, told.cell) == ("unreadable-amount", "无", "C9")


@pytest.mark.parametrize("place", AMOUNTS)
def test_nothing_said_in_a_word_instead_of_an_amount_makes_no_other_number_wrong(
    place: tuple[int, int],
) -> None:
    """The table leaves cells blank elsewhere, so the word is no sign for a blank."""
    rows = [list(cells) for cells in RIGHT]
    rows[place[0]][place[1]] = "无"
    result = checked(rows, "md")
    assert printed(result) == expected(rows, without=place)
    assert not errors(result)
    told = [f.printed for f in result.findings if f.rule == "unreadable-amount"]
    assert told == ["无"]


@pytest.mark.parametrize(("place", "wrong"), [((6, 3), "700"), ((8, 2), "1,600")])
def test_where_a_word_is_the_sign_for_nothing_a_wrong_sum_is_an_error(
    place: tuple[int, int], wrong: str
) -> None:
    rows = [[*cells[:2], *(cell or "无" for cell in cells[2:])] for cells in RIGHT]
    rows[place[0]][place[1]] = wrong
    result = checked(rows, "md")
    assert errors(result)
    assert not [f for f in result.findings if f.rule == "unreadable-amount"]


@pytest.mark.parametrize("count", [1, 2, 9])
def test_a_column_headed_as_amounts_stays_one_whatever_it_holds(count: int) -> None:
    """A column of one text, of two, and of the same text in every row; none joins the labels."""
    words = (["待定", "详见附表"] * 9)[: count if count < 3 else 9] + [""] * (9 - min(count, 9))
    rows = [[*cells[:4], word] for cells, word in zip(RIGHT, words, strict=False)]
    result = checked(rows, "md")
    assert {fact.row_label for fact in result.contents.facts} <= {cells[1] for cells in RIGHT}
    told = [f.printed for f in result.findings if f.rule == "unreadable-amount"]
    assert len(told) == sum(map(bool, words))


def test_amounts_in_words_keep_their_column() -> None:
    rows = [list(cells) for cells in RIGHT]
    for cells, word in zip(
        rows, ["伍佰", "伍佰", "叁佰", "贰佰", "壹仟", "壹仟", "陆佰", "肆佰"], strict=False
    ):
        cells[2] = word
    result = checked(rows, "md")
    assert printed(result) == expected(rows, without=(-1, -1))
    assert not [finding for finding in result.findings if finding.verdict != "note"]


@pytest.mark.parametrize(("without", "told"), [(None, []), ((0, 2), ["unit-not-stated"])])
def test_a_unit_is_missed_only_where_an_amount_has_none(
    without: tuple[int, int] | None, told: list[str]
) -> None:
    """The table states no unit; all amounts state theirs, or all but one."""
    rows = [list(cells) for cells in RIGHT]
    for row, column in AMOUNTS:
        if (row, column) != without:
            rows[row][column] += "元"
    path_text = markdown(rows).replace(UNIT, "")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "budget.md"
        path.write_text(path_text, encoding="utf-8")
        result = check_sources(path)
    assert [f.rule for f in result.findings if f.rule == "unit-not-stated"] == told
    assert {fact.amount for fact in result.contents.facts if fact.printed.startswith("1,500")} == {
        1500
    }


@pytest.mark.parametrize("suffix", ["md", "csv", "html"])
@pytest.mark.parametrize(
    "foot",
    [
        ["制表人：甲", "复核：乙", "20250214", "", ""],
        ["", "联系电话：", "87654321", "", ""],
        ["单位负责人：", "甲", "填报日期：", "20250214", "2025"],
    ],
)
def test_numbers_beside_signatures_are_no_amounts(suffix: str, foot: list[str]) -> None:
    result = checked([*RIGHT, foot], suffix)
    assert printed(result) == expected(RIGHT, without=(-1, -1))
    told = [f.printed for f in result.findings if f.rule == "unreadable-amount"]
    assert set(told) >= {text for text in foot[2:] if text.isdigit()}
    assert not errors(result)


@pytest.mark.parametrize("suffix", ["md", "csv", "html"])
def test_remarks_and_signatures_below_a_table_without_labels_are_no_amounts(suffix: str) -> None:
    foot = [
        "单位负责人：甲　　填表日期：2025年2月18日　　联系电话：87654321",
        "注：1.本表按万元取数，可能有0.01万元尾差。",
        "2.2024年结转35.20万元未列入本表。",
    ]
    rows = [["合计", "公务接待费", "公务用车运行费"], ["5.00", "2.00", "3.00"]]
    table = FORMATS[suffix]([*rows, *([text, "", ""] for text in foot)])
    result = written(table.replace(TITLE, "三公经费支出表").replace("".join(HEAD), ""), suffix)
    assert [f.rule for f in result.findings if f.rule == "unreadable-amount"] == []
    assert sorted(fact.printed for fact in result.contents.facts) == ["2.00", "3.00", "5.00"]


@pytest.mark.parametrize("suffix", ["md", "csv"])
@pytest.mark.parametrize("unstated", [{8}, {2, 6}, {0, 4, 8}, {0, 1, 2, 3, 4, 5, 6, 7}])
def test_the_unit_that_cells_state_is_that_of_the_table(suffix: str, unstated: set[int]) -> None:
    """As where the format 0.00"万元" of a sheet is not that of the row of the total."""
    rows = [list(cells) for cells in RIGHT]
    for row, column in AMOUNTS:
        rows[row][column] += "" if row in unstated else "万元"
    result = written(FORMATS[suffix](rows).replace(UNIT, ""), suffix)
    amounts = {fact.cell: fact.amount for fact in result.contents.facts}
    stated = written(FORMATS[suffix](RIGHT), suffix).contents.facts
    assert list(amounts.values()) == [fact.amount for fact in stated]
    assert [f.rule for f in result.findings if f.verdict != "note"] == ["unit-not-stated"]


def test_units_that_cells_state_in_part_make_no_number_wrong() -> None:
    rows = [list(cells) for cells in RIGHT]
    rows[8][2:] = ["0.15亿元", "0.09亿元", "0.06亿元"]
    result = written(markdown(rows).replace(UNIT, ""), "md")
    assert "unit-not-stated" in [finding.rule for finding in result.findings]
    assert not errors(result)


def test_over_numbers_that_are_not_seen_a_sum_is_only_to_be_verified() -> None:
    """A part of a table that nobody sees may be a part of its sums."""
    white = '<span style="color:#fff">{}</span>'
    page = web_page(RIGHT).replace("<td>600</td>", f"<td>{white.format(600)}</td>")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "budget.html"
        path.write_text(page, encoding="utf-8")
        result = check_sources(path)
    assert ("2130301", "total") not in printed(result)
    assert {left.printed for left in result.contents.unrecognised if left.scope == "cell"} == {
        "600"
    }
    assert not [finding for finding in result.findings if finding.verdict == "error"]


LIST = [
    ["合计", "30"],
    ["因公出国（境）费", ""],
    ["公务用车购置及运行费", "20"],
    ["其中：公务用车购置费", ""],
    ["公务用车运行费", "20"],
    ["公务接待费", "10"],
]
"""A list whose labels are headings of the same table where that is set the other way."""


def listed(amounts: list[str], head: list[list[str]]) -> CheckedSources:
    rows = [[label, amount] for (label, _), amount in zip(LIST, amounts, strict=True)]
    lines = ["|" + "|".join(cells) + "|" for cells in (*head, *rows)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "budget.md"
        text = "\n\n".join([f"# {COVER}", "一般公共预算“三公”经费支出表", UNIT, "\n".join(lines)])
        path.write_text(text, encoding="utf-8")
        return check_sources(path)


@pytest.mark.parametrize("word", ["待定", "3E+01", "涉密", "约30", "#REF!", "30.00 含结转"])
@pytest.mark.parametrize("most", [0, 3, 6])
def test_a_list_without_readable_amounts_is_told_cell_by_cell(word: str, most: int) -> None:
    """Its labels are no further rows of headings: the first ``most`` amounts are words."""
    amounts = [word if i < most else amount for i, (_, amount) in enumerate(LIST)]
    result = listed(amounts, [["项目", "预算数"]])
    told = [f.printed for f in result.findings if f.rule == "unreadable-amount"]
    assert told == [word] * most
    read = {(fact.row_label, fact.printed) for fact in result.contents.facts}
    assert read == {(label, amount) for label, amount in LIST[most:] if amount}


def test_words_that_differ_make_no_labels_of_an_amount_column() -> None:
    words = ["待定", "涉密", "不公开", "", "另行公布", "10"]
    result = listed(words, [["项目", "预算数"]])
    told = [f.printed for f in result.findings if f.rule == "unreadable-amount"]
    assert told == [word for word in words[:-1] if word]
    assert [fact.printed for fact in result.contents.facts] == ["10"]


@pytest.mark.parametrize("numbers", [["1", "2"], ["", "1"], ["栏次", "1"]])
def test_two_columns_may_be_numbered(numbers: list[str]) -> None:
    result = listed([amount for _, amount in LIST], [["项目", "预算数"], numbers])
    assert len(result.contents.facts) == 4
    assert {fact.row_label for fact in result.contents.facts} == {label for label, a in LIST if a}


def test_amounts_that_count_up_below_a_label_are_amounts() -> None:
    amounts = ["3", "", "1", "", "1", "2"]
    result = listed(amounts, [["项目", "预算数"]])
    assert [fact.printed for fact in result.contents.facts] == [a for a in amounts if a]


ACROSS = """\
合计\t因公出国（境）费\t公务用车购置及运行费\t\t\t公务接待费
\t\t小计\t公务用车购置费\t公务用车运行费\t
"""


@pytest.mark.parametrize(
    ("row", "wrong"),
    [
        ("26.02\t\t20.58\t\t20.58\t无", False),
        ("26.02\t无\t20.58\t无\t20.58\t5.44", False),
        ("26.02\t无\t20.58\t无\t20.58\t无", True),
        ("27.02\t无\t20.58\t无\t20.58\t5.44", True),
    ],
)
def test_in_a_single_row_a_word_for_nothing_counts_as_the_row_uses_it(
    row: str, wrong: bool
) -> None:
    text = "\n".join([COVER, "一般公共预算“三公”经费支出表", BODY, UNIT, ACROSS + row])
    result = written(text, "txt")
    assert bool(errors(result)) is wrong


def test_a_first_table_without_a_unit_has_that_of_the_others_and_is_told() -> None:
    first = between_tabs(RIGHT).replace(UNIT + "\n", "")
    second = "\n".join(
        ["一般公共预算基本支出预算表", UNIT, "科目编码\t科目名称\t合计\t人员经费\t公用经费",
         "301\t工资福利支出\t900\t900\t", "30101\t基本工资\t900\t900\t", "\t合计\t900\t900\t"]
    )  # fmt: skip
    result = written(f"{first}\n\n{second}\n", "txt")
    assert [f.rule for f in result.findings if f.rule == "unit-not-stated"] == ["unit-not-stated"]
    assert {fact.amount for fact in result.contents.facts if fact.printed == "1,500"} == {
        15_000_000
    }
    assert not errors(result)


@pytest.mark.parametrize(
    "amounts",
    [
        ("21.83㈠", "9.18⑴", "12.65①"),
        ("6.2E+05", "3.1E+05", "3.1E+05"),
        ("21,8", "9.18注1", "12.65"),
    ],
)
def test_the_only_row_of_a_table_is_no_heading(tmp_path: Path, amounts: tuple[str, ...]) -> None:
    """Below headings side by side the row of 三公 has no label: it is read, or told."""
    text = f"""# {COVER}

一般公共预算“三公”经费支出情况表

{UNIT}

| 合计 | 因公出国（境）费 | 公务用车购置及运行费 | | | 公务接待费 |
| --- | --- | --- | --- | --- | --- |
| | | 小计 | 公务用车购置费 | 公务用车运行费 | |
| {amounts[0]} | | {amounts[1]} | | | {amounts[2]} |
"""
    path = tmp_path / "budget.md"
    path.write_text(text, "utf-8")
    result = check_sources(path)
    read = {fact.printed for fact in result.contents.facts}
    told = {f.printed for f in result.findings if f.rule == "unreadable-amount"}
    assert read | told == set(amounts)
