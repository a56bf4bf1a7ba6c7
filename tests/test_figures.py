"""Budgets, headline figures, spending and revenue: derived from what is printed, and nothing else."""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pyoxigraph as ox
import pytest
from benchmarks.layouts.layouts import LAYOUTS
from benchmarks.layouts.render import render
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import yusuan
from tests.disclosures import ROWS, disclosure_text, write
from tests.representative import FULL, few_or
from yusuan.figures import breakdown, derived_rows
from yusuan.figures.printed import PrintedAmount
from yusuan.package.write import resource_rows
from yusuan.pipeline import CheckedSources, check_sources
from yusuan.schema import catalogue

GOLDEN = Path(__file__).parent / "headline_figures.csv"
"""What the pages of the corpus print, looked up on the page that is named."""
TOLERANCE = Decimal("0.005")
Derived = Mapping[str, list[dict[str, str]]]


def derived(checked: CheckedSources) -> Derived:
    """The derived rows of documents that were read, by resource."""

    def rows(name: str) -> Iterator[dict[str, str]]:
        resource = catalogue()[name]
        names = [field.name for field in resource.fields]
        for texts in resource_rows(resource, checked.contents, checked.findings):
            yield dict(zip(names, texts, strict=True))

    found: dict[str, list[dict[str, str]]] = defaultdict(list)
    for name, row in derived_rows(rows):
        names = [field.name for field in catalogue()[name].fields]
        found[name].append(dict(zip(names, row, strict=True)))
    return found


def read(folder: Path, *texts: str) -> Derived:
    for number, text in enumerate(texts):
        write(folder, text, f"{number}.md")
    return derived(check_sources(folder))


def amounts(rows: Iterable[Mapping[str, str]]) -> dict[str, Decimal]:
    return {row["code"]: Decimal(row["amount"]) for row in rows}


def assert_adds_up(found: Derived, name: str) -> None:
    """Leaves and one residual are the printed total; what is left over is small or explained."""
    totals = {row["figure"]: Decimal(row["amount"]) for row in found["figures"] if row["amount"]}
    for budget in found["budgets"]:
        rows = [row for row in found[name] if row["budget"] == budget["budget"]]
        [residual] = [row for row in rows if row["part"] == "residual"]
        total = totals[residual["total"]]
        assert sum(Decimal(row["amount"]) for row in rows) == total
        leaves = [row["fact"] for row in rows if row["part"] == "leaf"]
        assert leaves
        assert len(leaves) == len(set(leaves))
        assert abs(Decimal(residual["amount"])) <= TOLERANCE * total or residual["finding"]


# Real documents


def test_the_headline_figures_are_those_of_the_pages(corpus_checked: CheckedSources) -> None:
    """Amounts in yuan; of things their number with what they are counted in."""
    with GOLDEN.open(encoding="utf-8", newline="") as stream:
        printed = {
            (row["budget"], row["code"]): (Decimal(row["printed"]) * int(row["unit"]), "")
            if row["unit"].isdecimal() else (Decimal(row["printed"]), row["unit"])
            for row in csv.DictReader(stream)
        }  # fmt: skip
    figures = derived(corpus_checked)["figures"]
    assert {
        (row["budget"], row["code"]): (
            Decimal(row["amount"] or row["quantity"]), row["quantity_unit"]
        )
        for row in figures
    } == printed  # fmt: skip


@pytest.mark.parametrize("name", ["spending", "revenue"])
def test_the_corpus_adds_up_to_its_printed_totals(
    corpus_checked: CheckedSources, name: str
) -> None:
    found = derived(corpus_checked)
    assert_adds_up(found, name)
    assert {row["amount"] for row in found[name] if row["part"] == "residual"} == {"0"}
    for row in found["spending"]:  # as fine as tables print it: 项, or the class where that is all
        assert row["function_name"] or row["part"] == "residual"
        assert len(row["function_code"]) in (0, 3, 7)


def test_narrative_and_tables_in_two_files_are_one_budget(corpus_checked: CheckedSources) -> None:
    budgets = derived(corpus_checked)["budgets"]
    assert len(corpus_checked.contents.documents) == 10
    assert sorted(len(row["documents"].split("|")) for row in budgets) == [1] * 6 + [2, 2]
    assert not any(row["superseded"] for row in budgets)


# Made-up layouts, of which some print sources, types and economic items in every way there is


