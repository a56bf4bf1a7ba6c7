"""``yusuan codes show``."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import click

from yusuan.codes import CodeList, CodeMatch, code_list, list_names
from yusuan.codes.card import card
from yusuan.codes.names import shared_start
from yusuan.codes.words import word_lists
from yusuan.model.errors import YusuanError
from yusuan.model.text import counted, normal
from yusuan.package import open_package
from yusuan.schema import catalogue

__all__ = ["show"]

_COLUMNS = {
    "expenditure-function": "functional_code",
    "expenditure-economic-department": "economic_code",
    "expenditure-economic-government": "government_economic_code",
}
"""The column of the facts that holds the codes of a classification."""
_CLASS = 3
"""Digits of the shortest code of the Ministry's lists."""


@click.command()
@click.argument("wanted", metavar="CODE|NAME")
@click.option("--year", type=click.IntRange(1900, 2999),
              help="The year asked about; otherwise the last one known.")  # fmt: skip
@click.option("--list", "list_name", metavar="LIST",
              help="The list to look in; otherwise all of them.")  # fmt: skip
@click.option("--package", "folder", metavar="DIR", type=click.Path(path_type=Path),
              help="A package in which to count where the code appears.")  # fmt: skip
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text",
              show_default=True, help="How to print it.")  # fmt: skip
def show(
    wanted: str, year: int | None, list_name: str | None, folder: Path | None, form: str
) -> None:
    """Everything the lists know of a code, or of the codes that have a name.

    Name, path, valid years, names over the years, predecessors and successors, who attests
    it, and the COFOG class by our own correspondence. A name matches whatever its brackets
    and blanks. Exit status 2 when no list has it, with what is nearest.

    \b
    Example:
      yusuan codes show 2080505 --year 2022
      yusuan codes show 住房公积金 --list expenditure-function --format json
    """
    if not wanted.strip():
        raise YusuanError("no code or name given; expected one, such as 2080505 or 住房公积金")
    lists = [code_list(name) for name in ([list_name] if list_name else list_names())]
    cards = [card(known, code, year) for known in lists for code in _codes(known, wanted, year)]
    if not cards:
        raise YusuanError(_unknown(wanted, year, lists))
    if folder is not None:
        rows = list(open_package(folder).rows("facts"))
        for item in cards:
            if column := _column(item["list"]):
                item["appears"] = _appears(rows, column, item["code"])
    if form == "json":
        click.echo(json.dumps(cards, ensure_ascii=False, indent=2))
        return
    for number, item in enumerate(cards):
        if number:
            click.echo()
        for line in _lines(item):
            click.echo(line)


def _codes(known: CodeList, wanted: str, year: int | None) -> list[str]:
    """The code as it is, or as documents print it (２０８ ０５ ０５), or the codes of a name."""
    for code in (wanted, normal(wanted)):
        if code in known.by_code:
            return [code]
    return [match.entry.code for match in known.named(wanted, year or 9999)]


def _unknown(wanted: str, year: int | None, lists: list[CodeList]) -> str:
    at, text = year or 9999, normal(wanted)
    near = [(match, known) for known in lists for match in _like(known, text, at)]
    if text.isdigit():  # first, or only, what begins like it
        same = {match.entry.code: shared_start(match.entry.code, text) for match, _ in near}
        best = max(same.values(), default=0)
        near = [pair for pair in near if 2 * same[pair[0].entry.code] >= best]
        near.sort(key=lambda pair: -same[pair[0].entry.code])
    found = [f"{match.entry.code} {match.entry.label} ({known.name})" for match, known in near]
    where = lists[0].name if len(lists) == 1 else "no list"
    told = f"not in {where}" if len(lists) == 1 else f"in {where}"
    return f"{wanted}: {told}; " + (f"nearest: {'; '.join(found)}" if found else "nothing like it")


