"""One resource of the package, as its Table Schema file defines it.

The files are Frictionless Table Schemas (https://specs.frictionlessdata.io/table-schema/)
with a few additions, all read here and nowhere else: ``title@en`` (language pattern),
``columnType`` (Fiscal Data Package), ``aboutUrl``/``propertyUrl``/``lang``/
``separator``/``datatype`` (CSV on the Web), ``currency`` (money, in yuan or in the row's
unit), and for the standard tables ``role``, ``headings``, ``dimensions`` and ``sumOf``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

__all__ = ["Correcting", "Field", "FieldRole", "ForeignKey", "Resource", "RowStatement", "Side"]


FieldRole = Literal["amount", "code", "label", "project"]
"""What a column of a standard table holds."""


@dataclass(frozen=True, slots=True)
class Field:
    """One column. ``role`` is set for the columns that are read from a printed table."""

    name: str
    type: str
    title: str
    title_en: str
    description: str | None = None
    description_en: str | None = None
    constraints: Mapping[str, Any] = field(default_factory=dict)
    column_type: str | None = None
    currency: str | None = None
    about_url: str | None = None
    property_url: str | None = None
    lang: str | None = None
    separator: str | None = None
    datatype: str | None = None
    role: FieldRole | None = None
    code_list: str | None = None
    headings: tuple[str, ...] = ()
    dimensions: Mapping[str, str] = field(default_factory=dict)
    sum_of: tuple[str, ...] = ()

    @property
    def is_money(self) -> bool:
        """Whether SQL needs an exact integer companion for it."""
        return self.currency is not None or self.role == "amount"


@dataclass(frozen=True, slots=True)
class ForeignKey:
    field: str
    resource: str
    reference: str


@dataclass(frozen=True, slots=True)
class RowStatement:
    """A triple every row states besides its columns (a CSVW virtual column)."""

    property_url: str
    value_url: str
    about_url: str | None = None


@dataclass(frozen=True, slots=True)
class Correcting:
    """Whose rows a resource corrects: its foreign key, and which of their columns by which."""

    by: str
    columns: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Side:
    """One of several tables printed side by side; ``name`` keeps their rows apart."""

    name: str
    direction: str
    headings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource with its columns; ``rows`` are the values of a small code list."""

    name: str
    title: str
    title_en: str
    fields: tuple[Field, ...]
    primary_key: str
    foreign_keys: tuple[ForeignKey, ...]
    kind: str
    description: str | None = None
    description_en: str | None = None
    about_url: str | None = None
    rdf_type: str | None = None
    label_field: str | None = None
    links: tuple[RowStatement, ...] = ()
    corrects: tuple[Correcting, ...] = ()
    rows: tuple[Mapping[str, Any], ...] = ()
    number: int | None = None
    titles: tuple[str, ...] = ()
    dimensions: Mapping[str, str] = field(default_factory=dict)
    sides: tuple[Side, ...] = ()
    classifications: tuple[str, ...] = ()
    lengths: tuple[int, ...] = ()
    nested: bool = False
    derived_from: tuple[str, ...] = ()
    """The resources whose rows it is derived from, where it holds nothing of its own."""
    _by_name: Mapping[str, Field] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Of two fields of a name the first counts.
        named = {each.name: each for each in reversed(self.fields)}
        object.__setattr__(self, "_by_name", named)

    @property
    def sql_name(self) -> str:
        """The SQLite table: no hyphens, so that nobody has to quote it."""
        return self.name.replace("-", "_")

    @property
    def path(self) -> str:
        return f"data/{self.name}.csv"

    def field(self, name: str) -> Field:
        """Raises KeyError where there is no field of the name."""
        return self._by_name[name]

    def with_role(self, role: FieldRole) -> tuple[Field, ...]:
        return tuple(field for field in self.fields if field.role == role)

    def key_of(self, name: str) -> ForeignKey | None:
        """The foreign key that starts at a column, if any."""
        return next((key for key in self.foreign_keys if key.field == name), None)


def resource_from(descriptor: Mapping[str, Any], kind: str) -> Resource:
    """Build a resource from a merged schema file."""
    name = descriptor["name"]
    fields = [
        *descriptor.get("before", ()), *descriptor["fields"], *descriptor.get("after", ()),
    ]  # fmt: skip
    return Resource(
        name=name,
        title=descriptor["title"],
        title_en=descriptor["title@en"],
        fields=tuple(_field(item) for item in fields),
        primary_key=descriptor["primaryKey"],
        foreign_keys=tuple(
            ForeignKey(key["fields"], key["reference"]["resource"], key["reference"]["fields"])
            for key in descriptor.get("foreignKeys", ())
        ),
        kind=kind,
        description=descriptor.get("description"),
        description_en=descriptor.get("description@en"),
        about_url=descriptor.get("aboutUrl"),
        rdf_type=descriptor.get("rdfType"),
        label_field=descriptor.get("labelField"),
        links=tuple(
            RowStatement(item["propertyUrl"], item["valueUrl"], item.get("aboutUrl"))
            for item in descriptor.get("links", ())
        ),
        corrects=tuple(
            Correcting(item["by"], item["columns"]) for item in descriptor.get("corrects", ())
        ),
        rows=tuple(descriptor.get("rows", ())),
        number=descriptor.get("number"),
        titles=tuple(descriptor.get("titles", ())),
        classifications=tuple(descriptor.get("classifications", ())),
        dimensions=descriptor.get("dimensions", {}),
        sides=tuple(
            Side(item["name"], item["direction"], tuple(item["headings"]))
            for item in descriptor.get("sides", ())
        ),
        lengths=tuple(descriptor.get("lengths", ())),
        nested=bool(descriptor.get("nested")),
        derived_from=tuple(descriptor.get("derivedFrom", ())),
    )


def _field(item: Mapping[str, Any]) -> Field:
    return Field(
        name=item["name"],
        type=item["type"],
        title=item["title"],
        title_en=item["title@en"],
        description=item.get("description"),
        description_en=item.get("description@en"),
        constraints=item.get("constraints", {}),
        column_type=item.get("columnType"),
        currency=item.get("currency"),
        about_url=item.get("aboutUrl"),
        property_url=item.get("propertyUrl"),
        lang=item.get("lang"),
        separator=item.get("separator"),
        datatype=item.get("datatype"),
        role=item.get("role"),
        code_list=item.get("list"),
        headings=tuple(str(heading) for heading in item.get("headings", ())),
        dimensions={key: str(value) for key, value in item.get("dimensions", {}).items()},
        sum_of=tuple(item.get("sumOf", ())),
    )
