"""A second, small csv2rdf for checking the first: it knows the standards, not yusuan.

Minimal mode of https://www.w3.org/TR/csv2rdf/ over the metadata and the CSV files alone, for
the part of the vocabulary that occurs. It is written for being obvious, not for speed.
"""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pyoxigraph as ox

XSD = "http://www.w3.org/2001/XMLSchema#"
UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
RESERVED = frozenset(b":/?#[]@!$&'()*+,;=")
Cells = dict[str, str | None]


def convert(folder: Path) -> dict[str, set[ox.Triple]]:
    """The triples of every table of a package, by the table's URL."""
    group = json.loads((folder / "csv-metadata.json").read_text("utf-8"))
    return {table["url"]: _table(table, group, folder) for table in group["tables"]}


def _table(table: dict[str, Any], group: dict[str, Any], folder: Path) -> set[ox.Triple]:
    schema = table["tableSchema"]
    printed = [column for column in schema["columns"] if not column.get("virtual")]
    virtual = [column for column in schema["columns"] if column.get("virtual")]
    triples = set()
    with (folder / table["url"]).open(encoding="utf-8", newline="") as stream:
        header, *rows = csv.reader(stream)
    assert header == [column["titles"]["und"] for column in printed]
    for row in rows:
        cells: Cells = {}
        for column, text in zip(printed, row, strict=True):
            null = _inherited("null", column, schema, table, group, default="")
            cells[column["name"]] = None if text == null else text
            assert text != null or not column.get("required"), (table["url"], column["name"])
        for column in (*printed, *virtual):

            def say(name: str, column: dict[str, Any] = column) -> Any:
                return _inherited(name, column, schema, table, group, default=None)

            if say("suppressOutput"):
                continue
            subject = ox.NamedNode(_url(say("aboutUrl"), cells, table))
            predicate = ox.NamedNode(_url(say("propertyUrl"), cells, table))
            for value in _values(column, say, cells, table):
                triples.add(ox.Triple(subject, predicate, value))
    return triples


def _values(
    column: dict[str, Any], say: Any, cells: Cells, table: dict[str, Any]
) -> list[ox.NamedNode | ox.Literal]:
    text = cells.get(column["name"])
    if text is None and not column.get("virtual"):
        return []
    if say("valueUrl"):
        return [ox.NamedNode(_url(say("valueUrl"), cells, table))]
    assert text is not None
    parts = text.split(say("separator")) if say("separator") else [text]
    return [_literal(part, say("datatype") or "string", say("lang")) for part in parts]


def _literal(text: str, datatype: str | dict[str, str], lang: str | None) -> ox.Literal:
    if isinstance(datatype, dict):
        return ox.Literal(text, datatype=ox.NamedNode(datatype["@id"]))
    if datatype != "string":
        return ox.Literal(text, datatype=ox.NamedNode(XSD + datatype))
    return ox.Literal(text, language=lang) if lang else ox.Literal(text)


def _inherited(name: str, *levels: dict[str, Any], default: Any) -> Any:
    return next((level[name] for level in levels if name in level), default)


def _url(template: str, cells: Cells, table: dict[str, Any]) -> str:
    """RFC 6570, {name} and {+name}; a null expands to nothing, as the standard has it."""

    def expanded(match: re.Match[str]) -> str:
        octets = (cells[match[2]] or "").encode("utf-8")
        kept = UNRESERVED | RESERVED if match[1] else UNRESERVED
        return "".join(chr(o) if o in kept else f"%{o:02X}" for o in octets)

    return urljoin(f"file:///{table['url']}", re.sub(r"\{(\+?)(\w+)\}", expanded, template))