@pytest.mark.parametrize("layout", list(LAYOUTS)[:: 1 if FULL else 4])
def test_leaves_and_residual_are_the_total_in_every_layout(layout: str, tmp_path: Path) -> None:
    found = derived(check_sources(render(LAYOUTS[layout](), "text", tmp_path)))
    for name in ("spending", "revenue"):
        assert_adds_up(found, name)


YUAN = st.integers(min_value=0, max_value=10**8).map(lambda fen: Decimal(fen) / 100)


@settings(max_examples=few_or(6, 40), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(YUAN, YUAN), min_size=1, max_size=5), YUAN)
def test_whatever_is_printed_adds_up(
    tmp_path_factory: pytest.TempPathFactory, parts: list[tuple[Decimal, Decimal]], slip: Decimal
) -> None:
    """A total that its parts do not add up to is stated as a residual, never spread over them."""
    total = sum((basic + project for basic, project in parts), slip)
    rows = [
        f"213\t03\t{number:02}\t项目{number}\t{basic + project}\t{basic}\t{project}"
        for number, (basic, project) in enumerate(parts, start=1)
    ]
    text = disclosure_text(rows=(*rows, f"\t\t\t合 计\t{total}\t\t"), unit="元")
    found = read(tmp_path_factory.mktemp("made"), text)
    nonzero = [amount for pair in parts for amount in pair if amount]
    leaves = [Decimal(row["amount"]) for row in found["spending"] if row["part"] == "leaf"]
    assert sorted(leaves) == sorted(nonzero)
    if nonzero:
        [residual] = [row for row in found["spending"] if row["part"] == "residual"]
        assert Decimal(residual["amount"]) == slip


# Which amounts are meant


def test_a_figure_is_a_printed_fact_and_a_blank_is_none(tmp_path: Path) -> None:
    found = read(tmp_path, disclosure_text(rows=(*ROWS[:2], "\t\t\t合 计\t350\t100\t")))
    assert amounts(found["figures"]) == {"expenditure-total": 3_500_000, "basic": 1_000_000}
    [total] = [row for row in found["figures"] if row["code"] == "expenditure-total"]
    assert total["fact"].endswith("-expenditure-summary-total-total")
    assert total["place"] == "3"
    assert "部门支出总体情况表" in total["chosen_zh"]
    assert (total["printed"], total["unit"], total["page"]) == ("350", "万元", "")


def test_how_a_figure_was_chosen_names_the_table_as_it_is_printed(tmp_path: Path) -> None:
    text = disclosure_text().replace("部门支出总体情况表", "部门支出总表")
    [total] = [row for row in read(tmp_path, text)["figures"] if row["code"] == "expenditure-total"]
    assert total["chosen_zh"] == "《部门支出总表》：合计 / 支出预算 / 合 计"
    assert total["chosen_en"] == '"部门支出总表" (Summary of expenditure): 合计 / 支出预算 / 合 计'


def test_an_earlier_place_is_taken_and_a_sentence_only_where_no_table_prints_it(
    tmp_path: Path,
) -> None:
    said = (
        "## 一、关于2023年支出预算情况说明\n\n2023年支出预算999万元，其中：基本支出100万元。\n\n"
        "## 二、政府采购情况\n\n2023年政府采购预算20万元，其中：政府采购货物预算5万元。"
    )
    found = read(tmp_path, disclosure_text(narrative=said))
    figures = {row["code"]: row for row in found["figures"]}
    assert figures["expenditure-total"]["amount"] == "3500000"
    assert figures["procurement"]["amount"] == "200000"
    assert figures["procurement"]["claim"]
    assert not figures["procurement"]["fact"]


def test_sentences_that_differ_are_no_figure(tmp_path: Path) -> None:
    said = "## 政府采购情况\n\n2023年政府采购预算20万元。\n\n2023年政府采购预算30万元。"
    assert "procurement" not in amounts(read(tmp_path, disclosure_text(narrative=said))["figures"])


def test_an_error_on_the_amount_is_told_beside_the_figure(tmp_path: Path) -> None:
    found = read(tmp_path, disclosure_text(rows=(*ROWS[:2], "\t\t\t合 计\t390\t100\t250")))
    [total] = [row for row in found["figures"] if row["code"] == "expenditure-total"]
    assert total["finding"]
    [residual] = [row for row in found["spending"] if row["part"] == "residual"]
    assert Decimal(residual["amount"]) == 400_000
    assert residual["finding"]


# Which budgets there are


