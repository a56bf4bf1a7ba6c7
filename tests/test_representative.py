"""What the suite takes of a product leaves out no row and no column of it."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import representative
from tests.representative import few_or, in_turn


@given(st.integers(1, 30), st.integers(1, 30), st.integers(1, 4))
def test_no_row_and_no_column_is_left_out(rows: int, columns: int, each: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(representative, "FULL", False)
        pairs = in_turn(range(rows), range(columns), each)
    assert len(pairs) == len(set(pairs))
    assert {row for row, _ in pairs} == set(range(rows))
    often = Counter(column for _, column in pairs)
    assert set(often) == set(range(columns))
    assert max(often.values()) - min(often.values()) <= 1


def test_a_full_run_takes_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(representative, "FULL", True)
    assert len(in_turn("abcd", "xyz")) == 12
    assert few_or(2, 50) == 50
