"""A page for every IRI, in HTML for readers and in RDF for programs."""

from __future__ import annotations

import json
import re

import pyoxigraph as ox
import pytest
from rdflib import Graph

from yusuan import Package
from yusuan.graph.prefixes import expand
from yusuan.presentation import value_label
from yusuan.schema import catalogue
from yusuan.serve.display import column, settings
from yusuan.serve.entities import compact

FACT = "/id/fact/7a12ebf01553-three-public-expenses-total"
DEPARTMENT = "/id/department/652801-jing-ji-ji-shu-kai-fa-qu-dang-zheng-ban-gong-shi"
AMOUNT = "https://w3id.org/yusuan/def#amount"


def test_a_fact_shows_what_is_printed_and_where(get):
    page = get(FACT).text
    assert '<dd class="big">96.5 <small>万元</small></dd>' in page
    assert '<dd class="big">965,000.00 元</dd>' in page
    assert "新疆库尔勒经济技术开发区党政办公室2022年部门预算公开" in page
    assert '<a href="/id/cell/7a12ebf01553-three-public-expenses-total">A3</a>' in page
    # The table and the line of the source itself, both marked; not told twice.
    shown = get(re.findall(r'<iframe class="page" src="([^"]+)"', page)[0]).text
    assert 'id="cell"' in shown and 'value="307"' in shown
    assert '<li value="307"' not in page
    assert f'href="/budget/facts/{FACT.rsplit("/", 1)[-1]}"' in page


def test_a_page_has_labels_in_both_languages_and_links(get):
    page = get(FACT).text
    assert "预算年度" in page
    assert "fiscal year" in get(f"{FACT}?lang=en").text
    assert f'href="{DEPARTMENT}"' in page
    assert 'href="/def/fund-source/general-public-budget"' in page
    for suffix in (".ttl", ".jsonld", ".nt"):
        assert f'href="{FACT}{suffix}"' in page


def test_no_page_shows_a_bare_name_of_a_vocabulary(package: Package):
    """Each property and class of the graph reads in Chinese: by its own label, or terms.yaml."""
    store = ox.Store.read_only(str(package.folder / "graph" / "store"))
    a, label = (ox.NamedNode(expand(name)) for name in ("rdf:type", "rdfs:label"))
    used = {quad.predicate for quad in store} | {
        quad.object for quad in store.quads_for_pattern(None, a, None)
    }
    labelled = {quad.subject for quad in store.quads_for_pattern(None, label, None)}
    named = settings("terms")["terms"]
    assert {compact(each.value) for each in used - labelled} <= set(named)


def test_every_enumerated_value_reads_in_words():
    missing = {
        (resource.name, field.name, value)
        for resource in catalogue().resources
        for field in resource.fields
        for value in field.constraints.get("enum", ())
        if field.name != "operator"
        and value_label(column(field.name, resource.sql_name).values, value) is None
    }
    assert missing == set()


def test_a_cell_shows_where_it_is_and_what_is_in_it(get):
    page = get("/id/cell/7a12ebf01553-three-public-expenses-total").text
    assert "<h1>单元格 A3</h1>" in page
    assert '<dd class="big">965,000.00 元</dd>' in page
    assert '<iframe class="page"' in page


def test_a_name_of_a_department_is_called_by_the_name(get):
    page = get(DEPARTMENT).text.partition("指向它的")[2]
    assert re.search(r'href="/id/organisation-name/[^"]+"[^>]*>开发区管委会党政办</a>', page)


def test_what_points_to_an_entity_is_counted_and_shown_in_part(get, package: Package):
    page = get(DEPARTMENT).text
    assert "指向它的" in page
    units = [row["name"] for row in package.rows("units")]
    assert units
    assert all(name in page for name in units)
    assert "用 SPARQL 全部列出" in page


@pytest.mark.smoke
@pytest.mark.parametrize(
    "path",
    [
        DEPARTMENT, "/id/document/7a12ebf01553", "/id/code/expenditure-function/2022-2010301",
        "/id/cell/7a12ebf01553-three-public-expenses-total", "/def/fund-source/carry-over",
        "/def/table/three-public-expenses", "/id/catalog",
        "/id/row/7a12ebf01553-three-public-expenses",
        "/id/budget/652801-jing-ji-ji-shu-kai-fa-qu-dang-zheng-ban-gong-shi/2022/approved",
    ],
)  # fmt: skip
def test_every_kind_of_entity_has_a_page_and_turtle(get, package: Package, path):
    assert get(path).status_code == 200
    turtle = get(path + ".ttl")
    iri = package.base + path[1:]
    graph = Graph().parse(data=turtle.text, format="turtle")
    assert any(str(term) == iri for triple in graph for term in triple)


