"""The static site: complete, exact, readable, the same each time, and never half-written."""

from __future__ import annotations

import csv
import json
import re
import shutil
import sqlite3
from contextlib import closing
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import duckdb
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from markupsafe import escape

import yusuan
from tests.browser import faults_of
from tests.portals.conftest import SITE
from tests.representative import in_turn
from yusuan import Package, YusuanError, open_package
from yusuan.database.search import SEARCH, search
from yusuan.explorer.budgets import budget_view
from yusuan.explorer.home import home_page
from yusuan.explorer.rendering import column_title, value_text
from yusuan.graph.vocabulary import class_examples, class_forms
from yusuan.portals import publish_static
from yusuan.portals.pages import FileAddresses, SiteKeys, package_rows, safe_name
from yusuan.portals.static import write_parquet
from yusuan.schema import Resource, catalogue


class Page(HTMLParser):
    """Links, ids and unlabelled tables of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.tables = self.named = self.bare_headers = 0
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.links += [str(values[key]) for key in ("href", "src") if key in values]
        if "id" in values:
            self.ids.add(str(values["id"]))
        self.tables += tag == "table"
        self.named += values.get("role") == "region" and bool(values.get("aria-label"))
        self.bare_headers += tag == "th" and "scope" not in values


def pages(site: Path) -> dict[Path, Page]:
    return {path: Page(path.read_text("utf-8")) for path in site.rglob("*.html")}


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*") if path.is_file()
    }  # fmt: skip


@pytest.mark.smoke
def test_site_holds_the_package_as_it_is(site: Path, package: Package) -> None:
    for path in ("datapackage.json", "data/facts.csv", "source/7a12ebf01553.txt"):
        assert (site / path).read_bytes() == (package.folder / path).read_bytes()
    for graph in package.folder.glob("graph/*.ttl"):
        assert (site / "graph" / graph.name).read_bytes() == graph.read_bytes()
    assert open_package(site).facts.equals(package.facts)


def query(path: Path, select: str) -> list[tuple[object, ...]]:
    with duckdb.connect() as database:
        return database.execute(f"SELECT {select} FROM '{path}'").fetchall()


def column_types(path: Path) -> dict[str, str]:
    with duckdb.connect() as database:
        rows = database.execute(f"DESCRIBE SELECT * FROM '{path}'").fetchall()
    return {row[0]: row[1] for row in rows}


@pytest.mark.parametrize("resource", catalogue().resources, ids=lambda resource: resource.name)
def test_parquet_sums_are_exactly_those_of_the_csv(
    resource: Resource, site: Path, package: Package
) -> None:
    path = site / "parquet" / f"{resource.name}.parquet"
    rows = list(package.rows(resource.name))
    types = column_types(path)
    assert not {"DOUBLE", "FLOAT"} & set(types.values())
    numbers = [field for field in resource.fields if field.type in ("number", "integer")]
    sums = ", ".join(["count(*)", *(f'sum("{field.name}")' for field in numbers)])
    ((count, *found),) = query(path, sums)
    assert count == len(rows)
    for field, total in zip(numbers, found, strict=True):
        kind = "DECIMAL(38," if field.type == "number" else "BIGINT"
        assert types[field.name].startswith(kind)
        assert (total or 0) == sum(Decimal(row[field.name]) for row in rows if row[field.name])


def test_parquet_keeps_types_nulls_and_text(site: Path, package: Package) -> None:
    facts = site / "parquet" / "facts.parquet"
    assert column_types(site / "parquet" / "documents.parquet")["published"] == "DATE"
    assert column_types(facts)["is_total"] == "BOOLEAN"
    assert query(facts, "count(page), count(*)") == [(0, 136)]
    assert query(facts, "printed") == [(row["printed"],) for row in package.rows("facts")]


@pytest.mark.smoke
def test_parquet_keeps_every_digit_of_an_unusual_amount(package: Package, tmp_path: Path) -> None:
    shutil.copytree(package.folder, tmp_path / "own")
    rows = tmp_path / "own" / "data" / "three-public-expenses.csv"
    rows.write_text(
        rows.read_text("utf-8").replace(",96.5,", ",98765432109876.123456789,"), "utf-8"
    )
    (tmp_path / "parquet").mkdir()
    write_parquet(open_package(tmp_path / "own"), tmp_path / "parquet")
    path = tmp_path / "parquet" / "three-public-expenses.parquet"
    assert query(path, "total") == [(Decimal("98765432109876.123456789"),)]


def test_every_relative_link_leads_somewhere(site: Path) -> None:
    parsed = pages(site)
    for path, page in parsed.items():
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme:
                continue
            assert not link.startswith("/"), f"{path.name}: {link} breaks below a sub-path"
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            assert target.is_file(), f"{path.name}: {link}"
            if parts.fragment and target in parsed:
                assert unquote(parts.fragment) in parsed[target].ids, f"{path.name}: {link}"


def test_the_feed_links_to_the_pages_and_files_of_the_site(site: Path) -> None:
    feed = (site / "feed.atom").read_text("utf-8")
    addresses = re.findall(r'href="([^"]+)"', feed)
    assert len(addresses) >= 5
    for address in addresses:
        assert address.startswith(SITE)
        assert (site / (unquote(address.removeprefix(SITE)) or "index.html")).is_file()
    for page in pages(site).values():
        assert any(link.endswith("feed.atom") for link in page.links)


def test_pages_fetch_nothing_from_elsewhere(site: Path) -> None:
    for path in site.rglob("*.html"):
        text = path.read_text("utf-8")
        assert not re.search(r"""<(?:script|img|iframe)[^>]+src=["'](?!(?:\.\./)?assets/)""", text)
        assert not re.search(r'<link[^>]+rel="stylesheet"[^>]+href="(?!(?:\.\./)?assets/)', text)
        assert ("echarts" in text) == ("data-chart=" in text), path.name
    for sheet in site.glob("assets/**/*.css"):
        assert "url(" not in sheet.read_text("utf-8")


