"""Whose budget, of which year and kind: from the cover, else from captions, text, file name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath

from yusuan.model.document import Document, Paragraph
from yusuan.model.errors import YusuanError
from yusuan.model.text import normal
from yusuan.narrative.bodies import alike, body_in, ends_as_body, is_body, may_be_name
from yusuan.narrative.divisions import division_of
from yusuan.narrative.former import former_names
from yusuan.narrative.naming import (
    Known,
    is_letter,
    names_of_body,
    of_table,
    responsible,
    spoken_names,
)  # fmt: skip
from yusuan.narrative.passages import Passage
from yusuan.narrative.titles import (
    common_year,
    date_of_issue,
    digits,
    kind_of,
    name_in,
    year_of,
)  # fmt: skip
from yusuan.schema.vocabulary import names_of

__all__ = ["Identity", "Known", "identify"]

_COVER_PARAGRAPHS = 12
_LONGEST_TITLE = 60
_HEADED = re.compile(r"^(20\d\d)年?度?[^,。;比较上]{0,14}(预算|决算|执行)")
_HEADING_ROWS = 6
_SHORT = re.compile(r"以下简称:?([^)]{2,20})\)")
_SHORT_YEAR = re.compile(r"(?<!\d)(\d\d)(?=年)")
_YEAR_ALONE = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
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


def identify(
    document: Document, organisations: Iterable[str], passages: Iterable[Passage] = ()
) -> Identity:
    """Read the identity of a document.

    ``organisations`` are the names its tables state; ``passages`` its text, whose sentences
    say whose year they speak of. Raises YusuanError when no department or no year can be found.
    """
    texts = [digits(normal(paragraph.text)) for paragraph in document.paragraphs]
    titles = [text for text in (*texts, *_grid_titles(document)) if _is_title(text)]
    outside = [digits(normal(title)) for title in _outside(document)]
    cover = _cover(document)
    headed = _headed(document)
    year, year_from = _year(cover, titles, headed, texts, outside)
    if year is None:
        raise YusuanError(
            f"{document.file}: no budget year (such as 2022年) found in titles, headings, text or "
            "file name; is this a budget disclosure? If so, put the year into the file name"
        )
    spoken = spoken_names(passages)
    stated = [name for text in texts if (name := responsible(text))]
    stated += [normal(name) for name in organisations]
    names, name_from = names_of_body(cover.name, stated, titles, spoken, outside)
    if not names:
        raise YusuanError(
            f"{document.file}: no department name found on the cover, above a table, in the text "
            "or in the file name; is this a budget disclosure? If so, put the department's name "
            "into the file name"
        )
    said = {kind for when, kind in headed if when == year}
    phase = (None, "决算") if said == {"决算"} else (None, "预算")
    kinds = (cover.kind, *map(_common_kind, (titles, texts, outside)))
    whose, what = next(filter(None, kinds), phase)
    return Identity(
        names=names,
        short=_short_names(texts, names),
        fiscal_year=year,
        phase=names_of("phases").get(what, _PHASES[what]),
        title=cover.title,
        published=date_of_issue(texts),
        kind=f"{whose}{what}" if whose else None,
        year_from=year_from,
        name_from=name_from,
        former=tuple(name for name in former_names(texts, names) if ends_as_body(name)),
    )


def _short_names(texts: Iterable[str], names: Sequence[str]) -> tuple[str, ...]:
    """The names introduced (以下简称) behind one of the body's own, or of its form."""
    own = {*names, *(division_of(name)[1] for name in names)}
    return tuple(
        match[1] for text in texts for match in _SHORT.finditer(text)
        if text[: match.start()].rstrip("(").endswith(tuple(own))
        or any(alike(match[1], name) for name in names)
    )  # fmt: skip


