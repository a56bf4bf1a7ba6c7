"""The facts are a well-formed Data Cube, and their provenance leads back to the document.

The integrity constraints are those of https://www.w3.org/TR/vocab-data-cube/#wf-rules, each
told as a query for what breaks it.
"""

from __future__ import annotations

from decimal import Decimal

import pyoxigraph as ox
import pytest

import yusuan
from yusuan.graph.prefixes import PREFIXES
from yusuan.schema import catalogue

PREFIX = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
STRUCTURE = "?o qb:dataSet/qb:structure/qb:component ?component . ?component "

BREACHES = {
    "IC-1 unique dataset": """{ ?o a qb:Observation FILTER NOT EXISTS { ?o qb:dataSet ?d } } UNION
            { ?o a qb:Observation ; qb:dataSet ?d, ?e FILTER (?d != ?e) }""",
    "IC-2 unique structure": """{ ?d a qb:DataSet FILTER NOT EXISTS { ?d qb:structure ?s } } UNION
            { ?d a qb:DataSet ; qb:structure ?s, ?t FILTER (?s != ?t) }""",
    "IC-3 a measure": """?s a qb:DataStructureDefinition
            FILTER NOT EXISTS { ?s qb:component/qb:measure/a qb:MeasureProperty }""",
    "IC-4 dimensions have a range": "?p a qb:DimensionProperty FILTER NOT EXISTS { ?p rdfs:range ?r }",
    "IC-5 concept dimensions have code lists": """?p a qb:DimensionProperty ; rdfs:range skos:Concept
            FILTER NOT EXISTS { ?p qb:codeList ?l }""",
    "IC-6 only attributes are optional": """?c qb:componentRequired false
            FILTER NOT EXISTS { ?c qb:attribute ?p }""",
    "IC-7 a slice key is of a structure": """?k a qb:SliceKey
            FILTER NOT EXISTS { ?s a qb:DataStructureDefinition ; qb:sliceKey ?k }""",
    "IC-8 slice keys fix components": """?s qb:sliceKey ?k . ?k qb:componentProperty ?p
            FILTER NOT EXISTS { ?s qb:component/(qb:dimension|qb:attribute|qb:measure) ?p }""",
    "IC-9 a slice has one structure": """{ ?s a qb:Slice FILTER NOT EXISTS { ?s qb:sliceStructure ?k } } UNION
            { ?s a qb:Slice ; qb:sliceStructure ?k, ?l FILTER (?k != ?l) }""",
    "IC-10 a slice fixes its key": """?s qb:sliceStructure/qb:componentProperty ?p
            FILTER NOT EXISTS { ?s ?p ?value }""",
    "IC-18 slices are of their dataset": """?d qb:slice ?s . ?s qb:observation ?o
            FILTER NOT EXISTS { ?o qb:dataSet ?d }""",
    "a slice says of its observations what it fixes": """?s qb:sliceStructure/qb:componentProperty ?p ;
            ?p ?value ; qb:observation ?o FILTER NOT EXISTS { ?o ?p ?value }""",
    "IC-11 all dimensions": STRUCTURE + "qb:dimension ?p FILTER NOT EXISTS { ?o ?p ?value }",
    "IC-13 required attributes": STRUCTURE
    + """qb:attribute ?p ; qb:componentRequired true
                        FILTER NOT EXISTS { ?o ?p ?value }
                        FILTER NOT EXISTS { ?component qb:componentAttachment qb:DataSet .
                                            ?o qb:dataSet ?d . ?d ?p ?value }""",
    "IC-14 all measures": STRUCTURE + "qb:measure ?p FILTER NOT EXISTS { ?o ?p ?value }",
    "IC-19 codes from the code list": STRUCTURE
    + """qb:dimension ?p . ?p qb:codeList ?list . ?o ?p ?code
                        FILTER NOT EXISTS { ?code a skos:Concept ; skos:inScheme ?list }""",
    "attributes from their code lists as well": STRUCTURE
    + """qb:attribute ?p . ?p qb:codeList ?list . ?o ?p ?code
                        FILTER NOT EXISTS { ?code a skos:Concept ; skos:inScheme ?list }""",
}


def solutions(store: ox.Store, query: str) -> list[ox.QuerySolution]:
    found = store.query(PREFIX + query, use_default_graph_as_union=True)
    assert isinstance(found, ox.QuerySolutions)
    return list(found)


