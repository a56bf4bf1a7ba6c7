"""What a sheet shows and what it hides, in XLSX, XLS and ODS alike."""

import io
import random
import re
import shutil
import subprocess
import zipfile
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
import xlwt

from tests.sources.books import WRITERS, Book, C, xlsx_book
from tests.sources.makers import archive
from yusuan.model.document import Cell, Document, Paragraph
from yusuan.model.errors import YusuanError
from yusuan.sources import read_document

ALL = pytest.mark.parametrize("suffix", list(WRITERS))
HEAD: dict[str, C | str | float] = {"A1": "科目", "B1": "合计", "C1": "项目"}


def read(folder: Path, suffix: str, book: Book) -> Document:
    path = folder / f"a.{suffix}"
    path.write_bytes(WRITERS[suffix](book))
    return read_document(path)


def by_address(document: Document) -> dict[str, Cell]:
    return {
        (cell.fragment or "").partition("!")[2]: cell
        for grid in document.grids for row in grid.rows for cell in row if cell.fragment
    }  # fmt: skip


def texts(document: Document) -> list[list[str]]:
    return [[cell.text for cell in row] for grid in document.grids for row in grid.rows]


def undisplayed(cell: Cell) -> str:
    return "".join(run.text for run in cell.undisplayed)


@ALL
def test_numbers_through_their_format(tmp_path: Path, suffix: str) -> None:
    amounts = [
        C(10_000_000, "0\\.0000", shown="1000.0000"), C(1000.004, "0.00", shown="1000.00"),
        C(8, "00", shown="08"), C(12, '0.00"万元"', shown="12.00万元"), C(5, "0.00", shown="5.00"),
        C(1_234_567, "#,##0,", shown="1,235"), C(0.125, "0.0%", shown="12.5%"), C(7.5),
        C(45_000, "yyyy-mm-dd", shown="2023-03-15"), C(-5, "0.00;(0.00)", shown="(5.00)"),
    ]  # fmt: skip
    cells = {**HEAD, **{f"A{i}": "甲" for i in range(2, 12)},
             **{f"B{i}": amount for i, amount in enumerate(amounts, start=2)}}  # fmt: skip
    found = by_address(read(tmp_path, suffix, Book(cells)))
    assert [found[f"B{i}"].text for i in range(2, 12)] == [
        amount.shown or str(amount.value) for amount in amounts
    ]
    # The stored value stands beside a number that is another one.
    assert [found[f"B{i}"].stored for i in range(2, 12)] == [
        "10000000", "1000.004", None, None, None, "1234567", None, None, "45000", None,
    ]  # fmt: skip


@ALL
def test_struck_cells_are_blank(tmp_path: Path, suffix: str) -> None:
    struck = {"A3": C("乙", struck=True), "B3": C(55.0, struck=True)}
    book = Book({**HEAD, "A2": "甲", "B2": 1.0, **struck, "A4": "丙", "B4": 2.0})
    document = read(tmp_path, suffix, book)
    assert len(list(document.grids)) == 1  # a struck row ends no table
    found = by_address(document)
    assert [found[address].text for address in ("A3", "B3", "B4")] == ["", "", "2"]
    assert undisplayed(found["A3"]) == "乙" and re.fullmatch(r"55(\.0)?", undisplayed(found["B3"]))
    assert all(run.struck for run in found["B3"].undisplayed)


@ALL
@pytest.mark.parametrize(
    ("ink", "paper", "seen"),
    [("FFFFFF", None, False), ("FFFFFF", "FFFFFF", False), ("FFFFFF", "000000", True),
     ("FF0000", None, True), ("FF0000", "FF0000", False), ("000000", None, True)],
)  # fmt: skip
def test_ink_on_paper_of_its_colour(
    tmp_path: Path, suffix: str, ink: str, paper: str | None, seen: bool
) -> None:
    checks = {f"C{i}": C(7.0, ink=ink, paper=paper, shown="7") for i in (2, 3)}
    document = read(tmp_path, suffix, Book({**HEAD, "A2": "甲", "B2": 1.0, "B3": 2.0, **checks}))
    cell = by_address(document)["C3"]
    assert (cell.text, undisplayed(cell)) == (("7", "") if seen else ("", "7"))


