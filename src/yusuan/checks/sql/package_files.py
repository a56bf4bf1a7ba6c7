"""The files of built packages, as DuckDB reads them."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from yusuan.files.resolve import inside
from yusuan.model.errors import YusuanError
from yusuan.schema import catalogue

__all__ = ["Source", "find_source", "literal", "scan"]


@dataclass(frozen=True, slots=True)
class Source:
    """The files of one package, as CSV or as Parquet."""

    facts: Path
    documents: Path

    @property
    def parquet(self) -> bool:
        return self.facts.suffix == ".parquet"


def find_source(folder: Path) -> Source:
    """The facts and documents of a package or of its publication; Parquet where there is both.

    Raises YusuanError when they are not there.
    """
    for place, suffix in (("parquet", "parquet"), ("", "parquet"), ("data", "csv")):
        facts, documents = (folder / place / f"{name}.{suffix}" for name in ("facts", "documents"))
        if facts.exists() or facts.is_symlink():
            if not documents.exists():
                raise YusuanError(
                    f"{documents}: missing; the facts beside it cannot be checked without the "
                    "documents they are of; build or publish the package anew"
                )
            for file in (facts, documents):
                inside(folder, file.relative_to(folder).as_posix())
            return Source(facts, documents)
    raise YusuanError(
        f"{folder}: no package here (neither data/facts.csv nor parquet/facts.parquet); "
        "make one with `yusuan build SOURCE --output DIR`"
    )


def scan(resource: str, files: Sequence[Path], columns: str, *, filename: bool = True) -> str:
    """A query for columns of a resource in files of one kind.

    Raises YusuanError for a CSV with another header than the schema says.
    """
    names = ", ".join(literal(str(file)) for file in files)
    named = f"filename={str(filename).lower()}"
    if files[0].suffix == ".parquet":
        return f"select {columns} from read_parquet([{names}], {named})"
    expected = [field.name for field in catalogue()[resource].fields]
    for file in files:
        _check_header(file, expected)
    kinds = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in expected)
    return (
        f"select {columns} from read_csv([{names}], {named}, auto_detect=false, header=true, "
        f"delim=',', quote='\"', escape='\"', nullstr='', columns={{{kinds}}})"
    )


def _check_header(file: Path, expected: Sequence[str]) -> None:
    with file.open(encoding="utf-8", newline="") as stream:
        try:
            found = next(csv.reader(stream), [])
        except (UnicodeDecodeError, csv.Error) as error:
            raise YusuanError(f"{file}: not a CSV in UTF-8: {error}") from error
    if found != expected:
        raise YusuanError(
            f"{file}, line 1: columns {', '.join(found)}; expected {', '.join(expected)}; "
            "build the package anew"
        )


def literal(text: str) -> str:
    """A text in SQL."""
    return "'" + text.replace("'", "''") + "'"