@pytest.mark.parametrize("constraint", BREACHES)
def test_no_observation_breaks_a_constraint(constraint: str, store: ox.Store) -> None:
    assert solutions(store, f"SELECT * {{ {BREACHES[constraint]} }} LIMIT 5") == []


def test_no_two_observations_have_the_same_dimensions(
    store: ox.Store, package: yusuan.Package
) -> None:
    """IC-12, by counting: the query of the standard compares all pairs."""
    [row] = solutions(store, "SELECT (COUNT(*) AS ?n) { SELECT DISTINCT ?d ?y ?p ?r ?t ?c { "
                      "?o ys:department ?d ; ys:fiscalYear ?y ; ys:phase ?p ; "
                      "ys:direction ?r ; ys:table ?t ; ys:cell ?c } }")  # fmt: skip
    count = row["n"]
    assert isinstance(count, ox.Literal)
    assert int(count.value) == sum(1 for _ in package.rows("facts"))


def test_a_fact_leads_to_the_line_of_the_file_it_was_read_from(
    store: ox.Store, package: yusuan.Package
) -> None:
    [row] = solutions(
        store,
        """SELECT * {
        ?fact a qb:Observation ; ys:printed ?printed ; ?below ?cell .
        ?below rdfs:subPropertyOf prov:wasDerivedFrom .
        ?cell a prov:Entity ; ys:address ?address ; ys:line ?line ;
            prov:hadPrimarySource/ys:sha256 ?digest .
        FILTER (STRENDS(STR(?fact), "/7a12ebf01553-three-public-expenses-total"))
    }""",
    )
    line = row["line"]
    assert isinstance(line, ox.Literal)
    source = package.folder / "source" / "7a12ebf01553.txt"
    printed = row["printed"]
    assert isinstance(printed, ox.Literal)
    text = source.read_text("utf-8").splitlines()[int(line.value) - 1]
    assert printed.value in text


def test_a_finding_is_an_annotation_on_the_cell_of_its_fact(
    store: ox.Store, package: yusuan.Package
) -> None:
    rows = solutions(
        store,
        """SELECT ?id ?cell ?own ?line {
        ?finding a dqv:QualityAnnotation ; dcterms:identifier ?id ; oa:hasTarget ?cell .
        ?finding oa:motivatedBy dqv:qualityAssessment ; ys:fact/ys:cell ?own .
        ?cell a ys:Cell ; ys:line ?line .
    }""",
    )
    assert all(row["cell"] == row["own"] for row in rows)
    told = {str(finding["finding"]) for finding in package.rows("findings") if finding["fact"]}
    assert {row["id"].value for row in rows if isinstance(row["id"], ox.Literal)} == told


def test_a_finding_without_a_fact_points_at_a_claim_or_a_line_of_the_document(
    store: ox.Store,
) -> None:
    rows = solutions(
        store,
        """SELECT * {
        ?finding a ys:Finding ; oa:hasTarget ?target ; prov:hadPrimarySource ?document .
        OPTIONAL { ?finding ys:claim ?claim }
        OPTIONAL { ?finding ys:line ?line }
        FILTER NOT EXISTS { ?finding ys:fact ?fact }
    }""",
    )
    assert {"claim", "line"} <= {name for row in rows for name in ("claim", "line") if row[name]}
    for row in rows:
        document, fragment = str(row["document"]).strip("<>"), ""
        if isinstance(line := row["line"], ox.Literal):
            fragment = f"#line={int(line.value) - 1},{line.value}"
        assert row["target"] == (row["claim"] or ox.NamedNode(document + fragment))


def test_the_build_used_the_documents_and_names_the_software_only(store: ox.Store) -> None:
    said = solutions(store, "SELECT ?p { ?a a prov:Activity ; ?p ?o }")
    names = {str(row["p"]).rpartition("#")[2].rstrip(">") for row in said}
    assert names == {"type", "label", "used", "wasAssociatedWith"}
    assert not solutions(store, "SELECT * { ?o a qb:Observation ; ys:cell ?cell "
                         "FILTER NOT EXISTS { ?o qb:dataSet ?d . ?d dcterms:source ?document ; "
                         "prov:wasGeneratedBy/prov:used ?document } }")  # fmt: skip


