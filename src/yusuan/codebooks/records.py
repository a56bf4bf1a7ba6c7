"""What is read from a published classification: its items, and what was not understood."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["Codebook", "ListItem", "ListProblem", "PrintedPlace"]


@dataclass(frozen=True, slots=True)
class PrintedPlace:
    """Where something is printed: page and line from 1, and the cell where there are cells."""

    line: int
    page: int | None = None
    cell: str | None = None

    def __str__(self) -> str:
        parts = [f"page {self.page}"] if self.page else []
        parts.append(f"line {self.line}")
        if self.cell:
            parts.append(f"cell {self.cell}")
        return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class ListItem:
    """One code of the list. ``level`` counts from 1; ``note`` is what the list says of it."""

    code: str
    name: str
    level: int
    place: PrintedPlace
    name_en: str | None = None
    note: str | None = None
    mark: str | None = None


@dataclass(frozen=True, slots=True)
class ListProblem:
    """Something that was not understood, or does not hold; ``place`` None: the whole file."""

    kind: str
    message: str
    place: PrintedPlace | None = None

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" if self.place else self.message


@dataclass(frozen=True, slots=True)
class Codebook:
    """A list as read from one file.

    ``problems`` forbid to store it unless they are accepted. ``remarks`` tell what was joined
    or left aside and why. ``withdrawn`` are codes the file itself marks as gone, ``others``
    counts the rows of other lists in the file, ``repeated`` the rows printed twice alike.
    """

    list: str
    year: int
    file: str
    sha256: str
    items: tuple[ListItem, ...]
    problems: tuple[ListProblem, ...] = ()
    remarks: tuple[ListProblem, ...] = ()
    withdrawn: tuple[ListItem, ...] = ()
    others: Mapping[str, int] = field(default_factory=dict)
    repeated: int = 0

    def counts(self) -> dict[int, int]:
        """How many items there are of each level."""
        levels = sorted({item.level for item in self.items})
        return {level: sum(item.level == level for item in self.items) for level in levels}
