"""Rules in words, for people: what they compare and where they apply, in Chinese and English."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from yusuan.checks import location
from yusuan.checks.rulefile import families
from yusuan.checks.rules import Rule
from yusuan.narrative.subjects import subjects
from yusuan.schema import catalogue
from yusuan.schema.messages import Texts, listed_texts, message

__all__ = ["applies", "compared", "family_words"]


_ROLES = ("cells", "balance", "balances", "total", "plus", "minus", "part", "whole", "parts", "summary", "details", "one",
          "two", "tables", "mandatory", "sections")  # fmt: skip
"""Parts in a comparison that have a message."""


def family_words(family: str) -> Texts:
    """What a family compares."""
    declared = families()[family]
    return declared["title"], declared["title@en"]


def applies(rule: Rule) -> Texts:
    """The conditions of a rule; blank where it always applies."""
    when, found = rule.when, list[Texts]()
    if when.phase:
        row = next(row for row in catalogue()["phases"].rows if row["code"] == when.phase)
        found.append((str(row["name"]), str(row["name_en"]).lower()))
    if years := str(when.years).strip("–") and str(when.years):
        found.append(message("in-fiscal-years", years=years))
    if when.tables:
        names = [location.table_name(catalogue()[name]) for name in sorted(when.tables)]
        found.append(message("with-tables", tables=listed_texts(names, ("、", ", "))))
    for words, name in ((when.departments, "of-departments"), (when.divisions, "of-divisions")):
        if words:
            found.append(message(name, names=("、".join(words), ", ".join(words))))
    return listed_texts(found)


def compared(rule: Rule) -> Iterator[tuple[Texts, Texts]]:
    """Each thing that a rule names, with its part in the comparison."""
    for key, value in rule.settings.items():
        for item in value if isinstance(value, list) else [value]:
            yield message(f"role-{key}") if key in _ROLES else (key, key), _thing(item, key)


def _thing(item: Any, key: str) -> Texts:
    if not isinstance(item, Mapping):
        text = _subject(item) if key in ("total", "parts") else None
        if key == "tables":
            text = location.table_name(catalogue()[item])
        return text or (str(item), str(item))
    if "claim" in item:
        return message("thing-claim", subject=_subject(item["claim"]))
    if "heading" in item:
        return _dated(item, (item["name"], item["name@en"]))
    tables = item["table"] if isinstance(item["table"], list) else [item["table"]]
    names = [location.table_name(catalogue()[name]) for name in tables]
    thing = listed_texts(names, message("or"))
    if "row" in item:
        rows = item["row"] if isinstance(item["row"], list) else [item["row"]]
        stated = " / ".join(row for row in rows if row)
        thing = message("thing-row", table=thing, row=stated) if stated else thing
    if "column" in item:
        column = catalogue()[tables[0]].field(item["column"])
        titles = (column.title, column.title_en)
        thing = message("thing-column", table=thing, column=titles)
    if item.get("optional"):
        thing = message("thing-optional", thing=thing)
    return _dated(item, thing)


def _dated(item: Mapping[str, Any], thing: Texts) -> Texts:
    years = item.get("years")
    return message("thing-dated", thing=thing, years=years) if years else thing


def _subject(name: str) -> Texts:
    title = next((item["title"] for item in subjects() if item["id"] == name), name)
    return title, name
