"""What a check found, told to people and programs: terminal, HTML, JSON, CSV, SARIF, badges; and
what is new in a package, as a feed."""

from yusuan.reports.formats import as_badge, as_csv, as_github, as_gitlab, as_json, as_sarif
from yusuan.reports.html import as_html, card_numbers
from yusuan.reports.report import CheckReport
from yusuan.reports.terminal import terminal_lines, wrapped

__all__ = [
    "CheckReport", "as_badge", "as_csv", "as_github", "as_gitlab", "as_html", "as_json", "as_sarif",
    "card_numbers",     "terminal_lines", "wrapped",
]  # fmt: skip
