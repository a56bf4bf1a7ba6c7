"""The search of the static site: entries in blocks, and the words that lead to blocks.

A page on a disk cannot fetch, but it can add scripts. So the index is scripts, each with JSON that
is deflated and in base 64: ``about.js`` (documents, groups), ``words.js`` (which blocks have a pair of
characters, or a code) and ``block-N.js`` (entries, those of like labels together). The script of the
page (``search.js``) loads the blocks that have all pairs of a word, and looks in them exactly: what
it finds is what the served site finds.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from yusuan.database.search import (
    LONGEST_QUERY,
    SearchEntry,
    SearchGroup,
    code_token,
    normal_pairs,
    search_entries,
    search_groups,
)
from yusuan.portals.pages import FileAddresses, PackageRows
from yusuan.schema import catalogue

__all__ = ["write_search_files"]

_IN_A_BLOCK = 1_500
_LEVEL = 7


def write_search_files(
    folder: Path, data: PackageRows, addresses: FileAddresses, glossary: Mapping[str, str]
) -> None:
    """Write the index into an empty folder. ``addresses`` are those of a page in the root of the site
    in Chinese; ``glossary`` tells on which page an entry of the glossary stands."""
    documents = [
        row["document"] for row in data.rows("select document from documents order by rowid")
    ]
    places = {document: number for number, document in enumerate(documents)}
    words: dict[str, list[int]] = defaultdict(list)
    numbers: list[list[int]] = []
    count = 0
    for group in search_groups():
        entries = enumerate(search_entries(data.connection, group))
        # Those of like labels are in few blocks, and deflate well.
        ordered = sorted(entries, key=lambda each: (each[1].texts[:1], each[0]))
        own = []
        for begin in range(0, len(ordered), _IN_A_BLOCK):
            block = ordered[begin : begin + _IN_A_BLOCK]
            for token in _tokens(entry for _, entry in block):
                words[token].append(count)
            values = _columns(group, block, places, addresses, glossary)
            _write(folder, f"block-{count}", values)
            own.append(count)
            count += 1
        numbers.append(own)
    _write(folder, "words", {token: words[token] for token in sorted(words)})
    _write(folder, "about", _about(data, addresses, numbers))


def _tokens(entries: Iterable[SearchEntry]) -> set[str]:
    texts, codes = set[str](), set[str]()
    for entry in entries:
        texts.update(entry.texts)
        codes.update(entry.codes)
        if entry.initials:
            texts.add(entry.initials)
    found = set[str]().union(*map(normal_pairs, texts))
    return found | set(map(code_token, codes))


def _columns(
    group: SearchGroup,
    block: Iterable[tuple[int, SearchEntry]],
    places: Mapping[str, int],
    addresses: FileAddresses,
    glossary: Mapping[str, str],
) -> dict[str, Any]:
    """The entries column by column. Keys that begin with that of their document go without it; those
    whose page is not found by their key have it as ``href``."""
    columns: dict[str, list[Any]] = defaultdict(list)
    for order, entry in block:
        document, key = entry.document, entry.key
        columns["order"].append(order)
        columns["document"].append(-1 if document is None else places[document])
        columns["key"].append(key.removeprefix(f"{document}-") if document else key)
        columns["texts"].append(list(entry.texts))
        if group.codes:
            columns["codes"].append(list(entry.codes))
        if group.initials:
            columns["initials"].append(entry.initials)
        if group.amount:
            columns["amount"].append(entry.amount)
        if group.has("table"):
            columns["table"].append(entry.table)
        if group.has("page"):
            columns["page"].append(entry.page)
        match group.resource.name:
            case "departments":
                columns["href"].append(addresses.page(f"department/{key}"))
            case "projects":
                columns["href"].append(addresses.page(f"project/{key}"))
            case "claims":
                columns["href"].append(addresses.page(f"id/claim/{key}"))
            case "glossary":
                columns["href"].append(glossary[key])
    return columns


def _about(
    data: PackageRows, addresses: FileAddresses, numbers: Iterable[list[int]]
) -> dict[str, Any]:
    """What hits are told by: documents with their department, year and phase; names of phases and
    tables; groups with their blocks."""
    return {
        "longest": LONGEST_QUERY,
        "documents": [
            [row["document"], row["name"], row["fiscal_year"], row["phase"]]
            for row in data.rows(
                "select d.document, n.name, d.fiscal_year, d.phase from documents d "
                "join departments n on n.department = d.department order by d.rowid"
            )
        ],
        "phases": {row["code"]: [row["name"], row["name_en"]] for row in catalogue()["phases"].rows},
        "tables": {table.name: [table.title, table.title_en] for table in catalogue().tables},
        "groups": [
            {
                "name": group.resource.name, "titles": [group.title, group.title_en],
                "amounts": group.amount is not None, "blocks": own,
            }
            for group, own in zip(search_groups(), numbers, strict=True)
        ],
    }  # fmt: skip


def _write(folder: Path, name: str, values: Mapping[str, Any]) -> None:
    written = json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()
    packed = base64.b64encode(zlib.compress(written, _LEVEL)).decode("ascii")
    (folder / f"{name}.js").write_text(f'searched("{name}","{packed}")\n', "ascii")
