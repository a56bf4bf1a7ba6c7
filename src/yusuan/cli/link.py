"""``yusuan link``."""

from __future__ import annotations

from pathlib import Path

import click

from yusuan.model.text import counted
from yusuan.pipeline import link as link_packages

__all__ = ["link"]


@click.command()
@click.argument(
    "folders", nargs=-1, required=True, metavar="DIR...", type=click.Path(path_type=Path)
)
@click.option("-o", "--output", required=True, metavar="DIR", type=click.Path(path_type=Path),
              help="Folder of the joined package; an earlier package there is replaced whole.")  # fmt: skip
@click.option(
    "--base", metavar="URL", help="Prefix of every IRI; needed where the packages differ."
)
@click.option("--license", "licence", metavar="NAME",
              help="Licence of the data; without it the licences of the packages.")  # fmt: skip
def link(folders: tuple[Path, ...], output: Path, base: str | None, licence: str | None) -> None:
    """Join built packages into one, with one database and one graph, and link what they hold.

    DIR is a package. Departments are matched over all packages; organisations renamed, units of
    departments, projects over the years, accounts with their budget and codes from year to year
    are linked, each with its method and confidence. What is in doubt is in links-to-review.csv
    and not in the graph. A document that is in several packages counts once. Sources are not
    read again: findings are those of the packages, and units are compared with departments.

    \b
    Example:
      yusuan link jiangsu/ shanghai/ --output linked/
      yusuan link packages/* --output linked/ --base https://data.example.org/
    """
    package = link_packages(
        folders, output, base=base, licence=licence,
        warn=lambda message: click.echo(f"Counted once: {message}", err=True),
    )  # fmt: skip
    counts = {
        name: sum(1 for _ in package.rows(name))
        for name in (
            "documents", "departments", "facts", "links", "organisation-changes", "links-to-review"
        )
    }  # fmt: skip
    click.echo(
        f"{output}: {counted(counts['documents'], 'document')} of "
        f"{counted(counts['departments'], 'department')}, {counted(counts['facts'], 'fact')}"
    )
    click.echo(
        f"Links: {counts['links']:,}; organisations renamed: {counts['organisation-changes']:,}; "
        f"to review: {counts['links-to-review']:,} (see "
        f"{output / 'data' / 'links-to-review.csv'})"
    )
