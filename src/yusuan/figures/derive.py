"""The derived resources of a package, made of its other rows: ``budgets``, each once however many
files print it, the ``revisions`` of its documents, and the ``figures``, ``spending`` and ``revenue``
of each.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from yusuan.facts.contents import disclosure_keys
from yusuan.facts.revisions import Revision, counted_tables, why_taken
from yusuan.figures.breakdown import Breakdown, function_code, take_apart
from yusuan.figures.definitions import breakdown, figure_definitions
from yusuan.figures.printed import (
    Budget,
    ChosenFigure,
    PrintedAmount,
    PrintedBudget,
    chosen_figures,
)
from yusuan.files.spool import Spool
from yusuan.lexicon.units import unit_name
from yusuan.model.errors import YusuanError
from yusuan.model.findings import VERDICTS
from yusuan.model.money import plain
from yusuan.model.records import DocumentRecord
from yusuan.schema import catalogue
from yusuan.schema.messages import NOTHING, Texts, message
from yusuan.schema.records import record_of

__all__ = ["derived_rows"]

Row = Mapping[str, str]
Rows = Callable[[str], Iterable[Row]]
"""The rows of a resource of a package, by its name."""


@dataclass(frozen=True, slots=True)
class Budgets:
    """``of`` is the budget of each document, ``table_from`` the document that a table of a budget
    is taken from, by the keys of both. ``contested`` are those of these tables that another
    document prints too, and nothing makes it older, with why they are taken all the same;
    ``revisions`` are with the key of their budget.
    """

    listed: tuple[Budget, ...]
    of: Mapping[str, str]
    table_from: Mapping[tuple[str, str], str]
    contested: Mapping[tuple[str, str], Texts]
    revisions: tuple[tuple[Budget, Revision], ...]


def find_budgets(rows: Rows) -> Budgets:
    """The budgets in the order of their first documents.

    Where documents of one budget print the same table, it is taken from the one that
    ``yusuan.facts.revisions`` says.
    """
    resource = catalogue()["documents"]
    documents = [record_of(DocumentRecord, resource, row) for row in rows("documents")]
    keys = disclosure_keys(documents)
    held: dict[str, list[DocumentRecord]] = defaultdict(list)
    for document in documents:
        held[_key(*keys[document.document])].append(document)
    of = {each.document: budget for budget, found in held.items() for each in found}
    printed = _printed(rows("published-tables"))
    part_of = {
        of[row["subject"]]: of[row["object"]]
        for row in rows("links")
        if row["kind"] == "part-of" and of[row["subject"]] != of[row["object"]]
    }
    table_from: dict[tuple[str, str], str] = {}
    contested: dict[tuple[str, str], Texts] = {}
    revisions = []
    listed = []
    for key, found in held.items():
        counted = counted_tables(found, printed)
        table_from |= {(key, table): each.document for table, each in counted.source.items()}
        for table, others in counted.rivals.items():
            taken = counted.source[table]
            amounts = [printed[each.document][table] for each in (taken, others[0])]
            contested[taken.document, table] = message(
                "taken-from", file=taken.file, other=others[0].file,
                reason=why_taken(taken, others[0], (amounts[0], amounts[1])),
            )  # fmt: skip
        scopes = {document.scope for document in found} - {None}
        budget = Budget(
            budget=key,
            title=next((d.title for d in found if d.title), None),
            department=found[0].department,
            fiscal_year=str(found[0].fiscal_year),
            phase=found[0].phase,
            kind=next(iter(scopes), None),
            part_of=part_of.get(key),
            documents=tuple(d.document for d in found if d.document not in counted.superseded),
            superseded=counted.superseded,
        )
        listed.append(budget)
        revisions += [(budget, revision) for revision in counted.revisions]
    return Budgets(tuple(listed), of, table_from, contested, tuple(revisions))


def _key(department: str, year: int, phase: str, scope: str) -> str:
    """As in the IRIs of budgets: that of a unit's own budget beside its department's says so."""
    return "/".join([department, str(year), phase, *(["unit"] if scope == "unit" else [])])


def _printed(tables: Iterable[Row]) -> dict[str, dict[str, int]]:
    """How many amounts each document prints in each kind of table, where it prints some."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for row in tables:
        if int(row["amounts"]):
            counts = found[row["document"]]
            counts[row["table"]] = counts.get(row["table"], 0) + int(row["amounts"])
    return found


DerivedRow = tuple[str, list[str]]
_DOUBTING = frozenset({"error", "warning"})
_UNDECIDED = "reissue-undecided"
_CLASS = 3
"""Digits of a functional class."""


