"""Queries written for OpenBudgets.eu work: our properties are below theirs, by RDFS inference.

The one rule they need is rdfs7: what is said with a property is said with those above it.
"""

from __future__ import annotations

from decimal import Decimal

import pyoxigraph as ox
import pytest
from benchmarks.layouts.layouts import LAYOUTS
from benchmarks.layouts.render import render

import yusuan
from yusuan.graph.prefixes import PREFIXES

OBEU = """PREFIX obeu-attribute: <http://data.openbudgets.eu/ontology/dsd/attribute/>
PREFIX obeu-dimension: <http://data.openbudgets.eu/ontology/dsd/dimension/>
PREFIX obeu-measure: <http://data.openbudgets.eu/ontology/dsd/measure/>
PREFIX qb: <http://purl.org/linked-data/cube#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
RDFS7 = """INSERT { GRAPH ?g { ?s ?above ?o } } WHERE { GRAPH ?v { ?p rdfs:subPropertyOf ?above }
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


ATTACHED = """SELECT ?dataset ?organization ?year ?phase ?currency {
    ?dataset a qb:DataSet ; obeu-dimension:organization ?organization ;
        obeu-attribute:currency ?currency .
    OPTIONAL { ?dataset obeu-dimension:fiscalYear ?year }
    OPTIONAL { ?dataset obeu-dimension:budgetPhase ?phase } }"""


def test_a_dataset_says_whose_and_when_and_which_phase_in_the_codes_of_openbudgets(
    store: ox.Store, package: yusuan.Package
) -> None:
    found = solutions(store, ATTACHED)
    pairs = {(row["document"], row["table"]) for row in package.rows("facts")}
    assert len(found) == len(pairs)
    [department] = {row["department"] for row in package.rows("facts")}
    [said] = {tuple(str(row[name]).strip("<>") for name in ("organization", "year", "phase", "currency"))
              for row in found}  # fmt: skip
    assert said == (
        f"{package.base}id/department/{department}",
        "http://reference.data.gov.uk/id/year/2022",
        "http://data.openbudgets.eu/resource/codelist/budget-phase/approved",
        "http://publications.europa.eu/resource/authority/currency/CNY",
    )


@pytest.fixture(scope="module")
def accounts(tmp_path_factory: pytest.TempPathFactory) -> yusuan.Package:
    """Final accounts, which print the budget beside the outturn."""
    folder = tmp_path_factory.mktemp("accounts")
    source = render(LAYOUTS["final-yuan"](), "text", folder)
    return yusuan.build(source, folder / "package")


def test_a_dataset_of_several_years_or_phases_leaves_them_to_its_observations(
    accounts: yusuan.Package,
) -> None:
    years: dict[tuple[str, str], set[str]] = {}
    phases: dict[tuple[str, str], set[str]] = {}
    for row in accounts.rows("facts"):
        key = (row["document"], row["table"])
        years.setdefault(key, set()).add(row["fiscal_year"])
        phases.setdefault(key, set()).add(row["phase"])
    assert any(len(values) > 1 for values in phases.values())
    store = ox.Store.read_only(str(accounts.folder / "graph" / "store"))
    for row in solutions(store, ATTACHED):
        document, table = str(row["dataset"]).strip("<>").split("/")[-2:]
        assert (row["year"] is not None) == (len(years[document, table]) == 1)
        assert (row["phase"] is not None) == (len(phases[document, table]) == 1)


def test_our_phases_and_directions_are_linked_to_the_code_lists_of_openbudgets(
    store: ox.Store,
) -> None:
    found = solutions(
        store,
        """SELECT ?code ?match { ?c skos:notation ?code ; skos:exactMatch|skos:closeMatch ?match
        FILTER (STRSTARTS(STR(?match), "http://data.openbudgets.eu/")) }""",
    )
    assert {row["code"].value: str(row["match"]).strip("<>").split("codelist/")[1]  # type: ignore[union-attr]
            for row in found} == {
        "proposed": "budget-phase/draft", "approved": "budget-phase/approved",
        "adjusted": "budget-phase/revised", "executed": "budget-phase/executed",
        "revenue": "operation-character/revenue", "expenditure": "operation-character/expenditure",
    }  # fmt: skip


def test_nothing_is_said_of_a_thing_with_two_properties_of_one_family(
    store: ox.Store, accounts: yusuan.Package
) -> None:
    """Else a query by the property above them would count it twice."""
    query = """SELECT ?s ?p ?q ?o { ?p rdfs:subPropertyOf ?above . ?s ?p ?o ; ?q ?o .
        FILTER (?q = ?above || (?q != ?p && EXISTS { ?q rdfs:subPropertyOf ?above })) } LIMIT 3"""
    for graph in (store, ox.Store.read_only(str(accounts.folder / "graph" / "store"))):
        assert solutions(graph, query) == []


def test_expenditure_by_functional_classification(
    inferred: ox.Store, package: yusuan.Package
) -> None:
    found = solutions(
        inferred,
        """SELECT ?notation (COUNT(?observation) AS ?count) {
        ?observation a qb:Observation ; obeu-dimension:operationCharacter ?operation ;
            obeu-dimension:functionalClassification ?concept ; obeu-measure:amount ?amount .
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
        """SELECT (COUNT(*) AS ?count) { ?observation a qb:Observation ; obeu-dimension:operationCharacter ?operation .
        { ?observation obeu-dimension:classification ?c } UNION
        { ?observation obeu-dimension:economicClassification ?c } }""",
    )
    names = ("fund_source", "expenditure_type", "item", "economic_item", "government_economic_item")
    said = sum(bool(fact[name]) for fact in package.rows("facts") for name in names)
    assert int(row["count"].value) == said  # type: ignore[union-attr]


def test_each_coded_component_is_below_one_of_openbudgets(inferred: ox.Store) -> None:
    """Ours alone are where an amount is printed, in which table and budget, and the dimensions of
    the derived cubes, which have the classifications of OpenBudgets.eu as attributes."""
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
    assert {name for name in names if not name.endswith("Dimension")} == {
        "table", "cell", "budget", "figureCode", "drawnFrom"
    }  # fmt: skip
