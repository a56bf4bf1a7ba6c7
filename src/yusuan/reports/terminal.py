"""Findings as lines for a terminal: grouped, worst first, one sentence each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from yusuan.model.findings import Evidence, Finding
from yusuan.model.text import folded, printable
from yusuan.presentation import figures_line, plural, terminal_colour
from yusuan.reports.report import (
    VERDICTS,
    CheckReport,
    phrase,
    sentence,
    slip_name,
    statement,
)

__all__ = [
    "TerminalLine",
    "advice",
    "alternatives",
    "choices_title",
    "contradictions",
    "reasons",
    "terminal_lines",
    "wrapped",
]

_MOST = 6
"""Contradictions and explanations listed below a finding; the report and JSON have them all."""


@dataclass(frozen=True, slots=True)
class TerminalLine:
    """A line to print; what is wrapped goes on ``indent`` columns in."""

    text: str
    indent: int = 0
    colour: str | None = None
    bold: bool = False
    dim: bool = False


def terminal_lines(report: CheckReport) -> Iterator[TerminalLine]:
    """All findings, document by document, and the sum of them where there are several."""
    lang = report.lang
    for record in report.contents.documents:
        own = report.of_document(record.document)
        title = report.title(record)
        if len(report.contents.documents) > 1:
            title = f"{title} ({report.whose(record)}, {record.file})"
        old = report.superseded_by(record.document)
        told = [counts(own, lang), old] if old else _counts(report, own)
        yield TerminalLine(printable(f"{title}: {'; '.join(told)}"), 2, bold=True)
        if figures := figures_line(report.figures.get(record.document, ()))[lang == "en"]:
            yield TerminalLine(f"  {printable(figures)}", 4, dim=True)
        for verdict in VERDICTS:
            group = [finding for finding in own if finding.verdict == verdict]
            if group:
                yield TerminalLine("")
                yield TerminalLine(
                    plural(verdict, lang).capitalize(), colour=terminal_colour(verdict), bold=True
                )
            for finding in group:
                yield from _finding(report, finding)
        if own:
            yield TerminalLine("")
    documents = len(report.contents.documents)
    if documents > 1:
        whole = "; ".join(_counts(report, report.findings))
        yield TerminalLine(phrase("total", lang, documents=documents, counts=whole), 2, bold=True)


def _counts(report: CheckReport, findings: Sequence[Finding]) -> list[str]:
    """How many findings of what counts, and how many others where there are some."""
    counting = [finding for finding in findings if not report.counts_no_more(finding)]
    return list(filter(None, (counts(counting, report.lang), report.set_aside(findings))))


def counts(findings: Sequence[Finding], lang: str) -> str:
    """How many findings of each verdict, or that there are none."""
    found = []
    for verdict in VERDICTS:
        number = sum(finding.verdict == verdict for finding in findings)
        found += [f"{plural(verdict, lang).capitalize()} {number}"] if number else []
    return ", ".join(found) or phrase("none", lang)


def _finding(report: CheckReport, finding: Finding) -> Iterator[TerminalLine]:
    lang = report.lang
    mark = "" if finding.document in report.superseded.documents else report.mark(finding)
    yield TerminalLine(f"  - {printable(mark + sentence(finding, lang))}", 4)
    if proposal := advice(report, finding):
        yield TerminalLine(f"    {printable(proposal)}", 4, colour="green")
    choices = alternatives(report, finding)
    if choices:
        yield TerminalLine(f"    {choices_title(finding, lang)}")
    for number, choice in enumerate(choices[:_MOST], start=1):
        yield TerminalLine(f"      {number}) {printable(choice)}", 9)
    yield from _more(choices, lang)
    because = reasons(finding, lang)
    for entry in because[:_MOST]:
        held = _held(entry, lang)
        yield TerminalLine(f"      · {printable(statement(entry, lang))}{held}", 8, dim=True)
    yield from _more(because, lang)


def _more(listed: Sequence[object], lang: str) -> Iterator[TerminalLine]:
    if len(listed) > _MOST:
        yield TerminalLine(
            f"      · {phrase('more', lang, number=len(listed) - _MOST)}", 8, dim=True
        )


def advice(report: CheckReport, finding: Finding) -> str:
    """What the number most probably should be, how it went wrong and how sure that is.

    What the message of the finding says already is not said again.
    """
    if not finding.proposed:
        return ""
    lang = report.lang
    sure = phrase(finding.certainty, lang) if finding.certainty in ("proven", "likely") else ""
    if (
        phrase("propose", lang, proposed=finding.proposed).lower()
        in sentence(finding, lang).lower()
    ):
        return _sentence([sure], lang)
    slip = slip_name(finding.slip, lang) if finding.slip != "other" else None
    text = phrase("propose", lang, proposed=report.with_unit(finding.proposed, finding))
    why = "；" if lang == "zh" else "; "
    known = why.join(part for part in (slip, sure) if part)
    return _sentence([text, known], lang)


def _sentence(parts: Sequence[str], lang: str) -> str:
    """What is told, the reason after a colon."""
    text = ("：" if lang == "zh" else ": ").join(part for part in parts if part)
    if not text:
        return ""
    return f"{text}。" if lang == "zh" else f"{text[0].upper()}{text[1:]}."


def alternatives(report: CheckReport, finding: Finding) -> list[str]:
    """The explanations that are as good, or come next, one sentence each.

    Numbers of one explanation must all be changed. The one that is proposed is left out.
    """
    lang = report.lang
    groups: dict[int, list[Evidence]] = defaultdict(list)
    for entry in finding.evidence:
        if entry.role == "candidate":
            groups[entry.explanation or 0].append(entry)
    if finding.certainty != "tied":
        groups = {key: group for key, group in groups.items() if not _named(group, finding)}
    together = phrase("together", lang)
    return [
        together.join(_candidate(entry, lang) for entry in groups[key]) for key in sorted(groups)
    ]


def choices_title(finding: Finding, lang: str) -> str:
    """What the alternatives of a finding are headed by."""
    if finding.certainty != "tied":
        return phrase("others", lang)
    known = phrase("untold", lang) in sentence(finding, lang)
    return phrase("possible" if known else "tied", lang)


def _candidate(entry: Evidence, lang: str) -> str:
    slip = slip_name(entry.slip, lang) if entry.slip != "other" else None
    text = statement(entry, lang).rstrip("。.")
    return text + (phrase("slip", lang, slip=slip) if slip and slip not in text else "")


def _named(group: Sequence[Evidence], finding: Finding) -> bool:
    """Whether an explanation changes the number named as the finding proposes, or it alone."""
    own = [e for e in group if (e.fact, e.claim) == (finding.fact, finding.claim)]
    return any(len(group) == 1 or entry.proposed == finding.proposed for entry in own)


def contradictions(finding: Finding) -> list[Evidence]:
    """The relations that cannot hold as printed."""
    return [entry for entry in finding.evidence if entry.role == "contradiction"]


def reasons(finding: Finding, lang: str) -> list[Evidence]:
    """The contradictions that the message of the finding does not tell itself."""
    message = sentence(finding, lang)
    return [
        entry
        for entry in contradictions(finding)
        if statement(entry, lang).rstrip("。.") not in message
    ]


def _held(entry: Evidence, lang: str) -> str:
    if entry.holds is None:
        return ""
    text = phrase("holds" if entry.holds else "holds_not", lang)
    return f"（{text}）" if lang == "zh" else f" ({text})"


def wrapped(line: TerminalLine, width: int) -> Iterator[str]:
    """A line cut to a width in columns, of which a Chinese character takes two.

    >>> list(wrapped(TerminalLine("  - 应为64万元。", 4), 9))
    ['  - 应为', '    64万', '    元。']
    """
    return folded(line.text, width, line.indent)