def derived_rows(rows: Rows) -> Iterator[DerivedRow]:
    """The rows of all derived resources, each with the name of its resource.

    ``rows`` gives those of the others as texts. Those of one resource come in its own order, and
    memory does not grow with the facts. The same rows give the same.

    Raises YusuanError for rows that no package of ours has.
    """
    names = [resource.name for resource in catalogue().derived]
    columns = {name: [field.name for field in catalogue()[name].fields] for name in names}
    try:
        for name, values in _values(rows):
            yield name, [values.get(column) or "" for column in columns[name]]
    except (ValueError, ArithmeticError, KeyError) as error:
        raise YusuanError(
            f"budgets and figures cannot be derived: {error}; build it anew"
        ) from error


def _values(rows: Rows) -> Iterator[tuple[str, dict[str, str | None]]]:
    found = find_budgets(rows)
    labels = _Labels.read(rows)
    for budget in found.listed:
        yield "budgets", {**_shared(budget, labels), **_own(budget, labels)}
    for budget, revision in found.revisions:
        if revision.whole:
            yield "revisions", _revision(budget, revision)
        for row in _revised_tables(budget, revision):
            yield "table-revisions", row
    doubts = _Doubts.read(rows, found.contested)
    for printed in _printed_budgets(found, rows):
        figures = {figure.code: figure for figure in chosen_figures(printed)}
        for figure in figures.values():
            yield "figures", _figure(printed.budget, figure, labels, doubts, found.contested)
        if printed.budget.part_of:
            continue  # its money is in the rows of the budget that holds it
        for name in ("spending", "revenue"):
            taken = take_apart(breakdown(name), printed, figures)
            if taken:
                for row in _breakdown(name, printed.budget, taken, labels, doubts):
                    yield name, row


# What a budget prints


def _printed_budgets(found: Budgets, rows: Rows) -> Iterator[PrintedBudget]:
    """Each budget with its amounts, as soon as all its documents have been seen."""
    counted = set(found.table_from.values())
    uncounted = {
        document for document, tables in _printed(rows("published-tables")).items()
        if tables and document not in counted
    }  # fmt: skip
    claims = _claims(found, rows)
    listed = {budget.budget: budget for budget in found.listed}
    left = Counter(found.of[document] for document in counted)
    waiting: dict[str, PrintedBudget] = {}

    def whole(key: str) -> PrintedBudget:
        printed = waiting.pop(key, None) or PrintedBudget(listed[key])
        for document in printed.budget.documents:
            for row in claims.get(document, ()) if document not in uncounted else ():
                printed.add_claim(row)
        return printed

    done = set()
    for document, run in _by_document(rows("facts")):
        if document not in counted:
            continue
        key = found.of[document]
        printed = waiting.setdefault(key, PrintedBudget(listed[key]))
        for row in run:
            if found.table_from.get((key, row["table"])) == document:
                printed.add_fact(row)
        left[key] -= 1
        if not left[key]:
            done.add(key)
            yield whole(key)
    for key in listed:
        if key not in done:
            yield whole(key)


def _claims(found: Budgets, rows: Rows) -> Spool[list[Row]]:
    """The amounts and counts that sentences state of headline figures, by document."""
    wanted = {
        (place.claim, figure.measure) for figure in figure_definitions() for place in figure.places
    }
    claims: Spool[list[Row]] = Spool()
    for document, run in _by_document(rows("claims")):
        stated = [row for row in run if (row["subject"], row["measure"]) in wanted]
        if stated:
            claims[document] = [*claims.get(document, ()), *stated]
    return claims


def _by_document(rows: Iterable[Row]) -> Iterator[tuple[str, list[Row]]]:
    """Rows in runs of one document."""
    document: str | None = None
    run: list[Row] = []
    for row in rows:
        if row["document"] != document:
            if document is not None:
                yield document, run
            document, run = row["document"], []
        run.append(row)
    if document is not None:
        yield document, run


# What is said of it


