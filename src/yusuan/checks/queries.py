"""Rules as SQL: which amounts each rule relates, for one document or a whole country at once.

Every family gives ``terms``: (rule, relation, id, coefficient), so that the coefficients times
the amounts of a relation add up to nothing. ``relation`` is unique within its rule; ``rule`` is
the place of the rule in the file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import duckdb

from yusuan.checks.cells import summands
from yusuan.checks.rules import Rule

__all__ = ["IDENTITIES", "SQL_FAMILIES", "failing", "relate"]

IDENTITIES = frozenset({"equal", "rows-agree"})
"""Families whose relations say that two printings are of one number."""

Numbered = Sequence[tuple[int, Rule]]
Compiler = Callable[[Numbered], str]

_TERMS = "create temp table terms (rule INTEGER, relation BIGINT, id INTEGER, coefficient INTEGER)"


def relate(ledger: duckdb.DuckDBPyConnection, rules: Sequence[Rule]) -> None:
    """Fill the table ``terms`` of a ledger from the rules that relate amounts of tables."""
    ledger.execute(_TERMS)
    for family, compiler in SQL_FAMILIES.items():
        numbered = [(n, rule) for n, rule in enumerate(rules) if rule.family == family]
        if numbered:
            ledger.execute(f"insert into terms {compiler(numbered)}")


def failing(ledger: duckdb.DuckDBPyConnection) -> list[tuple[int, int, int, int, int, int]]:
    """The relations that do not hold as printed: rule, relation, difference (fen), and how far
    rounding may have moved it: in all, and the largest and smallest of its amounts."""
    return ledger.execute(
        """select rule, relation, sum(coefficient * amount)::BIGINT as difference,
            sum(abs(coefficient) * half)::BIGINT, max(half), min(half)
        from terms join amounts using (id) group by rule, relation
        having difference <> 0 order by rule, relation"""
    ).fetchall()


def _row_sum(rules: Numbered) -> str:
    return _sum(rules, "row_total", "")


def _column_sum(rules: Numbered) -> str:
    return _sum(rules, "column_total", "where t.row_type = 'total' or t.current")


def _code_sum(rules: Numbered) -> str:
    return _sum(rules, "column_total", "where t.row_type <> 'total' and not t.current")


def _sum(rules: Numbered, total: str, condition: str) -> str:
    """Amounts against the total they add to, which gives the relation its number."""
    joined = f"amounts p join amounts t on p.{total} = t.id {condition}"
    return " union all ".join(
        f"select {number}, t.id, p.id, 1 from {joined} "
        f"union all select distinct {number}, t.id, t.id, -1 from {joined}"
        for number, _ in rules
    )


def _equal(rules: Numbered) -> str:
    """The first cell that is printed against each other one; of several rows that a cell may
    stand in, the first that is printed."""
    cells = [
        (number, rule.phase, place, rank, cell["table"], row, cell["column"])
        for number, rule in rules
        for place, cell in enumerate(rule.settings["cells"])
        if "table" in cell
        for rank, row in enumerate(_listed(cell["row"]))
    ]
    return f"""
        with cells(rule, phase, place, rank, tab, key, col) as (values {_values(cells)}),
        found as (
            select rule, a.document, place, arg_min(a.id, rank) as id
            from amounts a join cells c using (tab, key, col)
            where {_OF_PHASE} group by rule, a.document, place
        ),
        firsts as (select rule, document, arg_min(id, place) as id from found group by rule, document)
        select rule, f.id, unnest([f.id, g.id]), unnest([1, -1])
        from found f join firsts g using (rule, document) where f.id <> g.id"""


def _signed(rules: Numbered) -> str:
    """A cell against others that are added or taken away, where all that are needed are printed;
    in every row where no row is named."""
    cells = [
        (number, rule.phase, place, rank, sign, not cell.get("optional", False),
         cell["table"], row, cell["column"])
        for number, rule in rules
        if not any("claim" in cell for _, cell in summands(rule))
        for place, (sign, cell) in enumerate(summands(rule))
        for rank, row in enumerate(_listed(cell.get("row")))
    ]  # fmt: skip
    if not cells:
        return "select * from terms where false"
    return f"""
        with cells(rule, phase, place, rank, sign, needed, tab, key, col) as (
            values {_values(cells)}
        ),
        found as (
            select rule, a.document, if(c.key is null, a.key, '') as line, place, sign, needed,
                arg_min(a.id, rank) as id
            from amounts a join cells c on a.tab = c.tab and a.col = c.col
            and coalesce(c.key, a.key) = a.key
            where {_OF_PHASE} group by all
        ),
        needs as (select rule, count(distinct place) as number from cells where needed group by rule),
        totals as (
            select rule, document, line, max(id) filter (where place = 0) as total
            from found join needs using (rule) group by rule, document, line, number
            having count(*) filter (where needed) = number and count(*) > 1
        )
        select rule, total, id, sign from found join totals using (rule, document, line)"""


def _class_sum(rules: Numbered) -> str:
    """Each class of a summary table against the details of that class in another one."""
    pairs = [
        (number, rule.phase, summary["table"], summary["column"], summary["direction"],
         details["table"], details["column"])
        for number, rule in rules
        for summary, details in [(rule.settings["summary"], rule.settings["details"])]
    ]  # fmt: skip
    return f"""
        with pairs(rule, phase, tab, col, direction, detail_tab, detail_col) as (
            values {_values(pairs)}
        ),
        parts as (
            select rule, a.id as total, d.id
            from pairs c join amounts a using (tab, col, direction)
            join amounts d on d.document = a.document and d.tab = detail_tab and d.col = detail_col
            and left(d.functional, 3) = left(a.class, 3) and starts_with(d.functional, a.class)
            where a.class <> '' and a.own and d.own and d.row_type = 'detail' and {_OF_PHASE}
        )
        select rule, total, id, 1 from parts
        union all select distinct rule, total, total, -1 from parts"""


def _rows_agree(rules: Numbered) -> str:
    """Rows of one code in two tables, in one column of each.

    With ``provided: totals-agree`` only in documents whose tables have the same total there: then
    no amount of one can be without the other.
    """
    return " union all ".join(_rows_of(number, rule) for number, rule in rules)


def _rows_of(number: int, rule: Rule) -> str:
    one, two, by = rule.settings["one"], rule.settings["two"], rule.settings["by"]
    same_total = f"""and exists (
        from amounts x join amounts y using (document, amount)
        where x.document = a.document and x.row_type = 'total' and y.row_type = 'total'
        and x.own and y.own and {_cell("x", one)} and {_cell("y", two)})"""
    return f"""
        (select {number}, b.id, unnest([b.id, a.id]), unnest([1, -1])
        from amounts a join amounts b using (document, {by}),
            (values ({_literal(rule.phase)})) c(phase)
        where {_cell("a", one)} and {_cell("b", two)} and a.own and b.own and {_OF_PHASE}
        and a.row_type in ('detail', 'subtotal') and b.row_type in ('detail', 'subtotal')
        {same_total if rule.settings.get("provided") == "totals-agree" else ""}
        qualify count(*) over (partition by a.id) = 1 and count(*) over (partition by b.id) = 1)"""


SQL_FAMILIES: Mapping[str, Compiler] = {
    "row-sum": _row_sum,
    "column-sum": _column_sum,
    "code-sum": _code_sum,
    "equal": _equal,
    "sum": _signed,
    "class-sum": _class_sum,
    "rows-agree": _rows_agree,
}

_OF_PHASE = "coalesce(c.phase, a.phase) = a.phase"


def _cell(alias: str, cell: Mapping[str, Any]) -> str:
    return f"{alias}.tab = {_literal(cell['table'])} and {alias}.col = {_literal(cell['column'])}"


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _values(rows: Sequence[tuple[Any, ...]]) -> str:
    return ", ".join(f"({', '.join(_literal(value) for value in row)})" for row in rows)


def _literal(value: object) -> str:
    """As SQL; rule files are the user's own."""
    if value is None:
        return "null::VARCHAR"
    if isinstance(value, int):
        return str(value)
    return "'" + str(value).replace("'", "''") + "'"
