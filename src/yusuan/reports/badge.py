"""A badge: the state of a check as a small SVG of our own."""

from __future__ import annotations

from yusuan.reports.report import CheckReport
from yusuan.reports.terminal import columns
from yusuan.reports.words import phrase, words
from yusuan.schema import data_path

__all__ = ["as_badge"]

_COLOURS = {None: "#2e7d4f", "error": "#c0312b", "warning": "#b7791f"}
_COLUMN, _GAP = 6.2, 7
"""Pixels that a column of text is wide, and that it stands from the edge."""


def as_badge(report: CheckReport) -> str:
    """``budget check | 9 errors``, or passing; to verify where nothing is worse."""
    worst = next((name for name in ("error", "warning") if report.counts[name]), None)
    left = phrase("badge", report.lang)
    right = phrase("badge_clean", report.lang)
    if worst:
        number, names = report.counts[worst], words()["badge_words"][worst]
        what = names["one"] if report.lang == "en" and number == 1 else names[report.lang]
        right = phrase("badge_count", report.lang, number=number, what=what)
    sizes = [round(columns(text) * _COLUMN + 2 * _GAP) for text in (left, right)]
    from jinja2 import Environment  # slow to load

    template = Environment(autoescape=True).from_string(
        data_path("publish", "report", "badge.svg").read_text("utf-8")
    )
    return template.render(left=left, right=right, sizes=sizes, colour=_COLOURS[worst]) + "\n"
