"""One disclosure as a PDF whose table runs over a page break, upright or turned."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pypdfium2 as pdfium

from tests.sources.pdf_drawing import Drawing
from yusuan import Package

__all__ = ["FACT", "ROWS", "fact_of", "pdf_disclosure"]

FACT = "expenditure-summary-2130306-project"

XS = (60.0, 150.0, 290.0, 370.0, 450.0, 530.0)
HEAD = ("功能分类科目编码", "功能分类科目名称", "合计", "基本支出", "项目支出")
ROWS = [
    ("2130301", "行政运行", "1,234.50", "1,234.50", ""),
    ("2130306", "水利工程运行与维护", "250.00", "", "250.00"),
    ("2130310", "水土保持", "18.00", "", "18.00"),
    ("", "合计", "1,502.50", "1,234.50", "268.00"),
]


def pdf_disclosure(rotation: int = 0, rows: Sequence[tuple[str, ...]] = ROWS) -> bytes:
    """A cover, and 部门支出总体情况表 on pages 2 and 3; ``rotation`` turns the pages."""
    drawing = Drawing()
    drawing.text(200, 200, "浙江省桐庐县水利局", 18)
    drawing.text(200, 240, "2023年部门预算公开", 18)
    drawing.page()
    drawing.text(60, 80, "表3：")
    drawing.text(200, 100, "部门支出总体情况表", 14)
    drawing.text(450, 118, "单位：万元")
    drawing.table(XS, 130, [HEAD, *rows[:2]])
    drawing.page()
    drawing.table(XS, 60, rows[2:])
    with pdfium.PdfDocument(drawing.content()) as document:
        for page in document:
            page.set_rotation(rotation)
        stream = io.BytesIO()
        document.save(stream)
    return stream.getvalue()


def fact_of(package: Package, file: str, name: str = FACT) -> str:
    """The id of a fact of one of the files of the package."""
    document = next(row for row in package.rows("documents") if row["file"] == file)
    return f"{document['document']}-{name}"
