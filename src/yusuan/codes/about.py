"""What a list is: its titles, its levels, how complete it is and where it is from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from yusuan.schema import data_path, read_yaml

__all__ = ["ListDescription", "about"]


@dataclass(frozen=True, slots=True)
class ListDescription:
    """``levels`` are the names of the levels from the top, in Chinese and English.

    ``lengths`` are the code lengths of the levels where these tell the level; () where they do
    not. ``gaps`` is whether a code may stand more than one level below its parent, ``unnamed``
    whether a list gives codes without names.
    """

    name: str
    title: str
    title_en: str
    levels: tuple[tuple[str, str], ...]
    lengths: tuple[int, ...]
    gaps: bool
    unnamed: bool
    complete: bool
    completeness: str
    completeness_en: str
    origin: str
    origin_en: str


@cache
def about(name: str) -> ListDescription:
    """What is known of a list; a list that only the user has is known by its name alone."""
    told = _descriptor(name)
    return ListDescription(
        name=name,
        title=told.get("title", name),
        title_en=told.get("title@en", name),
        levels=tuple((level["name"], level["name@en"]) for level in told.get("levels", ())),
        lengths=tuple(told.get("lengths", ())),
        gaps=bool(told.get("gaps")),
        unnamed=bool(told.get("unnamed")),
        complete=bool(told.get("complete")),
        completeness=told.get("completeness", ""),
        completeness_en=told.get("completeness@en", ""),
        origin=told.get("origin", ""),
        origin_en=told.get("origin@en", ""),
    )


def _descriptor(name: str) -> Mapping[str, Any]:
    path = data_path("schemas", "codes") / f"{name}.yaml"
    if path.is_file():
        official: Mapping[str, Any] = read_yaml(path)
        return official
    small = data_path("schemas", "lists")
    if (path := small / f"{name}.yaml").is_file():
        return {**read_yaml(small / "_list.yaml"), **read_yaml(path), "complete": True}
    return {}
