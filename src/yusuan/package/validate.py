"""Validate a package with the stock Frictionless framework, told in Chinese and English; and find
the cells that spreadsheet programs take for formulas."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from yusuan.figures import derived_rows
from yusuan.model.errors import YusuanError
from yusuan.model.text import printable
from yusuan.package.descriptor import DESCRIPTOR, known_keys
from yusuan.package.read import Package, bounded_lines, open_package
from yusuan.schema import catalogue
from yusuan.schema.messages import message, spoken
from yusuan.schema.translation import translated

__all__ = [
    "FormulaCell",
    "ValidationError",
    "Verdict",
    "formula_cells",
    "formula_note",
    "validate_package",
]

_KNOWN = frozenset(
    (
        "foreign-key",
        "primary-key",
        "constraint-error",
        "type-error",
        "hash-count",
        "hash",
        "bytes",
        "byte-count",
        "unique-error",
        "missing-label",
        "extra-label",
        "incorrect-label",
        "missing-cell",
        "extra-cell",
        "scheme-error",
        "encoding-error",
        "derived",
    )
)
"""Types of errors that have a message of their own."""


@dataclass(frozen=True, slots=True)
class ValidationError:
    """One thing the framework found wrong; line counts from 1, the header included."""

    resource: str
    line: int | None
    field: str | None
    type: str
    message: str

    def __str__(self) -> str:
        place = self.resource + (f", line {self.line}" if self.line else "")
        place += f", {self.field}" if self.field else ""
        name = f"invalid-{self.type}" if self.type in _KNOWN else "invalid"
        detail = translated(self.message)
        told = spoken(name, detail=detail) if detail == self.message else detail
        return translated(f"{place}: {told}")


@dataclass(frozen=True, slots=True)
class Verdict:
    """The framework's verdict on a package."""

    valid: bool
    resources: int
    errors: tuple[ValidationError, ...]


def validate_package(folder: str | Path) -> Verdict:
    """Validate the package in a folder as ``frictionless validate`` does, reading nothing else.

    Frictionless follows paths, links and addresses that a descriptor names, of data as of
    schemas, dialects and profiles. It is given only what keeps to ``yusuan.package.descriptor``, and
    is not called when a file is no regular file of the package.

    What is derived (``derivedFrom``) is derived anew where all else is valid, and compared.

    Raises YusuanError when there is no package, or its descriptor does not keep to the profile.
    """
    package = open_package(folder)
    elsewhere = tuple(_not_inside(package)) or tuple(_endless(package))
    if elsewhere:
        return Verdict(False, len(package.descriptor["resources"]), elsewhere)
    from frictionless import FrictionlessException, system  # slow to load
    from frictionless import Package as FrictionlessPackage

    try:
        with system.use_context(trusted=False):
            report = FrictionlessPackage.from_descriptor(
                known_keys(package.descriptor), basepath=str(package.folder)
            ).validate()
    except FrictionlessException as error:  # a schema that contradicts itself
        problem = ValidationError(DESCRIPTOR, None, None, error.error.type, error.error.message)
        return Verdict(False, len(package.descriptor["resources"]), (problem,))
    errors = [
        ValidationError(
            resource=task.name,
            line=getattr(error, "row_number", None),
            field=getattr(error, "field_name", None),
            type=error.type,
            message=printable(error.message)[:_LONGEST_MESSAGE],
        )
        for task in report.tasks
        for error in task.errors
    ]
    errors += [
        ValidationError(
            DESCRIPTOR, None, None, error.type, printable(error.message)[:_LONGEST_MESSAGE]
        )
        for error in report.errors
    ]
    if report.valid:
        errors += _not_as_derived(package)
    return Verdict(not errors and report.valid, len(report.tasks), tuple(errors))


_LONGEST_MESSAGE = 1_000
"""Characters of what the framework says; it repeats what stands in a file."""
_MOST_CELLS = 1_000
"""Of a row; no table has more than 70 columns."""


