"""What the site says beside what is published: signed corrections, on the page of a row and of the SQL
views; and which document was superseded by which, so that its rows are not taken for what holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from sqlite3 import Row

from yusuan.database.sqlite import CorrectedView, corrected_views
from yusuan.facts.revisions import Superseded
from yusuan.presentation import document_name
from yusuan.schema import catalogue
from yusuan.schema.messages import message
from yusuan.serve.display import resource_of
from yusuan.serve.site import Site

__all__ = [
    "NewerDocument", "corrections_of", "document_names", "is_superseded", "newer_documents", "newer_than",
    "revised_tables", "superseded", "view_named", "view_title",
]  # fmt: skip


def corrections_of(site: Site, table: str, key: str) -> list[Row]:
    """The corrections of a row of an SQLite table: one, or none."""
    return [
        row
        for resource in catalogue().resources
        for each in resource.corrects
        if (target := resource.key_of(each.by)) and catalogue()[target.resource].sql_name == table
        for row in site.rows(f'SELECT * FROM "{resource.sql_name}" WHERE "{each.by}" = ?', [key])
    ]


def view_named(name: str) -> CorrectedView | None:
    """The view with corrections applied that has this name, if it is one."""
    return next((view for view in corrected_views() if view.name == name), None)


def view_title(name: str) -> tuple[str, str]:
    """Title of a view in Chinese and English; of one that is not ours, its name."""
    view = view_named(name)
    if view is None:
        return name, ""
    return message("view-corrected", title=(view.resource.title, view.resource.title_en))


@dataclass(frozen=True, slots=True)
class NewerDocument:
    """A document that prints the tables of another one anew."""

    document: str
    name: str


@lru_cache(maxsize=4)
def superseded(site: Site) -> Superseded:
    """The documents, and single tables of others, that do not count."""

    def rows(name: str) -> list[dict[str, str]]:
        table = catalogue()[name].sql_name
        return [dict(row) for row in site.rows(f'select * from "{table}" order by rowid')]

    return Superseded.of(rows)


def revised_tables(site: Site, table: str | None = None) -> int:
    """How many tables other documents print anew of documents that are not superseded as a whole:
    in all, or of those whose rows an SQLite table lists."""
    old = superseded(site)
    found = {at for at in old.tables if at[0] not in old.documents}
    if table is None:
        return len(found)
    resource = resource_of(table)
    if resource is None or "table" in {each.name for each in resource.fields}:
        return len(found)
    return sum(name == resource.name for _, name in found)


@lru_cache(maxsize=4)
def document_names(site: Site) -> Mapping[str, str]:
    """What each document is called, by its key; that of a superseded one says so."""
    old, mark = superseded(site), message("superseded")[0]
    names = {}
    for row in site.rows("select document, title, file from documents"):
        name = document_name(row["title"], row["file"])
        names[row["document"]] = f"{name} {mark}" if row["document"] in old.documents else name
    return names


def is_superseded(site: Site, key: str) -> bool:
    """Whether what a key is of, such as a fact, stands in a superseded document or table."""
    old = superseded(site)
    tables = tuple(f"{document}-{table}-" for document, table in old.tables)
    return key[:12] in old.documents or key.startswith(tables)


def newer_documents(site: Site, table: str, key: str) -> tuple[NewerDocument, ...]:
    """The documents that supersede the one, or the table of it, which a row of an SQLite table is of;
    mostly none."""
    resource = resource_of(table)
    columns = {each.name for each in resource.fields} if resource else set()
    if resource is None or "document" not in columns or "superseded_by" in columns:
        return ()  # a revision is about both documents
    rows = site.rows(f'select * from "{table}" where "{resource.primary_key}" = ?', [key])
    if not rows:
        return ()
    name = rows[0]["table"] if "table" in columns else resource.name
    return newer_than(site, rows[0]["document"], name)


def newer_than(site: Site, document: str, table: str | None) -> tuple[NewerDocument, ...]:
    """The documents that supersede one, or a table of it; mostly none."""
    names = document_names(site)
    return tuple(NewerDocument(each, names[each]) for each in superseded(site).by(document, table))
