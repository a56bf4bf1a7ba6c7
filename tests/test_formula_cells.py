"""Labels that a spreadsheet program would run: as published, and told."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

import yusuan
from tests.disclosures import disclosure_text, write
from yusuan.cli import main
from yusuan.package.validate import formula_cells, formula_note

LABEL = "=cmd|'/c calc'!A1"


def test_a_formula_stays_as_published_and_is_told(tmp_path: Path) -> None:
    rows = (f"213\t03\t01\t{LABEL}\t100\t100\t", "\t\t\t合 计\t100\t100\t")
    source = write(tmp_path, disclosure_text(rows=rows))
    made = CliRunner().invoke(main, ["build", str(source), "-o", str(tmp_path / "package")])
    assert made.exit_code == 0 and "take them for formulas" in made.output and LABEL in made.output
    package = yusuan.open_package(tmp_path / "package")
    labels = {row["row_label"] for row in package.rows("facts")}
    assert LABEL in labels
    found = list(formula_cells(package))
    first = next(cell for cell in found if cell.path == "data/facts.csv")
    assert first.text == LABEL
    assert list(package.rows("facts"))[first.row - 1][first.column] == LABEL
    ran = CliRunner().invoke(
        main, ["publish", "static", str(package.folder), str(tmp_path / "site")]
    )
    assert ran.exit_code == 0 and "take them for formulas" in ran.output and LABEL in ran.output
    published = (tmp_path / "site" / "data" / "facts.csv").read_bytes()
    assert published == (package.folder / "data" / "facts.csv").read_bytes()


@pytest.mark.parametrize(
    "label",
    ["=1+1", "＝SUM(A1)", "+cmd|x", "-2+3+cmd|' /C calc'!A0", "@SUM(1+1)", " =HYPERLINK(1)"],
)
def test_what_spreadsheets_run_is_told(package: yusuan.Package, tmp_path: Path, label: str) -> None:
    assert [cell.text for cell in _glossary(package, tmp_path, label)] == [label]


@pytest.mark.parametrize(
    "label", ["-", "——", "-12.5", "+3", "=", "==", "－办公费", "行政运行(=)", "@"]
)
def test_dashes_and_amounts_are_no_formulas(
    package: yusuan.Package, tmp_path: Path, label: str
) -> None:
    assert _glossary(package, tmp_path, label) == []


def test_the_sample_has_none(package: yusuan.Package) -> None:
    assert formula_note(package) is None


def _glossary(package: yusuan.Package, folder: Path, term: str) -> list[object]:
    """The cells told of a package whose only text is one term."""
    path = folder / "data" / "glossary.csv"
    path.parent.mkdir()
    heading = (package.folder / "data" / "glossary.csv").read_text("utf-8").splitlines()[0]
    columns = heading.split(",")
    cells = [term if column == "term" else "" for column in columns]
    path.write_text(f"{heading}\n{','.join(chr(34) + cell + chr(34) for cell in cells)}\n", "utf-8")
    resources = [each for each in package.descriptor["resources"] if each["name"] == "glossary"]
    return list(
        formula_cells(yusuan.Package(folder, {**package.descriptor, "resources": resources}))
    )
