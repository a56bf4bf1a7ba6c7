"""The rules of ``schemas/rules.yaml`` and of the user's own file, read and validated."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

from yusuan.checks.rulefile import Entry, check_form, nearest, read_entries, settings_of
from yusuan.checks.when import ALWAYS, When, when_of, years_of
from yusuan.narrative.subjects import subjects
from yusuan.schema import catalogue, data_path
from yusuan.schema.overlay import overlay_folder

__all__ = ["FILE", "VARIABLES", "Rule", "load_rules"]

FILE = "rules.yaml"
VARIABLES = ("place", "printed", "expected", "parts", "other", "reason")
"""What a message may have in braces."""
_PATTERNS = frozenset({"words", "about", "named", "empty", "none", "heading"})
_LINES = ("total", "plus", "minus", "part", "whole")
"""Settings that may name a cell without a row: then every row is meant."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its family says what is compared, ``settings`` which cells, ``when`` where."""

    id: str
    family: str
    verdict: str
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
    file = Path(own or "") / FILE
    if own is None or not file.is_file():
        return _rules(base)
    catalogue()  # tells what else is wrong with the user's folder
    return _rules(_merged(base, read_entries(file, str(file))))


def _merged(base: list[Entry], own: list[Entry]) -> list[Entry]:
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


def _rules(entries: list[Entry]) -> tuple[Rule, ...]:
    rules: dict[str, Rule] = {}
    for entry in entries:
        off = entry.content.get("verdict") in (False, "off")  # YAML takes off for false
        if off:
            entry = replace(entry, content={**entry.content, "verdict": "off"})
        check_form(entry)
        if entry.id in rules:
            raise entry.mistake(("id",), "the id is used twice")
        rules[entry.id] = _rule(entry)
    return tuple(rule for rule in rules.values() if rule.verdict != "off")


def _rule(entry: Entry) -> Rule:
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


def _check_message(entry: Entry, key: str) -> None:
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


def _check_value(entry: Entry, keys: Keys, value: Any) -> None:
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


def _check_table(entry: Entry, keys: Keys, name: str) -> None:
    known = [table.name for table in catalogue().tables]
    if name not in known:
        close = nearest(name, known) or f"; there are {', '.join(known)}"
        raise entry.mistake(keys, f"there is no table {name!r}{close}")


def _check_cell(entry: Entry, keys: Keys, cell: Mapping[str, Any]) -> None:
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


def _check_lines(entry: Entry) -> None:
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
