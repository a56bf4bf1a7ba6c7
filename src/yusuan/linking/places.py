"""Which places the places of departments lie in."""

from __future__ import annotations

from collections.abc import Iterator

from yusuan.facts.codes import DIVISIONS
from yusuan.linking.candidate import Candidate, code
from yusuan.linking.material import Material

__all__ = ["place_links"]


def place_links(material: Material) -> Iterator[Candidate]:
    """The divisions of departments with every division above them, up to the province."""
    places = {place.concept: place for place in material.concepts.get(DIVISIONS, ())}
    for concept in dict.fromkeys(each.division_concept for each in material.departments):
        own = places.get(concept or "")
        above = places.get(own.parent or "") if own else None
        while own and above:
            yield Candidate(
                kind="within",
                subject=(code(DIVISIONS), own.concept),
                object=(code(DIVISIONS), above.concept),
                method="division-code",
                evidence=(
                    f"{own.code}{own.name or ''}属{above.code}{above.name or ''}",
                    f"{own.code} is below {above.code} in the list of {above.year}",
                ),
            )
            above = places.get(above.parent or "")
