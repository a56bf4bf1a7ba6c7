"""``yusuan publish static`` and ``yusuan publish ckan``."""

from __future__ import annotations

from pathlib import Path

import click

from yusuan.package import open_package

__all__ = ["publish"]


@click.group()
def publish() -> None:
    """Publish a package.

    \b
    Example:
      yusuan publish static budget/ site/
      yusuan publish ckan budget/ --url https://data.example.gov --token TOKEN
    """


@publish.command(short_help="Write a folder any web server can host.")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.argument("out", metavar="OUT", type=click.Path(path_type=Path))
@click.option(
    "--site", metavar="URL", help="Where OUT will be hosted; default: the package's base."
)
def static(folder: Path, out: Path, site: str | None) -> None:
    """Write a static site: the package, Parquet, RDF, a readable page, DCAT and schema.org.

    \b
    Example:
      yusuan publish static budget/ site/ --site https://data.example.gov/budget/
    """
    from yusuan.portals import publish_static

    publish_static(open_package(folder), out, site=site)
    click.echo(f"{out}: open {out / 'index.html'}")


@publish.command(short_help="Publish to a CKAN portal; again changes nothing.")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--url", required=True, help="Address of the portal.")
@click.option("--token", required=True, envvar="CKAN_TOKEN", help="API token (or CKAN_TOKEN).")
@click.option("--organization", metavar="NAME", help="Publish under this organization.")
def ckan(folder: Path, url: str, token: str, organization: str | None) -> None:
    """Publish to CKAN: organization, dataset, resources, typed DataStore tables.

    \b
    Example:
      yusuan publish ckan budget/ --url https://data.example.gov --token TOKEN
    """
    from yusuan.portals import publish_ckan

    report = publish_ckan(open_package(folder), url=url, token=token, organization=organization)
    click.echo(str(report))
