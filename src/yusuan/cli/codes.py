"""``yusuan codes``: the group; each sub-command has its own module."""

from __future__ import annotations

import click

from yusuan.cli.lazy import CommandPlace, LazyGroup

__all__ = ["codes"]


_COMMANDS = {
    "show": CommandPlace("yusuan.cli.codes_show:show", "Everything known of a code."),
    "list": CommandPlace("yusuan.cli.codes_list:list_", "The lists, and how complete they are."),
    "check": CommandPlace("yusuan.cli.codes_check:check", "Prove the code lists."),
    "export": CommandPlace(
        "yusuan.cli.codes_export:export", "Write the lists as a data package and as SKOS."
    ),
    "import": CommandPlace(
        "yusuan.cli.codes_import:import_list",
        "Read a list as the Ministry publishes it, and keep it.",
    ),
    "harvest": CommandPlace(
        "yusuan.cli.codes_harvest:harvest", "Learn names of codes from built packages."
    ),
}


@click.group(cls=LazyGroup, places=_COMMANDS)
def codes() -> None:
    """The lists of classification codes: which code has which name in which year.

    The lists that come with yusuan hold what could be found, with its source; your own
    versions of them stand in the folder that `yusuan codes list` names (YUSUAN_CODES sets
    another), and every command reads both.

    \b
    Example:
      yusuan codes show 2080505 --year 2022
    """
