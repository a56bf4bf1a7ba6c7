"""RDF terms of rows as SQL expressions, and when two of them can be the same.

What kind of term a column holds is known before any row is read: its template, or its datatype. So
most comparisons of terms are comparisons of columns, and many are known to be false.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal as OneOf
from urllib.parse import quote, unquote

from yusuan.graph.prefixes import expand

__all__ = [
    "BOOLEAN",
    "DATE",
    "DECIMAL",
    "G_YEAR",
    "INTEGER",
    "LANG_STRING",
    "NUMERIC",
    "PLACES",
    "STRING",
    "AnyTerm",
    "BlankTerm",
    "IriTerm",
    "LiteralTerm",
    "Spelling",
    "Term",
    "columns_of",
    "is_constant",
    "lifted",
    "more_specific",
    "quoted",
    "rescaled",
    "same",
    "text_of",
    "with_columns",
]

STRING, BOOLEAN, INTEGER = expand("xsd:string"), expand("xsd:boolean"), expand("xsd:integer")
DECIMAL, G_YEAR, DATE = expand("xsd:decimal"), expand("xsd:gYear"), expand("xsd:date")
LANG_STRING = expand("rdf:langString")
NUMERIC = frozenset((INTEGER, DECIMAL))
PLACES = 18
"""Decimal places that a number may have; the engine whose answers ours equal keeps as many."""

Spelling = OneOf["plain", "encoded", "plain reserved", "encoded reserved"]
"""How a value stands in an IRI: with what is not unreserved percent-encoded, or with the reserved
characters kept (RFC 6570, sections 3.2.2 and 3.2.3); plain where no value of the column has any
character to encode."""
_RESERVED = ":/?#[]@!$&'()*+,;="
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]*")


@dataclass(frozen=True, slots=True)
class IriTerm:
    """An IRI: ``texts`` with the values of ``values`` (SQL) between them, each in its spelling.

    Without values it is a constant. ``whole`` is a column that holds whole IRIs, which all begin
    with one of ``stems`` where these are known.
    """

    texts: tuple[str, ...]
    values: tuple[str, ...] = ()
    spellings: tuple[Spelling, ...] = ()
    nullable: bool = False
    whole: bool = False
    stems: frozenset[str] | None = None
    origin: str = ""
    """The table of which the value is the key, where no other with this template has the same key."""


@dataclass(frozen=True, slots=True)
class BlankTerm:
    """A blank node by its label (SQL)."""

    value: str
    nullable: bool = False


@dataclass(frozen=True, slots=True)
class LiteralTerm:
    """A literal by its value (SQL): a number of ``scale`` decimal places as a whole number, a boolean,
    a year as a number, or the text itself."""

    value: str
    datatype: str = STRING
    language: str = ""
    scale: int = 0
    nullable: bool = False


@dataclass(frozen=True, slots=True)
class AnyTerm:
    """A term of any kind (SQL): ``I`` for an IRI, ``B`` for a blank node, ``@`` with the language or
    the datatype of a literal; and its text."""

    kind: str
    text: str
    nullable: bool = True


Term = IriTerm | BlankTerm | LiteralTerm | AnyTerm


def quoted(text: str) -> str:
    """A text as a literal of SQL."""
    return "'" + text.replace("'", "''") + "'"


def columns_of(term: Term) -> tuple[str, ...]:
    """The SQL expressions that make a term; none for a constant IRI."""
    match term:
        case IriTerm():
            return term.values
        case AnyTerm():
            return term.kind, term.text
        case _:
            return (term.value,)


def with_columns(term: Term, columns: Sequence[str]) -> Term:
    """The term with other expressions in the place of ``columns_of``."""
    match term:
        case IriTerm():
            return replace(term, values=tuple(columns))
        case AnyTerm():
            return replace(term, kind=columns[0], text=columns[1])
        case _:
            return replace(term, value=columns[0])


def more_specific(one: Term, other: Term) -> Term:
    """Of two terms that are one, that of which more is known before a row is read."""
    if isinstance(one, IriTerm) and isinstance(other, IriTerm):
        return min(one, other, key=_openness)
    return other if isinstance(one, AnyTerm) else one


def _openness(iri: IriTerm) -> tuple[bool, bool, int, bool]:
    reserved = any("reserved" in spelling for spelling in iri.spellings)
    return iri.whole, reserved, -len(iri.texts[0]), not iri.origin


def is_constant(term: Term) -> bool:
    """Whether a term is the same in all rows."""
    return all(_CONSTANT.fullmatch(column) for column in columns_of(term))


def text_of(term: Term) -> str:
    """The text of a term in SQL: the IRI, or the canonical lexical form of a literal."""
    match term:
        case AnyTerm():
            return term.text
        case BlankTerm():
            return term.value
        case IriTerm():
            parts = [quoted(term.texts[0])] if term.texts[0] or not term.values else []
            for value, spelling, text in zip(
                term.values, term.spellings, term.texts[1:], strict=True
            ):
                parts.append(_spelled(value, spelling))
                parts += [quoted(text)] if text else []
            return parts[0] if len(parts) == 1 else f"({' || '.join(parts)})"
    match term.datatype:
        case datatype if datatype in NUMERIC:
            return f"decimal_text({term.value}, {term.scale})"
        case datatype if datatype == BOOLEAN:
            return f"(case when {term.value} then 'true' when not {term.value} then 'false' end)"
        case datatype if datatype == G_YEAR:
            return f"year_text({term.value})"
        case _:
            return term.value


def lifted(term: Term) -> AnyTerm:
    """The same term with its kind beside it, null where it is unbound."""
    match term:
        case AnyTerm():
            return term
        case IriTerm():
            kind = "I"
        case BlankTerm():
            kind = "B"
        case _:
            kind = f"@{term.language}" if term.language else term.datatype
    text = text_of(term)
    if not term.nullable:
        return AnyTerm(quoted(kind), text, False)
    return AnyTerm(f"(case when {text} is not null then {quoted(kind)} end)", text, True)


def rescaled(one: LiteralTerm, other: LiteralTerm) -> tuple[LiteralTerm, LiteralTerm]:
    """Two numbers with as many decimal places as the one that has more."""
    scale = max(one.scale, other.scale)
    return _with_scale(one, scale), _with_scale(other, scale)


def same(one: Term, other: Term) -> list[str] | None:
    """The conditions (SQL) under which two bound terms are one RDF term; None when they never are."""
    if isinstance(one, AnyTerm) or isinstance(other, AnyTerm):
        one, other = lifted(one), lifted(other)
        return [f"{one.kind} = {other.kind}", f"{one.text} = {other.text}"]
    if isinstance(one, IriTerm) and isinstance(other, IriTerm):
        return _same_iri(one, other)
    if isinstance(one, BlankTerm) and isinstance(other, BlankTerm):
        return _equal(one.value, other.value)
    if isinstance(one, LiteralTerm) and isinstance(other, LiteralTerm):
        if (one.datatype, one.language) != (other.datatype, other.language):
            return None
        one, other = rescaled(one, other)
        return _equal(one.value, other.value)
    return None


def _equal(one: str, other: str) -> list[str] | None:
    if one == other:
        return []
    if _CONSTANT.fullmatch(one) and _CONSTANT.fullmatch(other):
        return None
    return [f"{one} = {other}"]


_CONSTANT = re.compile(r"'(?:[^']|'')*'|-?\d+|true|false")


def _with_scale(number: LiteralTerm, scale: int) -> LiteralTerm:
    if number.scale == scale or number.datatype not in NUMERIC:
        return number
    by = 10 ** (scale - number.scale)
    value = number.value + "0" * (scale - number.scale) if _CONSTANT.fullmatch(number.value) else (
        f"({number.value}::hugeint * {by})"
    )  # fmt: skip
    return replace(number, value=value, scale=scale)


def _spelled(value: str, spelling: Spelling) -> str:
    if spelling.startswith("plain"):
        return value
    return f"{'iri_text' if spelling == 'encoded' else 'iri_text_reserved'}({value})"


def _same_iri(one: IriTerm, other: IriTerm) -> list[str] | None:
    if not one.values and not other.values:
        return [] if one.texts == other.texts else None
    if not one.values:
        return _is_constant(other, one.texts[0])
    if not other.values:
        return _is_constant(one, other.texts[0])
    if not _may_meet(one, other) or (one.origin and other.origin and one.origin != other.origin):
        return None
    # The same template is the same IRI only where its values are: each stands between texts that
    # it cannot hold, or is the last.
    if one.texts == other.texts and one.spellings == other.spellings and _unambiguous(one):
        equal = [_equal(*pair) for pair in zip(one.values, other.values, strict=True)]
        if any(each is None for each in equal):
            return None  # two constants
        return [condition for each in equal for condition in each or ()]
    for plain, whole in ((one, other), (other, one)):
        if _is_prefix_and_plain(plain) and whole.whole:
            start = plain.texts[0]
            (value,), (iri,) = plain.values, whole.values
            return [
                f"{value} = substr({iri}, {len(start) + 1})",
                f"starts_with({iri}, {quoted(start)})",
            ]
    return [f"{text_of(one)} = {text_of(other)}"]


def _is_prefix_and_plain(term: IriTerm) -> bool:
    return not term.whole and len(term.values) == 1 and term.texts[1] == "" and _plain(term)


def _plain(term: IriTerm) -> bool:
    return all(spelling.startswith("plain") for spelling in term.spellings)


def _unambiguous(term: IriTerm) -> bool:
    return all(
        "reserved" not in spelling and not _UNRESERVED.fullmatch(text)
        for spelling, text in zip(term.spellings[:-1], term.texts[1:-1], strict=True)
    )


def _is_constant(term: IriTerm, iri: str) -> list[str] | None:
    """When an IRI made of values is a given one."""
    if term.whole:
        if term.stems is not None and not iri.startswith(tuple(term.stems)):
            return None
        return [f"{term.values[0]} = {quoted(iri)}"]
    pattern = re.escape(term.texts[0])
    for spelling, text in zip(term.spellings, term.texts[1:], strict=True):
        pattern += ("(.+)" if "reserved" in spelling else "([^/?#]+)") + re.escape(text)
    found = re.fullmatch(pattern, iri)
    if found is None:
        return None
    if not _unambiguous(term):
        return [f"{text_of(term)} = {quoted(iri)}"]
    conditions = []
    for value, spelling, part in zip(term.values, term.spellings, found.groups(), strict=True):
        text = unquote(part)
        if quote(text, _RESERVED if "reserved" in spelling else "") != part:
            return None
        if spelling.startswith("plain") and text != part:
            return None
        conditions.append(f"{value} = {quoted(text)}")
    return conditions


def _may_meet(one: IriTerm, other: IriTerm) -> bool:
    """Whether two IRIs made of values can be the same, by the text that each begins and ends with."""
    starts = [term.stems if term.whole else frozenset((term.texts[0],)) for term in (one, other)]
    if starts[0] is not None and starts[1] is not None:
        pairs = ((a, b) for a in starts[0] for b in starts[1])
        if not any(a.startswith(b) or b.startswith(a) for a, b in pairs):
            return False
    if one.whole or other.whole:
        return True
    if not (one.texts[-1].endswith(other.texts[-1]) or other.texts[-1].endswith(one.texts[-1])):
        return False
    if any("reserved" in spelling for spelling in one.spellings + other.spellings):
        return True
    # No value of either holds a slash, so both have as many.
    return sum(text.count("/") for text in one.texts) == sum(
        text.count("/") for text in other.texts
    )
