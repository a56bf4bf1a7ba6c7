"""Claims: what the narrative states as amount, share, change, rate or count, and about what."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from yusuan.model.money import UNITS, plain
from yusuan.model.records import Claim
from yusuan.model.text import clean, normal, without_numbering
from yusuan.narrative.passages import Passage, reading
from yusuan.narrative.quantities import Quantity, quantities
from yusuan.tables import Table

__all__ = ["find_claims", "stated", "subjects"]

_BASIS = re.compile(
    r"(?:比|较|同比|与)(?:上年|去年|20\d\d年|上一年)(?:度)?(?:预算|决算|执行数|同期)?(?:数)?(?:相比)?"
)
_UP = re.compile(r"(?:增加|增长|上升|提高|上涨|增幅|加)(?:了|约|为|达到?)?$")
_DOWN = re.compile(r"(?:减少|下降|降低|压减|下调|降幅|减)(?:了|约|为|达到?)?$")
_SHARE = re.compile(r"占(?:比|总额)?([^占]{0,30}?)的?(?:比例|比重)?(?:为|约)?$")
_YEAR = re.compile(r"(?:截至)?20\d\d年(?:底|末|初|度)?")
_LEADING = re.compile(r"^(?:其中:?|主要用于|主要包括|包括:?|本年度|当年|全年)")
_TRAILING = re.compile(
    r"(?:预算数|预算(?=合计|总计|安排)|经费(?=数$)|合计|总计|共计|安排|为|是|约|达到?|:)$"
)
_ASIDE = re.compile(r"^\(.*\)$")
_NO_SUBJECT = frozenset({"价值", "主要原因", "原因"})
_SEGMENT = re.compile(r"[，,。；;：:、\n]")
_FUNCTION = re.compile(r"\((?:类|款|项)\)")


@dataclass(frozen=True, slots=True)
class _Subject:
    id: str | None
    label: str | None


def subjects() -> list[dict[str, Any]]:
    """The subjects that ``schemas/narrative.yaml`` knows."""
    known: Any = reading()["subjects"]
    return list(known)


def find_claims(
    texts: Iterable[Passage],
    names: Sequence[str],
    tables: Sequence[Table],
    *,
    document: str,
    department: str,
    fiscal_year: int,
) -> Iterator[Claim]:
    """Every claim of the narrative, in reading order. The glossary claims nothing.

    ``names`` are the department's names, left out of subjects; ``tables`` tell which codes
    the functions named in the text have.
    """
    functions = _function_codes(tables)
    for index, passage in enumerate(texts):
        if passage.is_in("glossary") or passage.is_in("contents"):
            continue
        subject = _Subject(None, None)
        for count, quantity in enumerate(quantities(passage.text), start=1):
            measure, sign = _measure(quantity)
            own = _subject_label(quantity, measure, names)
            if own or (measure in ("amount", "count") and quantity.first_in_sentence):
                subject = _subject(own, passage, functions)
            position = passage.position_at(quantity.start)
            amount = quantity.amount
            yield Claim(
                claim="-".join(
                    map(str, filter(None, (document, position.page, position.line, count)))
                ),
                document=document,
                department=department,
                fiscal_year=fiscal_year,
                section=clean(passage.section or passage.part) or None,
                subject=subject.id,
                subject_label=subject.label,
                measure=measure,
                value=quantity.value * sign if quantity.value else quantity.value,
                unit=quantity.unit,
                amount=amount * sign if amount else amount,
                printed=clean(quantity.printed),
                page=position.page,
                line=position.line,
                decimals=quantity.decimals,
                group=f"{index}",
                whole=_whole(quantity) if measure == "share" else "",
            )


def _measure(quantity: Quantity) -> tuple[str, int]:
    """What kind of statement a quantity is, and its sign."""
    before = normal(quantity.before)
    if _DOWN.search(before):
        return ("rate" if quantity.unit == "%" else "change"), -1
    if _UP.search(before):
        return ("rate" if quantity.unit == "%" else "change"), 1
    if quantity.unit == "%":
        return ("share" if _SHARE.search(before) else "rate"), 1
    return ("amount" if quantity.unit in UNITS else "count"), 1


def _whole(quantity: Quantity) -> str:
    """What a share is said to be a share of: 占“三公”经费的24% is one of 三公经费."""
    match = _SHARE.search(normal(quantity.before))
    return match[1] if match else ""


def _subject_label(quantity: Quantity, measure: str, names: Sequence[str]) -> str:
    """The words that say what the number is about: the nearest clause that says anything."""
    for segment in reversed(_SEGMENT.split(quantity.before)):
        label = without_numbering(normal(segment))
        for name in sorted(names, key=len, reverse=True):
            label = label.replace(name, "")
        if measure in ("change", "rate"):
            label = _DOWN.sub("", _UP.sub("", label))
        if measure == "share":
            label = re.sub(r"占.*$", "", label)
        label = _bare(_BASIS.sub("", label))
        if re.search(r"[\u4e00-\u9fff]", label) and label not in _NO_SUBJECT:
            return label
        if measure in ("change", "rate", "share") and not quantity.first_in_sentence:
            return ""
    return ""


def _bare(label: str) -> str:
    """A label without year, lead-in and verb: "2022年收入预算为" is about 收入预算."""
    label = _YEAR.sub("", label)
    while True:
        shorter = _TRAILING.sub("", _LEADING.sub("", label)).strip("-—. ")
        shorter = re.sub(r"(?<=经费)数$", "", shorter).removeprefix(")").removesuffix("(")
        if _ASIDE.match(shorter):
            return ""
        if shorter == label:
            return label
        label = shorter


def _subject(label: str, passage: Passage, functions: dict[str, str]) -> _Subject:
    if not label:
        return _Subject(None, None)
    names = [part for part in _FUNCTION.split(label) if part]
    code = functions.get(f"{names[0]}/{names[-1]}") if names else None
    if code or _FUNCTION.search(label):
        return _Subject(f"function/{code}" if code else None, label)
    section = normal(f"{passage.part}{passage.section}")
    for spelling in (label, label.rsplit("的", 1)[-1]):
        for subject, pattern, known in _known():
            if spelling in known and (pattern is None or pattern.search(section)):
                return _Subject(subject, spelling)
    return _Subject(None, label)


@cache
def _known() -> tuple[tuple[str, re.Pattern[str] | None, frozenset[str]], ...]:
    return tuple(
        (
            subject["id"],
            re.compile(subject["section"]) if "section" in subject else None,
            frozenset(normal(name) for name in subject["names"]),
        )
        for subject in subjects()
    )


def _function_codes(tables: Sequence[Table]) -> dict[str, str]:
    """Codes of the functions printed in the tables, under "class name/own name"."""
    rows = [
        (row.code, normal(row.label))
        for table in tables
        for row in table.rows
        if row.code and row.label and not row.project
        and any(field.code_list == "expenditure-function" for field in table.resource.fields)
    ]  # fmt: skip
    classes = {code: name for code, name in rows if len(code) == 3}
    codes: dict[str, str] = {}
    for code, name in rows:
        if code[:3] in classes:
            codes.setdefault(f"{classes[code[:3]]}/{name}", code)
            codes.setdefault(f"{classes[code[:3]]}/{name.removesuffix('支出')}", code)
    return codes


def stated(claim: Claim) -> str:
    """A claim's number as it is written, without unit or sign."""
    return plain(abs(claim.value))
