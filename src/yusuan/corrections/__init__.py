"""Proposals out as a patch that people sign, signed patches back in as corrections.

What is published is never changed: a correction stands beside the fact or claim it corrects.
"""

from yusuan.corrections.apply import Applied, compared, corrections_of
from yusuan.corrections.corrected import corrected_contents
from yusuan.corrections.propose import Proposals, proposals
from yusuan.corrections.read import Patch, read_patch
from yusuan.corrections.write import Written, earlier_rows, write_patch

__all__ = [
    "Applied", "Patch", "Proposals", "Written", "compared", "corrected_contents", "corrections_of",
    "earlier_rows", "proposals", "read_patch", "write_patch",
]  # fmt: skip
