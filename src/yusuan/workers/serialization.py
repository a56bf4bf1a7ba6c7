"""Records as plain data between processes: JSON that names no code, unlike a pickle.

A process that reads a hostile file may be taken over, so what it sends is decoded as data: into
records of classes that were named beforehand, each field of a type that its annotation allows, and
nothing else is called. Records that stand in several places come back as one, as they were.
"""

from __future__ import annotations

import dataclasses
import json
import typing
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from operator import attrgetter
from types import MappingProxyType
from typing import Any

from yusuan.workers.messages import BadReply

__all__ = ["RecordCodec"]

_AGAIN, _TUPLE, _LIST, _DICT, _SET, _DECIMAL, _DATE, _BYTES = range(-1, -9, -1)
_SIMPLE = frozenset({str, int, bool, type(None)})


@dataclasses.dataclass(frozen=True, slots=True)
class _Kind:
    """A class of records: its fields in order, and the types that each may have; None: any."""

    kind: type
    values: Callable[[Any], tuple[Any, ...]]
    """The values of the fields of one."""
    allowed: tuple[frozenset[type] | None, ...]


class RecordCodec:
    """Encodes and decodes the classes given, and all that their annotations mention."""

    def __init__(self, *roots: type) -> None:
        self._kinds: list[_Kind] = []
        self._numbers: dict[type, int] = {}
        for root in roots:
            self._know(root)

    def encode(self, value: Any) -> bytes:
        """A message. Raises TypeError for what is neither a known record nor plain."""
        blobs: list[bytes] = []
        numbers, kinds = self._numbers, self._kinds
        seen: dict[int, int] = {}

        def made(value: Any) -> Any:
            kind = type(value)
            if kind in _SIMPLE:
                return value
            number = numbers.get(kind)
            if number is not None:
                if (known := seen.get(id(value))) is not None:
                    return [_AGAIN, known]
                fields = [number]
                for each in kinds[number].values(value):
                    fields.append(each if type(each) in _SIMPLE else made(each))
                seen[id(value)] = len(seen)
                return fields
            if kind is tuple:
                return [_TUPLE, *[each if type(each) in _SIMPLE else made(each) for each in value]]
            if kind is list:
                return [_LIST, *map(made, value)]
            if kind is dict or kind is MappingProxyType:
                return [_DICT, *(made(each) for pair in value.items() for each in pair)]
            if kind is frozenset:
                return [_SET, *map(made, value)]
            if kind is Decimal:
                return [_DECIMAL, str(value)]
            if kind is date:
                return [_DATE, value.isoformat()]
            if kind is bytes:
                blobs.append(value)
                return [_BYTES, len(blobs) - 1, len(value)]
            for plain in (str, int):  # a parser's own kind of text or number
                if isinstance(value, plain):
                    return plain(value)
            raise TypeError(f"{kind.__name__} cannot be sent between processes")

        text = json.dumps(made(value), separators=(",", ":")).encode()
        return b"".join([len(text).to_bytes(8), text, *blobs])

    def decode(self, message: bytes, expected: type) -> Any:
        """What was encoded. Raises BadReply when it is no ``expected`` made of known records."""
        try:
            end = 8 + int.from_bytes(message[:8])
            value = self._value(json.loads(message[8:end]), memoryview(message)[end:])
        except (
            ValueError,
            TypeError,
            KeyError,
            IndexError,
            ArithmeticError,
            RecursionError,
        ) as error:
            raise BadReply(f"{type(error).__name__}: {str(error)[:200]}") from error
        if not isinstance(value, expected):
            raise BadReply(f"{type(value).__name__}; expected {expected.__name__}")
        return value

    def _value(self, tree: Any, rest: memoryview) -> Any:
        kinds = self._kinds
        seen: list[Any] = []
        start = 0

        def made(tree: Any) -> Any:
            nonlocal start
            if type(tree) is not list:
                if type(tree) in _SIMPLE:
                    return tree
                raise ValueError(f"{type(tree).__name__} is not expected")
            tag = tree[0]
            if type(tag) is not int:
                raise ValueError("a list without a tag")
            if tag >= 0:
                kind = kinds[tag]
                values = [each if type(each) in _SIMPLE else made(each) for each in tree[1:]]
                for value, allowed in zip(values, kind.allowed, strict=True):
                    if allowed is not None and type(value) not in allowed:
                        raise ValueError(f"{kind.kind.__name__} with a {type(value).__name__}")
                seen.append(kind.kind(*values))
                return seen[-1]
            if tag == _AGAIN:
                number = tree[1]
                if type(number) is not int or number < 0:
                    raise ValueError("no earlier record")
                return seen[number]
            if tag == _TUPLE:
                return tuple([each if type(each) in _SIMPLE else made(each) for each in tree[1:]])
            if tag == _LIST:
                return list(map(made, tree[1:]))
            if tag == _DICT:
                parts = list(map(made, tree[1:]))
                return dict(zip(parts[::2], parts[1::2], strict=True))
            if tag == _SET:
                return frozenset(map(made, tree[1:]))
            if tag == _DECIMAL:
                return Decimal(tree[1])
            if tag == _DATE:
                return date.fromisoformat(tree[1])
            if tag == _BYTES:
                size = tree[2]
                if type(size) is not int or not 0 <= size <= len(rest) - start:
                    raise ValueError("bytes that were not sent")
                start += size
                return bytes(rest[start - size : start])
            raise ValueError(f"no such tag: {tag}")

        return made(tree)

    def _know(self, annotation: Any) -> None:
        if dataclasses.is_dataclass(annotation) and isinstance(annotation, type):
            if annotation in self._numbers:
                return
            self._numbers[annotation] = len(self._kinds)
            fields = [each for each in dataclasses.fields(annotation) if each.init]
            hints = typing.get_type_hints(annotation)
            self._kinds.append(_Kind(
                annotation, _values_of([each.name for each in fields]),
                tuple(_types(hints[each.name]) for each in fields),
            ))  # fmt: skip
            for each in fields:
                self._know(hints[each.name])
        for part in typing.get_args(annotation):
            self._know(part)


def _values_of(names: list[str]) -> Callable[[Any], tuple[Any, ...]]:
    if len(names) > 1:
        return attrgetter(*names)
    return lambda record: tuple(getattr(record, name) for name in names)


_ORIGINS: Mapping[Any, frozenset[type]] = {
    tuple: frozenset({tuple}), list: frozenset({list}), frozenset: frozenset({frozenset}),
    dict: frozenset({dict}), Mapping: frozenset({dict}),
}  # fmt: skip


def _types(annotation: Any) -> frozenset[type] | None:
    """The classes that a value of an annotation can have; None where it says too little."""
    origin = typing.get_origin(annotation)
    if origin in _ORIGINS:
        return _ORIGINS[origin]
    if origin is typing.Literal:
        return frozenset(type(each) for each in typing.get_args(annotation))
    if parts := typing.get_args(annotation):
        found = [_types(part) for part in parts]
        return None if None in found else frozenset().union(*filter(None, found))
    known: Callable[[Any], bool] = _SIMPLE.__contains__
    if (
        known(annotation)
        or annotation in (Decimal, date, bytes)
        or dataclasses.is_dataclass(annotation)
    ):
        return frozenset({int, bool}) if annotation is int else frozenset({annotation})
    return None
