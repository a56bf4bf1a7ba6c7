"""What several commands share: options, the bar of progress, files that are written whole or not at
all, the list of what was not recognised."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import click

from yusuan.files.atomic import named, whole_file
from yusuan.files.resolve import without_links
from yusuan.model.errors import YusuanError
from yusuan.model.records import Unrecognised
from yusuan.model.text import counted
from yusuan.schema.messages import Texts, listed_texts, message
from yusuan.schema.translation import language, translated

__all__ = [
    "damage_of_package",
    "print_unrecognised",
    "progress",
    "schemas_option",
    "tally",
    "target_file",
    "write_whole",
]

T = TypeVar("T")


def progress(results: Iterable[T], total: int) -> Iterator[T]:
    """Show a bar on a terminal when there is more than one document."""
    if total < 2:
        yield from results
        return
    with click.progressbar(
        results, length=total, label=translated("Reading"), file=sys.stderr
    ) as bar:
        yield from bar


schemas_option = click.option(
    "--schemas", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder with more titles, headings, synonyms and rules, laid out like schemas/ "
    "(or set YUSUAN_SCHEMAS).",
)  # fmt: skip


def target_file(
    path: Path, suffixes: Sequence[str], kind: str, sources: Iterable[Path] = ()
) -> Path:
    """A file that may be written, asked before the work begins.

    Raises YusuanError for a folder, a name that says another format, a place that does not
    exist or may not be written, and a place within what is read: it would be read the next
    time.
    """
    if path.is_dir():
        raise YusuanError(f"{path}: a folder; name a file, such as {path / f'report{suffixes[0]}'}")
    if path.suffix.lower() not in suffixes:
        raise YusuanError(
            f"{path}: {kind} is written; give the file a name that ends in {suffixes[0]}"
        )
    if not path.parent.is_dir():
        raise YusuanError(f"{path.parent}: no such folder; make it first")
    if not os.access(path.parent, os.W_OK):
        raise YusuanError(f"{path.parent}: may not be written; name a file in another folder")
    real = without_links(path)
    for source in sources:
        there = source.resolve()
        if real == there or (source.is_dir() and real.is_relative_to(there)):
            raise YusuanError(
                f"{path}: lies in what is checked ({source}); name a file elsewhere, so that "
                "nothing is replaced and the file is not read as a disclosure"
            )
    return path


def write_whole(path: Path, content: str) -> None:
    """Write a text as UTF-8; the file appears only when all of it is there.

    Raises YusuanError naming the file when it cannot be written.
    """
    with whole_file(path) as made, named(made):
        made.write_text(content, "utf-8", newline="")


_SCOPES = ("file", "page", "member", "sheet", "table", "column", "row", "cell")


def tally(scopes: Iterable[str], lang: str | None = None) -> str:
    """How much was left out, by scope, or an empty text; in the language of the user, or another.

    >>> tally(["table", "table", "file"]), tally(["table", "file"], "zh")
    ('1 file, 2 tables', '文件1个、表1张')
    """
    counts = Counter(scopes)
    found = [scope for scope in _SCOPES if counts[scope]]
    texts = [message(f"scope-{scope}", count=counts[scope]) for scope in found]
    if (lang or language()) == "zh":
        return "、".join(zh for zh, _ in texts)
    return ", ".join(
        counted(counts[scope], en) for scope, (_, en) in zip(found, texts, strict=True)
    )


def print_unrecognised(entries: Sequence[Unrecognised], lang: str) -> None:
    """A section of its own below the findings: what, where, why and what to do."""
    if not entries:
        return
    zh = lang == "zh"
    amount = tally((entry.scope for entry in entries), lang)
    heading = message("left-out", amount=amount)[0 if zh else 1]
    click.secho(f"\n{heading}", fg="yellow", bold=True)
    for entry in entries:
        reason, advice = (
            (entry.reason_zh, entry.advice_zh) if zh else (entry.reason_en, entry.advice_en)
        )
        where = _where(entry, zh)
        if entry.scope == "file":
            click.echo(f"  - {where}{'：' if zh else ': '}{reason}")
            continue
        click.echo(
            f"  - {where}“{entry.printed}”：{reason}。{advice}。" if zh
            else f'  - {where}, "{entry.printed}": {reason}; {advice}.'
        )  # fmt: skip


def _where(entry: Unrecognised, zh: bool) -> str:
    parts: list[Texts] = [(entry.file, entry.file)]
    if entry.page:
        parts.append(message("page-alone", page=entry.page))
    if entry.line:
        parts.append(message("line-alone", line=entry.line))
    if entry.cell:
        parts.append(message("cell-alone", cell=entry.cell))
    if count := entry.numbers:
        parts.append(message("numbers-there", count=count, counted=counted(count, "number")))
    return listed_texts(parts, (" ", ", "))[0 if zh else 1]


def damage_of_package(given: Iterable[str | Path]) -> str | None:
    """What is wrong with the values of the first package among the arguments that is not valid;
    None where all are: then the mistake is ours."""
    for name in given:
        try:
            if not Path(name, "datapackage.json").is_file():
                continue
        except OSError:  # no name that a file could have
            continue
        from yusuan.package import validate_package  # slow to load

        try:
            errors = validate_package(name).errors
        except YusuanError as error:
            return str(error)
        if errors:
            return f"{name}: {str(errors[0])[:_DAMAGE_SHOWN]}; `yusuan validate` tells all"
    return None


_DAMAGE_SHOWN = 400
"""Characters of what is wrong with a package; a value may be as long as a file."""
