"""Projects: the same amount in table, narrative and target form; forms counted and summed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from yusuan.checks import place
from yusuan.checks.figures import Figure, of_claim
from yusuan.checks.items import Instance, Item, Items, Texts, sum_of
from yusuan.checks.ledger import half_of
from yusuan.checks.place import Place
from yusuan.checks.report import Hit
from yusuan.checks.rules import Rule
from yusuan.checks.subject import Subject
from yusuan.model.money import UNITS, plain, unit_name
from yusuan.model.records import Project
from yusuan.narrative.claims import stated

__all__ = ["project_amounts", "project_targets", "target_amount", "target_count"]


def project_amounts(rule: Rule, subject: Subject, items: Items) -> Iterator[Instance]:
    """A project's stated and target amounts against its amount in the project table."""
    unit = _unit(subject)

    def item(
        project: Project, what: str, value: Decimal, line: int | None, texts: Texts
    ) -> Item | None:
        where = _place(project, line, *texts)
        decimals = len(plain(value / unit).partition(".")[2])
        figure = Figure(value, Decimal(half_of(decimals, unit)) / 100, unit)
        return items.of_place(f"{project.project}-{what}", project.document, where, figure)

    for project in subject.projects:
        if project.amount is None:
            continue
        fact = next((fact for fact in subject.facts.values()
                     if fact.project == project.project and fact.amount == project.amount), None)  # fmt: skip
        names = (f"项目“{project.name}”的金额", f'Project "{project.name}"')
        first = items.of_fact(fact) if fact else item(
            project, "amount", project.amount, project.line, names
        )  # fmt: skip
        for what, value, line, zh, en in (
            ("stated", project.stated_amount, project.stated_line, "文字说明", "narrative"),
            ("target", project.target_amount, project.target_line, "绩效目标表", "target table"),
        ):
            texts = (f"项目“{project.name}”的{zh}金额", f'Project "{project.name}", {en}')
            own = item(project, what, value, line, texts) if value is not None else None
            if own and first:
                yield sum_of(rule, own, (first,), identity=True)


def project_targets(rule: Rule, subject: Subject) -> Iterator[Hit]:
    """Projects without a target form, in documents that have forms for others."""
    if not subject.disclosure.targets:
        return
    unit = _unit(subject)
    for project in subject.projects:
        if project.target_line is None and project.kind == "project":
            where = _place(
                project, project.line, f"项目“{project.name}”", f'Project "{project.name}"'
            )
            amount = plain(project.amount / unit) if project.amount is not None else ""
            yield Hit(rule=rule, document=project.document, place=where, printed=amount,
                      unit=unit_name(unit) if amount else "")  # fmt: skip


def target_count(rule: Rule, subject: Subject) -> Iterator[Hit]:
    """The stated number of projects with targets against the forms in the document."""
    claim = subject.claim("target-projects", "count")
    forms = len([form for form in subject.disclosure.targets if not form.whole])
    if claim and forms and claim.value != forms:
        yield Hit(
            rule=rule, document=claim.document, place=place.of_claim(claim), claim=claim.claim,
            printed=stated(claim), expected=str(forms), unit="个",
        )  # fmt: skip


def target_amount(rule: Rule, subject: Subject) -> Iterator[Hit]:
    """The stated amount under targets against the sum of the forms' totals."""
    claim = subject.claim("target-amount", "amount")
    totals = [form.total for form in subject.disclosure.targets if not form.whole]
    if claim is None or claim.amount is None or not totals or None in totals:
        return
    amounts = [total for total in totals if total is not None]
    whole = sum(amounts, start=Decimal(0))
    if claim.amount != whole:
        figure = of_claim(claim)
        listed = " + ".join(figure.number(amount) for amount in amounts)
        yield Hit(
            rule=rule, document=claim.document, place=place.of_claim(claim), claim=claim.claim,
            printed=stated(claim), expected=figure.number(whole),
            unit=figure.unit_name,
            parts=(listed, listed),
        )  # fmt: skip


def _place(project: Project, line: int | None, zh: str, en: str) -> Place:
    return Place(f"{zh}（第{line}行）", f"{en} (line {line})", project.page, line)


def _unit(subject: Subject) -> int:
    """The unit of the project table, else that of most tables: the one its reader knows."""
    own = [table.unit for table in subject.tables if table.resource.with_role("project")]
    units = own or [table.unit for table in subject.tables]
    return Counter(units).most_common(1)[0][0] if units else UNITS["万元"]
