"""``yusuan restore``."""

from __future__ import annotations

from pathlib import Path

import click

from yusuan.model.text import counted

__all__ = ["restore"]


@click.command()
@click.argument("graph", metavar="FILE", type=click.Path(path_type=Path))
@click.option("-o", "--output", required=True, metavar="DIR", type=click.Path(path_type=Path),
              help="New or empty folder for data/*.csv.")  # fmt: skip
def restore(graph: Path, output: Path) -> None:
    """Turn the graph of a package back into its CSV files.

    FILE is the graph/budget.trig of a package. The files of data/ are the same bytes as those the
    graph was made of; nothing else is read. Of a store's dump, which keeps no order, the rows are
    the same, in the order of the dump.

    \b
    Example:
      yusuan restore budget/graph/budget.trig --output restored/
    """
    from yusuan.graph.restore import restore as restored

    count = restored(graph, output)
    click.echo(f"{output / 'data'}: {counted(count, 'row')} restored from {graph}")
