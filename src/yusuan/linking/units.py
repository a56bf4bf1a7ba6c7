"""Departments and the units they consist of: whose figures are part of whose."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from yusuan.linking.candidate import DEPARTMENT, DOCUMENT, Candidate
from yusuan.linking.material import Material
from yusuan.linking.names import place_and_rest
from yusuan.linking.settings import settings
from yusuan.model.records import DocumentRecord
from yusuan.model.text import normal

__all__ = ["unit_links"]


def unit_links(material: Material) -> Iterator[Candidate]:
    """Documents of units with that of their department, of the same year and phase; and the bodies."""
    wholes = [d for d in material.documents if (d.kind or "").startswith(settings().whole)]
    near = _Near(wholes, material)
    units: dict[tuple[str, str], Candidate] = {}
    for part in material.documents:
        if (part.kind or "").startswith(settings().whole):
            continue
        found = [
            (whole, method) for whole in near.of(part) if (method := _method(part, whole, material))
        ]  # fmt: skip
        if not found:
            continue
        sure = max(settings().methods[method].confidence for _, method in found)
        best = [pair for pair in found if settings().methods[pair[1]].confidence == sure]
        several = len({whole.department for whole, _ in best}) > 1
        for whole, method in best:
            how = "ambiguous" if several else method
            said = _evidence(part, whole, method)
            yield Candidate(
                kind="part-of", subject=(DOCUMENT, part.document),
                object=(DOCUMENT, whole.document), method=how, evidence=said,
            )  # fmt: skip
            if part.department != whole.department:
                pair = (part.department, whole.department)
                unit = Candidate(
                    kind="unit-of", subject=(DEPARTMENT, pair[0]), object=(DEPARTMENT, pair[1]),
                    method=how, evidence=said,
                )  # fmt: skip
                if pair not in units or units[pair].confidence < unit.confidence:
                    units[pair] = unit
    yield from units.values()


class _Near:
    """The departments' documents that a unit's may belong to, found without comparing all."""

    def __init__(self, wholes: Iterable[DocumentRecord], material: Material) -> None:
        self._found: dict[tuple[int, str, str], dict[str, DocumentRecord]] = defaultdict(dict)
        for whole in wholes:
            listed = material.bodies.get(whole.document, frozenset())
            names = {normal(name) for name in whole.names} | listed
            for key in {whole.department} | names | {place_and_rest(name)[1] for name in names}:
                time = (whole.fiscal_year, whole.phase)
                self._found[(*time, key)][whole.document] = whole

    def of(self, part: DocumentRecord) -> Iterable[DocumentRecord]:
        """Documents of the same year and phase that have a name, or its beginning, in common."""
        names = {normal(name) for name in part.all_names}
        rests = {place_and_rest(name)[1] for name in names}
        keys = {part.department} | names
        keys |= {rest[:length] for rest in rests for length in range(1, len(rest) + 1)}
        found: dict[str, DocumentRecord] = {}
        for key in sorted(keys):
            found.update(self._found.get((part.fiscal_year, part.phase, key), {}))
        return found.values()


def _method(part: DocumentRecord, whole: DocumentRecord, material: Material) -> str | None:
    """What tells that a document is of a unit of another's department, the surest first."""
    listed = material.bodies.get(whole.document, frozenset())
    names = {normal(name) for name in part.all_names}
    stated = (part.kind or "").startswith(settings().part)
    if part.department == whole.department:
        return "own-level" if stated else None
    places = {place_and_rest(name) for name in names}
    above = {place_and_rest(name) for name in whole.names}
    if not _together({place for place, _ in places}, {place for place, _ in above}):
        return None
    if names & listed or {rest for _, rest in places} & {place_and_rest(b)[1] for b in listed}:
        return "listed" if stated else "unit-not-stated"
    if stated and any(
        rest != own and rest.startswith(own) for _, rest in places for _, own in above
    ):
        return "name-begins"
    return None


def _together(parts: set[str | None], wholes: set[str | None]) -> bool:
    """Whether two bodies may be of one place: a name without a place says nothing against it."""
    known, others = parts - {None}, wholes - {None}
    return not known or not others or bool(known & others)


def _evidence(part: DocumentRecord, whole: DocumentRecord, method: str) -> tuple[str, str]:
    told = settings().methods[method]
    return (
        f"“{part.names[0]}”（{part.kind or '未写明'}）与“{whole.names[0]}”（{whole.kind}），"
        f"{part.fiscal_year}年：{told.title}",
        f'"{part.names[0]}" ({part.kind or "not stated"}) and "{whole.names[0]}" '
        f"({whole.kind}), {part.fiscal_year}: {told.title_en}",
    )
