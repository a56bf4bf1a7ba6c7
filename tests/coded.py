"""Made-up budgets whose rows are codes with names, right or wrong."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tests.disclosures import write

__all__ = ["budget"]

FUNCTIONS = """\
# {place}{body}{year}年部门预算公开

部门支出总体情况表

单位：万元

功能分类科目编码\t功能分类科目名称\t合 计\t基本支出\t项目支出
{rows}
\t合 计\t{count}\t{count}\t
"""

ITEMS = """\
一般公共预算基本支出表

单位：万元

经济分类科目编码\t经济分类科目名称\t合 计\t人员经费\t公用经费
{rows}
\t合 计\t{count}\t{count}\t
"""


def _rows(pairs: Sequence[tuple[str, str]]) -> str:
    return "\n".join(f"{code}\t{name}\t1\t1\t" for code, name in pairs)


def budget(
    folder: Path,
    body: str,
    functions: Sequence[tuple[str, str]],
    items: Sequence[tuple[str, str]] = (),
    year: int = 2024,
    place: str = "浙江省",
) -> None:
    """Write the budget of a body: functions by code, and economic items by code."""
    text = FUNCTIONS.format(
        place=place, body=body, year=year, rows=_rows(functions), count=len(functions)
    )
    if items:
        text += "\n\n" + ITEMS.format(rows=_rows(items), count=len(items))
    write(folder, text, f"{body}{year}.md")
