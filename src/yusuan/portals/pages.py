"""The pages of the static site: the views of the explorer as files, in Chinese and in English.

Links are relative and work from a disk. A page is ``KIND/KEY.html``, its English twin
``KIND/KEY.en.html``. What needs a server, such as any choice of budgets to compare, is not there;
its pages say so.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote

from jinja2 import (
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
    Template,
)
from markupsafe import Markup

from yusuan.database import reading, write_database
from yusuan.explorer.budgets import budget_view
from yusuan.explorer.comparisons import MOST_COMPARED, compare_view
from yusuan.explorer.departments import department_view
from yusuan.explorer.documents import document_view, documents_view, glossary_view
from yusuan.explorer.findings import CURRENT, findings_view
from yusuan.explorer.items import item_view, project_view
from yusuan.explorer.overview import LARGEST_FIRST, departments_view, year_view, years_table
from yusuan.explorer.pages import page_of
from yusuan.explorer.views import (
    Language,
    View,
    ViewCell,
    ViewColumn,
    ViewRow,
    ViewTable,
    languages,
    page_number,
    word,
)
from yusuan.files.atomic import scratch_folder
from yusuan.package import Package
from yusuan.portals.files import PublishedFile
from yusuan.presentation import leading_figures
from yusuan.schema import catalogue, data_path
from yusuan.sql import add_functions

__all__ = [
    "FileAddresses", "PackageRows", "SiteKeys", "StaticPages", "package_rows", "safe_name", "site_views",
]  # fmt: skip

_ON_A_PAGE, _FINDINGS = 200, 50
"""Terms of the glossary on a page, and findings."""
_ALL = 10**9


class PackageRows:
    """The database of a package, with one connection for all pages."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        connection.row_factory = sqlite3.Row
        add_functions(connection)
        self.connection = connection

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[sqlite3.Row]:
        return self.connection.execute(sql, parameters).fetchall()


@contextmanager
def package_rows(package: Package) -> Iterator[PackageRows]:
    """The database of a package, or one made of its rows where it has none.

    Raises YusuanError where what is asked of it within meets another database, or none.
    """
    with scratch_folder() as folder:
        path = package.folder / "budget.db"
        if path.exists():
            path = package.file("budget.db")
        else:
            path = Path(folder, "budget.db")
            write_database(package, path)
        address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        with reading(path, address) as connection:
            yield PackageRows(connection)


_PLAIN = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_RESERVED = re.compile(r"con|prn|aux|nul|(?:com|lpt)[0-9]")
_LONGEST_NAME = 100


@lru_cache(maxsize=1 << 16)
def safe_name(key: str) -> str:
    """A file name for a key that every file system takes, and that two keys do not share.

    >>> safe_name("310107-cai-zheng-ju/2025/approved"), safe_name("301")
    ('310107-cai-zheng-ju-2025-approved', '301')
    >>> safe_name("con"), safe_name("A/b"), len(safe_name("x" * 400))
    ('con-1143da2b', 'a-b-3646f792', 100)
    """
    name = key.replace("/", "-")
    if _PLAIN.fullmatch(name) and len(name) <= _LONGEST_NAME and not _RESERVED.fullmatch(name):
        return name
    digest = hashlib.sha256(key.encode()).hexdigest()[:8]
    plain = re.sub("[^a-z0-9]+", "-", name.lower()).strip("-")
    return f"{plain[: _LONGEST_NAME - 9].rstrip('-')}-{digest}".lstrip("-")


