"""Disclosures printed by an office program or a browser, or saved again, are read whole as well.

``python -m tests.layouts.score --format printed-docx`` tells what is missed of every layout. Here
a few layouts are read in each of these formats that the machine can make.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.layouts.layouts import LAYOUTS
from tests.layouts.render import PRINTED, missing, print_all
from tests.layouts.score import explain, score

SAMPLE = ("ministry", "gansu")
READ = ("printed-docx", "printed-html-edges", "saved-docx")
"""Of each way of printing and saving, the one that is hardest to read."""


@pytest.mark.parametrize("name", READ)
def test_all_amounts_are_read(name: str, tmp_path: Path) -> None:
    if lacking := missing(name):
        pytest.skip(f"{lacking} is not installed")
    paths = print_all([LAYOUTS[layout]() for layout in SAMPLE], name, tmp_path)
    assert name in PRINTED
    for layout, path in paths.items():
        result = score(layout, name, path)
        told = "\n".join(explain(result))
        assert result.expected > 50
        assert result.passes, told
