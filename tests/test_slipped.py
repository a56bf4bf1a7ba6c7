"""A column that slipped by a row from some code on is one finding, whatever slipped with it."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from tests.disclosures import write
from yusuan.checks import check
from yusuan.checks.families import slipped
from yusuan.facts import compile_contents
from yusuan.model.findings import Finding
from yusuan.narrative.disclosure import understand
from yusuan.sources import read_document

Column = list[int]


def made(rng: Random) -> tuple[list[str], list[Column]]:
    """Codes of classes, groups and items, with the columns 合计, 基本支出, 项目支出 in hundredths."""
    codes: list[str] = []
    basic: dict[str, int] = {}
    project: dict[str, int] = {}
    for head in ("201", "208", "210", "213", "221"):
        own = [f"{head}{group:02d}{item:02d}" for group in range(1, rng.randint(2, 4))
               for item in range(1, rng.randint(2, 5))]  # fmt: skip
        for code in own:
            amounts = rng.randint(100, 99_999), rng.choice([0, rng.randint(100, 99_999)])
            for each in (code, code[:5], code[:3]):
                basic[each] = basic.get(each, 0) + amounts[0]
                project[each] = project.get(each, 0) + amounts[1]
        codes += sorted({head, *(code[:5] for code in own), *own})
    columns = [[basic[c] + project[c] for c in codes], [basic[c] for c in codes], [project[c] for c in codes]]  # fmt: skip
    return codes, columns


def text(
    codes: list[str], columns: list[Column], totals: list[int], title: str = "支出总体情况表"
) -> str:
    def shown(value: int) -> str:
        return f"{value / 100:,.2f}" if value else ""

    rows = [
        f"| {code} | 科目{code} | {' | '.join(shown(column[n]) for column in columns)} |"
        for n, code in enumerate(codes)
    ]
    total = f"| | 合计 | {' | '.join(map(shown, totals))} |"
    head = "| 科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出 |\n| --- | --- | --- | --- | --- |"
    return f"甲市水利局2024年部门预算\n\n{title}\n\n单位：万元\n\n{head}\n" + "\n".join(
        [*rows, total, ""]
    )


def moved(column: Column, first: int, down: bool) -> Column:
    """Each number a row too low, with a blank where it began; or a row too high."""
    if down:
        return [*column[:first], 0, *column[first:-1]]
    return [*column[:first], *column[first + 1 :], 0]


def errors(folder: Path, written: str) -> list[Finding]:
    contents = compile_contents([understand(read_document(write(folder, written)))])
    return [found for found in check(contents) if found.verdict == "error"]


@pytest.mark.parametrize("down", [True, False])
@pytest.mark.parametrize("moving", [(0,), (1,), (2,), (1, 2), (0, 1, 2)])
def test_forty_numbers_are_one_finding(moving: tuple[int, ...], down: bool, tmp_path: Path) -> None:
    rng = Random(f"{moving} {down}")
    codes, right = made(rng)
    first = rng.randint(2, len(codes) - 9)
    columns = [moved(c, first, down) if n in moving else c for n, c in enumerate(right)]
    totals = [sum(v for v, code in zip(c, codes, strict=True) if len(code) == 7) for c in right]
    assert errors(tmp_path, text(codes, right, totals)) == []
    [found] = errors(tmp_path, text(codes, columns, totals))
    assert (found.rule, found.slip, found.certainty) == ("column-slipped", "shifted", "likely")
    known = [e for e in found.evidence if "不能断定" not in e.statement_zh]
    assert len(found.evidence) - len(known) <= len(moving)  # what was pushed out at the end
    proposed = {(e.fact or "").split("expenditure-summary-")[1]: e.proposed for e in known}
    names = ("total", "basic", "project")
    for at, code in enumerate(codes):
        for number in moving:
            key = f"{code}-{names[number]}"
            value = right[number][at]
            if key in proposed and at not in (first, len(codes) - 1):
                printed = (proposed[key] or "0.00").replace(",", "")
                assert printed == f"{value / 100:.2f}"
    wrong = sum(columns[n][at] != right[n][at] and columns[n][at] > 0
                for n in moving for at in range(len(codes)))  # fmt: skip
    assert abs(len(found.evidence) - wrong) <= 2 * len(moving)


def test_numbers_that_are_wrong_one_by_one_have_not_slipped(tmp_path: Path) -> None:
    codes, columns = made(Random(1))
    totals = [
        sum(v for v, c in zip(column, codes, strict=True) if len(c) == 7) for column in columns
    ]
    items = [at for at, code in enumerate(codes) if len(code) == 7][::2][:6]
    for at in items:
        columns[0][at] += 1_234_500
    found = errors(tmp_path, text(codes, columns, totals))
    assert found and "column-slipped" not in {each.rule for each in found}


@pytest.mark.parametrize("short", [0, 1])
def test_after_so_many_rows_of_wrong_tables_no_slip_is_sought(
    short: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Most tables of such a document are wrong, and every list of rows costs time. The first table
    here is wrong number by number, the column of the second slipped."""
    pages = []
    for seed, title in ((1, "支出总体情况表"), (2, "一般公共预算支出情况表")):
        codes, columns = made(Random(seed))
        totals = [sum(v for v, c in zip(column, codes, strict=True) if len(c) == 7) for column in columns]  # fmt: skip
        if seed == 1:
            for at in [at for at, code in enumerate(codes) if len(code) == 7][::2][:6]:
                columns[0][at] += 1_234_500
            tried = len(codes) + 1  # with the total
        else:
            columns[0] = moved(columns[0], 3, down=True)
        pages.append(text(codes, columns, totals, title))
    monkeypatch.setattr(slipped, "_MOST_TRIED", tried + 1 - short)
    rules = [found.rule for found in errors(tmp_path, "\n\n".join(pages))]
    assert rules.count("column-slipped") == 1 - short


def test_three_numbers_are_left_to_the_weighing_of_explanations(tmp_path: Path) -> None:
    codes, columns = made(Random(2))
    totals = [
        sum(v for v, c in zip(column, codes, strict=True) if len(c) == 7) for column in columns
    ]
    last = len(codes) - 1
    columns[0][last - 1 :] = [columns[0][last], columns[0][last - 1]]
    found = errors(tmp_path, text(codes, columns, totals))
    assert found and "column-slipped" not in {each.rule for each in found}
