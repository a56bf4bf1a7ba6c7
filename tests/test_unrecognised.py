"""Whatever is not recognised is kept and told, with what to do; doing that helps."""

from __future__ import annotations

import csv
import json
import os
import re
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import yusuan
from tests.disclosures import COVER, EXPENDITURE, ROWS, disclosure_text, write
from tests.sources.pdf_drawing import Drawing
from yusuan.cli import main
from yusuan.facts.unrecognised import unrecognised_in
from yusuan.model.errors import YusuanError
from yusuan.model.records import Unrecognised
from yusuan.narrative.disclosure import understand
from yusuan.pipeline import check_sources
from yusuan.schema import catalogue
from yusuan.schema.overlay import VARIABLE, using_schemas
from yusuan.sources import read_document

REVENUE = """\
表2:

{title}

单位：万元

科目编码\t科目名称\t总计\t{heading}\t事业收入
2130301\t行政运行\t100\t60\t40
2130306\t水利工程运行与维护\t250\t200\t50
\t合计\t350\t260\t90
"""


def run(*arguments: str | Path) -> Result:
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def left(path: Path) -> list[Unrecognised]:
    return unrecognised_in(understand(read_document(path)))


def with_grid(folder: Path, grid: str) -> list[Unrecognised]:
    """What is left out of a disclosure that has this table besides a standard one."""
    standard = EXPENDITURE.format(unit="万元", rows="\n".join(ROWS))
    return left(write(folder, disclosure_text(standard, grid)))


def follow(advice: str, folder: Path) -> Path:
    """Do what the English advice says, word by word."""
    match = re.search(r"add (.+) to (tables/\S+\.yaml) in the folder given with --schemas", advice)
    assert match, advice
    file = folder / match[2]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(match[1].replace("; ", "\n") + "\n", "utf-8")
    return folder


def test_an_unknown_title_is_told_and_adding_it_helps(tmp_path: Path) -> None:
    standard = EXPENDITURE.format(unit="万元", rows="\n".join(ROWS))
    unknown = REVENUE.format(title="临安县水利局2023年收入一览表(公开)", heading="财政拨款收入")
    unknown = unknown.replace("事业收入", "金额").replace("财政拨款收入", "合计")
    source = write(tmp_path, disclosure_text(standard, unknown))
    (entry,) = left(source)
    assert (entry.scope, entry.line, entry.rows, entry.columns, entry.numbers) == (
        "table", 27, 3, 3, 9,
    )  # fmt: skip
    assert entry.printed == "临安县水利局2023年收入一览表(公开)"
    assert entry.nearest == "revenue-summary"
    assert "不在标准表的写法之中" in entry.reason_zh
    own = follow(entry.advice_en, tmp_path / "own")
    built = run("build", source, "--output", tmp_path / "out", "--schemas", own)
    assert built.exit_code == 0
    package = yusuan.open_package(tmp_path / "out")
    assert set(package.facts["table"]) == {"expenditure-summary", "revenue-summary"}
    # What 合计 and 金额 are beside 总计, nobody can know.
    said = [
        (row["scope"], row["printed"])
        for row in csv.DictReader((tmp_path / "out/data/unrecognised.csv").open(encoding="utf-8"))
    ]
    assert said == [("column", "合计"), ("column", "金额")]


def test_an_unknown_heading_is_told_and_adding_it_helps(tmp_path: Path) -> None:
    table = REVENUE.format(title="部门收入总体情况表", heading="财政拨款/补助收入合计")
    source = write(tmp_path, disclosure_text(table))
    (entry,) = left(source)
    assert (entry.scope, entry.nearest, entry.cell, entry.numbers) == (
        "column", "revenue-summary", "D2", 3,
    )  # fmt: skip
    assert "fields: [{name: fiscal_appropriation, headings:" in entry.advice_en
    with using_schemas(follow(entry.advice_en, tmp_path / "own")):
        contents = check_sources(source).contents
    assert contents.unrecognised == []
    assert [str(f.amount) for f in contents.facts if f.column == "fiscal_appropriation"] == [
        "600000", "2000000", "2600000",
    ]  # fmt: skip


