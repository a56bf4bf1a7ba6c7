"""Labels that go on in the next printed row: 社会保障和 / 就业支出.

OCR prints a wrapped label so, and so does a page break that cuts a row. The second row is no row
of the table: it has neither code nor amounts of its own, unless they stand beside it instead of
beside the first.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from yusuan.codes import code_list
from yusuan.codes.names import folded
from yusuan.model.text import normal, without_numbering
from yusuan.schema.vocabulary import concept_named
from yusuan.tables.leads import Lead
from yusuan.tables.nesting import level_of

__all__ = ["Entry", "whole_rows"]

Entry = tuple[Lead, bool]
"""What stands before the amounts of a row, and whether it has amounts."""

_MOST = 3
"""A label goes on in at most so many rows."""
_LISTS = (
    "expenditure-function", "expenditure-economic-department", "expenditure-economic-government",
    "revenue",
)  # fmt: skip
_CONCEPTS = ("items", "fund-sources", "expenditure-types")
_GOES_ON = re.compile(r"[和与及或、,，(（—-]$")
_GONE_ON = re.compile(r"^[和与及或、,，)）]")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_DEPARTMENT = re.compile(r"\([^()]*\)$")
"""What lists add to some names in some years: 行政运行(人大)."""
_OWN_START = re.compile(r"^(?:其中|[加减]:)|[小合总]计$")


def whole_rows(entries: Sequence[Entry]) -> list[tuple[int, int, Lead]]:
    """The rows of a block: the printed row that a row begins with, the one that holds its
    amounts, and its lead with the whole label.

    Two labels are one where a code list, of the code if there is one, has the name that both
    make, or where the first plainly breaks off: in a bracket, at 和, before a single character.
    """
    rows: list[tuple[int, int, Lead]] = []
    index = 0
    while index < len(entries):
        count, holder, lead = _whole(entries[index : index + _MOST + 1])
        rows.append((index, index + holder, lead))
        index += count
    return rows


def _whole(entries: Sequence[Entry]) -> tuple[int, int, Lead]:
    """How many printed rows the first row takes up, which has its amounts, and its lead."""
    lead, filled = entries[0]
    best = (1, 0, lead)
    if not _text(lead) or lead.is_total:
        return best
    holder = 0
    for count, (rest, amounts) in enumerate(entries[1:], start=1):
        if not _may_go_on(lead, filled, rest, amounts):
            break
        holder = count if amounts else holder
        before, code = lead, lead.code or rest.code
        filled = filled or amounts
        lead = _with_rest(lead, rest, code)
        whole = _text(lead)
        known = _is_name(code, _text(before))
        if known and code is None:
            break
        if _is_name(code, whole) or (
            not (known or amounts or rest.code) and _breaks_off(_text(before), _text(rest))
        ):
            best = (count + 1, holder, lead)
    return best


def _text(lead: Lead) -> str:
    return normal(lead.label or lead.project or "")


def _may_go_on(lead: Lead, filled: bool, rest: Lead, amounts: bool) -> bool:
    """Whether what a row lacks may stand in the next one, and nothing stands in both."""
    text = _text(rest)
    return (
        bool(_CHINESE.search(text))
        and not rest.is_total
        and not (amounts and filled)
        and not (rest.code and (lead.code or filled))
        and rest.body in (None, lead.body)
        and bool(lead.label) == bool(rest.label)
        and bool(lead.project) == bool(rest.project)
        and not level_of(text)
        and not _OWN_START.search(text)
    )


def _with_rest(lead: Lead, rest: Lead, code: str | None) -> Lead:
    if lead.label:
        return replace(lead, code=code, label=lead.label + (rest.label or ""))
    return replace(lead, code=code, project=(lead.project or "") + (rest.project or ""))


def _is_name(code: str | None, text: str) -> bool:
    """Whether a list has the text as the name of a code; without one, of any code or concept."""
    name = folded(without_numbering(text))
    if code is None:
        return any(concept_named(known, name) for known in _CONCEPTS) or any(
            folded(match.entry.name) == name
            for match in code_list("expenditure-function").named(name, 0)
        )
    return any(
        name in (folded(entry.name), _DEPARTMENT.sub("", folded(entry.name)))
        for known in _LISTS
        for entry in code_list(known).by_code.get(code, ())
    )


def _breaks_off(text: str, rest: str) -> bool:
    """Whether a label is plainly not whole, whatever it says."""
    if _GOES_ON.search(text) or _GONE_ON.search(rest):
        return True
    opened = text.count("(") > text.count(")")
    return (opened and ")" in rest) or len(rest) == 1
