"""Whose budget it is where other bodies are named beside, or the name stands in odd places."""

from __future__ import annotations

from pathlib import Path

import pytest

import yusuan
from tests.disclosures import EXPENDITURE, ROWS, disclosure_text, write
from yusuan.facts import PackageContents
from yusuan.graph.budgets import budgets
from yusuan.model.errors import YusuanError
from yusuan.narrative.disclosure import understand
from yusuan.narrative.identity import Identity
from yusuan.narrative.organisation_names import name_match, organisation_in
from yusuan.pipeline import CheckedSources, check_sources
from yusuan.sources import read_document

TABLE = EXPENDITURE.format(unit="万元", rows="\n".join(ROWS))
SANGONG = (
    "项目\t{year}年预算数\n一、“三公”经费合计\t9.5\n（一）因公出国（境）费\t0\n"
    "（二）公务接待费\t3.5\n（三）公务用车费\t6\n"
)


def identity_of(path: Path) -> Identity:
    return understand(read_document(path)).identity


def checked(folder: Path, **files: str) -> CheckedSources:
    for name, text in files.items():
        write(folder, text, f"{name}.md")
    return check_sources(folder)


def owners(contents: PackageContents) -> dict[str, str]:
    """The department's name by the file's."""
    names = {department.department: department.name for department in contents.departments}
    return {document.file: names[document.department] for document in contents.documents}


@pytest.mark.parametrize(
    "line",
    [
        "根据《丁省财政厅关于2024年省级部门预算的批复》（丁财预〔2024〕7号）填列。",
        "《丁省财政厅关于批复2024年部门预算的通知》",
        "丁省财政厅关于下达2024年专项资金预算的通知",
        "本表反映某法院2024年预算收支情况。",
        "丁省发展改革委2024年下达戊市预算内投资3万元。",
        "上级水利厅2024年预算安排转移支付30万元。",
        "丁省水利厅2024年收入预算中对下转移支付30万元。",
        "丁省戊市水利局2024年部门预算已于去年批复。",
        "由丁省戊市己县水利局考试中心2024年预算列支。",
    ],
)
def test_another_body_in_the_text_is_no_name_of_the_department(line: str, tmp_path: Path) -> None:
    front = "丁省戊市己县水利局2024年部门预算公开"
    text = f"{front}\n\n{TABLE}\n\n### 三、预算情况说明\n\n{line}\n\n{line}\n"
    assert identity_of(write(tmp_path, text)).names == ("丁省戊市己县水利局",)


@pytest.mark.parametrize("subject", ["丁省文联办公厅", "戊市国资委", "己县城市管理局"])
def test_a_narrative_that_cites_its_approval_belongs_to_whom_it_speaks_of(
    subject: str, tmp_path: Path
) -> None:
    """The narrative has no cover; the finance department's own table is in the folder too."""
    tables = f"表3:\n\n2019年部门支出总表\n\n部门：{subject}\n\n{TABLE}"
    finance = (
        f"丁省财政厅2019年度部门预算公开\n\n{TABLE.replace('100', '90').replace('350', '340')}"
    )
    narrative = (
        "目 录\n\n第三部分 2019年度部门预算情况说明\n\n一、收支预算总体情况说明\n\n"
        "本表反映部门年度总体收支预算情况。根据\n《丁省财政厅关于 2019 年省级部门预算的批复》（丁财预\n"
        f"〔2019〕7号）填列。\n\n{subject}2019年度收入、支出预算总计350.00万元，其中基本支出100万元。\n"
    )
    found = checked(tmp_path, finance=finance, tables=tables, text=narrative)
    assert owners(found.contents) == {
        "finance.md": "丁省财政厅", "tables.md": subject, "text.md": subject,
    }  # fmt: skip
    assert {claim.department for claim in found.contents.claims} == {
        document.department for document in found.contents.documents if document.file == "text.md"
    }
    assert all("财政厅" not in "".join(d.names) or d.name == "丁省财政厅"
               for d in found.contents.departments)  # fmt: skip


@pytest.mark.parametrize(
    ("above", "below"),
    [("上海市水利局", "上海市普陀区水利局"), ("丁市水利局", "丁市戊区水利局"),
     ("丁省水利厅", "丁省戊市水利局"), ("戊县水利局", "戊县水利局灌溉站")],
)  # fmt: skip
def test_a_superior_body_is_another(above: str, below: str) -> None:
    assert name_match(above, below) is None