@ALL
def test_runs_within_a_cell(tmp_path: Path, suffix: str) -> None:
    runs = {
        "B2": C((("600", ""), ("1", "raised"))), "B3": C((("580", "struck"), ("600", ""))),
        "B4": C((("600", ""), ("999", "white"))), "B5": C((("面积 m", ""), ("2", "raised"))),
    }  # fmt: skip
    book = Book({**HEAD, **{f"A{i}": "甲" for i in range(2, 6)}, **runs})
    found = by_address(read(tmp_path, suffix, book))
    assert [(found[f"B{i}"].text, undisplayed(found[f"B{i}"])) for i in range(2, 6)] == [
        ("600", "1"), ("600", "580"), ("600", "999"), ("面积 m2", ""),
    ]  # fmt: skip


@ALL
def test_a_run_has_a_font_of_its_own(tmp_path: Path, suffix: str) -> None:
    """A line through the font of the cell does not go through runs that state another."""
    runs = C((("580", ""), ("600", "red")), struck=True)
    found = by_address(read(tmp_path, suffix, Book({**HEAD, "A2": "甲", "B2": runs, "C2": 1.0})))
    expected = ("600", "580") if suffix == "xlsx" else ("580600", "")
    if suffix == "ods":
        expected = ("", "580600")  # a span there changes only what it states
    assert (found["B2"].text, undisplayed(found["B2"])) == expected


@ALL
def test_hidden_rows_columns_and_sheets_are_told(tmp_path: Path, suffix: str) -> None:
    cells: dict[str, C | str | float] = {"A1": "科目", "B1": "备用", "C1": "合计"}
    for row in range(2, 8):
        cells |= {f"A{row}": f"项{row}", f"B{row}": 99.0, f"C{row}": float(row)}
    cells["A7"], cells["B7"], cells["C7"] = "注", "无", "无"
    document = read(
        tmp_path, suffix,
        Book(cells, hidden_rows=(3, 4, 7), hidden_columns=("B",), hidden_sheet={"A1": 5.0}),
    )  # fmt: skip
    (grid,) = document.grids  # a hidden row is no blank one
    assert [[cell.text for cell in row] for row in grid.rows] == [
        ["科目", "合计"], ["项2", "2"], ["项5", "5"], ["项6", "6"],
    ]  # fmt: skip
    assert grid.rows[2][1].fragment == "表!C5" and grid.rows[2][1].position.line == 5
    notes = [(note.scope, note.printed, note.page, note.line) for note in document.notes]
    assert notes == [
        ("row", "行3-4", 1, 3), ("column", "列B", 1, 2), ("sheet", "上年", 2, None)
    ]  # fmt: skip


@ALL
def test_zeros_that_a_sheet_does_not_show(tmp_path: Path, suffix: str) -> None:
    cells = {**HEAD, "A2": "甲", "B2": 1.0, "C2": 0.0, "A3": "乙", "B3": 0.0, "C3": 2.0}
    assert texts(read(tmp_path, suffix, Book(cells, zeros=False)))[1:] == [
        ["甲", "1", ""], ["乙", "", "2"],
    ]  # fmt: skip
    numbers = [row[1:] for row in texts(read(tmp_path, suffix, Book(cells)))[1:]]
    assert [[Decimal(text) for text in row] for row in numbers] == [[1, 0], [0, 2]]


@ALL
def test_a_number_that_its_format_does_not_show(tmp_path: Path, suffix: str) -> None:
    cells = {**HEAD, "A2": "甲", "B2": 1.0, "C2": C(5.0, ";;;", shown=""), "A3": "乙",
             "B3": C(6.0, '"见附表"', shown="见附表"), "C3": C(0.0, '0;0;"-"', shown="-")}  # fmt: skip
    found = by_address(read(tmp_path, suffix, Book(cells)))
    assert (found["C2"].text, undisplayed(found["C2"])) == ("", "5")
    assert (found["B3"].text, undisplayed(found["B3"])) == ("见附表", "6")
    assert (found["C3"].text, undisplayed(found["C3"])) == ("-", "")


