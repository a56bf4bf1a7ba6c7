"""Rules in words, for people: what they compare and where they apply, in Chinese and English."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from yusuan.checks import location
from yusuan.checks.rulefile import families
from yusuan.checks.rules import Rule
from yusuan.narrative.subjects import subjects
from yusuan.schema import catalogue

__all__ = ["applies", "compared", "family_words"]

Texts = tuple[str, str]

_ROLES: Mapping[str, Texts] = {
    "cells": ("同一数额", "one amount"), "total": ("合计", "total"), "plus": ("加", "plus"),
    "minus": ("减", "minus"), "part": ("部分", "part"), "whole": ("全部", "whole"),
    "parts": ("各部分", "parts"), "summary": ("总表", "summary"), "details": ("明细", "details"),
    "one": ("一表", "one table"), "two": ("另一表", "the other"), "tables": ("各表", "tables"),
    "mandatory": ("应有的表", "mandatory"), "sections": ("应有的事项", "sections"),
}  # fmt: skip


def family_words(family: str) -> Texts:
    """What a family compares."""
    told = families()[family]
    return told["title"], told["title@en"]


def applies(rule: Rule) -> Texts:
    """The conditions of a rule; blank where it always applies."""
    when, zh, en = rule.when, [], []
    if when.phase:
        row = next(row for row in catalogue()["phases"].rows if row["code"] == when.phase)
        zh.append(str(row["name"]))
        en.append(str(row["name_en"]).lower())
    if years := str(when.years).strip("–") and str(when.years):
        zh.append(f"{years}年度")
        en.append(f"fiscal years {years}")
    if when.tables:
        names = [location.table_name(catalogue()[name]) for name in sorted(when.tables)]
        zh.append(f"有{'、'.join(name for name, _ in names)}")
        en.append(f"with {', '.join(name for _, name in names)}")
    for words, label in ((when.departments, ("部门", "department")),
                         (when.divisions, ("行政区划", "division"))):  # fmt: skip
        if words:
            zh.append(f"{label[0]}{'、'.join(words)}")
            en.append(f"{label[1]} {', '.join(words)}")
    return "；".join(zh), "; ".join(en)


def compared(rule: Rule) -> Iterator[tuple[Texts, Texts]]:
    """Each thing that a rule names, with its part in the comparison."""
    for key, value in rule.settings.items():
        for item in value if isinstance(value, list) else [value]:
            yield _ROLES.get(key, (key, key)), _thing(item, key)


def _thing(item: Any, key: str) -> Texts:
    if not isinstance(item, Mapping):
        text = _subject(item) if key in ("total", "parts") else None
        if key == "tables":
            text = location.table_name(catalogue()[item])
        return text or (str(item), str(item))
    if "claim" in item:
        zh, en = _subject(item["claim"])
        return f"文字说明“{zh}”", f"narrative, {en}"
    if "heading" in item:
        return _dated(item, item["name"], item["name@en"])
    tables = item["table"] if isinstance(item["table"], list) else [item["table"]]
    names = [location.table_name(catalogue()[name]) for name in tables]
    zh, en = " 或 ".join(name for name, _ in names), " or ".join(name for _, name in names)
    if "row" in item:
        rows = item["row"] if isinstance(item["row"], list) else [item["row"]]
        said = " / ".join(row for row in rows if row)
        zh, en = (f"{zh} {said} 行", f"{en}, row {said}") if said else (zh, en)
    if "column" in item:
        column = catalogue()[tables[0]].field(item["column"])
        zh, en = f"{zh}“{column.title}”列", f"{en}, column {column.title_en}"
    if item.get("optional"):
        zh, en = f"{zh}（未印出时不计）", f"{en} (left out where it is not printed)"
    return _dated(item, zh, en)


def _dated(item: Mapping[str, Any], zh: str, en: str) -> Texts:
    years = item.get("years")
    return (f"{zh}（{years}年度）", f"{en} ({years})") if years else (zh, en)


def _subject(name: str) -> Texts:
    title = next((item["title"] for item in subjects() if item["id"] == name), name)
    return title, name