@dataclass(frozen=True, slots=True)
class SiteKeys:
    """What the site has a page of, and on which page other things stand."""

    departments: Mapping[str, int]
    """With the number of their budgets."""
    budgets: Mapping[str, str]
    """Each with its year and phase as a key of ``year_view``."""
    documents: Mapping[str, str | None]
    """Each with the budget it is of, if it counts."""
    tables: Mapping[tuple[str, str], str]
    """Which document prints a table of a budget."""
    projects: frozenset[str]
    items: frozenset[str]
    findings: Mapping[str, str]
    """Each with its document."""
    claims: frozenset[str]
    """Those that the page of a budget lists."""
    verdicts: frozenset[str]
    """Those of findings of what counts."""
    sources: Mapping[str, str]
    """Paths of the documents themselves."""
    lined: frozenset[str]
    """Text documents, whose lines have a page."""

    @classmethod
    def of(cls, data: PackageRows, package: Package, lined: Iterable[str]) -> SiteKeys:
        budgets = data.rows(
            "select budget, department, fiscal_year, phase, part_of, documents from budgets"
        )
        owners = {key: row["budget"] for row in budgets for key in row["documents"].split("|")}
        of_department: dict[str, int] = {
            row["department"]: 0 for row in data.rows("select department from departments")
        }
        for row in budgets:
            of_department[row["department"]] += row["part_of"] is None
        prefix = "source-"
        return cls(
            departments=of_department,
            budgets={row["budget"]: f"{row['fiscal_year']}/{row['phase']}" for row in budgets},
            documents={
                row["document"]: owners.get(row["document"])
                for row in data.rows("select document from documents order by rowid")
            },
            tables={
                (owners[row["document"]], row["table"]): row["document"]
                for row in data.rows('select document, "table" from published_tables order by rowid desc')
                if row["document"] in owners
            },
            projects=frozenset(
                row["project"]
                for row in data.rows(
                    "select project from projects where document not in (select document from revisions)"
                )
            ),
            items=frozenset(_codes(data)),
            findings={
                row["finding"]: row["document"]
                for row in data.rows("select finding, document from findings")
            },
            claims=frozenset(
                row["claim"] for row in data.rows("select claim from claims where measure = 'amount'")
            ),
            verdicts=frozenset(
                row[0] for row in data.rows(f"select distinct verdict from findings f where {CURRENT}")
            ),
            sources={
                resource["name"].removeprefix(prefix): resource["path"]
                for resource in package.descriptor["resources"]
                if resource["name"].startswith(prefix)
            },
            lined=frozenset(lined),
        )  # fmt: skip


def _codes(data: PackageRows) -> set[str]:
    """The codes that budgets of the package use, and those above them, as far as a list has them."""
    used = {
        row[0]
        for row in data.rows(
            "select distinct function_code from spending where function_code is not null union "
            "select distinct economic_code from facts where economic_code is not null"
        )
    }
    used |= {code[:digits] for code in used for digits in (3, 5) if len(code) > digits}
    listed = {
        row[0]
        for row in data.rows(
            "select code from expenditure_function union select code from expenditure_economic_department"
        )
    }
    return used & listed


