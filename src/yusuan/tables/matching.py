"""Which field of a standard table a heading path names."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from yusuan.model.text import normal
from yusuan.schema import Catalogue, catalogue
from yusuan.schema.resource import Field, Resource
from yusuan.schema.vocabulary import names_of
from yusuan.schema.wording import wording
from yusuan.tables.marks import Marks, read_marks

__all__ = ["match_column", "match_field", "match_marks", "of_other_list"]

_LISTS = {"fund_source": "fund-sources", "expenditure_type": "expenditure-types", "item": "items"}
_BRACKETS = re.compile(r"\([^()]*\)$")
_ASIDE = re.compile(r"\((?:不?含|不?包括|保留|人民币)[^()]*\)$")
_BARE = (("预算数",), ("金额",), ("合计",))
"""What a heading means that only states a year, a phase or a unit."""


def _synonyms(list_name: str, code: str) -> tuple[str, ...]:
    return tuple(name for name, named in names_of(list_name).items() if named == code)


def _headings(resource: Resource, field: Field) -> tuple[str, ...]:
    """The headings of a field, with all names of the concept that it alone stands for."""
    if len(field.dimensions) != 1:
        return field.headings
    ((dimension, code),) = field.dimensions.items()
    list_name = _LISTS.get(dimension)
    alone = [other for other in resource.fields if other.dimensions == field.dimensions] == [field]
    return (*field.headings, *_synonyms(list_name, code)) if list_name and alone else field.headings


def match_field(
    resource: Resource, path: tuple[str, ...], taken: frozenset[str] = frozenset()
) -> tuple[int, Field] | None:
    """The field of a standard table that a heading path names, and how many headings agree.

    A heading of the schema may be a path itself ("公务用车购置及运行费/小计"); the longest
    match wins, so that a subtotal under a group is not taken for the grand total.
    """
    headings = "/" + "/".join(normal(part) for part in path)
    declared = _declared(catalogue(), resource.name)
    best: tuple[int, int, str] | None = None
    at = len(headings)
    while (at := headings.rfind("/", 0, at)) >= 0:
        for found in declared.get(headings[at:], ()):
            if found[2] not in taken and (best is None or found[:2] > best[:2]):
                best = found
    return (best[0], resource.field(best[2])) if best else None


@cache
def _declared(known: Catalogue, table: str) -> dict[str, list[tuple[int, int, str]]]:
    """The headings of a table as ends of paths, with how many headings each is, a number that is
    higher for what the schema names first, and the field."""
    resource = known[table]
    named: dict[str, list[tuple[int, int, str]]] = {}
    pairs = ((heading, f.name) for f in resource.fields for heading in _headings(resource, f))
    for order, (heading, name) in enumerate(pairs):
        end = "/" + "/".join(normal(part) for part in heading.split("/"))
        named.setdefault(end, []).append((heading.count("/") + 1, -order, name))
    return named


def match_column(resource: Resource, path: tuple[str, ...]) -> Field | None:
    """The field a whole column names, whatever year, phase and unit its heading states."""
    name = _named_column(catalogue(), resource.name, path)
    return resource.field(name) if name else None


@lru_cache(maxsize=1 << 14)
def _named_column(known: Catalogue, table: str, path: tuple[str, ...]) -> str | None:
    field = match_marks(known[table], read_marks(path))[1]
    return field.name if field else None


def match_marks(resource: Resource, marks: Marks) -> tuple[int, Field | None]:
    """How many headings agree with the field that a path names, and the field.

    A last heading such as 小计 belongs to the one above it, unless the schema says otherwise.
    """
    if marks.kind not in ("amount", "remark", "count") or of_other_list(resource, marks):
        return 0, None
    short = marks.without
    while len(short) > 1 and short[-1] in wording().generic:
        short = short[:-1]
    last = marks.path[-1:]
    stated = marks.bare or last != marks.without[-1:] or set(last) <= wording().generic
    bare = list(_BARE) if stated else []
    paths = [marks.path, marks.without, short, _without_sum(short), _without_aside(short), *bare]
    found = [match_field(resource, path) for path in paths]
    matches = [match for match in found if match and _belongs(resource, match, marks.without)]
    long = [match for match in matches if match[0] > 1]
    own = [match for match in found[2:3] if match in matches and match[1].role == "amount"]
    named = next(iter(long or own or matches), None)
    return named or _common(resource, marks.path)


def _without_sum(path: tuple[str, ...]) -> tuple[str, ...]:
    """基本支出小计 is 基本支出: the last heading without a word that adds nothing."""
    last = path[-1] if path else ""
    known = (word for word in wording().generic if last.endswith(word) and last != word)
    word = min(known, key=len, default="")
    return (*path[:-1], last.removesuffix(word)) if word else path


def _without_aside(path: tuple[str, ...]) -> tuple[str, ...]:
    """单位上年结余(不包括…) is 单位上年结余: the last heading without what it counts in or not."""
    return (*path[:-1], _ASIDE.sub("", path[-1])) if path else path


def _common(resource: Resource, path: tuple[str, ...]) -> tuple[int, Field | None]:
    """The code or label column of any table, by the end of its heading; agreeing with none
    of the headings of its own."""
    last, words = path[-1] if path else "", wording()
    plain = _BRACKETS.sub("", last)
    if plain.endswith(words.code_endings):  # 科目编码(单位编码)
        return 0, next(iter(resource.with_role("code")), None)
    if plain in words.labels or last.endswith(words.label_endings) or plain.endswith("科目"):
        return 0, next(iter(resource.with_role("label")), None)
    return 0, None


def of_other_list(resource: Resource, marks: Marks) -> bool:
    """Whether the headings name another classification than that of the table's rows."""
    own = {field.code_list for field in resource.with_role("code")}
    text = "".join(marks.path)
    named = next((found for word, found in wording().classifications.items() if word in text), None)
    return bool(own and named and named not in own and not resource.sides)


def _belongs(resource: Resource, match: tuple[int, Field], path: tuple[str, ...]) -> bool:
    """Whether no heading above names a column that the field is no part of.

    Under 上年结转, 一般公共预算 is not the column of that name.
    """
    length, field = match
    for depth in range(1, len(path) - length + 1):
        above = match_field(resource, path[:depth])
        if above and above[1].role == "amount" and not _is_part(resource, field, above[1]):
            return False
    return True


def _is_part(resource: Resource, field: Field, whole: Field) -> bool:
    return field is whole or any(
        _is_part(resource, field, resource.field(name)) for name in whole.sum_of
    )
