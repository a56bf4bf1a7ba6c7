"""Tables of text by a dialect. https://www.w3.org/TR/tabular-data-model/#parsing"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from typing import Any

_DEFAULTS: dict[str, Any] = {
    "commentPrefix": "#", "delimiter": ",", "doubleQuote": True, "encoding": "utf-8",
    "quoteChar": '"', "skipBlankRows": False, "skipColumns": 0, "skipInitialSpace": False,
    "skipRows": 0, "header": True,
}  # fmt: skip


@dataclass
class Parsed:
    """Header rows, rows with the number of their line in the file, and comments."""

    header: list[list[str]] = field(default_factory=list)
    rows: list[tuple[int, list[str]]] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)


def parsed(content: bytes, given: dict[str, Any]) -> Parsed:
    # "#" starts a comment in a dialect that says nothing of it, but not where there is no dialect.
    dialect = {**_DEFAULTS, **given} if given else {**_DEFAULTS, "commentPrefix": None}
    heads = dialect.get("headerRowCount", 1 if dialect["header"] else 0)
    trim = dialect.get("trim", "start" if dialect["skipInitialSpace"] else True)
    if "trim" not in given and not given.get("skipInitialSpace"):
        trim = True
    result = Parsed()
    quote = dialect["quoteChar"]
    text = content.decode(dialect["encoding"], "replace").removeprefix("\ufeff")
    lines = io.StringIO(text, newline="")
    reader = csv.reader(
        lines, delimiter=dialect["delimiter"], quotechar=quote or None,
        quoting=csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE,
        doublequote=dialect["doubleQuote"], escapechar=None if dialect["doubleQuote"] else "\\",
        skipinitialspace=dialect["skipInitialSpace"],
    )  # fmt: skip
    prefix = dialect["commentPrefix"]
    skip = dialect["skipColumns"]
    for number, cells in enumerate(reader, start=1):
        joined = dialect["delimiter"].join(cells)
        comment = bool(prefix) and joined.startswith(prefix)
        if number <= dialect["skipRows"]:
            if joined:
                result.comments.append(joined.removeprefix(prefix or "").strip())
        elif comment:
            result.comments.append(joined.removeprefix(prefix).strip())
        elif len(result.header) < heads:
            result.header.append([_trimmed(cell, trim) for cell in cells[skip:]])
        elif not any(_trimmed(cell, True) for cell in cells) and (
            dialect["skipBlankRows"] or not cells
        ):
            continue
        else:
            result.rows.append((number, [_trimmed(cell, trim) for cell in cells[skip:]]))
    return result


def _trimmed(cell: str, trim: Any) -> str:
    if trim in (True, "true"):
        return cell.strip()
    if trim == "start":
        return cell.lstrip()
    if trim == "end":
        return cell.rstrip()
    return cell
