"""Consistent disclosures as bare numbers, and errors seeded in them with the truth known.

The shape is that of real ones: functional tables with code trees and row sums, an economic
table, a summary, and the same numbers printed in several of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random

from yusuan.error_localisation import Relation, RoundedNumber
from yusuan.error_localisation.constraints import rounded

WAN = 1_000_000
"""Fen in a 万元."""


@dataclass
class Disclosure:
    quantities: dict[str, RoundedNumber]
    relations: list[Relation]

    def numbers_and_relations(self) -> tuple[list[RoundedNumber], list[Relation]]:
        return list(self.quantities.values()), self.relations


@dataclass(frozen=True)
class Seeded:
    """One error: the right value of each place it changed."""

    kind: str
    truth: Mapping[str, int]


def tree(random: Random, classes: int, wide: int) -> list[tuple[str, str | None]]:
    """Codes in printed order, each with the one above it."""
    rows: list[tuple[str, str | None]] = [("total", None)]
    for c in range(classes):
        top = f"{201 + c}"
        rows.append((top, "total"))
        for k in range(random.randint(1, 2)):
            middle = f"{top}{k + 1:02d}"
            rows.append((middle, top))
            for i in range(random.randint(1, wide)):
                rows.append((f"{middle}{i + 1:02d}", middle))
    return rows


def disclosure(
    random: Random, *, classes: int = 4, wide: int = 4, whole: bool = False
) -> Disclosure:
    """About 80 quantities a class; ``whole``: printed in whole 万元, else exact to the fen."""
    step, half = (WAN, WAN // 2) if whole else (1, 0)
    rows = tree(random, classes, wide)
    leaves = [code for code, _ in rows if not any(above == code for _, above in rows)]
    parents = dict(rows)
    kinds = ["gpb", "fund", "capital", "special", "other", "carried"]
    exact: dict[tuple[str, str, str], int] = {}

    def put(table: str, code: str, column: str, value: int) -> None:
        at: str | None = code
        while at is not None:
            place = (table, at, column)
            exact[place] = exact.get(place, 0) + value
            at = parents.get(at)

    economic = [("total", None), *[(str(301 + c), "total") for c in range(4)]]
    for code, above in list(economic[1:]):
        assert above
        economic += [(f"{code}{i + 1:02d}", code) for i in range(random.randint(2, 8))]
    economic.sort(key=lambda row: (row[0] != "total", row[0]))
    parents.update(economic)
    basic_items: dict[str, int] = {}
    for code, _ in economic:
        if len(code) == 5 and code != "total":
            basic_items[code] = int(10 ** random.uniform(6.3, 9.5))
    basic_pool = sum(basic_items.values())
    shares = [random.random() for _ in leaves]
    basics = [int(basic_pool * share / sum(shares)) for share in shares]
    basics[0] += basic_pool - sum(basics)
    for leaf, basic in zip(leaves, basics, strict=True):
        sources = {"gpb": basic}
        for kind in kinds[1:]:
            if random.random() < 0.35:
                sources[kind] = int(10 ** random.uniform(6.3, 9.5))
        project = int(10 ** random.uniform(6.3, 9.5)) if random.random() < 0.6 else 0
        sources["gpb"] += project
        total = sum(sources.values())
        for kind, value in sources.items():
            put("income", leaf, kind, value)
        put("income", leaf, "total", total)
        put("spending", leaf, "total", total)
        put("spending", leaf, "basic", basic)
        put("spending", leaf, "project", total - basic)
        put("appropriation", leaf, "total", basic + project)
        put("appropriation", leaf, "basic", basic)
        put("appropriation", leaf, "project", project)
    for code, value in basic_items.items():
        staff = value if code[:3] in ("301", "303") else 0
        put("economic", code, "total", value)
        put("economic", code, "staff", staff)
        put("economic", code, "public", value - staff)
    for kind in ("total", *kinds):
        exact["summary", kind, "income"] = exact.get(("income", "total", kind), 0)
    for code, above in rows:
        if above == "total":
            exact["summary", code, "spending"] = exact["spending", code, "total"]
    exact["summary", "total", "spending"] = exact["spending", "total", "total"]
    for name in ("gpb", "basic", "total"):
        table, column = {
            "gpb": ("income", "gpb"),
            "basic": ("spending", "basic"),
            "total": ("income", "total"),
        }[name]
        exact["text", name, "said"] = exact.get((table, "total", column), 0)

    order = {
        "income": ["total", *kinds],
        "spending": ["total", "basic", "project"],
        "appropriation": ["total", "basic", "project"],
        "economic": ["total", "staff", "public"],
        "summary": ["income", "spending"],
        "text": ["said"],
    }
    lines: dict[str, list[str]] = {
        table: [code for code, _ in rows] for table in ("income", "spending", "appropriation")
    }
    lines["economic"] = [code for code, _ in economic]
    lines["summary"] = ["total", *kinds, *[code for code, above in rows if above == "total"]]
    lines["text"] = ["gpb", "basic", "total"]
    quantities = {}
    for (table, code, column), value in exact.items():
        if value:
            key = f"{table}/{code}/{column}"
            quantities[key] = RoundedNumber(
                key, rounded(value, step), step, half,
                None if table == "text" else table,
                None if table == "text" else lines[table].index(code),
                None if table == "text" else order[table].index(column),
            )  # fmt: skip
    relations: list[Relation] = []

    def total(name: str, whole_: str, parts: Sequence[str]) -> None:
        present = [part for part in parts if part in quantities]
        if whole_ in quantities and present:
            relations.append(Relation(name, {whole_: 1, **dict.fromkeys(present, -1)}))

    def same(one: str, other: str) -> None:
        if one in quantities and other in quantities:
            relations.append(Relation(f"{one}={other}", {one: 1, other: -1}, identity=True))

    for table in ("income", "spending", "appropriation", "economic"):
        codes = economic if table == "economic" else rows
        for code, _ in codes:
            first, *rest = (f"{table}/{code}/{column}" for column in order[table])
            total(f"{table}/{code}/across", first, rest)
            for column in order[table]:
                below = [f"{table}/{other}/{column}" for other, above in codes if above == code]
                total(f"{table}/{code}/{column}/down", f"{table}/{code}/{column}", below)
    for code, above in rows:
        same(f"income/{code}/total", f"spending/{code}/total")
        same(f"income/{code}/gpb", f"appropriation/{code}/total")
        same(f"spending/{code}/basic", f"appropriation/{code}/basic")
        if above == "total":
            same(f"summary/{code}/spending", f"spending/{code}/total")
    for kind in ("total", *kinds):
        same(f"summary/{kind}/income", f"income/total/{kind}")
    same("summary/total/income", "summary/total/spending")
    same("economic/total/total", "appropriation/total/basic")
    total("summary/income", "summary/total/income", [f"summary/{kind}/income" for kind in kinds])
    tops = [f"summary/{code}/spending" for code, above in rows if above == "total"]
    total("summary/spending", "summary/total/spending", tops)
    same("text/gpb/said", "income/total/gpb")
    same("text/basic/said", "spending/total/basic")
    same("text/total/said", "income/total/total")
    return Disclosure(quantities, relations)


ErrorPattern = Callable[[Disclosure, Random], dict[str, int] | None]
"""New values by place, or None where the slip is not possible."""


def _one(change: Callable[[str, Random], str | None]) -> ErrorPattern:
    def slip(document: Disclosure, random: Random) -> dict[str, int] | None:
        each = _any(document, random)
        text = change(str(each.value // each.step), random)
        return None if text is None else {each.key: int(text) * each.step}

    return slip


def _any(document: Disclosure, random: Random) -> RoundedNumber:
    large = [each for each in document.quantities.values() if each.value >= 10 * each.step]
    return random.choice(large)


def _digit(text: str, random: Random) -> str:
    at = random.randrange(len(text))
    new = random.choice([d for d in "0123456789" if d != text[at] and not (at == 0 and d == "0")])
    return text[:at] + new + text[at + 1 :]


def _transposition(text: str, random: Random) -> str | None:
    at = random.randrange(len(text) - 1)
    new = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    return None if new == text or new[0] == "0" else new


def _missing(text: str, random: Random) -> str | None:
    at = random.randrange(len(text))
    new = text[:at] + text[at + 1 :]
    return new if new and new[0] != "0" else None


def _extra(text: str, random: Random) -> str | None:
    at = random.randrange(len(text) + 1)
    new = text[:at] + random.choice("0123456789") + text[at:]
    return new if new[0] != "0" else None


def _unit(document: Disclosure, random: Random) -> dict[str, int] | None:
    each = _any(document, random)
    power = random.choice([10, 100, 1000, 10000])
    value = each.value * power if random.random() < 0.6 else rounded(each.value // power, each.step)
    return {each.key: value} if value else None


def _sign(document: Disclosure, random: Random) -> dict[str, int]:
    each = _any(document, random)
    return {each.key: -each.value}


def _beside(document: Disclosure, each: RoundedNumber, across: bool) -> list[RoundedNumber]:
    found = []
    for other in document.quantities.values():
        if other.table == each.table and other.table is not None:
            assert each.row is not None and each.column is not None
            assert other.row is not None and other.column is not None
            apart = (other.row - each.row, other.column - each.column)
            if apart in (((0, 1), (0, -1)) if across else ((1, 0), (-1, 0))):
                found.append(other)
    return found


def _neighbour(across: bool) -> ErrorPattern:
    def slip(document: Disclosure, random: Random) -> dict[str, int] | None:
        each = _any(document, random)
        others = _beside(document, each, across)
        return {each.key: random.choice(others).value} if others else None

    return slip


def _swapped(document: Disclosure, random: Random) -> dict[str, int] | None:
    each = _any(document, random)
    if each.table is None:
        return None
    line = [
        other
        for other in document.quantities.values()
        if other.table == each.table and (other.row == each.row) != (other.column == each.column)
    ]
    if not line:
        return None
    other = random.choice(line)
    return {each.key: other.value, other.key: each.value}


def _shifted(document: Disclosure, random: Random) -> dict[str, int] | None:
    """Three to six cells of a column each print the value of the row above, the first the last's."""
    each = _any(document, random)
    if each.table is None:
        return None
    column = sorted(
        (
            o
            for o in document.quantities.values()
            if o.table == each.table and o.column == each.column
        ),
        key=lambda other: other.row or 0,
    )
    start, length = column.index(each), random.randint(3, 6)
    run = column[start : start + length]
    if len(run) < 3:
        return None
    return {cell.key: run[number - 1].value for number, cell in enumerate(run)}


