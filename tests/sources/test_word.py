"""Word documents: headings, merged cells, content controls, text boxes, deleted text."""

import io
import re
import zipfile
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from tests.sources.makers import archive
from yusuan.model.document import Document, Grid, Paragraph, Run
from yusuan.model.errors import YusuanError
from yusuan.sources import read_document

P = "<w:p><w:r><w:t>{}</w:t></w:r></w:p>"


def read(folder: Path, document: Any) -> Document:
    document.save(folder / "text.docx")
    return read_document(folder / "text.docx")


def with_body(xml: str) -> Any:
    """A document whose body is the WordprocessingML given."""
    document = docx.Document()
    body = parse_xml(f"<w:body {nsdecls('w', 'wp', 'a')}>{xml}</w:body>")
    for element in list(body):
        document.element.body.append(element)
    return document


def texts(document: Document) -> list[str]:
    return [paragraph.text for paragraph in document.paragraphs]


def test_paragraphs_and_tables_in_order(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_heading("第一部分 概况", 1)
    document.add_paragraph("")
    document.add_paragraph("主要职责。")
    table = document.add_table(2, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "项目", "金额"
    table.cell(1, 0).text, table.cell(1, 1).text = "甲", "1"
    document.add_paragraph("说明")
    blocks = read(tmp_path, document).blocks
    assert [type(block).__name__[0] for block in blocks] == list("PPGP")
    assert isinstance(blocks[0], Paragraph) and blocks[0].level == 1
    # Blank paragraphs count; a table counts its rows.
    assert [block.position.line for block in blocks] == [1, 3, 4, 6]


def test_merged_cells_stand_once(tmp_path: Path) -> None:
    document = docx.Document()
    table = document.add_table(3, 3)
    for row, cells in enumerate((("科目", "支出", ""), ("", "基本", "项目"), ("甲", "1", "2"))):
        for column, text in enumerate(cells):
            table.cell(row, column).text = text
    table.cell(0, 0).merge(table.cell(1, 0)).text = "科目"
    table.cell(0, 1).merge(table.cell(0, 2)).text = "支出"
    grid = next(read(tmp_path, document).grids)
    assert [[cell.text for cell in row] for row in grid.rows] == [
        ["科目", "支出", ""], ["", "基本", "项目"], ["甲", "1", "2"],
    ]  # fmt: skip
    assert (grid.rows[0][0].rowspan, grid.rows[0][1].colspan) == (2, 2)
    assert all(row[i].column == i for row in grid.rows for i in range(3))


def test_a_table_in_a_content_control_and_one_in_a_cell(tmp_path: Path) -> None:
    cell = "<w:tc>{}</w:tc>"
    inner = (
        f"<w:tbl><w:tr>{cell.format(P.format('内'))}{cell.format(P.format('表'))}</w:tr></w:tbl>"
    )
    row = f"<w:tr>{cell.format(P.format('甲') + inner + P.format(''))}{cell.format(P.format('1'))}</w:tr>"
    xml = f"<w:sdt><w:sdtContent><w:tbl>{row}</w:tbl></w:sdtContent></w:sdt>"
    grid = next(read(tmp_path, with_body(xml)).grids)
    assert [cell.text for cell in grid.rows[0]] == ["甲 内 表", "1"]


def test_a_frame_around_a_table_is_dissolved(tmp_path: Path) -> None:
    document = docx.Document()
    frame = document.add_table(1, 1).cell(0, 0)
    frame.text = "部门收入总表"
    inner = frame.add_table(1, 2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "项目", "金额"
    blocks = read(tmp_path, document).blocks
    assert isinstance(blocks[0], Paragraph) and isinstance(blocks[1], Grid)


def test_text_boxes_are_read_and_deleted_text_is_not(tmp_path: Path) -> None:
    box = (
        f"<w:p><w:r><w:pict><w:txbxContent>{P.format('封面')}</w:txbxContent></w:pict></w:r></w:p>"
    )
    edited = (
        '<w:p><w:ins w:id="1" w:author="x"><w:r><w:t>新增</w:t></w:r></w:ins>'
        '<w:del w:id="2" w:author="x"><w:r><w:delText>删去</w:delText></w:r></w:del>'
        '<w:moveFrom w:id="3" w:author="x"><w:r><w:t>移走</w:t></w:r></w:moveFrom></w:p>'
    )
    assert texts(read(tmp_path, with_body(box + edited))) == ["封面", "新增"]


def run(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t xml:space='preserve'>{text}</w:t></w:r>"


def row_of(*cells: str) -> str:
    """A row of cells that hold the paragraphs or runs given."""
    return "<w:tr>" + "".join(
        f"<w:tc>{cell if cell.startswith('<w:p>') else f'<w:p>{cell}</w:p>'}</w:tc>" for cell in cells
    ) + "</w:tr>"  # fmt: skip


def styled(folder: Path, body: str, *styles: str) -> Document:
    """A document with styles of its own: WordprocessingML of each."""
    document = with_body(body)
    for style in styles:
        document.styles.element.append(parse_xml(style.replace(">", f" {nsdecls('w')}>", 1)))
    return read(folder, document)


@pytest.mark.parametrize(
    ("properties", "undisplayed"),
    [
        ("<w:vanish/>", Run("999", hidden=True)),
        ("<w:vanish w:val='true'/>", Run("999", hidden=True)),
        ("<w:specVanish/>", Run("999", hidden=True)),
        ("<w:sz w:val='1'/>", Run("999", hidden=True)),
        ("<w:color w:val='FFFFFF'/>", Run("999", hidden=True)),
        ("<w:strike/>", Run("999", struck=True)),
        ("<w:dstrike/>", Run("999", struck=True)),
        ("<w:vertAlign w:val='superscript'/>", Run("999", raised=True)),
        ("<w:vertAlign w:val='subscript'/>", Run("999", raised=True)),
        ("<w:position w:val='6'/>", Run("999", raised=True)),
        ("<w:rStyle w:val='Gone'/>", Run("999", hidden=True)),
        ("<w:rStyle w:val='Heir'/>", Run("999", hidden=True)),
        ("<w:rStyle w:val='Out'/>", Run("999", struck=True)),
    ],
)
def test_runs_that_are_no_text_of_the_cell(
    tmp_path: Path, properties: str, undisplayed: Run
) -> None:
    table = f"<w:tbl>{row_of(run('项目'), run('金额'))}" + (
        f"{row_of(run('甲'), run('600.00') + run('999', properties))}</w:tbl>"
    )
    styles = (
        "<w:style w:type='character' w:styleId='Gone'><w:rPr><w:vanish/></w:rPr></w:style>",
        "<w:style w:type='character' w:styleId='Heir'><w:basedOn w:val='Gone'/></w:style>",
        "<w:style w:type='character' w:styleId='Out'><w:rPr><w:strike/></w:rPr></w:style>",
    )
    cell = next(styled(tmp_path, table, *styles).grids).rows[1][1]
    assert (cell.text, cell.undisplayed) == ("600.00", (undisplayed,))


@pytest.mark.parametrize(
    ("properties", "cell"),
    [
        ("<w:vanish w:val='0'/>", ""), ("<w:strike w:val='false'/>", ""), ("<w:b/>", ""),
        ("<w:rStyle w:val='Gone'/><w:vanish w:val='0'/>", ""),
        ("<w:rStyle w:val='Loop'/>", ""),
        ("<w:color w:val='FFFFFF'/><w:highlight w:val='darkBlue'/>", ""),
        ("<w:color w:val='FFFFFF'/>", "<w:shd w:val='clear' w:fill='1F4E79'/>"),
        ("<w:color w:val='FFFFFF'/>", "<w:shd w:val='pct20' w:fill='FFFFFF'/>"),
        ("<w:color w:val='D9D9D9'/>", ""),
    ],
)  # fmt: skip
def test_runs_that_are_text_of_the_cell(tmp_path: Path, properties: str, cell: str) -> None:
    amount = f"<w:tc><w:tcPr>{cell}</w:tcPr><w:p>{run('600.00', properties)}</w:p></w:tc>"
    table = f"<w:tbl><w:tr><w:tc><w:p>{run('甲')}</w:p></w:tc>{amount}</w:tr></w:tbl>"
    styles = (
        "<w:style w:type='character' w:styleId='Gone'><w:rPr><w:vanish/></w:rPr></w:style>",
        "<w:style w:type='character' w:styleId='Loop'><w:basedOn w:val='Loop'/></w:style>",
    )
    found = next(styled(tmp_path, table, *styles).grids).rows[0][1]
    assert (found.text, found.undisplayed) == ("600.00", ())


@pytest.mark.parametrize("script", ["sup", "sub"])
def test_marks_written_as_formulas(tmp_path: Path, script: str) -> None:
    def formula(base: str) -> str:
        return (
            f"<m:oMath {nsdecls('m')}><m:sSup><m:e><m:r><m:t>{base}</m:t></m:r></m:e>"
            f"<m:{script}><m:r><m:t>2</m:t></m:r></m:{script}></m:sSup></m:oMath>"
        )

    table = f"<w:tbl>{row_of(run('甲'), formula('600.00'), formula('m'))}</w:tbl>"
    _, amount, area = next(read(tmp_path, with_body(table)).grids).rows[0]
    assert (amount.text, amount.undisplayed) == ("600.00", (Run("2", raised=True),))
    assert area.text == "m2"


_M_TEXT = "<m:r><m:t>{}</m:t></m:r>"
_FRACTION = f"<m:f><m:num>{_M_TEXT.format(1)}</m:num><m:den>{_M_TEXT.format(2)}</m:den></m:f>"
_PHANTOM = f"<m:phant><m:phantPr>{{}}</m:phantPr><m:e>{_M_TEXT.format(999)}</m:e></m:phant>"


@pytest.mark.parametrize(
    ("formula", "text", "undisplayed"),
    [
        (_M_TEXT.format(600) + _FRACTION, "6001/2", ()),
        (_FRACTION, "1/2", ()),
        (_M_TEXT.format(600) + _PHANTOM.format("<m:show m:val='0'/>"), "600", (Run("999", hidden=True),)),
        (_PHANTOM.format("<m:show m:val='off'/>") + _M_TEXT.format(600), "600", (Run("999", hidden=True),)),
        (_PHANTOM.format("<m:show m:val='1'/>"), "999", ()),
        (_PHANTOM.format(""), "999", ()),
    ],
)  # fmt: skip
def test_parts_of_formulas(
    tmp_path: Path, formula: str, text: str, undisplayed: tuple[Run, ...]
) -> None:
    written = f"<m:oMath {nsdecls('m')}>{formula}</m:oMath>"
    table = f"<w:tbl>{row_of(run('甲'), written)}</w:tbl>"
    found = next(read(tmp_path, with_body(table)).grids).rows[0][1]
    assert (found.text, found.undisplayed) == (text, undisplayed)


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (" EQ \\x(600.00)", True), (" EQ \\x(|600.00)", True), (" SYMBOL 54", True), (" PAGE 2", False),
    ],
)  # fmt: skip
@pytest.mark.parametrize("simple", [True, False])
def test_what_a_field_draws_is_told(tmp_path: Path, code: str, told: bool, simple: bool) -> None:
    """Its code may stand in several runs."""
    mark = "<w:r><w:fldChar w:fldCharType='{}'/></w:r>"
    field = "".join(f"<w:r><w:instrText>{part}</w:instrText></w:r>" for part in code.split("|"))
    drawn = mark.format("begin") + field + mark.format("end")
    if simple:
        drawn = f"<w:fldSimple w:instr='{code}'/>"
    table = f"<w:tbl>{row_of(run('甲'), drawn)}</w:tbl>"
    document = read(tmp_path, with_body(f"{table}<w:p>{run('文')}</w:p>"))
    cells = [cell.text for grid in document.grids for row in grid.rows for cell in row]
    assert ("\ufffd" in cells) == told


@pytest.mark.parametrize(
    ("font", "char", "text"),
    [
        ("Symbol", "F034", "4"), ("Symbol", "F02E", "."), ("Some Barcode", "F034", "\ufffd"),
        ("Wingdings", "F034", ""), ("Symbol", "F0B7", ""), ("Symbol", "F024", ""),
    ],
)  # fmt: skip
def test_a_sign_of_a_font_is_a_digit_where_the_font_has_one(
    tmp_path: Path, font: str, char: str, text: str
) -> None:
    sign = f"<w:r><w:sym w:font='{font}' w:char='{char}'/></w:r>"
    table = f"<w:tbl>{row_of(run('甲'), run('1') + sign + run('0'))}</w:tbl>"
    assert next(read(tmp_path, with_body(table)).grids).rows[0][1].text == f"1{text}0"


def test_a_cell_with_a_picture_and_no_text_is_in_doubt(tmp_path: Path) -> None:
    picture = "<w:r><w:pict><v:shape xmlns:v='urn:schemas-microsoft-com:vml'><v:imagedata/></v:shape></w:pict></w:r>"
    table = f"<w:tbl>{row_of(run('甲'), picture, run('1') + picture)}</w:tbl>"
    _, alone, beside = next(read(tmp_path, with_body(table)).grids).rows[0]
    assert alone.doubt and (beside.text, beside.doubt) == ("1", None)


def test_text_set_above_other_text_is_a_mark(tmp_path: Path) -> None:
    ruby = f"<w:r><w:ruby><w:rt>{run('1')}</w:rt><w:rubyBase>{run('600.00')}</w:rubyBase></w:ruby></w:r>"
    table = f"<w:tbl>{row_of(run('甲'), ruby)}</w:tbl>"
    found = next(read(tmp_path, with_body(table)).grids).rows[0][1]
    assert (found.text, found.undisplayed) == ("600.00", (Run("1", raised=True),))


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("<w:result w:val='1'/>", ""), ("<w:default w:val='1'/>", ""), ("", ""),
        ("<w:result w:val='9'/>", ""), ("<w:result w:val='1'/>", "600.00"),
    ],
)  # fmt: skip
def test_drop_down_form_fields_show_what_was_chosen(tmp_path: Path, said: str, shown: str) -> None:
    mark = "<w:r><w:fldChar w:fldCharType='{}'>{}</w:fldChar></w:r>"
    entries = "<w:listEntry w:val='100.00'/><w:listEntry w:val='600.00'/>"
    field = (
        mark.format("begin", f"<w:ffData><w:ddList>{said}{entries}</w:ddList></w:ffData>")
        + "<w:r><w:instrText> FORMDROPDOWN </w:instrText></w:r>"
        + (mark.format("separate", "") + run(shown) if shown else "")
        + mark.format("end", "")
    )
    table = f"<w:tbl>{row_of(run('甲'), field + run('元'))}</w:tbl>"
    expected = "" if "9" in said else "600.00" if said else "100.00"
    assert next(read(tmp_path, with_body(table)).grids).rows[0][1].text == f"{expected}元"


