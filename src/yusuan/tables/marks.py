"""What a heading path states besides its concept: year, phase, unit, and that it is a rate."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from yusuan.model.money import find_unit
from yusuan.model.text import normal, without_numbering
from yusuan.schema import Catalogue, catalogue
from yusuan.schema.vocabulary import phase_named
from yusuan.schema.wording import wording

__all__ = ["Marks", "is_counted", "read_marks"]

_UNIT = re.compile(r"[(\[](?:单位:?)?(?:人民币)?(?:亿元|百万元|万元|千元|百元|元)[)\]]")
_COUNTED = re.compile(r"[(\[](?:单位:)?([^()\[\]]{1,5})[)\]]$")
_YEAR = re.compile(r"^(20\d\d)年?度?(?!\d)")
_COMPARED = re.compile(
    r"^[比较与](?:20\d\d年度?|上年度?)(?:预算|决算|执行)*数?(?:相比)?(?=增减|[增减])"
)
_FOOTNOTE = re.compile(r"[*★☆]+|:$")


@dataclass(frozen=True, slots=True)
class Marks:
    """What a path states, and the headings that are left, in normal form.

    ``year`` is printed in full, ``back`` counts the years before the budget year. ``without``
    are the headings without the one that names the phase, which alone may name the column.
    ``kind`` is amount, rate, change, remark, count, body-code or body-name.
    """

    path: tuple[str, ...]
    without: tuple[str, ...]
    year: int | None = None
    back: int | None = None
    phase: str | None = None
    unit: int | None = None
    kind: str = "amount"
    bare: bool = False
    """Whether the lowest heading states a year, a unit or both, and nothing else."""


def read_marks(path: tuple[str, ...]) -> Marks:
    """Read a heading path (as printed, from the top).

    >>> marks = read_marks(("2023年执行数（万元）", "其中：基本支出"))
    >>> marks.year, marks.phase, marks.unit, marks.without
    (2023, 'executed', 10000, ('基本支出',))
    """
    return _marks(catalogue(), path)


@lru_cache(maxsize=1 << 14)
def _marks(known: Catalogue, path: tuple[str, ...]) -> Marks:
    """``known`` has the names of the phases."""
    year = back = phase = unit = None
    kept: list[str] = []
    bare = False
    without: list[str] = []
    for part in path:
        unit = find_unit(part) or unit
        text = _UNIT.sub("", _FOOTNOTE.sub("", normal(part)))
        text = without_numbering(text)
        if match := _YEAR.match(text):
            year, text = int(match[1]), text[match.end() :]
        else:
            before, text = _relative(text)
            back = before if before is not None else back
        named = phase_named(text)
        phase = named or phase
        bare = not text
        kept += [text] if text else []
        without += [text] if text and not named else []
    return Marks(tuple(kept), tuple(without), year, back, phase, unit, _kind(kept), bare)


def is_counted(label: str) -> bool:
    """Whether a heading or label in normal form says that its numbers are counted, not paid.

    >>> is_counted("1.公务用车保有量(辆)"), is_counted("合计(万元)")
    (True, False)
    """
    match = _COUNTED.search(label)
    units = re.split("[,、]", match[1]) if match else []
    return bool(units) and set(units) <= wording().counted_in


def _relative(text: str) -> tuple[int | None, str]:
    """Years before the budget year, where a word for a year stands alone or before a phase."""
    for word, back in wording().years.items():
        rest = text.removeprefix(word)
        if rest != text and (rest in ("", "数") or phase_named(rest)):
            return back, rest.removeprefix("数") if rest == "数" else rest
    return None, text


def _kind(headings: list[str]) -> str:
    """What a column holds by its headings; the lowest one that says so decides."""
    words = wording()
    last = headings[-1] if headings else ""
    plain = [_COMPARED.sub("", heading) for heading in headings]
    if last in words.rates or any("%" in heading for heading in headings):
        return "rate"
    if any(heading in words.changes for heading in plain):
        return "change"
    kinds = {
        "remark": words.remarks, "body-code": words.body_codes, "body-name": words.body_names,
    }  # fmt: skip
    kind = next((kind for kind, known in kinds.items() if last in known), "amount")
    counts = kind == "amount" and (last.endswith(words.counts) or is_counted(last))
    return "count" if counts and not last.endswith(words.code_endings) else kind