def test_a_table_unlike_any_other_is_told_without_a_nearest(tmp_path: Path) -> None:
    (entry,) = with_grid(tmp_path, "各站水位观测\n\n站名\t水位\n一号站\t3.5\n二号站\t4.2\n")
    assert (entry.nearest, entry.numbers) == (None, 2)
    assert "nothing needs doing" in entry.advice_en


def test_a_table_without_headings_may_continue_another(tmp_path: Path) -> None:
    (entry,) = with_grid(tmp_path, "（续上页）\n\n水利工程\t12.5\t7\n水文\t3.5\t\n")
    assert entry.numbers == 3
    assert "it may continue the table above" in entry.reason_en


def test_headings_like_no_column_are_left_for_the_user_to_place(tmp_path: Path) -> None:
    grid = "财政拨款支出表\n\n科目编码\t科目名称\t某某数\n2130301\t行政运行\t100\n"
    (entry,) = with_grid(tmp_path, grid)
    assert entry.nearest == "fiscal-appropriation-expenditure"
    assert "the title is that of" in entry.reason_en and "某某数" in entry.reason_en
    assert "{name: ???, headings: ['某某数']}" in entry.advice_en
    assert entry.numbers == 1


@pytest.mark.parametrize(
    "grid",
    [
        "下属单位名单\n\n序号\t单位名称\t备注\n1\t水文站\t\n2\t水库管理所\t\n",
        "目录\n\n名称\t页码\n收支总表\t3\n支出总表\t12\n",
        "单位编码表\n\n科目编码\t科目名称\n2130301\t行政运行\n2130306\t水利工程\n",
        "项目支出绩效目标表\n\n项目名称\t水利工程\n年度资金总额\t250\n"
        "一级指标\t二级指标\t三级指标\t指标值\n产出指标\t数量指标\t维护水库数量\t≥3座\n",
    ],
)
def test_what_holds_no_amounts_or_was_read_elsewhere_is_not_told(grid: str, tmp_path: Path) -> None:
    assert with_grid(tmp_path, grid) == []


def test_rows_of_numbers_without_ruled_lines_are_told_once_a_page(tmp_path: Path) -> None:
    drawing = Drawing()
    drawing.text(60, 60, "上海市普陀区司法局2025年部门预算")
    drawing.text(200, 90, "支出预算表")
    drawing.text(
        60, 110, "各项支出列示如下，其中行政运行、法律援助、公共法律服务均由区级财政安排。"
    )
    rows = [("行政运行", "1,200"), ("法律援助", "35.5"), ("合计", "1,235.5")]
    for number, (label, amount) in enumerate(rows):  # neither unit nor headings above them
        drawing.text(60, 140 + 20 * number, label)
        drawing.text(400, 140 + 20 * number, amount)
    drawing.text(300, 780, "3")
    source = tmp_path / "loose.pdf"
    source.write_bytes(drawing.content())
    (entry,) = left(source)
    assert (entry.scope, entry.page, entry.printed, entry.rows, entry.numbers) == (
        "table", 1, "支出预算表", 3, 3,
    )  # fmt: skip
    assert "without ruled lines" in entry.reason_en


