"""A page for every IRI of the package: what is said about it, what points to it, and, where a row is
printed, the lines of the published document around it; and a page, or RDF, for the vocabulary.

RDF terms are shown as a reader knows them: with labels in Chinese and English, short names, links.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlencode

from datasette.utils import tilde_encode

from yusuan.graph.prefixes import PREFIXES, VOCABULARY, expand
from yusuan.graph.vocabulary import vocabulary_terms, vocabulary_triples, vocabulary_version
from yusuan.lexicon.units import unit_name
from yusuan.model.errors import YusuanError
from yusuan.presentation import document_name, grouped, money, value_label
from yusuan.schema import Resource, catalogue
from yusuan.schema.messages import message
from yusuan.serve.cell_view import view_path
from yusuan.serve.cells import entity_path
from yusuan.serve.corrected import (
    NewerDocument,
    document_names,
    is_superseded,
    newer_documents,
    newer_than,
)
from yusuan.serve.display import column, settings
from yusuan.serve.explorer import explorer_path
from yusuan.serve.metadata import DATABASE
from yusuan.serve.site import Raw, RenderedPage, Site
from yusuan.serve.sparql_page import PATH
from yusuan.serve.turtle import RDF_SUFFIXES, as_rdf, media_type_for, serialised
from yusuan.sparql import SparqlError

__all__ = ["compact", "entity", "vocabulary"]

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
    found.update((iri, _label(properties)) for iri, properties in said.items())
    return _told_apart(site, {**_row_labels(site, set(missing) - set(found)), **found})


def _row_labels(site: Site, iris: Iterable[str]) -> dict[str, Labels]:
    """The labels of what has none in the graph: of rows as their tables name them, of slices by what
    they are of, of periods by the year."""
    labels: dict[str, Labels] = {}
    keys: dict[str, list[str]] = {}
    for iri in iris:
        path = iri.removeprefix(site.package.base)
        kind, _, rest = path.removeprefix("id/").partition("/")
        resource, key = _resource_of(path)
        if resource:
            keys.setdefault(resource.name, []).append(unquote(key))
        elif kind == "period":
            labels[iri] = Labels(rest)
        elif kind == "slice":
            of = next(
                (each for each in catalogue().derived if rest.startswith(f"{each.name}/")), None
            )
            labels[iri] = Labels(of.title, of.title_en) if of else Labels("")
    for name, wanted in keys.items():
        resource = catalogue()[name]
        fields = {field.name for field in resource.fields}
        shown = resource.label_field or ("label" if "label" in fields else None)
        if shown is None:
            continue
        marks = ", ".join("?" * len(wanted))
        for row in site.rows(
            f'select * from "{resource.sql_name}" where "{resource.primary_key}" in ({marks})',
            wanted,
        ):
            path = (entity_path(resource, row[resource.primary_key]) or "/")[1:]
            english = row[f"{shown}_en"] if f"{shown}_en" in fields else ""
            zh, en = row[shown], english or ""
            if not zh and "part" in fields:
                zh, en = value_label("part", row["part"]) or ("", "")
            if zh:
                labels[site.package.base + path] = Labels(zh, en)
    return labels


_OF_DOCUMENT = re.compile(r"id/(?!table-revision/)[a-z-]+/([0-9a-f]{12})(?=[-/]|$)")


def _told_apart(site: Site, labels: dict[str, Labels]) -> dict[str, Labels]:
    """Documents by their files as well, and a mark on what superseded documents and tables print."""
    names = document_names(site)
    zh, en = message("superseded")
    for iri, label in labels.items():
        found = _OF_DOCUMENT.match(iri.removeprefix(site.package.base))
        if found is None or found[1] not in names:
            continue
        if found.end() == len(found.string) and found.string.startswith("id/document/"):
            labels[iri] = Labels(names[found[1]])
        elif "/revision/" not in found[0] and is_superseded(site, found.string[found.start(1) :]):
            labels[iri] = Labels(f"{label.zh} {zh}", f"{label.en} ({en})" if label.en else "")
    return labels


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


_AROUND = 2
_LONGEST = 400
# Only these end a line for the reader too; str.splitlines knows more.
_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class CellSource:
    """The printed characters and their position, for the reader to look it up."""

    document: str
    table: str | None
    """The standard table it stands in."""
    title: str
    file: str
    path: str | None
    page: int | None
    line: int | None
    cell: str | None
    fragment: str | None
    fact: str | None
    printed: str | None
    unit: str
    amount: str | None
    lines: tuple[tuple[int, str, bool], ...]
    """Line number, text, and whether it is the line itself."""
    view: str | None
    """The address of the picture of the page, or of the table, with the cell outlined."""


def place_of(site: Site, resource: Resource, key: str) -> CellSource | None:
    """Where the row of a resource is printed; None when it is no printed thing."""
    names = {field.name for field in resource.fields}
    if not {"document", "line"} <= names:
        return None
    rows = site.rows(
        f'select * from "{resource.sql_name}" where "{resource.primary_key}" = ?', [key]
    )
    if not rows:
        return None
    row = dict(rows[0])
    document = dict(site.rows("select * from documents where document = ?", [row["document"]])[0])
    # Standard tables keep the printed number; only money in yuan is shown as such.
    yuan = "amount" in names and resource.field("amount").currency is not None
    amount = row["amount"] if yuan else None
    path = _source(site, document)
    return CellSource(
        document=document["document"],
        table=row.get("table") or resource.name,
        title=document_name(document["title"], document["file"]),
        file=document["file"],
        path=path.name if path else None,
        page=row.get("page"),
        line=row["line"],
        cell=row.get("cell"),
        fragment=row.get("fragment"),
        fact=row.get("fact"),
        printed=row.get("printed"),
        unit=_unit(row),
        amount=None if amount is None else money(str(amount)),
        lines=_lines(path, document, row["line"]) if path else (),
        view=view_path(site, row["fact"]) if row.get("fact") else None,
    )


def _unit(row: Mapping[str, Any]) -> str:
    """The unit that is printed elsewhere than beside the number; a claim has its own in its text."""
    unit = row.get("unit")
    if unit is None or ("claim" in row and "fact" not in row):
        return ""
    return unit_name(unit) if isinstance(unit, int) else str(unit)


def _source(site: Site, document: dict[str, Any]) -> Path | None:
    """The package's copy of a document; None when it has none of its own."""
    try:
        return site.package.source(document["document"])
    except YusuanError:
        return None


