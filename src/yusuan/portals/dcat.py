"""What machines are told of a site: its catalogue as DCAT-AP 3.0.1 wants it, in JSON-LD and Turtle, and
schema.org descriptions for search engines.

Specs: https://www.w3.org/TR/vocab-dcat-3/, https://semiceu.github.io/DCAT-AP/releases/3.0.1/ and
https://schema.org/Dataset. The JSON-LD is built as plain data and the Turtle is read from it, so the
two say the same. Every node has an IRI (fragments of the site's address), because blank nodes would
make the Turtle differ from run to run.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import rdflib

from yusuan.portals.about import PackageDescription
from yusuan.portals.files import PublishedFile
from yusuan.portals.profile import profile
from yusuan.schema import Resource
from yusuan.schema.messages import message

__all__ = ["catalogue_jsonld", "catalogue_turtle", "dataset_jsonld", "embedded", "table_jsonld"]

Node = dict[str, Any]


def catalogue_jsonld(about: PackageDescription, files: Sequence[PublishedFile], site: str) -> Node:
    """The catalogue with its single data set and one distribution per file.

    ``site`` is the absolute URL of the folder, with its closing slash.
    """
    settings = profile("dcat")
    publisher = _publisher(about, site)
    licence = {"@id": about.licence["path"]} if about.licence.get("path") else None
    catalog = _present({
        "@id": f"{site}#catalog",
        "@type": "dcat:Catalog",
        "dct:title": _both(about.full_title, about.full_title_en),
        "dct:description": _both(about.description, about.description_en),
        "dct:publisher": publisher,
        "dct:license": licence,
        "dct:language": _languages(about),
        "dcat:themeTaxonomy": _scheme(),
        "foaf:homepage": {"@id": site, "@type": "foaf:Document"},
        "dcat:dataset": _dataset(about, files, site),
    })  # fmt: skip
    graph = [catalog]
    if licence:
        graph.append(_present({
            **licence, "@type": "dct:LicenseDocument", "dct:title": about.licence.get("title"),
        }))  # fmt: skip
    context = dict(settings["context"])
    return {"@context": context, "@graph": graph}


def catalogue_turtle(document: Node) -> str:
    """The same catalogue in Turtle."""
    graph = rdflib.Graph()
    graph.parse(data=json.dumps(document), format="json-ld")
    return graph.serialize(format="turtle")


def _dataset(about: PackageDescription, files: Sequence[PublishedFile], site: str) -> Node:
    settings = profile("dcat")
    publishers = [_agent(row) for row in about.departments]
    return _present({
        "@id": f"{site}#dataset",
        "@type": "dcat:Dataset",
        "dct:identifier": f"{site}#dataset",
        "dct:title": _both(about.full_title, about.full_title_en),
        "dct:description": _both(
            *("\n".join((text, *lines)) for text, lines in zip(
                (about.description, about.description_en),
                ([zh for zh, _ in about.figures], [en for _, en in about.figures]), strict=True,
            ))
        ),
        # DCAT-AP allows one publisher; several departments are the creators of their parts.
        "dct:publisher": {"@id": publishers[0]["@id"]} if len(publishers) == 1 else None,
        "dct:creator": [{"@id": agent["@id"]} for agent in publishers],
        "dcat:keyword": list(about.keywords),
        "dcat:theme": [
            {"@id": f"{settings['authority']}{settings['themes']['scheme']['id']}/{theme['id']}",
             "@type": "skos:Concept", "skos:prefLabel": _both(theme["title"], theme["title@en"]),
             "skos:inScheme": {"@id": _scheme()["@id"]}}
            for theme in settings["themes"]["concepts"]
        ],
        "dct:temporal": {
            "@id": f"{site}#period", "@type": "dct:PeriodOfTime",
            "dcat:startDate": {"@value": about.period[0], "@type": "xsd:date"},
            "dcat:endDate": {"@value": about.period[1], "@type": "xsd:date"},
        },
        "dct:spatial": _places(about, site),
        "dct:language": [{"@id": item["@id"]} for item in _languages(about)],
        "dct:conformsTo": [
            {"@id": item["id"], "@type": "dct:Standard", "dct:title": item["title"]}
            for item in settings["standards"]
        ],
        "dcat:landingPage": {"@id": site},
        "prov:wasDerivedFrom": [
            _present({"@id": row["iri"], "@type": "prov:Entity",
                      "dct:title": _zh(row["title"] or row["file"]),
                      "dct:source": {"@id": row["source_url"]} if row["source_url"] else None,
                      "dct:issued": {"@value": issued, "@type": "xsd:date"} if issued else None})
            for row in about.documents
            for issued in (row["available"] or row["published"],)
        ],
        "dcat:distribution": [_distribution(file, about, site) for file in files],
    })  # fmt: skip


def _distribution(file: PublishedFile, about: PackageDescription, site: str) -> Node:
    settings = profile("dcat")
    media_type = settings["mediaTypes"] + file.media_type
    file_type = f"{settings['authority']}file-type/{file.file_type}" if file.file_type else None
    return _present({
        "@id": f"{site}#file-{file.slug}",
        "@type": "dcat:Distribution",
        "dct:title": _both(f"{file.title}（{file.format}）", f"{file.title_en} ({file.format})"),
        "dct:description": _both(
            *message("distribution", title=(file.title, file.title_en), format=file.format)
        ),
        "dcat:accessURL": {"@id": site + file.path},
        "dcat:downloadURL": {"@id": site + file.path},
        "dcat:mediaType": {"@id": media_type, "@type": "dct:MediaType"},
        "dct:format": {"@id": file_type, "@type": "dct:MediaTypeOrExtent"} if file_type else None,
        "dcat:byteSize": {"@value": str(file.size), "@type": "xsd:nonNegativeInteger"},
        "spdx:checksum": {
            "@id": f"{site}#checksum-{file.slug}",
            "@type": "spdx:Checksum",
            "spdx:algorithm": {
                "@id": "spdx:checksumAlgorithm_sha256", "@type": "spdx:ChecksumAlgorithm",
            },
            "spdx:checksumValue": {"@value": file.sha256, "@type": "xsd:hexBinary"},
        },
        "dct:conformsTo": [{"@id": iri} for iri in settings["fileStandards"].get(file.name, ())],
        "dct:license": {"@id": about.licence["path"]} if about.licence.get("path") else None,
    })  # fmt: skip


def _publisher(about: PackageDescription, site: str) -> Node:
    """The department; where there are several, the group of them."""
    agents = [_agent(row) for row in about.departments]
    if len(agents) == 1:
        return agents[0]
    return {
        "@id": f"{site}#publishers",
        "@type": ["foaf:Agent", "foaf:Group"],
        "foaf:name": _zh("、".join(row["name"] for row in about.departments)),
        "foaf:member": agents,
    }


def _agent(department: Node) -> Node:
    return {
        "@id": department["iri"],
        "@type": ["foaf:Agent", "org:Organization"],
        "foaf:name": _zh(department["name"]),
        "dct:identifier": department["department"],
    }


def _places(about: PackageDescription, site: str) -> list[Node]:
    """The divisions whose code is known (GB/T 2260), and the country."""
    settings = profile("dcat")
    places: list[Node] = [
        {"@id": f"{site}#division-{code}", "@type": "dct:Location", "dct:identifier": code,
         "skos:prefLabel": _zh(name)}
        for code, name in sorted(about.divisions.items())
    ]  # fmt: skip
    if country := settings["countries"].get(about.country):
        places.append({
            "@id": f"{settings['authority']}country/{country['id']}", "@type": "dct:Location",
            "skos:prefLabel": _both(country["title"], country["title@en"]),
        })  # fmt: skip
    return places


def _languages(about: PackageDescription) -> list[Node]:
    settings = profile("dcat")
    return [
        {"@id": f"{settings['authority']}language/{settings['languages'][code]}",
         "@type": "dct:LinguisticSystem"}
        for code in about.languages if code in settings["languages"]
    ]  # fmt: skip


def _scheme() -> Node:
    settings = profile("dcat")
    scheme = settings["themes"]["scheme"]
    return {
        "@id": f"{settings['authority']}{scheme['id']}",
        "@type": "skos:ConceptScheme",
        "dct:title": _both(scheme["title"], scheme["title@en"]),
    }


def _zh(text: str) -> Node:
    return {"@value": text, "@language": "zh"}


def _both(chinese: str, english: str) -> list[Node]:
    return [_zh(chinese), {"@value": english, "@language": "en"}]


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
                      "url": row["source_url"],
                      "datePublished": row["available"] or row["published"] or None})
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
