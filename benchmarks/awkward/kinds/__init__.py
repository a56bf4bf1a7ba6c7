"""The kinds of awkwardness: what each does to a table, and which formats can carry it."""

from __future__ import annotations

from benchmarks.awkward.kinds import amounts, sentences, sheets, structure, unseen
from benchmarks.awkward.kinds.kind import KINDS, Kind, Scene

__all__ = ["KINDS", "Kind", "Scene", "amounts", "sentences", "sheets", "structure", "unseen"]
