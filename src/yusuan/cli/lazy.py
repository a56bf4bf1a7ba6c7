"""A command group that loads a command only when it is used: its help needs none of them."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any, NamedTuple

import click

__all__ = ["CommandPlace", "LazyGroup"]


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
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, self.places[name].help) for name in self.list_commands(ctx)])
