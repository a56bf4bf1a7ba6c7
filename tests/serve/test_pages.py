"""The pages and the JSON of the site: every table, every query, the home page."""

from __future__ import annotations

import csv
import io
import re
from decimal import Decimal

import pytest

from tests.serve.conftest import BROWSER
from yusuan import Package
from yusuan.schema import catalogue
from yusuan.serve import plugin
from yusuan.serve.display import column
from yusuan.serve.metadata import canned_queries
from yusuan.serve.questions import question_of
from yusuan.sql import SqlPool

RESOURCES = catalogue().resources
QUERIES = canned_queries()


def test_the_home_page_says_what_is_inside(get):
    page = get("/").text
    assert '<html lang="zh-CN">' in page
    assert "新疆库尔勒经济技术开发区党政办公室" in page
    # Total, basic, project and 三公, in 万元 and exactly in yuan.
    for wan, yuan in (("2,492.00", "24,920,000.00"), ("1,294.00", "12,940,000.00"),
                      ("1,198.00", "11,980,000.00"), ("96.50", "965,000.00")):  # fmt: skip
        assert f"{wan}<small>万元</small>" in page
        assert f"{yuan} 元" in page
    for title in ("核对结果", "数据表", "下载与接口", "SPARQL"):
        assert title in page


@pytest.mark.parametrize(
    ("path", "more", "kept"),
    [("/", {}, True), ("/", {"Accept-Language": "en"}, True), ("/?x=1", {}, False),
     ("/", {"Cookie": "ds_messages=x"}, False), ("/", {"Host": "data.example.org"}, False)],
)  # fmt: skip
def test_the_home_page_is_made_once(get, monkeypatch, path, more, kept):
    """For each name of the site, and where nothing is asked that another page could be made for; so
    no visitor keeps it waiting, and none puts a name of his into what others see."""
    first = get("/", headers={**BROWSER, **(more if kept else {})})
    made = []
    home = plugin.home
    monkeypatch.setattr(plugin, "home", lambda *given: made.append(given) or home(*given))
    again = get(path, headers={**BROWSER, **more})
    assert again.status_code == 200
    assert len(made) == (0 if kept else 1)
    if kept:
        assert (again.content, again.headers) == (first.content, first.headers)
    assert ("//data.example.org/" in again.text) == ("Host" in more)
    assert "example.org/.json" not in get("/").text


def test_every_link_of_a_page_is_ascii_and_works(get):
    """Links that several pages have are followed once."""
    every: set[str] = set()
    for path in ("/", "/budget", "/budget/facts", "/-/sparql", "/-/vocabulary"):
        links = set(re.findall(r'href="([^"#]+)', get(path).text))
        local = {link.replace("&amp;", "&") for link in links if link.startswith("/")}
        assert local, path
        every |= local
    for link in sorted(every):
        assert link.isascii()
        if "_sort" not in link and not link.endswith(".db"):
            assert get(link).status_code == 200, link


def test_the_feed_leads_to_pages_and_files_that_are_there(get):
    assert 'type="application/atom+xml" href="/feed.atom"' in get("/budget/facts").text
    answer = get("/feed.atom", headers={})
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    links = set(re.findall(r'href="([^"]+)"', answer.text))
    assert len(links) == 4  # the feed, the home page, the document's page and the document
    for link in links:
        assert link.startswith("http://localhost/")
        assert get(link.removeprefix("http://localhost")).status_code == 200
    assert get("/feed.atom", headers={"Host": "a<b"}).status_code == 400


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource.name)
def test_every_table_has_a_chinese_page_and_json(get, package: Package, resource):
    page = get(f"/budget/{resource.sql_name}")
    assert page.status_code == 200
    assert f"<h1>{resource.title}" in page.text
    rows = list(package.rows(resource.name))
    if rows:
        assert resource.fields[0].title in page.text

    answer = get(f"/budget/{resource.sql_name}.json?_shape=array&_size=max").json()
    assert len(answer) == len(rows)
    if rows:
        assert next(iter(answer[0])) == resource.fields[0].name
        assert all(name.isascii() for name in answer[0])