@dataclass(frozen=True)
class FileAddresses:
    """Addresses relative to a page: ``root`` is the path from it to the folder of the site."""

    root: str
    language: Language
    keys: SiteKeys
    downloads: Mapping[str, Sequence[PublishedFile]] = field(default_factory=dict)

    @property
    def assets(self) -> str:
        return f"{self.root}assets/"

    def file(self, kind: str, key: str | None = None) -> str:
        """The page of a kind and key, or of a kind alone."""
        name = kind if key is None else f"{kind}/{safe_name(key)}"
        return f"{self.root}{name}{'' if self.language == 'zh' else '.en'}.html"

    def page(self, path: str) -> str | None:
        path, _, query = path.partition("?")
        kind, _, key = path.partition("/")
        match kind:
            case "id":
                return self._entity(*key.partition("/")[::2])
            case "department":
                return self.file(kind, key) if key in self.keys.departments else None
            case "budget":
                return self._budget(key, dict(parse_qsl(query)))
            case "item":
                return self.file(kind, key) if key in self.keys.items else None
            case "project":
                return self.file(kind, key) if key in self.keys.projects else None
            case "year":
                return self.file(kind, key)
            case "compare":
                return self._comparison(dict(parse_qsl(query)).get("of", ""))
            case "findings":
                verdict = dict(parse_qsl(query)).get("verdict")
                known = verdict is None or verdict in self.keys.verdicts
                return self._findings(verdict, 1) if known else None
            case "source":
                return self._source(key)
            case "departments":
                return self._ranked(dict(parse_qsl(query)).get("figure"))
            case "" | "documents" | "glossary":
                return self.file(kind or "index")
        return None

    def _entity(self, kind: str, key: str) -> str | None:
        if kind == "document":
            return self.file("documents", key) if key in self.keys.documents else None
        if kind == "finding":
            document = self.keys.findings.get(key)
            return document and f"{self.file('documents', document)}#finding-{quote(key)}"
        document = key.partition("-")[0]
        if kind == "fact":
            return f"{self.file('documents', document)}#{quote(key)}"
        if kind == "claim" and document in self.keys.documents:
            budget = self.keys.documents[document]
            if budget is None:
                return self.file("documents", document)
            page = self.file("budget", budget)
            return f"{page}#{quote(key)}" if key in self.keys.claims else page
        return None

    def _budget(self, key: str, query: Mapping[str, str]) -> str | None:
        if key not in self.keys.budgets:
            return None
        document = self.keys.tables.get((key, query.get("table", "")))
        return (
            f"{self.file('documents', document)}#{query['table']}"
            if document
            else self.file("budget", key)
        )

    def _comparison(self, budgets: str) -> str:
        """The years of a department where it has several, else the departments of the year."""
        first, *others = budgets.split(",")
        if first not in self.keys.budgets:
            return self.file("compare")
        department = first.partition("/")[0]
        alone = all(other.partition("/")[0] == department for other in others)
        if alone and self.keys.departments.get(department, 0) > 1:
            return self.file("compare", department)
        return self.file("year", self.keys.budgets[first])

    def _ranked(self, figure: str | None) -> str:
        """The page of all departments that shows a figure; the first where none is named."""
        return self.file("departments", None if figure == LARGEST_FIRST else figure)

    def _findings(self, verdict: str | None, number: int) -> str:
        key = f"{verdict}-{number}" if number > 1 else verdict
        return self.file("findings", key) if verdict else self.file("findings")

    def _source(self, document: str) -> str | None:
        path = self.keys.sources.get(document)
        return path and self.root + quote(path)

    def printed_at(self, cell: ViewCell) -> str | None:
        if cell.document is None:
            return None
        if cell.document in self.keys.lined and cell.line:
            return f"{self.file('documents', f'{cell.document}-source')}#L{cell.line}"
        source = self._source(cell.document)
        return f"{source}#page={cell.page}" if source and cell.page else source

    def picture(self, fact: str) -> str | None:
        return None

    def evidence(self, finding: str, number: int, document: str) -> str | None:
        return None

    def state(self, view: View, query: Mapping[str, object]) -> str:
        changed = {name: str(value) for name, value in {**view.query, **query}.items()}
        if view.kind == "departments":
            return self._ranked(changed.get("figure"))
        if view.kind == "findings":
            return self._findings(changed.get("verdict"), page_number(changed, "findings"))
        if view.kind == "glossary" and (number := page_number(changed, "glossary")) > 1:
            return self.file(f"glossary-{number}")
        if view.kind == "department" and "budget" in query:
            return f"{self.page('budget/' + changed['budget'])}#composition"
        if view.kind == "budget" and "table" in query:
            return self._budget(view.path.removeprefix("budget/"), changed) or ""
        return self.page(view.path) or ""

    def files(self, view: View, table: ViewTable) -> list[tuple[str, str]]:
        if view.kind != "document":
            return []
        return [
            *((file.format, self.root + file.path) for file in self.downloads.get(table.name, ())),
            *([("JSON-LD", f"{self.root}json/{table.name}.jsonld")] if table.name in catalogue() else []),
        ]  # fmt: skip

    def embedded(self, view: View, table: ViewTable) -> str | None:
        return None


