"""``yusuan validate``."""

from __future__ import annotations

from pathlib import Path

import click

from yusuan.package import validate_package

__all__ = ["validate"]

_SHOWN = 50


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def validate(folder: Path) -> None:
    """Validate a data package: types, keys, constraints, hashes.

    The verdict is that of the stock `frictionless validate`; messages are in Chinese and
    English. Exit status 1 when the package is not valid.

    \b
    Example:
      yusuan validate budget/
    """
    verdict = validate_package(folder)
    if verdict.valid:
        click.echo(f"{folder}: 有效 / valid ({verdict.resources} resources)")
        return
    for error in verdict.errors[:_SHOWN]:
        click.echo(str(error), err=True)
    if len(verdict.errors) > _SHOWN:
        click.echo(f"… and {len(verdict.errors) - _SHOWN} more", err=True)
    click.echo(f"{folder}: 无效 / not valid ({len(verdict.errors)} errors)", err=True)
    raise SystemExit(1)
