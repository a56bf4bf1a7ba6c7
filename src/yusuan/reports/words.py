"""The words of reports, ``publish/report/words.yaml``, and the names that the schemas give."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from yusuan.checks.rules import Rule, load_rules
from yusuan.model.findings import VERDICTS, Evidence, Finding
from yusuan.schema import catalogue, data_path, read_yaml

__all__ = [
    "LANGUAGES",
    "VERDICTS",
    "colour",
    "filled",
    "phrase",
    "rule_named",
    "said",
    "slip_name",
    "statement",
    "table_title",
    "verdict_name",
    "words",
]  # fmt: skip

LANGUAGES = ("zh", "en")


@cache
def words() -> Mapping[str, Any]:
    """The file as it is."""
    content: Mapping[str, Any] = read_yaml(data_path("publish", "report", "words.yaml"))
    return content


class _Count(int):
    """A count in a phrase: "{n:table|tables}" is the word for one, or for any other count."""

    def __format__(self, spec: str) -> str:
        one, parted, more = spec.partition("|")
        return (one if self == 1 else more) if parted else super().__format__(spec)


def filled(text: str, **values: object) -> str:
    """A text of the file with its variables filled in; counts choose their word.

    >>> filled("{n} {n:table|tables}", n=1), filled("{n} {n:table|tables}", n=0)
    ('1 table', '0 tables')
    """
    return text.format(
        **{name: _Count(v) if isinstance(v, int) else v for name, v in values.items()}
    )


def phrase(name: str, lang: str, **values: object) -> str:
    """A phrase with its variables filled in."""
    text: str = words()["phrases"][name][lang]
    return filled(text, **values) if values else text


def verdict_name(verdict: str, lang: str) -> str:
    """What findings of a verdict are headed by."""
    name: str = words()["verdicts"][verdict][lang]
    return name


def colour(verdict: str) -> str | None:
    """The colour of a verdict on a terminal."""
    name: str | None = words()["verdicts"][verdict]["colour"]
    return name


def said(finding: Finding, lang: str) -> str:
    """The sentence of a finding."""
    return finding.message_zh if lang == "zh" else finding.message_en


def statement(evidence: Evidence, lang: str) -> str:
    """The sentence of what a finding rests on."""
    return evidence.statement_zh if lang == "zh" else evidence.statement_en


def slip_name(code: str | None, lang: str) -> str | None:
    """How a number went wrong, in words; None when that is not known."""
    for row in catalogue()["slips"].rows:
        if row["code"] == code:
            return str(row["name"]) if lang == "zh" else str(row["name_en"]).lower()
    return None


def table_title(name: str | None, lang: str) -> str:
    """A standard table with its number, as officials call it; blank for none."""
    if name is None:
        return ""
    table = catalogue()[name]
    number = str(table.number or "")
    if lang == "zh":
        return f"表{number} {table.title}" if number else table.title
    return f"Table {number}: {table.title_en}" if number else table.title_en


def rule_named(rule: str) -> Rule | None:
    """A rule by its id; None for one that the file no longer has."""
    return next((known for known in load_rules() if known.id == rule), None)
