"""From findings to the rows of a patch: one for each number that may have to be corrected."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from yusuan.checks.location import of_claim, of_fact
from yusuan.corrections.patches import PatchRow
from yusuan.facts import PackageContents
from yusuan.lexicon.units import unit_name
from yusuan.model.findings import Evidence, Finding
from yusuan.model.records import Claim, Fact
from yusuan.schema.messages import message

__all__ = ["Proposals", "proposals"]

_MOST_CANDIDATES = 6
"""A tie of more numbers gets one row that counts them: nobody decides by a list that long."""


@dataclass(frozen=True, slots=True)
class Proposals:
    """``rows`` of a patch; ``uncorrectable`` counts errors about no single number of the data, such as
    a code under a wrong name, which no patch can correct."""

    rows: list[PatchRow]
    uncorrectable: int


@dataclass(frozen=True, slots=True)
class _Proposal:
    """What one finding proposes for the fact or claim of this key."""

    key: str
    proposed: str | None
    note: str
    finding: Finding


def proposals(contents: PackageContents, findings: Sequence[Finding]) -> Proposals:
    """What a patch proposes: a row for each number that an error is about, in their order.

    Where a tie leaves open which of a few numbers is wrong, each has a row without a proposal,
    and what it would have to be in its note. A number that several findings are about has one row.
    """
    figures: dict[str, Fact | Claim] = {fact.fact: fact for fact in contents.facts}
    figures.update((claim.claim, claim) for claim in contents.claims)
    records = {record.document: record for record in contents.documents}
    found: dict[str, list[_Proposal]] = {}
    uncorrectable = 0
    for finding in findings:
        if finding.verdict == "error":
            about = list(_about(finding))
            uncorrectable += not about
            for proposal in about:
                found.setdefault(proposal.key, []).append(proposal)
    rows = []
    for key, about in found.items():
        figure = figures[key]
        record = records[figure.document]
        rows.append(_row(figure, about, {"file": record.file, "sha256": record.sha256}))
    return Proposals(rows, uncorrectable)


def _about(finding: Finding) -> Iterator[_Proposal]:
    own = finding.fact or finding.claim
    if finding.certainty != "tied":
        if own:
            led_to = "" if finding.proposed else finding.expected
            note = message("patch-expected", value=led_to)[0] if led_to else ""
            yield _Proposal(own, finding.proposed, note, finding)
        for evidence in finding.evidence:
            if evidence.role == "repetition" and (key := evidence.fact or evidence.claim):
                yield _Proposal(key, evidence.proposed, message("patch-repeated")[0], finding)
        return
    candidates: dict[str, list[Evidence]] = {}
    for evidence in finding.evidence:
        if evidence.role == "candidate" and (key := evidence.fact or evidence.claim):
            candidates.setdefault(key, []).append(evidence)
    if len(candidates) > _MOST_CANDIDATES:
        if own:
            yield _Proposal(own, None, message("patch-many", count=len(candidates))[0], finding)
    elif candidates:
        for key, listed in candidates.items():
            note = "；".join(dict.fromkeys(evidence.statement_zh for evidence in listed))
            yield _Proposal(key, None, note, finding)
    elif own:
        yield _Proposal(own, None, "", finding)


def _row(figure: Fact | Claim, about: Sequence[_Proposal], source: dict[str, str]) -> PatchRow:
    proposed = list(dict.fromkeys(p.proposed for p in about if p.proposed))
    main = next((p for p in about if p.proposed), about[0]).finding
    notes = [p.note for p in about if p.note]
    if len(proposed) > 1:  # two findings disagree: a person has to decide
        notes.insert(0, message("patch-either", values=message("patch-or")[0].join(proposed))[0])
    place = of_fact(figure) if isinstance(figure, Fact) else of_claim(figure)
    findings = list({p.finding.finding: p.finding for p in about}.values())
    return PatchRow({
        "location": place.zh,
        "printed": figure.printed,
        "unit": unit_name(figure.unit) if isinstance(figure, Fact) else figure.unit,
        "proposed": _signed(figure, proposed[0]) if len(proposed) == 1 else "",
        "certainty": main.certainty or "",
        "reason_zh": " ".join(finding.message_zh for finding in findings),
        "note": " ".join(notes),
        "reason_en": " ".join(finding.message_en for finding in findings),
        "slip": main.slip or "",
        "rule": main.rule,
        "finding": main.finding,
        "table": place.table or "",
        "page": str(figure.page or ""),
        "line": str(figure.line),
        "cell": place.cell or "",
        "document": figure.document,
        "fact": figure.fact if isinstance(figure, Fact) else "",
        "claim": figure.claim if isinstance(figure, Claim) else "",
        **source,
    })  # fmt: skip


def _signed(figure: Fact | Claim, proposed: str) -> str:
    """A proposal with a plus where words state a decrease and an increase is meant: a number
    without a sign is taken as the words around it have it."""
    decrease = isinstance(figure, Claim) and figure.amount is not None and figure.value < 0
    return f"+{proposed}" if decrease and not proposed.startswith("-") else proposed
