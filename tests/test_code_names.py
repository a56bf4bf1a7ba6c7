"""Codes against names: misprints are found with what was meant, and nothing else is."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.coded import budget
from tests.conftest import ROOT
from yusuan.checks import check, load_rules
from yusuan.cli.main import main
from yusuan.codes import CodeEntry
from yusuan.codes.store import Version, save_attested, save_version
from yusuan.facts import PackageContents
from yusuan.model.findings import Finding
from yusuan.pipeline import CheckedSources, build, check_sources

RULES = {"code-name", "code-other-name", "code-two-names", "code-in-doubt"}


def mismatches(source: Path) -> list[Finding]:
    return [finding for finding in check_sources(source).findings if finding.rule in RULES]


def printed(findings: Sequence[Finding]) -> list[tuple[str, str | None, str | None]]:
    return [(finding.rule, finding.printed, finding.expected) for finding in findings]


WELFARE = [("2081002", "老年福利"), ("2210201", "住房公积金")]
RIGHT = [
    ("301", "工资福利支出"), ("30101", "基本工资"), ("30102", "津贴补贴"),
    ("30113", "住房公积金"), ("302", "商品和服务支出"), ("30201", "办公费"),
]  # fmt: skip


def test_all_fourteen_mismatches_of_a_welfare_home_are_found(tmp_path: Path) -> None:
    """A published budget of 2024 numbers its items in sequence, whatever the list says."""
    with (ROOT / "tests" / "mismatched_codes.csv").open(encoding="utf-8") as stream:
        wrong = list(csv.DictReader(stream))
    pairs = sorted([*RIGHT, *((row["code"], row["name"]) for row in wrong)])
    budget(tmp_path, "福利院", WELFARE, pairs)
    found = {finding.printed: finding for finding in mismatches(tmp_path)}
    assert set(found) == {f"{row['code']} {row['name']}" for row in wrong}
    for row in wrong:
        finding = found[f"{row['code']} {row['name']}"]
        assert f"“{row['means']}”" in finding.message_zh or not row["means"]
        if row["home"]:
            assert (finding.rule, finding.verdict) == ("code-name", "error")
            assert finding.expected == row["home"]
        else:
            assert finding.verdict == "warning"
            assert "相近的有：3" in finding.message_zh
    assert "30210不在现有代码表中" in found["30210 车辆运行费"].message_zh


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("2080505", "机关事业单位基本养老 保险缴费支出"),
        ("2080505", "其中：机关事业单位基本养老保险缴费支出（项）"),
        ("2080505", "机关事业单位基本养老保险缴费"),
        ("2010301", "行政运行（财政）"),
        ("2010399", "其他政府办公厅(室)及相关机构事务支出"),
        ("201", "一、一般公共服务支出"),
        ("20805", "行政事业单位离退休"),
        ("2010301", "2010301 行政运行"),
        ("2010301", "行政运行 501 01 工资奖金津补贴"),
        ("2010301", "行政运行[50101]工资奖金津补贴"),
    ],
)
def test_another_spelling_or_an_old_name_is_no_mismatch(
    tmp_path: Path, code: str, name: str
) -> None:
    budget(tmp_path, "水利厅", [("2210201", "住房公积金"), (code, name)])
    assert mismatches(tmp_path) == []


@pytest.mark.parametrize(
    ("row", "meant"),
    [
        (("30101", "津贴补贴"), "30101 基本工资"),  # its name is that of the row below
        (("30113", "基本工资"), None),  # 30101 is two rows up
        (("30102", "基本工资"), "30102 津贴补贴"),  # ... of the row above
    ],
)
def test_what_is_repeated_from_the_row_beside_is_told_with_what_was_meant(
    tmp_path: Path, row: tuple[str, str], meant: str | None
) -> None:
    pairs = [row if code == row[0] else (code, name) for code, name in RIGHT]
    budget(tmp_path, "养老院", WELFARE, pairs)
    [finding] = mismatches(tmp_path)
    assert (finding.printed, finding.proposed) == (" ".join(row), meant)


def test_a_name_shared_by_many_codes_is_no_mismatch(tmp_path: Path) -> None:
    """行政运行 stands under every group, also those whose own code no list has."""
    budget(tmp_path, "水利厅", [("2130301", "行政运行"), ("2249901", "行政运行")])
    assert mismatches(tmp_path) == []


def test_a_code_that_was_given_away_keeps_no_old_name(tmp_path: Path) -> None:
    """住房公积金 was 30311 until the reform of 2018 and is 30113 since."""
    items = [("30113", "住房公积金"), ("303", "对个人和家庭的补助"), ("30311", "住房公积金")]
    budget(tmp_path, "水利厅", WELFARE, items)
    assert printed(mismatches(tmp_path)) == [("code-name", "30311 住房公积金", "30113")]


UNLISTED, OTHER = "甲乙事务专项", "丙丁管理专项"


def test_one_document_against_the_others_is_a_mismatch(tmp_path: Path) -> None:
    """No list has the code: what most departments print holds."""
    for body in ("水利厅", "农业厅"):
        budget(tmp_path, body, [("2139877", UNLISTED)])
    budget(tmp_path, "林业局", [("2139877", OTHER)])
    found = mismatches(tmp_path)
    assert printed(found) == [("code-other-name", f"2139877 {OTHER}", f"2139877 {UNLISTED}")]
    assert f"“{UNLISTED}”（2个部门的2份文件）" in found[0].message_zh


def test_a_name_under_another_code_than_many_print_is_a_mismatch(tmp_path: Path) -> None:
    for body in ("水利厅", "农业厅", "财政厅"):
        budget(tmp_path, body, [("2139877", UNLISTED)])
    budget(tmp_path, "林业局", [("2139878", UNLISTED)])
    assert printed(mismatches(tmp_path)) == [("code-name", f"2139878 {UNLISTED}", "2139877")]


def test_one_against_one_is_told_of_both(tmp_path: Path) -> None:
    budget(tmp_path, "水利厅", [("2139877", UNLISTED)])
    budget(tmp_path, "林业局", [("2139877", OTHER)])
    assert {finding.printed for finding in mismatches(tmp_path)} == {
        f"2139877 {UNLISTED}", f"2139877 {OTHER}",
    }  # fmt: skip


def test_two_names_in_one_document_are_told_once(tmp_path: Path) -> None:
    budget(tmp_path, "水利厅", [("2139877", UNLISTED), ("2139877", OTHER)])
    assert printed(mismatches(tmp_path)) == [
        ("code-two-names", f"2139877 {OTHER}", f"2139877 {UNLISTED}")
    ]


def test_documents_agreeing_against_a_list_do_not_overrule_it(tmp_path: Path) -> None:
    for body in ("水利厅", "农业厅", "财政厅"):
        budget(tmp_path, body, [("2210201", "购房补贴")])
    assert printed(mismatches(tmp_path)) == [("code-name", "2210201 购房补贴", "2210203")] * 3


def test_the_sample_has_its_misprint_and_a_class_under_another_name(
    contents: PackageContents,
) -> None:
    found = [finding for finding in check(contents) if finding.rule in RULES]
    assert printed(found) == [
        ("code-name", "2210101 住房公积金", "2210201"),
        ("code-other-name", "232 债务利息支出", "232 债务付息支出"),
    ]
    # the code is misprinted in three tables: told once, with the other two places
    again = [each.statement_en for each in found[0].evidence if each.role == "repetition"]
    assert [words.partition(",")[0] for words in again] == [
        'Table "表3:部门（单位）支出总体情况表" (Summary of expenditure)',
        'Table "一般公共预算支出情况表" (General public budget expenditure)',
    ]  # fmt: skip


def test_the_corpus_has_no_mismatch(corpus_checked: CheckedSources) -> None:
    """Ten real disclosures of two provinces and eight years, every code looked at by hand."""
    assert [found for found in corpus_checked.findings if found.rule in RULES] == []


@pytest.fixture
def published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A published list of functions for 2024, imported; returns a folder for budgets."""
    monkeypatch.setenv("YUSUAN_CODES", str(tmp_path / "own"))
    names = {"208": "社会保障和就业支出", "20805": "行政事业单位养老支出",
             "2080505": "机关事业单位基本养老保险缴费支出", "2080599": "其他行政事业单位养老支出"}  # fmt: skip
    official = [
        CodeEntry(list="expenditure-function", code=code, name=name, valid_from=2024, valid_to=2024,
              parent=code[:-2] if len(code) > 3 else None, level=len(code) // 2, status="official")
        for code, name in names.items()
    ]  # fmt: skip
    version = Version("expenditure-function", 2024, "a.xlsx", "0" * 64, "2026-01-01", len(names))
    save_version(version, official)
    budgets = tmp_path / "budgets"
    budgets.mkdir()
    return budgets


def unlisted(source: Path) -> dict[str, Finding]:
    rules = {rule.id for rule in load_rules() if rule.family == "unlisted-codes"}
    return {f.rule: f for f in check_sources(source).findings if f.rule in rules}


UNKNOWN = [("2080506", "机关事业单位职业年金缴费支出"), ("20805", "行政事业单位离退休"),
           ("2080505", "其中：机关事业单位基本养老保险缴费")]  # fmt: skip


def test_a_code_outside_the_published_list_is_a_warning_with_what_is_nearest(
    published: Path,
) -> None:
    """Attested by other sources, but not in the list of the year; what has its name is fine."""
    budget(published, "水利厅", UNKNOWN)
    found = unlisted(published)
    assert sorted(found) == ["code-former-name", "code-not-in-official-list"]
    gone = found["code-not-in-official-list"]
    assert (gone.verdict, gone.printed) == ("warning", "2080506 机关事业单位职业年金缴费支出")
    assert "nearest: 2080506 机关事业单位职业年金缴费支出 [2018 to 2026], " in gone.message_en
    assert "2080505 机关事业单位基本养老保险缴费支出" in gone.message_en
    former = found["code-former-name"]
    assert (former.verdict, former.expected) == ("note", "20805 行政事业单位养老支出")


def test_a_published_list_tells_nothing_of_other_years_lists_and_levels(published: Path) -> None:
    """Lists that were not imported are as incomplete as before."""
    other = [("2089988", "样例事务")]
    budget(published, "水利厅", other, year=2023)
    budget(published, "农业厅", [("208", "社会保障和就业支出")], [("30988", "样例费")])
    found = unlisted(published)
    assert sorted(found) == ["unlisted-codes"]
    assert found["unlisted-codes"].verdict == "note"


def test_a_code_that_has_the_name_of_another_is_told_once(published: Path) -> None:
    budget(published, "水利厅", [("2080577", "机关事业单位基本养老保险缴费支出")])
    assert unlisted(published) == {}
    assert printed(mismatches(published)) == [
        ("code-name", "2080577 机关事业单位基本养老保险缴费支出", "2080505")
    ]


@pytest.mark.parametrize(
    ("code", "name", "rule", "expected"),
    [
        ("2111101", "减排专项支出", "code-name", "2111103"),  # one digit off
        # the name of the item below it
        ("22198", "其他住房保障支出", "code-other-name", "22198 超长期特别国债安排的支出"),
    ],
)
def test_pairs_that_documents_of_2025_misprint(
    tmp_path: Path, code: str, name: str, rule: str, expected: str | None
) -> None:
    budget(tmp_path, "街道办事处", [("2210201", "住房公积金"), (code, name)], year=2025)
    found = [f for f in check_sources(tmp_path).findings if code in (f.printed or f.message_zh)]
    assert [(f.rule, f.expected) for f in found] == [(rule, expected)]


def _kept(year: int, code: str, name: str) -> None:
    entry = CodeEntry(list="expenditure-function", code=code, name=name, valid_from=year, valid_to=year,
                  parent=code[:-2], level=3, status="official", source=f"{year}.xlsx sha256:0")  # fmt: skip
    save_version(
        Version("expenditure-function", year, f"{year}.xlsx", "0" * 64, "2026-01-01", 1), [entry]
    )


def test_a_list_of_the_users_own_that_names_codes_is_told(published: Path) -> None:
    _kept(2022, "2080577", "样例支出")
    budget(published, "水利厅", [("2080577", "样例支出")], year=2022)
    checked = check_sources(published)
    (note,) = [f for f in checked.findings if f.rule == "private-code-list"]
    assert note.verdict == "note" and "2022.xlsx" in note.message_zh and "2022" in note.message_en
    concepts = checked.contents.concepts["expenditure-function"]
    assert [c.status for c in concepts if c.code == "2080577"] == ["official"]


def test_a_list_of_another_year_names_nothing_and_is_not_told(published: Path) -> None:
    """That of 2027 says nothing of a document of 2022, nor of the name that it gives a code."""
    _kept(2027, "2080577", "样例支出")
    budget(published, "水利厅", [("2080577", "样例支出")], year=2022)
    checked = check_sources(published)
    assert "private-code-list" not in {f.rule for f in checked.findings}
    (concept,) = [
        c for c in checked.contents.concepts["expenditure-function"] if c.code == "2080577"
    ]
    assert (concept.status, concept.source) == ("unlisted", None)
    assert "2027" not in "".join(f.message_zh for f in checked.findings)


def test_a_list_of_another_year_mends_no_code(published: Path) -> None:
    """213 | 03 | 66 without its zero, under the name that only a list of 2027 has."""
    _kept(2027, "2130366", "样例水利支出")
    rows = [("213", "农林水支出"), ("21303", "水利"), ("213366", "样例水利支出")]
    budget(published, "水利厅", rows, year=2022)
    checked = check_sources(published)
    assert "213366" in {f.functional_code for f in checked.contents.facts}
    assert not [f for f in checked.findings if "2130366" in f.message_zh]


@pytest.mark.parametrize(("year", "placed"), [(2027, True), (2022, False)])
def test_a_division_of_the_users_own_places_departments_of_its_years(
    published: Path, year: int, placed: bool
) -> None:
    entry = CodeEntry(list="administrative-division", code="500998", name="样例新区", valid_from=2026,
                parent="500000", level=3)  # fmt: skip
    save_attested({"administrative-division": [entry]})
    budget(
        published,
        "财政局",
        [("2080505", "机关事业单位基本养老保险缴费支出")],
        year=year,
        place="重庆市样例新区",
    )
    checked = check_sources(published)
    (department,) = checked.contents.departments
    assert department.division == ("500998" if placed else "500000")
    told = [f for f in checked.findings if f.rule == "private-code-list"]
    assert bool(told) == placed


def test_package_terminal_and_report_say_that_a_private_list_was_used(published: Path) -> None:
    _kept(2022, "2080577", "样例支出")
    budget(published, "水利厅", [("2080577", "样例支出")], year=2022)
    page, package = published.parent / "report.html", published.parent / "package"
    run = CliRunner().invoke(main, ["check", str(published), "--report", str(page)])
    assert "自行导入或收集的" in run.output and "自行导入或收集的" in page.read_text("utf-8")
    build(published, package)
    with (package / "data" / "findings.csv").open(encoding="utf-8") as stream:
        assert "private-code-list" in {row["rule"] for row in csv.DictReader(stream)}
