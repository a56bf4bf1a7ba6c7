"""What the pages show of each budget and document: figures, projects, findings, the standard tables as
published, row by row, and source lines.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from yusuan.facts.revisions import Superseded
from yusuan.lexicon.units import unit_name
from yusuan.model.findings import VERDICTS
from yusuan.package import Package
from yusuan.portals.about import PackageDescription
from yusuan.portals.profile import profile
from yusuan.presentation import document_name, leading_figures, money
from yusuan.schema import Field, Resource, catalogue

__all__ = [
    "BudgetView",
    "DocumentView",
    "budget_views",
    "document_views",
    "largest_first",
    "worst_first",
]

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PrintedCell:
    """One cell; for an amount also the id of its fact and where the printed grid has it."""

    text: str
    numeric: bool
    fact: str
    address: str


@dataclass(frozen=True, slots=True)
class PrintedRow:
    anchor: str
    row_type: str
    values: tuple[PrintedCell, ...]
    page: str
    line: str

    @property
    def addresses(self) -> tuple[str, ...]:
        return tuple(value.address for value in self.values if value.address)


@dataclass(frozen=True, slots=True)
class PrintedSide:
    """Rows under one side of a table printed as two; the only group has no title."""

    title: str
    title_en: str
    lines: tuple[PrintedRow, ...]


@dataclass(frozen=True, slots=True)
class TableView:
    """``blank`` are the columns in which the document prints nothing, or which it does not have;
    they are named below the table instead of shown."""

    resource: Resource
    title: str
    """The title it is printed under, else that of the standard table."""
    columns: tuple[Field, ...]
    blank: tuple[Field, ...]
    units: tuple[str, ...]
    groups: tuple[PrintedSide, ...]

    @property
    def count(self) -> int:
        return sum(len(group.lines) for group in self.groups)


def table_view(
    resource: Resource,
    rows: Sequence[Row],
    addresses: Mapping[str, str],
    directions: Sequence[Row],
    title: str = "",
) -> TableView:
    """Arrange a document's rows of a standard table.

    ``addresses`` maps the id of a fact (row id and column, hyphenated) to its
    cell; ``directions``
    are the rows of that code list and give the sides their order and names.
    """
    own = [field for field in resource.fields if field.role]
    shown = [field for field in own if any(row[field.name] for row in rows)]
    units = dict.fromkeys(unit_name(int(row["unit"])) for row in rows)
    return TableView(
        resource=resource,
        title=title or resource.title,
        columns=tuple(shown),
        blank=tuple(field for field in own if field not in shown) if rows else (),
        units=tuple(units),
        groups=tuple(
            PrintedSide(title, title_en, tuple(_line(row, shown, addresses) for row in part))
            for title, title_en, part in _parts(resource, rows, directions)
            if part
        ),
    )


def _parts(
    resource: Resource, rows: Sequence[Row], directions: Sequence[Row]
) -> list[tuple[str, str, list[Row]]]:
    if not resource.sides:
        return [("", "", list(rows))]
    return [
        (side["name"], side["name_en"], [row for row in rows if row["direction"] == side["code"]])
        for side in directions
    ]


def _line(row: Row, fields: Sequence[Field], addresses: Mapping[str, str]) -> PrintedRow:
    return PrintedRow(
        anchor=row["row"],
        row_type=row["row_type"],
        values=tuple(_value(row, field, addresses) for field in fields),
        page=row["page"],
        line=row["line"],
    )


def _value(row: Row, field: Field, addresses: Mapping[str, str]) -> PrintedCell:
    fact = f"{row['row']}-{field.name.replace('_', '-')}"
    return PrintedCell(row[field.name], field.role == "amount", fact, addresses.get(fact, ""))


@dataclass(frozen=True, slots=True)
class SiteFigure:
    """A headline figure as its document prints it; ``yuan`` is exact. A figure that only a sentence
    states is printed with its own unit, and ``unit`` is blank."""

    code: str
    title: str
    title_en: str
    printed: str
    unit: str
    yuan: str
    source: Row
    parts: tuple[SiteFigure, ...] = ()

    @property
    def key(self) -> str:
        """The fact or claim it is."""
        return self.source.get("fact") or self.source["claim"]


@dataclass(frozen=True, slots=True)
class BudgetView:
    """A budget of the package with the headline figures that pages lead with."""

    record: Row
    documents: tuple[str, ...]
    figures: tuple[SiteFigure, ...]


@dataclass(frozen=True, slots=True)
class DocumentView:
    """One disclosure. ``lines`` are those of a text source, empty for any other kind; ``old`` says
    which documents supersede it, or tables of it."""

    record: Row
    department: Row
    phase: str
    source: str
    lines: tuple[str, ...]
    figures: tuple[SiteFigure, ...]
    projects: tuple[Row, ...]
    findings: tuple[Row, ...]
    tables: tuple[TableView, ...]
    facts: int
    old: Superseded

    @property
    def id(self) -> str:
        return self.record["document"]

    @property
    def title(self) -> str:
        return self.record["title"] or self.record["file"]

    @property
    def name(self) -> str:
        """Its title with the name of its file, for a reissue has the title of what it replaces."""
        return document_name(self.record["title"], self.record["file"])

    @property
    def whose(self) -> str:
        """Whose budget it is, of which year and phase."""
        return f"{self.department['name']} {self.record['fiscal_year']} {self.phase}"

    @property
    def newer(self) -> tuple[str, ...]:
        """The ids of the documents that supersede it."""
        return self.old.by(self.id)

    def newer_of(self, table: str) -> tuple[str, ...]:
        """The ids of the documents that supersede a table of it, where the others count."""
        return () if self.newer else self.old.by(self.id, table)

    @property
    def counting(self) -> list[Row]:
        """The findings of what counts."""
        return [row for row in self.findings if not self.old.by(self.id, row["table"])]

    @property
    def page(self) -> str:
        """Path of its page from the root of the site."""
        return f"documents/{self.id}.html"

    @property
    def flagged(self) -> dict[str, Row]:
        """Fact or claim → the worst finding listed about it; rounding and notes flag nothing."""
        listed = self.findings[: profile("static")["findings"]]
        return {
            row["fact"] or row["claim"]: row
            for row in reversed(listed)
            if (row["fact"] or row["claim"]) and row["verdict"] in ("error", "warning")
        }

    def place(self, page: str, line: str) -> str:
        """Link to a place of the source, from the root of the site."""
        if self.lines and line:
            return f"documents/{self.id}-source.html#L{line}"
        return f"{self.source}#page={page}" if page else self.source


def budget_views(package: Package) -> list[BudgetView]:
    """The budgets in the package's order, those that are part of another one among them."""
    names = [row["code"] for row in package.rows("headline-figures")]
    parents = {row["code"]: row["parent"] for row in package.rows("headline-figures")}
    figures: dict[str, dict[str, Row]] = defaultdict(dict)
    for row in package.rows("figures"):
        figures[row["budget"]][row["code"]] = row
    wanted = {
        row[kind] for of in figures.values() for row in of.values() for kind in ("fact", "claim")
    }
    sources = {
        row[kind]: row for kind in ("fact", "claim")
        for row in package.rows(f"{kind}s") if row[kind] in wanted
    }  # fmt: skip

    def figure(code: str, found: Mapping[str, Row]) -> SiteFigure:
        row = found[code]
        source = sources[row["fact"] or row["claim"]]
        parts = [name for name in names if parents[name] == code and name in found]
        return SiteFigure(
            code, row["name"], row["name_en"], source["printed"],
            unit_name(int(source["unit"])) if row["fact"] else "", money(row["amount"]), source,
            tuple(figure(name, found) for name in parts),
        )  # fmt: skip

    return [
        BudgetView(
            row, tuple(row["documents"].split("|")),
            tuple(figure(code, figures[row["budget"]]) for code in leading_figures()
                  if code in figures[row["budget"]]),
        )
        for row in package.rows("budgets")
    ]  # fmt: skip


