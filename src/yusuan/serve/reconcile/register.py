"""The entities that names are matched with: rows of departments, lists and classifications."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from yusuan.codes.names import folded, same_key
from yusuan.model.text import normal
from yusuan.schema import Resource, catalogue
from yusuan.schema.messages import message
from yusuan.serve.cells import entity_path

__all__ = [
    "CODE",
    "DEPARTMENT",
    "Entity",
    "Property",
    "Ref",
    "Register",
    "Type",
    "key_of",
    "pairs_of",
    "register",
    "value_key",
]

DEPARTMENT = "department"
CODE = "code"
# Columns that hold other forms of the name.
_FORMS = ("names", "printed_names", "name_en")


@dataclass(frozen=True, slots=True)
class Ref:
    """A value that is another entity."""

    id: str


@dataclass(frozen=True, slots=True)
class Type:
    """What entities may be: departments, codes, or codes of one list."""

    id: str
    name: str
    description: str
    broader: str | None = None


@dataclass(frozen=True, slots=True)
class Property:
    """A column of some type's table."""

    id: str
    name: str
    description: str
    types: frozenset[str]


@dataclass(frozen=True, slots=True)
class Entity:
    """``id`` is its IRI without the package's base; ``keys`` are its names as they are compared."""

    id: str
    name: str
    description: str
    types: tuple[str, ...]
    code: str
    keys: frozenset[str]
    values: Mapping[str, tuple[str | int | Ref, ...]]


@dataclass(slots=True)
class Register:
    """All entities of a package by id, and the ids by what is asked for: pairs of characters in
    names, whole names, codes, values of properties (each as it is compared)."""

    entities: dict[str, Entity] = field(default_factory=dict)
    types: dict[str, Type] = field(default_factory=dict)
    properties: dict[str, Property] = field(default_factory=dict)
    pairs: dict[str, list[str]] = field(default_factory=dict)
    names: dict[str, list[str]] = field(default_factory=dict)
    codes: dict[str, list[str]] = field(default_factory=dict)
    values: dict[tuple[str, str], set[str]] = field(default_factory=dict)


def key_of(name: str, kind: str) -> str:
    """A name as it is compared; names of codes lose what only print adds.

    >>> key_of("20103 政府办公厅（室）及相关机构事务（款）", CODE), key_of("县财政局（本级）", DEPARTMENT)
    ('政府办公厅(室)及相关机构事务', '县财政局(本级)')
    """
    return (folded(name) if kind == DEPARTMENT else same_key(name)).lower()


def pairs_of(key: str) -> set[str]:
    """The pairs of neighbouring characters; a single character stands for itself."""
    return {key[i : i + 2] for i in range(len(key) - 1)} or {key}


@lru_cache(maxsize=4)
def register(database: Path, version: int) -> Register:
    """The entities of a package's database; ``version`` is another once it was rebuilt."""
    found = Register()
    found.types[DEPARTMENT] = Type(DEPARTMENT, *message("type-department"))
    found.types[CODE] = Type(CODE, *message("type-code"))
    uri = database.resolve().as_uri() + "?mode=ro&immutable=1"
    with closing(sqlite3.connect(uri, uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        for resource in _resources():
            _add(found, resource, connection)
    for entity in found.entities.values():
        if entity.code:
            found.codes.setdefault(entity.code, []).append(entity.id)
        for key in entity.keys:
            found.names.setdefault(key, []).append(entity.id)
        for pair in {pair for key in entity.keys for pair in pairs_of(key)}:
            found.pairs.setdefault(pair, []).append(entity.id)
        for name, values in entity.values.items():
            for text in {text for value in values for text in _texts(found, value)}:
                found.values.setdefault((name, value_key(text)), set()).add(entity.id)
    return found


def value_key(text: str) -> str:
    """The value of a property as it is compared."""
    return normal(text).lower()


def _texts(found: Register, value: str | int | Ref) -> tuple[str, ...]:
    """What may be said for a value: an entity's id or name."""
    if not isinstance(value, Ref):
        return (str(value),)
    other = found.entities.get(value.id)
    return (value.id, other.name) if other else (value.id,)


def _resources() -> Iterator[Resource]:
    yield catalogue()["departments"]
    yield from catalogue().of_kind("classification")
    yield from catalogue().of_kind("list")


def _add(found: Register, resource: Resource, connection: sqlite3.Connection) -> None:
    rows = connection.execute(f'select * from "{resource.sql_name}"').fetchall()
    if not rows:
        return
    is_code = resource.name != "departments"
    types: tuple[str, ...] = (resource.name, CODE) if is_code else (DEPARTMENT,)
    if is_code:
        described = Type(resource.name, resource.title, resource.title_en, CODE)
        found.types[resource.name] = described
    for each in resource.fields:
        known = found.properties.get(each.name)
        found.properties[each.name] = Property(
            each.name,
            known.name if known else each.title,
            known.description if known else each.title_en,
            (known.types if known else frozenset()) | {types[0]},
        )
    for row in rows:
        entity = _entity(resource, row, types)
        found.entities[entity.id] = entity


def _entity(resource: Resource, row: sqlite3.Row, types: tuple[str, ...]) -> Entity:
    key = str(row[resource.primary_key])
    columns = row.keys()
    names = {str(row["name"])}
    values: dict[str, tuple[str | int | Ref, ...]] = {}
    for each in resource.fields:
        if (value := row[each.name]) is None or value == "":
            continue
        parts = str(value).split(each.separator) if each.separator else [value]
        if each.name in _FORMS:
            names |= {str(part) for part in parts}
        target = resource.key_of(each.name)
        if target is None:
            values[each.name] = tuple(parts)
        else:
            other = catalogue()[target.resource] if target.resource else resource
            path = entity_path(other, str(value))
            values[each.name] = (Ref(path[1:]),) if path else (str(value),)
    code = str(row["code"]) if "code" in columns else ""
    kind = CODE if CODE in types else DEPARTMENT
    year = str(row["year"] or "") if "year" in columns else ""
    division = (row["division_name"] or "") if kind == DEPARTMENT else ""
    words = (code, f"{resource.title} {year}".strip()) if kind == CODE else (division, key)
    path = entity_path(resource, key)
    assert path is not None, resource.name
    return Entity(
        id=path[1:],
        name=str(row["name"]),
        description=" · ".join(filter(None, words)),
        types=types,
        code=code,
        keys=frozenset(key_of(name, kind) for name in names if name),
        values=values,
    )
