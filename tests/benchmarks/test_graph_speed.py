"""What the graph's benchmark compares is the same work, and its package is like real ones."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from benchmarks.graph_queries import queries
from benchmarks.graph_speed import copies
from benchmarks.graph_terms import statements
from benchmarks.rml import rml_mapping

import yusuan
from yusuan.graph.prefixes import PROLOGUE
from yusuan.graph.trig import rows_trig, trig
from yusuan.graph.validate import graph_violations
from yusuan.package import Package
from yusuan.schema import catalogue

RR = rdflib.Namespace("http://www.w3.org/ns/r2rml#")


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Package:
    return copies(tmp_path_factory.mktemp("copies") / "package", 300)


@pytest.fixture(scope="module")
def made(copied: Package, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("made") / "made.trig"
    path.write_bytes(b"".join(trig(copied)))
    return path


def test_the_copies_are_budgets_of_their_own(copied: Package, made: Path) -> None:
    facts = list(copied.rows("facts"))
    assert len(facts) >= 300
    assert len({fact["fact"] for fact in facts}) == len(facts)
    assert len({fact["fiscal_year"] for fact in facts}) == 3
    assert list(graph_violations(made)) == []


def test_nothing_is_said_twice_of_several_budgets(made: Path) -> None:
    quads = list(ox.parse(path=str(made), format=ox.RdfFormat.TRIG))
    assert len(quads) == len(set(quads))


def test_every_question_has_answers(copied: Package, made: Path) -> None:
    store = ox.Store()
    store.load(path=str(made), format=ox.RdfFormat.TRIG)
    for name, query in queries(copied.base).items():
        found = store.query(query, use_default_graph_as_union=True)
        assert isinstance(found, ox.QuerySolutions)
        assert list(found), name


def test_the_others_say_what_the_rows_say(package: yusuan.Package) -> None:
    said = {
        (subject, predicate, value if isinstance(value, str) else value[0], graph)
        for subject, predicate, value, graph in statements(package)
    }
    said_by_us = b"".join((PROLOGUE, *rows_trig(package, catalogue().resources)))
    ours = {
        (q.subject.value, q.predicate.value, q.object.value,  # type: ignore[union-attr]
         q.graph_name.value if isinstance(q.graph_name, ox.NamedNode) else None)
        for q in ox.parse(said_by_us, format=ox.RdfFormat.TRIG)
    }  # fmt: skip
    assert said == ours


def test_the_rml_has_a_map_for_each_statement_of_a_fact(package: yusuan.Package) -> None:
    mapping = rdflib.Graph().parse(data=rml_mapping(package), format="turtle", publicID="urn:x")
    fact = rdflib.Literal(package.base + "id/fact/{fact}")
    [subject] = [
        one for term in mapping.subjects(RR.template, fact)
        for one in mapping.subjects(RR.subjectMap, term)
    ]  # fmt: skip
    columns = [f.name for f in catalogue()["facts"].fields if f.property_url and not f.about_url]
    own = [link for link in catalogue()["facts"].links if not link.about_url]
    assert len(list(mapping.objects(subject, RR.predicateObjectMap))) == len(columns + own) + 1
