"""The command group; every error a user can cause is one message, never a traceback."""

from __future__ import annotations

from typing import Any

import click

from yusuan import __version__
from yusuan.cli.build import build
from yusuan.cli.check import check
from yusuan.cli.codes import codes
from yusuan.cli.publish import publish
from yusuan.cli.query import query
from yusuan.cli.rules import rules
from yusuan.cli.serve import serve
from yusuan.cli.show import show
from yusuan.cli.sweep import sweep
from yusuan.cli.validate import validate
from yusuan.model.errors import YusuanError

__all__ = ["main"]


class _Group(click.Group):
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


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="yusuan")
def main() -> None:
    """Turn published government budgets into open data that anyone can check, query and link."""


for command in (build, validate, check, sweep, show, serve, query, publish, codes, rules):
    main.add_command(command)
