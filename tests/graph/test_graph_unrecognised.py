"""What was not recognised in the graph: with its document's budget, or by itself."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pyoxigraph as ox

import yusuan
from tests.disclosures import EXPENDITURE, ROWS, disclosure_text, write
from yusuan.graph.prefixes import PREFIXES
from yusuan.graph.validate import graph_violations

PREFIX = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
GRID = "财政拨款支出表\n\n科目编码\t科目名称\t某某数\n2130301\t行政运行\t100\n"


def test_rows_of_each_kind_conform_and_a_file_stands_in_no_budget(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    write(folder, "没有表格的文字。\n", "bad.md")
    with zipfile.ZipFile(folder / "good.zip", "w") as archive:
        standard = EXPENDITURE.format(unit="万元", rows="\n".join(ROWS))
        archive.writestr("a.txt", disclosure_text(standard, GRID))
        archive.writestr("b.pptx", "slides")
    built = yusuan.build(folder, tmp_path / "out")
    store = ox.Store.read_only(str(built.folder / "graph" / "store"))
    found = store.query(
        PREFIX
        + "SELECT ?scope (BOUND(?g) AS ?within) WHERE "
        + "{ { ?x a ys:Unrecognised ; ys:scope ?scope } UNION "
        + "{ GRAPH ?g { ?x a ys:Unrecognised ; ys:scope ?scope } } } ORDER BY ?scope"
    )
    assert isinstance(found, ox.QuerySolutions)
    assert [(row["scope"].value, row["within"].value) for row in found] == [
        ("file", "false"), ("member", "true"), ("table", "true"),
    ]  # fmt: skip
    assert list(graph_violations(built.folder / "graph" / "budget.trig")) == []
