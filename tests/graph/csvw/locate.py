"""Which metadata a table has, and the tables that they describe.

https://www.w3.org/TR/tabular-data-model/#locating-metadata
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from tests.graph.csvw import names
from tests.graph.csvw.metadata import normalised
from tests.graph.csvw.names import MetadataError, load, load_json
from tests.graph.csvw.tables import Parsed, parsed


@dataclass
class Table:
    """A table with what is told of it. ``skipped`` columns of the file are not in it."""

    url: str
    told: dict[str, Any]
    parsed: Parsed
    columns: list[dict[str, Any]]
    own_schema: bool
    skipped: int


def located(
    action: str, user: str | None = None, link: str | None = None
) -> tuple[dict[str, Any], list[Table]]:
    """The table group of a CSV or metadata file, by the order of the standard.

    Raises MetadataError for what a processor must refuse.
    """
    if action.endswith(".json"):
        return _group(normalised(load_json(action), action), action)
    candidates = [user] if user else []
    if link and (found := re.search(r"<([^>]*)>;\s*rel=\"?describedby", link)):
        candidates.append(urljoin(action, found[1]))
    candidates += [urljoin(action, "csv-metadata.json"), urljoin(action, "csvm.json")]
    if "?" not in action:  # what is appended to a query names no file
        candidates[-2:-2] = [action + "-metadata.json", action + ".json"]
    for url in candidates:
        if load(url) is None:
            continue
        group = normalised(load_json(url), url)
        if url == user or any(table["url"] == action for table in group["tables"]):
            return _group(group, url)
    group = {"tables": [{"url": action}], "language": None, "from_table": True}
    return _group(group, action)


def _group(group: dict[str, Any], base: str) -> tuple[dict[str, Any], list[Table]]:
    group["base"] = base
    tables = [_table(group, told) for told in group["tables"]]
    _check_keys(group, tables)
    return group, tables


def _table(group: dict[str, Any], told: dict[str, Any]) -> Table:
    content = load(told["url"])
    if content is None:
        raise MetadataError(f"{told['url']}: not there")
    own_schema = "tableSchema" in told
    if not own_schema and "tableSchema" in group:
        told = {**told, "tableSchema": group["tableSchema"]}
    dialect = told.get("dialect", group.get("dialect", {}))
    read = parsed(content, dialect)
    columns = list(told.get("tableSchema", {}).get("columns", []))
    width = max([len(cells) for _, cells in read.rows] + [len(head) for head in read.header] or [0])
    printed = [column for column in columns if not column.get("virtual")]
    if not printed and "columns" not in told.get("tableSchema", {}):
        virtual = [column for column in columns if column.get("virtual")]
        columns = [_embedded(read, place) for place in range(width)] + virtual
    elif len(printed) < width:
        place = len(printed)
        columns[place:place] = [
            {"name": f"_col.{number + 1}"} for number in range(place, width)
        ]  # fmt: skip
    skipped = dialect.get("skipColumns", 0)
    return Table(told["url"], told, read, columns, own_schema, skipped)


def _embedded(read: Parsed, place: int) -> dict[str, Any]:
    titles = [head[place] for head in read.header if place < len(head) and head[place]]
    return {"name": names.column_name(titles[0]) if titles else f"_col.{place + 1}"}


def _check_keys(group: dict[str, Any], tables: list[Table]) -> None:
    """References must be to columns of tables that there are."""
    by_url = {table.url: table for table in tables}
    by_schema = {table.told.get("tableSchema", {}).get("@id"): table for table in tables}
    for table in tables:
        own = _named(table)
        for key in table.told.get("tableSchema", {}).get("foreignKeys", []):
            target = by_url.get(key["target"].get("resource")) or by_schema.get(
                key["target"].get("schemaReference", "")
            )
            if not own.issuperset(key["columns"]):
                raise MetadataError(f"foreign key of {key['columns']}, which {table.url} lacks")
            if target is None or not _named(target).issuperset(key["to"]):
                raise MetadataError(f"foreign key to {key['target']}, which is not there")


def _named(table: Table) -> set[str]:
    """The columns that references may be made to: those that metadata give a name."""
    return {column["name"] for column in table.columns if column.get("named")}
