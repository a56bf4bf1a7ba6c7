"""Whose budget, of which year and kind: from the cover, else from captions, text, file name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import PurePath
from typing import Literal

from yusuan.lexicon.phrases import expression, phrase, words_of
from yusuan.model.document import Document, Paragraph
from yusuan.model.errors import YusuanError
from yusuan.model.text import normal
from yusuan.narrative.organisation_names import (
    division_of,
    ends_as_organisation,
    former_names,
    is_organisation,
    may_be_name,
    name_match,
    organisation_in,
)
from yusuan.narrative.passages import Passage, narrative_words
from yusuan.schema.vocabulary import names_of

__all__ = ["Identity", "StatedCover", "identify", "kind_of", "stated_cover"]

_BUDGET, _ACCOUNTS, _ADJUSTED, _DRAFT = words_of("kind_of_document")
_ONES = "".join(words_of("numeral")[:9])

# What a title states: year, kind of document, name of the organisation; and dates of issue


_NUMERALS = str.maketrans("〇○零oO一二三四五六七八九", "00000123456789")
_CHINESE_YEAR = re.compile(r"(?:二[〇○零oO0][〇○零oO一二三四五六七八九0]{2})(?=年)")
_CHINESE_DAY = re.compile(r"(?<=[年月])([一二三四五六七八九十]{1,3})(?=[月日])")


def with_digits(text: str) -> str:
    """Years and dates in Chinese numerals as digits.

    >>> with_digits("二〇二二年度"), with_digits("二○二四年二月十八日")
    ('2022年度', '2024年2月18日')
    """
    text = _CHINESE_YEAR.sub(lambda match: match[0].translate(_NUMERALS), text)
    return _CHINESE_DAY.sub(lambda match: str(_small(match[1])), text)


def _small(numeral: str) -> int:
    """A numeral below one hundred: 二十八 is 28."""
    tens, ten, ones = numeral.rpartition("十")
    one = _ONES.find(ones) + 1 if ones else 0
    return ((_ONES.find(tens) + 1 if tens else 1) * 10 if ten else 0) + one


def year_of(title: str) -> int | None:
    """The year of the budget or accounts that a title names; dates are none.

    >>> year_of("某局2024年度部门决算公开"), year_of("2025年2月10日")
    (2024, None)
    """
    plain = phrase("organisation.basis").sub("", title)
    match = (
        phrase("title.budget_year").search(plain)
        or phrase("title.year_behind").search(plain)
        or phrase("title.name_after").match(plain)
    )
    return int(match["year"]) if match else None


def common_year(texts: Iterable[str]) -> int | None:
    """The year that texts speak of most, what they compare with left out."""
    budget: Counter[str] = Counter()
    other: Counter[str] = Counter()
    for text in texts:
        plain = phrase("organisation.basis").sub("", text)
        budget.update(match["year"] for match in phrase("title.spoken_year").finditer(plain))
        other.update(match["year"] for match in phrase("title.any_year").finditer(plain))
    counts = budget or other
    return int(max(counts, key=lambda year: (counts[year], year))) if counts else None


def kind_of(text: str) -> tuple[str | None, str] | None:
    """Whose (部门 or 单位) and what (预算, 决算, 预算调整, 预算草案) a title says it is.

    >>> kind_of("预算评审中心2024年单位预算"), kind_of("财政局2023年度部门决算公开")
    (('单位', '预算'), ('部门', '决算'))
    """
    found = [
        (match["whose"], match["what"].replace(words_of("adjusted_other")[0], _ADJUSTED))
        for match in phrase("title.kind").finditer(text)
    ]
    return next((item for item in found if item[0]), found[0] if found else None)


def name_in(title: str) -> str | None:
    """The organisation that a title names, before the year or after it."""
    for form in ("title.name_before", "title.name_after", "title.name_alone"):
        match = phrase(form).match(title)
        name = bare_name(match["name"]) if match else ""
        if name and not phrase("organisation.no_name").match(name):
            return name
    return None


def bare_name(name: str) -> str:
    """A department's name without what surrounds it in titles."""
    name = phrase("title.behind_name").sub("", name)
    name = phrase("title.before_name").sub("", name)
    shorter = ""
    while shorter != name:
        shorter, name = name, phrase("organisation.around").sub("", name)
        name = name.strip("()·.-—_ ")
    return name