def _lines(
    path: Path, document: dict[str, Any], line: int | None
) -> tuple[tuple[int, str, bool], ...]:
    if not line or not document["media_type"].startswith("text/") or not document["encoding"]:
        return ()
    try:
        text = _LINE_END.split(path.read_bytes().decode(document["encoding"]))
    except (OSError, ValueError, LookupError):
        return ()  # the page is complete without the excerpt
    numbers = range(max(1, line - _AROUND), min(len(text), line + _AROUND) + 1)
    return tuple((n, text[n - 1][:_LONGEST], n == line) for n in numbers)


_MOST_VALUES = 500
_MOST_POINTERS = 25
_TYPE = expand("rdf:type")
_CELL = "id/cell/"
_TOTALS = ("ys:totalRevenue", "ys:totalSpending")
# Anything else cannot stand in an IRI between < and >, and must not get into a query.
_IRI = re.compile(r"[^\x00-\x20<>\"{}|^`\\]+")


@dataclass(frozen=True, slots=True)
class PropertyValues:
    """The values of one property, or the things that point here with it (``count`` in all)."""

    property: Term
    values: list[Term]
    count: int


def entity(site: Site, path: str, accept: str | None) -> RenderedPage | Raw:
    """The answer for ``{base}{path}``; ``path`` may end in a format's suffix."""
    wanted, suffix = _split(path)
    media_type = media_type_for(accept, suffix)
    if media_type is None:
        return Raw.sentence(
            406, "This entity comes as text/html, text/turtle, application/ld+json or "
            "application/n-triples; or add .ttl, .jsonld or .nt to its address."
        )  # fmt: skip
    try:
        iri = _known(site, wanted)
        if iri is None:
            return _unknown(site, wanted, media_type)
        if media_type != "text/html":
            return _rdf(site, iri, media_type)
        return _page(site, iri)
    except SparqlError as error:
        return Raw.sentence(error.status, str(error))


