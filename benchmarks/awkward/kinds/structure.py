"""Headings, codes, labels, units and identity that stand where or how they should not."""

from __future__ import annotations

import re
from copy import deepcopy
from decimal import Decimal

from benchmarks.awkward.document import Head, Line, Piece, Place
from benchmarks.awkward.kinds.kind import SHEETS, WRITTEN, Scene, kind
from benchmarks.awkward.tables import place as amount_place

WEB = ("html", "mht", "zip-html")
CODED = ("general", "basic", "expenditure", "fund")
FULL = str.maketrans("0123456789", "０１２３４５６７８９")


def _unit_line(text: str) -> bool:
    return "单位" in text and "编制" not in text


# --- the unit ---------------------------------------------------------------------------------


@kind("unit-below-table", 3)
def unit_below(scene: Scene) -> None:
    table, name = scene.table, scene.document.style.unit_name
    table.above = [text for text in table.above if not _unit_line(text)]
    table.below = [
        scene.rng.choice(
            (f"（以上金额单位：{name}）", f"单位：{name}", f"注：本表金额单位为{name}。")
        )
    ]


def _doubt_all(scene: Scene) -> None:
    for _, _, place in scene.amounts():
        place.doubtful = True


@kind("unit-missing", 3, alone=True)
def unit_missing(scene: Scene) -> None:
    """No unit anywhere: told, whatever it is taken for."""
    scene.table.above = [text for text in scene.table.above if not _unit_line(text)]
    _doubt_all(scene)


@kind("unit-ambiguous", 3, alone=True)
def unit_ambiguous(scene: Scene) -> None:
    scene.table.above = [text for text in scene.table.above if not _unit_line(text)]
    scene.table.above.append(
        scene.rng.choice(("单位：元/万元", "单位：元、万元", "单位：万元（元）"))
    )
    _doubt_all(scene)


# --- headings ---------------------------------------------------------------------------------


@kind("heading-twice", 1, tables=CODED)
def heading_twice(scene: Scene) -> None:
    """Two amount columns bear one heading, side by side: nobody knows which is which."""
    table = scene.table
    if len(table.head) > 1:
        table.head[1] = [Head("小计"), Head("人员经费"), Head("人员经费")]
        first, second = 4, 5
    else:
        first, second = 3, 4
        row = list(table.head[0])
        row[second] = Head(row[first].text)
        table.head = [row]
    table.columns = [*table.columns]
    table.columns[second] = table.columns[first]
    for line in table.lines:
        for column in (first, second):
            line.places[column].doubtful = True


@kind("empty-row-in-head", 5, (*WRITTEN, *SHEETS))
def empty_head_row(scene: Scene) -> None:
    blank = [Head("") for _ in scene.table.columns]
    scene.table.head = [*scene.table.head, blank]


@kind("numbering-row", 6)
def numbering(scene: Scene) -> None:
    """栏次 | 1 | 2 | 3 below the headings."""
    table, number = scene.table, 0
    first = next((c for c, name in enumerate(table.columns) if name), 0)
    row = []
    with_words = first > 0 and scene.rng.random() < 0.7
    for column, name in enumerate(table.columns):
        if with_words and not name:
            row.append(Head("栏次" if column == first - 1 else "类" if column == 0 else ""))
        else:
            number += 1
            row.append(Head(str(number)))
    table.head = [*table.head, row]


@kind("continued-table", 6, (*WRITTEN, *SHEETS))
def continued(scene: Scene) -> None:
    """The table goes on in a second one, below 续表, with its headings again."""
    if len(scene.table.lines) > 2:
        scene.table.cut = scene.rng.randint(1, len(scene.table.lines) - 1)
        scene.table.marks.add("cut-caption")


@kind("headings-again", 6, (*WRITTEN, *SHEETS))
def headings_again(scene: Scene) -> None:
    """The heading rows stand once more within the body, as after the end of a page."""
    table = scene.table
    if len(table.head) == 1 and len(table.lines) > 2:
        texts = [head.text for head in table.head[0]]
        line = Line([Place.of(text) for text in texts], "")
        table.lines.insert(scene.rng.randint(1, len(table.lines) - 1), line)
        _widen(table.lines)


def _widen(lines: list[Line]) -> None:
    """A row of text in a table with two sides has no labels of its own."""
    pattern = next((line for line in lines if line.labels), None)
    for line in lines:
        if pattern and not line.labels:
            line.labels, line.direction = (("", None),) * len(line.places), pattern.direction


@kind("one-line-table", 2, WEB)
def one_line(scene: Scene) -> None:
    scene.table.marks.add("one-line")


# --- codes and labels -------------------------------------------------------------------------


@kind("full-width-codes", 4, tables=CODED)
def full_codes(scene: Scene) -> None:
    every = scene.rng.random() < 0.5
    for line in scene.table.lines:
        if line.code and (every or scene.rng.random() < 0.4):
            line.places[0].write(line.code.translate(FULL), None)