def test_styles_of_paragraphs_toggle_with_those_of_characters(tmp_path: Path) -> None:
    """ISO/IEC 29500-1, 17.7.3: two styles that both set a toggle property cancel out."""
    style = "<w:style w:type='paragraph' w:styleId='Draft'><w:rPr><w:vanish/></w:rPr></w:style>"
    other = "<w:style w:type='character' w:styleId='Gone'><w:rPr><w:vanish/></w:rPr></w:style>"
    draft = "<w:p><w:pPr><w:pStyle w:val='Draft'/></w:pPr>{}</w:p>"
    body = draft.format(run("稿")) + draft.format(
        run("甲") + run("正文", "<w:rStyle w:val='Gone'/>")
    )
    assert texts(styled(tmp_path, body, style, other)) == ["正文"]


def test_tracked_changes_of_rows_and_cells(tmp_path: Path) -> None:
    gone = "<w:tr><w:trPr><w:del w:id='1' w:author='x'/></w:trPr>" + (
        f"<w:tc><w:p>{run('乙')}</w:p></w:tc><w:tc><w:p>{run('55')}</w:p></w:tc></w:tr>"
    )
    cut = "<w:tc><w:tcPr><w:cellDel w:id='2' w:author='x'/></w:tcPr><w:p>{}</w:p></w:tc>"
    last = f"<w:tr><w:tc><w:p>{run('丙')}</w:p></w:tc>{cut.format(run('7'))}</w:tr>"
    edited = (
        "<w:del w:id='3' w:author='x'><w:r><w:delText>580.00</w:delText></w:r></w:del>"
        f"<w:ins w:id='4' w:author='x'>{run('600.00')}</w:ins>"
    )
    table = (
        f"<w:tbl>{row_of(run('项目'), run('金额'))}{gone}{row_of(run('甲'), edited)}{last}</w:tbl>"
    )
    grid = next(read(tmp_path, with_body(table)).grids)
    assert [[cell.text for cell in row] for row in grid.rows] == [
        ["项目", "金额"], ["", ""], ["甲", "600.00"], ["丙", ""],
    ]  # fmt: skip
    struck = [grid.rows[row][1].undisplayed for row in (1, 2, 3)]
    assert struck == [(Run(text, struck=True),) for text in ("55", "580.00", "7")]


