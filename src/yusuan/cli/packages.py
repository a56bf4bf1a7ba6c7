"""Commands on built packages: ``validate``, ``link``, ``restore``, ``query``, ``show``, ``sweep``.

What takes long to import is imported by the command that uses it."""

from __future__ import annotations

import csv
import json
import sys
from collections import Counter
from dataclasses import fields
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from yusuan.cli.language import tell
from yusuan.files import inside
from yusuan.files.atomic import named, whole_file
from yusuan.model.errors import YusuanError
from yusuan.model.money import plain
from yusuan.model.text import counted
from yusuan.package import open_package
from yusuan.package.descriptor import DESCRIPTOR, read_descriptor
from yusuan.schema.messages import spoken

if TYPE_CHECKING:
    from yusuan.show.place import CellPlace

__all__ = ["link", "query", "restore", "show", "sweep", "validate"]

_SHOWN = 50


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--graph", is_flag=True, help="Hold its graph against the SHACL shapes as well.")
def validate(folder: Path, graph: bool) -> None:
    """Validate a data package: types, keys, constraints, hashes.

    The verdict is that of the stock `frictionless validate`, told in the language of --lang.
    Exit status 1 when the package is not valid.

    \b
    Example:
      yusuan validate budget/
      yusuan validate budget/ --graph
    """
    from yusuan.package import validate_package

    verdict = validate_package(folder)
    if verdict.valid:
        tell(f"{folder}: {spoken('package-valid', resources=verdict.resources)}")
        if graph:
            _validate_graph(folder)
        return
    for error in verdict.errors[:_SHOWN]:
        click.echo(str(error), err=True)
    if len(verdict.errors) > _SHOWN:
        tell(f"… and {len(verdict.errors) - _SHOWN} more", err=True)
    tell(f"{folder}: {spoken('package-invalid', errors=len(verdict.errors))}", err=True)
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
        tell(f"… and {count - _SHOWN} more", err=True)
    if count:
        tell(f"{folder}: {spoken('graph-invalid', count=count)}", err=True)
        raise SystemExit(1)
    tell(f"{folder}: {spoken('graph-valid')}")


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
    from yusuan.cli.build import print_revisions
    from yusuan.pipeline import link as link_packages

    package = link_packages(
        folders, output, base=base, licence=licence,
        warn=lambda message: tell(f"Counted once: {message}", err=True),
    )  # fmt: skip
    counts = {
        name: sum(1 for _ in package.rows(name))
        for name in (
            "documents", "departments", "facts", "links", "organisation-changes", "links-to-review"
        )
    }  # fmt: skip
    tell(
        f"{output}: {counted(counts['documents'], 'document')} of "
        f"{counted(counts['departments'], 'department')}, {counted(counts['facts'], 'fact')}"
    )
    tell(
        f"Links: {counts['links']:,}; organisations renamed: {counts['organisation-changes']:,}; "
        f"to review: {counts['links-to-review']:,} (see "
        f"{output / 'data' / 'links-to-review.csv'})"
    )
    print_revisions(package)


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
    tell(f"{output / 'data'}: {counted(count, 'row')} restored from {graph}")


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.argument("sparql", metavar="SPARQL")
@click.option("--format", "form", default="csv", show_default=True, metavar="NAME",
              help="csv, tsv, json or xml for SELECT and ASK; turtle, ntriples, jsonld or "
                   "rdfxml for CONSTRUCT and DESCRIBE.")  # fmt: skip