def _split(path: str) -> tuple[str, str | None]:
    for suffix in RDF_SUFFIXES:
        if path.endswith(suffix):
            return path.removesuffix(suffix), suffix
    return path, None


def _known(site: Site, path: str) -> str | None:
    """The IRI the path stands for, if the graph knows it as written or with %xx decoded."""
    for candidate in dict.fromkeys((path, unquote(path))):
        iri = site.package.base + candidate
        if _IRI.fullmatch(iri) and solutions(
            site,
            f"SELECT ?known WHERE {{ {{ <{iri}> ?p ?o }} UNION {{ ?s ?p <{iri}> }} "
            "BIND(1 AS ?known) } LIMIT 1",
        ):
            return iri
    return None


def _rdf(site: Site, iri: str, media_type: str) -> Raw:
    """What is said of an IRI and some of what points to it; when there is more, the description
    says so itself, and where all of it is."""
    said, pointing = _said(site, iri), _pointing(site, iri)
    answer = (
        f"CONSTRUCT {{ <{iri}> ?p ?o . ?s ?q <{iri}> }} WHERE {{ "
        f"{{ SELECT ?p ?o WHERE {{ <{iri}> ?p ?o }} LIMIT {_MOST_VALUES} }} UNION "
        f"{{ SELECT ?s ?q WHERE {{ ?s ?q <{iri}> }} LIMIT {_MOST_VALUES} }} }}"
    )
    if said <= _MOST_VALUES and pointing <= _MOST_VALUES:
        return as_rdf(site, answer, media_type)
    rest = f"{PATH}?{urlencode({'query': _everything(iri), 'format': 'ntriples'})}"
    left_out = (
        f"At most {_MOST_VALUES} statements about this resource and {_MOST_VALUES} that point to "
        f"it are listed here, of {said} and {pointing}; all of them: {rest}"
    )
    found = as_rdf(site, answer, media_type, {iri: left_out})
    headers = {**found.headers, "Link": f'<{rest}>; rel="next"'}
    return Raw(found.status, found.body, headers)


def _everything(iri: str) -> str:
    return (
        f"CONSTRUCT {{ <{iri}> ?p ?o . ?s ?q <{iri}> }} WHERE "
        f"{{ {{ <{iri}> ?p ?o }} UNION {{ ?s ?q <{iri}> }} }}"
    )


def _said(site: Site, iri: str) -> int:
    """How many statements have the IRI as their subject."""
    return _number(site, f"SELECT DISTINCT ?p ?o WHERE {{ <{iri}> ?p ?o }}")


def _pointing(site: Site, iri: str) -> int:
    return _number(site, f"SELECT DISTINCT ?s ?q WHERE {{ ?s ?q <{iri}> }}")


def _number(site: Site, select: str) -> int:
    (row,) = solutions(site, f"SELECT (COUNT(*) AS ?n) WHERE {{ {{ {select} }} }}")
    return int(row["n"]["value"])


