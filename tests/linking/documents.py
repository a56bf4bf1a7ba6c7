"""Made-up disclosures with a title, amounts by function, projects and a narrative."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.disclosures import write

__all__ = ["publish", "with_units"]

TEXT = """\
# {title}

目 录

部门支出总体情况表

单位：万元

{head}功能分类科目编码\t功能分类科目名称\t合 计\t基本支出\t项目支出
{rows}

项目支出表

单位：万元

项目名称\t合计
{projects}

{narrative}
"""


def publish(
    folder: Path,
    title: str,
    amount: int = 100,
    projects: Mapping[str, int] | None = None,
    narrative: str = "",
    function: str = "2130301\t行政运行",
) -> Path:
    """Write a disclosure of one function; amounts are in 万元."""
    rows = (f"{function}\t{amount}\t{amount}\t", f"\t合 计\t{amount}\t{amount}\t")
    return _write(folder, title, "", rows, projects, narrative)


def with_units(folder: Path, title: str, units: Mapping[str, int]) -> Path:
    """Write a disclosure whose rows are units, each with its amount in 万元."""
    total = sum(units.values())
    rows = [f"{name}\t2130301\t行政运行\t{amount}\t{amount}\t" for name, amount in units.items()]
    return _write(folder, title, "预算单位\t", [*rows, f"\t\t合 计\t{total}\t{total}\t"], None, "")


def _write(
    folder: Path,
    title: str,
    head: str,
    rows: Sequence[str],
    projects: Mapping[str, int] | None,
    narrative: str,
) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    listed = "\n".join(f"{name}\t{amount}" for name, amount in (projects or {"其他": 1}).items())
    text = TEXT.format(
        title=title, head=head, rows="\n".join(rows), projects=listed, narrative=narrative
    )
    return write(folder, text, f"{title}.md")
