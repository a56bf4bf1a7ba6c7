"""Keys that say what a thing is, told apart by what they hold where that is not enough."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

__all__ = ["distinct_keys", "with_own_keys", "with_unique_keys", "without_positions"]

Record = TypeVar("Record", bound="DataclassInstance")

_POSITION = re.compile(r"第\d+页|第\d+行(?: [A-Z]+\d+)?")


def distinct_keys(named: Iterable[tuple[str, str, str]]) -> list[str]:
    """The name of each of (name, content, place); those that share one get a hash of the content.

    The order does not matter, so a thing keeps its key when others come or go before it. Things
    that hold the same are told apart by the hash of their place as well.

    >>> distinct_keys([("a", "1", "p1"), ("b", "1", "p1"), ("b", "2", "p2")])
    ['a', 'b-6b86b273', 'b-d4735e3a']
    """
    entries = list(named)
    names = Counter(name for name, _, _ in entries)
    contents = Counter((name, content) for name, content, _ in entries)
    keys = []
    for name, content, place in entries:
        if names[name] == 1:
            keys.append(name)
        else:
            alone = contents[name, content] == 1
            keys.append(f"{name}-{_hash(content if alone else f'{content} {place}')}")
    return keys


def with_unique_keys(records: Iterable[Record], key: str) -> list[Record]:
    """The records, those that repeat a key marked "-2", "-3" and so on."""
    seen: Counter[str] = Counter()
    unique = []
    for record in records:
        name = getattr(record, key)
        seen[name] += 1
        unique.append(record if seen[name] == 1 else _with(record, key, f"{name}-{seen[name]}"))
    return unique


def with_own_keys(
    records: Iterable[Record], key: str, content: Callable[[Record], str]
) -> list[Record]:
    """The records, those that share a key told apart by what they are (``distinct_keys``)."""
    listed = list(records)
    places: Counter[tuple[str, str]] = Counter()
    named = []
    for record in listed:
        name, about = getattr(record, key), content(record)
        places[name, about] += 1
        named.append((name, about, str(places[name, about])))
    return [
        replace(record, **{key: own})
        for record, own in zip(listed, distinct_keys(named), strict=True)
    ]


def _with(record: Record, key: str, value: str) -> Record:
    changed: dict[str, Any] = {key: value}
    return replace(record, **changed)


def without_positions(text: str) -> str:
    """A text about places without their pages, lines and addresses.

    >>> without_positions("表2“住房公积金”（第3页第147行 D15）")
    '表2“住房公积金”（）'
    """
    return _POSITION.sub("", text)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]
