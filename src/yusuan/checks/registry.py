"""The functions of all families of checks, by the stage they run in.

A family declares its name, titles, keys and message below ``families:`` in ``schemas/rules.yaml``. The
function that finds what it looks for is marked with its stage and that name::

    @DOCUMENT("precision")
    def precision(rule: Rule, subject: Subject) -> Iterator[RawFinding]: ...

A family may have functions in several stages. Those that relate amounts of tables are queries
(``yusuan.checks.sql.queries``). A family that is declared and has no function fails a test.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from yusuan.checks.operands import AppliedRule, Operands
from yusuan.checks.report import RawFinding
from yusuan.checks.rules import Rule
from yusuan.checks.subject import Subject

if TYPE_CHECKING:
    from yusuan.checks.families.repeated import RepeatedTables
    from yusuan.checks.families.units import LinkedDocuments
    from yusuan.model.records import Fact

__all__ = [
    "AFTER_CORRECTION",
    "BUDGET",
    "DISCLOSURE",
    "DOCUMENT",
    "LINKED",
    "RELATION",
    "SLIP",
    "Stage",
]

Function = TypeVar("Function", bound=Callable[..., Any])


class Stage(dict[str, Function]):
    """The functions of a stage, by family; called with a family, it marks the function of it."""

    def __call__(self, family: str) -> Callable[[Function], Function]:
        def register(function: Function) -> Function:
            assert family not in self, f"two functions find {family}"
            self[family] = function
            return function

        return register


Finder = Callable[[Rule, Subject], Iterable[RawFinding]]

SLIP: Stage[Finder] = Stage()
"""What explains many contradictions at once: they are not told again."""

DOCUMENT: Stage[Finder] = Stage()
"""What one document shows by itself."""

DISCLOSURE: Stage[Callable[[Rule, Sequence[Subject]], Iterable[RawFinding]]] = Stage()
"""What all files of a disclosure show together."""

RELATION: Stage[Callable[[Rule, Subject, Operands], Iterable[AppliedRule]]] = Stage()
"""What relates numbers of the narrative or of projects; all relations are judged together."""

AFTER_CORRECTION: Stage[Finder] = Stage()
"""What holds one number against others, which may be named as wrong themselves."""

LINKED: Stage[Callable[[Rule, LinkedDocuments], Iterable[RawFinding]]] = Stage()
"""What relates the documents of a unit and of its department."""

BUDGET: Stage[
    Callable[[Rule, RepeatedTables, Mapping[str, tuple[Fact, Fact]]], Iterable[RawFinding]]
] = Stage()
"""What documents of one budget print that both have, with the amounts that contradict each other."""
