"""How a list is laid out in columns; each layout is a function from items to a table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.codebooks.lists import ItemTruth

__all__ = ["LAYOUTS", "Cell", "Sheet"]

LEVELS = "类款项目"


@dataclass(frozen=True)
class Cell:
    text: str
    down: int = 1
    across: int = 1
    number: bool = False


@dataclass
class Sheet:
    """A table with its title; ``None`` is a place that a merged cell covers."""

    title: str
    head: list[list[Cell | None]]
    body: list[list[Cell | None]]
    widths: tuple[int, ...] = ()


def _parts(code: str) -> list[str]:
    return [code[:3], *(code[i : i + 2] for i in range(3, len(code), 2))]


def _depth(items: Sequence[ItemTruth]) -> int:
    return max(len(_parts(item.code)) for item in items)


def _cells(*texts: str) -> list[Cell | None]:
    return [Cell(text) for text in texts]


def _code_head(depth: int, *others: str) -> list[list[Cell | None]]:
    return [
        [Cell("科目编码", 1, depth), *[None] * (depth - 1), *(Cell(text, 2) for text in others)],
        [*(Cell(level) for level in LEVELS[:depth]), *[None] * len(others)],
    ]


def columns(items: Sequence[ItemTruth], title: str) -> Sheet:
    """类, 款, 项 in columns of their own, each printed once; blanks inherit from above."""
    depth = _depth(items)
    body = []
    for item in items:
        parts = _parts(item.code)
        own = [""] * (len(parts) - 1) + parts[-1:] + [""] * (depth - len(parts))
        body.append(_cells(*own, item.name, item.note))
    return Sheet(title, _code_head(depth, "科目名称", "说明"), body, (*[1] * depth, 5, 9))


def full_columns(items: Sequence[ItemTruth], title: str) -> Sheet:
    """All parts in every row."""
    depth = _depth(items)
    body = [
        _cells(*_parts(i.code), *[""] * (depth - len(_parts(i.code))), i.name, i.note)
        for i in items
    ]
    return Sheet(title, _code_head(depth, "科目名称", "说 明"), body, (*[1] * depth, 5, 9))


def lost_zeros(items: Sequence[ItemTruth], title: str) -> Sheet:
    """Parts kept as numbers, which have no leading zeros."""
    sheet = full_columns(items, title)
    for row in sheet.body:
        row[:-2] = [Cell(str(int(c.text)), number=True) if c and c.text else c for c in row[:-2]]
    return sheet


def joined(items: Sequence[ItemTruth], title: str) -> Sheet:
    """The whole code, and names indented by level."""
    body = [_cells(i.code, "　" * (len(_parts(i.code)) - 1) + i.name, i.note) for i in items]
    return Sheet(title, [_cells("科目编码", "科目名称", "说明")], body, (2, 6, 9))


def joined_numbers(items: Sequence[ItemTruth], title: str) -> Sheet:
    """A column of running numbers, codes as numbers, no notes."""
    body: list[list[Cell | None]] = [
        [Cell(str(n), number=True), Cell(i.code, number=True), Cell(i.name)]
        for n, i in enumerate(items, start=1)
    ]
    return Sheet(title, [_cells("序号", "科目代码", "科目名称")], body, (1, 2, 7))


def one_cell(items: Sequence[ItemTruth], title: str) -> Sheet:
    """Code and name in one cell."""
    body = [_cells(f"{i.code} {i.name}", i.note) for i in items]
    return Sheet(title, [_cells("科目编码及名称", "说明")], body, (7, 9))


def by_level(items: Sequence[ItemTruth], title: str) -> Sheet:
    """A code and a name column for each level, both printed once."""
    depth = _depth(items)
    body = []
    for item in items:
        parts = _parts(item.code)
        row = ["", ""] * depth
        row[2 * len(parts) - 2 : 2 * len(parts)] = [parts[-1], item.name]
        body.append(_cells(*row))
    head = [t for level in LEVELS[:depth] for t in (f"{level}编码", f"{level}名称")]
    return Sheet(title, [_cells(*head)], body, (1, 4) * depth)


def leaves(items: Sequence[ItemTruth], title: str) -> Sheet:
    """Only the lowest items have rows; what is above them is repeated in columns of names."""
    depth = _depth(items)
    names = {item.code: item.name for item in items}
    body = []
    for item in items:
        if any(other.startswith(item.code) and other != item.code for other in names):
            continue
        steps = ["".join(_parts(item.code)[: n + 1]) for n in range(len(_parts(item.code)))]
        row = [names[step] for step in steps] + [""] * (depth - len(steps))
        body.append(_cells(item.code, *row))
    head = [f"{level}名称" for level in LEVELS[:depth]]
    return Sheet(title, [_cells("科目编码", *head)], body, (2, *[4] * depth))


def staggered(items: Sequence[ItemTruth], title: str) -> Sheet:
    """Names stand in the column of their level, below one heading."""
    depth = _depth(items)
    body = []
    for item in items:
        row = [""] * depth
        row[len(_parts(item.code)) - 1] = item.name
        body.append(_cells(item.code, *row, item.note))
    head = [Cell("科目编码"), Cell("科目名称", 1, depth), *[None] * (depth - 1), Cell("说明")]
    return Sheet(title, [head], body, (2, *[3] * depth, 9))


def merged(items: Sequence[ItemTruth], title: str) -> Sheet:
    """The code of a level is one cell beside all that is below it."""
    depth = _depth(items)
    body: list[list[Cell | None]] = []
    for n, item in enumerate(items):
        parts = _parts(item.code)
        down = 1
        while n + down < len(items) and items[n + down].code.startswith(item.code):
            down += 1
        down = min(down, 8)  # no cell is higher than a page
        row: list[Cell | None] = [None if i < len(parts) - 1 else Cell("") for i in range(depth)]
        row[len(parts) - 1] = Cell(parts[-1], down)
        body.append([*row, Cell(item.name), Cell(item.note)])
    for index, row in enumerate(body):  # places that no merged cell reaches are blank cells
        for column in range(depth):
            if row[column] is None and not any(
                (cell := body[up][column]) and cell.text and up + cell.down > index
                for up in range(max(0, index - 8), index)
            ):
                row[column] = Cell("")
    return Sheet(title, _code_head(depth, "科目名称", "说明"), body, (*[1] * depth, 5, 9))


LAYOUTS: dict[str, Callable[[Sequence[ItemTruth], str], Sheet]] = {
    maker.__name__: maker
    for maker in (
        columns, full_columns, lost_zeros, joined, joined_numbers, one_cell, by_level, leaves,
        staggered, merged,
    )
}  # fmt: skip
