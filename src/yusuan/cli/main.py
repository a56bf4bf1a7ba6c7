"""The command group; every error a user can cause is one message, never a traceback."""

from __future__ import annotations

from typing import Any

import click

from yusuan.cli.lazy import CommandPlace, LazyGroup
from yusuan.model.errors import YusuanError

__all__ = ["main"]


_COMMANDS = {
    "build": CommandPlace("yusuan.cli.build:build", "Build a data package from disclosures."),
    "link": CommandPlace("yusuan.cli.link:link", "Join packages and link what they hold."),
    "validate": CommandPlace(
        "yusuan.cli.validate:validate", "Validate a package with Frictionless."
    ),
    "check": CommandPlace(
        "yusuan.cli.check:check", "Check a disclosure and explain what disagrees."
    ),
    "sweep": CommandPlace("yusuan.cli.sweep:sweep", "Check the sums of many packages in one pass."),
    "show": CommandPlace("yusuan.cli.show:show", "Show the cell of a fact in its source."),
    "serve": CommandPlace("yusuan.cli.serve:serve", "Serve a package: SQL, JSON, SPARQL, pages."),
    "query": CommandPlace("yusuan.cli.query:query", "Run a SPARQL query over a package."),
    "restore": CommandPlace("yusuan.cli.restore:restore", "Turn a graph back into its tables."),
    "publish": CommandPlace(
        "yusuan.cli.publish:publish", "Publish a package to a web folder or a portal."
    ),
    "codes": CommandPlace("yusuan.cli.codes:codes", "Look up and prove the code lists."),
    "rules": CommandPlace("yusuan.cli.rules:rules", "The rules that a check applies."),
}


class _MainGroup(LazyGroup):
    """Turns a YusuanError into its sentence and exit status 2 (could not run)."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except YusuanError as error:
            message = str(error)
        except BrokenPipeError:
            raise  # the reader of our output has seen enough; click ends quietly
        except OSError as error:  # a full disk, a folder that may not be written
            message = f"{error.filename or 'files'}: {error.strerror or error}"
        for line in message.splitlines():
            click.echo(f"Error: {line}", err=True)
        ctx.exit(2)


def _print_version(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        from yusuan import __version__  # looks the installation up

        click.echo(f"yusuan, version {__version__}")
        ctx.exit()


@click.group(
    cls=_MainGroup, places=_COMMANDS, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.option("--version", is_flag=True, is_eager=True, expose_value=False,
              callback=_print_version, help="Show the version and exit.")  # fmt: skip
def main() -> None:
    """Turn published government budgets into open data that anyone can check, query and link."""
