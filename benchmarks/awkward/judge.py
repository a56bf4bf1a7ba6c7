"""Read a drawn document by our reader and compare what it made of each printed place.

A printed amount is *right* when a fact agrees with it in table, row (label, and code where one is
printed), column heading, direction, phase, year and yuan. It is *told* when it is not right and
reading says so at its place. *Silently wrong* is all else: an amount without a fact, or with
another value, row, column, phase or year, and nothing told there; and a fact of what no reader
sees (hidden, struck out, a mark, a number of columns), of which nothing is told. Where nobody can know
an amount or its column for certain (one heading twice, no unit), a fact without a word is wrong too.

What tells: a finding of the family "reading" (unreadable amount, torn row, unit not stated …) or a
row of ``unrecognised``. Its place is that of what it names, and it tells no other:

* a finding with a fact, or at the cell (line and address) of a fact, tells this fact;
* else one that prints a cell's text (or what the file holds there with it) tells one cell of that
  text (as many cells as there are such findings), and one that prints a row (cells parted by "|") the cells of that row;
* an unrecognised row, column or table tells the cells of the row, column or table that it prints:
  the label, the heading, or the title; a sheet or a file all that is in it.
* a finding of a whole table (its unit is not stated) tells the cells of that table;
* a document that is refused tells all its cells, since nothing of it is published.

A finding of a sum that does not hold tells nothing: that a number is wrong is not known by it, and
it depends on what else is printed. Errors are counted apart: an error finding of these right
documents is false, unless the very fact that it names is a silently wrong one.
"""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.awkward.document import Document, Expected, Said, Table
from benchmarks.awkward.render import render
from yusuan.checks import check, load_rules
from yusuan.facts import PackageContents, compile_contents
from yusuan.model.errors import YusuanError
from yusuan.model.findings import Finding
from yusuan.model.records import Claim, Fact, Unrecognised
from yusuan.model.text import normal, without_numbering
from yusuan.narrative.disclosure import understand
from yusuan.sources.read import read_document

__all__ = ["Verdict", "judge"]


@dataclass
class Verdict:
    """What became of the places that carry one kind of awkwardness in one document."""

    kind: str
    format: str
    right: int = 0
    told: int = 0
    refused: bool = False
    wrong: list[str] = field(default_factory=list)
    """What is silently wrong, a line each."""
    errors: list[str] = field(default_factory=list)
    """Error findings about right numbers."""
    stem: str = ""

    @property
    def failed(self) -> bool:
        return bool(self.wrong or self.errors)


def judge(document: Document, format_name: str, keep: Path | None = None) -> list[Verdict]:
    """One verdict for each table, and one for the sentences; the file is kept in ``keep``."""
    verdicts = [Verdict(kind, format_name) for kind in document.kinds]
    with tempfile.TemporaryDirectory() as folder:
        path = render(document, format_name, keep or Path(folder))
        try:
            contents = compile_contents([understand(read_document(path))])
            if not contents.documents:
                raise YusuanError("; ".join(contents.orphans))
            findings = check(contents)
        except YusuanError as error:
            return _refused(document, verdicts, str(error))
    tables = verdicts[: len(document.tables)]
    told = _Told(contents, findings)
    charged = _tables(document, contents, told, tables)
    if document.sentences:
        _sentences(document, contents.claims, told, verdicts[-1])
    _errors(document, contents, findings, charged, verdicts)
    return verdicts


def _refused(document: Document, verdicts: list[Verdict], message: str) -> list[Verdict]:
    if re.search("mistake in yusuan|Traceback", message):
        raise RuntimeError(message)
    for verdict in verdicts:
        verdict.refused = True
    for verdict, table in zip(verdicts, document.tables, strict=False):
        verdict.told = len(list(table.expected(document.phase, document.year)))
    if document.sentences:
        verdicts[-1].told = sum(len(s.said) for s in document.sentences)
    return verdicts


# --- what is told -----------------------------------------------------------------------------


