"""The package: valid, exact, the same bytes every time, and one schema behind every face."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
from dataclasses import fields
from decimal import Decimal
from pathlib import Path

import pytest

import yusuan
from tests.conftest import ROOT
from tests.disclosures import disclosure_text, write
from yusuan.model import findings, records
from yusuan.model.corrections import Correction
from yusuan.model.links import DoubtfulLink, OrganisationChange, OrganisationName, RecordLink
from yusuan.schema import catalogue

COLUMN_TYPES = ROOT.parent / "shared" / "reference" / "fiscal-column-types.json"


def test_the_stock_framework_finds_it_valid(package: yusuan.Package) -> None:
    program = Path(sys.executable).with_name("frictionless")
    done = subprocess.run([program, "validate", package.folder / "datapackage.json"],
                          capture_output=True, text=True, check=False)  # fmt: skip
    assert done.returncode == 0, done.stdout


@pytest.mark.usefixtures("quick_framework")
@pytest.mark.smoke
def test_validation_names_what_was_changed(package: yusuan.Package, tmp_path: Path) -> None:
    assert yusuan.validate_package(package.folder).valid
    copy = tmp_path / "copy"
    shutil.copytree(package.folder, copy)
    path = copy / "data" / "facts.csv"
    path.write_text(path.read_text("utf-8").replace(",24920000,", ",24940000,", 1), "utf-8")
    verdict = yusuan.validate_package(copy)
    assert not verdict.valid
    assert {error.resource for error in verdict.errors} == {"facts"}
    assert "哈希" in str(verdict.errors[0])


def test_136_facts_each_traced_to_its_cell(package: yusuan.Package, sample: Path) -> None:
    lines = sample.read_text("utf-8").split("\n")
    facts = package.facts
    assert len(facts) == 136
    for fact in facts.itertuples():
        column = ord(fact.cell[0]) - ord("A")
        assert lines[fact.line - 1].split("\t")[column].strip() == fact.printed
        assert fact.amount == Decimal(fact.printed) * fact.unit


def test_details_add_up_to_the_printed_total(package: yusuan.Package) -> None:
    facts = package.facts
    rows = facts[(facts.table == "expenditure-summary") & (facts.is_total == False)]  # noqa: E712
    assert rows.amount.sum() == Decimal(24_920_000)


@pytest.mark.smoke
def test_codes_stay_text_and_blanks_stay_blank(package: yusuan.Package) -> None:
    with (package.folder / "data" / "government-fund-expenditure.csv").open(
        encoding="utf-8"
    ) as stream:
        rows = list(csv.DictReader(stream))
    assert [row["functional_code"] for row in rows] == ["2120801", "2121399", "2121401"]
    assert {row["total"] for row in rows} == {""}
    assert package.frame("general-budget-basic-expenditure")["economic_code"][1] == "30101"


def test_a_code_in_no_list_keeps_a_row(package: yusuan.Package) -> None:
    codes = {row["code"]: row["status"] for row in package.rows("expenditure-function")}
    assert codes["2210101"] == "unlisted"
    assert codes["2080505"] == "attested"


def test_column_types_are_of_the_fiscal_taxonomy() -> None:
    if not COLUMN_TYPES.exists():
        pytest.skip("the column type taxonomy is not at ../shared/reference")
    known = json.loads(COLUMN_TYPES.read_text("utf-8"))
    for resource in (catalogue()["facts"], *catalogue().derived):
        used = [field.column_type for field in resource.fields]
        assert set(used) <= set(known), resource.name
        told = [name for name in used if name and not name.startswith("unknown:")]
        assert len(told) == len(set(told)), resource.name
        labelled = {known[name].get("labelfor", name) for name in told}
        assert labelled <= set(told), resource.name


@pytest.mark.parametrize(
    ("resource", "record"),
    [
        ("facts", records.Fact), ("documents", records.DocumentRecord),
        ("departments", records.Department), ("units", records.Unit),
        ("projects", records.Project), ("indicators", records.Indicator),
        ("claims", records.Claim), ("holdings", records.Holding),
        ("glossary", records.GlossaryEntry), ("findings", findings.Finding),
        ("unrecognised", records.Unrecognised), ("published-tables", records.PublishedTable),
        ("corrections", Correction), ("links", RecordLink), ("links-to-review", DoubtfulLink),
        ("organisation-changes", OrganisationChange), ("organisation-names", OrganisationName),
    ],
)  # fmt: skip
def test_records_have_the_columns_of_their_schema(resource: str, record: type) -> None:
    own = {field.name for field in fields(record) if not field.metadata.get("internal")}
    worked_out = {name for name, value in vars(record).items() if isinstance(value, property)}
    if resource == "findings":  # of its document
        worked_out |= {"department", "fiscal_year", "phase"}
    assert own <= {field.name for field in catalogue()[resource].fields} <= own | worked_out


def test_every_field_has_titles_in_both_languages() -> None:
    for resource in catalogue().resources:
        for field in resource.fields:
            assert field.title, (resource.name, field.name)
            assert field.title_en, (resource.name, field.name)


@pytest.mark.smoke
def test_the_committed_package_is_what_the_sample_gives(package: yusuan.Package) -> None:
    """Byte for byte; `make datapackage` rebuilds it."""
    committed = ROOT / "datapackage"
    names = sorted(
        path.relative_to(committed).as_posix()
        for folder in ("data", "source")
        for path in (committed / folder).iterdir()
    )
    for name in ["datapackage.json", "csv-metadata.json", *names]:
        assert (committed / name).read_bytes() == (package.folder / name).read_bytes(), name
    built = {path.name for path in (package.folder / "data").iterdir()}
    assert built == {path.name for path in (committed / "data").iterdir()}


def test_building_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    path = write(tmp_path, disclosure_text())
    one, two = (yusuan.build(path, tmp_path / name).folder for name in ("one", "two"))
    for file in sorted(one.rglob("*")):
        if file.is_file() and "store" not in file.parts and file.suffix != ".duckdb":
            assert file.read_bytes() == (two / file.relative_to(one)).read_bytes(), file


def test_several_documents_in_parallel_are_one_package(tmp_path: Path) -> None:
    for year in (2021, 2022, 2023):
        write(tmp_path, disclosure_text().replace("2023", str(year)), f"{year}.md")
    alone = yusuan.build(tmp_path, tmp_path / "alone").folder
    together = yusuan.build(tmp_path, tmp_path / "together", jobs=2).folder
    assert (alone / "data/facts.csv").read_bytes() == (together / "data/facts.csv").read_bytes()
    assert len(yusuan.open_package(alone).documents) == 3


@pytest.mark.usefixtures("quick_framework")
def test_two_years_of_the_same_department_are_one_package(sample: Path, tmp_path: Path) -> None:
    """Everything the sample has twice over: no identifier may clash."""
    text = sample.read_text("utf-8")
    for year in ("2022", "2023"):
        write(tmp_path, text.replace("2022", year), f"{year}.md")
    package = yusuan.build(tmp_path, tmp_path / "out")
    assert len(package.facts) == 272
    assert len(package.departments) == 1
    assert yusuan.validate_package(package.folder).valid


def test_without_output_the_package_lives_as_long_as_the_object(tmp_path: Path) -> None:
    package = yusuan.build(write(tmp_path, disclosure_text()))
    folder = package.folder
    assert len(package.facts) == 7
    del package
    assert not folder.exists()