@dataclass(frozen=True, slots=True)
class _Labels:
    """Names beside codes, by resource and key; and the titles that tables are printed under, each
    with its page and line, by document and table."""

    departments: Mapping[str, str]
    lists: Mapping[str, Mapping[str, str]]
    titles: Mapping[tuple[str, str], Sequence[tuple[tuple[int, int], str]]]

    @classmethod
    def read(cls, rows: Rows) -> _Labels:
        lists = {
            name: {row["code"]: row["name"] for row in rows(name)}
            for name in ("phases", "fund-sources", "expenditure-types")
        }
        for name in ("expenditure-function", "expenditure-economic-department"):
            lists[name] = {row["concept"]: row["name"] for row in rows(name)}
        departments = {row["department"]: row["name"] for row in rows("departments")}
        titles: dict[tuple[str, str], list[tuple[tuple[int, int], str]]] = {}
        for row in rows("published-tables"):
            if row["title"]:
                found = titles.setdefault((row["document"], row["table"]), [])
                found.append((_position(row), row["title"]))
        return cls(departments, lists, titles)

    def printed_title(self, fact: Row) -> str:
        """The title that the table of a fact is printed under: of several the last one before it;
        that of the standard table where none is printed."""
        found = sorted(self.titles.get((fact["document"], fact["table"]), ()))
        before = [title for at, title in found if at <= _position(fact)]
        titles = before[-1:] or [title for _, title in found[:1]]
        return titles[0] if titles else catalogue()[fact["table"]].title

    def of(self, name: str, key: str) -> str:
        """The name of a key, or nothing."""
        return self.lists[name].get(key, "")


def _position(row: Row) -> tuple[int, int]:
    return int(row["page"] or 0), int(row["line"] or 0)


@dataclass(frozen=True, slots=True)
class _Doubts:
    """The worst finding that doubts each fact or claim, and each table of a document."""

    amounts: Mapping[str, str]
    tables: Mapping[tuple[str, str], str]
    contested: Mapping[tuple[str, str], str]
    """The finding that another document has other amounts in a table, though nothing makes either
    the later one."""

    @classmethod
    def read(cls, rows: Rows, contested: Collection[tuple[str, str]]) -> _Doubts:
        undecided: dict[tuple[str, str], str] = {}
        amounts: dict[str, tuple[int, str]] = {}
        tables: dict[tuple[str, str], tuple[int, str]] = {}
        ranks: dict[str, tuple[int, str]] = {}
        for row in rows("findings"):
            if row["verdict"] not in _DOUBTING:
                continue
            rank = (VERDICTS.index(row["verdict"]), row["finding"])
            ranks[row["finding"]] = rank
            for key in filter(None, (row["fact"], row["claim"])):
                amounts[key] = min(amounts.get(key, rank), rank)
            if row["table"]:
                at = (row["document"], row["table"])
                tables[at] = min(tables.get(at, rank), rank)
                if row["rule"] == _UNDECIDED and at in contested:
                    undecided.setdefault(at, row["finding"])
        for row in rows("evidence"):
            if row["role"] == "candidate" and row["finding"] in ranks:
                for key in filter(None, (row["fact"], row["claim"])):
                    amounts.setdefault(key, ranks[row["finding"]])
        return cls(
            {key: finding for key, (_, finding) in amounts.items()},
            {key: finding for key, (_, finding) in tables.items()},
            undecided,
        )

    def of(self, amount: PrintedAmount) -> str | None:
        """The finding that doubts an amount, or the whole table that it is taken from."""
        at = (amount.row["document"], amount.row.get("table", ""))
        return self.amounts.get(amount.key) or self.contested.get(at)


def _shared(budget: Budget, labels: _Labels) -> dict[str, str | None]:
    """What every row says of its budget."""
    return {
        "budget": budget.budget,
        "part_of": budget.part_of,
        "department": budget.department,
        "department_name": labels.departments[budget.department],
        "fiscal_year": budget.fiscal_year,
        "phase": budget.phase,
        "phase_name": labels.of("phases", budget.phase),
    }


def _own(budget: Budget, labels: _Labels) -> dict[str, str | None]:
    phase = (labels.of("phases", budget.phase), "")
    return {
        "title": budget.title
        or message(
            "budget-titled", name=labels.departments[budget.department],
            year=budget.fiscal_year, phase=phase,
        )[0],
        "kind": budget.kind,
        "documents": "|".join(budget.documents),
        "superseded": "|".join(budget.superseded),
    }  # fmt: skip


def _revision(budget: Budget, revision: Revision) -> dict[str, str | None]:
    reason_zh, reason_en = revision.reason
    return {
        "revision": f"{revision.superseded.document}-{revision.by.document}",
        "document": revision.superseded.document,
        "superseded_by": revision.by.document,
        "budget": budget.budget,
        "department": budget.department,
        "fiscal_year": budget.fiscal_year,
        "phase": budget.phase,
        "tables": str(len(revision.tables)),
        "basis": revision.basis,
        "reason_zh": reason_zh,
        "reason_en": reason_en,
    }


