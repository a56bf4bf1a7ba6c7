"""The other sections of a disclosure: internal units, holdings, glossary."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from yusuan.lexicon.phrases import phrase
from yusuan.model.keys import with_own_keys, with_unique_keys
from yusuan.model.records import GlossaryEntry, Holding, Unit
from yusuan.model.text import clean, normal, without_numbering
from yusuan.narrative.passages import Passage, narrative_words
from yusuan.narrative.quantities import StatedQuantity, quantities
from yusuan.schema.slugs import slug

__all__ = ["find_glossary", "find_holdings", "find_units"]

_NUMBER = r"(?:[一二三四五六七八九十]+、|\d+[.、．]|[（(][一二三四五六七八九十\d]+[）)])\s*"
_TERM = re.compile(
    rf"^{_NUMBER}(?P<term>[^：:。]{{2,40}}?)\s*(?:[：:]\s*|(?=(?:是|系)?指))(?P<definition>.+)$",
    re.DOTALL,
)
_TERM_ALONE = re.compile(rf"^{_NUMBER}[^：:。，,；;]{{2,30}}$")


def find_units(texts: Iterable[Passage], *, document: str, department: str) -> list[Unit]:
    """The internal units a disclosure describes, each with the text of its duties."""
    units: list[Unit] = []
    for passage in texts:
        if not passage.is_in("organisation"):
            continue
        match = phrase("section.unit").match(clean(passage.text))
        if match:
            also = phrase("section.also").split(match["also"] or "")
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
        planned = bool(phrase("passage.planned").search(passage.text))
        stated = list(quantities(passage.text))
        index = 0
        while index < len(stated):
            quantity = stated[index]
            value: StatedQuantity | None = None
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


def _is_value(quantity: StatedQuantity) -> bool:
    before = normal(quantity.before)
    return quantity.is_money and bool(phrase("passage.value").search(before)) and len(before) < 24


def _label(quantity: StatedQuantity) -> str:
    segment = re.split(r"[，,；;。:：]", quantity.before)[-1]
    label = without_numbering(normal(segment))
    label = phrase("section.before_holding").sub("", label)
    return phrase("passage.value").sub("", label).strip("为共计 ")


def _kind(label: str) -> str | None:
    kinds: Any = narrative_words()["holding_kinds"]
    plain = phrase("section.included").sub("", label)
    return next(
        (row["kind"] for row in kinds if any(normal(word) in plain for word in row["contains"])),
        None,
    )


def find_glossary(texts: Iterable[Passage], *, document: str) -> list[GlossaryEntry]:
    """The terms a disclosure explains."""
    entries = [
        GlossaryEntry(
            entry=f"{document}-{slug(normal(term))}",
            document=document,
            term=clean(term),
            definition=clean(definition),
            page=passage.position.page,
            line=passage.position.line,
        )
        for term, definition, passage in _terms(texts)
    ]
    return with_own_keys(entries, "entry", lambda entry: entry.definition)


def _terms(texts: Iterable[Passage]) -> Iterator[tuple[str, str, Passage]]:
    """Term, definition and place: "一、甲：指…", "1.甲是指…", "甲：指…", or a heading above."""
    inside = numbered = False
    pending: Passage | None = None
    for passage in texts:
        text, printed = normal(passage.text), clean(passage.text)
        title = "名词解释" in text and (passage.heading or text.endswith(("解释", "解释:")))
        if title or phrase("section.term_begins").match(text):
            inside, numbered = title, bool(phrase("passage.numbered_part").match(text))
        elif numbered and phrase("passage.numbered_part").match(text):
            inside = False
        elif match := _TERM.match(printed) if inside else None:
            yield match["term"], match["definition"], passage
        elif inside and pending and phrase("section.explains").match(text):
            yield re.sub(rf"^{_NUMBER}", "", clean(pending.text)), printed, pending
        elif match := phrase("section.plain_term").match(printed) if inside else None:
            if not match["term"].startswith("其中"):
                yield match["term"], match["definition"], passage
        elif inside and passage.heading and not re.match(_NUMBER, printed):
            inside = False
        pending = passage if _TERM_ALONE.match(printed) else None
