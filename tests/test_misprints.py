"""Standard terms in titles and headings with a character missing, doubled or swapped."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.disclosures import EXPENDITURE, ROWS, disclosure_text, write
from yusuan.checks import check
from yusuan.checks.families.misprints import misprinted_as
from yusuan.facts import PackageContents, compile_contents
from yusuan.model.text import normal
from yusuan.narrative.disclosure import understand
from yusuan.schema import catalogue
from yusuan.sources import read_document


@pytest.mark.parametrize(
    ("printed", "term", "says"),
    [
        ("基本支支出", "基本支出", "重复"),
        ("基支本出", "基本支出", "颠倒"),
        ("项目支", None, ""),
        ("项目出支", "项目支出", "颠倒"),
        ("一般公预算", "一般公共预算", "缺"),
        ("政府性金基预算", "政府性基金预算", "颠倒"),
        ("项目支出", None, ""),
        ("出支", None, ""),  # too short to tell
    ],
)
def test_a_slip_of_one_character(printed: str, term: str | None, says: str) -> None:
    found = misprinted_as(printed)
    assert (found and found[0]) == term
    assert found is None or says in found[1][0]


def test_no_standard_term_is_taken_for_another() -> None:
    for table in catalogue().tables:
        for title in (table.title, *table.titles):
            assert misprinted_as(title) is None
        for field in table.fields:
            for heading in field.headings:
                assert all(misprinted_as(normal(part)) is None for part in heading.split("/"))


def told(folder: Path, text: str) -> list[tuple[str, str | None, str | None]]:
    found = check(compile_contents([understand(read_document(write(folder, text)))]))
    return [(f.verdict, f.printed, f.expected) for f in found if f.rule == "misprinted-term"]


@pytest.mark.parametrize(
    ("title", "slips"),
    [
        ("表6 一般公共预算支出表", 0),
        ("表六 一般公共预算支出表", 0),
        ("表6 一般公共预算支支出表", 1),
    ],
)
def test_the_number_of_a_form_takes_no_character_of_a_term(
    tmp_path: Path, title: str, slips: int
) -> None:
    table = EXPENDITURE.format(unit="万元", rows="\n".join(ROWS))
    found = told(tmp_path, disclosure_text(table, table.replace("部门支出总体情况表", title)))
    assert len(found) == slips


def test_titles_and_headings_of_a_document(tmp_path: Path) -> None:
    right = disclosure_text()
    assert told(tmp_path, right) == []
    heading = right.replace("项目支出\n", "项目目支出\n")
    assert told(tmp_path, heading) == [("warning", "项目目支出", "项目支出")]
    table = EXPENDITURE.format(unit="万元", rows="\n".join(ROWS))
    title = table.replace("部门支出总体情况表", "部门支出总体情情况表")
    assert told(tmp_path, disclosure_text(table, title)) == [
        ("warning", "部门支出总体情情况表", "部门支出总体情况表")
    ]


def test_the_sample_has_none(contents: PackageContents) -> None:
    assert [f for f in check(contents) if f.rule == "misprinted-term"] == []