def test_a_budget_issued_anew_replaces_what_it_prints_again(tmp_path: Path) -> None:
    first = disclosure_text(narrative="桐庐县水利局\n2023年2月1日")
    again = disclosure_text(
        rows=(
            *ROWS[:1],
            "213\t03\t06\t水利工程运行与维护\t260\t\t260",
            "\t\t\t合 计\t360\t100\t260",
        ),
        narrative="桐庐县水利局\n2023年3月1日",
    )
    found = read(tmp_path, first, again)
    [budget] = found["budgets"]
    assert amounts(found["figures"])["expenditure-total"] == 3_600_000
    assert budget["superseded"] not in ("", budget["documents"])
    assert sum(Decimal(row["amount"]) for row in found["spending"]) == 3_600_000


def test_a_units_budget_is_part_of_its_departments(tmp_path: Path) -> None:
    whole = disclosure_text()
    assert "部门预算" in whole
    rows = read(tmp_path, whole, whole.replace("部门预算", "单位预算"))
    found = {row["kind"]: row for row in rows["budgets"]}
    # its money is counted once
    assert {row["budget"] for row in rows["spending"]} == {found["department"]["budget"]}
    assert {row["budget"] for row in rows["figures"]} == {row["budget"] for row in found.values()}
    assert found["unit"]["part_of"] == found["department"]["budget"]
    assert not found["department"]["part_of"]
    assert found["unit"]["budget"] == f"{found['department']['budget']}/unit"


# In a package


@pytest.mark.usefixtures("quick_framework")
def test_derived_tables_are_marked_and_compared(package: yusuan.Package, tmp_path: Path) -> None:
    marked = {item["name"] for item in package.descriptor["resources"] if "derivedFrom" in item}
    assert marked == {"budgets", "figures", "spending", "revenue", "revisions", "table-revisions"}
    copy = tmp_path / "copy"
    shutil.copytree(package.folder, copy, ignore=shutil.ignore_patterns("graph"))
    path = copy / "data" / "figures.csv"
    path.write_bytes(path.read_bytes().replace(b",24920000,", b",24940000,", 1))
    _take_for_granted(copy / "datapackage.json", path)
    [error] = yusuan.validate_package(copy).errors
    assert (error.resource, error.line, error.field) == ("figures", 2, "amount")
    assert "24940000" in str(error)
    assert "推算" in str(error)


def _take_for_granted(listed: Path, path: Path) -> None:
    """Make a descriptor of the changed file alone, with its hash, as who changes it would."""
    descriptor = json.loads(listed.read_text("utf-8"))
    [own] = [item for item in descriptor["resources"] if item["name"] == path.stem]
    own["hash"] = f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"
    del own["schema"]["foreignKeys"]
    listed.write_text(json.dumps({**descriptor, "resources": [own]}), "utf-8")


def test_a_package_in_python(package: yusuan.Package) -> None:
    found = package.compare(["expenditure-total", "“三公”经费", "government-fund-expenditure"])
    [row] = found.to_dict("records")
    assert row["expenditure-total"] == package.spending.amount.sum() == Decimal(24_920_000)
    assert row["three-public"] == Decimal(965_000)
    assert {"budgets", "figures", "spending", "revenue", "published_tables"} <= set(dir(package))
    assert "1 documents of 1 departments, 2022–2022" in repr(package)
    with pytest.raises(
        yusuan.YusuanError, match="total-of-all: no such figure; there are revenue-"
    ):
        package.compare(["total-of-all"])


def test_figures_are_asked_in_sql_without_a_join(package: yusuan.Package) -> None:
    with closing(sqlite3.connect(package.folder / "budget.db")) as connection:
        asked = "select department_name, sum(amount_fen) from spending group by department_name"
        assert [fen for _, fen in connection.execute(asked)] == [2_492_000_000]


def test_spending_by_department_is_asked_in_one_line_of_sparql(package: yusuan.Package) -> None:
    store = ox.Store.read_only(str(package.store()))
    asked = """PREFIX ys: <https://w3id.org/yusuan/def#>
        SELECT ?department (SUM(?amount) AS ?total) WHERE {
            GRAPH ?g { ?x a ys:Spending ; ys:department ?department ; ys:amount ?amount }
        } GROUP BY ?department"""
    found = store.query(asked)
    assert isinstance(found, ox.QuerySolutions)
    [total] = [solution["total"] for solution in found]
    assert isinstance(total, ox.Literal)
    assert Decimal(total.value) == package.spending.amount.sum()