def columns_of(page: str) -> list[str]:
    return re.findall(r'<th scope="col" data-column="([^"]+)"', page)


def test_a_page_shows_the_main_columns_and_a_link_all_of_them(get):
    main = columns_of(get("/budget/facts").text)
    every = [each.name for each in catalogue()["facts"].fields]
    assert "fact" in main and len(main) < len(every)
    link = re.search(r'<p class="all-columns"><a href="([^"]+)"', get("/budget/facts").text)
    assert link
    assert set(columns_of(get(link[1]).text)) == {*every, "amount_fen"}
    assert list(get("/budget/facts.json?_shape=array").json()[0]) == [
        name for field in catalogue()["facts"].fields for name in (field.name, f"{field.name}_fen")
        if name in {*every, "amount_fen"}
    ]  # fmt: skip
    # What the reader sorts or filters by is shown; what he names is all there is.
    assert columns_of(get("/budget/facts?_sort=item").text) == [*main, "item"]
    assert columns_of(get("/budget/facts?row_type__in=total,detail").text) == [*main, "row_type"]
    assert columns_of(get("/budget/facts?_col=body&_col=amount").text) == ["amount", "fact", "body"]
    assert get("/budget/facts?_col=nothing").status_code == 400
    assert columns_of(get("/budget/facts_corrected").text)[-2:] == ["is_corrected", "correction"]


@pytest.mark.parametrize("sort", ["_sort=item", "_sort_desc=amount", "_sort_desc=line&_col=fact"])
def test_pages_follow_each_other_in_any_order_without_facets(get, sort):
    """All rows once, also where what they are sorted by is no column of the page by itself."""
    path, seen = f"/budget/facts?{sort}&_size=100", []
    while path:
        page = get(path).text
        assert ('class="facet-info"' in page) == ("_next" not in path)
        assert 'name="_nofacet"' not in page
        seen += re.findall(r'<span class="key"><a href="/id/fact/([^"]+)"', page)
        further = re.search(r'<a href="http://localhost([^"]+)">(?:Next|下一页)', page)
        path = further and further[1].replace("&amp;", "&")
    every = [row["fact"] for row in get("/budget/facts.json?_shape=array&_size=max").json()]
    assert sorted(seen) == sorted(every) and len(every) > 100


def test_what_a_page_was_made_of_is_kept_for_the_next_visitor(get, monkeypatch):
    """But for the SQL of visitors, and answers that are long."""
    asked, run = [], SqlPool.run
    monkeypatch.setattr(
        SqlPool, "run", lambda pool, sql, *given, **more: (
            asked.append(sql) or run(pool, sql, *given, **more)
        ),
    )  # fmt: skip
    first = get("/budget/claims?measure=amount").text
    assert any("count(*)" in sql for sql in asked)
    asked.clear()
    again = get("/budget/claims?measure=amount").text
    assert asked == []
    assert columns_of(again) == columns_of(first) and again.count("<tr>") == first.count("<tr>") > 5
    for _ in range(2):
        asked.clear()
        assert get("/budget.json?sql=select+count(*)+from+claims").status_code == 200
        assert len(asked) == 1
        asked.clear()
        assert get("/budget/facts.json?_size=max").status_code == 200
        assert len(asked) == 1  # the rows; their number and the facets are known


def test_json_keeps_money_exact_while_the_page_groups_digits(get):
    query = "/budget/facts{}?fact=7a12ebf01553-expenditure-summary-total-total"
    row = get(query.format(".json") + "&_shape=array").json()[0]
    assert row["amount"] == 24920000
    assert row["amount_fen"] == 2492000000
    assert ">24,920,000.00<" in get(query.format("")).text


