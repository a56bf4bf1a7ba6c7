"""``yusuan codes``: the group; each sub-command has its own module."""

from __future__ import annotations

import click

from yusuan.cli.codes_check import check
from yusuan.cli.codes_export import export
from yusuan.cli.codes_harvest import harvest
from yusuan.cli.codes_import import import_list
from yusuan.cli.codes_list import list_
from yusuan.cli.codes_show import show

__all__ = ["codes"]


@click.group(short_help="Look up and prove the code lists.")
def codes() -> None:
    """The lists of classification codes: which code has which name in which year.

    The lists that come with yusuan hold what could be found, with its source; your own
    versions of them stand in the folder that `yusuan codes list` names (YUSUAN_CODES sets
    another), and every command reads both.

    \b
    Example:
      yusuan codes show 2080505 --year 2022
    """


codes.add_command(show)
codes.add_command(list_)
codes.add_command(check)
codes.add_command(export)
codes.add_command(import_list)
codes.add_command(harvest)
