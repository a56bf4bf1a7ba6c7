"""Awkwardnesses of published tables, met together: where words, codes and hidden parts stand."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from tests.test_amount_cells import COVER, HEAD, RIGHT, TITLE, UNIT
from yusuan import check_sources
from yusuan.model.document import Cell, Document, Grid, Paragraph, Position
from yusuan.model.errors import YusuanError
from yusuan.pipeline import CheckedSources
from yusuan.schema import catalogue
from yusuan.sources import limits
from yusuan.tables.captions import printed_tables
from yusuan.tables.matching import match_column
from yusuan.tables.recognise import find_tables


def checked(
    folder: Path, head: list[str], rows: list[list[str]], title: str = TITLE
) -> CheckedSources:
    """A Markdown document of one table, checked."""
    lines = ["|" + "|".join(cells) + "|" for cells in (head, ["-"] * len(head), *rows)]
    path = folder / "budget.md"
    path.write_text("\n\n".join([f"# {COVER}", title, UNIT, "\n".join(lines)]) + "\n", "utf-8")
    return check_sources(path)


def amounts(result: CheckedSources) -> dict[tuple[str, str | None], Decimal]:
    return {(fact.key, fact.column): fact.amount for fact in result.contents.facts}


def errors(result: CheckedSources) -> list[tuple[str, str | None]]:
    found = [finding for finding in result.findings if finding.verdict == "error"]
    return [(finding.rule, finding.printed) for finding in found]


@pytest.mark.parametrize("form", ["{name}（{code}）", "{name}({code})", "{name} [{code}]"])
def test_a_code_may_stand_in_brackets_behind_its_name(tmp_path: Path, form: str) -> None:
    rows = [
        [form.format(name=name, code=code) if code else name, *rest] for code, name, *rest in RIGHT
    ]
    result = checked(tmp_path, ["功能科目名称", *HEAD[2:]], rows)
    assert amounts(result)["2130301", "total"] == 6_000_000
    assert {fact.row_label for fact in result.contents.facts if fact.key == "213"} == {"农林水支出"}
    assert errors(result) == []


def test_a_number_in_brackets_that_is_no_code_stays_in_the_label(tmp_path: Path) -> None:
    rows = [["办公楼维修（12345）", "5", "", "5"], ["合计", "5", "", "5"]]
    result = checked(tmp_path, ["科目名称", *HEAD[2:]], rows)
    assert "办公楼维修（12345）" in {fact.row_label for fact in result.contents.facts}


def test_a_column_without_heading_takes_nothing_from_one_that_has(tmp_path: Path) -> None:
    rows = [[*row, "7" if row[0] == "213" else ""] for row in RIGHT]
    result = checked(tmp_path, [*HEAD, ""], rows)
    assert amounts(result)["213", "total"] == 10_000_000
    assert amounts(result)["213", None] == 70_000
    assert [left.printed for left in result.contents.unrecognised if left.scope == "column"]


def test_bodies_with_codes_of_their_own_stand_among_functions(tmp_path: Path) -> None:
    head = ["科目编码（单位编码）", "科目名称（单位名称）", *HEAD[2:]]
    whole = RIGHT[-1][2:]
    rows = [
        *(["101001", "甲县水利局本级", *whole], *RIGHT[:-1]),
        *(["101002", "甲县水文站", *whole], *RIGHT[:-1]),
        ["", "合计", "3,000", "1,800", "1,200"],
    ]
    result = checked(tmp_path, head, rows)
    assert errors(result) == []
    assert (
        len(result.contents.facts) == 2 * sum(bool(cell) for row in RIGHT for cell in row[2:]) + 3
    )
    assert not [fact for fact in result.contents.facts if fact.printed == "101001"]


THREE = [
    ["因公出国（境）费", "5"], ["公务用车购置及运行费", "29"], ["其中：公务用车购置费", "20"],
    ["公务用车运行费", "9"], ["公务接待费", "6"], ["合计", "40"],
]  # fmt: skip


def test_what_goes_on_below_of_which_is_part_of_it(tmp_path: Path) -> None:
    result = checked(tmp_path, ["项目", "2024年预算数"], THREE, "“三公”经费预算表")
    assert errors(result) == [] and len(result.contents.facts) == 6


@pytest.mark.parametrize("second", ["60", "45"])
def test_a_line_below_of_which_that_may_go_on_with_it_blames_no_total(
    tmp_path: Path, second: str
) -> None:
    rows = [
        ["本年支出", "900"], ["其中：一般公共服务支出", "840"], ["住房保障支出", second],
        ["年末结转", "26"], ["支出总计", "926"],
    ]  # fmt: skip
    result = checked(tmp_path, ["项目", "合计"], rows, "支出预算总表")
    assert errors(result) == [] and len(result.contents.facts) == 5


def workbook(path: Path) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in ([COVER], [TITLE], ["", "", "", "", UNIT], HEAD):
        sheet.append(row)
    for code, name, *rest in RIGHT:
        sheet.append(
            [code, name, *(float(text.replace(",", "")) if text else None for text in rest)]
        )
    return book


@pytest.mark.parametrize("hidden", ["row", "column"])
def test_a_hidden_part_is_told_and_no_sum_over_it_is_an_error(tmp_path: Path, hidden: str) -> None:
    book = workbook(tmp_path)
    sheet = book.active
    assert sheet is not None
    if hidden == "row":
        sheet.row_dimensions[11].hidden = True  # 2130301
    else:
        sheet.column_dimensions["D"].hidden = True  # 基本支出
    book.save(tmp_path / "budget.xlsx")
    result = check_sources(tmp_path / "budget.xlsx")
    assert errors(result) == []
    assert [left.scope for left in result.contents.unrecognised] == [hidden]
    assert len(result.contents.facts) == (21 if hidden == "row" else 16)


def test_where_nothing_is_hidden_a_wrong_sum_is_an_error(tmp_path: Path) -> None:
    book = workbook(tmp_path)
    sheet = book.active
    assert sheet is not None
    sheet["C11"] = 650
    book.save(tmp_path / "budget.xlsx")
    assert errors(check_sources(tmp_path / "budget.xlsx"))


def page(folder: Path, body: str) -> CheckedSources:
    path = folder / "budget.html"
    path.write_text(
        f"<html><body><p>{COVER}</p><p>{TITLE}</p><p>{UNIT}</p><table>{body}</table></body></html>",
        "utf-8",
    )
    return check_sources(path)


@pytest.mark.parametrize(("heading", "told"), [(1, True), (2, False)])
def test_a_number_merged_over_two_columns_is_of_neither_for_certain(
    tmp_path: Path, heading: int, told: bool
) -> None:
    """Where the heading is merged over the same places, they are one column."""
    heads = "".join(f"<td>{name}</td>" for name in HEAD[:3])
    last = "<td>基本支出</td><td>项目支出</td>" if heading == 1 else "<td colspan=2>基本支出</td>"
    body = "".join(
        f"<tr><td>{row[0]}</td><td>{row[1]}</td><td>{row[2]}</td><td colspan=2>{row[2]}</td></tr>"
        for row in RIGHT
    )
    result = page(tmp_path, f"<tr>{heads}{last}</tr>{body}")
    unread = [find for find in result.findings if find.rule == "unreadable-amount"]
    assert len(unread) == (len(RIGHT) if told else 0)
    assert ("213", "basic") in amounts(result) or told
    assert amounts(result)["213", "total"] == 10_000_000 and errors(result) == []


@pytest.mark.parametrize("line", ["部门：{}", "编制单位：{}    单位：万元"])
def test_the_table_of_another_body_on_the_next_sheet_goes_on_with_none(
    tmp_path: Path, line: str
) -> None:
    book = workbook(tmp_path)
    first = book.active
    assert first is not None
    second = book.copy_worksheet(first)
    second["C8"], second["E8"] = 1, None  # none of its rows is that of the first
    for sheet, body in ((first, "云溪县水利局"), (second, "云溪县水利工程站")):
        sheet["A3"] = line.format(body)
    book.save(tmp_path / "budget.xlsx")
    result = check_sources(tmp_path / "budget.xlsx")
    assert len({fact.cell for fact in result.contents.facts}) > 20
    assert {fact.body for fact in result.contents.facts} == {None, "云溪县水利工程站"}


@pytest.mark.parametrize(("label", "told"), [("", True), (" rowspan=2", False)])
def test_a_number_merged_over_two_rows_is_of_neither_for_certain(
    tmp_path: Path, label: str, told: bool
) -> None:
    """Where a label is merged over the same rows, it is of that."""
    heads = "".join(f"<td>{name}</td>" for name in HEAD)
    body = "".join(
        f"<tr><td>{code}</td><td>{name}</td><td>{total}</td><td>{basic}</td><td>{project}</td></tr>"
        for code, name, total, basic, project in RIGHT
        if code not in ("2130301", "2130305")
    )
    merged = (
        f"<tr><td>2130301</td><td{label}>水利</td><td>600.00</td><td rowspan=2>1,000.00</td><td></td></tr>"
        f"<tr><td>2130305</td>{'' if label else '<td>水利工程建设</td>'}<td>400.00</td><td></td></tr>"
    )
    result = page(tmp_path, f"<tr>{heads}</tr>{merged}{body}")
    unread = [find.cell for find in result.findings if find.rule == "unreadable-amount"]
    assert len(unread) == told
    assert ("2130301", "basic") in amounts(result) or told
    assert not told or errors(result) == []


def test_a_table_of_a_total_alone_has_no_parts(tmp_path: Path) -> None:
    result = checked(tmp_path, HEAD[1:], [list(row[1:]) for row in RIGHT if row[1] == "合计"])
    assert len(result.contents.facts) == 3 and errors(result) == []


@pytest.mark.parametrize("column", [True, False])
@pytest.mark.parametrize("wrong", [False, True])
def test_names_without_codes_are_nested_where_sums_prove_it(
    tmp_path: Path, column: bool, wrong: bool
) -> None:
    """A column of codes may be blank. A wrong number proves nothing, and is found."""
    rows = [["" for _ in RIGHT[0][:1] if column] + list(row[1:]) for row in RIGHT]
    if wrong:
        rows[0][-3] = "1,000.01"
    result = checked(tmp_path, HEAD if column else HEAD[1:], rows)
    assert bool(errors(result)) == wrong
    assert len(result.contents.facts) == sum(bool(cell) for row in RIGHT for cell in row[2:])


def test_years_are_no_amounts(tmp_path: Path) -> None:
    rows = [["水库除险加固2024", "2023", "120", "120"], ["防汛物资", "2024", "30", "30"],
            ["合计", "", "150", "150"]]  # fmt: skip
    result = checked(tmp_path, ["项目名称", "起始年份", "合计", "财政拨款"], rows, "项目支出表")
    assert len(result.contents.facts) == 6 and errors(result) == []


def grid(line: int, page: int | None, *rows: list[str]) -> Grid:
    cells = tuple(
        tuple(Cell(text, at, column, Position(line + at, page)) for column, text in enumerate(row))
        for at, row in enumerate(rows)
    )
    return Grid(cells, Position(line, page))


def test_tables_side_by_side_on_a_page_each_have_their_own_title_and_unit() -> None:
    left = grid(4, 1, ["科目编码", "合计"], ["213", "5"])
    right = grid(4, 1, ["科目编码", "人员经费"], ["301", "50000"])
    lines = [
        Paragraph(text, Position(line, 1))
        for line, text in [(1, COVER), (2, "甲表"), (2, "乙表"), (3, "单位：万元"), (3, "单位：元")]
    ]
    document = Document("a.pdf", b"", "0", "application/pdf", (*lines, left, right), 5)
    first, second = printed_tables(document)
    assert (first.titles[1], first.unit, first.grid) == ("甲表", 10_000, left)
    assert (second.titles[1], second.unit, second.grid) == ("乙表", 1, right)


@pytest.mark.parametrize("code", ["编码", "代码", "编号", "科目编码"])
def test_a_column_of_codes_may_be_headed_so_in_one_word(tmp_path: Path, code: str) -> None:
    rows = [[*row[:2], *row[2:]] for row in RIGHT]
    result = checked(tmp_path, [code, "名称", *HEAD[2:]], rows)
    codes = {fact.functional_code for fact in result.contents.facts if fact.functional_code}
    assert codes == {row[0] for row in RIGHT if row[0]} and errors(result) == []


def test_the_number_of_a_letter_is_no_name_of_a_department(tmp_path: Path) -> None:
    head = "关于批复青石县教育局2024年部门预算的函\n\n青财预〔2024〕15号\n\n# 青石县教育局2024年部门预算公开"
    lines = ["|" + "|".join(cells) + "|" for cells in (HEAD, ["-"] * len(HEAD), *RIGHT)]
    path = tmp_path / "letter.md"
    path.write_text("\n\n".join([head, TITLE, UNIT, "\n".join(lines)]) + "\n", "utf-8")
    (department,) = check_sources(path).contents.departments
    assert department.name == "青石县教育局"


@pytest.mark.parametrize(("most", "refused"), [(6, False), (5, True)])
def test_a_document_full_of_what_is_no_amount_is_refused(
    most: int, refused: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "UNREADABLE", most)
    rows = [[code, name, "待定1", "待定2", ""] for code, name, *_ in RIGHT[:3]]
    cells = grid(4, 1, HEAD, *rows)
    caption = [Paragraph(text, Position(at, 1)) for at, text in enumerate((COVER, TITLE, UNIT))]
    document = Document("a.xlsx", b"", "0", "application/xlsx", (*caption, cells), 9)
    if refused:
        with pytest.raises(YusuanError, match=r"a\.xlsx, page 1, line 4: more than 5 cells"):
            find_tables(document)
    else:
        assert len(find_tables(document)[0][0].problems) == most


@pytest.mark.parametrize(
    ("between", "units"),
    [
        (["注：本表金额单位为万元。", "乙表", "金额单位：千元"], (10_000, 1_000)),
        (["注：本表金额单位为万元。", "乙表"], (10_000, 10_000)),
        (["乙表", "单位：元"], (None, 1)),
        (["乙表", "注：单位为元"], (None, 1)),
    ],
)
def test_a_unit_below_a_table_is_not_that_of_the_next(
    between: list[str], units: tuple[int | None, int]
) -> None:
    parts = [grid(2, 1, ["项目", "合计"], ["甲", "5"]), grid(9, 1, ["项目", "合计"], ["乙", "50"])]
    lines = [Paragraph(text, Position(at, 1)) for at, text in enumerate(between, start=5)]
    blocks = (Paragraph("甲表", Position(1, 1)), parts[0], *lines, parts[1])
    document = Document("a.xlsx", b"", "0", "application/xlsx", blocks, 9)
    assert tuple(table.unit for table in printed_tables(document)) == units


def test_a_grid_on_the_next_lines_goes_on_with_the_table() -> None:
    parts = [grid(4, 1, ["项目", "合计"], ["甲", "5"]), grid(6, 1, ["乙", "6"])]
    lines = [Paragraph("甲表", Position(1, 1))]
    document = Document("a.pdf", b"", "0", "application/pdf", (*lines, *parts), 7)
    (table,) = printed_tables(document)
    assert len(table.grid.rows) == 3


@pytest.mark.parametrize(
    ("below", "tables"),
    [
        ([["基本支出", "项目支出"], ["5.10", "3.20"], ["1.10", "0.00"]], 2),
        ([["5.10", "3.20"], ["1.10", "0.00"]], 2),
        ([["乙", "6.00"], ["丙", "7.00"]], 1),
        ([["21301", "6.00"], ["21303", "7.00"]], 1),
        # a single row without a label may be one of a table of one row
        ([["5.10", "3.20"]], 1),
    ],
)
def test_rows_that_begin_with_amounts_are_of_another_page_column(
    below: list[list[str]], tables: int
) -> None:
    parts = [grid(4, 1, ["科目", "合计"], ["甲", "5.10"]), grid(1, 2, *below)]
    lines = [Paragraph("支出总表", Position(1, 1))]
    document = Document("a.pdf", b"", "0", "application/pdf", (*lines, *parts), 7)
    assert len(printed_tables(document)) == tables


def test_an_apostrophe_before_a_code_is_no_part_of_it(tmp_path: Path) -> None:
    rows = [[f"'{code}" if code else "", *rest] for code, *rest in RIGHT]
    result = checked(tmp_path, HEAD, rows)
    assert amounts(result)["2130301", "total"] == 6_000_000 and errors(result) == []


def test_parts_of_codes_that_all_lost_their_zero_are_parts_of_codes(tmp_path: Path) -> None:
    def parts(code: str) -> list[str]:
        return [part.lstrip("0") for part in (code[:3], code[3:5], code[5:7])]

    rows = [[*parts(code), *rest] for code, *rest in RIGHT]
    result = checked(tmp_path, ["类", "款", "项", *HEAD[1:]], rows)
    labels = {fact.row_label for fact in result.contents.facts}
    assert labels == {row[1] for row in RIGHT} and errors(result) == []
    told = " ".join(
        find.message_en for find in result.findings if find.rule in ("code-mended", "code-unclear")
    )
    assert "213 3 → 21303" in told and "213 3 1 → 2130301" in told


UNITS_BY_ROW = [
    ["“三公”经费合计", "万元", "8.00"],
    ["1.因公出国（境）费", "元", "20000.00"],
    ["2.公务接待费", "万元", "1.00"],
    ["3.公务用车购置及运行费", "万元", "5.00"],
    ["其中：公务用车购置费", "万元", "0.00"],
    ["公务用车运行费", "万元", "5.00"],
]


@pytest.mark.parametrize("heading", ["计量单位", "单位"])
def test_each_row_may_say_what_it_is_measured_in(tmp_path: Path, heading: str) -> None:
    rows = [*UNITS_BY_ROW, ["因公出国（境）团组数", "个", "17"]]
    title = "表八 一般公共预算“三公”经费支出情况表"
    result = checked(tmp_path, ["项目", heading, "2024年预算数"], rows, title)
    read = [(fact.printed, fact.amount) for fact in result.contents.facts]
    assert read[:2] == [("8.00", 80_000), ("20000.00", 20_000)]
    assert "17" not in [printed for printed, _ in read]  # groups are counted, not paid
    assert ["17" in str(left.printed) for left in result.contents.unrecognised] == [True]
    assert errors(result) == []


def test_a_column_of_bodies_is_no_column_of_units(tmp_path: Path) -> None:
    title = "表八 一般公共预算“三公”经费支出情况表"
    rows = [[label, "某市档案馆", amount] for label, _, amount in UNITS_BY_ROW]
    result = checked(tmp_path, ["项目", "单位", "2024年预算数"], rows, title)
    assert {fact.unit for fact in result.contents.facts} == {10_000}
    assert ("code-sum", "20000.00") in errors(result)


def test_what_is_bought_by_the_piece_is_still_paid_in_money(tmp_path: Path) -> None:
    head = ["采购项目", "采购品目", "计量单位", "数量", "采购金额"]
    rows = [["办公设备购置", "台式计算机", "台", "10", "6.00"]]
    result = checked(tmp_path, head, rows, "表十 政府采购预算表")
    assert [(fact.printed, fact.amount) for fact in result.contents.facts] == [("6.00", 60_000)]


@pytest.mark.parametrize(
    "order",
    [[2, 3, 4, 0, 1], [2, 0, 1, 3, 4], [0, 2, 3, 4, 1], [1, 2, 3, 4, 0]],
    ids=["behind", "within", "name behind", "code behind"],
)
def test_codes_and_labels_may_stand_behind_amounts(tmp_path: Path, order: list[int]) -> None:
    rows = [[row[at] for at in order] for row in RIGHT]
    result = checked(tmp_path, [HEAD[at] for at in order], rows)
    known = {code: name for code, name, *_ in RIGHT if code}
    found = {fact.key: fact.row_label for fact in result.contents.facts}
    assert {key: found[key] for key in known} == known
    assert amounts(result)["2130301", "total"] == 6_000_000
    assert errors(result) == []


def test_labels_of_both_sides_may_stand_behind_amounts(tmp_path: Path) -> None:
    page = f"""<meta charset=utf-8><h1>{COVER}</h1><p>收支总表</p><p>{UNIT}</p><table>
        <tr><th colspan=2>收入</th><th colspan=2>支出</th></tr>
        <tr><th>预算数</th><th>项目</th><th>预算数</th><th>项目</th></tr>
        <tr><td>23.50</td><td>一般公共预算拨款收入</td><td>23.50</td><td>农林水支出</td></tr>
        <tr><td>23.50</td><td>收入总计</td><td>23.50</td><td>支出总计</td></tr></table>"""
    path = tmp_path / "budget.html"
    path.write_text(page, "utf-8")
    result = check_sources(path)
    assert {(fact.direction, fact.row_label) for fact in result.contents.facts} == {
        ("revenue", "一般公共预算拨款收入"), ("revenue", "收入总计"),
        ("expenditure", "农林水支出"), ("expenditure", "支出总计"),
    }  # fmt: skip


def test_a_second_sum_is_that_of_the_parts_behind_it(tmp_path: Path) -> None:
    head = ["单位名称", "合计", "因公出国（境）费", "小计", "公务用车购置费", "公务用车运行费", "公务接待费"]  # fmt: skip
    row = ["某局", "23.50", "5.00", "15.00", "10.00", "5.00", "3.50"]
    result = checked(tmp_path, head, [row], "一般公共预算“三公”经费支出表")
    items = {fact.column_label: fact.item for fact in result.contents.facts}
    assert (items["合计"], items["小计"]) == ("three-public", "vehicles")
    assert errors(result) == []
    # Where another column stands between, nobody can know: it is told.
    head[4], head[6] = head[6], head[4]
    result = checked(tmp_path, head, [row], "一般公共预算“三公”经费支出表")
    assert {fact.column for fact in result.contents.facts if fact.column_label == "小计"} == {None}
    assert [one.printed for one in result.contents.unrecognised if one.scope == "column"] == [
        "小计"
    ]


@pytest.mark.parametrize(
    ("above", "field"),
    [("三公经费安排情况", "total"), ("公务用车购置和运行维护费", "vehicles"),
     ("2023年公务用车购置及运行费情况", None), ("总计因公出国(境)费", None)],
)  # fmt: skip
def test_a_sum_below_a_heading_that_names_a_part_is_not_the_whole(
    above: str, field: str | None
) -> None:
    found = match_column(catalogue()["three-public-expenses"], (above, "小计"))
    assert (found.name if found else None) == field


def test_labels_that_are_not_seen_whole_are_told_once(tmp_path: Path) -> None:
    page = f"<h1>{COVER}</h1><p>{TITLE}</p><p>{UNIT}</p><table><tr>" + "".join(
        f"<th>{text}</th>" for text in HEAD
    )
    for code, name, *rest in RIGHT:
        cells = [code, f'{name[:2]}<span style="display:none">{name[2:]}</span>', *rest]
        page += "</tr><tr>" + "".join(f"<td>{text}</td>" for text in cells)
    path = tmp_path / "budget.html"
    path.write_text(f"<meta charset=utf-8>{page}</tr></table>", "utf-8")
    told = [one for one in check_sources(path).contents.unrecognised if one.scope == "cell"]
    assert len(told) == 1
    assert RIGHT[0][1][2:] in told[0].printed


def test_an_amount_that_has_run_into_a_label_is_told(tmp_path: Path) -> None:
    rows = [[row[0], f"{row[1]}7.05" if row[0] == "213" else row[1], *row[2:]] for row in RIGHT]
    left = checked(tmp_path, HEAD, rows).contents.unrecognised
    assert [one.scope for one in left if "7.05" in one.printed] == ["row"]
    rows = [[row[0], f"{row[1]}7" if row[0] == "213" else row[1], *row[2:]] for row in RIGHT]
    left = checked(tmp_path, HEAD, rows).contents.unrecognised
    assert not [one for one in left if one.scope == "row"]


@pytest.mark.parametrize(("own", "label"), [("", "农林水支出"), ("其中", "其中")])
def test_a_merged_label_is_that_of_all_rows_it_stands_beside(
    tmp_path: Path, own: str, label: str
) -> None:
    head = "".join(f"<th>{text}</th>" for text in HEAD)
    span = "" if own else " rowspan=2"
    second = f"<td>{own}</td>" if own else ""
    page = f"""<meta charset=utf-8><h1>{COVER}</h1><p>{TITLE}</p><p>{UNIT}</p><table>
        <tr>{head}</tr><tr><td rowspan=2>213</td><td{span}>农林水支出</td>
        <td>10.00</td><td>10.00</td><td></td></tr>
        <tr>{second}<td>5.00</td><td></td><td>5.00</td></tr></table>"""
    path = tmp_path / "budget.html"
    path.write_text(page, "utf-8")
    found = {fact.amount: fact.row_label for fact in check_sources(path).contents.facts}
    assert (found[Decimal(100_000)], found[Decimal(50_000)]) == ("农林水支出", label)


def test_classes_of_codes_without_heading_are_no_amounts(tmp_path: Path) -> None:
    rows = [["213", "农林水支出", "10", "6", "4"], ["208", "社会保障和就业支出", "2", "2", ""]]
    result = checked(tmp_path, ["", *HEAD[1:]], rows)
    assert {fact.amount for fact in result.contents.facts} == {
        Decimal(amount) * 10_000 for amount in (10, 6, 4, 2)
    }


@pytest.mark.parametrize("heading", ["科目编码类款项", "科目编码 类 款"])
def test_levels_may_stand_in_the_heading_of_codes(tmp_path: Path, heading: str) -> None:
    result = checked(tmp_path, [heading, *HEAD[1:]], RIGHT)
    assert amounts(result)["2130301", "total"] == 6_000_000