def _like(known: CodeList, text: str, year: int) -> list[CodeMatch]:
    """What is like a code or name; a code of a length that the list has not is cut off, or
    goes on."""
    if text.isdigit() and all(len(code) != len(text) for code in known.by_code):
        above = (known.find(text[:n], year) for n in range(len(text) - 1, _CLASS - 1, -1))
        below = (known.find(code, year) for code in known.by_code if code.startswith(text))
        if match := next(filter(None, chain(above, below)), None):
            return [match]
    return known.nearest(text, year)


def _appears(rows: list[dict[str, str]], column: str, code: str) -> dict[str, Any]:
    """Facts with the code, in all and by fiscal year, and the documents that print them."""
    found = [row for row in rows if row[column] == code]
    years = Counter(row["fiscal_year"] for row in found)
    return {
        "facts": len(found),
        "years": dict(sorted(years.items())),
        "documents": sorted({row["document"] for row in found}),
    }


def _column(list_name: str) -> str | None:
    """The column of the facts that has the codes of a list; None for a list facts do not use."""
    if list_name not in word_lists():
        return _COLUMNS.get(list_name)
    keys = catalogue()["facts"].foreign_keys
    return next((key.field for key in keys if key.resource == list_name), None)


def _lines(item: dict[str, Any]) -> Iterator[str]:
    yield f"{item['code']} {_name(item)}"
    yield f"  list      {item['list']}: {item['title']} / {item['title_en']}"
    if item["level_name_en"]:
        yield f"  level     {item['level_name']} / {item['level_name_en']}"
    yield f"  path      {' > '.join(_step(step) for step in item['path'])}"
    years = _years(item)
    if item["valid"]:
        yield f"  valid     {years} ({item['status']}), so in {item['year']}"
    else:
        yield f"  valid     {years} ({item['status']}); nothing tells of {item['year']}"
        if others := [name for name in item["nearby"] if name["name"] != item["name"]]:
            either = ", ".join(f"{name['name']} ({_years(name)})" for name in others)
            yield f"            the nearest year is shown; before or after it the code was {either}"
    if len(item["names"]) > 1:
        for name in item["names"]:
            yield f"  named     {_years(name)}: {name['name']}"
    for title, key, side in (("before", "predecessors", "from"), ("after", "successors", "to")):
        for change in item[key]:
            end = change[side]
            yield (f"  {title:<9} {end['year']}: {end['code']} {end['name']}, {change['kind']} "
                   f"({change['reason']} / {change['reason_en']})")  # fmt: skip
    if item["printed_as"]:
        yield f"  printed   as {'、'.join(item['printed_as'])}"
    yield f"  source    {item['source'] or 'none'}"
    for other in item["counterparts"]:
        yield (f"  in        {other['list']}: {other['code']} {other['name']}, "
               f"{other['relation']} match ({other['reason']} / {other['reason_en']})")  # fmt: skip
    if link := item["cofog"]:
        of = "" if link["of"] == item["code"] else f" of {link['of']}"
        yield f"  COFOG     {link['code']} {link['name_en']}: {link['relation']} match{of}"
        yield f"            {link['reason']} / {link['reason_en']} (ours, not official)"
    if appears := item.get("appears"):
        years = ", ".join(f"{year} {count:,}" for year, count in appears["years"].items())
        documents = counted(len(appears["documents"]), "document")
        yield f"  appears   {counted(appears['facts'], 'fact')} in {documents} ({years})" if years \
            else "  appears   in no fact of the package"  # fmt: skip


def _name(item: dict[str, Any]) -> str:
    return " / ".join(filter(None, (item["name"], item["name_en"]))) or "(no name)"


def _step(step: dict[str, str]) -> str:
    return step["code"] if step["name"] == step["code"] else f"{step['code']} {step['name']}"


def _years(item: dict[str, Any]) -> str:
    first, last = item["valid_from"], item["valid_to"]
    if last is None:
        return f"since {first}"
    return str(first) if first == last else f"{first} to {last}"
