"""The SPARQL endpoint for browsers: a form with examples that work on any package."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from yusuan.graph.prefixes import PREFIXES
from yusuan.serve.display import settings
from yusuan.serve.site import Page, Site
from yusuan.sparql.negotiate import RESULT_FORMATS, preferred

__all__ = ["PATH", "Example", "examples", "form", "wants_form"]

PATH = "/-/sparql"


@dataclass(frozen=True, slots=True)
class Example:
    """A query to try, with its prefixes and this package's IRIs filled in."""

    id: str
    title: str
    title_en: str
    query: str


def examples(base: str) -> list[Example]:
    """The queries of ``publish/datasette/sparql-examples.yaml`` for a package."""
    data: Any = settings("sparql-examples")
    found = []
    for item in data["examples"]:
        query = item["query"].replace("${base}", base).strip()
        used = [name for name in data["prefixes"] if f"{name}:" in query]
        prefixes = "".join(f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in used)
        found.append(Example(item["id"], item["title"], item["title@en"], prefixes + query + "\n"))
    return found


def wants_form(accept: str | None) -> bool:
    """Whether a request that carries a query comes from a browser's address bar: it likes
    HTML better than any result format. Then the form runs the query, instead of a download."""
    offers = [*(known.media_type for known in RESULT_FORMATS), "text/html"]
    return preferred(accept, offers) == "text/html"


def form(site: Site, query: str | None = None) -> Page:
    """The page; a query from the address is filled in and run."""
    known = examples(site.package.base)
    context = {
        "examples": known,
        "query": query or known[0].query,
        "run": query is not None,
        "base": site.package.base,
        "endpoint": PATH,
    }
    return Page("sparql.html", context, headers={"Vary": "Accept"})