class _Told:
    """What reading says of what it could not read, by the place it names."""

    def __init__(self, contents: PackageContents, findings: Sequence[Finding]) -> None:
        reading = {rule.id for rule in load_rules() if rule.family == "reading"}
        own = [f for f in findings if f.rule in reading]
        self.facts = {f.fact for f in own if f.fact}
        self.places = {(f.page, f.line, f.cell) for f in own if f.cell}
        self.tables = [f for f in own if not f.cell and not f.printed]
        self.cells: Counter[str] = Counter()
        """How many findings print this text."""
        self.rows: list[str] = []
        for finding in own:
            if finding.printed and "|" in finding.printed:
                self.rows.append(normal(finding.printed))
            elif finding.printed:
                self.cells[_bare(finding.printed)] += 1
        self.left: list[Unrecognised] = list(contents.unrecognised)
        for entry in self.left:
            if entry.scope in ("cell", "amount", "number"):
                self.cells[_bare(entry.printed)] += 1

    def fact(self, fact: Fact) -> bool:
        """Whether this very fact, or its cell, is told."""
        if fact.fact in self.facts or (fact.page, fact.line, fact.cell) in self.places:
            return True
        if any(finding.table == fact.table for finding in self.tables):
            return True
        return any(
            (entry.scope == "column" and normal(entry.printed) in _column_texts(fact))
            or (entry.scope == "row" and entry.line == fact.line and entry.page == fact.page)
            for entry in self.left
        )

    def cell(self, expected: Expected, table: Table) -> bool:
        """Whether an amount that no fact agrees with is told at its place."""
        printed, held = _bare(expected.printed), _bare(expected.held)
        for text in (printed, held, *self.cells):
            if self.cells[text] > 0 and (
                text in (printed, held)
                or (printed and printed in text and text in held)
                or (_WORDS.sub("", text) == printed)
            ):
                self.cells[text] -= 1
                return True
        if any(f.table in expected.kinds for f in self.tables):
            return True
        row = [normal(p.text) for p in table.lines[expected.row].places if p.text]
        if any(_same_row(row, told) for told in self.rows):
            return True
        return any(self._covers(entry, expected, row, table) for entry in self.left)

    def text(self, printed: str) -> bool:
        """Whether a number of a sentence is told, with what stands around it."""
        texts = [*self.cells, *(_bare(entry.printed) for entry in self.left)]
        return any(_bare(printed) in text for text in texts)

    def _covers(
        self, entry: Unrecognised, expected: Expected, row: list[str], table: Table
    ) -> bool:
        printed = normal(entry.printed)
        if printed == "续表":
            return "cut-caption" in table.marks and expected.row >= table.cut
        match entry.scope:
            case "row":
                return _same_row(row, printed)
            case "column":
                return bool(printed) and normal(expected.heading) in printed
            case "table" | "grid":
                return bool(printed) and normal(table.title).startswith(printed.rstrip("…"))
            case "sheet" | "file" | "member" | "page" | "document":
                return True
            case _:
                return False


_WORDS = re.compile(r"[^\W\d_]")
"""Letters of a seal, say, beside an amount."""


def _bare(text: str) -> str:
    return re.sub(r"[\s~]", "", normal(text))


def _column_texts(fact: Fact) -> tuple[str, ...]:
    label = normal(fact.column_label)
    return (label, label.replace("/", ""), label or "(无表头)")


def _same_row(row: Sequence[str], printed: str) -> bool:
    """Whether what is printed is this row: its texts in order (a long one may be cut short)."""
    parts = [part for part in re.split(r"\s*\|\s*", printed) if part]
    own = [text for text in row if text]
    return len(parts) > 1 and sum(p.rstrip("…") in "|".join(own) for p in parts) >= min(
        len(parts), max(2, len(own) - 1)
    )


# --- tables -----------------------------------------------------------------------------------


def _agrees(expected: Expected, fact: Fact) -> bool:
    return fact.amount == expected.amount and _same_place(expected, fact) and (
        fact.phase == expected.phase and fact.fiscal_year == expected.year
        and fact.direction == expected.direction
    )  # fmt: skip


def _same_place(expected: Expected, fact: Fact) -> bool:
    if fact.table not in expected.kinds:
        return False
    if expected.label and not _same_label(expected.label, fact.row_label or ""):
        return False
    codes = (fact.functional_code, fact.economic_code, fact.government_economic_code)
    if expected.code and expected.code not in codes:
        return False
    return normal(expected.heading) in normal(fact.column_label)


def _same_label(expected: str, found: str) -> bool:
    one, two = (without_numbering(normal(text)) for text in (expected, found))
    return one == two or normal(expected) == normal(found)