@pytest.mark.parametrize("suffix", ["xlsx", "xls"])
def test_a_format_that_is_not_understood_is_told(tmp_path: Path, suffix: str) -> None:
    cells = {**HEAD, "A2": "甲", "B2": C(1.5, "# ?/?"), "C2": 2.0}
    found = by_address(read(tmp_path, suffix, Book(cells)))
    assert found["B2"].doubt and "# ?/?" in found["B2"].doubt[0]
    assert found["C2"].doubt is None


@pytest.mark.parametrize(
    ("height", "told"), [("0", True), ("1", True), ("2", False), ("15", False)]
)
def test_rows_too_flat_to_show_anything(tmp_path: Path, height: str, told: bool) -> None:
    content = xlsx_book(Book({**HEAD, "A2": "甲", "B2": 1.0, "A3": "乙", "B3": 2.0}))
    flat = f'<row r="2" ht="{height}" customHeight="1"'
    (tmp_path / "a.xlsx").write_bytes(with_sheet(content, '<row r="2"', flat))
    document = read_document(tmp_path / "a.xlsx")
    assert [note.printed for note in document.notes] == (["行2"] if told else [])


@pytest.mark.parametrize(("width", "told"), [("0", True), ("0.1", True), ("0.5", False)])
def test_columns_too_narrow_to_show_anything(tmp_path: Path, width: str, told: bool) -> None:
    content = xlsx_book(Book({**HEAD, "A2": "甲", "B2": 1.0, "C2": 2.0}))
    narrow = f'<cols><col min="2" max="2" width="{width}" customWidth="1"/></cols><sheetData>'
    (tmp_path / "a.xlsx").write_bytes(with_sheet(content, "<sheetData>", narrow))
    document = read_document(tmp_path / "a.xlsx")
    assert [note.printed for note in document.notes] == (["列B"] if told else [])


def changed(folder: Path, change: object) -> Document:
    """A small table, its sheet changed by openpyxl."""
    book = openpyxl.load_workbook(
        io.BytesIO(xlsx_book(Book({**HEAD, "A2": "甲", "B2": 1.0, "C2": 2.0, "A3": "乙", "C3": 3.0})))
    )  # fmt: skip
    change(book.active)  # type: ignore[operator]
    book.save(folder / "a.xlsx")
    return read_document(folder / "a.xlsx")


def with_sheet(content: bytes, old: str, new: str) -> bytes:
    """A workbook with one thing put in place of another in its first sheet."""
    with zipfile.ZipFile(io.BytesIO(content)) as container:
        parts = {name: container.read(name) for name in container.namelist()}
    name = "xl/worksheets/sheet1.xml"
    assert old.encode() in parts[name]
    parts[name] = parts[name].replace(old.encode(), new.encode(), 1)
    return archive(parts)


def test_a_merged_cell_shows_where_it_is_not_hidden(tmp_path: Path) -> None:
    def change(sheet: openpyxl.worksheet.worksheet.Worksheet) -> None:
        sheet["A1"] = "支出"
        sheet.merge_cells("A1:B1")
        sheet.column_dimensions["A"].hidden = True

    (grid,) = changed(tmp_path, change).grids
    assert [cell.text for cell in grid.rows[0]] == ["支出", "项目"]
    assert grid.rows[0][0].fragment == "表!A1" and grid.rows[0][0].colspan == 1


def test_formulas_without_a_result(tmp_path: Path) -> None:
    found = by_address(read(tmp_path, "xlsx", Book({**HEAD, "A2": "甲", "B2": "=1+C2", "C2": 2.0})))
    assert found["B2"].doubt and "formula" in found["B2"].doubt[1]
    assert found["C2"].text == "2"


