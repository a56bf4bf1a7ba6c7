"""The code lists: what a code is in a year, what the user's own versions change, and the proof."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import yusuan
from yusuan.cli import main
from yusuan.codes import CodeEntry, code_list
from yusuan.codes.correspondences import link_of
from yusuan.codes.entries import COLUMNS, read_entries, write_entries
from yusuan.codes.proof import Proof, prove_file, prove_lists
from yusuan.codes.store import Version, save_version, version_entries, versions
from yusuan.facts.codes import PrintedCode, concepts
from yusuan.model.errors import YusuanError

FUNCTION = "expenditure-function"
ECONOMIC = "expenditure-economic-department"


def entry(code: str, name: str, first: int, last: int | None, **more: object) -> CodeEntry:
    """A function, with the level and parent that the code shows."""
    lengths = (3, 5, 7)
    level = lengths.index(len(code)) + 1
    parent = code[: lengths[level - 2]] if level > 1 else None
    made = CodeEntry(list=FUNCTION, code=code, name=name, valid_from=first, valid_to=last,
                 parent=parent, level=level)  # fmt: skip
    return replace(made, **more)  # type: ignore[arg-type]


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder for the user's own lists."""
    monkeypatch.setenv("YUSUAN_CODES", str(tmp_path / "own"))
    return tmp_path / "own"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["codes", *arguments])


# ---- what a code is ----


@pytest.mark.parametrize(
    ("code", "year", "name", "exact"),
    [
        ("20805", 2019, "行政事业单位离退休", True),
        ("20805", 2024, "行政事业单位养老支出", True),
        ("20805", 2022, "行政事业单位养老支出", False),  # no source tells of 2020 to 2022
        ("21007", 2009, "妇幼保健", True),
        ("21007", 2025, "计划生育事务", True),
    ],
)
def test_a_code_has_the_name_of_its_year(code: str, year: int, name: str, exact: bool) -> None:
    match = code_list(FUNCTION).find(code, year)
    assert match is not None
    assert (match.entry.name, match.exact) == (name, exact)


def test_a_code_in_no_list_is_not_found() -> None:
    assert code_list(FUNCTION).find("2210101", 2022) is None


@pytest.mark.parametrize(
    "printed",
    ["机关事业单位基本养老 保险缴费支出", "机关事业单位基本养老保险缴费支出（项）",
     "机关事业单位基本养老保险缴费支出(项)"],
)  # fmt: skip
def test_brackets_and_blanks_make_no_other_name(printed: str) -> None:
    assert [m.entry.code for m in code_list(FUNCTION).named(printed, 2022)] == ["2080505"]


def test_a_name_of_another_year_still_means_its_code() -> None:
    match = code_list(FUNCTION).agreeing("20805", "行政事业单位离退休", 2024)
    assert match is not None
    assert (match.entry.valid_to, match.exact) == (2019, False)


def test_the_path_leads_down_from_the_class() -> None:
    path = code_list("administrative-division").path("110101", 2022)
    assert [step.entry.name for step in path] == ["北京市", "东城区"]


def test_history_tells_where_a_code_came_from() -> None:
    [change] = code_list(ECONOMIC).history("30113").predecessors
    assert (change.from_code, change.from_year, change.kind) == ("30311", 2017, "moved")


def test_candidates_are_codes_of_the_name_before_codes_that_look_alike() -> None:
    found = code_list(FUNCTION).candidates("2210101", "住房公积金", 2022)
    assert [match.entry.code for match in found] == ["2210201", "2290301", "2210202"]


def test_a_link_is_that_of_the_nearest_code_above() -> None:
    link = link_of(FUNCTION, ["208", "20805", "2080505"], 2022)
    assert link is not None
    assert (link.source, link.target, link.relation) == ("20805", "10.2", "close")
    assert link_of(FUNCTION, ["206", "20607"], 2022) is None


# ---- the user's own versions ----


def test_an_official_version_rules_its_year_and_no_other(own: Path) -> None:
    official = entry("208", "社会保障", 2022, 2022, status="official")
    save_version(Version(FUNCTION, 2022, "a.xlsx", "0" * 64, "2026-01-01", 1), [official])
    known = code_list(FUNCTION)
    in_2022, in_2023 = known.find("208", 2022), known.find("208", 2023)
    assert in_2022 and in_2023
    assert (in_2022.entry.name, in_2023.entry.name) == ("社会保障", "社会保障和就业支出")
    gone = known.find("210", 2022)
    assert gone and not gone.exact  # attested in 2022, but not in the official list
    assert [version.file for version in versions(FUNCTION)] == ["a.xlsx"]
    assert version_entries(FUNCTION, 2022) == [official]


def test_what_the_official_list_does_not_have_is_unlisted(own: Path) -> None:
    printed = [PrintedCode(FUNCTION, 2022, "210", "卫生健康支出")]
    [before] = concepts(printed)[FUNCTION]
    official = entry("208", "社会保障和就业支出", 2022, 2022, status="official")
    save_version(Version(FUNCTION, 2022, "a.xlsx", "0" * 64, "2026-01-01", 1), [official])
    [after] = concepts(printed)[FUNCTION]
    assert (before.status, after.status) == ("attested", "unlisted")


