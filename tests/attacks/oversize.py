"""Disclosures that are large in one dimension; ``large`` reads them.

Most are drawn from one model, paragraphs and tables, in every format; what only one format has
(attributes, styles, drawn lines …) is written by hand.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

import xlwt

from tests.sources.pdf_drawing import raw_pdf

__all__ = ["LARGE", "Large"]

Rows = Sequence[Sequence[str]]
Blocks = Sequence[str | Rows]
"""A paragraph is a text, a table its rows."""

COVER = ("桐庐县水利局", "2023年部门预算公开", "表3:", "部门支出总体情况表", "单位：万元")
HEAD = ("功能分类科目编码", "功能分类科目名称", "合计", "基本支出", "项目支出")
TOTAL = ("", "合计", "350", "100", "250")
BODY = (
    ("2130301", "行政运行", "100", "100", ""),
    ("2130306", "水利工程运行与维护", "250", "", "250"),
)
TABLE: Rows = (HEAD, *BODY, TOTAL)
_WORDS = "一般公共预算财政拨款支出按功能分类情况说明"


@dataclass(frozen=True, slots=True)
class Large:
    """An input: its name (what is large, and the format), its full size, and how it is made."""

    name: str
    suffix: str
    size: int
    make: Callable[[int], bytes]

    def write(self, folder: Path, share: float) -> Path:
        """The file at a share of its full size."""
        path = folder / f"disclosure.{self.suffix}"
        path.write_bytes(self.make(max(2, int(self.size * share))))
        return path


# The formats


def txt(blocks: Blocks) -> bytes:
    lines = []
    for block in blocks:
        lines += [block, ""] if isinstance(block, str) else ["\t".join(row) for row in block]
    return "\n".join(lines).encode()


def md(blocks: Blocks) -> bytes:
    lines = []
    for block in blocks:
        if isinstance(block, str):
            lines += [block, ""]
            continue
        lines += [f"|{'|'.join(row)}|" for row in block]
        lines.insert(len(lines) - len(block) + 1, "|" + "---|" * len(block[0]))
        lines.append("")
    return "\n".join(lines).encode()


def csv(blocks: Blocks) -> bytes:
    rows = (row for block in blocks for row in ([[block]] if isinstance(block, str) else block))
    return "\n".join(",".join(row) for row in rows).encode()


def html(blocks: Blocks) -> bytes:
    return f"<html><body>\n{_html(blocks)}</body></html>".encode()


def _html(blocks: Blocks) -> str:
    parts = []
    for block in blocks:
        if isinstance(block, str):
            parts.append(f"<p>{escape(block)}</p>")
        else:
            rows = ("".join(f"<td>{escape(cell)}</td>" for cell in row) for row in block)
            parts.append(f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>")
    return "\n".join(parts)


def mht(blocks: Blocks) -> bytes:
    head = (
        "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n--b\r\n"
        "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    )
    return head.encode() + html(blocks) + b"\r\n--b--\r\n"


def packed(parts: dict[str, str]) -> bytes:
    """A container of XML parts, in their order; the first of OpenDocument is stored."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as container:
        for name, text in parts.items():
            stored = zipfile.ZIP_STORED if name == "mimetype" else None
            container.writestr(name, text, stored)
    return stream.getvalue()


