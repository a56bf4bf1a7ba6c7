"""Tools that know Data Cubes and nothing of us: a table from the structure, and pandas to pivot it.

docs/graph.md has the same pivot as pandas-datacube made it over the SPARQL endpoint.
"""

from __future__ import annotations

import re
from collections import defaultdict
from decimal import Decimal

import pandas as pd
import pyoxigraph as ox
import pytest

import yusuan
from tests.conftest import ROOT

QB = "PREFIX qb: <http://purl.org/linked-data/cube#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "


def answers(store: ox.Store, query: str) -> list[dict[str, str]]:
    found = store.query(QB + query, use_default_graph_as_union=True)
    assert isinstance(found, ox.QuerySolutions)
    names = [variable.value for variable in found.variables]
    return [{name: row[name].value for name in names} for row in found]  # type: ignore[union-attr]


def cube_frame(store: ox.Store, dataset: str) -> tuple[pd.DataFrame, list[str], str]:
    """A Data Cube as a frame, a column a component; its dimensions in their order, and its measure.

    What is asked for is in the structure, and what a coded value is called in SKOS.
    """
    components = answers(
        store,
        f"""SELECT ?kind ?property {{ <{dataset}> qb:structure/qb:component ?part .
        ?part ?kind ?property . VALUES ?kind {{ qb:dimension qb:measure }} OPTIONAL {{ ?part qb:order ?n }} }}
        ORDER BY ?n ?property""",
    )
    named = {each["property"]: f"c{number}" for number, each in enumerate(components)}
    pattern = " ; ".join(f"<{term}> ?{name}" for term, name in named.items())
    rows = answers(store, f"SELECT * {{ ?o qb:dataSet <{dataset}> ; {pattern} }}")
    frame = pd.DataFrame(rows).rename(columns={name: term for term, name in named.items()})
    kinds = {each["property"]: each["kind"].rpartition("#")[2] for each in components}
    [measure] = [term for term, kind in kinds.items() if kind == "measure"]
    return frame, [term for term, kind in kinds.items() if kind == "dimension"], measure


@pytest.fixture(scope="module")
def store(corpus_linked: yusuan.Package) -> ox.Store:
    return ox.Store.read_only(str(corpus_linked.folder / "graph" / "store"))


@pytest.mark.parametrize("name", ["figures", "spending", "revenue"])
def test_a_table_made_of_the_structure_has_every_row(
    name: str, store: ox.Store, corpus_linked: yusuan.Package
) -> None:
    frame, dimensions, measure = cube_frame(store, f"{corpus_linked.base}id/dataset/{name}")
    rows = [row for row in corpus_linked.rows(name) if row["amount"]]
    assert len(frame) == len(rows) > 0
    amounts = sorted(Decimal(row["amount"]) for row in rows)
    assert sorted(map(Decimal, frame[measure])) == amounts
    assert not frame.duplicated(subset=dimensions).any()


def pivot(store: ox.Store, base: str) -> dict[tuple[str, str], Decimal]:
    """Spending by the fifth and the second dimension; codes by their notation."""
    frame, dimensions, measure = cube_frame(store, f"{base}id/dataset/spending")
    notations = {row["c"]: row["n"] for row in answers(store, "SELECT * { ?c skos:notation ?n }")}
    frame[measure] = frame[measure].map(Decimal)
    table = frame.pivot_table(measure, dimensions[4], dimensions[1], aggfunc="sum")
    return {
        (notations[str(row)], str(column)): amount
        for row, cells in table.to_dict("index").items() for column, amount in cells.items()
        if isinstance(amount, Decimal)
    }  # fmt: skip


def test_a_pivot_by_function_and_year_is_that_of_the_rows(
    store: ox.Store, corpus_linked: yusuan.Package
) -> None:
    """One row a class over the years, and no money lost: what has no function is a row as well."""
    expected: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in corpus_linked.rows("spending"):
        expected[row["function_class"] or "_Z", row["fiscal_year"]] += Decimal(row["amount"])
    found = pivot(store, corpus_linked.base)
    assert found == expected
    assert len({year for code, year in found if code == "208"}) > 3


def test_the_documentation_shows_what_a_tool_made_of_it(
    store: ox.Store, corpus_linked: yusuan.Package
) -> None:
    text = (ROOT / "docs" / "graph.md").read_text("utf-8").partition("## A pivot")[2]
    text = text.partition("\n## ")[0]
    head, _, *lines = re.findall(r"^\|(.*)\|$", text, re.MULTILINE)
    years = [cell.strip() for cell in head.split("|")][1:]
    printed = {
        (code.strip(), year): Decimal(cell.strip().replace(",", ""))
        for code, *cells in (line.split("|") for line in lines)
        for year, cell in zip(years, cells, strict=True) if cell.strip()
    }  # fmt: skip
    assert printed == pivot(store, corpus_linked.base)
