"""RDF terms as a reader sees them: labels in Chinese and English, short names, links."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from yusuan.graph.prefixes import PREFIXES
from yusuan.presentation import grouped
from yusuan.schema.messages import message
from yusuan.serve.display import settings
from yusuan.serve.site import Site

__all__ = ["Labels", "Term", "compact", "labels_of", "solutions"]

# In order of preference; the last ones make up for things that have no name of their own.
_LABELS = (
    "skos:prefLabel", "rdfs:label", "dcterms:title", "rdf:object", "rdfs:comment", "ys:subjectLabel",
    "ys:rowLabel", "ys:columnLabel", "ys:address", "ys:printed",
)  # fmt: skip
_JOINED = ("ys:rowLabel", "ys:columnLabel")
_MOST_LABELS = 400
_XSD = PREFIXES["xsd"]


@dataclass(frozen=True, slots=True)
class Labels:
    """What a thing is called; English is empty when it has no English name."""

    zh: str
    en: str = ""


@dataclass(frozen=True, slots=True)
class Term:
    """A subject, property or value, ready to be shown."""

    text: str
    english: str = ""
    href: str | None = None
    iri: str | None = None
    lang: str | None = None
    number: bool = False


def solutions(site: Site, query: str) -> list[dict[str, dict[str, str]]]:
    """Rows of a SELECT of our own, in the terms of SPARQL 1.1 Query Results JSON."""
    answer: Mapping[str, Any] = json.loads(site.own.run(query).body)
    rows: list[dict[str, dict[str, str]]] = answer["results"]["bindings"]
    return rows


def compact(iri: str) -> str:
    """The prefixed name of an IRI, or the IRI where no prefix fits.

    >>> compact("http://www.w3.org/2004/02/skos/core#prefLabel"), compact("urn:x")
    ('skos:prefLabel', 'urn:x')
    """
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace) and "/" not in iri[len(namespace) :]:
            return f"{prefix}:{iri[len(namespace) :]}"
    return iri


def labels_of(site: Site, iris: Iterable[str]) -> dict[str, Labels]:
    """The labels of things, as far as the graph or ``terms.yaml`` has any."""
    wanted = sorted(dict.fromkeys(iris))
    found = {iri: label for iri in wanted if (label := _external(compact(iri)))}
    missing = [iri for iri in wanted if iri not in found][:_MOST_LABELS]
    if not missing:
        return found
    prefixes = "".join(f"PREFIX {name}: <{iri}> " for name, iri in PREFIXES.items())
    rows = solutions(
        site,
        f"{prefixes}SELECT DISTINCT ?s ?p ?o WHERE {{ VALUES ?p {{ {' '.join(_LABELS)} }} "
        f"VALUES ?s {{ {' '.join(f'<{iri}>' for iri in missing)} }} ?s ?p ?o "
        "FILTER(isLiteral(?o)) }",
    )
    said: dict[str, dict[str, list[dict[str, str]]]] = {}
    for row in rows:
        properties = said.setdefault(row["s"]["value"], {})
        properties.setdefault(compact(row["p"]["value"]), []).append(row["o"])
    return {**found, **{iri: _label(properties) for iri, properties in said.items()}}


def term(site: Site, value: Mapping[str, str], labels: Mapping[str, Labels]) -> Term:
    """A value of a query result as it is shown."""
    text = value["value"]
    if value["type"] == "uri":
        href = site.local(text) or (text if text.startswith(("http://", "https://")) else None)
        label = labels.get(text)
        if label:
            return Term(label.zh, label.en, href, text)
        short = text.removeprefix(site.package.base) if text.startswith(site.package.base) else text
        return Term(compact(short), "", href, text)
    if value["type"] == "bnode":
        return Term(f"_:{text}")
    datatype = value.get("datatype", "")
    if datatype in (f"{_XSD}decimal", f"{_XSD}integer", f"{_XSD}nonNegativeInteger"):
        return Term(grouped(text), number=True)
    if datatype == f"{_XSD}boolean":
        return Term(message("yes" if text in ("true", "1") else "no")[0], text)
    return Term(text, lang=value.get("xml:lang"))


def _label(properties: Mapping[str, list[dict[str, str]]]) -> Labels:
    joined = [text for name in _JOINED for text in _in(properties.get(name, []), "zh")]
    for name in _LABELS:
        if name in _JOINED and joined:
            return Labels(" · ".join(joined))
        values = properties.get(name, [])
        chinese, english = [*_in(values, "zh")], [*_in(values, "en")]
        if chinese or english or values:
            plain = [value["value"] for value in values]
            if name == "ys:address":  # E11 alone says little
                return Labels(*message("cell-address", address=plain[0]))
            return Labels(
                (chinese or english or plain)[0], english[0] if chinese and english else ""
            )
    return Labels("")


def _in(values: Iterable[Mapping[str, str]], lang: str) -> Iterator[str]:
    return (value["value"] for value in values if value.get("xml:lang") == lang)


@cache
def _external(name: str) -> Labels | None:
    item = settings("terms")["terms"].get(name)
    return Labels(item["title"], item["title@en"]) if item else None
