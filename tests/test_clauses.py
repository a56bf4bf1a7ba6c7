"""What sentences of other provinces claim: measure, number, subject, year and phase."""

from pathlib import Path

import pytest

from tests.disclosures import disclosure_text, write
from yusuan.checks import check
from yusuan.facts import PackageContents, compile_contents
from yusuan.narrative.disclosure import understand
from yusuan.sources import read_document

SECTION = "一、2023年{about}情况说明\n\n{text}"


def contents_of(folder: Path, about: str, text: str, *tables: str) -> PackageContents:
    narrative = SECTION.format(about=about, text=text)
    path = write(folder, disclosure_text(*tables, narrative=narrative))
    return compile_contents([understand(read_document(path))])


def claims(folder: Path, about: str, text: str) -> list[tuple[object, ...]]:
    return [
        (claim.subject, claim.measure, f"{claim.value}{claim.unit}")
        for claim in contents_of(folder, about, text).claims
    ]


@pytest.mark.parametrize(
    ("about", "text", "expected"),
    [
        ("支出预算", "本年支出预算合计350万元，其中：基本支出100万元，占28.57%。",
         [("expenditure-total", "amount", "350万元"), ("expenditure-basic", "amount", "100万元"),
          ("expenditure-basic", "share", "28.57%")]),
        ("收支总体", "收入、支出预算总计350万元，与上年相比收、支预算总计各增加50万元，增长16.67%。",
         [("revenue-and-expenditure-total", "amount", "350万元"),
          ("revenue-and-expenditure-total", "change", "50万元"),
          ("revenue-and-expenditure-total", "rate", "16.67%")]),
        ("“三公”经费", "公务接待费预算支出4万元，本年数小于上年预算数1万元。",
         [("hospitality", "amount", "4万元"), ("hospitality", "change", "-1万元")]),
        ("“三公”经费", "公务接待费4万元，与上年预算持平，主要原因是厉行节约。",
         [("hospitality", "amount", "4万元"), ("hospitality", "change", "0万元")]),
        ("“三公”经费", "公务接待费0万元，与上年相比增加（减少）0万元，增长（减少）0%。",
         [("hospitality", "amount", "0万元"), ("hospitality", "change", "0万元"),
          ("hospitality", "rate", "0%")]),
        ("“三公”经费", "国内公务接待2批次、26人次。",
         [("hospitality-visits", "count", "2批次"), ("hospitality-visits", "count", "26人次")]),
        ("政府采购", "政府采购支出预算总额1281.76万元，其中：拟采购货物支出355.67万元、"
         "拟采购工程支出0万元、拟购买服务支出926.09万元。",
         [("procurement-total", "amount", "1281.76万元"),
          ("procurement-goods", "amount", "355.67万元"), ("procurement-works", "amount", "0万元"),
          ("procurement-services", "amount", "926.09万元")]),
        ("国有资产占有使用", "共有车辆3辆，其中：执法执勤用车3辆；单价100万元（含）以上设备（不含车辆）1台（套）。",
         [("vehicles-held", "count", "3辆"), ("vehicles-enforcement", "count", "3辆"),
          ("equipment-over-1m", "count", "1台（套）")]),
        ("预算绩效", "2023年本部门共5个项目实行绩效目标管理，涉及财政性资金合计5,086万元。",
         [("target-projects", "count", "5个"), ("target-amount", "amount", "5086万元")]),
        ("收支", "2023年预算收入350万元，较上年增加50万元；2023年预算支出340万元，较上年增加40万元。",
         [("revenue-total", "amount", "350万元"), ("revenue-total", "change", "50万元"),
          ("expenditure-total", "amount", "340万元"), ("expenditure-total", "change", "40万元")]),
        ("收支", "本部门2023年度收入合计340万元，支出合计330万元。",
         [("revenue-current", "amount", "340万元"), ("expenditure-current", "amount", "330万元")]),
        ("“三公”经费", "2.公务接待费。2023年预算数4万元，比2022年预算数减少1万元。",
         [("hospitality", "amount", "4万元"), ("hospitality", "change", "-1万元")]),
        ("“三公”经费", "公务用车购置及运行维护费预算3万元（公务用车购置费0万元，公务用车运行维护费3万元），"
         "比上年增加1万元。",
         [("vehicles", "amount", "3万元"), ("vehicle-purchase", "amount", "0万元"),
          ("vehicle-operation", "amount", "3万元"), ("vehicles", "change", "1万元")]),
        ("其他重要事项", "（四）国有资产占有使用情况。截至2022年底，共有车辆5辆。",
         [("vehicles-held", "count", "5辆")]),
        ("支出预算", "组织2-3次视察，单位价值50万元以上设备，下设4个内设机构，满意度达95%。", []),
    ],
)  # fmt: skip
def test_sentences(
    about: str, text: str, expected: list[tuple[object, ...]], tmp_path: Path
) -> None:
    assert claims(tmp_path, about, text) == expected