def test_tables_have_names_and_scopes_and_pages_two_languages(site: Path) -> None:
    found = pages(site)
    for path, page in found.items():
        assert page.tables <= page.named, path.name
        assert page.bare_headers == 0, path.name
        english = path.name.endswith(".en.html")
        stem = path.name.removesuffix(".html").removesuffix(".en")
        other = path.with_name(f"{stem}{'' if english else '.en'}.html")
        assert other in found
        text = path.read_text("utf-8")
        assert f'<html lang="{"en" if english else "zh-CN"}">' in text
        assert re.search(
            rf'<a class="language" [^>]*href="(?:\.\./\w+/)?{re.escape(other.name)}"', text
        )


def test_the_vocabulary_has_a_page_with_an_example_of_each_class(
    site: Path, package: Package
) -> None:
    """Of each class that the package has something of."""
    page = (site / "vocabulary.html").read_text("utf-8")
    assert 'href="vocabulary.html"' in (site / "data.html").read_text("utf-8")
    examples = class_examples(package)
    assert {"Cell", "Claim", "Document", "Finding", "Indicator", "Project", "Row"} <= set(examples)
    for name, example in examples.items():
        entry = page.partition(f'<div id="{name}">')[2].partition("</div>")[0]
        assert f'<pre class="example" tabindex="0">{escape(example)}</pre>' in entry