PROPERTY = [
    ("截至2022年12月31日，本部门共有车辆3辆。", "vehicles-held", 3, "辆"),
    ("本部门共有车辆5辆，单价50万元以上通用设备2台（套）。", "equipment-over-500k", 2, "台（套）"),
    ("截至2022年底，固定资产总额1200.5万元。", "fixed-assets", 12_005_000, ""),
    ("2023年部门预算安排购置车辆1辆。", "vehicles-planned", 1, "辆"),
]


@pytest.mark.parametrize(("sentence", "code", "number", "unit"), PROPERTY)
def test_state_property_is_a_figure_as_it_stood(
    sentence: str, code: str, number: int, unit: str, tmp_path: Path
) -> None:
    """A stock may be that of the year before; of things it is a number, and no amount."""
    text = disclosure_text(narrative=f"五、国有资产占有使用情况\n{sentence}\n")
    [row] = [row for row in read(tmp_path, text)["figures"] if row["code"] == code]
    assert (Decimal(row["amount"] or row["quantity"]), row["quantity_unit"]) == (number, unit)
    assert bool(row["amount"]) == (not unit)
    assert ("2022" in row["chosen_en"]) == ("2022" in sentence)


def test_what_was_planned_a_year_before_is_no_figure(tmp_path: Path) -> None:
    text = disclosure_text(narrative="五、国有资产占有使用情况\n2022年预算安排购置车辆1辆。\n")
    assert "vehicles-planned" not in {row["code"] for row in read(tmp_path, text)["figures"]}


_SAID = {
    "functional_code": ["", "201", "20101", "2010101", "202"],
    "economic_code": ["", "301", "30101"],
    "government_economic_code": ["", "501"],
    "project": ["", "甲", "乙"],
}


def _printed_amount(name: str, said: tuple[str, ...], amount: int) -> PrintedAmount:
    row = {
        "function": "",
        "fund_source": "",
        "expenditure_type": "",
        **dict(zip(_SAID, said, strict=True)),
    }
    return PrintedAmount(name, row, Decimal(amount), Decimal("0.5"))


_SAYINGS = st.lists(st.tuples(st.tuples(*map(st.sampled_from, _SAID.values())), st.integers(1, 4)), max_size=7)  # fmt: skip


@settings(max_examples=few_or(100, 300), deadline=None)
@given(_SAYINGS, _SAYINGS)
def test_a_leaf_gives_way_to_the_parts_that_say_more_and_have_its_sum(
    leaves: list[tuple[tuple[str, ...], int]], parts: list[tuple[tuple[str, ...], int]]
) -> None:
    """As it reads when each leaf is held against each part."""
    coarse = [_printed_amount(f"leaf {n}", *each) for n, each in enumerate(leaves)]
    fine = [_printed_amount(f"part {n}", *each) for n, each in enumerate(parts)]
    expected, used = [], set[str]()
    for leaf, (says, _) in zip(coarse, leaves, strict=True):
        below = [
            part for part, (more, _) in zip(fine, parts, strict=True)
            if part.key not in used and more != says and says[3] in ("", more[3])
            and all(own.startswith(said) for own, said in zip(more[:3], says[:3], strict=True))
        ]  # fmt: skip
        slack = Decimal("0.5") * (len(below) + 1)
        fits = below and abs(sum(part.amount for part in below) - leaf.amount) <= slack
        own = below if fits else [leaf]
        used |= {each.key for each in own}
        expected.append({each.key for each in own})
    found = [each.key for each in breakdown._refined(coarse, fine)]
    assert sorted(found) == sorted(key for each in expected for key in each)
    for keys in expected:  # in the place of the leaf
        assert set(found[: len(keys)]) == keys
        del found[: len(keys)]


@pytest.mark.parametrize("distinct", [True, False])
def test_leaves_are_divided_in_a_time_that_grows_as_they_do(
    distinct: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = 0
    is_below = breakdown._is_below

    def counted(part: breakdown.Said, leaf: breakdown.Said) -> bool:
        nonlocal looked
        looked += 1
        return is_below(part, leaf)

    monkeypatch.setattr(breakdown, "_is_below", counted)

    def looks(count: int) -> int:
        nonlocal looked
        looked = 0
        codes = [f"2{n if distinct else 1:04}" for n in range(count)]
        leaves = [
            _printed_amount(f"leaf {n}", (code, "", "", ""), 1) for n, code in enumerate(codes)
        ]
        parts = [
            _printed_amount(f"part {n}", (code, "301", "", ""), 1) for n, code in enumerate(codes)
        ]
        assert len(breakdown._refined(leaves, parts)) == count
        return looked

    assert looks(400) <= 2.2 * looks(200)
