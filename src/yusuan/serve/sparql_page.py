"""The SPARQL endpoint for browsers: an editor with examples that work on any package.

Without JavaScript it is a form whose result is downloaded in a format to choose.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import pyoxigraph as ox

from yusuan.graph.prefixes import PREFIXES, VOCABULARY, expand
from yusuan.schema import data_path
from yusuan.serve.display import settings
from yusuan.serve.questions import Question, questions
from yusuan.serve.site import RenderedPage, Site
from yusuan.sparql.negotiate import GRAPH_FORMATS, RESULT_FORMATS, preferred

__all__ = ["PATH", "VOID_PATH", "Example", "examples", "form", "wants_form"]

PATH = "/-/sparql"
VOID_PATH = "/.well-known/void"
# Scripts of this site only: the editor must not ask other sites for anything. It sets styles of
# elements, and its stylesheet holds its pictures.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'"
)


@dataclass(frozen=True, slots=True)
class Example:
    """A query to try, with its prefixes and this package's IRIs filled in."""

    id: str
    title: str
    title_en: str
    query: str
    sql: str = ""
    """The same question in SQL, its columns named like the query's variables; may be empty."""
    question: Question | None = None
    """The question across departments that it asks; its SQL is a canned query."""


def examples(base: str) -> list[Example]:
    """The queries of ``publish/datasette/sparql-examples.yaml`` for a package, then the questions
    across departments."""
    data: Any = settings("sparql-examples")
    found = []
    for item in data["examples"]:
        query = item["query"].replace("${base}", base).strip()
        used = [name for name in data["prefixes"] if f"{name}:" in query]
        prefixes = "".join(f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in used)
        found.append(
            Example(
                item["id"],
                item["title"],
                item["title@en"],
                prefixes + query + "\n",
                item.get("sql", "").strip(),
            )
        )
    return found + [
        Example(each.name, each.title, each.title_en, each.sparql, each.sql.strip(), each)
        for each in questions()
    ]


def wants_form(accept: str | None) -> bool:
    """Whether a request that carries a query comes from a browser's address bar: it likes
    HTML better than any result format. Then the form runs the query, instead of a download."""
    offers = [*(known.media_type for known in RESULT_FORMATS), "text/html"]
    return preferred(accept, offers) == "text/html"


def form(site: Site, query: str | None = None) -> RenderedPage:
    """The page; a query from the address is filled in and run."""
    known = examples(site.package.base)
    context = {
        "examples": known,
        "query": query or known[0].query,
        "run": query is not None,
        "base": site.package.base,
        "endpoint": PATH,
        "void": VOID_PATH,
        "formats": [known.name for known in (*RESULT_FORMATS, *GRAPH_FORMATS)],
        "terms": _terms(),
    }
    headers = {"Vary": "Accept", "Content-Security-Policy": _POLICY}
    return RenderedPage("sparql.html", context, headers=headers)


@cache
def _terms() -> dict[str, Any]:
    """What the editor completes: prefixes, and the classes and properties of the vocabulary with
    those of others that ``sparql-examples.yaml`` names."""
    kinds: dict[str, set[str]] = {"classes": set(), "properties": set()}
    path = data_path("ontology", "yusuan.ttl")
    for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE):
        if quad.predicate.value == expand("rdf:type") and isinstance(quad.object, ox.NamedNode):
            kind = "classes" if quad.object.value.endswith("Class") else "properties"
            name = getattr(quad.subject, "value", "")
            if name.startswith(VOCABULARY) and quad.object.value.endswith(("Class", "Property")):
                kinds[kind].add(name)
    for kind, names in settings("sparql-examples")["terms"].items():
        kinds[kind] |= {expand(name) for name in names}
    return {"prefixes": PREFIXES, **{kind: sorted(names) for kind, names in kinds.items()}}
