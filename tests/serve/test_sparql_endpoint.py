"""SPARQL through the whole site: the protocol, the form, and hostile queries."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import httpx
import pytest
import rdflib

from yusuan import Package

COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s <https://w3id.org/yusuan/def#cell> ?cell }"
JSON = "application/sparql-results+json"


@pytest.mark.smoke
def test_get_with_a_query(get, package: Package):
    answer = get("/-/sparql", params={"query": COUNT}, headers={"Accept": JSON})
    assert answer.headers["content-type"] == JSON
    count = answer.json()["results"]["bindings"][0]["n"]["value"]
    assert int(count) == sum(1 for _ in package.rows("facts"))


def test_a_natural_question_needs_no_prefix_and_gives_the_printed_total(get, package: Package):
    query = (
        "SELECT ?department (SUM(?amount) AS ?total) WHERE "
        "{ ?x a ys:Spending ; ys:department ?department ; ys:amount ?amount } GROUP BY ?department"
    )
    answer = get("/-/sparql", params={"query": query}, headers={"Accept": JSON})
    [row] = answer.json()["results"]["bindings"]
    [total] = [r["amount"] for r in package.rows("figures") if r["code"] == "expenditure-total"]
    assert Decimal(row["total"]["value"]) == Decimal(total)


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("text/csv", "text/csv; charset=utf-8"),
        ("application/sparql-results+xml", "application/sparql-results+xml"),
        ("*/*", JSON),
    ],
)
def test_the_accept_header_chooses_the_format(get, accept, expected):
    answer = get("/-/sparql", params={"query": COUNT}, headers={"Accept": accept})
    assert answer.headers["content-type"] == expected


@pytest.mark.parametrize(
    "body",
    [
        {"data": {"query": COUNT}},
        {"content": COUNT, "headers": {"Content-Type": "application/sparql-query"}},
    ],
)
def test_post_needs_no_token(get, body):
    headers = {"Accept": JSON, **body.get("headers", {})}
    answer = get("/-/sparql", "post", **{**body, "headers": headers})
    assert answer.status_code == 200
    assert answer.json()["results"]["bindings"]


def test_an_answer_says_what_gave_it_and_how(get):
    for query, engine, how in (
        ("SELECT (SUM(?a) AS ?sum) { ?f ys:amount ?a ; ys:cell ?c }", "rows", "sum("),
        ("SELECT (REPLACE(?l, '万', '') AS ?x) { ?f ys:rowLabel ?l }", "store", "REPLACE"),
    ):
        answer = get("/-/sparql", params={"query": query}, headers={"Accept": JSON})
        assert answer.headers.get("yusuan-engine") == engine, answer.text
        told = get("/-/sparql", params={"query": query, "explain": "sql"}, headers={"Accept": JSON})
        assert told.headers["content-type"].startswith("text/plain")
        assert told.text.startswith(f"-- {engine}") and how in told.text


@pytest.mark.smoke
def test_graphs_come_as_turtle(get):
    query = "CONSTRUCT { ?s ?p ?o } WHERE { ?s a <http://www.w3.org/ns/dcat#Catalog> ; ?p ?o }"
    answer = get("/-/sparql", params={"query": query}, headers={"Accept": "text/turtle"})
    assert answer.headers["content-type"].startswith("text/turtle")
    assert "http://www.w3.org/ns/dcat#Catalog" in answer.text


def test_other_sites_may_ask(get):
    answer = get("/-/sparql", "options", headers={"Origin": "http://example.org"})
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == "*"
    assert (
        get("/-/sparql", "head", params={"query": COUNT}, headers={"Accept": JSON}).content == b""
    )


def test_programs_get_a_service_description_and_browsers_a_form(get):
    described = get("/-/sparql", headers={"Accept": "text/turtle"})
    assert "sparql-service-description#" in described.text
    assert "<textarea" in get("/-/sparql").text
    # A shared address with a query opens the form with the query, which runs it.
    shared = get("/-/sparql", params={"query": COUNT})
    assert 'data-run="1"' in shared.text
    assert "COUNT(*)" in shared.text


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("SELECT", 400),
        ("DROP ALL", 403),
        ("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", 403),
        ("SELECT * {" + "{" * 5000 + "}" * 5000 + "}", 400),
        ("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", 503),
    ],
)
def test_mistakes_and_mischief_get_a_status_and_a_sentence(get, query, status):
    answer = get("/-/sparql", "post", data={"query": query}, headers={"Accept": JSON})
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.text.rstrip().endswith(".")


def test_a_hostile_query_leaves_the_server_standing(server):
    def ask(query: str) -> httpx.Response:
        return httpx.post(f"{server.url}/-/sparql", data={"query": query}, timeout=40)

    hostile = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?a ?f ?i"
    assert ask(hostile).status_code in (422, 503)
    assert ask(COUNT).status_code == 200
    assert httpx.get(f"{server.url}/budget/facts.json").status_code == 200
    assert server.process.poll() is None


OBEU = """PREFIX obeu-attribute: <http://data.openbudgets.eu/ontology/dsd/attribute/>
PREFIX obeu-dimension: <http://data.openbudgets.eu/ontology/dsd/dimension/>
PREFIX obeu-measure: <http://data.openbudgets.eu/ontology/dsd/measure/>
PREFIX qb: <http://purl.org/linked-data/cube#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""


def solutions(get, query: str) -> list[dict[str, str]]:
    answer = get("/-/sparql", params={"query": OBEU + query}, headers={"Accept": JSON})
    assert answer.status_code == 200, answer.text
    return [
        {name: term["value"] for name, term in row.items()}
        for row in answer.json()["results"]["bindings"]
    ]


