"""The command group: a command is loaded when it is used, and every error a user can cause is one
message, never a traceback."""

from __future__ import annotations

import atexit
import gc
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any, NamedTuple

import click

from yusuan.cli.language import asked_language, in_own_language, tell
from yusuan.model.errors import YusuanError
from yusuan.model.text import printable
from yusuan.schema.translation import speaking, translated
from yusuan.workers.signals import Ended

__all__ = ["CommandPlace", "LazyGroup", "main"]


class CommandPlace(NamedTuple):
    """Where a command is, as ``module:name``, and what the help of its group says of it."""

    target: str
    help: str


class LazyGroup(click.Group):
    """``places`` are the commands by name, in the order in which the documents tell of them."""

    def __init__(self, *arguments: Any, places: Mapping[str, CommandPlace], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.places = places

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(self.places)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        place = self.places.get(cmd_name)
        return place and self.load(place)

    def load(self, place: CommandPlace) -> click.Command:
        module, _, name = place.target.partition(":")
        command = getattr(import_module(module), name)
        assert isinstance(command, click.Command)
        return in_own_language(command)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section(translated("Commands")):
            formatter.write_dl([(name, self.places[name].help) for name in self.list_commands(ctx)])


_COMMANDS = {
    "build": CommandPlace("yusuan.cli.build:build", "Build a data package from disclosures."),
    "update": CommandPlace("yusuan.cli.build:update", "Add disclosures to a package."),
    "link": CommandPlace("yusuan.cli.packages:link", "Join packages and link what they hold."),
    "validate": CommandPlace(
        "yusuan.cli.packages:validate", "Validate a package with Frictionless."
    ),
    "check": CommandPlace(
        "yusuan.cli.check:check", "Check a disclosure and explain what disagrees."
    ),
    "sweep": CommandPlace(
        "yusuan.cli.packages:sweep", "Check the sums of many packages in one pass."
    ),
    "diff": CommandPlace("yusuan.cli.diff:diff", "Tell what changed between two packages."),
    "show": CommandPlace("yusuan.cli.packages:show", "Show the cell of a fact in its source."),
    "desk": CommandPlace("yusuan.cli.publish:desk", "Check files on a page of this machine."),
    "serve": CommandPlace("yusuan.cli.publish:serve", "Serve a package: SQL, JSON, SPARQL, pages."),
    "query": CommandPlace("yusuan.cli.packages:query", "Run a SPARQL query over a package."),
    "restore": CommandPlace("yusuan.cli.packages:restore", "Turn a graph back into its tables."),
    "publish": CommandPlace(
        "yusuan.cli.publish:publish", "Publish a package to a web folder or a portal."
    ),
    "codes": CommandPlace("yusuan.cli.codes:codes", "Look up and prove the code lists."),
    "rules": CommandPlace("yusuan.cli.rules:rules", "The rules that a check applies."),
}


_ALLOCATIONS = 100_000
"""After how many is garbage looked for: records and words are made by the thousand and are none, so
that looking every 700, as is usual, takes a tenth of the time of a check."""


class _MainGroup(LazyGroup):
    """Turns a YusuanError into its sentence and exit status 2 (could not run)."""

    def main(self, args: Sequence[str] | None = None, *rest: Any, **options: Any) -> Any:
        with speaking(asked_language(sys.argv[1:] if args is None else args)):
            return super().main(args, *rest, **options)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        ctx.meta[_GIVEN] = tuple(args)
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        gc.set_threshold(_ALLOCATIONS)
        atexit.register(gc.freeze)  # what is left at the end need not be looked through
        try:
            return super().invoke(ctx)
        except YusuanError as error:
            message = str(error)
        except Ended as told:
            tell(f"Error: told to end ({told.signal}); nothing is half written", err=True)
            raise
        except BrokenPipeError:
            raise  # the reader of our output has seen enough; click ends quietly
        except OSError as error:  # a full disk, a folder that may not be written
            message = f"{error.filename or 'files'}: {error.strerror or error}"
        except (LookupError, ValueError, TypeError, AttributeError, ArithmeticError):
            from yusuan.cli.common import damage_of_package  # slow to load

            damage = damage_of_package(ctx.meta[_GIVEN])
            if damage is None:
                raise
            message = damage
        for line in _lines(message, ctx.meta[_GIVEN]):
            tell(f"Error: {line}", err=True)
        ctx.exit(2)


_GIVEN = "yusuan.given"


def _lines(message: str, given: Sequence[str]) -> list[str]:
    """The lines of a message as a terminal may show them: each argument given is on one line, and
    nothing in them moves the cursor."""
    for name in given:
        if len(name.splitlines()) > 1:
            message = message.replace(name, printable(name))
    return [printable(line) for line in message.splitlines()]


def _print_version(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        from yusuan import __version__  # looks the installation up

        tell(f"yusuan, version {__version__}")
        ctx.exit()


@click.group(
    cls=_MainGroup, places=_COMMANDS, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.option("--version", is_flag=True, is_eager=True, expose_value=False,
              callback=_print_version, help="Show the version and exit.")  # fmt: skip
def main() -> None:
    """Turn published government budgets into open data that anyone can check, query and link."""


in_own_language(main)