def _tables(document: Document, contents: PackageContents, told: _Told,
            verdicts: Sequence[Verdict]) -> set[str]:  # fmt: skip
    """Judge all tables; gives the ids of facts that are silently wrong."""
    free = {fact.fact: fact for fact in contents.facts}
    missed: list[tuple[Verdict, Table, Expected]] = []
    for table, verdict in zip(document.tables, verdicts, strict=True):
        for expected in table.expected(document.phase, document.year):
            found = next((f for f in free.values() if _agrees(expected, f)), None)
            if found and expected.doubtful and found.column and not told.fact(found):
                found = None
            if found is None:
                missed.append((verdict, table, expected))
            else:
                verdict.right += 1
                del free[found.fact]
    charged: set[str] = set()
    for verdict, table, expected in missed:
        own = next((f for f in free.values() if _same_place(expected, f)), None)
        said = told.fact(own) if own else told.cell(expected, table)
        if own:
            del free[own.fact]
        if said:
            verdict.told += 1
            continue
        if own:
            charged.add(own.fact)
        became = "no fact" if own is None else (
            f"{own.amount} {own.phase} {own.fiscal_year} {own.direction} under {own.column_label}"
        )  # fmt: skip
        verdict.wrong.append(
            f"{expected.label or expected.code} | {expected.heading} | {expected.printed!r} "
            f"= {expected.amount} {expected.phase} {expected.year}: {became}"
        )
    for fact in free.values():
        if told.fact(fact):
            continue
        charged.add(fact.fact)
        own = _owner(document, fact, verdicts)
        own.wrong.append(
            f"foreign fact: {fact.table} | {fact.row_label} | {fact.column_label} | {fact.printed!r} "
            f"= {fact.amount} at {fact.cell}"
        )
    return charged


def _owner(document: Document, fact: Fact, verdicts: Sequence[Verdict]) -> Verdict:
    """The verdict of the table that a fact of nothing is of, as far as that can be known."""
    for table, verdict in zip(document.tables, verdicts, strict=True):
        if fact.table in table.kinds:
            return verdict
    return next((v for v in verdicts if v.kind != "plain"), verdicts[0])


# --- sentences --------------------------------------------------------------------------------


def _sentences(document: Document, claims: Iterable[Claim], told: _Told, verdict: Verdict) -> None:
    """Each number said must be a claim, and no other claim may be made."""
    free = list(claims)
    for sentence in document.sentences:
        for said in sentence.said:
            found = next((c for c in free if _claims(said, c)), None)
            if found:
                free.remove(found)
                verdict.right += 1
            elif told.text(said.printed):
                verdict.told += 1
            else:
                near = next((c for c in free if c.subject == said.subject), None)
                became = f"{near.value} {near.unit} of {near.fiscal_year}" if near else "no claim"
                verdict.wrong.append(f"{said.subject} {said.measure} {said.printed!r}: {became}")
    for claim in free:
        verdict.wrong.append(f"foreign claim: {claim.subject} {claim.measure} {claim.printed!r}")


def _claims(said: Said, claim: Claim) -> bool:
    amount = claim.amount == said.amount if said.amount is not None else claim.value == said.value
    return (
        amount and claim.subject == said.subject and claim.measure == said.measure
        and claim.fiscal_year == said.year
    )  # fmt: skip


# --- errors -----------------------------------------------------------------------------------


def _errors(document: Document, contents: PackageContents, findings: Sequence[Finding], charged: set[str],
            verdicts: Sequence[Verdict]) -> None:  # fmt: skip
    """Error findings, charged to the table (or the sentences) that they name."""
    facts = {fact.fact: fact for fact in contents.facts}
    for finding in findings:
        if finding.verdict != "error" or finding.fact in charged:
            continue
        text = f"{finding.rule}: {finding.message_en[:240]}"
        if finding.claim and document.sentences:
            verdicts[-1].errors.append(text)
            continue
        named = facts[finding.fact].table if finding.fact in facts else finding.table
        own = next((v for t, v in zip(document.tables, verdicts, strict=False) if named in t.kinds),
                   next((v for v in verdicts if v.kind != "plain"), verdicts[0]))  # fmt: skip
        if not own.wrong:  # it follows from what is wrong in another table
            own = next((v for v in verdicts if v.wrong), own)
        own.errors.append(text)
