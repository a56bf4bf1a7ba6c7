"""``/search``: what is found in a package, grouped, each hit with whose it is and a link to it; and
``?_search=`` of the pages of tables. Nothing found is said to be nothing, never shown as everything.
"""

from __future__ import annotations

import json
from contextlib import closing
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup, escape

from yusuan.database.search import (
    LONGEST_QUERY,
    MOST_KEYS,
    FoundGroup,
    SearchGroup,
    SearchHit,
    matching_keys,
    search,
    search_groups,
)
from yusuan.model.errors import YusuanError
from yusuan.presentation import money, value_label
from yusuan.schema import catalogue
from yusuan.serve.cells import entity_path
from yusuan.serve.site import Raw, RenderedPage, Site

__all__ = ["PATH", "search_page", "table_condition"]

PATH = "/search"
_PAGE, _OF_EACH = 50, 8
"""Hits of a page of one group, and of each group where all are shown."""
_AROUND = 30
"""Characters shown before and behind a word that was found in a long text."""
_MOST_PAGES = 1000


def search_page(site: Site, values: dict[str, str], *, as_json: bool) -> RenderedPage | Raw:
    """The page of a search, or its JSON. ``q`` is what is looked for; ``in`` names one group, of
    which ``page`` counts the pages from 1. What is wrong with them is said with status 400."""
    query, only = values.get("q", "").strip(), values.get("in") or None
    number = values.get("page", "1")
    problem, found = None, list[FoundGroup]()
    page = int(number) if number.isascii() and number.isdigit() else 0
    size = _PAGE if only else _OF_EACH
    try:
        if not 1 <= page <= _MOST_PAGES:
            raise YusuanError(f"`page` must be a whole number from 1 to {_MOST_PAGES}")
        with closing(site.searching()) as connection:
            found = search(connection, query, only=only, size=size, skip=(page - 1) * size)
    except YusuanError as error:
        problem = str(error)
    status = 400 if problem else 200
    if as_json:
        answer = {"error": problem} if problem else _as_json(site, query, found)
        body = json.dumps(answer, ensure_ascii=False, indent=1).encode()
        headers = {
            "Content-Type": "application/json; charset=utf-8", "Access-Control-Allow-Origin": "*",
        }  # fmt: skip
        return Raw(status, body, headers)
    context = {
        "query": query, "only": only, "page": page, "problem": problem, "longest": LONGEST_QUERY,
        "total": sum(each.count for each in found),
        "groups": [_shown_group(each, query, only, page, size) for each in found if each.count],
        "json": f"{PATH}.json?{urlencode({'q': query, **({'in': only} if only else {}), 'page': page})}",
    }  # fmt: skip
    return RenderedPage("search.html", context, status)


def table_condition(site: Site, table: str, query: str) -> tuple[str, dict[str, str]] | None:
    """The condition of ``?_search=`` on a table, with its parameters; None where none is asked for.

    Visitors' queries run apart and know no index: the condition names the rows. Raises YusuanError
    for a table that is not searched, and a word that is found in too many rows.
    """
    if not query.strip():
        return None
    group = next((each for each in search_groups() if each.resource.sql_name == table), None)
    if group is None:
        known = ", ".join(each.resource.sql_name for each in search_groups())
        raise YusuanError(f"{table} is not searched, but {known} are; filter its columns instead")
    with closing(site.searching()) as connection:
        keys = matching_keys(connection, group, query)
    if len(keys) > MOST_KEYS:
        raise YusuanError(f"More than {MOST_KEYS:,} rows have {query!r}; search for a longer word")
    key = f'"{group.resource.primary_key}"'
    condition = f"{key} in (select value from json_each(:search_keys))"
    if group.once:
        rows = f'select "{group.once}" from "{table}" where {condition}'
        condition = f'"{group.once}" in ({rows})'
    return condition, {"search_keys": json.dumps(keys, ensure_ascii=False)}


