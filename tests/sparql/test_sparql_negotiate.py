"""Accept headers and `format=` names, and what they lead to."""

import pytest

from yusuan.sparql import NotAcceptable, choose


def names(accept: str | None, format_name: str | None = None) -> tuple[str | None, str | None]:
    choice = choose(accept, format_name)
    results, graph = choice.results, choice.graph
    return results.name if results else None, graph.name if graph else None


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, ("json", "turtle")),
        ("", ("json", "turtle")),
        ("*/*", ("json", "turtle")),
        ("text/csv", ("csv", None)),
        ("text/*", ("csv", "turtle")),
        ("TEXT/Turtle; charset=utf-8", (None, "turtle")),
        ("application/sparql-results+xml, text/csv;q=0.9", ("xml", None)),
        ("text/csv;q=0.1, text/tab-separated-values;q=0.2", ("tsv", None)),
        ("*/*, application/sparql-results+json;q=0, text/turtle;q=0", ("xml", "ntriples")),
        ("text/html, */*;q=0.1", ("json", "turtle")),
        ("application/json", ("json", "jsonld")),
        ("nonsense, application/rdf+xml;q=high, application/n-triples", (None, "ntriples")),
    ],
)
def test_accept(accept: str | None, expected: tuple[str | None, str | None]) -> None:
    assert names(accept) == expected


def test_plain_json_is_named_as_it_was_asked_for() -> None:
    plain = choose("application/json").results
    assert plain is not None and plain.content_type == "application/json"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("csv", ("csv", None)),
        ("JSON", ("json", "jsonld")),
        ("xml", ("xml", "rdfxml")),
        ("ttl", (None, "turtle")),
        ("application/sparql-results json", ("json", None)),
        ("application/n-triples", (None, "ntriples")),
    ],
)
def test_a_format_name_wins_over_accept(name: str, expected: tuple[str, str]) -> None:
    assert names("text/tab-separated-values", name) == expected


@pytest.mark.parametrize(
    ("accept", "name"),
    [("image/png", None), ("text/html", None), (None, "xlsx"), ("*/*;q=0", None)],
)
def test_nothing_suitable(accept: str | None, name: str | None) -> None:
    with pytest.raises(NotAcceptable):
        choose(accept, name)
