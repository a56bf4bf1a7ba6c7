"""The suite runs a few of what a full run takes all of: layouts in formats, kinds, seeds.

``YUSUAN_FULL=1 python -m pytest`` (``make test-full``) runs the full products.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from itertools import product
from typing import TypeVar

__all__ = ["FULL", "few_or", "in_turn"]

FULL = os.environ.get("YUSUAN_FULL", "0") not in ("", "0")

Row = TypeVar("Row")
Value = TypeVar("Value")
Column = TypeVar("Column")


def few_or(few: Value, many: Value) -> Value:
    """What a test takes, a number as a rule: ``few`` in the suite, ``many`` in a full run."""
    return many if FULL else few


def in_turn(
    rows: Sequence[Row], columns: Sequence[Column], each: int = 1
) -> list[tuple[Row, Column]]:
    """Pairs in which every row stands ``each`` times and every column about as often as the
    others; in a full run, all pairs.

    Where there are more columns than rows, rows stand more often, so that no column is left out.
    """
    if FULL:
        return list(dict.fromkeys(product(rows, columns)))
    each = max(each, -(-len(columns) // len(rows)))
    pairs = [
        (row, columns[(number * each + turn) % len(columns)])
        for number, row in enumerate(rows)
        for turn in range(min(each, len(columns)))
    ]
    return list(dict.fromkeys(pairs))
