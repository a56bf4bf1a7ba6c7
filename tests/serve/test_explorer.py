"""The explorer: what a page shows is what its downloads hold, and its charts are drawn from its tables."""

from __future__ import annotations

import io
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import quote

import duckdb
import openpyxl
import pandas as pd
import pytest
from lxml import html

import yusuan
from tests.browser import real_browser
from tests.disclosures import disclosure_text, write
from tests.serve.conftest import Get, Server
from yusuan import Package
from yusuan.explorer import findings
from yusuan.explorer.budgets import budget_view
from yusuan.explorer.downloads import DownloadSource, as_file
from yusuan.explorer.pages import can_be_drawn
from yusuan.explorer.views import Chart, View, ViewCell, ViewColumn, ViewRow, ViewTable
from yusuan.portals.pages import package_rows


@pytest.fixture(scope="module")
def department(package: Package) -> str:
    (row,) = package.rows("departments")
    return f"/department/{row['department']}"


@pytest.fixture(scope="module")
def budget(package: Package) -> str:
    row = next(iter(package.rows("budgets")))
    return f"/budget/{row['budget']}"


def shown(page: str, table: str) -> list[list[str]]:
    """The rows of a table as the page shows them, without the marks of findings."""
    (found,) = html.fromstring(page).xpath(f"//table[@id='data-{table}']")
    rows = []
    for row in found.xpath(".//tbody/tr"):
        for flag in row.xpath(".//a[@class='flag']"):
            flag.drop_tree()
        rows.append([cell.text_content().strip() for cell in row.xpath("td")])
    return rows


def as_shown(value: Any, kind: str) -> str:
    if value is None or value == "" or pd.isna(value):
        return ""
    if kind == "money":
        return f"{Decimal(str(value)):,.2f}"
    if kind == "percent":
        return f"{Decimal(str(value)):.2f}"
    return f"{int(value):,}" if kind == "number" else str(value)


@pytest.mark.parametrize(
    ("page", "table"),
    [("department", "figures"), ("department", "composition"), ("department", "three-public"),
     ("department", "printed-tables"), ("department", "projects"), ("budget", "flows"),
     ("budget", "figures"), ("budget", "claims"), ("compare", "compared-figures"),
     ("compare", "compared-shares"), ("/item/201", "spent"), ("/item/30101", "spent"),
     ("/findings?verdict=error", "findings"), ("/departments", "held"), ("project", "amounts"), ("project", "indicators")],
)  # fmt: skip
def test_the_four_downloads_hold_what_the_page_shows(
    page: str, table: str, get: Get, department: str, budget: str, package: Package, tmp_path: Path
) -> None:
    (project, *_) = sorted({row["project"] for row in package.rows("indicators")})
    own = {
        "department": department, "budget": budget, "project": f"/project/{project}",
        "compare": f"/compare?of={budget.removeprefix('/budget/')}",
    }  # fmt: skip
    path, _, query = own.get(page, page).partition("?")
    rows = shown(get(f"{path}?{query}").text, table)
    assert rows
    tables = get(f"{path}.json?{query}").json()["tables"]
    found = next(each for each in tables if each["name"] == table)
    kinds = [column["format"] for column in found["columns"]]
    names = [column["name"] for column in found["columns"]]

    def same(read: list[list[Any]]) -> None:
        assert [
            [as_shown(value, kind) for value, kind in zip(row, kinds, strict=True)] for row in read
        ] == rows

    same([
        [value["zh"] if isinstance(value := row[name], dict) else value for name in names]
        for row in found["rows"]
    ])  # fmt: skip
    parquet = tmp_path / "rows.parquet"
    parquet.write_bytes(get(f"{path}.parquet?part={table}&{query}").content)
    same([list(row) for row in duckdb.sql(f"select * from '{parquet}'").fetchall()])
    frame = pd.read_csv(io.BytesIO(get(f"{path}.csv?part={table}&{query}").content), dtype=str)
    same(frame.values.tolist())
    book = openpyxl.load_workbook(io.BytesIO(get(f"{path}.xlsx?{query}").content))
    place = [each["name"] for each in tables].index(table)
    sheet = book.worksheets[place + 1]
    same([list(row) for row in sheet.iter_rows(min_row=2, values_only=True)])
    assert sheet.freeze_panes == "A2"
    for column, kind in enumerate(kinds, start=1):
        types = {
            cell.data_type
            for (cell,) in sheet.iter_rows(2, None, column, column)
            if cell.value is not None
        }
        assert types <= ({"n"} if kind in ("money", "percent", "number", "year") else {"s"})


