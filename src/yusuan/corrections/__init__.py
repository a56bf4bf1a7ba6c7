"""Proposals out as a patch that people sign, signed patches back in as corrections.

What is published is never changed: a correction stands beside the fact or claim it corrects.
"""

from yusuan.corrections.apply import AppliedPatches, compared, corrected_contents, corrections_of
from yusuan.corrections.patches import (
    FILLED,
    Patch,
    WrittenPatch,
    carried_patches,
    decide,
    decision,
    earlier_rows,
    read_patch,
    write_patch,
)
from yusuan.corrections.proposals import Proposals, proposals

__all__ = [
    "FILLED", "AppliedPatches", "Patch", "Proposals", "WrittenPatch", "carried_patches", "compared",
    "corrected_contents", "corrections_of", "decide", "decision", "earlier_rows", "proposals", "read_patch", "write_patch",
]  # fmt: skip
