"""Codes that lost a zero or their class: mended where that is certain, else told.

Spreadsheets drop the zero of 02 where 类, 款 and 项 have columns of their own, and a torn cell
loses the class. A code is mended only where exactly one code of the list satisfies two
independent constraints: its name, the rows around it, the sum of the code above, and the columns
of its levels, where these print no zero before any digit. One that was mended is such a row around
those below it. The finding keeps what is printed.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from decimal import Decimal

from yusuan.codes import public_list
from yusuan.codes.names import same_key
from yusuan.schema import catalogue
from yusuan.schema.messages import Texts, message
from yusuan.tables.records import ReadingProblem, TableRow

__all__ = ["codes_not_printed", "with_mended_codes"]

_CLASS = 3
"""Digits of a class (类); each level below it has two more."""
_ENOUGH = 2
"""So many independent constraints make a code certain."""
_MANY, _LISTED = 5, 10
"""Of so many codes of a table that lost a digit all are told in one; so many of them are listed."""
_ADDED = 1_000
"""Rows below a code that are added up to it at most; a class of a whole county has a hundred."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    code: str
    reasons: tuple[Texts, ...]


def with_mended_codes(
    rows: Sequence[TableRow], lists: Sequence[str]
) -> tuple[list[TableRow], list[ReadingProblem]]:
    """The rows of one side with their codes mended, and what is to be told of them.

    ``lists`` are the code lists that the codes can be of. A code that no constraint speaks for
    is left as printed, since the rules about unlisted codes tell it, unless it is made of parts
    that lost a zero: joined (205 | 2 | 2), those may look like another code.
    """
    known = [name for name in lists if catalogue()[name].lengths]
    if not known or not any(row.code for row in rows):
        return list(rows), []
    lengths_and_codes = [(catalogue()[name].lengths, public_list(name).by_code) for name in known]
    rows = _unpadded(rows, known)
    broken = {index for index, row in enumerate(rows) if _is_broken(row, lengths_and_codes)}
    found = list(rows)
    sound = _SoundCodes(found, broken)
    of_columns = _reasons_of_columns(rows, known)
    problems: list[ReadingProblem] = []
    mended: dict[str, tuple[TableRow, _Candidate]] = {}  # a printed line may be several rows
    for index in sorted(broken):
        row = rows[index]
        padded = _padded(row)
        candidates = [
            _Candidate(
                code,
                (
                    *_reasons(found, index, code, name, sound),
                    *(of_columns if code == padded else ()),
                ),
            )
            for name in known
            for code in _candidates(row, sound.around(index), name)
        ]
        if len(of_columns) >= _ENOUGH and _has_level(padded, lengths_and_codes):
            candidates = [each for each in candidates if each.code == padded]
            candidates = candidates or [_Candidate(padded, of_columns)]  # a code of no list
        certain = [each for each in candidates if len(each.reasons) >= _ENOUGH]
        likely = [each for each in candidates if each.reasons]
        if len({each.code for each in certain}) == 1:
            code = certain[0].code
            mended.setdefault(f"{row.anchor} {_printed(row)}", (row, certain[0]))
            found[index] = replace(row, code=code, key=code, code_state="mended")
            broken.remove(index)
            sound.add(index)
        elif likely or any(len(part) == 1 for part in row.code_parts[1:]):
            problems.append(_unclear_problem(row, likely or candidates))
            found[index] = replace(row, code_state="unclear")
    return found, [*_mended_problems(list(mended.values())), *_once(problems)]


def codes_not_printed(rows: Sequence[TableRow], lists: Sequence[str]) -> dict[str, str]:
    """The codes of rows that print the name of a class or a level alone, above rows with codes of
    it, by their anchors: of a code below, the beginning that has this name in a list.

    Where most of the rows without codes have such a name, the others right above a code (whose
    names may be of another year) are the levels over it.
    """
    lengths = sorted({length for name in lists for length in catalogue()[name].lengths})
    named: dict[str, str] = {}
    placed: dict[str, str] = {}
    below = over = ""
    for row in reversed(rows):
        if row.code:
            below = over = row.code
        elif row.label and not row.project and row.row_type != "total":
            own = same_key(row.label)
            starts = [below[:length] for length in lengths if length < len(below)]
            known = (
                code for code in starts for name in lists
                if any(same_key(e.name) == own for e in public_list(name).by_code.get(code, ()))
            )  # fmt: skip
            over = next((code for code in reversed(starts) if len(code) < len(over)), "")
            if code := next(known, ""):
                named[row.anchor] = over = code
            elif over:
                placed[row.anchor] = over
    return {**placed, **named} if len(named) >= max(len(placed), 1) else named


