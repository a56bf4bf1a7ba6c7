"""What a kind of awkwardness is, and the register of them all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from benchmarks.awkward.document import Document, Line, Place, Table

__all__ = [
    "ALL", "KINDS", "PLAIN_TEXT", "SHEETS", "WRITTEN", "Kind", "Scene", "kind",
]  # fmt: skip

PLAIN_TEXT = ("md", "txt", "csv")
SHEETS = ("xlsx", "xls", "ods")
WRITTEN = ("md", "txt", "csv", "html", "mht", "docx", "pdf")
ALL = (*WRITTEN, *SHEETS, "zip-xlsx", "zip-html")


@dataclass
class Scene:
    """A right table of a right document, about to be printed awkwardly in a format."""

    document: Document
    table: Table
    rng: Random
    format: str

    def amounts(self) -> list[tuple[Line, int, Place]]:
        return list(self.table.amounts())

    def some(self, most: int = 4) -> list[tuple[Line, int, Place]]:
        """One to so many of the amounts, at random places."""
        found = self.amounts()
        return self.rng.sample(found, min(len(found), self.rng.randint(1, most)))

    def one(self) -> tuple[Line, int, Place]:
        return self.rng.choice(self.amounts())


@dataclass(frozen=True)
class Kind:
    """``tables``: the makers it fits (all, if empty). ``alone``: no other table is beside it."""

    name: str
    section: int
    formats: tuple[str, ...]
    apply: Callable[[Scene], None]
    tables: tuple[str, ...] = ()
    negative: bool = False
    unit: int | None = None
    alone: bool = False
    sentences: bool = False


KINDS: dict[str, Kind] = {}


def kind(
    name: str, section: int, formats: Sequence[str] = ALL, **options: object
) -> Callable[[Callable[[Scene], None]], Callable[[Scene], None]]:
    """Register what a function does to a scene as a kind, of a section of the standard of reading."""

    def register(apply: Callable[[Scene], None]) -> Callable[[Scene], None]:
        assert name not in KINDS, name
        KINDS[name] = Kind(name, section, tuple(formats), apply, **options)  # type: ignore[arg-type]
        return apply

    return register


@kind("plain", 0)
def plain(scene: Scene) -> None:
    """Nothing awkward."""
