"""Projects: the same amount in table, narrative and target form; forms counted and summed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import combinations
from math import comb

from yusuan.checks import location
from yusuan.checks.location import Location
from yusuan.checks.operands import AppliedRule, Operand, Operands, sum_of
from yusuan.checks.registry import DOCUMENT, RELATION
from yusuan.checks.report import RawFinding
from yusuan.checks.rounding import compare, of_claim, of_fact, of_money
from yusuan.checks.rules import Rule
from yusuan.checks.subject import Subject
from yusuan.lexicon.units import UNITS, unit_name
from yusuan.model.money import Money, plain
from yusuan.model.records import Fact, Project
from yusuan.narrative.claims import stated
from yusuan.narrative.targets import TargetTable
from yusuan.schema.messages import Texts, message

__all__ = ["project_amounts", "project_targets", "target_amount", "target_count", "target_parts"]

_MOST_CHOICES = 1000

_AMOUNTS = ("total", "appropriation", "carryover", "other")


@RELATION("project-amounts")
def project_amounts(rule: Rule, subject: Subject, operands: Operands) -> Iterator[AppliedRule]:
    """A project's stated and target amounts against its amount in the project table."""
    facts = {fact.project: fact for fact in subject.facts.values()
             if fact.project and fact.column == "total"}  # fmt: skip
    forms = {project.project: form for project, form in _forms(subject)}
    for project in subject.projects:
        stated = _stated(project, operands)
        form = forms.get(project.project)
        target = _target(project, form, "total", operands) if form else None
        fact = facts.get(project.project)
        first = operands.of_fact(fact) if fact else stated
        for own in (stated, target):
            if own and first and own is not first:
                yield sum_of(rule, own, (first,), identity=True)


@RELATION("target-parts")
def target_parts(rule: Rule, subject: Subject, operands: Operands) -> Iterator[AppliedRule]:
    """The total of a target form against its fund sources, where it prints two or more.

    In some forms what is carried over is part of the appropriation.
    """
    for project, form in _forms(subject):
        total = _target(project, form, "total", operands)
        found = {name: operand for name in ("appropriation", "carryover", "other")
                 if (operand := _target(project, form, name, operands))}  # fmt: skip
        parts = tuple(found.values())
        if total and form.appropriation and form.carryover:
            without = [found[name].value for name in found if name != "carryover"]
            if sum(without) == total.value:
                continue
        if total and len(parts) > 1:
            yield sum_of(rule, total, parts)


def _forms(subject: Subject) -> Iterator[tuple[Project, TargetTable]]:
    """The target forms with the project each is of."""
    places = {(p.target_page, p.target_line, name): p
              for p in subject.projects if p.target_line for name in p.names}  # fmt: skip
    for form in subject.disclosure.targets:
        yield places[form.position.page, form.position.line, form.project], form


def _stated(project: Project, operands: Operands) -> Operand | None:
    """What the narrative says a project costs."""
    if project.stated is None:
        return None
    where = _place(project, project.stated_line, message("project-narrative", name=project.name))
    return operands.of_money(f"{project.project}-stated", project.document, where, project.stated)


def _target(project: Project, form: TargetTable, name: str, operands: Operands) -> Operand | None:
    """An amount of a project's target form."""
    money: Money | None = getattr(form, name)
    if money is None:
        return None
    words = message("project-target", name=project.name, amount=message(f"target-{name}"))
    where = _place(project, project.target_line, words)
    return operands.of_money(f"{project.project}-target-{name}", project.document, where, money)


@DOCUMENT("project-targets")
def project_targets(rule: Rule, subject: Subject) -> Iterator[RawFinding]:
    """Projects without a target form, in documents that have forms for others."""
    unit = _unit(subject)
    for project in _without_form(subject):
        where = _place(project, project.line, message("project-named", name=project.name))
        amount = plain(project.amount / unit) if project.amount is not None else ""
        about = project.project.removeprefix(f"{project.document}-")
        yield RawFinding(rule=rule, document=project.document, place=where, about=about, printed=amount,
                  unit=unit_name(unit) if amount else "")  # fmt: skip


def _without_form(subject: Subject) -> list[Project]:
    if not subject.disclosure.targets:
        return []
    return [p for p in subject.projects if p.target_line is None and p.kind == "project"]


def _unrecognised(subject: Subject) -> list[Project]:
    """Projects whose forms the stated number counts, though the document does not have them:
    where an amount is stated too, those whose amounts it then has."""
    number = subject.claim("target-projects", "count")
    forms = [form for form in subject.disclosure.targets if not form.whole]
    without = _without_form(subject)
    missing = int(number.value) - len(forms) if number else 0
    if not 0 < missing <= len(without) or comb(len(without), missing) > _MOST_CHOICES:
        return []
    claim = subject.claim("target-amount", "amount")
    totals = [form.total for form in forms if form.total]
    if claim is None or len(totals) < len(forms):
        return without
    figures = [of_money(total) for total in totals]
    for chosen in combinations(without, missing):
        sums = [fact for project in chosen if (fact := _total_of(project, subject))]
        if compare(of_claim(claim), [*figures, *map(of_fact, sums)]) != "error":
            return list(chosen)
    return without if missing == len(without) else []


@DOCUMENT("target-count")
def target_count(rule: Rule, subject: Subject) -> Iterator[RawFinding]:
    """The stated number of projects with targets against the forms in the document.

    Where it counts the projects that have none, those forms are missing, and it is right.
    """
    claim = subject.claim("target-projects", "count")
    forms = len([form for form in subject.disclosure.targets if not form.whole])
    if claim and forms and claim.value != forms and not _unrecognised(subject):
        yield RawFinding(
            rule=rule, document=claim.document, place=location.of_claim(claim), claim=claim.claim,
            printed=stated(claim), expected=str(forms), unit=message("unit-of-projects")[0],
        )  # fmt: skip


@RELATION("target-amount")
def target_amount(rule: Rule, subject: Subject, operands: Operands) -> Iterator[AppliedRule]:
    """The stated amount under targets against the sum of the forms' totals, with the amounts of
    the projects that it counts though their forms are missing."""
    claim = subject.claim("target-amount", "amount")
    own = operands.of_claim(claim) if claim else None
    totals = [_target(project, form, "total", operands)
              for project, form in _forms(subject) if not form.whole]  # fmt: skip
    parts = tuple(total for total in totals if total)
    if own and parts and len(parts) == len(totals):
        facts = [_total_of(project, subject) for project in _unrecognised(subject)]
        others = [operand for fact in facts if fact and (operand := operands.of_fact(fact))]
        if len(others) == len(facts):
            yield sum_of(rule, own, (*parts, *others))


def _total_of(project: Project, subject: Subject) -> Fact | None:
    """A project's amount in the project table."""
    facts = (f for f in subject.facts.values() if f.project == project.project)
    return next((fact for fact in facts if fact.column == "total"), None)


def _place(project: Project, line: int | None, words: Texts) -> Location:
    return Location(*message("project-at", project=words, line=line), project.page, line)


def _unit(subject: Subject) -> int:
    """The unit of the project table, else that of most tables: the one its reader knows."""
    own = [table.unit for table in subject.tables if table.resource.with_role("project")]
    units = own or [table.unit for table in subject.tables]
    return Counter(units).most_common(1)[0][0] if units else UNITS["万元"]
