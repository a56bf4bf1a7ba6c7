"""Made-up performance target tables in the forms that are used around the country."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from html import escape

import docx
import openpyxl

__all__ = ["FORMATS", "LIST", "LIST_WITH_INDICATORS", "NATIONAL", "SHANGHAI", "WHOLE", "Grid"]

Grid = Sequence[Sequence[tuple[str, int, int]]]
"""Rows of (text, rows covered, columns covered), as HTML lists them."""


def _row(*texts: str) -> list[tuple[str, int, int]]:
    return [(text, 1, 1) for text in texts]


NATIONAL: Grid = (
    [("项目名称", 1, 2), ("河道清淤", 1, 3)],
    [("主管部门", 1, 2), ("桐庐县水利局", 1, 1), ("实施单位", 1, 1), ("河道所", 1, 1)],
    [("项目资金\n（万元）", 4, 1), ("年度资金总额：", 1, 1), ("250", 1, 3)],
    [("其中：财政拨款", 1, 1), ("200", 1, 3)],
    [("上年结转", 1, 1), ("30", 1, 3)],
    [("其他资金", 1, 1), ("20", 1, 3)],
    [("年度总体目标", 1, 1), ("清淤二十公里，恢复行洪能力。", 1, 4)],
    _row("一级指标", "二级指标", "三级指标", "指标值", "权重"),
    [("产出指标", 2, 1), *_row("数量指标", "清淤长度", "≥20公里", "50")],
    _row("质量指标", "验收合格率", "95%以上", "20"),
    [("满意度指标", 1, 1), *_row("服务对象满意度指标", "群众满意度", "不低于90%", "10")],
)
"""The form of the Ministry of Finance, with merged cells."""

SHANGHAI: Grid = (
    [("项目名称：", 1, 1), ("人民调解", 1, 1), ("项目类别：", 1, 1), ("经常性专项业务费", 1, 1)],
    [("计划开始日期：", 1, 1), *_row("2025-01-01", "计划完成日期：", "2025-12-31")],
    _row("项目总预算（元）", "7,950,000", "项目当年预算（元）", "7,950,000"),
    _row("同名项目上年预算额（元）", "7,900,000", "同名项目上年预算执行数（元）", "7,612,345.50"),
    [("项目概况", 1, 1), ("通过购买服务开展人民调解。", 1, 3)],
    [("年度绩效目标", 1, 1), ("化解社会矛盾。", 1, 3)],
    _row("一级指标", "二级指标", "三级指标", "指标目标值"),
    [("产出指标", 1, 1), *_row("数量", "专题培训次数", "=2次")],
    [("效益指标", 1, 1), *_row("社会效益", "纠纷化解率", "98%")],
)

LIST: Grid = (
    _row("序号", "项目名称", "预算金额（万元）", "绩效目标"),
    _row("1", "河道清淤", "250", "清淤二十公里。"),
    _row("2", "水库巡查", "30.5", "全年巡查十二次。"),
    _row("", "合计", "280.5", ""),
)

LIST_WITH_INDICATORS: Grid = (
    [("项目名称", 2, 1), ("预算数", 2, 1), ("年度绩效目标", 2, 1), ("绩效指标", 1, 6)],
    _row("一级指标", "二级指标", "三级指标", "指标性质", "绩效指标值", "度量单位"),
    [("河道清淤", 2, 1), ("250", 2, 1), ("清淤二十公里。", 2, 1), ("产出指标", 2, 1),
     *_row("数量指标", "清淤长度", "≥", "20", "公里")],
    _row("质量指标", "验收合格率", "≥", "95", "%"),
    [("水库巡查", 1, 1), ("30.5", 1, 1), ("全年巡查十二次。", 1, 1), ("产出指标", 1, 1),
     *_row("数量指标", "巡查次数", "＝", "12", "次")],
)  # fmt: skip

WHOLE: Grid = (
    [("部门名称", 1, 1), ("桐庐县水利局", 1, 4)],
    [("年度主要任务", 3, 1), ("任务名称", 1, 1), ("主要内容", 1, 1), ("预算金额（万元）", 1, 2)],
    [("", 1, 1), ("", 1, 1), ("总额", 1, 1), ("财政拨款", 1, 1)],
    _row("防汛", "巡查值守", "350", "350"),
    [("年度总体目标", 1, 1), ("保障防洪安全。", 1, 4)],
    _row("一级指标", "二级指标", "三级指标", "指标值", ""),
    _row("产出指标", "数量指标", "巡查次数", "≥12次", ""),
)


def text_grid(title: str, grid: Grid) -> str:
    """Tab-separated text, which states no merged cells."""
    return f"\n{title}\n\n单位：万元\n\n" + "\n".join("\t".join(row) for row in filled(grid)) + "\n"


def pipe_grid(title: str, grid: Grid) -> str:
    rows = [
        "| " + " | ".join(text.replace("\n", " ") for text in row) + " |" for row in filled(grid)
    ]
    rule = "|" + "---|" * len(filled(grid)[0])
    return f"\n{title}\n\n单位：万元\n\n" + "\n".join([rows[0], rule, *rows[1:]]) + "\n"


def filled(grid: Grid) -> list[list[str]]:
    """The grid as rows of one width; what a merged cell covers is blank."""
    cells = {(row, column): text for row, column, text, _, _ in placed(grid)}
    width = max(column + across for _, column, _, _, across in placed(grid))
    return [[cells.get((row, column), "").replace("\n", "") for column in range(width)]
            for row in range(len(grid))]  # fmt: skip


def placed(grid: Grid) -> list[tuple[int, int, str, int, int]]:
    """Row, column, text, rowspan and colspan of every cell."""
    cells = []
    taken: set[tuple[int, int]] = set()
    for row, entries in enumerate(grid):
        column = 0
        for text, down, across in entries:
            while (row, column) in taken:
                column += 1
            cells.append((row, column, text, down, across))
            taken.update((row + i, column + j) for i in range(down) for j in range(across))
    return cells


def as_docx(front: Sequence[str], tables: Sequence[tuple[str, Grid]]) -> bytes:
    document = docx.Document()
    for text in front:
        document.add_paragraph(text)
    for title, grid in tables:
        document.add_paragraph(title)
        document.add_paragraph("单位：万元")
        cells = placed(grid)
        width = max(column + across for _, column, _, _, across in cells)
        table = document.add_table(len(grid), width)
        for row, column, text, down, across in cells:
            cell = table.cell(row, column)
            if down * across > 1:
                cell = cell.merge(table.cell(row + down - 1, column + across - 1))
            cell.text = text
    return _saved(document.save)


def as_xlsx(front: Sequence[str], tables: Sequence[tuple[str, Grid]]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    for text in front:
        sheet.append([text])
    for number, (title, grid) in enumerate(tables):
        sheet = book.create_sheet(f"表{number}")
        sheet.append([title])
        sheet.append(["单位：万元"])
        for row, column, text, down, across in placed(grid):
            sheet.cell(row + 3, column + 1, text).data_type = "s"  # "=2次" is no formula
            if down * across > 1:
                sheet.merge_cells(
                    start_row=row + 3, end_row=row + 2 + down,
                    start_column=column + 1, end_column=column + across,
                )  # fmt: skip
    return _saved(book.save)


def as_html(front: Sequence[str], tables: Sequence[tuple[str, Grid]]) -> bytes:
    parts = [f"<p>{text}</p>" for text in front]
    for title, grid in tables:
        parts += [f"<p>{title}</p><p>单位：万元</p>", "<table>"]
        parts += [
            "<tr>" + "".join(
                f'<td rowspan="{down}" colspan="{across}">{escape(text)}</td>'
                for text, down, across in row
            ) + "</tr>"
            for row in grid
        ]  # fmt: skip
        parts.append("</table>")
    return f'<html><meta charset="utf-8"><body>{"".join(parts)}</body></html>'.encode()


def as_text(front: Sequence[str], tables: Sequence[tuple[str, Grid]]) -> bytes:
    return "\n\n".join([*front, *(text_grid(*table) for table in tables)]).encode()


def as_pipes(front: Sequence[str], tables: Sequence[tuple[str, Grid]]) -> bytes:
    return "\n\n".join([*front, *(pipe_grid(*table) for table in tables)]).encode()


def _saved(save: Callable[[io.BytesIO], object]) -> bytes:
    stream = io.BytesIO()
    save(stream)
    return stream.getvalue()


FORMATS: dict[str, Callable[[Sequence[str], Sequence[tuple[str, Grid]]], bytes]] = {
    "a.docx": as_docx, "a.xlsx": as_xlsx, "a.html": as_html, "a.txt": as_text, "a.md": as_pipes,
}  # fmt: skip
