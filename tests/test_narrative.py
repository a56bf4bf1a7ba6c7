"""The narrative: who, projects, claims with their subjects, holdings, units, terms."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.disclosures import disclosure_text, write
from yusuan.codes import CodeEntry
from yusuan.codes.store import save_attested
from yusuan.facts import PackageContents, compile_contents
from yusuan.model.errors import YusuanError
from yusuan.narrative.clauses import clause_of
from yusuan.narrative.disclosure import Disclosure, understand
from yusuan.narrative.organisation_names import division_of
from yusuan.narrative.quantities import quantities
from yusuan.narrative.targets import read_target_value
from yusuan.pipeline import check_sources
from yusuan.sources import read_document


def contents_of(folder: Path, text: str) -> PackageContents:
    return compile_contents([understand(read_document(write(folder, text)))])


def test_the_sample_is_identified(disclosure: Disclosure) -> None:
    identity = disclosure.identity
    assert identity.name == "新疆库尔勒经济技术开发区党政办公室"
    assert (identity.fiscal_year, identity.phase) == (2022, "approved")
    assert str(identity.published) == "2022-02-18"
    assert "库尔勒经济技术开发区管理委员会党政办公室" in identity.names
    assert len(identity.names) >= 3


def test_one_department_under_all_its_names(contents: PackageContents) -> None:
    (department,) = contents.departments
    assert department.division == "652801"
    assert department.department.isascii()


@pytest.mark.parametrize(
    ("name", "code", "rest"),
    [
        ("上海市普陀区司法局", "310107", "司法局"),
        ("江苏省人大常委会办公厅", "320000", "人大常委会办公厅"),
        ("新疆库尔勒经济技术开发区党政办公室", "652801", "经济技术开发区党政办公室"),
        ("财政部", None, "财政部"),
        ("白水市文化馆", None, "白水市文化馆"),  # the list has only 白水县
        ("白水镇人民政府", None, "白水镇人民政府"),
        ("白水街道办事处", None, "白水街道办事处"),
        ("白水乡村振兴局", "610527", "乡村振兴局"),
        ("江苏镇江市水利局", "321100", "水利局"),
        ("白水县文化馆", "610527", "文化馆"),
        ("白水县市场监督管理局", "610527", "市场监督管理局"),
        ("陕西省白水市文化馆", "610527", "市文化馆"),
    ],
)
def test_divisions_from_names(name: str, code: str | None, rest: str) -> None:
    division, remainder = division_of(name)
    assert (division.code if division else None, remainder) == (code, rest)


def test_a_division_that_only_the_user_has(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YUSUAN_CODES", str(tmp_path))
    assert division_of("重庆市样例新区财政局")[1] == "样例新区财政局"
    own = CodeEntry(list="administrative-division", code="500998", name="样例新区", valid_from=2026,
                parent="500000", level=3)  # fmt: skip
    save_attested({"administrative-division": [own]})
    division, rest = division_of("重庆市样例新区财政局", 2026)
    assert division and (division.code, rest) == ("500998", "财政局")
    for year in (None, 2025):
        assert division_of("重庆市样例新区财政局", year)[1] == "样例新区财政局"


def test_final_accounts_are_another_phase(tmp_path: Path) -> None:
    text = disclosure_text().replace("部门预算公开", "部门决算公开")
    assert understand(read_document(write(tmp_path, text))).identity.phase == "executed"


def test_a_text_without_tables_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, "春眠不觉晓，处处闻啼鸟。\n" * 5)
    with pytest.raises(YusuanError, match="no budget table found"):
        understand(read_document(path))


def claims(contents: PackageContents, line: int) -> list[tuple[str | None, str, str]]:
    return [
        (claim.subject, claim.measure, f"{claim.value}{claim.unit}")
        for claim in contents.claims
        if claim.line == line
    ]


def test_amount_share_change_and_rate_of_one_sentence(contents: PackageContents) -> None:
    assert claims(contents, 349) == [
        ("expenditure-basic", "amount", "1294万元"),
        ("expenditure-basic", "share", "51.93%"),
        ("expenditure-basic", "change", "194万元"),
        ("expenditure-basic", "rate", "17.63%"),
    ]


def test_a_decrease_is_negative(contents: PackageContents) -> None:
    assert claims(contents, 509)[1:] == [
        ("operating-expenses", "change", "-281万元"),
        ("operating-expenses", "rate", "-14.39%"),
    ]


def test_each_claim_has_the_sentence_that_prints_it(contents: PackageContents) -> None:
    for claim in contents.claims:
        assert claim.printed in claim.sentence
        assert claim.sentence.count("。") <= 1 and claim.sentence.find("。") in (
            -1,
            len(claim.sentence) - 1,
        )


@pytest.mark.parametrize(("words", "kept"), [(199, 199), (200, 199)])
def test_of_a_long_sentence_what_stands_near_the_number_is_kept(
    tmp_path: Path, words: int, kept: int
) -> None:
    long = f"一、收入情况\n\n一般公共预算拨款收入123.45万元，{'余' * words}。"
    claims = contents_of(tmp_path, disclosure_text(narrative=long)).claims
    (claim,) = [each for each in claims if each.printed == "123.45万元"]
    assert claim.sentence.count("余") == kept


def test_functions_named_in_words_get_their_code(contents: PackageContents) -> None:
    assert claims(contents, 389)[0] == ("function/2080505", "amount", "39万元")


def test_a_sentence_torn_by_a_page_break_is_one(contents: PackageContents) -> None:
    claim = next(claim for claim in contents.claims if claim.line == 387)
    assert claim.subject == "function/2010399"


@given(
    st.decimals(min_value=0, max_value=10**8, places=2), st.sampled_from(["万元", "元", "%", "辆"])
)
def test_every_number_with_a_unit_is_found(value: Decimal, unit: str) -> None:
    (quantity,) = quantities(f"某项支出{value}{unit}，主要原因是人员调整。")
    assert (quantity.value, quantity.unit) == (value, unit)


def test_thresholds_years_and_dates_are_no_quantities() -> None:
    assert list(quantities("2022年1月-12月，单位价值50万元以上大型设备")) == []


@pytest.mark.parametrize(
    "bounded",
    [
        "近{}",
        "将近{}",
        "逾{}",
        "超{}",
        "超过{}",
        "不超过{}",
        "不足{}",
        "＜{}",
        "≤{}",
        "{}左右",
        "{}以内",
    ],
)
def test_a_bound_is_no_quantity(bounded: str) -> None:
    assert list(quantities(f"公务接待费{bounded.format('5.2万元')}，比上年减少。")) == []
    assert [q.value for q in quantities("最近5次，附近5处，相近5个")] == [5, 5, 5]


@pytest.mark.parametrize(
    ("stated", "decimals"),
    [
        ("约500万元", -2),
        ("大约510万元", -1),
        ("约合510万元", -1),
        ("大致 500 万元", -2),
        ("≈510万元", -1),
        ("约501万元", 0),
        ("约500.0万元", 1),
        ("500万元", 0),
    ],
)
def test_about_is_rounded_to_the_digits_before_its_zeros(stated: str, decimals: int) -> None:
    (quantity,) = quantities(f"预算{stated}。")
    assert (quantity.value, quantity.decimals) == (
        int(float(stated.strip("大约合致≈ 万元"))),
        decimals,
    )


@pytest.mark.parametrize(
    ("sentence", "measure"),
    [
        ("公务接待费压减为4万元。", "amount"),
        ("公务接待费由上年的5万元减少为4万元。", "amount"),
        ("公务接待费3万元，比上年减少为4万元。", "change"),
        ("公务接待费3万元，压减4万元。", "change"),
    ],
)
def test_cut_to_is_the_amount_and_cut_by_the_change(sentence: str, measure: str) -> None:
    *_, last = quantities(sentence)
    clause = clause_of(last, [])
    assert clause is not None
    assert clause.measure == measure


def test_projects_under_differing_names_are_one(contents: PackageContents) -> None:
    project = next(p for p in contents.projects if p.name.startswith("安邦"))
    assert project.names == (
        "安邦信息服务、法律顾问费", "安邦信息费、法律顾问费", "安邦信息、法律顾问费",
    )  # fmt: skip
    assert project.amount == project.stated_amount == project.target_amount == 160_000
    assert project.basis == "根据单位职能及合同要求。"
    assert len(contents.projects) == 7


def test_indicators_keep_blank_rows(contents: PackageContents) -> None:
    assert len(contents.indicators) == 66
    blank = [i for i in contents.indicators if i.name is None]
    assert {i.level2 for i in blank} >= {"生态效益指标", "可持续影响指标"}
    assert all(i.value is None for i in blank)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("≥95%", ("≥", "95", "%")), (">=1.75 万元", ("≥", "1.75", "万元")),
        ("150 人", (None, "150", "人")), ("有效提升", (None, None, None)),
        ("2022年1月15日", (None, None, None)), (None, (None, None, None)),
        ("不超过20%", ("≤", "20", "%")),
    ],
)  # fmt: skip
def test_targets_as_operator_number_unit(
    text: str | None, expected: tuple[str | None, str | None, str | None]
) -> None:
    operator, value, unit = read_target_value(text)
    assert (operator, str(value) if value is not None else None, unit) == expected


def test_holdings_with_quantity_and_value(contents: PackageContents) -> None:
    held = {holding.label: holding for holding in contents.holdings if not holding.planned}
    assert held["房屋"].quantity == Decimal("3903.14")
    assert held["房屋"].amount == Decimal("3975200")
    assert held["执法执勤用车"].quantity == 3
    planned = [holding for holding in contents.holdings if holding.planned]
    assert len(planned) == 3
    assert all(holding.quantity in (0, None) for holding in planned)


def test_units_with_their_duties(contents: PackageContents) -> None:
    assert [unit.name for unit in contents.units] == [
        "综合部",
        "宣传信息部",
        "组织人事部",
        "群工部",
    ]
    assert "车队" in contents.units[0].also
    assert all(unit.duties and unit.duties.endswith("。") for unit in contents.units)


def test_glossary(contents: PackageContents) -> None:
    assert [entry.term for entry in contents.glossary] == [
        "财政拨款", "一般公共预算", "财政专户管理资金", "其他资金", "基本支出", "项目支出",
        "“三公”经费", "机关运行经费",
    ]  # fmt: skip
    assert contents.glossary[-1].definition.endswith("其他费用。")


def test_two_documents_of_one_department_share_its_row(tmp_path: Path) -> None:
    texts = [disclosure_text(), disclosure_text().replace("2023", "2024")]
    paths = [write(tmp_path, text, f"{i}.md") for i, text in enumerate(texts)]
    compiled = compile_contents([understand(read_document(path)) for path in paths])
    assert len(compiled.departments) == 1
    assert {document.fiscal_year for document in compiled.documents} == {2023, 2024}


def test_another_place_is_another_department_whatever_the_short_name(tmp_path: Path) -> None:
    text = disclosure_text(narrative="设立水利局（以下简称县水利局），为政府工作部门。")
    paths = [write(tmp_path, text, "a.md"), write(tmp_path, text.replace("桐庐", "建德"), "b.md")]
    compiled = compile_contents([understand(read_document(path)) for path in paths])
    assert len(compiled.departments) == 2
    assert all("县水利局" in department.names for department in compiled.departments)


def test_a_year_in_chinese_numerals(tmp_path: Path) -> None:
    text = disclosure_text().replace("2023年", "二〇二三年") + "\n2021年末实有人数5人。\n"
    assert understand(read_document(write(tmp_path, text))).identity.fiscal_year == 2023


CODED = """\
# 某县水利局2024年部门预算