@pytest.mark.parametrize(
    ("value", "shown"), [("", False), (" w:val='1'", False), (" w:val='0'", True)]
)
def test_a_hidden_row_is_set_aside(tmp_path: Path, value: str, shown: bool) -> None:
    """ISO/IEC 29500-1, 17.4.22."""
    hidden = row_of(run("乙"), run("55")).replace(
        "<w:tr>", f"<w:tr><w:trPr><w:hidden{value}/></w:trPr>"
    )
    grid = next(
        read(tmp_path, with_body(f"<w:tbl>{row_of(run('甲'), run('6'))}{hidden}</w:tbl>")).grids
    )
    cell = grid.rows[1][1]
    assert (cell.text, cell.undisplayed) == (
        ("55", ()) if shown else ("", (Run("55", hidden=True),))
    )


def test_what_was_moved_away_is_struck_out(tmp_path: Path) -> None:
    moved = f"<w:moveFrom w:id='3' w:author='x'>{run('580.00')}</w:moveFrom>"
    here = f"<w:moveTo w:id='4' w:author='x'>{run('600.00')}</w:moveTo>"
    document = read(tmp_path, with_body(f"<w:tbl>{row_of(run('甲'), moved + here)}</w:tbl>"))
    cell = next(document.grids).rows[0][1]
    assert (cell.text, cell.undisplayed) == ("600.00", (Run("580.00", struck=True),))


