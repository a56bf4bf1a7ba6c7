"""Solutions of a pattern as branches of SQL, and how they are joined.

The solutions (SPARQL 1.1 Query, section 18.1.8) are the union of the branches, as a multiset. In a
branch each variable is one kind of term; a variable that a branch does not have is unbound in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Literal as OneOf

from rdflib.term import BNode, Variable

from yusuan.virtual_graph.terms import (
    AnyTerm,
    IriTerm,
    LiteralTerm,
    Term,
    columns_of,
    lifted,
    more_specific,
    rescaled,
    same,
    text_of,
    with_columns,
)

__all__ = [
    "Branch",
    "Name",
    "Names",
    "NotTranslated",
    "TableSource",
    "alike",
    "bound",
    "compatible",
    "flat",
    "in_a_column",
    "join",
    "left_join",
    "select",
    "whole_iri",
    "within_reason",
]

MOST_BRANCHES = 250
"""Branches that are answered together; each takes a millisecond or two to plan."""
Name = Variable | BNode
"""What a pattern leaves open; a blank node of a query is a variable that is not selected."""


class NotTranslated(Exception):
    """What is not answered from the rows; the reason is for the page, and for tests."""


@dataclass(frozen=True, slots=True)
class TableSource:
    """A table or sub-query of a branch, by its alias."""

    kind: OneOf["join", "left join"]
    sql: str
    alias: str
    on: str = "true"
    key: str = ""
    """The column that tells its rows apart, where it is a table itself."""


@dataclass
class Branch:
    """Rows of the joined sources under all conditions, and what each variable is in them."""

    sources: list[TableSource] = field(default_factory=list)
    conditions: list[str] = field(default_factory=list)
    terms: dict[Name, Term] = field(default_factory=dict)
    order: tuple[tuple[Name, bool], ...] = ()
    """What its rows are sorted by, and whether from the end: names among its terms."""

    def copy(self) -> Branch:
        return replace(self, sources=[*self.sources], conditions=[*self.conditions],
                       terms={**self.terms})  # fmt: skip


class Names:
    """Aliases of one query, each given once."""

    def __init__(self) -> None:
        self._numbers = count()

    def new(self, kind: str) -> str:
        return f"{kind}{next(self._numbers)}"


def bound(term: Term) -> str:
    """The condition (SQL) that a term is bound."""
    columns = columns_of(term)
    if not term.nullable or not columns:
        return "true"
    return " and ".join(f"{column} is not null" for column in columns)


def compatible(one: Term, other: Term) -> tuple[list[str], Term] | None:
    """When two terms of one variable are compatible (section 18.3), and which it then is.

    None when they never are: both are bound, and differ.
    """
    equal = same(one, other)
    if not one.nullable and not other.nullable:
        return None if equal is None else (equal, more_specific(one, other))
    if not other.nullable:
        one, other = other, one
    if not one.nullable:  # the other may be unbound
        if equal is None:
            return [f"not ({bound(other)})"], one
        condition = [f"(not ({bound(other)}) or ({' and '.join(equal) or 'true'}))"]
        return condition, one
    either = f"not ({bound(one)}) or not ({bound(other)})"
    condition = [f"({either})" if equal is None else
                 f"({either} or ({' and '.join(equal) or 'true'}))"]  # fmt: skip
    return condition, _first_bound(one, other)


def _alike(one: Term, other: Term) -> bool:
    """Whether two terms differ in nothing but their columns."""
    if type(one) is not type(other) or len(columns_of(one)) != len(columns_of(other)):
        return False
    return _shape(one) == _shape(other)


def _shape(term: Term) -> Term:
    """A term without its columns, and what is known of these."""
    blank = replace(with_columns(term, [""] * len(columns_of(term))), nullable=True)
    return replace(blank, origin="") if isinstance(blank, IriTerm) else blank


def join(one: Branch, other: Branch) -> Branch | None:
    """The solutions of both that are compatible; None when there can be none."""
    joined = one.copy()
    joined.sources += other.sources
    joined.conditions += other.conditions
    for name, term in other.terms.items():
        if name in joined.terms:
            found = compatible(joined.terms[name], term)
            if found is None:
                return None
            conditions, joined.terms[name] = found
            joined.conditions += conditions
        else:
            joined.terms[name] = term
    joined.conditions = list(dict.fromkeys(joined.conditions))
    return _without_self_joins(joined)


_SAME_COLUMN = re.compile(r'(t\d+)\."([^"]+)" = (t\d+)\."([^"]+)"')


def _without_self_joins(branch: Branch) -> Branch:
    """The branch with one source in place of two that are the same row, by the key of their table."""
    while True:
        sources = {each.alias: each for each in branch.sources}
        for condition in branch.conditions:
            found = _SAME_COLUMN.fullmatch(condition)
            if found is None:
                continue
            kept, left = sources.get(found[1]), sources.get(found[3])
            if (
                kept and left and kept.kind == left.kind == "join" and kept.sql == left.sql
                and kept.alias != left.alias and kept.key == left.key == found[2] == found[4]
            ):  # fmt: skip
                branch = _renamed(branch, left, kept)
                break
        else:
            return branch


def _renamed(branch: Branch, left: TableSource, kept: TableSource) -> Branch:
    def renamed(sql: str) -> str:
        return re.sub(rf'\b{left.alias}\."', f'{kept.alias}."', sql)

    conditions = dict.fromkeys(map(renamed, branch.conditions))
    own = f'{kept.alias}."{kept.key}" = {kept.alias}."{kept.key}"'
    # A source stands behind those that its condition names, which the kept one comes before.
    sources = [replace(each, on=renamed(each.on)) for each in branch.sources if each != left]
    first = min(branch.sources.index(left), branch.sources.index(kept))
    sources.remove(kept)
    sources.insert(first, kept)
    return Branch(
        sources,
        [condition for condition in conditions if condition != own],
        {name: with_columns(term, [renamed(each) for each in columns_of(term)])
         for name, term in branch.terms.items()},
    )  # fmt: skip


def left_join(
    one: Branch,
    others: Sequence[Branch],
    names: Names,
    condition: Callable[[Branch], str] | None = None,
) -> Branch:
    """The solutions of ``one``, each with those of ``others`` that are compatible, or alone.

    ``condition`` gives what a solution of both has to satisfy besides, in SQL.
    """
    candidates = [each for each in others if join(one, each) is not None]
    if not candidates:
        return one
    if condition is None and len(candidates) == 1:
        same_row = _of_the_same_row(one, candidates[0])
        if same_row is not None:
            return same_row
    inner = flat(
        candidates, dict.fromkeys(name for each in candidates for name in each.terms), names
    )
    joined = one.copy()
    if not joined.sources:
        joined.sources.append(TableSource("join", "(select 1 as one)", names.new("u")))
    on: list[str] = []
    matched = Branch(terms={**joined.terms})
    for name, term in inner.terms.items():
        outside = replace(term, nullable=True)
        if name not in joined.terms:
            joined.terms[name], matched.terms[name] = outside, term
            continue
        found = compatible(joined.terms[name], term)
        assert found is not None  # else it were no candidate
        on += found[0]
        matched.terms[name] = found[1]
        if joined.terms[name].nullable:
            joined.terms[name] = _first_bound(joined.terms[name], outside)
    if condition is not None:
        on.append(condition(matched))
    (source,) = inner.sources
    joined.sources.append(replace(source, kind="left join", on=" and ".join(on) or "true"))
    return joined


def _of_the_same_row(one: Branch, optional: Branch) -> Branch | None:
    """An optional part that is other columns of a row which ``one`` has already; else None."""
    if len(optional.sources) != 1 or not optional.sources[0].key:
        return None
    (other,) = optional.sources
    shared = [name for name in optional.terms if name in one.terms]
    if len(shared) != 1 or one.terms[shared[0]].nullable:
        return None
    equal = same(one.terms[shared[0]], optional.terms[shared[0]])
    found = _SAME_COLUMN.fullmatch(equal[0]) if equal is not None and len(equal) == 1 else None
    if found is None or {found[2], found[4]} != {other.key}:
        return None
    for own in one.sources:
        if own.kind == "join" and own.sql == other.sql and own.alias == found[1]:
            break
    else:
        return None
    if any(not _NOT_NULL.fullmatch(condition) for condition in optional.conditions):
        return None
    joined = one.copy()
    tests = [condition.replace(f'{other.alias}."', f'{own.alias}."')
             for condition in optional.conditions]  # fmt: skip
    for name, term in optional.terms.items():
        if name in shared:
            continue
        values = []
        stated = in_a_column(term)
        for value in columns_of(stated):
            value = value.replace(f'{other.alias}."', f'{own.alias}."')
            plain = all(test == f"{value} is not null" for test in tests)
            values.append(value if plain else f"(case when {' and '.join(tests)} then {value} end)")
        joined.terms[name] = replace(
            with_columns(stated, values), nullable=stated.nullable or bool(tests)
        )
    return joined


_NOT_NULL = re.compile(r't\d+\."[^"]+" is not null')


def _first_bound(one: Term, other: Term) -> Term:
    if _alike(one, other):
        pairs = zip(columns_of(one), columns_of(other), strict=True)
        return with_columns(one, [f"coalesce({a}, {b})" for a, b in pairs])
    first, second = lifted(one), lifted(other)
    return AnyTerm(
        f"coalesce({first.kind}, {second.kind})", f"coalesce({first.text}, {second.text})"
    )


def in_a_column(term: Term) -> Term:
    """The same term; a constant IRI as a value, which can be null."""
    if isinstance(term, IriTerm) and not term.values:
        return whole_iri(term)
    return term


def whole_iri(term: IriTerm) -> IriTerm:
    """An IRI as one value that is the whole of it."""
    stems = term.stems if term.whole else frozenset((term.texts[0],))
    return IriTerm(
        ("", ""), (text_of(term),), ("plain reserved",), term.nullable, whole=True, stems=stems
    )


def select(
    branch: Branch, columns: dict[str, str], *, distinct: bool = False, tail: str = ""
) -> str:
    """The SQL of a branch with some expressions as its columns."""
    chosen = ", ".join(f'{sql} as "{name}"' for name, sql in columns.items()) or "1 as one"
    text = f"select {'distinct ' * distinct}{chosen}"
    for place, source in enumerate(branch.sources):
        if not place:
            text += f" from {source.sql} as {source.alias}"
        else:
            text += f" {source.kind} {source.sql} as {source.alias} on {source.on}"
    if branch.conditions:
        text += " where " + " and ".join(branch.conditions)
    return text + tail


def within_reason(branches: Sequence[Branch]) -> Sequence[Branch]:
    """The branches. Raises NotTranslated where the SQL of as many takes longer to plan than to run."""
    if len(branches) > MOST_BRANCHES:
        raise NotTranslated(f"more than {MOST_BRANCHES} ways to match")
    return branches


def flat(
    branches: Sequence[Branch],
    wanted: Iterable[Name],
    names: Names,
    *,
    distinct: bool = False,
    tail: str = "",
) -> Branch:
    """The branches as one, with one sub-query as its source; a variable that none has is left out.

    With ``distinct`` equal solutions are one. ``tail`` is SQL behind the only branch's conditions.
    Raises NotTranslated for more branches than can be planned in time.
    """
    within_reason(branches)
    alias = names.new("u")
    columns: list[dict[str, str]] = [{} for _ in branches]
    terms: dict[Name, Term] = {}
    for place, name in enumerate(wanted):
        found = alike([branch.terms.get(name) for branch in branches])
        first = next((term for term in found if term is not None), None)
        if first is None:
            continue
        labels = [f"v{place}_{part}" for part in range(len(columns_of(first)))]
        for row, term in zip(columns, found, strict=True):
            values = ["null"] * len(labels) if term is None else columns_of(term)
            row.update(zip(labels, values, strict=True))
        nullable = any(term is None or term.nullable for term in found)
        made = with_columns(first, [f'{alias}."{label}"' for label in labels])
        if isinstance(made, IriTerm) and len({getattr(term, "origin", "") for term in found}) > 1:
            made = replace(made, origin="")
        terms[name] = replace(made, nullable=nullable)
    selects = [
        select(branch, row, distinct=distinct, tail=tail)
        for branch, row in zip(branches, columns, strict=True)
    ]
    text = (" union " if distinct else " union all ").join(selects)
    return Branch([TableSource("join", f"({text})", alias)], [], terms)


def alike(terms: Sequence[Term | None]) -> list[Term | None]:
    """The terms of one variable in several branches, as terms that differ in their columns only.

    A constant that all have stays one.
    """
    given = [term for term in terms if term is not None]
    first = given[0] if given else None
    if first is None:
        return list(terms)
    if len(given) == len(terms) and all(_alike(first, term) for term in given):
        return [*terms]
    stated: list[Term | None] = [term and in_a_column(term) for term in terms]
    given = [term for term in stated if term is not None]
    first = given[0]
    if all(_alike(first, term) for term in given):
        return stated
    numbers = [term for term in given if isinstance(term, LiteralTerm)]
    if (
        len(numbers) == len(given)
        and len({(term.datatype, term.language) for term in numbers}) == 1
    ):
        most = max(numbers, key=lambda term: term.scale)
        return [term and rescaled(term, most)[0] for term in stated]  # type: ignore[arg-type]
    iris = [term for term in given if isinstance(term, IriTerm)]
    if len(iris) == len(given):
        whole = [whole_iri(term) for term in iris]
        known = [term.stems for term in whole]
        stems = None if None in known else frozenset().union(*filter(None, known))
        return [
            term and replace(whole_iri(term), stems=stems)  # type: ignore[arg-type]
            for term in stated
        ]
    return [term and lifted(term) for term in stated]
