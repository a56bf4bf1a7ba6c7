"""``yusuan codes import`` as its user runs it, and what later commands then know."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.codebooks.layouts import LAYOUTS
from tests.codebooks.lists import ItemTruth, economic_list, function_list, revenue_list
from tests.codebooks.render import FORMATS
from tests.sources.pdf_drawing import Drawing
from yusuan.cli import main
from yusuan.codes import code_list
from yusuan.codes.codebooks import Codebook, list_ids
from yusuan.codes.codebooks.read import codebook
from yusuan.sources import read_document

FUNCTION = "expenditure-function"
START = "科目编码\t科目名称\n201\t样例甲支出\n20101\t样例甲甲事务\n2010101\t样例甲甲甲\n"


@pytest.fixture(autouse=True)
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "own"
    monkeypatch.setenv("YUSUAN_CODES", str(folder))
    return folder


@pytest.fixture
def in_child() -> None:
    """The file is read in a process of its own, as a user has it."""


@pytest.fixture(autouse=True)
def _here(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Other tests read as the child does, without the second it takes to start."""

    def read(path: Path, list_id: str, year: int) -> Codebook:
        return codebook(read_document(path), list_id, year)

    if "in_child" not in request.fixturenames:
        monkeypatch.setattr("yusuan.cli.codes_import.read_codebook", read)


