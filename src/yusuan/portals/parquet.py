"""Parquet copies of the resources, with exact types: no amount ever passes through a float."""

from __future__ import annotations

from pathlib import Path

import duckdb

from yusuan.model.errors import YusuanError
from yusuan.package import Package
from yusuan.schema import Resource, catalogue

__all__ = ["write_parquet"]

_PRECISION = 38
# Six digits hold a fen (1/100 yuan) printed in units of ten thousand yuan, so that all
# packages share one schema; a column that needs more gets as many as it needs.
_SCALE = 6
_TYPES = {"integer": "BIGINT", "boolean": "BOOLEAN", "date": "DATE"}


def write_parquet(package: Package, folder: Path) -> list[tuple[Resource, Path]]:
    """Write ``NAME.parquet`` for every resource into an empty folder.

    Numbers become DECIMAL(38, 6 or more), integers BIGINT, dates DATE, booleans BOOLEAN,
    everything else VARCHAR; an empty cell is null. The rows keep their order.
    """
    written = []
    # One thread and insertion order: the same package must give the same bytes.
    with duckdb.connect(config={"threads": 1, "autoinstall_known_extensions": False}) as database:
        for resource in catalogue().resources:
            path = folder / f"{resource.name}.parquet"
            _write(database, package, resource, path)
            written.append((resource, path))
    return written


def _write(
    database: duckdb.DuckDBPyConnection, package: Package, resource: Resource, path: Path
) -> None:
    # Reading the rows here too checks the header, and tells how many digits a column needs.
    scales, count = _measure(package, resource)
    columns = ", ".join(
        f"CAST({_name(field.name)} AS {_type(field.type, scales[field.name])}) "
        f"AS {_name(field.name)}"
        for field in resource.fields
    )
    read = ", ".join(f"{_text(field.name)}: 'VARCHAR'" for field in resource.fields)
    source = (
        f"read_csv({_text(str(package.file(resource.path)))}, auto_detect=false, header=true, "
        f"delim=',', quote='\"', escape='\"', nullstr='', parallel=false, "
        f"max_line_size=100000000, columns={{{read}}})"
    )
    try:
        database.execute(
            f"COPY (SELECT {columns} FROM {source}) TO {_text(str(path))} "
            "(FORMAT parquet, COMPRESSION zstd)"
        )
        row = database.execute(f"SELECT count(*) FROM {_text(str(path))}").fetchone()
    except duckdb.Error as error:
        raise YusuanError(
            f"{package.folder / resource.path}: cannot be written as Parquet: {error}"
        ) from error
    if row is None or row[0] != count:
        raise YusuanError(
            f"{package.folder / resource.path}: not all rows reached the Parquet file"
        )


def _measure(package: Package, resource: Resource) -> tuple[dict[str, int], int]:
    """Digits after the point each column needs (at least ``_SCALE``), and the row count."""
    scales = dict.fromkeys((field.name for field in resource.fields), _SCALE)
    numbers = [field.name for field in resource.fields if field.type == "number"]
    count = 0
    for row in package.rows(resource.name):
        count += 1
        for name in numbers:
            scales[name] = max(scales[name], len(row[name].partition(".")[2]))
    return scales, count


def _type(kind: str, scale: int) -> str:
    return f"DECIMAL({_PRECISION}, {scale})" if kind == "number" else _TYPES.get(kind, "VARCHAR")


def _name(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