def document_views(
    package: Package, about: PackageDescription, budgets: Sequence[BudgetView]
) -> Iterator[DocumentView]:
    """The documents in the package's order, each with the figures of its budget that it prints."""
    figures = [figure for budget in budgets for figure in budget.figures]
    sources = _sources(package)
    departments = {row["department"]: row for row in about.departments}
    phases = dict(zip(about.phases, about.phase_names, strict=True))
    directions = list(package.rows("directions"))
    facts, projects, findings = (
        _by_document(package, name) for name in ("facts", "projects", "findings")
    )
    tables = {table.name: _by_document(package, table.name) for table in catalogue().tables}
    printed = _by_document(package, "published-tables")
    old = Superseded.of(package.rows)
    for record in about.documents:
        id_ = record["document"]
        addresses = {row["fact"]: row["cell"] for row in facts[id_]}
        titles = {row["table"]: row["title"] for row in reversed(printed[id_])}
        views = (
            table_view(
                table, tables[table.name][id_], addresses, directions, titles.get(table.name, "")
            )
            for table in catalogue().tables
        )
        yield DocumentView(
            record=record,
            department=departments[record["department"]],
            phase=phases[record["phase"]],
            source=sources[id_],
            lines=_lines(package, record, sources[id_]),
            figures=tuple(each for each in figures if each.source["document"] == id_),
            projects=tuple(largest_first(projects[id_])),
            findings=tuple(worst_first(findings[id_])),
            tables=tuple(view for view in views if view.count),
            facts=len(facts[id_]),
            old=old,
        )  # fmt: skip


def worst_first(findings: list[Row]) -> list[Row]:
    """Findings worst first, then in the order of the package."""
    order: dict[str, int] = {verdict: rank for rank, verdict in enumerate(VERDICTS)}
    return sorted(findings, key=lambda row: order.get(row["verdict"], len(order)))


def largest_first(projects: list[Row]) -> list[Row]:
    """Projects by amount; those without one are left out."""
    printed = [row for row in projects if row["amount"]]
    return sorted(printed, key=lambda row: Decimal(row["amount"]), reverse=True)


def _by_document(package: Package, name: str) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in package.rows(name):
        groups[row["document"]].append(row)
    return groups


def _sources(package: Package) -> dict[str, str]:
    """Document id → path of its source, as the descriptor names them."""
    prefix = "source-"
    return {
        resource["name"].removeprefix(prefix): resource["path"]
        for resource in package.descriptor["resources"]
        if resource["name"].startswith(prefix)
    }


def _lines(package: Package, record: Row, source: str) -> tuple[str, ...]:
    """The lines of a text source, counted as the package counts them; else nothing."""
    if not record["media_type"].startswith("text/") or not record["lines"]:
        return ()
    content = package.file(source).read_bytes()
    text = content.decode(record["encoding"] or "utf-8", "replace").removeprefix("\ufeff")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n").split("\n")
    # Links to the wrong line would be worse than no links.
    return tuple(lines) if len(lines) == int(record["lines"]) else ()