def test_what_is_to_be_bought_is_not_held(tmp_path: Path) -> None:
    text = (
        "共有车辆3辆，其中：执法执勤用车3辆。2023年部门预算安排购置车辆1辆，其中：执法执勤用车1辆。"
    )
    assert claims(tmp_path, "国有资产占有使用", text) == [
        ("vehicles-held", "count", "3辆"), ("vehicles-enforcement", "count", "3辆"),
        ("vehicles-planned", "count", "1辆"), (None, "count", "1辆"),
    ]  # fmt: skip


def test_reasons_claim_nothing_of_the_total(tmp_path: Path) -> None:
    text = (
        "2023年会议费预算支出1469.73万元，比上年预算增加164.48万元，主要原因按规定专项经费统一"
        "压减10%，人代会专项经费增加200万元，增减相抵后增加164.48万元。"
    )
    contents = contents_of(tmp_path, "会议费、培训费", text)
    about = {(c.subject, c.measure, str(c.value)) for c in contents.claims if c.subject}
    assert about == {("meetings", "amount", "1469.73"), ("meetings", "change", "164.48")}
    assert not [f for f in check(contents) if f.rule == "growth-rate"]


def test_the_subject_goes_on_behind_a_reason(tmp_path: Path) -> None:
    text = (
        "公务用车购置及运行费36万元，比上年减少10万元，主要原因是新增1辆公务用车。"
        "其中：公务用车购置费15万元，主要原因是车型不同；公务用车运行费21万元。"
    )
    amounts = [c for c in claims(tmp_path, "“三公”经费", text) if c[1] == "amount"]
    assert [subject for subject, _, _ in amounts] == [
        "vehicles", "vehicle-purchase", "vehicle-operation",
    ]  # fmt: skip


def test_budget_and_accounts_of_one_function(tmp_path: Path) -> None:
    text = (
        "1、农林水支出（类）水利（款）行政运行（项）。主要用于：人员支出。年初预算为120万元，"
        "支出决算为100万元，完成年初预算的83.33%。"
    )
    narrative = SECTION.format(about="一般公共预算财政拨款支出决算", text=text)
    whole = disclosure_text(narrative=narrative).replace("部门预算公开", "部门决算公开")
    contents = compile_contents([understand(read_document(write(tmp_path, whole)))])
    assert [(c.subject, c.measure, str(c.value), c.phase) for c in contents.claims] == [
        ("function/2130301", "amount", "120", "approved"),
        ("function/2130301", "amount", "100", "executed"),
        ("function/2130301", "completion", "83.33", "executed"),
    ]


def test_an_amount_of_the_year_before(tmp_path: Path) -> None:
    text = (
        "1、农林水支出（213类）水利（03款）行政运行（01项）100万元。2022年当年预算执行数为80万元，"
        "2023年预算安排100万元，比2022年预算执行数增加20%。"
    )
    contents = contents_of(tmp_path, "一般公共预算支出预算", text)
    assert [(c.subject, str(c.value), c.fiscal_year, c.phase) for c in contents.claims] == [
        ("function/2130301", "100", 2023, "approved"),
        ("function/2130301", "80", 2022, "executed"),
        ("function/2130301", "100", 2023, "approved"),
        ("function/2130301", "20", 2023, "approved"),
    ]
    (finding,) = [f for f in check(contents) if f.rule == "growth-rate"]
    assert finding.expected == "25"


