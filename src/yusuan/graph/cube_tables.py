"""What the rows of a package imply of its cubes, as tables of their own with CSVW metadata.

A dataset for each document and standard table, the observations of the derived cubes with all their
dimensions, and the slices. They are written to TriG, and answered in SQL, as the resources are; no file
of the package holds them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from yusuan.graph.budgets import budgets
from yusuan.graph.catalogue import titles
from yusuan.graph.cubes import CUBES, CURRENCIES, DIMENSIONS, Dimension
from yusuan.graph.prefixes import expand, resolve
from yusuan.graph.terms import Template
from yusuan.package import Package
from yusuan.schema import catalogue

__all__ = ["DATASETS", "DATASET_COLUMNS", "cube_rows", "cube_tables"]

DATASETS = "datasets"
"""The table of the datasets that facts are in."""
DATASET_COLUMNS = ("document", "table", "department", "fiscal_year", "phase")
"""The columns of facts that tell datasets apart, and what is said of these as a whole."""
_YEAR = "http://reference.data.gov.uk/id/year/{fiscal_year}"


def cube_tables(base: str) -> list[dict[str, Any]]:
    """The CSVW metadata of all these tables; each is named by its ``url``."""
    tables = [_datasets(base)]
    for name in CUBES:
        tables += [_observations(name, base), _slices(name, base), _parts(name, base)]
    return tables


def cube_rows(
    package: Package, table: Mapping[str, Any], datasets: Iterable[tuple[str, ...]]
) -> Iterator[list[str]]:
    """The rows of one of the tables, their cells in the order of its columns.

    ``datasets`` are what facts have in the columns ``DATASET_COLUMNS``, each once.
    """
    kind, _, name = str(table["url"]).partition("-")
    if kind == DATASETS:
        return _dataset_rows(package, datasets)
    if kind == "observations":
        return _observation_rows(package, name)
    first = (row for row in _first_rows(package, name))
    if kind == "slices":
        columns = ("document", "budget", "department", "phase", "fiscal_year")
        return ([row[column] for column in columns] for row in first)
    return ([row["budget"]] for row in first)


# ---- datasets of documents ----


def _datasets(base: str) -> dict[str, Any]:
    currency = catalogue()["facts"].field("amount").currency
    return _table(
        DATASETS,
        "id/dataset/{document}/{table}",
        base,
        key=["document", "table"],
        columns=[
            _unsaid("document"),
            _unsaid("table"),
            _text("label", "rdfs:label", "zh"),
            _text("label_en", "rdfs:label", "en"),
            _link("graph", "dcterms:isPartOf", "{+graph}"),
            _link(
                "department",
                "obeu-dimension:organization",
                "id/department/{department}",
                blank=True,
            ),
            _link("fiscal_year", "obeu-dimension:fiscalYear", _YEAR, blank=True),
            _link("phase", "obeu-dimension:budgetPhase", "{+phase}", blank=True),
        ],
        said=[
            ("rdf:type", "qb:DataSet"),
            ("rdf:type", "prov:Entity"),
            ("qb:structure", "def/structure/{table}"),
            ("dcterms:source", "id/document/{document}"),
            ("obeu-attribute:currency", f"{CURRENCIES}{currency}"),
            ("prov:wasGeneratedBy", "id/activity/build"),
        ],
    )


def _dataset_rows(package: Package, datasets: Iterable[tuple[str, ...]]) -> Iterator[list[str]]:
    found = tuple(budgets(package))
    named = titles(package, found)
    graphs = {row["document"]: budget.graph for budget in found for row in budget.documents}
    tables = {table.name: table for table in catalogue().tables}
    phases = {row["code"]: row["match"] for row in package.rows("phases")}
    shared: dict[tuple[str, str], list[set[str]]] = {}
    for document, table, *values in datasets:
        sets = shared.setdefault((document, table), [set() for _ in values])
        for values_of, value in zip(sets, values, strict=True):
            values_of.add(value)
    for (document, table), sets in shared.items():
        chinese, english = named[graphs[document]]
        # What all facts of a dataset have one value of is said of it.
        department, year, phase = (next(iter(each)) if len(each) == 1 else "" for each in sets)
        yield [
            document,
            table,
            f"{chinese}：{tables[table].title}",
            f"{english}: {tables[table].title_en}",
            graphs[document][1:-1],
            department,
            year,
            phases[phase] if phase else "",
        ]


# ---- figures, spending and revenue ----


def _observations(name: str, base: str) -> dict[str, Any]:
    resource = catalogue()[name]
    about, key = resource.about_url or "", str(resource.primary_key)
    columns = [_unsaid(key), _unsaid("document"), _unsaid("budget")]
    columns += [_link(at, each.term, f"{{+{at}}}") for at, each in _dimensions(name).items()]
    if len(columns) > 3:
        columns.append(_link("drawn_from", "ys:drawnFrom", "{+drawn_from}", blank=True))
    table = _table(
        f"observations-{name}",
        about,
        base,
        key=key,
        columns=columns,
        said=[("rdf:type", "qb:Observation"), ("qb:dataSet", f"id/dataset/{name}")],
    )
    table["tableSchema"]["columns"].append(
        _said(9, "qb:observation", about, base, f"id/slice/{name}/{{+budget}}")
    )
    return table


def _dimensions(name: str) -> dict[str, Dimension]:
    """The dimensions of a cube, by column; figures have theirs in their own rows."""
    columns = {field.name for field in catalogue()[name].fields}
    if name == "figures":
        return {}
    return {column: each for column, each in DIMENSIONS.items() if column in columns}


def _observation_rows(package: Package, name: str) -> Iterator[list[str]]:
    base, dimensions = package.base, _dimensions(name)
    key = str(catalogue()[name].primary_key)
    fact = Template(resolve(catalogue()["facts"].about_url or "", base))
    total = Template(resolve(catalogue()["figures"].about_url or "", base))
    values: dict[tuple[str, str], str] = {}
    for row in package.rows(name):
        if not row["amount"]:
            continue  # a number of things is no observation of the measure
        cells = [row[key], row["document"], row["budget"]]
        for column, dimension in dimensions.items():
            at = column, row[column]
            if at not in values:
                values[at] = dimension.value(row[column], base)[1:-1]
            cells.append(values[at])
        if dimensions:
            source = fact.expand(row) or total.expand({"figure": row["total"]}) or "<>"
            cells.append(source[1:-1])
        yield cells


def _slices(name: str, base: str) -> dict[str, Any]:
    return _table(
        f"slices-{name}",
        f"id/slice/{name}/{{+budget}}",
        base,
        key="budget",
        columns=[
            _unsaid("document"),
            _link("budget", "ys:budget", "id/budget/{+budget}"),
            _link("department", "ys:department", "id/department/{department}"),
            _link("phase", "ys:phase", "def/phase/{phase}"),
            {"name": "fiscal_year", "datatype": "gYear", "required": True,
             "propertyUrl": expand("ys:fiscalYear")},
        ],
        said=[("rdf:type", "qb:Slice"), ("qb:sliceStructure", "ys:BudgetSlice")],
    )  # fmt: skip


def _parts(name: str, base: str) -> dict[str, Any]:
    """What a cube as a whole says of each budget: these statements are in no budget's graph."""
    return _table(
        f"parts-{name}",
        f"id/dataset/{name}",
        base,
        key="budget",
        columns=[_link("budget", "prov:wasDerivedFrom", "id/budget/{+budget}")],
        said=[("qb:slice", f"id/slice/{name}/{{+budget}}")],
    )


