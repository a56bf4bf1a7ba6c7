"""``yusuan serve``, ``yusuan desk``, ``yusuan publish static`` and ``yusuan publish ckan``."""

from __future__ import annotations

from pathlib import Path

import click

from yusuan.cli.language import tell
from yusuan.package import open_package
from yusuan.schema.translation import language

__all__ = ["desk", "publish", "serve"]


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


@click.command()
@click.option("-p", "--port", default=0, show_default=True, type=click.IntRange(0, 65535),
              help="Port to listen on; 0 takes a free one.")  # fmt: skip
@click.option("--browser/--no-browser", default=True, show_default=True,
              help="Open the page in the browser.")  # fmt: skip
def desk(port: int, browser: bool) -> None:
    """Check files on a page of this machine, without a terminal: the check desk.

    Drop files on the page; it shows the report, takes decisions on each proposed correction, and
    gives the report, the patch and the package. The page is reached from this machine only, by an
    address that is a secret; nothing is sent anywhere. The desk closes by its button, by Ctrl-C, or
    after half an hour without its page open; all files on it are then deleted.

    \b
    Example:
      yusuan desk
    """
    from yusuan.desk import serve_desk  # starting a server is slow to import

    serve_desk(port, browser, language())


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
    """Write a static site: the package, Parquet, RDF, readable pages, DCAT, schema.org, an Atom feed.

    \b
    Example:
      yusuan publish static budget/ site/ --site https://data.example.gov/budget/
    """
    from yusuan.package.validate import formula_note
    from yusuan.portals import publish_static

    package = open_package(folder)
    publish_static(package, out, site=site)
    tell(f"{out}: open {out / 'index.html'}")
    if note := formula_note(package):
        click.echo(note)


@publish.command(short_help="Publish to a CKAN portal; again changes nothing.")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--url", required=True, help="Address of the portal.")
@click.option("--token", required=True, envvar="CKAN_TOKEN", help="API token (or CKAN_TOKEN).")
@click.option("--organization", metavar="NAME", help="Publish under this organization.")
@click.option("--dataset", metavar="NAME", help="Name of the dataset; remembered.")
@click.option("--files-at", metavar="URL", help="Link files too large for the portal below URL.")
def ckan(
    folder: Path,
    url: str,
    token: str,
    organization: str | None,
    dataset: str | None,
    files_at: str | None,
) -> None:
    """Publish to CKAN: organization, dataset, resources, typed DataStore tables.

    The dataset is private until all has arrived. One that is somebody else's (another base IRI,
    organization or department), or holds years that the package does not, is left as it is: exit
    status 1.

    \b
    Example:
      yusuan publish ckan budget/ --url https://data.example.gov --token TOKEN
    """
    from yusuan.portals import Occupied, publish_ckan

    try:
        report = publish_ckan(
            open_package(folder), url=url, token=token, organization=organization,
            dataset=dataset, files_at=files_at,
        )  # fmt: skip
    except Occupied as error:
        tell(f"Error: {error}", err=True)
        raise SystemExit(1) from None
    click.echo(str(report))