def test_a_file_embedded_in_the_text_is_told(tmp_path: Path) -> None:
    document = read(tmp_path, with_body(f"<w:p>{run('说明')}</w:p><w:altChunk/>"))
    (note,) = document.notes
    assert (note.scope, note.line) == ("member", 1)


def test_struck_numbers_of_the_narrative_are_left_aside(tmp_path: Path) -> None:
    body = f"<w:p>{run('收入总计')}{run('1,100', '<w:strike/>')}{run('1,200万元')}</w:p>"
    (line,) = read(tmp_path, with_body(body)).paragraphs
    assert (line.text, line.undisplayed) == ("收入总计1,200万元", (Run("1,100", struck=True),))


def test_strict_documents_are_read(tmp_path: Path) -> None:
    """ISO/IEC 29500-1 has other namespaces and relationship types than 29500-4."""
    stream = io.BytesIO()
    with_body(f"<w:tbl>{row_of(run('甲'), run('600.00') + run('1', '<w:strike/>'))}</w:tbl>").save(
        stream
    )
    parts = {}
    with zipfile.ZipFile(stream) as usual:
        for name in usual.namelist():
            parts[name] = re.sub(
                rb"http://schemas.openxmlformats.org/(?!package)(\w+)/2006/",
                rb"http://purl.oclc.org/ooxml/\1/", usual.read(name),
            )  # fmt: skip
    assert b"purl" in parts["_rels/.rels"] and b"purl" in parts["word/document.xml"]
    (tmp_path / "strict.docx").write_bytes(archive(parts))
    grid = next(read_document(tmp_path / "strict.docx").grids)
    assert [cell.text for cell in grid.rows[0]] == ["甲", "600.00"]


def test_a_row_of_too_many_columns_is_named(tmp_path: Path) -> None:
    cells = f'<w:tc><w:tcPr><w:gridSpan w:val="900"/></w:tcPr>{P.format("宽")}</w:tc>' * 2
    with pytest.raises(YusuanError, match=r"text\.docx, row 1: a cell in column 901"):
        read(tmp_path, with_body(f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>"))


def test_what_is_no_word_document_says_so(tmp_path: Path) -> None:
    stream = io.BytesIO()
    docx.Document().save(stream)
    cut, other = tmp_path / "cut.docx", tmp_path / "other.docx"
    cut.write_bytes(stream.getvalue()[:5000])
    other.write_bytes(archive({"word/document.xml": b"<w:document/>"}))
    for path in (cut, other):
        with pytest.raises(YusuanError, match=path.name):
            read_document(path)
