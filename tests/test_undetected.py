"""Tables printed as text without a grid: read where nothing else is possible, told otherwise.

Every test draws a table that it knows, a row a line or a cell a line, as text, Markdown, a web page
or a Word document.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.representative import few_or
from tests.sources.pdf_drawing import Drawing
from yusuan.model.document import Position
from yusuan.model.errors import YusuanError
from yusuan.pipeline import CheckedSources, check_sources
from yusuan.tables import undetected

HEADINGS = ("科目编码", "科目名称", "合计", "基本支出", "项目支出")
ROWS = (
    ("213", "农林水支出", "1,000.00", "600.00", "400.00"),
    ("21303", "水利", "1,000.00", "600.00", "400.00"),
    ("2130301", "行政运行", "600.00", "600.00", "-"),
    ("2130305", "水利工程建设", "400.00", "-", "400.00"),
    ("", "合计", "1,000.00", "600.00", "400.00"),
)
TITLE = ("白塔县水务局2024年部门预算公开", "表3 部门支出总体情况表", "单位：万元")
Row = Sequence[str]


def by_line(rows: Sequence[Row]) -> list[str]:
    return [" ".join(filter(None, row)) for row in rows]


def by_cell(rows: Sequence[Row]) -> list[str]:
    return [cell for row in rows for cell in row if cell]


def text(folder: Path, lines: Sequence[str]) -> Path:
    path = folder / "表.txt"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def markdown(folder: Path, lines: Sequence[str]) -> Path:
    path = folder / "表.md"
    path.write_text("\n\n".join(lines) + "\n", "utf-8")
    return path


def page(folder: Path, lines: Sequence[str]) -> Path:
    """All on one line of the file, which says nothing about the lines of the page."""
    path = folder / "表.html"
    path.write_text("".join(f"<p>{line}</p>" for line in lines), "utf-8")
    return path


def word(folder: Path, lines: Sequence[str]) -> Path:
    import docx

    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    document.save(str(folder / "表.docx"))
    return folder / "表.docx"


FORMATS = (text, markdown, page, word)
SETTINGS = (by_line, by_cell)


def amounts(checked: CheckedSources) -> dict[tuple[str, str], str]:
    return {(fact.row_label or "", fact.column_label): fact.printed
            for fact in checked.contents.facts}  # fmt: skip


def truth(headings: Row, rows: Sequence[Row]) -> dict[tuple[str, str], str]:
    return {(row[1], heading): value for row in rows
            for heading, value in zip(headings[2:], row[2:], strict=True) if value != "-"}  # fmt: skip


@pytest.mark.parametrize("render", FORMATS)
@pytest.mark.parametrize("setting", SETTINGS)
def test_a_full_table_is_read(
    tmp_path: Path, setting: Callable[[Sequence[Row]], list[str]],
    render: Callable[[Path, Sequence[str]], Path],
) -> None:  # fmt: skip
    checked = check_sources(render(tmp_path, [*TITLE, *setting([HEADINGS, *ROWS])]))
    assert amounts(checked) == truth(HEADINGS, ROWS)
    assert [fact.functional_code for fact in checked.contents.facts][:1] == ["213"]
    assert not checked.contents.unrecognised
    assert not [f for f in checked.findings if f.verdict == "error"]


@pytest.mark.parametrize("render", FORMATS)
@pytest.mark.parametrize("setting", SETTINGS)
@pytest.mark.parametrize("case", ["lost cells", "unknown heading", "open blank"])
def test_an_uncertain_table_is_told_where_it_stands(
    tmp_path: Path, setting: Callable[[Sequence[Row]], list[str]],
    render: Callable[[Path, Sequence[str]], Path], case: str,
) -> None:  # fmt: skip
    headings: Row = HEADINGS
    rows: Sequence[Row] = ROWS
    if case == "lost cells":  # two rows of the same amount: whose column it is cannot be proved
        rows = [("213", "农林水支出", "100.00", "50.00", "50.00"),
                ("2130301", "行政运行", "50.00", "50.00", ""),
                ("2130305", "水利工程建设", "50.00", "", "50.00")]  # fmt: skip
    elif case == "unknown heading":
        headings = (*HEADINGS[:4], "三定经费")
    else:
        open_blank = "1 200.50 600.00 -" if setting is by_line else "1 200"  # one number or two
        rows = [*ROWS[:2], ("2130301", "行政运行", open_blank, "600.00", "-"), *ROWS[3:]]
    path = render(tmp_path, [*TITLE, *setting([headings, *rows])])
    with pytest.raises(YusuanError, match=r"部门支出总体情况表.*lines here are set like a table"):
        check_sources(path)


def test_a_table_is_told_beside_others(tmp_path: Path) -> None:
    other = ["表4 财政拨款收支总体情况表", "项目 预算数 项目 预算数",
             "一、一般公共预算 1,000.00 一、农林水支出 1,000.00", "收入总计 1,000.00"]  # fmt: skip
    lines = [*TITLE, *by_line([HEADINGS, *ROWS]), *other]
    checked = check_sources(text(tmp_path, lines))
    (left,) = checked.contents.unrecognised
    assert (left.scope, left.printed, left.line) == ("table", other[0], len(lines) - 1)
    assert (left.rows, left.numbers, left.nearest) == (2, 3, "fiscal-appropriation-summary")


def test_a_table_that_the_reader_told_is_told_once(tmp_path: Path) -> None:
    twice = """\
                 部门收入总体情况表