def test_an_entry_survives_its_file(tmp_path: Path) -> None:
    entries = [entry("208", "社会保障，“就业”\n支出", 2019, None, source="甲；乙")]
    write_entries(tmp_path / "a.csv", entries)
    assert read_entries(tmp_path / "a.csv") == entries


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (f"{FUNCTION},x,,208,,1,甲,,attested,", "line 2: valid_from 'x' is no number"),
        (f"{FUNCTION},2019,,,,1,甲,,attested,", "line 2: code is blank"),
        (f"{FUNCTION},2019,,208,,1,甲,,sure,", "line 2: status 'sure'"),
        (f"{FUNCTION},2019", "line 2: 2 cells"),
    ],
)
def test_a_damaged_file_is_named_with_its_line(tmp_path: Path, line: str, problem: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"{','.join(COLUMNS)}\n{line}\n", "utf-8")
    with pytest.raises(YusuanError, match=problem):
        read_entries(path)


# ---- the proof ----


def test_the_lists_that_come_with_yusuan_hold() -> None:
    proof = prove_lists()
    assert proof.violations == []
    assert proof.counts["administrative-division: entries"] > 3000
    assert proof.counts["cofog: entries"] == 188


SOUND = [entry("208", "甲", 2018, 2025), entry("20805", "乙", 2018, 2019),
         entry("20805", "丙", 2020, 2025), entry("2080505", "丁", 2018, 2025)]  # fmt: skip


