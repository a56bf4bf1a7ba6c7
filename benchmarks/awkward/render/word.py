"""Word documents, written as XML so that every property of a run can be set."""

from __future__ import annotations

import io
import zipfile
from xml.sax.saxutils import escape

from benchmarks.awkward.document import Document, Piece, Table
from benchmarks.awkward.render.grid import Drawn, blocks

__all__ = ["docx_file"]

TRANSITIONAL = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
_STRICT_OFFICE = "http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument"
_WHO = 'w:id="7" w:author="editor" w:date="2024-01-05T08:00:00Z"'
_PROPERTIES = {
    "": "", "break": "", "thin": "", "vanish": "<w:vanish/>", "strike": "<w:strike/>",
    "dstrike": "<w:dstrike/>", "sup": '<w:vertAlign w:val="superscript"/>',
    "raised": '<w:position w:val="12"/><w:sz w:val="10"/>', "white": '<w:color w:val="FFFFFF"/>',
    "run": "<w:b/>",
}  # fmt: skip


def _run(piece: Piece) -> str:
    if piece.look == "break":
        return "<w:r><w:br/></w:r>"
    text = escape(piece.text)
    if piece.look == "deleted":
        return (
            f'<w:del {_WHO}><w:r><w:delText xml:space="preserve">{text}</w:delText></w:r></w:del>'
        )
    if piece.look == "inserted":
        return f'<w:ins {_WHO}><w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:ins>'
    inside = _PROPERTIES[piece.look]
    properties = f"<w:rPr>{inside}</w:rPr>" if inside else ""
    return f'<w:r>{properties}<w:t xml:space="preserve">{text}</w:t></w:r>'


def _paragraph(pieces: list[Piece], style: str = "") -> str:
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{properties}{''.join(map(_run, pieces))}</w:p>"


def _cell(cell: Drawn, going_on: bool = False) -> str:
    properties = f'<w:gridSpan w:val="{cell.across}"/>' if cell.across > 1 else ""
    if cell.down > 1 or going_on:
        properties += "<w:vMerge/>" if going_on else '<w:vMerge w:val="restart"/>'
    pieces = cell.place.pieces
    if cell.place.colour or (cell.line and cell.line.look == "strike"):
        look = {"white": "white", "strike": "strike", "": "strike"}[cell.place.colour]
        pieces = [Piece(piece.text, look) for piece in pieces]
    if cell.line and cell.line.look == "hidden":
        pieces = [Piece(piece.text, "vanish") for piece in pieces]
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{_paragraph([] if going_on else pieces)}</w:tc>"


def _table(table: Table, rows: list[list[Drawn]]) -> str:
    width = max(cell.column + cell.across for row in rows for cell in row)
    lines = []
    covered: dict[int, tuple[Drawn, int]] = {}
    for row in rows:
        cells = {cell.column: cell for cell in row}
        texts, column = [], 0
        while column < width:
            if column in covered:
                cell, left = covered.pop(column)
                texts.append(_cell(cell, going_on=True))
                if left > 1:
                    covered[column] = (cell, left - 1)
                column += cell.across
            elif column in cells:
                cell = cells[column]
                texts.append(_cell(cell))
                if cell.down > 1:
                    covered[column] = (cell, cell.down - 1)
                column += cell.across
            else:
                texts.append("<w:tc><w:tcPr/><w:p/></w:tc>")
                column += 1
        line = next((cell.line for cell in row if cell.line), None)
        hidden = "<w:trPr><w:hidden/></w:trPr>" if line and line.look == "hidden" else ""
        lines.append(f"<w:tr>{hidden}{''.join(texts)}</w:tr>")
    grid = "<w:gridCol/>" * width
    return f"<w:tbl><w:tblPr/><w:tblGrid>{grid}</w:tblGrid>{''.join(lines)}</w:tbl>"


def docx_file(document: Document) -> bytes:
    body = []
    for block in blocks(document):
        if isinstance(block, str):
            level = len(block) - len(block.lstrip("#"))
            body.append(_paragraph([Piece(block.lstrip("# "))], f"Heading{level}" if level else ""))
        else:
            body += [_table(*block), "<w:p/>"]
    strict = "strict" in document.marks
    main = (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:document xmlns:w="'
        f'{STRICT if strict else TRANSITIONAL}"><w:body>{"".join(body)}</w:body></w:document>'
    )
    package = "http://schemas.openxmlformats.org/package/2006"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default '
        'Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main'
        '+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{_STRICT_OFFICE if strict else _OFFICE}" Target="word/document.xml"/></Relationships>',
        "word/document.xml": main,
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{package}/relationships"/>',
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return stream.getvalue()
