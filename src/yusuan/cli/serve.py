"""``yusuan serve``."""

from __future__ import annotations

from pathlib import Path

import click

__all__ = ["serve"]


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("-p", "--port", default=8001, show_default=True, type=click.IntRange(1, 65535),
              help="Port to listen on.")  # fmt: skip
@click.option("--allow-host", "names", metavar="NAME", multiple=True,
              help="A further name the site is called by; may be repeated.")  # fmt: skip
def serve(folder: Path, host: str, port: int, names: tuple[str, ...]) -> None:
    """Serve a package with Datasette: tables, SQL, JSON, SPARQL and a page for every IRI.

    A site that listens on this machine only (127.0.0.1) answers to the names of this machine, to
    the host of the package's base and to those of --allow-host, so that no page of a stranger
    can lead a browser to it under another name.

    \b
    Example:
      yusuan serve budget/ --port 8001
    """
    from yusuan.serve import serve as run  # starting a server is slow to import

    run(folder, host=host, port=port, names=names)
