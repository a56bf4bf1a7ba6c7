"""The processor that our CSVW metadata are held against passes the W3C tests."""

from __future__ import annotations

import pytest
from benchmarks.csvw_w3c import folder, results

TESTS = 270


def test_all_w3c_tests_of_csvw_to_rdf_pass() -> None:
    if not folder().is_dir():
        pytest.skip(f"the W3C tests of CSVW are not at {folder()} (set YUSUAN_W3C)")
    found = list(results(folder()))
    assert [(name, wrong) for name, _, wrong in found if wrong] == []
    assert len(found) == TESTS
