"""Numbers with a unit in running text, each with the words that lead up to it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import takewhile

from yusuan.lexicon.numbers import Lexeme, fold, numbers_in, unread_in
from yusuan.lexicon.phrases import phrase, words_of
from yusuan.lexicon.units import UNITS
from yusuan.model.money import Money, PrintedNumber
from yusuan.model.text import normal

__all__ = ["StatedQuantity", "quantities", "unread_sentences"]

_RESPECTIVELY, *_IN_TURN = words_of("respectively")
(_YUAN,) = words_of("yuan")

_NAMES = {factor: name for name, factor in UNITS.items()}
_LOOK_BACK = 1_000
"""Characters before a number that can say what it is about; no sentence is longer."""
_LOOK_AHEAD = 1_000
"""Characters behind a number that its clause may have; none is longer."""
_AROUND = 40
"""Characters before a number by which its sentence is found again, or it is none ("2-3次")."""
_SENTENCE_ENDS = "。；;\n"
_SENTENCE_END = re.compile(f"[{_SENTENCE_ENDS}]")
_FULL_STOPS = "。\n"
_CODE = re.compile(r"[（(]$")
_VERB = 14
"""Characters between 分别 and its first number: 比上年预算数增加了."""
_CLAUSE_START = re.compile(r"[，,。；;：:\n]|[（(](?![^（(]*[）)])")
_CLAUSE_END = re.compile(r"[，,。；;：:\n]|\d")


@dataclass(frozen=True, slots=True)
class StatedQuantity:
    """A stated number. ``decimals`` is below zero where it is stated as rounded to tens, hundreds
    ("约500万元"). ``before`` runs from the number before it, or the sentence's start;
    ``after`` to the end of its clause."""

    value: Decimal
    decimals: int
    unit: str
    printed: str
    before: str
    after: str
    start: int
    end: int
    first_in_sentence: bool

    @property
    def is_money(self) -> bool:
        """Whether its unit is one of money."""
        return self.unit in UNITS

    @property
    def amount(self) -> Decimal | None:
        """In yuan, for money."""
        return self.value * UNITS[self.unit] if self.is_money else None

    @property
    def money(self) -> Money | None:
        """The amount with its precision, for money."""
        number = PrintedNumber(
            phrase("number.words_behind").sub("", self.printed), self.value, self.decimals
        )
        return Money(number, UNITS[self.unit]) if self.is_money else None


def quantities(text: str) -> Iterator[StatedQuantity]:
    """All quantities of a text. A threshold ("50万元以上", "不超过5万元"), what is near a number
    ("近500万元", "500余万元"), a range ("2-3次") and the number of a code ("（01项）") state no
    number and are no quantities, and a number alone in brackets
    says again what is said before them ("1200万元（壹仟贰佰万元整）")."""
    text = _one_word(text)
    return iter(_respectively(text, list(_stated(text)))[0])


def _one_word(text: str) -> str:
    """The text with one word for 分别 and others of its length and meaning."""
    for word in _IN_TURN:
        text = text.replace(word, _RESPECTIVELY)
    return text


def _stated(text: str) -> Iterator[StatedQuantity]:
    """The quantities as they stand; those of lists after 分别 are not yet given to their names."""
    folded = fold(text)
    last_end = 0
    found = [(lexeme, *_measured(folded, lexeme)) for lexeme in numbers_in(text)]
    for at, (lexeme, unit, end) in enumerate(found):
        ahead = folded[max(0, lexeme.start - _AROUND) : lexeme.start + (lexeme.number.value < 0)]
        if (
            not unit
            or phrase("number.bound").match(folded, end)
            or phrase("number.range").search(ahead)
        ):
            continue
        if phrase("number.bounded").search(ahead.rstrip()):
            continue
        further = found[at + 1] if at + 1 < len(found) else None
        on = phrase("number.range_goes_on").match(folded, end)
        if on and further and end <= further[0].start <= on.end() and further[1] == unit:
            continue
        if _CODE.search(ahead) and folded[end : end + 1] == ")":
            continue
        before = text[max(last_end, lexeme.start - _LOOK_BACK) : lexeme.start]
        breaks = list(_SENTENCE_END.finditer(before))
        first = bool(breaks) or last_end == 0
        if breaks:
            before = before[breaks[-1].end() :]
        if "，" in text[lexeme.start : lexeme.end] and _RESPECTIVELY in before:
            continue  # 分别为100，200万元 lists two numbers or prints one
        number = lexeme.number
        decimals = number.decimals
        if (
            not decimals and unit != "%" and phrase("number.roughly").search(ahead.rstrip())
        ):  # 约500万元 may be 498.7
            digits = f"{number.value:f}"
            decimals = -(len(digits) - len(digits.rstrip("0")))
        yield StatedQuantity(
            number.value, decimals, unit, text[lexeme.start : end], before,
            _after(text, end), lexeme.start, end, first,
        )  # fmt: skip
        last_end = end


def _respectively(
    text: str, found: list[StatedQuantity]
) -> tuple[list[StatedQuantity], list[tuple[int, int]]]:
    """The quantities, those of a list after 分别 each with its own name before it ("甲费和乙费分别为
    2万元、3万元"), and where lists are whose names are not certain: they are left out.

    The names stand before 分别, or before as many numbers of the same sentence.
    """
    kept: list[StatedQuantity] = []
    lost: list[tuple[int, int]] = []
    at = 0
    while at < len(found):
        first = found[at]
        names, parted, verb = first.before.rpartition(_RESPECTIVELY)
        if not parted or len(verb) > _VERB:
            kept.append(first)
            at += 1
            continue
        own = [first]
        while at + len(own) < len(found):
            further = found[at + len(own)]
            if not phrase("number.list_sign").fullmatch(normal(text[own[-1].end : further.start])):
                break
            own.append(further)
        at += len(own)
        named = _names_of(names, len(own)) or _names_before(text, kept, first, len(own))
        if named is None:
            lost.append((first.start, own[-1].end))
            continue
        for index, (quantity, name) in enumerate(zip(own, named, strict=True)):
            begins = first.first_in_sentence if index == 0 else False
            before = f"，{name}{verb}"
            kept.append(replace(quantity, before=before, first_in_sentence=begins))
    return kept, lost


def _names_of(text: str, count: int) -> list[str] | None:
    """So many names, as a list of them ends a text; None where that is not certain."""
    words = _CLAUSE_START.split(text)[-1]
    parts = [part for part in words.split("、") if part.strip()]
    if count < 2 or any(map(_two_names, parts[:-1])):
        return None
    last = _two_names(parts[-1]) if parts else []
    if len(parts) == count and not last:
        return parts
    return [*parts[:-1], *last[0]] if len(parts) == count - 1 and len(last) == 1 else None


def _two_names(text: str) -> list[tuple[str, str]]:
    """The ways to part a text at 和, 及 or 与 into two names."""
    cuts = [
        (text[: m.start()], text[m.end() :]) for m in phrase("number.conjunction").finditer(text)
    ]
    return [cut for cut in cuts if all(phrase("number.named").search(name) for name in cut)]


def _names_before(
    text: str, stated: list[StatedQuantity], first: StatedQuantity, count: int
) -> list[str] | None:
    """The names of the last numbers of the sentence, where there are just so many."""
    begin = max(text.rfind(sign, 0, first.start) for sign in _SENTENCE_ENDS) + 1
    own = list(takewhile(lambda quantity: quantity.start >= begin, reversed(stated)))[::-1]
    names = [_CLAUSE_START.split(quantity.before)[-1].strip("、和及与") for quantity in own]
    if (
        len(own) != count
        or count < 2
        or not all(phrase("number.named").search(name) for name in names)
    ):
        return None
    return names


def unread_sentences(text: str) -> Iterator[tuple[int, str, int]]:
    """The sentences that state an amount or a share which cannot be read for certain: where the
    first one begins, the words around it, and how many there are."""
    text, start, stop, of_money = _one_word(text), 0, -1, False
    for match in [*_SENTENCE_END.finditer(text), None]:
        end = match.start() if match else len(text)
        sentence = text[start:end]
        lists = (
            _respectively(sentence, list(_stated(sentence)))[1] if _RESPECTIVELY in sentence else []
        )
        if start > stop:
            stop = min((at for sign in _FULL_STOPS if (at := text.find(sign, start)) >= 0),
                       default=len(text))  # fmt: skip
            of_money = _YUAN in fold(text[start:stop])
        bare = _unitless(sentence) if of_money and not lists else ()
        found = [*unread_in(sentence), *_listed(sentence), *lists, *bare]
        if found:
            first, last = min(found)
            words = sentence[max(0, first - _AROUND) : last + _AROUND // 2]
            yield start + first, words.strip(), len(found)
        start = match.end() if match else end


def _unitless(sentence: str) -> Iterator[tuple[int, int]]:
    """Amounts by their digits that have no unit, in a part of a sentence that speaks of money:
    基本支出1806.36；项目支出1611.50（单位：万元）."""
    yield from (match.span() for match in phrase("number.unitless").finditer(fold(sentence)))


def _listed(sentence: str) -> Iterator[tuple[int, int]]:
    """Numbers parted by a wide comma that may be two of a list: 分别为100，200万元."""
    names, parted, numbers = sentence.partition(_RESPECTIVELY)
    for lexeme in numbers_in(sentence) if parted and "，" in numbers else ():
        behind = lexeme.start >= len(names) + len(_RESPECTIVELY)
        if behind and "，" in sentence[lexeme.start : lexeme.end] and lexeme.number.unit:
            yield lexeme.start, lexeme.end


def _measured(folded: str, lexeme: Lexeme) -> tuple[str, int]:
    """The unit of a number in running text, blank where it has none, and where it ends."""
    if lexeme.number.unit:
        return _NAMES[lexeme.number.unit], lexeme.end
    match = phrase("number.counted").match(folded, lexeme.end)
    if match is None:
        return "", lexeme.end
    return {"台(套)": "台（套）"}.get(match["unit"], match["unit"]), match.end()


def _after(text: str, start: int) -> str:
    last = start + _LOOK_AHEAD
    end = _CLAUSE_END.search(text, start, last)
    return text[start : end.start() if end else last]