def date_of_issue(texts: list[str]) -> date | None:
    """The date stated as that of issue, or else the last one printed alone on a line."""
    stated = [match for text in texts if (match := phrase("title.issued").search(text))]
    alone = [match for text in reversed(texts) if (match := phrase("title.line_date").match(text))]
    for match in (*stated, *alone):
        try:
            return date(int(match["year"]), int(match["month"]), int(match["day"]))
        except ValueError:
            continue
    return None


# Which organisation a document is of


IdentitySource = Literal["cover", "table", "text", "file"]
"""Where something is known from, the most certain first."""

_LONGEST_TITLE = 60
_CITED = re.compile(r"《[^《》]{0,200}》?")
_ADDRESS = re.compile(r"(?:https?|file)://")
"""A line with the address of a page, as browsers print it at the edge of the paper, is no title."""
_MOST_NAMES = 100
"""Of more than this many different names the first are compared."""


def responsible_organisation(text: str) -> str | None:
    """The organisation that a line in normal form says is responsible (编制单位：…)."""
    match = phrase("title.responsible").match(text)
    return match["name"] if match else None


def names_of_organisation(
    cover: str | None,
    stated: Sequence[str],
    titles: Sequence[str],
    in_sentences: Sequence[str],
    unprinted: Sequence[str],
) -> tuple[tuple[str, ...], IdentitySource]:
    """The names of one organisation: that of the surest place, then others that are of the same one.

    Names of a superior body, of one that approved the budget, or of units are not. Where
    nothing but titles, text and file name tell, the name that most of them say is taken.
    """
    sources: list[tuple[IdentitySource, list[str]]] = [
        ("cover", [cover] if cover else []),
        ("table", list(stated)),
        (
            "table",
            [name for text in titles if is_table_title(text) and (name := organisation_in(text))],
        ),
        ("text", list(in_sentences)),
        ("file", [name for text in unprinted if (name := _name_in_unprinted(text))]),
    ]
    found = [(source, [name for raw in names if is_organisation(name := bare_name(raw))])
             for source, names in sources]  # fmt: skip
    for source, names in found:
        if names:
            first = names[0] if source in ("cover", "file") else _commonest(names)
            own = [name for _, others in found[:-1] for name in others if name_match(first, name)]
            return tuple(dict.fromkeys([first, *own])), source
    return (), "file"


def _name_in_unprinted(text: str) -> str | None:
    """The organisation that the title of a page or the name of a file names."""
    name = organisation_in(text) or bare_name(name_in(text) or text)
    return (
        name if ends_as_organisation(name) and is_organisation(name) and may_be_name(name) else None
    )


def _commonest(names: Sequence[str]) -> str:
    """The name that most are like; of several the first."""
    counts = Counter(names)
    kept = list(counts)[:_MOST_NAMES]
    alikes = {one: sum(counts[two] for two in kept if name_match(one, two)) for one in kept}
    return max(alikes, key=lambda name: alikes[name])


def names_in_sentences(passages: Iterable[Passage]) -> list[str]:
    """The names that sentences of the text begin with, as whose year or duties they speak of.

    What stands in a cited title (《…批复》) is another's.
    """
    found = []
    for passage in passages:
        for sentence in re.split(r"[。；;]", _CITED.sub("《》", passage.text)):
            text = with_digits(normal(sentence))
            match = phrase("title.about").match(text) or phrase("title.duties").match(text)
            if not match or is_letter(text[:_LONGEST_TITLE]):
                continue
            name = bare_name(match["name"])
            if ends_as_organisation(name) and may_be_name(name) and not name.endswith("关于"):
                found.append(name)
    return found


@cache
def _letters() -> re.Pattern[str]:
    return re.compile(expression(narrative_words()["identity"]["letters"]))


def is_letter(title: str) -> bool:
    """Whether a title is that of a letter of another body, such as one of approval."""
    return _letters().search(title) is not None


def is_table_title(title: str) -> bool:
    """Whether a title is that of a table."""
    return phrase("title.of_table").search(title) is not None


