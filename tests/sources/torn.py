"""Tables torn over pages, drawn as PDF without or with lines, or set by blanks as text.

What is printed is made first: the rows of one table, how many stand on each page, whether its head is
repeated, and what runs along the margins. ``written`` draws it; the truth is the rows.
"""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from tests.sources.pdf_drawing import HEIGHT, WIDTH, Drawing

Form = Literal["pdf", "ruled", "text"]
TITLE, CAPTION, UNIT = "清河县水务局2025年部门预算", "部门支出总表", "单位：万元"
HEAD = ("科目编码", "科目名称", "合计", "基本支出", "项目支出")
HEADS = (
    "", "清河县水务局", TITLE, "清河县人民政府门户网站", "2025/2/14 10:30|部门预算公开",
    "2025-02-14 10:30  http://www.qinghe.gov.cn/sw/2025/02/1234.html",
    "清河县|2025年部门预算", "2025年2月14日", "清河县水务局|2025年度|部门预算公开",
)  # fmt: skip
FEET = (
    "", "- {page} -", "—{page}—", "第{page}页 共{pages}页", "{page}/{pages}", "{page}", "第 {page} 页",
    "http://www.qinghe.gov.cn/sw/1234.html|{page}/{pages}", "清河县水务局 {page}", "~ {page} ~",
)  # fmt: skip
_SECTIONS = (
    ("205", "教育支出", "20508", "进修及培训", "2050803", "培训支出"),
    ("208", "社会保障和就业支出", "20805", "行政事业单位养老支出", "2080505",
     "机关事业单位基本养老保险缴费支出"),
    ("210", "卫生健康支出", "21011", "行政事业单位医疗", "2101101", "行政单位医疗"),
    ("213", "农林水支出", "21303", "水利", "2130301", "行政运行"),
    ("221", "住房保障支出", "22102", "住房改革支出", "2210201", "住房公积金"),
)  # fmt: skip
_LEFT, _RIGHT, _TOP, _PITCH = 50.0, 550.0, 800.0, 18.0
XS = (50.0, 120.0, 310.0, 390.0, 470.0, 550.0)
_PLACES = (12, 40, 14, 14, 14)


@dataclass(frozen=True)
class Torn:
    """One table over several pages. ``head`` and ``foot`` run along the margins, ``|`` parts what
    stands left, in the middle and right; ``first`` whether the head is on the first page too."""

    pages: Sequence[Sequence[Sequence[str]]]
    head: str = ""
    foot: str = ""
    repeated: bool = False
    first: bool = True
    form_feed: bool = True

    @property
    def rows(self) -> list[tuple[str, ...]]:
        return [tuple(row) for page in self.pages for row in page]


def rows_of(seed: int, sections: int) -> list[tuple[str, ...]]:
    """A right table of departmental expenditure: sums agree at each level."""
    source = random.Random(seed)
    rows: list[tuple[str, ...]] = []
    all_ = [0, 0]
    for code, name, code5, name5, code7, name7 in source.sample(_SECTIONS, sections):
        basic = source.choice((0, source.randrange(100, 900_000)))
        project = source.randrange(100, 900_000) if not basic or source.random() < 0.5 else 0
        amounts = _printed(basic, project)
        rows += [(code, name, *amounts), (code5, name5, *amounts), (code7, name7, *amounts)]
        all_ = [all_[0] + basic, all_[1] + project]
    return [("", "合计", *_printed(*all_)), *rows]


def _printed(basic: int, project: int) -> tuple[str, str, str]:
    total, one, two = (f"{n / 100:,.2f}" if n else "" for n in (basic + project, basic, project))
    return total, one, two


def any_torn(seed: int) -> Torn:
    """Some torn table."""
    source = random.Random(seed)
    rows = rows_of(seed, source.randint(2, 5))
    pages: list[list[tuple[str, ...]]] = []
    size = source.choice((3, 4, 5, 7, 9))
    while rows:
        count = size if source.random() < 0.7 else source.randint(2, size)
        pages.append(rows[:count])
        rows = rows[count:]
    if len(pages) == 1:
        pages = [pages[0][:3], pages[0][3:]]
    return Torn(
        pages, source.choice(HEADS), source.choice(FEET), source.random() < 0.5,
        source.random() < 0.7, source.random() < 0.7,
    )  # fmt: skip