def test_each_picture_of_a_finding_is_a_picture(get: Get) -> None:
    """The cell of a text is shown by a page, which an image cannot show."""
    for source in html.fromstring(get("/findings").text).xpath("//main//img/@src"):
        assert get(source).headers["content-type"].startswith("image/")


def test_a_comparison_with_nothing_to_add_has_no_empty_table(get: Get, budget: str) -> None:
    view = get(f"/compare.json?of={budget.removeprefix('/budget/')}").json()
    assert all(table["rows"] for table in view["tables"])


@pytest.mark.parametrize("kind", ["department", "budget", "item"])
def test_the_page_for_machines_leads_to_the_one_for_people(
    get: Get, department: str, budget: str, kind: str
) -> None:
    path = {"department": department, "budget": budget, "item": "/item/201"}[kind]
    (machine,) = html.fromstring(get(path).text).xpath(
        "//p[@class='note']/a[contains(@href, '/id/')]/@href"
    )
    assert f'href="{path}"' in get(machine).text


@pytest.mark.parametrize(
    "table", ["revenue-expenditure-summary", "general-budget-basic-expenditure"]
)
def test_a_printed_table_shows_its_rows_without_numbers_too(
    get: Get, budget: str, package: Package, table: str
) -> None:
    """A blank is not zero, and a row of blanks is printed: its label stands in its place."""
    printed = [row for row in package.rows(table) if row["name"]]
    numbered = {row["row"] for row in package.rows("facts")}
    assert {row["row"] for row in printed} - numbered
    page = get(f"{budget}?table={table}").text
    (name,) = {
        each for each in html.fromstring(page).xpath("//section/@id") if each.startswith("table-")
    }
    rows = shown(page, name)
    assert {row["name"] for row in printed} <= {cell for row in rows for cell in row}
    lines = {row["name"]: int(row["line"]) for row in printed}
    for column in zip(*rows, strict=True):
        found = [lines[cell] for cell in column if cell in lines]
        assert found == sorted(found)


def test_the_parts_of_the_composition_sum_to_the_printed_total(get: Get, department: str) -> None:
    (found,) = (
        table
        for table in get(f"{department}.json").json()["tables"]
        if table["name"] == "composition"
    )
    by_kind: dict[str, Decimal] = {}
    for row in found["rows"]:
        kind = row.get("row_kind", "detail")
        by_kind[kind] = by_kind.get(kind, Decimal()) + Decimal(row["amount"])
    assert by_kind["detail"] + by_kind.get("residual", 0) == by_kind["total"]


def test_every_printed_number_of_a_table_leads_to_its_cell(
    get: Get, budget: str, package: Package
) -> None:
    facts = [row for row in package.rows("facts") if row["table"] == "expenditure-summary"]
    page = html.fromstring(get(f"{budget}?table=expenditure-summary").text)
    links = page.xpath("//section[starts-with(@id, 'table-')]//td[@class='number']/a[not(@class)]")
    assert {(link.get("href"), link.text_content()) for link in links} == {
        (f"/id/fact/{row['fact']}", row["printed"]) for row in facts
    }
    assert get(links[0].get("href")).status_code == 200


@pytest.mark.parametrize(
    "path",
    ["/department/nobody", "/budget/nobody/2020/approved", "{department}?budget=other",
     "{budget}?table=no-such-table", "/compare?of=other", "/item/99999", "/project/none",
     "/findings?verdict=other", "{department}.csv?part=none", "{department}.embed?part=none"],
)  # fmt: skip
def test_what_is_not_there_is_said_to_be_missing(
    path: str, get: Get, department: str, budget: str
) -> None:
    assert get(path.format(department=department, budget=budget)).status_code == 404


