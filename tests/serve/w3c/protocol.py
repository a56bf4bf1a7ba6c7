"""The W3C tests of the SPARQL 1.1 Protocol and of Service Description, read from their manifests.

They stand in the reference folder, which is no part of this repository: YUSUAN_W3C says where.
A test is a list of HTTP requests, each with the status and the kind of answer it must get.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox
import rdflib
from rdflib.collection import Collection

from tests.conftest import ROOT

FOLDER = Path(os.environ.get("YUSUAN_W3C", ROOT.parent / "shared" / "reference" / "w3c"))
MF = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
HT = rdflib.Namespace("http://www.w3.org/2011/http#")
CNT = rdflib.Namespace("http://www.w3.org/2011/content#")
UT = rdflib.Namespace("http://www.w3.org/2009/sparql/tests/test-update#")
TABULAR = ("application/sparql-results+json", "application/sparql-results+xml", "text/csv",
           "text/tab-separated-values")  # fmt: skip
RDF = ("text/turtle", "application/n-triples", "application/ld+json", "application/rdf+xml")


@dataclass(frozen=True)
class Sent:
    """A request of a manifest, and what must come back."""

    method: str
    query_string: str
    headers: dict[str, str]
    body: bytes
    statuses: tuple[int, ...]
    """First digits of the statuses that will do."""
    format: str | None
    boolean: bool | None


@dataclass(frozen=True)
class Answer:
    status: int
    content_type: str
    body: bytes


@dataclass(frozen=True)
class Case:
    """A test: `name` as in the manifest, its title, its requests in order."""

    name: str
    title: str
    requests: tuple[Sent, ...]

    @property
    def is_update(self) -> bool:
        return "update" in self.name


Send = Callable[[Sent], Answer]


def protocol_cases(folder: Path = FOLDER) -> list[Case]:
    """All tests of the protocol's manifest in its order; none where the folder is missing."""
    path = folder / "protocol" / "manifest.ttl"
    if not path.is_file():
        return []
    graph = rdflib.Graph().parse(path)
    (manifest,) = graph.subjects(rdflib.RDF.type, MF.Manifest)
    return [
        Case(
            str(entry).rpartition("#")[2],
            str(graph.value(entry, MF.name)),
            tuple(_requests(graph, entry)),
        )
        for entry in Collection(graph, graph.value(manifest, MF.entries))
    ]


def service_cases(folder: Path = FOLDER) -> list[str]:
    """The names of the tests of Service Description."""
    path = folder / "protocol" / "service-description-manifest.ttl"
    if not path.is_file():
        return []
    graph = rdflib.Graph().parse(path)
    tests = graph.subjects(rdflib.RDF.type, MF.ServiceDescriptionTest)
    return sorted(str(test).rpartition("#")[2] for test in tests)


def build_store(path: Path, folder: Path = FOLDER) -> None:
    """A store with the data of the tests, each file as the named graph the manifest gives it."""
    manifest = folder / "protocol" / "manifest.ttl"
    graph = rdflib.Graph().parse(manifest)
    store = ox.Store(str(path))
    names = {
        str(graph.value(node, rdflib.RDFS.label)): str(graph.value(node, UT.graph))
        for node in graph.objects(None, UT.graphData)
    }
    for name, file in names.items():
        data = (folder / "protocol" / file.rpartition("/")[2]).read_bytes()
        store.load(data, format=ox.RdfFormat.N_TRIPLES, to_graph=ox.NamedNode(name))
    store.flush()


def problems(case: Case, send: Send) -> list[str]:
    """What is wrong with the answers to a test of the query operation; empty: passed."""
    return [told for each in case.requests for told in _problems(each, send(each))]


def update_problems(case: Case, send: Send) -> list[str]:
    """What is wrong with a read-only endpoint's answers to a test of the update operation: a good
    update is refused with 403 and changes nothing, a bad one gets the status of the manifest."""
    update, *queries = case.requests
    answer = send(update)
    found = []
    if 4 not in update.statuses and answer.status != 403:
        found.append(f"a valid update got {answer.status} instead of 403")
    if not 400 <= answer.status < 500:
        found.append(f"an update got {answer.status}")
    for query in queries:
        after = send(query)
        if after.status != 200 or _boolean(after) is not False:
            found.append(f"data was changed, or the query after it failed ({after.status})")
    return found


def _requests(graph: rdflib.Graph, entry: rdflib.term.Node) -> Iterator[Sent]:
    action = graph.value(entry, MF.action)
    for node in Collection(graph, graph.value(action, HT.requests)):
        path = str(graph.value(node, HT.absolutePath))
        body = graph.value(node, HT.body)
        encoding = str(graph.value(body, CNT.characterEncoding)) if body else "UTF-8"
        response = graph.value(node, HT.resp)
        statuses = {str(each)[-3:] for each in graph.objects(response, MF.expectedStatus)}
        boolean = graph.value(response, MF.expectedBoolean)
        listed = graph.value(node, HT.headers)
        yield Sent(
            method=str(graph.value(node, HT.methodName)),
            query_string=path.partition("?")[2],
            headers={
                str(graph.value(each, HT.fieldName)): str(graph.value(each, HT.fieldValue))
                for each in (Collection(graph, listed) if listed else ())
            },
            body=str(graph.value(body, CNT.chars)).encode(encoding) if body else b"",
            statuses=tuple(sorted(int(each[0]) for each in statuses)),
            format=str(graph.value(response, MF.expectedFormat) or "") or None,
            boolean=None if boolean is None else bool(boolean.toPython()),
        )


def _problems(sent: Sent, answer: Answer) -> Iterator[str]:
    if answer.status // 100 not in sent.statuses:
        yield f"status {answer.status}, not {sent.statuses}: {answer.body[:200]!r}"
        return
    media_type = answer.content_type.partition(";")[0].strip()
    offered: dict[str | None, Sequence[str]] = {
        "boolean": TABULAR[:2], "tabular": TABULAR, "RDF": RDF,
    }  # fmt: skip
    if sent.format and media_type not in offered[sent.format]:
        yield f"{media_type} is no {sent.format} result"
    elif sent.format == "RDF":
        list(ox.parse(answer.body, format=ox.RdfFormat.from_media_type(media_type)))
    elif sent.boolean is not None and _boolean(answer) is not sent.boolean:
        yield f"the answer is not {sent.boolean}"


def _boolean(answer: Answer) -> bool | None:
    found = json.loads(answer.body).get("boolean")
    return found if isinstance(found, bool) else None
