"""Rows on the correspondences of the codes that a package prints."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from yusuan.codes.links import RELATIONS, changes, links
from yusuan.facts.codes import COFOG, COFOG_YEAR, Concept, concept_id

__all__ = ["CodeChange", "CodeLink", "code_changes", "code_links"]

_FUNCTION = "expenditure-function"


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeLink:
    """A function and its COFOG counterpart; one of the four matches repeats ``cofog``."""

    link: str
    function: str
    cofog: str
    relation: str
    exact_match: str | None = None
    close_match: str | None = None
    broad_match: str | None = None
    narrow_match: str | None = None
    reason: str
    reason_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeChange:
    """A code of one year and what it became in another, both printed in the package."""

    change: str
    list: str
    from_concept: str
    to_concept: str
    kind: str
    reason: str
    reason_en: str


def code_links(concepts: Mapping[str, Sequence[Concept]]) -> list[CodeLink]:
    """The links of the functions in a package that have one themselves."""
    known = links(_FUNCTION, COFOG)
    found = []
    for concept in concepts.get(_FUNCTION, ()):
        for link in known.get(concept.code, ()):
            target = concept_id(COFOG_YEAR, link.target)
            if concept.cofog != target or not link.holds(concept.year):
                continue
            matches = {f"{relation}_match": None for relation in RELATIONS}
            found.append(
                CodeLink(
                    link=f"{concept.concept}-{link.target}",
                    function=concept.concept,
                    cofog=target,
                    relation=link.relation,
                    reason=link.reason,
                    reason_en=link.reason_en,
                    **{**matches, f"{link.relation}_match": target},
                )
            )
    return found


def code_changes(concepts: Mapping[str, Sequence[Concept]]) -> list[CodeChange]:
    """What became of codes between the years of a package: the last year of the one printed
    and the first of the other. A code that got another meaning became nothing else."""
    found = []
    for name, rows in concepts.items():
        by_code: dict[str, list[Concept]] = defaultdict(list)
        for concept in rows:
            if concept.status != "unlisted":
                by_code[concept.code].append(concept)
        for change in changes(name):
            before = _within(by_code[change.from_code], change.from_year)
            after = _within(by_code[change.to_code], change.to_year)
            if before and after and change.kind != "reused":
                one, other = before[-1].concept, after[0].concept
                found.append(
                    CodeChange(
                        change=f"{name}-{one}-{other}",
                        list=name,
                        from_concept=one,
                        to_concept=other,
                        kind=change.kind,
                        reason=change.reason,
                        reason_en=change.reason_en,
                    )
                )
    return found


def _within(concepts: Sequence[Concept], year: int) -> list[Concept]:
    """The concepts of a code under the name it has in a year, oldest first."""
    return sorted(
        (c for c in concepts
         if c.valid_from is not None and c.valid_from <= year <= (c.valid_to or year)),
        key=lambda concept: concept.year,
    )  # fmt: skip
