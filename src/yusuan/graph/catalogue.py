"""What is said about a package as a whole: catalogue, datasets, concept schemes, provenance.

Rows are mapped by the schemas; this is the rest, in DCAT, Data Cube, SKOS and PROV-O terms.
There is no clock and no machine in it: the same package gives the same statements.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from yusuan.graph.budgets import BudgetGraph, budgets
from yusuan.graph.classifications import classification_lines, code_over_years
from yusuan.graph.cubes import (
    derived_dataset_lines,
    dimension_lists,
    not_stated_lines,
    total_lines,
)
from yusuan.graph.schemes import code_lists, concept_schemes
from yusuan.graph.structures import structure_lines
from yusuan.graph.terms import Template, iri, is_iri, literal, typed
from yusuan.package import Package
from yusuan.schema.messages import message
from yusuan.schema.version import software_version

__all__ = ["catalogue_lines", "titles"]

_CHINESE = "http://publications.europa.eu/resource/authority/language/ZHO"


def catalogue_lines(package: Package) -> Iterator[str]:
    """What is said about the package, a statement a line, but for the rows of its cubes."""
    found = tuple(budgets(package))
    named = titles(package, found)
    yield from _catalog(package, found)
    for budget in found:
        yield from _budget(package, budget, named[budget.graph])
    yield from _periods(package, {budget.documents[0]["fiscal_year"] for budget in found})
    yield from total_lines(package)
    yield from _places(package, found)
    for predicate, scheme in (*code_lists(package.base), *dimension_lists(package.base)):
        yield _line(iri(predicate), "qb:codeList", scheme)
    for scheme, resource, year in concept_schemes(package):
        yield _type(scheme, "skos:ConceptScheme")
        yield _line(scheme, "skos:prefLabel", literal(resource.title + year, "zh"))
        english = f"{resource.title_en} {year}".strip()
        yield _line(scheme, "skos:prefLabel", literal(english, "en"))
    for line in (*classification_lines(package), *structure_lines(package.base)):
        yield f"{line} .\n"
    yield from not_stated_lines(package.base)
    yield from derived_dataset_lines(package)
    yield from _provenance(package, found)


def _catalog(package: Package, found: Iterable[BudgetGraph]) -> Iterator[str]:
    catalog = _local(package, "id/catalog")
    yield _type(catalog, "dcat:Catalog")
    for key, predicate in (("title", "dcterms:title"), ("description", "dcterms:description")):
        yield _line(catalog, predicate, literal(package.descriptor[key], "zh"))
        if english := package.descriptor.get(f"{key}@en"):
            yield _line(catalog, predicate, literal(english, "en"))
    yield from _licence(package, catalog)
    for budget in found:
        yield _line(catalog, "dcat:dataset", budget.graph)
    for scheme, _, _ in concept_schemes(package):
        yield _line(catalog, "dcat:themeTaxonomy", scheme)


def _budget(package: Package, budget: BudgetGraph, titles: tuple[str, str]) -> Iterator[str]:
    """A budget's dataset, which is also its named graph."""
    row = budget.documents[0]
    subject = budget.graph
    yield _type(subject, "dcat:Dataset")
    yield _type(subject, "prov:Entity")
    yield _line(subject, "dcterms:title", literal(titles[0], "zh"))
    yield _line(subject, "dcterms:title", literal(titles[1], "en"))
    department = _template(package.base + "id/department/{department}").expand(row)
    yield _line(subject, "dcterms:publisher", department or "")
    period = _template(package.base + "id/period/{fiscal_year}").expand(row) or ""
    yield _line(subject, "dcterms:temporal", period)
    yield _line(subject, "dcterms:language", iri(_CHINESE))
    yield from _licence(package, subject)
    for document in budget.documents:
        source = _document(package, document)
        yield _line(subject, "dcat:distribution", source)
        yield _line(subject, "prov:wasDerivedFrom", source)
    yield _line(subject, "prov:wasGeneratedBy", _local(package, "id/activity/build"))


def _places(package: Package, found: Iterable[BudgetGraph]) -> Iterator[str]:
    """Where each department is, and its budgets: the division whatever the year."""
    places = {
        row["department"]: code_over_years("administrative-division", row["division"], package.base)
        for row in package.rows("departments") if row["division_concept"]
    }  # fmt: skip
    for department, place in places.items():
        subject = _template(package.base + "id/department/{department}").expand(
            {"department": department}
        )
        yield _line(subject or "", "dcterms:spatial", place)
    for budget in found:
        if place := places.get(budget.documents[0]["department"], ""):
            yield _line(budget.graph, "dcterms:spatial", place)


def _periods(package: Package, years: Iterable[str]) -> Iterator[str]:
    for year in sorted(years):
        period = _local(package, f"id/period/{year}")
        yield _type(period, "dcterms:PeriodOfTime")
        yield _line(period, "dcat:startDate", typed(f"{year}-01-01", "date"))
        yield _line(period, "dcat:endDate", typed(f"{year}-12-31", "date"))


def _provenance(package: Package, found: Iterable[BudgetGraph]) -> Iterator[str]:
    version = software_version()
    activity = _local(package, "id/activity/build")
    agent = _local(package, f"id/agent/yusuan-{version}")
    yield _type(activity, "prov:Activity")
    yield _line(activity, "rdfs:label", literal("由公开文件生成数据", "zh"))
    yield _line(activity, "rdfs:label", literal("Making data of the disclosure documents", "en"))
    for budget in found:
        for document in budget.documents:
            yield _line(activity, "prov:used", _document(package, document))
    yield _line(activity, "prov:wasAssociatedWith", agent)
    yield _type(agent, "prov:SoftwareAgent")
    yield _line(agent, "rdfs:label", literal(f"yusuan {version}"))
    yield _line(agent, "schema:softwareVersion", literal(version))


def _licence(package: Package, subject: str) -> Iterator[str]:
    """A licence is an IRI where its address is known, and else stated by its name."""
    licences: list[dict[str, Any]] = package.descriptor["licenses"]
    for licence in licences:
        path = licence.get("path", "")
        if is_iri(path):
            yield _line(subject, "dcterms:license", iri(path))
        else:
            yield _line(subject, "dcterms:rights", literal(licence.get("name") or path))


def titles(package: Package, found: Iterable[BudgetGraph]) -> dict[str, tuple[str, str]]:
    """Titles of budgets by their graphs, in Chinese (as printed, where one was) and English."""
    names = {row["department"]: row["name"] for row in package.rows("departments")}
    phases = {row["code"]: (row["name"], row["name_en"]) for row in package.rows("phases")}
    made: dict[str, tuple[str, str]] = {}
    for budget in found:
        row = budget.documents[0]
        name, year = names[row["department"]], row["fiscal_year"]
        chinese, english = phases[row["phase"]]
        zh, en = message("budget-titled", name=name, year=year, phase=(chinese, english.lower()))
        made[budget.graph] = (row["title"] or zh, en)
    return made


def _document(package: Package, row: dict[str, str]) -> str:
    return _template(package.base + "id/document/{document}").expand(row) or ""


@lru_cache(maxsize=32)
def _template(text: str) -> Template:
    return Template(text)


def _local(package: Package, path: str) -> str:
    return iri(package.base + path)


def _type(subject: str, name: str) -> str:
    return _line(subject, "a", name)


def _line(subject: str, predicate: str, value: str) -> str:
    return f"{subject} {predicate} {value} .\n"
