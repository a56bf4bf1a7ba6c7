"""What reading says of the amounts of a printed document that became no right fact.

An amount is told by what names its place: a finding or an entry of ``unrecognised`` that prints
its cell or its row; one of its column, by the heading; one of its table, by the title, or because
it is on a page where the amount is printed and counts more numbers than were told by it so far.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pypdfium2 as pdfium

from benchmarks.layouts.model import Expected
from yusuan.checks import load_rules
from yusuan.model.records import Fact
from yusuan.model.text import normal
from yusuan.pipeline import CheckedSources

__all__ = ["Told"]

_NUMBER = re.compile(r"[-−(（]?\d[\d,]*(?:\.\d+)?[)）]?")
_WHOLE = ("page", "document", "file", "member", "sheet")


class Told:
    """What is said of a document that was read from ``path``."""

    def __init__(self, path: Path, checked: CheckedSources) -> None:
        reading = {rule.id for rule in load_rules() if rule.family == "reading"}
        own = [finding for finding in checked.findings if finding.rule in reading]
        self.facts = {finding.fact for finding in own if finding.fact}
        self.places = {(f.page, f.line, f.cell) for f in own if f.cell}
        self.tables = {f.table for f in own if f.table and not f.cell and not f.printed}
        self.texts = [normal(f.printed) for f in own if f.printed and not f.fact]
        self.entries = checked.contents.unrecognised
        self.left = {entry.entry: entry.numbers or 0 for entry in self.entries}
        self.pages = _numbers_by_page(path) if path.suffix == ".pdf" else {}
        for fact in checked.contents.facts:
            if fact.page in self.pages:
                self.pages[fact.page][normal(fact.printed)] -= 1

    def fact(self, fact: Fact) -> bool:
        """Whether this fact, its cell, its column or its table is told to be in doubt."""
        label = normal(fact.column_label)
        return (
            fact.fact in self.facts
            or fact.table in self.tables
            or (fact.page, fact.line, fact.cell) in self.places
            or any(e.scope == "column" and normal(e.printed) == label for e in self.entries)
        )

    def amount(self, expected: Expected) -> bool:
        """Whether an amount without a fact is told at its place."""
        printed = normal(expected.printed)
        for text in self.texts:
            cut = re.sub(r"[\s\ufffd]", "", text)
            if (cut and printed.startswith(cut)) or ("|" in text and printed in text.split("|")):
                self.texts.remove(text)
                return True
        for entry in self.entries:
            if self.left[entry.entry] < 1 and entry.scope not in _WHOLE:
                continue
            text = normal(entry.printed)
            on_page = self.pages.get(entry.page or 0, Counter())[printed] > 0
            tells = {
                "row": printed in text and normal(expected.label)[:6] in text,
                "cell": printed in text,
                "column": bool(text) and normal(expected.heading) in text,
                "table": on_page or normal(expected.title) in text,
                "page": on_page,
            }.get(entry.scope, entry.scope in _WHOLE)
            if tells:
                self.left[entry.entry] -= 1
                return True
        return False


def _numbers_by_page(path: Path) -> dict[int, Counter[str]]:
    """How often each number is printed on each page, by the text of the page alone."""
    with pdfium.PdfDocument(path) as document:
        return {
            index + 1: Counter(map(normal, _NUMBER.findall(page.get_textpage().get_text_bounded())))
            for index, page in enumerate(document)
        }
