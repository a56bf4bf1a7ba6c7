"""``yusuan codes list``."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import click

from yusuan.codes import CodeList, code_list, list_names
from yusuan.codes.about import about
from yusuan.codes.store import own_folder, versions

__all__ = ["list_"]


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
    told = [_told(code_list(name)) for name in list_names()]
    if form == "json":
        folder = {"folder": str(own_folder()), "lists": told}
        click.echo(json.dumps(folder, ensure_ascii=False, indent=2))
        return
    for item in told:
        _print(item)
    click.echo(f"Your own versions stand in {own_folder()}")


def _told(known: CodeList) -> dict[str, Any]:
    told = about(known.name)
    names = dict(enumerate(told.levels, start=1))
    levels = Counter({entry.code: entry.level for entry in known.entries}.values())
    return {
        "list": known.name,
        "title": told.title,
        "title_en": told.title_en,
        "codes": len(known.by_code),
        "levels": [
            {"level": level, "name": _level(names, level)[0],
             "name_en": _level(names, level)[1], "codes": count}
            for level, count in sorted(levels.items())
        ],
        "years": {str(year): count for year, count in _years(known).items()},
        "complete": told.complete,
        "completeness": told.completeness,
        "completeness_en": told.completeness_en,
        "origin": told.origin,
        "origin_en": told.origin_en,
        "versions": [
            {"year": v.year, "file": v.file, "sha256": v.sha256, "imported": v.imported,
             "rows": v.rows}
            for v in versions(known.name)
        ],
    }  # fmt: skip


def _level(names: dict[int, tuple[str, str]], level: int) -> tuple[str, str]:
    return names.get(level, (f"{level} 级", f"Level {level}"))


def _years(known: CodeList) -> dict[int, int]:
    """Codes valid in each year in which something begins or ends."""
    marks = {e.valid_from for e in known.entries}
    marks |= {e.valid_to for e in known.entries if e.valid_to is not None}
    return {year: sum(known.valid(e, year) for e in known.entries) for year in sorted(marks)}


def _print(item: dict[str, Any]) -> None:
    click.secho(f"{item['list']}: {item['title']} / {item['title_en']}", bold=True)
    levels = ", ".join(
        f"{level['name']} {level['name_en']} {level['codes']:,}".strip() for level in item["levels"]
    )
    click.echo(f"  codes     {item['codes']:,} ({levels})")
    years = ", ".join(f"{year} {count:,}" for year, count in item["years"].items())
    click.echo(f"  by year   {years}")
    for key in ("completeness", "origin"):
        if item[key]:
            click.echo(f"  {'complete' if key == 'completeness' else 'from':<9} {item[key]}")
            click.echo(f"            {item[f'{key}_en']}")
    for version in item["versions"]:
        click.echo(
            f"  version   {version['year']}: {version['rows']:,} rows of {version['file']}, "
            f"imported {version['imported']}"
        )