@pytest.mark.parametrize(
    "label",
    ["农林水支出（类）水利（款）行政运行（项）", "“农林水支出-水利-行政运行”科目", "水利行政运行（项）支出",
     "农林水支出（213类）水利（03款）行政运行（01项）"],
)  # fmt: skip
def test_ways_to_name_a_function(label: str, tmp_path: Path) -> None:
    (claim,) = contents_of(tmp_path, "支出预算", f"1. {label}100万元，主要用于人员经费。").claims
    assert claim.subject == "function/2130301"


def test_a_share_above_the_whole_is_reported(tmp_path: Path) -> None:
    text = "支出预算350万元，其中：基本支出100万元，占285.7%。"
    contents = contents_of(tmp_path, "支出预算", text)
    (finding,) = [f for f in check(contents) if f.rule == "share"]
    assert finding.printed == "285.7"


def test_a_statement_that_rounds_the_table_is_right(tmp_path: Path) -> None:
    rows = ("213\t03\t01\t行政运行\t1000049\t1000049\t", "\t\t\t合 计\t1000049\t1000049\t")
    narrative = SECTION.format(about="支出预算", text="支出预算100.00万元。")
    path = write(tmp_path, disclosure_text(rows=rows, unit="元", narrative=narrative))
    findings = check(compile_contents([understand(read_document(path))]))
    assert not [f for f in findings if f.rule == "narrative-table"]


@pytest.mark.parametrize(
    "text",
    ["一、基本支出：指为保障运转发生的支出。\n\n二、项目支出：指为完成任务发生的支出。",
     "（一）基本支出：指为保障运转发生的支出。\n\n（二）项目支出是指为完成任务发生的支出。",
     "1.基本支出是指为保障运转发生的支出。\n\n2. 项目支出 指为完成任务发生的支出。",
     "**基本支出：**指为保障运转发生的支出。\n\n**项目支出**是指为完成任务发生的支出。",
     "1.基本支出\n\n指为保障运转发生的支出。其中：人员经费指工资。\n\n2.项目支出：为完成任务发生的支出。"],
)  # fmt: skip
def test_glossaries(text: str, tmp_path: Path) -> None:
    path = write(tmp_path, disclosure_text(narrative=f"第四部分 名词解释\n\n{text}"))
    contents = compile_contents([understand(read_document(path))])
    assert [entry.term for entry in contents.glossary] == ["基本支出", "项目支出"]
    assert "保障运转" in contents.glossary[0].definition


