"""The one table of namespace prefixes, for the schemas, the Turtle files and the metadata."""

from __future__ import annotations

import re

from yusuan.model.errors import YusuanError

__all__ = [
    "PREFIXES",
    "PROLOGUE",
    "VOCABULARY",
    "VOCABULARY_GRAPH",
    "expand",
    "resolve",
    "shortened",
]

VOCABULARY_GRAPH = "https://w3id.org/yusuan/def"
"""IRI of the ontology, and of the named graph it stands in."""

VOCABULARY = f"{VOCABULARY_GRAPH}#"
"""Namespace of the vocabulary's terms."""

PREFIXES: dict[str, str] = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "dqv": "http://www.w3.org/ns/dqv#",
    "obeu-attribute": "http://data.openbudgets.eu/ontology/dsd/attribute/",
    "obeu-dimension": "http://data.openbudgets.eu/ontology/dsd/dimension/",
    "obeu-measure": "http://data.openbudgets.eu/ontology/dsd/measure/",
    "oa": "http://www.w3.org/ns/oa#",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "qb": "http://purl.org/linked-data/cube#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xkos": "http://rdf-vocabulary.ddialliance.org/xkos#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "ys": VOCABULARY,
}

PROLOGUE = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items()).encode()
"""What makes a document of Turtle or TriG of statements that use the prefixes."""

_LOCAL = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


def expand(name: str) -> str:
    """The IRI of a prefixed name.

    Raises YusuanError for a name whose prefix is not in PREFIXES.

    >>> expand("qb:Observation")
    'http://purl.org/linked-data/cube#Observation'
    """
    prefix, colon, local = name.partition(":")
    if not colon or prefix not in PREFIXES:
        raise YusuanError(
            f"{name}: not a prefixed name with a known prefix; known are {', '.join(PREFIXES)}"
        )
    return PREFIXES[prefix] + local


def shortened(iri: str) -> str | None:
    """An IRI as a prefixed name that needs no escapes, or None when it can be none.

    >>> shortened("http://purl.org/linked-data/cube#Observation")
    'qb:Observation'
    """
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace) and _LOCAL.fullmatch(iri, len(namespace)):
            return f"{prefix}:{iri[len(namespace) :]}"
    return None


def resolve(reference: str, base: str) -> str:
    """The absolute form of a reference in the schemas: an IRI, a prefixed name, or a path.

    One that begins with a reserved expansion is the IRI that the cell holds.

    >>> resolve("id/fact/{fact}", "http://example.org/"), resolve("http://a.example/b", "")
    ('http://example.org/id/fact/{fact}', 'http://a.example/b')
    """
    if reference.startswith("{+"):
        return reference
    scheme, colon, rest = reference.partition(":")
    if not colon or "/" in scheme or "{" in scheme:
        return base + reference
    return reference if rest.startswith("//") else expand(reference)
