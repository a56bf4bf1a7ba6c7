"""Graph patterns as branches: triples, property paths, and the graphs that they are matched in.

A graph is a set. Where two triples maps can make the same triple, or several rows of one, the
triples of a pattern are made distinct; where the templates show that they cannot, they are not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Literal as OneOf

from rdflib.paths import AlternativePath, InvPath, MulPath, Path, SequencePath
from rdflib.term import BNode, Identifier, Literal, URIRef, Variable

from yusuan.virtual_graph.mapping import GRAPHS, STATEMENTS, TriplesMap, VirtualGraph
from yusuan.virtual_graph.relations import (
    Branch,
    Name,
    Names,
    NotTranslated,
    TableSource,
    alike,
    flat,
    in_a_column,
    join,
)
from yusuan.virtual_graph.terms import (
    BOOLEAN,
    DATE,
    DECIMAL,
    G_YEAR,
    INTEGER,
    PLACES,
    STRING,
    IriTerm,
    LiteralTerm,
    Term,
    columns_of,
    more_specific,
    quoted,
    same,
    with_columns,
)

__all__ = ["Dataset", "Patterns", "Scope", "constant"]

MOST_MATCHED = 1_000
"""Branches of a pattern as it is matched."""
_XSD = STRING.removesuffix("string")
_DERIVED_INTEGERS = {
    _XSD + name
    for name in (
        "nonNegativeInteger", "positiveInteger", "nonPositiveInteger", "negativeInteger", "long",
        "int", "short", "byte", "unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte",
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Dataset:
    """What a query is asked of (SPARQL 1.1 Query, section 13).

    ``default`` are the graphs whose merge is the default graph; None is all there are with the
    unnamed one, and an empty tuple is nothing. ``named`` are those that GRAPH finds; None is all.
    """

    default: tuple[str, ...] | None = None
    named: tuple[str, ...] | None = None
    unnamed_only: bool = False
    """Whether the default graph is the one without a name alone."""
    of_request: bool = False
    """Whether it holds against the FROM of a query (SPARQL 1.1 Protocol, section 2.1.4)."""


Scope = OneOf["default"] | URIRef | Variable
"""The default graph, one by its name, or each in turn."""


def constant(node: Identifier) -> Term:
    """A term of a query. Raises NotTranslated for a literal that is not compared by its text alone."""
    if isinstance(node, URIRef):
        return IriTerm((str(node),))
    assert isinstance(node, Literal)
    if node.language:
        return LiteralTerm(quoted(str(node)), STRING, node.language.lower())
    datatype, text = str(node.datatype or STRING), str(node)
    if datatype in _DERIVED_INTEGERS:
        datatype = INTEGER
    try:
        if datatype == INTEGER:
            return _small(LiteralTerm(str(int(text)), INTEGER))
        if datatype == DECIMAL:
            return _small(_decimal(text))
        if datatype == G_YEAR and len(text) == 4:
            return LiteralTerm(str(int(text)), G_YEAR)
    except ValueError:
        raise NotTranslated(f"the literal {text[:60]!r}") from None
    if datatype == BOOLEAN and text in ("true", "false", "1", "0"):
        return LiteralTerm("true" if text in ("true", "1") else "false", BOOLEAN)
    if datatype in (STRING, DATE) or not datatype.startswith(_XSD):
        return LiteralTerm(quoted(text), datatype)
    raise NotTranslated(f"a literal of {datatype}")


def _decimal(text: str) -> LiteralTerm:
    whole, _, places = text.partition(".")
    places = places.rstrip("0")
    if not (whole.lstrip("+-") + places).isdecimal() or len(places) > PLACES:
        raise ValueError
    return LiteralTerm(str(int((whole if whole.strip("+-") else whole + "0") + places)), DECIMAL,
                       scale=len(places))  # fmt: skip


def _small(number: LiteralTerm) -> LiteralTerm:
    if len(number.value) > 30:
        raise NotTranslated("a number of more than 30 digits")
    return number


class Patterns:
    """Finds the branches of graph patterns in a virtual graph."""

    def __init__(self, graph: VirtualGraph, dataset: Dataset, names: Names) -> None:
        self._graph = graph
        self._dataset = dataset
        self._names = names

    def basic(self, triples: Iterable[tuple[Identifier, Identifier | Path, Identifier]],
              scope: Scope) -> list[Branch]:  # fmt: skip
        """The solutions of a basic graph pattern, with its paths (section 18.2.2)."""
        left = [flat_ for each in triples for flat_ in _without_sequences(*each)]
        known = set[Name]()
        branches = [Branch()]
        while left:
            triple = min(left, key=lambda each: self._rank(each, known))
            left.remove(triple)
            known |= {node for node in triple if isinstance(node, Variable | BNode)}
            branches = self._matched(branches, triple, scope)
            if not branches:
                return []
        return branches

    def _rank(
        self, triple: tuple[Identifier, Identifier | Path, Identifier], known: set[Name]
    ) -> tuple[bool, bool, int]:
        """Paths without end come last, then what nothing connects yet, then what says little."""
        subject, predicate, object_ = triple
        ends = [each for each in (subject, object_) if isinstance(each, Variable | BNode)]
        constants = 2 - len(ends)
        connected = not known or not ends or any(each in known for each in ends)
        maps = len(self._graph.of(str(predicate))) if isinstance(predicate, URIRef) else 1_000
        return _endless(predicate), not connected, maps - 100 * constants

    def _matched(
        self,
        branches: Sequence[Branch],
        triple: tuple[Identifier, Identifier | Path, Identifier],
        scope: Scope,
    ) -> list[Branch]:
        subject, predicate, object_ = triple
        if isinstance(predicate, MulPath) and predicate.mod != "+":
            return self._with_zero_length(branches, subject, predicate, object_, scope)
        found = self._path(subject, predicate, object_, scope)
        return self._joined(branches, found)

    def _joined(self, ones: Sequence[Branch], others: Sequence[Branch]) -> list[Branch]:
        joined = [each for one in ones for other in others if (each := join(one, other))]
        if len(joined) > MOST_MATCHED:
            raise NotTranslated(f"more than {MOST_MATCHED} ways to match")
        return joined

    # ---- triples ----

    def _path(
        self, subject: Identifier, predicate: Identifier | Path, object_: Identifier, scope: Scope
    ) -> list[Branch]:
        match predicate:
            case URIRef() | Variable():
                return self._triple(subject, predicate, object_, scope)
            case InvPath() | SequencePath():
                branches = [Branch()]
                for each in _without_sequences(subject, predicate, object_):
                    branches = self._matched(branches, each, scope)
                return branches
            case AlternativePath():
                return [
                    branch for each in predicate.args
                    for branch in self._path(subject, each, object_, scope)
                ]  # fmt: skip
            case MulPath() if predicate.mod == "+":
                closure = self._closure(predicate.path, scope, endless=True)
                return _bound(closure, subject, object_)
            case _:
                raise NotTranslated("a path of this kind")

    def _triple(
        self, subject: Identifier, predicate: Identifier, object_: Identifier, scope: Scope
    ) -> list[Branch]:
        maps = (
            self._graph.of(str(predicate)) if isinstance(predicate, URIRef) else self._graph.every()
        )
        found: list[tuple[TriplesMap, Term, Term, Branch]] = []
        for each in maps:
            instance = self._instance(each, scope)
            if instance is None:
                continue
            branch, said, said_of = instance
            for node, term in (
                (subject, said), (object_, said_of), (predicate, IriTerm((each.predicate,)))
            ):  # fmt: skip
                if node is predicate and isinstance(predicate, URIRef):
                    continue  # one below it is what it says too
                if not _bind(branch, node, term):
                    break
            else:
                found.append((each, said, said_of, branch))
        if len(found) > MOST_MATCHED:
            raise NotTranslated(f"more than {MOST_MATCHED} ways to match")
        return self._distinct(found, isinstance(predicate, URIRef))

    def _distinct(
        self, found: list[tuple[TriplesMap, Term, Term, Branch]], one_predicate: bool
    ) -> list[Branch]:
        """The branches, those together that can make the same triple."""
        by_predicate: dict[str, list[list[tuple[TriplesMap, Term, Term, Branch]]]] = defaultdict(
            list
        )
        for each in found:
            groups = by_predicate["" if one_predicate else each[0].predicate]
            meeting = [group for group in groups if any(_overlap(each, other) for other in group)]
            groups[:] = [group for group in groups if group not in meeting]
            groups.append([each, *(other for group in meeting for other in group)])
        branches = []
        for group in chain(*by_predicate.values()):
            if len(group) == 1:
                branches.append(group[0][3])
                continue
            members = [branch for _, _, _, branch in group]
            wanted = dict.fromkeys(name for branch in members for name in branch.terms)
            branches.append(flat(members, wanted, self._names, distinct=True))
        return branches

    def _instance(self, map_: TriplesMap, scope: Scope) -> tuple[Branch, Term, Term] | None:
        """A triples map over its table, in the graphs of a scope; None where it says nothing there."""
        alias = self._names.new("t")
        branch = Branch()
        graph = self._graph_of(map_, alias, scope, branch)
        if graph is None:
            return None
        column = f'{alias}."{{}}"'.format
        conditions = [f"{column(name)} is not null" for name in map_.required]
        conditions += [f"{column(name)} = {quoted(value)}" for name, value in map_.where]
        branch.sources.insert(0, TableSource("join", f'"{map_.table}"', alias, key=map_.key))
        branch.conditions += conditions
        subject, object_ = (
            with_columns(term, [column(name) for name in columns_of(term)])
            for term in (map_.subject, map_.object)
        )
        if map_.key and isinstance(subject, IriTerm) and map_.disjoint:
            subject = replace(subject, origin=map_.table)
        graphs = self._dataset.default if scope == "default" else ()
        several = map_.table == STATEMENTS and graphs is not None and len(graphs) > 1
        if not map_.distinct and not several:
            return branch, subject, object_
        place, said, said_of = BNode(), BNode(), BNode()
        branch.terms |= {said: subject, said_of: object_}
        if isinstance(scope, Variable):
            branch.terms[place] = branch.terms.pop(scope)
        made = flat([branch], (said, said_of, place), self._names, distinct=True)
        terms, made.terms = made.terms, {}
        if isinstance(scope, Variable):
            made.terms[scope] = terms[place]
        return made, terms[said], terms[said_of]

    def _graph_of(self, map_: TriplesMap, alias: str, scope: Scope, branch: Branch) -> bool | None:
        """Restrict a branch to the graphs of a scope; None when the map is in none of them."""
        wanted: tuple[str, ...] | None
        if scope == "default":
            if self._dataset.unnamed_only:
                if map_.table == STATEMENTS:
                    branch.conditions.append(f'{alias}."g" is null')
                elif map_.graph:
                    branch.conditions.append(f'{alias}."document" is null')
                return True
            wanted = self._dataset.default
            if wanted is None:
                return True
        elif isinstance(scope, URIRef):
            known = self._dataset.named
            wanted = (str(scope),) if known is None or str(scope) in known else ()
        else:
            wanted = self._dataset.named
        if not map_.graph or wanted == ():
            return None
        if map_.table == STATEMENTS:
            column = f'{alias}."g"'
            branch.conditions.append(f"{column} is not null")
        else:
            place = self._names.new("g")
            column = f'{place}."graph"'
            on = f'{place}."document" = {alias}."document"'
            branch.sources.append(TableSource("join", f'"{GRAPHS}"', place, on))
        if wanted is not None:
            branch.conditions.append(f"{column} in ({', '.join(map(quoted, wanted))})")
        if isinstance(scope, Variable):
            branch.terms[scope] = IriTerm(("", ""), (column,), ("plain reserved",), whole=True)
        return True

    # ---- paths of any length ----

    def _closure(self, path: Identifier | Path, scope: Scope, endless: bool) -> Branch | None:
        """Pairs of nodes that one step of a path connects, or any number of steps, each pair once."""
        if isinstance(scope, Variable):
            raise NotTranslated("a path of any length in each graph")
        start, end = _START, _END
        steps = self._path(start, path, end, scope)
        if not steps:
            return None
        ends = [in_a_column(each.terms[name]) for name in (start, end) for each in steps]
        uniform = [term for term in alike(ends) if term is not None]
        shape = uniform[0]
        pairs = [
            replace(each, terms={start: uniform[place], end: uniform[place + len(steps)]})
            for place, each in enumerate(steps)
        ]
        made = flat(pairs, (start, end), self._names, distinct=True)
        if not endless:
            return made
        count = len(columns_of(shape))
        one = [f"v0_{part}" for part in range(count)]
        other = [f"v1_{part}" for part in range(count)]
        (source,) = made.sources
        step = self._names.new("s")
        reached = self._names.new("r")
        sql = (
            f"(with recursive {step} as materialized {source.sql}, {reached} as ("
            f"select * from {step} union select {', '.join(f'a.{name}' for name in one)}, "
            f"{', '.join(f'b.{name}' for name in other)} from {reached} as a join {step} as b on "
            f"{' and '.join(f'a.{y} = b.{x}' for x, y in zip(one, other, strict=True))}"
            f") select * from {reached})"
        )
        return Branch([replace(source, sql=sql)], [], made.terms)

    def _with_zero_length(
        self, branches: Sequence[Branch], subject: Identifier, path: MulPath, object_: Identifier,
        scope: Scope,
    ) -> list[Branch]:  # fmt: skip
        """Branches joined with a path that may have no step: then both ends are one node.

        Raises NotTranslated where neither end is known from elsewhere: all nodes were the answer.
        """
        found: list[Branch] = []
        closure = self._closure(path.path, scope, endless=path.mod == "*")
        for branch in branches:
            ends = [_end(branch, node) for node in (subject, object_)]
            if all(end is None or end.nullable for end in ends):
                raise NotTranslated("a path of any length between two ends that nothing binds")
            still = branch.copy()
            if all(_bind(still, node, end) for node, end in
                   ((object_, ends[0]), (subject, ends[1])) if end is not None):  # fmt: skip
                found.append(still)
        if closure is not None:
            start, end = closure.terms[_START], closure.terms[_END]
            equal = same(start, end)
            moved = closure.copy()
            if equal is not None:
                moved.conditions.append(f"not ({' and '.join(equal) or 'true'})")
            found += self._joined(branches, _bound(moved, subject, object_))
        return found


_START, _END = BNode(), BNode()


def _bound(closure: Branch | None, subject: Identifier, object_: Identifier) -> list[Branch]:
    if closure is None:
        return []
    branch = Branch([*closure.sources], [*closure.conditions])
    fits = _bind(branch, subject, closure.terms[_START]) and _bind(
        branch, object_, closure.terms[_END]
    )
    return [branch] if fits else []


def _without_sequences(
    subject: Identifier, predicate: Identifier | Path, object_: Identifier
) -> Iterator[tuple[Identifier, Identifier | Path, Identifier]]:
    """A triple pattern as several without a sequence or a turned path in its first level."""
    match predicate:
        case InvPath():
            yield from _without_sequences(object_, predicate.arg, subject)
        case SequencePath():
            start = subject
            for step in predicate.args[:-1]:
                middle = BNode()
                yield from _without_sequences(start, step, middle)
                start = middle
            yield from _without_sequences(start, predicate.args[-1], object_)
        case _:
            yield subject, predicate, object_


def _end(branch: Branch, node: Identifier) -> Term | None:
    if isinstance(node, Variable | BNode):
        return branch.terms.get(node)
    return constant(node)


def _endless(predicate: Identifier | Path) -> bool:
    if isinstance(predicate, MulPath):
        return True
    return isinstance(predicate, AlternativePath) and any(map(_endless, predicate.args))


def _bind(branch: Branch, node: Identifier, term: Term) -> bool:
    """Make a node of a pattern a term in a branch; False when it can never be."""
    if isinstance(node, Variable | BNode):
        if node not in branch.terms:
            branch.terms[node] = term
            return True
        equal = same(branch.terms[node], term)
        branch.terms[node] = more_specific(branch.terms[node], term)
    else:
        equal = same(term, constant(node))
    if equal is None:
        return False
    branch.conditions += equal
    return True


def _overlap(
    one: tuple[TriplesMap, Term, Term, Branch], other: tuple[TriplesMap, Term, Term, Branch]
) -> bool:
    """Whether two triples maps can make the same subject and object."""
    return same(one[1], other[1]) is not None and same(one[2], other[2]) is not None
