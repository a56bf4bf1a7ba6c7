"""Rows that OCR or a page break prints as two, and rows that only number the columns."""

from __future__ import annotations

from pathlib import Path

import pytest

from yusuan.model.document import Cell, Position
from yusuan.pipeline import CheckedSources, check_sources
from yusuan.tables.columns import TableColumn
from yusuan.tables.headings import is_numbering
from yusuan.tables.stubs import RowStub, joined_stubs, read_stub

Line = tuple[str, str, str, str, str]
ROWS: list[Line] = [
    ("208", "社会保障和就业支出", "150.00", "110.00", "40.00"),
    ("20805", "行政事业单位养老支出", "110.00", "110.00", ""),
    ("2080505", "机关事业单位基本养老保险缴费支出", "70.00", "70.00", ""),
    ("2080506", "机关事业单位职业年金缴费支出", "40.00", "40.00", ""),
    ("20899", "其他社会保障和就业支出", "40.00", "", "40.00"),
    ("2089999", "其他社会保障和就业支出", "40.00", "", "40.00"),
    ("213", "农林水支出", "350.00", "300.00", "50.00"),
    ("21303", "水利", "350.00", "300.00", "50.00"),
    ("2130301", "行政运行", "300.00", "300.00", ""),
    ("2130305", "水利工程建设", "50.00", "", "50.00"),
    ("", "合计", "500.00", "410.00", "90.00"),
]
HEAD = "# 某县水利局2024年部门预算公开\n\n表3：\n\n### 部门支出总体情况表\n\n编制单位：某县水利局\n\n单位：万元\n\n"


def check(rows: list[Line], folder: Path) -> CheckedSources:
    lines = [("科目编码", "科目名称", "合计", "基本支出", "项目支出"), ("---",) * 5, *rows]
    source = folder / "disclosure.md"
    source.write_text(HEAD + "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n", "utf-8")
    return check_sources(source)


def told(checked: CheckedSources) -> list[tuple[object, ...]]:
    """What was read, and of which row it is, wherever its cells stand."""
    return [
        (f.functional_code, f.row_label, f.column_label, f.printed) for f in checked.contents.facts
    ]


def in_two(row: Line, at: int, amounts: int, code: int) -> list[Line]:
    """A row as two: its label cut, its amounts and its code with the first or the second."""
    label, blank = (row[1][:at], row[1][at:]), ("", "", "")
    return [
        (row[0] if code == part else "", label[part], *(row[2:] if amounts == part else blank))
        for part in (0, 1)
    ]


@pytest.mark.parametrize(("amounts", "code"), [(0, 0), (1, 0), (1, 1)])
@pytest.mark.parametrize("index", range(len(ROWS) - 1), ids=lambda i: ROWS[i][0])
def test_a_label_cut_anywhere_is_whole(tmp_path: Path, index: int, amounts: int, code: int) -> None:
    whole = told(check(ROWS, tmp_path))
    for at in range(1, len(ROWS[index][1])):
        rows = [*ROWS[:index], *in_two(ROWS[index], at, amounts, code), *ROWS[index + 1 :]]
        checked = check(rows, tmp_path)
        assert told(checked) == whole
        assert not [f for f in checked.findings if f.verdict == "error"]


