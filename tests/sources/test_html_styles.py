"""Web pages: what the style hides, strikes out or raises is no text of its cell."""

from __future__ import annotations

from pathlib import Path

import pytest

from yusuan.model.document import Cell, Document, Grid, Run
from yusuan.model.errors import YusuanError
from yusuan.sources import limits, read_document


def read(folder: Path, page: str) -> Document:
    (folder / "page.html").write_text(page, "utf-8")
    return read_document(folder / "page.html")


def cell(folder: Path, inner: str, head: str = "", attributes: str = "") -> Cell:
    """The cell of a table whose HTML is given."""
    page = (
        f"<html><head>{head}</head><body><table><tr><td>项目</td><td>金额</td></tr>"
        f"<tr><td>甲</td><td {attributes}>{inner}</td></tr></table></body></html>"
    )
    return next(read(folder, page).grids).rows[1][1]


HIDDEN = Run("999", hidden=True)
STRUCK = Run("580.00", struck=True)


@pytest.mark.parametrize(
    ("inner", "undisplayed"),
    [
        ("600.00<sup>1</sup>", Run("1", raised=True)),
        ("600.00<sub>1</sub>", Run("1", raised=True)),
        ("<sup>1</sup>600.00", Run("1", raised=True)),
        ("600.00<span style='vertical-align:super;font-size:60%'>1</span>", Run("1", raised=True)),
        ("600.00 <sup><a href='#n1'>[1]</a></sup>", Run("[1]", raised=True)),
        ("<ruby>600.00<rp>(</rp><rt>1</rt><rp>)</rp></ruby>", Run("1", raised=True)),
        ("<ruby>600.00<rtc><rt>1</rt></rtc></ruby>", Run("1", raised=True)),
        ("600.00<font size=1 style='position:relative;top:-.5em'>1</font>", Run("1", raised=True)),
        ("600.00<font size=-2 style='position:relative;bottom:5px'>1</font>", Run("1", raised=True)),
        ("600.00<small style='position:relative;top:-5px'>1</small>", Run("1", raised=True)),
        ("600.00<small><b style='vertical-align:text-top'>1</b></small>", Run("1", raised=True)),
        ("600.00<b style='vertical-align:top'><small>1</small></b>", Run("1", raised=True)),
        ("600.00<i style='vertical-align:5px;font-size:7pt'>1</i>", Run("1", raised=True)),
        ("600.00<i style='vertical-align:40%;font:.85em serif'>1</i>", Run("1", raised=True)),
        ("600.00<span style='position:relative;top:-6px'>1</span>", Run("1", raised=True)),
        ("600.00<b style='font-variant-position:super'>1</b>", Run("1", raised=True)),
        ("600.00<b style='font-feature-settings:\"sups\"'>1</b>", Run("1", raised=True)),
        ("600.00<i style='position:absolute;margin-top:-6px;font-size:60%'>1</i>", Run("1", raised=True)),
        ("600.00<i style='clip-path:inset(100%)'>999</i>", HIDDEN),
        ("600.00<i style='clip-path:inset(10% 50%)'>999</i>", HIDDEN),
        ("600.00<i style='clip-path:circle(0)'>999</i>", HIDDEN),
        ("600.00<i style='filter:opacity(0)'>999</i>", HIDDEN),
        ("600.00<i style='display:inline-block;transform:scale(0)'>999</i>", HIDDEN),
        ("<math><msup><mn>600.00</mn><mn>1</mn></msup></math>", Run("1", raised=True)),
        ("<math><mn>600.00</mn><msub><mi></mi><mrow><mn>1</mn></mrow></msub></math>", Run("1", raised=True)),
        ("600.00<dialog>999</dialog>", HIDDEN), ("600.00<i popover>999</i>", HIDDEN),
        ("600.00<b style='vertical-align:.4em'>1</b>", Run("1", raised=True)),
        ("600.00<i style='display:inline-block;transform:translateY(-40%)'>1</i>", Run("1", raised=True)),
        ("600.00<i style='display:inline-flex;transform:translate(0, -5px)'>1</i>", Run("1", raised=True)),
        ("<svg><title>9</title><text>600.00</text><text fill=white>999</text></svg>", HIDDEN),
        ("<del>580.00</del>600.00", STRUCK),
        ("<s>58<b>0.00</b></s> 600.00", STRUCK),
        ("<span style='text-decoration: underline line-through red'>580.00</span><br>600.00", STRUCK),
        ("600.00<span style='display:none'>999</span>", HIDDEN),
        ("600.00<b hidden>999</b>", HIDDEN),
        ("600.00<i style='visibility:hidden'>9<b>99</b></i>", HIDDEN),
        ("600.00<i style='opacity:0'>999</i>", HIDDEN),
        ("600.00<i style='font-size:0'>9<b style='font-size:2em'>99</b></i>", HIDDEN),
        ("600.00<i style='font-size:0'>9<b style='font-size:large'>1</b>99</i>", None),
        ("600.00<font color=white>999</font>", HIDDEN),
        ("600.00<font color='#FFFFFF'>999</font>", HIDDEN),
        ("600.00<i style='color:rgb(255, 255, 255)'>999</i>", HIDDEN),
        ("600.00<i style='color:rgba(0,0,0,0)'>999</i>", HIDDEN),
        ("600.00<i style='color:transparent'>999</i>", HIDDEN),
        ("600.00<i style='position:absolute;left:-9999px'>999</i>", HIDDEN),
        ("600.00<i style='position:absolute;clip:rect(0 0 0 0)'>999</i>", HIDDEN),
        ("600.00<i style='display:inline-block;height:0;overflow:hidden'>999</i>", HIDDEN),
    ],
)  # fmt: skip
def test_what_is_no_text_of_the_cell(tmp_path: Path, inner: str, undisplayed: Run | None) -> None:
    found = cell(tmp_path, inner)
    if undisplayed is None:  # part of it is seen again
        assert "1" in found.text and "9" not in found.text
    else:
        assert (found.text, found.undisplayed) == ("600.00", (undisplayed,))