def test_of_a_class_that_the_package_has_nothing_of_the_vocabulary_shows_the_form(
    site: Path, package: Package
) -> None:
    """And says so; the form has names of columns, no data."""
    page = (site / "vocabulary.html").read_text("utf-8")
    forms = class_forms(package.base)
    none = {"Correction", "Revision", "TableRevision", "Unrecognised"}
    assert none == set(forms) - set(class_examples(package)) - {"Link"}
    for name in forms:
        entry = page.partition(f'<div id="{name}">')[2].partition("</div>")[0]
        assert ("本数据包中没有" in entry) == (name in none)
        assert (f'<pre class="example" tabindex="0">{escape(forms[name])}</pre>' in entry) == (
            name in none
        )
    assert 'prov:value "{corrected_value}"^^xsd:decimal ;' in forms["Correction"]
    assert set(re.findall(r'"([^"]*)"', forms["Unrecognised"])) <= {
        f"{{{field.name}}}" for field in catalogue()["unrecognised"].fields
    }


def test_a_total_leads_to_its_cell_and_that_to_the_line_of_the_document(site: Path) -> None:
    text = (site / "index.html").read_text("utf-8")
    figure = text[text.index("收入总计") :]
    amount = re.search(r'href="(documents/7a12ebf01553.html)#([^"]+)">2,492.00<', figure)
    assert amount and "24,920,000.00 元" in figure
    cell = re.search(
        rf'<td [^>]*id="{amount[2]}">2492</td>.*?href="../(documents/7a12ebf01553-source.html)#(L129)"',
        (site / amount[1]).read_text("utf-8"), re.S,
    )  # fmt: skip
    assert cell and re.search(rf'id="{cell[2]}">[^<]*2492', (site / cell[1]).read_text("utf-8"))


def findings_of(path: Path) -> list[list[str]]:
    (table,) = html.fromstring(path.read_text("utf-8")).xpath("//table[@id='data-findings']")
    return [[cell.text_content() for cell in row.xpath("td")] for row in table.xpath("tbody/tr")]


def test_findings_stand_worst_first_with_printed_and_expected(site: Path, package: Package) -> None:
    rows = findings_of(site / "documents" / "7a12ebf01553.html")
    order = ["错误", "需核实", "截位", "四舍五入", "提示"]
    verdicts = [row[0] for row in rows]
    assert len(verdicts) == len(package.findings)
    assert verdicts == sorted(verdicts, key=order.index)
    assert any("96.5" in row and "64" in row and row[-1] == "万元" for row in rows)
    paged = [
        row
        for path in site.glob("findings/*.html")
        if ".en." not in path.name
        for row in findings_of(path)
    ]
    assert sorted(row[0] for row in paged) == sorted(verdicts)


def test_number_with_an_error_is_marked_and_leads_to_it(site: Path, package: Package) -> None:
    text = (site / "documents" / "7a12ebf01553.html").read_text("utf-8")
    row = text[text.index('<tr id="7a12ebf01553-three-public-expenses"') :]
    cell = re.search(
        r'96.5 <a class="flag" href="../documents/7a12ebf01553.html#(finding-[^"]+)"', row
    )
    assert cell is not None
    assert f'id="{cell[1]}"' in text


def test_every_standard_table_is_rendered_with_its_downloads(site: Path, package: Package) -> None:
    text = (site / "documents" / "7a12ebf01553.html").read_text("utf-8")
    for table in catalogue().tables:
        rows = list(package.rows(table.name))
        assert (f'<section id="{table.name}" class="view-table">' in text) == bool(rows)
        if not rows:
            continue
        assert all(f' id="{row["row"]}"' in text for row in rows)
        for link in (f"data/{table.name}.csv", f"parquet/{table.name}.parquet",
                     f"json/{table.name}.jsonld"):  # fmt: skip
            assert f'href="../{link}"' in text


def test_schema_org_description_is_embedded_and_beside(site: Path) -> None:
    beside = json.loads((site / "dataset.jsonld").read_text("utf-8"))
    text = (site / "index.html").read_text("utf-8")
    match = re.search(r'<script type="application/ld\+json">(.*?)</script>', text, re.S)
    assert match is not None
    assert json.loads(match[1]) == beside
    assert beside["@type"] == "Dataset"
    assert beside["temporalCoverage"] == "2022-01-01/2022-12-31"
    assert beside["creator"][0]["name"] == "新疆库尔勒经济技术开发区党政办公室"
    facts = next(
        item for item in beside["distribution"]
        if item["contentUrl"] == f"{SITE}parquet/facts.parquet"
    )  # fmt: skip
    assert facts["encodingFormat"] == "application/vnd.apache.parquet"


