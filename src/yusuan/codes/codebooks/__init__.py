"""The Ministry's yearly publication of a classification, read from a document."""

from yusuan.codes.codebooks.read import read_codebook
from yusuan.codes.codebooks.records import (
    Changes,
    Codebook,
    ListItem,
    ListProblem,
    PrintedPlace,
    compare,
)
from yusuan.codes.codebooks.words import code_above, level_names, list_ids

__all__ = [
    "Changes",
    "Codebook",
    "ListItem",
    "ListProblem",
    "PrintedPlace",
    "code_above",
    "compare",
    "level_names",
    "list_ids",
    "read_codebook",
]  # fmt: skip
