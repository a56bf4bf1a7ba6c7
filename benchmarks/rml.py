"""The CSVW metadata of a package as a mapping in RML, for engines of that language.

RML has no columns of several values, so those are left out; everything else is the same.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from yusuan.graph.csvw import csv_metadata
from yusuan.graph.terms import datatype_iri
from yusuan.package import Package
from yusuan.schema import catalogue

_GRAPH = "id/budget/{department}/{fiscal_year}/{phase}"
_PREFIXES = """@prefix rr: <http://www.w3.org/ns/r2rml#> .
@prefix rml: <http://semweb.mmlab.be/ns/rml#> .
@prefix ql: <http://semweb.mmlab.be/ns/ql#> .
"""


def rml_mapping(package: Package) -> str:
    """Turtle: a triples map for each subject of each table that has rows."""
    maps = [_PREFIXES]
    for table in csv_metadata(package.base, catalogue().resources)["tables"]:
        path, schema = package.folder / table["url"], table["tableSchema"]
        with path.open("rb") as stream:
            if len([line for line, _ in zip(stream, range(2), strict=False)]) < 2:
                continue
        names = {column["name"] for column in schema["columns"]}
        within = {"department", "fiscal_year", "phase", "document"} <= names
        graph = package.base + _GRAPH if within else None
        abouts: dict[str, list[dict[str, Any]]] = {}
        for column in schema["columns"]:
            if not column.get("suppressOutput") and "separator" not in column:
                about = column.get("aboutUrl") or schema["aboutUrl"]
                abouts.setdefault(about, []).append(column)
        for about, columns in abouts.items():
            maps.append(_map(len(maps), path, about, columns, graph))
    return "\n".join(maps)


def _map(
    number: int, path: Path, about: str, columns: list[dict[str, Any]], graph: str | None
) -> str:
    within = f" ; rr:graphMap [ {_term(graph)} ]" if graph else ""
    said = " ;\n".join(
        f"  rr:predicateObjectMap [ rr:predicateMap [ {_term(column['propertyUrl'])} ] ; "
        f"rr:objectMap [ {_object(column)} ] ]"
        for column in columns
    )
    return (
        f'<#map{number}> a rr:TriplesMap ;\n  rml:logicalSource [ rml:source "{path}" ; '
        f"rml:referenceFormulation ql:CSV ] ;\n  rr:subjectMap [ {_term(about)}{within} ] ;\n"
        f"{said} ."
    )


def _term(template: str) -> str:
    if "{" not in template:
        return f"rr:constant <{template}>"
    return f'rr:template "{re.sub(r"{[+]", "{", template)}" ; rr:termType rr:IRI'


def _object(column: dict[str, Any]) -> str:
    if "valueUrl" in column:
        return _term(column["valueUrl"])
    text = f'rml:reference "{column["name"]}"'
    if lang := column.get("lang"):
        return f'{text} ; rr:language "{lang}"'
    kind = datatype_iri(column["datatype"])
    return text if kind.endswith("#string") else f"{text} ; rr:datatype <{kind}>"
