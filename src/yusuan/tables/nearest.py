"""Grids that no standard table claimed: the table that comes nearest, and why it is not that."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from yusuan.model.money import find_unit
from yusuan.model.text import normal
from yusuan.schema import Field, Resource, catalogue
from yusuan.tables.advice import add_words, shortened
from yusuan.tables.captions import PrintedTable
from yusuan.tables.leftovers import is_headless
from yusuan.tables.matching import match_column
from yusuan.tables.recognise import Unrecognised, is_titled
from yusuan.tables.records import Leftover
from yusuan.tables.titles import read_title

__all__ = ["left_table"]

_LINE = 40
"""Longer lines above a table are sentences, not titles."""
_LISTED = 6
_ALIKE = 0.6
"""Below this likeness (1 is the same text) nothing is taken for a variant of a table."""
_NO_TITLE = re.compile(
    r"^(?:金额)?单位:|^(?:编制|填报|预算|公开)?(?:部门|单位)(?:\([^)]*\))?:|[。;；]"
)


def left_table(other: Unrecognised) -> Leftover:
    """What to say of a grid that no standard table claimed."""
    table, paths, amounts = other.table, other.paths, other.amounts
    title = _printed_title(table)
    headed = [] if is_headless(paths) else [path for path in paths if path]
    ranked = [(_likeness(resource, table, headed), resource) for resource in catalogue().tables]
    likeness, resource = max(ranked, key=lambda entry: sum(entry[0]))
    nearest = resource if max(likeness) >= _ALIKE else None
    printed = title or "、".join(path[-1] for path in headed) or "（无标题）"
    return Leftover(
        scope="table",
        position=table.grid.position,
        cell=None,
        printed=shortened(printed),
        rows=len({cell.row for cell in amounts}),
        columns=len({cell.column for cell in amounts}),
        numbers=len(amounts),
        nearest=nearest.name if nearest else None,
        reason=_why(table, title, headed, nearest),
        advice=_advice(other, title, headed, nearest),
    )


def _printed_title(table: PrintedTable) -> str:
    """The line above a grid that names it: the nearest with 表 in it, else the nearest."""
    near = [normal(paragraph.text) for paragraph in reversed(table.caption)]
    lines = [line for line in near if line and not _NO_TITLE.search(line) and not find_unit(line)]
    named = [line for line in lines if "表" in line and len(line) <= _LINE]
    return next(iter([*named, *(line for line in lines[:1] if len(line) <= _LINE)]), "")


def _likeness(
    resource: Resource, table: PrintedTable, headed: list[tuple[str, ...]]
) -> tuple[float, float]:
    """How like a standard table a grid is, in title and in headings: 1 for the same."""
    title = read_title(_printed_title(table)).core
    known = sum(match_column(resource, path) is not None for path in headed)
    if is_titled(resource, table):
        same = 1.0
    else:
        names = {read_title(name).core for name in resource.titles}
        same = max(SequenceMatcher(None, title, name, autojunk=False).ratio() for name in names)
    return same, known / len(headed) if headed else 0.0


def _why(
    table: PrintedTable, title: str, headed: list[tuple[str, ...]], nearest: Resource | None
) -> tuple[str, str]:
    named = f"“{shortened(title)}”" if title else ""
    if not headed:
        return (
            "没有表头，首行即为数字，可能是上一张表的续表",
            "there are no headings, numbers stand in the first row; it may continue the table above",
        )
    if nearest is None:
        every = _listed(headed)
        return (
            f"标题{named or '没有印出'}和表头{every}都不像任何标准表",
            f"neither title ({shortened(title) or 'none'}) nor headings ({every}) "
            "are like any standard table",
        )
    name, known = nearest.title, [path for path in headed if match_column(nearest, path)]
    unknown = [path for path in headed if path not in known]
    if is_titled(nearest, table):
        zh, en = f"标题是《{name}》的", f"the title is that of {nearest.name}"
    elif title:
        zh = f"标题{named}不在标准表的写法之中，最接近《{name}》"
        en = f"the title ({shortened(title)}) is not known; the nearest table is {nearest.name}"
    else:
        zh, en = (
            f"没有标题；最接近《{name}》",
            f"there is no title; the nearest table is {nearest.name}",
        )
    zh += f"；表头{len(headed)}个中识得{len(known)}个"
    en += f"; {len(known)} of {len(headed)} headings are known"
    if unknown:
        zh, en = f"{zh}，不识{_listed(unknown)}", f"{en}, not {_listed(unknown)}"
    if known and not any(_is_amount(match_column(nearest, path)) for path in known):
        zh, en = f"{zh}，没有识得的金额列", f"{en}, and none of them heads an amount"
    return zh, en


def _advice(
    other: Unrecognised, title: str, headed: list[tuple[str, ...]], nearest: Resource | None
) -> tuple[str, str]:
    if not headed:
        return (
            "如为续表，请去掉两表之间的文字，或重复表头",
            "if so, remove the text between the two, or repeat the headings",
        )
    if nearest is None:
        return (
            "若是标准表，请在 schemas/tables/ 中该表的 titles 和 headings 里加上所印的标题和表头；否则不必处理",
            "if it is a standard table, add its title and headings to the file of that table in "
            "schemas/tables/; if not, nothing needs doing",
        )
    filled = {cell.column for cell in other.amounts}
    unknown = [
        path for column, path in enumerate(other.paths)
        if path and column in filled and match_column(nearest, path) is None
    ]  # fmt: skip
    needed = not title or not any(_is_amount(match_column(nearest, path)) for path in headed)
    titled = not title or is_titled(nearest, other.table)
    zh, en = add_words(nearest, None if titled else title, unknown if needed else ())
    return f"如确是该表，{zh}", f"if it is that table, {en}"


def _is_amount(field: Field | None) -> bool:
    return field is not None and field.role == "amount"


def _listed(paths: Sequence[tuple[str, ...]]) -> str:
    names = list(dict.fromkeys("/".join(normal(part) for part in path) for path in paths))
    return "、".join(names[:_LISTED]) + ("…" if len(names) > _LISTED else "")
