"""Words of titles and headings that mean the same in every table: ``schemas/headings.yaml``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from yusuan.files.data import data_path, read_yaml
from yusuan.lexicon.phrases import expression
from yusuan.model.text import normal

__all__ = ["Empty", "Wording", "wording"]


@dataclass(frozen=True, slots=True)
class Empty:
    """How a document says that a table is empty; ``schemas/headings.yaml`` tells them apart."""

    phrases: tuple[str, ...]
    unless: tuple[str, ...]
    alone: frozenset[str]
    none: tuple[str, ...]
    of: tuple[str, ...]
    other_words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wording:
    """The words by what they say, all in normal form.

    ``years`` tells how many years before the budget year a word means; ``classifications``
    the code list that a word in a title or heading stands for, longest word first. ``counts``
    and the ``_endings`` are how a heading may end, ``subtotals`` and ``sums`` how a row label. ``numbering`` and
    ``code_levels`` are what a row that numbers the columns says besides numbers.
    """

    fillers: tuple[str, ...]
    classifications: Mapping[str, str]
    years: Mapping[str, int]
    generic: frozenset[str]
    nothing: frozenset[str]
    initial_budget: frozenset[str]
    adjusted_beside_initial: frozenset[str]
    rates: frozenset[str]
    changes: frozenset[str]
    remarks: frozenset[str]
    counts: tuple[str, ...]
    counted_in: frozenset[str]
    not_amounts: tuple[str, ...]
    unit_columns: frozenset[str]
    subtotals: tuple[str, ...]
    sums: tuple[str, ...]
    labels: frozenset[str]
    label_endings: tuple[str, ...]
    code_endings: tuple[str, ...]
    bare_codes: frozenset[str]
    codes_below: tuple[str, ...]
    budget_unit_codes: frozenset[str]
    budget_unit_names: frozenset[str]
    numbering: frozenset[str]
    code_levels: frozenset[str]
    empty: Empty
    government_documents: re.Pattern[str]
    government_tables: re.Pattern[str]


@cache
def wording() -> Wording:
    """The words of the installed ``schemas/``."""
    words = read_yaml(data_path("schemas", "headings.yaml"))
    lists = {
        normal(word): code_list
        for code_list, found in words["title"]["classifications"].items()
        for word in found
    }
    years = {normal(word): int(back) for back, found in words["years"].items() for word in found}
    return Wording(
        fillers=tuple(sorted(map(normal, words["title"]["fillers"]), key=len, reverse=True)),
        classifications=dict(sorted(lists.items(), key=lambda item: -len(item[0]))),
        years=years,
        generic=_words(words["generic"]),
        nothing=_words(words["nothing"]),
        initial_budget=_words(words["initial_budget"]),
        adjusted_beside_initial=_words(words["adjusted_beside_initial"]),
        rates=_words(words["rates"]),
        changes=_words(words["changes"]),
        remarks=_words(words["remarks"]),
        counts=tuple(map(normal, words["counts"])),
        counted_in=_words(words["counted_in"]),
        not_amounts=tuple(words["not_amounts"]),
        unit_columns=_words(words["unit_columns"]),
        subtotals=tuple(map(normal, words["row_endings"]["subtotal"])),
        sums=tuple(map(normal, words["row_endings"]["sum"])),
        labels=_words(words["labels"]),
        label_endings=tuple(map(normal, words["label_endings"])),
        code_endings=tuple(map(normal, words["code_endings"])),
        bare_codes=frozenset(map(normal, words["codes"]["bare"])),
        codes_below=tuple(map(normal, words["codes"]["below"])),
        budget_unit_codes=_words(words["bodies"]["codes"]),
        budget_unit_names=_words(words["bodies"]["names"]),
        numbering=_words(words["numbering"]["words"]),
        code_levels=_words(words["numbering"]["levels"]),
        empty=_empty(words["empty"]),
        government_documents=re.compile(expression(words["government"]["documents"])),
        government_tables=re.compile(expression(words["government"]["tables"])),
    )


def _empty(words: Mapping[str, list[str]]) -> Empty:
    return Empty(
        phrases=tuple(map(normal, words["phrases"])),
        unless=tuple(map(normal, words["unless"])),
        alone=_words(words["alone"]),
        none=tuple(map(normal, words["none"])),
        of=tuple(map(normal, words["of"])),
        other_words=tuple(map(normal, words["other_words"])),
    )


def _words(found: list[str]) -> frozenset[str]:
    return frozenset(normal(word) for word in found)
