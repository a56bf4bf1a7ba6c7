"""The CSVW metadata: standard, complete, and meaning exactly what the graph says."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from typing import Any

import pyoxigraph as ox
import pytest

import yusuan
from tests.graph.csvw.convert import minimal_triples
from yusuan.graph.csvw import csv_metadata
from yusuan.graph.prefixes import PROLOGUE, VOCABULARY
from yusuan.graph.trig import rows_trig
from yusuan.model.errors import YusuanError
from yusuan.schema import catalogue
from yusuan.schema.resource import RowStatement

BASE = "https://data.example.org/"


@pytest.fixture(scope="module")
def metadata(package: yusuan.Package) -> dict[str, Any]:
    text = (package.folder / "csv-metadata.json").read_text("utf-8")
    return dict(json.loads(text))


@pytest.fixture(scope="module")
def independent(package: yusuan.Package) -> dict[str, set[ox.Triple]]:
    return minimal_triples(package.folder)


def column_of(metadata: dict[str, Any], table: str, name: str) -> dict[str, Any]:
    [found] = [
        column for item in metadata["tables"] if item["url"] == f"data/{table}.csv"
        for column in item["tableSchema"]["columns"] if column["name"] == name
    ]  # fmt: skip
    return dict(found)


@pytest.mark.parametrize("name", [resource.name for resource in catalogue().resources])
def test_another_csvw_processor_gets_the_same_triples(
    name: str, package: yusuan.Package, independent: dict[str, set[ox.Triple]]
) -> None:
    """One that passes the W3C tests: see benchmarks/csvw_w3c.py."""
    resource = catalogue()[name]
    said = b"".join((PROLOGUE, *rows_trig(package, [resource])))
    ours = {quad.triple for quad in ox.parse(said, format=ox.RdfFormat.TRIG)}
    assert ours == independent[resource.path]
    assert bool(ours) == any(True for _ in package.rows(name))


def test_an_amount_is_described_for_people_and_machines() -> None:
    metadata = csv_metadata(BASE, catalogue().resources)
    assert column_of(metadata, "facts", "amount") == {
        "name": "amount",
        "titles": {"und": "amount", "zh": "金额（元）", "en": "Amount (yuan)"},
        "datatype": "decimal",
        "required": True,
        "propertyUrl": "https://w3id.org/yusuan/def#amount",
    }


def test_a_key_points_to_the_subject_it_is_the_key_of() -> None:
    metadata = csv_metadata(BASE, catalogue().resources)
    values = {
        name: column_of(metadata, "facts", name)["valueUrl"]
        for name in ("department", "function", "fund_source")
    }
    assert values == {
        "department": f"{BASE}id/department/{{department}}",
        "function": f"{BASE}id/code/expenditure-function/{{function}}",
        "fund_source": f"{BASE}def/fund-source/{{fund_source}}",
    }
    parent = column_of(metadata, "items", "parent")
    assert parent["valueUrl"] == f"{BASE}def/item/{{parent}}"


def test_an_amount_of_a_printed_table_keeps_its_spelling() -> None:
    """In yuan, to be added up, it is in the graph once: as a fact."""
    metadata = csv_metadata(BASE, catalogue().resources)
    column = column_of(metadata, "expenditure-summary", "basic")
    assert column["propertyUrl"] == f"{BASE}def/column/expenditure-summary/basic"
    assert column["datatype"] == {"@id": f"{VOCABULARY}StatedNumber", "base": "decimal"}


def test_foreign_keys_refer_to_tables_and_columns_there_are(metadata: dict[str, Any]) -> None:
    columns = {
        table["url"]: {column["name"] for column in table["tableSchema"]["columns"]}
        for table in metadata["tables"]
    }
    keys = 0
    for table in metadata["tables"]:
        assert table["tableSchema"]["primaryKey"] in columns[table["url"]]
        for key in table["tableSchema"].get("foreignKeys", ()):
            assert key["columnReference"] in columns[table["url"]]
            assert key["reference"]["columnReference"] in columns[key["reference"]["resource"]]
            keys += 1
    assert keys > 30


def test_the_files_have_the_headers_and_the_cells_that_the_metadata_promise(
    metadata: dict[str, Any], package: yusuan.Package
) -> None:
    for table in metadata["tables"]:
        columns = [c for c in table["tableSchema"]["columns"] if not c.get("virtual")]
        with (package.folder / table["url"]).open(encoding="utf-8", newline="") as stream:
            header, *rows = csv.reader(stream)
        assert header == [column["titles"]["und"] for column in columns]
        required = [place for place, c in enumerate(columns) if c.get("required")]
        assert all(row[place] for row in rows for place in required), table["url"]


def test_column_names_are_valid_variables_and_unique(metadata: dict[str, Any]) -> None:
    for table in metadata["tables"]:
        names = [column["name"] for column in table["tableSchema"]["columns"]]
        assert len(names) == len(set(names)), table["url"]
        assert not [name for name in names if name.startswith("_") or not name.isidentifier()]


def test_a_template_may_not_depend_on_a_column_that_can_be_blank() -> None:
    facts = catalogue()["facts"]
    broken = replace(facts, links=(RowStatement("ys:project", "id/project/{project}"),))
    with pytest.raises(YusuanError, match="uses project, which is no required column"):
        csv_metadata(BASE, [broken, *catalogue().resources[1:]])


@pytest.mark.parametrize("base", ["", "data/", "https://", "https://a b/", "https://a.example"])
def test_a_base_that_makes_no_iris_is_refused(base: str) -> None:
    with pytest.raises(YusuanError, match="not usable as the base"):
        csv_metadata(base, catalogue().resources)
