"""The algebra of SPARQL (1.1 Query, section 18.2) as SQL over the rows of a package.

rdflib reads the query and gives its algebra; each operator becomes branches of SQL. What has no
exact counterpart raises NotTranslated, and is answered otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from typing import Literal as OneOf

import rdflib
from rdflib.plugins.sparql.algebra import translateGroupGraphPattern, translateQuery
from rdflib.plugins.sparql.parser import DECIMAL_NEGATIVE, parseQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import BNode, Identifier, URIRef, Variable

from yusuan.virtual_graph.expressions import Expressions, divided
from yusuan.virtual_graph.mapping import VirtualGraph
from yusuan.virtual_graph.patterns import Dataset, Patterns, Scope, constant
from yusuan.virtual_graph.relations import (
    Branch,
    Name,
    Names,
    NotTranslated,
    bound,
    compatible,
    flat,
    in_a_column,
    join,
    left_join,
    select,
    within_reason,
)
from yusuan.virtual_graph.terms import (
    DATE,
    INTEGER,
    NUMERIC,
    STRING,
    AnyTerm,
    IriTerm,
    LiteralTerm,
    Term,
    columns_of,
    is_constant,
    quoted,
    text_of,
    with_columns,
)

__all__ = ["Form", "Selection", "Translation", "translate"]

_MOST_ALTERNATIVES = 60
"""Branches of a pattern in EXISTS: each is a query of its own for every row."""
Form = OneOf["select", "ask", "construct", "describe"]


@dataclass(frozen=True, slots=True)
class Selection:
    """One SQL statement of an answer; each variable is a term whose values are columns, by place."""

    sql: str
    places: tuple[tuple[int, ...] | None, ...]
    shapes: tuple[Term | None, ...]


@dataclass(frozen=True, slots=True)
class Translation:
    """A query as SQL: the union of the selections, in order, is the answer."""

    form: Form
    variables: tuple[str, ...]
    selections: tuple[Selection, ...]
    template: tuple[tuple[Identifier, Identifier, Identifier], ...] = ()
    """The triples of CONSTRUCT."""
    described: tuple[str, ...] = ()
    """The IRIs that DESCRIBE names."""


def translate(
    query: str, graph: VirtualGraph, dataset: Dataset, base: str | None = None
) -> Translation:
    """A query that is valid SPARQL 1.1 as SQL. ``dataset`` holds where the query has no FROM.

    Raises NotTranslated for what is not, or not exactly, said in SQL.
    """
    algebra = _algebra(query, base)
    named = _dataset_of(algebra, dataset)
    translator = _Translator(graph, named)
    form: Form
    template: tuple[Any, ...] = ()
    described: list[str] = []
    match algebra.name:
        case "SelectQuery":
            form = "select"
            variables = list(algebra.PV)
        case "AskQuery":
            form, variables = "ask", []
        case "ConstructQuery":
            form, template = "construct", tuple(algebra.template or ())
            if not template:
                raise NotTranslated("CONSTRUCT WHERE")
            variables = sorted({node for triple in template for node in triple
                                if isinstance(node, Variable)})  # fmt: skip
        case "DescribeQuery":
            form = "describe"
            described = [str(node) for node in algebra.PV if isinstance(node, URIRef)]
            variables = [node for node in algebra.PV if isinstance(node, Variable)]
        case other:
            raise NotTranslated(other)
    selections = () if described and not variables else tuple(
        translator.selections(algebra.p, variables, form)
    )  # fmt: skip
    return Translation(form, tuple(map(str, variables)), selections, template, tuple(described))


def _negative(tokens: Any) -> rdflib.Literal:
    return rdflib.Literal(f"-{tokens[0]}", datatype=tokens[0].datatype)


# rdflib 7 fails at a decimal number with a sign: it takes it for no number.
DECIMAL_NEGATIVE.set_parse_action(_negative)


def _algebra(query: str, base: str | None) -> CompValue:
    # rdflib spells numbers anew where it is not told to leave them.
    before, rdflib.NORMALIZE_LITERALS = rdflib.NORMALIZE_LITERALS, False
    try:
        found: CompValue = translateQuery(parseQuery(query), base=base).algebra
    except RecursionError:
        raise NotTranslated("a query as deep as this") from None
    except Exception as error:  # its grammar and its algebra fail in many ways of their own
        raise NotTranslated(f"what rdflib does not read: {type(error).__name__}") from error
    finally:
        rdflib.NORMALIZE_LITERALS = before
    return found


def _dataset_of(algebra: CompValue, dataset: Dataset) -> Dataset:
    clauses = algebra.datasetClause or ()
    if not clauses or dataset.of_request:
        return dataset
    default = tuple(str(each.default) for each in clauses if each.default)
    named = tuple(str(each.named) for each in clauses if each.named)
    return Dataset(default, named)


class _Translator:
    """Translates one query."""

    def __init__(self, graph: VirtualGraph, dataset: Dataset) -> None:
        self._names = Names()
        self._patterns = Patterns(graph, dataset, self._names)
        self._scope: Scope = "default"
        self._outer: Mapping[Name, Term] = {}
        self._expressions = Expressions(self._exists)

    # ---- answers ----

    def selections(
        self, node: CompValue, variables: Sequence[Variable], form: Form
    ) -> Iterable[Selection]:
        branches = self.branches(node)
        if form == "describe" or form == "construct":
            branches = [
                replace(
                    each,
                    order=(),
                    terms={name: term for name, term in each.terms.items() if name in variables},
                )
                for each in branches
            ]
            branches = self._each_once(branches)
        if form == "ask":
            for branch in branches:
                yield Selection(select(branch, {}, tail=" limit 1"), (), ())
            return
        for branch in within_reason(branches):
            columns: dict[str, str] = {}
            places: list[tuple[int, ...] | None] = []
            shapes: list[Term | None] = []
            for variable in variables:
                term = branch.terms.get(variable)
                shapes.append(term)
                if term is None:
                    places.append(None)
                    continue
                values = columns_of(term)
                places.append(tuple(range(len(columns), len(columns) + len(values))))
                columns.update({f"c{len(columns) + at}": value for at, value in enumerate(values)})
            sql = select(branch, columns, tail=_ordered(branch))
            yield Selection(sql, tuple(places), tuple(shapes))

    # ---- operators ----

    def branches(self, node: CompValue) -> list[Branch]:
        """The solutions of an operator of the algebra."""
        known: Callable[[CompValue], list[Branch]] | None = getattr(
            self, f"_{node.name.lower()}", None
        )
        if known is None:
            raise NotTranslated(f"the operator {node.name}")
        return known(node)

    def _bgp(self, node: CompValue) -> list[Branch]:
        return self._patterns.basic(node.triples, self._scope)

    def _join(self, node: CompValue) -> list[Branch]:
        return self._joined(self.branches(node.p1), self.branches(node.p2))

    def _joined(self, ones: Sequence[Branch], others: Sequence[Branch]) -> list[Branch]:
        return [each for one in ones for other in others if (each := join(one, other))]

    def _leftjoin(self, node: CompValue) -> list[Branch]:
        others = self.branches(node.p2)
        condition: Callable[[Branch], str] | None = None
        if node.expr.name != "TrueFilter":

            def condition(branch: Branch) -> str:
                return self._expressions.truth(node.expr, {**self._outer, **branch.terms})

        return [left_join(one, others, self._names, condition) for one in self.branches(node.p1)]

    def _union(self, node: CompValue) -> list[Branch]:
        return [*self.branches(node.p1), *self.branches(node.p2)]

    def _graph(self, node: CompValue) -> list[Branch]:
        before, self._scope = self._scope, node.term
        try:
            if node.p.name == "BGP" and not node.p.triples:
                raise NotTranslated("GRAPH without a pattern")
            found = self.branches(node.p)
        finally:
            self._scope = before
        if isinstance(node.term, Variable) and any(node.term not in each.terms for each in found):
            raise NotTranslated("GRAPH with a variable around what no graph is asked for")
        return found

    def _once_in_each_graph(self, what: str) -> None:
        """Raises NotTranslated where an operator would have to be applied to each graph alone."""
        if isinstance(self._scope, Variable):
            raise NotTranslated(f"{what} in GRAPH with a variable")

    def _minus(self, node: CompValue) -> list[Branch]:
        self._once_in_each_graph("MINUS")
        others = self.branches(node.p2)
        found = []
        for one in self.branches(node.p1):
            kept = one.copy()
            for other in others:
                shared = [name for name in one.terms if name in other.terms]
                if not shared:
                    continue
                pairs = [(one.terms[name], other.terms[name]) for name in shared]
                if all(a.nullable or b.nullable for a, b in pairs):
                    raise NotTranslated("MINUS of what may share no variable")
                test = self._has_compatible(other, pairs)
                if test:
                    kept.conditions.append(f"not {test}")
            found.append(kept)
        return found

    def _has_compatible(self, other: Branch, pairs: Iterable[tuple[Term, Term]]) -> str:
        """Whether a branch has a row that is compatible with given terms; nothing if it never has."""
        inner = other.copy()
        for one, term in pairs:
            found = compatible(one, term)
            if found is None:
                return ""
            inner.conditions += found[0]
        return f"exists ({select(inner, {})})"

    def _filter(self, node: CompValue) -> list[Branch]:
        found = []
        for branch in self.branches(node.p):
            test = self._expressions.truth(node.expr, {**self._outer, **branch.terms})
            if test in ("false", "null"):
                continue
            if test != "true":
                branch = branch.copy()
                branch.conditions.append(test)
            found.append(branch)
        return found

    def _extend(self, node: CompValue) -> list[Branch]:
        found = []
        for branch in self.branches(node.p):
            extended = branch.copy()
            term = self._expressions.term(node.expr, {**self._outer, **branch.terms})
            if node.var in branch.terms:
                raise NotTranslated("BIND to a variable that is bound")
            if term is not None:
                extended.terms[node.var] = term
            found.append(extended)
        return found

    def _tomultiset(self, node: CompValue) -> list[Branch]:
        if node.p.name == "values":
            return self._rows_given(node.p.res)
        found = []
        for branch in self.branches(node.p):  # the order within is nobody's, but for its LIMIT
            hidden = {name for name, _ in branch.order if isinstance(name, BNode)}
            terms = {name: term for name, term in branch.terms.items() if name not in hidden}
            found.append(replace(branch, terms=terms, order=()))
        return found

    def _values(self, node: CompValue) -> list[Branch]:
        return self._rows_given(node.res)

    def _rows_given(self, rows: Sequence[Mapping[Variable, Any]]) -> list[Branch]:
        """VALUES: the rows whose terms are of the same kinds as one branch."""
        kinds: dict[tuple[Any, ...], list[Branch]] = {}
        for row in rows:
            terms: dict[Name, Term] = {
                name: in_a_column(constant(node)) for name, node in row.items() if node != "UNDEF"
            }
            kind = tuple(
                (name, type(term).__name__, getattr(term, "datatype", ""),
                 getattr(term, "language", "")) for name, term in terms.items()
            )  # fmt: skip
            kinds.setdefault(kind, []).append(Branch(terms=terms))
        found = []
        for members in kinds.values():
            found.append(
                members[0] if len(members) == 1 else flat(members, members[0].terms, self._names)
            )
        return found

    # ---- expressions with patterns ----

    def _exists(self, expression: CompValue, terms: Mapping[Name, Term]) -> str:
        """Whether a pattern has a solution, given those of the row (section 18.6, substitute)."""
        pattern = expression.graph
        if pattern.name not in _SIMPLE:
            pattern = translateGroupGraphPattern(pattern)
        if not _only_simple(pattern):
            raise NotTranslated("EXISTS of a pattern with a scope of its own")
        before, self._outer = self._outer, terms
        try:
            found = self.branches(pattern)
        finally:
            self._outer = before
        if len(found) > _MOST_ALTERNATIVES:
            raise NotTranslated(f"EXISTS of more than {_MOST_ALTERNATIVES} alternatives")
        tests = []
        for inner in found:
            shared = [(terms[name], term) for name, term in inner.terms.items() if name in terms]
            if any(term.nullable for _, term in shared):
                raise NotTranslated("EXISTS where a part that is optional is shared")
            test = self._has_compatible(inner, shared)
            if test:
                tests.append(test)
        return f"({' or '.join(tests)})" if tests else "false"

    # ---- groups ----

    def _group(self, node: CompValue) -> list[Branch]:
        return self.branches(node.p)

    def _aggregatejoin(self, node: CompValue) -> list[Branch]:
        inner = self.branches(node.p)
        keys = list(node.p.expr or ())
        if not inner:
            return [] if keys else [Branch(terms=dict(_of_nothing(node.A)))]
        wanted = dict.fromkeys(
            name for part in (*keys, *(each.vars for each in node.A)) for name in _free(part)
        )
        source = inner[0] if len(inner) == 1 else flat(inner, wanted, self._names)
        source = replace(source, order=())
        grouped = Branch([*source.sources], [*source.conditions])
        by: list[str] = []
        key_terms: dict[str, Term] = {}
        for key in keys:
            term = self._expressions.term(key, source.terms)
            if term is not None:
                by += [] if is_constant(term) else columns_of(term)
                key_terms[str(key)] = term
        for each in node.A:
            term = self._aggregate(each, source, key_terms)
            if term is not None:
                grouped.terms[each.res] = term
        results = list(grouped.terms)
        if keys:
            tail = f" group by {', '.join(dict.fromkeys(by))}" if by else " having count(*) > 0"
            return [flat([grouped], results, self._names, tail=tail)]
        some = flat([grouped], results, self._names, tail=" having count(*) > 0")
        none = Branch([], [f"not exists ({select(source, {})})"], dict(_of_nothing(node.A)))
        return [some, none]

    def _aggregate(self, each: CompValue, source: Branch, keys: Mapping[str, Term]) -> Term | None:
        kind = each.name.removeprefix("Aggregate_")
        distinct = "distinct " if each.distinct else ""
        if kind == "Count" and each.vars == "*":
            if distinct:
                raise NotTranslated("COUNT of distinct solutions")
            return LiteralTerm("count(*)", INTEGER)
        if kind == "Sample" and str(each.vars) in keys:
            return keys[str(each.vars)]
        term = self._expressions.term(each.vars, source.terms)
        if kind == "Count":
            return LiteralTerm(_counted(term, distinct), INTEGER)
        if term is None:
            return None
        whole = f"count(*) = count({columns_of(term)[0]})" if columns_of(term) else "true"
        match kind, term:
            case "Sample", _:
                stated = in_a_column(term)
                columns = [f"any_value({value})" for value in columns_of(stated)]
                if len(columns) > 1:
                    raise NotTranslated("SAMPLE of what has several values")
                return replace(with_columns(stated, columns), nullable=True)
            case "Sum", LiteralTerm() if term.datatype in NUMERIC:
                value = f"sum({distinct}{term.value}::hugeint)"
            case "Avg", LiteralTerm() if term.datatype in NUMERIC:
                total = replace(term, value=f"sum({distinct}{term.value}::hugeint)")
                count = LiteralTerm(f"count({distinct}{term.value})", INTEGER)
                quotient = divided(total, count)
                if not term.nullable:
                    return quotient
                return replace(quotient, value=f"(case when {whole} then {quotient.value} end)")
            case "Min" | "Max", LiteralTerm() if term.datatype in (*NUMERIC, STRING, DATE):
                value = f"{kind.lower()}({term.value})"
            case "Min" | "Max", IriTerm():
                if term.nullable:
                    raise NotTranslated(f"{kind} of what may be unbound")
                value = f"{kind.lower()}({text_of(term)})"
                return IriTerm(("", ""), (value,), ("plain reserved",), whole=True)
            case _:
                raise NotTranslated(f"{kind} of this kind of value")
        if term.nullable:  # one error in a group is the group's
            value = f"(case when {whole} then {value} end)"
        return replace(term, value=value, nullable=term.nullable)

    # ---- modifiers ----

    def _project(self, node: CompValue) -> list[Branch]:
        self._once_in_each_graph("a sub-select")
        found = []
        for branch in self.branches(node.p):
            kept = {*node.PV, *(name for name, _ in branch.order)}
            terms = {name: term for name, term in branch.terms.items() if name in kept}
            found.append(replace(branch, terms=terms))
        return found

    def _distinct(self, node: CompValue) -> list[Branch]:
        return self._each_once(self.branches(node.p))

    def _each_once(self, branches: Sequence[Branch]) -> list[Branch]:
        if not branches:
            return []
        order: list[tuple[Name, bool]] = []
        hidden = {name for name, _ in branches[0].order if isinstance(name, BNode)}
        wanted = dict.fromkeys(
            name for each in branches for name in each.terms if name not in hidden
        )
        for name, descending in branches[0].order:
            term = branches[0].terms[name]
            shown = [each for each in wanted if branches[0].terms.get(each) == term]
            if not shown:
                raise NotTranslated("DISTINCT sorted by what is not selected")
            order.append((shown[0], descending))
        return [replace(flat(branches, wanted, self._names, distinct=True), order=tuple(order))]

    def _reduced(self, node: CompValue) -> list[Branch]:
        return self.branches(node.p)

    def _orderby(self, node: CompValue) -> list[Branch]:
        branches = self.branches(node.p)
        if not branches:
            return []
        one = self._one(branches).copy()
        order: list[tuple[Name, bool]] = []
        for condition in node.expr:
            term = self._expressions.term(condition.expr, {**self._outer, **one.terms})
            if term is not None and not is_constant(term):
                name = BNode()
                one.terms[name] = term
                order.append((name, condition.order == "DESC"))
        one.order = tuple(order)
        return [one]

    def _one(self, branches: Sequence[Branch]) -> Branch:
        if len(branches) == 1:
            return branches[0]
        wanted = dict.fromkeys(name for each in branches for name in each.terms)
        return flat(branches, wanted, self._names)

    def _slice(self, node: CompValue) -> list[Branch]:
        branches = self.branches(node.p)
        if not branches:
            return []
        one = self._one(branches)
        tail = _ordered(one)
        if node.length is not None:
            tail += f" limit {int(node.length)}"
        if node.start:
            tail += f" offset {int(node.start)}"
        return [replace(flat([one], one.terms, self._names, tail=tail), order=one.order)]


def _ordered(branch: Branch) -> str:
    keys = [
        f"{column} {'desc nulls last' if descending else 'asc nulls first'}"
        for name, descending in branch.order
        for column in _sorting(branch.terms[name])
    ]
    return f" order by {', '.join(keys)}" if keys else ""


def _sorting(term: Term) -> tuple[str, ...]:
    """What a term is sorted by (section 15.1): unbound, blank nodes, IRIs, literals by value."""
    match term:
        case AnyTerm(kind=kind, text=text):
            kind_order = f"(case {kind} when 'B' then 1 when 'I' then 2 else 3 end)"
            number = (f"(case when {kind} in ({', '.join(map(quoted, sorted(NUMERIC)))}) "
                      f"then try_cast({text} as decimal(38, 18)) end)")  # fmt: skip
            return f"(case when {kind} is not null then {kind_order} end)", number, text, kind
        case LiteralTerm():
            return (term.value,)
        case _:
            return (text_of(term),)


def _counted(term: Term | None, distinct: str) -> str:
    if term is None:
        return "0"
    columns = columns_of(term)
    if not columns:
        return f"count({distinct}1)"
    if len(columns) == 1 or not distinct:
        return f"count({distinct}{columns[0]})"
    return f"count(distinct case when {bound(term)} then ({', '.join(columns)}) end)"


def _of_nothing(aggregates: Iterable[CompValue]) -> Iterable[tuple[Name, Term]]:
    """What aggregates are of no solutions (section 18.5.1): zero, or an error."""
    for each in aggregates:
        kind = each.name.removeprefix("Aggregate_")
        if kind in ("Count", "Sum", "Avg"):
            yield each.res, LiteralTerm("0", INTEGER)
        elif kind not in ("Min", "Max", "Sample"):
            raise NotTranslated(f"{kind} of no solutions")


def _free(part: Any) -> set[Variable]:
    """The variables of an expression."""
    if isinstance(part, Variable):
        return {part}
    if isinstance(part, CompValue):
        return set().union(*(_free(each) for key, each in part.items() if key != "_vars"))
    if isinstance(part, list | tuple):
        return set().union(*map(_free, part))
    return set()


_SIMPLE = ("BGP", "Join", "Filter", "Union", "Graph", "LeftJoin", "Extend")


def _only_simple(node: Any) -> bool:
    """Whether the values given to a pattern from outside reach all its parts."""
    if node.name not in _SIMPLE:
        return False
    return all(_only_simple(node[part]) for part in ("p", "p1", "p2") if part in node)
