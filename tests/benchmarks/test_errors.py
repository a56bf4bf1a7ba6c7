"""What must always hold of the benchmark of errors: its truth, and that it is read as such."""

from __future__ import annotations

from decimal import Decimal
from random import Random

import pytest
from benchmarks.errors.__main__ import lines, run
from benchmarks.errors.layouts import LAYOUTS, make_draft
from benchmarks.errors.page import draw, half_up, places, printed
from benchmarks.errors.seeds import FAMILIES, seeds_for
from benchmarks.errors.slips import SLIPS, number
from benchmarks.layouts.model import Style

SEED = "test 1"


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_seed_always_gives_the_same_places_and_errors(layout: str) -> None:
    one, two = make_draft(layout, SEED), make_draft(layout, SEED)
    assert [p.printed for p in places(one)] == [p.printed for p in places(two)]
    assert len(list(places(one))) > 40
    first, again = (seeds_for(draft, Random(SEED), 3) for draft in (one, two))
    assert [(s.kind, s.changes) for s in first] == [(s.kind, s.changes) for s in again]


@pytest.mark.parametrize("family", FAMILIES)
def test_an_error_overwrites_what_its_truth_says_and_nothing_else(family: str) -> None:
    draft = make_draft("central", SEED)
    before = {place.address: place.printed for place in places(draft)}
    for seed in seeds_for(draft, Random(SEED), 3, family):
        assert seed.changes.keys() == seed.truth.keys()
        assert all(
            before.get(a, text) == text for a, text in seed.truth.items() if family != "codes"
        )
        assert all(seed.truth[address] != text for address, text in seed.changes.items())
        if draft.format == "markdown":
            assert draw(draft, seed.changes, seed.without) != draw(draft, {})


def test_each_printed_number_is_rounded_on_its_own() -> None:
    style = Style(decimals=0)
    parts = [Decimal("14999.99"), Decimal("14999.99"), Decimal("14999.99")]
    assert [printed(style, part, 10_000, 0) for part in parts] == ["1", "1", "1"]
    assert printed(style, sum(parts, Decimal(0)), 10_000, 0) == "4"
    assert printed(style, Decimal(3000), 10_000, 0) == "0"
    assert half_up(Decimal("0.125"), 2) == Decimal("0.13")


@pytest.mark.parametrize("slip", SLIPS)
@pytest.mark.parametrize("text", ["1198", "96.50", "20,136,338.06"])
def test_a_slip_gives_another_number_printed_alike(slip: str, text: str) -> None:
    rng = Random(1)
    found = [changed for _ in range(20) if (changed := SLIPS[slip](text, rng))]
    assert found
    assert all(number(changed) is not None for changed in found)
    assert {len(changed.partition(".")[2]) for changed in found} == {len(text.partition(".")[2])}


def test_clean_documents_are_read_whole_and_every_layout_is_scored() -> None:
    cases = list(run(len(LAYOUTS), [1], 7))
    assert {case.layout for case in cases} == set(LAYOUTS)
    assert sum(case.unread for case in cases) == 0
    assert not [f.message_zh for case in cases for f in case.false]
    assert all(case.times for case in cases)
    assert any(line.startswith("all") for line in lines(cases))
