"""All links of a package: those that hold, and those that someone has to judge."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from yusuan.linking.aliases import in_doubt, other_names
from yusuan.linking.budgets import outturn_links
from yusuan.linking.candidate import Candidate
from yusuan.linking.codes import code_links
from yusuan.linking.material import Material
from yusuan.linking.organisations import change_of, renamings, united
from yusuan.linking.places import place_links
from yusuan.linking.projects import project_links
from yusuan.linking.units import unit_links
from yusuan.model.links import DoubtfulLink, Link, OrganisationChange, OrganisationName

__all__ = ["Linked", "find_links"]


@dataclass(frozen=True, slots=True)
class Linked:
    """What was found; ``review`` may hold, and stays out of the graph."""

    links: list[Link]
    changes: list[OrganisationChange]
    names: list[OrganisationName]
    review: list[DoubtfulLink]


def find_links(material: Material) -> Linked:
    """The links of everything in a package, by kind, each once under its surest method."""
    renamed = list(renamings(material))
    changes = _first_each(change_of(each) for each in renamed if each.link.accepted)
    organisations = united(material.departments, changes)
    found: list[Candidate] = [
        *(each.link for each in renamed if not each.link.accepted),
        *place_links(material),
        *unit_links(material),
        *project_links(material, organisations),
        *outturn_links(material),
        *code_links(material),
    ]
    names = other_names(material)
    doubtful = [link for name in names if (link := in_doubt(name))]
    best: dict[str, Candidate] = {}
    for candidate in found:
        key = candidate.columns()["link"]
        if key not in best or best[key].confidence < candidate.confidence:
            best[key] = candidate
    return Linked(
        links=[Link(**each.columns()) for each in best.values() if each.accepted],
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
