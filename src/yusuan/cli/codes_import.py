"""``yusuan codes import`` and ``yusuan codes harvest``: names and codes of one's own."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from yusuan.cli.common import write_whole
from yusuan.cli.language import tell
from yusuan.codes import CodeEntry, list_names
from yusuan.codes.codebooks import (
    Changes,
    Codebook,
    ListProblem,
    code_above,
    compare,
    level_names,
    list_ids,
    read_codebook,
)
from yusuan.codes.lists import sourced_entries
from yusuan.codes.name_resolution import Pair
from yusuan.codes.store import Version, save_version, version_entries, versions
from yusuan.model.errors import YusuanError
from yusuan.model.text import counted, printable
from yusuan.package.harvest import COLUMNS, harvest_rows, keep
from yusuan.package.harvest import harvest as harvest_packages

__all__ = ["harvest", "import_list"]

_SHOWN = 20
"""Changes of a kind that the text lists; JSON has them all."""
_GONE = {True: "Withdrawn", False: "Attested before, not in this list"}
_YEARS = click.IntRange(2007, 2100)  # the classification in use began in 2007


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--list", "list_id", type=click.Choice(list_ids()), required=True,
              help="Which list to read; a file may hold several.")  # fmt: skip
@click.option("--year", type=_YEARS, required=True, help="The budget year the list is for.")
@click.option("--dry-run", is_flag=True, help="Report only; keep nothing.")
@click.option("--replace", is_flag=True, help="Replace a version of that year kept before.")
@click.option("--accept-problems", is_flag=True,
              help="Keep what was read in spite of the problems told.")  # fmt: skip
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text",
              show_default=True, help="How to print the report.")  # fmt: skip
def import_list(
    file: Path, list_id: str, year: int, dry_run: bool, replace: bool, accept_problems: bool,
    form: str,
) -> None:  # fmt: skip
    """Read a list of 政府收支分类科目 and keep it as the version of its year.

    FILE is the publication as people have it: PDF, DOCX, XLSX, XLS, ODS, CSV, HTML or text, with
    类, 款 and 项 in columns of their own or joined to one code. It is checked (parents, lengths,
    repeated codes, the year in its title) and compared with the version before, or with what
    sources attest where there is none. Anything not understood is told with page, line and cell,
    and then nothing is kept. Every later command reads the versions that are kept (in the folder
    YUSUAN_CODES, else the user's data folder). Exit status 0 when it was kept or could have
    been, 1 when problems forbid it, 2 when the file could not be read.

    \b
    Example:
      yusuan codes import 2024年政府收支分类科目.pdf --list expenditure-function --year 2024
    """
    kept = {version.year: version for version in versions(list_id, year if replace else None)}
    if year in kept and not (replace or dry_run):
        raise YusuanError(
            f"{list_id} {year} is kept already (from {kept[year].file}); give --replace to "
            "replace it, or --dry-run to compare only"
        )
    book = read_codebook(file, list_id, year)
    compared, before, official = _before(list_id, year)
    changes = compare(before, {item.code: item.name for item in book.items if item.name})
    stored = None
    allowed = accept_problems or not book.problems
    if allowed and not dry_run:
        entries = _entries(book)
        stored = save_version(
            Version(list_id, year, book.file, book.sha256,
                    datetime.now(UTC).isoformat(timespec="seconds"), len(entries)),
            entries,
        )  # fmt: skip
    if form == "json":
        tell(json.dumps(_report(book, compared, changes, stored), ensure_ascii=False, indent=2))
    else:
        for line in _lines(book, compared, before, changes, official):
            tell(line)
        tell(_outcome(book, stored, allowed))
    if not allowed:
        raise SystemExit(1)


def _before(list_id: str, year: int) -> tuple[str | None, dict[str, str], bool]:
    """What the list is compared with, its names by code, and whether it is a whole version."""
    earlier = [version for version in versions(list_id, year) if version.year < year]
    if earlier:
        last = earlier[-1]
        found = version_entries(list_id, last.year)
        return f"{last.year} (from {last.file})", {entry.code: entry.name for entry in found}, True
    if list_id not in list_names():
        return None, {}, False
    latest: dict[str, CodeEntry] = {}
    for entry in sourced_entries(list_id):
        known = latest.get(entry.code)
        if entry.valid_from < year and (
            known is None or entry.valid_from >= known.valid_from
        ):  # fmt: skip
            latest[entry.code] = entry
    if not latest:
        return None, {}, False
    label = f"what sources attest before {year}, which is no complete list"
    return label, {code: entry.name for code, entry in latest.items()}, False


def _entries(book: Codebook) -> list[CodeEntry]:
    """The rows to keep; a code without a name is none."""
    return [
        CodeEntry(
            list=book.list,
            code=item.code,
            name=item.name,
            name_en=item.name_en,
            valid_from=book.year,
            valid_to=book.year,
            parent=code_above(book.list, item.code),
            level=item.level,
            status="official",
            source=f"{book.file} sha256:{book.sha256}",
        )
        for item in book.items
        if item.name
    ]


def _lines(
    book: Codebook, compared: str | None, before: dict[str, str], changes: Changes, official: bool
) -> Iterator[str]:
    levels = level_names(book.list)
    counts = ", ".join(f"{levels[level - 1]} {count:,}" for level, count in book.counts().items())
    yield f"{book.list} {book.year} in {book.file}: {counted(len(book.items), 'item')} ({counts})"
    if book.repeated:
        yield f"Printed again alike: {counted(book.repeated, 'row')}"
    for other, count in book.others.items():
        yield f"Of another list, left aside: {counted(count, 'row')} of {other}"
    yield from _group(
        "Marked as withdrawn in the file, not kept",
        [f"{item.code} {item.name} ({item.place})" for item in book.withdrawn],
    )
    yield from _remarks(book.remarks)
    if compared:
        yield f"Compared with {compared}: {counted(changes.unchanged, 'item')} unchanged"
        names = {item.code: item.name for item in book.items}
        added = [f"{c} {name}{_once(before.get(c), 'before')}" for c, name in changes.added]
        gone = [f"{c} {name}{_once(names.get(c), 'now')}" for c, name in changes.withdrawn]
        yield from _group("Added", added)
        yield from _group("Renamed", [f"{c} {old} → {new}" for c, old, new in changes.renamed])
        yield from _group("Moved", [f"{old} → {new} {name}" for old, new, name in changes.moved])
        yield from _group(_GONE[official], gone)
    else:
        yield f"No earlier version of {book.list} to compare with"
    if book.problems:
        yield from _group("Problems", [str(problem) for problem in book.problems])


def _once(name: str | None, when: str) -> str:
    """What else a code means that is used again."""
    return f" ({when} the code of {name})" if name else ""


def _group(title: str, lines: Sequence[str]) -> Iterator[str]:
    if not lines:
        return
    yield f"{title}: {len(lines):,}"
    yield from (f"  {line}" for line in lines[:_SHOWN])
    if len(lines) > _SHOWN:
        yield f"  … and {len(lines) - _SHOWN:,} more; --format json lists all"


def _remarks(remarks: Sequence[ListProblem]) -> Iterator[str]:
    titles = {
        "joined": "Rows joined to the one above",
        "column": "Columns not read",
        "contents": "Lines of the contents",
        "aside": "Text beside the list",
    }
    kinds = Counter(remark.kind for remark in remarks)
    for kind in sorted(kinds, key=list(titles).index):
        yield from _group(titles[kind], [str(r) for r in remarks if r.kind == kind])


def _outcome(book: Codebook, stored: Path | None, allowed: bool) -> str:
    if stored:
        return f"Kept: {printable(str(stored))}"
    if allowed:
        return "Nothing kept (--dry-run)"
    return (
        f"Nothing kept: {counted(len(book.problems), 'problem')}. Correct the file, or give "
        "--accept-problems to keep what was read"
    )


def _report(
    book: Codebook, compared: str | None, changes: Changes, stored: Path | None
) -> dict[str, Any]:
    levels = level_names(book.list)
    return {
        "list": book.list,
        "year": book.year,
        "file": book.file,
        "sha256": book.sha256,
        "counts": {levels[level - 1]: count for level, count in book.counts().items()},
        "items": [{**asdict(item), "place": str(item.place)} for item in book.items],
        "withdrawn_in_file": [{**asdict(i), "place": str(i.place)} for i in book.withdrawn],
        "others": dict(book.others),
        "repeated": book.repeated,
        "problems": [_as_json(problem) for problem in book.problems],
        "remarks": [_as_json(remark) for remark in book.remarks],
        "compared_with": compared,
        "changes": {
            "added": [dict(zip(("code", "name"), c, strict=True)) for c in changes.added],
            "renamed": [
                dict(zip(("code", "before", "name"), c, strict=True)) for c in changes.renamed
            ],
            "moved": [dict(zip(("before", "code", "name"), c, strict=True)) for c in changes.moved],
            "withdrawn": [dict(zip(("code", "name"), c, strict=True)) for c in changes.withdrawn],
            "unchanged": changes.unchanged,
        },
        "stored": str(stored) if stored else None,
    }


def _as_json(problem: ListProblem) -> dict[str, Any]:
    place = problem.place
    return {
        "kind": problem.kind,
        "page": place.page if place else None,
        "line": place.line if place else None,
        "cell": place.cell if place else None,
        "message": problem.message,
    }


@click.command()
@click.argument("folders", nargs=-1, required=True, metavar="DIR...",
                type=click.Path(path_type=Path))  # fmt: skip
@click.option("-o", "--output", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path),
              help="Write the list there instead of printing it.")  # fmt: skip
@click.option("--format", "form", type=click.Choice(["csv", "json"]), default="csv",
              show_default=True, help="How to write it.")  # fmt: skip
@click.option("--keep", "kept", is_flag=True,
              help="Keep in your own lists what agrees, instead of what was kept before.")  # fmt: skip
def harvest(folders: tuple[Path, ...], output: Path | None, form: str, kept: bool) -> None:
    """List each code with the names that the documents of packages print, and judge them.

    DIR is a package that `yusuan build` made. For each list, year, code and name: how many
    documents and departments print it, in which years, and the verdict. agreed: a list has it,
    or two departments print it and nothing speaks against it. conflict: a list of that year, or
    as many departments, have another name for the code, or another code for the name; `against`
    names them. new: no list has it and one department prints it. A document counts once.

    --keep stores the agreed names that the lists lack, and no others, so that every later
    command knows them.

    \b
    Example:
      yusuan codes harvest budget-2023/ budget-2024/ --output names.csv
      yusuan codes harvest budget/ --format json --keep
    """
    pairs = harvest_packages(folders)
    text = _FORMATS[form](list(harvest_rows(pairs)))
    if output is None:
        click.echo(text, nl=False)
    else:
        write_whole(output, text)
    verdicts = Counter(pair.verdict for pair in pairs)
    listed = ", ".join(f"{verdicts[name]} {name}" for name in ("agreed", "conflict", "new"))
    tell(f"{counted(len(pairs), 'name')} of codes: {listed}", err=True)
    if kept:
        _keep(pairs)


def _keep(pairs: list[Pair]) -> None:
    files, homeless = keep(pairs)
    for path, number in files.items():
        tell(f"Kept {counted(number, 'name')} in {path}", err=True)
    if not any(files.values()):
        tell("Kept nothing: the lists have every name that agrees", err=True)
    for entry in homeless:
        tell(
            f"Not kept: {entry.code} {entry.name}; no list has {entry.parent}, the code above it",
            err=True,
        )


def _csv(rows: list[dict[str, object]]) -> str:
    stream = io.StringIO()
    writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


def _json(rows: list[dict[str, object]]) -> str:
    return json.dumps(rows, ensure_ascii=False, indent=2) + "\n"


_FORMATS = {"csv": _csv, "json": _json}
