"""The home page of a site, with where to go on to its tables and queries; and what is new, as a feed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from threading import Lock
from typing import Any

from yusuan.explorer.home import home_page
from yusuan.explorer.views import Language
from yusuan.package import Package
from yusuan.reports.feed import FEED_TYPE, FeedEntry, as_atom, feed_entries
from yusuan.schema import catalogue
from yusuan.schema.messages import message
from yusuan.serve.display import settings
from yusuan.serve.explorer import SiteAddresses
from yusuan.serve.metadata import DATABASE
from yusuan.serve.questions import questions
from yusuan.serve.site import Raw, Site
from yusuan.sparql.transfer import usable_address

__all__ = ["feed", "home"]

_MOST_BUDGETS = 200


@lru_cache(maxsize=8)
def home(site: Site, language: Language) -> Mapping[str, Any]:
    """The variables of ``index.html``: made once, for the database of a site never changes."""
    return {
        **home_page(site, language, SiteAddresses("/", "", site), most_budgets=_MOST_BUDGETS),
        "about": site.package.descriptor,
        "search_action": "/search",
        "rows_of": {
            "revisions": f"/{DATABASE}/revisions",
            "unrecognised": f"/{DATABASE}/unrecognised",
            "alone": f"/{DATABASE}/budgets?kind=unit&part_of__isblank=1",
            "parts": f"/{DATABASE}/budgets?part_of__notblank=1",
            "set_aside": f"/{DATABASE}/table_revisions",
        },
        "queries": settings("queries")["queries"],
        "questions": questions(),
        "core": catalogue().of_kind("core"),
        "tables": catalogue().tables,
        "files": [
            ("datapackage.json", *message("link-descriptor")),
            ("csv-metadata.json", *message("link-csvw")),
            ("data/facts.csv", *message("link-facts")),
            ("graph/budget.trig", *message("link-rdf")),
        ],
        "database": DATABASE,
    }


def feed(site: Site, root: str) -> Raw:
    """The Atom feed with the addresses of this site, which is called by ``root``."""
    if not usable_address(root):
        return Raw.sentence(400, "The Host of the request is not a valid host name.")
    with _FEED:  # those who come meanwhile wait for the first
        entries = _feed_entries(site.package)
    body = as_atom(
        site.package, entries, f"{root.rstrip('/')}/", "id/document/{document}", "-/package/"
    )
    return Raw(200, body, {
        "Content-Type": f"{FEED_TYPE}; charset=utf-8", "Vary": "Host",
        "Access-Control-Allow-Origin": "*", "X-Content-Type-Options": "nosniff",
    })  # fmt: skip


_FEED = Lock()


@lru_cache(maxsize=2)
def _feed_entries(package: Package) -> list[FeedEntry]:
    """Those of an edition: where documents were reissued, facts are read."""
    return feed_entries(package)
