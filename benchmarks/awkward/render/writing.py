"""Plain text with tabs, Markdown, CSV, web pages and saved web pages."""

from __future__ import annotations

import csv
import io
import quopri
from collections.abc import Sequence
from html import escape

from benchmarks.awkward.document import Document, Piece, Place, Table
from benchmarks.awkward.render.grid import Drawn, blocks

__all__ = ["csv_file", "html_file", "markdown_file", "mht_file", "text_file"]

Rows = Sequence[Sequence[Drawn]]


def _width(rows: Rows) -> int:
    return max((cell.column + cell.across for row in rows for cell in row), default=0)


def _texts(rows: Rows, write: dict[str, str]) -> list[list[str]]:
    """The text of each place; ``write`` says how a look is written, "%" standing for the text."""
    width = _width(rows)
    found = []
    for row in rows:
        texts = [""] * width
        for cell in row:
            texts[cell.column] = "".join(
                write[piece.look].replace("%", piece.text) for piece in cell.place.pieces
            )
        found.append(texts)
    return found


_MARKDOWN = {
    "": "%", "break": "<br>", "struck": "~~%~~", "sup": "<sup>%</sup>", "comment": "<!--%-->",
    "thin": "%",
}  # fmt: skip
_PLAIN = {"": "%", "thin": "%"}


def markdown_file(document: Document) -> bytes:
    lines: list[str] = []
    for block in blocks(document):
        if isinstance(block, str):
            lines += [block, ""] if block else []
            continue
        texts = _texts(block[1], _MARKDOWN)
        rows = ["| " + " | ".join(row) + " |" for row in texts]
        lines += [rows[0], "|" + "---|" * _width(block[1]), *rows[1:], ""]
    return "\n".join(lines).encode()


def text_file(document: Document) -> bytes:
    lines: list[str] = []
    for block in blocks(document):
        if isinstance(block, str):
            lines.append(block.lstrip("# "))
            continue
        lines += ["\t".join(row) for row in _texts(block[1], _PLAIN)]
        lines.append("")
    return "\n".join(lines).encode()


def csv_file(document: Document) -> bytes:
    stream = io.StringIO()
    writer = csv.writer(stream)
    for block in blocks(document):
        if isinstance(block, str):
            writer.writerow([block.lstrip("# ")])
            continue
        writer.writerows(_texts(block[1], _PLAIN))
        writer.writerow([])
    return stream.getvalue().encode("utf-8-sig")


_WEB = {
    "": "%", "break": "<br>", "thin": "%", "sup": "<sup>%</sup>", "sub": "<sub>%</sub>",
    "del": "<del>%</del>", "struck": "<s>%</s>", "line-through":
    '<span style="text-decoration: line-through">%</span>',
    "display-none": '<span style="display:none">%</span>',
    "class-none": '<span class="tip">%</span>', "attribute-hidden": "<span hidden>%</span>",
    "visibility": '<span style="visibility: hidden">%</span>',
    "white": '<span style="color:#fff">%</span>', "field": '<input type="text" value="%">',
    "script": "<script>var v = %;</script>", "comment": "<!-- % -->", "small-sup":
    '<span style="vertical-align: super; font-size: 6pt">%</span>',
}  # fmt: skip
_STYLE = ".tip { display: none } td { border: 1px solid #000; } .gone { display: none; }"


def _web_cell(cell: Drawn, hidden: str) -> str:
    span = f' rowspan="{cell.down}"' * (cell.down > 1) + f' colspan="{cell.across}"' * (
        cell.across > 1
    )
    inside = "".join(_web_piece(piece) for piece in cell.place.pieces)
    if cell.place.colour == "strike":
        inside = f"<s>{inside}</s>"
    look = {"hidden": ' class="gone"', "": ""}[hidden]
    if cell.place.colour == "white":
        look = ' style="color:#FFFFFF;background:#ffffff"'
    return f"<td{span}{look}>{inside}</td>"


def _web_piece(piece: Piece) -> str:
    return _WEB[piece.look].replace("%", escape(piece.text))


def _web_table(table: Table, rows: Rows) -> str:
    lines = []
    width = _width(rows)
    for row in rows:
        line = next((cell.line for cell in row if cell.line), None)
        look = ' style="display:none"' if line and line.look == "hidden" else ""
        struck = line is not None and line.look == "strike"
        cells = {cell.column: cell for cell in row}
        if line:
            cells = {c: cells.get(c) or Drawn(Place.of(""), c) for c in range(width)}
        inside = "".join(
            _web_cell(cell, table.hidden_columns.get(c, "") if not cell.across > 1 else "")
            for c, cell in sorted(cells.items())
        )
        if struck:
            inside = (
                inside.replace('">', '"><del>')
                .replace("<td>", "<td><del>")
                .replace("</td>", "</del></td>")
            )
        lines.append(f"<tr{look}>{inside}</tr>")
    return (
        "<table>" + ("" if "one-line" in table.marks else "\n").join(["", *lines, ""]) + "</table>"
    )


def _page(document: Document) -> str:
    body: list[str] = []
    for block in blocks(document):
        if isinstance(block, str):
            level = len(block) - len(block.lstrip("#"))
            text = escape(block.lstrip("# "))
            body.append(f"<h{level}>{text}</h{level}>" if level else f"<p>{text}</p>")
        else:
            body.append(_web_table(*block))
    return (
        f'<!DOCTYPE html>\n<html><head><meta charset="utf-8"><title>{escape(document.cover[0] if document.cover else "公开")}'
        f"</title><style>{_STYLE}</style></head><body>" + "\n".join(body) + "</body></html>"
    )


def html_file(document: Document) -> bytes:
    return _page(document).encode()


def mht_file(document: Document) -> bytes:
    """A page as browsers save it: quoted-printable in a multipart message."""
    page = quopri.encodestring(_page(document).encode()).decode("ascii").replace("\n", "\r\n")
    head = (
        "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://example.invalid/\r\n"
        "Subject: =?utf-8?Q?page?=\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/related; type="text/html"; boundary="----Part"\r\n\r\n\r\n'
        "------Part\r\nContent-Type: text/html\r\nContent-ID: <frame@mhtml.blink>\r\n"
        "Content-Transfer-Encoding: quoted-printable\r\n"
        "Content-Location: https://example.invalid/\r\n\r\n"
    )
    return (head + page + "\r\n------Part--\r\n").encode()
