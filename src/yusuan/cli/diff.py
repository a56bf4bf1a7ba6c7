"""``yusuan diff``: the differences of two packages as text, CSV or JSON, written as they are found."""

from __future__ import annotations

import csv
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, groupby
from pathlib import Path
from typing import Any

import click

from yusuan.cli.language import findings_language
from yusuan.model.money import plain
from yusuan.model.text import printable
from yusuan.package import open_package
from yusuan.package.descriptor import DESCRIPTOR
from yusuan.package.diff import (
    CellChange,
    ChangeKind,
    RowChange,
    package_changes,
    publication_changes,
)
from yusuan.presentation import difference_columns, grouped, money, value_label
from yusuan.schema import Field, Resource, catalogue
from yusuan.schema.messages import message
from yusuan.schema.translation import Language

__all__ = ["diff"]

Counts = Mapping[tuple[str, ChangeKind], int]
"""How many rows of a resource are added, removed and changed."""
_KINDS: tuple[ChangeKind, ...] = ("added", "removed", "changed")
_SIGNS: Mapping[ChangeKind, tuple[str, str]] = {
    "added": ("+", "green"), "removed": ("-", "red"), "changed": ("~", "yellow"),
}  # fmt: skip


@click.command()
@click.argument("before", metavar="BEFORE", type=click.Path(path_type=Path))
@click.argument("after", metavar="AFTER", type=click.Path(path_type=Path))
@click.option("--resource", "name", metavar="NAME",
              help="Compare this resource only, and list all of its columns.")  # fmt: skip
@click.option("--format", "form", type=click.Choice(["text", "csv", "json"]), default="text",
              show_default=True, help="How to print it.")  # fmt: skip
def diff(before: Path, after: Path, name: str | None, form: str) -> None:
    """Tell what changed between two states of a package.

    BEFORE and AFTER are packages. Rows are compared by their keys: + is in AFTER only, - in BEFORE
    only, ~ is different. Documents and which replace others, budgets, headline figures (with the
    difference), findings and corrections are listed; of all other resources the rows are counted.
    The order of rows is no difference.

    CSV and JSON have a line or an object for each column that differs, with the names of the data
    dictionary; CSV prints the counts to standard error.

    Exit status 0 when nothing differs, 1 when something does, 2 when a package cannot be read.

    \b
    Example:
      yusuan diff before/ after/
      yusuan diff before/ after/ --resource facts --format csv > facts.csv
    """
    packages, lang = (open_package(before), open_package(after)), findings_language()
    counts: Counter[tuple[str, ChangeKind]] = Counter()
    if name:
        listed = [catalogue()[name].name]
        changes = package_changes(*packages, listed)
    else:
        listed = [DESCRIPTOR, *difference_columns()]
        others = [each.name for each in catalogue().resources if each.name not in listed]
        changes = chain(
            publication_changes(*packages), package_changes(*packages, [*listed[1:], *others])
        )
    told = _counted(changes, listed, counts)
    if form == "json":
        _write_json(told, counts)
    elif form == "csv":
        _write_csv(told)
        _say_counts(counts, lang, err=True)
    else:
        _say(told, lang, whole=name is not None)
        _say_counts(counts, lang)
    if counts:
        raise SystemExit(1)


def _counted(
    changes: Iterable[RowChange], listed: Sequence[str], counts: Counter[tuple[str, ChangeKind]]
) -> Iterator[RowChange]:
    """Those of the resources listed; all are counted."""
    for change in changes:
        counts[change.resource.name, change.kind] += 1
        if change.resource.name in listed:
            yield change


# For programs


def _write_csv(changes: Iterable[RowChange]) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(("resource", "change", "key", "column", "before", "after", "difference"))
    for change in changes:
        for cell in change.cells():
            difference = "" if cell.difference is None else plain(cell.difference)
            writer.writerow((change.resource.name, change.kind, change.key, cell.field.name,
                             cell.before, cell.after, difference))  # fmt: skip


def _write_json(changes: Iterable[RowChange], counts: Counts) -> None:
    """An object with ``changes`` and ``counts``; a row a line, so that none waits for the last."""
    click.echo('{"changes": [', nl=False)
    gap = "\n"
    for change in changes:
        click.echo(gap + json.dumps(_as_json(change), ensure_ascii=False), nl=False)
        gap = ",\n"
    totals = {
        name: {kind: counts.get((name, kind), 0) for kind in _KINDS}
        for name in dict.fromkeys(name for name, _ in counts)
    }
    click.echo(f'\n], "counts": {json.dumps(totals, ensure_ascii=False)}}}')


def _as_json(change: RowChange) -> dict[str, Any]:
    """Values are text, money too: no reader of JSON may make a float of it; a blank is null."""
    return {
        "resource": change.resource.name, "change": change.kind, "key": change.key,
        "cells": [
            {
                "column": cell.field.name, "before": cell.before or None,
                "after": cell.after or None,
                "difference": None if cell.difference is None else plain(cell.difference),
            }
            for cell in change.cells()
        ],
    }  # fmt: skip


