"""The rules of ``schemas/rules.yaml`` and of the user's own file, read and validated: what each
compares, and where it applies (phase, years, tables, departments, divisions)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

from yusuan.checks.rulefile import (
    FILE,
    RuleEntry,
    check_form,
    families,
    nearest,
    read_entries,
    settings_of,
)
from yusuan.files.data import of_content
from yusuan.model.findings import Verdict
from yusuan.narrative.subjects import subjects
from yusuan.schema import catalogue, data_path
from yusuan.schema.overlay import overlay_folder

__all__ = [
    "ALWAYS",
    "FILE",
    "VARIABLES",
    "Rule",
    "Scope",
    "When",
    "Years",
    "load_rules",
    "when_of",
    "years_of",
]

VARIABLES = ("place", "printed", "expected", "parts", "other", "reason")
"""What a message may have in braces."""
_PATTERNS = frozenset({"words", "about", "named", "empty", "none", "heading"})
_LINES = ("total", "plus", "minus", "part", "whole")
"""Settings that may name a cell without a row: then every row is meant."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What the conditions of rules are held against: one disclosure, in one file or several."""

    phase: str
    fiscal_year: int
    tables: frozenset[str]
    department: str
    division: str


@dataclass(frozen=True, slots=True)
class Years:
    """Fiscal years from ``first`` to ``last``, either end open."""

    first: int | None = None
    last: int | None = None

    def __contains__(self, year: int) -> bool:
        return (self.first or year) <= year <= (self.last or year)

    def __str__(self) -> str:
        if self.first == self.last:
            return str(self.first or "")
        return f"{self.first or ''}–{self.last or ''}"


@dataclass(frozen=True, slots=True)
class When:
    """The conditions of a rule; without any it always applies."""

    phase: str | None = None
    years: Years = Years()
    tables: frozenset[str] = frozenset()
    departments: tuple[str, ...] = ()
    divisions: tuple[str, ...] = ()

    def covers(self, scope: Scope) -> bool:
        """Whether all conditions but the phase hold, which tables have for each amount."""
        return (
            scope.fiscal_year in self.years
            and self.tables <= scope.tables
            and (not self.departments or any(word in scope.department for word in self.departments))
            and (not self.divisions or scope.division.startswith(self.divisions))
        )

    def applies(self, scope: Scope) -> bool:
        """Whether all conditions hold."""
        return self.phase in (None, scope.phase) and self.covers(scope)


ALWAYS = When()


def years_of(value: str | int) -> Years:
    """Years as a rule file spells them: 2022, "2020-", "-2019", "2018-2021".

    Raises ValueError where the last is before the first.
    """
    if isinstance(value, int):
        return Years(value, value)
    first, _, last = value.partition("-")
    years = Years(int(first) if first else None, int(last) if last else None)
    if years.first and years.last and years.first > years.last:
        raise ValueError(f"{value} ends before it begins; write {last}-{first}")
    return years