TERMS = (
    "差旅",
    "维修",
    "会议",
    "培训费",
    "住房公积金",
    "30211",
    "302",
    "dzbgs",
    "基本 工资",
    "费",
    "没有这样的词",
)


def test_the_search_finds_from_a_disk_what_the_served_site_finds(
    site: Path, package: Package, chromium: Any
) -> None:
    """The same hits in the same order, and each leads to where it stands; nothing else is asked for."""
    with closing(sqlite3.connect(package.folder / "budget.db")) as connection:
        connection.execute("ATTACH ? AS search", [str(package.folder / SEARCH)])
        expected = {term: search(connection, term, size=8) for term in TERMS}
    page, asked, said = opened(chromium)
    for term, groups in expected.items():
        page.goto(f"{site.as_uri()}/search.html?q={quote(term)}")
        page.wait_for_selector("#status[data-found]")
        found = {
            section.get_attribute("id"): (
                int(section.query_selector("h2 small").inner_text().replace(",", "")),
                [link.inner_text() for link in section.query_selector_all("td:first-child a")],
            )
            for section in page.query_selector_all("#results section")
        }  # fmt: skip
        assert found == {
            each.group.resource.name: (each.count, [hit.label for hit in each.hits])
            for each in groups if each.count
        }, term  # fmt: skip
        for link in page.query_selector_all("#results td:first-child a")[:3]:
            file, _, anchor = link.get_attribute("href").partition("#")
            text = (site / file).read_text("utf-8")
            assert not anchor or f' id="{unquote(anchor)}"' in text, link.get_attribute("href")
    page.goto(f"{site.as_uri()}/search.html?q=工资")
    page.click("a.language")
    page.wait_for_selector("#status[data-found]")
    assert "found" in page.inner_text("#status") and page.url.endswith(
        f"search.en.html?q={quote('工资')}"
    )
    assert not said and all(address.startswith(f"{site.as_uri()}/") for address in asked)
    page.close()


def opened(browser: Any) -> tuple[Any, list[str], list[str]]:
    """A page, with the addresses it asks for and what it complains of."""
    page, asked, said = browser.new_page(), list[str](), list[str]()
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    return page, asked, said


def test_charts_are_drawn_from_a_disk_and_the_language_is_switched(
    site: Path, chromium: Any
) -> None:
    page, asked, said = opened(chromium)
    page.set_viewport_size({"width": 390, "height": 800})
    (budget,) = (path for path in site.glob("budget/*.html") if ".en." not in path.name)
    for path in (
        "index.html",
        f"budget/{budget.name}",
        "departments.html",
        "documents/7a12ebf01553.html",
    ):
        page.goto(f"{site.as_uri()}/{path}")
        for box in page.query_selector_all("[data-chart]"):
            assert box.wait_for_selector("svg path", state="attached")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
        heading = page.inner_text("h1")
        page.click("a.language")
        assert page.get_attribute("html", "lang") == "en"
        assert page.url.endswith(path.replace(".html", ".en.html"))
        page.click("a.language")
        assert page.inner_text("h1") == heading
    assert not said and all(address.startswith((f"{site.as_uri()}/", "data:")) for address in asked)
    page.close()


STATIC_KINDS = (
    "index", "departments", "documents", "compare", "findings", "glossary", "data", "vocabulary", "search",
    "department/*", "budget/*", "year/*", "item/*", "project/*", "findings/*", "documents/7a12ebf01553",
    "documents/*-source",
)  # fmt: skip


