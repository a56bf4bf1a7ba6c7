"""Rules as SQL: which amounts each rule relates, for one document or a whole country at once.

Every family gives ``links``: rule, relation, part, amount, half, total. The parts of a relation
(each with its amount and its ``half``, see ``ledger``) should add up to the amount of its total.
``relation`` is the printed number that the rule speaks of, unique within its rule; ``rule`` is
the place of the rule in the file. What the rules say stands in small tables of the ledger.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from yusuan.checks.families.cells import summands
from yusuan.checks.rules import Rule

__all__ = [
    "IDENTITIES",
    "QUERIES",
    "cells_of",
    "failing_queries",
    "relations_query",
    "rule_tables",
]

IDENTITIES = frozenset({"equal", "rows-agree"})
"""Families whose relations say that two printings are of one number."""

Numbered = Sequence[tuple[int, Rule]]
Rows = list[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class RelationQuery:
    """How the rules of a family become SQL over ``amounts``."""

    links: str
    """A query; ``{rule}`` is the place of the first rule."""
    table: str = ""
    """Name and columns of the table with what the rules say, where the query needs one."""
    rows: Callable[[Numbered], Rows] | None = None
    """The rows of that table."""
    total: str = "true"
    """Which amounts ``t`` are totals of such a relation."""


def rule_tables(rules: Sequence[Rule]) -> Iterator[str]:
    """Statements that make the tables which the queries of the rules read."""
    for family, numbered in _used(rules):
        if family.rows:
            values = ", ".join(
                f"({', '.join(map(_literal, row))})" for row in family.rows(numbered)
            )
            yield f"create table {family.table.partition('(')[0]} as from (values {values}) {family.table}"


def relations_query(rules: Sequence[Rule]) -> str:
    """What the rules relate: rule, relation, one of the parts, its sign, the total."""
    queries = [
        f"select l.rule, l.relation, l.part, l.sign, l.total from ({links}) l "
        f"join amounts t on t.id = l.total where {family.total}"
        for family, links in _links(rules)
    ]
    # without rules, a query that finds nothing
    united = (
        " union all ".join(queries)
        or "select 1 as rule, 1 as relation, 1 as part, 1 as sign, 1 as total where false"
    )
    return f"{united} order by rule, relation, part"


def failing_queries(rules: Sequence[Rule]) -> list[str]:
    """One query for each family, so that none needs the memory of all: the relations that do not
    hold as printed. Rule, relation, parts less total (fen), and how far rounding may have moved
    that: in all, and the largest and smallest of the amounts."""
    return [
        f"""select s.rule, s.relation, s.amount - t.amount as difference,
            s.half + t.half as slack, greatest(s.most, t.half) as most, least(s.least, t.half) as least
        from (
            select rule, relation, total, sum(sign * amount) as amount, sum(half) as half,
                max(half) as most, min(half) as least
            from ({links}) group by rule, relation, total
        ) s join amounts t on t.id = s.total where {family.total} and s.amount <> t.amount"""
        for family, links in _links(rules)
    ]


def cells_of(rules: Sequence[Rule]) -> set[tuple[str, str]]:
    """Table and column of the cells that the queries look up; sums need none."""
    return {
        (cell["table"], cell["column"])
        for family, numbered in _used(rules)
        if family.rows
        for _, rule in numbered
        for cell in (*rule.settings.get("cells", ()), *rule.settings.get("balances", ()),
                     *rule.settings.get("plus", ()),
                     *rule.settings.get("minus", ()),
                     *(rule.settings.get(name) for name in _CELLS))
        if cell and "table" in cell
    }  # fmt: skip


_CELLS = ("balance", "summary", "details", "one", "two", "total")


def _used(rules: Sequence[Rule]) -> Iterator[tuple[RelationQuery, Numbered]]:
    for name, family in QUERIES.items():
        numbered = [(n, rule) for n, rule in enumerate(rules) if rule.family == name]
        if numbered and (family.rows is None or family.rows(numbered)):
            yield family, numbered


def _links(rules: Sequence[Rule]) -> Iterator[tuple[RelationQuery, str]]:
    for family, numbered in _used(rules):
        # a table of the family's rules has their numbers; without one each is a query
        numbers = [str(number) for number, _ in (numbered[:1] if family.rows else numbered)]
        yield family, " union all ".join(family.links.replace("{rule}", n) for n in numbers)


_SUM = """
    select {rule} as rule, TOTAL as relation, id as part, amount, half, 1 as sign, TOTAL as total
    from amounts where TOTAL is not null"""
# Amounts and the total they add to, which gives the relation its number.

_EQUAL = """
    with found as (
        select rule, a.document, place,
            arg_min({'id': a.id, 'amount': a.amount, 'half': a.half}, (rank, a.rowid)) as one
        from amounts a join cells c using (tab, key, col)
        where OF_PHASE group by rule, a.document, place
    ),
    firsts as (
        select rule, document, arg_min(one, place) as one
        from found where place >= 0 group by rule, document
    )
    select o.rule, o.one.id as relation, o.one.id as part, o.one.amount, o.one.half, 1 as sign,
        f.one.id as total
    from (select rule, document, place, one from found where place >= 0) o
    join (select rule, document, one from firsts) f using (rule, document)
    where o.one.id <> f.one.id and not exists (
        select 1 from found b where b.rule = o.rule and b.document = o.document and b.place < 0
        and b.one.amount = abs(o.one.amount - f.one.amount)
    )"""
# The first cell that is printed against each other one, unless a balance is all that lies between
# them (places below 0); of several rows that a cell may stand in, the first that is printed.


def _cells(rules: Numbered) -> Rows:
    return [
        (number, rule.phase, place, rank, cell["table"], row, cell["column"])
        for number, rule in rules
        for place, cell in (
            *enumerate(rule.settings["cells"]),
            *((-1 - at, cell) for at, cell in enumerate(rule.settings.get("balances", ()))),
        )
        if "table" in cell
        for rank, row in enumerate(_listed(cell["row"]))
    ]


_SIGNED = """
    with found as (
        select rule, a.document, if(c.key is null, a.key, '') as line, place, sign, needed,
            arg_min({'id': a.id, 'amount': a.amount, 'half': a.half}, (rank, a.rowid)) as one
        from amounts a join summands c
        on a.tab = c.tab and a.col = c.col and coalesce(c.key, a.key) = a.key
        where OF_PHASE group by all
    ),
    needs as (select rule, count(distinct place) as number from summands where needed group by rule),
    totals as (
        select rule, document, line, max(one.id) filter (where place = 0) as total
        from found join needs using (rule) group by rule, document, line, number
        having count(*) filter (where needed) = number and count(*) > 1
    )
    select rule, total as relation, one.id as part, one.amount, one.half, sign, total
    from found join totals using (rule, document, line) where place > 0"""
# A cell against others that are added or taken away, where all that are needed are printed; in
# every row where no row is named.


def _summands(rules: Numbered) -> Rows:
    return [
        (number, rule.phase, place, rank, sign, not cell.get("optional", False),
         cell["table"], row, cell["column"])
        for number, rule in rules
        if not any("claim" in cell for _, cell in summands(rule))
        for place, (sign, cell) in enumerate(summands(rule))
        for rank, row in enumerate(_listed(cell.get("row")))
    ]  # fmt: skip


_CLASS_SUM = """
    select rule, a.id as relation, d.id as part, d.amount, d.half, 1 as sign, a.id as total
    from classes c join amounts a using (tab, col, direction)
    join amounts d on d.document = a.document and d.tab = detail_tab and d.col = detail_col
    and left(d.functional, 3) = left(a.class, 3) and starts_with(d.functional, a.class)
    where a.class <> '' and a.own and d.own and d.row_type = 'detail' and OF_PHASE
    and (a.document, detail_tab, detail_col) in (
        select (document, tab, col) from amounts where whole and own
    )
    and not exists (
        select 1 from amounts w
        join amounts s on s.document = w.document and s.tab = c.tab and s.col = c.col
        join amounts b on b.document = w.document
        where w.document = a.document and w.tab = detail_tab and w.col = detail_col and w.whole
        and s.direction = c.direction and s.row_type in ('subtotal', 'total')
        and b.tab = balance_tab and b.key = balance_key and b.col = balance_col
        and b.amount = abs(s.amount - w.amount)
    )"""
# Each class of a summary table against the details of that class in another one, where that has
# a total (else its end may not have been read), unless a balance is all that lies between the totals.


def _classes(rules: Numbered) -> Rows:
    return [
        (number, rule.phase, summary["table"], summary["column"], summary["direction"],
         details["table"], details["column"],
         *(balance.get(key) for key in ("table", "row", "column")))
        for number, rule in rules
        for summary, details in [(rule.settings["summary"], rule.settings["details"])]
        for balance in [rule.settings.get("balance", {})]
    ]  # fmt: skip


_ROWS_AGREE = """
    with printed as (
        select rule, totals, side, a.id, a.document, a.amount, a.half, a.row_type,
            case kind when 'functional' then a.functional else a.economic end as code
        from amounts a join sides c using (tab, col)
        where a.own and OF_PHASE and a.row_type in ('detail', 'subtotal', 'total')
    ),
    agreeing as (
        select a.rule, a.document from printed a join printed b using (rule, document, amount)
        where a.totals and a.side = 'one' and b.side = 'two'
        and a.row_type = 'total' and b.row_type = 'total'
    )
    select a.rule, b.id as relation, b.id as part, b.amount, b.half, 1 as sign, a.id as total
    from printed a join printed b using (rule, document, code)
    where a.side = 'one' and b.side = 'two' and a.row_type <> 'total' and b.row_type <> 'total'
    and (not a.totals or (a.rule, a.document) in (from agreeing))
    qualify count(*) over (partition by a.rule, a.id) = 1
    and count(*) over (partition by a.rule, b.id) = 1"""
# Rows of one code in two tables, in one column of each. With ``provided: totals-agree`` only in
# documents whose tables have the same total there: then no amount of one can be without the other.


def _sides(rules: Numbered) -> Rows:
    return [
        (number, rule.phase, rule.settings["by"], rule.settings.get("provided") == "totals-agree",
         side, rule.settings[side]["table"], rule.settings[side]["column"])
        for number, rule in rules
        for side in ("one", "two")
    ]  # fmt: skip


def _of_phase(query: str) -> str:
    return query.replace("OF_PHASE", "coalesce(c.phase, a.phase) = a.phase")


QUERIES: Mapping[str, RelationQuery] = {
    "row-sum": RelationQuery(_SUM.replace("TOTAL", "row_total")),
    "column-sum": RelationQuery(_SUM.replace("TOTAL", "column_total"), total="t.whole"),
    "code-sum": RelationQuery(_SUM.replace("TOTAL", "column_total"), total="not t.whole"),
    "equal": RelationQuery(
        _of_phase(_EQUAL), "cells(rule, phase, place, rank, tab, key, col)", _cells
    ),
    "sum": RelationQuery(
        _of_phase(_SIGNED),
        "summands(rule, phase, place, rank, sign, needed, tab, key, col)", _summands,
    ),
    "class-sum": RelationQuery(
        _of_phase(_CLASS_SUM),
        "classes(rule, phase, tab, col, direction, detail_tab, detail_col, balance_tab, balance_key,"
        " balance_col)", _classes,
    ),
    "rows-agree": RelationQuery(
        _of_phase(_ROWS_AGREE), "sides(rule, phase, kind, totals, side, tab, col)", _sides
    ),
}  # fmt: skip


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _literal(value: object) -> str:
    """As SQL; rule files are the user's own."""
    if value is None:
        return "null::VARCHAR"
    if isinstance(value, bool | int):
        return str(value)
    return "'" + str(value).replace("'", "''") + "'"
