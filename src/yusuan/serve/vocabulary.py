"""The vocabulary (ontology) as a page, as Turtle, JSON-LD or N-Triples."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pyoxigraph as ox

from yusuan.graph.examples import class_examples
from yusuan.graph.forms import class_forms
from yusuan.graph.prefixes import VOCABULARY, VOCABULARY_GRAPH, expand
from yusuan.schema import data_path
from yusuan.serve.site import Raw, RenderedPage, Site
from yusuan.serve.terms import Term, compact, labels_of, term
from yusuan.serve.turtle import RDF_SUFFIXES, media_type_for, serialised

__all__ = ["vocabulary"]

_PATH = "/-/vocabulary"
_SHOWN = ("rdfs:subClassOf", "rdfs:subPropertyOf", "rdfs:domain", "rdfs:range", "owl:equivalentClass",
          "owl:equivalentProperty", "skos:closeMatch", "skos:exactMatch", "rdfs:seeAlso")  # fmt: skip


@dataclass(frozen=True, slots=True)
class VocabularyTerm:
    """A class or property of the vocabulary."""

    name: str
    zh: str
    en: str
    comment_zh: str
    comment_en: str
    is_class: bool
    relations: list[tuple[str, list[Term]]]
    example: str
    """What the package's graph says of one thing of the class; "" when it has none."""
    form: str
    """What it would say, with names for values."""


def vocabulary(site: Site, suffix: str, accept: str | None) -> RenderedPage | Raw:
    """The answer for ``/-/vocabulary`` with or without a format's suffix."""
    media_type = media_type_for(accept, suffix if suffix in RDF_SUFFIXES else None)
    if media_type is None:
        return Raw.sentence(406, "The vocabulary comes as text/html, text/turtle, "
                            "application/ld+json or application/n-triples.")  # fmt: skip
    path = data_path("ontology", "yusuan.ttl")
    triples = [quad.triple for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE)]
    if media_type != "text/html":
        return serialised(triples, media_type)
    entries = sorted(_entries(site, triples), key=lambda entry: entry.name.lower())
    header = {compact(t.predicate.value): t.object for t in triples
              if getattr(t.subject, "value", "") == VOCABULARY_GRAPH}  # fmt: skip
    version = header.get("owl:versionInfo")
    context = {
        "namespace": VOCABULARY,
        "classes": [entry for entry in entries if entry.is_class],
        "properties": [entry for entry in entries if not entry.is_class],
        "version": getattr(version, "value", ""),
        "shapes": (site.package.folder / "graph" / "shapes.ttl").exists(),
        "formats": [(name, _PATH + ending) for ending, name in RDF_SUFFIXES.items()],
    }
    return RenderedPage("vocabulary.html", context, headers={"Vary": "Accept"})


def _entries(site: Site, triples: Iterable[ox.Triple]) -> Iterable[VocabularyTerm]:
    said: dict[str, dict[str, list[dict[str, str]]]] = {}
    for triple in triples:
        if isinstance(triple.subject, ox.NamedNode) and triple.subject.value.startswith(VOCABULARY):
            values = said.setdefault(triple.subject.value, {})
            values.setdefault(triple.predicate.value, []).append(_value(triple.object))
    shown = [expand(name) for name in _SHOWN]
    iris = {value["value"] for values in said.values() for name in shown
            for value in values.get(name, []) if value["type"] == "uri"}  # fmt: skip
    labels = labels_of(site, {*iris, *shown})
    examples, forms = class_examples(site.package), class_forms(site.package.base)
    for iri, values in said.items():
        types = {value["value"] for value in values.get(expand("rdf:type"), [])}
        yield VocabularyTerm(
            iri.removeprefix(VOCABULARY),
            *_texts(values, "rdfs:label"),
            *_texts(values, "rdfs:comment"),
            is_class=bool(types & {expand("owl:Class"), expand("rdfs:Class")}),
            relations=[
                (compact(name), [term(site, value, labels) for value in values[name]])
                for name in shown
                if name in values
            ],
            example=examples.get(iri.removeprefix(VOCABULARY), ""),
            form=forms.get(iri.removeprefix(VOCABULARY), ""),
        )


def _value(node: object) -> dict[str, str]:
    if isinstance(node, ox.Literal):
        language = {"xml:lang": node.language} if node.language else {}
        return {"type": "literal", "value": node.value, **language}
    kind = "uri" if isinstance(node, ox.NamedNode) else "bnode"
    return {"type": kind, "value": getattr(node, "value", "")}


def _texts(values: dict[str, list[dict[str, str]]], name: str) -> tuple[str, str]:
    texts = {value.get("xml:lang", ""): value["value"] for value in values.get(expand(name), [])}
    return texts.get("zh", ""), texts.get("en", "")
