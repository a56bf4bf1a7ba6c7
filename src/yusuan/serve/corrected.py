"""What the site says of signed corrections: on the page of a row, and of the SQL views."""

from __future__ import annotations

from sqlite3 import Row

from yusuan.database.sqlite import CorrectedView, corrected_views
from yusuan.schema import catalogue
from yusuan.schema.messages import message
from yusuan.serve.site import Site

__all__ = ["corrections_of", "view_named", "view_title"]


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