def test_a_department_is_found_by_its_name(get: Get, department: str, package: Package) -> None:
    (row,) = package.rows("departments")
    assert get(f"/department/{quote(row['name'])}").status_code == 200


@pytest.mark.parametrize(
    "path", ["/budget/facts", "/budget/findings-by-severity", "/budget/claims"]
)
def test_a_table_of_the_database_downloads_the_rows_of_its_page(
    path: str, get: Get, tmp_path: Path
) -> None:
    rows = get(f"{path}.json?_shape=arrays&_size=50").json()["rows"]
    book = openpyxl.load_workbook(io.BytesIO(get(f"{path}.xlsx?_size=50").content))
    sheet = [list(row) for row in book.worksheets[1].iter_rows(min_row=2, values_only=True)]
    file = tmp_path / "rows.parquet"
    file.write_bytes(get(f"{path}.parquet?_size=50").content)
    parquet = [list(row) for row in duckdb.sql(f"select * from '{file}'").fetchall()]
    assert 20 < len(rows) <= 50
    assert plain(rows) == plain(sheet) == plain(parquet)


@pytest.mark.parametrize(("columns", "names", "row"), [
    ("1 as a, 2 as A, 3 as \"A 2\"", ["a", "A 2", "A 2 2"], ("1", "2", "3")),
    ("1 as ''", ["column"], ("1",)),
    ("'x' as amount", ["amount"], ("x",)),
    ("1e31 as amount", ["amount"], (Decimal("1e31"),)),
    ("1e300 as amount", ["amount"], ("1e+300",)),
])  # fmt: skip
def test_whatever_a_query_gives_is_a_parquet_file(
    columns: str, names: list[str], row: tuple[object, ...], get: Get, tmp_path: Path
) -> None:
    file = tmp_path / "rows.parquet"
    file.write_bytes(get(f"/budget.parquet?sql={quote(f'select {columns}')}").content)
    found = duckdb.sql(f"select * from '{file}'")
    assert (found.columns, found.fetchall()) == (names, [row])


def plain(rows: list[list[Any]]) -> list[list[str | Decimal | None]]:
    return [
        [None if value in (None, "") else number_or_text(str(value)) for value in row]
        for row in rows
    ]


def number_or_text(text: str) -> str | Decimal:
    try:
        return Decimal(text).normalize()
    except ArithmeticError:
        return text


def test_a_query_that_fails_is_no_workbook(get: Get) -> None:
    answer = get("/budget.xlsx?sql=select+no_such_column+from+facts")
    assert answer.status_code == 400 and answer.headers["content-type"].startswith("text/plain")


@pytest.mark.parametrize("text", ["=1+1", "+A1", "@x", "-2", '=cmd|"/c calc"!A1'])
def test_texts_like_formulas_stay_texts(text: str) -> None:
    table = ViewTable(
        "t", ("表", "t"), (ViewColumn("a", ("甲", "a")),), (ViewRow((ViewCell(text),)),)
    )
    view = View("department", "department/x", {}, ("甲", "A"), tables=(table,))
    source = DownloadSource(("包", "package"), "CC0", "http://127.0.0.1/")
    book = openpyxl.load_workbook(io.BytesIO(as_file(view, "xlsx", None, "zh", source)))
    cell = book.worksheets[1]["A2"]
    assert (cell.value, cell.data_type) == (text, "s")


@pytest.mark.parametrize(
    "path",
    ["/compare?q=" + "a+" * 4000, "/compare?q=" + "%25" * 9000, "/compare?of=" + "," * 5000,
     "/compare?q=%00", "/department/%00", "/department/" + "a" * 9000, "/item/" + "2" * 5000,
     "/findings?verdict=%ff", "/budget/x/2020/" + "a" * 5000],
)  # fmt: skip
def test_long_and_strange_addresses_are_answered(get: Get, path: str) -> None:
    assert get(path).status_code in (200, 404)


