"""Figures, spending and revenue as Data Cubes that any cube tool can pivot.

Facts are observations as printed: what their rows do not say is an attribute that may be absent.
A cube has no blanks (IC-11), so here each classification is a dimension with one concept for a
code over all years, or the concept that says it is not stated. A budget is a slice of each cube
(https://www.w3.org/TR/vocab-data-cube/#slices), and says its totals.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from yusuan.figures.definitions import breakdown
from yusuan.graph.budgets import budget_graphs
from yusuan.graph.classifications import code_over_years, over_years_scheme
from yusuan.graph.prefixes import expand, resolve
from yusuan.graph.schemes import scheme_template
from yusuan.graph.terms import Template, iri, literal, typed
from yusuan.model.money import plain
from yusuan.package import Package
from yusuan.schema import catalogue
from yusuan.schema.messages import message

__all__ = ["CURRENCIES", "derived_cube_lines", "dimension_lists", "not_stated_lines", "total_lines"]

_STRUCTURES = {
    "figures": "ys:FigureStructure",
    "spending": "ys:SpendingStructure",
    "revenue": "ys:RevenueStructure",
}
"""The derived resources that are cubes, with their structures in the vocabulary."""

_TOTALS = {"spending": "ys:totalSpending", "revenue": "ys:totalRevenue"}
_SLICE_KEY = "ys:BudgetSlice"

CURRENCIES = "http://publications.europa.eu/resource/authority/currency/"
"""IRIs of currencies begin so."""


class _Dimension(NamedTuple):
    """A dimension that a column fills, or the concept of its list that says it is not stated."""

    term: str
    code_list: str
    """The resource whose codes the column holds."""
    over_years: bool
    """Whether the list is one of each year, so that the code over the years is meant."""

    def value(self, code: str, base: str) -> str:
        """The concept of a code, or of a blank."""
        if not code:
            return iri(f"{base}def/not-stated/{self.code_list}")
        if self.over_years:
            return code_over_years(self.code_list, code, base)
        about = Template(resolve(catalogue()[self.code_list].about_url or "", base))
        return about.expand({"code": code}) or ""

    def scheme(self, base: str) -> str:
        if self.over_years:
            return over_years_scheme(self.code_list, base)
        template = scheme_template(catalogue()[self.code_list], base)
        return (template and template.expand({})) or ""


_DIMENSIONS = {
    "function_class": _Dimension("ys:functionalClassDimension", "expenditure-function", True),
    "function_code": _Dimension("ys:functionDimension", "expenditure-function", True),
    "expenditure_type": _Dimension("ys:expenditureTypeDimension", "expenditure-types", False),
    "economic_code": _Dimension(
        "ys:economicItemDimension", "expenditure-economic-department", True
    ),
    "fund_source": _Dimension("ys:fundSourceDimension", "fund-sources", False),
}
"""The dimensions of spending, by column; revenue has those of the columns that it has."""


def dimension_lists(base: str) -> Iterator[tuple[str, str]]:
    """The dimensions of the cubes with the scheme (N-Triples term) that their values come from."""
    for dimension in _DIMENSIONS.values():
        yield expand(dimension.term), dimension.scheme(base)


def not_stated_lines(base: str) -> Iterator[str]:
    """The concept of each list that says of a row that it is not stated."""
    zh, en = message("not-stated")
    for dimension in {each.code_list: each for each in _DIMENSIONS.values()}.values():
        concept, scheme = dimension.value("", base), dimension.scheme(base)
        for predicate, value in (
            ("a", "skos:Concept"),
            ("skos:inScheme", scheme),
            ("skos:topConceptOf", scheme),
            ("skos:notation", literal("_Z")),  # not applicable, in the code lists of SDMX
            ("skos:prefLabel", literal(zh, "zh")),
            ("skos:prefLabel", literal(en, "en")),
        ):
            yield _line(concept, predicate, value)
        yield _line(scheme, "skos:hasTopConcept", concept)


def derived_cube_lines(package: Package) -> Iterator[tuple[str, str]]:
    """Each cube as (graph, line): its dataset in no graph (""), its rows in those of their budgets."""
    for name in _STRUCTURES:
        yield from _cube(package, name)


def _cube(package: Package, name: str) -> Iterator[tuple[str, str]]:
    resource = catalogue()[name]
    base = package.base
    subject = Template(resolve(resource.about_url or "", base))
    dataset = iri(f"{base}id/dataset/{name}")
    columns = {field.name for field in resource.fields}
    dimensions = {} if name == "figures" else {
        column: each for column, each in _DIMENSIONS.items() if column in columns
    }  # fmt: skip
    fact = Template(resolve(catalogue()["facts"].about_url or "", base))
    total = Template(resolve(catalogue()["figures"].about_url or "", base))
    graphs = budget_graphs(package)
    last = part = ""
    slices: list[tuple[str, str]] = []
    for row in package.rows(name):
        if not row["amount"]:
            continue  # a number of things is no observation of the measure
        graph, observation = graphs[row["document"]], subject.expand(row) or ""
        if row["budget"] != last:
            last = row["budget"]
            part = Template(f"{base}id/slice/{name}/{{+budget}}").expand(row) or ""
            slices.append((_budget(row, base), part))
            for line in _slice(part, row, base):
                yield graph, line
        yield graph, _line(part, "qb:observation", observation)
        yield graph, _line(observation, "a", "qb:Observation")
        yield graph, _line(observation, "qb:dataSet", dataset)
        for column, dimension in dimensions.items():
            yield graph, _line(observation, dimension.term, dimension.value(row[column], base))
        if dimensions:
            source = fact.expand(row) or total.expand({"figure": row["total"]}) or ""
            yield graph, _line(observation, "ys:drawnFrom", source)
    if slices:
        for line in _dataset(package, name, dataset, slices):
            yield "", line


def _slice(part: str, row: Mapping[str, str], base: str) -> Iterator[str]:
    """A budget's slice, with what it fixes."""
    for predicate, value in (
        ("a", "qb:Slice"),
        ("qb:sliceStructure", _SLICE_KEY),
        ("ys:budget", _budget(row, base)),
        ("ys:department", Template(f"{base}id/department/{{department}}").expand(row) or ""),
        ("ys:fiscalYear", typed(row["fiscal_year"], "gYear")),
        ("ys:phase", Template(f"{base}def/phase/{{phase}}").expand(row) or ""),
    ):
        yield _line(part, predicate, value)


