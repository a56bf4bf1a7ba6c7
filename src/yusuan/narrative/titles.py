"""What a title states: year, kind of document, name of the body; and dates of issue."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date

__all__ = ["common_year", "date_of_issue", "digits", "kind_of", "name_in", "tidy", "year_of"]

_NUMERALS = str.maketrans("〇○零oO一二三四五六七八九", "00000123456789")
_CHINESE_YEAR = re.compile(r"(?:二[〇○零oO0][〇○零oO一二三四五六七八九0]{2})(?=年)")
_CHINESE_DAY = re.compile(r"(?<=[年月])([一二三四五六七八九十]{1,3})(?=[月日])")

_SCOPE = r"(?:[省市区县州旗镇乡]级|本级)?(?:部门|单位)?(?:综合)?(?:财政)?(?:收支)?"
_YEAR = r"(?<!\d)(20\d\d)(?!\d)"
_BUDGET_YEAR = re.compile(rf"{_YEAR}\)?年?度?\)?{_SCOPE}(?:预|决)算")
_YEAR_BEHIND = re.compile(
    rf"(?:预|决)算(?:信息)?(?:公开)?(?:情况)?(?:说明|报告|表)?\(?{_YEAR}年?度?\)?$"
)
_SPOKEN_YEAR = re.compile(rf"{_YEAR}年度?[\u4e00-\u9fff“”]{{0,14}}?(?:预|决)算(?!执行|数?执行)")
_ANY_YEAR = re.compile(rf"{_YEAR}年(?!\d{{1,2}}月|[一二三四五六七八九十]{{1,2}}月)")
_BASIS = re.compile(r"(?:比|较|同|与|对比|相比)(?:上年|20\d\d年)[^,。;]{0,8}")
_KIND = re.compile(
    r"(部门|单位)?(?:综合)?(?:财政)?(?:收支)?(预算(?:草案|调整)|调整预算|预算|决算)"
    r"(?!绩效|管理|评审|编审|科|处|股|局|编制|单位|部门)"
)
_NAME_BEFORE = re.compile(rf"^(?:关于)?([^\d:,，。;]{{2,50}}?)\(?{_YEAR}(?!年\d{{1,2}}月)")
_NAME_AFTER = re.compile(
    rf"^(?:关于)?{_YEAR}年?度?([^\d:,，。;]{{3,40}}?)(?:部门|单位)(?:综合)?(?:预|决)算"
)
_NAME_ALONE = re.compile(r"^(?:关于)?([^\d:,，。;]{4,40}?)(?:部门|单位)(?:预|决)算")
_NO_BODY = re.compile(
    r"^(?:[省市区县州旗镇乡]级|本级|关于|财政|年度|年|各|区|市|县|省)?(?:部门|单位)?$"
)
_LINE_DATE = re.compile(r"^(20\d\d)年(\d{1,2})月(\d{1,2})日$")
_ISSUED = re.compile(
    r"(?:发布|公开|公示|印发|发文|成文|信息)(?:日期|时间):?(20\d\d)[-年/.](\d{1,2})[-月/.](\d{1,2})"
)


def digits(text: str) -> str:
    """Years and dates in Chinese numerals as digits.

    >>> digits("二〇二二年度"), digits("二○二四年二月十八日")
    ('2022年度', '2024年2月18日')
    """
    text = _CHINESE_YEAR.sub(lambda match: match[0].translate(_NUMERALS), text)
    return _CHINESE_DAY.sub(lambda match: str(_small(match[1])), text)


def _small(numeral: str) -> int:
    """A numeral below one hundred: 二十八 is 28."""
    tens, ten, ones = numeral.rpartition("十")
    one = "一二三四五六七八九".find(ones) + 1 if ones else 0
    return (("一二三四五六七八九".find(tens) + 1 if tens else 1) * 10 if ten else 0) + one


def year_of(title: str) -> int | None:
    """The year of the budget or accounts that a title names; dates are none.

    >>> year_of("某局2024年度部门决算公开"), year_of("2025年2月10日")
    (2024, None)
    """
    plain = _BASIS.sub("", title)
    match = _BUDGET_YEAR.search(plain) or _YEAR_BEHIND.search(plain) or _NAME_AFTER.match(plain)
    return int(match[1]) if match else None


def common_year(texts: Iterable[str]) -> int | None:
    """The year that texts speak of most, what they compare with left out."""
    budget: Counter[str] = Counter()
    other: Counter[str] = Counter()
    for text in texts:
        plain = _BASIS.sub("", text)
        budget.update(match[1] for match in _SPOKEN_YEAR.finditer(plain))
        other.update(match[1] for match in _ANY_YEAR.finditer(plain))
    counts = budget or other
    return int(max(counts, key=lambda year: (counts[year], year))) if counts else None


def kind_of(text: str) -> tuple[str | None, str] | None:
    """Whose (部门 or 单位) and what (预算, 决算, 预算调整, 预算草案) a title says it is.

    >>> kind_of("预算评审中心2024年单位预算"), kind_of("财政局2023年度部门决算公开")
    (('单位', '预算'), ('部门', '决算'))
    """
    found = [(match[1], match[2].replace("调整预算", "预算调整")) for match in _KIND.finditer(text)]
    return next((item for item in found if item[0]), found[0] if found else None)


def name_in(title: str) -> str | None:
    """The body that a title names, before the year or after it."""
    for pattern, group in ((_NAME_BEFORE, 1), (_NAME_AFTER, 2), (_NAME_ALONE, 1)):
        match = pattern.match(title)
        name = tidy(match[group]) if match else ""
        if name and not _NO_BODY.match(name):
            return name
    return None


def tidy(name: str) -> str:
    """A department's name without what surrounds it in titles."""
    name = re.sub(r"(?:部门|单位)(?:综合)?(?:预|决)算.*$", "", name)
    name = re.sub(r"^(?:附件?\d*:?|第.{1,3}部分|关于|纳入|公开\d+表|表\d+|\d+)", "", name)
    shorter = ""
    while shorter != name:
        shorter, name = name, re.sub(r"(?:的|部门|单位|公开|本级|\(本级\)|关于)$", "", name)
        name = name.strip("()·.-—_ ")
    return name


def date_of_issue(texts: list[str]) -> date | None:
    """The date stated as that of issue, or else the last one printed alone on a line."""
    stated = [match for text in texts if (match := _ISSUED.search(text))]
    alone = [match for text in reversed(texts) if (match := _LINE_DATE.match(text))]
    for match in (*stated, *alone):
        try:
            return date(int(match[1]), int(match[2]), int(match[3]))
        except ValueError:
            continue
    return None