@pytest.mark.parametrize(
    "inner",
    [
        "<ins>600.00</ins>", "<u>600.00</u>", "<i style='visibility:visible'>600.00</i>",
        "<i style='color:#cccccc'>600.00</i>", "<i style='opacity:.5'>600.00</i>",
        "<del style='text-decoration:none'>600.00</del>", "<sup>600.00</sup>",
        "<i style='background:navy'><b style='color:white'>600.00</b></i>",
        "<i style='background:url(dark.png);color:white'>600.00</i>",
        "<i style='color:white;background:rgba(0,0,0,.5)'>600.00</i>",
        "<i style='display:none;display:inline'>600.00</i>",
        "<i style='overflow:hidden;height:20px;font:bold 12px serif'>600.00</i>",
        "<span hidden style='display:inline'>600.00</span>",
        "<input value='600.00'>", "<input type=TEXT value='600.00' readonly>",
        "<input type=number value=600.00><input type=hidden value=999><input type=checkbox value=1>",
        "600<i style='vertical-align:1px;font-size:.95em'>.00</i>",
        "600.00<meter value=5>1</meter><progress value=1>1</progress>", "<dialog open>600.00</dialog>",
        "<math><semantics><mn>600.00</mn><annotation>600{.}00</annotation></semantics></math>",
        "<bdo dir=rtl>00.006</bdo>", "<bdo dir=ltr>600.00</bdo>",
        "<i style='unicode-bidi:bidi-override;direction:rtl'>00.006</i>",
        "60<i style='clip-path:inset(10%)'>0.00</i>", "60<i style='transform:scale(0)'>0.00</i>",
        "60<span style='position:relative;top:-2px'>0.00</span>",
        "60<span style='transform:translateY(-5px)'>0.00</span>",
        "60<span style='display:inline-block;transform:translate(-5px)'>0.00</span>",
        "60<i style='vertical-align:1px;font-size:.95em'>0.00</i>", "60<small>0.00</small>",
        "<p style='position:relative;top:-2px;font-size:12px'>60<i style='font-size:12px'>0.00</i>",
        "<div style='position:relative;top:9px'>60<i style='font-size:12px'>0.00</i></div>",
        "<svg width=50><desc>9</desc><text x=0 y=10>600<tspan>.00</tspan></text></svg>",
        "<textarea rows=1> 600.00 </textarea>",
        "<select><option>1<option selected>600.00<option>3</select>",
        "<select><option>600.00<option>3</select>", "60<wbr>0.00", "6<b>00.</b>00",
    ],
)  # fmt: skip
def test_what_is_text_of_the_cell(tmp_path: Path, inner: str) -> None:
    found = cell(tmp_path, inner)
    assert (found.text, found.undisplayed) == ("600.00", ())


@pytest.mark.smoke
@pytest.mark.parametrize(("color", "seen"), [("f1f1f1", False), ("e8e8e8", True)])
def test_nearly_the_colour_of_the_ground(tmp_path: Path, color: str, seen: bool) -> None:
    assert bool(cell(tmp_path, f"<i style='color:#{color}'>600.00</i>").text) is seen