@click.option("--timeout", default=60.0, show_default=True, help="Seconds before it is ended.")
def query(folder: Path, sparql: str, form: str, timeout: float) -> None:
    """Run a SPARQL query over a package's graph and print the result.

    SPARQL is the query, or @FILE to read it from a file. The graph is only read. Prefixes of the
    vocabularies that the graph uses (ys, qb, skos, rdfs, xsd ...) need not be declared.

    \b
    Example:
      yusuan query budget/ 'SELECT (COUNT(*) AS ?facts) WHERE { ?s ys:cell ?cell }'
    """
    from yusuan.graph.families import families
    from yusuan.graph.prefixes import PREFIXES
    from yusuan.sources.files import read_file
    from yusuan.sparql import QueryPool, SparqlError, choose
    from yusuan.virtual_graph import ROWS

    package = open_package(folder)
    store, rows = package.store(), package.file(ROWS)
    text = sparql
    if sparql.startswith("@"):
        file = Path(sparql[1:])
        try:
            text = read_file(file, "the query").decode("utf-8")
        except UnicodeDecodeError as error:
            raise YusuanError(f"{file}: not UTF-8; save the query as UTF-8") from error
    try:
        with QueryPool(
            store,
            rows=rows,
            workers=1,
            timeout=timeout,
            families=families(),
            prefixes=PREFIXES,
        ) as pool:
            result = pool.run(text, choose(None, form))
    except SparqlError as error:
        raise YusuanError(str(error)) from error
    click.echo(result.body.rstrip(b"\r\n"))


_LONGEST = 120
_SUFFIXES = {".png": (".png",), ".html": (".html", ".htm")}


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.argument("key", metavar="FACT")
@click.option("-o", "--output", metavar="FILE", type=click.Path(path_type=Path),
              help="File to write; otherwise one named after the fact, in the current folder.")  # fmt: skip
@click.option("--width", default=1200, show_default=True, type=click.IntRange(100, 6000),
              help="Pixels that the picture of a PDF page is wide.")  # fmt: skip
def show(folder: Path, key: str, output: Path | None, width: int) -> None:
    """Show where a fact is printed: its cell outlined in the page or table.

    DIR is a package, FACT the id of a fact, or of a finding, which shows its fact. For a PDF
    the page is drawn (PNG); for any other format the table as it was read (HTML). One line
    tells where the cell is and what it prints.

    \b
    Example:
      yusuan show budget/ 7a12ebf01553-three-public-expenses-total
      yusuan show budget/ 7a12ebf01553-three-public-expenses-total -o cell.html
    """
    from yusuan.show.drawing import CellPictures
    from yusuan.show.place import find_place

    place = find_place(open_package(folder), key)
    target = _target(place, output)
    with CellPictures() as pictures:
        picture = pictures.draw(place, width)
    with whole_file(target) as made, named(made):
        made.write_bytes(picture)
    tell(f"{target}: {place.words}")


def _target(place: CellPlace, output: Path | None) -> Path:
    """Where to write. Raises YusuanError for a folder, or a name that says another format."""
    name = f"{place.fact['fact'][:_LONGEST]}{place.suffix}"
    target = output or Path(name)
    if target.is_dir():
        raise YusuanError(f"{target}: a folder; name a file, such as {target / name}")
    if target.suffix.lower() not in _SUFFIXES[place.suffix]:
        kind = "a picture" if place.page else "a web page"
        raise YusuanError(
            f"{target}: the cell is shown as {kind}; give the file a name that ends in "
            f"{place.suffix}"
        )
    if not target.parent.is_dir():
        raise YusuanError(f"{target.parent}: no such folder; make it first")
    return target


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
    from yusuan.checks.sql.sweep import Disagreement, Sweep

    for folder in folders:
        if (folder / DESCRIPTOR).exists():  # a Parquet folder may stand without
            read_descriptor(folder)
    going = Sweep(folders, threads=threads)
    for told in going.left_out:
        tell(f"Left out, an earlier package has it: {told}", err=True)
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
    tell(
        f"{going.facts} amounts of {going.documents} documents in {len(set(folders))} packages; "
        f"relations that do not hold: {told or 'none'}",
        err=True,
    )
    if counts["error"]:
        raise SystemExit(1)


def _value(value: Any) -> Any:
    """Money exactly, as text: no reader of JSON may make a float of it."""
    return plain(value) if isinstance(value, Decimal) else value
