"""``yusuan build`` and ``yusuan update``."""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path

import click

from yusuan.checks import load_rules
from yusuan.cli.common import progress, schemas_option, tally
from yusuan.cli.language import tell
from yusuan.corrections import AppliedPatches
from yusuan.facts.revisions import Superseded
from yusuan.model.findings import VERDICTS
from yusuan.model.text import counted, printable
from yusuan.package import Package
from yusuan.pipeline import build as build_package
from yusuan.pipeline import update as update_package
from yusuan.schema.messages import message
from yusuan.schema.overlay import using_schemas
from yusuan.schema.translation import language

__all__ = ["build", "print_revisions", "update"]

_LISTED = 5
"""More new errors than these are counted, not listed."""

_patch_option = click.option(
    "--patch", "patches", metavar="FILE", multiple=True, type=click.Path(path_type=Path),
    help="A patch that a reviewer filled in; accepted corrections stand beside what is "
    "published. May be given more than once.",
)  # fmt: skip
_source_url_option = click.option(
    "--source-url", metavar="URL",
    help="Official address of the one file given; for several write a manifest, sources.csv.",
)  # fmt: skip
_available_option = click.option(
    "--available", metavar="DATE",
    help="When the one file given was made public, like 2026-03-01.",
)  # fmt: skip
_replaces_option = click.option(
    "--replaces", metavar="FILE", multiple=True,
    help="A document that the one file given replaces, by its file name or SHA-256. May be given "
    "more than once.",
)  # fmt: skip
_jobs_option = click.option(
    "-j", "--jobs", default=1, show_default=True, type=click.IntRange(1),
    help="Documents read at the same time.",
)  # fmt: skip


@click.command()
@click.argument(
    "sources", nargs=-1, required=True, metavar="SOURCE...", type=click.Path(path_type=Path)
)
@click.option("-o", "--output", required=True, metavar="DIR", type=click.Path(path_type=Path),
              help="Folder of the package; an earlier package there is replaced whole.")  # fmt: skip
@click.option("--base", metavar="URL", help="Prefix of every IRI; your own site when you publish.")
@click.option("--license", "licence", metavar="NAME", help="Licence of the data, such as CC0-1.0.")
@_jobs_option
@_patch_option
@_source_url_option
@_available_option
@_replaces_option
@schemas_option
def build(
    sources: tuple[Path, ...],
    output: Path,
    base: str | None,
    licence: str | None,
    jobs: int,
    patches: tuple[Path, ...],
    source_url: str | None,
    available: str | None,
    replaces: tuple[str, ...],
    schemas: Path | None,
) -> None:
    """Build one data package, with its database and graph, from disclosures.

    SOURCE is a file or a folder of files (PDF, Word, Excel, HTML, CSV, text, ZIP). Files that cannot be read are
    reported and left out; when none can be read nothing is written. A manifest in a folder
    (sources.csv with the columns file, url, available, retrieved, replaces, sha256) says where its
    files are from.

    Of two documents of one budget that print the same table the later one counts: the one that is
    stated to replace the other, else the one made public later (manifest, else the date printed),
    else the one retrieved later. Where none of these decides both stay, and a finding tells where
    they contradict each other.

    \b
    Example:
      yusuan build disclosure.md --output budget/
      yusuan build disclosures/ --output budget/ --base https://data.example.gov/ --jobs 4
      yusuan build disclosure.md --output budget/ --patch patch.csv
    """
    with using_schemas(schemas):
        package = build_package(
            sources, output, base=base, licence=licence, jobs=jobs, progress=progress,
            warn=lambda message: tell(f"Left out: {message}", err=True),
            patches=patches, applied=_print_applied, source_url=source_url,
            available=available, replaces=replaces,
        )  # fmt: skip
        _report(package, output)


@click.command()
@click.argument("package", metavar="PACKAGE", type=click.Path(path_type=Path))
@click.argument(
    "sources", nargs=-1, required=True, metavar="SOURCE...", type=click.Path(path_type=Path)
)
@click.option("-o", "--output", metavar="DIR", type=click.Path(path_type=Path),
              help="Folder of the new package; without it PACKAGE is replaced whole.")  # fmt: skip
