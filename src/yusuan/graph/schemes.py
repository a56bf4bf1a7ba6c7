"""Concept schemes: the lists that concepts belong to, found from the schemas' skos:inScheme."""

from __future__ import annotations

from collections.abc import Iterator

from yusuan.graph.prefixes import VOCABULARY, expand, resolve
from yusuan.graph.terms import Template
from yusuan.package import Package
from yusuan.schema import Resource, catalogue

__all__ = ["code_lists", "concept_schemes", "scheme_template"]


def concept_schemes(package: Package) -> Iterator[tuple[str, Resource, str]]:
    """Each scheme as an N-Triples term, its resource, and its year ("" when it has none)."""
    for resource in catalogue().resources:
        template = scheme_template(resource, package.base)
        if template is None:
            continue
        seen: dict[str, str] = {}
        for row in package.rows(resource.name):
            if scheme := template.expand(row):
                seen.setdefault(scheme, " ".join(row[name] for name in template.variables))
        for scheme, year in seen.items():
            yield scheme, resource, year


def code_lists(base: str) -> Iterator[tuple[str, str]]:
    """Vocabulary properties with the scheme (N-Triples term) that all their values come from.

    A property whose lists change with the year has no single scheme and is left out.
    """
    found: dict[tuple[str, str], None] = {}
    for resource in catalogue().resources:
        for field in resource.fields:
            key = resource.key_of(field.name)
            if key is None or not key.resource or not field.property_url:
                continue
            scheme = scheme_template(catalogue()[key.resource], base)
            predicate = expand(field.property_url)
            if scheme and not scheme.variables and predicate.startswith(VOCABULARY):
                found[predicate, scheme.expand({}) or ""] = None
    return iter(found)


def scheme_template(resource: Resource, base: str) -> Template | None:
    """The scheme that the rows of a resource are in, or None when they are in none."""
    for link in resource.links:
        if link.property_url == "skos:inScheme" and link.about_url is None:
            return Template(resolve(link.value_url, base))
    return None
