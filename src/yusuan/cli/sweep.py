"""``yusuan sweep``."""

from __future__ import annotations

import csv
import json
import sys
from collections import Counter
from dataclasses import fields
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from yusuan.checks.sql.sweep import Disagreement, Sweep
from yusuan.model.money import plain
from yusuan.package.profile import DESCRIPTOR, read_descriptor

__all__ = ["sweep"]


@click.command()
@click.argument(
    "folders", nargs=-1, required=True, metavar="DIR...", type=click.Path(path_type=Path)
)
@click.option("--format", "form", type=click.Choice(["csv", "jsonl"]), default="csv",
              show_default=True, help="CSV, or a JSON object a line.")  # fmt: skip
@click.option("--rounding", is_flag=True,
              help="List what rounding explains as well.")  # fmt: skip
@click.option("--threads", type=click.IntRange(min=1), default=1, show_default=True,
              help="Processors to use.")  # fmt: skip
def sweep(folders: tuple[Path, ...], form: str, rounding: bool, threads: int) -> None:
    """Check what the tables of many built packages sum up and print twice, in one pass.

    DIR is a package, or what `yusuan publish static` made of it (its Parquet files are read in
    a fraction of the time). Sources are not read again: a million facts take seconds, and
    memory stays below 1 GB however many packages of up to a million facts there are. A document that is in several counts once.

    Each row is a relation that does not hold as printed: rule, document, cell, what is printed,
    what the other amounts give, the difference in yuan. Relations are judged one by one; which
    number is the wrong one, and what the narrative says, `yusuan check` tells of a document.
    Exit status 1 when rounding does not explain an error, 2 when a package cannot be read.

    \b
    Example:
      yusuan sweep packages/* > disagreements.csv
      yusuan sweep site/ --format jsonl --threads 4
    """
    for folder in folders:
        if (folder / DESCRIPTOR).exists():  # a Parquet folder may stand without
            read_descriptor(folder)
    going = Sweep(folders, threads=threads)
    for told in going.left_out:
        click.echo(f"Left out, an earlier package has it: {told}", err=True)
    names = [field.name for field in fields(Disagreement)]
    writer = csv.writer(sys.stdout, lineterminator="\n")
    if form == "csv":
        writer.writerow(names)
    counts: Counter[str] = Counter()
    for found in going:
        counts[found.verdict] += 1
        if found.verdict == "rounding" and not rounding:
            continue
        values = {name: _value(getattr(found, name)) for name in names}
        if form == "csv":
            writer.writerow(values.values())
        else:
            click.echo(json.dumps(values, ensure_ascii=False))
    told = ", ".join(f"{verdict} {count}" for verdict, count in sorted(counts.items()))
    click.echo(
        f"{going.facts} amounts of {going.documents} documents in {len(set(folders))} packages; "
        f"relations that do not hold: {told or 'none'}",
        err=True,
    )
    if counts["error"]:
        raise SystemExit(1)


def _value(value: Any) -> Any:
    """Money exactly, as text: no reader of JSON may make a float of it."""
    return plain(value) if isinstance(value, Decimal) else value
