"""What the tables of a package say as triples: one mapping for each column, from ``csv-metadata.json``.

The words are those of R2RML (https://www.w3.org/TR/r2rml/): a triples map makes a subject, predicate
and object of each row of a logical table. The statements that no row holds (vocabulary, catalogue,
code lists) stand in a table of their own, with a triples map for each predicate and kind of object.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, TypeVar

from yusuan.graph.terms import Template, datatype_iri
from yusuan.virtual_graph.relations import NotTranslated
from yusuan.virtual_graph.terms import (
    BOOLEAN,
    DECIMAL,
    G_YEAR,
    INTEGER,
    NUMERIC,
    STRING,
    BlankTerm,
    IriTerm,
    LiteralTerm,
    Spelling,
    Term,
)

__all__ = [
    "GRAPHS",
    "STATEMENTS",
    "WHOLE_NUMBERS",
    "Profile",
    "StatementKind",
    "TriplesMap",
    "VirtualGraph",
    "key_columns",
    "list_table",
    "table_name",
    "template_columns",
    "value_column",
]

STATEMENTS = "statements"
"""The table of the statements that no row holds: graph, subject, predicate, kind, object."""
GRAPHS = "graphs"
"""The table that says which named graph the rows of a document are in."""
DOCUMENT = "document"
_VARIABLE = re.compile(r"\{(\+?)(\w+)\}")
WHOLE_NUMBERS = frozenset((INTEGER, INTEGER.replace("integer", "nonNegativeInteger")))
"""Answered as integers, which they are derived from; so does the engine that ours equals."""


@dataclass(frozen=True, slots=True)
class StatementKind:
    """Statements of one predicate whose subjects and objects are of one kind each."""

    predicate: str
    subject_kind: str
    """``I`` for IRIs, ``B`` for blank nodes."""
    kind: str
    """As in ``AnyTerm``."""
    subject_stems: frozenset[str]
    object_stems: frozenset[str]
    scale: int = 0
    """Decimal places of numbers."""
    repeated: bool = False
    """Whether some are in several graphs."""
    object: str = ""
    """The only object, of statements that say what kind of thing their subject is."""
    long: bool = False
    """Whether some are numbers of more digits than SQL counts with."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What the data of a package are like, as far as translation needs it."""

    plain: frozenset[tuple[str, str]] = frozenset()
    """Table and column, where no value has a character that a template encodes."""
    plain_reserved: frozenset[tuple[str, str]] = frozenset()
    """The same for templates that keep the reserved characters."""
    scales: Mapping[tuple[str, str], int] = field(default_factory=dict)
    """Decimal places of the numbers in a table and column."""
    statements: tuple[StatementKind, ...] = ()
    empty: frozenset[str] = frozenset()
    """Tables without rows."""
    disjoint: frozenset[tuple[str, ...]] = frozenset()
    """The texts of templates that make no IRI of two tables."""
    long: frozenset[tuple[str, str]] = frozenset()
    """Table and column with numbers of more digits than SQL counts with: these stay text."""

    def as_json(self) -> dict[str, Any]:
        """The profile in values of JSON; ``from_json`` reads it."""
        scales = [[*key, value] for key, value in self.scales.items()]
        kinds = [
            {
                **asdict(kind),
                "subject_stems": sorted(kind.subject_stems),
                "object_stems": sorted(kind.object_stems),
            }
            for kind in self.statements
        ]
        names = ("plain", "plain_reserved", "empty", "disjoint", "long")
        sets = {name: sorted(getattr(self, name)) for name in names}
        return {**sets, "scales": scales, "statements": kinds}

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> Profile:
        return cls(
            plain=frozenset(map(tuple, found["plain"])),
            plain_reserved=frozenset(map(tuple, found["plain_reserved"])),
            scales={(table, column): scale for table, column, scale in found["scales"]},
            statements=tuple(
                StatementKind(**{
                    **kind,
                    "subject_stems": frozenset(kind["subject_stems"]),
                    "object_stems": frozenset(kind["object_stems"]),
                }) for kind in found["statements"]
            ),
            empty=frozenset(found["empty"]),
            disjoint=frozenset(map(tuple, found["disjoint"])),
            long=frozenset(map(tuple, found["long"])),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class TriplesMap:
    """What each row of a table says with one predicate."""

    table: str
    subject: Term
    """Its values are names of columns; likewise of the object."""
    predicate: str
    object: Term
    required: tuple[str, ...] = ()
    """Columns that must not be null."""
    distinct: bool = False
    """Whether several rows can say the same."""
    key: str = ""
    """The column that tells the rows of the table apart."""
    graph: bool = False
    """Whether the rows are in the graphs of their documents."""
    where: tuple[tuple[str, str], ...] = ()
    """Columns that must have a value, each with it."""
    disjoint: bool = False
    """Whether no other table has a row with the same subject."""
    long: bool = False
    """Whether its numbers have more digits than SQL counts with."""


_Maps = TypeVar("_Maps", bound=Sequence[TriplesMap])


class VirtualGraph:
    """The triples maps of a package, by predicate; ``families`` gives for a property those below it."""

    def __init__(
        self, maps: Iterable[TriplesMap], families: Mapping[str, Sequence[str]] | None = None
    ) -> None:
        self._maps = tuple(maps)
        self.families = families or {}
        self._by_predicate: dict[str, list[TriplesMap]] = defaultdict(list)
        for each in self._maps:
            self._by_predicate[each.predicate].append(each)

    def of(self, predicate: str) -> list[TriplesMap]:
        """All maps that say something with a property, or with one that is below it.

        Raises NotTranslated where one of them has numbers that SQL cannot count with.
        """
        found = list(self._by_predicate.get(predicate, ()))
        for below in self.families.get(predicate, ()):
            found += self._by_predicate.get(below, ())
        return _countable(found)

    def every(self) -> Sequence[TriplesMap]:
        """All maps. Raises NotTranslated as ``of`` does."""
        return _countable(self._maps)

    @classmethod
    def of_tables(
        cls,
        tables: Iterable[Mapping[str, Any]],
        profile: Profile,
        families: Mapping[str, Sequence[str]] | None = None,
    ) -> VirtualGraph:
        """That of tables of CSVW metadata and what the data in them are like."""
        maps: list[TriplesMap] = []
        for table in tables:
            maps += _of_table(table, profile)
        maps += map(_of_statements, profile.statements)
        return cls((each for each in maps if each.table not in profile.empty), families)


def _countable(maps: _Maps) -> _Maps:
    if any(each.long for each in maps):
        raise NotTranslated("numbers of more digits than SQL counts with")
    return maps


def table_name(table: Mapping[str, Any]) -> str:
    """The name of a table of the metadata in the file of rows."""
    return str(table["url"]).rpartition("/")[2].removesuffix(".csv")


def key_columns(table: Mapping[str, Any]) -> tuple[str, ...]:
    """The columns that tell the rows of a table apart."""
    key = table["tableSchema"].get("primaryKey") or ()
    return (key,) if isinstance(key, str) else tuple(key)


def list_table(table: str, column: str) -> str:
    """The name of the table that has a row for each value of a column of lists."""
    return f"{table}#{column}"


def template_columns(table: Mapping[str, Any]) -> dict[str, set[str]]:
    """The columns whose values stand in IRIs, with the signs of their expansions: none, or ``+``."""
    schema = table["tableSchema"]
    found: dict[str, set[str]] = defaultdict(set)
    for column in schema["columns"]:
        if column.get("suppressOutput"):
            continue
        for text in (column.get("aboutUrl") or schema.get("aboutUrl"), column.get("valueUrl")):
            for plus, name in _VARIABLE.findall(text or ""):
                found[name].add(plus)
    return dict(found)


def value_column(column: Mapping[str, Any], in_iris: Container[str]) -> str:
    """The name of the column that holds values as literals: one of its own beside their text in IRIs."""
    text = datatype_iri(column["datatype"]) not in (*WHOLE_NUMBERS, DECIMAL, BOOLEAN, G_YEAR)
    name = str(column["name"])
    return f"{name} value" if name in in_iris and not text else name


def _of_table(table: Mapping[str, Any], profile: Profile) -> list[TriplesMap]:
    name, schema = table_name(table), table["tableSchema"]
    columns = schema["columns"]
    required = {column["name"] for column in columns if column.get("required")}
    graph = any(column["name"] == DOCUMENT for column in columns)
    in_iris = template_columns(table)
    made = []
    for column in columns:
        about, value = column.get("aboutUrl") or schema.get("aboutUrl"), column.get("valueUrl")
        if column.get("suppressOutput") or about is None:
            continue
        if Template(column["propertyUrl"]).variables:
            continue  # its statements are in their own table
        source, keys, at = name, key_columns(table), column["name"]
        subject = _iri(about, name, profile)
        if value is None:
            object_: Term = _literal(column, name, value_column(column, in_iris), profile)
            if column.get("separator"):
                source, keys = list_table(name, at), ()
        else:
            object_ = _iri(value, name, profile)
        key = keys[0] if len(keys) == 1 else ""
        used = tuple(dict.fromkeys((*_values(subject), *_values(object_))))
        made.append(
            TriplesMap(
                table=source,
                subject=subject,
                predicate=column["propertyUrl"],
                object=object_,
                required=tuple(
                    each for each in used if each.removesuffix(" value") not in required
                ),
                distinct=source == name and not _determined(keys, used),
                key=key,
                graph=graph,
                disjoint=subject.values == (key,) and subject.texts in profile.disjoint,
                long=value is None and (name, at) in profile.long,
            )
        )
    return made


def _determined(keys: Sequence[str], used: Sequence[str]) -> bool:
    """Whether the columns of a statement tell its row apart."""
    return bool(keys) and all(key in used or f"{key} value" in used for key in keys)


def _iri(template: str, table: str, profile: Profile) -> IriTerm:
    texts = _VARIABLE.split(template)[::3]
    names, spellings = [], []
    for plus, name in _VARIABLE.findall(template):
        names.append(name)
        spellings.append(_spelling(table, name, bool(plus), profile))
    return IriTerm(tuple(texts), tuple(names), tuple(spellings))


def _spelling(table: str, column: str, reserved: bool, profile: Profile) -> Spelling:
    if reserved:
        plain = (table, column) in profile.plain_reserved
        return "plain reserved" if plain else "encoded reserved"
    return "plain" if (table, column) in profile.plain else "encoded"


def _literal(column: Mapping[str, Any], table: str, name: str, profile: Profile) -> LiteralTerm:
    datatype = datatype_iri(column["datatype"])
    if datatype in WHOLE_NUMBERS:
        return LiteralTerm(name, INTEGER)
    if datatype in (BOOLEAN, G_YEAR):
        return LiteralTerm(name, datatype)
    if datatype == DECIMAL:
        return LiteralTerm(name, datatype, scale=profile.scales.get((table, column["name"]), 0))
    language = str(column.get("lang", "")) if datatype == STRING else ""
    return LiteralTerm(name, datatype, language)


def _values(term: Term) -> tuple[str, ...]:
    return term.values if isinstance(term, IriTerm) else (term.value,)  # type: ignore[union-attr]


def _of_statements(kind: StatementKind) -> TriplesMap:
    subject: Term
    if kind.subject_kind == "I":
        subject = IriTerm(("", ""), ("s",), ("plain reserved",), whole=True,
                          stems=kind.subject_stems)  # fmt: skip
    else:
        subject = BlankTerm("s")
    return TriplesMap(
        table=STATEMENTS,
        subject=subject,
        predicate=kind.predicate,
        object=_statement_object(kind),
        distinct=kind.repeated,
        long=kind.long,
        graph=True,
        where=(
            ("p", kind.predicate),
            ("k", kind.kind),
            ("sk", kind.subject_kind),
            *((("o", kind.object),) if kind.object else ()),
        ),
    )


def _statement_object(kind: StatementKind) -> Term:
    match kind.kind:
        case "I" if kind.object:
            return IriTerm((kind.object,))
        case "I":
            return IriTerm(("", ""), ("o",), ("plain reserved",), whole=True,
                           stems=kind.object_stems)  # fmt: skip
        case "B":
            return BlankTerm("o")
        case language if language.startswith("@"):
            return LiteralTerm("o", STRING, language[1:])
        case datatype if datatype in NUMERIC:
            return LiteralTerm("n", datatype, scale=kind.scale)
        case datatype if datatype == G_YEAR:
            return LiteralTerm("n", datatype)
        case datatype if datatype == BOOLEAN:
            return LiteralTerm("b", datatype)
        case datatype:
            return LiteralTerm("o", datatype)
