"""The form of a thing of each class, for classes that a package has nothing of: names, no data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from yusuan.graph.csvw import catalogue_metadata
from yusuan.graph.prefixes import PREFIXES, VOCABULARY, expand

__all__ = ["class_forms"]

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
