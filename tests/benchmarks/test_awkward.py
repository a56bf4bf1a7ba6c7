"""The generator of awkward documents prints what it says, and its judge can fail."""

from __future__ import annotations

from decimal import Decimal

import pytest
from benchmarks.awkward.__main__ import jobs, lines, make, run
from benchmarks.awkward.document import Place
from benchmarks.awkward.judge import judge
from benchmarks.awkward.kinds import KINDS
from benchmarks.awkward.kinds.amounts import capitals
from benchmarks.awkward.render import FORMATS, render

from tests.representative import few_or

READ = list(FORMATS)
OPEN: dict[str, str] = {}
"""Kinds with something silently wrong or a false error left."""


def test_plain_documents_are_read_whole_in_every_format():
    verdicts = [
        v for _, own in run(jobs(few_or(1, 2) * len(READ), ["plain"], READ, 5)) for v in own
    ]
    assert {v.format for v in verdicts} == set(READ)
    assert sum(v.right for v in verdicts) > few_or(100, 200)
    assert not [(v.format, v.wrong, v.errors) for v in verdicts if v.failed or v.told]


@pytest.mark.parametrize("name", [name for name in KINDS if name not in OPEN])
def test_nothing_is_silently_wrong(name):
    """A few documents of each kind; the benchmark draws a hundred in each format."""
    formats = list(KINDS[name].formats)
    verdicts = [v for _, own in run(jobs(few_or(2, 12), [name], formats, 11)) for v in own]
    assert not [(v.format, v.wrong, v.errors) for v in verdicts if v.failed]


def test_the_same_seed_gives_the_same_documents():
    one, two = (jobs(20, list(KINDS), ["md"], 3) for _ in range(2))
    assert one == two != jobs(20, list(KINDS), ["md"], 4)
    assert FORMATS["md"][1](make(one[0])) == FORMATS["md"][1](make(two[0]))


def test_every_kind_is_drawn_in_every_format_it_names(tmp_path):
    for name, kind in KINDS.items():
        for form in kind.formats:
            document = make((form, (name,), "7"))
            assert render(document, form, tmp_path).stat().st_size > 100
            assert name in document.kinds


@pytest.mark.parametrize("change", ["another value", "another row", "a number of nobody"])
def test_the_judge_tells_what_is_silently_wrong(change):
    """What is read stays the same, and the truth becomes another: each way must be seen."""
    document = make(("md", ("plain",), "9"))
    table = document.tables[0]
    line, column, place = next(table.amounts())
    text = FORMATS["md"][1](document)
    if change == "another value":
        place.amount += Decimal(100)
    elif change == "another row":
        line.label, line.labels = "别的", (("别的", None),) * len(line.places)
    else:
        line.places[column] = Place.of(place.text)  # printed, and no amount
    assert FORMATS["md"][1](document) == text
    assert judge(document, "md")[0].wrong


def test_the_report_counts_each_kind_and_format():
    verdicts = [v for _, own in run(jobs(4, ["plain"], ["md", "csv"], 2)) for v in own]
    rows = list(lines(verdicts))
    assert rows[2].startswith(f"| plain | csv, md | {len(verdicts)} |")
    assert rows[-1].startswith(f"| **all** |  | {len(verdicts)} |")


def test_capital_numerals():
    assert (
        capitals(12_005_000) == "壹仟贰佰万伍仟元整"
        or capitals(12_005_000) == "壹仟贰佰万零伍仟元整"
    )
    assert capitals(10) == "壹拾元整"
    assert capitals(100_000_000) == "壹亿元整"
    assert capitals(20_030_400) == "贰仟零叁万零肆佰元整"