def _outside(document: Document) -> list[str]:
    """Titles that are not printed: that of a web page, in its parts, and the file's name."""
    page = re.split(r"[_|—]+|\s+-+\s*|\s*-+\s+", document.title or "")
    file = re.split(r"_+|\s{2,}", _SHORT_YEAR.sub(r"20\1", PurePath(document.file).stem))
    return [part for part in (*page, *reversed(file)) if part]


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
        if not is_letter(text):
            head.append(text)
    title = name = None
    for end in range(len(head)):
        if year_of(head[end]) is None and not (kind_of(head[end]) and year_of("".join(head))):
            continue
        windows = ["".join(head[start : end + 1]) for start in range(end + 1)]
        named = [(found, window) for window in windows if (found := name_in(window))]
        whole = [item for item in named if is_body(item[0])]
        placed = [item for item in whole if division_of(item[0])[0]]
        if placed or whole:
            name, title = (placed or whole)[0]
            title = re.sub(r"(公开)?(预算|决算)公开.*$", r"\2公开", title)[:80]
            break
    if title is None:  # a page of one table, whose title names body and year
        for line in head:
            if (found := body_in(line)) and (common_year([line]) and of_table(line)):
                title, name = line, found
                break
    if title is None:  # a cover may name a place only
        title = next((line for line in head if year_of(line) and kind_of(line)), None)
        if title:  # the body may have a line of its own
            name = next((line for line in head if _is_name(line)), None)
    if name is None and not (title and year_of(title)):  # a cover may leave the year to the tables
        for line in head:
            found = name_in(line) if kind_of(line) else None
            if found and ends_as_body(found) and is_body(found) and may_be_name(found):
                title, name = title or line, found
                break
    joined = "".join(head)
    years = [year for text in (title or "", *head, joined) if (year := year_of(text))]
    if title and not years and (year := common_year([title])):
        years = [year]
    return _Cover(
        title, name, years[0] if years else None, kind_of(title or "") or _common_kind(head)
    )


def _is_name(line: str) -> bool:
    return ":" not in line and ends_as_body(line) and is_body(line) and may_be_name(line)


def _grid_titles(document: Document) -> list[str]:
    """Texts that stand alone in one of the first rows of a grid: titles of sheets."""
    found = []
    for grid in document.grids:
        for row in grid.rows[:3]:
            texts = [cell.text for cell in row if cell.text]
            if len(texts) == 1:
                found.append(digits(normal(texts[0])))
    return found


def _headed(document: Document) -> list[tuple[int, str]]:
    """The years that headings of columns state (2020年预算数), each with 预算 or 决算."""
    found = []
    for grid in document.grids:
        for row in grid.rows[:_HEADING_ROWS]:
            for cell in row:
                if match := _HEADED.match(digits(normal(cell.text))):
                    found.append((int(match[1]), "预算" if match[2] == "预算" else "决算"))
    return found


def _year(
    cover: _Cover,
    titles: Sequence[str],
    headed: Sequence[tuple[int, str]],
    texts: Sequence[str],
    outside: Sequence[str],
) -> tuple[int | None, Known]:
    """The year: stated by the cover, by titles, by headings of columns (of several the last,
    as others are compared with), by the text, or by what is not printed."""
    if cover.year:
        return cover.year, "cover"
    stated = Counter(year for title in titles if (year := year_of(title)))
    if stated:
        return max(stated, key=lambda year: (stated[year], year)), "table"
    short = [text for text in titles if re.search(r"表|20\d\d年度?$", text)]
    if year := common_year(short):
        return year, "table"
    if headed:
        return max(year for year, _ in headed), "table"
    if year := common_year(texts):
        return year, "text"
    named = [year for text in outside if (year := year_of(text) or common_year([text]))]
    plain = [int(match[1]) for text in outside if (match := _YEAR_ALONE.search(text))]
    return next(iter([*named, *plain]), None), "file"


def _common_kind(texts: Iterable[str]) -> tuple[str | None, str] | None:
    """What most titles call the document; one that says whose counts before one that does not."""
    kinds = [kind for text in texts if (kind := kind_of(text))]
    telling = [kind for kind in kinds if kind[0]] or kinds
    return Counter(telling).most_common(1)[0][0] if telling else None