@pytest.mark.parametrize(
    ("one", "two", "how"),
    [
        ("戊县水利局（本级）", "戊县水利局", "same"),
        ("丁省戊县水利局", "戊县水利局", "same"),
        ("县水利局", "戊县水利局", "same"),
        ("省文联", "丁省文学艺术界联合会", "short"),
        ("戊市国资委", "戊市国有资产监督管理委员会", "short"),
        ("戊县人社局", "戊县人力资源和社会保障局", "short"),
        ("戊县规划与自然资源局", "戊县规划和自然资源局", "same"),
        ("己高新区管委会", "己高新区管理委员会", "same"),
        ("戊县财政局", "戊县水利局", None),
        ("市水利局", "戊县水利局", None),
    ],
)
def test_forms_of_one_name(one: str, two: str, how: str | None) -> None:
    assert name_match(one, two) == name_match(two, one) == how


@pytest.mark.parametrize(
    ("title", "body"),
    [
        (
            "2016年戊市国资委财政拨款“三公”经费预算表".replace("“", "").replace("”", ""),
            "戊市国资委",
        ),
        ("己县财政局预算评审中心2024年单位收支总表", "己县财政局预算评审中心"),
        ("己县机关事务管理局政府采购预算表", "己县机关事务管理局"),
        ("附件2-己县支出核算中心2024", "己县支出核算中心"),
        ("2024年部门预算公开表(己县教育局)", "己县教育局"),
        ("部门收支总体情况表", None),
        ("己县2024年一般公共预算收入表", None),
        ("机关运行经费", None),
    ],
)
def test_the_body_in_a_title(title: str, body: str | None) -> None:
    assert organisation_in(title) == body


@pytest.mark.parametrize("form", ["2016年{0}财政拨款“三公”经费预算表", "{0}2016年“三公”经费预算表"])
@pytest.mark.parametrize("body", ["戊市国资委", "己县教育局", "庚区政务服务中心"])
def test_a_page_with_one_table_of_the_three_public_expenses(
    form: str, body: str, tmp_path: Path
) -> None:
    rows = SANGONG.format(year=2016).strip().split("\n")
    cells = "".join(
        f"<tr><td>{label}</td><td>{amount}</td></tr>" for label, amount in map(str.split, rows, "\t" * 99)
    )  # fmt: skip
    title = form.format(body)
    page = f"<h1>{title}</h1><p>金额单位:万元</p><table border=1>{cells}</table>"
    found = check_sources(write(tmp_path, page, "page.html"))
    (document,) = found.contents.documents
    assert (document.names, document.fiscal_year) == ((body,), 2016)
    amounts = {fact.item: fact.amount for fact in found.contents.facts}
    assert amounts["three-public"] == 95_000
    assert amounts["hospitality"] == 35_000
    assert [f for f in found.findings if f.verdict == "error"] == []


@pytest.mark.parametrize(
    ("where", "front", "name"),
    [
        ("title", "<title>己县水利局2024年部门支出总表_己县人民政府</title>", "page.html"),
        ("file", "", "己县水利局2024年支出预算总表.md"),
        ("file", "", "2024年部门支出总表（己县水利局）.md"),
        ("file", "", "附件1 己县水利局-部门支出总表-2024.md"),
    ],
)
def test_name_and_year_that_are_not_printed(
    where: str, front: str, name: str, tmp_path: Path
) -> None:
    rows = [row.split("\t") for row in (
        "科目编码\t科目名称\t合计\t基本支出\t项目支出", "213\t农林水支出\t3\t1\t2",
        "2130301\t行政运行\t3\t1\t2", "\t合计\t3\t1\t2",
    )]  # fmt: skip
    if where == "title":
        body = "".join(f"<tr>{''.join(f'<td>{c}</td>' for c in row)}</tr>" for row in rows)
        text = f"<html><head>{front}</head><body><p>单位：万元</p><table border=1>{body}</table>"
    else:
        text = "单位：万元\n\n" + "\n".join("\t".join(row) for row in rows) + "\n"
    found = check_sources(write(tmp_path, text, name))
    (document,) = found.contents.documents
    assert (document.names, document.fiscal_year, document.title) == (("己县水利局",), 2024, None)
    assert {fact.table for fact in found.contents.facts} == {"expenditure-summary"}
    assert [f.rule for f in found.findings if f.rule == "no-cover"] == ["no-cover"]


