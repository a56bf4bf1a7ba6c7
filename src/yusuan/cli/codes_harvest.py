"""``yusuan codes harvest``."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from pathlib import Path

import click

from yusuan.cli.writing import write_whole
from yusuan.codes.agreement import Pair
from yusuan.model.text import counted
from yusuan.package.harvest import COLUMNS, harvest_rows, keep
from yusuan.package.harvest import harvest as harvest_packages

__all__ = ["harvest"]


@click.command()
@click.argument("folders", nargs=-1, required=True, metavar="DIR...",
                type=click.Path(path_type=Path))  # fmt: skip
@click.option("-o", "--output", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path),
              help="Write the list there instead of printing it.")  # fmt: skip
@click.option("--format", "form", type=click.Choice(["csv", "json"]), default="csv",
              show_default=True, help="How to write it.")  # fmt: skip
@click.option("--keep", "kept", is_flag=True,
              help="Keep in your own lists what agrees, instead of what was kept before.")  # fmt: skip
def harvest(folders: tuple[Path, ...], output: Path | None, form: str, kept: bool) -> None:
    """List each code with the names that the documents of packages print, and judge them.

    DIR is a package that `yusuan build` made. For each list, year, code and name: how many
    documents and departments print it, in which years, and the verdict. agreed: a list has it,
    or two departments print it and nothing speaks against it. conflict: a list of that year, or
    as many departments, have another name for the code, or another code for the name; `against`
    names them. new: no list has it and one department prints it. A document counts once.

    --keep stores the agreed names that the lists lack, and no others, so that every later
    command knows them.

    \b
    Example:
      yusuan codes harvest budget-2023/ budget-2024/ --output names.csv
      yusuan codes harvest budget/ --format json --keep
    """
    pairs = harvest_packages(folders)
    text = _FORMATS[form](list(harvest_rows(pairs)))
    if output is None:
        click.echo(text, nl=False)
    else:
        write_whole(output, text)
    verdicts = Counter(pair.verdict for pair in pairs)
    listed = ", ".join(f"{verdicts[name]} {name}" for name in ("agreed", "conflict", "new"))
    click.echo(f"{counted(len(pairs), 'name')} of codes: {listed}", err=True)
    if kept:
        _keep(pairs)


def _keep(pairs: list[Pair]) -> None:
    files, homeless = keep(pairs)
    for path, number in files.items():
        click.echo(f"Kept {counted(number, 'name')} in {path}", err=True)
    if not any(files.values()):
        click.echo("Kept nothing: the lists have every name that agrees", err=True)
    for entry in homeless:
        click.echo(
            f"Not kept: {entry.code} {entry.name}; no list has {entry.parent}, the code above it",
            err=True,
        )


def _csv(rows: list[dict[str, object]]) -> str:
    stream = io.StringIO()
    writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


def _json(rows: list[dict[str, object]]) -> str:
    return json.dumps(rows, ensure_ascii=False, indent=2) + "\n"


_FORMATS = {"csv": _csv, "json": _json}
