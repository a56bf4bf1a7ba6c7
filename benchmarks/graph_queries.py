"""Six questions of the kind that users ask of a graph, for any engine of SPARQL."""

from __future__ import annotations

from pathlib import Path

import yaml

from yusuan.graph.prefixes import PREFIXES as NAMESPACES

PREFIXES = """PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
PREFIX ys: <https://w3id.org/yusuan/def#>
"""

QUESTIONS = {
    "totals by department and year": """SELECT ?name ?year (SUM(?amount) AS ?total) {
        ?table skos:notation "expenditure-summary" .
        ?fact ys:table ?table ; ys:column "total" ; ys:rowType "total" ; ys:amount ?amount ;
              ys:fiscalYear ?year ; ys:department ?department .
        ?department skos:prefLabel ?name . } GROUP BY ?name ?year""",
    "三公 by year": """SELECT ?year (SUM(?amount) AS ?total) {
        ?table skos:notation "three-public-expenses" . ?item skos:notation "three-public" .
        ?fact ys:table ?table ; ys:item ?item ; ys:fiscalYear ?year ; ys:amount ?amount .
        } GROUP BY ?year""",
    "share of basic expenditure": """SELECT ?department ?year (?own / ?all AS ?share) {
        ?table skos:notation "expenditure-summary" .
        ?total ys:table ?table ; ys:column "total" ; ys:rowType "total" ; ys:amount ?all ;
               ys:department ?department ; ys:fiscalYear ?year .
        ?part ys:rowTotal ?total ; ys:column "basic" ; ys:amount ?own . }""",
    "findings by rule": """SELECT ?rule ?verdict (COUNT(*) AS ?count) {
        ?finding a ys:Finding ; ys:rule ?rule ; ys:verdict ?verdict . } GROUP BY ?rule ?verdict""",
    "top changes": """SELECT ?department ?year (?now - ?before AS ?change) {
        { SELECT ?department ?year ?before {
            ?table skos:notation "expenditure-summary" .
            ?old ys:table ?table ; ys:column "total" ; ys:rowType "total" ; ys:amount ?before ;
                 ys:department ?department ; ys:fiscalYear ?earlier .
            BIND (xsd:integer(STR(?earlier)) + 1 AS ?year) } }
        { SELECT ?department ?year ?now {
            ?table skos:notation "expenditure-summary" .
            ?new ys:table ?table ; ys:column "total" ; ys:rowType "total" ; ys:amount ?now ;
                 ys:department ?department ; ys:fiscalYear ?of .
            BIND (xsd:integer(STR(?of)) AS ?year) } }
        } ORDER BY DESC(ABS(?change)) LIMIT 10""",
    "the cell of a number": """SELECT ?printed ?address ?line ?file {
        <FACT> ys:printed ?printed ; ys:cell ?cell .
        ?cell ys:address ?address ; ys:line ?line ; prov:hadPrimarySource/ys:fileName ?file . }""",
}
ROOT = Path(__file__).parents[1]
FACT = "id/fact/000000000000-three-public-expenses-total"


def queries(base: str) -> dict[str, str]:
    """The questions by name; ``base`` is that of the package."""
    return {name: PREFIXES + text.replace("FACT", base + FACT) for name, text in QUESTIONS.items()}


def published(base: str) -> dict[str, str]:
    """The questions and examples that the site offers, by name."""
    found = {
        path.stem: path.read_text("utf-8")
        for path in sorted((ROOT / "publish" / "queries").glob("*.rq"))
    }
    examples = yaml.safe_load((ROOT / "publish/datasette/sparql-examples.yaml").read_text("utf-8"))
    prologue = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in NAMESPACES.items())
    for each in examples["examples"]:
        found[f"example {each['id']}"] = prologue + each["query"].replace("${base}", base)
    return found
