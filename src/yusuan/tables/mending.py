"""Codes that lost a zero or their class: mended where that is certain, else told.

Spreadsheets drop the zero of 02 where 类, 款 and 项 have columns of their own, and a torn cell
loses the class. A code is mended only where exactly one code of the list satisfies two
independent constraints: its name, the rows around it, and the sum of the code above. One that
was mended is such a row around those below it. The finding keeps what is printed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from yusuan.codes import code_list
from yusuan.codes.names import same_key
from yusuan.schema import catalogue
from yusuan.schema.messages import Texts, message
from yusuan.tables.records import ReadingProblem, TableRow

__all__ = ["with_mended_codes"]

_CLASS = 3
"""Digits of a class (类); each level below it has two more."""
_ENOUGH = 2
"""So many independent constraints make a code certain."""


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
    broken = {index for index, row in enumerate(rows) if _is_broken(row, known)}
    found = list(rows)
    problems: list[ReadingProblem] = []
    for index in sorted(broken):
        row = rows[index]
        candidates = [
            _Candidate(code, tuple(_reasons(found, index, code, name, broken)))
            for name in known
            for code in _candidates(found, index, name, broken)
        ]
        certain = [each for each in candidates if len(each.reasons) >= _ENOUGH]
        likely = [each for each in candidates if each.reasons]
        if len({each.code for each in certain}) == 1:
            code = certain[0].code
            problems.append(_mended_problem(row, certain[0]))
            found[index] = replace(row, code=code, key=code, code_state="mended")
            broken.remove(index)
        elif likely or any(len(part) == 1 for part in row.code_parts[1:]):
            problems.append(_unclear_problem(row, likely or candidates))
            found[index] = replace(row, code_state="unclear")
    return found, _once(problems)


def _is_broken(row: TableRow, lists: Iterable[str]) -> bool:
    """Whether the code of a row has not the digits of any level, or a class that is in no list.

    Several rows of one printed line (its phases) are each judged alike.
    """
    code = row.code or ""
    if not code or row.project or not row.label or row.row_type == "total":
        return False
    if len(code) > max(length for name in lists for length in catalogue()[name].lengths):
        return False
    whole = (
        all(len(part) in (2, 4) for part in row.code_parts[1:])
        and len(row.code_parts[:1][0]) >= _CLASS
    )
    return not any(
        whole
        and len(code) in catalogue()[name].lengths
        and code[:_CLASS] in code_list(name).public().by_code
        for name in lists
    )


def _candidates(rows: Sequence[TableRow], index: int, name: str, broken: set[int]) -> Iterator[str]:
    """The codes of a list that a row may print with a zero or its class lost."""
    row, lengths = rows[index], catalogue()[name].lengths
    joined, parts = row.code or "", row.code_parts
    tails = {"".join(part.zfill(2) for part in parts[at:]) for at in range(len(parts))
             if all(len(part) <= 2 for part in parts[at:])}  # fmt: skip
    tails |= {joined, joined.zfill(len(joined) + len(joined) % 2)}
    found = {joined[:at] + "0" + joined[at:] for at in range(1, len(joined))}
    found.add(parts[0] + "".join(part.zfill(2) for part in parts[1:]))
    for near in _around(rows, index, broken):
        found |= {near[:_CLASS] + tail for tail in tails}
        found |= {near[:length] + tail for length in lengths for tail in tails if len(tail) == 2}
    codes = code_list(name).public().by_code
    yield from sorted(code for code in found if len(code) in lengths and code in codes)


def _around(rows: Sequence[TableRow], index: int, broken: set[int]) -> list[str]:
    """The sound codes next to a row, above and below."""
    above = (at for at in range(index - 1, -1, -1) if at not in broken and rows[at].code)
    below = (at for at in range(index + 1, len(rows)) if at not in broken and rows[at].code)
    return [rows[at].code or "" for at in (next(above, None), next(below, None)) if at is not None]


def _reasons(
    rows: Sequence[TableRow], index: int, code: str, name: str, broken: set[int]
) -> Iterator[Texts]:
    """The constraints that a candidate satisfies, each in words (zh, en)."""
    row = rows[index]
    own = same_key(row.label or "")
    if own and any(same_key(entry.name) == own for entry in code_list(name).public().by_code[code]):
        yield message("code-by-name")
    above = _above(rows, index, code, broken)
    if above is None:
        return
    if _in_order(rows, index, code, broken):
        yield message("code-by-order", above=rows[above].code)
    if _adds_up(rows, above, code, broken):
        yield message("code-by-sum", above=rows[above].code)


def _above(rows: Sequence[TableRow], index: int, code: str, broken: set[int]) -> int | None:
    """The row of the code right above a candidate, printed before it for the same budget unit."""
    parent = code[:-2] if len(code) > _CLASS else ""
    return next(
        (at for at in range(index - 1, -1, -1)
         if at not in broken and rows[at].code == parent and rows[at].budget_unit == rows[index].budget_unit
         and rows[at].phase == rows[index].phase and rows[at].years_before == rows[index].years_before),
        None,
    )  # fmt: skip


def _in_order(rows: Sequence[TableRow], index: int, code: str, broken: set[int]) -> bool:
    """Whether a candidate lies between the sound codes above and below it."""
    near = [at for at in range(len(rows)) if at not in broken and rows[at].code]
    before = next((rows[at].code or "" for at in reversed(near) if at < index), "")
    after = next((rows[at].code or "" for at in near if at > index), "")
    return before < code and (not after or code < after or after[:_CLASS] < code[:_CLASS])


def _adds_up(rows: Sequence[TableRow], above: int, code: str, broken: set[int]) -> bool:
    """Whether the rows right below the code above, the broken ones among them, add up to it."""
    whole = rows[above]
    parts: list[TableRow] = []
    for at in range(above + 1, len(rows)):
        row = rows[at]
        if row.row_type == "total" or (row.phase, row.years_before) != (
            whole.phase,
            whole.years_before,
        ):
            continue
        if at in broken:
            parts.append(row)
        elif not (row.code or "").startswith(whole.code or "-"):
            break
        elif len(row.code or "") == len(code):
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


def _mended_problem(row: TableRow, candidate: _Candidate) -> ReadingProblem:
    zh, en = zip(*candidate.reasons, strict=True)
    return ReadingProblem(
        "code-mended", row.position, row.anchor, _printed(row),
        *message("code-mended", code=candidate.code, reasons=("；".join(zh), "; ".join(en))),
    )  # fmt: skip


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
