"""Open a package: its descriptor, its rows, its records, and DataFrames with exact values."""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO, TypeVar

from yusuan.files.resolve import inside, regular_files
from yusuan.model.errors import YusuanError
from yusuan.model.records import DocumentRecord
from yusuan.model.text import printable
from yusuan.package.descriptor import read_descriptor
from yusuan.schema import catalogue
from yusuan.schema.records import record_of, typed

__all__ = ["Package", "bounded_lines", "open_package", "records"]

if TYPE_CHECKING:
    import pandas as pd


def open_package(folder: str | Path) -> Package:
    """Open the package in a folder.

    Raises YusuanError when there is none, or its descriptor does not keep to the profile
    (``yusuan.package.descriptor``).
    """
    root = Path(folder)
    return Package(root, read_descriptor(root))


_BATCH = 1_000
"""Rows that are read together."""
_LONGEST_LINE = 4_000_000
"""Characters of a line of a data file; a row of cells as long as any that is read has a million."""
csv.field_size_limit(_LONGEST_LINE)  # of the whole process, which has 131,072 otherwise
DOCUMENTS = "documents"
_DOCUMENT = re.compile(r"[0-9a-f]{12}")


class Package:
    """A package on disk. Attributes named like the resources give DataFrames; ``dir`` lists them.

    Money and other numbers are ``decimal.Decimal`` (never floats), blanks are ``None``,
    codes stay text.

    >>> package = open_package("datapackage")  # doctest: +SKIP
    >>> package.spending.groupby("function_class_name").amount.sum()  # doctest: +SKIP
    >>> package.compare(["expenditure-total", "three-public"])  # doctest: +SKIP
    """

    def __init__(self, folder: Path, descriptor: dict[str, Any]) -> None:
        self.folder = folder
        self.descriptor = descriptor

    @property
    def base(self) -> str:
        """Prefix of every IRI of the package."""
        return str(self.descriptor["base"])

    def file(self, path: str) -> Path:
        """A file of the package by its path; every reader asks here.

        Raises YusuanError for what is missing, no regular file, a link, or outside.
        """
        return inside(self.folder, path)

    def store(self) -> Path:
        """The folder of the graph's store. Raises YusuanError when it is missing, or holds links."""
        return regular_files(self.folder, "graph/store")

    def source(self, document: str) -> Path:
        """The published document itself; raises YusuanError when the package does not have it."""
        for item in self.descriptor["resources"]:
            if item["name"] == f"source-{document}":
                return self.file(item["path"])
        raise YusuanError(
            f"{self.folder}: the source of {printable(document)[:100]} is not in the package; "
            "build it anew"
        )

    def named_sources(self, folder: Path) -> dict[Path, DocumentRecord]:
        """The published documents as files under their own names, each in a folder of its own within
        an empty one: what is read of a document may depend on its name.

        Raises YusuanError where one is missing, or is not the file that was read.
        """
        found = {}
        for record in records(self, DOCUMENTS, DocumentRecord):
            content = self.source(record.document).read_bytes()
            if hashlib.sha256(content).hexdigest() != record.sha256:
                raise YusuanError(
                    f"{self.folder}: the source of {printable(record.file)} is not the file that "
                    "was read; build the package anew from the original files"
                )
            if Path(record.file).name != record.file or record.file in ("", ".", ".."):
                raise YusuanError(f"{self.folder}: {printable(record.file)!r} is no file name")
            path = folder / record.sha256[:16] / record.file
            path.parent.mkdir()
            path.write_bytes(content)
            found[path] = record
        return found

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
        path = self.file(resource.path)
        line = 0
        try:
            with path.open(encoding="utf-8", newline="") as stream:
                reader = csv.reader(bounded_lines(stream))
                expected = [field.name for field in resource.fields]
                header = next(reader, [])
                if header != expected:
                    raise YusuanError(
                        f"{path}, line 1: columns {', '.join(header)[:1_000]}; "
                        f"expected {', '.join(expected)}; build the package anew with this yusuan"
                    )
                while rows := list(islice(reader, _BATCH)):
                    line = reader.line_num
                    if {*map(len, rows)} != {len(expected)}:
                        _check_widths(path, len(expected))
                        rows = [row for row in rows if row]
                    if name == DOCUMENTS:
                        _check_documents(path, rows)
                    yield rows
        except (UnicodeDecodeError, csv.Error) as error:
            raise YusuanError(
                f"{path}, after line {line + 1}: cannot be read as CSV in UTF-8 ({error}); build the package anew"
            ) from None

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

    def compare(self, figures: Sequence[str], *, parts: bool = False) -> pd.DataFrame:
        """Headline figures side by side: a row for each budget, a column for each figure, in yuan,
        or of things such as vehicles their number.

        ``figures`` are codes of ``headline-figures`` or their names in Chinese or English; what a
        budget does not print is None. Budgets that are part of another are left out unless
        ``parts`` asks for them. Raises YusuanError for a figure that there is not.
        """
        import pandas as pd  # slow to load, as above

        known = {}
        for row in self.rows("headline-figures"):
            known.update(dict.fromkeys((row["code"], row["name"], row["name_en"]), row["code"]))
        if unknown := [figure for figure in figures if figure not in known]:
            codes = ", ".join(dict.fromkeys(known.values()))
            raise YusuanError(f"{', '.join(unknown)}: no such figure; there are {codes}")
        found: dict[str, dict[str, Any]] = {}
        for row in self.rows("budgets"):
            if parts or not row["part_of"]:
                found[row["budget"]] = {
                    "department_name": row["department_name"],
                    "fiscal_year": int(row["fiscal_year"]),
                    "phase": row["phase"],
                    **({"kind": row["kind"] or None} if parts else {}),
                    **dict.fromkeys(map(known.__getitem__, figures)),
                }
        for row in self.rows("figures"):
            budget = found.get(row["budget"])
            if budget and row["code"] in budget:
                budget[row["code"]] = Decimal(row["amount"] or row["quantity"])
        return pd.DataFrame(found.values(), dtype=object)

    def __dir__(self) -> Iterable[str]:
        return [*super().__dir__(), *(resource.sql_name for resource in catalogue().resources)]

    def __repr__(self) -> str:
        about = self.descriptor
        first, last = (about["fiscalPeriod"][key][:4] for key in ("start", "end"))
        return printable(
            f"<Package {about['name']}: {len(about.get('sources', ()))} documents of "
            f"{len(about.get('contributors', ()))} departments, {first}–{last}, in {self.folder}>"
        )