def _page(site: Site, iri: str) -> RenderedPage:
    outgoing = solutions(
        site, f"SELECT DISTINCT ?p ?o WHERE {{ <{iri}> ?p ?o }} LIMIT {_MOST_VALUES}"
    )
    counts = solutions(
        site,
        f"SELECT ?p (COUNT(DISTINCT ?s) AS ?n) WHERE {{ ?s ?p <{iri}> }} GROUP BY ?p ORDER BY ?p",
    )
    incoming = _pointers(site, iri, [row["p"]["value"] for row in counts])
    mentioned = {iri}
    for row in (*outgoing, *incoming):
        mentioned.update(value["value"] for value in row.values() if value["type"] == "uri")
    labels = labels_of(site, mentioned)
    resource, key = _resource_of(iri.removeprefix(site.package.base))
    forward: dict[str, list[Term]] = {}
    for row in outgoing:
        shown = term(site, row["o"], labels)
        forward.setdefault(row["p"]["value"], []).append(
            _as_in_table(site, shown, row["p"]["value"], row["o"]["value"], resource)
        )
    backward: dict[str, list[Term]] = {}
    for row in incoming:
        backward.setdefault(row["p"]["value"], []).append(term(site, row["s"], labels))
    path = "/" + iri.removeprefix(site.package.base)
    place = _place(site, resource, key, iri.removeprefix(site.package.base))
    context = {
        "iri": iri,
        "path": path,
        "explorer": explorer_path(path),
        "name": labels.get(iri) or Labels(iri.rsplit("/", 1)[-1]),
        "kicker": next(iter(forward.get(expand("ys:table"), [])), None),
        "types": forward.pop(_TYPE, []),
        "resource": resource,
        "row": f"/{DATABASE}/{resource.sql_name}/{tilde_encode(unquote(key))}"
        if resource
        else None,
        "place": place,
        "newer": _newer(site, resource, key, place),
        "said": _said(site, iri),
        "listed": len(outgoing),
        "statements": [
            PropertyValues(_property(site, name, labels), values, len(values))
            for name, values in _in_order(forward, resource)
        ],
        "pointers": [
            PropertyValues(
                _property(site, row["p"]["value"], labels),
                backward.get(row["p"]["value"], []),
                int(row["n"]["value"]),
            )
            for row in counts
        ],
        "formats": [(name, path + suffix) for suffix, name in RDF_SUFFIXES.items()],
        "query_all": f"SELECT ?p ?o WHERE {{ <{iri}> ?p ?o }}",
        "query": f"SELECT * WHERE {{ ?s ?p <{iri}> }} LIMIT 1000",
    }
    return RenderedPage("entity.html", context, headers={"Vary": "Accept"})


def _as_in_table(site: Site, shown: Term, name: str, value: str, resource: Resource | None) -> Term:
    """A value as its table shows it: enumerations in words, money with its unit, documents by name."""
    fields = resource.fields if resource else ()
    field = next((each for each in fields if each.property_url == compact(name)), None)
    if shown.href:
        return shown
    if compact(name) in _TOTALS or (field and field.currency):
        return Term(f"{money(value)} {unit_name(1)}", number=True)
    if field is None or resource is None:
        return shown
    described = column(field.name, resource.sql_name)
    if words := value_label(described.values or field.name, value):
        return Term(words[0], words[1])
    if described.format == "documents" and (of := document_names(site).get(value)):
        return Term(of, "", f"/id/document/{value}")
    if described.format == "unit" and value.isdecimal():
        return Term(unit_name(int(value)))
    if described.format == "plain":
        return Term(value, number=True)
    return shown


def _pointers(site: Site, iri: str, properties: list[str]) -> list[dict[str, dict[str, str]]]:
    """Some of the things that point to an IRI, of each property its first."""
    if not properties:
        return []
    parts = " UNION ".join(
        f"{{ SELECT DISTINCT ?s ?p WHERE {{ VALUES ?p {{ <{name}> }} ?s ?p <{iri}> }} "
        f"ORDER BY ?s LIMIT {_MOST_POINTERS} }}"
        for name in properties
    )
    return solutions(site, f"SELECT ?s ?p WHERE {{ {parts} }}")


