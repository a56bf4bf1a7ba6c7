"""Numbers that a conditional format hides or strikes out are not seen, or are in doubt."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.formatting.rule import CellIsRule, DataBarRule, FormulaRule, Rule
from openpyxl.styles import Font, PatternFill
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat

from tests.sources.test_spreadsheet_cells import by_address
from yusuan.model.document import Cell
from yusuan.sources import read_document
from yusuan.sources.spreadsheets.conditional_format import comparison, formula_test

WHITE, RED = Font(color="FFFFFFFF"), Font(color="FFFF0000")
DARK = PatternFill("solid", bgColor="FF1F4E78")
ROWS = (("科目", "合计", "项目"), ("甲", 500, 0), ("乙", 40.25, 7), ("丙", 8, 9))


def is_value(operator: str, *numbers: str, **look: object) -> Rule:
    return CellIsRule(operator=operator, formula=list(numbers), **look)


def hidden_by_format(code: str) -> Rule:
    look = DifferentialStyle(numFmt=NumberFormat(numFmtId=170, formatCode=code))
    return Rule(type="cellIs", operator="greaterThan", formula=["100"], dxf=look)


def bars() -> Rule:
    return DataBarRule(start_type="min", end_type="max", color="FF638EC6", showValue=False)


CASES: dict[str, tuple[Callable[[], Rule], list[str], list[str]]] = {
    "white below 50": (lambda: is_value("lessThan", "50", font=WHITE), ["B3", "C3", "B4", "C4"], []),
    "white between": (lambda: is_value("between", "7", "9", font=WHITE), ["C3", "B4", "C4"], []),
    "struck": (lambda: is_value("equal", "40.25", font=Font(strike=True)), ["B3"], []),
    "shows nothing": (lambda: hidden_by_format(";;;"), ["B2"], []),
    "bars without numbers": (bars, ["B2", "B3", "C3", "B4", "C4"], []),
    "red": (lambda: is_value("lessThan", "50", font=RED), [], []),
    "white on dark": (lambda: is_value("lessThan", "50", font=WHITE, fill=DARK), [], []),
    "never": (lambda: is_value("greaterThan", "501", font=WHITE), [], []),
    "faults": (lambda: FormulaRule(formula=["ISERROR(B2)"], font=WHITE), [], []),
    "itself": (lambda: FormulaRule(formula=["B2>100"], font=WHITE), ["B2"], []),
    "another cell": (
        lambda: FormulaRule(formula=["$C2>8"], font=WHITE), [], ["B2", "B3", "C3", "B4", "C4"],
    ),
}  # fmt: skip


def workbook(folder: Path, rule: Rule) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in ROWS:
        sheet.append(row)
    sheet.conditional_formatting.add("B2:C4", rule)
    path = folder / "a.xlsx"
    book.save(path)
    return path


def hidden(cells: dict[str, Cell]) -> list[str]:
    return sorted((a for a, cell in cells.items() if cell.undisplayed), key=lambda a: (a[1], a[0]))


def doubted(cells: dict[str, Cell]) -> list[str]:
    return sorted((a for a, cell in cells.items() if cell.doubt), key=lambda a: (a[1], a[0]))


@pytest.mark.parametrize("name", CASES)
def test_what_a_rule_hides_is_no_text_of_the_cell(tmp_path: Path, name: str) -> None:
    rule, unseen, doubtful = CASES[name]
    cells = by_address(read_document(workbook(tmp_path, rule())))
    assert hidden(cells) == unseen
    assert [cells[address].text for address in unseen] == [""] * len(unseen)
    # 0 in C2 is not worth telling where it is hidden, and is in doubt where that is not known.
    assert [address for address in doubted(cells) if address != "C2"] == doubtful


def test_a_zero_that_is_hidden_is_a_blank(tmp_path: Path) -> None:
    cells = by_address(read_document(workbook(tmp_path, is_value("equal", "0", font=WHITE))))
    assert "C2" not in cells or (cells["C2"].text, cells["C2"].undisplayed) == ("", ())


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_the_other_formats_have_the_same_rules(tmp_path: Path) -> None:
    of_cells = ["white below 50", "white between", "struck", "red", "white on dark", "never"]
    names = [*of_cells, "faults", "itself", "another cell"]
    paths = []
    for number, name in enumerate(names):
        paths.append(workbook(tmp_path, CASES[name][0]()).rename(tmp_path / f"{number}.xlsx"))
    for suffix, known in (("ods", names), ("xls", of_cells)):  # there nothing is known of formulas
        subprocess.run(
            ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless",
             "--convert-to", suffix, "--outdir", str(tmp_path), *map(str, paths[: len(known)])],
            check=True, capture_output=True, timeout=180,
        )  # fmt: skip
        for number, name in enumerate(known):
            cells = by_address(read_document(tmp_path / f"{number}.{suffix}"))
            _, unseen, doubtful = CASES[name]
            found = [address for address in doubted(cells) if address != "C2"]
            assert (hidden(cells), found) == (unseen, doubtful), (name, suffix)


@given(st.decimals(-1000, 1000, places=2), st.decimals(-1000, 1000, places=2))
def test_comparisons_are_those_of_numbers(value: Decimal, than: Decimal) -> None:
    assert comparison("lessThan", [str(than)])(value) is (value < than)
    assert comparison("notEqual", [str(than)])(value) is (value != than)
    assert formula_test(f"=B2>={than}", "B2")(value) is (value >= than)
    low, high = sorted((than, Decimal(0)))
    assert comparison("notBetween", [str(than), "0"])(value) is not (low <= value <= high)


@pytest.mark.parametrize("formula", ["$B$2>1", "B3>1", "SUM(B2:B9)>1", "AND(B2>1,B2<5)", ""])
def test_of_other_formulas_nothing_is_known(formula: str) -> None:
    assert formula_test(formula, "B2")(Decimal(5)) is None
    assert comparison("equal", ["$A$1"])(Decimal(5)) is None