@pytest.mark.parametrize(("kind", "ending"), in_turn(STATIC_KINDS, [".html", ".en.html"]))
def test_every_kind_of_page_can_be_used_by_all(
    site: Path, chromium: Any, kind: str, ending: str
) -> None:
    found = sorted(site.glob(kind + ending))
    path = next(each for each in found if (".en." in each.name) == (".en." in ending))
    width = 390 if ".en." in ending else 1280
    page = chromium.new_page(viewport={"width": width, "height": 900})
    page.goto(path.as_uri() + ("?q=差旅" if kind == "search" else ""))
    assert faults_of(page) == []
    page.close()


def test_downloads_made_by_the_browser_hold_what_the_page_shows(
    site: Path, package: Package, chromium: Any, tmp_path: Path
) -> None:
    """All tables of a budget as CSV, JSON and a workbook of real numbers."""
    with package_rows(package) as data:
        (key,) = (row["budget"] for row in data.rows("select budget from budgets"))
        view = budget_view(data, key, {})
    page, _, said = opened(chromium)
    page.goto(f"{site.as_uri()}/budget/{safe_name(key)}.html")
    got = {}
    for kind in ("csv", "json", "xlsx"):
        with page.expect_download() as download:
            page.click(f"#claims button[data-file={kind}]")
        got[kind] = tmp_path / f"file.{kind}"
        download.value.save_as(got[kind])
    page.close()
    assert not said
    table = view.table("claims")
    expected = [
        [value_text(cell, column.format, "zh") for cell, column in zip(row.cells, table.columns, strict=True)]
        for row in table.rows
    ]  # fmt: skip
    assert got["csv"].read_bytes().startswith(b"\xef\xbb\xbf")
    head, *rows = csv.reader(got["csv"].open(encoding="utf-8-sig", newline=""))
    assert head == [column_title(column, "zh") for column in table.columns]
    assert [[plain(text) for text in row] for row in rows] == [
        [plain(text) for text in row] for row in expected
    ]
    (stated,) = json.loads(got["json"].read_text("utf-8"))["tables"]
    names = [column.name for column in table.columns]
    assert [[plain(row[name] or "") for name in names] for row in stated["rows"]] == [
        [plain(text) for text in row] for row in expected
    ]
    book = openpyxl.load_workbook(got["xlsx"])
    assert len(book.sheetnames) == len(view.tables) + 1
    sheet = book.worksheets[1 + [each.name for each in view.tables].index("claims")]
    assert sheet.freeze_panes == "A2"
    place = names.index("amount") + 1
    for number, row in enumerate(table.rows, start=2):
        value = sheet.cell(number, place).value
        assert value is None or Decimal(str(value)) == Decimal(row.cells[place - 1].value).scaleb(
            -2
        )


def plain(text: str) -> str | Decimal:
    """A number as such, whatever separates its digits."""
    bare = text.replace(",", "")
    return Decimal(bare) if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", bare) else text


def test_pages_show_what_the_served_site_shows(site: Path, package: Package) -> None:
    """The same rows of the same tables, from the same views."""
    with package_rows(package) as data:
        for row in data.rows("select budget from budgets"):
            view = budget_view(data, row["budget"], {})
            text = (site / "budget" / f"{safe_name(row['budget'])}.html").read_text("utf-8")
            for table in view.tables:
                (shown,) = html.fromstring(text).xpath(f"//table[@id='data-{table.name}']/tbody")
                assert len(shown) == len(table.rows) > 0
                for printed, values in zip(shown, table.rows, strict=True):
                    expected = [
                        value_text(cell, column.format, "zh")
                        for cell, column in zip(values.cells, table.columns, strict=True)
                    ]
                    cells = [cell.text_content().removesuffix(" ※") for cell in printed]
                    assert cells == expected


