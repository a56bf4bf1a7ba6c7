"""Open a package: its descriptor, and each resource as a pandas DataFrame with exact values."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from yusuan.model.errors import YusuanError
from yusuan.schema import Field, catalogue

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Package", "open_package"]


_NEEDED = frozenset({"base", "name", "title", "licenses", "resources"})


def open_package(folder: str | Path) -> Package:
    """Open the package in a folder.

    Raises YusuanError when there is none, or its descriptor cannot be read.
    """
    root = Path(folder)
    path = root / "datapackage.json"
    if not path.is_file():
        raise YusuanError(
            f"{root}: no data package here (datapackage.json is missing); "
            "make one with `yusuan build SOURCE --output DIR`"
        )
    try:
        descriptor = json.loads(path.read_text("utf-8"))
    except (ValueError, UnicodeDecodeError) as error:
        raise YusuanError(f"{path}: not valid JSON: {error}") from error
    if not isinstance(descriptor, dict) or not _NEEDED.issubset(descriptor):
        raise YusuanError(f"{path}: a data package, but not one that yusuan built")
    return Package(root, descriptor)


_BATCH = 1_000
"""Rows that are read together."""


class Package:
    """A package on disk. Attributes named like the resources give DataFrames.

    Money and other numbers are ``decimal.Decimal`` (never floats), blanks are ``None``,
    codes stay text.

    >>> package = open_package("datapackage")  # doctest: +SKIP
    >>> package.facts["amount"].sum()  # doctest: +SKIP
    """

    def __init__(self, folder: Path, descriptor: dict[str, Any]) -> None:
        self.folder = folder
        self.descriptor = descriptor

    @property
    def base(self) -> str:
        """Prefix of every IRI of the package."""
        return str(self.descriptor["base"])

    def rows(self, name: str) -> Iterator[dict[str, str]]:
        """The rows of a resource as text, as they stand in the CSV; no memory is kept."""
        names = [field.name for field in catalogue()[name].fields]
        for cells in self.records(name):
            yield dict(zip(names, cells, strict=True))

    def records(self, name: str) -> Iterator[list[str]]:
        """The same as lists, in the order of the resource's fields.

        Raises YusuanError for a file that is missing, or has other columns.
        """
        for rows in self.batches(name):
            yield from rows

    def batches(self, name: str) -> Iterator[list[list[str]]]:
        """The records, some at a time: for millions of them. Raises YusuanError as ``records``."""
        resource = catalogue()[name]
        path = self.folder / resource.path
        if not path.is_file():
            raise YusuanError(f"{path}: missing; build the package anew")
        with path.open(encoding="utf-8", newline="") as stream:
            reader = csv.reader(stream)
            expected = [field.name for field in resource.fields]
            header = next(reader, [])
            if header != expected:
                raise YusuanError(
                    f"{path}, line 1: columns {', '.join(header)}; expected {', '.join(expected)}"
                )
            while rows := list(islice(reader, _BATCH)):
                if {*map(len, rows)} != {len(expected)}:
                    _check_widths(path, len(expected))
                    rows = [row for row in rows if row]
                yield rows

    def frame(self, name: str) -> pd.DataFrame:
        """A resource as a DataFrame with typed values."""
        import pandas as pd  # slow to load, and only who asks for a DataFrame needs it

        resource = catalogue()[name]
        data = {field.name: [] for field in resource.fields}  # type: dict[str, list[Any]]
        for row in self.rows(name):
            for field in resource.fields:
                data[field.name].append(typed(row[field.name], field))
        return pd.DataFrame({key: pd.Series(values, dtype=object) for key, values in data.items()})

    def __getattr__(self, name: str) -> pd.DataFrame:
        resource = name.replace("_", "-")
        for candidate in (name, resource):
            if candidate in catalogue():
                return self.frame(candidate)
        raise AttributeError(f"a package has no resource {name!r}")

    def __repr__(self) -> str:
        return f"<Package {self.descriptor['name']} in {self.folder}>"


def typed(text: str, field: Field) -> Any:
    """The value of a CSV cell; None for a blank."""
    if text == "":
        return None
    if field.type == "integer":
        return int(text)
    if field.type == "number":
        return Decimal(text)
    if field.type == "boolean":
        return text == "true"
    if field.type == "date":
        return date.fromisoformat(text)
    return tuple(text.split(field.separator)) if field.separator else text


def _check_widths(path: Path, width: int) -> None:
    """Blank lines are nothing; any other line has all the cells. Names the first that has not."""
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.reader(stream)
        for row in reader:
            if row and len(row) != width:
                raise YusuanError(
                    f"{path}, line {reader.line_num}: {len(row)} cells; expected {width}; "
                    "build the package anew"
                )