def when_of(content: Mapping[str, Any]) -> When:
    """The conditions below ``when:``; raises ValueError for years that cannot be."""
    return When(
        phase=content.get("phase"),
        years=years_of(content["years"]) if "years" in content else Years(),
        tables=frozenset(content.get("tables", ())),
        departments=tuple(content.get("departments", ())),
        divisions=tuple(content.get("divisions", ())),
    )


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its family says what is compared, ``settings`` which cells, ``when`` where."""

    id: str
    family: str
    verdict: Verdict
    title: str
    title_en: str
    message: str
    message_en: str
    reason: str = ""
    reason_en: str = ""
    when: When = ALWAYS
    settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def phase(self) -> str | None:
        """The phase that it is for; None for all."""
        return self.when.phase


def load_rules(path: Path | None = None) -> tuple[Rule, ...]:
    """The rules that apply, in the order of the file, then those that the user has added.

    A ``path`` stands in for both files. Raises YusuanError naming the file, the line, the
    rule, and what is wrong with it.
    """
    if path is not None:
        return _rules(read_entries(path))
    return _installed(overlay_folder())


@cache
def _installed(own: str | None) -> tuple[Rule, ...]:
    base = read_entries(data_path("schemas", FILE))
    of_content(data_path("schemas", FILE), "rules-form", lambda *_: _well_formed(base))
    file = Path(own or "") / FILE
    if own is None or not file.is_file():
        return _rules(base)
    catalogue()  # tells what else is wrong with the user's folder
    return _rules(_merged(base, read_entries(file, str(file))))


def _well_formed(base: Iterable[RuleEntry]) -> bool:
    """Raises YusuanError as ``check_form`` does; what was found right once is kept in the cache."""
    for entry in base:
        check_form(_with_message(entry))
    return True


def _merged(base: list[RuleEntry], own: list[RuleEntry]) -> list[RuleEntry]:
    """One's own entries: those with a family are whole rules, new or in place of one; the others
    change what they name of the rule with their id."""
    merged = {entry.id: entry for entry in base}
    seen: set[str] = set()
    for entry in own:
        if entry.id in seen:
            raise entry.mistake(("id",), "the id is used twice")
        seen.add(entry.id)
        known = merged.get(entry.id)
        if "family" not in entry.content:
            if "id" in entry.content and known is None:
                hint = nearest(entry.id, merged)
                raise entry.mistake(("id",), "there is no rule of this id to change, and a new "
                                    f"one needs a family{hint}")  # fmt: skip
            content = {**known.content, **entry.content} if known else entry.content
            entry = replace(entry, content=content)
        merged[entry.id] = entry
    return list(merged.values())


def _rules(entries: list[RuleEntry]) -> tuple[Rule, ...]:
    rules: dict[str, Rule] = {}
    switched_off: set[str] = set()
    for entry in entries:
        off = entry.content.get("verdict") in (False, "off")  # YAML takes off for false
        if off:
            switched_off.add(entry.id)
            entry = replace(entry, content={**entry.content, "verdict": "off"})
        entry = _with_message(entry)
        if not entry.installed:
            check_form(entry)
        if entry.id in rules:
            raise entry.mistake(("id",), "the id is used twice")
        rules[entry.id] = _rule(entry)
    return tuple(rule for rule in rules.values() if rule.id not in switched_off)


def _with_message(entry: RuleEntry) -> RuleEntry:
    """A rule that has no message has that of its family."""
    family = families().get(str(entry.content.get("family")), {})
    given = {"message", "message@en"} & entry.content.keys()
    if given or "message" not in family:
        return entry
    own = {key: family[key] for key in ("message", "message@en")}
    return replace(entry, content={**entry.content, **own})


def _rule(entry: RuleEntry) -> Rule:
    item = entry.content
    for key in ("message", "message@en"):
        _check_message(entry, key)
    for keys, value in _values(item, ()):
        _check_value(entry, keys, value)
    _check_lines(entry)
    own = settings_of(item["family"])
    return Rule(
        id=item["id"],
        family=item["family"],
        verdict=item["verdict"],
        title=item["title"],
        title_en=item["title@en"],
        message=item["message"],
        message_en=item["message@en"],
        reason=item.get("reason", ""),
        reason_en=item.get("reason@en", ""),
        when=when_of(item.get("when", {})),
        settings={key: value for key, value in item.items() if key in own},
    )


def _check_message(entry: RuleEntry, key: str) -> None:
    try:
        names = [name for _, name, _, _ in Formatter().parse(entry.content[key])]
    except ValueError as error:
        raise entry.mistake(
            (key,), f"{error}; a brace of its own is written {{{{ or }}}}"
        ) from None
    for name in names:
        if name is not None and name not in VARIABLES:
            known = ", ".join(f"{{{variable}}}" for variable in VARIABLES)
            raise entry.mistake(
                (key,), f"there is no {{{name}}}; there are {known}{nearest(name, VARIABLES)}"
            )


Keys = tuple[str | int, ...]


def _values(value: Any, keys: Keys) -> Iterator[tuple[Keys, Any]]:
    yield keys, value
    inner = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list)
        else ()
    )  # fmt: skip
    for key, found in inner:
        yield from _values(found, (*keys, key))


def _check_value(entry: RuleEntry, keys: Keys, value: Any) -> None:
    """What a value names must exist: tables, columns, rows, subjects; and patterns must be ones."""
    key = keys[-1] if keys else ""
    family = entry.content["family"]
    if key == "years":
        try:
            years_of(value)
        except ValueError as error:
            raise entry.mistake(keys, str(error)) from None
    elif key in _PATTERNS:
        try:
            re.compile(value)
        except re.error as error:
            raise entry.mistake(keys, f"no regular expression: {error}") from None
    elif isinstance(value, dict) and "table" in value:
        for table in _listed(value["table"]):
            _check_table(entry, (*keys, "table"), table)
        if "column" in value:
            _check_cell(entry, keys, value)
    elif key == "tables":
        for number, table in enumerate(value):
            _check_table(entry, (*keys, number), table)
    elif key == "claim" or (
        family in ("claim-sum", "change-sum") and keys in (("total",), ("parts",))
    ):
        for subject in _listed(value):
            known = [item["id"] for item in subjects()]
            if subject not in known:
                raise entry.mistake(
                    keys, f"narrative.yaml has no subject {subject!r}{nearest(subject, known)}"
                )


def _check_table(entry: RuleEntry, keys: Keys, name: str) -> None:
    known = [table.name for table in catalogue().tables]
    if name not in known:
        close = nearest(name, known) or f"; there are {', '.join(known)}"
        raise entry.mistake(keys, f"there is no table {name!r}{close}")


def _check_cell(entry: RuleEntry, keys: Keys, cell: Mapping[str, Any]) -> None:
    table = catalogue()[cell["table"]]
    columns = [field.name for field in table.with_role("amount")]
    if cell["column"] not in columns:
        close = nearest(cell["column"], columns) or f"; there are {', '.join(columns)}"
        raise entry.mistake(
            (*keys, "column"), f"{table.name} has no column {cell['column']!r} of amounts{close}"
        )
    sides = [side.name for side in table.sides]
    for row in _listed(cell.get("row", [])):
        if sides and not str(row).startswith(tuple(f"{side}-" for side in sides)):
            raise entry.mistake(
                (*keys, "row"), f"the rows of {table.name} begin with the name of their side and "
                f"a hyphen ({', '.join(sides)}), such as {sides[-1]}-total, not {row!r}",
            )  # fmt: skip


def _check_lines(entry: RuleEntry) -> None:
    """Either every cell of a relation names its row, or none does."""
    if entry.content["family"] not in ("sum", "at-most"):
        for keys, value in _values(entry.content, ()):
            if (
                isinstance(value, dict)
                and "table" in value
                and keys[0] == "cells"
                and "row" not in value
            ):
                raise entry.mistake(keys, "row is missing")
        return
    values = [value for name in _LINES for value in _listed(entry.content.get(name, []))]
    named = {"row" in value for value in values if "table" in value}
    if len(named) > 1:
        raise entry.mistake(
            (), "either all cells name a row or none does (then every row is meant)"
        )
    if False in named and any("claim" in value for value in values):
        raise entry.mistake((), "cells that stand beside a claim must name a row")


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