def test_amounts_as_openbudgets_asks_for_them(get, package: Package):
    """What its data mining reads: amount, economic class, organisation, year and phase."""
    found = solutions(
        get,
        """SELECT (MIN(?observation) AS ?ID) (SUM(?amount2) AS ?amount) ?economicClass ?year ?budgetPhase
        WHERE { ?observation a qb:Observation ; obeu-measure:amount ?amount2 ;
                obeu-dimension:economicClassification ?economicClass .
            ?observation qb:dataSet/obeu-dimension:fiscalYear ?year .
            ?observation qb:dataSet/obeu-dimension:budgetPhase ?budgetPhase .
        } GROUP BY ?economicClass ?year ?budgetPhase LIMIT 25000""",
    )
    sums: dict[str, Decimal] = {}
    for row in package.rows("facts"):
        for name in ("economic_item", "government_economic_item"):
            if row[name]:
                sums[row[name]] = sums.get(row[name], Decimal()) + Decimal(row["amount"])
    assert sums
    assert {
        row["economicClass"].rpartition("/")[2]: Decimal(row["amount"]) for row in found
    } == sums
    assert {row["year"] for row in found} == {"http://reference.data.gov.uk/id/year/2022"}
    assert {row["budgetPhase"].rpartition("/")[2] for row in found} == {"approved"}


def test_revenue_and_expenditure_by_the_codes_of_openbudgets(get, package: Package):
    found = solutions(
        get,
        """SELECT ?operation (COUNT(?observation) AS ?count) WHERE {
            ?observation obeu-dimension:organization ?organization ; obeu-measure:amount ?amount ;
                obeu-dimension:operationCharacter/(skos:exactMatch|skos:closeMatch) ?operation .
            ?dataset obeu-dimension:organization ?organization ;
                obeu-attribute:currency <http://publications.europa.eu/resource/authority/currency/CNY> .
            ?observation qb:dataSet ?dataset .
        } GROUP BY ?operation""",
    )
    counts = Counter(row["direction"] for row in package.rows("facts"))
    assert {row["operation"].rpartition("/")[2]: int(row["count"]) for row in found} == counts


def test_observations_with_a_classification_and_their_source(get, package: Package):
    [row] = solutions(
        get,
        """PREFIX prov: <http://www.w3.org/ns/prov#>
        SELECT (COUNT(DISTINCT ?observation) AS ?count) WHERE {
            ?observation a qb:Observation ; prov:wasDerivedFrom/prov:hadPrimarySource ?document .
            FILTER EXISTS { ?observation obeu-dimension:classification ?class } }""",
    )
    names = ("fund_source", "expenditure_type", "item")
    said = sum(any(fact[name] for name in names) for fact in package.rows("facts"))
    assert int(row["count"]) == said > 0


def test_caching_and_compression_through_the_server(server):
    url, accept = f"{server.url}/-/sparql", {"Accept": "text/csv"}
    with httpx.Client() as client:
        every = "SELECT ?s ?p ?o { ?s a <https://w3id.org/yusuan/def#Finding> ; ?p ?o } ORDER BY ?s ?p ?o"
        first = client.get(url, params={"query": every}, headers=accept)
        assert first.headers["content-encoding"] == "gzip"
        assert first.text.startswith("s,p,o\r\n")
        known = {**accept, "If-None-Match": first.headers["etag"]}
        again = client.get(url, params={"query": every}, headers=known)
        assert (again.status_code, again.content) == (304, b"")
        plain = {**accept, "Accept-Encoding": "identity"}
        head = client.head(url, params={"query": every}, headers=plain)
        assert int(head.headers["content-length"]) == len(first.content)
        assert client.get(url, headers={"Host": "a b"}).status_code == 400


def test_void_describes_what_is_in_the_graph(get, package: Package):
    void = rdflib.Namespace("http://rdfs.org/ns/void#")
    answer = get("/.well-known/void", headers={"Accept": "text/turtle"})
    assert answer.headers["content-type"].startswith("text/turtle")
    graph = rdflib.Graph().parse(data=answer.text, format="turtle")
    (dataset,) = graph.subjects(rdflib.RDF.type, void.Dataset)
    described = get("/-/sparql", headers={"Accept": "text/turtle"}).text
    assert str(dataset).rpartition("/")[2] in described
    counted = get("/-/sparql", params={"query": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
                                       "format": "csv"}).text.split()[1]  # fmt: skip
    assert str(graph.value(dataset, void.triples)) == counted
    observation = rdflib.URIRef("http://purl.org/linked-data/cube#Observation")
    (part,) = graph.subjects(void["class"], observation)
    cubes = ("facts", "figures", "spending", "revenue")
    assert int(graph.value(part, void.entities)) == sum(
        1 for each in cubes for row in package.rows(each) if row["amount"]
    )
    assert (dataset, void.vocabulary, rdflib.URIRef("https://w3id.org/yusuan/def#")) in graph
    assert not [node for node in graph.all_nodes() if isinstance(node, rdflib.BNode)]
    example = str(graph.value(dataset, void.exampleResource)).removeprefix(package.base)
    assert get("/" + example).status_code == 200
    dump = str(graph.value(dataset, void.dataDump)).partition("/-/")[2]
    assert get("/-/" + dump).status_code == 200
    assert get("/.well-known/void", headers={"Accept": "image/png"}).status_code == 406
    assert get("/.well-known/void").headers["content-type"].startswith("text/turtle")
