"""``yusuan codes check``."""

from __future__ import annotations

import click

from yusuan.codes.prove import prove_lists

__all__ = ["check"]


@click.command()
def check() -> None:
    """Prove the lists, built-in and your own, and the correspondences between them.

    No code without one above it, none below itself, none with two names in one year; each
    one level below its parent, of the length of its level, with a name; both ends of each
    correspondence in their lists. Exit status 0 when all holds, 1 with violations, each
    with file and line, 2 when a file cannot be read.

    \b
    Example:
      yusuan codes check
    """
    proof = prove_lists()
    for what, count in sorted(proof.counts.items()):
        click.echo(f"{what} {count:,}")
    for violation in proof.violations:
        click.secho(violation, fg="red")
    count = len(proof.violations)
    click.echo(f"{count:,} violation{'' if count == 1 else 's'}" if count else "All holds.")
    if count:
        raise SystemExit(1)
