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
from yusuan.graph.classifications import code_over_years, over_years_scheme
from yusuan.graph.prefixes import expand, resolve
from yusuan.graph.schemes import scheme_template
from yusuan.graph.terms import Template, iri, literal, typed
from yusuan.model.money import plain
from yusuan.package import Package
from yusuan.schema import catalogue
from yusuan.schema.messages import message

__all__ = [
    "CUBES",
    "CURRENCIES",
    "DIMENSIONS",
    "Dimension",
    "derived_dataset_lines",
    "dimension_lists",
    "not_stated_lines",
    "total_lines",
]

CUBES = {
    "figures": "ys:FigureStructure",
    "spending": "ys:SpendingStructure",
    "revenue": "ys:RevenueStructure",
}
"""The derived resources that are cubes, with their structures in the vocabulary."""

_TOTALS = {"spending": "ys:totalSpending", "revenue": "ys:totalRevenue"}

CURRENCIES = "http://publications.europa.eu/resource/authority/currency/"
"""IRIs of currencies begin so."""


class Dimension(NamedTuple):
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


DIMENSIONS = {
    "function_class": Dimension("ys:functionalClassDimension", "expenditure-function", True),
    "function_code": Dimension("ys:functionDimension", "expenditure-function", True),
    "expenditure_type": Dimension("ys:expenditureTypeDimension", "expenditure-types", False),
    "economic_code": Dimension("ys:economicItemDimension", "expenditure-economic-department", True),
    "fund_source": Dimension("ys:fundSourceDimension", "fund-sources", False),
}
"""The dimensions of spending, by column; revenue has those of the columns that it has."""


def dimension_lists(base: str) -> Iterator[tuple[str, str]]:
    """The dimensions of the cubes with the scheme (N-Triples term) that their values come from."""
    for dimension in DIMENSIONS.values():
        yield expand(dimension.term), dimension.scheme(base)


def not_stated_lines(base: str) -> Iterator[str]:
    """The concept of each list that says of a row that it is not stated."""
    zh, en = message("not-stated")
    for dimension in {each.code_list: each for each in DIMENSIONS.values()}.values():
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


def derived_dataset_lines(package: Package) -> Iterator[str]:
    """The dataset of each cube that has a row: what it is, and the slices that it consists of."""
    for name, structure in CUBES.items():
        if not any(row["amount"] for row in package.rows(name)):
            continue
        resource, base = catalogue()[name], package.base
        dataset = iri(f"{base}id/dataset/{name}")
        for predicate, value in (
            ("a", "qb:DataSet"),
            ("a", "prov:Entity"),
            ("qb:structure", structure),
            ("rdfs:label", literal(resource.title, "zh")),
            ("rdfs:label", literal(resource.title_en, "en")),
            ("obeu-attribute:currency", iri(CURRENCIES + str(resource.field("amount").currency))),
            ("prov:wasGeneratedBy", iri(f"{base}id/activity/build")),
        ):
            yield _line(dataset, predicate, value)


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
