"""Signed rows of patches as corrections, and the contents that are checked once more with them.

Whatever of a patch does not fit exactly is an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from yusuan.corrections.patches import Patch, PatchRow, decision, same_printed
from yusuan.facts import PackageContents, compile_contents
from yusuan.files.spool import Records, Spool
from yusuan.lexicon.numbers import parse_number
from yusuan.lexicon.units import UNITS, unit_name
from yusuan.model.corrections import Correction
from yusuan.model.errors import YusuanError
from yusuan.model.findings import Evidence, Finding
from yusuan.model.money import PrintedNumber, plain, to_fen
from yusuan.model.records import Claim, DocumentRecord, Fact
from yusuan.model.text import day, printable
from yusuan.narrative.disclosure import Disclosure
from yusuan.tables import Amount, StandardTable

__all__ = ["AppliedPatches", "compared", "corrected_contents", "corrections_of"]

_LISTED = 20
"""More mistakes than these are counted, not listed."""


@dataclass(frozen=True, slots=True)
class AppliedPatches:
    """What became of patches: corrections, rows that wait for a decision, rejected ones, and those
    of them that withdraw a correction of an earlier patch; how many errors the numbers as published have, and the corrected ones would have, and which of
    the latter are about numbers that none of the former names."""

    corrections: tuple[Correction, ...]
    undecided: int
    rejected: int
    errors_published: int = 0
    errors_corrected: int = 0
    errors_new: tuple[Finding, ...] = ()
    withdrawn: int = 0
    left_out: tuple[str, ...] = ()
    """Why corrections that were carried over are no longer there."""


def compared(
    applied: AppliedPatches, published: Iterable[Finding], corrected: Iterable[Finding]
) -> AppliedPatches:
    """With the errors among the findings on the published and on the corrected numbers."""
    before = [finding for finding in published if finding.verdict == "error"]
    after = [finding for finding in corrected if finding.verdict == "error"]
    named = {_figure_of(finding) for finding in before}
    named |= {
        _figure_of(each) for finding in before for each in finding.evidence
        if each.role != "counterpart"
    }  # fmt: skip
    new = tuple(finding for finding in after if _figure_of(finding) not in named)
    return replace(
        applied, errors_published=len(before), errors_corrected=len(after), errors_new=new
    )


def _figure_of(given: Finding | Evidence) -> str | None:
    """What is spoken of: a fact, a claim, or else what the finding is called by."""
    return given.fact or given.claim or (given.finding if isinstance(given, Finding) else None)


class _RowError(Exception):
    """What is wrong with a row, in words that follow its file and line."""


@dataclass(frozen=True, slots=True)
class _Published:
    """What is published and found: documents by digest and by file, facts and claims, findings by key."""

    documents: Mapping[str, DocumentRecord]
    files: Mapping[str, DocumentRecord]
    figures: Mapping[str, Fact | Claim]
    findings: Mapping[str, Finding]


@dataclass(frozen=True, slots=True)
class _Decided:
    """A correction with its patch, and the place of its row."""

    correction: Correction
    patch: Patch
    where: str

    def is_repeated_by(self, later: Correction, patch: Patch) -> bool:
        """Whether another patch accepts the same."""
        return patch is not self.patch and later.corrected_value == self.correction.corrected_value

    def is_withdrawn_by(self, row: PatchRow, patch: Patch) -> bool:
        """Whether a rejected row of another patch is about this value; one of another value rejects
        only that."""
        value = row["corrected"] or row["proposed"]
        unit = self.correction.unit
        return (
            patch is not self.patch
            and bool(row["fact"]) == (self.correction.fact is not None)
            and (not value or same_printed(value.removesuffix(unit), self.correction.corrected))
        )


def corrections_of(
    patches: Iterable[Patch], contents: PackageContents, findings: Sequence[Finding]
) -> AppliedPatches:
    """The corrections of all accepted rows, in the order of documents, facts and
    claims.

    Patches count in the order given; one that is given twice counts once, where it comes last. A row
    that rejects what an earlier patch accepted withdraws it, and one that accepts the same takes its
    place.

    Raises YusuanError that lists, with file and line, each accepted row that nobody signed, that is of
    another document, number or printed text, that corrects otherwise what another row corrects, or
    whose corrected value is no number.
    """
    published = _Published(
        {record.sha256: record for record in contents.documents},
        {record.file: record for record in contents.documents},
        {fact.fact: fact for fact in contents.facts}
        | {claim.claim: claim for claim in contents.claims},
        {finding.finding: finding for finding in findings},
    )
    found: dict[str, _Decided] = {}
    mistakes: list[str] = []
    left_out: list[str] = []
    undecided = rejected = withdrawn = 0
    patches = list(patches)
    last = {patch.sha256: patch for patch in patches}
    for patch in patches:
        if last[patch.sha256] is not patch:
            continue
        # what the patch rejects of earlier ones goes before what it accepts
        for row in sorted(patch.rows, key=lambda row: decision(row["decision"]) == "accept"):
            where = f"{patch.path}, line {row.line}"
            decided = decision(row["decision"])
            undecided += decided == ""
            rejected += decided == "reject"
            try:
                if decided is None:
                    raise _RowError(
                        f"decision “{row['decision']}”; write accept, reject or nothing"
                    )
                key = row["fact"] or row["claim"]
                earlier = found.get(key)
                if decided == "accept":
                    correction = _correction(row, patch, published)
                    if earlier and not earlier.is_repeated_by(correction, patch):
                        raise _RowError(
                            f"{key} is corrected in {earlier.where} already; accept one of the "
                            "two, or reject the earlier one in this patch"
                        )
                    found[correction.correction] = _Decided(correction, patch, where)
                elif decided == "reject" and earlier and earlier.is_withdrawn_by(row, patch):
                    if not row["reviewer"].strip():
                        raise _RowError(
                            f"withdraws the correction in {earlier.where}, but nobody signed it; "
                            "name the reviewer in column reviewer"
                        )
                    del found[key]
                    withdrawn += 1
            except _RowError as mistake:
                if patch.carried:
                    left_out.append(f"{patch.path}, {row['fact'] or row['claim']}: {mistake}")
                else:
                    mistakes.append(f"{where}: {mistake}")
    if mistakes:
        more = len(mistakes) - _LISTED
        raise YusuanError(
            "\n".join(mistakes[:_LISTED] + ([f"and {more} more like these"] if more > 0 else []))
        )
    ordered = [found[key].correction for key in published.figures if key in found]
    rank = {record.document: rank for rank, record in enumerate(contents.documents)}
    ordered.sort(key=lambda correction: rank[correction.document])
    return AppliedPatches(
        tuple(ordered), undecided, rejected, withdrawn=withdrawn, left_out=tuple(left_out)
    )


def _correction(row: PatchRow, patch: Patch, published: _Published) -> Correction:
    reviewer = printable(row["reviewer"])
    if not reviewer:
        raise _RowError("accepted, but nobody signed it; name the reviewer in column reviewer")
    figure = _figure(row, published)
    unit = unit_name(figure.unit) if isinstance(figure, Fact) else figure.unit
    if row["unit"] and row["unit"] != unit:
        raise _RowError(f"unit “{row['unit']}”, but the number is printed in {unit}; write {unit}")
    spelled = row["corrected"] or row["proposed"]
    if not spelled:
        raise _RowError(
            "accepted, but there is no proposal; write the right number in column corrected"
        )
    number = parse_number(spelled.removesuffix(unit))
    if number is None or number.unit or not re.search(r"\d", spelled):  # words are no digits
        raise _RowError(f"corrected to “{spelled}”, which is no number; write one in {unit}")
    correction = _valued(figure, number, unit, row, patch, reviewer)
    finding = published.findings.get(row["finding"])
    return replace(correction, finding=finding.finding if finding else None)


def _figure(row: PatchRow, published: _Published) -> Fact | Claim:
    """The fact or claim a row is about, when all that the row says of it is so."""
    if bool(row["fact"]) == bool(row["claim"]):
        raise _RowError("needs the key of either a fact or a claim")
    sha256, key = row.figure
    document = published.documents.get(sha256)
    if document is None:
        same = published.files.get(row["file"])
        raise _RowError(
            f"made for {row['file'] or 'a document'} with SHA-256 {sha256[:12] or '(blank)'}…, "
            + (f"but {same.file} now has {same.sha256[:12]}…: it has changed since"
               if same else "which is not among the sources")
            + "; make a new patch of the sources with `yusuan check --propose`"
        )  # fmt: skip
    figure = published.figures.get(key)
    kind = Fact if row["fact"] else Claim
    if not isinstance(figure, kind) or figure.document != document.document:
        raise _RowError(
            f"{key}: no such {'fact' if row['fact'] else 'claim'} in {document.file}; "
            "make a new patch with `yusuan check --propose`"
        )
    if not same_printed(row["printed"], figure.printed):
        raise _RowError(
            f"expects “{row['printed']}” at {_place(figure)} of {document.file}, where "
            f"“{figure.printed}” is printed; make a new patch with `yusuan check --propose`"
        )
    return figure


def _place(figure: Fact | Claim) -> str:
    parts = [f"page {figure.page}"] if figure.page else []
    parts.append(f"line {figure.line}")
    if isinstance(figure, Fact):
        parts.append(f"cell {figure.cell}")
    return ", ".join(parts)


def _valued(
    figure: Fact | Claim, number: PrintedNumber, unit: str, row: PatchRow, patch: Patch,
    reviewer: str,
) -> Correction:  # fmt: skip
    value = number.value
    if isinstance(figure, Claim) and figure.value < 0 and number.printed[:1] not in "+-−＋－":
        value = -abs(value)  # 下降 14.39 %: the words have the sign
    factor = figure.unit if isinstance(figure, Fact) else UNITS.get(unit, 1)
    amount = Decimal(plain(value * factor)) if figure.amount is not None else None
    if amount is not None and to_fen(plain(amount)) is None:
        raise _RowError(f"corrected to {number.printed}{unit}, which is no whole number of fen")
    published = figure.value if isinstance(figure, Claim) else figure.amount
    if published == (value if isinstance(figure, Claim) else amount):
        raise _RowError(
            f"corrected to {number.printed}{unit}, which is what is printed; "
            "reject it, or write the right number"
        )
    dated = day(row["date"])
    if row["date"] and dated is None:
        raise _RowError(f"date “{row['date']}”; write it like 2026-03-01")
    return Correction(
        correction=figure.fact if isinstance(figure, Fact) else figure.claim,
        document=figure.document,
        fact=figure.fact if isinstance(figure, Fact) else None,
        claim=figure.claim if isinstance(figure, Claim) else None,
        published=figure.printed,
        published_amount=figure.amount,
        corrected=number.printed,
        corrected_value=value,
        unit=unit,
        corrected_amount=amount,
        reviewer=reviewer,
        date=dated,
        comment=row["comment"] or None,
        rule=row["rule"] or None,
        finding=None,
        patch=patch.name,
        patch_line=row.line,
        patch_sha256=patch.sha256,
        decimals=number.decimals,
    )


CellPlace = tuple[str, str, int | None, int, str]
"""Document, table, page, line and cell."""


def corrected_contents(
    contents: PackageContents, corrections: Iterable[Correction]
) -> PackageContents:
    """New contents, compiled from tables that hold the corrected numbers; what is derived from
    them (projects, rows) follows. The contents given are not changed."""
    by_key = {correction.correction: correction for correction in corrections}
    by_cell = {
        (fact.document, fact.table, fact.page, fact.line, fact.cell): by_key[fact.fact]
        for fact in contents.facts
        if fact.fact in by_key
    }
    disclosures: Spool[Disclosure] = Spool()
    for document, each in contents.disclosures.items():
        disclosures[document] = _disclosure(each, by_cell)
    changed = compile_contents(disclosures)
    claims: Records[Claim] = Records()
    for record in changed.documents:
        own = changed.claims.of(record.document)
        claims.add(
            record.document,
            [_claim(c, by_key[c.claim]) if c.claim in by_key else c for c in own],
        )
    changed.claims = claims
    return changed


def _disclosure(disclosure: Disclosure, by_cell: Mapping[CellPlace, Correction]) -> Disclosure:
    if not any(cell[0] == disclosure.document.id for cell in by_cell):
        return disclosure
    tables = tuple(_table(table, disclosure.document.id, by_cell) for table in disclosure.tables)
    return replace(disclosure, tables=tables)


def _table(
    table: StandardTable, document: str, by_cell: Mapping[CellPlace, Correction]
) -> StandardTable:
    def amount(read: Amount) -> Amount:
        position = read.cell.position
        cell = (document, table.resource.name, position.page, position.line, read.cell.address)
        found = by_cell.get(cell)
        return replace(read, number=_number(found, read.number.decimals)) if found else read

    rows = (replace(row, amounts=tuple(map(amount, row.amounts))) for row in table.rows)
    return replace(table, rows=tuple(rows))


def _number(correction: Correction, decimals: int) -> PrintedNumber:
    """As precise as the cell was printed, at least: programs drop the zeros of 64.00."""
    return PrintedNumber(
        correction.corrected, correction.corrected_value, max(correction.decimals, decimals)
    )


def _claim(claim: Claim, correction: Correction) -> Claim:
    return replace(
        claim,
        value=correction.corrected_value,
        amount=correction.corrected_amount,
        decimals=max(correction.decimals, claim.decimals),
    )