def test_amounts_filter_and_sort_as_numbers(get):
    path = "/budget/facts.json?_shape=array&_size=max&_sort_desc=amount&amount__gt=900000"
    amounts = [row["amount"] for row in get(path).json()]
    assert amounts == sorted(amounts, reverse=True) and min(amounts) > 900_000
    every = get("/budget/facts.json?_shape=array&_size=max").json()
    assert len(amounts) == sum(row["amount"] > 900_000 for row in every) > 9


def test_labels_stand_in_for_codes(get):
    page = get("/budget/facts").text
    assert (
        '<a href="/def/direction/revenue" title="revenue">收入</a>'
        in get("/budget/facts?_size=max&_col=*").text
    )
    assert "新疆库尔勒经济技术开发区党政办公室" in page
    assert "部门支出总体情况表" in page


def test_a_row_has_its_page_with_a_link_to_the_entity(get):
    page = get("/budget/projects/7a12ebf01553-fu-hua-zhong-xin-zheng-ti-xiu-shan").text
    assert "孵化中心整体修缮" in page
    assert "/id/project/7a12ebf01553-fu-hua-zhong-xin-zheng-ti-xiu-shan" in page


@pytest.mark.parametrize("name", QUERIES)
def test_every_canned_query_answers_in_html_and_json(get, name):
    assert name.isascii()
    page = get(f"/budget/{name}")
    assert page.status_code == 200
    assert str(QUERIES[name]["title"]) in page.text
    answer = get(f"/budget/{name}.json").json()
    assert answer["ok"]
    question = question_of(name)
    if question and not answer["rows"]:
        assert question.needs in page.text
        assert question.needs_en in get(f"/budget/{name}?lang=en").text
    else:
        assert answer["rows"] and "zero-results" not in page.text
    for each in answer["columns"]:
        assert each.isascii()
        # Every column has a Chinese title.
        assert not column(each).title.isascii(), each


@pytest.mark.parametrize("name", [name for name in QUERIES if "_yuan" in QUERIES[name]["sql"]])
def test_amounts_of_a_query_are_the_same_on_every_face_and_say_their_unit(get, name):
    found = rows(get, f"/budget/{name}.json")
    listed = list(csv.DictReader(io.StringIO(get(f"/budget/{name}.csv").text)))
    page = get(f"/budget/{name}").text
    for row, same in zip(found, listed, strict=True):
        for each in [each for each in row if each.endswith("_yuan")]:
            assert "元" in column(each).title and "yuan" in column(each).title_en
            amount = row[each]
            assert same[each] == (amount or "")
            if amount is not None:
                assert re.fullmatch(r"-?[0-9]+\.[0-9]{2}", amount), (each, amount)
                assert f'<span class="num" title="{amount}">{Decimal(amount):,}<' in page


def test_no_query_hides_a_table():
    assert not {resource.sql_name for resource in RESOURCES} & set(QUERIES)


def rows(get, path):
    return get(path + ("&" if "?" in path else "?") + "_shape=array").json()


def test_what_the_three_public_expenses_cost(get):
    found = {row["item_name"]: row["amount_yuan"] for row in rows(get, "/budget/three-public.json")}
    assert found == {
        "“三公”经费": "965000.00",
        "公务用车购置及运行费": "965000.00",
        "公务用车运行维护费": "640000.00",
        "公务接待费": "325000.00",
    }


def test_the_largest_project_comes_first(get):
    first = rows(get, "/budget/top-projects.json")[0]
    assert (first["project_name"], first["amount_yuan"]) == ("孵化中心整体修缮", "10000000.00")


def test_findings_come_worst_first_and_say_where(get):
    found = rows(get, "/budget/findings-by-severity.json")
    order = ["error", "warning", "rounding", "note"]
    ranks = [order.index(row["verdict"]) for row in found]
    assert ranks == sorted(ranks)
    assert all(row["location"] for row in found)
    errors = rows(get, "/budget/findings-by-severity.json?verdict=error")
    assert {row["verdict"] for row in errors} == {"error"}