@_jobs_option
@_patch_option
@_source_url_option
@_available_option
@_replaces_option
@schemas_option
def update(
    package: Path,
    sources: tuple[Path, ...],
    output: Path | None,
    jobs: int,
    patches: tuple[Path, ...],
    source_url: str | None,
    available: str | None,
    replaces: tuple[str, ...],
    schemas: Path | None,
) -> None:
    """Add disclosures to a package: further years, other departments, corrected reissues.

    The result is that of building all documents anew. Documents of the package are read again
    only where what was read of them is no longer in the cache. A document whose tables a later
    one of the same budget prints anew (yusuan build --help says which that is) is superseded: it
    stays in the package, and does not count. Signed corrections stay; those of what was superseded
    are told.

    \b
    Example:
      yusuan update budget/ disclosures-2027/
      yusuan update budget/ reissued.pdf --source-url https://example.gov/reissued.pdf
      yusuan update budget/ reissued.pdf --replaces budget-2026.pdf
    """
    with using_schemas(schemas):
        made = update_package(
            package, sources, output, jobs=jobs, progress=progress,
            warn=lambda message: tell(f"Look at this: {message}", err=True),
            patches=patches, applied=_print_applied, source_url=source_url,
            available=available, replaces=replaces,
        )  # fmt: skip
        _report(made, output or package)


def _told(zh: str, en: str) -> str:
    """The one in the language of the user."""
    return zh if language() == "zh" else en


def _report(package: Package, output: Path) -> None:
    from yusuan.package.validate import formula_note

    old = Superseded.of(package.rows)
    verdicts, aside = Counter[str](), 0
    for row in package.rows("findings"):
        if old.by(row["document"], row["table"]):
            aside += 1
        else:
            verdicts[row["verdict"]] += 1
    counts = {name: sum(1 for _ in package.rows(name)) for name in ("documents", "facts", "claims")}
    tell(
        f"{output}: {counted(counts['documents'], 'document')}, "
        f"{counted(counts['facts'], 'fact')}, "
        f"{counted(counts['claims'], 'claim')} in the narrative"
    )
    listed = [f"{verdicts[name]} {name}" for name in VERDICTS if verdicts[name]]
    more = f"; {_told(*message('set-aside', number=aside))}" if aside else ""
    tell(f"Findings: {', '.join(listed) or 'none'}{more} (see `yusuan check {output}`)")
    print_revisions(package)
    if left := tally(row["scope"] for row in package.rows("unrecognised")):
        tell(f"Left out: {left} (see {output / 'data' / 'unrecognised.csv'})")
    if note := formula_note(package):
        click.echo(note)


def print_revisions(package: Package) -> None:
    """Which document was superseded by which, as a whole or in part, and why; and which were not."""
    files = {row["document"]: printable(row["file"]) for row in package.rows("documents")}
    whole = {row["document"] for row in package.rows("revisions")}
    told: dict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
    for row in package.rows("table-revisions"):
        told[row["document"], row["superseded_by"]].append(row)
    for (old, new), rows in list(told.items())[:_LISTED]:
        part = "" if old in whole else f", {counted(len(rows), 'table')} of it"
        tell(
            f"Superseded: {files[old]} by {files[new]}{part} ({_told(rows[0]['reason_zh'], rows[0]['reason_en'])})"
        )
    if len(told) > _LISTED:
        tell(f"and {len(told) - _LISTED} more (see {package.folder}/data/table-revisions.csv)")
    _print_undecided(package)


def _print_undecided(package: Package) -> None:
    """Which documents print the same tables and were not superseded, and why not."""
    rules = {rule.id for rule in load_rules() if rule.family == "tables-twice"}
    told = [
        _told(row["message_zh"], row["message_en"])
        for row in package.rows("findings")
        if row["rule"] in rules
    ]
    for sentence in told[:_LISTED]:
        tell(f"Not superseded: {printable(sentence)}")
    if len(told) > _LISTED:
        tell(f"and {len(told) - _LISTED} more (see {package.folder}/data/findings.csv)")


def _print_applied(applied: AppliedPatches) -> None:
    """What became of the patches, and whether the corrected numbers agree."""
    done = len(applied.corrections)
    withdrawn = f", {applied.withdrawn} withdrawn" if applied.withdrawn else ""
    tell(
        f"Corrections: {done} applied, {applied.rejected} rejected, "
        f"{applied.undecided} undecided{withdrawn} (data/corrections.csv; published values stay)"
    )
    if done:
        left = applied.errors_corrected
        tell(
            f"With the corrected numbers: {counted(left, 'error')}, "
            f"as published: {applied.errors_published}"
            + ("" if left else "; all that is checked agrees")
        )
    for finding in applied.errors_new[:_LISTED]:
        tell(f"Not there before: {_told(finding.message_zh, finding.message_en)}", err=True)
    if len(applied.errors_new) > _LISTED:
        tell(f"and {len(applied.errors_new) - _LISTED} more errors", err=True)