_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELATED = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def docx(blocks: Blocks) -> bytes:
    parts = []
    for block in blocks:
        if isinstance(block, str):
            parts.append(_word_paragraph(block))
        else:
            rows = (
                "".join(f"<w:tc>{_word_paragraph(cell)}</w:tc>" for cell in row) for row in block
            )
            parts.append(f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>")
    return word("".join(parts))


def _word_paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{escape(text)}</w:t></w:r></w:p>"


def word(body: str, styles: str = "") -> bytes:
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    return packed({
        "[Content_Types].xml": f'<Types xmlns="{_TYPES}"><Default Extension="rels" ContentType='
        f'"application/vnd.openxmlformats-package.relationships+xml"/><Override PartName='
        f'"/word/document.xml" ContentType="{kind}.document.main+xml"/><Override PartName='
        f'"/word/styles.xml" ContentType="{kind}.styles+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_RELATED}"><Relationship Id="r1" Type="{_OFFICE}'
        '/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{_RELATED}"><Relationship Id="r1" '
        f'Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
        "word/styles.xml": f'<w:styles xmlns:w="{_WORD}">{styles}</w:styles>',
        "word/document.xml": f'<w:document xmlns:w="{_WORD}"><w:body>{body}</w:body></w:document>',
    })  # fmt: skip


def xlsx(blocks: Blocks) -> bytes:
    return workbook([_sheet_rows(blocks)])


def _lines_of(blocks: Blocks) -> Iterator[Sequence[str]]:
    for block in blocks:
        yield from [[block]] if isinstance(block, str) else block


def _sheet_rows(blocks: Blocks) -> str:
    return "".join(
        f'<row r="{number}">{"".join(map(_sheet_cell, row))}</row>'
        for number, row in enumerate(_lines_of(blocks), start=1)
    )


def _sheet_cell(text: str) -> str:
    if not text:
        return "<c/>"
    if text.isdigit() and len(text) < 7:
        return f"<c><v>{text}</v></c>"
    return f'<c t="inlineStr"><is><t>{escape(text)}</t></is></c>'


def workbook(sheets: Sequence[str], merged: str = "", styles: str = "", names: str = "") -> bytes:
    numbers = range(1, len(sheets) + 1)
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_TYPES}"><Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/><Override PartName='
        f'"/xl/workbook.xml" ContentType="{_SHEET_TYPE}.sheet.main+xml"/><Override PartName='
        f'"/xl/styles.xml" ContentType="{_SHEET_TYPE}.styles+xml"/>' + "".join(
            f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType='
            f'"{_SHEET_TYPE}.worksheet+xml"/>' for n in numbers) + "</Types>",
        "_rels/.rels": f'<Relationships xmlns="{_RELATED}"><Relationship Id="r1" Type="{_OFFICE}'
        '/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_RELATED}"><Relationship Id="s" Type='
        f'"{_OFFICE}/styles" Target="styles.xml"/>' + "".join(
            f'<Relationship Id="r{n}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
            for n in numbers) + "</Relationships>",
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>' + "".join(
            f'<sheet name="表{n}" sheetId="{n}" r:id="r{n}"/>' for n in numbers)
        + f"</sheets>{names}</workbook>",
        "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}">{styles or _STYLES}</styleSheet>',
    }  # fmt: skip
    for number, rows in zip(numbers, sheets, strict=True):
        parts[f"xl/worksheets/sheet{number}.xml"] = (
            f'<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData>{merged}</worksheet>'
        )
    return packed(parts)


_STYLES = (
    "<fonts><font/></fonts><fills><fill/></fills><borders><border/></borders><cellStyleXfs><xf/>"
    "</cellStyleXfs><cellXfs><xf/></cellXfs>"
)


def xls(blocks: Blocks) -> bytes:
    book = xlwt.Workbook()
    sheet = None
    for number, row in enumerate(_lines_of(blocks)):
        if number % 65_000 == 0:
            sheet = book.add_sheet(f"表{number // 65_000 + 1}")
        for column, text in enumerate(row[:256]):
            number_of = float(text) if text.isdigit() and len(text) < 7 else text[:32_000]
            assert sheet is not None
            sheet.write(number % 65_000, column, number_of)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


_ODF = "urn:oasis:names:tc:opendocument:xmlns"


def ods(blocks: Blocks) -> bytes:
    return open_document("spreadsheet", _ods_table(_lines_of(blocks)))


def _ods_table(rows: Iterator[Sequence[str]] | Rows) -> str:
    """A table; text documents lose one that states no columns."""
    rows = list(rows)
    columns = f'<table:table-column table:number-columns-repeated="{max(map(len, rows))}"/>'
    body = "".join(
        f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows
    )
    return f'<table:table table:name="表">{columns}{body}</table:table>'


def _ods_cell(text: str) -> str:
    if not text:
        return "<table:table-cell/>"
    return (
        f'<table:table-cell office:value-type="string"><text:p>{escape(text)}</text:p>'
        "</table:table-cell>"
    )


def odt(blocks: Blocks) -> bytes:
    return open_document("text", "".join(
        f"<text:p>{escape(block)}</text:p>" if isinstance(block, str) else _ods_table(block)
        for block in blocks
    ))  # fmt: skip


