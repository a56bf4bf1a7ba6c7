"""The options that write a patch (``check --propose``) and apply one (``build --patch``)."""

from __future__ import annotations

from pathlib import Path

import click

from yusuan.corrections import AppliedPatches, earlier_rows, proposals, write_patch
from yusuan.model.text import counted
from yusuan.pipeline import CheckedSources

__all__ = ["patch_option", "print_applied", "propose_option", "write_proposals"]


def _writable(context: click.Context, option: click.Parameter, path: Path | None) -> Path | None:
    """Refuse to write over something else before anything is read."""
    if path is not None:
        earlier_rows(path)
    return path


_TOLD = 5
"""More new errors than these are counted, not listed."""

propose_option = click.option(
    "--propose", metavar="FILE", type=click.Path(path_type=Path), callback=_writable,
    help="Also write the corrections that errors call for as a patch (CSV), for people to "
    "accept or reject; what they decided in an earlier one is kept.",
)  # fmt: skip
patch_option = click.option(
    "--patch", "patches", metavar="FILE", multiple=True, type=click.Path(path_type=Path),
    help="A patch that a reviewer filled in; accepted corrections stand beside what is "
    "published. May be given more than once.",
)  # fmt: skip


def write_proposals(checked: CheckedSources, path: Path) -> None:
    """Write the patch and say on stderr what is in it: stdout has the findings."""
    found = proposals(checked.contents, checked.findings)
    written = write_patch(path, found.rows)
    message = f"{path}: {counted(written.proposed, 'proposed correction')}"
    if written.open:
        message += f", {written.open} more to look up (without a proposal)"
    if written.kept:
        message += f"; kept what reviewers filled in for {written.kept}"
    if written.others:
        message += f"; kept {written.others} that are no longer proposed, at the end"
    click.echo(message, err=True)
    if found.uncorrectable:
        click.echo(
            f"Not in it: {counted(found.uncorrectable, 'error')} about no single number of the data",
            err=True,
        )


def print_applied(applied: AppliedPatches) -> None:
    """What became of the patches, and whether the corrected numbers agree."""
    done = len(applied.corrections)
    click.echo(
        f"Corrections: {done} applied, {applied.rejected} rejected, "
        f"{applied.undecided} undecided (data/corrections.csv; published values stay)"
    )
    if done:
        left = applied.errors_corrected
        click.echo(
            f"With the corrected numbers: {counted(left, 'error')}, "
            f"as published: {applied.errors_published}"
            + ("" if left else "; all that is checked agrees")
        )
    for finding in applied.errors_new[:_TOLD]:
        click.echo(f"Not there before: {finding.message_en}", err=True)
    if len(applied.errors_new) > _TOLD:
        click.echo(f"and {len(applied.errors_new) - _TOLD} more errors", err=True)