def test_labels_of_all_rows_cut_are_whole(tmp_path: Path) -> None:
    rows = [part for row in ROWS[:-1] for part in in_two(row, len(row[1]) // 2, 0, 0)]
    assert told(check([*rows, ROWS[-1]], tmp_path)) == told(check(ROWS, tmp_path))


def stub(label: str, code: str | None = None) -> RowStub:
    return RowStub(code, label, None)


@pytest.mark.parametrize(
    ("first", "second", "together"),
    [
        (stub("设备购置（含软件", "99901"), stub("和服务）"), True),
        (stub("堤防维修及", "99901"), stub("养护"), True),
        (stub("其他社会保障", "20899"), stub("和就业支出"), True),
        (stub("堤防维修", "99901"), stub("某县水利局"), False),  # may be a body
        (stub("行政运行", "2130301"), stub("结转下年"), False),
        (stub("水利", "21303"), stub("一、其他"), False),
    ],
)
def test_what_goes_on_and_what_does_not(first: RowStub, second: RowStub, together: bool) -> None:
    rows = joined_stubs([(first, True), (second, False)])
    assert len(rows) == (1 if together else 2)


def test_two_rows_with_amounts_stay_two() -> None:
    entries = [(stub("社会保障和", "208"), True), (stub("就业支出"), True)]
    assert len(joined_stubs(entries)) == 2


@pytest.mark.parametrize(
    ("texts", "numbers"),
    [
        ("类 款 项 栏次 1 2 3 4", True),
        ("栏次 1 2", True),
        ("类款项 1 2 3", True),
        ("甲 乙 1 2 3=1+2", True),
        ("项 1.00 2.00 3.00", False),
        ("项目 栏次 1 2", True),
        ("水利 1 2 3", False),
        ("类 款 项", False),
        ("款 3 5 8", False),
        ("1 2 3 4 5 预6 7 8", True),
        ("1 2 3 4 5 预算 7 8", False),
        ("1 预2 3", False),
    ],
)
def test_a_row_that_numbers_the_columns(texts: str, numbers: bool) -> None:
    row = tuple(Cell(text, 2, i, Position(3)) for i, text in enumerate(texts.split()))
    assert is_numbering(row) is numbers


@pytest.mark.parametrize("coded", [True, False])
def test_a_level_behind_a_name_is_no_unit_that_things_are_counted_in(
    coded: bool, tmp_path: Path
) -> None:
    names = ("一般公共服务支出（类）", "财政事务（款）", "行政运行（项）", "机关服务（项）")
    codes = ("201", "20106", "2010601", "2010603")
    amounts = ("30.00", "30.00", "20.00", "10.00")
    lines = ["# 石门市财政局2024年部门预算", "支出总表", "单位：万元", ""]
    lines += ["| 科目编码 | 科目名称 | 合计 |" if coded else "| 科目名称 | 合计 |"]
    lines += ["|---|---|---|" if coded else "|---|---|"]
    for code, name, amount in zip(codes, names, amounts, strict=True):
        lines.append(f"| {code} | {name} | {amount} |" if coded else f"| {name} | {amount} |")
    file = tmp_path / "表.md"
    file.write_text("\n".join([*lines, ""]), "utf-8")
    facts = check_sources(file).contents.facts
    assert [str(fact.amount) for fact in facts] == [f"{float(each):.0f}0000" for each in amounts]


def parted(code: str, sign: str) -> str:
    return sign.join(part for part in (code[:3], code[3:5], code[5:]) if part)


@pytest.mark.parametrize(
    "written",
    [
        "{}.0", "{}.00", "[{}]", "【{}】", "（{}）", "'{}",
        "\u200b{}", *(f"/{sign}/" for sign in "/／.-· "),
    ],
)  # fmt: skip
def test_a_code_is_itself_however_it_is_written(written: str, tmp_path: Path) -> None:
    """As a program writes codes that it takes for numbers (2080505.0), in brackets, parted by strokes."""
    ways = {row[0]: parted(row[0], written[1]) if "{" not in written else written.format(row[0])
            for row in ROWS if row[0]}  # fmt: skip
    rows = [(ways.get(row[0], ""), *row[1:]) for row in ROWS]
    result = check(rows, tmp_path)
    assert told(result) == told(check(ROWS, tmp_path))
    assert not [finding for finding in result.findings if finding.verdict == "error"]


@pytest.mark.parametrize("sign", [" ", "", "-", "　", "—"])
def test_a_code_behind_its_name_is_its_code(sign: str, tmp_path: Path) -> None:
    lines = [("项目", "合计", "基本支出", "项目支出"), ("---",) * 4,
             *((f"{name}{sign}{code}" if code else name, *rest) for code, name, *rest in ROWS)]  # fmt: skip
    source = tmp_path / "disclosure.md"
    source.write_text(HEAD + "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n", "utf-8")
    assert told(check_sources(source)) == told(check(ROWS, tmp_path))


@pytest.mark.parametrize(
    ("label", "code"),
    [
        ("行政运行 2130301", "2130301"), ("某项补助 2130377", "2130377"), ("水利21303", "21303"),
        ("会议室301", None), ("办公楼 208", None), ("改造 2024", None), ("设备 1234567", None),
        ("工程1.213", None),
    ],
)  # fmt: skip
def test_a_number_behind_another_name_is_no_code(label: str, code: str | None) -> None:
    column = TableColumn(0, ("项目",), None, "label")
    stub_of = read_stub([(column, Cell(label, 1, 0, Position(1)))])
    assert (stub_of.code, stub_of.label == label) == (code, code is None)


@pytest.mark.parametrize("form", ["md", "html", "csv"])
def test_texts_of_formulas_are_texts(form: str, tmp_path: Path) -> None:
    """Codes that a program wrote as ="208", amounts as well."""
    rows = [("科目编码", "科目名称", "合计", "基本支出", "项目支出"),
            *(tuple(f'="{text}"' if text else "" for text in row) for row in ROWS)]  # fmt: skip
    title = ("某县水利局2024年部门预算公开", "部门支出总体情况表", "单位：万元")
    if form == "md":
        bars = "|---" * 5 + "|"
        body = [f"|{'|'.join(row)}|" for row in rows]
        text = "\n\n".join(title) + "\n\n" + "\n".join([body[0], bars, *body[1:]])
    elif form == "html":
        cells = ("".join(f"<td>{text}</td>" for text in row) for row in rows)
        head = "".join(f"<p>{line}</p>" for line in title)
        text = f"<html><body>{head}<table>{''.join(f'<tr>{row}</tr>' for row in cells)}</table></body></html>"
    else:
        text = "\n".join([*title, *(",".join(row) for row in rows)])
    source = tmp_path / f"disclosure.{form}"
    source.write_text(text + "\n", "utf-8")
    assert told(check_sources(source)) == told(check(ROWS, tmp_path))


@pytest.mark.parametrize("codes", [("208", "20805"), ("501", "50101"), ("239", "23990")])
def test_of_two_tables_with_one_title_the_codes_tell(
    codes: tuple[str, str], tmp_path: Path
) -> None:
    lines = ["# 某县水利局2024年部门预算", "部门支出总表", "单位：万元", ""]
    lines += [
        "| 科目编码 | 科目名称 | 2024年预算数合计 | 其中：基本支出 | 项目支出 |",
        "|---|---|---|---|---|",
    ]
    lines += [f"| {code} | 甲 | 30.00 | 20.00 | 10.00 |" for code in codes]
    file = tmp_path / "表.md"
    file.write_text("\n".join([*lines, ""]), "utf-8")
    facts = check_sources(file).contents.facts
    functional = codes[0] != "501"  # codes that no list has tell nothing
    assert {fact.table for fact in facts} == {
        "expenditure-summary"
        if functional
        else "fiscal-appropriation-government-economic-expenditure"
    }
    assert {fact.column for fact in facts} == {"total", "basic", "project"}


@pytest.mark.parametrize("heading", ["功能分类科", "功能分", "编", "甲"])
def test_codes_under_a_heading_that_is_cut_off_are_no_amounts(heading: str, tmp_path: Path) -> None:
    """As a spreadsheet prints headings wider than their columns."""
    head = (heading, heading, "合计", "基本支出", "项目支出")
    lines = ["|".join(("", *line, "")) for line in (head, ("---",) * 5, *ROWS)]
    source = tmp_path / "disclosure.md"
    source.write_text(HEAD + "\n".join(lines) + "\n", "utf-8")
    assert told(check_sources(source)) == told(check(ROWS, tmp_path))


def test_amounts_that_look_like_codes_are_amounts(tmp_path: Path) -> None:
    """Three digits under an unknown heading: none is below another."""
    lines = ["| 科目名称 | 合计 | 甲 |", "|---|---|---|", "| 子 | 208 | 201 |", "| 丑 | 213 | 205 |",
             "| 寅 | 221 | 210 |"]  # fmt: skip
    source = tmp_path / "disclosure.md"
    source.write_text(HEAD + "\n".join(lines) + "\n", "utf-8")
    assert len(check_sources(source).contents.facts) == 6


@pytest.mark.parametrize("sign", ["—", "--", "/", "无"])
def test_a_sign_for_nothing_before_a_total_is_no_part_of_its_name(
    sign: str, tmp_path: Path
) -> None:
    rows = [*ROWS[:-1], (sign, *ROWS[-1][1:])]
    assert told(check(rows, tmp_path)) == told(check(ROWS, tmp_path))