@pytest.mark.parametrize(
    ("heads", "year", "phase"),
    [
        (("2020年预算数",), 2020, "approved"),
        (("2019年预算数", "2020年预算数"), 2020, "approved"),
        (("2019年执行数", "2020年预算数"), 2020, "approved"),
        (("2021年度决算数",), 2021, "executed"),
    ],
)
def test_the_year_stands_in_headings_only(
    heads: tuple[str, ...], year: int, phase: str, tmp_path: Path
) -> None:
    text = "\n".join(
        ["支出总表", "单位名称：己县教育局", "单位：万元", "", "项目\t" + "\t".join(heads),
         *(f"{label}\t" + "\t".join(["8"] * len(heads)) for label in ("教育支出", "支出总计"))]
    )  # fmt: skip
    found = check_sources(write(tmp_path, text + "\n"))
    (document,) = found.contents.documents
    assert (document.fiscal_year, document.phase, document.names) == (year, phase, ("己县教育局",))


@pytest.mark.parametrize("kind", ["决算", "预算"])
@pytest.mark.parametrize("body", ["庚市政务服务中心", "己县水利局"])
def test_a_narrative_alone_is_read_and_says_so(kind: str, body: str, tmp_path: Path) -> None:
    text = (
        f"{body}2023年度部门{kind}公开说明\n\n第二部分 部门{kind}情况说明\n\n一、收支总体情况说明\n\n"
        "2023年度收入总计434.72万元，支出总计434.72万元。\n"
    )
    found = check_sources(write(tmp_path, text))
    assert found.contents.facts == []
    assert {claim.amount for claim in found.contents.claims} == {4_347_200}
    assert owners(found.contents) == {"disclosure.md": body}
    assert [(f.rule, f.verdict) for f in found.findings] == [("no-tables", "note")]


@pytest.mark.parametrize(
    ("title", "rows"),
    [
        ("己县2024年一般公共预算收入预算表", "增值税\t5\n企业所得税\t4\n收入总计\t9"),
        ("2024年己县对下转移支付预算表", "一般性转移支付\t5\n专项转移支付\t4\n合计\t9"),
        ("己县2023年政府一般债务限额和余额情况表", "限额\t5\n余额\t4"),
        ("2024年全县一般公共预算支出预算表", "教育支出\t5\n支出合计\t5"),
        ("己县2024年社会保险基金收入预算表", "保险费收入\t5\n合计\t5"),
    ],
)
def test_a_whole_governments_tables_are_told_as_such(title: str, rows: str, tmp_path: Path) -> None:
    path = write(tmp_path, f"{title}\n\n单位：万元\n\n项目\t2024年预算数\n{rows}\n", "g.md")
    with pytest.raises(YusuanError, match="whole government's budget") as error:
        check_sources(path)
    assert title in str(error.value)
    assert "\n" not in str(error.value)


def test_a_finance_departments_own_budget_is_not_a_governments(tmp_path: Path) -> None:
    text = f"己县财政局2024年部门预算公开\n\n{TABLE}\n\n对下转移支付预算表\n\n单位：万元\n\n项目\t数\n合计\t9\n"
    assert owners(check_sources(write(tmp_path, text)).contents) == {"disclosure.md": "己县财政局"}


@pytest.mark.parametrize(
    ("tables", "text"),
    [
        ("丁省文学艺术界联合会", "省文联"),
        ("省文学艺术界联合会", "丁省文联"),
        ("己县水利局（本级）", "己县水利局"),
        ("水利局", "己县水利局"),
    ],
)
def test_tables_and_narrative_find_each_other_under_other_forms_of_the_name(
    tables: str, text: str, tmp_path: Path
) -> None:
    one = f"2024年部门支出总表\n\n部门：{tables}\n\n{TABLE}"
    two = f"{text}2024年部门预算情况说明\n\n### 三、支出预算情况说明\n\n2024年支出预算360万元。\n"
    found = checked(tmp_path, tables=one, text=two)
    assert len(found.contents.departments) == 1
    assert "narrative-table" in {finding.rule for finding in found.findings}


