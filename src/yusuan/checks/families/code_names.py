"""Codes against the names printed beside them: what the lists and the other documents say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from yusuan.checks import location
from yusuan.checks.location import Location
from yusuan.checks.registry import DOCUMENT
from yusuan.checks.report import RawFinding, message_of
from yusuan.checks.rules import Rule
from yusuan.checks.subject import Subject
from yusuan.codes import CodeList, code_list
from yusuan.codes.name_resolution import CompetingName, Pair, limits
from yusuan.codes.names import same_key
from yusuan.facts.facts import code_list_of
from yusuan.model.findings import Evidence
from yusuan.model.text import unwrapped
from yusuan.schema import catalogue
from yusuan.schema.messages import Texts, joined, listed_texts, message
from yusuan.tables import StandardTable, TableRow

__all__ = ["SEARCHED", "cases", "code_name", "miscoded", "pair_of"]

_CANDIDATES = 3
SEARCHED = 30
"""Codes of a document that others are sought for: it takes long, and nobody mends more by advice."""


@DOCUMENT("code-name")
def code_name(rule: Rule, subject: Subject) -> Iterator[RawFinding]:
    """A code printed with a name that contradicts it, in the way the rule's ``case`` says."""
    known = {pair for pair, case in cases(subject) if case == rule.settings["case"]}
    named: set[tuple[str, str]] = set()
    searched = 0
    for pair, ((table, row), *again) in _printed(known, subject).items():
        if rule.settings["case"] == "two-names" and (pair.list, pair.code) not in named:
            named.add((pair.list, pair.code))  # told once, where the second name stands
            continue
        codes = code_list(pair.list).for_documents()
        where = _place(table, row)
        searched += 1
        near = _candidates(pair, codes) if searched <= SEARCHED else message("not-sought")
        raw = RawFinding(
            rule=rule, document=subject.record.document, place=where,
            about=f"{pair.list}-{pair.code}", printed=f"{pair.code} {unwrapped(row.label or '')}", expected=_expected(pair),
            parts=_meaning(pair, codes), other=near,
            reason=_joined([_evidence(each) for each in pair.competing_codes]) if pair.competing_codes else ("", ""),
        )  # fmt: skip
        if same := _elsewhere(table, row, subject):
            raw = _with_proposal(raw, same, message("same-amount-elsewhere", same=same))
        elif mended := _taken_from_beside(table, row, pair, subject):
            raw = _with_proposal(raw, mended, message("taken-from-beside", mended=mended))
        yield _with_repetitions(raw, [_place(*each) for each in again]) if again else raw


def _printed(
    pairs: Collection[Pair], subject: Subject
) -> dict[Pair, list[tuple[StandardTable, TableRow]]]:
    """Where pairs are printed, in order."""
    found: dict[Pair, list[tuple[StandardTable, TableRow]]] = {}
    for table in subject.disclosure.tables if pairs else ():
        for row in table.rows:
            pair = pair_of(table, row, subject)
            if pair is not None and pair in pairs:
                found.setdefault(pair, []).append((table, row))
    return found


def _place(table: StandardTable, row: TableRow) -> Location:
    return location.at_cell(table, row.position, None, unwrapped(row.label or ""))


def _with_repetitions(raw: RawFinding, places: Sequence[Location]) -> RawFinding:
    """The same code and name stand wrong in other places too."""
    lines = {where.zh: where for where in places}
    return replace(
        raw,
        words=joined(raw.words or message_of(raw), message(
            "printed-so-elsewhere", count=len(lines),
            places=listed_texts(where.texts for where in lines.values()),
        )),
        evidence=(*raw.evidence, *(
            Evidence(role="repetition", about=where.table or "", printed=raw.printed,
                     proposed=raw.proposed, statement_zh=zh, statement_en=en)
            for where in lines.values()
            for zh, en in [message("prints-name-too", place=where.texts, printed=raw.printed)]
        )),
    )  # fmt: skip


def _elsewhere(table: StandardTable, row: TableRow, subject: Subject) -> str | None:
    """Code and name as other tables print them with the same amounts, where one of the two is
    that of the row."""
    name, own = same_key(unwrapped(row.label or "")), _amounts(table, row)
    found: dict[tuple[str, str], str] = {}
    for other in subject.tables:
        for each in other.rows if other.resource.name != table.resource.name else ():
            label = unwrapped(each.label or "")
            one = (each.code == row.code) != (same_key(label) == name)
            if one and each.code and own & _amounts(other, each):
                found[each.code, same_key(label)] = f"{each.code} {label.strip()}"
    return next(iter(found.values())) if len(found) == 1 else None


def _amounts(table: StandardTable, row: TableRow) -> set[Decimal]:
    """The amounts of a row in yuan, zeros left out."""
    return {amount.number.value * table.unit for amount in row.amounts if amount.number.value}


def _taken_from_beside(
    table: StandardTable, row: TableRow, pair: Pair, subject: Subject
) -> str | None:
    """Code and name as they should be, where a row beside has the same name under its own code,
    or the same code with its own name, and this row repeats it."""
    side = [
        each
        for each in table.rows
        if (each.side, each.phase, each.years_before) == (row.side, row.phase, row.years_before)
    ]
    at = next(number for number, each in enumerate(side) if each is row)
    found = set()
    for other in (*side[max(at - 1, 0) : at], *side[at + 1 : at + 2]):
        own = pair_of(table, other, subject)
        if own is None or own.verdict == "conflict":
            continue
        names = {same_key(competitor.name): competitor.name for competitor in pair.competing_names}
        codes = {each.code for each in pair.competing_codes}
        if own.name == pair.name and own.code != pair.code and len(names) == 1:
            found.add(f"{pair.code} {next(iter(names.values()))}")
        elif own.code == pair.code and own.name != pair.name and len(codes) == 1:
            found.add(f"{next(iter(codes))} {unwrapped(row.label or '').strip()}")
    return found.pop() if len(found) == 1 else None