def test_the_narrative_claim_of_16864_stands_next_to_902(get):
    first = rows(get, "/budget/narrative-against-tables.json")[0]
    assert first["printed"] == "16864万元"
    assert first["claim_yuan"] == "168640000.00"
    assert first["fact_yuan"] == "9020000.00"


def test_a_query_with_a_parameter(get):
    project = "7a12ebf01553-fu-hua-zhong-xin-zheng-ti-xiu-shan"
    found = rows(get, f"/budget/project-indicators.json?project={project}")
    assert len(found) == 11
    assert {row["project_name"] for row in found} == {"孵化中心整体修缮"}


def test_a_fact_is_traced_to_file_line_and_cell(get):
    fact = "7a12ebf01553-three-public-expenses-total"
    (found,) = rows(get, f"/budget/trace.json?fact={fact}")
    assert (found["printed"], found["line"], found["cell"]) == ("96.5", 307, "A3")
    source = get(f"/-/package/{found['source_path']}")
    assert source.headers["content-type"].startswith("text/plain")
    assert "96.5" in source.text.splitlines()[found["line"] - 1]


def test_sums_agree_in_sql_sparql_and_csv_to_the_last_digit(get, package: Package):
    sql = rows(
        get,
        "/budget.json?sql=select yuan(sum(amount_fen)) as fen, decimal_sum(amount) as text, "
        "sum(amount) as seen from facts",
    )[0]
    sparql = get(
        "/-/sparql",
        params={
            "query": "SELECT (SUM(?a) AS ?sum) WHERE { ?f <https://w3id.org/yusuan/def#cell> "
            "?cell ; <https://w3id.org/yusuan/def#amount> ?a }",
            "format": "json",
        },
    ).json()
    stream = csv.DictReader(io.StringIO(get("/budget/facts.csv?_stream=on").text))
    expected = sum(Decimal(row["amount"]) for row in package.rows("facts"))
    assert Decimal(sql["fen"]) == Decimal(sql["text"]) == Decimal(repr(sql["seen"])) == expected
    assert Decimal(sparql["results"]["bindings"][0]["sum"]["value"]) == expected
    assert sum(Decimal(row["amount"]) for row in stream) == expected


def test_the_files_of_the_package_can_be_downloaded_and_no_others(get, package: Package):
    for path in ("datapackage.json", "csv-metadata.json", "data/facts.csv", "graph/budget.trig"):
        assert get(f"/-/package/{path}").content == (package.folder / path).read_bytes()
    for path in ("budget.db", "graph/store/CURRENT", "../conftest.py", "%2e%2e/conftest.py"):
        assert get(f"/-/package/{path}").status_code == 404


def test_an_unknown_page_says_so_in_the_site_s_own_words(get):
    page = get("/budget/nothing")
    assert page.status_code == 404
    assert "没有这一页" in page.text
    assert "部门预算公开数据" in page.text


def test_no_page_refers_to_another_site_for_scripts_or_styles(get):
    for path in ("/", "/budget", "/budget/facts", "/budget/three-public", "/-/sparql"):
        elements = re.findall(r'<(?:script|link|img)[^>]+(?:src|href)="[^"]+"', get(path).text)
        loaded = [each.split('"')[-2] for each in elements if 'rel="alternate"' not in each]
        assert loaded
        assert all(address.startswith("/") for address in loaded)


def test_a_code_in_someone_s_own_query_is_no_link_to_a_wrong_list(get):
    page = get("/budget?sql=select code, 1 as fiscal_year from items").text
    assert "three-public" in page
    assert "/def/direction/three-public" not in page


@pytest.mark.parametrize(
    "asked",
    [
        "_sort=nothing", "_facet=nothing", "_size=x", "_next=%00", "_timelimit=x", "_through={}",
        "_through=x", "code__in=[1", "_where=)", "_where=1;select", "sql=select+:a", "_search=x",
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "table", ["budget/facts", "budget/facts.json", "budget", "budget/top-projects"]
)
def test_a_mistake_of_a_visitor_is_none_of_ours(get, table, asked):
    assert get(f"/{table}?{asked}").status_code < 500