@pytest.mark.smoke
@pytest.mark.parametrize(
    ("sheet", "seen"),
    [
        (".x{display:none}", False),
        ("i.x, #nothing{visibility:hidden}", False),
        ("#y{color:#fff}", False),
        ("td i{opacity:0}", False),
        ("td > i[class]{font-size:0px}", False),
        ("<!-- .x{display:none} -->", False),
        ("@media screen{.x{display:none}}", False),
        ("@media print{.x{display:none}}", True),
        ("@media (max-width:768px){.x{display:none}}", True),
        ("@media only screen and (min-width:800px){.x{display:none}}", False),
        (".x{display:none} #y{display:inline}", True),
        ("#y{display:inline} .x{display:none}", True),
        (".x{display:none!important} #y{display:inline}", False),
        (".x{display:none} .x{display:inline}", True),
        ("i::before{display:none} .x:hover{display:none}", True),
        (".x{color:white} td{background:#00f}", True),
        (".x{color:white} td{background:#00f} .x{background:white}", False),
        (".x{color:#00f} tr{background-color:#00f}", False),
        (".x:::{display:none} .nonsense{", True),
        ("/* .x{display:none} */", True),
    ],
)  # fmt: skip
def test_style_sheets_of_the_page(tmp_path: Path, sheet: str, seen: bool) -> None:
    found = cell(tmp_path, "<i class='a x' id=y>600.00</i>", f"<style>{sheet}</style>")
    assert found.text == ("600.00" if seen else "")
    assert [run.hidden for run in found.undisplayed] == ([] if seen else [True])


def test_style_attribute_weighs_more_than_sheets(tmp_path: Path) -> None:
    head = "<style>#y{display:none} .z{visibility:hidden!important}</style>"
    assert cell(tmp_path, "<i id=y style='display:inline'>600.00</i>", head).text == "600.00"
    assert cell(tmp_path, "<i class=z style='visibility:visible'>600.00</i>", head).text == ""


def test_cells_and_rows_that_take_no_place(tmp_path: Path) -> None:
    page = (
        "<style>.no{display:none}</style><table><tr><td>项目<td class=no>密<td>金额</tr>"
        "<tr class=no><td>乙<td class=no>1<td>55</tr>"
        "<tr><td>甲<td class=no>2<td style='visibility:hidden'>7</tr><tr><td>丙<td>8</tr></table>"
    )
    grid = next(read(tmp_path, page).grids)
    assert [[cell.text for cell in row] for row in grid.rows] == [
        ["项目", "金额"], ["甲", ""], ["丙", "8"],
    ]  # fmt: skip
    assert grid.rows[1][1].undisplayed == (Run("7", hidden=True),)


def test_hidden_rows_and_cells_with_digits_are_told(tmp_path: Path) -> None:
    page = (
        "<style>.no{display:none}</style><table><tr><td>项目<td class=no>备用<td>金额</tr>\n"
        "<tr class=no><td>乙<td>1<td>55</tr>\n<tr hidden><td>样式<td><td></tr>\n"
        "<tr><td>甲<td class=no>2<td>7</tr>\n<tr><td>丙<td class=no>3<td>8</tr>\n"
        "<tr><td>丁<td class=no>无<td>9<td class=no>4</tr></table>"
    )
    notes = read(tmp_path, page).notes
    assert [(note.scope, note.printed, note.line) for note in notes] == [
        ("row", "乙 | 1 | 55", 2), ("column", "2、3", 4), ("cell", "4", 6),
    ]  # fmt: skip
    assert not read(tmp_path, page.replace("none", "table-cell").replace("hidden", "")).notes


@pytest.mark.parametrize(
    ("part", "told"),
    [
        ("<iframe src='t.html'></iframe>", "t.html"), ("<iframe srcdoc='&lt;p&gt;5'></iframe>", "<p>5"),
        ("<object data='t.pdf'></object>", "t.pdf"), ("<embed src='t.pdf'>", "t.pdf"),
        ("<svg><text>支出</text><text>5 万元</text></svg>", "支出 5 万元"), ("<svg><text>无</text></svg>", None),
        ("<iframe src='n.html' width=4></iframe>", "n.html"), ("<iframe src='n.html' width=3></iframe>", None),
        ("<iframe src='n.html' hidden></iframe>", None), ("<iframe src='about:blank'></iframe>", None),
    ],
)  # fmt: skip
@pytest.mark.parametrize("within", [True, False])
def test_what_a_page_shows_of_other_files_and_drawings_is_told(
    tmp_path: Path, part: str, told: str | None, within: bool
) -> None:
    """Outside tables and in their cells, where the text of drawings is read."""
    table = "<table><tr><td>项目<td>金额</tr>\n<tr><td>甲<td>{}</tr></table>"
    page = table.format(part) if within else f"{table.format(1)}\n<p>{part}</p>"
    found = read(tmp_path, page)
    if within and "svg" in part:
        assert not found.notes
        return
    assert [(note.printed, note.line) for note in found.notes] == [(told, 3 - within)] * bool(told)
    assert bool(next(found.grids).rows[1][1].doubt) == (within and "hidden" not in part
                                                        and "=3" not in part)  # fmt: skip


