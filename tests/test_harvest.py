"""``yusuan codes harvest``: what packages teach about codes, and what is kept of it."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import yusuan
from tests.coded import budget
from yusuan.cli import main
from yusuan.codes import code_list
from yusuan.codes.proof import prove_lists
from yusuan.package.harvest import COLUMNS

FUNCTION = "expenditure-function"
NEW = "智慧水利专项"


@pytest.fixture(autouse=True)
def own_lists(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No test reads or writes the lists of whoever runs it."""
    monkeypatch.setenv("YUSUAN_CODES", str(tmp_path / "codes"))
    return tmp_path / "codes"


def harvest(*arguments: str | Path) -> Result:
    result = CliRunner().invoke(main, ["codes", "harvest", *map(str, arguments)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def table(*arguments: str | Path) -> dict[tuple[str, str], dict[str, str]]:
    result = harvest(*arguments)
    assert result.exit_code == 0, result.output
    rows = list(csv.DictReader(result.stdout.splitlines()))
    return {(row["code"], row["name"]): row for row in rows}


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two packages: a year each, three bodies; one of them misprints a code."""
    folder = tmp_path_factory.mktemp("packages")
    for year in (2024, 2025):
        source = folder / f"source{year}"
        source.mkdir()
        for body, pairs in {
            "水利厅": [("2130398", NEW), ("2130301", "行政运行")],
            "农业厅": [("2130398", NEW), ("2210201", "住房公积金")],
            "林业局": [("2130398", "错印"), ("2210101", "住房公积金"), ("2130397", "独有")],
        }.items():
            budget(source, body, pairs, year=year)
        yusuan.build(source, folder / str(year))
    return [folder / "2024", folder / "2025"]


def test_each_name_is_told_with_its_witnesses_and_what_speaks_against_it(
    packages: list[Path],
) -> None:
    found = table(packages[0])
    told = {key: (row["documents"], row["departments"], row["verdict"], row["against"])
            for key, row in found.items()}  # fmt: skip
    assert told == {
        ("2130301", "行政运行"): ("1", "1", "agreed", ""),
        ("2130397", "独有"): ("1", "1", "new", ""),
        ("2130398", NEW): ("2", "2", "agreed", ""),
        ("2130398", "错印"): ("1", "1", "conflict", f"2130398 {NEW}（2 份文件、2 个部门）"),
        ("2210101", "住房公积金"): (
            "1", "1", "conflict", "2210201 住房公积金（attested 2017—2026）",
        ),
        ("2210201", "住房公积金"): ("1", "1", "agreed", ""),
    }  # fmt: skip
    assert list(next(iter(found.values()))) == list(COLUMNS)


def test_years_are_those_of_all_packages_and_a_package_twice_changes_nothing(
    packages: list[Path],
) -> None:
    result = harvest(*packages)
    rows = [row for row in csv.DictReader(result.stdout.splitlines()) if row["name"] == NEW]
    assert [(row["year"], row["first_year"], row["last_year"]) for row in rows] == [
        ("2024", "2024", "2025"), ("2025", "2024", "2025"),
    ]  # fmt: skip
    assert harvest(*reversed(packages), packages[0]).stdout == result.stdout


def test_json_and_a_file(packages: list[Path], tmp_path: Path) -> None:
    output = tmp_path / "names.json"
    result = harvest(packages[0], "--format", "json", "--output", output)
    assert result.stdout == ""
    assert "6 names of codes: 3 agreed, 2 conflict, 1 new" in result.stderr
    rows = json.loads(output.read_text("utf-8"))
    assert list(rows[0]) == list(COLUMNS)
    assert {type(row["documents"]) for row in rows} == {int}


def test_what_agrees_is_kept_and_nothing_else(packages: list[Path], own_lists: Path) -> None:
    """What the lists lack: a name two bodies print, and the years of one known only for 2009."""
    assert code_list(FUNCTION).find("2130398", 2024) is None
    result = harvest(*packages, "--keep")
    assert f"Kept 2 names in {own_lists / FUNCTION / 'attested.csv'}" in result.stderr
    match = code_list(FUNCTION).find("2130398", 2025)
    assert match is not None
    entry = match.entry
    assert (entry.name, entry.valid_from, entry.valid_to) == (NEW, 2024, 2025)
    assert (entry.status, entry.parent, entry.level) == ("attested", "21303", 3)
    assert entry.source == "2024 年 2 份文件、2 个部门；2025 年 2 份文件、2 个部门"
    renewed = code_list(FUNCTION).find("2130301", 2024)
    assert renewed is not None and renewed.exact
    assert code_list(FUNCTION).find("2210101", 2024) is None
    assert code_list(FUNCTION).find("2130397", 2024) is None
    assert prove_lists().violations == []


def test_what_was_kept_does_not_confirm_itself(packages: list[Path]) -> None:
    before = harvest(packages[0], "--keep").stdout
    assert harvest(packages[0], "--keep").stdout == before


def test_a_kept_name_is_known_to_the_next_check(packages: list[Path], tmp_path: Path) -> None:
    harvest(packages[0], "--keep")
    source = tmp_path / "new"
    source.mkdir()
    budget(source, "民政厅", [("2130398", "又错印")])
    checked = CliRunner().invoke(main, ["check", str(source)])
    assert f"编码2130398为“{NEW}”（2024年）" in checked.output


def test_a_name_below_no_known_code_is_not_kept(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    for body in ("水利厅", "农业厅"):
        budget(source, body, [("2139877", NEW)])
    yusuan.build(source, tmp_path / "package")
    result = harvest(tmp_path / "package", "--keep")
    assert "Kept nothing" in result.stderr
    assert f"Not kept: 2139877 {NEW}; no list has 21398, the code above it" in result.stderr


def test_nothing_given_or_no_package_is_explained(tmp_path: Path) -> None:
    assert "Missing argument 'DIR...'" in harvest().output
    result = harvest(tmp_path)
    assert result.exit_code == 2
    assert "no data package here" in result.output
    assert "no data package here" in harvest(tmp_path / "missing").output


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda data: (data / "documents.csv").unlink(), "documents.csv: missing"),
        (lambda data: (data / "expenditure-summary.csv").write_bytes(b"\xff\xfe\x00"),
         "cannot be read"),
        (lambda data: (data / "expenditure-summary.csv").write_text("a,b\n"), "columns a, b"),
        (lambda data: (data / "documents.csv").write_text(
            (data / "documents.csv").read_text("utf-8").replace(",2024,", ",year,"), "utf-8"),
         "cannot be read"),
        (lambda data: (data / "documents.csv").write_text(
            (data / "documents.csv").read_text("utf-8").split("\n")[0] + "\n", "utf-8"),
         "is not in data/documents.csv"),
    ],
)  # fmt: skip
def test_a_damaged_package_is_explained_and_nothing_is_written(
    packages: list[Path],
    tmp_path: Path,
    own_lists: Path,
    damage: Callable[[Path], object],
    message: str,
) -> None:
    folder = tmp_path / "damaged"
    shutil.copytree(packages[0], folder)
    damage(folder / "data")
    output = tmp_path / "names.csv"
    result = harvest(packages[1], folder, "--keep", "--output", output)
    assert result.exit_code == 2
    assert message in result.output
    assert not output.exists()
    assert not own_lists.exists()


def test_a_file_that_cannot_be_written_is_explained(packages: list[Path], tmp_path: Path) -> None:
    result = harvest(packages[0], "--output", tmp_path / "nowhere" / "names.csv")
    assert result.exit_code == 2
    assert "cannot be written" in result.output
