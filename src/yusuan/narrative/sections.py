"""The other sections of a disclosure: internal units, holdings, glossary."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from yusuan.model.records import GlossaryEntry, Holding, Unit, with_unique_keys
from yusuan.model.text import clean, normal, slug, without_numbering
from yusuan.narrative.passages import Passage, reading
from yusuan.narrative.quantities import Quantity, quantities

__all__ = ["find_glossary", "find_holdings", "find_units"]

_UNIT = re.compile(
    r"^[（(][一二三四五六七八九十]+[）)]\s*(?P<name>[^（(：:]{2,30})(?:[（(](?P<also>.+)[）)])?$"
)
_TERM = re.compile(r"^(?:[一二三四五六七八九十]+、|\d+[.、]|[（(][一二三四五六七八九十\d]+[）)])\s*(?P<term>[^：:。]{2,40})[：:]\s*(?P<definition>.+)$", re.DOTALL)  # fmt: skip
_VALUE = re.compile(r"价值$")
_PLANNED = re.compile(r"(?:预算)?安排购置")


def find_units(texts: Iterable[Passage], *, document: str, department: str) -> list[Unit]:
    """The internal units a disclosure describes, each with the text of its duties."""
    units: list[Unit] = []
    for passage in texts:
        if not passage.is_in("organisation"):
            continue
        match = _UNIT.match(clean(passage.text))
        if match:
            also = re.split(r"[、，,]|挂(?=\S)", match["also"] or "")
            name = match["name"].strip()
            units.append(Unit(
                unit=f"{document}-{slug(name)}", document=document, department=department,
                name=name, also=tuple(filter(None, also)), duties=None,
                page=passage.position.page, line=passage.position.line,
            ))  # fmt: skip
        elif units and not passage.heading:
            last = units[-1]
            duties = "\n".join(filter(None, (last.duties, clean(passage.text))))
            units[-1] = replace(last, duties=duties)
    return with_unique_keys(units, "unit")


def find_holdings(texts: Iterable[Passage], *, document: str, department: str) -> list[Holding]:
    """What the department holds and plans to buy: label, quantity, value."""
    holdings: list[Holding] = []
    for passage in texts:
        if not passage.is_in("holdings"):
            continue
        planned = bool(_PLANNED.search(passage.text))
        stated = list(quantities(passage.text))
        index = 0
        while index < len(stated):
            quantity = stated[index]
            value: Quantity | None = None
            if quantity.is_money:
                quantity, value = quantity, quantity
            elif index + 1 < len(stated) and _is_value(stated[index + 1]):
                value = stated[index + 1]
                index += 1
            label = _label(quantity)
            index += 1
            if not label:
                continue
            position = passage.position_at(quantity.start)
            counted = None if quantity.is_money else quantity
            end = (value or quantity).end
            start = quantity.start - len(quantity.before)
            holdings.append(Holding(
                holding=f"{document}-{slug(('计划' if planned else '') + label)}",
                document=document, department=department, kind=_kind(label), label=label,
                planned=planned,
                quantity=counted.value if counted else None,
                quantity_unit=counted.unit if counted else None,
                amount=value.amount if value else None,
                printed=clean(passage.text[start:end].lstrip("，,；;。")),
                page=position.page, line=position.line,
            ))  # fmt: skip
    return with_unique_keys(holdings, "holding")


def _is_value(quantity: Quantity) -> bool:
    before = normal(quantity.before)
    return quantity.is_money and bool(_VALUE.search(before)) and len(before) < 24


def _label(quantity: Quantity) -> str:
    segment = re.split(r"[，,；;。:：]", quantity.before)[-1]
    label = without_numbering(normal(segment))
    label = re.sub(r"^.*?(?:预算)?安排购置", "", label)
    return _VALUE.sub("", label).strip("为共计 ")


def _kind(label: str) -> str | None:
    kinds: Any = reading()["holding_kinds"]
    return next(
        (row["kind"] for row in kinds if any(normal(word) in label for word in row["contains"])),
        None,
    )


def find_glossary(texts: Iterable[Passage], *, document: str) -> Iterator[GlossaryEntry]:
    """The terms a disclosure explains."""
    for number, (match, passage) in enumerate(_terms(texts), start=1):
        yield GlossaryEntry(
            entry=f"{document}-{number}-{slug(normal(match['term']))}",
            document=document,
            term=clean(match["term"]),
            definition=clean(match["definition"]),
            page=passage.position.page,
            line=passage.position.line,
        )


def _terms(texts: Iterable[Passage]) -> Iterator[tuple[re.Match[str], Passage]]:
    inside = False
    for passage in texts:
        text = normal(passage.text)
        if re.match(r"第.{1,3}部分", text) or text.endswith(("名词解释", "名词解释:")):
            inside = "名词解释" in text
        elif inside and (match := _TERM.match(clean(passage.text))):
            yield match, passage