# The identity of a document


_COVER_PARAGRAPHS = 12
_HEADING_ROWS = 6
_SHORT_YEAR = re.compile(r"(?<!\d)(\d\d)(?=年)")
_YEAR_ALONE = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_PHASES = {_BUDGET: "approved", _ACCOUNTS: "executed", _ADJUSTED: "adjusted", _DRAFT: "proposed"}


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
    year_from: IdentitySource = "cover"
    name_from: IdentitySource = "cover"
    former: tuple[str, ...] = ()
    """Names that it says the organisation had before."""

    @property
    def name(self) -> str:
        """The name of the surest place."""
        return self.names[0]

    @property
    def all_names(self) -> tuple[str, ...]:
        """The names, then the short ones, each once."""
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
    texts = [with_digits(normal(paragraph.text)) for paragraph in document.paragraphs]
    titles = [text for text in (*texts, *_grid_titles(document)) if _is_title(text)]
    unprinted = [with_digits(normal(title)) for title in _unprinted_titles(document)]
    cover = _cover(document)
    in_headings = _years_in_headings(document)
    year, year_from = _year(cover, titles, in_headings, texts, unprinted)
    if year is None:
        raise YusuanError(
            f"{document.file}: no budget year (such as 2022年) found in titles, headings, text or "
            "file name; is this a budget disclosure? If so, put the year into the file name"
        )
    in_sentences = names_in_sentences(passages)
    stated = [name for text in texts if (name := responsible_organisation(text))]
    stated += [normal(name) for name in organisations]
    names, name_from = names_of_organisation(cover.name, stated, titles, in_sentences, unprinted)
    if not names:
        raise YusuanError(
            f"{document.file}: no department name found on the cover, above a table, in the text "
            "or in the file name; is this a budget disclosure? If so, put the department's name "
            "into the file name"
        )
    said = {kind for when, kind in in_headings if when == year}
    phase = (None, _ACCOUNTS) if said == {_ACCOUNTS} else (None, _BUDGET)
    kinds = (cover.kind, *map(_common_kind, (titles, texts, unprinted)))
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
        former=tuple(name for name in former_names(texts, names) if ends_as_organisation(name)),
    )


@dataclass(frozen=True, slots=True)
class StatedCover:
    """The year and phase that a document states, and whose it says it is."""

    period: tuple[int, str] | None
    organisation: str | None


def stated_cover(document: Document) -> StatedCover:
    """What the cover or the file name of a document states of year and phase; and the organisation
    that the cover names, else the file's name or the folder it is in."""
    cover = _cover(document)
    unprinted = [with_digits(normal(title)) for title in _unprinted_titles(document)]
    year = cover.year or next(filter(None, map(year_of, unprinted)), None)
    _, what = cover.kind or _common_kind(unprinted) or (None, None)
    period = (year, names_of("phases").get(what, _PHASES[what])) if year and what else None
    named = cover.name and period and ends_as_organisation(cover.name)
    path = PurePath(document.file).with_suffix("").parts
    in_path = (organisation_in(with_digits(normal(part))) for part in reversed(path))
    return StatedCover(period, cover.name if named else next(filter(None, in_path), None))


def _short_names(texts: Iterable[str], names: Sequence[str]) -> tuple[str, ...]:
    """The names introduced (以下简称) behind one of the organisation's own, or of its form."""
    own = {*names, *(division_of(name, doubtful=True)[1] for name in names)}
    return tuple(
        match["name"] for text in texts for match in phrase("title.short_name").finditer(text)
        if text[: match.start()].rstrip("(").endswith(tuple(own))
        or any(name_match(match["name"], name) for name in names)
    )  # fmt: skip


def _unprinted_titles(document: Document) -> list[str]:
    """Titles that are not printed: that of a web page, in its parts, and the file's name."""
    page = re.split(r"[_|—]+|\s+-+\s*|\s*-+\s+", document.title or "")
    file = re.split(r"_+|\s{2,}", _SHORT_YEAR.sub(r"20\1", PurePath(document.file).stem))
    return [part for part in (*page, *reversed(file)) if part]


