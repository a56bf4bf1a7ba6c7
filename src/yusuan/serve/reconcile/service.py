"""The service's answers: manifest, candidates, suggestions, values of properties, previews; and how
well an entity answers to a name, a code and the values of its properties.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from yusuan.codes.names import leading_code
from yusuan.graph.prefixes import VOCABULARY_GRAPH
from yusuan.model.text import normal
from yusuan.serve.reconcile import requests
from yusuan.serve.reconcile.register import (
    CODE,
    DEPARTMENT,
    Entity,
    Ref,
    Register,
    Type,
    key_of,
    pairs_of,
    register,
    value_key,
)
from yusuan.serve.reconcile.requests import Query
from yusuan.serve.site import Raw, RenderedPage, Site
from yusuan.sparql.transfer import usable_address

__all__ = ["PATH", "candidates", "reconcile"]

_LEAST = 0.3
# Weighed closely: those that share most pairs with the name, by its rarest pairs.
_MOST_WEIGHED = 300
_MOST_SHARED = 20_000


@dataclass(frozen=True, slots=True)
class ScoredEntity:
    """``name``: how alike the names are (0 to 1); ``held``: which properties have the value asked
    for; ``match``: everything holds, and for nothing else."""

    entity: Entity
    score: float
    name: float | None
    held: dict[str, bool]
    match: bool


def candidates(known: Register, query: Query) -> list[ScoredEntity]:
    """The best first."""
    likeness = dict(_alike(known, query.text)) if query.text else {}
    holding = {
        pid: set[str]().union(*(known.values.get((pid, value_key(each)), ()) for each in values))
        for pid, values in query.conditions
    }
    found = []
    for each in likeness if query.text else set[str]().union(*holding.values()):
        entity = known.entities[each]
        if not _is_a(entity, query):
            continue
        held = {pid: each in ids for pid, ids in holding.items()}
        name = likeness.get(entity.id)
        share = sum(held.values()) / len(held) if held else 1.0
        score = share if name is None else name * (0.5 + 0.5 * share)
        found.append((score, entity, name, held))
    found.sort(key=lambda each: (-each[0], each[1].id))
    alone = sum(score >= 1 for score, *_ in found) == 1
    return [
        ScoredEntity(entity, round(100 * score, 1), name, held, alone and score >= 1)
        for score, entity, name, held in found[: query.limit]
    ]


def starting(known: Register, prefix: str) -> list[Entity]:
    """Entities whose name, code or identifier begins so; the shortest names first."""
    text = normal(prefix).lower()
    keys = {key_of(prefix, DEPARTMENT), key_of(prefix, CODE)} - {""}
    found = [
        entity
        for entity in known.entities.values()
        if text
        and (
            entity.id.lower().startswith(text)
            or entity.code.lower().startswith(text)
            or any(own.startswith(key) for own in entity.keys for key in keys)
        )
    ]
    return sorted(found, key=lambda entity: (len(entity.name), entity.id))


def _alike(known: Register, text: str) -> Iterator[tuple[str, float]]:
    """Entities with how much they are called so."""
    if text in known.entities:
        yield text, 1.0
        return
    coded = set(known.codes.get(text, ()))
    for each in coded:
        yield each, 1.0
    keys = {DEPARTMENT: key_of(text, DEPARTMENT), CODE: key_of(text, CODE)}
    code = leading_code(text)
    for each in _near(known, set(keys.values())):
        entity = known.entities[each]
        key = keys[CODE if CODE in entity.types else DEPARTMENT]
        alike = max(_dice(key, own) for own in entity.keys)
        if code and entity.code and code != entity.code:
            alike *= 0.9  # called the same, but another code is printed
        if alike >= _LEAST and each not in coded:
            yield each, alike


def _near(known: Register, keys: set[str]) -> set[str]:
    """Entities called exactly so, and those that share most with it."""
    pairs = {pair for key in keys for pair in pairs_of(key)}
    shared: Counter[str] = Counter()
    room = _MOST_SHARED
    for listed in sorted((known.pairs.get(pair, []) for pair in pairs), key=len):
        shared.update(listed[:room])
        room -= len(listed)
        if room <= 0:
            break
    exactly = {each for key in keys for each in known.names.get(key, ())}
    return exactly | {each for each, _ in shared.most_common(_MOST_WEIGHED)}


def _dice(one: str, other: str) -> float:
    if one == other:
        return 1.0
    first, second = pairs_of(one), pairs_of(other)
    # Never quite 1: the same pairs may stand in another order.
    return min(0.99, 2 * len(first & second) / (len(first) + len(second)))


def _is_a(entity: Entity, query: Query) -> bool:
    if not query.types:
        return True
    if query.all_types:
        return set(query.types) <= set(entity.types)
    return bool(set(query.types) & set(entity.types))


PATH = "/-/reconcile"
_PREVIEW = (430, 220)
_PAGE = 20
_MOST_BYTES = 1_000_000
# The lines of a preview, which is small.
_SHOWN = ("code", "year", "name_en", "parent", "names", "printed_names", "division_name")
_CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, POST, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, Content-Type",
    "X-Content-Type-Options": "nosniff",
}


def reconcile(
    site: Site, part: str, method: str, query_string: str, body: bytes, root: str
) -> RenderedPage | Raw:
    """The answer of ``/-/reconcile{part}``, whose parameters come in the address or as a form;
    ``root`` is the site's own address."""
    if method == "OPTIONS":
        return Raw(204, b"", {**_CORS, "Allow": _CORS["Access-Control-Allow-Methods"]})
    if method not in ("GET", "HEAD", "POST"):
        return _sentence(405, "Use GET or POST.")
    if len(body) > _MOST_BYTES:
        return _sentence(413, f"The request is too long; at most {_MOST_BYTES} bytes are read.")
    root = root.rstrip("/")
    if not usable_address(root):
        return _sentence(400, "The Host of the request is not a valid host name.")
    known = register(site.database, site.database.stat().st_mtime_ns)
    try:
        values = _parameters(query_string, body)
        match part:
            case "":
                return _json(_endpoint(site, known, values, root))
            case "/suggest/entity" | "/suggest/type" | "/suggest/property":
                return _json({"result": _suggested(known, part, values)})
            case "/properties":
                return _json(_proposed(known, values))
            case _:
                return _shown(site, known, part, values.get("id", ""))
    except requests.Unreadable as error:
        return _sentence(error.status, str(error))


