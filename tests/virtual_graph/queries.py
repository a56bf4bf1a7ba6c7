"""Queries made over the vocabulary of a package, for comparing two engines on them.

A query is built from what the graph holds: a thing of some kind, properties that such things have,
values that stand there, and things that link to it; then optional parts, alternatives, filters, groups.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from random import Random
from typing import TypeVar

import pyoxigraph as ox

__all__ = ["MadeQuery", "Vocabulary", "made_query"]

_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_SAMPLES = 12
T = TypeVar("T")


@dataclass
class Vocabulary:
    """What things of each kind are said to be: by kind and property, some of the values."""

    values: dict[str, dict[str, list[ox.NamedNode | ox.Literal]]] = field(default_factory=dict)
    subjects: dict[str, list[ox.NamedNode]] = field(default_factory=dict)
    linking: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    """By kind, the kinds and properties that link to it."""

    @classmethod
    def of(cls, store: ox.Store, random: Random) -> Vocabulary:
        values: dict[str, dict[str, list[ox.NamedNode | ox.Literal]]] = defaultdict(
            lambda: defaultdict(list)
        )
        subjects: dict[str, list[ox.NamedNode]] = defaultdict(list)
        linking: dict[str, dict[tuple[str, str], None]] = defaultdict(dict)
        for quad in sorted(store, key=str):
            if not isinstance(quad.subject, ox.NamedNode) or isinstance(
                quad.object, ox.BlankNode | ox.Triple
            ):
                continue
            kind, found = kind_of(quad.subject.value), quad.object
            _sampled(values[kind][quad.predicate.value], found, random)
            _sampled(subjects[kind], quad.subject, random)
            if isinstance(found, ox.NamedNode) and quad.predicate.value != _TYPE:
                linking[kind_of(found.value)][kind, quad.predicate.value] = None
        return cls(
            {kind: {p: list(found) for p, found in said.items()} for kind, said in values.items()},
            dict(subjects),
            {kind: list(found) for kind, found in linking.items() if kind in values},
        )


def kind_of(iri: str) -> str:
    """The beginning of an IRI that tells what kind of thing it is."""
    return iri.rpartition("/")[0] if iri.count("/") < 5 else "/".join(iri.split("/")[:5])


def _sampled(samples: list[T], value: T, random: Random) -> None:
    if value in samples:
        return
    if len(samples) < _SAMPLES:
        samples.append(value)
    elif random.random() < 0.05:
        samples[random.randrange(_SAMPLES)] = value


@dataclass(frozen=True)
class MadeQuery:
    """A query without its LIMIT; the limit, if there is one; and the variable that it is sorted by."""

    text: str
    limit: int | None = None
    sorted_by: str = ""

    @property
    def whole(self) -> str:
        return self.text + (f" LIMIT {self.limit}" if self.limit is not None else "")


def made_query(vocabulary: Vocabulary, random: Random) -> MadeQuery:
    """A query, by a source of chance."""
    return _Maker(vocabulary, random).query()


class _Maker:
    def __init__(self, vocabulary: Vocabulary, random: Random) -> None:
        self._vocabulary = vocabulary
        self._random = random
        self._count = 0
        self.things: dict[str, str] = {}
        """Variables of things, with their kinds."""
        self.literals: dict[str, ox.Literal] = {}
        """Variables of literals, with one that may stand there."""
        self.certain: set[str] = set()

    def _chance(self, share: float) -> bool:
        return self._random.random() < share

    def _new(self) -> str:
        self._count += 1
        return f"?v{self._count}"

    def query(self) -> MadeQuery:
        start = self._new()
        kind = self._random.choice(list(self._vocabulary.values))
        self.things[start] = kind
        pattern = self._star(start, self._random.randint(1, 3))
        self.certain |= {*self.things, *self.literals}
        parts = [pattern]
        for _ in range(self._random.randint(0, 2)):
            parts.append(
                self._random.choice(
                    [
                        self._optional,
                        self._filter,
                        self._filter,
                        self._exists,
                        self._minus,
                        self._union,
                        self._bind,
                        self._values,
                        self._graph,
                        self._path,
                        self._subselect,
                    ]
                )()
            )
        body = "\n  ".join(parts)
        return self._selected(body)

    # ---- parts ----

    def _star(self, thing: str, count: int, new: bool = True) -> str:
        said = self._vocabulary.values.get(self.things[thing], {})
        lines = []
        for _ in range(count):
            links = self._vocabulary.linking.get(self.things[thing], [])
            if links and self._chance(0.2):
                kind, predicate = self._random.choice(links)
                other = self._new()
                self.things[other] = kind
                lines.append(f"{other} <{predicate}> {thing} .")
                continue
            if not said:
                break
            predicate = self._random.choice(list(said))
            value = self._random.choice(said[predicate])
            if self._chance(0.25 if predicate != _TYPE else 0.8):
                lines.append(f"{thing} <{predicate}> {value} .")
                continue
            name = self._new()
            lines.append(f"{thing} <{predicate}> {name} .")
            if isinstance(value, ox.Literal):
                self.literals[name] = value
            else:
                self.things[name] = kind_of(value.value)
        return " ".join(lines) or f"{thing} ?p{self._count} ?o{self._count} ."

    def _any_thing(self) -> str:
        return self._random.choice([each for each in self.things if each in self.certain])

    def _optional(self) -> str:
        inner = self._star(self._any_thing(), self._random.randint(1, 2))
        if self._chance(0.3):
            inner += " " + self._filter()
        return f"OPTIONAL {{ {inner} }}"

    def _exists(self) -> str:
        word = self._random.choice(("FILTER EXISTS", "FILTER NOT EXISTS"))
        return f"{word} {{ {self._star(self._any_thing(), self._random.randint(1, 2))} }}"

    def _minus(self) -> str:
        return f"MINUS {{ {self._star(self._any_thing(), self._random.randint(1, 2))} }}"

    def _union(self) -> str:
        thing = self._any_thing()
        name = self._new()
        sides = []
        for _ in range(2):
            said = self._vocabulary.values.get(self.things[thing])
            if not said:
                return self._optional()
            predicate = self._random.choice(list(said))
            sides.append(f"{{ {thing} <{predicate}> {name} }}")
        self.literals[name] = ox.Literal("x")
        return " UNION ".join(sides)

    def _values(self) -> str:
        thing = self._any_thing()
        subjects = self._vocabulary.subjects.get(self.things[thing])
        if not subjects:
            return self._filter()
        chosen = self._random.sample(subjects, min(3, len(subjects)))
        return f"VALUES {thing} {{ {' '.join(map(str, chosen))} }}"

    def _graph(self) -> str:
        thing = self._any_thing()
        inner = self._star(thing, self._random.randint(1, 2))
        return f"GRAPH {self._random.choice(('?g', '?g', '<http://none/>'))} {{ {inner} }}"

    def _path(self) -> str:
        thing = self._any_thing()
        said = self._vocabulary.values.get(self.things[thing], {})
        links = [p for p, found in said.items() if isinstance(found[0], ox.NamedNode)]
        if not links:
            return self._filter()
        predicate, other = self._random.choice(links), self._new()
        self.things[other] = ""
        step = f"<{predicate}>{self._random.choice(('*', '+', '?', ''))}"
        if self._chance(0.3):
            step = f"({step}|^<{self._random.choice(links)}>)" if step.endswith(">") else f"^{step}"
        return f"{thing} {step} {other} ."

    def _subselect(self) -> str:
        thing = self._any_thing()
        said = self._vocabulary.values.get(self.things[thing])
        if not said:
            return self._filter()
        predicate = self._random.choice(list(said))
        name = self._new()
        self.literals[name] = ox.Literal("1", datatype=ox.NamedNode(f"{_XSD}integer"))
        inner = self._random.choice(("COUNT(*)", "COUNT(DISTINCT ?w)", "MIN(STR(?w))", "SAMPLE(1)"))
        return (f"{{ SELECT {thing} ({inner} AS {name}) {{ {thing} <{predicate}> ?w }} "
                f"GROUP BY {thing} }}")  # fmt: skip

    def _bind(self) -> str:
        return f"BIND({self._expression()} AS {self._bound_name()})"

    def _bound_name(self) -> str:
        name = self._new()
        self.literals[name] = ox.Literal("1")
        return name

    def _expression(self) -> str:
        if not self.literals:
            return f"STR({self._any_thing()})"
        name, value = self._random.choice(list(self.literals.items()))
        numeric = value.datatype.value.removeprefix(_XSD) in ("integer", "decimal")
        if numeric:
            return self._random.choice((
                f"{name} * 2 - 1.5", f"{name} / 3", f"ROUND({name} / 7)", f"-{name}", f"ABS({name})",
                f"FLOOR({name} / 2)", f"CEIL({name} * 1.5)", f"{name} + {name}", f"STR({name})",
                f"<{_XSD}integer>({name})", f"IF({name} > 5, 1, 2)", f"COALESCE({name}, 0)",
            ))  # fmt: skip
        return self._random.choice((
            f"STR({name})", f"LANG({name})", f"STRLEN(STR({name}))", f"DATATYPE({name})",
            f"CONCAT(STR({name}), '-')", f"SUBSTR(STR({name}), 2)", f"<{_XSD}integer>(STR({name}))",
            f"isLITERAL({name})", f"BOUND({name})", f"{name} = {value}", f"COALESCE(STR({name}), '')",
        ))  # fmt: skip

    def _filter(self) -> str:
        return f"FILTER({self._test()})"

    def _test(self) -> str:
        if self._chance(0.2):
            joint = self._random.choice(("&&", "||"))
            return f"({self._test()}) {joint} ({self._test()})"
        if self._chance(0.15):
            return f"!({self._test()})"
        if not self.literals or self._chance(0.15):
            thing = self._any_thing()
            subjects = self._vocabulary.subjects.get(self.things[thing])
            if subjects and self._chance(0.6):
                word = self._random.choice(("=", "!="))
                return f"{thing} {word} {self._random.choice(subjects)}"
            return self._random.choice((f"BOUND({thing})", f"isIRI({thing})",
                                        f"STRSTARTS(STR({thing}), 'http')"))  # fmt: skip
        name, value = self._random.choice(list(self.literals.items()))
        text = value.value[:1].replace("\\", "").replace('"', "").replace("\n", "") or "a"
        return self._random.choice((
            f"{name} {self._random.choice(('=', '!=', '<', '>', '<=', '>='))} {value}",
            f"{name} IN ({value}, 7)", f"{name} NOT IN ({value})", f"LANG({name}) = 'zh'",
            f'CONTAINS(STR({name}), "{text}")', f"LANGMATCHES(LANG({name}), 'en')",
            f"DATATYPE({name}) = <{_XSD}string>", f"BOUND({name})", f"STRLEN(STR({name})) > 3",
            f"{name} = {self._random.choice(list(self.literals))}", f"sameTerm({name}, {value})",
        ))  # fmt: skip

    # ---- what is selected ----

    def _selected(self, body: str) -> MadeQuery:
        names = [*self.things, *self.literals]
        if self._chance(0.3):
            key, other = self._random.choice(names), self._random.choice(names)
            numbers = [name for name, value in self.literals.items()
                       if value.datatype.value in (f"{_XSD}integer", f"{_XSD}decimal")]  # fmt: skip
            aggregate = self._random.choice(["COUNT(*)", f"COUNT({other})",
                                             f"COUNT(DISTINCT {other})"])  # fmt: skip
            if numbers:
                word = self._random.choice(("SUM", "AVG", "MIN", "MAX", "SUM(DISTINCT "))
                number = self._random.choice(numbers)
                aggregate = f"{word}{'' if '(' in word else '('}{number})"
            if self._chance(0.25):
                return MadeQuery(f"SELECT ({aggregate} AS ?n) WHERE {{ {body} }}")
            having = " HAVING(COUNT(*) > 1)" if self._chance(0.2) else ""
            return MadeQuery(
                f"SELECT {key} ({aggregate} AS ?n) WHERE {{\n  {body}\n}} GROUP BY {key}{having}"
            )
        chosen = self._random.sample(names, min(len(names), self._random.randint(1, 4)))
        distinct = "DISTINCT " if self._chance(0.2) else ""
        text = f"SELECT {distinct}{' '.join(chosen)} WHERE {{\n  {body}\n}}"
        if self._chance(0.3):
            key = self._random.choice(chosen)
            limit = self._random.choice((None, 1, 5))
            return MadeQuery(f"{text} ORDER BY {self._random.choice((key, f'DESC({key})'))}",
                             limit, key[1:])  # fmt: skip
        return MadeQuery(text)