class StaticPages:
    """Writes pages into a folder, each in both languages, and lists them."""

    def __init__(
        self,
        folder: Path,
        keys: SiteKeys,
        about: Mapping[str, Any],
        downloads: Mapping[str, Sequence[PublishedFile]],
    ) -> None:
        self.written: list[str] = []
        self._folder = folder
        self._templates = Environment(
            loader=ChoiceLoader([
                FileSystemLoader(data_path("publish", "static")),
                PrefixLoader({"shared": FileSystemLoader(data_path("publish", "templates"))}),
            ]),
            autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
            keep_trailing_newline=True, auto_reload=False,
        )  # fmt: skip
        self._templates.globals.update(about=about)
        self._layout = self._templates.get_template("base.html.j2")
        self._view = self._templates.get_template("shared/view.html")
        self._addresses = {
            (root, language): FileAddresses(root, language, keys, downloads)
            for root in ("", "../") for language in languages
        }  # fmt: skip
        self._frames: dict[tuple[str, Language], dict[str, Any]] = {
            place: {
                "language": language, "root": root, "assets": addresses.assets,
                "say": partial(_one_of, language), "href": addresses.page, "file": addresses.file,
            }
            for place, addresses in self._addresses.items()
            for root, language in (place,)
        }  # fmt: skip
        for frame in self._frames.values():  # the same on thousands of pages
            for name in ("header", "footer"):
                part = self._templates.get_template(f"{name}.html.j2").render(**frame)
                frame[name] = Markup(part)

    @property
    def addresses(self) -> FileAddresses:
        """Those of a page in the root of the site, in Chinese."""
        return self._addresses["", "zh"]

    def anchors(self, kind: str, view: View) -> dict[str, str]:
        """Where the rows of a page stand that have anchors."""
        page = self.addresses.file(kind)
        rows = view.tables[0].rows
        first = (page_number(view.query, view.tables[0].name) - 1) * _ON_A_PAGE
        return {
            row.anchor: f"{page}#{quote(row.anchor)}"
            for row in rows[first : first + _ON_A_PAGE]
            if row.anchor
        }

    def write_view(self, kind: str, key: str | None, view: View) -> None:
        """The page of a view: ``KIND/KEY.html``, or ``KIND.html`` where it has no key."""
        for language in languages:
            addresses = self._addresses[_root(key), language]
            self._write(kind, key, language, self._view, page=page_of(view, language, addresses))

    def write(
        self,
        kind: str,
        key: str | None,
        template: str,
        own: Callable[[Language, FileAddresses], Mapping[str, object]] | None = None,
        **shown: object,
    ) -> None:
        """A page of a template of its own; ``own`` gives what differs between the languages."""
        for language in languages:
            each = own(language, self._addresses[_root(key), language]) if own else {}
            found = self._templates.get_template(template)
            self._write(kind, key, language, found, **shown, **each)

    def _write(
        self, kind: str, key: str | None, language: Language, template: Template, **shown: object
    ) -> None:
        root = _root(key)
        path = self._addresses["", language].file(kind, key)
        other = self._addresses[root, "en" if language == "zh" else "zh"].file(kind, key)
        text = template.render(
            **self._frames[root, language], layout=self._layout, other=other, **shown
        )
        target = self._folder / path
        target.parent.mkdir(exist_ok=True)
        target.write_text(text, "utf-8")
        self.written.append(path)


def _root(key: str | None) -> str:
    return "" if key is None else "../"


def _one_of(language: Language, zh: object, en: object = "") -> object:
    return zh if language == "zh" else en or zh


