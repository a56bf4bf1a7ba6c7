"""A department's projects, brought together from the project table, narrative and target forms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Literal

from yusuan.lexicon.phrases import phrase
from yusuan.model.document import Position
from yusuan.model.keys import with_own_keys, with_unique_keys
from yusuan.model.money import Money
from yusuan.model.records import Indicator, Project
from yusuan.model.text import clean, normal, unwrapped, without_numbering
from yusuan.narrative.passages import Passage, narrative_words
from yusuan.narrative.quantities import quantities
from yusuan.narrative.targets import TargetTable
from yusuan.schema.slugs import slug
from yusuan.tables import StandardTable

__all__ = ["find_indicators", "find_projects"]

_FIELD = re.compile(r"^(?:\d+[.、]\s*)?([^：:，。]{2,12})[：:]\s*(.+)$", re.DOTALL)
_ALIKE = 0.5
"""Names that share this much of the shorter one's characters may be one project."""
_ALIKE_BUT_FOR_AMOUNT = 0.8
"""Where both amounts are known and differ, names must be this much alike."""


_MentionKind = Literal["table", "narrative", "target", "department"]
"""Where a project is named; department is the form of a department as a whole."""


@dataclass(frozen=True, slots=True)
class _Mention:
    """One place a project is named, with what it says of the project."""

    name: str
    position: Position
    amount: Money | None
    fields: dict[str, str] = field(default_factory=dict)
    target: TargetTable | None = None
    kind: _MentionKind = "table"


def find_projects(
    tables: Sequence[StandardTable],
    texts: Iterable[Passage],
    targets: Sequence[TargetTable],
    *,
    document: str,
    department: str,
    fiscal_year: int,
) -> list[Project]:
    """All projects of a document. Mentions with like names and amounts are one project."""
    groups: list[list[_Mention]] = []
    for kind in (_in_tables(tables), _in_narrative(texts), _in_targets(targets)):
        mentions = list(kind)
        taken: set[int] = set()
        scored = sorted(
            ((_likeness(group, mention), i, j)
             for i, mention in enumerate(mentions) for j, group in enumerate(groups)),
            reverse=True,
        )  # fmt: skip
        placed: set[int] = set()
        for likeness, i, j in scored:
            if likeness >= _ALIKE and i not in placed and j not in taken:
                groups[j].append(mentions[i])
                placed.add(i)
                taken.add(j)
        groups.extend([mention] for i, mention in enumerate(mentions) if i not in placed)
    return with_unique_keys(
        [_project(group, document, department, fiscal_year) for group in groups], "project"
    )


def find_indicators(targets: Sequence[TargetTable], projects: Sequence[Project]) -> list[Indicator]:
    """Every indicator row of the target forms, under its project."""
    by_place = {
        (project.target_page, project.target_line, name): project
        for project in projects
        if project.target_line
        for name in project.names
    }
    indicators = []
    for target in targets:
        project = by_place[target.position.page, target.position.line, target.project]
        for row in target.rows:
            operator, value, unit = row.target()
            named = row.name or row.level2 or row.level1 or row.text or ""
            indicators.append(Indicator(
                indicator=f"{project.project}-{slug(named)}",
                document=project.document, project=project.project,
                level1=row.level1, level2=row.level2, name=row.name,
                operator=operator, value=value, value_unit=unit, text=row.text,
                weight=row.weight, period=row.period,
                page=row.position.page, line=row.position.line,
            ))  # fmt: skip
    return with_own_keys(
        indicators, "indicator", lambda own: f"{own.level1} {own.level2} {own.text} {own.period}"
    )


def _in_tables(tables: Sequence[StandardTable]) -> Iterator[_Mention]:
    for table in tables:
        for row in table.rows:
            if row.project:
                total = row.amount("total")
                amount = Money(total.number, total.unit or table.unit) if total else None
                yield _Mention(unwrapped(row.project), row.position, amount)


