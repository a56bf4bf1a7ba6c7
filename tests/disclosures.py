"""Small made-up disclosures for tests, in the layouts that tests are about."""

from __future__ import annotations

from pathlib import Path

__all__ = ["COVER", "disclosure_text", "write"]

COVER = "**浙江省桐庐县水利局  \n2023年部门预算公开**\n\n# 目 录\n"

EXPENDITURE = """\
表3:

部门支出总体情况表

单位：{unit}

项 目\t\t\t\t支出预算\t\t
功能分类科目编码\t\t\t功能分类科目名称\t合 计\t基本支出\t项目支出
类\t款\t项\t\t\t\t
{rows}
"""

ROWS = (
    "213\t03\t01\t行政运行\t100\t100\t",
    "213\t03\t06\t水利工程运行与维护\t250\t\t250",
    "\t\t\t合 计\t350\t100\t250",
)


def disclosure_text(
    *tables: str, rows: tuple[str, ...] = ROWS, unit: str = "万元", narrative: str = ""
) -> str:
    """A disclosure with the tables given, or one expenditure table with the rows given."""
    body = tables or (EXPENDITURE.format(unit=unit, rows="\n".join(rows)),)
    return "\n\n".join([COVER, *body, narrative]) + "\n"


def write(folder: Path, text: str, name: str = "disclosure.md", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path
