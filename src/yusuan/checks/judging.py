"""From relations to verdicts: what rounding explains, and which printed number is wrong.

All relations of one disclosure are judged together (``yusuan.error_localisation``). Those that cannot
tell a wrong number for certain are judged one by one and only ask to verify: rules that are
warnings, tables not read for certain, and rules that most rows of a table contradict.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from string import ascii_uppercase, digits

from yusuan.checks.items import Instance, Item, Items
from yusuan.checks.report import Hit
from yusuan.checks.subject import Subject
from yusuan.checks.wording import hits_of_causes, plain_hit
from yusuan.error_localisation import RoundedNumber, localise
from yusuan.model.records import Fact

__all__ = ["judged"]

_MOST_FAIL = 3
"""So many failing rows, and most of those of their table, say that the table means something else."""


def judged(
    instances: Sequence[Instance], subjects: Sequence[Subject], items: Items
) -> Iterator[Hit]:
    """Hits for the relations of one disclosure, which may be in several documents."""
    values = {key: item.value for key, item in items.by_key.items()}
    failing = [instance for instance in instances if instance.fails(values)]
    for instance in instances:
        if instance.explained and instance not in failing:
            yield plain_hit(instance, instance.explained)
    cut = [(instance, whole) for instance in failing if (whole := instance.cut_short())]
    for _, whole in cut:
        yield plain_hit(whole, "truncation")
    settled = {instance.key for instance, _ in cut}
    instances = [instance for instance in instances if instance.key not in settled]
    failing = [instance for instance in failing if instance.key not in settled]
    if not failing:
        return
    odd = _odd(instances, failing)
    doubtful = {
        (subject.record.document, table.resource.name)
        for subject in subjects
        for table in subject.tables
        if subject.doubtful(table.resource.name)
    }

    def certain(instance: Instance) -> bool:
        return (
            instance.rule.verdict == "error"
            and not instance.by_itself
            and _kind(instance) not in odd
            and not any(_table_of(item) in doubtful for item in instance.items)
        )

    for instance in failing:
        if instance.by_itself and instance.rule.verdict == "error":
            yield from _of_some(instance, items)
        elif not certain(instance):
            verdict = _alone(instance)
            if verdict:
                soft = verdict if verdict == "rounding" else "warning"
                yield plain_hit(instance, soft)
    hard = [instance for instance in instances if certain(instance)]
    if not any(instance.fails(values) for instance in hard):
        return
    by_relation = {relation.key: instance for instance in hard for relation in instance.relations}
    short = {whole.total.key: whole.parts for _, whole in cut}
    found = localise(_quantities(hard, subjects, short), [r for i in hard for r in i.relations])
    told = set()
    for key in found.rounding:
        if by_relation[key].key not in told:
            told.add(by_relation[key].key)
            yield plain_hit(by_relation[key], "rounding")
    known = {key: sum(part.value for part in parts) for key, parts in short.items()}
    yield from hits_of_causes(found.causes, by_relation, items, known)


def _of_some(instance: Instance, items: Items) -> Iterator[Hit]:
    """A total and parts that need not be all: wrong if they are more, to be verified if less.

    Which number that is goes by the parts being all there are, so it is never proven.
    """
    more = sum(part.value for part in instance.parts) > instance.total.value
    found = localise([item.quantity() for item in instance.items], instance.relations)
    by_relation = {relation.key: instance for relation in instance.relations}
    for hit in hits_of_causes(found.causes, by_relation, items):
        certainty = "likely" if hit.certainty == "proven" else hit.certainty
        yield replace(hit, verdict="error" if more else "warning", certainty=certainty)


def _alone(instance: Instance) -> str | None:
    """The verdict on one relation by itself."""
    if len(instance.relations) != 1:
        return "error"
    values = {item.key: item.value for item in instance.items}
    if not instance.fails(values):
        return None
    return "error" if instance.fails_by_far(values) else "rounding"


def _odd(instances: Iterable[Instance], failing: Iterable[Instance]) -> set[tuple[str, ...]]:
    """Rules that most relations of a table contradict: then not the numbers are wrong."""
    number = Counter(_kind(instance) for instance in instances)
    wrong: dict[tuple[str, ...], list[Instance]] = defaultdict(list)
    for instance in failing:
        if _alone(instance) == "error":
            wrong[_kind(instance)].append(instance)
    return {
        kind for kind, own in wrong.items()
        if _apart(own) >= _MOST_FAIL and len(own) * 2 > number[kind] and kind[1] and not _moved(own)
    }  # fmt: skip


def _apart(instances: Iterable[Instance]) -> int:
    """How many of them share no number: one wrong number makes all the sums fail that it is in."""
    seen: set[str] = set()
    count = 0
    for instance in sorted(instances, key=lambda each: len(each.items)):
        keys = {item.key for item in instance.items}
        if not keys & seen:
            seen |= keys
            count += 1
    return count


def _moved(instances: Sequence[Instance]) -> bool:
    """Whether they print, all but one, what others of them should: rows shifted or swapped."""
    left = [sum(part.value for part in instance.parts) for instance in instances]
    for instance in instances:
        room = sum(item.quantity().half_step for item in instance.items)
        near = next((v for v in left if abs(instance.total.value - v) <= room), None)
        if near is not None:
            left.remove(near)
    return len(left) <= 1


def _kind(instance: Instance) -> tuple[str, ...]:
    document, table = _table_of(instance.total)
    column = instance.total.source.column if isinstance(instance.total.source, Fact) else ""
    return instance.rule.id, table, document, column or ""


def _table_of(item: Item) -> tuple[str, str]:
    return item.document, item.source.table if isinstance(item.source, Fact) else ""


def _quantities(
    instances: Sequence[Instance], subjects: Sequence[Subject], short: Mapping[str, Sequence[Item]]
) -> list[RoundedNumber]:
    """The numbers of the relations; those cut ``short`` stand for what was cut, the sum of these."""
    spots: dict[str, tuple[str, int, int]] = {}
    for subject in subjects:
        spots.update(_spots(subject.facts.values()))
    items = {item.key: item for instance in instances for item in instance.items}
    found = [item.quantity(spots.get(key)) for key, item in items.items()]
    return [_whole(each, short.get(each.key, ())) for each in found]


def _whole(quantity: RoundedNumber, parts: Sequence[Item]) -> RoundedNumber:
    if not parts:
        return quantity
    own = [part.quantity() for part in parts]
    return replace(
        quantity, value=sum(q.value for q in own), half_step=sum(q.half_step for q in own)
    )


def _spots(facts: Iterable[Fact]) -> Mapping[str, tuple[str, int, int]]:
    """Table, row and column of each fact, counted as they are printed."""
    tables: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        tables[f"{fact.document}-{fact.table}"].append(fact)
    spots = {}
    for table, printed in tables.items():
        lines = sorted({_line(fact) for fact in printed})
        rows = {line: number for number, line in enumerate(lines)}
        for fact in printed:
            letters = fact.cell.rstrip(digits)
            column = 0
            for letter in letters:
                column = column * 26 + ord(letter) - 64
            spots[fact.fact] = (table, rows[_line(fact)], column)
    return spots


def _line(fact: Fact) -> tuple[int, int, int]:
    """Page, line and row of the grid: rows of a web page may all stand on one line."""
    return fact.page or 0, fact.line, int(fact.cell.lstrip(ascii_uppercase))