一般公共预算支出表

单位：万元

| 科目编码 | 科目名称 | 合计 | 基本支出 |
|---|---|---|---|
| 213 | 农林水支出 | 2387.41 | 2387.41 |
| 21303 | 水利 | 2387.41 | 2387.41 |
| 2130301 | 行政运行 | 2387.41 | 2387.41 |
| | 合计 | 2387.41 | 2387.41 |

一般公共预算“三公”经费支出表

单位：万元

| 单位名称 | 合计 | 因公出国（境）费 | 公务用车购置及运行费 | 公务接待费 |
|---|---|---|---|---|
| 合计 | 38.49 | 0 | 24.17 | 14.32 |
| 某县水利局 | 38.49 | 0 | 24.17 | 14.32 |

# 一般公共预算支出情况

（1）行政运行（2130301）{function}万元。

# “三公”经费情况

本部门2024年“三公”经费支出{three}万元，其中：公务接待费{hosting}万元。
"""


@pytest.mark.parametrize(
    ("stated", "wrong"),
    [
        ({}, 0), ({"function": "2,378.41"}, 1), ({"three": "83.49"}, 1), ({"hosting": "41.32"}, 1),
    ],
)  # fmt: skip
def test_digits_that_changed_places_in_a_sentence_are_noticed(
    stated: dict[str, str], wrong: int, tmp_path: Path
) -> None:
    """A function with its code in brackets, and a table whose budget units stand below their total."""
    right = {"function": "2,387.41", "three": "38.49", "hosting": "14.32"}
    (tmp_path / "a.md").write_text(CODED.format(**{**right, **stated}), "utf-8")
    findings = check_sources(tmp_path / "a.md").findings
    assert [f.rule for f in findings if f.verdict == "error"] == ["narrative-table"] * wrong
