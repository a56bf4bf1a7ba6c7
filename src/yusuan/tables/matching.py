"""What a header path says: year, phase, unit and kind of the numbers, and the field it names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

from yusuan.lexicon.phrases import phrase, words_of
from yusuan.lexicon.units import find_unit
from yusuan.model.text import normal, without_numbering
from yusuan.schema import Catalogue, catalogue
from yusuan.schema.resource import Field, Resource
from yusuan.schema.vocabulary import names_of, phase_named
from yusuan.schema.wording import wording

__all__ = [
    "HeadingQualifiers",
    "is_counted",
    "match_column",
    "match_field",
    "match_qualifiers",
    "of_other_list",
    "read_qualifiers",
]

_COUNTED = re.compile(r"[(\[](?:单位:)?([^()\[\]]{1,5})[)\]]$")
_YEAR = re.compile(r"^(20\d\d)年?度?(?!\d)")
_FOOTNOTE = re.compile(r"[*★☆]+|:$")


ColumnKind = Literal[
    "amount", "rate", "change", "remark", "count", "budget-unit-code", "budget-unit-name"
]
"""What the numbers or texts of a column are by its headings; a change is a difference."""


@dataclass(frozen=True, slots=True)
class HeadingQualifiers:
    """What a path states, and the headings that are left, in normal form.

    ``year`` is printed in full, ``years_before`` counts the years before the budget year. ``without_phase``
    are the headings without the one that names the phase, which alone may name the column.
    """

    path: tuple[str, ...]
    without_phase: tuple[str, ...]
    year: int | None = None
    years_before: int | None = None
    phase: str | None = None
    unit: int | None = None
    kind: ColumnKind = "amount"
    bare: bool = False
    """Whether the lowest heading states a year, a unit or both, and nothing else."""


def read_qualifiers(path: tuple[str, ...]) -> HeadingQualifiers:
    """Read a heading path (as printed, from the top).

    >>> qualifiers = read_qualifiers(("2023年执行数（万元）", "其中：基本支出"))
    >>> qualifiers.year, qualifiers.phase, qualifiers.unit, qualifiers.without_phase
    (2023, 'executed', 10000, ('基本支出',))
    """
    return _qualifiers(catalogue(), path)


@lru_cache(maxsize=1 << 14)
def _qualifiers(known: Catalogue, path: tuple[str, ...]) -> HeadingQualifiers:
    """``known`` has the names of the phases."""
    year = years_before = phase = unit = None
    kept: list[str] = []
    bare = False
    without_phase: list[str] = []
    for part in path:
        unit = find_unit(part) or unit
        text = phrase("caption.unit_in_brackets").sub("", _FOOTNOTE.sub("", normal(part)))
        text = without_numbering(text)
        if match := _YEAR.match(text):
            year, text = int(match[1]), text[match.end() :]
        else:
            before, text = _relative(text)
            years_before = before if before is not None else years_before
        named = phase_named(text)
        phase = named or phase
        bare = not text
        kept += [text] if text else []
        without_phase += [text] if text and not named else []
    return HeadingQualifiers(
        tuple(kept), tuple(without_phase), year, years_before, phase, unit, _kind(kept), bare
    )


def is_counted(label: str) -> bool:
    """Whether a heading or label in normal form says that its numbers are counted, not paid.

    >>> is_counted("1.公务用车保有量(辆)"), is_counted("合计(万元)")
    (True, False)
    """
    match = _COUNTED.search(label)
    units = re.split("[,、]", match[1]) if match else []
    return bool(units) and set(units) <= wording().counted_in


def _relative(text: str) -> tuple[int | None, str]:
    """Years before the budget year, where a word for a year stands alone or before a phase."""
    for word, years_before in wording().years.items():
        rest = text.removeprefix(word)
        if rest != text and (rest in ("", "数") or phase_named(rest)):
            return years_before, rest.removeprefix("数") if rest == "数" else rest
    return None, text


def _kind(headings: list[str]) -> ColumnKind:
    """What a column holds by its headings; the lowest one that says so decides."""
    words = wording()
    last = headings[-1] if headings else ""
    plain = [phrase("heading.compared").sub("", heading) for heading in headings]
    if last in words.rates or any("%" in heading for heading in headings):
        return "rate"
    if any(heading in words.changes for heading in plain):
        return "change"
    kinds: dict[ColumnKind, frozenset[str]] = {
        "remark": words.remarks, "budget-unit-code": words.budget_unit_codes, "budget-unit-name": words.budget_unit_names,
    }  # fmt: skip
    kind: ColumnKind = next((kind for kind, known in kinds.items() if last in known), "amount")
    counts = kind == "amount" and (last.endswith(words.counts) or is_counted(last))
    return "count" if counts and not last.endswith(words.code_endings) else kind


_LISTS = {"fund_source": "fund-sources", "expenditure_type": "expenditure-types", "item": "items"}
_CUT_OFF = 5
"""A shorter beginning (财政拨款) may be a heading of its own."""
_LEVELS = re.compile(r"(?<=码)类?款?项?$")
"""What headings of the levels of a code add, where they stand in the same cell (科目编码类 款 项)."""
_BRACKETS = re.compile(r"\([^()]*\)$")


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
    field = match_qualifiers(known[table], read_qualifiers(path))[1]
    return field.name if field else None


def match_qualifiers(resource: Resource, qualifiers: HeadingQualifiers) -> tuple[int, Field | None]:
    """How many headings agree with the field that a path names, and the field.

    A last heading such as 小计 belongs to the one above it, unless the schema says otherwise.
    """
    if qualifiers.kind not in ("amount", "remark", "count") or of_other_list(resource, qualifiers):
        return 0, None
    short = qualifiers.without_phase
    while len(short) > 1 and short[-1] in wording().generic:
        short = short[:-1]
    last = qualifiers.path[-1:]
    stated = (
        qualifiers.bare or last != qualifiers.without_phase[-1:] or set(last) <= wording().generic
    )
    bare = [(word,) for word in words_of("bare_heading")] if stated else []
    paths = [
        qualifiers.path,
        qualifiers.without_phase,
        short,
        _without_sum(short),
        _without_aside(short),
        _without_phase_before(short),
        *bare,
    ]
    found = [match_field(resource, path) for path in paths]
    matches = [
        match for match in found
        if match and _belongs(resource, match, qualifiers.without_phase)
        and not (match[0] == 1 and _is_below_cut_off(resource, match[1], qualifiers.without_phase))
    ]  # fmt: skip
    long = [match for match in matches if match[0] > 1]
    own = [match for match in found[2:3] if match in matches and match[1].role == "amount"]
    named = next(iter(long or own or matches), None)
    return named or _common(resource, qualifiers.path)


def _without_sum(path: tuple[str, ...]) -> tuple[str, ...]:
    """基本支出小计 is 基本支出: the last heading without a word that adds nothing."""
    last = path[-1] if path else ""
    known = (word for word in wording().generic if last.endswith(word) and last != word)
    word = min(known, key=len, default="")
    return (*path[:-1], last.removesuffix(word)) if word else path


def _without_phase_before(path: tuple[str, ...]) -> tuple[str, ...]:
    """预算数合计 is 合计: the last heading without a phase before a word that adds nothing."""
    last = path[-1] if path else ""
    word = next((word for word in wording().generic if last.endswith(word) and last != word), "")
    return (*path[:-1], word) if word and phase_named(last.removesuffix(word)) else path


def _without_aside(path: tuple[str, ...]) -> tuple[str, ...]:
    """单位上年结余(不包括…) is 单位上年结余: the last heading without what it counts in or not."""
    return (*path[:-1], phrase("heading.aside").sub("", path[-1])) if path else path


def _common(resource: Resource, path: tuple[str, ...]) -> tuple[int, Field | None]:
    """The code or label column of any table, by the end of its heading; agreeing with none
    of the headings of its own."""
    last, words = path[-1] if path else "", wording()
    plain = _LEVELS.sub("", _BRACKETS.sub("", last))
    above = path[-2] if len(path) > 1 else ""
    bare = last in words.bare_codes and (
        not above or any(word in above for word in words.codes_below)
    )
    if bare or plain.endswith(words.code_endings):  # 科目编码(单位编码)
        return 0, next(iter(resource.with_role("code")), None)
    if plain in words.labels or last.endswith(words.label_endings) or plain.endswith("科目"):
        return 0, next(iter(resource.with_role("label")), None)
    return 0, None


def of_other_list(resource: Resource, qualifiers: HeadingQualifiers) -> bool:
    """Whether the headings name another classification than that of the table's rows."""
    own = {field.code_list for field in resource.with_role("code")}
    text = "".join(qualifiers.path)
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


def _is_below_cut_off(resource: Resource, field: Field, path: tuple[str, ...]) -> bool:
    """Whether a heading that adds nothing (小计) stands below the beginning of the heading of another
    column (公务用车购置及运行…), or below one that names a part of its own among others: then it is
    not the total of the whole table."""
    if len(path) < 2 or path[-1] not in wording().generic or len(path[-2]) < _CUT_OFF:
        return False
    named = match_field(resource, path[:-1])
    if named and named[1] is field:  # the field of the heading above, whatever its name begins with
        return False
    known = {
        part: other
        for other in resource.with_role("amount")
        for heading in other.headings
        for part in normal(heading).split("/")
    }
    return path[-2] not in known and any(
        other is not field
        and (
            part.startswith(path[-2])
            or (len(part) >= _CUT_OFF and part in path[-2] and _is_part(resource, other, field))
        )
        for part, other in known.items()
    )


def _is_part(resource: Resource, field: Field, whole: Field) -> bool:
    return field is whole or any(
        _is_part(resource, field, resource.field(name)) for name in whole.sum_of
    )
