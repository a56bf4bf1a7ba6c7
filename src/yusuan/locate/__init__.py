"""Which printed number is wrong: pure arithmetic on quantities and the relations between them.

Knows nothing of documents, tables or rules; ``yusuan.checks`` brings both and words the result.
"""

from yusuan.locate.judge import judge
from yusuan.locate.likely import likeliest
from yusuan.locate.model import Cause, Change, Explanation, Judgement, Quantity, Relation
from yusuan.locate.slips import slip_from

__all__ = [
    "Cause",
    "Change",
    "Explanation",
    "Judgement",
    "Quantity",
    "Relation",
    "judge",
    "likeliest",
    "slip_from",
]