def _as_json(site: Site, query: str, found: list[FoundGroup]) -> dict[str, Any]:
    return {
        "query": query,
        "groups": [
            {
                "resource": each.group.resource.name,
                "title": each.group.title,
                "title_en": each.group.title_en,
                "count": each.count,
                "hits": [_hit_json(site, each.group, hit) for hit in each.hits],
            }
            for each in found
        ],
    }


_EXPLORED = {"departments": "department", "projects": "project"}


def _page_of(group: SearchGroup, key: str) -> str:
    """The page of a hit: of the explorer where it has one, else that of the entity."""
    kind = _EXPLORED.get(group.resource.name)
    return f"/{kind}/{key}" if kind else entity_path(group.resource, key) or ""


def _hit_json(site: Site, group: SearchGroup, hit: SearchHit) -> dict[str, Any]:
    path = _page_of(group, hit.key)
    return {
        "iri": site.package.base + (entity_path(group.resource, hit.key) or "").removeprefix("/"), "path": path, "key": hit.key,
        "label": hit.label, "text": hit.text, "codes": list(hit.codes),
        "department": hit.department, "department_name": hit.department_name,
        "fiscal_year": hit.fiscal_year, "phase": hit.phase, "table": hit.table, "page": hit.page,
        "amount": hit.amount,
    }  # fmt: skip


def _shown_group(
    found: FoundGroup, query: str, only: str | None, page: int, size: int
) -> dict[str, Any]:
    name = found.group.resource.name
    words = query.split()

    def address(number: int) -> str:
        return f"{PATH}?{urlencode({'q': query, 'in': name, 'page': number})}"

    more = page * size < found.count if only else len(found.hits) < found.count
    return {
        "name": name, "title": found.group.title, "title_en": found.group.title_en,
        "count": found.count, "amounts": found.group.amount is not None,
        "hits": [_shown_hit(found.group, hit, words) for hit in found.hits],
        "more": address(page + 1 if only else 1) if more else None,
        "before": address(page - 1) if only and page > 1 else None,
    }  # fmt: skip


def _shown_hit(group: SearchGroup, hit: SearchHit, words: list[str]) -> dict[str, Any]:
    phase = next((row for row in catalogue()["phases"].rows if row["code"] == hit.phase), None)
    known = hit.table in catalogue() if hit.table else False
    return {
        "path": _page_of(group, hit.key),
        "label": marked(hit.label, words),
        "text": marked(_around(hit.text, words), words) if hit.text != hit.label else None,
        "codes": [marked(code, words) for code in dict.fromkeys(hit.codes)],
        "department": hit.department_name if group.resource.name != "departments" else None,
        "year": hit.fiscal_year,
        "phase": phase["name"] if phase else value_label("phase", hit.phase),
        "table": catalogue()[hit.table].title if hit.table and known else None,
        "page": hit.page,
        "amount": money(str(hit.amount)) if hit.amount is not None else None,
    }


def marked(text: str, words: list[str]) -> Markup:
    """A text with the words that are found in it as they stand marked.

    >>> marked("差旅费 <30211>", ["差旅"])
    Markup('<mark>差旅</mark>费 &lt;30211&gt;')
    """
    lower = text.lower()  # of the same length for what is printed here
    covered = bytearray(len(text))
    for word in words:
        start = lower.find(word.lower())
        while start >= 0:
            covered[start : start + len(word)] = b"\1" * len(word)
            start = lower.find(word.lower(), start + 1)
    found, place = Markup(), 0
    while place < len(text):
        end = place
        while end < len(text) and covered[end] == covered[place]:
            end += 1
        part = escape(text[place:end])
        found += Markup("<mark>{}</mark>").format(part) if covered[place] else part
        place = end
    return found


def _around(text: str, words: list[str]) -> str:
    """The part of a long text around the first word that is found in it."""
    starts = [text.lower().find(word.lower()) for word in words]
    first = min((start for start in starts if start >= 0), default=0)
    begin, end = max(0, first - _AROUND), first + 3 * _AROUND
    return ("…" if begin else "") + text[begin:end] + ("…" if end < len(text) else "")