def open_document(kind: str, body: str, styles: str = "") -> bytes:
    spaces = " ".join(
        f'xmlns:{name}="{_ODF}:{name}:1.0"'
        for name in ("office", "table", "text", "style", "number")
    )
    media = f"application/vnd.oasis.opendocument.{kind}"
    return packed({
        "mimetype": media,
        "META-INF/manifest.xml": '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:'
        f'opendocument:xmlns:manifest:1.0"><manifest:file-entry manifest:full-path="/" '
        f'manifest:media-type="{media}"/><manifest:file-entry manifest:full-path="content.xml" '
        'manifest:media-type="text/xml"/></manifest:manifest>',
        "content.xml": f'<office:document-content {spaces} office:version="1.2">'
        f"<office:automatic-styles>{styles}</office:automatic-styles><office:body><office:{kind}>"
        f"{body}</office:{kind}></office:body></office:document-content>",
    })  # fmt: skip


def rtf(blocks: Blocks) -> bytes:
    parts = []
    for block in blocks:
        for row in [[block]] if isinstance(block, str) else block:
            text = "\\cell ".join(map(_rtf_text, row))
            if isinstance(block, str):
                parts.append(f"\\pard {text}\\par\n")
            else:
                edges = "".join(f"\\cellx{1500 * (n + 1)}" for n in range(len(row)))
                parts.append(f"\\trowd{edges}\\intbl {text}\\cell\\row\n")
    return ("{\\rtf1\\ansi " + "".join(parts) + "}").encode("ascii")


def _rtf_text(text: str) -> str:
    return "".join(c if c.isascii() else f"\\u{ord(c)}?" for c in text)


def pdf(blocks: Blocks) -> bytes:
    """Pages of 40 rows, 14 columns at most on the paper; cells are set in ruled boxes."""
    rows = list(_lines_of(blocks))
    return pdf_pages(
        "".join(
            f"BT /F {min(9, 500 // max(1, len(row)) or 1)} Tf {40 + column * 500 // max(5, len(row))} "
            f"{780 - line * 18} Td <{text.encode('utf-16-be').hex()}> Tj ET\n"
            for line, row in enumerate(rows[start : start + 40])
            for column, text in enumerate(row) if text
        ) + "".join(
            f"40 {775 - line * 18} {500} 18 re S\n"
            for line, row in enumerate(rows[start : start + 40]) if len(row) > 1
        )
        for start in range(0, len(rows), 40)
    )  # fmt: skip


def pdf_pages(pages: Iterator[str] | Sequence[str], fonts: int = 1) -> bytes:
    """Pages of contents, in fonts that need not be embedded (Adobe-GB1, UTF-16)."""
    font = (
        b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H "
        b"/DescendantFonts [<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light "
        b"/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> >>] >>"
    )
    streams = [page.encode("ascii") for page in pages]
    first = 3 + fonts
    named = "".join(f"/F{n or ''} {3 + n} 0 R " for n in range(fonts))
    kids = " ".join(f"{first + 2 * n} 0 R" for n in range(len(streams)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(streams)} >>".encode(),
        *[font] * fonts,
    ]
    for number, stream in enumerate(streams):
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << {named}>> "
            f">> /Contents {first + 2 * number + 1} 0 R >>".encode(),
            f"<< /Length {len(stream)} >>\nstream\n".encode() + stream + b"\nendstream",
        ]
    return raw_pdf(objects)


FORMATS: dict[str, Callable[[Blocks], bytes]] = {
    "txt": txt, "md": md, "csv": csv, "html": html, "mht": mht, "docx": docx, "xlsx": xlsx,
    "xls": xls, "ods": ods, "odt": odt, "rtf": rtf, "pdf": pdf,
}  # fmt: skip


# What is large in any format, by the number of it


def _tables(count: int) -> Blocks:
    return [
        *COVER,
        TABLE,
        *(block for n in range(count) for block in (f"说明{n}", (("甲", "乙"), ("1", "2")))),
    ]


def _known_tables(count: int) -> Blocks:
    return [block for n in range(count) for block in (*COVER, TABLE)]


def _joined_tables(count: int) -> Blocks:
    return [*COVER, *[TABLE] * count]


def _rows(count: int) -> Blocks:
    return [*COVER, TABLE[:-1] + tuple(
        (f"213{n // 100 % 100:02}{n % 100:02}", f"项目{n}", "10", "10", "") for n in range(count)
    ) + (TOTAL,)]  # fmt: skip


def _wrong_rows(count: int) -> Blocks:
    """Rows that contradict themselves, their classes and the total."""
    return [*COVER, (HEAD, *(
        (f"2{n // 10_000 % 100:02}{n // 100 % 100:02}{n % 100:02}", f"项目{n}", f"{n % 977}",
         f"{n % 13}", f"{n % 7}") for n in range(count)
    ), TOTAL)]  # fmt: skip


