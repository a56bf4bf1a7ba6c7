"""``yusuan codes``: the group, and the commands that look up, prove and write the lists."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import click

from yusuan.cli.language import tell
from yusuan.cli.main import CommandPlace, LazyGroup
from yusuan.codes import CodeList, CodeMatch, code_list, list_names
from yusuan.codes.entries import COLUMNS, STATUSES, write_entries
from yusuan.codes.lists import about, code_details, word_lists
from yusuan.codes.names import shared_start
from yusuan.codes.proof import prove_lists
from yusuan.codes.store import own_folder, versions
from yusuan.files.atomic import whole_folder
from yusuan.graph.lists import lists_lines
from yusuan.graph.terms import checked_base
from yusuan.graph.turtle import turtle
from yusuan.model.errors import YusuanError
from yusuan.model.text import counted, normal
from yusuan.package import open_package
from yusuan.package.descriptor import publication
from yusuan.schema import catalogue
from yusuan.schema.messages import either
from yusuan.schema.translation import translated

__all__ = ["check", "codes", "export", "list_", "show"]

_COMMANDS = {
    "show": CommandPlace("yusuan.cli.codes:show", "Everything known of a code."),
    "list": CommandPlace("yusuan.cli.codes:list_", "The lists, and how complete they are."),
    "check": CommandPlace("yusuan.cli.codes:check", "Prove the code lists."),
    "export": CommandPlace(
        "yusuan.cli.codes:export", "Write the lists as a data package and as SKOS."
    ),
    "import": CommandPlace(
        "yusuan.cli.codes_import:import_list",
        "Read a list as the Ministry publishes it, and keep it.",
    ),
    "harvest": CommandPlace(
        "yusuan.cli.codes_import:harvest", "Learn names of codes from built packages."
    ),
}


@click.group(cls=LazyGroup, places=_COMMANDS)
def codes() -> None:
    """The lists of classification codes: which code has which name in which year.

    The lists that come with yusuan hold what could be found, with its source; your own
    versions of them stand in the folder that `yusuan codes list` names (YUSUAN_CODES sets
    another), and every command reads both.

    \b
    Example:
      yusuan codes show 2080505 --year 2022
    """


@click.command("list")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text",
              show_default=True, help="How to print it.")  # fmt: skip
def list_(form: str) -> None:
    """The code lists: codes by level and by year, how complete they are, your own versions.

    A year counts the codes that a source names in it, or before and after it under the same
    name.

    \b
    Example:
      yusuan codes list
      yusuan codes list --format json
    """
    details = [_as_json(code_list(name)) for name in list_names()]
    if form == "json":
        folder = {"folder": str(own_folder()), "lists": details}
        click.echo(json.dumps(folder, ensure_ascii=False, indent=2))
        return
    for item in details:
        _print(item)
    tell(f"Your own versions stand in {own_folder()}")


def _as_json(known: CodeList) -> dict[str, Any]:
    details = about(known.name)
    names = dict(enumerate(details.levels, start=1))
    levels = Counter({entry.code: entry.level for entry in known.entries}.values())
    return {
        "list": known.name,
        "title": details.title,
        "title_en": details.title_en,
        "codes": len(known.by_code),
        "levels": [
            {"level": level, "name": _level(names, level)[0],
             "name_en": _level(names, level)[1], "codes": count}
            for level, count in sorted(levels.items())
        ],
        "years": {str(year): count for year, count in _valid_by_year(known).items()},
        "complete": details.complete,
        "completeness": details.completeness,
        "completeness_en": details.completeness_en,
        "origin": details.origin,
        "origin_en": details.origin_en,
        "versions": [
            {"year": v.year, "file": v.file, "sha256": v.sha256, "imported": v.imported,
             "rows": v.rows}
            for v in versions(known.name)
        ],
    }  # fmt: skip


def _level(names: dict[int, tuple[str, str]], level: int) -> tuple[str, str]:
    return names.get(level, (f"{level} 级", f"Level {level}"))


def _valid_by_year(known: CodeList) -> dict[int, int]:
    """Codes valid in each year in which something begins or ends."""
    marks = {e.valid_from for e in known.entries}
    marks |= {e.valid_to for e in known.entries if e.valid_to is not None}
    return {year: sum(known.valid(e, year) for e in known.entries) for year in sorted(marks)}


def _print(item: dict[str, Any]) -> None:
    click.secho(f"{item['list']}: {either((item['title'], item['title_en']))}", bold=True)
    levels = ", ".join(
        f"{either((level['name'], level['name_en']), ' ')} {level['codes']:,}".strip()
        for level in item["levels"]
    )
    tell(f"  codes     {item['codes']:,} ({levels})")
    years = ", ".join(f"{year} {count:,}" for year, count in item["years"].items())
    tell(f"  by year   {years}")
    for key in ("completeness", "origin"):
        if item[key]:
            lines = either((item[key], item[f"{key}_en"]), f"\n{'':<12}")
            tell(f"  {'complete' if key == 'completeness' else 'from':<9} {lines}")
    for version in item["versions"]:
        tell(
            f"  version   {version['year']}: {version['rows']:,} rows of {version['file']}, "
            f"imported {version['imported']}"
        )


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
    cards = [
        code_details(known, code, year) for known in lists for code in _codes(known, wanted, year)
    ]
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
            tell(line)


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
    outside = f"not in {where}" if len(lists) == 1 else f"in {where}"
    return f"{wanted}: {outside}; " + (
        f"nearest: {'; '.join(found)}" if found else "nothing like it"
    )


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
    yield f"  list      {item['list']}: {either((item['title'], item['title_en']))}"
    if item["level_name_en"]:
        yield f"  level     {either((item['level_name'], item['level_name_en']))}"
    yield f"  path      {' > '.join(_step(step) for step in item['path'])}"
    years = _years(item)
    if item["valid"]:
        yield f"  valid     {years} ({item['status']}), so in {item['year']}"
    else:
        yield f"  valid     {years} ({item['status']}); nothing tells of {item['year']}"
        if others := [name for name in item["nearby"] if name["name"] != item["name"]]:
            others_named = ", ".join(f"{name['name']} ({_years(name)})" for name in others)
            yield f"            the nearest year is shown; before or after it the code was {others_named}"
    if len(item["names"]) > 1:
        for name in item["names"]:
            yield f"  named     {_years(name)}: {name['name']}"
    for title, key, side in (("before", "predecessors", "from"), ("after", "successors", "to")):
        for change in item[key]:
            end = change[side]
            yield (f"  {title:<9} {end['year']}: {end['code']} {end['name']}, {change['kind']} "
                   f"({either((change['reason'], change['reason_en']))})")  # fmt: skip
    if item["printed_as"]:
        yield f"  printed   as {'、'.join(item['printed_as'])}"
    yield f"  source    {item['source'] or 'none'}"
    for other in item["counterparts"]:
        yield (f"  in        {other['list']}: {other['code']} {other['name']}, "
               f"{other['relation']} match ({either((other['reason'], other['reason_en']))})")  # fmt: skip
    if link := item["cofog"]:
        of = "" if link["of"] == item["code"] else f" of {link['of']}"
        yield f"  COFOG     {link['code']} {link['name_en']}: {link['relation']} match{of}"
        yield f"            {either((link['reason'], link['reason_en']))} (ours, not official)"
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


@click.command()
def check() -> None:
    """Prove the lists, built-in and your own, and the correspondences between them.

    No code without one above it, none below itself, none with two names in one year; each
    one level below its parent, of the length of its level, with a name; both ends of each
    correspondence in their lists. Exit status 0 when all holds, 1 with violations, each
    with file and line, 2 when a file cannot be read.

    \b
    Example:
      yusuan codes check
    """
    proof = prove_lists()
    for what, count in sorted(proof.counts.items()):
        tell(f"{what} {count:,}")
    for violation in proof.violations:
        click.secho(translated(violation), fg="red")
    count = len(proof.violations)
    tell(f"{count:,} violation{'' if count == 1 else 's'}" if count else "All holds.")
    if count:
        raise SystemExit(1)


_INTEGERS = ("valid_from", "valid_to", "level")
_REQUIRED = ("list", "valid_from", "code", "level", "status")


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--list", "wanted", metavar="LIST", multiple=True,
              help="A list to write; may be repeated. Otherwise all of them.")  # fmt: skip
@click.option("--base", metavar="IRI", help="Base of every IRI; as for yusuan build.")
def export(folder: Path, wanted: tuple[str, ...], base: str | None) -> None:
    """Write whole lists, with your own versions, into a new folder.

    A CSV file a list, `datapackage.json` (Frictionless) and `codes.ttl`: the lists in SKOS,
    their levels and correspondences in XKOS.

    \b
    Example:
      yusuan codes export lists/
      yusuan codes export lists/ --list expenditure-function --list cofog
    """
    if folder.exists():
        raise YusuanError(f"{folder}: already there; name a new folder")
    names = list(dict.fromkeys(wanted)) or list(list_names())
    lists = [code_list(name) for name in names]
    iris = checked_base(publication(base)["base"])
    with whole_folder(folder) as target:
        rows = sum(write_entries(target / f"{known.name}.csv", known.entries) for known in lists)
        text = turtle(map(str.encode, lists_lines(names, iris)), iris)
        (target / "codes.ttl").write_text(text, "utf-8", newline="\n")
        descriptor = _descriptor(names)
        (target / "datapackage.json").write_text(
            json.dumps(descriptor, ensure_ascii=False, indent=2) + "\n", "utf-8"
        )
    tell(f"{folder}: {counted(len(names), 'list')}, {counted(rows, 'row')}")


def _descriptor(names: list[str]) -> dict[str, Any]:
    return {
        "$schema": "https://datapackage.org/profiles/1.0/datapackage.json",
        "profile": "data-package",
        "name": "code-lists",
        "title": "科目和代码表",
        "title@en": "Code lists",
        "resources": [_resource(name) for name in names],
    }


def _resource(name: str) -> dict[str, Any]:
    details = about(name)
    return {
        "name": name,
        "title": details.title,
        "title@en": details.title_en,
        "description": details.completeness,
        "description@en": details.completeness_en,
        "profile": "tabular-data-resource",
        "path": f"{name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "sources": [{"title": details.origin or name}],
        "schema": {
            "fields": [_field(column) for column in COLUMNS],
            "missingValues": [""],
            "primaryKey": ["code", "valid_from", "status"],
        },
    }


def _field(column: str) -> dict[str, Any]:
    constraints: dict[str, Any] = {"required": True} if column in _REQUIRED else {}
    if column == "status":
        constraints["enum"] = list(STATUSES)
    field: dict[str, Any] = {
        "name": column,
        "type": "integer" if column in _INTEGERS else "string",
    }
    return {**field, "constraints": constraints} if constraints else field
