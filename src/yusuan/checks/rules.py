"""The rules of ``schemas/rules.yaml``, read and validated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from yusuan.model.errors import YusuanError
from yusuan.schema import catalogue, data_path, read_yaml

__all__ = ["Rule", "load_rules"]

_NEEDS = {
    "equal": ("cells",),
    "class-sum": ("summary", "details"),
    "code-name": ("case",),
    "claim-sum": ("total", "parts", "measure"),
    "rows-agree": ("one", "two", "by"),
}
_FAMILIES = frozenset({
    "row-sum", "row-breakdown", "column-sum", "column-sum-empty", "code-sum", "code-sum-column",
    "code-sum-missing", "equal", "class-sum", "claim-table", "claim-sum", "growth", "share",
    "project-amounts", "project-targets", "target-count", "target-amount", "target-parts", "code-name",
    "unlisted-codes", "precision", "reading", "tables-twice", "no-cover",
    "stated-empty", "rows-agree",
})  # fmt: skip
_CASES = frozenset({"other-code", "other-name", "two-names", "company"})
_VERDICTS = frozenset({"error", "warning", "note"})


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its family says what is compared, ``settings`` which cells.

    A rule with a ``phase`` applies only to documents of that phase.
    """

    id: str
    family: str
    verdict: str
    title: str
    title_en: str
    message: str
    message_en: str
    reason: str = ""
    reason_en: str = ""
    phase: str | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)


@cache
def load_rules(path: Path | None = None) -> tuple[Rule, ...]:
    """The rules, in the order of the file.

    Raises YusuanError naming the file, the rule and what is wrong with it.
    """
    file = path or data_path("schemas", "rules.yaml")
    content = read_yaml(file)
    if not isinstance(content, dict) or not isinstance(content.get("rules"), list):
        raise YusuanError(f"{file.name}: expected a list under `rules:`")
    rules: list[Rule] = []
    for number, item in enumerate(content["rules"], start=1):
        name = item.get("id", f"number {number}") if isinstance(item, dict) else f"number {number}"
        try:
            rules.append(_rule(item))
        except (KeyError, TypeError, ValueError) as error:
            what = f"{error.args[0]} is missing" if isinstance(error, KeyError) else str(error)
            raise YusuanError(f"{file.name}, rule {name}: {what}") from None
        if sum(rule.id == rules[-1].id for rule in rules) > 1:
            raise YusuanError(f"{file.name}, rule {name}: the id is used twice")
    return tuple(rules)


def _rule(item: Mapping[str, Any]) -> Rule:
    family, verdict = item["family"], item["verdict"]
    if family not in _FAMILIES:
        raise ValueError(f"family {family!r} is not one of {', '.join(sorted(_FAMILIES))}")
    if verdict not in _VERDICTS:
        raise ValueError(f"verdict {verdict!r} is not one of {', '.join(sorted(_VERDICTS))}")
    for key in _NEEDS.get(family, ()):
        if key not in item:
            raise KeyError(key)
    if family == "code-name" and item["case"] not in _CASES:
        raise ValueError(f"case {item['case']!r} is not one of {', '.join(sorted(_CASES))}")
    for cell in [
        *item.get("cells", ()),
        item.get("summary"),
        item.get("details"),
        item.get("one"),
        item.get("two"),
    ]:
        _check_cell(cell)
    named = {"id", "family", "verdict", "title", "title@en", "message", "message@en",
             "reason", "reason@en", "phase"}  # fmt: skip
    return Rule(
        id=item["id"],
        family=family,
        verdict=verdict,
        title=item["title"],
        title_en=item["title@en"],
        message=item["message"],
        message_en=item["message@en"],
        reason=item.get("reason", ""),
        reason_en=item.get("reason@en", ""),
        phase=item.get("phase"),
        settings={key: value for key, value in item.items() if key not in named},
    )


def _check_cell(cell: Mapping[str, Any] | None) -> None:
    if cell is None or "claim" in cell:
        return
    if cell["table"] not in {table.name for table in catalogue().tables}:
        raise ValueError(f"there is no table {cell['table']!r}")
    columns = [field.name for field in catalogue()[cell["table"]].fields]
    if cell["column"] not in columns:
        raise ValueError(f"{cell['table']} has no column {cell['column']!r}")