功能科目                   合计      收入      收入
213     农林水支出     1,000.00    600.00    400.00
21303   水利             400.00              400.00
2130301 行政运行         600.00    600.00
"""
    lines = [*TITLE, *by_line([HEADINGS, *ROWS])]
    path = text(tmp_path, [lines[0], *twice.splitlines(), *lines[1:]])
    entries = check_sources(path).contents.unrecognised
    assert [entry.printed for entry in entries] == ["部门收入总体情况表"]


def test_a_head_above_loose_rows_is_no_empty_table(tmp_path: Path) -> None:
    rows = [row if row[4] != "-" else row[:4] for row in ROWS]
    lines = [*TITLE, "\t".join(HEADINGS), "", *by_line(rows)]
    checked = check_sources(text(tmp_path, lines))
    (published,) = checked.contents.published_tables
    assert published.state == "data"
    assert [left.line for left in checked.contents.unrecognised] == [6]


@pytest.mark.parametrize(
    "lines",
    [
        ["目录", "1.1 部门职责 ...... 3", "1.2 机构设置 ...... 4", "2.1 收入预算情况 ...... 12"],
        ["2023年决算 1,200.50 万元。", "本年收入 300.00 万元，", "本年支出 200.00 万元；"],
        ["联系电话 0571-88001234", "邮政编码 310000", "发布日期 2024-02-10"],
        ["部门预算人数 12", "其中：在职 10", "退休 2"],
    ],
)
def test_ordinary_lines_are_no_table(tmp_path: Path, lines: Sequence[str]) -> None:
    checked = check_sources(text(tmp_path, [*TITLE, *by_line([HEADINGS, *ROWS]), "。", *lines]))
    assert not checked.contents.unrecognised


def test_sums_prove_which_cells_are_blank(tmp_path: Path) -> None:
    rows = [[cell if cell != "-" else "" for cell in row] for row in ROWS]
    checked = check_sources(text(tmp_path, [*TITLE, *by_line([HEADINGS, *rows])]))
    assert amounts(checked) == truth(HEADINGS, ROWS)
    assert not checked.contents.unrecognised


def test_a_blank_in_a_number_beside_a_blank_cell_is_not_guessed(tmp_path: Path) -> None:
    rows = [*by_line([HEADINGS, *ROWS[:2]]), "2130301 行政运行 1 200.50", *by_line(ROWS[3:])]
    with pytest.raises(YusuanError, match="set like a table"):
        check_sources(text(tmp_path, [*TITLE, *rows]))


@settings(max_examples=few_or(25, 60), deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from([0, 0, 5, 10, 25, 1000]), st.sampled_from([0, 5, 10, 25])),
             min_size=1, max_size=7)
)  # fmt: skip
def test_blank_cells_are_placed_right_or_the_table_is_told(
    tmp_path_factory: pytest.TempPathFactory, parts: list[tuple[int, int]]
) -> None:
    """Rows of the same amounts leave several ways open; then nothing is read."""
    parts = [(basic, project) for basic, project in parts if basic + project]
    lines = [(f"21303{number + 1:02d}", f"水利项目{'甲乙丙丁戊己庚'[number]}", basic + project, basic, project)
             for number, (basic, project) in enumerate(parts)]  # fmt: skip
    lines.append(("", "合计", *(sum(line[at] for line in lines) for at in (2, 3, 4))))
    printed = [(code, label, *(f"{value}.00" if value else "-" for value in values))
               for code, label, *values in lines]  # fmt: skip
    shown = [[cell if cell != "-" else "" for cell in row] for row in printed]
    wanted = truth(HEADINGS, printed)
    path = text(tmp_path_factory.mktemp("blank"), [*TITLE, *by_line([HEADINGS, *shown])])
    try:
        found = amounts(check_sources(path))
    except YusuanError as error:
        assert not parts or "set like a table" in str(error)
    else:
        assert found == wanted


figures = st.integers(0, 10**7).map(lambda fen: f"{fen // 100:,}.{fen % 100:02d}")


@settings(max_examples=few_or(20, 40), deadline=None)
@given(rows=st.lists(st.tuples(figures, figures, figures), min_size=1, max_size=5), drop=st.data())
def test_no_amount_changes_its_column(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, ...]], drop: st.DataObject
) -> None:
    """Whatever cells are left blank, a fact is what was printed at its place."""
    printed = [
        (f"21303{number:02d}", f"水利项目{'甲乙丙丁戊'[number]}",
         *(value if drop.draw(st.booleans() | st.just(True)) else "" for value in row))
        for number, row in enumerate(rows)
    ]  # fmt: skip
    wanted = truth(HEADINGS, printed)
    for setting in SETTINGS:
        path = text(tmp_path_factory.mktemp("loose"), [*TITLE, *setting([HEADINGS, *printed])])
        try:
            found = amounts(check_sources(path))
        except YusuanError:
            continue
        assert found.items() <= wanted.items()


@pytest.mark.parametrize("kind", [text, markdown, page])
@pytest.mark.parametrize("said", ["", "注：本表无其他数据。", "以上为预算，"])
def test_a_table_that_lost_its_lines_is_told(
    kind: Callable[[Path, Sequence[str]], Path], said: str, tmp_path: Path
) -> None:
    """All rows run together, as where a program keeps no line ends."""
    flowed = " ".join([*TITLE[1:], *HEADINGS, *by_line(ROWS), said])
    three = [
        "三公经费支出表",
        "单位：万元",
        "合计 5.00",
        "公务接待费 5.00",
        "2024年支出总计1,000.00万元。",
    ]
    result = check_sources(kind(tmp_path, [TITLE[0], flowed, *three]))
    told = [entry for entry in result.contents.unrecognised if "1,000.00" in entry.printed]
    assert told
    assert sum(entry.numbers or 0 for entry in told) >= 12


def test_a_sentence_of_many_amounts_with_units_is_no_table(tmp_path: Path) -> None:
    sentence = "2024年支出中，" + "、".join(f"第{n}项 {n}00.00 万元" for n in range(1, 9)) + "。"
    path = markdown(tmp_path, [*TITLE, sentence])
    path.write_text(
        path.read_text("utf-8")
        + "\n|"
        + "|\n|".join("|".join(row) for row in (HEADINGS, *ROWS))
        + "|\n"
    )
    assert not check_sources(path).contents.unrecognised


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("12.50 3.75 8.75", True),
        ("12.50 8.75", False),
        ("行政运行 12.50 8.75", True),
        ("行政运行 12.50", False),
    ],
)
def test_a_row_of_a_table_has_a_label_or_many_amounts(text: str, row: bool) -> None:
    words = tuple(text.split())
    line = undetected._Line(words, words, Position(1, 2), 0, 1)
    assert undetected._is_table_row(line) == row


def test_amounts_in_the_place_of_a_label_are_told(tmp_path: Path) -> None:
    drawing = Drawing()
    for at, title in enumerate(TITLE):
        drawing.text(100, 40 + 20 * at, title)
    drawing.table([40, 110, 300, 380, 460, 540], 110, [HEADINGS, *ROWS])
    drawing.page()
    for at, amount in enumerate(["12.50", "3.75", "8.75"]):
        drawing.text(100 + 100 * at, 60, amount)
    path = tmp_path / "表.pdf"
    path.write_bytes(drawing.content())
    left = check_sources(path).contents.unrecognised
    assert [one.scope for one in left if "12.50" in one.printed] == ["row"]
