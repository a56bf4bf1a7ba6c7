"""Whose budget, of which year and kind: from the cover, else from captions, text, file name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath
from typing import Literal

from yusuan.model.document import Document, Paragraph
from yusuan.model.errors import YusuanError
from yusuan.model.text import normal
from yusuan.narrative.divisions import division_of
from yusuan.narrative.former import former_names
from yusuan.narrative.titles import (
    common_year,
    date_of_issue,
    digits,
    kind_of,
    name_in,
    tidy,
    year_of,
)  # fmt: skip
from yusuan.schema.vocabulary import names_of

__all__ = ["Identity", "Known", "identify"]

Known = Literal["cover", "table", "text", "file"]
"""Where something is known from, the most certain first."""

_COVER_PARAGRAPHS = 12
_LONGEST_TITLE = 60
_ABOUT = re.compile(
    r"^(?:[一二三四五六七八九十]+、)?(?:关于)?([^\d:,，。、《》〔〕]{4,40}?)(20\d\d)年?度?"
)
_RESPONSIBLE = re.compile(
    r"^(?:预算)?(?:主管|编制|填报|公开)?(?:部门|单位)(?:\((?:单位|部门)\))?(?:名称)?"
    r"(?:\((?:公章|盖章)\))?:([^\d:,，。]{4,40}?)(?:\((?:公章|盖章)\))?(?:(?:金额)?单位:.*)?$"
)
_SHORT = re.compile(r"以下简称:?([^)]{2,20})\)")
_BODY = re.compile(
    r"(?:[局委办厅院会处所站队校部馆社台室署庭库园区镇乡]|中心|政府|学校|大学|医院|街道|公司|机关|联合会"
    r"|办事处|支队|大队|总队|组|基地|法院|集团)(?:\(.{2,20}\))?$"
)
_SHORT_YEAR = re.compile(r"(?<!\d)(\d\d)(?=年)")
_SENTENCE = re.compile(r"[。；;]|\d万?元")
_PHASES = {"预算": "approved", "决算": "executed", "预算调整": "adjusted", "预算草案": "proposed"}


@dataclass(frozen=True, slots=True)
class Identity:
    """What a document is: its department's printed names (the cover's first), year, phase.

    ``title`` is None where no cover states one: then the year is the commonest in the text.
    ``short`` are the names it introduces for itself (以下简称); others may use them too.
    ``kind`` is what it calls itself (部门预算, 单位决算). ``year_from`` and ``name_from`` tell
    how sure year and name are.
    """

    names: tuple[str, ...]
    short: tuple[str, ...]
    fiscal_year: int
    phase: str
    title: str | None
    published: date | None
    kind: str | None = None
    year_from: Known = "cover"
    name_from: Known = "cover"
    former: tuple[str, ...] = ()
    """Names that it says the body had before."""

    @property
    def name(self) -> str:
        return self.names[0]

    @property
    def all_names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.names, *self.short)))


@dataclass(frozen=True, slots=True)
class _Cover:
    title: str | None
    name: str | None
    year: int | None
    kind: tuple[str | None, str] | None


def identify(document: Document, organisations: Iterable[str]) -> Identity:
    """Read the identity of a document; ``organisations`` are the names its tables state.

    Raises YusuanError when no department or no year can be found.
    """
    texts = [digits(normal(paragraph.text)) for paragraph in document.paragraphs]
    titles = [text for text in (*texts, *_grid_titles(document)) if _is_title(text)]
    file = digits(_SHORT_YEAR.sub(r"20\1", PurePath(document.file).stem))
    cover = _cover(document)
    year, year_from = _year(cover, titles, texts, file)
    if year is None:
        raise YusuanError(
            f"{document.file}: no budget year (such as 2022年) found; is this a budget disclosure?"
        )
    names, name_from = _names(cover, [normal(name) for name in organisations], texts, file)
    if not names:
        raise YusuanError(
            f"{document.file}: no department name found on the cover or above a table; "
            "is this a budget disclosure?"
        )
    whose, what = cover.kind or _common_kind(titles) or _common_kind(texts) or (None, "预算")
    return Identity(
        names=names,
        short=tuple(match[1] for text in texts for match in _SHORT.finditer(text)),
        fiscal_year=year,
        phase=names_of("phases").get(what, _PHASES[what]),
        title=cover.title,
        published=date_of_issue(texts),
        kind=f"{whose}{what}" if whose else None,
        year_from=year_from,
        name_from=name_from,
        former=tuple(name for name in former_names(texts, names) if _BODY.search(name)),
    )


def _is_title(text: str) -> bool:
    return len(text) <= _LONGEST_TITLE and not _SENTENCE.search(text)


def _cover(document: Document) -> _Cover:
    """Title, name, year and kind from the first lines, up to the table of contents.

    A title may be broken over lines; of the lines that make one up, those are taken that
    begin with the name of a place, or else all of them.
    """
    head: list[str] = []
    for block in document.blocks[:_COVER_PARAGRAPHS]:
        text = digits(normal(block.text)) if isinstance(block, Paragraph) else ""
        if not text or "目录" in text or text.startswith("第一部分") or not _is_title(text):
            break
        head.append(text)
    title = name = None
    for end in range(len(head)):
        if year_of(head[end]) is None and not (kind_of(head[end]) and year_of("".join(head))):
            continue
        windows = ["".join(head[start : end + 1]) for start in range(end + 1)]
        named = [(found, window) for window in windows if (found := name_in(window))]
        whole = [item for item in named if _is_body(item[0])]
        placed = [item for item in whole if division_of(item[0])[0]]
        if placed or whole:
            name, title = (placed or whole)[0]
            title = re.sub(r"(公开)?(预算|决算)公开.*$", r"\2公开", title)[:80]
            break
    if title is None:  # a cover may name a place only
        title = next((line for line in head if year_of(line) and kind_of(line)), None)
    joined = "".join(head)
    years = [year for text in (title or "", *head, joined) if (year := year_of(text))]
    return _Cover(
        title, name, years[0] if years else None, kind_of(title or "") or _common_kind(head)
    )


def _is_body(name: str) -> bool:
    """Whether a name says more than a place: 普陀区司法局 does, 普陀区 does not."""
    rest = division_of(f"{name}某某")[1].removesuffix("某某")
    return bool(rest) and not re.fullmatch(r".{0,6}[省市县区州旗]", rest)


def _grid_titles(document: Document) -> list[str]:
    """Texts that stand alone in one of the first rows of a grid: titles of sheets."""
    found = []
    for grid in document.grids:
        for row in grid.rows[:3]:
            texts = [cell.text for cell in row if cell.text]
            if len(texts) == 1:
                found.append(digits(normal(texts[0])))
    return found


def _year(
    cover: _Cover, titles: Sequence[str], texts: Sequence[str], file: str
) -> tuple[int | None, Known]:
    if cover.year:
        return cover.year, "cover"
    stated = Counter(year for title in titles if (year := year_of(title)))
    if stated:
        return max(stated, key=lambda year: (stated[year], year)), "table"
    short = [text for text in titles if re.search(r"表|20\d\d年度?$", text)]
    if year := common_year(short):
        return year, "table"
    if year := common_year(texts):
        return year, "text"
    return year_of(normal(file)) or common_year([normal(file)]), "file"


def _names(
    cover: _Cover, organisations: Sequence[str], texts: Sequence[str], file: str
) -> tuple[tuple[str, ...], Known]:
    """The names of one body, from the cover, lines and captions that name it, and headings."""
    first = [cover.name] if cover.name else []
    stated = [match[1] for text in texts if (match := _RESPONSIBLE.match(text))]
    stated += organisations
    spoken = [match[1] for text in texts if (match := _ABOUT.match(text))]
    names = [tidy(name) for name in (*first, *stated, *spoken)]
    names = _one_organisation([name for name in names if _is_body(name)])
    if names:
        known: Known = "cover" if first else "table" if stated else "text"
        return tuple(dict.fromkeys(names)), known
    for part in map(normal, reversed(re.split(r"_+|\s{2,}", file))):
        name = name_in(part) or tidy(part)
        if _BODY.search(name) and _is_body(name):
            return (name,), "file"
    return (), "file"


def _one_organisation(names: list[str]) -> list[str]:
    """Names that may be the same body: those ending like the first, or like the commonest."""
    if not names:
        return []
    commonest = Counter(names).most_common(1)[0][0]
    tails = {names[0][-3:], commonest[-3:]}
    return [name for name in dict.fromkeys(names) if name[-3:] in tails]


def _common_kind(texts: Iterable[str]) -> tuple[str | None, str] | None:
    """What most titles call the document; one that says whose counts before one that does not."""
    kinds = [kind for text in texts if (kind := kind_of(text))]
    telling = [kind for kind in kinds if kind[0]] or kinds
    return Counter(telling).most_common(1)[0][0] if telling else None