@kind("separated-codes", 4, tables=("general", "expenditure", "fund"))
def separated(scene: Scene) -> None:
    sign = scene.rng.choice((" ", "-", ".", "\u00a0"))
    for line in scene.table.lines:
        if line.code:
            parts = [line.code[:3], *re.findall("..", line.code[3:])]
            line.places[0].write(sign.join(parts), None)


@kind("code-lost-zero", 4, tables=("basic",))
def lost_zero(scene: Scene) -> None:
    """类 and 款 stand in columns of their own, and the spreadsheet lost the zero of 02."""
    table = scene.table
    table.head = [[Head("类"), Head("款"), *table.head[0][1:]]]
    table.columns = ["", *table.columns]
    for line in table.lines:
        code = line.code or ""
        rest = code[3:]
        line.places[0:1] = [Place.of(code[:3]), Place.of(rest.lstrip("0") if rest else "")]


@kind("code-in-scientific", 4, ("csv",), tables=CODED)
def scientific_code(scene: Scene) -> None:
    """A spreadsheet saved 2130305 as 2.13E+06: the code is lost, the row is not."""
    for line in scene.table.lines:
        if line.code and len(line.code) == 7 and scene.rng.random() < 0.6:
            mantissa = f"{Decimal(line.code) / 1_000_000:.2f}"
            line.places[0].write(f"{mantissa}E+06", None)
            line.code = None


@kind("label-goes-on", 6, WRITTEN, tables=CODED)
def label_goes_on(scene: Scene) -> None:
    """The end of a long label stands in the next row, with neither code nor amounts."""
    table = scene.table
    long = [line for line in table.lines if len(line.label) >= 7]
    for line in scene.rng.sample(long, min(len(long), 2)):
        at = scene.rng.randint(3, len(line.label) - 2)
        rest = deepcopy(line)
        for place in rest.places:
            place.write("", None)
        rest.places[1].write(line.label[at:], None)
        line.places[1].write(line.label[:at], None)
        rest.code, rest.label = None, ""
        table.lines.insert(next(i for i, x in enumerate(table.lines) if x is line) + 1, rest)


@kind("escaped-pipe", 3, ("md",), tables=CODED)
def pipe(scene: Scene) -> None:
    line = scene.rng.choice([line for line in scene.table.lines if line.code])
    half = len(line.label) // 2
    line.places[1].write(f"{line.label[:half]}\\|{line.label[half:]}", None)
    line.label = f"{line.label[:half]}|{line.label[half:]}"


@kind("blank-table-with-codes", 3, tables=("general", "expenditure", "fund"))
def blank_table(scene: Scene) -> None:
    """A table printed for filling in: codes and names, and no amount."""
    for line in scene.table.lines:
        for column, place in enumerate(line.places):
            if scene.table.columns[column]:
                place.write("", None)
    scene.document.sentences = []


@kind("said-empty-with-amounts", 3, tables=("fund",))
def said_empty(scene: Scene) -> None:
    """A note says that there is nothing, though the table holds numbers: they are facts."""
    year = scene.document.year
    scene.table.below = [scene.rng.choice((
        f"注：本部门{year}年没有政府性基金预算拨款安排的支出。", "说明：本表无数据。", "备注：本部门无此项支出，本表为空。",
    ))]  # fmt: skip


@kind("categories-repeat", 6, tables=("procurement",))
def categories(scene: Scene) -> None:
    """The rows of the procurement table share their categories: the table itself."""


@kind("two-label-columns", 5, tables=("procurement-forms",))
def two_labels(scene: Scene) -> None:
    """What is bought, and beside it in which form: the table itself."""


@kind("summary-by-spending", 5, tables=("summary-by-spending",))
def by_spending(scene: Scene) -> None:
    """人员经费, 公用经费, 项目支出 within the summary: the table itself."""


# --- identity, years and phases ---------------------------------------------------------------


@kind("body-in-file-name", 5, alone=True)
def body_in_name(scene: Scene) -> None:
    """Body and year stand in the name of the file alone."""
    document = scene.document
    document.stem = f"{document.name}{document.year}年部门预算公开表"
    document.cover = []
    scene.table.above = [text for text in scene.table.above if _unit_line(text)]


@kind("title-in-file-name", 5, alone=True)
def title_in_name(scene: Scene) -> None:
    """The title of the only table stands in the name of its file alone."""
    document, table = scene.document, scene.table
    document.stem = (
        f"{document.name}{document.year}年{table.title.replace('“', '').replace('”', '')}"
    )
    table.title = table.number = ""


@kind("department-in-title", 5, alone=True)
def department_in_title(scene: Scene) -> None:
    """Body and year stand in the title of the only table alone."""
    document, table = scene.document, scene.table
    table.title = f"{document.year}年{document.name}{table.title}"
    table.above = [text for text in table.above if _unit_line(text)]
    table.number, document.cover = "", []