def _columns(count: int) -> Blocks:
    wide = [tuple(f"栏{n}" for n in range(count)), *[tuple(str(n) for n in range(count))] * 3]
    return [*COVER, TABLE, "另表", wide]


def _square(count: int) -> Blocks:
    """Just within the limit of columns, and many rows."""
    return [
        *COVER,
        TABLE,
        "另表",
        [tuple(str(n * c % 9_973) for c in range(511)) for n in range(count)],
    ]


def _empty_cells(count: int) -> Blocks:
    return [*COVER, (*TABLE, *[("",) * 5] * (count // 5))]


def _paragraphs(count: int) -> Blocks:
    return [*COVER, TABLE, *["说明"] * count]


def _empty_paragraphs(count: int) -> Blocks:
    return [*COVER, TABLE, *[""] * count]


def _claims(count: int) -> Blocks:
    said = (
        f"2023年一般公共预算财政拨款支出{n % 997}.{n % 100:02}万元，比上年增加{n % 89}万元，增长{n % 31}%。"
        for n in range(count)
    )
    return [*COVER, TABLE, "第二部分 部门预算情况说明", *said]


def _long_lines(count: int) -> Blocks:
    """Lines of 90,000 characters; so many characters in all."""
    line = (_WORDS + "12,345.67万元，") * (90_000 // 34)
    return [*COVER, TABLE, *[line] * (count // 90_000 + 1)]


def _long_cells(count: int) -> Blocks:
    text = (_WORDS + "1,234.56 ") * (32_000 // 30)
    return [*COVER, TABLE, "另表", [("甲", text[:32_000])] * (count // 32_000 + 1)]


_SIGNS = ("1", "（", ",", "；", "。", "一", "1万", "一元", "1，", "1；", "第", "分别为1元，2元、")


def _one_word(count: int) -> Blocks:
    return [*COVER, TABLE, *(sign * (count // len(sign)) for sign in _SIGNS)]


def _headings(count: int) -> Blocks:
    """A table all of whose rows might be its heading."""
    return [*COVER, [("项目", "预算数", "支出", "合计", "其中")] * count]


def _labels(count: int) -> Blocks:
    """Projects with target forms, one a page."""
    form = (
        ("项目名称", "水利工程{n}"), ("年度金额", "1"), ("年度绩效目标", "完成"),
        ("一级指标", "二级指标"), ("产出指标", "数量指标"),
    )  # fmt: skip
    return [*COVER, TABLE, *(
        block for n in range(count)
        for block in ("项目支出绩效目标表", [(a, b.format(n=n)) for a, b in form])
    )]  # fmt: skip


def _departments(count: int) -> Blocks:
    return [
        *COVER,
        TABLE,
        "部门预算单位构成",
        *(f"{n}.桐庐县第{n}水库管理所" for n in range(count)),
    ]


def _glossary(count: int) -> Blocks:
    return [*COVER, TABLE, "名词解释", *(f"{n}.名词{n}：指第{n}种收入。" for n in range(count))]


SHAPES: dict[str, tuple[Callable[[int], Blocks], int]] = {
    "tables": (_tables, 20_000),
    "known tables": (_known_tables, 4_000),
    "tables that join": (_joined_tables, 10_000),
    "rows": (_rows, 60_000),
    "wrong rows": (_wrong_rows, 20_000),
    "columns": (_columns, 20_000),
    "511 columns": (_square, 1_900),
    "empty cells": (_empty_cells, 2_000_000),
    "paragraphs": (_paragraphs, 1_000_000),
    "empty paragraphs": (_empty_paragraphs, 5_000_000),
    "claims": (_claims, 20_000),
    "long lines": (_long_lines, 4_000_000),
    "long cells": (_long_cells, 4_000_000),
    "characters of one line": (_one_word, 99_000),
    "heading rows": (_headings, 20_000),
    "target forms": (_labels, 4_000),
    "departments": (_departments, 50_000),
    "glossary": (_glossary, 50_000),
}
_SLOWER = {"pdf": 10, "rtf": 10, "odt": 10, "xls": 10}
"""Formats that need more for the same: so many times less of it is as hostile."""


# What only one format has


def _page(extra: str) -> bytes:
    return f"<html><body>{_html([*COVER, TABLE])}{extra}</body></html>".encode()


def _html_attributes(count: int) -> bytes:
    names = " ".join(f"a{n}=1" for n in range(count))
    return _page(f"<div {names}>x</div>")


def _html_attributes_apart(count: int) -> bytes:
    return _page("<b a=1 b=2 c=3 d=4 style=color:red>x</b>" * (count // 5))


def _html_depth(count: int) -> bytes:
    return _page("<div>" * count + "x" + "</div>" * count)


def _html_inline_depth(count: int) -> bytes:
    return _page("<span style='color:red'>x" * count + "</span>" * count)


def _html_tables_deep(count: int) -> bytes:
    return _page("<table><tr><td>1" * count)


def _html_many_deep(count: int) -> bytes:
    """Tables within the limit of nesting, side by side, full of cells."""
    deep = "<table><tr><td>1</td><td>" * 38 + "<table>" + "<tr><td>1</td><td>2</td></tr>" * 20
    return _page((deep + "</table>" + "</td></tr></table>" * 38) * (count // 38))


def _html_styles(count: int) -> bytes:
    rules = "".join(f".c{n}{{color:#{n % 999:03}}}" for n in range(count))
    cells = "".join(f"<p class=c{n}>x</p>" for n in range(count // 10))
    return _page(f"<style>{rules}</style>{cells}")


def _html_selectors(count: int) -> bytes:
    rules = "".join(f"div div .c{n % 50} > td:not(.x){{color:#fff}}" for n in range(count))
    cells = "".join(f"<tr><td class='c{n % 50}'>{n}</td><td>1</td></tr>" for n in range(count * 4))
    return _page(f"<style>{rules}</style><div><div><table>{cells}</table></div></div>")


def _html_spans(count: int) -> bytes:
    return _page(f"<table>{'<tr><td colspan=511 rowspan=9999>1</td></tr>' * count}</table>")


def _html_classes(count: int) -> bytes:
    names = " ".join(f"c{n}" for n in range(count))
    return _page(f"<style>.c1{{color:red}}</style><p class='{names}'>x</p>" * 3)


def _html_ids(count: int) -> bytes:
    return _page("".join(f"<i id=n{n}></i>" for n in range(count)))


def _html_entities(count: int) -> bytes:
    return _page("<p>" + "&nbsp;&amp;" * count + "</p>")


def _html_breaks(count: int) -> bytes:
    return _page("<p>" + "甲<br>" * count + "</p>")


def _html_inputs(count: int) -> bytes:
    return _page("<input value='1'>" * count)


def _html_hidden(count: int) -> bytes:
    return _page(
        "<table>" + "<tr style='display:none'><td>1</td><td>2</td></tr>" * count + "</table>"
    )


def _docx_runs(count: int) -> bytes:
    return word(_body() + "<w:p>" + "<w:r><w:t>1</w:t></w:r>" * count + "</w:p>")


def _body() -> str:
    blocks: Blocks = [*COVER, TABLE]
    return "".join(
        _word_paragraph(block) if isinstance(block, str)
        else "<w:tbl>" + "".join(
            "<w:tr>" + "".join(f"<w:tc>{_word_paragraph(c)}</w:tc>" for c in row) + "</w:tr>"
            for row in block) + "</w:tbl>"
        for block in blocks
    )  # fmt: skip


def _docx_depth(count: int) -> bytes:
    deep = "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>1</w:t></w:r></w:p>" * count
    return word(_body() + deep + "</w:tc></w:tr></w:tbl>" * count)


def _docx_styles(count: int) -> bytes:
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="s{n}"><w:basedOn w:val="s{n + 1}"/></w:style>'
        for n in range(count)
    )
    used = "".join(
        f'<w:p><w:pPr><w:pStyle w:val="s{n}"/></w:pPr><w:r><w:t>x</w:t></w:r></w:p>'
        for n in range(0, count, 10)
    )
    return word(_body() + used, styles)


def _docx_merged(count: int) -> bytes:
    row = "<w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p/></w:tc><w:tc><w:p><w:r><w:t>1</w:t></w:r></w:p></w:tc></w:tr>"
    first = row.replace("<w:vMerge/>", '<w:vMerge w:val="restart"/>')
    return word(_body() + "<w:p/>" + f"<w:tbl>{first}{row * count}</w:tbl>")


def _docx_boxes(count: int) -> bytes:
    box = (
        "<w:p><w:r><w:pict><w:txbxContent><w:p><w:r><w:t>1</w:t></w:r></w:p></w:txbxContent>"
        "</w:pict></w:r></w:p>"
    )
    return word(_body() + box * count)


def _docx_boxes_deep(count: int) -> bytes:
    return word(
        _body() + "<w:p><w:r><w:pict><w:txbxContent>" * count + "<w:p/>"
        + "</w:txbxContent></w:pict></w:r></w:p>" * count
    )  # fmt: skip


def _xlsx_merged(count: int) -> bytes:
    ranges = "".join(f'<mergeCell ref="A{n}:B{n}"/>' for n in range(20, count + 20))
    return workbook([_sheet_rows([*COVER, TABLE])], f"<mergeCells>{ranges}</mergeCells>")


def _xlsx_merged_over(count: int) -> bytes:
    ranges = "".join('<mergeCell ref="A20:Z2000"/>' for _ in range(count))
    return workbook([_sheet_rows([*COVER, TABLE])], f"<mergeCells>{ranges}</mergeCells>")


def _xlsx_styles(count: int) -> bytes:
    formats = "".join(
        f'<numFmt numFmtId="{n + 200}" formatCode="{"#,##0." + "0" * (n % 9)}&quot;{n}&quot;"/>'
        for n in range(count)
    )
    used = "".join(f'<xf numFmtId="{n + 200}"/>' for n in range(count))
    rows = _sheet_rows([*COVER, TABLE]) + "".join(
        f'<row><c s="{n}"><v>{n}</v></c><c><v>1</v></c></row>' for n in range(count)
    )
    return workbook([rows], styles=(
        f"<numFmts>{formats}</numFmts><fonts><font/></fonts><fills><fill/></fills><borders><border/>"
        f"</borders><cellStyleXfs><xf/></cellStyleXfs><cellXfs>{used}</cellXfs>"
    ))  # fmt: skip


def _xlsx_long_format(count: int) -> bytes:
    code = "#,##0" + "&quot;x&quot;_)" * count
    rows = (
        _sheet_rows([*COVER, TABLE]) + '<row><c s="1"><v>1</v></c><c s="1"><v>2</v></c></row>' * 200
    )
    return workbook([rows], styles=(
        f'<numFmts><numFmt numFmtId="200" formatCode="{code}"/></numFmts><fonts><font/></fonts><fills>'
        "<fill/></fills><borders><border/></borders><cellStyleXfs><xf/></cellStyleXfs><cellXfs><xf/>"
        '<xf numFmtId="200"/></cellXfs>'
    ))  # fmt: skip


def _xlsx_sheets(count: int) -> bytes:
    return workbook([_sheet_rows([*COVER, TABLE])] * count)


def _xlsx_names(count: int) -> bytes:
    names = "".join(f'<definedName name="n{n}">表1!$A$1</definedName>' for n in range(count))
    return workbook([_sheet_rows([*COVER, TABLE])], names=f"<definedNames>{names}</definedNames>")


def _xlsx_conditions(count: int) -> bytes:
    rules = "".join(
        f'<conditionalFormatting sqref="A1:Z999"><cfRule type="cellIs" dxfId="0" priority="{n}" '
        'operator="equal"><formula>1</formula></cfRule></conditionalFormatting>'
        for n in range(count)
    )
    return workbook([_sheet_rows(_rows(2_000))], rules)


def _xlsx_far(count: int) -> bytes:
    """Cells far apart, each alone on its row."""
    rows = "".join(
        f'<row r="{n * 50 + 50}"><c r="ZZ{n * 50 + 50}"><v>1</v></c></row>' for n in range(count)
    )
    return workbook([_sheet_rows([*COVER, TABLE]) + rows])


def _ods_repeated(count: int) -> bytes:
    many = (
        f'<table:table-row table:number-rows-repeated="{count}"><table:table-cell '
        'table:number-columns-repeated="200" office:value-type="string"><text:p>1</text:p>'
        "</table:table-cell></table:table-row>"
    )
    body = _ods_table(_lines_of([*COVER, TABLE])).removesuffix("</table:table>")
    return open_document("spreadsheet", f"{body}{many}</table:table>")


def _ods_styles(count: int) -> bytes:
    styles = "".join(
        f'<style:style style:name="s{n}" style:family="table-cell" style:parent-style-name="s{n + 1}" '
        f'style:data-style-name="n{n}"/><number:number-style style:name="n{n}"><number:number '
        'number:decimal-places="2"/></number:number-style>'
        for n in range(count)
    )
    cells = "".join(
        f'<table:table-row><table:table-cell table:style-name="s{n}" office:value-type="float" '
        f'office:value="{n}"><text:p>{n}</text:p></table:table-cell></table:table-row>'
        for n in range(0, count, 4)
    )
    body = _ods_table(_lines_of([*COVER, TABLE])).removesuffix("</table:table>")
    return open_document("spreadsheet", f"{body}{cells}</table:table>", styles)


def _ods_sheets(count: int) -> bytes:
    return open_document("spreadsheet", _ods_table(_lines_of([*COVER, TABLE])) * count)


def _ods_merged(count: int) -> bytes:
    row = (
        '<table:table-row><table:table-cell table:number-columns-spanned="4" '
        'table:number-rows-spanned="2" office:value-type="string"><text:p>1</text:p>'
        '</table:table-cell><table:covered-table-cell table:number-columns-repeated="3"/>'
        "</table:table-row><table:table-row><table:covered-table-cell "
        'table:number-columns-repeated="4"/></table:table-row>'
    )
    body = _ods_table(_lines_of([*COVER, TABLE])).removesuffix("</table:table>")
    return open_document("spreadsheet", f"{body}{row * count}</table:table>")


def _xls_styles(count: int) -> bytes:
    book = xlwt.Workbook(style_compression=2)
    sheet = book.add_sheet("表")
    for number, row in enumerate(_lines_of([*COVER, TABLE])):
        for column, text in enumerate(row):
            sheet.write(number, column, text)
    for number in range(count):
        style = xlwt.XFStyle()
        style.num_format_str = f'#,##0.00"{number}"'
        sheet.write(number + 20, 0, number, style)
        sheet.write_merge(number + 20, number + 20, 2, 3, 1)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _pdf_texts(blocks: Blocks = (*COVER, TABLE)) -> str:
    return "".join(
        f"BT /F 9 Tf {40 + column * 100} {780 - line * 18} Td <{text.encode('utf-16-be').hex()}> Tj ET\n"
        for line, row in enumerate(_lines_of(blocks)) for column, text in enumerate(row) if text
    ) + "".join(f"40 {680 - n * 18} 500 18 re S\n" for n in range(5))  # fmt: skip


def _pdf_lines(count: int) -> bytes:
    lines = "".join(
        f"40 {n % 800} m 500 {n % 800} l S {n % 500} 40 m {n % 500} 800 l S\n"
        for n in range(count // 2)
    )
    return pdf_pages([_pdf_texts() + lines])


def _pdf_path(count: int) -> bytes:
    return pdf_pages(
        [
            _pdf_texts()
            + "40 40 m "
            + "".join(f"{n % 500} {n * 7 % 800} l\n" for n in range(count))
            + "S\n"
        ]
    )


def _pdf_curves(count: int) -> bytes:
    curves = "".join(f"{n % 500} 40 m 1 2 3 4 {n % 500} 500 c S\n" for n in range(count))
    return pdf_pages([_pdf_texts() + curves])


def _pdf_rectangles(count: int) -> bytes:
    boxes = "".join(f"{n % 500} {n * 7 % 800} 20 10 re f\n" for n in range(count))
    return pdf_pages([_pdf_texts() + "0.9 g " + boxes + "0 g " + _pdf_texts()])


def _pdf_many_lines(count: int) -> bytes:
    """Pages that each have as many lines as a page may."""
    lines = "".join(f"40 {n % 800} m 500 {n % 800} l S\n" for n in range(5_000))
    return pdf_pages([_pdf_texts() + lines] * count)


def _pdf_characters(count: int) -> bytes:
    text = ("1" * 80).encode("utf-16-be").hex()
    lines = "".join(f"BT /F 5 Tf 40 {n * 3 % 800} Td <{text}> Tj ET\n" for n in range(count // 80))
    return pdf_pages([_pdf_texts() + lines])


def _pdf_one_place(count: int) -> bytes:
    """Characters printed over each other at one place."""
    one = "BT /F 9 Tf 40 500 Td <0031> Tj ET\n"
    return pdf_pages([_pdf_texts() + one * count])


def _pdf_fonts(count: int) -> bytes:
    used = "".join(
        f"BT /F{n or ''} 5 Tf {n % 500} {n * 3 % 800} Td <0031> Tj ET\n" for n in range(count)
    )
    return pdf_pages([_pdf_texts() + used], fonts=count)


def _pdf_pages(count: int) -> bytes:
    return pdf_pages([_pdf_texts()] * count)


def _pdf_empty_pages(count: int) -> bytes:
    return pdf_pages([_pdf_texts(), *[""] * count])


def _pdf_grid(count: int) -> bytes:
    """A ruled table of so many cells on one page, 60 columns wide."""
    rows = max(1, count // 60)
    ruled = "".join(
        f"20 {20 + n * 800 / rows:.3f} m 560 {20 + n * 800 / rows:.3f} l S\n"
        for n in range(rows + 1)
    )
    ruled += "".join(f"{20 + n * 9} 20 m {20 + n * 9} 820 l S\n" for n in range(61))
    return pdf_pages([_pdf_texts(), "0.1 w " + ruled])


def _zip_members(count: int) -> bytes:
    return packed({f"{n}.txt": txt([*COVER, TABLE]).decode() for n in range(count)})


OWN: dict[str, tuple[str, Callable[[int], bytes], int]] = {
    "attributes of one element": ("html", _html_attributes, 200_000),
    "a million attributes": ("html", _html_attributes_apart, 1_000_000),
    "elements deep": ("html", _html_depth, 200_000),
    "inline elements deep": ("html", _html_inline_depth, 50_000),
    "tables deep": ("html", _html_tables_deep, 100_000),
    "deep tables": ("html", _html_many_deep, 4_000),
    "style rules": ("html", _html_styles, 50_000),
    "style selectors": ("html", _html_selectors, 5_000),
    "spans": ("html", _html_spans, 50_000),
    "classes": ("html", _html_classes, 200_000),
    "ids": ("html", _html_ids, 500_000),
    "entities": ("html", _html_entities, 1_000_000),
    "breaks": ("html", _html_breaks, 1_000_000),
    "form fields": ("html", _html_inputs, 500_000),
    "hidden rows": ("html", _html_hidden, 100_000),
    "runs": ("docx", _docx_runs, 1_000_000),
    "tables deep ": ("docx", _docx_depth, 10_000),
    "styles": ("docx", _docx_styles, 20_000),
    "merged rows": ("docx", _docx_merged, 50_000),
    "text boxes": ("docx", _docx_boxes, 200_000),
    "text boxes deep": ("docx", _docx_boxes_deep, 20_000),
    "merged ranges": ("xlsx", _xlsx_merged, 99_000),
    "merged ranges over each other": ("xlsx", _xlsx_merged_over, 50_000),
    "styles ": ("xlsx", _xlsx_styles, 50_000),
    "a long number format": ("xlsx", _xlsx_long_format, 20_000),
    "sheets": ("xlsx", _xlsx_sheets, 500),
    "more sheets": ("xlsx", _xlsx_sheets, 4_000),
    "names": ("xlsx", _xlsx_names, 500_000),
    "conditions": ("xlsx", _xlsx_conditions, 20_000),
    "cells far apart": ("xlsx", _xlsx_far, 20_000),
    "repeated cells": ("ods", _ods_repeated, 4_999),
    "styles  ": ("ods", _ods_styles, 50_000),
    "sheets ": ("ods", _ods_sheets, 500),
    "merged ranges ": ("ods", _ods_merged, 20_000),
    "styles   ": ("xls", _xls_styles, 4_000),
    "drawn lines": ("pdf", _pdf_lines, 49_000),
    "points of a path": ("pdf", _pdf_path, 2_000_000),
    "curves": ("pdf", _pdf_curves, 49_000),
    "rectangles": ("pdf", _pdf_rectangles, 49_000),
    "pages of lines": ("pdf", _pdf_many_lines, 200),
    "characters of a page": ("pdf", _pdf_characters, 49_000),
    "characters at one place": ("pdf", _pdf_one_place, 49_000),
    "fonts": ("pdf", _pdf_fonts, 5_000),
    "pages": ("pdf", _pdf_pages, 2_000),
    "empty pages": ("pdf", _pdf_empty_pages, 1_999),
    "ruled cells": ("pdf", _pdf_grid, 49_000),
    "members": ("zip", _zip_members, 20_000),
}  # fmt: skip


def _drawn(
    draw: Callable[[Blocks], bytes], shape: Callable[[int], Blocks]
) -> Callable[[int], bytes]:
    return lambda count: draw(shape(count))


LARGE: Sequence[Large] = (
    *(
        Large(f"{shape}, {suffix}", suffix, size // _SLOWER.get(suffix, 1), _drawn(draw, shape_of))
        for shape, (shape_of, size) in SHAPES.items()
        for suffix, draw in FORMATS.items()
    ),
    *(Large(f"{name.strip()}, {suffix}", suffix, size, make)
      for name, (suffix, make, size) in OWN.items()),
)  # fmt: skip
