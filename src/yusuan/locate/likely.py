"""Which explanations of a cause stay in the running."""

from __future__ import annotations

from yusuan.locate.model import Cause, Explanation
from yusuan.locate.slips import costs

__all__ = ["likeliest"]


def likeliest(cause: Cause) -> tuple[Explanation, ...]:
    """The explanations that are not clearly less likely than the first."""
    if not cause.explanations:
        return ()
    limit = cause.explanations[0].cost + costs().margin
    return tuple(each for each in cause.explanations if each.cost < limit)