def _copied(document: Disclosure, random: Random) -> dict[str, int] | None:
    each = _any(document, random)
    same = [
        o for o in document.quantities.values() if o.table == each.table and o.table is not None
    ]
    return {each.key: random.choice(same).value} if same else None


def _part(sign: int) -> ErrorPattern:
    def slip(document: Disclosure, random: Random) -> dict[str, int] | None:
        sums = [r for r in document.relations if not r.identity and len(r.terms) > 2]
        relation = random.choice(sums)
        whole, *parts = relation.terms
        part = document.quantities[random.choice(parts)]
        return {whole: document.quantities[whole].value + sign * part.value}

    return slip


def _everywhere(document: Disclosure, random: Random) -> dict[str, int] | None:
    """A digit is wrong in every place that prints the number."""
    each = _any(document, random)
    keys, queue = {each.key: None}, [each.key]
    while queue:
        key = queue.pop()
        for relation in document.relations:
            if relation.identity and key in relation.terms:
                for other in relation.terms:
                    if other not in keys:
                        keys[other] = None
                        queue.append(other)
    value = int(_digit(str(each.value // each.step), random)) * each.step
    return dict.fromkeys(keys, value) if len(keys) > 1 else None


SLIPS: dict[str, ErrorPattern] = {
    "digit": _one(_digit),
    "transposition": _one(_transposition),
    "missing-digit": _one(_missing),
    "extra-digit": _one(_extra),
    "unit": _unit,
    "sign": _sign,
    "neighbour-column": _neighbour(True),
    "neighbour-row": _neighbour(False),
    "swapped": _swapped,
    "shifted": _shifted,
    "copied": _copied,
    "parts-left-out": _part(-1),
    "parts-twice": _part(1),
    "everywhere": _everywhere,
}


def seeded(
    document: Disclosure, random: Random, kinds: Sequence[str]
) -> tuple[Disclosure, list[Seeded]]:
    """The document with one error of each kind given, in different places."""
    quantities = dict(document.quantities)
    errors: list[Seeded] = []
    taken: set[str] = set()
    for kind in kinds:
        for _ in range(200):
            new = SLIPS[kind](document, random)
            changed = {key: v for key, v in (new or {}).items() if quantities[key].value != v}
            if changed and len(changed) == len(new or {}) and not taken & changed.keys():
                break
        else:
            continue
        taken |= changed.keys()
        errors.append(Seeded(kind, {key: document.quantities[key].value for key in changed}))
        for key, value in changed.items():
            quantities[key] = replace(quantities[key], value=value)
    return Disclosure(quantities, document.relations), errors
