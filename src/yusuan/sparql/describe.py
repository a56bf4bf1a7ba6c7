"""The endpoint's SPARQL 1.1 Service Description: what a client gets when it sends no query."""

from collections.abc import Iterator

import pyoxigraph as ox

from .negotiate import GRAPH_FORMATS, RESULT_FORMATS, ResultFormat

_SD = "http://www.w3.org/ns/sparql-service-description#"
_FORMATS = "http://www.w3.org/ns/formats/"
_FORMAT_NAMES = {
    "json": "SPARQL_Results_JSON",
    "xml": "SPARQL_Results_XML",
    "csv": "SPARQL_Results_CSV",
    "tsv": "SPARQL_Results_TSV",
    "turtle": "Turtle",
    "ntriples": "N-Triples",
    "jsonld": "JSON-LD",
    "rdfxml": "RDF_XML",
}
_VOID = "http://rdfs.org/ns/void#"
_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")


def service_description(endpoint: str, chosen: ResultFormat, about: str | None = None) -> bytes:
    """The description of the service at `endpoint` (its full URL), serialised.

    It claims SPARQL 1.1 Query and a default graph that is the union of all graphs; and neither
    update nor federated query nor dereferencing of graph IRIs, which the service refuses.
    `about` is the IRI of its dataset; a VoID description is found where that leads.
    """
    media_type = ox.RdfFormat.from_media_type(chosen.media_type)
    prefixes = {"sd": _SD, "formats": _FORMATS, "void": _VOID}
    body = ox.serialize(_triples(endpoint, about), format=media_type, prefixes=prefixes)
    assert body is not None  # no output was given, so the bytes are returned
    return body


def _triples(endpoint: str, about: str | None) -> Iterator[ox.Triple]:
    service, graph = ox.BlankNode("service"), ox.BlankNode("union")
    dataset = ox.NamedNode(about) if about else ox.BlankNode("data")
    yield ox.Triple(service, _TYPE, _sd("Service"))
    yield ox.Triple(service, _sd("endpoint"), ox.NamedNode(endpoint))
    yield ox.Triple(service, _sd("supportedLanguage"), _sd("SPARQL11Query"))
    yield ox.Triple(service, _sd("feature"), _sd("UnionDefaultGraph"))
    for known in (*RESULT_FORMATS, *GRAPH_FORMATS):
        name = ox.NamedNode(_FORMATS + _FORMAT_NAMES[known.name])
        yield ox.Triple(service, _sd("resultFormat"), name)
    yield ox.Triple(service, _sd("defaultDataset"), dataset)
    yield ox.Triple(dataset, _TYPE, _sd("Dataset"))
    if about:
        yield ox.Triple(dataset, _TYPE, ox.NamedNode(_VOID + "Dataset"))
    yield ox.Triple(dataset, _sd("defaultGraph"), graph)
    yield ox.Triple(graph, _TYPE, _sd("Graph"))


def _sd(name: str) -> ox.NamedNode:
    return ox.NamedNode(_SD + name)
