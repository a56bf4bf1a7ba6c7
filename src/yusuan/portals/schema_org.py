"""schema.org descriptions (https://schema.org/Dataset), for search engines and for people."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from yusuan.portals.about import PackageDescription
from yusuan.portals.files import PublishedFile
from yusuan.schema import Resource

__all__ = ["dataset_jsonld", "embedded", "table_jsonld"]

Node = dict[str, Any]


def dataset_jsonld(about: PackageDescription, files: Sequence[PublishedFile], site: str) -> Node:
    """The package as a schema:Dataset with a DataDownload per file."""
    return _present({
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": f"{site}#dataset",
        "name": about.full_title,
        "alternateName": about.full_title_en,
        "description": f"{about.description}\n\n{about.description_en}",
        "url": site,
        "identifier": f"{site}#dataset",
        "keywords": list(about.keywords),
        "inLanguage": list(about.languages),
        "license": about.licence.get("path"),
        "creator": [
            {"@type": "GovernmentOrganization", "@id": row["iri"], "name": row["name"]}
            for row in about.departments
        ],
        "temporalCoverage": "/".join(about.period),
        "spatialCoverage": [
            {"@type": "AdministrativeArea", "name": name,
             "identifier": {"@type": "PropertyValue", "propertyID": "GB/T 2260", "value": code}}
            for code, name in sorted(about.divisions.items())
        ],
        "isBasedOn": [
            _present({"@type": "DigitalDocument", "@id": row["iri"],
                      "name": row["title"] or row["file"],
                      "datePublished": row["published"] or None})
            for row in about.documents
        ],
        "distribution": [_download(file, site) for file in files],
    })  # fmt: skip


def table_jsonld(
    resource: Resource, about: PackageDescription, files: Sequence[PublishedFile], site: str
) -> Node:
    """One resource as a schema:Dataset that is part of the whole, with its columns."""
    return _present({
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": f"{site}json/{resource.name}.jsonld",
        "name": resource.title,
        "alternateName": resource.title_en,
        "description": "\n\n".join(filter(None, (
            resource.description or resource.title, resource.description_en))),
        "isPartOf": {"@id": f"{site}#dataset"},
        "license": about.licence.get("path"),
        "variableMeasured": [
            _present({"@type": "PropertyValue", "name": field.name, "alternateName":
                      [field.title, field.title_en], "description": field.description})
            for field in resource.fields
        ],
        "distribution": [_download(file, site) for file in files
                         if file.resource == resource.name],
    })  # fmt: skip


def embedded(document: Node) -> str:
    """JSON-LD that may stand inside a script element, whatever the texts in it."""
    text = json.dumps(document, ensure_ascii=False, indent=1)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _download(file: PublishedFile, site: str) -> Node:
    return {
        "@type": "DataDownload",
        "name": f"{file.title} / {file.title_en}",
        "contentUrl": site + file.path,
        "encodingFormat": file.media_type,
        "contentSize": f"{file.size} B",
        "sha256": file.sha256,
    }


def _present(node: Node) -> Node:
    return {key: value for key, value in node.items() if value not in (None, [], "")}
