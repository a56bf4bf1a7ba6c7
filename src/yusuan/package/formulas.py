"""Cells that a spreadsheet program would run when somebody opens a CSV of the package with it.

A label may be printed as ``=cmd|'/c calc'!A1``. It stays as published, in every CSV, and whoever
publishes the package is told. yusuan itself writes no spreadsheets. What spreadsheets take for
formulas: https://owasp.org/www-community/attacks/CSV_Injection.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from yusuan.model.text import printable
from yusuan.package.read import Package
from yusuan.schema import catalogue

__all__ = ["FormulaCell", "formula_cells", "formula_note"]

_SHOWN = 3
_FORMULA = re.compile(r"[\t\r\n ]*(?:[=＝]\s*[^\s=＝]|[-+@－＋＠][^\n]*[(|!])")
"""An equals sign with something behind it; a sign before something that calls, as +cmd|… does.
Amounts and dashes are none."""


@dataclass(frozen=True, slots=True)
class FormulaCell:
    """Row ``row`` of a table, counted from 1 without the heading."""

    path: str
    row: int
    column: str
    text: str

    def __str__(self) -> str:
        return f"{self.path}, row {self.row}, {self.column}: {printable(self.text)[:60]!r}"


def formula_cells(package: Package) -> Iterator[FormulaCell]:
    """Every such cell of the package's tables, in their order. Raises YusuanError for a table that
    is missing or has other columns."""
    paths = {item["path"] for item in package.descriptor["resources"]}
    for resource in catalogue().resources:
        texts = [
            (n, field.name) for n, field in enumerate(resource.fields) if field.type == "string"
        ]
        if resource.path not in paths:
            continue
        for row, cells in enumerate(package.records(resource.name), 1):
            for n, column in texts:
                if (text := cells[n]) and _FORMULA.match(text):
                    yield FormulaCell(resource.path, row, column, text)


def formula_note(package: Package) -> str | None:
    """One line for whoever publishes the package; None when there are none."""
    found = list(formula_cells(package))
    if not found:
        return None
    more = f"; +{len(found) - _SHOWN}" if len(found) > _SHOWN else ""
    return (
        "以下单元格会被电子表格程序当作公式，已按原样公布，请以“文本”导入 / as published, but spreadsheets "
        "take them for formulas (import the columns as text): "
        + "; ".join(map(str, found[:_SHOWN])) + more
    )  # fmt: skip
