"""The terms of the vocabulary as its pages tell of them.

Each class stands with an example: what the graph of a package says of one thing, in Turtle, or, where
the package has none, the form of such a thing by its columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

import pyoxigraph as ox

from yusuan.files.data import data_path
from yusuan.graph.csvw import catalogue_metadata
from yusuan.graph.mapping import TableMapping
from yusuan.graph.prefixes import PREFIXES, PROLOGUE, VOCABULARY, VOCABULARY_GRAPH, expand
from yusuan.graph.turtle import turtle
from yusuan.package import Package
from yusuan.schema import catalogue

__all__ = [
    "RelatedTerm",
    "VocabularyTerm",
    "class_examples",
    "class_forms",
    "vocabulary_terms",
    "vocabulary_triples",
    "vocabulary_version",
]

_TYPE = expand("rdf:type")


def class_forms(base: str) -> dict[str, str]:
    """What the graph says of a thing of each class, by the class's name without prefix.

    In the manner of Turtle, with the column that a value comes from in braces.
    """
    found: dict[str, str] = {}
    for table in catalogue_metadata(base)["tables"]:
        schema = table["tableSchema"]
        about: dict[str, list[Mapping[str, Any]]] = {}
        for column in schema["columns"]:
            subject = column.get("aboutUrl") or schema.get("aboutUrl")
            if subject and not column.get("suppressOutput"):
                about.setdefault(subject, []).append(column)
        for subject, columns in about.items():
            types = [c["valueUrl"] for c in columns if c["propertyUrl"] == _TYPE]
            for name in types:
                if name.startswith(VOCABULARY):
                    found.setdefault(name.removeprefix(VOCABULARY), _form(subject, columns, base))
    return found


def _form(subject: str, columns: list[Mapping[str, Any]], base: str) -> str:
    said: dict[str, list[str]] = {}
    for column in sorted(columns, key=lambda column: column["propertyUrl"] != _TYPE):
        said.setdefault(_name(column["propertyUrl"], base), []).extend(_values(column, base))
    lines = [f"{verb} {', '.join(values)}" for verb, values in said.items()]
    return f"{_name(subject, base)}\n    " + " ;\n    ".join(lines) + " .\n"


def _values(column: Mapping[str, Any], base: str) -> Iterator[str]:
    if "valueUrl" in column:
        yield _name(column["valueUrl"], base)
        return
    text = f'"{{{column["name"]}}}"'
    datatype = column.get("datatype", "string")
    kind = datatype.get("@id") if isinstance(datatype, Mapping) else f"xsd:{datatype}"
    if "lang" in column:
        yield f"{text}@{column['lang']}"
    elif kind in (None, "xsd:string"):
        yield text
    else:
        yield f"{text}^^{kind if kind.startswith('xsd:') else _name(kind, base)}"


def _name(iri: str, base: str) -> str:
    if iri == _TYPE:
        return "a"
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return f"<{iri.removeprefix(base)}>" if base.endswith("/") else f"<{iri}>"


def class_examples(package: Package) -> dict[str, str]:
    """The first thing of each class of the vocabulary, by the class's name without prefix.

    A class that the package has nothing of is left out.
    """
    found: dict[str, str] = {}
    tables = catalogue_metadata(package.base)["tables"]
    for resource, table in zip(catalogue().resources, tables, strict=True):
        cells = next(package.records(resource.name), None)
        if cells is None:
            continue
        block = "".join(TableMapping(table).blocks([cells])).encode()
        said = list(ox.parse(PROLOGUE + block, format=ox.RdfFormat.TRIG))
        for quad in said:
            kind = quad.object.value if isinstance(quad.object, ox.NamedNode) else ""
            name = kind.removeprefix(VOCABULARY)
            if quad.predicate.value == _TYPE and name != kind and name not in found:
                own = (f"{q.triple} .\n".encode() for q in said if q.subject == quad.subject)
                found[name] = turtle(own, package.base)
    return found


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
