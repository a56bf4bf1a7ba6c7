"""Whose budget, of which year and phase: read from the cover, captions and headings."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from yusuan.model.document import Document
from yusuan.model.errors import YusuanError
from yusuan.model.text import normal
from yusuan.narrative.divisions import division_of
from yusuan.schema.vocabulary import names_of

__all__ = ["Identity", "identify"]

_COVER_PARAGRAPHS = 12
_COVER_LENGTH = 500
"""Characters of a paragraph in which the title is looked for."""
_NUMERALS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_CHINESE_YEAR = re.compile(r"二[〇○零][〇○零一二三四五六七八九]{2}(?=年)")
_YEAR = r"(20\d\d)年?度?"
_COVER = re.compile(
    rf"(?:^|[\s:])?([^\d:,，。]{{2,50}}?)\(?{_YEAR}\)?(?:部门|单位)?(?:综合)?(预算|决算)"
)
_ABOUT = re.compile(rf"^(?:[一二三四五六七八九十]+、)?(?:关于)?([^\d:,，。、]{{4,40}}?){_YEAR}")
_RESPONSIBLE = re.compile(r"^(?:预算)?(?:主管|编制)?(?:部门|单位)(?:名称)?:([^\d:,，。]{4,40})$")
_SHORT = re.compile(r"以下简称:?([^)]{2,20})\)")
_DATE = re.compile(r"^(20\d\d)年(\d{1,2})月(\d{1,2})日$")
_PHASES = {"预算": "approved", "决算": "executed"}


@dataclass(frozen=True, slots=True)
class Identity:
    """What a document is: its department's printed names (the cover's first), year, phase.

    ``short`` are the names it introduces for itself (以下简称); others may use them too.
    """

    names: tuple[str, ...]
    short: tuple[str, ...]
    fiscal_year: int
    phase: str
    title: str
    published: date | None

    @property
    def name(self) -> str:
        return self.names[0]

    @property
    def all_names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.names, *self.short)))


def identify(document: Document, organisations: Iterable[str]) -> Identity:
    """Read the identity of a document; ``organisations`` are the names its tables state.

    Raises YusuanError when no department or no year can be found.
    """
    texts = [_digits(normal(paragraph.text)) for paragraph in document.paragraphs]
    stated = [normal(name) for name in organisations]
    cover = _cover(texts)
    year = int(cover[2]) if cover else _common_year([*texts, document.file])
    if year is None:
        raise YusuanError(
            f"{document.file}: no budget year (such as 2022年) found; is this a budget disclosure?"
        )
    names = [_tidy(cover[1])] if cover else []
    names += [_tidy(match[1]) for text in texts if (match := _RESPONSIBLE.match(text))]
    names += [_tidy(name) for name in stated]
    names += [_tidy(match[1]) for text in texts if (match := _ABOUT.match(text))]
    names = _one_organisation([name for name in names if division_of(name)[1]])
    if not names:
        raise YusuanError(
            f"{document.file}: no department name found on the cover or above a table; "
            "is this a budget disclosure?"
        )
    kind = cover[3] if cover else _common_kind(texts)
    return Identity(
        names=tuple(dict.fromkeys(names)),
        short=tuple(match[1] for text in texts for match in _SHORT.finditer(text)),
        fiscal_year=year,
        phase=names_of("phases").get(kind, _PHASES[kind]),
        title=cover[0] if cover else f"{names[0]}{year}年{kind}",
        published=_date(texts),
    )


def _digits(text: str) -> str:
    """A year in Chinese numerals as digits: 二〇二二年 is 2022年."""
    return _CHINESE_YEAR.sub(lambda match: match[0].translate(_NUMERALS), text)


def _cover(texts: list[str]) -> tuple[str, str, str, str] | None:
    """Title, name, year and 预算/决算 from the first lines, up to the table of contents."""
    head = []
    for text in texts[:_COVER_PARAGRAPHS]:
        if "目录" in text or text.startswith("第一部分"):
            break
        head.append(text[:_COVER_LENGTH])
    for candidate in ("".join(head), *head):
        match = _COVER.search(candidate)
        if match:
            title = re.sub(r"(公开)?(预算|决算)公开.*$", r"\2公开", candidate)
            return title[:80], match[1], match[2], match[3]
    return None


def _tidy(name: str) -> str:
    """A department's name without what surrounds it in titles."""
    name = re.sub(r"^(?:附件\d*:?|第.{1,3}部分|关于|纳入|公开\d+表|\d+)", "", name)
    name = re.sub(r"(?:的|部门|单位|公开|本级)$", "", name)
    return name.strip("()·.-— ")


def _one_organisation(names: list[str]) -> list[str]:
    """Names that may be the same body: those ending like the first, or like the commonest."""
    if not names:
        return []
    commonest = Counter(names).most_common(1)[0][0]
    tails = {names[0][-3:], commonest[-3:]}
    return [name for name in dict.fromkeys(names) if name[-3:] in tails]


def _common_year(texts: list[str]) -> int | None:
    years = Counter(match for text in texts for match in re.findall(r"(20\d\d)年", text))
    return int(years.most_common(1)[0][0]) if years else None


def _common_kind(texts: list[str]) -> str:
    whole = "".join(texts)
    return "决算" if whole.count("决算") > whole.count("预算") else "预算"


def _date(texts: list[str]) -> date | None:
    """The date printed alone on a line, the last one: that of issue."""
    for text in reversed(texts):
        if match := _DATE.match(text):
            try:
                return date(int(match[1]), int(match[2]), int(match[3]))
            except ValueError:
                continue
    return None
