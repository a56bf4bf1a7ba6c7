"""Say what a judgement means: which cell is wrong, what contradicts it, what it should be."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import chain, islice

from yusuan.checks.items import Instance, Item, Items, Texts
from yusuan.checks.report import Hit, said
from yusuan.checks.sums import listed
from yusuan.error_localisation import Cause, Explanation, NumberChange, likeliest
from yusuan.model.findings import Evidence
from yusuan.schema import catalogue

__all__ = ["hits_of_causes", "plain_hit", "should_be"]

_COUNTERPARTS = 12
"""Sums of more parts than these name only the first."""
_PLACES = 3
"""More places of one number are counted, not named, in a sentence; the evidence has all."""
_NAMED = 6
"""More candidates than these are counted, not named, in the sentence of a tie."""


def plain_hit(instance: Instance, verdict: str) -> Hit:
    """What a rule says of the total it speaks of."""
    total = instance.total
    return Hit(
        rule=instance.rule, document=total.document, place=total.place, verdict=verdict,
        fact=total.fact, claim=total.claim, about=total.about, printed=total.printed, expected=instance.expected,
        unit=total.figure.unit_name, parts=instance.listed or listed([part.printed for part in instance.parts]),
        other=instance.other or _place(instance.parts[0]),
    )  # fmt: skip


def hits_of_causes(
    causes: Sequence[Cause], by_relation: Mapping[str, Instance], items: Items,
    known: Mapping[str, int] | None = None,
) -> Iterator[Hit]:  # fmt: skip
    """One finding for each number that a cause names, and one for what is left to explain once
    all of them are corrected. ``known`` are numbers that stand for more than is printed."""
    rates = {relation.about for each in by_relation.values() for relation in each.relations}
    named = [_changes(cause, rates) for cause in causes]
    corrected = {key: item.value for key, item in items.by_key.items()} | dict(known or {})
    for change in chain.from_iterable(named):
        if change.proposed is not None:
            corrected.update(dict.fromkeys((change.key, *change.together), change.proposed))
    for cause, own in zip(causes, named, strict=True):
        others = [change for each in named if each is not own for change in each]
        yield from _cause_hits(cause, own, others, corrected, by_relation, items)


def _changes(cause: Cause, rates: Collection[str | None]) -> list[NumberChange]:
    """What a cause names: a number that every likely explanation changes alike is wrong,
    whatever else is."""
    likely = likeliest(cause)
    named = [
        change for change in (likely[0].changes if likely else ())
        if (len(likely) == 1 and cause.certainty != "tied") or _shared(change, likely)
    ]  # fmt: skip
    # an amount that its own rate of change confirms may be right, and be of something else
    if len(named) > 1 and any(c.proposed is None and c.key in rates for c in named):
        return []
    return named


def _cause_hits(
    cause: Cause, named: Sequence[NumberChange], others: Sequence[NumberChange],
    corrected: Mapping[str, int], by_relation: Mapping[str, Instance], items: Items,
) -> Iterator[Hit]:  # fmt: skip
    """The findings of one cause, that names these numbers; ``others`` are named by other causes
    and ``corrected`` has what each should be."""
    violated = list({by_relation[key].key: by_relation[key] for key in cause.violated}.values())
    own = {key for change in named for key in (change.key, *change.together)}
    keys = own | {key for change in others for key in (change.key, *change.together)}
    mended = [
        instance for instance in violated
        if any(item.key in own for item in instance.items) and not instance.fails_by_far(corrected, keys)
    ] or violated  # fmt: skip
    if named:
        evidence = _contradictions(mended, corrected, keys)
        if len(cause.explanations) > 1:
            evidence += _candidates(cause.explanations, items)
        for change in named:
            everywhere = all(
                any(other.key == change.key for other in each.changes)
                for each in cause.explanations
            )
            certainty = "proven" if cause.searched and everywhere else "likely"
            yield _named(change, certainty, mended, evidence, items)
    unknown = {change.key for change in (*named, *others) if change.proposed is None}
    left = [
        instance for instance in violated
        if not any(item.key in unknown for item in instance.items)
        and instance.fails_by_far(corrected, keys)
    ]  # fmt: skip
    if left or not named:
        rest = [
            Explanation(tuple(c for c in explanation.changes if c not in named), explanation.cost)
            for explanation in likeliest(cause)
        ]
        yield _tied([each for each in rest if each.changes], left or violated, items)


def _shared(change: NumberChange, explanations: Sequence[Explanation]) -> bool:
    """Whether all of several explanations have the same change."""
    return len(explanations) > 1 and all(
        any((c.key, c.proposed) == (change.key, change.proposed) for c in each.changes)
        for each in explanations
    )


def _named(
    change: NumberChange, certainty: str, violated: Sequence[Instance], evidence: tuple[Evidence, ...],
    items: Items,
) -> Hit:  # fmt: skip
    item = items.by_key[change.key]
    main = next(
        (instance for instance in violated if instance.total.key == item.key),
        next((instance for instance in violated if item in instance.items), violated[0]),
    )
    hit = plain_hit(main, "error")
    proposed = _proposed(change, main, item)
    unit = item.figure.unit_name
    if main.total.key == item.key:
        lead, mend = ("", ""), should_be(f"{proposed}{unit}", change.slip)
    else:
        where, slip = item.place, _slip(change.slip)
        lead = (
            f"{where.zh}印为{item.printed}{unit}，疑有误：",
            f"{where.en} prints {item.printed}{unit}, which is probably wrong: ",
        )
        mend = (
            f"该数改为{proposed}{unit}{slip[0]}即相符。",
            f" With {proposed}{unit} there{slip[1]} all agrees.",
        )
    if not proposed:
        mend = ("应为何数不能断定。", " What it should be cannot be told.")
    also = [items.by_key[key] for key in change.together]
    if also:
        zh, en = ("；".join(each.place.zh for each in also[:_PLACES]),
                  "; ".join(each.place.en for each in also[:_PLACES]))  # fmt: skip
        more = ("等", " and others") if len(also) > _PLACES else ("", "")
        mend = (
            f"{mend[0]}另有{len(also)}处印有同一数：{zh}{more[0]}。",
            f"{mend[1]} The same number is printed in {len(also)} other places: {en}{more[1]}.",
        )
    words = said(hit)
    return Hit(
        rule=main.rule, document=item.document, place=item.place, verdict="error",
        fact=item.fact, claim=item.claim, about=item.about, printed=item.printed,
        expected=main.expected if main.total.key == item.key else None,
        unit=unit, proposed=proposed or None, certainty=certainty, slip=change.slip,
        evidence=(*evidence, *_repetitions(change, also)), words=(lead[0] + words[0] + mend[0], lead[1] + words[1] + mend[1]),
    )  # fmt: skip


def should_be(proposed: str, slip: str | None) -> Texts:
    """The sentence that proposes a number, given with its unit."""
    zh, en = _slip(slip)
    return f"建议改为{proposed}{zh}。", f" It should probably be {proposed}{en}."


def _tied(explanations: Sequence[Explanation], violated: Sequence[Instance], items: Items) -> Hit:
    main = violated[0]
    hit = plain_hit(main, "error")
    keys = list(dict.fromkeys(
        change.key for explanation in explanations for change in explanation.changes
    ))  # fmt: skip
    if 0 < len(keys) <= _NAMED:
        named = [items.by_key[key] for key in keys]
        zh = "；".join(f"{item.place.zh}的{_with_unit(item)}" for item in named)
        en = "; ".join(f"{_with_unit(item)} in {item.place.en}" for item in named)
        why = (
            f"不能断定哪个数有误，可能是：{zh}。",
            f" Which number is wrong cannot be told; it may be {en}.",
        )
    else:
        why = ("不能断定哪个数有误。", " Which number is wrong cannot be told.")
    words = said(hit)
    evidence = _contradictions(violated, None) + _candidates(explanations, items)
    return Hit(
        rule=hit.rule, document=hit.document, place=hit.place, verdict="error", fact=hit.fact,
        claim=hit.claim, about=hit.about, printed=hit.printed, expected=hit.expected, unit=hit.unit,
        certainty="tied", evidence=evidence, words=(words[0] + why[0], words[1] + why[1]),
    )  # fmt: skip


def _contradictions(
    violated: Sequence[Instance], corrected: Mapping[str, int] | None, free: Collection[str] = ()
) -> tuple[Evidence, ...]:
    """The relations that cannot hold, each with whether it does once corrected."""
    found = []
    for instance in violated:
        total = instance.total
        zh, en = said(plain_hit(instance, "error"))
        found.append(Evidence(
            role="contradiction", statement_zh=zh, statement_en=en, rule=instance.rule.id,
            fact=total.fact, claim=total.claim, about=total.about, printed=total.printed,
            holds=None if corrected is None else not instance.fails_by_far(corrected, free),
        ))  # fmt: skip
    return (*found, *_counterparts(violated))


def _counterparts(violated: Sequence[Instance]) -> Iterator[Evidence]:
    """The other numbers of relations: what a reader compares the first with."""
    totals = {instance.total.key for instance in violated}
    items = {item.key: item for instance in violated for item in instance.parts
             if item.key not in totals and (item.fact or item.claim)}  # fmt: skip
    for item in islice(items.values(), _COUNTERPARTS):
        where, unit = item.place, item.figure.unit_name
        yield Evidence(
            role="counterpart", fact=item.fact, claim=item.claim, about=item.about, printed=item.printed,
            statement_zh=f"{where.zh}为{item.printed}{unit}",
            statement_en=f"{where.en} has {item.printed}{unit}",
        )  # fmt: skip


def _repetitions(change: NumberChange, items: Sequence[Item]) -> Iterator[Evidence]:
    """The other places of a wrong number, each with what it should be in the way it is printed."""
    for item in items:
        if not (item.fact or item.claim):
            continue
        where, printed = item.place, _with_unit(item)
        value = item.spelled(change.proposed) if change.proposed is not None else None
        should = (f"，应为{value}", f", which should be {value}") if value else ("", "")
        yield Evidence(
            role="repetition", fact=item.fact, claim=item.claim, about=item.about, printed=item.printed,
            proposed=value, slip=change.slip,
            statement_zh=f"{where.zh}同印为{printed}{should[0]}",
            statement_en=f"{where.en} prints {printed} too{should[1]}",
        )  # fmt: skip


def _candidates(explanations: Sequence[Explanation], items: Items) -> tuple[Evidence, ...]:
    found = []
    for number, explanation in enumerate(explanations, start=1):
        for change in explanation.changes:
            item = items.by_key[change.key]
            where, slip = item.place, _slip(change.slip)
            value = item.spelled(change.proposed) if change.proposed is not None else None
            unit = item.figure.unit_name
            found.append(Evidence(
                role="candidate", explanation=number, fact=item.fact, claim=item.claim,
                about=item.about, printed=item.printed, proposed=value, slip=change.slip,
                statement_zh=f"{where.zh}{item.printed}{unit}"
                + (f"可能应为{value}{unit}{slip[0]}" if value else "可能有误"),
                statement_en=f"{where.en}: {item.printed}{unit} "
                + (f"may have to be {value}{unit}{slip[1]}" if value else "may be wrong"),
            ))  # fmt: skip
    return tuple(found)


def _proposed(change: NumberChange, main: Instance, item: Item) -> str:
    if change.proposed is not None:
        return item.spelled(change.proposed)
    # a stated rate is in no equation; what its rule works out is what it should be
    return main.expected if main.total.key == item.key and main.relations[0].about else ""


def _slip(code: str | None) -> Texts:
    """In brackets, how the number went wrong; nothing when that is unknown."""
    row = next((row for row in catalogue()["slips"].rows if row["code"] == code), None)
    if row is None or code == "other":
        return "", ""
    return f"（{row['name']}）", f" ({row['name_en'].lower()})"


def _with_unit(item: Item) -> str:
    return f"{item.printed}{item.figure.unit_name}"


def _place(item: Item) -> Texts:
    where = item.place
    return where.zh, where.en
