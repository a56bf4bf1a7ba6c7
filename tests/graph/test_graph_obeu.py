"""Queries written for OpenBudgets.eu work: our properties are below theirs, by RDFS inference.

The one rule they need is rdfs7: what is said with a property is said with those above it.
"""

from __future__ import annotations

from decimal import Decimal

import pyoxigraph as ox
import pytest

import yusuan
from yusuan.graph.prefixes import PREFIXES

OBEU = """PREFIX obeu-attribute: <http://data.openbudgets.eu/ontology/dsd/attribute/>
PREFIX obeu-dimension: <http://data.openbudgets.eu/ontology/dsd/dimension/>
PREFIX obeu-measure: <http://data.openbudgets.eu/ontology/dsd/measure/>
PREFIX qb: <http://purl.org/linked-data/cube#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
RDFS7 = """INSERT { ?s ?above ?o } WHERE { GRAPH ?v { ?p rdfs:subPropertyOf ?above }
    GRAPH ?g { ?s ?p ?o } FILTER (STRSTARTS(STR(?above), "http://data.openbudgets.eu/")) }"""


@pytest.fixture(scope="module")
def inferred(package: yusuan.Package) -> ox.Store:
    """The sample's store in memory, with what follows by the property hierarchy."""
    store = ox.Store()
    known = ox.Store.read_only(str(package.folder / "graph" / "store"))
    store.extend(known)
    store.update(OBEU + RDFS7)
    return store


def solutions(store: ox.Store, query: str) -> list[ox.QuerySolution]:
    found = store.query(OBEU + query, use_default_graph_as_union=True)
    assert isinstance(found, ox.QuerySolutions)
    return list(found)


def test_amounts_by_organisation_phase_and_direction(
    inferred: ox.Store, package: yusuan.Package
) -> None:
    found = solutions(
        inferred,
        """SELECT ?organization ?phase ?operation (SUM(?amount) AS ?sum) {
        ?observation a qb:Observation ; qb:dataSet ?dataset ;
            obeu-dimension:organization ?organization ;
            obeu-dimension:budgetPhase ?phase ;
            obeu-dimension:operationCharacter ?operation ;
            obeu-measure:amount ?amount .
        ?dataset obeu-attribute:currency <http://publications.europa.eu/resource/authority/currency/CNY> .
    } GROUP BY ?organization ?phase ?operation""",
    )
    sums: dict[tuple[str, str, str], Decimal] = {}
    for row in package.rows("facts"):
        key = (row["department"], row["phase"], row["direction"])
        sums[key] = sums.get(key, Decimal()) + Decimal(row["amount"])
    assert {
        tuple(str(row[name]).rpartition("/")[2].rstrip(">")
              for name in ("organization", "phase", "operation")): Decimal(str(row["sum"].value))  # type: ignore[union-attr]
        for row in found
    } == sums  # fmt: skip


def test_expenditure_by_functional_classification(
    inferred: ox.Store, package: yusuan.Package
) -> None:
    found = solutions(
        inferred,
        """SELECT ?notation (COUNT(?observation) AS ?count) {
        ?observation obeu-dimension:functionalClassification ?concept ; obeu-measure:amount ?amount .
        ?concept skos:notation ?notation ; skos:prefLabel ?label .
    } GROUP BY ?notation""",
    )
    counts: dict[str, int] = {}
    for row in package.rows("facts"):
        if row["function"]:
            code = row["function"].partition("-")[2]
            counts[code] = counts.get(code, 0) + 1
    assert {row["notation"].value: int(row["count"].value) for row in found} == counts  # type: ignore[union-attr]


def test_every_classification_of_an_observation(
    inferred: ox.Store, package: yusuan.Package
) -> None:
    """The dimensions that OpenBudgets.eu has no name of its own for are classifications."""
    [row] = solutions(
        inferred,
        """SELECT (COUNT(*) AS ?count) { ?observation a qb:Observation .
        { ?observation obeu-dimension:classification ?c } UNION
        { ?observation obeu-dimension:economicClassification ?c } }""",
    )
    names = ("fund_source", "expenditure_type", "item", "economic_item", "government_economic_item")
    said = sum(bool(fact[name]) for fact in package.rows("facts") for name in names)
    assert int(row["count"].value) == said  # type: ignore[union-attr]


def test_each_coded_component_is_below_one_of_openbudgets(inferred: ox.Store) -> None:
    """Ours alone are where an amount is printed, and in which table."""
    prefixes = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items()
                       if name not in ("qb", "rdfs", "skos"))  # fmt: skip
    found = inferred.query(
        OBEU
        + prefixes
        + """SELECT ?p { { ?p a qb:MeasureProperty } UNION { ?p a qb:CodedProperty }
        FILTER NOT EXISTS { ?p rdfs:subPropertyOf ?above
            FILTER (STRSTARTS(STR(?above), "http://data.openbudgets.eu/")) } }""",
        use_default_graph_as_union=True,
    )
    assert isinstance(found, ox.QuerySolutions)
    names = {str(row["p"]).rpartition("#")[2].rstrip(">") for row in found}
    assert names == {"table", "cell"}
