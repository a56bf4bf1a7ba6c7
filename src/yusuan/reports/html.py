"""The report as one web page that needs nothing else and prints well.

Whatever comes from documents is escaped, and the page forbids itself to load anything or to
run any script but its own.
"""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from yusuan.lexicon.numbers import parse_number
from yusuan.model.findings import Finding
from yusuan.model.records import Fact, Unrecognised
from yusuan.model.text import printable
from yusuan.presentation import plural, tokens_css, value_label, verdict_meaning
from yusuan.reports.figures import Figure, TableFigure, TextFigure, figures_of, places_in
from yusuan.reports.report import (
    VERDICTS,
    CheckReport,
    filled,
    phrase,
    rule_named,
    sentence,
    slip_name,
    statement,
    words,
)
from yusuan.reports.terminal import advice, alternatives, choices_title, reasons
from yusuan.schema import data_path
from yusuan.schema.version import software_version

__all__ = ["as_html", "card_numbers"]

_WORST = 3
_SURE = {"proven": 0, "likely": 1, None: 2, "tied": 3}


@dataclass(frozen=True, slots=True)
class _Card:
    """A finding, ready to be shown."""

    number: int
    finding: Finding
    document: str
    verdict: str
    table: str
    rule: str
    message: str
    advice: str
    printed: str
    proposed: str
    slip: str | None
    sure: str | None
    certainty: str
    choices_title: str
    choices: Sequence[str]
    because: Sequence[tuple[str, tuple[str, str] | None]]
    where: str
    figures: Sequence[tuple[str, Figure]]
    legend: Sequence[str]
    superseded: str
    """By which other documents its document or table is superseded, in words; mostly nothing."""


@dataclass(frozen=True, slots=True)
class _Document:
    """A document with its cards, worst first."""

    title: str
    whose: str
    file: str
    sha256: str
    counts: Counter[str]
    cards: Sequence[_Card]
    superseded: str
    """By which others it is superseded, in words; mostly nothing."""


def as_html(report: CheckReport) -> str:
    """The page. Parts of PDF pages are drawn by a process with limits; what cannot be drawn is
    shown as text, and the page says so."""
    lang = report.lang
    figures, failures = figures_of(report)
    documents = list(_documents(report, figures))
    cards = [card for document in documents for card in document.cards]
    counting = [card for card in cards if not card.superseded]
    w = {name: texts[lang] for name, texts in words()["page"].items()}
    read = filled(
        w["read"], documents=len(documents), tables=len(report.contents.published_tables),
        facts=len(report.contents.facts), claims=len(report.contents.claims),
    )  # fmt: skip
    w["read_short"] = filled(w["read_short"], documents=len(documents))
    folder = data_path("publish", "report")
    script = (folder / "report.js").read_text("utf-8")
    worst = next((name for name in ("error", "warning") if report.counts[name]), None)
    from jinja2 import Environment  # slow to load

    template = Environment(autoescape=True, trim_blocks=False).from_string(
        (folder / "report.html.j2").read_text("utf-8")
    )
    return template.render(
        w=w, filled=filled, lang=lang, read=read, documents=documents, cards=cards, failures=failures,
        script=script, style=tokens_css() + (folder / "report.css").read_text("utf-8"),
        script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        version=software_version(), verdicts=VERDICTS, counts=report.counts, worst_verdict=worst,
        verdict_names={name: plural(name, lang).capitalize() for name in VERDICTS},
        means={name: verdict_meaning(name, lang) for name in VERDICTS},
        headline=_headline(counting, report, w), worst=_worst(report, counting), pct=_percent,
        todo=list(_todo(report, counting, w)), matrix=_matrix(counting),
        shown=Counter(card.verdict for card in cards), tables=[name for name, _ in _matrix(cards)],
        set_aside=report.set_aside(),
        rules=sorted({card.rule for card in cards}),
        left_out=[_left_out(entry, lang) for entry in report.contents.unrecognised],
    )  # fmt: skip


def card_numbers(report: CheckReport) -> dict[str, int]:
    """The numbers of the findings on the page, by their ids: finding 3 stands at ``#f3``."""
    listed = [
        each for record in report.contents.documents for each in report.of_document(record.document)
    ]
    return {finding.finding: number for number, finding in enumerate(listed, 1)}


def _documents(report: CheckReport, figures: Mapping[str, Sequence[Figure]]) -> Any:
    numbers = card_numbers(report)
    for record in report.contents.documents:
        own = report.of_document(record.document)
        title, file = printable(report.title(record)), printable(record.file)
        whose = printable(report.whose(record))
        cards = []
        for finding in own:
            number = numbers[finding.finding]
            cards.append(_card(report, finding, number, whose, figures[finding.finding]))
        old = printable(report.superseded_by(record.document))
        counting = own if old else [each for each in own if not report.counts_no_more(each)]
        counts: Counter[str] = Counter(finding.verdict for finding in counting)
        yield _Document(title, whose, file, record.sha256, counts, cards, old)