def written(torn: Torn, form: Form) -> tuple[str, bytes]:
    """A file name and its content."""
    if form == "text":
        return "torn.txt", "".join(_text(torn)).encode()
    return "torn.pdf", _pdf(torn, ruled=form == "ruled")


def _margin(text: str, torn: Torn, page: int) -> list[str]:
    filled = text.format(page=page, pages=len(torn.pages))
    return filled.split("|") if filled else []


def _pdf(torn: Torn, *, ruled: bool) -> bytes:
    drawing = Drawing()
    for number, rows in enumerate(torn.pages, start=1):
        if number > 1 or torn.first:
            _across(drawing, _margin(torn.head, torn, number), 25)
        top = HEIGHT - _TOP
        if number == 1:
            _centred(drawing, TITLE, top + 8, 14)
            _centred(drawing, CAPTION, top + 28, 12)
            _right(drawing, UNIT, _RIGHT, top + 44, 9)
            top += 50
        for row in [HEAD, *rows] if number == 1 or torn.repeated else rows:
            for index, text in enumerate(row):
                if index < 2:
                    drawing.text(XS[index] + 3, top + 13, text, 9)
                else:
                    _right(drawing, text, XS[index + 1] - 4, top + 13, 9)
                if ruled:
                    drawing.canvas.rect(
                        XS[index], HEIGHT - top - _PITCH, XS[index + 1] - XS[index], _PITCH
                    )
            top += _PITCH
        _across(drawing, _margin(torn.foot, torn, number), HEIGHT - 25)
        drawing.page()
    return drawing.content()


def _across(drawing: Drawing, texts: Sequence[str], y: float) -> None:
    if len(texts) == 1:
        _centred(drawing, texts[0], y, 8)
        return
    for text, place in zip(
        texts, ("left", "middle", "right")[:: 3 - len(texts) or 1], strict=False
    ):
        if place == "left":
            drawing.text(_LEFT, y, text, 8)
        elif place == "middle":
            _centred(drawing, text, y, 8)
        else:
            _right(drawing, text, _RIGHT, y, 8)


def _centred(drawing: Drawing, text: str, y: float, size: float) -> None:
    drawing.text(
        WIDTH / 2 - drawing.canvas.stringWidth(text, "STSong-Light", size) / 2, y, text, size
    )


def _right(drawing: Drawing, text: str, x: float, y: float, size: float) -> None:
    drawing.text(x - drawing.canvas.stringWidth(text, "STSong-Light", size), y, text, size)


def _text(torn: Torn) -> Iterator[str]:
    for number, rows in enumerate(torn.pages, start=1):
        if number > 1 and torn.form_feed:
            yield "\f"
        if number > 1 or torn.first:
            yield from _line_across(_margin(torn.head, torn, number))
        if number == 1:
            yield from (" " * 25 + TITLE, "\n\n", " " * 30 + CAPTION, "\n", " " * 80 + UNIT, "\n")
        for row in [HEAD, *rows] if number == 1 or torn.repeated else rows:
            cells = (
                " " * (wide - _wide(text)) + text
                if index > 1
                else text + " " * (wide - _wide(text))
                for index, (text, wide) in enumerate(zip(row, _PLACES, strict=True))
            )
            yield "".join(cells).rstrip() + "\n"
        yield from _line_across(_margin(torn.foot, torn, number))


def _line_across(texts: Sequence[str]) -> Iterator[str]:
    if len(texts) == 1:
        yield " " * (47 - _wide(texts[0]) // 2) + texts[0] + "\n\n"
    elif texts:
        gap = (94 - sum(map(_wide, texts))) // (len(texts) - 1)
        yield (" " * gap).join(texts) + "\n\n"


def _wide(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
