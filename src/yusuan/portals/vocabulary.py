"""The vocabulary as a page of the static site: every term in two languages, classes by example."""

from __future__ import annotations

from dataclasses import dataclass, field

import pyoxigraph as ox

from yusuan.graph.examples import class_examples
from yusuan.graph.forms import class_forms
from yusuan.graph.prefixes import PREFIXES, VOCABULARY, VOCABULARY_GRAPH, expand
from yusuan.package import Package
from yusuan.schema import data_path

__all__ = ["TermDescription", "vocabulary_entries", "vocabulary_version"]

_SHOWN = ("rdfs:subClassOf", "rdfs:subPropertyOf", "rdfs:domain", "rdfs:range", "rdfs:seeAlso")
_OTHERS = {"sdmx-dimension": "http://purl.org/linked-data/sdmx/2009/dimension#",
           "sdmx-attribute": "http://purl.org/linked-data/sdmx/2009/attribute#"}  # fmt: skip


@dataclass
class TermDescription:
    """A term: labels and comments by language, what it is related to, an example in Turtle, and
    the form that one has of which the package has none."""

    name: str
    is_class: bool
    label: dict[str, str] = field(default_factory=dict)
    comment: dict[str, str] = field(default_factory=dict)
    relations: dict[str, list[str]] = field(default_factory=dict)
    example: str = ""
    form: str = ""


def vocabulary_entries(package: Package) -> list[TermDescription]:
    """The classes, then the properties, each by name."""
    said: dict[str, list[ox.Triple]] = {}
    for triple in _triples():
        if isinstance(triple.subject, ox.NamedNode) and triple.subject.value.startswith(VOCABULARY):
            said.setdefault(triple.subject.value.removeprefix(VOCABULARY), []).append(triple)
    examples = class_examples(package)
    entries = [_entry(name, triples, examples) for name, triples in said.items()]
    forms = class_forms(package.base)
    for entry in entries:
        entry.form = forms.get(entry.name, "")
    return sorted(
        (entry for entry in entries if entry.label),
        key=lambda entry: (not entry.is_class, entry.name.lower()),
    )


def vocabulary_version() -> str:
    wanted = expand("owl:versionInfo")
    return next((t.object.value for t in _triples() if t.predicate.value == wanted
                 and isinstance(t.object, ox.Literal)
                 and t.subject == ox.NamedNode(VOCABULARY_GRAPH)), "")  # fmt: skip


def _triples() -> list[ox.Triple]:
    path = data_path("ontology", "yusuan.ttl")
    return [quad.triple for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE)]


def _entry(name: str, triples: list[ox.Triple], examples: dict[str, str]) -> TermDescription:
    kinds = {t.object for t in triples if t.predicate.value == expand("rdf:type")}
    is_class = bool(kinds & {ox.NamedNode(expand(kind)) for kind in ("owl:Class", "rdfs:Datatype")})
    entry = TermDescription(name, is_class, example=examples.get(name, ""))
    shown = {expand(relation): relation for relation in _SHOWN}
    for triple in triples:
        value = triple.object
        if isinstance(value, ox.Literal):
            texts = {expand("rdfs:label"): entry.label, expand("rdfs:comment"): entry.comment}
            if triple.predicate.value in texts:
                texts[triple.predicate.value][value.language or ""] = value.value
        elif isinstance(value, ox.NamedNode) and triple.predicate.value in shown:
            relation = shown[triple.predicate.value]
            entry.relations.setdefault(relation, []).append(_compact(value.value))
    return entry


def _compact(iri: str) -> str:
    for prefix, namespace in (*PREFIXES.items(), *_OTHERS.items()):
        if iri.startswith(namespace):
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return iri