def _dataset(
    package: Package, name: str, dataset: str, slices: list[tuple[str, str]]
) -> Iterator[str]:
    resource, base = catalogue()[name], package.base
    currency = resource.field("amount").currency
    for predicate, value in (
        ("a", "qb:DataSet"),
        ("a", "prov:Entity"),
        ("qb:structure", _STRUCTURES[name]),
        ("rdfs:label", literal(resource.title, "zh")),
        ("rdfs:label", literal(resource.title_en, "en")),
        ("obeu-attribute:currency", iri(f"{CURRENCIES}{currency}")),
        ("prov:wasGeneratedBy", iri(f"{base}id/activity/build")),
    ):
        yield _line(dataset, predicate, value)
    for budget, part in slices:
        yield _line(dataset, "prov:wasDerivedFrom", budget)
        yield _line(dataset, "qb:slice", part)


def total_lines(package: Package) -> Iterator[str]:
    """The total spending and revenue of each budget, beside its dataset's title.

    That of a budget whose rows are in another's is the first total that it prints; where nothing
    is printed, nothing is said.
    """
    for name, predicate in _TOTALS.items():
        sums: dict[str, Decimal] = {}
        for row in package.rows(name):
            sums[row["budget"]] = sums.get(row["budget"], Decimal()) + Decimal(row["amount"])
        totals = breakdown(name).totals
        printed: dict[str, dict[str, str]] = {}
        for row in package.rows("figures"):
            if row["budget"] not in sums and row["code"] in totals:
                printed.setdefault(row["budget"], {})[row["code"]] = row["amount"]
        for budget, amounts in printed.items():
            sums[budget] = Decimal(next(amounts[code] for code in totals if code in amounts))
        for budget, amount in sums.items():
            subject = _budget({"budget": budget}, package.base)
            yield _line(subject, predicate, typed(plain(amount), "decimal"))


def _budget(row: Mapping[str, str], base: str) -> str:
    return Template(f"{base}id/budget/{{+budget}}").expand(row) or ""


def _line(subject: str, predicate: str, value: str) -> str:
    return f"{subject} {predicate} {value} .\n"
