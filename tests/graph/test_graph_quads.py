"""The graph: exact, valid, the same every time, and silent about what is blank."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from urllib.parse import unquote

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st

import yusuan
from tests.disclosures import disclosure_text, write
from tests.graph.trig import quads_of
from yusuan.graph.csvw import csv_metadata
from yusuan.graph.mapping import TableMapping
from yusuan.graph.prefixes import PREFIXES, PROLOGUE, expand
from yusuan.graph.terms import Template, literal, typed
from yusuan.graph.trig import trig
from yusuan.graph.turtle import turtle
from yusuan.graph.write import write_graph
from yusuan.model.errors import YusuanError
from yusuan.schema import catalogue

PREFIX = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
AMOUNTS = PREFIX + "SELECT ?fact ?amount { ?fact ys:cell ?cell ; ys:amount ?amount }"
BUDGET = "id/budget/652801-jing-ji-ji-shu-kai-fa-qu-dang-zheng-ban-gong-shi/2022/approved"
# Lone surrogates cannot be in a UTF-8 file, so no cell can hold one.
TEXT = st.text(st.characters(exclude_categories=["Cs"]))


def parsed(text: str) -> list[ox.Quad]:
    return list(ox.parse(PROLOGUE + text.encode(), format=ox.RdfFormat.TRIG))


def test_the_amounts_add_up_to_those_of_the_table(
    package: yusuan.Package, store: ox.Store, triples: rdflib.Graph
) -> None:
    expected = {row["fact"]: Decimal(row["amount"]) for row in package.rows("facts")}
    by_oxigraph: dict[str, Decimal] = {}
    solutions = store.query(AMOUNTS, use_default_graph_as_union=True)
    assert isinstance(solutions, ox.QuerySolutions)
    for solution in solutions:
        fact, amount = solution["fact"], solution["amount"]
        assert isinstance(fact, ox.NamedNode)
        assert isinstance(amount, ox.Literal)
        by_oxigraph[fact.value.rpartition("/")[2]] = Decimal(amount.value)
    by_rdflib = {
        str(row[0]).rpartition("/")[2]: row[1].toPython()  # type: ignore[index, union-attr]
        for row in triples.query(AMOUNTS)
    }
    assert by_oxigraph == by_rdflib == expected
    assert sum(by_rdflib.values()) == sum(expected.values()) > 0


def test_sparql_sums_exactly(package: yusuan.Package, store: ox.Store) -> None:
    query = f"{PREFIX} SELECT (SUM(?x) AS ?sum) {{ ?f ys:cell ?cell ; ys:amount ?x }}"
    [solution] = store.query(query, use_default_graph_as_union=True)  # type: ignore[misc]
    expected = sum(Decimal(row["amount"]) for row in package.rows("facts"))
    assert Decimal(solution["sum"].value) == expected


def test_a_blank_cell_says_nothing(package: yusuan.Package) -> None:
    """As many values as cells that are not blank, for every column that has a property."""
    metadata = csv_metadata(package.base, catalogue().resources)
    for table, resource in zip(metadata["tables"], catalogue().resources, strict=True):
        mapping = TableMapping(table)
        expected, found = 0, 0
        single = [
            field.name
            for field in resource.fields
            if (field.property_url or field.role == "amount") and not field.separator
        ]
        several = [field for field in resource.fields if field.property_url and field.separator]
        virtual = sum(1 for column in table["tableSchema"]["columns"] if column.get("virtual"))
        for row in package.rows(resource.name):
            expected += sum(1 for name in single if row[name]) + virtual
            for field in several:
                expected += len(row[field.name].split(field.separator)) if row[field.name] else 0
            [block] = mapping.blocks([list(row.values())])
            found += len(parsed(block))
        assert found == expected, resource.name


def test_a_zero_that_was_printed_stays_and_a_blank_is_not_one(tmp_path: Path) -> None:
    text = disclosure_text(rows=("213\t03\t01\t行政运行\t0\t0\t", "\t\t\t合 计\t0\t0\t"))
    package = yusuan.build(write(tmp_path, text), tmp_path / "package")
    said = b"".join(trig(package)).decode().splitlines()
    lines = [line for line in said if line.startswith("  ys:amount ")]
    figures = list(package.rows("figures"))
    assert figures and len(lines) == 4 + len(figures)
    assert all('"0"^^xsd:decimal ' in line for line in lines)


def test_everything_is_an_iri_or_a_literal_and_has_a_line_of_its_own(trig_file: Path) -> None:
    text = trig_file.read_text("utf-8").removeprefix(PROLOGUE.decode())
    # The parser is strict: a bad IRI, escape or language tag is an error.
    found = parsed(text)
    lines = sum(line.endswith((" ;", " .")) for line in text.splitlines())
    assert len(found) == len(set(found)) == lines
    for quad in found:
        assert isinstance(quad.subject, ox.NamedNode)
        assert not isinstance(quad.object, ox.BlankNode)
        assert not isinstance(quad.graph_name, ox.BlankNode)


def test_typed_literals_are_values_of_their_types(triples: rdflib.Graph) -> None:
    bad = [o for o in triples.objects() if isinstance(o, rdflib.Literal) and o.ill_typed]
    assert not bad


def test_what_comes_from_a_document_is_in_the_graph_of_its_budget(
    package: yusuan.Package, trig_file: Path
) -> None:
    graphs = {
        quad.graph_name.value if isinstance(quad.graph_name, ox.NamedNode) else ""
        for quad in parsed(trig_file.read_text("utf-8"))
        if str(quad.subject).startswith((f"<{package.base}id/fact/", f"<{package.base}id/claim/"))
    }
    assert graphs == {package.base + BUDGET}


def test_lists_and_departments_are_in_the_default_graph(trig_file: Path) -> None:
    for quad in parsed(trig_file.read_text("utf-8")):
        if quad.predicate.value == expand("skos:inScheme"):
            assert isinstance(quad.graph_name, ox.DefaultGraph)


def test_two_documents_have_a_graph_each(tmp_path: Path) -> None:
    first = write(tmp_path, disclosure_text(), "a.md")
    second = write(tmp_path, disclosure_text().replace("2023年", "2024年"), "b.md")
    package = yusuan.build([first, second], tmp_path / "package")
    store = ox.Store.read_only(str(package.folder / "graph" / "store"))
    years = sorted(
        graph.value.split("/")[-2] for graph in store.named_graphs() if "budget" in graph.value
    )
    assert years == ["2023", "2024"]


def test_the_same_package_gives_the_same_bytes(package: yusuan.Package, tmp_path: Path) -> None:
    write_graph(package, tmp_path)
    names = ["csv-metadata.json", *(f"graph/{name}" for name in (
        "budget.trig", "departments.ttl", "codes.ttl", "catalogue.ttl", "vocabulary.ttl"))]  # fmt: skip
    for name in names:
        assert (tmp_path / name).read_bytes() == (package.folder / name).read_bytes(), name


def test_the_store_holds_the_quads_and_the_vocabulary(
    store: ox.Store, trig_file: Path, vocabulary: rdflib.Graph
) -> None:
    assert len(store) == len(quads_of(trig_file)) + len(vocabulary)


def test_the_readable_files_say_what_the_quads_say(
    package: yusuan.Package, trig_file: Path
) -> None:
    everything = {(q.subject, q.predicate, q.object) for q in parsed(trig_file.read_text("utf-8"))}
    for name in ("departments", "codes", "catalogue"):
        text = (package.folder / "graph" / f"{name}.ttl").read_text("utf-8")
        said = {
            (q.subject, q.predicate, q.object) for q in ox.parse(text, format=ox.RdfFormat.TURTLE)
        }
        assert said
        assert said <= everything, name


def test_a_graph_that_is_there_already_is_not_overwritten(package: yusuan.Package) -> None:
    with pytest.raises(YusuanError, match="already there"):
        write_graph(package, package.folder)


def test_a_value_that_is_no_number_is_reported_with_its_place(package: yusuan.Package) -> None:
    metadata = csv_metadata(package.base, catalogue().resources)
    row = dict(next(iter(package.rows("facts"))), amount="12万")
    with pytest.raises(YusuanError, match=r"data/facts\.csv, amount of .*'12万' is not a valid"):
        TableMapping(metadata["tables"][0]).blocks([list(row.values())])


@given(st.lists(st.tuples(TEXT.filter(bool), TEXT, TEXT), min_size=1, max_size=20))
def test_rows_say_together_what_each_says_alone(rows: list[tuple[str, str, str]]) -> None:
    """Whatever stands in the others, and in whatever order they come."""
    table = {"url": "data/made-up.csv", "tableSchema": {
        "aboutUrl": "http://example.org/id/{key}",
        "columns": [
            {"name": "key", "datatype": "string", "suppressOutput": True},
            {"name": "text", "datatype": "string", "lang": "zh", "propertyUrl": expand("rdfs:label")},
            {"name": "link", "propertyUrl": expand("ys:row"), "valueUrl": "http://example.org/{link}"},
            {"name": "type", "virtual": True, "propertyUrl": expand("rdf:type"),
             "valueUrl": expand("ys:Row")},
        ],
    }}  # fmt: skip
    blocks = TableMapping(table).blocks(rows)
    assert blocks == [TableMapping(table).blocks([row])[0] for row in rows]
    for (key, text, link), block in zip(rows, blocks, strict=True):
        said = parsed(block)
        assert len(said) == 1 + bool(text) + bool(link)
        assert {unquote(str(quad.subject)) for quad in said} == {f"<http://example.org/id/{key}>"}
        assert [q.object.value for q in said if isinstance(q.object, ox.Literal)] == [text] * bool(
            text
        )


@given(TEXT)
def test_any_text_survives_as_a_literal_on_one_line(text: str) -> None:
    line = f"<urn:a> <urn:b> {literal(text, 'zh')} .\n"
    assert len(line.splitlines()) == 1
    [quad] = parsed(line)
    assert quad.object == ox.Literal(text, language="zh")


@given(TEXT.filter(bool))
def test_any_text_makes_a_valid_iri_and_can_be_read_back(text: str) -> None:
    term = Template("http://example.org/id/{key}").expand({"key": text})
    [quad] = parsed(f"{term} <urn:b> <urn:c> .\n")
    assert isinstance(quad.subject, ox.NamedNode)
    assert unquote(quad.subject.value).removeprefix("http://example.org/id/") == text


def _terms() -> Iterator[st.SearchStrategy[str]]:
    yield TEXT.map(literal)
    yield TEXT.map(lambda text: literal(text, "en"))
    yield st.decimals(allow_nan=False, allow_infinity=False, places=2).map(
        lambda number: typed(format(number, "f"), "decimal")
    )
    yield st.sampled_from(["http://example.org/id/x", *map(expand, ["qb:a", "skos:b-c"])]).map(
        lambda iri: f"<{iri}>"
    )


@given(st.lists(st.one_of(*_terms()), min_size=1, max_size=4))
def test_turtle_says_what_the_lines_say(values: list[str]) -> None:
    subject = "<http://example.org/id/%E9%A2%84>"
    lines = [f"{subject} <{expand('rdfs:label')}> {value} .\n" for value in values]
    text = turtle(map(str.encode, lines), "http://example.org/")
    said = set(ox.parse(text, format=ox.RdfFormat.TURTLE))
    assert said == {ox.Quad(q.subject, q.predicate, q.object) for q in parsed("".join(lines))}