def _unpadded(rows: Sequence[TableRow], lists: Iterable[str]) -> Sequence[TableRow]:
    """The rows, with the codes of classes (2130000 for 213) that a table fills up with zeros as
    they are listed: where all its codes have the digits of the lowest level, and names prove two."""
    for name in lists:
        codes = public_list(name).by_code
        longest = max(catalogue()[name].lengths)
        short: dict[int, str] = {}
        named = 0
        for index, row in enumerate(rows):
            code = row.code or "0" * longest
            if len(code) != longest:
                break
            while code.endswith("00") and len(code) > _CLASS:
                code = code[:-2]
            if row.code and code != row.code and row.code not in codes and code in codes:
                short[index] = code
                own = same_key(row.label or "")
                named += any(same_key(entry.name) == own for entry in codes[code])
        else:
            if named >= _ENOUGH:
                return [
                    replace(row, code=short[at], key=short[at], code_parts=(short[at],))
                    if at in short else row
                    for at, row in enumerate(rows)
                ]  # fmt: skip
    return rows


def _padded(row: TableRow) -> str:
    """The code of a row, each part of it below the class with the zero that it may have lost."""
    return "".join((*row.code_parts[:1], *(part.zfill(2) for part in row.code_parts[1:])))


def _reasons_of_columns(rows: Sequence[TableRow], lists: Iterable[str]) -> tuple[Texts, ...]:
    """What speaks for a zero before every single digit of a table: its columns of 款 and 项 print
    single digits and none with a zero before it, and with it codes have the names of their rows,
    or all are listed."""
    parts = [part for row in rows for part in row.code_parts[1:]]
    if not any(len(part) == 1 for part in parts) or any(part[0] == "0" for part in parts):
        return ()
    names: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        if any(len(part) == 1 for part in row.code_parts[1:]):
            names[_padded(row)].append(same_key(row.label or ""))
    listed = {
        code: {same_key(entry.name) for name in lists for entry in public_list(name).by_code.get(code, ())}
        for code in names
    }  # fmt: skip
    named = sorted(code for code, own in names.items() if not listed[code].isdisjoint(own))
    column = message("code-by-column")
    if len(named) >= _ENOUGH:
        return column, message("code-by-names", codes="、".join(named[:_ENOUGH]))
    if len(names) >= _ENOUGH and all(listed.values()):  # projects have names of their own
        return column, message("code-in-list")
    return (column,)


Level = tuple[Sequence[int], Container[str]]
"""The lengths that the codes of a list have, and its codes."""


def _has_level(code: str, lists: Iterable[Level]) -> bool:
    """Whether a code has the digits of a level, and a class that some list has."""
    return any(len(code) in lengths and code[:_CLASS] in codes for lengths, codes in lists)


def _is_broken(row: TableRow, lists: Sequence[Level]) -> bool:
    """Whether the code of a row has not the digits of any level, or a class that is in no list.

    Several rows of one printed line (its phases) are each judged alike.
    """
    code = row.code or ""
    lost = any(len(part) == 1 for part in row.code_parts[1:])
    if not code or row.row_type == "total":
        return False
    if (row.project or not row.label) and not lost:
        return False
    if len(code) > max(length for lengths, _ in lists for length in lengths):
        return False
    whole = (
        all(len(part) in (2, 4) for part in row.code_parts[1:])
        and len(row.code_parts[:1][0]) >= _CLASS
    )
    return not (whole and _has_level(code, lists))


class _SoundCodes:
    """Where the sound codes of a side stand, for the rows whose code is broken; one that is mended
    comes to them. ``rows`` and ``broken`` are those of the caller, who changes them."""

    def __init__(self, rows: Sequence[TableRow], broken: Set[int]) -> None:
        self._rows, self._broken = rows, broken
        self._coded: list[int] = []
        self._of_code: dict[tuple[object, ...], list[int]] = defaultdict(list)
        self._sums: dict[tuple[int, int], bool] = {}
        for index in range(len(rows)):
            if index not in broken:
                self.add(index)

    def add(self, index: int) -> None:
        row = self._rows[index]
        if row.code:
            insort(self._coded, index)
        insort(self._of_code[_place(row, row.code)], index)
        self._sums.clear()

    def around(self, index: int) -> tuple[str, str]:
        """The codes next to a row, above and below; blank for none."""
        at = bisect_left(self._coded, index)
        near = self._coded[at - 1 : at], self._coded[at : at + 1]
        above, below = (self._rows[found[0]].code or "" if found else "" for found in near)
        return above, below

    def above(self, index: int, code: str) -> int | None:
        """The row of the code right above a candidate, printed before it for the same budget unit."""
        parent = code[:-2] if len(code) > _CLASS else ""
        found = self._of_code.get(_place(self._rows[index], parent), [])
        at = bisect_left(found, index)
        return found[at - 1] if at else None

    def add_up(self, above: int, length: int) -> bool:
        """Whether the rows right below a row, the broken ones among them, add up to it: those whose
        codes are so long."""
        if (above, length) not in self._sums:
            self._sums[above, length] = _add_up(self._rows, above, length, self._broken)
        return self._sums[above, length]


