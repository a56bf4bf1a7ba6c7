"""The rules of tables over many packages: every relation that does not hold, one by one.

Packages are taken in batches, so that memory is that of a batch however many there are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from yusuan.checks.rounding import cut_short
from yusuan.checks.rules import Rule, Scope, load_rules
from yusuan.checks.sql.ledger import Ledger
from yusuan.checks.sql.packages import (
    Key,
    Source,
    fill_from,
    find_source,
    load_documents,
    run,
    scan,
)
from yusuan.checks.sql.queries import IDENTITIES, failing_queries

__all__ = ["Disagreement", "Sweep"]

BATCH = 1_000_000
"""Facts of a batch, about; a package is never parted. A sweep takes some 600 MB with so many."""
_BYTES = {".parquet": 25, ".csv": 350}
"""Of a fact in a file, about."""
_PRINTED = (
    "document", "department", "fiscal_year", "phase", "table", "row_label", "column",
    "column_label", "page", "line", "cell", "fact", "printed", "unit", "amount",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A relation that does not hold as printed. Amounts are in yuan; ``expected`` is what the
    other amounts of the relation give for this cell, ``difference`` what is printed less that.

    ``verdict`` is the rule's, or ``rounding`` or ``truncation`` where that explains the relation
    by itself.
    """

    rule: str
    title: str
    verdict: str
    package: str
    document: str
    department: str
    fiscal_year: int
    phase: str
    table: str
    row_label: str | None
    column: str
    column_label: str
    page: int | None
    line: int
    cell: str
    fact: str
    printed: str
    unit: int
    amount: Decimal
    expected: Decimal
    difference: Decimal


class Sweep:
    """The packages in some folders, to be gone through once.

    Raises YusuanError for a folder without a package, and files that cannot be read.
    """

    def __init__(
        self,
        folders: Sequence[Path],
        rules: Sequence[Rule] | None = None,
        *,
        threads: int = 1,
        batch: int = BATCH,
    ) -> None:
        # which tables a document has, and in which division it is, is not known here
        self._rules = [rule for rule in rules or load_rules()
                       if not (rule.when.tables or rule.when.divisions)]  # fmt: skip
        self._batch = batch
        self._folders = {find_source(folder): folder for folder in dict.fromkeys(folders)}
        self._ledger = Ledger(self._rules, threads)
        self.left_out = load_documents(self._ledger, list(self._folders))
        """Documents that an earlier package has already, with the file they were left out of."""
        (self.documents,) = self._one("select count(*) from documents")
        self.facts = 0
        """How many amounts were compared, so far."""

    def __iter__(self) -> Iterator[Disagreement]:
        """The relations that do not hold, package by package, document by document."""
        batch: list[Source] = []
        size = 0.0
        for source in self._folders:
            facts = source.facts.stat().st_size / _BYTES[source.facts.suffix]
            if batch and size + facts > self._batch:
                yield from self._failing(batch)
                batch, size = [], 0.0
            batch.append(source)
            size += facts
        if batch:
            yield from self._failing(batch)

    def _failing(self, sources: Sequence[Source]) -> Iterator[Disagreement]:
        key = fill_from(self._ledger, sources, repeated=bool(self.left_out))
        (facts,) = self._one("select count(*) from amounts")
        self.facts += facts
        connection = self._ledger.connection
        connection.execute(
            "create or replace temp table wrong (rule INTEGER, relation UBIGINT, difference HUGEINT,"
            " slack HUGEINT, most BIGINT, least BIGINT)"
        )
        for query in failing_queries(self._rules):
            connection.execute(f"insert into wrong {query}")
        # only their documents are read again, to tell where the cells are
        connection.execute(
            "create or replace temp table concerned as select distinct d.document from wrong"
            " join amounts a on a.id = relation join documents d on d.number = a.document"
        )
        packages = {str(source.facts): str(folder) for source, folder in self._folders.items()}
        rows = run(connection, _places(sources, key))
        for number, difference, slack, most, least, file, *printed in rows:
            rule = self._rules[number]
            if not rule.when.covers(_scope(printed)):
                continue
            rounding = abs(difference) <= slack
            if rule.family in IDENTITIES:
                if rounding and most != least:
                    continue  # one number, printed less precisely in one of two places
                difference = -difference
            why = "rounding" if rounding else None
            yield _disagreement(rule, packages[file], printed, difference, why, 2 * most)

    def _one(self, query: str) -> tuple[int, ...]:
        return self._ledger.connection.execute(query).fetchone() or (0,)


def _places(sources: Sequence[Source], key: Key) -> str:
    """The relations that do not hold, with the cell that each is about."""
    columns = ", ".join(
        f'"{name}"::BIGINT as "{name}"' if name in ("fiscal_year", "page", "line", "unit")
        else f'"{name}"::VARCHAR as "{name}"'
        for name in _PRINTED
    )  # fmt: skip
    read = " union all ".join(
        scan("facts", files, f"{key('fact')} as id, filename, {columns}")
        + " where document in (select document from concerned)"
        + " and id in (select relation from wrong)"
        for parquet in (False, True)
        if (files := [source.facts for source in sources if source.parquet is parquet])
    )
    printed = ", ".join(f'f."{name}"' for name in _PRINTED)
    return f"""
        select w.rule, w.difference, w.slack, w.most, w.least, f.filename, {printed}
        from ({read}) f join wrong w on f.id = w.relation
        join documents d on d.document = f.document and d.file = f.filename
        order by d.number, w.rule, f.page, f.line, f.fact"""


def _scope(printed: Sequence[str | int | None]) -> Scope:
    """What is known of the document of a cell."""
    values = dict(zip(_PRINTED, printed, strict=True))
    year, phase, who = (values[name] for name in ("fiscal_year", "phase", "department"))
    return Scope(str(phase), int(year or 0), frozenset(), str(who), "")


def _disagreement(
    rule: Rule, package: str, printed: Sequence[str | int | None], difference: int,
    explained: str | None, step: int,
) -> Disagreement:  # fmt: skip
    """``difference`` is what the others give less what is printed, ``step`` what the last digit of
    the least precise number means, both in fen."""
    values = dict(zip(_PRINTED, printed, strict=True))
    amount = Decimal(str(values.pop("amount")))
    off = Decimal(difference) / 100
    one, other = sorted((int(amount * 100), int(amount * 100) + difference), key=abs)
    if explained is None and cut_short(one, other, step):
        explained = "truncation"
    verdict = explained or rule.verdict
    return Disagreement(
        rule.id, rule.title, verdict, package, **values,  # type: ignore[arg-type]
        amount=amount, expected=amount + off, difference=-off,
    )  # fmt: skip
