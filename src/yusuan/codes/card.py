"""Everything the lists know of one code in one year."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from yusuan.codes.about import about
from yusuan.codes.entries import CodeEntry
from yusuan.codes.links import CodeSuccession, correspondences, link_of, links
from yusuan.codes.lists import CodeList, code_list

__all__ = ["card"]


def card(known: CodeList, code: str, year: int | None = None) -> dict[str, Any]:
    """What a code is: name, path, validity, history, who says so, and its COFOG link.

    Without a year it is told of the last one known. ``valid`` says whether the code is known in
    that very year; if not, the nearest year is told. The code must be in the list.
    """
    entries = known.by_code[code]
    at = _last(entries[-1]) if year is None else year
    match = known.find(code, at)
    assert match is not None  # the code has entries
    entry = match.entry
    told = about(known.name)
    path = known.path(code, at)
    history = known.history(code)
    levels = told.levels[entry.level - 1] if entry.level <= len(told.levels) else ("", "")
    return {
        "list": known.name,
        "title": told.title,
        "title_en": told.title_en,
        "code": code,
        "year": at,
        "name": entry.name or None,
        "name_en": entry.name_en,
        "printed_as": list(entry.printed),
        "level": entry.level,
        "level_name": levels[0],
        "level_name_en": levels[1],
        "valid": match.exact,
        "valid_from": entry.valid_from,
        "valid_to": entry.valid_to,
        "status": entry.status,
        "source": entry.source,
        "path": [{"code": step.entry.code, "name": step.entry.label} for step in path],
        "names": [
            {"name": item.label, "valid_from": item.valid_from, "valid_to": item.valid_to,
             "status": item.status, "source": item.source}
            for item in history.names
        ],
        "nearby": [] if match.exact else [
            {"name": item.label, "valid_from": item.valid_from, "valid_to": item.valid_to}
            for item in _around(history.names, at)
        ],
        "predecessors": [_change(known, change) for change in history.predecessors
                         if not entry.away(change.to_year)],
        "successors": [_change(known, change) for change in history.successors
                       if not entry.away(change.from_year)],
        "counterparts": list(_counterparts(known.name, code, at)),
        "cofog": _cofog(known.name, [step.entry.code for step in path], at),
    }  # fmt: skip


def _around(names: Sequence[CodeEntry], year: int) -> list[CodeEntry]:
    """The last entry before a year and the first one after it."""
    before = [entry for entry in names if entry.valid_to is not None and entry.valid_to < year]
    after = [entry for entry in names if entry.valid_from > year]
    return [*before[-1:], *after[:1]]


def _change(known: CodeList, change: CodeSuccession) -> dict[str, Any]:
    before = known.find(change.from_code, change.from_year)
    after = known.find(change.to_code, change.to_year)
    return {
        "kind": change.kind,
        "from": {"year": change.from_year, "code": change.from_code,
                 "name": before.entry.label if before else None},
        "to": {"year": change.to_year, "code": change.to_code,
               "name": after.entry.label if after else None},
        "reason": change.reason,
        "reason_en": change.reason_en,
    }  # fmt: skip


def _counterparts(name: str, code: str, year: int) -> Iterator[dict[str, Any]]:
    """What corresponds to a code in the other economic classification, from either side."""
    for source, target in correspondences():
        if target == "cofog" or name not in (source, target):
            continue
        forth = name == source
        for link in (link for found in links(source, target).values() for link in found):
            here, there = (link.source, link.target) if forth else (link.target, link.source)
            if here != code or not link.holds(year):
                continue
            other = code_list(target if forth else source)
            match = other.find(there, year)
            yield {
                "list": other.name,
                "code": there,
                "name": match.entry.label if match else None,
                "relation": link.relation if forth else _INVERSE.get(link.relation, link.relation),
                "reason": link.reason,
                "reason_en": link.reason_en,
            }


_INVERSE = {"broad": "narrow", "narrow": "broad"}


def _cofog(list_name: str, path: list[str], year: int) -> dict[str, Any] | None:
    link = link_of(list_name, path, year)
    if link is None:
        return None
    target = code_list(link.target_list).find(link.target, year)
    return {
        "code": link.target,
        "name_en": target.entry.label if target else None,
        "relation": link.relation,
        "of": link.source,
        "reason": link.reason,
        "reason_en": link.reason_en,
        "origin": "yusuan, not official",
    }


def _last(entry: CodeEntry) -> int:
    return entry.valid_from if entry.valid_to is None else entry.valid_to