def _revised_tables(budget: Budget, revision: Revision) -> Iterator[dict[str, str | None]]:
    shared = _revision(budget, revision)
    for table in revision.tables:
        key = f"{shared['revision']}-{table}"
        yield {
            **shared,
            "table_revision": key,
            "table": table,
            "table_name": catalogue()[table].title,
        }


def _figure(
    budget: Budget,
    figure: ChosenFigure,
    labels: _Labels,
    doubts: _Doubts,
    contested: Mapping[tuple[str, str], Texts],
) -> dict[str, str | None]:
    row, definition = figure.amount.row, figure.definition
    chosen_zh, chosen_en = _chosen(figure, budget.fiscal_year, labels)
    why_zh, why_en = contested.get((row["document"], row.get("table", "")), NOTHING)
    return {
        **_shared(budget, labels),
        "figure": f"{budget.budget}/{figure.code}",
        "document": row["document"],
        "code": figure.code,
        "name": definition.name,
        "name_en": definition.name_en,
        "fund_source": row.get("fund_source"),
        **(
            {"amount": row["amount"]} if definition.measure == "amount"
            else {"quantity": row["value"], "quantity_unit": row["unit"]}
        ),
        "printed": row["printed"],
        "unit": row["unit"] if figure.amount.is_claim else unit_name(int(row["unit"])),
        "page": row["page"],
        "claim" if figure.amount.is_claim else "fact": figure.amount.key,
        "place": str(figure.rank),
        "chosen_zh": chosen_zh + why_zh,
        "chosen_en": chosen_en + why_en,
        "finding": doubts.of(figure.amount),
    }  # fmt: skip


def _chosen(figure: ChosenFigure, year: str, labels: _Labels) -> tuple[str, str]:
    row = figure.amount.row
    if figure.amount.is_claim and row["fiscal_year"] != year:
        return message("figure-of-stock", printed=row["printed"], year=row["fiscal_year"])
    if figure.amount.is_claim:
        return message("figure-of-text", printed=row["printed"])
    return message(
        "figure-of-table",
        printed=labels.printed_title(row),
        title=catalogue()[row["table"]].title_en,
        cell=" / ".join(filter(None, (row["row_label"], row["column_label"]))),
    )


def _breakdown(
    name: str, budget: Budget, taken: Breakdown, labels: _Labels, doubts: _Doubts
) -> Iterator[dict[str, str | None]]:
    """The leaves as rows, then the residual."""
    shared = _shared(budget, labels)
    for leaf in taken.leaves:
        yield {
            **shared,
            name: leaf.key,
            "document": leaf.row["document"],
            "part": "leaf",
            **_dimensions(leaf, labels),
            "label": " / ".join(filter(None, (leaf.row["row_label"], leaf.row["column_label"]))),
            "amount": leaf.row["amount"],
            "fact": leaf.key,
            "finding": doubts.of(leaf),
        }
    yield {
        **shared,
        name: f"{budget.budget}/residual",
        "document": taken.total.amount.row["document"],
        "part": "residual",
        "amount": plain(taken.residual),
        "total": f"{budget.budget}/{taken.total.code}",
        "finding": _explaining(taken, doubts),
    }


def _dimensions(leaf: PrintedAmount, labels: _Labels) -> dict[str, str | None]:
    row, code = leaf.row, function_code(leaf)
    year = row["fiscal_year"]
    return {
        "function_class": code[:_CLASS],
        "function_class_name": labels.of("expenditure-function", f"{year}-{code[:_CLASS]}"),
        "function_code": code,
        "function": row["function"],
        "function_name": labels.of("expenditure-function", row["function"]),
        "expenditure_type": row["expenditure_type"],
        "expenditure_type_name": labels.of("expenditure-types", row["expenditure_type"]),
        "economic_code": row["economic_code"],
        "economic_item": row["economic_item"],
        "economic_name": labels.of("expenditure-economic-department", row["economic_item"]),
        "government_economic_code": row["government_economic_code"],
        "government_economic_item": row["government_economic_item"],
        "project": row["project"],
        "fund_source": row["fund_source"],
        "fund_source_name": labels.of("fund-sources", row["fund_source"]),
    }


def _explaining(taken: Breakdown, doubts: _Doubts) -> str | None:
    """The finding that explains a residual which rounding does not: of the total, of a leaf, or
    of their tables."""
    if abs(taken.residual) <= taken.slack:
        return None
    amounts = [taken.total.amount, *taken.leaves]
    tables = [(each.row["document"], each.row.get("table", "")) for each in amounts]
    found = [doubts.of(each) for each in amounts]
    found += [doubts.tables.get(table) for table in tables]
    return next(filter(None, found), None)
