"""Judging a SPARQL 1.1 Service Description by the schema of its vocabulary."""

from __future__ import annotations

from collections.abc import Callable

import rdflib
from rdflib import RDF

from tests.serve.w3c.protocol import Answer

SD = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
# Domain and range of the properties, section 3 of the recommendation; None: any resource.
PROPERTIES: dict[rdflib.URIRef, tuple[rdflib.URIRef, rdflib.URIRef | None]] = {
    SD.endpoint: (SD.Service, None),
    SD.feature: (SD.Service, SD.Feature),
    SD.defaultEntailmentRegime: (SD.Service, SD.EntailmentRegime),
    SD.extensionFunction: (SD.Service, SD.Function),
    SD.extensionAggregate: (SD.Service, SD.Aggregate),
    SD.languageExtension: (SD.Service, SD.Feature),
    SD.supportedLanguage: (SD.Service, SD.Language),
    SD.propertyFeature: (SD.Service, SD.Feature),
    SD.defaultDataset: (SD.Service, SD.Dataset),
    SD.availableGraphs: (SD.Service, SD.GraphCollection),
    SD.resultFormat: (SD.Service, None),
    SD.inputFormat: (SD.Service, None),
    SD.defaultGraph: (SD.Dataset, SD.Graph),
    SD.namedGraph: (SD.GraphCollection, SD.NamedGraph),
    SD.name: (SD.NamedGraph, None),
    SD.graph: (SD.NamedGraph, SD.Graph),
}
# Named by the recommendation, with the class they are of.
INDIVIDUALS = {
    SD.SPARQL10Query: SD.Language,
    SD.SPARQL11Query: SD.Language,
    SD.SPARQL11Update: SD.Language,
    SD.DereferencesURIs: SD.Feature,
    SD.UnionDefaultGraph: SD.Feature,
    SD.RequiresDataset: SD.Feature,
    SD.EmptyGraphs: SD.Feature,
    SD.BasicFederatedQuery: SD.Feature,
}
CLASSES = {SD.Service, SD.Dataset, SD.GraphCollection, SD.Graph, SD.NamedGraph, SD.Feature,
           SD.Language, SD.Function, SD.Aggregate, SD.EntailmentRegime, SD.EntailmentProfile}  # fmt: skip
# A dataset is a collection of its named graphs.
BROADER = {SD.Dataset: SD.GraphCollection, SD.Language: SD.Feature}


def service_problems(test: str, get: Callable[[], Answer], endpoint: str) -> list[str]:
    """What is wrong with an endpoint's description in the sense of one of the W3C tests."""
    answer = get()
    media_type = answer.content_type.partition(";")[0]
    if answer.status != 200:
        return [f"status {answer.status}"]
    graph = rdflib.Graph().parse(data=answer.body, format=media_type)
    if test == "returns-rdf":
        return [] if len(graph) else ["no triples"]
    if test == "has-endpoint-triple":
        named = list(graph.objects(None, SD.endpoint))
        return [] if named == [rdflib.URIRef(endpoint)] else [f"endpoints: {named}"]
    assert test == "conforms-to-schema", test
    return schema_problems(graph)


def schema_problems(graph: rdflib.Graph) -> list[str]:
    """Terms that the vocabulary does not have; properties outside their domain or range."""

    def is_a(node: rdflib.term.Node, wanted: rdflib.URIRef) -> bool:
        if INDIVIDUALS.get(node) == wanted:  # type: ignore[call-overload]
            return True
        stated = set(graph.objects(node, RDF.type))
        return bool({wanted} & (stated | {BROADER.get(each) for each in stated}))  # type: ignore[arg-type]

    found = []
    for subject, predicate, value in graph:
        if predicate == RDF.type and str(value).startswith(SD) and value not in CLASSES:
            found.append(f"{value} is no class of the vocabulary")
        if not str(predicate).startswith(SD):
            continue
        if predicate not in PROPERTIES:
            found.append(f"{predicate} is no property of the vocabulary")
            continue
        domain, range_ = PROPERTIES[predicate]  # type: ignore[index]
        if not is_a(subject, domain):
            found.append(f"{predicate}: its subject is no {domain}")
        if range_ is not None and not is_a(value, range_):
            found.append(f"{predicate}: {value} is no {range_}")
        if isinstance(value, rdflib.Literal):
            found.append(f"{predicate}: {value!r} is no resource")
    if not list(graph.subjects(RDF.type, SD.Service)):
        found.append("no sd:Service")
    return found
