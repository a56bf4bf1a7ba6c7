"""Rules as data: where they apply, one's own, and what is said of a bad file."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.conftest import ROOT
from tests.disclosures import disclosure_text, write
from yusuan.checks import check, load_rules, rules
from yusuan.checks.rules import Scope, When, years_of
from yusuan.cli.main import main
from yusuan.facts import compile_contents
from yusuan.model.errors import YusuanError
from yusuan.model.findings import Finding
from yusuan.narrative.disclosure import understand
from yusuan.schema.overlay import using_schemas
from yusuan.sources import read_document

TEXTS = "title: 甲, title@en: A, message: '{place}', message@en: '{place} {expected}'"
ROW_SUM = f"{{id: mine, family: row-sum, verdict: error, {TEXTS}}}"
BALANCE = """
  - id: basic-and-project
    family: sum
    verdict: error
    title: 甲
    title@en: A
    total: {table: expenditure-summary, row: total, column: total}
    plus:
      - {table: expenditure-summary, row: total, column: basic}
      - {table: expenditure-summary, row: total, column: project}
    message: "{place}印为{printed}，{parts}为{expected}"
    message@en: "{place} {printed} {parts} {expected}"
"""


def own(folder: Path, *entries: str) -> Path:
    """A folder for --schemas with a rules.yaml of these entries."""
    own = folder / "own"
    own.mkdir()
    listed = [entry if entry.startswith("\n") else f"  - {entry}" for entry in entries]
    (own / "rules.yaml").write_text("rules:\n" + "\n".join(listed) + "\n", "utf-8")
    return own


def found(folder: Path, text: str, schemas: Path | None = None) -> list[Finding]:
    contents = compile_contents([understand(read_document(write(folder, text)))])
    with using_schemas(schemas):
        return check(contents)


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


WRONG = disclosure_text(rows=("213\t03\t01\t行政运行\t353\t100\t250", "\t\t\t合 计\t353\t100\t250"))


@pytest.mark.smoke
def test_a_rule_of_ones_own_is_added_without_touching_code(tmp_path: Path) -> None:
    schemas = own(tmp_path, BALANCE, "{id: row-sum, verdict: off}")
    findings = [f for f in found(tmp_path, WRONG, schemas) if f.verdict == "error"]
    assert [(f.rule, f.printed, f.expected) for f in findings] == [
        ("basic-and-project", "353", "350")
    ]
    assert "100 + 250" in findings[0].message_zh


def test_a_cell_that_is_not_printed_is_not_taken_for_zero(tmp_path: Path) -> None:
    """Without the project column there is nothing to compare with, unless it is optional."""
    text = disclosure_text(rows=("213\t03\t01\t行政运行\t350\t100\t", "\t\t\t合 计\t350\t100\t"))
    schemas = own(tmp_path, BALANCE, "{id: row-sum, verdict: off}")
    assert [f.rule for f in found(tmp_path, text, schemas) if f.verdict == "error"] == []
    optional = BALANCE.replace("column: project}", "column: project, optional: true}")
    (schemas.parent / "b").mkdir()
    schemas = own(schemas.parent / "b", optional, "{id: row-sum, verdict: off}")
    errors = [f for f in found(tmp_path, text, schemas) if f.verdict == "error"]
    assert [(f.rule, f.printed, f.expected) for f in errors] == [
        ("basic-and-project", "350", "100")
    ]


def test_a_sum_takes_away_and_goes_over_every_row(tmp_path: Path) -> None:
    rule = BALANCE.replace(", row: total", "").replace(
        "    message:", "    minus: [{table: expenditure-summary, column: public}]\n    message:", 1
    )
    rows = ("213\t03\t01\t行政运行\t340\t100\t250", "\t\t\t合 计\t350\t100\t250")
    schemas = own(tmp_path, rule.replace("column: public", "column: public, optional: true"),
                  "{id: row-sum, verdict: off}", "{id: column-sum, verdict: off}")  # fmt: skip
    errors = [
        f for f in found(tmp_path, disclosure_text(rows=rows), schemas) if f.verdict == "error"
    ]
    assert [(f.rule, f.printed, f.expected) for f in errors] == [
        ("basic-and-project", "340", "350")
    ]


def test_claims_stand_beside_cells(tmp_path: Path) -> None:
    rule = """
  - id: stated-project
    family: sum
    verdict: warning
    title: 甲
    title@en: A
    total: {claim: expenditure-project, measure: amount}
    plus: [{claim: expenditure-total, measure: amount}]
    minus: [{table: expenditure-summary, row: total, column: basic}]
    message: "{printed} {parts} {expected}"
    message@en: "{printed} {parts} {expected}"
