"""Each standard table as a Data Cube structure and as columns, derived from its schema.

The structures share the components that ``ontology/yusuan.ttl`` declares, so that one query
reads the facts of all tables; a structure leaves out what its table cannot say.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pyoxigraph as ox

from yusuan.graph.csvw import column_iri
from yusuan.graph.prefixes import VOCABULARY, expand
from yusuan.graph.terms import iri, literal
from yusuan.schema import Resource, catalogue, data_path
from yusuan.schema.messages import message

__all__ = ["structure", "structure_lines", "table_components"]

_CODES = {
    "expenditure-function": ("function", "functionalCode"),
    "expenditure-economic-department": ("economicItem", "economicCode"),
    "expenditure-economic-government": ("governmentEconomicItem", "governmentEconomicCode"),
}
"""What a fact says of a code of each list: its concept, and the code as printed."""


def structure(table: str, base: str) -> str:
    """The structure of a standard table's facts as an N-Triples term."""
    return iri(f"{base}def/structure/{table}")


def structure_lines(base: str) -> Iterator[str]:
    """Triples (subject, predicate, object) about the structures and columns of all tables."""
    for table in catalogue().tables:
        subject = structure(table.name, base)
        yield _line(subject, "rdf:type", iri(expand("qb:DataStructureDefinition")))
        zh, en = message("structure-of", title=(table.title, table.title_en))
        yield _line(subject, "rdfs:label", literal(zh, "zh"))
        yield _line(subject, "rdfs:label", literal(en, "en"))
        yield _line(subject, "dcterms:conformsTo", iri(f"{VOCABULARY}BudgetStructure"))
        for component in table_components(table):
            yield _line(subject, "qb:component", iri(component))
        for field in table.with_role("amount"):
            column = iri(column_iri(table, field, base))
            yield _line(column, "rdf:type", iri(expand("rdf:Property")))
            yield _line(column, "rdfs:label", literal(field.title, "zh"))
            yield _line(column, "rdfs:label", literal(field.title_en, "en"))
            yield _line(column, "rdfs:domain", iri(expand("ys:Row")))
            yield _line(column, "rdfs:range", iri(expand("ys:StatedNumber")))
            yield _line(column, "rdfs:isDefinedBy", subject)


def table_components(table: Resource) -> list[str]:
    """The component specifications of the facts of a standard table, as IRIs.

    A row that sums up names no code, so codes are optional; a table is without those of a list
    when no column holds them and no side or classification of it is by that list.
    """
    lists = {field.code_list for field in table.fields if field.code_list}
    lists.update(table.classifications)
    dimensions = {name for field in table.fields for name in field.dimensions} | {*table.dimensions}
    facts = catalogue()["facts"]
    said = {(facts.field(name).property_url or "").removeprefix("ys:") for name in dimensions}
    left_out = {
        name for known, names in _CODES.items()
        if known not in lists and not table.sides and not said.intersection(names)
        for name in names
    }  # fmt: skip
    if not table.with_role("project"):
        left_out.add("project")
    gone = {VOCABULARY + name for name in left_out}
    return [component for component, term in _components() if term not in gone]


@cache
def _components() -> tuple[tuple[str, str], ...]:
    """The components of all budget facts with the property of each, in the vocabulary's order."""
    path = data_path("ontology", "yusuan.ttl")
    kinds = {expand(f"qb:{name}") for name in ("dimension", "measure", "attribute")}
    said = [
        (quad.subject.value, quad.predicate.value, quad.object.value)
        for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE)
        if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode)
    ]
    structure, component = expand("ys:BudgetStructure"), expand("qb:component")
    own = {
        value
        for subject, predicate, value in said
        if (subject, predicate) == (structure, component)
    }
    return tuple(
        (subject, term)
        for subject, predicate, term in said
        if predicate in kinds and subject in own
    )


def _line(subject: str, predicate: str, value: str) -> str:
    return f"{subject} {iri(expand(predicate))} {value}"
