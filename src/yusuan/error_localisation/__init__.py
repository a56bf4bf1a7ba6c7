"""Which printed number is wrong: pure arithmetic on rounded numbers and the relations between them.

Knows nothing of documents, tables or rules; ``yusuan.checks`` brings both and words the result.
"""

from yusuan.error_localisation.error_patterns import likeliest_digit_error
from yusuan.error_localisation.explanations import likeliest
from yusuan.error_localisation.localisation import localise
from yusuan.error_localisation.records import (
    Cause,
    Certainty,
    Explanation,
    Localisation,
    NumberChange,
    Relation,
    RoundedNumber,
)

__all__ = [
    "Cause",
    "Certainty",
    "Explanation",
    "Localisation",
    "NumberChange",
    "Relation",
    "RoundedNumber",
    "likeliest",
    "likeliest_digit_error",
    "localise",
]
