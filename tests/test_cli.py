"""Every command as its user runs it; every mistake is one sentence and no traceback."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import yusuan
from tests.disclosures import disclosure_text, write
from yusuan.cli import main


def run(*arguments: str | Path) -> Result:
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    return result


@pytest.mark.smoke
@pytest.mark.usefixtures("quick_framework")
def test_build_then_validate_then_check_then_query(tmp_path: Path) -> None:
    source, out = write(tmp_path, disclosure_text()), tmp_path / "out"
    built = run("build", source, "--output", out, "--base", "https://data.example.org/b")
    assert built.exit_code == 0
    assert "1 document, 7 facts" in built.output
    assert run("validate", out).exit_code == 0
    assert run("check", out).exit_code == 0
    query = "SELECT ?f WHERE { ?f <https://w3id.org/yusuan/def#cell> ?cell } LIMIT 1"
    asked = run("query", out, query)
    assert asked.output.splitlines()[1].startswith("https://data.example.org/b/id/fact/")


def test_check_explains_in_chinese_or_english(sample: Path) -> None:
    chinese = run("check", sample)
    assert chinese.exit_code == 1
    assert "第307行 C3" in chinese.output
    assert "应为64万元" in chinese.output
    english = run("check", sample, "--lang", "en")
    assert "line 307, cell C3" in english.output
    assert run("check", sample, "--fail-on", "never").exit_code == 0


@pytest.mark.smoke
def test_check_as_json_and_csv(sample: Path) -> None:
    report = json.loads(run("check", sample, "--format", "json").output)
    assert set(report) == {"findings", "unrecognised"}
    findings = report["findings"]
    assert {"rule", "verdict", "line", "printed", "expected", "message_zh"} <= set(findings[0])
    assert run("check", sample, "--format", "csv").output.startswith("finding,rule,verdict")


def test_one_bad_file_among_good_ones_is_left_out_and_named(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    write(folder, disclosure_text(), "good.md")
    write(folder, "没有表格的文字。\n", "bad.md")
    result = run("build", folder, "--output", tmp_path / "out")
    assert result.exit_code == 0
    assert "Left out: bad.md: no budget table found" in result.output


def test_the_same_file_twice_is_read_once(tmp_path: Path) -> None:
    for name in ("a.md", "b.md"):
        write(tmp_path, disclosure_text(), name)
    result = run("build", tmp_path, "--output", tmp_path / "out")
    assert "b.md: the same file as a.md" in result.output
    assert "1 document, 7 facts" in result.output


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("missing.md", None, "no such file or folder"),
        ("empty.md", "", "the file is empty"),
        ("poem.md", "床前明月光，疑是地上霜。\n", "no budget table found"),
        ("wide.md", "部门支出总体情况表\n科目" + "\t1" * 10_000, "line 2: a row of 10,001 columns"),
        ("undated.md", disclosure_text().replace("2023年", ""), "no budget year"),
        ("nameless.md", "单位：万元\n部门支出总体情况表\n科目编码\t科目名称\t合计\t基本支出\t项目支出\n"
         "2130301\t行政运行\t1\t1\t\n\n2023年\n", "no department name"),
    ],
)  # fmt: skip
def test_bad_input_writes_nothing(
    tmp_path: Path, name: str, content: str | None, message: str
) -> None:
    path = tmp_path / name
    if content is not None:
        write(tmp_path, content, name)
    result = run("build", path, "--output", tmp_path / "out")
    assert result.exit_code == 2
    assert message in result.output
    assert name in result.output
    assert not (tmp_path / "out").exists()
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".yusuan")] == []


def test_a_failed_build_leaves_the_earlier_package_alone(tmp_path: Path) -> None:
    out = tmp_path / "out"
    yusuan.build(write(tmp_path, disclosure_text()), out)
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*")}
    assert run("build", write(tmp_path, "", "empty.md"), "--output", out).exit_code == 2
    assert {path: path.stat().st_mtime_ns for path in out.rglob("*")} == before


def test_an_earlier_package_is_replaced_whole(tmp_path: Path) -> None:
    out = tmp_path / "out"
    yusuan.build(write(tmp_path, disclosure_text(), "a.md"), out)
    (out / "data" / "stale.csv").write_text("x")
    (tmp_path / "link").symlink_to(out)
    yusuan.build(
        write(tmp_path, disclosure_text().replace("2023", "2024"), "b.md"), tmp_path / "link"
    )
    assert (tmp_path / "link").is_symlink()
    assert not (out / "data" / "stale.csv").exists()
    assert list(yusuan.open_package(out).documents["fiscal_year"]) == [2024]


def test_a_folder_with_other_files_is_never_replaced(tmp_path: Path) -> None:
    out = tmp_path / "precious"
    out.mkdir()
    (out / "thesis.doc").write_text("years of work")
    result = run("build", write(tmp_path, disclosure_text()), "--output", out)
    assert result.exit_code == 2
    assert "nothing of yours is lost" in result.output
    assert (out / "thesis.doc").read_text() == "years of work"
    (out / "datapackage.json").write_text('{"name": "theirs"}')
    assert run("build", tmp_path / "disclosure.md", "--output", out).exit_code == 2
    assert (out / "thesis.doc").exists()


@pytest.mark.parametrize("command", [["validate"], ["check"], ["query", "SELECT"], ["serve"]])
def test_commands_on_a_folder_without_package(tmp_path: Path, command: list[str]) -> None:
    result = run(command[0], tmp_path, *command[1:])
    assert result.exit_code == 2
    assert str(tmp_path) in result.output


@pytest.mark.smoke
@pytest.mark.parametrize("query", ["SELECT", "DROP ALL", "SELECT * { SERVICE <http://x/> {} }"])
def test_bad_and_forbidden_queries(package: yusuan.Package, query: str) -> None:
    result = run("query", package.folder, query)
    assert result.exit_code == 2
    assert result.output.startswith("Error: ")


@pytest.mark.parametrize("printed", ["99999999999999999", "0.0000001", "1152.3000000000002"])
def test_amounts_that_fen_cannot_hold_are_built_and_reported(tmp_path: Path, printed: str) -> None:
    rows = (f"213\t03\t01\t行政运行\t{printed}\t{printed}\t",)
    result = run("build", write(tmp_path, disclosure_text(rows=rows)), "--output", tmp_path / "out")
    assert result.exit_code == 0
    findings = yusuan.open_package(tmp_path / "out").findings
    assert "amount-below-fen" in set(findings["rule"])