def _endless(package: Package) -> Iterator[ValidationError]:
    """Tables with a line or a row that hardly ends: the framework would take it into memory, and
    compare each of its cells with all."""
    for item in package.descriptor["resources"]:
        path = package.folder / item["path"]
        if path.suffix == ".csv" and path.is_file():
            try:
                with path.open(encoding="utf-8", errors="replace") as stream:
                    for row in csv.reader(bounded_lines(stream)):
                        if len(row) > _MOST_CELLS:
                            raise csv.Error(f"a row of {len(row):,} cells")
            except csv.Error as error:
                yield ValidationError(item["name"], None, None, "source-error", str(error))


def _not_as_derived(package: Package) -> Iterator[ValidationError]:
    """The first row of each derived table that is not what the other tables say."""
    listed = {item["name"] for item in package.descriptor["resources"]}
    found = {
        resource.name: enumerate(package.records(resource.name), start=2)
        for resource in catalogue().derived
        if resource.name in listed
    }

    for name, expected in derived_rows(package.rows) if found else ():
        if name not in found:
            continue
        line, row = next(found[name], (0, None))
        if row != expected:
            del found[name]
            yield _derived_error(name, line, row, expected)
    for name, left in found.items():
        for line, row in left:
            yield _derived_error(name, line, row, None)
            break


def _derived_error(
    name: str, line: int, row: list[str] | None, expected: list[str] | None
) -> ValidationError:
    """``row`` is None where one is missing, ``expected`` where it is one too many."""
    if row is None or expected is None:
        said = message("invalid-derived-missing" if row is None else "invalid-derived-extra")
        return ValidationError(name, line or None, None, "derived", said[1])
    names = [field.name for field in catalogue()[name].fields]
    column, found, right = next(
        (column, own, other)
        for column, own, other in zip(names, row, expected, strict=True) if own != other
    )  # fmt: skip
    said = message(
        "invalid-derived-row", found=printable(found)[:100], expected=printable(right)[:100]
    )
    return ValidationError(name, line, column, "derived", said[1])


def _not_inside(package: Package) -> Iterator[ValidationError]:
    """The resources whose file is a link, a pipe, a folder: never opened."""
    for resource in package.descriptor["resources"]:
        path = package.folder / resource["path"]
        if not path.exists() and not path.is_symlink():
            continue  # missing, which the framework tells
        try:
            package.file(resource["path"])
        except YusuanError as error:
            yield ValidationError(resource["name"], None, None, "scheme-error", str(error))


_SHOWN = 3
_FORMULA = re.compile(r"[\t\r\n ]*(?:[=＝]\s*[^\s=＝]|[-+@－＋＠][^\n]*[(|!])")
"""An equals sign with something behind it; a sign before something that calls, as +cmd|… does.
Amounts and dashes are none."""


@dataclass(frozen=True, slots=True)
class FormulaCell:
    """Row ``row`` of a table, counted from 1 without the heading."""

    path: str
    row: int
    column: str
    text: str

    def __str__(self) -> str:
        return f"{self.path}, row {self.row}, {self.column}: {printable(self.text)[:60]!r}"


def formula_cells(package: Package) -> Iterator[FormulaCell]:
    """Every such cell of the package's tables, in their order. Raises YusuanError for a table that
    is missing or has other columns."""
    paths = {item["path"] for item in package.descriptor["resources"]}
    for resource in catalogue().resources:
        texts = [
            (n, field.name) for n, field in enumerate(resource.fields) if field.type == "string"
        ]
        if resource.path not in paths:
            continue
        for row, cells in enumerate(package.records(resource.name), 1):
            for n, column in texts:
                if (text := cells[n]) and _FORMULA.match(text):
                    yield FormulaCell(resource.path, row, column, text)


def formula_note(package: Package) -> str | None:
    """One line for whoever publishes the package; None when there are none."""
    found = list(formula_cells(package))
    if not found:
        return None
    more = f"; +{len(found) - _SHOWN}" if len(found) > _SHOWN else ""
    cells = "; ".join(map(str, found[:_SHOWN])) + more
    return spoken("formulas", cells=translated(cells))