@pytest.mark.parametrize("number", ["0", "-1", "x", "²", "99999999999999999999", ""])
def test_a_page_that_is_no_number_is_the_first(get: Get, number: str) -> None:
    assert get("/findings", params={"page-findings": number}).status_code == 200


def test_tables_are_paged_and_downloads_whole(get: Get, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(findings, "_ON_A_PAGE", 4)
    whole = get("/findings.json?verdict=error").json()["tables"][0]["rows"]
    pages, address = [], "/findings?verdict=error"
    while address:
        page = get(address).text
        pages += shown(page, "findings")
        (address, *_) = [
            f"/findings{link.partition('/findings')[2]}"
            for link in html.fromstring(page).xpath("//p[@class='paging']/a/@href")[-1:]
            if len(pages) < len(whole)
        ] or [""]  # fmt: skip
    assert len(whole) == 9
    assert [row[5] for row in pages] == [row["message"]["zh"] for row in whole]


def test_only_the_pages_to_embed_may_be_framed(get: Get, department: str) -> None:
    for path, framed in ((f"{department}.embed?part=composition", True), (department, False)):
        assert ("frame-ancestors *" in get(path).headers["content-security-policy"]) is framed


def test_charts_are_drawn_and_pages_fit_a_telephone(
    server: Server, department: str, budget: str
) -> None:
    with real_browser() as browser:
        page = browser.new_page(viewport={"width": 390, "height": 800})
        problems: list[str] = []
        page.on(
            "console", lambda each: problems.append(each.text) if each.type == "error" else None
        )
        for path, charts in ((department, 2), (budget, 2)):
            page.goto(f"{server.url}{path}")
            page.wait_for_selector("[data-chart] svg")
            assert page.locator("[data-chart] svg").count() == charts
            assert page.evaluate("document.documentElement.scrollWidth") <= 390
        page.goto(f"{server.url}{department}.embed?part=composition")
        page.wait_for_selector("[data-chart] svg")
        assert page.locator("section").count() == 1
        assert problems == []
        bare = browser.new_context(java_script_enabled=False).new_page()
        bare.goto(f"{server.url}{department}")
        assert bare.locator("#composition tbody tr").count() > 3


@pytest.mark.parametrize(("years", "drawn"), [([2022, 2022], False), ([2022, 2023], True)])
def test_a_line_is_drawn_of_more_than_one_year(years: list[int], drawn: bool) -> None:
    columns = (
        ViewColumn("year", ("年度", "Year"), "year"),
        ViewColumn("amount", ("金额", "Amount"), "money"),
    )
    rows = tuple(ViewRow((ViewCell(year), ViewCell(100))) for year in years)
    table = ViewTable("figures", ("数", "Figures"), columns, rows)
    assert can_be_drawn(table, Chart("line", ("year",), ("amount",))) is drawn


def test_a_column_that_the_standard_table_does_not_have_is_printed_too(tmp_path: Path) -> None:
    """Its title is the printed one, on the page of the budget and wherever its rows are shown."""
    table = (
        "表3:\n\n部门支出总体情况表\n\n单位：万元\n\n"
        "功能分类科目编码\t功能分类科目名称\t合 计\t基本支出\t项目支出\t增减额\n"
        "2130301\t行政运行\t100\t100\t\t8.5\n2130306\t水利工程运行与维护\t250\t\t250\t1.5\n\t合 计\t350\t100\t250\t10\n"
    )
    package = yusuan.build(write(tmp_path, disclosure_text(table)), tmp_path / "package")
    assert [row["printed"] for row in package.rows("facts") if not row["column"]] == [
        "8.5",
        "1.5",
        "10",
    ]
    (budget,) = package.rows("budgets")
    with package_rows(package) as data:
        view = budget_view(data, budget["budget"], {})
    (printed,) = [each for each in view.tables if each.name.startswith("table-")]
    assert printed.columns[-1].titles == ("增减额", "增减额")
    assert [row.cells[-1].printed for row in printed.rows] == ["8.5", "1.5", "10"]
