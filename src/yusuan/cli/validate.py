"""``yusuan validate``."""

from __future__ import annotations

from pathlib import Path

import click

from yusuan.files import inside
from yusuan.package import validate_package

__all__ = ["validate"]

_SHOWN = 50


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--graph", is_flag=True, help="Hold its graph against the SHACL shapes as well.")
def validate(folder: Path, graph: bool) -> None:
    """Validate a data package: types, keys, constraints, hashes.

    The verdict is that of the stock `frictionless validate`; messages are in Chinese and
    English. Exit status 1 when the package is not valid.

    \b
    Example:
      yusuan validate budget/
      yusuan validate budget/ --graph
    """
    verdict = validate_package(folder)
    if verdict.valid:
        click.echo(f"{folder}: 有效 / valid ({verdict.resources} resources)")
        if graph:
            _validate_graph(folder)
        return
    for error in verdict.errors[:_SHOWN]:
        click.echo(str(error), err=True)
    if len(verdict.errors) > _SHOWN:
        click.echo(f"… and {len(verdict.errors) - _SHOWN} more", err=True)
    click.echo(f"{folder}: 无效 / not valid ({len(verdict.errors)} errors)", err=True)
    raise SystemExit(1)


def _validate_graph(folder: Path) -> None:
    from yusuan.graph.validate import graph_violations
    from yusuan.graph.write import GRAPH

    path = inside(folder, GRAPH)
    count = 0
    for count, found in enumerate(graph_violations(path), start=1):
        if count <= _SHOWN:
            messages = " / ".join(found.messages) or found.constraint
            click.echo(f"<{found.focus}> {found.path}: {messages}", err=True)
    if count > _SHOWN:
        click.echo(f"… and {count - _SHOWN} more", err=True)
    if count:
        click.echo(f"{folder}: 图不合形状 / the graph does not conform ({count})", err=True)
        raise SystemExit(1)
    click.echo(f"{folder}: 图合乎形状 / the graph conforms to its shapes")
