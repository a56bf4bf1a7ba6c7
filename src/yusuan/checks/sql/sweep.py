"""The rules of tables over many packages: every relation that does not hold, one by one.

Packages are taken in batches, so that memory is that of a batch however many there are. DuckDB
alone reads their printed amounts and converts them, so that a million facts take seconds. The
ledger of a batch has only the columns that its rules read, and what describes a cell only where a
rule names the cell.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from yusuan.checks.rounding import cut_short
from yusuan.checks.rules import Rule, Scope, load_rules
from yusuan.checks.sql.ledger import COLUMNS, CURRENT, Ledger
from yusuan.checks.sql.queries import IDENTITIES, cells_of, failing_queries
from yusuan.files.resolve import inside
from yusuan.model.errors import YusuanError
from yusuan.schema import catalogue
from yusuan.tables import REPEAT_PREFIX

__all__ = ["Disagreement", "Sweep", "fill_from", "find_source", "load_documents"]

Key = Callable[[str], str]
"""The number of a fact in SQL, from the column with its name."""


def load_documents(ledger: Ledger, sources: Sequence[Source]) -> list[str]:
    """Fill the table ``documents`` of a ledger: number, document, year, phase, its facts file.

    A document in several packages counts in the first of them; gives those left out.
    """
    connection = ledger.connection
    files = "facts", "documents"
    connection.execute(
        "create or replace temp table files as select unnest(?::VARCHAR[]) as facts, unnest(?::VARCHAR[]) as documents",
        [[str(getattr(source, name)) for source in sources] for name in files],
    )
    named = "document, fiscal_year::INTEGER as fiscal_year, phase, filename"
    read = " union all ".join(
        scan("documents", [source.documents for source in sources if source.parquet is parquet], named)
        for parquet in (False, True) if any(source.parquet is parquet for source in sources)
    )  # fmt: skip
    run(
        connection,
        f"""create or replace temp table documents as
        select row_number() over (order by f.rowid)::INTEGER - 1 as number,
            document, fiscal_year, phase, f.facts as file,
            row_number() over (partition by document order by f.rowid) as copy
        from ({read}) d join files f on f.documents = d.filename""",
    )
    left = connection.execute(
        "delete from documents where copy > 1 returning document || ': ' || file"
    )
    return sorted(text for (text,) in left.fetchall())


def fill_from(ledger: Ledger, sources: Sequence[Source], *, repeated: bool = False) -> Key:
    """Hold the facts of these packages, and no others; gives how their names become numbers.

    ``load_documents`` comes first; with ``repeated`` some documents are in several packages.
    Raises YusuanError for files that cannot be read, facts of documents that are not listed, and
    facts that are there twice.
    """
    for key in _KEYS:
        _fill(ledger, sources, key, repeated)
        count, unknown, distinct = ledger.connection.execute(
            "select count(*), count(*) filter (document is null), count(distinct id) from amounts"
        ).fetchone() or (0, 0, 0)
        if unknown:
            raise _error_at_first_fact(
                ledger, sources, "document not in (select document from documents)",
                "is of a document that the documents beside it do not list",
            )  # fmt: skip
        if count == distinct:
            return key
    raise _error_at_first_fact(
        ledger, sources, "true qualify count(*) over (partition by fact) > 1", "is there twice"
    )


def run(connection: duckdb.DuckDBPyConnection, statement: str) -> list[Any]:
    """The rows of a statement that reads files, which stand left in its joins.

    Raises YusuanError when one cannot be read.
    """
    try:
        # how many rows a CSV has is not known: it must not be the side that is held in memory
        connection.execute("set disabled_optimizers = 'build_side_probe_side'")
        return connection.execute(statement).fetchall()
    except duckdb.Error as error:
        text = str(error).split("\n\n")[0].strip()
        raise YusuanError(f"the packages cannot be read: {text}; build them anew") from error
    finally:
        connection.execute("reset disabled_optimizers")


def _error_at_first_fact(
    ledger: Ledger, sources: Sequence[Source], condition: str, what: str
) -> YusuanError:
    """The error for the first fact for which something holds."""
    read = " union all ".join(
        scan("facts", [source.facts], "fact, document, filename") for source in sources
    )
    found = run(ledger.connection, f"select fact, filename from ({read}) where {condition} limit 1")
    fact, file = found[0] if found else ("a fact", sources[0].facts)
    return YusuanError(f"{file}: {fact} {what}; build the package anew")


def _quick(name: str) -> str:
    # DuckDB's hash of texts that differ in two places eight letters apart may be the same; that
    # of the same texts moved by three letters is not.
    return f"xor(hash({name}), hash('...' || {name}))"


def _sure(name: str) -> str:
    return f"md5_number_lower({name})"


_KEYS: Sequence[Key] = (_quick, _sure)
"""Numbers of facts from their names: no join is needed to find a total. That no two facts have
the same is proven each time, and else the slower one taken."""


def _fill(ledger: Ledger, sources: Sequence[Source], key: Key, repeated: bool) -> None:
    connection = ledger.connection
    cells = sorted(cells_of(ledger.rules))
    connection.execute("create or replace temp table named (tab VARCHAR, col VARCHAR)")
    if cells:
        connection.executemany("insert into named values (?, ?)", cells)
    amounts = " union all ".join(
        _select(ledger, files, key, repeated)
        for parquet in (False, True)
        if (files := [source.facts for source in sources if source.parquet is parquet])
    )
    run(connection, f"create or replace table amounts as {amounts}")


def _select(ledger: Ledger, files: Sequence[Path], key: Key, repeated: bool) -> str:
    read = scan("facts", files, "*", filename=repeated)
    _, kind, *_ = run(ledger.connection, f"describe select amount from ({read})")[0]
    fen = _FEN_OF_TEXT if kind == "VARCHAR" else _FEN_OF_DECIMAL
    families = {rule.family for rule in ledger.rules}
    row_key = 'substr(f."row", length(f.document) + length(f."table") + 3)'
    values = {
        "id": key("f.fact"),
        "document": "d.number",
        "amount": "f.fen",
        "half": "(100 * f.unit::BIGINT) // (10 ** least(f.decimals::INTEGER, 18))::BIGINT // 2",
    }
    if "row-sum" in families:
        values["row_total"] = f"case when f.row_total <> '' then {key('f.row_total')} end"
    if families & {"column-sum", "code-sum"}:
        values["column_total"] = f"case when f.column_total <> '' then {key('f.column_total')} end"
        # most rows need no look at their key
        values["whole"] = (
            f"f.row_type = 'total' or case when contains(f.\"row\", '{CURRENT.strip('-')}') "
            f"then contains('-' || {row_key} || '-', '{CURRENT}') else false end"
        )
    if families & {"equal", "class-sum", "rows-agree"}:
        of_cells = {
            "tab": 'f."table"', "col": 'f."column"', "key": row_key, "row_type": "f.row_type",
            "direction": "f.direction", "phase": "f.phase",
            "functional": "nullif(f.functional_code, '')", "economic": "nullif(f.economic_code, '')",
            "class": "coalesce(split_part(f.\"function\", '-', -1), '')",
            "own": f"f.fiscal_year::INTEGER = d.fiscal_year and f.phase = d.phase "
                   f"and not starts_with({row_key}, {literal(REPEAT_PREFIX)})",
        }  # fmt: skip
        values |= {
            name: f"case when n.tab is not null then {text} end" for name, text in of_cells.items()
        }
    columns = ", ".join(f"{values[name]} as {name}" for name in COLUMNS if name in values)
    first = "and (d.file is null or f.filename = d.file)" if repeated else ""
    return f"""
        select {columns} from (select *, {fen} as fen from ({read})) f left join documents d using (document)
        left join named n on n.tab = f."table" and n.col = f."column"
        where f."column" <> '' and f.fen is not null {first}"""


_FEN_OF_TEXT = """coalesce(
    try_cast(case
        when not contains(amount, '.') then amount || '00'
        when amount[-2] = '.' then replace(amount, '.', '') || '0'
        when amount[-3] = '.' then replace(amount, '.', '')
    end as BIGINT),
    case when not regexp_full_match(amount, '-?[0-9]+([.][0-9]+)?')
        then error(fact || ': the amount ' || amount || ' is no number') end)"""
_FEN_OF_DECIMAL = "case when amount = trunc(amount, 2) then try_cast(amount * 100 as BIGINT) end"
# The amount in fen; none where it has no whole number of them, or more than fit.


@dataclass(frozen=True, slots=True)
class Source:
    """The files of one package, as CSV or as Parquet."""

    facts: Path
    documents: Path

    @property
    def parquet(self) -> bool:
        return self.facts.suffix == ".parquet"


def find_source(folder: Path) -> Source:
    """The facts and documents of a package or of its publication; Parquet where there is both.

    Raises YusuanError when they are not there.
    """
    for place, suffix in (("parquet", "parquet"), ("", "parquet"), ("data", "csv")):
        facts, documents = (folder / place / f"{name}.{suffix}" for name in ("facts", "documents"))
        if facts.exists() or facts.is_symlink():
            if not documents.exists():
                raise YusuanError(
                    f"{documents}: missing; the facts beside it cannot be checked without the "
                    "documents they are of; build or publish the package anew"
                )
            for file in (facts, documents):
                inside(folder, file.relative_to(folder).as_posix())
            return Source(facts, documents)
    raise YusuanError(
        f"{folder}: no package here (neither data/facts.csv nor parquet/facts.parquet); "
        "make one with `yusuan build SOURCE --output DIR`"
    )


def scan(resource: str, files: Sequence[Path], columns: str, *, filename: bool = True) -> str:
    """A query for columns of a resource in files of one kind.

    Raises YusuanError for a CSV with another header than the schema says.
    """
    names = ", ".join(literal(str(file)) for file in files)
    named = f"filename={str(filename).lower()}"
    if files[0].suffix == ".parquet":
        return f"select {columns} from read_parquet([{names}], {named})"
    expected = [field.name for field in catalogue()[resource].fields]
    for file in files:
        _check_header(file, expected)
    kinds = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in expected)
    return (
        f"select {columns} from read_csv([{names}], {named}, auto_detect=false, header=true, "
        f"delim=',', quote='\"', escape='\"', nullstr='', columns={{{kinds}}})"
    )


def _check_header(file: Path, expected: Sequence[str]) -> None:
    with file.open(encoding="utf-8", newline="") as stream:
        try:
            found = next(csv.reader([stream.readline(_HEADER)]), [])
        except (UnicodeDecodeError, csv.Error) as error:
            raise YusuanError(f"{file}: not a CSV in UTF-8: {error}") from error
    if found != expected:
        raise YusuanError(
            f"{file}, line 1: columns {', '.join(found)}; expected {', '.join(expected)}; "
            "build the package anew"
        )


def literal(text: str) -> str:
    """A text in SQL."""
    return "'" + text.replace("'", "''") + "'"


_HEADER = 10_000
"""Characters of the first line that are looked at; the longest has 500."""
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
