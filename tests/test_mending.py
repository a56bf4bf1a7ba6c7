"""Codes in other digits and signs, without a zero, without their class, or rounded away."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.disclosures import write
from yusuan.pipeline import CheckedSources, check_sources
from yusuan.sources import read_document
from yusuan.tables import find_tables, mending
from yusuan.tables.stubs import is_printed_code

FUNCTIONS = """\
己县水利局2024年部门预算公开

一般公共预算支出表

单位：万元

科目编码\t科目名称\t合计\t基本支出\t项目支出
{rows}
\t合计\t1,000.00\t600.00\t400.00
"""
WATER = [
    ("213", "农林水支出", "1,000.00\t600.00\t400.00"), ("21303", "水利", "1,000.00\t600.00\t400.00"),
    ("2130301", "行政运行", "600.00\t600.00\t"), ("2130305", "水利工程建设", "400.00\t\t400.00"),
]  # fmt: skip
ECONOMIC = """\
己县水利局2024年部门预算公开

一般公共预算基本支出表

单位：元

| 类 | 款 | 经济分类科目名称 | 合计 | 人员经费 | 公用经费 |
| --- | --- | --- | --- | --- | --- |
{rows}
| 合计 | | | {total} | {total} | 0 |
"""
STAFF = {"01": ("基本工资", 100), "02": ("津贴补贴", 200), "07": ("绩效工资", 300),
         "08": ("机关事业单位基本养老保险缴费", 40), "13": ("住房公积金", 60)}  # fmt: skip


def checked(folder: Path, text: str, name: str = "disclosure.md") -> CheckedSources:
    return check_sources(write(folder, text, name))


def coded(found: CheckedSources) -> dict[str | None, tuple[str | None, str | None]]:
    """The codes of facts by the label of the row."""
    return {f.row_label: (f.functional_code, f.economic_code) for f in found.contents.facts}


def serious(found: CheckedSources) -> list[str]:
    return [f.message_en for f in found.findings if f.verdict in ("error", "warning")]


def staff(rows: dict[str, str], drop: tuple[str, ...] = ()) -> str:
    """The items of 301; ``rows`` says what is printed instead of some of the 款."""
    items = {key: item for key, item in STAFF.items() if key not in drop}
    total = sum(amount for _, amount in items.values())
    lines = [f"| 301 | | 工资福利支出 | {total} | {total} | 0 |"]
    lines += [f"| 301 | {rows.get(key, key)} | {name} | {amount} | {amount} | 0 |"
              for key, (name, amount) in items.items()]  # fmt: skip
    return ECONOMIC.format(rows="\n".join(lines), total=total)


FORMS = [
    lambda code: code.translate(str.maketrans("0123456789", "０１２３４５６７８９")),
    lambda code: " ".join(filter(None, (code[:3], code[3:5], code[5:]))),
    lambda code: "-".join(filter(None, (code[:3], code[3:5], code[5:]))),
    lambda code: ".".join(filter(None, (code[:3], code[3:5], code[5:]))),
    lambda code: "－".join(filter(None, (code[:3], code[3:5], code[5:]))),
    lambda code: "·".join(filter(None, (code[:3], code[3:]))),
]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("joined", [False, True])
def test_codes_in_other_digits_and_signs(form, joined: bool, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """In a column of their own, or before the name."""
    rows = [
        f"{form(code)}{' ' if joined else chr(9)}{name}{chr(9)}{amounts}"
        for code, name, amounts in WATER
    ]
    text = FUNCTIONS.format(rows="\n".join(rows))
    if joined:
        text = text.replace("科目编码\t科目名称", "科目名称").replace("\n\t合计", "\n合计")
    found = checked(tmp_path, text)
    assert serious(found) == []
    assert coded(found) == {
        "合计": (None, None), **{name: (code, None) for code, name, _ in WATER},
    }  # fmt: skip


@pytest.mark.parametrize(("named", "read"), [(2, True), (1, False)])
def test_codes_filled_up_with_zeros_are_those_of_the_list_where_names_prove_two(
    named: int, read: bool, tmp_path: Path
) -> None:
    rows = [
        f"{code.ljust(7, '0')}\t{name if at < named or len(code) == 7 else '甲类'}\t{amounts}"
        for at, (code, name, amounts) in enumerate(WATER)
    ]
    found = checked(tmp_path, FUNCTIONS.format(rows="\n".join(rows)))
    assert (coded(found)["农林水支出"] == ("213", None)) == read
    assert bool(serious(found)) != read


@pytest.mark.parametrize("lost", [("02",), ("01", "02"), ("07", "08"), ("01", "02", "07", "08")])
def test_a_lost_zero_is_mended_where_name_rows_and_sum_agree(
    lost: tuple[str, ...], tmp_path: Path
) -> None:
    found = checked(tmp_path, staff({key: key.lstrip("0") for key in lost}))
    codes = coded(found)
    assert {name: codes[name][1] for name, _ in STAFF.values()} == {
        name: f"301{key}" for key, (name, _) in STAFF.items()
    }
    mended = [f for f in found.findings if f.rule == "code-mended"]
    assert len(mended) == len(lost)
    assert all("301 | " in (f.printed or "") and f.verdict == "warning" for f in mended)
    assert [f.rule for f in found.findings if f.verdict == "error"] == []


def test_a_lost_zero_in_one_cell(tmp_path: Path) -> None:
    rows = [("213303" if code == "21303" else code.replace("2130305", "213305"), name, amounts)
            for code, name, amounts in WATER if code != "21303"]  # fmt: skip
    rows.insert(1, WATER[1])
    found = checked(tmp_path, FUNCTIONS.format(rows="\n".join("\t".join(row) for row in rows)))
    assert coded(found)["水利工程建设"] == ("2130305", None)
    assert [f.rule for f in found.findings] == ["code-mended"]


def test_a_lost_class_is_mended_from_the_rows_around(tmp_path: Path) -> None:
    """The first cell of 210 | 11 | 02 prints 7."""
    text = (
        "己县水利局2024年部门预算公开\n\n一般公共预算支出表\n\n单位：元\n\n"
        "| 类 | 款 | 项 | 科目名称 | 合计 | 基本支出 | 项目支出 |\n"
        "| --- | --- | --- | --- | --- | --- | --- |\n"
        "| 210 | | | 卫生健康支出 | 50 | 50 | |\n"
        "| 210 | 11 | | 行政事业单位医疗 | 50 | 50 | |\n"
        "| 210 | 11 | 01 | 行政单位医疗 | 20 | 20 | |\n"
        "| 7 | 11 | 02 | 事业单位医疗 | 30 | 30 | |\n"
        "| 合计 | | | | 50 | 50 | |\n"
    )
    found = checked(tmp_path, text)
    assert coded(found)["事业单位医疗"] == ("2101102", None)
    assert [f.rule for f in found.findings] == ["code-mended"]
    assert found.findings[0].printed == "7 | 11 | 02 事业单位医疗"


def test_what_is_not_certain_is_told_and_blames_no_sum(tmp_path: Path) -> None:
    """The name is of no code that the digits allow, and the sum does not tell."""
    text = staff({"02": "2"}).replace("津贴补贴", "某项开支")
    text = text.replace(
        "| 301 | | 工资福利支出 | 700 | 700 |", "| 301 | | 工资福利支出 | 701 | 701 |"
    )
    found = checked(tmp_path, text)
    rules = {f.rule for f in found.findings}
    assert "code-mended" not in rules or rules == {"code-mended", "code-in-doubt"}
    assert [f.amount for f in found.contents.facts if f.row_label == "某项开支"][:1] == [200]
    assert not [f for f in found.findings if f.verdict == "error"]


@pytest.mark.parametrize("rounded", ["2.13E+06", "2.13e+06", "2.130E+06"])
def test_a_code_that_a_spreadsheet_rounded_is_told_and_no_part_of_the_label(
    rounded: str, tmp_path: Path
) -> None:
    rows = "\n".join(
        "\t".join((rounded if code == "2130305" else code, name, amounts))
        for code, name, amounts in WATER
    )
    found = checked(tmp_path, FUNCTIONS.format(rows=rows))
    assert coded(found)["水利工程建设"] == (None, None)
    assert [entry.printed for entry in found.contents.unrecognised] == [rounded]
    assert serious(found) == []
    assert sum(f.amount for f in found.contents.facts
               if f.row_type == "detail" and f.column == "total") == 10_000_000  # fmt: skip


def test_codes_of_units_are_left_alone(tmp_path: Path) -> None:
    rows = ["117001\t己县水利局\t1,000.00\t600.00\t400.00", *("\t".join(row) for row in WATER)]
    found = checked(tmp_path, FUNCTIONS.format(rows="\n".join(rows)))
    assert not {f.rule for f in found.findings} & {"code-mended", "code-unclear"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [("2130301", True), ("２１３", True), ("213 03 01", True), ("7", True), ("21,303", False),
     ("1,000.00", False), ("600.005", False), ("合计", False)],
)  # fmt: skip
def test_what_can_be_a_code(text: str, expected: bool) -> None:
    assert is_printed_code(text) is expected


def test_items_below_a_mended_code_are_mended(tmp_path: Path) -> None:
    """213 | 3 | 5: the 款 is certain by its name and its class, then the 项 by its own and the 款."""
    rows = [
        "| 类 | 款 | 项 | 科目名称 | 合计 | 基本支出 | 项目支出 |",
        "|---|---|---|---|---|---|---|",
    ]
    for code, name, amounts in WATER:
        parts = [code[:3], code[3:5].lstrip("0"), code[5:].lstrip("0")]
        rows.append(f"| {' | '.join([*parts, name])} | {' | '.join(amounts.split(chr(9)))} |")
    text = f"己县水利局2024年部门预算公开\n\n一般公共预算支出表\n\n单位：万元\n\n{chr(10).join(rows)}\n"
    found = checked(tmp_path, text)
    assert coded(found) == {name: (code, None) for code, name, _ in WATER}
    assert {f.rule for f in found.findings} == {"code-mended"}


ITEMS = {"2080501": "行政单位离退休", "2080505": "机关事业单位基本养老保险缴费支出",
         "2101101": "行政单位医疗", "2101177": "某项补助", "2130301": "行政运行", "2130305": "水利工程建设"}  # fmt: skip
SHOWN = {"5": lambda part: str(int(part)), "5.00": lambda part: f"{int(part)}.00",
         "5.0": lambda part: f"{int(part)}.0", "05.0": lambda part: f"{part}.0",
         "05.00": lambda part: f"{part}.00"}  # fmt: skip


def levels(items: dict[str, str], shown: str, blanks: bool) -> str:
    """Items without the rows above them, each level in a column of its own; ``blanks`` leaves those
    out that are printed right above."""
    lines, above = (
        ["| 类 | 款 | 项 | 科目名称 | 合计 | 基本支出 |", "|---|---|---|---|---|---|"],
        "",
    )
    for code, name in items.items():
        parts = [SHOWN[shown](part) for part in (code[:3], code[3:5], code[5:])]
        same = 0 if not blanks or code[:3] != above[:3] else 1 + (code[:5] == above[:5])
        above = code
        lines.append(f"| {' | '.join([*[''] * same, *parts[same:], name])} | 10 | 10 |")
    lines.append(f"| | | | 合计 | {10 * len(items)} | {10 * len(items)} |")
    return (
        "己县水利局2024年部门预算公开\n\n一般公共预算支出表\n\n单位：元\n\n"
        + "\n".join(lines)
        + "\n"
    )


@pytest.mark.parametrize("shown", SHOWN)
@pytest.mark.parametrize("blanks", [False, True])
@pytest.mark.parametrize("projects", [False, True])
def test_levels_shown_as_numbers_are_codes(
    shown: str, blanks: bool, projects: bool, tmp_path: Path
) -> None:
    """As a spreadsheet shows them; one code no list has, and projects have names of their own."""
    items = {code: f"工程{code[-2:]}" for code in ITEMS if code != "2101177"} if projects else ITEMS
    found = checked(tmp_path, levels(items, shown, blanks))
    assert {f.row_label: f.functional_code for f in found.contents.facts} == {
        **{name: code for code, name in items.items()}, "合计": None,
    }  # fmt: skip
    assert not [f for f in found.findings if f.verdict == "error"]
    told = {f.printed for f in found.findings if f.rule == "code-mended"}
    assert bool(told) == (not shown.startswith("05"))


@pytest.mark.parametrize("zero", ["05", "5"])
def test_a_digit_beside_parts_with_zeros_did_not_lose_one(zero: str, tmp_path: Path) -> None:
    """213 | 03 | 5 where the other rows print 01: the table keeps its zeros."""
    text = levels(
        {"2130306": "某工程", "2130301": "行政运行", "2130305": "水利工程建设"}, "5", False
    )
    text = text.replace("| 3 | 1 |", f"| {zero[:-1]}3 | {zero[:-1]}1 |")
    found = checked(tmp_path, text)
    assert coded(found)["某工程"] == ((None if zero == "05" else "2130306"), None)


@pytest.mark.parametrize("name", ["某项开支", "其他"])
def test_parts_that_may_be_another_code_are_no_code(name: str, tmp_path: Path) -> None:
    """213 | 3 | 5 joined reads 21335, or 213 | 0 | 5 reads 21305, which is another 款."""
    for parts in ("213 | 3 | 5", "213 | 0 | 5"):
        text = (
            "己县水利局2024年部门预算公开\n\n一般公共预算支出表\n\n单位：元\n\n"
            "| 类 | 款 | 项 | 科目名称 | 合计 | 基本支出 | 项目支出 |\n"
            "|---|---|---|---|---|---|---|\n"
            "| 213 | | | 农林水支出 | 50 | 50 | |\n"
            f"| {parts} | {name} | 50 | 50 | |\n"
        )
        found = checked(tmp_path, text)
        assert coded(found)[name] == (None, None)
        assert [f.printed for f in found.findings if f.rule == "code-unclear"] == [
            f"{parts} {name}"
        ]
        assert not [f for f in found.findings if f.verdict == "error"]


@pytest.mark.parametrize(("most", "mended"), [(5, True), (4, False)])
def test_so_many_rows_are_added_up_to_a_code(
    most: int, mended: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With more rows below it than that, the sum of a class says nothing; order alone is not enough."""
    monkeypatch.setattr(mending, "_ADDED", most)
    path = write(tmp_path, staff({"02": "2"}).replace("津贴补贴", "津补贴"), "disclosure.md")
    (table,), _ = find_tables(read_document(path))
    assert ("30102" in {row.code for row in table.rows}) == mended