@pytest.mark.parametrize(
    ("pieces", "numbers"),
    [
        (("项目支出", "1,200.00", "35.50"), 2),
        (("2080501", "行政单位离退休", "26.40", "26.40—"), 2),
        (("一、本年收入", "3,221.38一、本年支出", "3,290.87"), 2),
        (("完成率", "98.50%", "99.50%"), None),
        (("联系电话", "021-52564588", "邮编 200333"), None),
    ],
)
def test_a_single_row_outside_all_tables_is_told_with_its_line(
    pieces: tuple[str, ...], numbers: int | None, tmp_path: Path
) -> None:
    drawing = Drawing()
    drawing.text(60, 60, "上海市普陀区司法局2025年部门预算")
    drawing.text(60, 110, "各项支出列示如下，其中行政运行由区级财政安排，详见下列各项数字。")
    for place, text in enumerate(pieces):
        drawing.text(60 + 150 * place, 140, text)
    source = tmp_path / "row.pdf"
    source.write_bytes(drawing.content())
    told = [(e.scope, e.page, e.line, e.printed, e.numbers) for e in left(source)]
    assert told == ([("row", 1, 3, " | ".join(pieces), numbers)] if numbers else [])


def test_amounts_that_touch_the_next_cell_are_counted(tmp_path: Path) -> None:
    drawing = Drawing()
    drawing.text(60, 60, "上海市普陀区司法局2025年部门预算")
    drawing.text(200, 90, "支出预算表")
    rows = [("行政运行", "26.40", "26.40—"), ("法律援助", "35.50—", "35.50")]
    for number, row in enumerate((*rows, ("合计", "61.90", "61.90—"))):
        for place, text in enumerate(row):
            drawing.text(60 + 150 * place, 140 + 20 * number, text)
    source = tmp_path / "touching.pdf"
    source.write_bytes(drawing.content())
    assert [(e.rows, e.numbers) for e in left(source)] == [(3, 6)]


def test_a_number_outside_the_amount_columns_of_a_row_is_told(tmp_path: Path) -> None:
    rows = (*ROWS[:2], "\t\t\t合 计\t350\t100\t250\t77.5")
    entries = left(write(tmp_path, disclosure_text(rows=rows)))
    torn = check_sources(tmp_path).findings
    told = [entry.printed for entry in entries if entry.scope == "row"]
    told += [finding.printed or "" for finding in torn if finding.rule == "torn-row"]
    assert [text for text in told if "77.5" in text] == ["合 计 | 350 | 100 | 250 | 77.5"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("用490,700.00", True),
        ("77.50章", True),
        ("约1.5E+05", True),
        ("详见附表2", False),
        ("其中工资12.50及其他各项补贴", False),
        ("12.50%", True),  # a rate is no amount, but printed
    ],
)
def test_an_amount_with_letters_below_an_unknown_heading_is_told(
    text: str, told: bool, tmp_path: Path
) -> None:
    table = f"""\
表8:

一般公共预算“三公”经费支出表

单位：元

合计\t因公出国（境）费\t公务用车购置及运行费\t公务接待费章
670,400.00\t\t179,700.00\t{text}
"""
    entries = left(write(tmp_path, disclosure_text(table)))
    assert [text in entry.printed for entry in entries if entry.scope == "row"] == [True] * told


@pytest.mark.parametrize("behind", ["购置公务用车1辆", " 3.20%"])
def test_an_amount_with_the_text_of_the_next_column_is_told(behind: str, tmp_path: Path) -> None:
    table = f"""\
表8:

一般公共预算“三公”经费支出表

单位：元

合计\t因公出国（境）费\t公务用车购置及运行费\t费备注运行费
670,400.00\t\t179,700.00\t490,700.00
380,100.00\t\t179,700.00\t200,400.00{behind}
"""
    entries = left(write(tmp_path, disclosure_text(table)))
    assert sum(entry.numbers or 0 for entry in entries) == 2


def test_a_column_of_other_numbers_is_told_once_and_one_that_counts_lines_not_at_all(
    tmp_path: Path,
) -> None:
    table = """\
表5:

一般公共预算支出情况表

单位：万元

科目编码\t科目名称\t行次\t2023年预算数\t增减%
2130301\t行政运行\t1\t100\t3.5
2130306\t水利工程运行与维护\t2\t250\t-1.25
\t合计\t3\t350\t0.1
"""
    entries = left(write(tmp_path, disclosure_text(table)))
    assert [(entry.scope, entry.printed, entry.rows) for entry in entries] == [
        ("column", "增减%", 3)
    ]


