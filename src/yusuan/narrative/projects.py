"""A department's projects, brought together from the project table, narrative and target forms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from yusuan.model.document import Position
from yusuan.model.records import Indicator, Project, with_unique_keys
from yusuan.model.text import clean, normal, slug, unwrapped, without_numbering
from yusuan.narrative.passages import Passage, reading
from yusuan.narrative.quantities import quantities
from yusuan.narrative.targets import TargetTable, read_target_value
from yusuan.tables import Table

__all__ = ["find_indicators", "find_projects"]

_FIELD = re.compile(r"^(?:\d+[.、]\s*)?([^：:，。]{2,12})[：:]\s*(.+)$", re.DOTALL)
_NOISE = re.compile(r"[、，,.()费用的及与和等]|服务|项目|经费")
_ALIKE = 0.5
"""Names that share this much of the shorter one's characters may be one project."""


@dataclass(frozen=True, slots=True)
class _Mention:
    """One place a project is named, with what it says of the project."""

    name: str
    position: Position
    amount: Decimal | None
    fields: dict[str, str] = field(default_factory=dict)
    target: TargetTable | None = None
    kind: str = "table"


def find_projects(
    tables: Sequence[Table],
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
        (project.target_page, project.target_line): project
        for project in projects
        if project.target_line
    }
    indicators = []
    for target in targets:
        project = by_place[target.position.page, target.position.line]
        for number, row in enumerate(target.rows, start=1):
            operator, value, unit = read_target_value(row.text)
            indicators.append(Indicator(
                indicator=f"{project.project}-{number}",
                document=project.document, project=project.project,
                level1=row.level1, level2=row.level2, name=row.name,
                operator=operator, value=value, value_unit=unit, text=row.text,
                page=row.position.page, line=row.position.line,
            ))  # fmt: skip
    return indicators


def _in_tables(tables: Sequence[Table]) -> Iterator[_Mention]:
    for table in tables:
        for row in table.rows:
            if row.project:
                total = row.amount("total")
                amount = total.number.value * table.unit if total else None
                yield _Mention(unwrapped(row.project), row.position, amount)


def _in_narrative(texts: Iterable[Passage]) -> Iterator[_Mention]:
    """Projects described as "项目名称：…" followed by their fields, one a passage."""
    current: _Mention | None = None
    labels = {normal(label): name for name, known in reading()["project_fields"].items()
              for label in known}  # fmt: skip
    for passage in texts:
        match = _FIELD.match(passage.text)
        name = labels.get(normal(match[1])) if match else None
        if match is None or name is None:
            if passage.heading and current:
                yield current
                current = None
            continue
        value = unwrapped(match[2])
        if name == "name":
            if current:
                yield current
            current = _Mention(value, passage.position, None, kind="narrative")
        elif current and name == "amount":
            money = next((q.amount for q in quantities(value) if q.is_money), None)
            current = replace(current, amount=money)
        elif current:
            current.fields.setdefault(name, value)
    if current:
        yield current


def _in_targets(targets: Sequence[TargetTable]) -> Iterator[_Mention]:
    for target in targets:
        yield _Mention(target.project, target.position, target.total, target=target, kind="target")


def _likeness(group: list[_Mention], mention: _Mention) -> float:
    """How alike a mention is to a project, 0 to 1 for the name, and more for equal amounts."""
    best = 0.0
    for other in group:
        one, two = (set(_NOISE.sub("", normal(m.name))) for m in (other, mention))
        shorter = min(len(one), len(two))
        alike = len(one & two) / shorter if shorter else 0.0
        if alike >= _ALIKE and other.amount is not None and other.amount == mention.amount:
            alike += 1
        best = max(best, alike)
    return best


def _project(group: list[_Mention], document: str, department: str, fiscal_year: int) -> Project:
    by_kind = {mention.kind: mention for mention in reversed(group)}
    table, narrative, target = (by_kind.get(kind) for kind in ("table", "narrative", "target"))
    form = target.target if target else None
    fields = narrative.fields if narrative else {}
    stated = narrative.amount if narrative else None
    first = group[0]
    return Project(
        project=f"{document}-{slug(without_numbering(normal(first.name)))}",
        document=document,
        department=department,
        fiscal_year=fiscal_year,
        name=first.name,
        names=tuple(dict.fromkeys(mention.name for mention in group)),
        amount=table.amount if table else stated,
        stated_amount=stated,
        target_amount=form.total if form else None,
        target_appropriation=form.appropriation if form else None,
        target_other=form.other if form else None,
        basis=fields.get("basis"),
        executor=fields.get("executor"),
        allocation=fields.get("allocation"),
        period=fields.get("period"),
        goal=clean(form.goal) if form and form.goal else None,
        page=first.position.page,
        line=first.position.line,
        stated_line=narrative.position.line if narrative else None,
        target_line=target.position.line if target else None,
        target_page=target.position.page if target else None,
    )