def _parameters(query_string: str, body: bytes) -> dict[str, str]:
    try:
        pairs = [
            *parse_qsl(query_string, errors="strict", max_num_fields=100),
            *parse_qsl(body.decode(), errors="strict", max_num_fields=100),
        ]
    except ValueError:  # UnicodeDecodeError is one
        raise requests.Unreadable("The parameters are not a form in UTF-8.") from None
    return dict(pairs)


def _endpoint(site: Site, known: Register, values: Mapping[str, str], root: str) -> Any:
    if "queries" in values:
        batch = requests.queries(values["queries"])
        own = {key: _local(site, query) for key, query in batch.items()}
        return {
            key: {"result": [_candidate(known, each) for each in candidates(known, query)]}
            for key, query in own.items()
        }
    if "extend" in values:
        return _extended(site, known, requests.extension(values["extend"]))
    return _manifest(site, known, root)


def _manifest(site: Site, known: Register, root: str) -> dict[str, Any]:
    here = root + PATH
    title = site.package.descriptor["title"]
    return {
        "versions": ["0.2"],
        "name": f"{title}：部门与代码 / departments and codes",
        "identifierSpace": site.package.base,
        "schemaSpace": VOCABULARY_GRAPH,
        "documentation": root + "/-/vocabulary",
        "logo": root + "/static/icon.svg",
        "defaultTypes": [_type(known, known.types[each]) for each in (DEPARTMENT, CODE)],
        "view": {"url": here + "/view?id={{id}}"},
        "preview": {
            "url": here + "/preview?id={{id}}", "width": _PREVIEW[0], "height": _PREVIEW[1],
        },
        "suggest": {
            each: {"service_url": here, "service_path": f"/suggest/{each}"}
            for each in ("entity", "type", "property")
        },
        "extend": {
            "propose_properties": {"service_url": here, "service_path": "/properties"},
            "property_settings": [],
        },
        "batchSize": requests.MOST_QUERIES,
    }  # fmt: skip


def _local(site: Site, query: requests.Query) -> requests.Query:
    """A whole IRI of the package names the entity as its identifier does."""
    text = query.text.removeprefix(site.package.base) or query.text
    return requests.Query(text, query.types, query.all_types, query.limit, query.conditions)


def _candidate(known: Register, found: ScoredEntity) -> dict[str, Any]:
    features: list[dict[str, Any]] = [
        {"id": pid, "value": held} for pid, held in found.held.items()
    ]
    if found.name is not None:
        features.insert(0, {"id": "name_likeness", "value": round(100 * found.name, 1)})
    return {
        "id": found.entity.id,
        "name": found.entity.name,
        "description": found.entity.description,
        "type": _types(known, found.entity),
        "score": found.score,
        "features": features,
        "match": found.match,
    }


