"""Whether two answers of one query are equal: the same multiset of solutions, decimals by their value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import pyoxigraph as ox

from tests.virtual_graph.queries import MadeQuery

__all__ = ["differs", "materialised", "seen"]

Row = Sequence[object]


def seen(term: object) -> object:
    """A term as it is compared: blank nodes have no names, and decimals no spelling."""
    if isinstance(term, ox.BlankNode):
        return "_:"
    if isinstance(term, ox.Literal) and term.datatype.value.endswith("#decimal"):
        whole, point, places = term.value.partition(".")
        return whole + (point + places).rstrip("0").rstrip("."), "decimal"
    return term


def differs(query: MadeQuery, names: Sequence[str], found: Iterable[Row],
            solved: ox.QuerySolutions) -> str:  # fmt: skip
    """What is different between the rows found and the solutions of the query without its LIMIT.

    Where there is a LIMIT, the rows have to be as many, among all, and their keys as they sort.
    """
    variables = [variable.value for variable in solved.variables]
    expected = [tuple(seen(each[place]) for place in range(len(variables))) for each in solved]
    order = [names.index(name) for name in variables]
    rows = [tuple(seen(row[place]) for place in order) for row in found]
    if query.limit is not None:
        wanted = min(query.limit, len(expected))
        if len(rows) != wanted:
            return f"{len(rows)} rows, not {wanted}"
        if extra := Counter(rows) - Counter(expected):
            return f"rows that are no solutions: {[*extra][:2]}"
    elif Counter(rows) != Counter(expected):
        return (f"only found: {[*(Counter(rows) - Counter(expected)).items()][:2]}; "
                f"missing: {[*(Counter(expected) - Counter(rows)).items()][:2]}")  # fmt: skip
    if query.sorted_by:
        place = variables.index(query.sorted_by)
        kinds = {(type(row[place]), getattr(row[place], "datatype", None),
                  getattr(row[place], "language", None)) for row in expected}  # fmt: skip
        if len(kinds) == 1:  # else the order among the kinds is nobody's
            keys = [row[place] for row in expected][: len(rows)]
            if keys != [row[place] for row in rows]:
                return f"sorted otherwise: {[row[place] for row in rows][:3]}, not {keys[:3]}"
    return ""


def materialised(store: ox.Store, families: dict[str, tuple[str, ...]]) -> None:
    """Add to a store what follows from the properties that are below others."""
    above = {ox.NamedNode(below): [] for found in families.values() for below in found}
    for name, found in families.items():
        for below in found:
            above[ox.NamedNode(below)].append(ox.NamedNode(name))
    extra = [
        ox.Quad(quad.subject, name, quad.object, quad.graph_name)
        for quad in store for name in above.get(quad.predicate, ())
    ]  # fmt: skip
    store.bulk_extend(extra)