@pytest.mark.parametrize(
    ("fault", "entries", "line", "problem"),
    [
        ("orphan", SOUND[1:], 2, "20805 stands below 208, which is not in the list"),
        ("orphan", [replace(SOUND[1], parent=None), *SOUND], 2, "nothing above it"),
        ("overlap", [*SOUND, entry("20805", "戊", 2025, None)], 6, "both 丙 and 戊 in 2025"),
        ("overlap", [*SOUND, entry("20805", "乙", 2019, 2019)], 6, "both 乙 and 乙 in 2019"),
        ("cycle", [replace(SOUND[0], level=2, parent="20805"), *SOUND[1:]], 2, "below itself"),
        ("two levels", [*SOUND[:1], replace(SOUND[3], parent="208")], 3, "not one level up"),
        ("length", [*SOUND, replace(SOUND[0], code="2081")], 6, "its length should be 3"),
        ("blank name", [*SOUND, entry("210", " ", 2018, 2025)], 6, "210 has no name"),
        ("ends first", [*SOUND, entry("210", "己", 2018, 2017)], 6, "before it begins"),
        ("other list", [*SOUND, replace(SOUND[0], code="210", list="x")], 6, "of the list 'x'"),
    ],
)
def test_a_fault_is_named_with_its_line(
    fault: str, entries: list[CodeEntry], line: int, problem: str, tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    write_entries(path, SOUND)
    sound, proof = Proof(), Proof()
    prove_file(sound, path, FUNCTION)
    write_entries(path, entries)
    prove_file(proof, path, FUNCTION)
    assert sound.violations == []
    assert any(v.startswith(f"{path}, line {line}: ") and problem in v for v in proof.violations), (
        fault, proof.violations,
    )  # fmt: skip


# ---- the commands ----


def test_check_fails_on_a_bad_list_of_the_user(own: Path) -> None:
    assert run("check").exit_code == 0
    orphan = entry("20805", "甲", 2022, 2022, status="official")
    path = save_version(Version(FUNCTION, 2022, "a", "0" * 64, "2026-01-01", 1), [orphan])
    result = run("check")
    assert result.exit_code == 1
    assert f"{path}, line 2: 20805 stands below 208" in result.output


def test_check_fails_on_a_version_that_does_not_tell_where_it_is_from(own: Path) -> None:
    whole = entry("208", "甲", 2022, 2022, status="official")
    path = save_version(Version(FUNCTION, 2022, "a", "0" * 64, "2026-01-01", 1), [whole])
    path.with_suffix(".json").unlink()
    result = run("check")
    assert result.exit_code == 2
    assert "2022.json: does not tell what 2022.csv was imported from" in result.output


def test_show_tells_all_of_a_code() -> None:
    result = run("show", "2080505", "--year", "2022", "--format", "json")
    [card] = json.loads(result.output)
    assert [step["code"] for step in card["path"]] == ["208", "20805", "2080505"]
    assert (card["valid_from"], card["valid_to"], card["valid"]) == (2018, 2026, True)
    assert (card["cofog"]["code"], card["cofog"]["origin"]) == ("10.2", "yusuan, not official")
    assert "江苏省级部门预算公开" in card["source"]


def test_show_finds_a_name_in_every_list() -> None:
    result = run("show", "住房公积金", "--format", "json")
    found = {(card["list"], card["code"]) for card in json.loads(result.output)}
    assert {(FUNCTION, "2210201"), (ECONOMIC, "30113"), (ECONOMIC, "30311")} <= found


def test_show_says_what_is_nearest_to_a_code_in_no_list() -> None:
    result = run("show", "2210101", "--list", FUNCTION)
    assert result.exit_code == 2
    assert "nearest: 2210201 住房公积金" in result.output


@pytest.mark.parametrize("printed", ["２０８０５０５", "208 05 05", " 2080505 "])
def test_show_reads_a_code_as_it_is_printed(printed: str) -> None:
    [card] = json.loads(run("show", printed, "--format", "json").output)
    assert card["code"] == "2080505"


@pytest.mark.parametrize(
    ("wanted", "nearest"),
    [("2210101", "2210201 住房公积金"), ("208050", "20805 行政事业单位养老支出"), ("3201", "320100 南京市"),
     ("100", "101 税收收入")],
)  # fmt: skip
def test_what_is_nearest_begins_alike(wanted: str, nearest: str) -> None:
    result = run("show", wanted)
    assert result.exit_code == 2
    assert f"{wanted}: in no list; nearest: {nearest} (" in result.output
    stem = wanted[: len(wanted) // 2]
    assert all(near.startswith(stem) for near in result.output.split("nearest: ")[1].split("; "))


def test_show_knows_the_words_of_facts_and_how_they_are_printed(package: yusuan.Package) -> None:
    """Phases, directions, fund sources and 三公 items are lists like the others."""
    [card] = json.loads(run("show", "公务用车运行费", "--year", "2022", "--format", "json").output)
    assert (card["list"], card["code"], card["status"]) == ("items", "vehicle-operation", "ours")
    assert [step["code"] for step in card["path"]] == [
        "three-public", "vehicles", "vehicle-operation",
    ]  # fmt: skip
    text = run("show", "approved", "--package", str(package.folder)).output
    assert "appears   " in text
    assert "in no fact" not in text


def test_show_counts_no_facts_for_a_list_that_facts_do_not_use(package: yusuan.Package) -> None:
    assert "appears" not in run("show", "CNY", "--package", str(package.folder)).output


def test_the_lists_of_words_are_listed_and_proven() -> None:
    told = {
        item["list"]: item for item in json.loads(run("list", "--format", "json").output)["lists"]
    }
    assert [level["codes"] for level in told["items"]["levels"]] == [7, 3, 2]
    assert told["phases"]["complete"]
    assert told["phases"]["years"] == {"2007": 4}
    assert prove_lists().counts["directions: entries"] == 2


def test_a_word_of_the_user_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "lists").mkdir()
    text = "rows:\n  - {code: hospitality, synonyms: [样例接待]}\n"
    (tmp_path / "lists" / "items.yaml").write_text(text, "utf-8")
    assert run("show", "样例接待").exit_code == 2
    monkeypatch.setenv("YUSUAN_SCHEMAS", str(tmp_path))
    assert "hospitality 公务接待费" in run("show", "样例接待").output


def test_show_without_a_code_says_what_it_expects() -> None:
    result = run("show", " ")
    assert result.exit_code == 2
    assert "no code or name given" in result.output


def test_a_year_between_two_names_is_told_as_such() -> None:
    """21007 was 妇幼保健 in 2009 and 计划生育事务 in 2023; no source tells of 2017."""
    [card] = json.loads(run("show", "21007", "--year", "2017", "--format", "json").output)
    assert not card["valid"]
    assert [item["name"] for item in card["nearby"]] == ["妇幼保健", "计划生育事务"]
    assert "before or after it the code was 妇幼保健 (2009)" in run(
        "show", "21007", "--year", "2017"
    ).output  # fmt: skip


def test_show_tells_the_counterpart_in_the_other_economic_classification() -> None:
    def told(code: str) -> list[tuple[str, str]]:
        [card] = json.loads(run("show", code, "--year", "2018", "--format", "json").output)
        return [(other["code"], other["relation"]) for other in card["counterparts"]]

    assert told("50101") == [("30101", "narrow"), ("30102", "narrow"), ("30103", "narrow")]
    assert told("30101") == [("50101", "broad")]


def test_list_counts_by_level_and_year_and_names_own_versions(own: Path) -> None:
    official = entry("208", "甲", 2022, 2022, status="official")
    save_version(Version(FUNCTION, 2022, "2022.xlsx", "0" * 64, "2026-01-01", 1), [official])
    told = json.loads(run("list", "--format", "json").output)
    assert told["folder"] == str(own)
    lists = {item["list"]: item for item in told["lists"]}
    assert [level["codes"] for level in lists["cofog"]["levels"]] == [10, 69, 109]
    assert lists[FUNCTION]["versions"][0]["file"] == "2022.xlsx"
    assert lists[FUNCTION]["years"]["2022"] == 1
    assert not lists[FUNCTION]["complete"] and lists["administrative-division"]["complete"]
