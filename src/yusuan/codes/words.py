"""The small lists of ``schemas/lists`` (phases, directions, 三公 items, …) as code lists."""

from __future__ import annotations

from yusuan.codes.about import about
from yusuan.codes.entries import CodeEntry
from yusuan.schema import catalogue, data_path, read_yaml

__all__ = ["word_entries", "word_lists"]


def word_lists() -> tuple[str, ...]:
    """The names of the small lists."""
    return tuple(resource.name for resource in catalogue().of_kind("list"))


def word_entries(name: str) -> list[CodeEntry]:
    """The values of a small list, with the ways they are printed; [] for another list.

    They are ours and know no years: all are valid from the first year of the classifications.
    """
    if name not in word_lists():
        return []
    since = read_yaml(data_path("schemas", "lists", "_list.yaml"))["validFrom"]
    rows = {row["code"]: row for row in catalogue()[name].rows}
    return [
        CodeEntry(
            list=name,
            code=code,
            name=row["name"],
            name_en=row.get("name_en"),
            valid_from=since,
            parent=row.get("parent"),
            level=_level(code, {key: other.get("parent") for key, other in rows.items()}),
            status="ours",
            source=about(name).origin,
            printed=tuple(
                dict.fromkeys(
                    word
                    for word in (*row.get("synonyms", ()), *row.get("columns", ()))
                    if word != row["name"]
                )
            ),
        )
        for code, row in rows.items()
    ]


def _level(code: str, parents: dict[str, str | None]) -> int:
    """1 at the top; a code below itself ends where it comes round."""
    seen = [code]
    while (above := parents.get(seen[-1])) and above not in seen:
        seen.append(above)
    return len(seen)