def _check_documents(path: Path, rows: list[list[str]]) -> None:
    """Ids of documents become file names: they are what yusuan makes them, hexadecimal digits."""
    for row in rows:
        if not _DOCUMENT.fullmatch(row[0]):
            raise YusuanError(
                f"{path}: document {printable(row[0])[:60]!r}; expected the first 12 hex digits of "
                "its SHA-256; build the package anew"
            )


def bounded_lines(stream: TextIO) -> Iterator[str]:
    """The lines of a file. Raises csv.Error at one that never ends: it would fill the memory."""
    while line := stream.readline(_LONGEST_LINE):
        if len(line) == _LONGEST_LINE:
            raise csv.Error(f"a line of {_LONGEST_LINE:,} characters or more")
        yield line


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


if TYPE_CHECKING:
    from _typeshed import DataclassInstance


T = TypeVar("T", bound="DataclassInstance")


def records(package: Package, name: str, kind: type[T]) -> Iterator[T]:
    """The rows of a resource as records; what is in no column has its default.

    Raises YusuanError for a value that is none of its column's type."""
    resource = catalogue()[name]
    for number, row in enumerate(package.rows(name), start=1):
        try:
            yield record_of(kind, resource, row)
        except (ValueError, ArithmeticError) as error:
            raise YusuanError(
                f"{package.folder / resource.path}, row {number}: {printable(str(error))[:200]}; "
                "build the package anew"
            ) from error
