"""Every printed amount of every layout becomes a fact, nothing else does, and nothing is an error.

``python -m tests.layouts.score`` tells what is missed, in all formats. Here each layout is read as
PDF and in one of the other formats, in turn.
"""

from __future__ import annotations

import pytest

from tests.layouts.layouts import LAYOUTS
from tests.layouts.render import FORMATS
from tests.layouts.score import explain, score

OTHERS = [name for name in FORMATS if name != "pdf"]
CASES = [
    (layout, name)
    for index, layout in enumerate(LAYOUTS)
    for name in ("pdf", OTHERS[index % len(OTHERS)])
]


@pytest.mark.parametrize(("layout", "format_name"), CASES)
def test_all_amounts_are_read(layout: str, format_name: str) -> None:
    result = score(layout, format_name)
    told = "\n".join(explain(result))
    assert result.expected > 50
    assert result.coverage >= 0.995, told
    assert not result.foreign, told
    assert not result.errors, told
    assert not result.claims, told
