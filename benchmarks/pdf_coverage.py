"""How much of what real PDFs print is a fact, and rightly so, with pdfplumber as the judge.

Run from the top folder, with PDFs or folders of them::

    python -m benchmarks.pdf_coverage ../shared/corpus

For every amount that pdfplumber sees in a budget table there is to be a fact at the same place
of the page, with the same number, the row label and code to the left of it, the headings above
it and the unit stated. A fact at a place without an amount is extra.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.pdf_cells import AmountCell, amount_cells, at
from benchmarks.pdf_oracle import plain
from yusuan.model.records import Fact
from yusuan.model.text import normal
from yusuan.pipeline import check_sources
from yusuan.sources.fragments import page_place

_PROCURED = re.compile(r"(?:集中采购|分散采购|自行采购|自行组织)$")

__all__ = ["KINDS", "Coverage", "compared", "coverage"]

KINDS = ("value", "label", "column", "unit", "extra")


@dataclass(slots=True)
class Coverage:
    """Of one file: amounts pdfplumber sees, facts, those that are right, and what differs."""

    file: str
    cells: int = 0
    facts: int = 0
    right: int = 0
    wrong: Counter[str] = field(default_factory=Counter)
    told: list[str] = field(default_factory=list)

    def tell(self, kind: str, page: int | None, theirs: object, ours: object) -> None:
        self.wrong[kind] += 1
        self.told.append(f"{self.file} p.{page} {kind}: pdfplumber {theirs}, yusuan {ours}")


def coverage(folder: Path) -> list[Coverage]:
    """Each PDF below a folder that has budget tables, read by both."""
    contents = check_sources(folder).contents
    files = {document.document: document.file for document in contents.documents}
    paths = {path.name: path for path in sorted(folder.rglob("*.pdf"))}
    found = []
    for name, path in paths.items():
        facts = [fact for fact in contents.facts if files[fact.document] == name]
        found.append(compared(name, list(amount_cells(path)), facts))
    return found


def compared(file: str, cells: list[AmountCell], facts: Iterable[Fact]) -> Coverage:
    """The facts of one file against the amounts in its tables."""
    result = Coverage(file, cells=len(cells))
    matched: set[int] = set()
    for fact in facts:
        result.facts += 1
        place = page_place(fact.fragment or "")
        cell = at(cells, place.page, place.box) if place and place.box else None
        if cell is None or id(cell) in matched:
            result.tell("extra", fact.page, None, (fact.printed, fact.row_label))
            continue
        matched.add(id(cell))
        differ = [
            (kind, theirs, ours)
            for kind, same, theirs, ours in (
                ("value", cell.text == plain(fact.printed), cell.text, fact.printed),
                ("label", _same_label(cell, fact), (cell.codes, cell.names), _label(fact)),
                ("column", _same_column(cell, fact), cell.headings, fact.column_label),
                ("unit", cell.unit == fact.unit, cell.unit, fact.unit),
            )
            if not same
        ]
        result.right += not differ
        for kind, theirs, ours in differ:
            result.tell(kind, fact.page, theirs, ours)
    for cell in cells:
        if id(cell) not in matched:
            result.tell("value", cell.page, (cell.text, cell.names, cell.headings), None)
    return result


def _label(fact: Fact) -> tuple[str | None, ...]:
    return (fact.functional_code or fact.economic_code, fact.body, fact.row_label)


def _same_label(cell: AmountCell, fact: Fact) -> bool:
    """The label is the nearest name, or the names joined; the code the digits, apart or in one.

    How something is procured, printed beside it, is no part of its name.
    """
    names = [name for name in map(normal, cell.names) if not _PROCURED.search(name)]
    label = normal(fact.row_label or "")
    if not names:
        return not label
    code = fact.functional_code or fact.economic_code or ""
    joined = ["".join(names[start:]) for start in range(len(names))]
    own = any(text in (label, code + label) for text in joined)
    coded = not cell.codes or code in ("".join(cell.codes), cell.codes[-1])
    return own and coded


def _same_column(cell: AmountCell, fact: Fact) -> bool:
    theirs = [normal(part) for part in cell.headings]
    return theirs == [normal(part) for part in fact.column_label.split(" / ")]


def main(arguments: list[str]) -> None:
    if not arguments:
        sys.exit(__doc__)
    head = "".join(f"{kind:>8}" for kind in KINDS)
    print(f"{'cells':>7}{'facts':>7}{'right':>7}{head}  file")
    for argument in arguments:
        for result in coverage(Path(argument)):
            wrong = "".join(f"{result.wrong[kind]:8}" for kind in KINDS)
            print(f"{result.cells:7}{result.facts:7}{result.right:7}{wrong}  {result.file}")
            for line in result.told:
                print(f"    {line}")


if __name__ == "__main__":
    main(sys.argv[1:])