def _card(
    report: CheckReport, finding: Finding, number: int, document: str, figures: Sequence[Figure]
) -> _Card:
    lang = report.lang
    rule = rule_named(finding.rule)
    sure = finding.certainty
    roles = {spot.role for figure in figures for spot in places_in(figure)}
    return _Card(
        number=number,
        finding=finding,
        document=document,
        verdict=finding.verdict,
        table=_table(report, finding),
        rule=(rule.title if lang == "zh" else rule.title_en) if rule else finding.rule,
        message=sentence(finding, lang),
        advice=advice(report, finding),
        printed=report.with_unit(finding.printed, finding),
        proposed=report.with_unit(finding.proposed, finding),
        slip=slip_name(finding.slip, lang) if finding.slip != "other" else None,
        sure=sure,
        certainty=_certainty(sure, lang),
        choices_title=choices_title(finding, lang),
        choices=alternatives(report, finding),
        because=[
            (statement(entry, lang), _holds(entry.holds, lang)) for entry in reasons(finding, lang)
        ],
        where=_where(finding, lang),
        figures=[(_kind(figure), figure) for figure in figures],
        # One kind of frame explains itself by the sentence beside it.
        legend=[role for role in ("named", "candidate", "contradicted") if role in roles]
        if len(roles) > 1 or "candidate" in roles else [],
        superseded=report.superseded_by(finding.document, finding.table),
    )  # fmt: skip


def _certainty(sure: str | None, lang: str) -> str:
    names = value_label("certainty", sure)
    return names[lang == "en"] if names else ""


def _kind(figure: Figure) -> str:
    if isinstance(figure, TextFigure):
        return "text"
    return "table" if isinstance(figure, TableFigure) else "page"


def _holds(holds: bool | None, lang: str) -> tuple[str, str] | None:
    if holds is None:
        return None
    return ("yes", phrase("holds", lang)) if holds else ("no", phrase("holds_not", lang))


def _table(report: CheckReport, finding: Finding) -> str:
    """What the findings are sorted by: the table, the narrative, or anything else."""
    lang = report.lang
    if finding.table:
        return report.table_of(finding)
    page: Mapping[str, Mapping[str, str]] = words()["page"]
    return page["narrative" if finding.claim else "elsewhere"][lang].capitalize()


def _where(finding: Finding, lang: str) -> str:
    page = words()["page"]
    parts = [
        page[f"at_{name}"][lang].format(**{name: value})
        for name in ("page", "line", "cell")
        if (value := getattr(finding, name))
    ]
    return " · ".join(parts)


def _headline(cards: Sequence[_Card], report: CheckReport, w: Mapping[str, str]) -> str:
    errors, warnings = report.counts["error"], report.counts["warning"]
    if not errors and not warnings:
        return w["headline_clean"]
    worst = "error" if errors else "warning"
    tables = list(dict.fromkeys(card.table for card in cards if card.verdict == worst))
    listed = ("、" if report.lang == "zh" else ", ").join(tables)
    where = w["where"].format(tables=listed)
    return filled(w[f"headline_{worst}"], errors=errors, warnings=warnings, where=where)


def _worst(report: CheckReport, cards: Sequence[_Card]) -> list[_Card]:
    """The errors that are surest and of the most money, else what needs a look."""
    listed = [card for card in cards if card.verdict == "error"]
    listed = listed or [card for card in cards if card.verdict == "warning"]
    return sorted(
        listed, key=lambda card: (-_deviation(report, card.finding), _SURE[card.sure], card.number)
    )[:_WORST]


def _deviation(report: CheckReport, finding: Finding) -> Decimal:
    """How many yuan a number is off; 0 where that cannot be said."""
    printed = parse_number(finding.printed or "")
    meant = parse_number(finding.proposed or finding.expected or "")
    if printed is None or meant is None:
        return Decimal(0)
    about = report.about(finding)
    unit = Decimal(0)
    if isinstance(about, Fact):
        unit = Decimal(about.unit)
    elif about and about.amount is not None and about.value:
        unit = about.amount / about.value
    one, other = (each.value * (each.unit or unit) for each in (printed, meant))
    return abs(one - other)


def _todo(report: CheckReport, cards: Sequence[_Card], w: Mapping[str, str]) -> Any:
    proposed = [card for card in cards if card.proposed and card.sure != "tied"]
    tied = [card for card in cards if card.sure == "tied"]
    done = {card.number for card in (*proposed, *tied)}
    rest = Counter(card.verdict for card in cards if card.number not in done)
    counts = {
        "fix": len(proposed), "error": rest["error"], "tied": len(tied),
        "verify": rest["warning"], "truncation": rest["truncation"], "rounding": rest["rounding"],
        "left_out": len(report.contents.unrecognised),
    }  # fmt: skip
    for name, number in counts.items():
        if number:
            yield filled(w[f"todo_{name}"], number=number)
    yield w["todo_again" if counts["fix"] or counts["error"] or tied else "todo_nothing"]


def _matrix(cards: Sequence[_Card]) -> list[tuple[str, Counter[str]]]:
    found: dict[str, Counter[str]] = {}
    for card in cards:
        found.setdefault(card.table, Counter())[card.verdict] += 1
    return sorted(found.items(), key=lambda item: [-item[1][name] for name in VERDICTS])


def _left_out(entry: Unrecognised, lang: str) -> str:
    zh = lang == "zh"
    where = [entry.file]
    page = words()["page"]
    where += [page["at_page"][lang].format(page=entry.page)] if entry.page else []
    where += [page["at_line"][lang].format(line=entry.line)] if entry.line else []
    reason = entry.reason_zh if zh else entry.reason_en
    told = [reason, entry.advice_zh if zh else entry.advice_en]
    named = f"“{entry.printed}”" if entry.scope != "file" else ""
    return printable(f"{' · '.join(where)} {named}: {'; '.join(dict.fromkeys(filter(None, told)))}")


def _percent(part: float) -> str:
    return f"{100 * part:.3f}%"