def _property(site: Site, iri: str, labels: dict[str, Labels]) -> Term:
    shown = term(site, {"type": "uri", "value": iri}, labels)
    english = shown.english or compact(iri)
    return Term(shown.text, english, shown.href, compact(iri))


def _resource_of(path: str) -> tuple[Resource | None, str]:
    """The table with the entity's row, and the row's key."""
    for resource in catalogue().resources:
        # A key with slashes is written {+key}.
        plus = "{+" in (resource.about_url or "")
        template = (resource.about_url or "").replace("{+", "{")
        start, brace, end = template.partition("{" + resource.primary_key + "}")
        if brace and path.startswith(start) and path.endswith(end):
            key = path[len(start) : len(path) - len(end)]
            if (
                key
                and (plus or "/" not in key)
                and (resource.kind != "table" or _is_row(resource, key))
            ):
                return resource, key
    return None, ""


def _is_row(resource: Resource, key: str) -> bool:
    """Rows of all standard tables share one path; their key names the table."""
    table = key.partition("-")[2]
    return table == resource.name or table.startswith(resource.name + "-")


def _in_order(
    forward: dict[str, list[Term]], resource: Resource | None
) -> Iterator[tuple[str, list[Term]]]:
    """Properties in the order of the table's columns, then the others."""
    order = [each.property_url for each in resource.fields] if resource else []

    def position(name: str) -> tuple[int, str]:
        short = compact(name)
        return (order.index(short) if short in order else len(order), short)

    for name in sorted(forward, key=position):
        yield name, forward[name]


def _place(site: Site, resource: Resource | None, key: str, path: str) -> CellSource | None:
    if path.startswith(_CELL):  # no row of its own: it is where its fact is printed
        resource, key = catalogue()["facts"], path.removeprefix(_CELL)
    if resource in catalogue().derived and "fact" in {field.name for field in resource.fields}:
        # What is derived is printed where the amount is that it was derived from.
        row = site.rows(
            f'select * from "{resource.sql_name}" where "{resource.primary_key}" = ?',
            [unquote(key)],
        )
        of = dict(row[0]) if row else {}
        kind = next((name for name in ("fact", "claim") if of.get(name)), None)
        resource, key = (catalogue()[f"{kind}s"], of[kind]) if kind else (None, "")
    return place_of(site, resource, key) if resource else None


def _newer(
    site: Site, resource: Resource | None, key: str, place: CellSource | None
) -> tuple[NewerDocument, ...]:
    """The documents that supersede the one, or the table, it is of."""
    if place is not None:
        return newer_than(site, place.document, place.table)
    return newer_documents(site, resource.sql_name, key) if resource else ()


def _unknown(site: Site, path: str, media_type: str) -> RenderedPage | Raw:
    iri = site.package.base + path
    if media_type != "text/html":
        return Raw.sentence(404, f"{iri}: nothing in this package is called so.")
    return RenderedPage("unknown.html", {"iri": iri}, 404, {"Vary": "Accept"})


def vocabulary(site: Site, suffix: str, accept: str | None) -> RenderedPage | Raw:
    """The answer for ``/-/vocabulary`` with or without a format's suffix."""
    media_type = media_type_for(accept, suffix if suffix in RDF_SUFFIXES else None)
    if media_type is None:
        return Raw.sentence(406, "The vocabulary comes as text/html, text/turtle, "
                            "application/ld+json or application/n-triples.")  # fmt: skip
    if media_type != "text/html":
        return serialised(vocabulary_triples(), media_type)
    context = {
        "namespace": VOCABULARY,
        "terms": vocabulary_terms(site.package),
        "version": vocabulary_version(),
        "shapes": (site.package.folder / "graph" / "shapes.ttl").exists(),
        "formats": [(name, f"/-/vocabulary{ending}") for ending, name in RDF_SUFFIXES.items()],
    }
    return RenderedPage("vocabulary.html", context, headers={"Vary": "Accept"})
