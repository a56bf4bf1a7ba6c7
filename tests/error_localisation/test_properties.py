"""Properties that hold for any document, and small systems against plain enumeration."""

from __future__ import annotations

from itertools import combinations
from random import Random

import numpy as np
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from tests.error_localisation.helpers import sums, table
from tests.error_localisation.synthetic import SLIPS, disclosure, seeded
from tests.representative import few_or
from yusuan.error_localisation import Explanation, Localisation, Relation, RoundedNumber, localise


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**9), st.booleans(), st.integers(2, 5))
def test_a_consistent_document_has_no_cause(seed: int, whole: bool, classes: int) -> None:
    localisation = localise(
        *disclosure(Random(seed), classes=classes, whole=whole).numbers_and_relations()
    )
    assert localisation.causes == ()
    assert whole or not localisation.rounding


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**9), st.booleans())
def test_one_wrong_cell_of_a_matrix_is_named(seed: int, whole: bool) -> None:
    random = Random(seed)
    rows, columns = random.randint(3, 6), random.randint(3, 6)
    inner = [[random.randint(0, 99999) for _ in range(columns - 1)] for _ in range(rows - 1)]
    full = [[sum(line), *line] for line in inner]
    full = [[sum(line[c] for line in full) for c in range(columns)], *full]
    step = 100 if whole else 1
    numbers = table("a", [[(value + step // 2) // step for value in line] for line in full], step)
    key = f"a{random.randrange(rows)}{random.randrange(columns)}"
    old = numbers[key]
    error = random.choice([-1, 1]) * random.randint(10, 300) * step
    numbers[key] = RoundedNumber(key, old.value + error, step, step // 2, "a", old.row, old.column)
    (cause,) = localise(list(numbers.values()), sums("a", rows, columns)).causes
    assert [change.key for change in cause.explanations[0].changes] == [key]
    (change,) = cause.explanations[0].changes
    assert change.low is not None and change.high is not None
    assert change.low <= old.value <= change.high
    if not whole:
        assert cause.certainty == "proven" and change.proposed == old.value


@settings(max_examples=40, deadline=None)
@example(59183, True, 2)  # one number wrong in two places, each in its own way
@given(st.integers(0, 10**9), st.booleans(), st.integers(1, 3))
def test_what_is_proposed_makes_everything_possible(seed: int, whole: bool, errors: int) -> None:
    random = Random(seed)
    clean = disclosure(random, classes=3, whole=whole)
    kinds = [random.choice(list(SLIPS)) for _ in range(errors)]
    quantities, relations = seeded(clean, random, kinds)[0].numbers_and_relations()
    localisation = localise(quantities, relations)
    assume(all(cause.explanations for cause in localisation.causes))
    best = [cause.explanations[0] for cause in localisation.causes]
    assume(all(change.proposed is not None for each in best for change in each.changes))
    values = {
        key: change.proposed
        for each in best
        for change in each.changes
        for key in (change.key, *change.together)
    }
    mended = [
        RoundedNumber(
            q.key, values.get(q.key) or q.value, q.step, q.half_step, q.table, q.row, q.column
        )
        for q in quantities
        if values.get(q.key, q.value) is not None
    ]
    assert localise(mended, relations).causes == ()


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**9), st.booleans())
def test_the_order_of_the_input_does_not_matter(seed: int, whole: bool) -> None:
    random = Random(seed)
    document = seeded(disclosure(random, classes=2, whole=whole), random, ["digit", "unit"])[0]
    quantities, relations = document.numbers_and_relations()
    first = localise(quantities, relations)
    assert localise(quantities, relations) == first
    random.shuffle(quantities)
    random.shuffle(relations)
    assert outline(localise(quantities, relations)) == outline(first)


def outline(localisation: Localisation) -> tuple[frozenset[str], frozenset[frozenset[str]]]:
    """What fails for no more than rounding, and what the certain causes name."""
    named = [cause.explanations[0] for cause in localisation.causes if cause.certainty != "tied"]
    return frozenset(localisation.rounding), frozenset(places(each) for each in named)


def places(explanation: Explanation) -> frozenset[str]:
    return frozenset(key for c in explanation.changes for key in (c.key, *c.together))


numbers = st.builds(
    RoundedNumber,
    key=st.sampled_from("abcdef"),
    value=st.integers(-(10**18), 10**18) | st.integers(-20, 20),
    step=st.sampled_from([-1, 0, 1, 5, 10**6]),
    half_step=st.sampled_from([-3, 0, 2, 5 * 10**5]),
    table=st.sampled_from([None, "t"]),
    row=st.sampled_from([None, 0, 1, 2]),
    column=st.sampled_from([None, 0, 1]),
)
factors = st.sampled_from([-1, -1, 1, 1, 0, 2, -7, 10**12])
rules = st.builds(
    Relation,
    key=st.sampled_from("rstuvw"),
    terms=st.dictionaries(st.sampled_from("abcdefg"), factors, max_size=4),
    low=st.sampled_from([0, 0, 0, -5, 3]),
    high=st.sampled_from([0, 0, 0, 5, -2]),
    identity=st.booleans(),
    about=st.sampled_from([None, None, "a", "g"]),
)


@settings(max_examples=few_or(100, 300), deadline=None)
@given(st.lists(numbers, max_size=7), st.lists(rules, max_size=7))
def test_odd_input_is_judged_and_each_failing_relation_told_once(
    quantities: list[RoundedNumber], relations: list[Relation]
) -> None:
    localisation = localise(quantities, relations, seconds=1.0)
    told = [*localisation.rounding, *(r for cause in localisation.causes for r in cause.violated)]
    assert len(told) == len(set(told))
    assert all(cause.violated for cause in localisation.causes)
    for cause in localisation.causes:
        assert cause.certainty in ("proven", "likely", "tied")
        assert cause.explanations or cause.certainty == "tied"


@st.composite
def small(draw: st.DrawFn, half: int) -> tuple[list[RoundedNumber], list[Relation]]:
    """Five numbers and two to four sums over them; values are multiples of ``2 half`` or any."""
    step = 2 * half or 1
    values = draw(st.lists(st.integers(0, 4), min_size=5, max_size=5))
    quantities = [
        RoundedNumber(f"q{n}", value * step, step, half) for n, value in enumerate(values)
    ]
    relations = []
    for number in range(draw(st.integers(2, 4))):
        factors = draw(st.lists(st.sampled_from([-1, 0, 1]), min_size=5, max_size=5))
        assume(any(factors))
        terms = {f"q{n}": factor for n, factor in enumerate(factors)}
        slack = draw(st.sampled_from([0, 0, 0, step]))
        relations.append(Relation(f"r{number}", terms, 0, slack))
    return quantities, relations


def possible(
    quantities: list[RoundedNumber], relations: list[Relation], free: tuple[str, ...], fine: int
) -> bool:
    """Whether some point of a fine enough grid satisfies all relations."""
    far = 30 * quantities[0].step
    axes = [
        np.arange(-far, far + 1)
        if each.key in free
        else np.arange(each.value - each.half_step, each.value + each.half_step + 1, fine)
        for each in quantities
    ]
    shape = np.meshgrid(*axes, indexing="ij", sparse=True)
    holds = np.ones([len(axis) for axis in axes], dtype=bool)
    for relation in relations:
        total = sum(
            relation.terms[each.key] * at for each, at in zip(quantities, shape, strict=True)
        )
        holds &= (total >= relation.low) & (total <= relation.high)
    return bool(holds.any())


@settings(max_examples=few_or(50, 150), deadline=None)
@given(small(half=0))
def test_all_smallest_explanations_of_exact_numbers(
    case: tuple[list[RoundedNumber], list[Relation]],
) -> None:
    quantities, relations = case
    localisation = localise(quantities, relations)
    keys = [each.key for each in quantities]
    for size in range(3):
        sets = [
            free for free in combinations(keys, size) if possible(quantities, relations, free, 1)
        ]
        if sets:
            break
    else:
        return
    if size == 0:
        assert localisation.causes == ()
        return
    assert localisation.causes
    found = [frozenset[str]()]
    for cause in localisation.causes:
        smallest = min(len(each.changes) for each in cause.explanations)
        own = [places(each) for each in cause.explanations if len(each.changes) == smallest]
        found = [one | other for one in found for other in own]
    assert {each for each in found if len(each) == size} == {frozenset(free) for free in sets}


@settings(max_examples=few_or(30, 60), deadline=None)
@given(small(half=2))
def test_rounding_is_decided_for_all_sums_at_once(
    case: tuple[list[RoundedNumber], list[Relation]],
) -> None:
    quantities, relations = case
    localisation = localise(quantities, relations)
    rounding = possible(quantities, relations, (), 1)
    # Where the grid holds no solution there may be one between its points: never the reverse.
    if rounding:
        assert localisation.causes == ()
    if not localisation.causes:
        assert possible([*quantities], relations, (), 1) or halves(quantities, relations)
        return
    if len(localisation.causes) == 1:
        for each in localisation.causes[0].explanations:
            if len(each.changes) == 1:
                assert possible(quantities, relations, (each.changes[0].key,), 1) or halves(
                    quantities, relations, each.changes[0].key
                )


def halves(quantities: list[RoundedNumber], relations: list[Relation], free: str = "") -> bool:
    """The same on a grid six times as fine."""
    finer = [RoundedNumber(q.key, 3 * q.value, 3 * q.step, 3 * q.half_step) for q in quantities]
    wider = [Relation(r.key, r.terms, 3 * r.low, 3 * r.high) for r in relations]
    return possible(finer, wider, (free,) if free else (), 1)
