"""``yusuan check``."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import traceback
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from yusuan.checking import CheckedSources, check_sources, watch_sources
from yusuan.cli.common import (
    damage_of_package,
    print_unrecognised,
    progress,
    schemas_option,
    target_file,
    write_whole,
)
from yusuan.cli.language import findings_language, tell
from yusuan.files.atomic import scratch_folder
from yusuan.model.errors import YusuanError
from yusuan.model.findings import VERDICTS
from yusuan.model.text import counted, printable
from yusuan.schema.overlay import using_schemas
from yusuan.schema.translation import translated
from yusuan.sources import find_sources
from yusuan.sources.manifest import Provenance, provenance_of

if TYPE_CHECKING:
    from yusuan.reports import CheckReport

__all__ = ["check"]

_FORMATS = ("json", "csv", "sarif", "github", "gitlab")
_NARROWEST = 40
_DESCRIPTOR = "datapackage.json"


def _writable(context: click.Context, option: click.Parameter, path: Path | None) -> Path | None:
    """Refuse to write over something else before anything is read."""
    if path is not None:
        from yusuan.corrections import earlier_rows

        earlier_rows(path)
    return path


_propose_option = click.option(
    "--propose", metavar="FILE", type=click.Path(path_type=Path), callback=_writable,
    help="Also write the corrections that errors call for as a patch (CSV), for people to "
    "accept or reject; what they decided in an earlier one is kept.",
)  # fmt: skip


@click.command()
@click.argument(
    "targets", nargs=-1, required=True, metavar="DIR|SOURCE...", type=click.Path(path_type=Path)
)
@click.option("--format", "form", type=click.Choice(["text", *_FORMATS]), default="text",
              show_default=True, help="How to print it.")  # fmt: skip
@click.option("--report", "page", metavar="FILE.html", type=click.Path(path_type=Path),
              help="Also write one web page that shows each finding beside its source.")  # fmt: skip
@click.option("--badge", metavar="FILE.svg", type=click.Path(path_type=Path),
              help="Also write a badge that says how many errors there are.")  # fmt: skip
@click.option("--fail-on", type=click.Choice([*VERDICTS, "never"]), default="error",
              show_default=True, help="The mildest verdict that gives exit status 1.")  # fmt: skip
@_propose_option
@click.option("--watch", is_flag=True,
              help="Go on: check each file by itself, and again when it changes (until Ctrl-C).")  # fmt: skip
@schemas_option
def check(
    targets: tuple[Path, ...],
    form: str,
    page: Path | None,
    badge: Path | None,
    fail_on: str,
    propose: Path | None,
    watch: bool,
    schemas: Path | None,
) -> None:
    """Check disclosures (or the sources of a package) against the rules.

    Findings are listed worst first: what is printed where, what it contradicts, what it
    probably should be; where that cannot be told, what may be wrong. What was not recognised
    is listed below them (in text and JSON) with what to do; it changes no exit status. Nothing
    is changed. Exit status 0 when clean, 1 with findings at or above --fail-on, 2 when the
    check could not run. Documents and tables that a later one of the same budget prints anew are
    checked and told, but counted apart, and change no exit status.

    --format sarif is for code scanning and editors, github prints workflow commands, gitlab a
    Code Quality report.

    \b
    Example:
      yusuan check disclosure.md
      yusuan check budget/ --lang en --format json
      yusuan check disclosures/ --report report.html --badge badge.svg
      yusuan check budget/ --propose patch.csv
      yusuan check drafts/ --watch
    """
    if watch and (form != "text" or page or badge or propose):
        raise click.UsageError(
            translated("--watch prints text; leave out --format, --report, --badge and --propose")
        )
    with _internal_error_reported(targets), using_schemas(schemas):
        for path, suffixes, kind in (
            (page, (".html", ".htm"), "a web page"), (badge, (".svg",), "a picture (SVG)"),
        ):  # fmt: skip
            if path:
                target_file(path, suffixes, kind, targets)
        if watch:
            _watch(targets)
            return
        with scratch_folder() as scratch:
            sources, places, provenance = _sources(targets, scratch)
            read = check_sources(sources, progress=progress, provenance=provenance)
        checked = _in_packages(read, places)
        from yusuan.reports import CheckReport, as_badge, as_html  # reading need not wait for it

        report = CheckReport(
            checked.contents, checked.findings, checked.paths, findings_language(),
            checked.skipped,
        )  # fmt: skip
        if page:
            write_whole(page, as_html(report))
        if badge:
            write_whole(badge, as_badge(report))
        if propose:
            _write_proposals(checked, propose)
        with _reader_may_leave():
            _print(report, checked, form)
    levels = VERDICTS[: VERDICTS.index(fail_on) + 1] if fail_on != "never" else ()
    if any(finding.verdict in levels for finding in report.counting):
        raise SystemExit(1)


def _watch(targets: Sequence[Path]) -> None:
    """Print what is found in each file, again as it changes, until Ctrl-C."""
    with contextlib.suppress(KeyboardInterrupt):
        for path, checked in watch_sources(targets):
            click.secho(f"== {printable(str(path))}", bold=True)
            if isinstance(checked, YusuanError):
                tell(f"Error: {checked}", err=True)
                continue
            from yusuan.reports import CheckReport

            report = CheckReport(
                checked.contents, checked.findings, checked.paths, findings_language(),
                checked.skipped,
            )  # fmt: skip
            _print(report, checked, "text")
            sys.stdout.flush()


def _write_proposals(checked: CheckedSources, path: Path) -> None:
    """Write the patch and say on stderr what is in it: stdout has the findings."""
    from yusuan.corrections import proposals, write_patch

    found = proposals(checked.contents, checked.findings)
    written = write_patch(path, found.rows)
    message = f"{path}: {counted(written.proposed, 'proposed correction')}"
    if written.open:
        message += f", {written.open} more to look up (without a proposal)"
    if written.kept:
        message += f"; kept what reviewers filled in for {written.kept}"
    if written.others:
        message += f"; kept {written.others} that are no longer proposed, at the end"
    tell(message, err=True)
    if found.uncorrectable:
        tell(
            f"Not in it: {counted(found.uncorrectable, 'error')} about no single number of the data",
            err=True,
        )


@contextlib.contextmanager
def _internal_error_reported(targets: Sequence[Path]) -> Iterator[None]:
    """Exit status 1 means findings, so whatever else goes wrong must give another one."""
    try:
        yield
    except (YusuanError, OSError, click.ClickException):
        raise
    except Exception as error:
        if damage := damage_of_package(targets):
            raise YusuanError(damage) from error
        traceback.print_exc()
        tell("Error: this is a mistake in yusuan; please report it with the file", err=True)
        raise SystemExit(2) from None
    except KeyboardInterrupt:
        tell("Aborted!", err=True)
        raise SystemExit(130) from None


@contextlib.contextmanager
def _reader_may_leave() -> Iterator[None]:
    """Output that nobody reads to its end, as with ``| head``, changes no verdict."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        # What is still buffered would fail again when the interpreter ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _sources(
    targets: Sequence[Path], scratch: Path
) -> tuple[list[Path], dict[Path, Path], dict[Path, Provenance] | None]:
    """What to read, packages standing for their sources, which are read under their own names; where
    these lie in their package; and where they are from, or None where no package says so."""
    sources: list[Path] = []
    places: dict[Path, Path] = {}
    provenance: dict[Path, Provenance] = {}
    for number, target in enumerate(targets):
        if not os.path.lexists(target / _DESCRIPTOR):
            sources.append(target)
            continue
        from yusuan.package import open_package

        package = open_package(target)
        try:
            (scratch / str(number)).mkdir()
            held = package.named_sources(scratch / str(number))
        except YusuanError:  # names are a comfort; what lies there is checked
            sources += [
                package.file(item["path"])
                for item in package.descriptor["resources"]
                if item["name"].startswith("source-")
            ]
            continue
        sources += held
        for path, record in held.items():
            places[path] = package.source(record.document)
            provenance[path] = Provenance.of(record)
    if provenance:
        provenance |= provenance_of(sources, find_sources(sources))
    return sources, places, provenance or None


