"""CSV on the Web metadata of a package, derived from the schemas.

The result is a TableGroup (https://www.w3.org/TR/tabular-metadata/). It is both a file of the
package, for any CSVW processor, and the mapping that ``yusuan.graph.mapping`` carries out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from yusuan.graph.prefixes import expand, resolve
from yusuan.graph.terms import DATATYPES, Template, checked_base
from yusuan.model.errors import YusuanError
from yusuan.schema import Field, Resource, catalogue
from yusuan.schema.overlay import overlay_folder
from yusuan.schema.resource import ForeignKey

__all__ = ["catalogue_metadata", "column_iri", "csv_metadata"]

_DATATYPES = {
    "string": "string",
    "integer": "integer",
    "number": "decimal",
    "boolean": "boolean",
    "date": "date",
}


# Amounts of the printed tables keep their spelling, trailing zeros included: stores make "1.50"
# of xsd:decimal to "1.5", and nobody adds them to the facts, which are the same amounts in yuan.
_STATED = {"@id": expand("ys:StatedNumber"), "base": "decimal"}


def csv_metadata(package_base: str, resources: Iterable[Resource]) -> dict[str, Any]:
    """The TableGroup of the resources; every IRI in it is absolute, below ``package_base``.

    Raises YusuanError when the base or a mapping in the schemas cannot make valid IRIs.
    """
    tables = {resource.name: resource for resource in resources}
    base = checked_base(package_base)
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "zh"}],
        "tables": [_table(resource, tables, base) for resource in tables.values()],
    }


def catalogue_metadata(package_base: str) -> Mapping[str, Any]:
    """The TableGroup of all resources of the catalogue; made once for a base, and not to be changed.

    Raises YusuanError as ``csv_metadata`` does.
    """
    return _catalogue_metadata(package_base, overlay_folder())


@lru_cache(maxsize=4)
def _catalogue_metadata(package_base: str, own: str | None) -> dict[str, Any]:
    return csv_metadata(package_base, catalogue().resources)


def _table(resource: Resource, tables: dict[str, Resource], base: str) -> dict[str, Any]:
    _check_templates(resource)
    schema: dict[str, Any] = {
        "columns": [
            *(_column(resource, field, tables, base) for field in resource.fields),
            *_virtual_columns(resource, base),
        ],
        "primaryKey": resource.primary_key,
    }
    if resource.about_url:
        schema["aboutUrl"] = resolve(resource.about_url, base)
    # A null key refers to no row, which strict CSVW validators report; the keys of columns that
    # may be blank are checked in the data package, and link to their rows by valueUrl here.
    keys = [key for key in resource.foreign_keys if key.field in _required(resource)]
    if keys:
        schema["foreignKeys"] = [
            {
                "columnReference": key.field,
                "reference": {
                    "resource": _target(resource, key, tables).path,
                    "columnReference": key.reference,
                },
            }
            for key in keys
        ]
    return {
        "url": resource.path,
        "dc:title": [
            {"@value": resource.title, "@language": "zh"},
            {"@value": resource.title_en, "@language": "en"},
        ],
        "null": "",
        "tableSchema": schema,
    }


def _column(
    resource: Resource, field: Field, tables: dict[str, Resource], base: str
) -> dict[str, Any]:
    column: dict[str, Any] = {
        "name": field.name,
        # The undetermined language holds the header of the CSV, which validators look for.
        "titles": {"und": field.name, "zh": field.title, "en": field.title_en},
        "datatype": _datatype(resource, field),
    }
    if field.constraints.get("required"):
        column["required"] = True
    if field.lang:
        column["lang"] = field.lang
    if field.separator:
        column["separator"] = field.separator
    if field.role == "amount" and not field.property_url:
        return {**column, "datatype": _STATED, "propertyUrl": column_iri(resource, field, base)}
    if not field.property_url:
        return {**column, "suppressOutput": True}
    column["propertyUrl"] = expand(field.property_url)
    if field.about_url:
        column["aboutUrl"] = resolve(field.about_url, base)
    if key := resource.key_of(field.name):
        column["valueUrl"] = _value_url(_target(resource, key, tables), key, base)
    return column


def column_iri(resource: Resource, field: Field, base: str) -> str:
    """The property of an amount column of a standard table: what is printed in it."""
    return f"{base}def/column/{resource.name}/{field.name}"


def _datatype(resource: Resource, field: Field) -> str:
    datatype = field.datatype or _DATATYPES[field.type]
    if datatype != "string" and datatype not in DATATYPES:
        raise YusuanError(
            f"{resource.name}, {field.name}: datatype {datatype} is not supported; "
            f"use one of string, {', '.join(DATATYPES)}"
        )
    return datatype


def _virtual_columns(resource: Resource, base: str) -> Iterator[dict[str, Any]]:
    statements = [(link.about_url, link.property_url, link.value_url) for link in resource.links]
    if resource.rdf_type:
        statements.insert(0, (None, "rdf:type", resource.rdf_type))
    for number, (about, predicate, value) in enumerate(statements, start=1):
        yield {
            "name": f"statement{number}",
            "virtual": True,
            **({"aboutUrl": resolve(about, base)} if about else {}),
            "propertyUrl": resolve(predicate, base),
            "valueUrl": resolve(value, base),
        }


def _target(resource: Resource, key: ForeignKey, tables: dict[str, Resource]) -> Resource:
    """The resource a key refers to; an empty name is the resource itself (Table Schema)."""
    try:
        return tables[key.resource or resource.name]
    except KeyError:
        raise YusuanError(
            f"{resource.name}, {key.field}: refers to {key.resource}, which is no resource"
        ) from None


def _value_url(target: Resource, key: ForeignKey, base: str) -> str:
    """The target's subject, with the referring column in place of its key."""
    template = resolve(target.about_url or "", base)
    if Template(template).variables != (key.reference,):
        raise YusuanError(
            f"{target.name}: {key.field} refers to it, so its aboutUrl must contain "
            f"{{{key.reference}}} and no other column"
        )
    return re.sub(rf"\{{(\+?){key.reference}\}}", rf"{{\g<1>{key.field}}}", template)


def _check_templates(resource: Resource) -> None:
    """A CSVW processor expands a null to nothing, so only required columns may be variables."""
    required = _required(resource)
    templates = [resource.about_url, *(field.about_url for field in resource.fields)]
    for link in resource.links:
        templates += [link.about_url, link.property_url, link.value_url]
    for template in filter(None, templates):
        for variable in Template(template).variables:
            if variable not in required:
                raise YusuanError(
                    f"{resource.name}: {template} uses {variable}, which is no required column, "
                    "so it could make IRIs with a gap in them"
                )


def _required(resource: Resource) -> set[str]:
    return {field.name for field in resource.fields if field.constraints.get("required")}
