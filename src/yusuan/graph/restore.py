"""A graph back into the CSV files of its package, byte for byte.

Nothing here knows a table: the CSVW metadata say what each statement came from. Rows stand in
the order in which the file first mentions them, which is that of the package; so do the values
of a cell that holds several. A table that is not in the graph, such as the links that someone
has yet to judge, does not come back. What is derived from the others is derived from them anew.
"""

from __future__ import annotations

import csv
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from yusuan.files.atomic import whole_folder
from yusuan.graph.csvw import csv_metadata
from yusuan.graph.inverse import TableInverse
from yusuan.graph.prefixes import expand
from yusuan.graph.statements import StatementIndex
from yusuan.model.errors import YusuanError
from yusuan.package.write import write_derived
from yusuan.schema import catalogue

__all__ = ["restore"]

_CATALOG = "id/catalog"


def restore(graph: Path, folder: Path) -> int:
    """Write ``data/*.csv`` below a folder that is not there yet or empty; returns the rows.

    ``graph`` is the ``budget.trig`` of a package, or the same as N-Quads (``.nq``). Nothing is written when it is not whole.
    Raises YusuanError for a file that is neither or holds no package.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise YusuanError(f"{folder}: already there; name a new or empty folder")
    if graph.exists() and not graph.is_file():  # a pipe would be waited for
        raise YusuanError(f"{graph}: no regular file; give the graph/budget.trig of a package")
    if not folder.parent.is_dir():
        raise YusuanError(f"{folder.parent}: no such folder; make it first")
    with whole_folder(folder, 0o755) as made, StatementIndex(graph) as statements:
        return _write(statements, _base(statements, graph), made)


def _base(statements: StatementIndex, graph: Path) -> str:
    """The prefix of every IRI of the package, from the only catalogue there is."""
    kind = expand("rdf:type")
    catalog = expand("dcat:Catalog")
    found = [
        subject for subject in statements.subjects(expand("dcat:dataset"))
        if subject.endswith(_CATALOG)
        and any(value.text == catalog for value in statements.of(subject).get(kind, ()))
    ]  # fmt: skip
    if len(found) != 1:
        raise YusuanError(
            f"{graph}: holds {len(found) or 'no'} catalogues of budgets; "
            "give the graph/budget.trig of one package"
        )
    return found[0].removesuffix(_CATALOG)


def _write(statements: StatementIndex, base: str, folder: Path) -> int:
    printed = [resource for resource in catalogue().resources if not resource.derived_from]
    described = csv_metadata(base, printed)["tables"]
    tables = [TableInverse(table) for table in described if "aboutUrl" in table["tableSchema"]]
    together: dict[tuple[str, str], list[TableInverse]] = {}
    for table in tables:
        together.setdefault((table.about, table.key), []).append(table)
    count = 0
    with ExitStack() as stack:
        writers: dict[str, Any] = {}
        for table in tables:
            path = folder / table.url
            path.parent.mkdir(parents=True, exist_ok=True)
            stream = stack.enter_context(path.open("w", encoding="utf-8", newline=""))
            writers[table.url] = csv.writer(stream, lineterminator="\n")
            writers[table.url].writerow(table.names)
        for (about, key), candidates in together.items():
            for subject in statements.subjects(key, about.partition("{")[0]):
                for table in candidates:
                    if (row := table.row(subject, statements)) is not None:
                        writers[table.url].writerow(row.values())
                        count += 1
                        break
    return count + write_derived(folder)