def _with_proposal(raw: RawFinding, proposed: str, why: Texts) -> RawFinding:
    zh, en = message_of(raw)
    return replace(
        raw, proposed=proposed, certainty="likely", words=(f"{zh}{why[0]}", f"{en}{why[1]}")
    )


def pair_of(table: StandardTable, row: TableRow, subject: Subject) -> Pair | None:
    """The code of a row with its name, as judged; None where it has no code or no name."""
    name = same_key(unwrapped(row.label or ""))
    year = subject.record.fiscal_year
    return subject.pairs.get((code_list_of(table) or "", year, row.code or "", name))


def cases(subject: Subject) -> Iterator[tuple[Pair, str]]:
    """The document's own pairs that are in doubt, each with the way in which it is."""
    good: Counter[tuple[str, str]] = Counter()
    bad: Counter[tuple[str, str]] = Counter()
    for pair in subject.pairs.values():
        above = _above(pair)
        good[above] += pair.verdict == "agreed"
        bad[above] += pair.verdict == "conflict"
    for pair in subject.pairs.values():
        above = _above(pair)
        if pair.verdict == "conflict":
            other = "two-names" if _alone(pair, subject) else "other-name"
            yield pair, "other-code" if pair.competing_codes else other
        elif pair.verdict == "new" and bad[above] >= limits().company and bad[above] > good[above]:
            yield pair, "company"


def _alone(pair: Pair, subject: Subject) -> bool:
    """Whether it is the document itself, and no list or other document, that has another name."""
    own = {p.name for p in subject.pairs.values() if (p.list, p.code) == (pair.list, pair.code)}
    return all(
        competitor.entry is None and competitor.documents == 1 and competitor.name in own
        for competitor in pair.competing_names
    )


def _above(pair: Pair) -> tuple[str, str]:
    lengths = catalogue()[pair.list].lengths
    length = max((length for length in lengths if length < len(pair.code)), default=0)
    return pair.list, pair.code[:length]


def _expected(pair: Pair) -> str | None:
    """The code that the name has, else the code with its one name."""
    if pair.competing_codes:
        return "、".join(sorted({each.code for each in pair.competing_codes}))
    names = {same_key(competitor.name): competitor.name for competitor in pair.competing_names}
    return f"{pair.code} {names.popitem()[1]}" if len(names) == 1 else None


def _meaning(pair: Pair, codes: CodeList) -> Texts:
    """What the code means: in the year, else in the nearest."""
    match = codes.find(pair.code, pair.year)
    competing = pair.competing_names or (
        (CompetingName(pair.code, match.entry.name, match.entry),) if match else ()
    )
    if not competing:
        return message("code-in-no-list", code=pair.code)
    names = [message("name-by", name=each.name, by=_evidence(each)) for each in competing]
    return message("code-means", code=pair.code, names=_joined(names))


def _candidates(pair: Pair, codes: CodeList) -> Texts:
    """Names like the one printed, else the codes beside the one printed."""
    for wanted in (pair.name, pair.code):
        near = [
            f"{match.entry.code} {match.entry.name}"
            for match in codes.nearest(wanted, pair.year, 3 * _CANDIDATES)
            if len(match.entry.code) == len(pair.code)
        ][:_CANDIDATES]
        if near:
            return "、".join(near), ", ".join(near)
    return message("none")


def _evidence(competitor: CompetingName) -> Texts:
    entry = competitor.entry
    if entry is None and competitor.documents == 1:
        return message("printed-elsewhere")
    if entry is None:
        return message(
            "printed-by", documents=competitor.documents, departments=competitor.departments
        )
    last = entry.valid_to
    if last == entry.valid_from:
        return message("in-year", year=last)
    return message("in-years", first=entry.valid_from, last=(str(last or ""), str(last or "now")))


def _joined(texts: list[Texts]) -> Texts:
    return listed_texts(texts, ("、", ", "))


_CLASS = 3
"""Digits of a class."""


def miscoded(subject: Subject) -> frozenset[str]:
    """The facts of rows whose code contradicts their name or is not whole, and of all rows of the
    classes that such a row may belong to: the one printed, that of its name, and those printed beside it."""
    doubted = dict(cases(subject))
    keys: set[tuple[str, str]] = set()
    for table in subject.tables:
        wrong = {row.key: pair for row in table.rows
                 if (pair := pair_of(table, row, subject)) and pair in doubted}  # fmt: skip
        broken = {row.key for row in table.rows if row.code_state in ("unclear", "lost")}
        if not wrong and not broken:
            continue
        classes = {each.code[:_CLASS] for pair in wrong.values() for each in pair.competing_codes}
        classes |= set(_classes_beside(table, wrong.keys() | broken))
        keys |= {(table.resource.name, row.key) for row in table.rows
                 if row.key in broken or (row.code or "")[:_CLASS] in classes}  # fmt: skip
    return frozenset(
        fact.fact for (table, row, _), fact in subject.facts.items() if (table, row) in keys
    )


def _classes_beside(table: StandardTable, wrong: Collection[str]) -> Iterator[str]:
    """The classes of certain rows, and of the rows with codes right above and below them."""
    coded: list[TableRow] = [
        row for row in table.rows if row.code or row.code_state in ("unclear", "lost")
    ]
    for place, row in enumerate(coded):
        if row.key in wrong:
            for near in coded[max(place - 1, 0) : place + 2]:
                if near.code:
                    yield near.code[:_CLASS]