def _suggested(known: Register, part: str, values: Mapping[str, str]) -> list[dict[str, Any]]:
    prefix = values.get("prefix", "").strip()
    try:
        first = max(0, int(values.get("cursor") or 0))
    except ValueError:
        raise requests.Unreadable("`cursor` must be a whole number.") from None
    if part == "/suggest/entity":
        return [
            {"id": each.id, "name": each.name, "description": each.description,
             "notable": _types(known, each)}
            for each in starting(known, prefix)[first : first + _PAGE]
        ]  # fmt: skip
    listed = (
        [_type(known, each) for each in known.types.values()]
        if part == "/suggest/type"
        else [
            {"id": each.id, "name": each.name, "description": each.description}
            for each in known.properties.values()
        ]
    )
    wanted = prefix.lower()
    found = [
        each
        for each in listed
        if any(str(each[name]).lower().startswith(wanted) for name in ("id", "name", "description"))
    ]
    return found[first : first + _PAGE]


def _proposed(known: Register, values: Mapping[str, str]) -> dict[str, Any]:
    wanted = values.get("type", "")
    types = {wanted, *(each.id for each in known.types.values() if each.broader == wanted)}
    found = [
        {"id": each.id, "name": each.name, "description": each.description}
        for each in known.properties.values()
        if not wanted or each.types & types
    ]
    try:
        limit = int(values["limit"]) if values.get("limit") else len(found)
    except ValueError:
        raise requests.Unreadable("`limit` must be a whole number.") from None
    named = {"type": wanted} if wanted else {}
    return {**named, "properties": found[: max(0, limit)]}


def _extended(site: Site, known: Register, wanted: requests.Extension) -> dict[str, Any]:
    unknown = [each for each in wanted.properties if each not in known.properties]
    if unknown:
        raise requests.Unreadable(f"There is no property {unknown[0]!r}; see {PATH}/properties.")
    rows = {}
    for each in wanted.ids:
        entity = known.entities.get(each.removeprefix(site.package.base))
        rows[each] = {
            name: [_value(known, value) for value in entity.values.get(name, ())] if entity else []
            for name in wanted.properties
        }
    meta = [{"id": name, "name": known.properties[name].name} for name in wanted.properties]
    return {"meta": meta, "rows": rows}


def _value(known: Register, value: str | int | Ref) -> dict[str, Any]:
    if isinstance(value, Ref):
        other = known.entities.get(value.id)
        return {"id": value.id, "name": other.name if other else value.id}
    return {"int": value} if isinstance(value, int) else {"str": value}


def _shown(site: Site, known: Register, part: str, asked_for: str) -> RenderedPage | Raw:
    """``/view`` leads to the entity's page; ``/preview`` is a small page for a frame."""
    entity = known.entities.get(asked_for.removeprefix(site.package.base))
    if entity is None:
        return _sentence(404, f"{asked_for[:200]}: no department and no code is called so.")
    if part == "/view":
        return Raw(302, b"", {**_CORS, "Location": f"/{entity.id}"})
    lines = [
        (known.properties[name].name, [_text(known, value) for value in entity.values[name]])
        for name in _SHOWN
        if name in entity.values
    ]
    context = {"entity": entity, "types": _types(known, entity), "lines": lines}
    return RenderedPage("reconcile_preview.html", context, headers=_CORS)


def _text(known: Register, value: str | int | Ref) -> str:
    shown = _value(known, value)
    return str(shown.get("name") or shown.get("str") or shown.get("int"))


def _types(known: Register, entity: Entity) -> list[dict[str, str]]:
    return [{"id": each, "name": known.types[each].name} for each in entity.types]


def _type(known: Register, each: Type) -> dict[str, Any]:
    described: dict[str, Any] = {"id": each.id, "name": each.name, "description": each.description}
    if each.broader:
        described["broader"] = [_type(known, known.types[each.broader])]
    return described


def _json(answer: Any) -> Raw:
    body = json.dumps(answer, ensure_ascii=False).encode()
    return Raw(200, body, {**_CORS, "Content-Type": "application/json; charset=utf-8"})


def _sentence(status: int, text: str) -> Raw:
    raw = Raw.sentence(status, text)
    return Raw(raw.status, raw.body, {**_CORS, **raw.headers})