def test_a_short_form_that_two_bodies_may_have_joins_neither(tmp_path: Path) -> None:
    tables = {
        f"t{index}": f"2024年部门支出总表\n\n部门：{name}\n\n{TABLE.replace('350', f'35{index}')}"
        for index, name in enumerate(("己县水利局", "庚县水利局"))
    }
    text = "水利局2024年部门预算情况说明\n\n### 三、支出预算情况说明\n\n2024年支出预算360万元。\n"
    found = checked(tmp_path, **tables, text=text)
    assert len(found.contents.departments) == 3


def test_a_departments_budget_and_its_own_units_are_two(tmp_path: Path) -> None:
    """The same body, year and phase: the narrative of each is read with its own tables."""
    whole = TABLE
    part = TABLE.replace("350", "150").replace("250", "50")
    said = "### 三、支出预算情况说明\n\n2024年支出预算{}万元。\n"
    found = checked(
        tmp_path,
        a=f"己县水利局2024年部门预算公开\n\n{whole}",
        b=f"己县水利局（本级）2024年单位预算公开\n\n{part}",
        c=f"己县水利局2024年部门预算情况说明\n\n{said.format(350)}",
        d=f"己县水利局（本级）2024年单位预算情况说明\n\n{said.format(150)}",
    )
    assert len(found.contents.departments) == 1
    assert [f.message_en for f in found.findings if f.verdict in ("error", "warning")] == []
    parts = {(link.subject, link.object) for link in found.contents.links if link.kind == "part-of"}
    files = {document.document: document.file for document in found.contents.documents}
    assert ("b.md", "a.md") in {(files[one], files[two]) for one, two in parts}


def test_a_departments_budget_and_its_own_units_are_two_graphs(tmp_path: Path) -> None:
    """So no sum by budget counts both: 部门预算 holds what 单位预算 prints."""
    write(tmp_path, f"己县水利局2024年部门预算公开\n\n{TABLE}", "whole.md")
    part = TABLE.replace("350", "150").replace("250", "50")
    write(tmp_path, f"己县水利局（本级）2024年单位预算公开\n\n{part}", "part.md")
    package = yusuan.build(tmp_path, tmp_path / "out")
    one, two = sorted((budget.graph for budget in budgets(package)), key=len)
    assert two == f"{one[:-1]}/unit>"


@pytest.mark.parametrize(
    "lines", ["二〇二四年度部门预算\n\n云岭市统计局", "云岭市统计局\n\n2024年度部门预算"]
)
def test_on_a_cover_the_body_may_have_a_line_of_its_own(lines: str, tmp_path: Path) -> None:
    found = identity_of(write(tmp_path, f"{lines}\n\n{TABLE}"))
    assert (found.names, found.fiscal_year) == (("云岭市统计局",), 2024)


@pytest.mark.parametrize("portal", ["云岭市人民政府门户网站", "云岭市政府网站-", "云岭市政务网_"])
def test_the_name_of_a_portal_is_no_part_of_that_of_the_department(
    portal: str, tmp_path: Path
) -> None:
    found = identity_of(write(tmp_path, f"{portal}云岭市统计局2024年部门预算\n\n{TABLE}"))
    assert found.name == "云岭市统计局"


def test_a_line_of_the_cover_that_names_no_body_is_none(tmp_path: Path) -> None:
    text = f"二〇二四年度部门预算\n\n二〇二四年二月\n\n{TABLE}"
    with pytest.raises(YusuanError, match="no department name"):
        identity_of(write(tmp_path, text))


@pytest.mark.parametrize(
    ("place", "said"), [("白水市", 1), ("白水县", 0), ("陕西省白水县", 0), ("己市", 0),
                      ("陕西省白水市", 1)]
)  # fmt: skip
def test_a_place_of_another_kind_is_not_that_of_the_list(
    place: str, said: int, tmp_path: Path
) -> None:
    text = disclosure_text().replace("浙江省桐庐县", place)
    found = check_sources(write(tmp_path, text))
    rules = [finding.rule for finding in found.findings]
    assert rules.count("place-of-other-kind") == said
    (department,) = found.contents.departments
    assert department.division == ("610527" if place != "白水市" and "白水" in place else None)


def test_places_that_differ_in_kind_are_two() -> None:
    assert name_match("白水市文化馆", "白水县文化馆") is None
    assert name_match("白水市文化馆", "陕西省白水市文化馆") == "same"
