"""Common properties and notes: JSON-LD as far as CSVW lets it in."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urljoin

import rdflib

from tests.graph.csvw.names import CSVW, PREFIXES, XSD, MetadataError, expanded

_TERMS = {"TableGroup", "Table", "Schema", "Column", "Dialect", "Template", "Datatype", "Cell",
          "Row", "Direction", "JSON"}  # fmt: skip


def is_common(name: str) -> bool:
    """Whether a property is of another vocabulary: a prefixed name or an absolute URL."""
    prefix, colon, _ = name.partition(":")
    return bool(colon) and (prefix in PREFIXES or name.startswith(("http://", "https://")))


def check_common(value: Any) -> None:
    """Raises MetadataError for JSON-LD that CSVW does not let in."""
    if isinstance(value, list):
        for item in value:
            check_common(item)
    if not isinstance(value, dict):
        return
    if "@context" in value or "@list" in value or "@set" in value:
        raise MetadataError(f"{', '.join(value)} in a common property")
    if "@value" in value:
        if set(value) - {"@value", "@type", "@language"} or {"@type", "@language"} <= set(value):
            raise MetadataError(f"@value with {', '.join(value)}")
        if "@type" in value and not _is_type(value["@type"], datatype=True):
            raise MetadataError(f"@type {value['@type']}")
    elif "@language" in value:
        raise MetadataError("@language outside of @value")
    for name, inner in value.items():
        if name == "@id":
            if not isinstance(inner, str) or inner.startswith("_:"):
                raise MetadataError(f"@id {inner}")
        elif name == "@type":
            for kind in inner if isinstance(inner, list) else [inner]:
                if not _is_type(kind, datatype="@value" in value):
                    raise MetadataError(f"@type {kind}")
        elif name.startswith("@"):
            if name not in ("@value", "@language"):
                raise MetadataError(f"{name}: no keyword")
        else:
            check_common(inner)


def _is_type(kind: Any, datatype: bool) -> bool:
    if not isinstance(kind, str):
        return False
    return (kind in _TERMS or is_common(kind) or _is_builtin(kind)) and not kind.startswith("_:")


def _is_builtin(kind: str) -> bool:
    return bool(re.fullmatch(r"[a-z][A-Za-z]*", kind)) and kind in {
        "string", "integer", "decimal", "boolean", "date", "dateTime", "number", "double", "time",
        "anyURI", "json", "html", "xml", "float", "gYear",
    }  # fmt: skip


def _iri(name: str, base: str) -> str:
    if name in _TERMS:
        return CSVW + name
    if _is_builtin(name):
        return XSD + name
    return urljoin(base, expanded(name))


def say(
    graph: rdflib.Graph, subject: Any, name: str, value: Any, base: str, language: str | None
) -> None:
    """The triples of a common property."""
    predicate = rdflib.URIRef(_iri(name, base))
    for item in value if isinstance(value, list) else [value]:
        graph.add((subject, predicate, _node(graph, item, base, language)))


def _node(graph: rdflib.Graph, value: Any, base: str, language: str | None) -> Any:
    if isinstance(value, bool):
        return rdflib.Literal(str(value).lower(), datatype=XSD + "boolean")
    if isinstance(value, int):
        return rdflib.Literal(str(value), datatype=XSD + "integer")
    if isinstance(value, float):
        return rdflib.Literal(repr(value), datatype=XSD + "double")
    if isinstance(value, str):
        return rdflib.Literal(value, lang=language)
    if "@value" in value:
        if "@type" in value:
            return rdflib.Literal(str(value["@value"]), datatype=_iri(value["@type"], base))
        return rdflib.Literal(str(value["@value"]), lang=value.get("@language"))
    node: Any = rdflib.URIRef(urljoin(base, value["@id"])) if "@id" in value else rdflib.BNode()
    for name, inner in value.items():
        if name == "@type":
            for kind in inner if isinstance(inner, list) else [inner]:
                graph.add((node, rdflib.RDF.type, rdflib.URIRef(_iri(kind, base))))
        elif not name.startswith("@"):
            say(graph, node, name, inner, base, language)
    return node
