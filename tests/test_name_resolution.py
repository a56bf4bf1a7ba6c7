"""The rule by which a name of a code holds: order, agreement and lone misprints."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yusuan.codes import CodeEntry, CodeList
from yusuan.codes.name_resolution import CodeOccurrence, Pair, key_of, limits, resolve_names
from yusuan.package.harvest import kept_entries

LIST = "expenditure-function"
CODES = ["2139871", "2139872", "2139873"]
NAMES = ["甲类事务", "乙类管理", "丙类补助"]
RANK = {"conflict": 0, "new": 1, "agreed": 2}


def entry(code: str, name: str, first: int = 2020, last: int = 2030, status: str = "attested") -> CodeEntry:  # fmt: skip
    return CodeEntry(list=LIST, code=code, name=name, valid_from=first, valid_to=last, level=3,
                 parent=code[:5], status=status)  # fmt: skip


def seen(code: str, name: str, document: str, year: int = 2024) -> CodeOccurrence:
    """A document's first letter is its department."""
    return CodeOccurrence(LIST, year, code, name, document, document[0])


def verdicts(
    occurrences: Sequence[CodeOccurrence], *entries: CodeEntry
) -> dict[tuple[str, str], str]:
    pairs = resolve_names(occurrences, {LIST: CodeList(LIST, entries)})
    return {(pair.code, pair.name): pair.verdict for pair in pairs.values()}


def standing(pair: Pair) -> tuple[int, int, int]:
    return RANK[pair.verdict], pair.departments, pair.documents


def kept(occurrences: Sequence[CodeOccurrence], entries: Sequence[CodeEntry]) -> list[CodeEntry]:
    return kept_entries(resolve_names(occurrences, {LIST: CodeList(LIST, entries)}).values())


occurrences = st.lists(
    st.builds(
        seen, st.sampled_from(CODES), st.sampled_from(NAMES),
        st.builds("{}{}".format, st.sampled_from("abcde"), st.integers(1, 3)),
        st.sampled_from([2020, 2023, 2024]),
    ),
    min_size=1, max_size=25,
)  # fmt: skip
lists = st.lists(
    st.builds(
        entry, st.sampled_from(CODES), st.sampled_from(NAMES), st.integers(2010, 2022),
        st.integers(2022, 2026), st.sampled_from(["official", "attested", "inferred"]),
    ),
    max_size=4,
)  # fmt: skip


@given(occurrences, lists, st.randoms())
def test_the_order_of_documents_does_not_matter(
    found: list[CodeOccurrence], entries: list[CodeEntry], order: random.Random
) -> None:
    known = {LIST: CodeList(LIST, entries)}
    shuffled = order.sample(found, len(found))
    assert resolve_names(found, known) == resolve_names(shuffled, known)
    assert resolve_names([*found, *shuffled], known) == resolve_names(found, known)


@given(occurrences, lists, st.data())
def test_an_agreeing_document_never_lowers_a_standing(
    found: list[CodeOccurrence], entries: list[CodeEntry], data: st.DataObject
) -> None:
    """Whoever prints it too: a department of its own, or one that is already heard."""
    one = data.draw(st.sampled_from(found))
    more = CodeOccurrence(
        one.list, one.year, one.code, one.name, "new", data.draw(st.sampled_from("abz"))
    )
    known = {LIST: CodeList(LIST, entries)}
    before, after = (
        resolve_names(found, known)[key_of(one)],
        resolve_names([*found, more], known)[key_of(one)],
    )
    assert standing(after) >= standing(before)
    assert RANK[after.verdict] >= RANK[before.verdict]


@given(occurrences, lists, st.sampled_from(CODES))
def test_a_lone_misprint_never_wins(
    found: list[CodeOccurrence], entries: list[CodeEntry], code: str
) -> None:
    """One document prints a name that nobody else has, for a code that others name."""
    misprint = seen(code, "错印", "m1")
    others = [seen(code, "甲类事务", document) for document in ("x1", "y1")]
    pairs = resolve_names([*found, *others, misprint], {LIST: CodeList(LIST, entries)})
    assert pairs[key_of(misprint)].verdict == "conflict"
    assert pairs[key_of(misprint)].competing_names
    names = {e.name for e in kept([*found, *others, misprint], entries)}
    assert "错印" not in names


@given(occurrences, lists)
def test_what_is_kept_fills_gaps_and_has_one_name_a_year(
    found: list[CodeOccurrence], entries: list[CodeEntry]
) -> None:
    known = CodeList(LIST, entries)
    spans = [(e.code, year) for e in kept(found, entries) for year in _years(e)]
    assert len(spans) == len(set(spans))
    for code, year in spans:
        assert not any(known.valid(listed, year) for listed in known.by_code.get(code, ()))


