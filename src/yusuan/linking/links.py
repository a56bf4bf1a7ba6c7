"""All links of a package: those that hold, and those that someone has to judge."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from yusuan.linking.across_years import code_links, outturn_links, project_links
from yusuan.linking.candidates import LinkCandidate, LinkingInput
from yusuan.linking.organisations import (
    change_of,
    in_doubt,
    other_names,
    place_links,
    renamings,
    unit_links,
    united,
)
from yusuan.model.links import DoubtfulLink, OrganisationChange, OrganisationName, RecordLink

__all__ = ["FoundLinks", "find_links"]


@dataclass(frozen=True, slots=True)
class FoundLinks:
    """The links of a package with changes and names of organisations; ``review`` may hold, and stays out of the graph."""

    links: list[RecordLink]
    changes: list[OrganisationChange]
    names: list[OrganisationName]
    review: list[DoubtfulLink]


def find_links(given: LinkingInput) -> FoundLinks:
    """The links of everything in a package, by kind, each once under its surest method."""
    renamed = list(renamings(given))
    changes = _first_each(change_of(each) for each in renamed if each.link.accepted)
    organisations = united(given.departments, changes)
    found: list[LinkCandidate] = [
        *(each.link for each in renamed if not each.link.accepted),
        *place_links(given),
        *unit_links(given),
        *project_links(given, organisations),
        *outturn_links(given),
        *code_links(given),
    ]
    names = other_names(given)
    doubtful = [link for name in names if (link := in_doubt(name))]
    best: dict[str, LinkCandidate] = {}
    for candidate in found:
        key = candidate.columns()["link"]
        if key not in best or best[key].confidence < candidate.confidence:
            best[key] = candidate
    return FoundLinks(
        links=[RecordLink(**each.columns()) for each in best.values() if each.accepted],
        changes=changes,
        names=[name for name in names if in_doubt(name) is None],
        review=[
            *(DoubtfulLink(**each.columns()) for each in best.values() if not each.accepted),
            *doubtful,
        ],
    )


def _first_each(changes: Iterable[OrganisationChange]) -> list[OrganisationChange]:
    """One row a change: of those with one key the first, which is the surest."""
    found: dict[str, OrganisationChange] = {}
    for change in changes:
        found.setdefault(change.change, change)
    return list(found.values())
