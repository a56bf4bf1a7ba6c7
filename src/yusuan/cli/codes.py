"""``yusuan codes``: the group; each sub-command has its own module."""

from __future__ import annotations

import click

from yusuan.cli.codes_harvest import harvest_command

__all__ = ["codes"]


@click.group(short_help="Look up and prove the code lists.")
def codes() -> None:
    """The lists of classification codes: look up, prove, import and harvest."""


codes.add_command(harvest_command)
