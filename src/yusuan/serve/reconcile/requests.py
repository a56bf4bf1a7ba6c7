"""What clients send: batches of queries and requests for properties, read from JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["MOST_CANDIDATES", "MOST_QUERIES", "Extension", "Query", "Unreadable", "extension", "queries"]  # fmt: skip

MOST_QUERIES = 200
MOST_CANDIDATES = 100
_LONGEST = 500
_FIELDS = {"query", "type", "limit", "properties", "type_strict"}


class Unreadable(Exception):
    """The request is not one of the API; the message says what was expected, status how bad."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, slots=True)
class Query:
    """``conditions``: for each property the values that will do (ids of entities or texts)."""

    text: str
    types: tuple[str, ...] = ()
    all_types: bool = False
    limit: int = 10
    conditions: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Extension:
    """The entities and the properties whose values are asked for."""

    ids: tuple[str, ...]
    properties: tuple[str, ...]


def queries(text: str) -> dict[str, Query]:
    """A batch of queries by their keys; raises Unreadable."""
    batch = _json(text)
    if not isinstance(batch, dict):
        raise Unreadable("`queries` must be a JSON object of queries.")
    if len(batch) > MOST_QUERIES:
        raise Unreadable(f"A batch may hold at most {MOST_QUERIES} queries.", 413)
    return {key: _query(key, each) for key, each in batch.items()}


def extension(text: str) -> Extension:
    """A request for values of properties; raises Unreadable."""
    asked = _json(text)
    ids = asked.get("ids") if isinstance(asked, dict) else None
    properties = asked.get("properties") if isinstance(asked, dict) else None
    if not isinstance(ids, list) or not all(isinstance(each, str) for each in ids):
        raise Unreadable("`extend` must have `ids`, a list of texts.")
    if not isinstance(properties, list) or not all(
        isinstance(each, dict) and isinstance(each.get("id"), str) for each in properties
    ):
        raise Unreadable("`extend` must have `properties`, a list of objects with an `id`.")
    if len(ids) * len(properties) > 20_000:
        raise Unreadable("At most 20000 values may be asked for at once.", 413)
    return Extension(tuple(ids), tuple(each["id"] for each in properties))


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise Unreadable("The request is not valid JSON.") from None


def _query(key: str, given: Any) -> Query:
    if not isinstance(given, dict):
        raise Unreadable(f"{key}: a query must be a JSON object.")
    if unknown := sorted(set(given) - _FIELDS):
        raise Unreadable(f"{key}: a query has no field {unknown[0]!r}.")
    text, properties = given.get("query", ""), given.get("properties", [])
    if not isinstance(text, str) or len(text) > _LONGEST:
        raise Unreadable(f"{key}: `query` must be a text of at most {_LONGEST} characters.")
    if not isinstance(properties, list):
        raise Unreadable(f"{key}: `properties` must be a list.")
    if not text.strip() and not properties:
        raise Unreadable(f"{key}: a query needs `query`, which is not empty, or `properties`.")
    types = given.get("type", [])
    types = [types] if isinstance(types, str) else types
    if not isinstance(types, list) or not all(isinstance(each, str) for each in types):
        raise Unreadable(f"{key}: `type` must be a text or a list of texts.")
    limit = given.get("limit", 10)
    if isinstance(limit, bool) or not isinstance(limit, (int, float)) or not limit >= 1:
        raise Unreadable(f"{key}: `limit` must be a number of at least 1.")
    strict = given.get("type_strict", "any")
    if strict not in ("any", "should", "all"):
        raise Unreadable(f"{key}: `type_strict` must be any, should or all.")
    conditions = tuple(_condition(key, each) for each in properties)
    most = int(min(limit, MOST_CANDIDATES))
    return Query(text.strip(), tuple(types), strict == "all", most, conditions)


def _condition(key: str, given: Any) -> tuple[str, tuple[str, ...]]:
    if not isinstance(given, Mapping) or not isinstance(given.get("pid"), str) or "v" not in given:
        raise Unreadable(f"{key}: a property must have `pid`, a text, and `v`.")
    listed = given["v"] if isinstance(given["v"], list) else [given["v"]]
    return given["pid"], tuple(_value(key, each) for each in listed)


def _value(key: str, given: Any) -> str:
    if isinstance(given, Mapping) and isinstance(given.get("id"), str):
        return str(given["id"])
    if isinstance(given, bool):
        return str(given).lower()
    if isinstance(given, float) and given.is_integer():
        return str(int(given))
    if isinstance(given, (str, int, float)):
        return str(given)
    raise Unreadable(f"{key}: `v` must be a text, a number, a truth value or an object with `id`.")
