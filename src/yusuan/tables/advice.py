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
UNKNOWN = "???"
_SHORT = 80
_GENERAL = 4
"""A title that is no longer (预算表) could be that of any table."""
_ALIKE = 0.5


def add_words(
    resource: Resource, title: str | None = None, headings: Iterable[tuple[str, ...]] = ()
) -> tuple[str, str]:
    """What to add to the file of a standard table, as it is to be written there."""
    file = f"tables/{resource.name}.yaml"
    lines = []
    if title:
        short = YEAR.sub("", title)
        lines.append(f"titles: ['{short if len(short) > _GENERAL else title}']")
    fields: dict[str, list[str]] = {}
    for path in headings:
        fields.setdefault(_nearest_field(resource, path), []).append(_heading(resource, path))
    if fields:
        entries = (
            f"{{name: {name}, headings: [{', '.join(own)}]}}" for name, own in fields.items()
        )
        lines.append(f"fields: [{', '.join(entries)}]")
    zh = f"请在 --schemas 文件夹的 {file} 中加上 {'；'.join(lines)}"
    en = f"add {'; '.join(lines)} to {file} in the folder given with --schemas"
    if UNKNOWN in fields:
        zh += f"，其中 {UNKNOWN} 换成该列在该文件中的 name"
        en += f", with the name of the column it means for {UNKNOWN}"
    elif fields:
        zh += "（列名请按其含义核对）"
        en += " (check that it is the column meant)"
    return zh, en


def _heading(resource: Resource, path: tuple[str, ...]) -> str:
    """The innermost heading; with its group where other columns share it."""
    own = [normal(part) for part in path]
    general = {normal(word) for field in resource.fields for word in field.headings}
    heading = "/".join(own[-2:]) if own[-1] in general else own[-1]
    return "'" + heading.replace("'", "''") + "'"


def _nearest_field(resource: Resource, path: tuple[str, ...]) -> str:
    """The amount column whose title or headings are most like a heading path, if any is."""

    def likeness(field: Field) -> float:
        own = "".join(normal(part) for part in path)
        names = (normal(field.title), *(normal(word) for word in field.headings))
        return max(
            SequenceMatcher(None, text, name, autojunk=False).ratio()
            for name in names
            for text in (own, normal(path[-1]))
        )

    best = max(resource.with_role("amount"), key=likeness)
    return best.name if likeness(best) >= _ALIKE else UNKNOWN


def shortened(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _SHORT else f"{text[:_SHORT]}…"