def test_narrative_leaves_aside_what_is_struck_or_hidden(tmp_path: Path) -> None:
    page = (
        "<p>收入总计<del>1,100.00</del>1,200.00<sup>1</sup>万元"
        "<span style='display:none'>（上年900万元）</span>。</p><p hidden>支出总计5万元</p>"
    )
    (line,) = read(tmp_path, page).paragraphs
    assert line.text == "收入总计1,200.00万元。"
    assert [run.text for run in line.undisplayed] == ["1,100.00", "1", "（上年900万元）"]


def test_style_sheets_without_end(tmp_path: Path) -> None:
    sheet = ".x{color:red}" * (limits.STYLE_SHEETS // 13 + 1)
    with pytest.raises(YusuanError, match="style sheets of more than"):
        read(tmp_path, f"<style>{sheet}</style><p>1</p>")


@pytest.mark.parametrize(
    ("rule", "attributes", "inner", "shown"),
    [
        ("td.n::before{content:'-'}", "class=n", "600.00", "-600.00"),
        ("td.n:before{content:'−'} td.n:after{content:'0'}", "class=n", "600.0", "−600.00"),
        ("td:after{content:'万' '元'}", "", "600.00", "600.00万元"),
        ("td i::before{content:attr(data-v)}", "", "<i data-v=600></i>.00", "600.00"),
        ("td i::before{content:'9'} td i::before{content:none}", "", "<i>600</i>.00", "600.00"),
        ("td i::before{content:'9';display:none}", "", "<i>600</i>.00", "600.00"),
        ("@media print{td::after{content:'9'}}", "", "600.00", "600.00"),
        ("td::before{content:'▸ '}", "", "600.00", "600.00"),  # no text that says anything
        ("td::before{content:'\\e900'}", "", "600.00", "600.00"),  # a sign of an icon font
        ("td::before{content:counter(n)}", "", "600.00", "\ufffd600.00"),  # told: no number
    ],
)  # fmt: skip
def test_text_that_style_sheets_put_into_cells(
    tmp_path: Path, rule: str, attributes: str, inner: str, shown: str
) -> None:
    page = f"<style>{rule}</style><table><tr><th>甲<th>乙<tr><th>丙<td {attributes}>{inner}</table>"
    path = tmp_path / "a.html"
    path.write_text(page, "utf-8")
    assert next(read_document(path).grids).rows[1][1].text == shown


def test_a_fraction_joins_no_digits(tmp_path: Path) -> None:
    inner = "<math><mn>6</mn><mfrac><mn>1</mn><mrow><mn>2</mn></mrow></mfrac></math>"
    assert cell(tmp_path, inner).text == "61/2"


@pytest.mark.parametrize(
    ("columns", "left"),
    [
        ("<col><col style='visibility:collapse'><col>", ["甲", "丙"]),
        ("<colgroup span=2 class=c></colgroup>", ["丙"]),
        ("<colgroup class=c><col><col></colgroup><col>", ["丙"]),
        ("<col><col style='visibility:hidden'><col>", ["甲", "乙", "丙"]),
        ("<col><col span=2>", ["甲", "乙", "丙"]),
    ],
)
def test_collapsed_columns_take_no_place_and_are_told(
    tmp_path: Path, columns: str, left: list[str]
) -> None:
    rows = "<tr><td>甲<td>乙<td>丙<tr><td>1<td>2<td>3"
    style = "<style>.c{visibility:collapse}</style>"
    document = read(tmp_path, f"{style}<table>{columns}{rows}</table><p>文</p>")
    printed = [
        cell.text
        for block in document.blocks
        for row in (block.rows[:1] if isinstance(block, Grid) else [])
        for cell in row
    ]
    assert printed == left or (len(left) == 1 and not printed)
    assert len(document.notes) == 3 - len(left)