@pytest.mark.parametrize(
    ("results", "on_load", "told"),
    [((0, 0), True, True), ((0, 3), True, False), ((0, 0), False, False)],
)
def test_formulas_that_a_library_gave_the_result_zero(
    tmp_path: Path, results: tuple[int, int], on_load: bool, told: bool
) -> None:
    content = xlsx_book(Book({**HEAD, "A2": "甲", "B2": "=C2", "C2": "=D2", "D2": 3.0}))
    for name, result in zip(("C2", "D2"), results, strict=True):
        content = with_sheet(content, f"<f>{name}</f><v></v>", f"<f>{name}</f><v>{result}</v>")
    if not on_load:
        with zipfile.ZipFile(io.BytesIO(content)) as container:
            parts = {name: container.read(name) for name in container.namelist()}
        parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(b' fullCalcOnLoad="1"', b"")
        content = archive(parts)
    (tmp_path / "a.xlsx").write_bytes(content)
    found = by_address(read_document(tmp_path / "a.xlsx"))
    assert [bool(found[address].doubt) for address in ("B2", "C2", "D2")] == [told, told, False]


def test_formulas_of_xls_that_were_never_computed(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("表")
    for column, value in enumerate(("甲", 1.0, xlwt.Formula("B1*2"), 3.0)):
        sheet.write(0, column, value)
        sheet.write(1, column, value)
    book.save(str(tmp_path / "a.xls"))
    found = by_address(read_document(tmp_path / "a.xls"))
    assert [bool(found[address].doubt) for address in ("B1", "C1", "D1", "C2")] == [
        False, True, False, True,
    ]  # fmt: skip


def test_errors_are_shown_as_such(tmp_path: Path) -> None:
    errors = {"B2": "#REF!", "C2": "#N/A", "B3": "#DIV/0!"}
    found = by_address(read(tmp_path, "xlsx", Book({**HEAD, "A2": "甲", "A3": "乙", **errors})))
    assert {address: found[address].text for address in errors} == errors


def test_dates_of_the_1904_system(tmp_path: Path) -> None:
    def change(sheet: openpyxl.worksheet.worksheet.Worksheet) -> None:
        sheet.parent.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
        sheet["B2"] = 1000
        sheet["B2"].number_format = "yyyy/m/d"

    cell = by_address(changed(tmp_path, change))["B2"]
    assert (cell.text, cell.stored) == ("1906/9/27", "1000")


def test_theme_colours_are_looked_up(tmp_path: Path) -> None:
    def change(sheet: openpyxl.worksheet.worksheet.Worksheet) -> None:
        for address, theme, tint in (("B2", 0, 0.0), ("C2", 0, -0.5), ("C3", 1, 1.0)):
            colour = openpyxl.styles.colors.Color(theme=theme, tint=tint)
            sheet[address].font = openpyxl.styles.Font(color=colour)

    found = by_address(changed(tmp_path, change))
    assert [found[address].text for address in ("B2", "C2", "C3")] == ["", "2", ""]


def test_strict_namespaces_and_cells_without_addresses(tmp_path: Path) -> None:
    content = xlsx_book(Book({**HEAD, "A2": "甲", "B2": 1.0, "C2": 2.0}))
    with zipfile.ZipFile(io.BytesIO(content)) as container:
        parts = {name: container.read(name) for name in container.namelist()}
    main = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    strict = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
    parts = {name: part.replace(main, strict) for name, part in parts.items()}
    name = "xl/worksheets/sheet1.xml"
    parts[name] = re.sub(rb' r="[A-Z]?\d+"', b"", parts[name])
    (tmp_path / "a.xlsx").write_bytes(archive(parts))
    assert texts(read_document(tmp_path / "a.xlsx")) == [["科目", "合计", "项目"], ["甲", "1", "2"]]


def test_a_workbook_that_shows_nothing(tmp_path: Path) -> None:
    with pytest.raises(YusuanError, match="all that it holds is hidden"):
        read(tmp_path, "xlsx", Book({"A1": "甲", "B1": 1.0}, hidden_rows=(1,)))


def test_ods_leaves_out_what_is_no_cell(tmp_path: Path) -> None:
    """Notes of cells, tracked changes, sheets kept of other files, folded groups."""
    content = WRITERS["ods"](Book({**HEAD, "A2": "甲", "B2": 1.0, "A3": "乙", "B3": 2.0}))
    with zipfile.ZipFile(io.BytesIO(content)) as container:
        parts = {name: container.read(name) for name in container.namelist()}
    text = parts["content.xml"].decode()
    cell = '<table:table-cell office:value-type="float" office:value="77"><text:p>77</text:p></table:table-cell>'
    text = text.replace(
        "<text:p>1</text:p>", "<office:annotation><text:p>88</text:p></office:annotation><text:p>1</text:p>"
    ).replace(
        "<office:spreadsheet>",
        f"<office:spreadsheet><table:tracked-changes><table:deletion>{cell}</table:deletion></table:tracked-changes>",
    ).replace(
        "</office:spreadsheet>",
        "<table:table table:name=\"'file:///b.ods'#$表\"><table:table-source/>"
        f"<table:table-row>{cell}</table:table-row></table:table></office:spreadsheet>",
    ).replace(
        "</table:table>",
        f'<table:table-row-group table:display="false"><table:table-row>{cell}</table:table-row>'
        "</table:table-row-group></table:table>", 1,
    )  # fmt: skip
    parts["content.xml"] = text.encode()
    (tmp_path / "a.ods").write_bytes(archive(parts))
    document = read_document(tmp_path / "a.ods")
    assert [row[:2] for row in texts(document)] == [["科目", "合计"], ["甲", "1"], ["乙", "2"]]
    assert [(note.scope, note.printed) for note in document.notes] == [("row", "行4")]


@ALL
@pytest.mark.parametrize("seed", range(12))
def test_every_number_is_shown_or_told(tmp_path: Path, suffix: str, seed: int) -> None:
    """Tables with numbers hidden in every way: each is in its own cell, undisplayed, or in a note."""
    chance = random.Random(seed)
    cells: dict[str, C | str | float] = dict(HEAD)
    truth: dict[str, tuple[str, bool]] = {}
    for row in range(2, 12):
        cells[f"A{row}"] = f"项目{chr(ord('甲') + row)}"
        for letter in "BC":
            number = f"{chance.randrange(10_000, 99_999)}.5"
            struck, white = chance.random() < 0.2, chance.random() < 0.2
            ink = "FFFFFF" if white else None
            cells[f"{letter}{row}"] = C(float(number), struck=struck, ink=ink, shown=number)
            truth[f"{letter}{row}"] = (number, not (struck or white))
    rows = tuple(row for row in range(2, 12) if chance.random() < 0.2)
    columns = ("C",) if chance.random() < 0.3 else ()
    document = read(tmp_path, suffix, Book(cells, hidden_rows=rows, hidden_columns=columns))
    found = by_address(document)
    told: set[str] = set()
    for note in document.notes:
        if note.scope == "row":
            first, _, last = note.printed.removeprefix("行").partition("-")
            told |= {f"{x}{y}" for x in "BC" for y in range(int(first), int(last or first) + 1)}
        else:
            told |= {f"{note.printed.removeprefix('列')}{y}" for y in range(2, 12)}
    for address, (number, seen) in truth.items():
        if int(address[1:]) in rows or address[0] in columns:
            assert address not in found and address in told
        else:
            cell = found[address]
            assert (cell.text, undisplayed(cell)) == ((number, "") if seen else ("", number))


def beside(folder: Path, extra: dict[str, C | str | float]) -> Document:
    """A table in A to C with its unit far to the right, and what is put beside it."""
    cells: dict[str, C | str | float] = {"A1": "部门支出总表", "F2": "单位：万元", "A3": "科目",
                                         "B3": "合计", "C3": "项目"}  # fmt: skip
    for row in range(4, 8):
        cells |= {f"A{row}": f"项{row}", f"B{row}": float(row), f"C{row}": float(row)}
    return read(folder, "xlsx", Book({**cells, **extra}))


@pytest.mark.parametrize(
    ("extra", "told"),
    [
        ({"E5": "含结转12万元"}, ["列E"]), ({"E4": 4.0, "E5": 5.0, "F5": 0.0}, ["列E-F"]),
        ({"E5": "已核对"}, []), ({"F7": 22.0}, ["列F"]),
    ],
)  # fmt: skip
def test_what_stands_beside_a_table_is_no_part_of_it(
    tmp_path: Path, extra: dict[str, C | str | float], told: list[str]
) -> None:
    document = beside(tmp_path, extra)
    assert {len(row) for row in texts(document)} == {3}
    assert [note.printed for note in document.notes] == told
    assert "单位：万元" in [paragraph.text for paragraph in document.paragraphs]


@pytest.mark.parametrize(
    "extra",
    [
        {"E3": "核对", "E4": 4.0}, {"D5": 5.0}, {"E3": "支出", "E4": "基本", "F4": 1.0},
        {"E5": 1.0, "A9": "部门收入总表", "A10": "项目", "B10": "合计"},
    ],
)  # fmt: skip
def test_with_a_heading_or_without_a_gap_it_stays(
    tmp_path: Path, extra: dict[str, C | str | float]
) -> None:
    document = beside(tmp_path, extra)
    assert not document.notes
    values = {cell.fragment: cell.text for cell in by_address(document).values()}
    assert {f"表!{address}" for address in extra if address[0] > "C"} <= values.keys()


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_saved_by_libreoffice_in_other_formats_it_shows_the_same(tmp_path: Path) -> None:
    formats = ("0\\.0000", "0.00", '0.00"万元"', "#,##0,", "0.0%", "General", "0.00;(0.00)", ";;;",
               '0;-0;"-"', "#,##0.00_ ;[Red]-#,##0.00", "00", "0.##", "_ * #,##0.00_ ")  # fmt: skip
    cells: dict[str, C | str | float] = dict(HEAD)
    for row, code in enumerate(formats, start=2):
        cells |= {
            f"A{row}": "甲", f"B{row}": C(45_000.125, code),
            f"C{row}": C(8.0, code, struck=row % 5 == 0, ink="FFFFFF" if row % 6 == 0 else None),
        }  # fmt: skip
    cells |= {"A20": "末", "B20": C((("600", ""), ("1", "raised"))),
              "C20": C((("580", "struck"), ("600", "")))}  # fmt: skip
    book = Book({**cells, "A21": "隐", "B21": 77.0}, hidden_rows=(21,), hidden_sheet={"A1": 5.0})
    ours = read(tmp_path, "xlsx", book)
    assert any(cell.undisplayed for cell in by_address(ours).values())
    for suffix in ("ods", "xls"):
        profile = (tmp_path / "profile").as_uri()
        subprocess.run(
            ["soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", suffix,
             "--outdir", str(tmp_path), str(tmp_path / "a.xlsx")],
            check=True, capture_output=True, timeout=120,
        )  # fmt: skip
        theirs = read_document(tmp_path / f"a.{suffix}")
        assert theirs.notes == ours.notes
        assert seen(theirs) == seen(ours)


def seen(document: Document) -> dict[str, tuple[str, str, str | None]]:
    return {
        address: (cell.text, undisplayed(cell).strip(), cell.stored)
        for address, cell in by_address(document).items()
    }  # fmt: skip


@ALL
@pytest.mark.parametrize("form", ["0.00;[Red]0.00", "0.00;0.00"])
def test_a_negative_number_shown_without_a_sign_is_in_doubt(
    tmp_path: Path, suffix: str, form: str
) -> None:
    cells = {
        **HEAD, "A2": "甲", "B2": C(-12.5, form, shown="12.50"),
        "C2": C(-12.5, "0.00;[Red]-0.00", shown="-12.50"), "A3": "乙",
        "B3": C(12.5, form, shown="12.50"), "C3": C(-0.001, form, shown="0.00"),
    }  # fmt: skip
    found = by_address(read(tmp_path, suffix, Book(cells)))
    doubtful = {name for name, cell in found.items() if cell.doubt}
    assert doubtful == {"B2"} and found["B2"].text == "12.50" and found["C2"].text == "-12.50"


@ALL
def test_the_name_of_a_sheet_is_its_title_where_only_the_unit_stands_above(
    tmp_path: Path, suffix: str
) -> None:
    cells = {"C1": "单位：万元", "A2": "科目", "B2": "合计", "C2": "项目", "A3": "甲", "B3": C(5)}
    blocks = read(tmp_path, suffix, Book(cells)).blocks
    assert [block.text for block in blocks if isinstance(block, Paragraph)] == ["表", "单位：万元"]
