"""One document understood: its identity, tables, target forms and passages."""

from __future__ import annotations

from dataclasses import dataclass, replace

from yusuan.model.document import Document
from yusuan.model.errors import YusuanError
from yusuan.model.text import counted
from yusuan.narrative.identity import Identity, identify
from yusuan.narrative.passages import Passage, passages
from yusuan.narrative.targets import TargetTable, find_targets, is_target_table
from yusuan.tables import Problem, Table, find_tables
from yusuan.tables.recognise import Unrecognised

__all__ = ["Disclosure", "understand", "without_tables"]


@dataclass(frozen=True, slots=True)
class Disclosure:
    """What one document discloses, before departments of several documents are matched up.

    ``unrecognised`` are the grids with amounts that no step has read.
    """

    document: Document
    identity: Identity
    tables: tuple[Table, ...]
    targets: tuple[TargetTable, ...]
    unrecognised: tuple[Unrecognised, ...]
    passages: tuple[Passage, ...]


def understand(document: Document) -> Disclosure:
    """Recognise everything in a document.

    A narrative without tables is understood too: its tables may be in another file of the
    same department. Raises YusuanError when the text is no budget disclosure at all.
    """
    found, others = find_tables(document)
    targets = tuple(find_targets(others))
    stated = [table.organisation for table in found if table.organisation]
    try:
        identity = identify(document, stated)
    except YusuanError as error:
        raise error if found else YusuanError(without_tables(document)) from None
    return Disclosure(
        document=document,
        identity=identity,
        tables=_distinct(found),
        targets=targets,
        unrecognised=tuple(
            other for other in others if other.amounts and not is_target_table(other.table)
        ),
        passages=tuple(passages(document)),
    )


def without_tables(document: Document) -> str:
    """What to say of a document that has no budget table, nor a companion that has."""
    return (
        f"{document.file}: no budget table found in {counted(document.lines, 'line')} "
        f"({counted(sum(1 for _ in document.grids), 'other table')}); "
        "is this a department's budget disclosure with its tables?"
    )


def _distinct(tables: list[Table]) -> tuple[Table, ...]:
    """Each standard table once; of one printed twice the one with more amounts is taken."""
    best: dict[str, Table] = {}
    for table in tables:
        name = table.resource.name
        one, two = best.get(name), table
        if one is None:
            best[name] = two
            continue
        kept, left = (one, two) if _amounts(one) >= _amounts(two) else (two, one)
        best[name] = replace(kept, problems=(*kept.problems, _repeated(left)))
    return tuple(sorted(best.values(), key=lambda table: table.position))


def _amounts(table: Table) -> int:
    return sum(len(row.amounts) for row in table.rows)


def _repeated(table: Table) -> Problem:
    return Problem(
        "repeated-table", table.position, None, table.title,
        "同一标准表在文件中出现不止一次，此处未取",
        "the document has this standard table more than once; this one is not taken",
    )  # fmt: skip
