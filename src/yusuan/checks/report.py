"""Turn what a family found into a finding, in the words of its rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from yusuan.checks.location import Location
from yusuan.checks.rules import Rule
from yusuan.model.findings import VERDICTS, Certainty, Evidence, Finding, Verdict
from yusuan.model.keys import distinct_keys, without_positions
from yusuan.schema.messages import message

__all__ = ["RawFinding", "findings_of", "message_of"]

_EXPLAINED = {"rounding": "explained-rounding", "truncation": "explained-truncation"}
"""The message of what makes the difference, for verdicts that no rule gives."""
_ORDER: dict[Verdict, int] = {verdict: rank for rank, verdict in enumerate(VERDICTS)}


@dataclass(frozen=True, slots=True, kw_only=True)
class RawFinding:
    """One place where a rule has something to say. Texts come in pairs (zh, en).

    ``printed`` is as the source has it, ``expected`` and ``proposed`` numbers spelled alike; all
    in ``unit``. ``words`` stand in for the message of the rule. ``about`` names what it is about
    within the document where that is neither fact nor claim; blank for the document itself.
    ``covers`` are the facts that it explains, ``rows`` their rows: nothing else is said of them.
    """

    rule: Rule
    document: str
    place: Location
    verdict: Verdict | None = None
    fact: str | None = None
    claim: str | None = None
    about: str = ""
    printed: str | None = None
    expected: str | None = None
    unit: str = ""
    parts: tuple[str, str] = ("", "")
    other: tuple[str, str] = ("", "")
    reason: tuple[str, str] = ("", "")
    proposed: str | None = None
    certainty: Certainty | None = None
    slip: str | None = None
    evidence: tuple[Evidence, ...] = ()
    covers: frozenset[str] = frozenset()
    rows: frozenset[str] = frozenset()
    words: tuple[str, str] | None = None


def findings_of(raw_findings: Iterable[RawFinding], order: Mapping[str, int]) -> list[Finding]:
    """Findings with stable identifiers, by document, then worst first, then as printed.

    ``order`` ranks the documents. What is found twice is told once.
    """
    reported = list(dict.fromkeys(map(_finding, raw_findings)))
    keys = distinct_keys((each.finding, *_content(each)) for each in reported)
    return sorted(
        (replace(each, finding=key) for each, key in zip(reported, keys, strict=True)),
        key=lambda f: (
            order[f.document],
            _ORDER[f.verdict],
            f.page or 0,
            f.line or 0,
            f.cell or "",
            f.rule,
        ),
    )


def _content(finding: Finding) -> tuple[str, str]:
    """What a finding says apart from where, and where."""
    stated = (finding.printed, finding.expected, finding.proposed, finding.message_zh)
    content = "\n".join(without_positions(text or "") for text in stated)
    return content, f"{finding.page or ''} {finding.line or ''} {finding.cell or ''}"


def message_of(raw: RawFinding) -> tuple[str, str]:
    """The message of a raw finding in the words of its rule."""
    rule, place = raw.rule, raw.place
    reason = raw.reason if raw.reason[0] else (rule.reason, rule.reason_en)
    words = [
        {"place": where, "printed": f"{raw.printed or ''}{raw.unit}",
         "expected": f"{raw.expected or ''}{raw.unit}", "parts": parts, "other": other, "reason": why}
        for where, parts, other, why in zip(
            (place.zh, place.en), raw.parts, raw.other, reason, strict=True
        )
    ]  # fmt: skip
    return rule.message.format(**words[0]), rule.message_en.format(**words[1])


def _finding(raw: RawFinding) -> Finding:
    rule, place = raw.rule, raw.place
    verdict = raw.verdict if raw.verdict not in (None, "error") else rule.verdict
    zh, en = raw.words or message_of(raw)
    if verdict in _EXPLAINED:
        why = message(_EXPLAINED[verdict])
        zh, en = f"{zh}{why[0]}", f"{en} {why[1]}"
    about = raw.fact or raw.claim or "-".join(filter(None, (raw.document, raw.about)))
    return Finding(
        finding=f"{rule.id}-{about}",
        rule=rule.id,
        verdict=verdict,
        document=raw.document,
        location=place.zh,
        message_zh=zh,
        message_en=en,
        table=place.table,
        page=place.page,
        line=place.line,
        cell=place.cell,
        fact=raw.fact,
        claim=raw.claim,
        printed=raw.printed,
        expected=raw.expected,
        proposed=raw.proposed,
        unit=raw.unit or None,
        certainty=raw.certainty,
        slip=raw.slip,
        evidence=raw.evidence,
    )