def test_a_document_of_unknown_tables_only_is_told_how_to_make_them_known(tmp_path: Path) -> None:
    table = REVENUE.format(title="单位收入一览总表", heading="合计").replace("事业收入", "金额")
    source = write(tmp_path, disclosure_text(table))
    failed = run("check", source)
    assert failed.exit_code == 2
    assert ', "单位收入一览总表": the title (单位收入一览总表) is not known' in failed.output
    own = follow(failed.output, tmp_path / "own")
    assert run("check", source, "--schemas", own).exit_code == 0
    write(tmp_path, disclosure_text().replace("桐庐", "富阳"), "other.md")
    entries = check_sources(tmp_path).contents.unrecognised
    assert [(entry.scope, entry.document) for entry in entries] == [("file", None), ("table", None)]
    assert "\n" not in entries[0].reason_en


@pytest.mark.usefixtures("quick_framework")
def test_files_and_archive_members_that_were_not_read_are_rows_of_the_package(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    write(folder, "没有表格的文字。\n", "bad.md")
    with zipfile.ZipFile(folder / "good.zip", "w") as archive:
        archive.writestr("a.txt", disclosure_text())
        archive.writestr("b.pptx", "slides")
    built = run("build", folder, "--output", tmp_path / "out")
    assert built.exit_code == 0
    assert "Left out: 1 file, 1 archive member (see " in built.output
    rows = list(yusuan.open_package(tmp_path / "out").rows("unrecognised"))
    assert [(row["scope"], row["file"], row["printed"]) for row in rows] == [
        ("file", "bad.md", "bad.md"), ("member", "good.zip", "b.pptx"),
    ]  # fmt: skip
    assert rows[0]["document"] == "" and rows[1]["document"]
    assert str(tmp_path) not in json.dumps(rows)
    assert run("validate", tmp_path / "out").exit_code == 0


def test_check_lists_them_below_the_findings_and_exits_0(tmp_path: Path) -> None:
    table = REVENUE.format(title="部门收入总体情况表", heading="拨款")
    source = write(tmp_path, disclosure_text(table))
    chinese, english = run("check", source), run("check", source, "--lang", "en")
    assert chinese.exit_code == english.exit_code == 0
    assert "未识别，没有取数：列1列" in chinese.output
    assert "Not recognised, left out: 1 column" in english.output
    assert "unknown" not in english.output.split("Not recognised")[0]
    report = json.loads(run("check", source, "--format", "json").output)
    assert [entry["scope"] for entry in report["unrecognised"]] == ["column"]


def test_a_file_that_cannot_be_read_gives_exit_status_2(tmp_path: Path) -> None:
    assert run("check", write(tmp_path, "没有表格的文字。\n")).exit_code == 2


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("tables/nonsense.yaml", "titles: [某表]", "there is no tables/nonsense.yaml to add to"),
        ("slips-costs.yaml", "a: 1", "only tables/NAME.yaml, lists/NAME.yaml and rules.yaml"),
        ("tables/revenue-summary.yaml", "number: 99", "revenue-summary.yaml, number: cannot be"),
        ("tables/revenue-summary.yaml", "titles: 某表", "titles: expected a list of words"),
        ("tables/revenue-summary.yaml", "fields: [{name: x, headings: [某]}]",
         "fields, entry 1: name 'x' is not one of functional_code"),
        ("tables/revenue-summary.yaml", "fields: [{name: total, role: code}]",
         "fields total, role: cannot be changed"),
        ("tables/revenue-summary.yaml", "titles: [", "not valid YAML"),
        ("readme.txt", "", "nothing to add; expected tables/NAME.yaml"),
    ],
)  # fmt: skip
def test_a_bad_folder_of_synonyms_is_one_clear_sentence(
    name: str, content: str, message: str, tmp_path: Path
) -> None:
    file = tmp_path / "own" / name
    file.parent.mkdir(parents=True)
    file.write_text(content, "utf-8")
    source = write(tmp_path, disclosure_text())
    result = run("check", source, "--schemas", tmp_path / "own")
    assert result.exit_code == 2
    assert message in result.output
    assert VARIABLE not in os.environ