def _is_title(text: str) -> bool:
    sentence = phrase("organisation.sentence").search(text) or _ADDRESS.search(text)
    return (
        len(text) <= _LONGEST_TITLE
        and not sentence
        and not phrase("caption.remark_row").match(text)
    )


def _cover(document: Document) -> _Cover:
    """Title, name, year and kind from the first lines, up to the table of contents.

    A title may be broken over lines; of the lines that make one up, those are taken that
    begin with the name of a place, or else all of them.
    """
    head: list[str] = []
    for block in document.blocks[:_COVER_PARAGRAPHS]:
        text = with_digits(normal(block.text)) if isinstance(block, Paragraph) else ""
        if _ADDRESS.search(text):
            continue
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
        whole = [item for item in named if is_organisation(item[0])]
        placed = [item for item in whole if division_of(item[0], doubtful=True)[0]]
        if placed or whole:
            name, title = (placed or whole)[0]
            title = re.sub(r"(公开)?(预算|决算)公开.*$", r"\2公开", title)[:80]
            break
    if title is None:  # a page of one table, whose title names organisation and year
        for line in head:
            if (found := organisation_in(line)) and (common_year([line]) and is_table_title(line)):
                title, name = line, found
                break
    if title is None:  # a cover may name a place only
        title = next((line for line in head if year_of(line) and kind_of(line)), None)
        if title:  # the organisation may have a line of its own
            name = next((line for line in head if _is_name(line)), None)
    if name is None and not (title and year_of(title)):  # a cover may leave the year to the tables
        for line in head:
            found = name_in(line) if kind_of(line) else None
            if (
                found
                and ends_as_organisation(found)
                and is_organisation(found)
                and may_be_name(found)
            ):
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
    return (
        ":" not in line
        and ends_as_organisation(line)
        and is_organisation(line)
        and may_be_name(line)
    )


def _grid_titles(document: Document) -> list[str]:
    """Texts that stand alone in one of the first rows of a grid: titles of sheets."""
    found = []
    for grid in document.grids:
        for row in grid.rows[:3]:
            texts = [cell.text for cell in row if cell.text]
            if len(texts) == 1:
                found.append(with_digits(normal(texts[0])))
    return found


def _years_in_headings(document: Document) -> list[tuple[int, str]]:
    """The years that headings of columns state (2020年预算数), each with 预算 or 决算."""
    found = []
    for grid in document.grids:
        for row in grid.rows[:_HEADING_ROWS]:
            for cell in row:
                if match := phrase("title.headed_year").match(with_digits(normal(cell.text))):
                    found.append(
                        (int(match["year"]), _BUDGET if match["what"] == _BUDGET else _ACCOUNTS)
                    )
    return found


def _year(
    cover: _Cover,
    titles: Sequence[str],
    in_headings: Sequence[tuple[int, str]],
    texts: Sequence[str],
    unprinted: Sequence[str],
) -> tuple[int | None, IdentitySource]:
    """The year: stated by the cover, by titles, by headings of columns (of several the last,
    as others are compared with), by what is not printed, or by the text; a number such as 2024
    alone in what is not printed may be a date of issue and comes last."""
    if cover.year:
        return cover.year, "cover"
    stated = Counter(year for title in titles if (year := year_of(title)))
    if stated:
        return max(stated, key=lambda year: (stated[year], year)), "table"
    short = [text for text in titles if phrase("title.with_year").search(text)]
    if year := common_year(short):
        return year, "table"
    if in_headings:
        return max(year for year, _ in in_headings), "table"
    for year in (year_of(text) or common_year([text]) for text in unprinted):
        if year:
            return year, "file"
    if year := common_year(texts):
        return year, "text"
    plain = [int(match[1]) for text in unprinted if (match := _YEAR_ALONE.search(text))]
    return next(iter(plain), None), "file"


def _common_kind(texts: Iterable[str]) -> tuple[str | None, str] | None:
    """What most titles call the document; one that says whose counts before one that does not."""
    kinds = [kind for text in texts if (kind := kind_of(text))]
    telling = [kind for kind in kinds if kind[0]] or kinds
    return Counter(telling).most_common(1)[0][0] if telling else None
