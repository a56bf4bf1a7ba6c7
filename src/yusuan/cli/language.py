"""The command line in the language of its user: ``--lang``, the environment, help, and the sentences
of click.

Which language is known before anything is parsed, so that a wrong option is told in it as well.
"""

from __future__ import annotations

import inspect
import os
import sys
from collections.abc import Iterable, Sequence
from typing import Any

import click

from yusuan.model.text import columns, folded
from yusuan.schema.translation import Language, language, language_of, translated

__all__ = [
    "CommandContext",
    "asked_language",
    "findings_language",
    "in_own_language",
    "tell",
]

_OPTION = "--lang"
_HELP = "Language of help, messages and findings; otherwise that of YUSUAN_LANG or of the locale."


def asked_language(arguments: Sequence[str]) -> Language | None:
    """The language of a command line: that of --lang, wherever it stands, else of the environment, else
    (on Windows) that of the desktop; None where nothing says."""
    said = None
    for position, argument in enumerate(arguments):
        if argument == "--":
            break
        name, _, value = argument.partition("=")
        if name == _OPTION:
            said = value or next(iter(arguments[position + 1 :]), "")
    if said in ("zh", "en"):
        return "zh" if said == "zh" else "en"
    return language_of(os.environ) or _of_desktop()


def _of_desktop() -> Language | None:
    """Windows has no variable for it."""
    if sys.platform == "win32":
        import ctypes
        import locale

        number = ctypes.windll.kernel32.GetUserDefaultUILanguage()
        return language_of({"LANG": locale.windows_locale.get(number, "")})
    return None


def findings_language() -> Language:
    """The language of findings: Chinese, as the documents are, where nobody has said."""
    return language() or "zh"


def tell(text: str, *, err: bool = False) -> None:
    """Print an English sentence in the language of the user."""
    click.echo(translated(text), err=err)


class _Formatter(click.HelpFormatter):
    """Help in the language of the user; in Chinese, lines are cut by the columns that they take."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        for part in ("[OPTIONS]", "COMMAND [ARGS]..."):
            args = args.replace(part, translated(part))
        super().write_usage(prog, args, prefix)

    def write_heading(self, heading: str) -> None:
        if language() == "zh":
            self.write(f"{'':>{self.current_indent}}{heading}：\n")
        else:
            super().write_heading(heading)

    def write_text(self, text: str) -> None:
        if language() != "zh":
            super().write_text(text)
            return
        indent = " " * self.current_indent
        told = []
        for paragraph in inspect.cleandoc(text).split("\n\n"):
            if paragraph.startswith("\b\n"):  # as it stands
                lines = paragraph.split("\n")[1:]
                told.append("\n".join(indent + translated(line) for line in lines))
            else:
                words = translated(" ".join(paragraph.split()))
                told.append("\n".join(folded(indent + words, self.width, len(indent))))
        self.write("\n\n".join(told) + "\n")

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        if language() != "zh":
            super().write_dl(rows, col_max, col_spacing)
            return
        listed = [(_with_kinds(name), text) for name, text in rows]
        first = min(max(columns(name) for name, _ in listed), col_max) + col_spacing
        margin = self.current_indent + first
        for name, text in listed:
            words, gap, more = text.partition("  [")
            head = f"{'':>{self.current_indent}}{name}"
            if columns(name) > first - col_spacing:
                self.write(head + "\n")
                head = ""
            line = f"{head}{' ' * (margin - columns(head))}{translated(words)}{gap}{more}"
            self.write("\n".join(folded(line, self.width - 2, margin)) + "\n")


def _with_kinds(name: str) -> str:
    """The names of an option with the kind of its value in Chinese."""
    for kind in ("INTEGER RANGE", "INTEGER", "FLOAT"):
        name = name.replace(f" {kind}", f" {translated(kind)}")
    return name


class CommandContext(click.Context):
    """The context of our commands."""

    formatter_class = _Formatter


def in_own_language(command: click.Command) -> click.Command:
    """The same command, which has --lang and writes its help in the language of the user."""
    command.context_class = CommandContext
    if not any(_OPTION in parameter.opts for parameter in command.params):
        command.params.append(
            click.Option([_OPTION], type=click.Choice(["zh", "en"]), expose_value=False, help=_HELP)
        )
    if isinstance(command, click.Group):
        for child in command.commands.values():
            in_own_language(child)
    return command


def _plural(one: str, many: str, number: int) -> str:
    return translated(one if number == 1 else many)


def _speak_through(modules: Iterable[Any]) -> None:
    """click marks each of its sentences with gettext's functions; ours take their place, since a
    catalogue of gettext would be chosen by the environment alone."""
    for module in modules:
        module._ = translated
        if hasattr(module, "ngettext"):
            module.ngettext = _plural


_speak_through((click.core, click.exceptions, click.formatting, click.parser, click.types))