def test_the_catalogue_lists_the_budget_with_its_document(store: ox.Store) -> None:
    [row] = solutions(
        store,
        """SELECT * {
        ?catalogue a dcat:Catalog ; dcat:dataset ?budget .
        ?budget a dcat:Dataset ; dcterms:publisher/skos:prefLabel ?name ;
            dcterms:temporal/dcat:startDate ?start ; dcat:distribution ?document .
        GRAPH ?budget { ?document a ys:Document }
    }""",
    )
    assert row["name"] == ox.Literal("新疆库尔勒经济技术开发区党政办公室", language="zh")


def test_every_concept_is_in_a_scheme_with_names_in_two_languages(store: ox.Store) -> None:
    assert not solutions(
        store,
        """SELECT * { ?c skos:inScheme ?s FILTER NOT EXISTS {
        ?s a skos:ConceptScheme ; skos:prefLabel ?zh, ?en
        FILTER (LANG(?zh) = "zh" && LANG(?en) = "en") } }""",
    )


def test_no_name_is_both_preferred_and_alternative(store: ox.Store) -> None:
    """SKOS S13: the labels of a thing are pairwise disjoint."""
    assert not solutions(store, "SELECT * { ?c skos:prefLabel ?n ; skos:altLabel ?n }")


def test_the_columns_of_the_hierarchies_are_links(store: ox.Store) -> None:
    linked = solutions(store, "SELECT DISTINCT ?s { ?c skos:broader/skos:inScheme ?s }")
    lists = [r for r in catalogue().resources if r.kind in ("list", "classification")]
    assert 4 <= len(linked) <= len(lists)


def test_the_structure_of_a_table_has_all_that_its_facts_say(
    store: ox.Store, mixed: yusuan.Package
) -> None:
    """Structures differ by table, share their components, and lack none that is used."""
    query = """SELECT DISTINCT ?structure ?p { ?o a qb:Observation ; qb:dataSet/qb:structure ?structure ; ?p ?value .
        ys:BudgetStructure qb:component/(qb:dimension|qb:measure|qb:attribute) ?p .
        FILTER NOT EXISTS { ?structure qb:component/(qb:dimension|qb:measure|qb:attribute) ?p } }"""
    for graph in (store, ox.Store.read_only(str(mixed.folder / "graph" / "store"))):
        assert solutions(graph, query) == []
    [row] = solutions(store, "SELECT (COUNT(DISTINCT ?s) AS ?n) (COUNT(DISTINCT ?c) AS ?shared) "
                      "{ ?s a qb:DataStructureDefinition ; qb:component ?c }")  # fmt: skip
    assert isinstance(row["n"], ox.Literal)
    assert int(row["n"].value) == len(catalogue().tables) + 4  # all facts', and the derived cubes'
    components = solutions(
        store, "SELECT DISTINCT ?c { ?s qb:component ?c FILTER (STRSTARTS(STR(?s), STR(ys:))) }"
    )
    assert isinstance(row["shared"], ox.Literal)
    assert int(row["shared"].value) == len(components)


def test_spending_is_a_cube_whose_slices_are_the_budgets(
    store: ox.Store, package: yusuan.Package
) -> None:
    """Every slice holds the rows of its budget, which add up to the total that its dataset says."""
    for name, kind, total in (("spending", "ys:Spending", "ys:totalSpending"),
                              ("revenue", "ys:Revenue", "ys:totalRevenue")):  # fmt: skip
        found = solutions(
            store,
            f"""SELECT ?budget ?total (SUM(?amount) AS ?sum) (COUNT(?row) AS ?rows) {{
            ?cube qb:slice ?slice . ?slice ys:budget ?budget ; qb:observation ?row .
            ?row a {kind} ; ys:amount ?amount . ?budget a dcat:Dataset ; {total} ?total }} GROUP BY ?budget ?total""",
        )
        rows = list(package.rows(name))
        assert len(found) == len({row["budget"] for row in rows}) > 0
        assert sum(int(row["rows"].value) for row in found) == len(rows)  # type: ignore[union-attr]
        assert all(row["total"] == row["sum"] for row in found)
        printed = {row["figure"]: row["amount"] for row in package.rows("figures")}
        totals = {row["budget"]: Decimal(printed[row["total"]]) for row in rows if row["total"]}
        said = {str(row["budget"]).partition("/id/budget/")[2].rstrip(">"): Decimal(row["total"].value)  # type: ignore[union-attr]
                for row in found}  # fmt: skip
        assert said == totals
