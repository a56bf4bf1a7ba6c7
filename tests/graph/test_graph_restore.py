"""A graph gives back the CSV files of its package, byte for byte."""

from __future__ import annotations

import csv
import io
import shutil
from pathlib import Path

import pyoxigraph as ox
import pytest
from benchmarks.layouts.layouts import LAYOUTS
from benchmarks.layouts.render import render
from click.testing import CliRunner

import yusuan
from tests.representative import few_or
from yusuan.cli import main
from yusuan.graph.csvw import csv_metadata
from yusuan.graph.restore import TableInverse, restore
from yusuan.model.errors import YusuanError
from yusuan.schema import catalogue

BASE = "https://data.example.org/"
NOT_IN_THE_GRAPH = {"links-to-review.csv"}


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((folder / "data").iterdir())}


def same_after_the_round_trip(package: yusuan.Package, folder: Path) -> None:
    count = restore(package.folder / "graph" / "budget.trig", folder / "restored")
    names = [resource.name for resource in catalogue().resources if resource.about_url]
    assert count == sum(1 for name in names for _ in package.rows(name))
    restored = files(folder / "restored")
    assert {*files(package.folder)} - {*restored} == NOT_IN_THE_GRAPH
    for name, content in restored.items():
        assert content == (package.folder / "data" / name).read_bytes(), name


def test_the_sample_comes_back(package: yusuan.Package, tmp_path: Path) -> None:
    same_after_the_round_trip(package, tmp_path)


def test_a_package_of_all_formats_comes_back(mixed: yusuan.Package, tmp_path: Path) -> None:
    same_after_the_round_trip(mixed, tmp_path)


def test_packages_of_many_layouts_come_back(tmp_path: Path) -> None:
    """Among them one with two tables of a kind, which have cells of the same address."""
    folder = tmp_path / "in"
    folder.mkdir()
    for layout in {LAYOUTS["shenzhen"], *list(LAYOUTS.values())[:: few_or(15, 6)]}:
        render(layout(), "text", folder)
    same_after_the_round_trip(yusuan.build(folder, tmp_path / "package"), tmp_path)


def test_real_disclosures_come_back(corpus_linked: yusuan.Package, tmp_path: Path) -> None:
    same_after_the_round_trip(corpus_linked, tmp_path)


def test_a_store_changes_no_spelling(package: yusuan.Package, tmp_path: Path) -> None:
    """It keeps no order, neither of rows nor of the names in a cell; all else is the same."""
    store = ox.Store.read_only(str(package.folder / "graph" / "store"))
    dump = tmp_path / "dump.nq"
    store.dump(str(dump), format=ox.RdfFormat.N_QUADS)
    restore(dump, tmp_path / "restored")

    def content(text: bytes) -> list[list[list[str]]]:
        rows = csv.reader(io.StringIO(text.decode(), newline=""))
        return sorted([sorted(cell.split("|")) for cell in row] for row in rows)

    restored = files(tmp_path / "restored")
    for name, text in restored.items():
        assert content(text) == content((package.folder / "data" / name).read_bytes()), name


def test_every_column_of_every_table_is_in_the_graph() -> None:
    """A column that neither a property nor a template holds is refused, not lost."""
    printed = [resource for resource in catalogue().resources if not resource.derived_from]
    described = csv_metadata(BASE, printed)["tables"]
    tables = [table for table in described if "aboutUrl" in table["tableSchema"]]
    assert [TableInverse(table).url for table in tables] == [table["url"] for table in tables]
    facts = next(table for table in tables if table["url"] == "data/facts.csv")
    column = next(c for c in facts["tableSchema"]["columns"] if c["name"] == "printed")
    column["suppressOutput"] = True
    with pytest.raises(YusuanError, match=r"facts.csv: printed would be lost"):
        TableInverse(facts)


def test_two_columns_that_say_the_same_are_refused() -> None:
    tables = csv_metadata(BASE, catalogue().resources)["tables"]
    facts = next(table for table in tables if table["url"] == "data/facts.csv")
    columns = {column["name"]: column for column in facts["tableSchema"]["columns"]}
    columns["unit"]["propertyUrl"] = columns["decimals"]["propertyUrl"]
    with pytest.raises(YusuanError, match="two columns say the same"):
        TableInverse(facts)


def test_the_command_restores_into_a_new_folder_only(
    package: yusuan.Package, tmp_path: Path
) -> None:
    graph = str(package.folder / "graph" / "budget.trig")
    out = tmp_path / "out"
    result = CliRunner().invoke(main, ["restore", graph, "--output", str(out)])
    assert result.exit_code == 0, result.output
    assert files(out).items() <= files(package.folder).items()
    again = CliRunner().invoke(main, ["restore", graph, "--output", str(out)])
    assert again.exit_code == 2
    assert "already there" in again.output


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        ("not a graph\n", "cannot be read as TriG"),
        ("", "holds no catalogues of budgets"),
        ("twice", "holds 2 catalogues of budgets"),
        ("more", "several values"),
        (None, "cannot be read as TriG"),
    ],
    ids=["no-graph", "empty", "two-packages", "two-values", "missing"],
)
def test_what_is_no_graph_of_one_package_is_refused_and_nothing_written(
    damage: str | None, message: str, package: yusuan.Package, tmp_path: Path
) -> None:
    graph = tmp_path / "damaged.trig"
    if damage in ("twice", "more"):
        shutil.copy(package.folder / "graph" / "budget.trig", graph)
        text = graph.read_text("utf-8")
        if damage == "twice":
            text += text.replace(package.base, BASE)
        else:
            line = next(line for line in text.splitlines() if "ys:sha256 " in line)
            text = text.replace(line, line + line.replace(' "', ' "0'))
        graph.write_text(text, "utf-8")
    elif damage is not None:
        graph.write_text(damage, "utf-8")
    with pytest.raises(YusuanError, match=message):
        restore(graph, tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir()] in ([], ["damaged.trig"])
