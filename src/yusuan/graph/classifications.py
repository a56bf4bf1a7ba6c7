"""How the concepts of a list stand to each other and to other lists, in SKOS and XKOS.

The rows say what is above each concept. What follows from that is said here: what is below it,
what is at the top, which level it is of, and which lists a correspondence compares.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from yusuan.codes.lists import about
from yusuan.graph.prefixes import expand, resolve
from yusuan.graph.schemes import concept_schemes, scheme_template
from yusuan.graph.terms import Template, iri, literal, typed
from yusuan.package import Package
from yusuan.schema import Resource, catalogue
from yusuan.schema.messages import message

__all__ = ["classification_lines", "code_over_years", "level_lines", "over_years_scheme"]

_OVER_YEARS = {
    "administrative-division": "id/division/{code}",
    "expenditure-function": "id/function/{code}",
    "expenditure-economic-department": "id/economic-item/{code}",
}
"""The lists whose codes also have a concept for all years, with its IRI; each version of it is the
concept of a year, with the code and name that hold then."""

_CORRESPONDENCES = {
    "code-links": ("cofog", ("expenditure-function", "cofog"), *message("correspondence-cofog")),
    "code-changes": ("years", ("expenditure-function", "expenditure-economic-department"),
                     *message("correspondence-years")),
}  # fmt: skip


def classification_lines(package: Package) -> Iterator[str]:
    """Triples (subject, predicate, object) about the concepts of all lists."""
    for resource in catalogue().resources:
        template = scheme_template(resource, package.base)
        if template is None or resource.about_url is None:
            continue
        yield from _hierarchy(package, resource, template)
    for name in _OVER_YEARS:
        yield from _over_years(package, catalogue()[name])
    schemes: dict[str, list[str]] = defaultdict(list)
    for scheme, resource, _ in concept_schemes(package):
        schemes[resource.name].append(scheme)
    for name, (path, lists, chinese, english) in _CORRESPONDENCES.items():
        if any(True for _ in package.rows(name)):
            subject = iri(f"{package.base}id/correspondence/{path}")
            yield _line(subject, "rdf:type", iri(expand("xkos:Correspondence")))
            yield _line(subject, "skos:prefLabel", literal(chinese, "zh"))
            yield _line(subject, "skos:prefLabel", literal(english, "en"))
            for scheme in (scheme for known in lists for scheme in schemes[known]):
                yield _line(subject, "xkos:compares", scheme)


def code_over_years(list_name: str, code: str, base: str) -> str:
    """The concept of a code whatever the year, as an N-Triples term."""
    return Template(base + _OVER_YEARS[list_name]).expand({"code": code}) or ""


def over_years_scheme(list_name: str, base: str) -> str:
    """The scheme of these concepts."""
    return iri(f"{base}id/list/{list_name}/all-years")


def _over_years(package: Package, resource: Resource) -> Iterator[str]:
    """Each code of a list once, as it is in the latest year, with the concepts of all years."""
    base, name = package.base, resource.name
    scheme = over_years_scheme(name, base)
    subject = Template(resolve(resource.about_url or "", base))
    versions: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in package.rows(name):
        versions[row["code"]].append(row)
    zh, en = message("list-all-years", title=(resource.title, resource.title_en))
    if versions or name != "administrative-division":
        yield _line(scheme, "rdf:type", iri(expand("skos:ConceptScheme")))
        yield _line(scheme, "skos:prefLabel", literal(zh, "zh"))
        yield _line(scheme, "skos:prefLabel", literal(en, "en"))
        if about(name).gaps:
            yield _line(scheme, "ys:skipsLevels", typed("true", "boolean"))
    for code, rows in versions.items():
        concept = code_over_years(name, code, base)
        latest = max(rows, key=lambda row: row["year"])
        above = latest["parent"].partition("-")[2]
        yield _line(concept, "rdf:type", iri(expand("skos:Concept")))
        yield _line(concept, "skos:inScheme", scheme)
        yield _line(concept, "skos:notation", literal(code))
        yield _line(concept, "ys:level", typed(latest["level"], "integer"))
        for language, column in (("zh", "name"), ("en", "name_en")):
            if latest[column]:
                yield _line(concept, "skos:prefLabel", literal(latest[column], language))
            for former in sorted({row[column] for row in rows} - {latest[column], ""}):
                yield _line(concept, "skos:altLabel", literal(former, language))
        if above in versions:
            yield _line(concept, "skos:broader", code_over_years(name, above, base))
            yield _line(code_over_years(name, above, base), "skos:narrower", concept)
        else:
            yield _line(concept, "skos:topConceptOf", scheme)
            yield _line(scheme, "skos:hasTopConcept", concept)
        for row in rows:
            version = subject.expand(row) or ""
            yield _line(concept, "dcterms:hasVersion", version)
            yield _line(version, "dcterms:isVersionOf", concept)


def level_lines(scheme: str, list_name: str, members: dict[int, list[str]]) -> Iterator[str]:
    """The levels of a scheme, as an ordered list, with the concepts of each."""
    described = about(list_name)
    names = dict(enumerate(described.levels, start=1))
    levels = sorted(members)
    stem = scheme.removesuffix(">")
    yield _line(scheme, "xkos:numberOfLevels", typed(str(len(levels)), "integer"))
    yield _line(scheme, "xkos:levels", f"{stem}/levels/1>")
    if described.gaps:
        yield _line(scheme, "ys:skipsLevels", typed("true", "boolean"))
    for place, level in enumerate(levels, start=1):
        node, following = f"{stem}/levels/{place}>", f"{stem}/levels/{place + 1}>"
        subject = f"{stem}/level/{level}>"
        yield _line(node, "rdf:first", subject)
        end = place == len(levels)
        yield _line(node, "rdf:rest", iri(expand("rdf:nil")) if end else following)
        yield _line(subject, "rdf:type", iri(expand("xkos:ClassificationLevel")))
        yield _line(subject, "xkos:depth", typed(str(level), "integer"))
        named = names.get(level, message("level-numbered", level=level))
        for name, language in zip(named, ("zh", "en"), strict=True):
            yield _line(subject, "skos:prefLabel", literal(name, language))
        for member in members[level]:
            yield _line(subject, "skos:member", member)


def _hierarchy(package: Package, resource: Resource, template: Template) -> Iterator[str]:
    subject = Template(resolve(resource.about_url or "", package.base))
    members: dict[str, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in package.rows(resource.name):
        scheme, concept = template.expand(row), subject.expand(row)
        if scheme is None or concept is None:
            continue
        above = row.get("parent") and subject.expand({**row, resource.primary_key: row["parent"]})
        if above:
            yield _line(above, "skos:narrower", concept)
        else:
            yield _line(scheme, "skos:hasTopConcept", concept)
            yield _line(concept, "skos:topConceptOf", scheme)
        if resource.kind == "classification":
            members[scheme][int(row["level"])].append(concept)
    for scheme, levels in members.items():
        yield from level_lines(scheme, resource.name, levels)


def _line(subject: str, predicate: str, value: str) -> str:
    return f"{subject} {iri(expand(predicate))} {value}"