def _in_narrative(texts: Iterable[Passage]) -> Iterator[_Mention]:
    """Projects described in words, each with its fields.

    Either "项目名称：…" and one field a passage, or a 项目经费情况说明 with a heading for each
    field and text below it.
    """
    current: _Mention | None = None
    below: str | None = None
    labels = {normal(label): name for name, known in narrative_words()["project_fields"].items()
              for label in known}  # fmt: skip
    for passage in texts:
        title = phrase("project.funds_title").match(normal(passage.text))
        match = _FIELD.match(passage.text)
        name = labels.get(normal(match[1])) if match else None
        heading = labels.get(without_numbering(normal(passage.text)))
        started = title is not None or name == "name"
        if current and (started or (passage.heading and not heading)):
            yield from _described(current)
            current = None
        if title and title[1] != "项目":
            current = _Mention(title[1], passage.position, None, kind="narrative")
            below = None
        elif match and name == "name":
            current = _Mention(unwrapped(match[2]), passage.position, None, kind="narrative")
            below = None
        elif current and heading:
            below = heading
        elif current and match and name:
            current, below = _with_field(current, name, unwrapped(match[2])), None
        elif current and below:
            current = _with_field(current, below, unwrapped(passage.text))
    if current:
        yield from _described(current)


def _described(mention: _Mention) -> Iterator[_Mention]:
    """A project of which something is said: a title alone is a line of the contents."""
    if mention.fields or mention.amount:
        yield mention


def _with_field(mention: _Mention, name: str, value: str) -> _Mention:
    """The mention with a field, or the amount when just one is stated."""
    if name == "amount":
        money = [amount for quantity in quantities(value) if (amount := quantity.money)]
        return replace(mention, amount=money[0]) if len(money) == 1 else mention
    known = mention.fields.get(name)
    return replace(
        mention, fields={**mention.fields, name: f"{known}\n{value}" if known else value}
    )


def _in_targets(targets: Sequence[TargetTable]) -> Iterator[_Mention]:
    for target in targets:
        kind: _MentionKind = "department" if target.whole else "target"
        yield _Mention(target.project, target.position, target.total, target=target, kind=kind)


def _likeness(group: list[_Mention], mention: _Mention) -> float:
    """How alike a mention is to a project, 0 to 1 for the name, and more for equal amounts."""
    best = 0.0
    for other in group:
        if "department" in (other.kind, mention.kind):
            continue
        one, two = (set(phrase("project.noise").sub("", normal(m.name))) for m in (other, mention))
        shorter = min(len(one), len(two))
        alike = len(one & two) / shorter if shorter else 0.0
        both = other.amount is not None and mention.amount is not None
        same = bool(other.amount and mention.amount and other.amount.agrees(mention.amount))
        differ = both and not same
        if normal(other.name) == normal(mention.name):
            alike += 2
        elif differ and alike < _ALIKE_BUT_FOR_AMOUNT:
            continue
        if alike >= _ALIKE and same:
            alike += 1
        best = max(best, alike)
    return best


def _project(group: list[_Mention], document: str, department: str, fiscal_year: int) -> Project:
    by_kind = {mention.kind: mention for mention in reversed(group)}
    table, narrative = by_kind.get("table"), by_kind.get("narrative")
    target = by_kind.get("target") or by_kind.get("department")
    form = target.target if target else None
    fields = narrative.fields if narrative else {}
    stated = narrative.amount if narrative else None
    first = group[0]
    return Project(
        project=f"{document}-{slug(without_numbering(normal(first.name)))}",
        document=document,
        department=department,
        fiscal_year=fiscal_year,
        kind="department" if "department" in by_kind else "project",
        name=first.name,
        names=tuple(dict.fromkeys(mention.name for mention in group)),
        amount=_yuan(table.amount if table else stated),
        stated_amount=_yuan(stated),
        target_amount=_yuan(form.total if form else None),
        target_appropriation=_yuan(form.appropriation if form else None),
        target_carryover=_yuan(form.carryover if form else None),
        target_other=_yuan(form.other if form else None),
        basis=fields.get("basis"),
        executor=fields.get("executor") or (form.executor if form else None),
        allocation=fields.get("allocation"),
        period=fields.get("period"),
        goal=clean(form.goal) if form and form.goal else fields.get("goal"),
        page=first.position.page,
        line=first.position.line,
        stated_line=narrative.position.line if narrative else None,
        target_line=target.position.line if target else None,
        target_page=target.position.page if target else None,
        stated=stated,
    )


def _yuan(money: Money | None) -> Decimal | None:
    return money.amount if money else None
