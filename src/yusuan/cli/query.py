"""``yusuan query``."""

from __future__ import annotations

from pathlib import Path

import click

from yusuan.model.errors import YusuanError
from yusuan.package import open_package

__all__ = ["query"]


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.argument("sparql", metavar="SPARQL")
@click.option("--format", "form", default="csv", show_default=True, metavar="NAME",
              help="csv, tsv, json or xml for SELECT and ASK; turtle, ntriples, jsonld or "
                   "rdfxml for CONSTRUCT and DESCRIBE.")  # fmt: skip
@click.option("--timeout", default=60.0, show_default=True, help="Seconds before it is ended.")
def query(folder: Path, sparql: str, form: str, timeout: float) -> None:
    """Run a SPARQL query over a package's graph and print the result.

    SPARQL is the query, or @FILE to read it from a file. The graph is only read.

    \b
    Example:
      yusuan query budget/ 'SELECT (COUNT(*) AS ?facts) WHERE { ?s a <http://purl.org/linked-data/cube#Observation> }'
    """
    from yusuan.graph.families import families
    from yusuan.sparql import QueryPool, SparqlError, choose

    store = open_package(folder).store()
    text = sparql
    if sparql.startswith("@"):
        try:
            text = Path(sparql[1:]).read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise YusuanError(f"{sparql[1:]}: cannot be read: {error}") from error
    try:
        with QueryPool(store, workers=1, timeout=timeout, families=families()) as pool:
            result = pool.run(text, choose(None, form))
    except SparqlError as error:
        raise YusuanError(str(error)) from error
    click.echo(result.body.rstrip(b"\r\n"))