@pytest.mark.parametrize("name", ["finding", "claim", "project", "indicator", "unit"])
def test_the_rows_of_other_tables_have_pages_too(get, package: Package, name):
    key = next(package.rows(f"{name}s"))[name]
    page = get(f"/id/{name}/{key}")
    assert page.status_code == 200
    assert f'href="/budget/{name}s/{key}"' in page.text


@pytest.mark.parametrize(
    ("accept", "media_type", "syntax"),
    [
        ("text/turtle", "text/turtle; charset=utf-8", ox.RdfFormat.TURTLE),
        ("application/ld+json", "application/ld+json", ox.RdfFormat.JSON_LD),
        ("application/n-triples", "application/n-triples", ox.RdfFormat.N_TRIPLES),
        ("*/*", "text/turtle; charset=utf-8", ox.RdfFormat.TURTLE),
    ],
)
def test_programs_get_rdf_at_the_same_address(get, package: Package, accept, media_type, syntax):
    answer = get(FACT, headers={"Accept": accept})
    assert answer.headers["content-type"] == media_type
    assert "Accept" in answer.headers["vary"]
    amounts = [
        each.object.value
        for each in ox.parse(answer.content, format=syntax)
        if each.predicate.value == AMOUNT
    ]
    assert amounts == ["965000"]


@pytest.mark.smoke
def test_json_ld_and_turtle_say_the_same(get):
    turtle = Graph().parse(data=get(FACT + ".ttl").text, format="turtle")
    jsonld = Graph().parse(data=get(FACT + ".jsonld").text, format="json-ld")
    assert json.loads(get(FACT + ".jsonld").text)
    assert set(turtle) == set(jsonld)


def test_a_description_that_is_cut_says_so_and_links_on(get):
    assert "link" not in get(FACT + ".ttl").headers
    cut = get(DEPARTMENT + ".ttl")
    assert "At most 500 statements" in cut.text
    rest = get(cut.headers["link"].partition(">")[0].removeprefix("<"))
    listed = [line for line in rest.text.splitlines() if line]
    assert all(f"{DEPARTMENT}>" in line for line in listed)
    said, pointing = map(int, re.findall(r"of (\d+) and (\d+);", cut.text)[0])
    assert pointing > 500 and len(listed) == said + pointing


def test_an_unknown_entity_is_a_helpful_404(get):
    page = get("/id/fact/nothing")
    assert page.status_code == 404
    assert "没有这个实体" in page.text
    assert get("/id/fact/nothing.ttl").status_code == 404


@pytest.mark.parametrize("path", ["/id/x%3E%20%7D", "/id/%22", "/id/a%00b", "/id/{}", "/id/✓"])
def test_characters_that_no_iri_has_are_just_unknown(get, path):
    assert get(path).status_code == 404


def test_a_format_there_is_not_is_a_406(get):
    answer = get(FACT, headers={"Accept": "image/png"})
    assert answer.status_code == 406
    assert "text/turtle" in answer.text


def test_the_vocabulary_is_a_page_and_turtle(get):
    page = get("/-/vocabulary").text
    assert 'id="amount"' in page
    # A class has an example: the cell of the first fact.
    assert "a ys:Cell, prov:Entity" in page
    assert "部门" in page
    # Of what the sample has none of it says so, and shows the form.
    assert page.count("本数据包中没有") == 4
    assert "prov:value &#34;{corrected_value}&#34;^^xsd:decimal" in page
    shapes = get("/-/package/graph/shapes.ttl")
    assert 'href="/-/package/graph/shapes.ttl"' in page
    assert "def/structure/three-public-expenses>" in shapes.text
    for accept in ("text/turtle", "application/ld+json"):
        assert (
            get("/-/vocabulary", headers={"Accept": accept})
            .headers["content-type"]
            .startswith(accept)
        )
    assert len(Graph().parse(data=get("/-/vocabulary.ttl").text, format="turtle")) > 100
