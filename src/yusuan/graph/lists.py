"""Whole code lists in SKOS and XKOS: every entry of every year, and what links them.

A package describes the codes it prints, each in the list of its year; this is the rest of it, the
lists themselves. An entry is the concept of its code in the first year it is known for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

from yusuan.codes import CodeEntry, CodeList, code_list
from yusuan.codes.correspondences import changes, correspondences, links
from yusuan.codes.lists import about, word_lists
from yusuan.graph.classifications import level_lines
from yusuan.graph.prefixes import expand, resolve
from yusuan.graph.schemes import scheme_template
from yusuan.graph.terms import Template, iri, literal, typed
from yusuan.schema import catalogue
from yusuan.schema.messages import message

__all__ = ["lists_lines"]


def lists_lines(names: Iterable[str], base: str) -> Iterator[str]:
    """The lists of these names as lines of N-Triples, with the correspondences among them."""
    wanted = list(names)
    for name in wanted:
        for line in (*_list(code_list(name), base), *_changes(code_list(name), base)):
            yield f"{line} .\n"
    for source, target in correspondences():
        if source in wanted and target in wanted:
            for line in _links(code_list(source), code_list(target), base):
                yield f"{line} .\n"


def _list(known: CodeList, base: str) -> Iterator[str]:
    described = about(known.name)
    scheme = _scheme(known.name, base)
    yield _line(scheme, "rdf:type", iri(expand("skos:ConceptScheme")))
    for predicate, chinese, english in (
        ("skos:prefLabel", described.title, described.title_en),
        ("dcterms:description", described.completeness, described.completeness_en),
        ("dcterms:provenance", described.origin, described.origin_en),
    ):
        for text, language in ((chinese, "zh"), (english, "en")):
            if text:
                yield _line(scheme, predicate, literal(text, language))
    members: dict[int, list[str]] = defaultdict(list)
    for entry in known.entries:
        concept = _concept(entry, base)
        members[entry.level].append(concept)
        yield from _of_entry(entry, concept, scheme)
        above = known.find(entry.parent, entry.valid_from) if entry.parent else None
        if above:
            yield _line(concept, "skos:broader", _concept(above.entry, base))
            yield _line(_concept(above.entry, base), "skos:narrower", concept)
        elif entry.parent:  # an orphan stays one, for the shapes to find
            lost = replace(entry, code=entry.parent)
            yield _line(concept, "skos:broader", _concept(lost, base))
        else:
            yield _line(concept, "skos:topConceptOf", scheme)
            yield _line(scheme, "skos:hasTopConcept", concept)
    yield from level_lines(scheme, known.name, members)


def _of_entry(entry: CodeEntry, concept: str, scheme: str) -> Iterator[str]:
    yield _line(concept, "rdf:type", iri(expand("skos:Concept")))
    yield _line(concept, "skos:inScheme", scheme)
    yield _line(concept, "skos:notation", literal(entry.code))
    yield _line(concept, "ys:level", typed(str(entry.level), "integer"))
    yield _line(concept, "ys:codeStatus", literal(entry.status))
    yield _line(concept, "ys:validFrom", typed(str(entry.valid_from), "gYear"))
    if entry.valid_to is not None:
        yield _line(concept, "ys:validTo", typed(str(entry.valid_to), "gYear"))
    for spelling in entry.printed:
        yield _line(concept, "skos:altLabel", literal(spelling, "zh"))
    for text, predicate, language in (
        (entry.name, "skos:prefLabel", "zh"),
        (entry.name_en, "skos:prefLabel", "en"),
        (entry.source, "ys:attestation", "zh"),
    ):
        if text:
            yield _line(concept, predicate, literal(text, language))


def _changes(known: CodeList, base: str) -> Iterator[str]:
    """Codes renamed, moved, split or merged; a code used again has become nothing else."""
    correspondence = iri(f"{base}id/correspondence/{known.name}-years")
    title = about(known.name)
    found = [change for change in changes(known.name) if change.kind != "reused"]
    if found:
        names = message("list-over-years", title=(title.title, title.title_en))
        yield from _correspondence(correspondence, names, [_scheme(known.name, base)])
    for change in found:
        before = known.find(change.from_code, change.from_year)
        after = known.find(change.to_code, change.to_year)
        if before and after:
            path = f"{change.from_year}-{change.from_code}-{change.to_year}-{change.to_code}"
            association = f"{correspondence.removesuffix('>')}/{path}>"
            ends = (_concept(before.entry, base), _concept(after.entry, base))
            yield from _association(
                correspondence, association, ends, (change.reason, change.reason_en)
            )
            yield _line(association, "ys:changeKind", literal(change.kind))


def _links(source: CodeList, target: CodeList, base: str) -> Iterator[str]:
    correspondence = iri(f"{base}id/correspondence/{source.name}-{target.name}")
    one, two = about(source.name), about(target.name)
    names = message(
        "lists-correspond", one=(one.title, one.title_en), two=(two.title, two.title_en)
    )
    schemes = [_scheme(known.name, base) for known in (source, target)]
    yield from _correspondence(correspondence, names, schemes)
    for found in links(source.name, target.name).values():
        for link in found:
            for entry in source.by_code.get(link.source, ()):
                last = entry.valid_to or entry.valid_from
                other = target.find(link.target, last)
                if other is None or not (link.holds(entry.valid_from) or link.holds(last)):
                    continue
                ends = (_concept(entry, base), _concept(other.entry, base))
                path = f"{entry.valid_from}-{entry.code}-{link.target}"
                association = f"{correspondence.removesuffix('>')}/{path}>"
                yield _line(ends[0], f"skos:{link.relation}Match", ends[1])
                yield from _association(
                    correspondence, association, ends, (link.reason, link.reason_en)
                )


def _correspondence(subject: str, names: tuple[str, str], schemes: list[str]) -> Iterator[str]:
    yield _line(subject, "rdf:type", iri(expand("xkos:Correspondence")))
    for name, language in zip(names, ("zh", "en"), strict=True):
        yield _line(subject, "skos:prefLabel", literal(name, language))
    for scheme in schemes:
        yield _line(subject, "xkos:compares", scheme)


def _association(
    correspondence: str, subject: str, ends: tuple[str, str], reasons: tuple[str, str]
) -> Iterator[str]:
    yield _line(correspondence, "xkos:madeOf", subject)
    yield _line(subject, "rdf:type", iri(expand("xkos:ConceptAssociation")))
    yield _line(subject, "xkos:sourceConcept", ends[0])
    yield _line(subject, "xkos:targetConcept", ends[1])
    for reason, language in zip(reasons, ("zh", "en"), strict=True):
        yield _line(subject, "rdfs:comment", literal(reason, language))


def _scheme(name: str, base: str) -> str:
    if name in word_lists():  # as packages have it
        return (scheme_template(catalogue()[name], base) or Template("")).expand({}) or ""
    return iri(f"{base}id/list/{name}")


def _concept(entry: CodeEntry, base: str) -> str:
    """One IRI for one entry; an official one is of its version, beside what sources attest."""
    if entry.list in word_lists():
        about_url = resolve(catalogue()[entry.list].about_url or "", base)
        return Template(about_url).expand({"code": entry.code}) or ""
    official = "official-" if entry.status == "official" else ""
    template = Template(f"{base}id/code/{{list}}/{official}{{year}}-{{code}}")
    row = {"list": entry.list, "year": str(entry.valid_from), "code": entry.code}
    return template.expand(row) or ""


def _line(subject: str, predicate: str, value: str) -> str:
    return f"{subject} {iri(expand(predicate))} {value}"
