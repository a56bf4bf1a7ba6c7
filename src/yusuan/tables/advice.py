"""What a user can add to ``schemas/tables`` so that something printed is recognised."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import SequenceMatcher

from yusuan.model.text import normal
from yusuan.schema import Field, Resource

__all__ = ["YEAR", "add_words", "shortened"]

YEAR = re.compile(r"^.*20\d\d年?度?(?=.*表)")
"""What stands before the name of a table in its title: the body and the year."""
_SHORT = 80


def add_words(
    resource: Resource, title: str | None = None, headings: Iterable[tuple[str, ...]] = ()
) -> tuple[str, str]:
    """What to add to the file of a standard table, as it is to be written there."""
    lines = []
    if title:
        lines.append(f"titles: ['{re.escape(YEAR.sub('', title))}']")
    fields = [
        f"{{name: {field.name}, headings: ['{_heading(resource, path)}']}}"
        for path in headings
        if (field := _nearest_field(resource, path))
    ]
    if fields:
        lines.append(f"fields: [{', '.join(fields)}]")
    words = "；".join(lines), "; ".join(lines)
    file = f"tables/{resource.name}.yaml"
    check = (
        ("（列名请按其含义核对）", " (check that the column is the one meant)")
        if fields
        else ("", "")
    )
    return (
        f"请在 --schemas 文件夹的 {file} 中加上 {words[0]}{check[0]}",
        f"add {words[1]} to {file} in the folder given with --schemas{check[1]}",
    )


def _heading(resource: Resource, path: tuple[str, ...]) -> str:
    """The innermost heading; with its group where other columns share it."""
    own = [normal(part) for part in path]
    general = {normal(word) for field in resource.fields for word in field.headings}
    return ("/".join(own[-2:]) if own[-1] in general else own[-1]).replace("'", "''")


def _nearest_field(resource: Resource, path: tuple[str, ...]) -> Field | None:
    """The amount column whose title or headings are most like a heading path."""

    def likeness(field: Field) -> float:
        own = "".join(normal(part) for part in path)
        names = (normal(field.title), *(normal(word) for word in field.headings))
        return max(
            SequenceMatcher(None, text, name, autojunk=False).ratio()
            for name in names
            for text in (own, normal(path[-1]))
        )

    return max(resource.with_role("amount"), key=likeness, default=None)


def shortened(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _SHORT else f"{text[:_SHORT]}…"