# For people


def _say(changes: Iterable[RowChange], lang: Language, *, whole: bool) -> None:
    """A heading for each resource, then a line for each of its rows; ``whole`` with all columns.

    Of rows that differ only in columns that are not listed, one line at the end says how many there
    are, and in which columns."""
    for _, group in groupby(changes, key=lambda change: change.resource.name):
        others: dict[str, Field] = {}
        rows = 0
        for number, change in enumerate(group):
            if number == 0:
                click.secho(_title(change.resource, lang), bold=True)
            shown = _identifying(change.resource, lang)
            if whole or change.kind != "changed" or {*shown} & {*_cells(change)}:
                sign, colour = _SIGNS[change.kind]
                click.echo(f"{click.style(sign, fg=colour)} {_line(change, shown, lang, whole)}")
            else:
                rows += 1
                others.update({name: cell.field for name, cell in _cells(change).items()})
        if rows:
            sign, colour = _SIGNS["changed"]
            titles = _listed((_title(field, lang) for field in others.values()), lang)
            told = _in(lang, "diff-only-others", rows=rows, columns=titles)
            click.echo(f"{click.style(sign, fg=colour)} {told}")


def _cells(change: RowChange) -> dict[str, CellChange]:
    return {cell.field.name: cell for cell in change.cells()}


def _line(change: RowChange, shown: Sequence[str], lang: Language, whole: bool) -> str:
    """Which row it is, then what is different in it; of an added or removed row what it says."""
    identifying = [change.resource.primary_key] if whole else shown
    cells = _cells(change)
    row = change.row
    same = " · ".join(
        _value(change.resource.field(name), row[name], lang)
        for name in identifying
        if row[name] and (change.kind != "changed" or name not in cells)
    )
    if change.kind == "changed":
        told = [_difference(cell, lang) for name, cell in cells.items()
                if whole or name in identifying]  # fmt: skip
    else:
        told = [f"{_title(cell.field, lang)} {_value(cell.field, cell.before or cell.after, lang)}"
                for name, cell in cells.items() if whole and name not in identifying]  # fmt: skip
    others = [_title(cell.field, lang) for name, cell in cells.items() if name not in identifying]
    if others and change.kind == "changed" and not whole:
        told.append(_in(lang, "diff-also", columns=_listed(others, lang)))
    return (": " if lang == "en" else "：").join(
        filter(None, (same, ("; " if lang == "en" else "；").join(told)))
    )


def _listed(titles: Iterable[str], lang: Language) -> str:
    return (", " if lang == "en" else "、").join(titles)


def _difference(cell: CellChange, lang: Language) -> str:
    before, after = (
        _value(cell.field, text, lang) if text else _in(lang, "diff-blank")
        for text in (cell.before, cell.after)
    )
    told = f"{_title(cell.field, lang)} {before} → {after}"
    if cell.difference is None:
        return told
    by = plain(cell.difference)
    by = money(by) if cell.field.is_money else grouped(by)
    return told + _in(lang, "diff-by", difference=by if cell.difference < 0 else f"+{by}")


def _identifying(resource: Resource, lang: Language) -> list[str]:
    """The columns that tell which row it is, in the language where it has one of its own."""
    known = [field.name for field in resource.fields]
    names = difference_columns().get(resource.name, known)
    own = [(f"{name.removesuffix('_zh')}_en", name) for name in names]
    return [english if lang == "en" and english in known else name for english, name in own]


def _value(field: Field, text: str, lang: Language) -> str:
    """A value as one line, read as on the pages: verdicts by their names, money with separators."""
    if words := value_label(field.name, text):
        text = words[lang == "en"] or text
    return printable(money(text) if field.is_money else text)


def _title(each: Field | Resource, lang: Language) -> str:
    return each.title if lang == "zh" else each.title_en


def _in(lang: Language, name: str, **values: object) -> str:
    return message(name, **values)[lang == "en"]


def _say_counts(counts: Counts, lang: Language, *, err: bool = False) -> None:
    """The rows of each resource with differences, in the order of the package."""
    if not counts:
        click.echo(_in(lang, "diff-equal"), err=err)
        return
    click.secho(_in(lang, "diff-summary"), bold=True, err=err)
    titles = {each.name: _title(each, lang) for each in catalogue().resources}
    for name in (DESCRIPTOR, *titles):
        if any(counts.get((name, kind)) for kind in _KINDS):
            numbers = " ".join(
                f"{sign}{counts.get((name, kind), 0):,}" for kind, (sign, _) in _SIGNS.items()
            )
            click.echo(f"{titles.get(name, name)} ({name}): {numbers}", err=err)
