"""What real PDFs print is a fact, with its row, column and unit, by pdfplumber's view of the page.

The corpus is not part of this repository; without it the test of the real PDFs is skipped. The
judge itself is tried on a drawn page.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from benchmarks.pdf_cells import AmountCell, amount_cells
from benchmarks.pdf_coverage import compared, coverage

from tests.sources.pdf_drawing import Drawing
from yusuan.model.records import Fact
from yusuan.pipeline import check_sources

RIGHT = 0.995
"""Share of the amounts that must be facts with the right value, label, code, column and unit."""
EXTRA = 0.001
"""Share of the facts that may stand where the judge sees no amount: a code, year or number."""
AMOUNTS = 2_400
"""The corpus prints no fewer: a judge that sees none would find nothing wrong."""


def test_the_real_documents_are_covered(corpus: Path) -> None:
    results = coverage(corpus)
    cells, facts = sum(r.cells for r in results), sum(r.facts for r in results)
    told = "\n".join(line for result in results for line in result.told)
    assert cells >= AMOUNTS
    assert sum(result.right for result in results) >= RIGHT * cells, told
    assert sum(result.wrong["extra"] for result in results) <= EXTRA * facts, told


ROWS = [
    ("科目编码", "科目名称", "合计", "基本支出", "项目支出"),
    ("2130301", "行政运行", "1,200.50", "1,200.50", ""),
    ("2130306", "水利工程运行与维护", "250", "", "250"),
    ("", "合计", "1,450.50", "1,200.50", "250"),
]


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[AmountCell], list[Fact]]:
    """The amounts of a drawn disclosure as the judge sees them, and the facts."""
    drawing = Drawing()
    drawing.text(60, 60, "桐庐县水利局2023年部门预算")
    drawing.text(200, 90, "部门支出总体情况表")
    drawing.text(420, 110, "单位：万元")
    drawing.table([60, 130, 270, 360, 450, 540], 120, ROWS)
    folder = tmp_path_factory.mktemp("drawn")
    (folder / "a.pdf").write_bytes(drawing.content())
    return list(amount_cells(folder / "a.pdf")), check_sources(folder).contents.facts


def test_the_judge_sees_each_amount_with_its_row_and_headings(
    drawn: tuple[list[AmountCell], list[Fact]],
) -> None:
    cells, facts = drawn
    seen = [(cell.text, cell.codes, cell.names, cell.headings, cell.unit) for cell in cells]
    assert seen[1] == ("1,200.50", ("2130301",), ("行政运行",), ("基本支出",), 10_000)
    assert [cell[0] for cell in seen] == ["1,200.50", "1,200.50", "250", "250", "1,450.50",
                                          "1,200.50", "250"]  # fmt: skip
    result = compared("a.pdf", cells, facts)
    assert (result.cells, result.facts, result.right, result.told) == (7, 7, 7, [])


@pytest.mark.parametrize(
    ("kind", "damage"),
    [
        ("value", lambda fact: replace(fact, printed="1,200.5")),
        ("label", lambda fact: replace(fact, row_label="行政")),
        ("label", lambda fact: replace(fact, functional_code="2130302")),
        ("column", lambda fact: replace(fact, column_label="项目支出")),
        ("unit", lambda fact: replace(fact, unit=1)),
        ("extra", lambda fact: replace(fact, fragment="page=1&viewrect=60,140,70,20")),
    ],
    ids=["value", "label", "code", "column", "unit", "code-cell"],
)
def test_the_judge_tells_what_is_wrong(
    kind: str, damage: Callable[[Fact], Fact], drawn: tuple[list[AmountCell], list[Fact]]
) -> None:
    cells, facts = drawn
    wrong = [damage(facts[0]), *facts[1:]]
    result = compared("a.pdf", cells, wrong)
    assert result.wrong[kind] == 1
    assert result.right == 6


def test_the_judge_misses_an_amount_that_is_no_fact(
    drawn: tuple[list[AmountCell], list[Fact]],
) -> None:
    cells, facts = drawn
    result = compared("a.pdf", cells, facts[:-1])
    assert (result.right, result.wrong["value"]) == (6, 1)