def _first_rows(package: Package, name: str) -> Iterator[dict[str, str]]:
    """The first row of each budget that has an amount in a cube."""
    seen = set()
    for row in package.rows(name):
        if row["amount"] and row["budget"] not in seen:
            seen.add(row["budget"])
            yield row


# ---- CSVW ----


def _table(
    url: str, about: str, base: str, *, key: str | list[str], columns: list[dict[str, Any]],
    said: list[tuple[str, str]],
) -> dict[str, Any]:  # fmt: skip
    for column in columns:
        if "valueUrl" in column:
            column["valueUrl"] = resolve(column["valueUrl"], base)
    virtual = [_said(number, *each, base) for number, each in enumerate(said, start=1)]
    return {
        "url": url,
        "tableSchema": {
            "columns": [*columns, *virtual],
            "primaryKey": key,
            "aboutUrl": resolve(about, base),
        },
    }


def _unsaid(name: str) -> dict[str, Any]:
    return {"name": name, "datatype": "string", "required": True, "suppressOutput": True}


def _text(name: str, predicate: str, language: str) -> dict[str, Any]:
    return {"name": name, "datatype": "string", "required": True, "lang": language,
            "propertyUrl": expand(predicate)}  # fmt: skip


def _link(name: str, predicate: str, value: str, *, blank: bool = False) -> dict[str, Any]:
    made = {"name": name, "datatype": "string", "propertyUrl": expand(predicate), "valueUrl": value}
    return made if blank else {**made, "required": True}


def _said(number: int, predicate: str, value: str, base: str, about: str = "") -> dict[str, Any]:
    return {
        "name": f"statement{number}",
        "virtual": True,
        **({"aboutUrl": resolve(about, base)} if about else {}),
        "propertyUrl": expand(predicate),
        "valueUrl": resolve(value, base),
    }