def _years(entry: CodeEntry) -> range:
    assert entry.valid_to is not None
    return range(entry.valid_from, entry.valid_to + 1)


@pytest.mark.parametrize(
    ("documents", "verdict"),
    [(["a1"], "new"), (["a1", "a2", "a3"], "new"), (["a1", "b1"], "agreed")],
)
def test_departments_make_a_name_agreed_not_documents(documents: list[str], verdict: str) -> None:
    found = [seen(CODES[0], NAMES[0], document) for document in documents]
    assert verdicts(found) == {(CODES[0], NAMES[0]): verdict}


def test_a_tie_is_a_conflict_and_nothing_is_kept() -> None:
    found = [
        seen(CODES[0], NAMES[0], "a1"), seen(CODES[0], NAMES[0], "b1"),
        seen(CODES[0], NAMES[1], "c1"), seen(CODES[0], NAMES[1], "d1"),
    ]  # fmt: skip
    assert set(verdicts(found).values()) == {"conflict"}
    assert kept(found, []) == []


def test_most_departments_win_then_most_documents() -> None:
    found = [
        seen(CODES[0], NAMES[0], "a1"), seen(CODES[0], NAMES[0], "b1"),
        seen(CODES[0], NAMES[0], "b2"),
        seen(CODES[0], NAMES[1], "c1"), seen(CODES[0], NAMES[1], "d1"),
    ]  # fmt: skip
    assert verdicts(found) == {
        (CODES[0], NAMES[0]): "agreed", (CODES[0], NAMES[1]): "conflict",
    }  # fmt: skip


def test_an_official_list_rules_its_year_against_any_number() -> None:
    found = [seen(CODES[0], NAMES[1], f"{department}1") for department in "abcdefgh"]
    official = entry(CODES[0], NAMES[0], 2024, 2024, "official")
    attested = entry(CODES[0], NAMES[1])
    assert verdicts(found, attested) == {(CODES[0], NAMES[1]): "agreed"}
    other = entry(CODES[1], NAMES[1], 2024, 2024, "official")
    assert verdicts(found, attested, official, other) == {(CODES[0], NAMES[1]): "conflict"}
    assert verdicts(found, official) == {(CODES[0], NAMES[1]): "conflict"}


def test_an_old_name_does_not_replace_the_later_one() -> None:
    """Both are agreed, for the code was renamed; one of them is kept for a year."""
    entries = [entry(CODES[0], "旧称事务", 2015, 2019), entry(CODES[0], "新称管理", 2020, 2022)]
    found = [
        seen(CODES[0], "旧称事务", "a1"), seen(CODES[0], "旧称事务", "b1"),
        seen(CODES[0], "旧称事务", "c1"), seen(CODES[0], "新称管理", "d1"),
    ]  # fmt: skip
    assert set(verdicts(found, *entries).values()) == {"agreed"}
    assert [(e.name, e.valid_from) for e in kept(found, entries)] == [("新称管理", 2024)]


def test_years_of_one_name_are_one_entry_that_names_its_witnesses() -> None:
    found = [
        seen(CODES[0], NAMES[0], f"{d}{year}", year) for d in "ab" for year in (2022, 2023, 2024)
    ]
    [e] = kept(found, [])
    assert (e.valid_from, e.valid_to, e.status, e.level, e.parent) == (
        2022,
        2024,
        "attested",
        3,
        "21398",
    )
    assert e.source == "；".join(f"{year} 年 2 份文件、2 个部门" for year in (2022, 2023, 2024))


def test_the_spelling_printed_most_often_is_given() -> None:
    found = [seen(CODES[0], name, document) for name, document in
             [("行政运行（项）", "a1"), ("行政运行", "b1"), ("行政运行", "c1")]]  # fmt: skip
    assert verdicts(found) == {(CODES[0], "行政运行"): "agreed"}


def test_the_limits_are_data() -> None:
    assert (limits().departments, limits().many) == (2, 3)


@pytest.mark.parametrize(("names", "against"), [(19, 19), (20, 20), (90, 20)])
def test_twenty_names_of_one_code_are_held_against_each_other(names: int, against: int) -> None:
    """Each of more is in conflict as well, and is told with twenty; the one that most print is among
    those of the others."""
    found = [seen(CODES[0], f"第{n}项", f"{chr(0x4E00 + n)}1") for n in range(names)]
    found += [seen(CODES[0], "甲类事务", f"{letter}9") for letter in "ab"]
    pairs = resolve_names(found, {LIST: CodeList(LIST, [])})
    lone = [pair for pair in pairs.values() if pair.name != "甲类事务"]
    assert {pair.verdict for pair in lone} == {"conflict"}
    assert max(len(pair.competing_names) for pair in lone) == against
    assert all("甲类事务" in {other.name for other in pair.competing_names} for pair in lone)