@kind("year-in-headings", 5, alone=True, tables=("summary", "three-public"))
def year_in_headings(scene: Scene) -> None:
    document, table = scene.document, scene.table
    document.cover = [f"{document.name}部门预算公开"]
    wanted = f"{document.year}年预算数"
    table.head = [
        [Head(wanted, h.across, h.down) if h.text == "预算数" else h for h in row]
        for row in table.head
    ]
    if "预算数" not in table.columns:
        table.title = f"{document.year}年{table.title}"
    table.columns = [wanted if name == "预算数" else name for name in table.columns]


def _three_public_lines(scene: Scene) -> list[Line]:
    table = scene.table
    if len(table.head) > 1:  # items side by side: set them below each other
        names = [
            "合计",
            "因公出国（境）费",
            "公务用车购置及运行费",
            "其中：公务用车购置费",
            "公务用车运行费",
            "公务接待费",
        ]
        values = [p.amount or Decimal(0) for p in table.lines[0].places]
        table.lines = [
            Line([Place.of(name), amount_place(table.style, value)], name)
            for name, value in zip(names, values, strict=True)
        ]
        table.head, table.columns = [[Head("项目"), Head("预算数")]], ["", "预算数"]
    return table.lines


@kind("phases-side-by-side", 5, alone=True, tables=("three-public",))
def phases(scene: Scene) -> None:
    """年初预算数, 调整预算数 (or not) and 决算数 of one final account; or two years of a budget."""
    document, table, rng = scene.document, scene.table, scene.rng
    lines = _three_public_lines(scene)
    if rng.random() < 0.6:
        document.phase = "executed"
        document.cover = [f"{document.name}{document.year}年度部门决算公开"]
        names = [
            ("年初预算数", "approved", 0),
            ("调整预算数", "adjusted", 0),
            ("决算数", "executed", 0),
        ]
        if rng.random() < 0.6:
            names = [("预算数", "approved", 0), ("决算数", "executed", 0)]
        table.title = "“三公”经费支出决算表"
    else:
        year = document.year
        names = [(f"{year - 1}年预算数", "approved", 1), (f"{year - 1}年执行数", "executed", 1),
                 (f"{year}年预算数", "approved", 0)]  # fmt: skip
    table.head = [[Head("项目"), *(Head(name) for name, _, _ in names)]]
    table.columns = ["", *(name for name, _, _ in names)]
    table.phases = {i: (phase, document.year - back) for i, (_, phase, back) in enumerate(names, 1)}
    shares = [Decimal(rng.randint(80, 100)) / 100 for _ in names[1:]]
    for line in lines:
        line.places = line.places[:2]
    cars, meals = (
        (lines[4].places[1].amount or Decimal(0)),
        (lines[5].places[1].amount or Decimal(0)),
    )
    for share in shares:
        own = [(v * share).quantize(Decimal(100)) for v in (cars, meals)]
        own_cars, own_meals = (v.quantize(Decimal(1)) // 100 * 100 for v in own)
        values = [own_cars + own_meals, Decimal(0), own_cars, Decimal(0), own_cars, own_meals]
        for line, value in zip(lines, values, strict=True):
            line.places.append(amount_place(table.style, value))


@kind("three-public-counts", 5, tables=("three-public",))
def counts(scene: Scene) -> None:
    """Counts of vehicles and guests below the amounts: no amounts."""
    lines = _three_public_lines(scene)
    rows = (("公务用车购置数（辆）", 3), ("公务用车保有量（辆）", 19), ("国内公务接待批次（个）", 90),
            ("国内公务接待人次（人）", 900))  # fmt: skip
    for name, most in rows[: scene.rng.randint(1, 4)]:
        count = Place.of(str(scene.rng.randint(1, most)))
        lines.append(Line([Place.of(name), count], name))


@kind("head-row-between-items-and-phases", 5, alone=True, tables=("three-public",))
def split_head(scene: Scene) -> None:
    """项目 | 预算数 | 决算数 with an empty row between the names and the phases."""
    phases(scene)
    table = scene.table
    if len(table.columns) == 3:
        group = "“三公”经费"
        table.head = [[Head("项目"), Head(group, across=2)], [Head("") for _ in table.columns], [
            Head(""), *(Head(name) for name in table.columns[1:])]]  # fmt: skip


@kind("edges-of-printed-pages", 6, ("pdf",), alone=True, tables=("general", "basic", "expenditure"))
def edges(scene: Scene) -> None:
    """What a browser prints at the edges of each page, of a table over several."""
    scene.document.marks.add("edges")


@kind("number-in-runs", 2, ("docx", "pdf", "ods"))
def in_runs(scene: Scene) -> None:
    """A number set in several runs of different looks is one number."""
    for _, _, place in scene.some(4):
        text = place.text
        if len(text) > 2:
            at = scene.rng.randint(1, len(text) - 1)
            place.write(text, place.amount)
            place.pieces = [Piece(text[:at], "run"), Piece(text[at:])]