def run(*arguments: str | Path) -> Result:
    result = CliRunner().invoke(main, ["codes", *map(str, arguments)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    return result


def take(path: Path, *options: str, year: int = 2024, list_id: str = FUNCTION) -> Result:
    return run("import", path, "--list", list_id, "--year", str(year), *options)


def write(folder: Path, text: str, name: str = "list.txt") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def changes(result: Result) -> dict[str, Any]:
    report: dict[str, Any] = json.loads(result.stdout)
    found: dict[str, Any] = report["changes"]
    return found


@pytest.mark.usefixtures("in_child")
def test_import_keeps_a_version_that_every_command_reads(tmp_path: Path, own: Path) -> None:
    items = function_list()[:200]
    suffix, maker = FORMATS["xlsx"]
    path = tmp_path / f"科目.{suffix}"
    path.write_bytes(maker([LAYOUTS["columns"](items, "2024年支出功能分类科目")]))
    result = take(path)
    assert result.exit_code == 0
    assert result.output.startswith(f"{FUNCTION} 2024 in 科目.xlsx: 200 items (类 1, 款 ")
    assert f"Kept: {own / FUNCTION / '2024.csv'}" in result.output
    match = code_list(FUNCTION).find(items[-1].code, 2024)
    assert match and match.exact and match.entry.status == "official"
    assert match.entry.source and match.entry.source.startswith("科目.xlsx sha256:")
    assert match.entry.parent == items[-1].code[:5]
    shown = run("show", "201", "--year", "2024")
    assert items[0].name in shown.output
    sidecar = json.loads((own / FUNCTION / "2024.json").read_text("utf-8"))
    assert (sidecar["file"], sidecar["rows"]) == ("科目.xlsx", 200)


def test_a_list_that_is_not_built_in_at_all(tmp_path: Path) -> None:
    path = write(tmp_path, "科目编码\t科目名称\n501\t样例政府甲\n50199\t样例其他\n")
    assert take(path, list_id="expenditure-economic-government").exit_code == 0
    found = code_list("expenditure-economic-government").find("50199", 2024)
    assert found and found.entry.name == "样例其他"


def test_the_year_before_is_what_is_compared(tmp_path: Path) -> None:
    take(
        write(tmp_path, START + "2010102\t样例旧\n2010103\t样例迁\n20102\t样例甲乙事务\n"),
        year=2022,
    )
    now = (
        START.replace("甲甲甲", "甲甲新")
        + "20102\t样例甲乙事务\n2010205\t样例迁\n2010206\t样例增\n"
    )
    found = changes(take(write(tmp_path, now), "--format", "json"))
    assert found == {
        "added": [{"code": "2010206", "name": "样例增"}],
        "renamed": [{"code": "2010101", "before": "样例甲甲甲", "name": "样例甲甲新"}],
        "moved": [{"before": "2010103", "code": "2010205", "name": "样例迁"}],
        "withdrawn": [{"code": "2010102", "name": "样例旧"}],
        "unchanged": 3,
    }


def test_a_code_that_is_used_again_is_no_renamed_one(tmp_path: Path) -> None:
    """As in 2019: 住房公积金 had gone from 30311, which then became 代缴社会保险费."""
    take(write(tmp_path, START + "2010102\t样例迁\n2010103\t样例旧\n"), year=2023)
    now = write(tmp_path, START + "2010102\t样例增\n2010103\t样例迁\n2010104\t样例又增\n")
    found = changes(take(now, "--dry-run", "--format", "json"))
    assert found["moved"] == [{"before": "2010102", "code": "2010103", "name": "样例迁"}]
    assert [item["name"] for item in found["added"]] == ["样例增", "样例又增"]
    assert [item["name"] for item in found["withdrawn"]] == ["样例旧"]
    assert found["renamed"] == []
    text = take(now).output
    assert "2010102 样例增 (before the code of 样例迁)" in text
    assert "2010103 样例旧 (now the code of 样例迁)" in text


def test_an_item_that_every_group_has_does_not_move_to_a_new_group(tmp_path: Path) -> None:
    groups = START + "20102\t样例甲乙事务\n2010201\t行政运行\n2010199\t行政运行\n"
    take(write(tmp_path, groups + "20103\t样例旧事务\n2010301\t行政运行\n"), year=2023)
    now = groups.replace("2010199", "2010150") + "20104\t样例新事务\n2010401\t行政运行\n"
    found = changes(take(write(tmp_path, now), "--format", "json"))
    assert [(item["before"], item["code"]) for item in found["moved"]] == [("2010199", "2010150")]
    assert [item["code"] for item in found["added"]] == ["20104", "2010401"]
    assert [item["code"] for item in found["withdrawn"]] == ["20103", "2010301"]


def test_two_whole_years_differ_by_what_was_changed(tmp_path: Path) -> None:
    """1,541 items, then a group moved with its items, one renamed, one split, one withdrawn."""
    before = {item.code: item.name for item in function_list()}
    group = [code for code in before if code.startswith("20306")]
    now = {code: name for code, name in before.items() if code not in group}
    moves = {code: f"20396{code[5:]}" for code in group}
    now |= {moves[code]: before[code] for code in group}
    now |= {"20805": "行政事业单位养老支出", "2100501": "样例拆分甲", "2100597": "样例拆分乙"}
    now["2050101"] = before["2050101"].replace("（", "(").replace("）", ")")
    del now["2010105"]
    report: dict[str, Any] = {}
    for year, names in ((2023, before), (2024, now)):
        items = [ItemTruth(code, name, "") for code, name in sorted(names.items())]
        sheet = FORMATS["xlsx"][1]([LAYOUTS["columns"](items, f"{year}年政府收支分类科目")])
        path = tmp_path / f"{year}.xlsx"
        path.write_bytes(sheet)
        report = changes(take(path, "--format", "json", year=year))
    assert report == {
        "added": [{"code": "2100597", "name": "样例拆分乙"}],
        "renamed": [
            {"code": code, "before": before[code], "name": now[code]}
            for code in ("20805", "2100501")
        ],
        "moved": [
            {"before": old, "code": new, "name": before[old]} for old, new in sorted(moves.items())
        ],
        "withdrawn": [{"code": "2010105", "name": before["2010105"]}],
        "unchanged": len(before) - len(moves) - 3,
    }


def test_items_of_a_common_name_move_only_with_what_is_above_them(tmp_path: Path) -> None:
    def text(first: str, second: str) -> str:
        return (
            f"科目编码\t科目名称\n201\t样例甲支出\n{first}\t样例甲甲事务\n{first}01\t行政运行\n"
            f"{second}\t样例甲乙事务\n{second}01\t行政运行\n"
        )

    take(write(tmp_path, text("20101", "20102")), year=2023)
    found = changes(take(write(tmp_path, text("20101", "20105")), "--format", "json"))
    assert [(move["before"], move["code"]) for move in found["moved"]] == [
        ("20102", "20105"),
        ("2010201", "2010501"),
    ]
    assert not found["added"] + found["withdrawn"]


def test_without_an_earlier_version_what_sources_attest_is_compared(tmp_path: Path) -> None:
    result = take(write(tmp_path, START), "--dry-run")
    assert "Compared with what sources attest before 2024, which is no complete list" in (
        result.output
    )
    assert "--format json lists all" in result.output


def test_dry_run_keeps_nothing(tmp_path: Path, own: Path) -> None:
    result = take(write(tmp_path, START), "--dry-run")
    assert result.exit_code == 0
    assert "Nothing kept (--dry-run)" in result.output
    assert not own.exists()


def test_a_version_is_replaced_only_when_told(tmp_path: Path) -> None:
    assert take(write(tmp_path, START)).exit_code == 0
    changed = write(tmp_path, START.replace("甲支出", "乙支出"))
    refused = take(changed)
    assert refused.exit_code == 2
    assert "is kept already (from list.txt); give --replace" in refused.output
    assert take(changed, "--replace").exit_code == 0
    match = code_list(FUNCTION).find("201", 2024)
    assert match and match.entry.name == "样例乙支出"


def test_problems_forbid_to_keep_it_unless_accepted(tmp_path: Path, own: Path) -> None:
    path = write(tmp_path, "2023年政府收支分类科目\n\n" + START + "20102\t\n3\t样例\n")
    result = take(path)
    assert result.exit_code == 1
    assert "the file says 2023" in result.output
    assert "line 7, cell A5: 20102 has no name" in result.output
    assert "Nothing kept: 3 problems" in result.output
    assert not own.exists()
    assert take(path, "--accept-problems").exit_code == 0
    assert [e.code for e in code_list(FUNCTION).entries if e.status == "official"] == [
        "201", "20101", "2010101",
    ]  # fmt: skip


def test_json_tells_where_every_item_and_problem_stands(tmp_path: Path) -> None:
    result = take(write(tmp_path, START + "20102\t\n"), "--format", "json")
    report = json.loads(result.stdout)
    assert report["counts"] == {"类": 1, "款": 2, "项": 1}
    assert report["items"][0]["place"] == "line 2, cell A2"
    assert report["problems"][0] == {
        "kind": "blank-name", "page": None, "line": 5, "cell": "A5", "message": "20102 has no name",
    }  # fmt: skip
    assert report["stored"] is None


def scanned() -> bytes:
    drawing = Drawing()
    drawing.picture(0, 0, 595, 842)
    return drawing.content()


@pytest.mark.usefixtures("in_child")
@pytest.mark.parametrize("name", ["empty.csv", "list.pdf"])
def test_a_file_that_the_child_cannot_read_is_one_sentence(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"" if name == "empty.csv" else b"%PDF-1.4\n")
    result = take(tmp_path / name)
    assert result.exit_code == 2
    assert len(result.output.splitlines()) == 1 and name in result.output


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("empty.csv", b"", "the file is empty"),
        ("list.xlsx", b"PK\x03\x04 damaged", "damaged or cut off"),
        ("list.pdf", scanned(), "no text layer"),
        ("list.exe", b"MZ\x00\x01", "cannot be read"),
        ("poem.txt", "床前明月光，疑是地上霜。".encode(), "no code of expenditure-function found"),
        ("other.txt", "科目编码\t科目名称\n301\t样例\n30101\t样例甲\n".encode(),
         "2 rows of expenditure-economic-department; is it --list"),
        ("budget.txt", "科目编码\t科目名称\t合计\n201\t样例\t1.00\n".encode(), "looks like a budget"),
    ],
)  # fmt: skip
def test_wrong_files_are_one_sentence(
    tmp_path: Path, own: Path, name: str, content: bytes, message: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    result = take(path)
    assert result.exit_code == 2
    assert message in result.output
    assert not own.exists()


def test_a_page_that_could_not_be_read_is_a_problem(tmp_path: Path) -> None:
    drawing = Drawing()
    rows = [["科目编码", "科目名称"], ["201", "样例甲支出"], ["20101", "样例甲甲事务"]]
    drawing.table([60, 160, 500], 100, rows)
    drawing.page()
    drawing.picture(0, 0, 595, 842)
    drawing.page()
    path = tmp_path / "list.pdf"
    path.write_bytes(drawing.content())
    result = take(path)
    assert result.exit_code == 1
    assert "page 2, line 1: page 2 has no text layer" in result.output


def test_a_real_budget_is_refused(sample: Path) -> None:
    result = take(sample)
    assert result.exit_code == 2
    assert "looks like a budget" in result.output


@pytest.mark.parametrize("list_id", list_ids())
def test_what_was_imported_is_proven(tmp_path: Path, list_id: str) -> None:
    """Each list down to its lowest level, which for revenue is 目."""
    items = {
        FUNCTION: function_list()[:30], "revenue": revenue_list(1),
        "expenditure-economic-department": economic_list("3"),
        "expenditure-economic-government": economic_list("5"),
    }[list_id]  # fmt: skip
    suffix, maker = FORMATS["csv"]
    path = tmp_path / f"list.{suffix}"
    path.write_bytes(maker([LAYOUTS["columns"](items, "2024年政府收支分类科目")]))
    assert take(path, list_id=list_id).exit_code == 0
    checked = run("check")
    assert checked.exit_code == 0, checked.output


def test_many_problems_are_counted_and_a_few_are_told(tmp_path: Path) -> None:
    lines = "".join(f"{n % 99 + 1:02} 样例{n}事务\n" for n in range(300))
    result = take(write(tmp_path, f"支出功能分类科目\n201 样例甲支出\n{lines}"))
    assert result.exit_code == 1
    assert "more; --format json lists all" in result.output
    assert len(result.output.splitlines()) < 60


@pytest.mark.parametrize("left", ["2024.json", "2024.csv"])
def test_a_damaged_version_is_mended_by_importing_it_again(
    tmp_path: Path, own: Path, left: str
) -> None:
    path = write(tmp_path, START)
    assert take(path).exit_code == 0
    (own / FUNCTION / left).write_text("damaged", "utf-8")
    broken = run("list")
    assert broken.exit_code == 2
    assert take(path, "--replace").exit_code == 0
    assert run("list").exit_code == run("check").exit_code == 0


def test_own_lists_in_a_file_are_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write(tmp_path, START)
    monkeypatch.setenv("YUSUAN_CODES", str(file))
    for arguments in (("list",), ("show", "201"), ("check",)):
        result = run(*arguments)
        assert result.exit_code == 2
        assert "YUSUAN_CODES names a file; expected a folder" in result.output
    assert take(file).exit_code == 2