def _place(row: TableRow, code: str | None) -> tuple[object, ...]:
    return code, row.budget_unit, row.phase, row.years_before


def _candidates(row: TableRow, around: Iterable[str], name: str) -> Iterator[str]:
    """The codes of a list that a row may print with a zero or its class lost; ``around`` are the
    sound codes next to it."""
    lengths = catalogue()[name].lengths
    joined, parts = row.code or "", row.code_parts
    tails = {"".join(part.zfill(2) for part in parts[at:]) for at in range(len(parts))
             if all(len(part) <= 2 for part in parts[at:])}  # fmt: skip
    tails |= {joined, joined.zfill(len(joined) + len(joined) % 2)}
    found = {joined[:at] + "0" + joined[at:] for at in range(1, len(joined))}
    found.add(_padded(row))
    for near in filter(None, around):
        found |= {near[:_CLASS] + tail for tail in tails}
        found |= {near[:length] + tail for length in lengths for tail in tails if len(tail) == 2}
    codes = public_list(name).by_code
    yield from sorted(code for code in found if len(code) in lengths and code in codes)


def _reasons(
    rows: Sequence[TableRow], index: int, code: str, name: str, sound: _SoundCodes
) -> Iterator[Texts]:
    """The constraints that a candidate satisfies, each in words (zh, en)."""
    row = rows[index]
    own = same_key(row.label or "")
    if own and any(same_key(entry.name) == own for entry in public_list(name).by_code[code]):
        yield message("code-by-name")
    above = sound.above(index, code)
    if above is None:
        return
    if _in_order(code, *sound.around(index)):
        yield message("code-by-order", above=rows[above].code)
    if sound.add_up(above, len(code)):
        yield message("code-by-sum", above=rows[above].code)


def _in_order(code: str, before: str, after: str) -> bool:
    """Whether a candidate lies between the sound codes above and below it."""
    return before < code and (not after or code < after or after[:_CLASS] < code[:_CLASS])


def _add_up(rows: Sequence[TableRow], above: int, length: int, broken: Set[int]) -> bool:
    whole = rows[above]
    parts: list[TableRow] = []
    for at in range(above + 1, len(rows)):
        row = rows[at]
        if row.row_type == "total" or (row.phase, row.years_before) != (
            whole.phase,
            whole.years_before,
        ):
            continue
        if at - above > _ADDED:
            return False
        if at in broken:
            parts.append(row)
        elif not (row.code or "").startswith(whole.code or "-"):
            break
        elif len(row.code or "") == length:
            parts.append(row)
    if len(parts) < _ENOUGH:  # one part alone repeats the whole whatever its code
        return False
    for amount in whole.amounts:
        values = [
            other.number.value for part in parts for other in part.amounts
            if other.cell.column == amount.cell.column
        ]  # fmt: skip
        if amount.number.value:
            return sum(values, start=Decimal(0)) == amount.number.value
    return False


def _printed(row: TableRow) -> str:
    return f"{' | '.join(row.code_parts)} {row.label}"


def _mended_problems(mended: Sequence[tuple[TableRow, _Candidate]]) -> Iterator[ReadingProblem]:
    """What is told of the codes that were mended: of each, or of all in one, where the table prints
    many that way."""
    if len(mended) < _MANY:
        for row, candidate in mended:
            zh, en = zip(*candidate.reasons, strict=True)
            reasons = "；".join(zh), "; ".join(en)
            said = message("code-mended", code=candidate.code, reasons=reasons)
            yield ReadingProblem("code-mended", row.position, row.anchor, _printed(row), *said)
        return
    codes = [f"{' '.join(row.code_parts)} → {each.code}" for row, each in mended]
    more = "、…" if len(codes) > _LISTED else ""
    said = message("codes-mended", count=len(codes), codes="、".join(codes[:_LISTED]) + more)
    first = mended[0][0]
    yield ReadingProblem("code-mended", first.position, first.anchor, _printed(first), *said)


def _unclear_problem(row: TableRow, candidates: Sequence[_Candidate]) -> ReadingProblem:
    codes = list(dict.fromkeys(candidate.code for candidate in candidates))
    said = (
        message("code-unclear", codes=("、".join(codes), ", ".join(codes)))
        if codes else message("code-of-no-list")
    )  # fmt: skip
    return ReadingProblem("code-unclear", row.position, row.anchor, _printed(row), *said)


def _once(problems: Sequence[ReadingProblem]) -> list[ReadingProblem]:
    """One for each printed line, which may give a row for each phase."""
    return list({(each.cell, each.printed): each for each in problems}.values())