def site_views(data: PackageRows, keys: SiteKeys) -> Iterator[tuple[str, str | None, View]]:
    """All views of the site, each with the kind and the key of its page."""
    for figure in leading_figures():
        view = _whole(departments_view(data, "", {"figure": figure}))
        yield "departments", None if figure == LARGEST_FIRST else figure, view
    yield "documents", None, _whole(documents_view(data, "", {}))
    yield "compare", None, _comparisons(data)
    for key in sorted(set(keys.budgets.values())):
        yield "year", key, _whole(year_view(data, key, {}))
    for key, count in keys.departments.items():
        yield "department", key, _whole(department_view(data, key, {}))
        if count > 1:
            yield "compare", key, _years_compared(data, key)
    for key in keys.budgets:
        yield "budget", key, _whole(budget_view(data, key, {}))
    for key in keys.documents:
        yield "documents", key, _whole(document_view(data, key, {}))
    for key in sorted(keys.projects):
        yield "project", key, project_view(data, key, {})
    for key in sorted(keys.items):
        yield "item", key, _whole(item_view(data, key, {}))
    for number, view in _turned(glossary_view(data, "", {})):
        yield "glossary" if number == 1 else f"glossary-{number}", None, view
    verdicts = [choice for group in findings_view(data, "", {}).choices for choice in group.choices]
    for choice in verdicts:
        verdict = choice.query["verdict"]
        for number, view in _turned(
            findings_view(data, "", {**choice.query, "whole": "1"}), _FINDINGS
        ):
            if choice is verdicts[0] and number == 1:
                yield "findings", None, view
            yield "findings", verdict if number == 1 else f"{verdict}-{number}", view
    if not verdicts:
        yield "findings", None, findings_view(data, "", {})


def _whole(view: View) -> View:
    """With all rows of its tables on one page."""
    return replace(view, tables=tuple(replace(table, page_rows=_ALL) for table in view.tables))


def _turned(view: View, most: int = _ON_A_PAGE) -> Iterator[tuple[int, View]]:
    """The pages of a view of one table, from 1."""
    table = replace(view.tables[0], page_rows=most)
    for number in range(1, max(1, -(-len(table.rows) // most)) + 1):
        query = {**view.query, f"page-{table.name}": str(number)}
        yield number, replace(view, tables=(table,), query=query)


def _comparisons(data: PackageRows) -> View:
    """What can be compared: the departments of a year, the years of a department."""
    found = data.rows(
        "select department, department_name, count(*) as budgets, min(fiscal_year) as first, "
        "max(fiscal_year) as last, max(budget) as budget from budgets where part_of is null "
        "group by department having count(*) > 1 order by department_name"
    )
    rows = [
        ViewRow((
            ViewCell(row["department_name"], f"compare?of={row['budget']}"),
            ViewCell(row["first"]), ViewCell(row["last"]), ViewCell(row["budgets"]),
        ))
        for row in found
    ]  # fmt: skip
    columns = (
        ViewColumn("department", word("department")),
        ViewColumn("first", word("first-year"), "year"), ViewColumn("last", word("last-year"), "year"),
        ViewColumn("budgets", word("budget-count"), "number"),
    )  # fmt: skip
    years = replace(years_table(data), titles=word("departments-of-year"))
    return View(
        "compare", "compare", {}, word("compare"),
        tables=(
            years,
            *([ViewTable("departments", word("years-of-department"), columns, tuple(rows), page_rows=_ALL)] if rows else []),
        ),
        crumbs=((word("home"), ""),), notes=(word("static-compare", most=MOST_COMPARED),),
    )  # fmt: skip


def _years_compared(data: PackageRows, department: str) -> View:
    """The latest budgets of a department beside each other."""
    budgets = data.rows(
        "select budget, department_name, fiscal_year, phase from budgets where department = ? "
        "and part_of is null order by fiscal_year desc, phase desc limit ?",
        [department, MOST_COMPARED],
    )[::-1]
    view = compare_view(data, "", {"of": ",".join(row["budget"] for row in budgets)})
    name, (zh, en) = budgets[0]["department_name"], word("compare")
    return replace(
        view,
        titles=(f"{name} {zh}", f"{name} {en}"),
        facts=(), form=None, notes=(word("static-compare", most=MOST_COMPARED),),
        links=tuple((titles, f"budget/{row['budget']}") for (titles, _), row in zip(view.facts, budgets, strict=True)),
        tables=tuple(table for table in view.tables if table.name != "offered"),
        crumbs=((word("home"), ""), (word("compare"), "compare"), ((name, name), f"department/{department}")),
    )  # fmt: skip