def test_a_description_of_project_money(tmp_path: Path) -> None:
    text = (
        "人民调解项目经费情况说明\n\n一、项目概述\n\n开展人民调解。\n\n二、立项依据\n\n《意见》。\n\n"
        "三、实施主体\n\n桐庐县司法局\n\n六、年度预算安排\n\n795万元\n\n七、绩效目标\n\n化解纠纷。"
    )
    path = write(tmp_path, disclosure_text(narrative=text))
    (project,) = compile_contents([understand(read_document(path))]).projects
    assert (project.name, project.stated_amount) == ("人民调解", 7_950_000)
    assert (project.basis, project.executor, project.goal) == (
        "《意见》。", "桐庐县司法局", "化解纠纷。",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("2023年公务接待费4万元，2022年公务接待费5万元，同比减少1万元，下降20%。",
         {"amount": [2023, 2022], "change": [2023], "rate": [2023]}),
        ("2023年公务接待费4万元，上年预算5万元，减少1万元。",
         {"amount": [2023, 2022], "change": [2023]}),
        ("2022年公务接待费5万元，同比增加1万元。", {"amount": [2022], "change": [2022]}),
        ("2023年公务接待费4万元，2022年公务接待费5万元，比2021年增加1万元。",
         {"amount": [2023, 2022], "change": [2022]}),
        ("2023年公务接待费4万元。2022年公务接待费5万元，增加1万元。",
         {"amount": [2023, 2022], "change": [2022]}),
    ],
)  # fmt: skip
def test_a_change_is_of_the_later_of_the_years_compared(
    tmp_path: Path, text: str, years: dict[str, list[int]]
) -> None:
    found = contents_of(tmp_path, "“三公”经费", text).claims
    assert {
        measure: [claim.fiscal_year for claim in found if claim.measure == measure]
        for measure in dict.fromkeys(claim.measure for claim in found)
    } == years
    assert {claim.subject for claim in found if claim.measure != "amount"} == {"hospitality"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("公务接待费由2022年的5万元减少到4万元，减少1万元。",
         [("amount", "5", 2022), ("amount", "4", 2023), ("change", "-1", 2023)]),
        ("本部门2023年公务接待费从上年的5万元增加至6万元。",
         [("amount", "5", 2022), ("amount", "6", 2023)]),
        ("公务接待费由上年的5万元减少到2023年的4万元，减少1万元。",
         [("amount", "5", 2022), ("amount", "4", 2023), ("change", "-1", 2023)]),
        ("2022年公务接待费由2021年的5万元减少到4万元。",
         [("amount", "5", 2021), ("amount", "4", 2022)]),
        ("与2022年相比，公务接待费由5万元减少到4万元，减少1万元。",
         [("amount", "5", 2022), ("amount", "4", 2023), ("change", "-1", 2023)]),
        ("2022年公务接待费由5万元压减至4万元。", [("amount", "5", 2021), ("amount", "4", 2022)]),
        ("公务接待费从5万元降为4万元。", [("amount", "5", 2022), ("amount", "4", 2023)]),
        ("公务接待费由5万元增至6万元。", [("amount", "5", 2022), ("amount", "6", 2023)]),
    ],
)  # fmt: skip
def test_from_one_year_to_another(
    tmp_path: Path, text: str, expected: list[tuple[str, str, int]]
) -> None:
    found = contents_of(tmp_path, "“三公”经费", text).claims
    assert [(claim.measure, f"{claim.value}", claim.fiscal_year) for claim in found] == expected
    assert {claim.subject for claim in found} == {"hospitality"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2023年支出预算比2022年3900万元增加418万元，达到4318万元。",
         [("change", "418", 2023), ("amount", "4318", 2023)]),
        ("2023年支出预算4318万元，与2022年支出预算3900万元相比，增加418万元。",
         [("amount", "4318", 2023), ("change", "418", 2023)]),
        ("2023年支出预算4318万元（2022年：3900万元）。",
         [("amount", "4318", 2023), ("amount", "3900", 2022)]),
    ],
)  # fmt: skip
def test_what_a_number_is_compared_with_is_not_of_this_year(
    tmp_path: Path, text: str, expected: list[tuple[str, str, int]]
) -> None:
    found = contents_of(tmp_path, "部门支出预算情况说明", text).claims
    assert [(claim.measure, f"{claim.value}", claim.fiscal_year) for claim in found] == expected
    assert {claim.subject for claim in found} == {"expenditure-total"}


@pytest.mark.parametrize("of_which", ["其中：", "其中，", "包括"])
def test_a_new_sentence_on_the_budget_is_not_on_the_last_part(
    tmp_path: Path, of_which: str
) -> None:
    text = f"2022年支出总计35万元，{of_which}基本支出24万元，项目支出11万元。2023年支出预算43万元，增加8万元。"
    found = contents_of(tmp_path, "部门支出预算情况说明", text).claims
    assert [(claim.subject, f"{claim.value}", claim.fiscal_year) for claim in found] == [
        ("expenditure-total", "35", 2022), ("expenditure-basic", "24", 2022),
        ("expenditure-project", "11", 2022), ("expenditure-total", "43", 2023),
        ("expenditure-total", "8", 2023),
    ]  # fmt: skip