def _in_packages(checked: CheckedSources, places: Mapping[Path, Path]) -> CheckedSources:
    """With the files where they lie in their packages, instead of copies that are gone."""

    def told(messages: Sequence[str]) -> tuple[str, ...]:
        for path, place in places.items():
            messages = [each.replace(str(path), f"{place} ({path.name})") for each in messages]
        return tuple(messages)

    paths = {key: places.get(path, path) for key, path in checked.paths.items()}
    return replace(
        checked, skipped=told(checked.skipped), repeated=told(checked.repeated), paths=paths
    )


def _print(report: CheckReport, checked: CheckedSources, form: str) -> None:
    listed = form in ("text", "json", "github", "sarif")
    for message in checked.misnamed:
        tell(f"Look at this: {message}", err=True)
    for message in (*checked.repeated, *(() if listed else checked.skipped)):
        tell(f"Left out: {message}", err=True)
    from yusuan import reports

    if form != "text":
        click.echo(getattr(reports, f"as_{form}")(report), nl=False)
        return
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    for line in reports.terminal_lines(report):
        for text in reports.wrapped(line, max(width, _NARROWEST)) if width else [line.text]:
            click.secho(text, fg=line.colour, bold=line.bold or None, dim=line.dim or None)
    print_unrecognised(checked.contents.unrecognised, report.lang)
