"""``yusuan check``."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from dataclasses import asdict
from pathlib import Path

import click

from yusuan.cli.build import progress, schemas_option
from yusuan.cli.left_out import print_left_out
from yusuan.cli.propose import propose_option, write_proposals
from yusuan.model.findings import Finding
from yusuan.package import open_package
from yusuan.pipeline import Checked, check_sources
from yusuan.schema.overlay import using_schemas

__all__ = ["check"]

_HEADINGS = {
    "zh": {"error": "错误", "warning": "需核实", "rounding": "四舍五入", "note": "提示"},
    "en": {"error": "Errors", "warning": "To verify", "rounding": "Rounding", "note": "Notes"},
}
_LEVELS = ("error", "warning", "rounding", "note")
_COLOURS = {"error": "red", "warning": "yellow", "rounding": "cyan", "note": None}


@click.command(short_help="Check a disclosure and explain what disagrees.")
@click.argument("target", metavar="DIR|SOURCE", type=click.Path(path_type=Path))
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True,
              help="Language of the messages.")  # fmt: skip
@click.option("--format", "form", type=click.Choice(["text", "json", "csv"]), default="text",
              show_default=True, help="How to print it.")  # fmt: skip
@click.option("--fail-on", type=click.Choice([*_LEVELS, "never"]), default="error",
              show_default=True, help="The mildest verdict that gives exit status 1.")  # fmt: skip
@propose_option
@schemas_option
def check(
    target: Path, lang: str, form: str, fail_on: str, propose: Path | None, schemas: Path | None
) -> None:
    """Check a disclosure (or the sources of a package) against the rules.

    Findings are listed worst first: what is printed where, what it contradicts, what it
    probably should be. What was not recognised is listed below them (not in CSV) with what
    to do; it changes no exit status. Nothing is changed. Exit status 0 when clean, 1 with findings at or
    above --fail-on, 2 when the check could not run.

    \b
    Example:
      yusuan check disclosure.md
      yusuan check budget/ --lang en --format json
      yusuan check budget/ --propose patch.csv
    """
    sources = target
    if (target / "datapackage.json").exists():
        sources = open_package(target).folder / "source"
    with using_schemas(schemas):
        checked = check_sources(sources, progress=progress)
        if propose:
            write_proposals(checked, propose)
        for message in (*checked.repeated, *(checked.skipped if form == "csv" else ())):
            click.echo(f"Left out: {message}", err=True)
        _PRINTERS[form](checked, lang)
    levels = _LEVELS[: _LEVELS.index(fail_on) + 1] if fail_on != "never" else ()
    if any(finding.verdict in levels for finding in checked.findings):
        raise SystemExit(1)


def _print_text(checked: Checked, lang: str) -> None:
    titles = Counter(document.title for document in checked.contents.documents)
    for document in checked.contents.documents:
        title = document.title or document.file
        if titles[document.title] > 1:  # a district's departments can share one title
            title = document.file
        own = [finding for finding in checked.findings if finding.document == document.document]
        counts = ", ".join(
            f"{_HEADINGS[lang][level]} {number}"
            for level in _LEVELS
            if (number := sum(finding.verdict == level for finding in own))
        )
        click.secho(
            f"{title}: {counts or ('未发现矛盾' if lang == 'zh' else 'nothing found')}", bold=True
        )
        for level in _LEVELS:
            group = [finding for finding in own if finding.verdict == level]
            if group:
                click.secho(f"\n{_HEADINGS[lang][level]}", fg=_COLOURS[level], bold=True)
            for finding in group:
                click.echo(f"  - {finding.message_zh if lang == 'zh' else finding.message_en}")
    print_left_out(checked.contents.unrecognised, lang)


def _print_json(checked: Checked, lang: str) -> None:
    report = {
        "findings": [asdict(finding) for finding in checked.findings],
        "unrecognised": [asdict(entry) for entry in checked.contents.unrecognised],
    }
    click.echo(json.dumps(report, ensure_ascii=False, indent=2))


def _print_csv(checked: Checked, lang: str) -> None:
    names = [name for name in Finding.__dataclass_fields__ if name != "evidence"]
    stream = io.StringIO()
    writer = csv.DictWriter(stream, names, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(asdict(finding) for finding in checked.findings)
    click.echo(stream.getvalue(), nl=False)


_PRINTERS = {"text": _print_text, "json": _print_json, "csv": _print_csv}
