"""The terms of the vocabulary as its pages tell of them, each class with an example from a package."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import pyoxigraph as ox

from yusuan.files.data import data_path
from yusuan.graph.examples import class_examples
from yusuan.graph.forms import class_forms
from yusuan.graph.prefixes import PREFIXES, VOCABULARY, VOCABULARY_GRAPH, expand
from yusuan.package import Package

__all__ = [
    "RelatedTerm",
    "VocabularyTerm",
    "vocabulary_terms",
    "vocabulary_triples",
    "vocabulary_version",
]

_SHOWN = ("rdfs:subClassOf", "rdfs:subPropertyOf", "rdfs:domain", "rdfs:range", "owl:equivalentClass",
          "owl:equivalentProperty", "skos:closeMatch", "skos:exactMatch", "rdfs:seeAlso")  # fmt: skip
_CLASSES = frozenset(map(expand, ("owl:Class", "rdfs:Class", "rdfs:Datatype")))
_OTHERS = {"sdmx-dimension": "http://purl.org/linked-data/sdmx/2009/dimension#",
           "sdmx-attribute": "http://purl.org/linked-data/sdmx/2009/attribute#"}  # fmt: skip
_Values = Mapping[str, Sequence[ox.NamedNode | ox.Literal]]


class RelatedTerm(NamedTuple):
    """A term that another is related to: where it is described, and its prefixed name."""

    href: str
    text: str


@dataclass(frozen=True, slots=True)
class VocabularyTerm:
    """A class or property: label and comment in Chinese and English, what it is related to.

    ``example`` is what a package's graph says of one thing of the class, "" where it has none;
    ``form`` is what it would say, with names of columns for values.
    """

    name: str
    is_class: bool
    label: tuple[str, str]
    comment: tuple[str, str]
    relations: tuple[tuple[str, tuple[RelatedTerm, ...]], ...]
    example: str
    form: str


@cache
def vocabulary_triples() -> tuple[ox.Triple, ...]:
    """The statements of ``ontology/yusuan.ttl``."""
    path = str(data_path("ontology", "yusuan.ttl"))
    return tuple(quad.triple for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE))


def vocabulary_version() -> str:
    """The version that the vocabulary says it has."""
    wanted = expand("owl:versionInfo")
    return next((t.object.value for t in vocabulary_triples() if t.predicate.value == wanted
                 and isinstance(t.object, ox.Literal)
                 and t.subject == ox.NamedNode(VOCABULARY_GRAPH)), "")  # fmt: skip


def vocabulary_terms(package: Package) -> list[VocabularyTerm]:
    """The classes, then the properties, each by name; examples are of the package."""
    stated: dict[str, dict[str, list[ox.NamedNode | ox.Literal]]] = {}
    for triple in vocabulary_triples():
        about, value = triple.subject, triple.object
        if isinstance(about, ox.NamedNode) and about.value.startswith(VOCABULARY):
            values = stated.setdefault(about.value.removeprefix(VOCABULARY), {})
            if isinstance(value, ox.NamedNode | ox.Literal):
                values.setdefault(triple.predicate.value, []).append(value)
    examples, forms = class_examples(package), class_forms(package.base)
    terms = [
        VocabularyTerm(
            name=name,
            is_class=any(kind.value in _CLASSES for kind in values.get(expand("rdf:type"), ())),
            label=_texts(values, "rdfs:label"),
            comment=_texts(values, "rdfs:comment"),
            relations=tuple(_relations(values)),
            example=examples.get(name, ""),
            form=forms.get(name, ""),
        )
        for name, values in stated.items()
    ]
    labelled = (term for term in terms if any(term.label))
    return sorted(labelled, key=lambda term: (not term.is_class, term.name.lower()))


def _texts(values: _Values, name: str) -> tuple[str, str]:
    texts = {
        value.language: value.value
        for value in values.get(expand(name), ())
        if isinstance(value, ox.Literal)
    }
    return texts.get("zh", ""), texts.get("en", "")


def _relations(values: _Values) -> Iterable[tuple[str, tuple[RelatedTerm, ...]]]:
    for name in _SHOWN:
        found = [
            each.value for each in values.get(expand(name), ()) if isinstance(each, ox.NamedNode)
        ]
        if found:
            yield name, tuple(RelatedTerm(_described_at(iri), _compact(iri)) for iri in found)


def _described_at(iri: str) -> str:
    return f"#{iri.removeprefix(VOCABULARY)}" if iri.startswith(VOCABULARY) else iri


def _compact(iri: str) -> str:
    for prefix, namespace in (*PREFIXES.items(), *_OTHERS.items()):
        if iri.startswith(namespace):
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return iri