def test_of_many_budgets_home_lists_the_years(site: Path, package: Package) -> None:
    """Ten budgets one by one, of a thousand the years: home stays short."""
    with package_rows(package) as data:
        addresses = FileAddresses("", "zh", SiteKeys.of(data, package, ()))
        few = home_page(data, "zh", addresses, most_budgets=1)
        many = home_page(data, "zh", addresses, most_budgets=0)
    assert len(few["budgets"]) == 1 and few["years"] is None
    assert many["budgets"] == []
    (years,) = many["years"]["tables"]
    assert 'href="year/2022-approved.html"' in years["html"]


@given(st.lists(st.text(min_size=1), min_size=2, max_size=20, unique=True))
def test_names_of_files_are_short_plain_and_apart(keys: list[str]) -> None:
    names = [safe_name(key) for key in keys if "/" not in key]
    assert len(set(names)) == len(names)
    for name in names:
        assert re.fullmatch("[a-z0-9-]{1,100}", name)


def test_sitemap_and_robots_name_the_site(site: Path) -> None:
    sitemap = (site / "sitemap.xml").read_text("utf-8")
    assert f"<loc>{SITE}</loc>" in sitemap
    assert f"<loc>{SITE}documents/7a12ebf01553.html</loc>" in sitemap
    assert f"<loc>{SITE}documents/7a12ebf01553.en.html</loc>" in sitemap
    assert f"Sitemap: {SITE}sitemap.xml" in (site / "robots.txt").read_text("utf-8")


def test_without_a_site_the_base_of_the_package_is_used(package: Package, tmp_path: Path) -> None:
    publish_static(package, tmp_path / "site")
    assert f"{package.base}sitemap.xml" in (tmp_path / "site" / "robots.txt").read_text("utf-8")


@pytest.mark.parametrize("url", ["data.example.org", "https://data example.org/", "ftp://a/"])
def test_site_has_to_be_a_url(package: Package, tmp_path: Path, url: str) -> None:
    with pytest.raises(YusuanError, match="not a URL"):
        publish_static(package, tmp_path / "site", site=url)
    assert list(tmp_path.iterdir()) == []


def test_same_package_gives_the_same_bytes_and_replaces_an_earlier_site(
    site: Path, package: Package, tmp_path: Path
) -> None:
    out = tmp_path / "site"
    publish_static(package, out, site=SITE)
    (out / "left-over.html").write_text("from an older version")
    publish_static(package, out, site=SITE)
    assert files(out) == files(site)
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_two_documents_share_a_list_and_have_a_page_each(tmp_path: Path, sample: Path) -> None:
    text = sample.read_text("utf-8").replace("党政办公室", "水利局").replace("2022", "2023")
    (tmp_path / "other.txt").write_text(text.replace("党政办", "水利局"), "utf-8")
    package = yusuan.build([sample, tmp_path / "other.txt"], tmp_path / "package")
    publish_static(package, tmp_path / "site", site=SITE)
    index = Page((tmp_path / "site" / "documents.html").read_text("utf-8"))
    documents = [row["document"] for row in package.rows("documents")]
    assert len(documents) == 2
    for document in documents:
        assert f"documents/{document}.html" in index.links
        assert (tmp_path / "site" / "documents" / f"{document}.html").is_file()


def test_folder_with_anything_else_in_it_is_left_alone(package: Package, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("do not lose this")
    with pytest.raises(YusuanError, match="not empty, and not a site that yusuan published"):
        publish_static(package, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


@pytest.mark.parametrize("out", [".", "site", ".."])
def test_site_and_package_may_not_overlap(package: Package, out: str) -> None:
    with pytest.raises(YusuanError, match="overlap"):
        publish_static(package, package.folder / out)


def test_failure_leaves_the_earlier_site_whole(
    package: Package, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "site"
    publish_static(package, out)
    before = files(out)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("yusuan.portals.static.write_pages", full)
    with pytest.raises(YusuanError, match="No space left on device; nothing was changed"):
        publish_static(package, out)
    assert files(out) == before
    assert [path.name for path in tmp_path.iterdir()] == ["site"]