"""
    narrative = (
        "### 三、关于2023年支出预算情况说明\n\n2023年支出预算350万元，其中：项目支出{}万元。"
    )
    schemas = own(tmp_path, rule)
    right, wrong = (disclosure_text(narrative=narrative.format(n)) for n in (250, 240))
    assert [f.rule for f in found(tmp_path, right, schemas) if f.rule == "stated-project"] == []
    (finding,) = (f for f in found(tmp_path, wrong, schemas) if f.rule == "stated-project")
    assert finding.message_en.startswith("240万元 350 − 100 250万元")


@pytest.mark.parametrize(("whole", "errors"), [("project", 1), ("total", 0)])
def test_at_most(tmp_path: Path, whole: str, errors: int) -> None:
    rule = f"""
  - id: within
    family: at-most
    verdict: error
    {TEXTS.replace(", ", chr(10) + "    ")}
    part: {{table: expenditure-summary, row: total, column: basic}}
    whole: {{table: expenditure-summary, row: total, column: {whole}}}
"""
    text = disclosure_text(
        rows=("213\t03\t01\t行政运行\t350\t250\t100", "\t\t\t合 计\t350\t250\t100")
    )
    findings = found(tmp_path, text, own(tmp_path, rule))
    assert len([f for f in findings if f.rule == "within"]) == errors


def test_an_entry_without_a_family_changes_a_rule(tmp_path: Path) -> None:
    schemas = own(tmp_path, "{id: row-sum, verdict: warning, when: {years: '2022-'}}")
    with using_schemas(schemas):
        (rule,) = (rule for rule in load_rules() if rule.id == "row-sum")
    assert (rule.verdict, rule.title, str(rule.when.years)) == ("warning", "行内合计", "2022–")


def test_an_edited_copy_of_the_whole_file_works_as_well(tmp_path: Path) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    text = (ROOT / "schemas" / "rules.yaml").read_text("utf-8")
    (folder / "rules.yaml").write_text(text.replace("title: 行内合计", "title: 本行合计"), "utf-8")
    before = load_rules()
    with using_schemas(folder):
        after = load_rules()
    changed = [(a.title, b.title) for a, b in zip(before, after, strict=True) if a != b]
    assert changed == [("行内合计", "本行合计")]


@pytest.mark.parametrize(
    ("years", "inside", "outside"),
    [("2020-", 2020, 2019), ("-2019", 2019, 2020), ("2018-2021", 2021, 2022), (2022, 2022, 2023)],
)
def test_years(years: str | int, inside: int, outside: int) -> None:
    assert inside in years_of(years)
    assert outside not in years_of(years)


HERE = Scope("approved", 2023, frozenset({"revenue-summary"}), "浙江省临安县水利局", "330112")


@pytest.mark.parametrize(
    ("when", "applies"),
    [
        (When(), True),
        (When(phase="approved"), True),
        (When(phase="executed"), False),
        (When(years=years_of("2024-")), False),
        (When(tables=frozenset({"revenue-summary"})), True),
        (When(tables=frozenset({"revenue-summary", "expenditure-summary"})), False),
        (When(departments=("水利局", "水务局")), True),
        (When(departments=("人民法院",)), False),
        (When(divisions=("33",)), True),
        (When(divisions=("32", "3302")), False),
    ],
)
def test_when_a_rule_applies(when: When, applies: bool) -> None:
    assert when.applies(HERE) is applies


@pytest.mark.parametrize(
    ("when", "errors"),
    [("{years: '2024-'}", 0), ("{years: 2023, phase: approved}", 1), ("{phase: executed}", 0),
     ("{tables: [revenue-summary]}", 0), ("{tables: [expenditure-summary]}", 1),
     ("{departments: [水利]}", 1), ("{divisions: ['65']}", 0)],
)  # fmt: skip
def test_conditions_hold_for_rules_in_sql_as_well(tmp_path: Path, when: str, errors: int) -> None:
    schemas = own(tmp_path, f"{{id: row-sum, when: {when}}}")
    row_sum = [f for f in found(tmp_path, WRONG, schemas) if f.rule == "row-sum"]
    assert bool(row_sum) is bool(errors)


EQUAL = f"id: a, family: equal, verdict: error, {TEXTS}"


@pytest.mark.smoke
@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("{id: a}", "line 2, rule a: id: there is no rule of this id to change, and a new one needs a family"),
        ("{id: row-sums, verdict: off}", "did you mean row-sum?"),
        ("{verdict: note}", "rule number 1: id, family, title"),
        ("text", "rule number 1: expected keys such as `id:`"),
        (ROW_SUM.replace("row-sum", "row-sun"), "family: 'row-sun' is not one of"),
        (ROW_SUM.replace("row-sum", "row-sun"), "did you mean row-sum?"),
        (ROW_SUM.replace("error", "fatal"), "verdict: 'fatal' is not one of error, warning, note, off"),
        (ROW_SUM.replace("title@en: A", "titel@en: A"), "have no key 'titel@en'; did you mean title@en?"),
        (ROW_SUM.replace("title@en: A, ", ""), "title@en is missing; messages are given in both languages"),
        (ROW_SUM.replace("title: 甲", "title: 12"), "title: expected text (in quotation marks), not 12"),
        (ROW_SUM.replace("title: 甲", "title: ''"), "title: is empty"),
        (ROW_SUM.replace("id: mine", "id: 我的"), "id: '我的' cannot stand here; expected"),
        (ROW_SUM.replace("'{place}'", "'{palce}'"), "message: there is no {palce}; there are {place}"),
        (ROW_SUM.replace("'{place}'", "'{place'"), "message: expected '}'"),
        (ROW_SUM.replace("{id: mine", "{id: mine, off: true"), "to switch a rule off write `verdict: off`"),
        (ROW_SUM.replace("{id: mine", "{id: mine, reason: 因为"), "reason@en is missing"),
        (ROW_SUM.replace("{id: mine", "{id: mine, when: {yaer: 2020}"), "when: this place have no key 'yaer'"),
        (ROW_SUM.replace("{id: mine", "{id: mine, when: {phase: budget}"), "when, phase: 'budget' is not one of"),
        (ROW_SUM.replace("{id: mine", "{id: mine, when: {years: 202O-}"), "when, years: '202O-' cannot stand here; expected"),
        (ROW_SUM.replace("{id: mine", "{id: mine, when: {years: 2021-2018}"), "ends before it begins; write 2018-2021"),
        (ROW_SUM.replace("{id: mine", "{id: mine, when: {tables: [revenue]}"), "when, tables, entry 1: there is no table 'revenue'"),
        (f"{{{EQUAL}}}", "rule a: cells is missing"),
        (f"{{{EQUAL}, cells: [{{table: revenue-summary, row: total, column: total}}]}}", "cells:"),
        (f"{{{EQUAL}, cells: [{{table: revenue-sumary, row: total, column: total}}, {{claim: staff-total, measure: count}}]}}",
         "cells, entry 1, table: there is no table 'revenue-sumary'; did you mean revenue-summary?"),
        (f"{{{EQUAL}, cells: [{{table: revenue-summary, row: total, column: totl}}, {{claim: staff-total, measure: count}}]}}",
         "has no column 'totl' of amounts; did you mean total?"),
        (f"{{{EQUAL}, cells: [{{table: revenue-summary, column: total}}, {{claim: staff-total, measure: count}}]}}",
         "cells, entry 1: row is missing"),
        (f"{{{EQUAL}, cells: [{{table: revenue-expenditure-summary, row: total, column: amount}}, {{claim: staff-total, measure: count}}]}}",
         "such as expenditure-total, not 'total'"),
        (f"{{{EQUAL}, cells: [{{claim: staff, measure: count}}, {{claim: staff-total, measure: count}}]}}",
         "narrative.yaml has no subject 'staff'"),
        (f"{{{EQUAL}, cells: [{{claim: staff-total, measure: number}}, {{claim: staff-total, measure: count}}]}}",
         "cells, entry 1, measure: 'number' is not one of"),
        (f"{{id: a, family: at-most, verdict: error, {TEXTS}, part: {{table: revenue-summary, column: total}}, "
         "whole: {table: revenue-summary, row: total, column: total}}", "either all cells name a row or none does"),
        (f"{{id: a, family: as-of, verdict: note, {TEXTS}, words: '(', about: 资产, before: 1, after: 0}}", "words: no regular expression"),
    ],
)  # fmt: skip
def test_a_bad_rule_is_explained_with_file_line_and_what_to_do(
    tmp_path: Path, entry: str, message: str
) -> None:
    schemas = own(tmp_path, entry)
    result = run("check", write(tmp_path, disclosure_text()), "--schemas", schemas)
    assert result.exit_code == 2
    assert message in result.output
    assert f"{schemas / 'rules.yaml'}, line 2, rule " in result.output


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("rules:\n  - {id: a\n", "line 3: not valid YAML"),
        ("regeln: []", "expected one key, `rules:`, with a list of rules below it"),
        ("rules:\n  - id: row-sum\n    verdict: note\n    verdict: error\n", "line 4: `verdict` stands twice (first in line 3)"),
        (f"rules:\n  - {ROW_SUM}\n  - {ROW_SUM}\n", "line 3, rule mine: id: the id is used twice"),
        ("rules:\n  - {id: row-sum, when: {years: 2023-02-30}}", "not valid YAML"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_list_of_rules(tmp_path: Path, content: str, message: str) -> None:
    path = own(tmp_path) / "rules.yaml"
    path.write_text(content, "utf-8")
    result = run("check", write(tmp_path, disclosure_text()), "--schemas", path.parent)
    assert result.exit_code == 2
    assert message in result.output


def test_a_file_in_another_encoding_is_told(tmp_path: Path) -> None:
    path = tmp_path / "rules.yaml"
    path.write_bytes("rules: [] # 规则".encode("gb18030"))
    with pytest.raises(YusuanError, match="save it as UTF-8"):
        load_rules(path)


def test_the_example_of_the_documentation_works(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "own-rules.md").read_text("utf-8")
    example = page.partition("```yaml\n")[2].partition("```")[0]
    folder = own(tmp_path)
    (folder / "rules.yaml").write_text(example, "utf-8")
    with using_schemas(folder):
        rules = {rule.id: rule for rule in load_rules()}
    assert "carry-over-of-funds" in rules
    assert rules["hospitality-items"].verdict == "note"
    assert "project-without-targets" not in rules


def test_the_rules_are_listed_and_shown(tmp_path: Path) -> None:
    schemas = own(tmp_path, ROW_SUM, "{id: column-sum, verdict: off}")
    listed = run("rules", "--schemas", schemas).output
    assert "mine" in listed and "column-sum" not in listed
    shown = run("rules", "government-fund-balance", "--lang", "en").output
    assert "column Opening balance (left out where it is not printed)" in shown
    result = run("rules", "growth")
    assert (result.exit_code, result.output) == (
        2, "Error: growth: there is no such rule; did you mean growth-rate?\n",
    )  # fmt: skip


def test_a_change_of_the_installed_rules_is_proven_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    checked = []
    monkeypatch.setattr(rules, "check_form", lambda entry: checked.append(entry.id))
    for expected in (True, False):
        checked.clear()
        rules._installed.cache_clear()
        assert load_rules()
        assert bool(checked) is expected
