"""docs/cofog.md: the same question in SQL and SPARQL gives the same answer, the one printed."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import pyoxigraph as ox
import pytest

import yusuan
from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "cofog.md").read_text("utf-8")
COLUMNS = ("province", "year", "cofog", "name", "fen")
Answer = list[tuple[str, ...]]


def block(language: str) -> str:
    """The one code block of a language on the page."""
    [text] = re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    return str(text)


@pytest.fixture
def built(corpus_linked: yusuan.Package) -> Path:
    return corpus_linked.folder


def in_sql(folder: Path) -> Answer:
    with sqlite3.connect(folder / "budget.db") as database:
        return [tuple(map(str, row)) for row in database.execute(block("sql"))]


def in_sparql(folder: Path) -> Answer:
    store = ox.Store.read_only(str(folder / "graph" / "store"))
    solutions = store.query(block("sparql"), use_default_graph_as_union=True)
    assert isinstance(solutions, ox.QuerySolutions)
    return [tuple(str(row[name].value) for name in COLUMNS) for row in solutions]


def test_both_languages_and_the_page_agree(built: Path) -> None:
    lines = PAGE.partition(f"| {' | '.join(COLUMNS)} |\n|---|---|---|---|---|\n")[2].splitlines()
    printed = [
        tuple(cell.strip() for cell in line.strip("|").split("|"))
        for line in lines
        if line.startswith("|")
    ]
    sql = in_sql(built)
    assert sorted(sql) == sorted(in_sparql(built)) == sorted(printed)
    assert len({row[0] for row in sql}) == 2
    assert len({row[1] for row in sql}) == 3


def test_what_has_no_link_is_what_the_page_says(built: Path) -> None:
    query = """
        select f.functional_code, sum(f.amount_fen) from facts f
        join expenditure_function x on x.concept = f.function
        where x.cofog is null and f."table" = 'general-budget-expenditure'
          and f.phase = 'approved' and not f.is_total and f.fiscal_year in (2018, 2019, 2025)
        group by f.functional_code"""
    with sqlite3.connect(built / "budget.db") as database:
        assert database.execute(query).fetchall() == [("2060702", 10000000)]
    assert "2060702 科普活动,\n100000 yuan" in PAGE


def test_the_years_of_a_package_are_linked_where_a_code_moved(built: Path) -> None:
    with sqlite3.connect(built / "budget.db") as database:
        found = database.execute(
            "select from_concept, to_concept, kind from code_changes"
        ).fetchall()
    assert ("2017-30311", "2018-30113", "moved") in found
    assert ("2019-20805", "2024-20805", "renamed") in found


def test_nearly_every_printed_code_is_in_a_list(built: Path) -> None:
    """Of the codes printed with a name; all are, since the lists hold these bodies' later budgets."""
    with sqlite3.connect(built / "budget.db") as database:
        [(listed, unlisted)] = database.execute("""
            select sum(status <> 'unlisted'), sum(status = 'unlisted') from (
                select status, printed_names from expenditure_function
                union all select status, printed_names from expenditure_economic_department)
            where printed_names is not null""").fetchall()
    assert (listed, unlisted) == (389, 0)
