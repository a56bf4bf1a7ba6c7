"""Tables that go on over pages, with what runs along the margins: all rows, and nothing between."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.sources.torn import FEET, HEAD, HEADS, Form, Torn, any_torn, rows_of, written
from yusuan.model.document import Block, Grid
from yusuan.sources.pdf.reading import read_pdf
from yusuan.sources.text import read_text


def blocks_of(torn: Torn, form: Form) -> tuple[Block, ...]:
    name, content = written(torn, form)
    return (read_text if form == "text" else read_pdf)(content, name).blocks


def assert_whole(torn: Torn, form: Form) -> None:
    blocks = blocks_of(torn, form)
    first = next(index for index, block in enumerate(blocks) if isinstance(block, Grid))
    grids = [block for block in blocks if isinstance(block, Grid)]
    printed = [tuple(cell.text for cell in row) for grid in grids for row in grid.rows]
    assert [row for row in printed if row != HEAD] == torn.rows
    assert printed.count(HEAD) == (len(torn.pages) if torn.repeated else 1)
    assert list(blocks[first : first + len(grids)]) == grids, "something stands between the parts"


@pytest.mark.parametrize("form", ["pdf", "ruled", "text"])
@pytest.mark.parametrize("seed", range(8))
def test_table_goes_on_over_pages(seed: int, form: Form) -> None:
    torn = replace(any_torn(seed), first=True, form_feed=True)
    assert_whole(torn, form)


@pytest.mark.parametrize("repeated", [False, True])
@pytest.mark.parametrize("form", ["pdf", "text"])
@pytest.mark.parametrize(("head", "foot"), [*zip(HEADS, FEET, strict=False)])
def test_what_runs_along_the_margins_is_of_no_table(
    head: str, foot: str, form: Form, repeated: bool
) -> None:
    rows = rows_of(3, 3)
    assert_whole(Torn([rows[:4], rows[4:7], rows[7:]], head, foot, repeated), form)
