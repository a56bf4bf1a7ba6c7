"""One document understood: its identity, tables, target forms and passages."""

from __future__ import annotations

from dataclasses import dataclass

from yusuan.model.document import Document
from yusuan.model.errors import YusuanError
from yusuan.narrative.identity import Identity, identify
from yusuan.narrative.passages import Passage, passages
from yusuan.narrative.targets import TargetTable, find_targets, is_target_table
from yusuan.tables import Table, find_tables
from yusuan.tables.recognise import Unrecognised, has_numbers

__all__ = ["Disclosure", "understand"]


@dataclass(frozen=True, slots=True)
class Disclosure:
    """What one document discloses, before departments of several documents are matched up."""

    document: Document
    identity: Identity
    tables: tuple[Table, ...]
    targets: tuple[TargetTable, ...]
    unrecognised: tuple[Unrecognised, ...]
    passages: tuple[Passage, ...]


def understand(document: Document) -> Disclosure:
    """Recognise everything in a document.

    Raises YusuanError when it holds no budget table at all, or names no department or year.
    """
    tables, others = find_tables(document)
    if not tables:
        raise YusuanError(
            f"{document.file}: no budget table found in {document.lines:,} lines "
            f"({sum(1 for _ in document.grids)} tables of other kinds); "
            "is this a department's budget disclosure with its tables?"
        )
    targets = tuple(find_targets(others))
    stated = [table.organisation for table in tables if table.organisation]
    return Disclosure(
        document=document,
        identity=identify(document, stated),
        tables=tuple(tables),
        targets=targets,
        unrecognised=tuple(
            other
            for other in others
            if not is_target_table(other.table) and has_numbers(other.table)
        ),
        passages=tuple(passages(document)),
    )
