"""Every printed amount of every layout becomes a fact, nothing else does, and nothing is an error.

``python -m benchmarks.layouts.score`` tells what is missed, in all formats. Here each layout is read
in one format, in turn: every other one as PDF. A full run reads each in all of them.
"""

from __future__ import annotations

import pytest
from benchmarks.layouts.layouts import LAYOUTS
from benchmarks.layouts.render import FORMATS
from benchmarks.layouts.score import explain, score

from tests.representative import in_turn

IN_TURN = [name for other in FORMATS if other != "pdf" for name in ("pdf", other)]
CASES = in_turn(list(LAYOUTS), IN_TURN)


@pytest.mark.parametrize(("layout", "format_name"), CASES)
def test_all_amounts_are_read(layout: str, format_name: str) -> None:
    result = score(layout, format_name)
    told = "\n".join(explain(result))
    assert result.expected > 50
    assert result.coverage >= 0.995, told
    assert not result.foreign, told
    assert not result.errors, told
    assert not result.claims, told
