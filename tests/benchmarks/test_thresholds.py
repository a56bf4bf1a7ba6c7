"""The benchmark that moves thresholds finds them, and sees whether a test notices."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from benchmarks.thresholds import NO_THRESHOLDS, SOURCE, Threshold, noticed, related, thresholds


@pytest.fixture(scope="module")
def found() -> dict[str, Threshold]:
    return {f"{each.module} {each.name}": each for each in thresholds()}


@pytest.fixture(scope="module")
def rows(found: dict[str, Threshold]) -> Threshold:
    return found["tables/undetected.py _ROWS"]


def test_every_exception_is_a_constant_or_a_module(found: dict[str, Threshold]) -> None:
    for name in NO_THRESHOLDS:
        module, _, constant = name.partition(" ")
        text = (SOURCE / module).read_text("utf-8")
        assigned = rf"^(\w+, )*{constant}((, \w+)* = |: )"
        assert not constant or re.search(assigned, text, re.MULTILINE), name
        assert name not in found


def test_constants_set_two_in_a_line_are_found(found: dict[str, Threshold]) -> None:
    assert {"sources/pdf/markup.py _MIDDLE", "sources/pdf/markup.py _ABOUT"} <= found.keys()


@pytest.mark.parametrize(
    ("value", "moves"), [(3, (4, 2)), (40, (50, 30)), (0.8, (1.0, 0.6)), (-4, (-3, -5))]
)
def test_a_step_is_one_or_a_quarter(value: float, moves: tuple[float, float]) -> None:
    assert Threshold("", "", value, frozenset()).moves == pytest.approx(moves)


def test_tests_of_its_functions_are_chosen_those_of_its_module_first(rows: Threshold) -> None:
    line = min(rows.readers[rows.module])
    test = {"seconds": 1.0, "calls": {rows.module: [line]}, "failed": False}
    other = {"seconds": 1.0, "calls": {rows.module: [line + 10_000]}, "failed": False}
    slow = {**test, "seconds": 60.0}
    known = {"a.py::1": test, "test_undetected.py::1": test, "b.py::1": other, "c.py::1": slow}
    assert related(rows, known, 10.0) == ["test_undetected.py::1", "a.py::1"]
    assert related(rows, known, 0.5) == ["test_undetected.py::1"]


@pytest.mark.skipif(sys.platform == "win32", reason="needs to fork")
def test_a_move_is_noticed_by_a_test_that_fails(
    rows: Threshold, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("test_one.py").write_text(
        f"from yusuan.tables import undetected\ndef test(): assert undetected._ROWS == {rows.value}\n"
    )
    assert noticed(rows, rows.value + 1, ["test_one.py::test"], 10.0)
    assert not noticed(rows, rows.value, ["test_one.py::test"], 10.0)
    with pytest.raises(RuntimeError, match="_ROWS: pytest ended with 3"):
        noticed(rows, rows.value, ["test_one.py::test_gone"], 10.0)
