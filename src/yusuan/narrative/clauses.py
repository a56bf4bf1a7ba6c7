"""How numbers are worded: what a clause measures, of which year and phase, and about what."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from yusuan.lexicon.phrases import expression, phrase
from yusuan.lexicon.units import UNITS
from yusuan.model.records import Measure
from yusuan.model.text import normal, without_numbering
from yusuan.narrative.passages import narrative_words
from yusuan.narrative.quantities import StatedQuantity

__all__ = [
    "Clause",
    "clause_of",
    "is_of_another_basis",
    "pattern",
    "phase_of",
    "whole_of",
    "year_alone",
    "year_of_label",
    "year_of_sentence",
]

_SEGMENT = re.compile(r"[，,。；;：:、\n]")
_CLAUSE = re.compile(r"[，,。；;：:\n]")
_COMMA = "\ufdd0"  # stands for the 、 inside a name, which ends no segment
_ASIDE = re.compile(r"^\([^()]*\)(?=.)")
_LOOK_BACK = 1_000
"""Characters before a number that can say what it is of; no sentence is longer."""
_IN_BRACKETS = re.compile(r"\([^()]*\)")
_CJK = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class Clause:
    """What the words before a number make of it. ``sign`` is None where they leave it open
    (增加（减少）); ``label`` is "" where the clause names nothing itself."""

    measure: Measure
    sign: int | None
    label: str
    printed_label: str


@cache
def pattern(name: str) -> re.Pattern[str]:
    """The compiled phrase of one entry of ``wording`` in ``schemas/narrative.yaml``."""
    return re.compile(expression(narrative_words()["wording"][name]))


def clause_of(quantity: StatedQuantity, names: Sequence[str]) -> Clause | None:
    """Read the words before a number; None where they tell of nothing that is claimed."""
    before = normal(quantity.before)
    measure, sign = _measure(quantity, before)
    if not measure:
        return None
    printed = _label(quantity, measure, names)
    label = _bare(printed)
    if markers := list(pattern("reason").finditer(label)):
        label = _bare(label[markers[-1].end() :].lstrip("是为一二三、"))
    added = pattern("prefixed_change").match(label)
    if measure == "amount" and added:
        measure, sign = "change", -1 if pattern("down").match(added[0]) else 1
        label = _bare(label[added.end() :])
    if not _CJK.search(label) or pattern("no_subject").fullmatch(label):
        label = ""
    return Clause(measure, sign, label, printed)


def _measure(quantity: StatedQuantity, before: str) -> tuple[Measure | None, int | None]:
    change: Measure = "rate" if quantity.unit == "%" else "change"
    if pattern("either").search(before):
        return change, None
    if quantity.unit != "%" and pattern("to_end").search(before):
        return ("amount" if quantity.unit in UNITS else "count"), 1
    if pattern("down_end").search(before):
        return change, -1
    if pattern("up_end").search(before):
        return change, 1
    if quantity.unit == "%":
        if pattern("completion").search(before):
            return "completion", 1
        return ("share", 1) if phrase("clause.share").search(before) else (None, 1)
    return ("amount" if quantity.unit in UNITS else "count"), 1


def whole_of(quantity: StatedQuantity) -> str:
    """What a share is said to be a share of: 占“三公”经费的24% is one of 三公经费."""
    match = phrase("clause.share").search(normal(quantity.before))
    return match["whole"] if match else ""


def _label(quantity: StatedQuantity, measure: Measure, names: Sequence[str]) -> str:
    """The words that say what the number is about: the nearest clause that says anything."""
    relative = measure in ("change", "rate", "share", "completion")
    text = phrase("clause.together").sub("收支", quantity.before)
    clause = _CLAUSE.split(text)[-1]
    if phrase("function.marked").search(clause):
        text = without_numbering(normal(clause)).replace("、", _COMMA)
    for segment in reversed(_SEGMENT.split(text)):
        label = without_numbering(normal(segment))
        for name in sorted(names, key=len, reverse=True):
            label = label.replace(name, "")
        if measure in ("change", "rate"):
            for word in ("either", "up_end", "down_end"):
                label = pattern(word).sub("", label)
        elif measure == "share":
            label = phrase("clause.behind_share").sub("", label)
        elif measure == "completion":
            label = pattern("completion").sub("", label)
        label = pattern("basis").sub("", label)
        if label.count("(") > label.count(")"):
            label = label.rpartition("(")[2]
        bare = _bare(label)
        if _CJK.search(bare) and not pattern("no_subject").fullmatch(bare):
            return label.replace(_COMMA, "、")
        if relative and not quantity.first_in_sentence:
            return ""
    return ""


def _bare(label: str) -> str:
    """A label without year, lead-in and verb: "2022年收入预算为" is about 收入预算."""
    label = phrase("clause.year").sub("", label)
    while True:
        shorter = pattern("trail").sub("", pattern("lead").sub("", label)).strip("-—. ")
        shorter = _ASIDE.sub("", shorter).removeprefix(")").removesuffix("(")
        if shorter == label or (shorter.startswith("(") and shorter.endswith(")")):
            return "" if shorter.startswith("(") and shorter.endswith(")") else label
        label = shorter


def year_of_label(label: str, year: int) -> tuple[int, bool] | None:
    """The year a label names, and whether as a day or year end on which something stood; 上年 is
    the one before ``year``. Days are none of what is carried over from them into the next year."""
    if pattern("year_before").search(label) or phrase("clause.from_last").search(label):
        return year - 1, phrase("clause.day_of_last").match(label) is not None
    if match := phrase("clause.from_year").search(label):  # 2024年收入预算由2023年的
        return int(match["year"]), False
    if match := phrase("clause.year_of_label").search(label):
        return int(match["year"]), False
    stood = _day_of(phrase("clause.day_of").search(label))
    return (stood, True) if stood and not pattern("carried_over").search(label) else None


def year_of_sentence(text: str, year: int, *, counted: bool = True) -> tuple[int, bool] | None:
    """The year that a sentence, up to where a number stands, is said of, and whether it is that of
    a day or year end on which something stood: the one that begins the nearest of its clauses that
    begins with one. 上年 is the one before ``year``. Days are none of what is carried over from
    them; behind a semicolon they are only of what is ``counted``.

    >>> year_of_sentence("2021年度某局，实有人数", 2022), year_of_sentence("比2021年增加，人数", 2022)
    ((2021, False), None)
    >>> year_of_sentence("截至2021年12月31日，共有车辆", 2022), year_of_sentence("上年末，车辆", 2022)
    ((2021, True), (2021, True))
    """
    sentence = re.split(r"[。\n]", text)[-1]
    carried = pattern("carried_over").search(normal(sentence)) is not None
    clauses = [without_numbering(normal(clause)) for clause in _SEGMENT.split(sentence)]
    near = len(clauses if counted else _SEGMENT.split(re.split("[；;]", sentence)[-1]))
    for index, clause in enumerate(reversed(clauses)):
        stood = _day_of(phrase("clause.day_of").match(clause))
        if not stood and (match := phrase("clause.year_first").match(clause)):
            return int(match["year"]), False
        if carried or index >= near:
            continue
        if stood:
            return stood, True
        if phrase("clause.day_of_last").match(clause):
            return year - 1, True
        alone = phrase("clause.day_alone").match(clause) if index < 2 else None
        if alone and not phrase("clause.event").search("".join(clauses[-1 - index :])):
            return int(alone["year"]), True
    return None


def is_of_another_basis(text: str) -> bool:
    """Whether a sentence, up to where a number stands, is said of a part of a year, or on a basis
    that is made comparable: such a number is in no table.

    >>> is_of_another_basis("2024年上半年，支出总计"), is_of_another_basis("1—6月完成。全年支出总计")
    (True, False)
    """
    sentence = _IN_BRACKETS.sub("", normal(re.split(r"[。\n]", text[-_LOOK_BACK:])[-1]))
    if phrase("clause.other_basis").search(sentence):
        return True
    clauses = [without_numbering(clause) for clause in _SEGMENT.split(sentence)]
    for clause in reversed(clauses):
        part = phrase("clause.part_of_year").match(clause)
        if part and not phrase("clause.event").search(clause):
            return True
        if phrase("clause.whole_year").match(clause):
            return False
    return False


def _day_of(match: re.Match[str] | None) -> int | None:
    """The year of a day or year end as of which something stands."""
    return int(match["year"] or match["year_end"]) if match else None


def year_alone(before: str, year: int) -> tuple[int, str] | None:
    """The year that stands alone before a number, and what of it: 比2023年决算数 is (2023, 决算数).
    ``before`` is in half width without blanks; ``year`` is the document's."""
    match = pattern("of_year").search(before)
    if match is None:
        return None
    named = match["year"]
    return (int(named[:4]) if named[0] == "2" else year - 1), match["what"]


def phase_of(label: str, phase: str) -> str | None:
    """The budget phase a label names, in a document of a phase; None where it names none."""
    plain = pattern("budget_names").sub("", label)
    if pattern("executed").search(plain):
        return "executed"
    if pattern("adjusted").search(plain):
        return "adjusted"
    if pattern("initial").search(plain):
        return "proposed" if phase == "proposed" else "approved"
    if pattern("budget").search(plain):
        return "approved" if phase == "executed" else phase
    return None
