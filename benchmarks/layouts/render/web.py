"""Web pages, and the formats that hold tables only: CSV and archives of attachments."""

from __future__ import annotations

import csv
import io
import zipfile
from html import escape

from benchmarks.layouts.model import Disclosure, Table
from benchmarks.layouts.render.grid import captions, matrix, places, size
from benchmarks.layouts.render.office import workbook

__all__ = ["csv_file", "html_file", "zip_file"]


def html_file(document: Disclosure) -> bytes:
    parts: list[str] = []
    for block in document.blocks:
        if isinstance(block, Table):
            if not document.style.caption_inside:
                parts += [
                    f"<p align='center'>{escape(line)}</p>" for line in captions(document, block)
                ]
            _, rows, _ = size(document, block)
            lines: list[list[str]] = [[] for _ in range(rows)]
            for place in places(document, block):
                spans = f" rowspan='{place.down}'" if place.down > 1 else ""
                spans += f" colspan='{place.across}'" if place.across > 1 else ""
                lines[place.row].append(
                    f"<td{spans}><span>{escape(place.text) or '&nbsp;'}</span></td>"
                )
            body = "\n".join(f"<tr>{''.join(line)}</tr>" for line in lines)
            parts.append(f"<table border='1'><tbody>{body}</tbody></table>")
            parts += [f"<p>{escape(note)}</p>" for note in block.notes]
        elif block.startswith("#"):
            parts.append(f"<h2>{escape(block.lstrip('# '))}</h2>")
        elif block:
            parts.append(f"<p>{escape(block)}</p>")
    return (
        "<!DOCTYPE html><html><head><meta charset='utf-8'><title>信息公开</title></head><body>"
        "<div class='nav'><a href='/'>首页</a></div><div class='article'>"
        + "\n".join(parts) + "</div></body></html>"
    ).encode()  # fmt: skip


def csv_file(document: Disclosure) -> bytes:
    """All tables one below the other, title and unit in lines of their own."""
    lines = [[f"{document.name}{document.year}年部门{_kind(document)}公开表"], []]
    for table in document.tables:
        lines += _lines(document, table)
    return _csv(lines)


def zip_file(document: Disclosure) -> bytes:
    """Attachments: the first tables as a workbook, each of the others as CSV."""
    stream = io.BytesIO()
    half = len(document.tables) // 2
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as container:
        container.writestr("附件1.xlsx", workbook(document, document.tables[:half]))
        for number, table in enumerate(document.tables[half:], start=2):
            container.writestr(f"附件{number}.csv", _csv(_lines(document, table)))
    return stream.getvalue()


def _kind(document: Disclosure) -> str:
    return "决算" if document.phase == "executed" else "预算"


def _lines(document: Disclosure, table: Table) -> list[list[str]]:
    above = [] if document.style.caption_inside else [[line] for line in captions(document, table)]
    return [*above, *matrix(document, table), *([note] for note in table.notes), []]


def _csv(lines: list[list[str]]) -> bytes:
    stream = io.StringIO()
    csv.writer(stream).writerows(lines)
    return stream.getvalue().encode("utf-8-sig")
