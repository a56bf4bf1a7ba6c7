"""What the site says beside what is published: signed corrections, on the page of a row and of the SQL
views; and which document was superseded by which, so that its rows are not taken for what holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from sqlite3 import Row

from yusuan.database.sqlite import CorrectedView, corrected_views
from yusuan.presentation import document_name
from yusuan.schema import catalogue
from yusuan.schema.messages import message
from yusuan.serve.site import Site

__all__ = [
    "NewerDocument", "corrections_of", "document_names", "newer_documents", "revised_tables", "superseded", "view_named",
    "view_title",
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
def superseded(site: Site) -> Mapping[str, tuple[NewerDocument, ...]]:
    """The superseded documents of a package, each with those that supersede it."""
    found: dict[str, tuple[NewerDocument, ...]] = {}
    for row in site.rows(
        "select r.document, d.document as newer, d.title, d.file from revisions r "
        "join documents d on d.document = r.superseded_by order by r.document, d.document"
    ):
        newer = NewerDocument(row["newer"], document_name(row["title"], row["file"]))
        found[row["document"]] = (*found.get(row["document"], ()), newer)
    return found


def revised_tables(site: Site) -> int:
    """How many tables other documents print anew of documents that are not superseded as a whole."""
    (row,) = site.rows(
        "select count(distinct document || ' ' || \"table\") from table_revisions "
        "where document not in (select document from revisions)"
    )
    return int(row[0])


@lru_cache(maxsize=4)
def document_names(site: Site) -> Mapping[str, str]:
    """What each document is called, by its key; that of a superseded one says so."""
    old, mark = superseded(site), message("superseded")[0]
    names = {}
    for row in site.rows("select document, title, file from documents"):
        name = document_name(row["title"], row["file"])
        names[row["document"]] = f"{name} {mark}" if row["document"] in old else name
    return names


def newer_documents(site: Site, table: str, key: str) -> tuple[NewerDocument, ...]:
    """The documents that supersede the one which a row of an SQLite table is of; mostly none."""
    known = superseded(site)
    resource = next((each for each in catalogue().resources if each.sql_name == table), None)
    columns = {each.name for each in resource.fields} if resource else set()
    if not known or resource is None or "document" not in columns:
        return ()
    if "superseded_by" in columns:
        return ()  # a revision is about both documents
    rows = site.rows(f'select document from "{table}" where "{resource.primary_key}" = ?', [key])
    return known.get(rows[0]["document"], ()) if rows else ()