def test_an_edited_copy_of_the_schemas_works_too_and_synonyms_of_lists(tmp_path: Path) -> None:
    lists = tmp_path / "lists"
    lists.mkdir()
    (lists / "items.yaml").write_text("rows: [{code: total, synonyms: [总共]}]\n", "utf-8")
    rows = (*ROWS[:2], ROWS[2].replace("合 计", "总共"))
    source = write(tmp_path, disclosure_text(rows=rows))
    assert "total" not in {row.row_type for row in check_sources(source).contents.facts}
    with using_schemas(tmp_path):
        assert "total" in {row.row_type for row in check_sources(source).contents.facts}
        assert catalogue()["items"].rows != ()


def test_a_missing_folder_of_synonyms_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "/no/such/folder")
    with pytest.raises(YusuanError, match=r"/no/such/folder: no such folder; YUSUAN_SCHEMAS"):
        catalogue()


def test_the_same_tables_in_two_files_are_found_and_a_companion_is_not(tmp_path: Path) -> None:
    write(tmp_path, disclosure_text(), "one.md")
    write(tmp_path, f"{COVER}\n### 三、支出预算情况说明\n\n2023年支出预算350万元。\n", "text.md")
    assert check_sources(tmp_path).findings == []
    write(tmp_path, disclosure_text() + "\n再次公布。\n", "two.md")
    (finding,) = check_sources(tmp_path).findings
    assert (finding.rule, finding.verdict) == ("tables-in-two-files", "warning")
    assert "two.md and one.md" in finding.message_en
    assert 'Table "部门支出总体情况表" (Summary of expenditure)' in finding.message_en


def test_without_a_cover_no_title_is_made_up(tmp_path: Path) -> None:
    table = EXPENDITURE.format(unit="万元", rows="\n".join(ROWS))
    text = f"编制单位：临安县水利局\n\n{table}\n\n以上为2023年数。\n"
    checked = check_sources(write(tmp_path, text))
    assert checked.contents.documents[0].title is None
    (finding,) = [f for f in checked.findings if f.rule == "no-cover"]
    assert finding.verdict == "note"
    assert "临安县水利局, 2023, budget" in finding.message_en


def test_a_cover_that_names_a_district_only_is_a_title_and_no_department(tmp_path: Path) -> None:
    table = EXPENDITURE.format(unit="万元", rows="\n".join(ROWS))
    cover = "上海市普陀区2025年区级部门预算\n\n预算主管部门：上海市普陀区司法局\n\n目录\n"
    checked = check_sources(write(tmp_path, f"{cover}\n{table}"))
    assert checked.contents.documents[0].title == "上海市普陀区2025年区级部门预算"
    assert [department.name for department in checked.contents.departments] == [
        "上海市普陀区司法局"
    ]
    assert "no-cover" not in {finding.rule for finding in checked.findings}


def test_numbers_of_sentences_that_are_unreadable_or_unseen_are_told_once_each(
    tmp_path: Path,
) -> None:
    narrative = (
        "# 一、收支情况说明\n\n2023年收入总计350万元，比上年增加1,20.50万元，增长3.1.2%。其中财政拨款350万元。\n\n"
        "支出总计~~340万元~~350万元<!-- 上年300万元 -->。\n\n项目支出250万元<sup>1</sup>。\n"
    )
    entries = left(write(tmp_path, disclosure_text(narrative=narrative)))
    assert [(entry.scope, entry.numbers) for entry in entries] == [("row", 2), ("row", 2)]
    assert "1,20.50万元" in entries[0].printed and "340万元" in entries[1].printed
    assert entries[1].line == (entries[0].line or 0) + 2
