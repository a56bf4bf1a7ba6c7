"""The Ministry's yearly publication of a classification, read from a document."""

from yusuan.codebooks.compare import Changes, compare
from yusuan.codebooks.read import read_codebook
from yusuan.codebooks.records import Codebook, ListItem, ListProblem, PrintedPlace
from yusuan.codebooks.words import code_above, level_names, list_ids

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
