"""What a web page says does not depend on where the lines of its file break."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from benchmarks.layouts.layouts import LAYOUTS
from benchmarks.layouts.render import render

from tests.representative import few_or
from yusuan.pipeline import check_sources


def said(path: Path, page: str) -> dict[str, list[tuple[Any, ...]]]:
    """Facts, findings, claims and leftovers of a page, without their lines in the file."""
    path.write_text(page, "utf-8")
    checked = check_sources(path)
    contents = checked.contents

    def line_out(text: str) -> str:
        return re.sub(r"第[\d,]+行|line [\d,]+", "", text)

    return {
        "facts": sorted((f.table, f.key, f.column or "", f.cell, f.amount, f.row_type)
                        for f in contents.facts),
        "findings": sorted((f.rule, f.verdict, f.cell or "", line_out(f.message_en))
                           for f in checked.findings),
        "claims": sorted((c.subject or "", c.measure, c.printed) for c in contents.claims),
        "unrecognised": sorted((u.scope, u.printed or "", u.cell or "") for u in contents.unrecognised),
    }  # fmt: skip


@pytest.mark.parametrize("layout", list(LAYOUTS)[:: few_or(12, 2)])
def test_lines_of_a_page_mean_nothing(layout: str, tmp_path: Path) -> None:
    path = render(LAYOUTS[layout](), "html", tmp_path)
    page = path.read_text("utf-8")
    assert page.count("\n") > 20
    spread = page.replace("<td", "\n<td").replace("<p", "\n<p")
    as_made = said(path, page)
    assert as_made["facts"]
    assert said(path, page.replace("\n", "")) == as_made
    assert said(path, spread) == as_made
