"""Tables that two documents of one budget print, where nothing says which of them counts.

Whether something does is the rule for reissues (``yusuan.facts.revisions``). This needs no more than
the records of a package: packages that are joined are looked at as those that are built.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from yusuan.checks import location
from yusuan.checks.families.units import parts_of, scope_of
from yusuan.checks.registry import BUDGET
from yusuan.checks.report import RawFinding
from yusuan.checks.rounding import of_fact
from yusuan.checks.rules import Rule
from yusuan.facts import PackageContents
from yusuan.facts.contents import disclosure_keys
from yusuan.facts.revisions import CountedTables, counted_tables, why_taken, why_undecided
from yusuan.model.records import DocumentRecord, Fact, PublishedTable
from yusuan.tables import is_repeat_key

__all__ = ["RepeatedTables", "candidates", "of_budgets"]


@dataclass(frozen=True, slots=True)
class RepeatedTables:
    """Two documents of a budget and what both print: of the kinds of tables in ``both``, in the
    order of the first, nothing makes either document the later one for those in ``open``.

    ``printed`` says how many amounts each document prints in each kind of table.
    """

    one: DocumentRecord
    other: DocumentRecord
    both: Sequence[PublishedTable]
    open: Sequence[PublishedTable]
    counted: CountedTables
    printed: Mapping[str, Mapping[str, int]]

    def unlike(
        self, facts: Mapping[tuple[str, str], Sequence[Fact]]
    ) -> dict[str, tuple[Fact, Fact]]:
        """The first two amounts of one row and column that differ by more than rounding, by table;
        totals first. ``facts`` are by document and table."""
        found = {}
        for table in self.open:
            mine, theirs = (
                {(_row_key(fact), fact.column): fact
                 for fact in facts.get((each.document, table.table), ())
                 if not is_repeat_key(_row_key(fact))}
                for each in (self.one, self.other)
            )  # fmt: skip
            differing = [
                (fact, theirs[key])
                for key, fact in mine.items()
                if key in theirs
                and abs(fact.amount - theirs[key].amount) > fact.half_step + theirs[key].half_step
            ]
            if differing:
                found[table.table] = min(differing, key=lambda pair: pair[0].row_type != "total")
        return found


def candidates(contents: PackageContents) -> list[RepeatedTables]:
    """The documents of one budget with tables of which nothing says which counts, two by two. Needs
    no more of the contents than documents, published tables and links.

    A narrative and its tables in two files have none in common. A department's own unit is no
    repetition: a link says that its figures are part of the department's.
    """
    keys = disclosure_keys(contents.documents)
    budgets: dict[object, list[DocumentRecord]] = defaultdict(list)
    for document in contents.documents:
        budgets[keys[document.document]].append(document)
    several = {d.document for found in budgets.values() if len(found) > 1 for d in found}
    if not several:
        return []
    linked = {frozenset(pair) for pair in parts_of(contents.links)}
    tables: dict[str, list[PublishedTable]] = defaultdict(list)
    printed: dict[str, Counter[str]] = defaultdict(Counter)
    for table in contents.published_tables:
        if table.document in several:
            tables[table.document].append(table)
            printed[table.document][table.table] += table.amounts
    found = []
    for documents in budgets.values():
        amounts = {each.document: +printed[each.document] for each in documents}
        counted = counted_tables(documents, amounts)
        for one, other in ((one, two) for n, one in enumerate(documents) for two in documents[:n]):
            if frozenset((one.document, other.document)) in linked:
                continue
            names = {table.table for table in tables[other.document]}
            both = [
                each for each in tables[one.document]
                if each.table in names and each.published_table == f"{one.document}-{each.table}"
            ]  # fmt: skip
            # a table without amounts is in no document that counts
            open_ = [
                each for each in both
                if all(counted.is_open(each.table, key) or not amounts[key].get(each.table)
                       for key in (one.document, other.document))
            ]  # fmt: skip
            if open_:
                found.append(RepeatedTables(one, other, both, open_, counted, amounts))
    return found


def of_budgets(rules: Sequence[Rule], contents: PackageContents) -> Iterator[RawFinding]:
    """What is said of documents of one budget that print the same tables, by the rules for that.

    Needs no more of the contents than departments, documents, published tables, links and the facts
    of ``candidates``.
    """
    own = [rule for rule in rules if rule.family in BUDGET]
    pairs = candidates(contents) if own else []
    if not pairs:
        return
    wanted = {
        (each.document, table.table)
        for pair in pairs for table in pair.open for each in (pair.one, pair.other)
    }  # fmt: skip
    facts: dict[tuple[str, str], list[Fact]] = defaultdict(list)
    for fact in contents.facts:
        if (fact.document, fact.table) in wanted:
            facts[fact.document, fact.table].append(fact)
    for pair in pairs:
        unlike = pair.unlike(facts)
        scope = scope_of(pair.one, (table.table for table in pair.both), contents)
        for rule in own:
            if rule.when.applies(scope):
                yield from BUDGET[rule.family](rule, pair, unlike)


@BUDGET("tables-twice")
def tables_twice(
    rule: Rule, pair: RepeatedTables, unlike: Mapping[str, tuple[Fact, Fact]]
) -> Iterator[RawFinding]:
    """Those with the same amounts, a finding for each two files, or those with others, a finding for
    each table."""
    alike = [
        table for table in pair.open if table.table not in unlike
        and (len(pair.open) == len(pair.both) or table.amounts)
    ]  # fmt: skip
    if rule.settings["case"] == "contradict":
        for name, (mine, theirs) in unlike.items():
            taken = pair.counted.source[name].document
            if taken == pair.one.document:
                yield _undecided(rule, pair, (pair.one, pair.other), (mine, theirs))
            elif taken == pair.other.document:
                yield _undecided(rule, pair, (pair.other, pair.one), (theirs, mine))
    elif alike:
        titles = [location.title_of(table) for table in alike]
        yield RawFinding(
            rule=rule, document=pair.one.document, place=location.of_table(alike[0]),
            about=pair.other.document, printed=pair.one.file,
            other=(pair.other.file, pair.other.file),
            parts=("、".join(zh for zh, _ in titles), ", ".join(en for _, en in titles)),
            reason=why_undecided(pair.one, pair.other),
        )  # fmt: skip


def _undecided(
    rule: Rule,
    pair: RepeatedTables,
    documents: tuple[DocumentRecord, DocumentRecord],
    facts: tuple[Fact, Fact],
) -> RawFinding:
    here, there = (of_fact(fact) for fact in facts)
    own, theirs = documents
    amounts = tuple(pair.printed[each.document][facts[0].table] for each in documents)
    name = theirs.file if theirs.file != own.file else f"{theirs.file} ({theirs.document})"
    return RawFinding(
        rule=rule, document=own.document, place=location.of_fact(facts[0]), fact=facts[0].fact,
        about=f"{theirs.document}-{facts[0].table}", printed=here.show(), other=(name, name),
        parts=why_undecided(own, theirs), reason=why_taken(own, theirs, (amounts[0], amounts[1])),
        expected=there.show(),
    )  # fmt: skip


def _row_key(fact: Fact) -> str:
    """The key of a fact's row within its table, the same in any document."""
    return fact.row.removeprefix(f"{fact.document}-{fact.table}").removeprefix("-")
