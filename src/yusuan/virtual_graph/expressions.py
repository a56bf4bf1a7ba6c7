"""Expressions of SPARQL (1.1 Query, section 17) as SQL: a term, null where it is an error.

The three values of SQL are those of SPARQL: true, false and an error. What SQL has no exact
counterpart of is not translated, and neither is what depends on kinds that only the rows know.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import Literal, URIRef, Variable

from yusuan.virtual_graph.patterns import constant
from yusuan.virtual_graph.relations import Name, NotTranslated, bound
from yusuan.virtual_graph.terms import (
    BOOLEAN,
    DATE,
    DECIMAL,
    G_YEAR,
    INTEGER,
    LANG_STRING,
    NUMERIC,
    PLACES,
    STRING,
    AnyTerm,
    BlankTerm,
    IriTerm,
    LiteralTerm,
    Term,
    lifted,
    quoted,
    rescaled,
    same,
    text_of,
)

__all__ = ["Expressions", "divided"]

_ORDERED = frozenset((STRING, BOOLEAN, G_YEAR, DATE))
_NEVER_AN_ERROR = f"kind in ('I', 'B', {', '.join(map(quoted, (STRING, INTEGER, DECIMAL, BOOLEAN, G_YEAR, DATE)))})"
"""Kinds that differ from a string without doubt: of other datatypes the value is unknown."""


class Expressions:
    """Translates expressions over the terms of a branch."""

    def __init__(self, exists: Callable[[CompValue, Mapping[Name, Term]], str]) -> None:
        """``exists`` gives the SQL of whether a pattern has solutions, among given terms."""
        self.exists = exists

    def term(self, expression: Any, terms: Mapping[Name, Term]) -> Term | None:
        """The value of an expression; None when it is always an error, or unbound."""
        if isinstance(expression, Variable):
            return terms.get(expression)
        if isinstance(expression, URIRef | Literal):
            return constant(expression)
        if not isinstance(expression, CompValue):
            raise NotTranslated("an expression that rdflib reads in another way")
        name = expression.name
        known = getattr(self, f"_{name.removeprefix('Builtin_').lower()}", None)
        if known is None:
            raise NotTranslated(f"the expression {name.removeprefix('Builtin_')}")
        found: Term | None = known(expression, terms)
        return found

    def truth(self, expression: Any, terms: Mapping[Name, Term]) -> str:
        """The effective boolean value (section 17.2.2) in SQL."""
        value = self.term(expression, terms)
        match value:
            case None | IriTerm() | BlankTerm():
                return "null"
            case AnyTerm():
                raise NotTranslated("the truth of a value of any kind")
        if value.datatype == BOOLEAN:
            return value.value
        if value.datatype in NUMERIC:
            return f"({value.value} <> 0)"
        if value.datatype == STRING and not value.language:
            return f"({value.value} <> '')"
        raise NotTranslated(f"the truth of a {value.datatype}")

    # ---- logic ----

    def _conditionalandexpression(self, e: CompValue, terms: Mapping[Name, Term]) -> Term:
        parts = [self.truth(each, terms) for each in (e.expr, *e.other)]
        return _boolean(f"({' and '.join(parts)})")

    def _conditionalorexpression(self, e: CompValue, terms: Mapping[Name, Term]) -> Term:
        parts = [self.truth(each, terms) for each in (e.expr, *e.other)]
        return _boolean(f"({' or '.join(parts)})")

    def _unarynot(self, e: CompValue, terms: Mapping[Name, Term]) -> Term:
        return _boolean(f"(not {self.truth(e.expr, terms)})")

    def _exists(self, e: CompValue, terms: Mapping[Name, Term]) -> Term:
        return _boolean(self.exists(e, terms))

    def _notexists(self, e: CompValue, terms: Mapping[Name, Term]) -> Term:
        return _boolean(f"(not {self.exists(e, terms)})")

    def _if(self, e: CompValue, terms: Mapping[Name, Term]) -> Term | None:
        test = self.truth(e.arg1, terms)
        one, other = self.term(e.arg2, terms), self.term(e.arg3, terms)
        if not isinstance(one, LiteralTerm) or not isinstance(other, LiteralTerm):
            raise NotTranslated("IF of what are no literals of one kind")
        if (one.datatype, one.language) != (other.datatype, other.language):
            raise NotTranslated("IF of literals of several kinds")
        one, other = rescaled(one, other)
        value = f"(case when {test} then {one.value} when not {test} then {other.value} end)"
        return replace(one, value=value, nullable=True)

    def _coalesce(self, e: CompValue, terms: Mapping[Name, Term]) -> Term | None:
        values = [
            value for each in _arguments(e.arg) if (value := self.term(each, terms)) is not None
        ]
        if not values:
            return None
        for place, value in enumerate(values):
            if not value.nullable:
                values = values[: place + 1]
                break
        if len(values) == 1:
            return values[0]
        literals = [value for value in values if isinstance(value, LiteralTerm)]
        if len(literals) < len(values) or len({(x.datatype, x.language) for x in literals}) > 1:
            raise NotTranslated("COALESCE of several kinds")
        most = max(literals, key=lambda value: value.scale)
        columns = ", ".join(rescaled(value, most)[0].value for value in literals)
        return replace(most, value=f"coalesce({columns})", nullable=literals[-1].nullable)

    # ---- comparison ----

    def _relationalexpression(self, e: CompValue, terms: Mapping[Name, Term]) -> Term:
        one = self.term(e.expr, terms)
        if e.op in ("IN", "NOT IN"):
            others = [] if e.other == URIRef(_NIL) else e.other
            parts = [_compared("=", one, self.term(each, terms)) for each in others]
            test = f"({' or '.join(parts) or 'false'})"
            return _boolean(test if e.op == "IN" else f"(not {test})")
        return _boolean(_compared(e.op, one, self.term(e.other, terms)))

    def _sameterm(self, e: CompValue, terms: Mapping[Name, Term]) -> Term:
        one, other = self.term(e.arg1, terms), self.term(e.arg2, terms)
        return _boolean("null" if one is None or other is None else _same_or_not(one, other))

    # ---- numbers ----

    def _additiveexpression(self, e: CompValue, terms: Mapping[Name, Term]) -> Term | None:
        return self._calculated(e, terms)

    def _multiplicativeexpression(self, e: CompValue, terms: Mapping[Name, Term]) -> Term | None:
        return self._calculated(e, terms)

    def _calculated(self, e: CompValue, terms: Mapping[Name, Term]) -> Term | None:
        value = _number(self.term(e.expr, terms))
        for operator, each in zip(e.op, e.other, strict=True):
            other = _number(self.term(each, terms))
            if value is None or other is None:
                return None
            value = _operated(operator, value, other)
        return value

    def _unaryminus(self, e: CompValue, terms: Mapping[Name, Term]) -> Term | None:
        value = _number(self.term(e.expr, terms))
        return value and replace(value, value=f"(-{value.value})")

    def _unaryplus(self, e: CompValue, terms: Mapping[Name, Term]) -> Term | None:
        return _number(self.term(e.expr, terms))

    def _abs(self, e: CompValue, terms: Mapping[Name, Term]) -> Term | None:
        value = _number(self.term(e.arg, terms))
        return value and replace(value, value=f"abs({value.value})")

    def _round(self, e: CompValue, terms: Mapping[Name, Term]) -> Term | None:
        return self._whole("half_up", e, terms)

    def _ceil(self, e: CompValue, terms: Mapping[Name, Term]) -> Term | None:
        return self._whole("next_up", e, terms)

    def _floor(self, e: CompValue, terms: Mapping[Name, Term]) -> Term | None:
        return self._whole("next_down", e, terms)

    def _whole(self, macro: str, e: CompValue, terms: Mapping[Name, Term]) -> Term | None:
        value = _number(self.term(e.arg, terms))
        if value is None or not value.scale:
            return value
        return replace(value, value=f"{macro}({value.value}, {10**value.scale})", scale=0)

    # ---- what terms are ----

    def _str(self, e: CompValue, terms: Mapping[Name, Term]) -> Term | None:
        value = self.term(e.arg, terms)
        match value:
            case None | BlankTerm():
                return None
            case AnyTerm():
                text = f"(case when {value.kind} <> 'B' then {value.text} end)"
                return LiteralTerm(text, nullable=True)
        return LiteralTerm(text_of(value), nullable=value.nullable)

    def _lang(self, e: CompValue, terms: Mapping[Name, Term]) -> Term | None:
        value = self.term(e.arg, terms)
        match value:
            case None | IriTerm() | BlankTerm():
                return None
            case AnyTerm(kind=kind):
                text = (f"(case when {kind}[1] = '@' then {kind}[2:] when {kind} not in ('I', 'B') "
                        "then '' end)")  # fmt: skip
                return LiteralTerm(text, nullable=True)
        return LiteralTerm(_if_bound(value, quoted(value.language)), nullable=value.nullable)

    def _langmatches(self, e: CompValue, terms: Mapping[Name, Term]) -> Term | None:
        language, wanted = self.term(e.arg1, terms), e.arg2
        if not isinstance(language, LiteralTerm) or not isinstance(wanted, Literal):
            raise NotTranslated("LANGMATCHES of what is no text")
        text, tag = language.value, str(wanted).lower()
        if tag == "*":
            return _boolean(f"({text} <> '')")
        starts = f"starts_with(lower({text}), {quoted(f'{tag}-')})"
        return _boolean(f"(lower({text}) = {quoted(tag)} or {starts})")

    def _datatype(self, e: CompValue, terms: Mapping[Name, Term]) -> Term | None:
        value = self.term(e.arg, terms)
        match value:
            case None | IriTerm() | BlankTerm():
                return None
            case AnyTerm():
                raise NotTranslated("DATATYPE of a value of any kind")
        datatype = LANG_STRING if value.language else value.datatype
        if not value.nullable:
            return IriTerm((datatype,))
        return IriTerm(("", ""), (_if_bound(value, quoted(datatype)),), ("plain reserved",), True,
                       whole=True, stems=frozenset((datatype,)))  # fmt: skip

    def _bound(self, e: CompValue, terms: Mapping[Name, Term]) -> Term:
        value = terms.get(e.arg)
        return _boolean("false" if value is None else f"({bound(value)})")

    def _isiri(self, e: CompValue, terms: Mapping[Name, Term]) -> Term:
        return self._is("I", IriTerm, e, terms)

    def _isuri(self, e: CompValue, terms: Mapping[Name, Term]) -> Term:
        return self._is("I", IriTerm, e, terms)

    def _isblank(self, e: CompValue, terms: Mapping[Name, Term]) -> Term:
        return self._is("B", BlankTerm, e, terms)

    def _isliteral(self, e: CompValue, terms: Mapping[Name, Term]) -> Term:
        return self._is("", LiteralTerm, e, terms)

    def _is(self, kind: str, type_: type, e: CompValue, terms: Mapping[Name, Term]) -> Term:
        value = self.term(e.arg, terms)
        if value is None:
            return _boolean("null")
        if isinstance(value, AnyTerm):
            test = f"= '{kind}'" if kind else "not in ('I', 'B')"
            return _boolean(f"({value.kind} {test})")
        return _boolean(_if_bound(value, str(isinstance(value, type_)).lower()))

    def _isnumeric(self, e: CompValue, terms: Mapping[Name, Term]) -> Term:
        value = self.term(e.arg, terms)
        if isinstance(value, AnyTerm):
            raise NotTranslated("isNumeric of a value of any kind")
        if value is None:
            return _boolean("null")
        number = isinstance(value, LiteralTerm) and value.datatype in NUMERIC
        return _boolean(_if_bound(value, str(number).lower()))

    # ---- texts ----

    def _contains(self, e: CompValue, terms: Mapping[Name, Term]) -> Term:
        return self._tested("contains", e, terms)

    def _strstarts(self, e: CompValue, terms: Mapping[Name, Term]) -> Term:
        return self._tested("starts_with", e, terms)

    def _strends(self, e: CompValue, terms: Mapping[Name, Term]) -> Term:
        return self._tested("ends_with", e, terms)

    def _tested(self, function: str, e: CompValue, terms: Mapping[Name, Term]) -> Term:
        one, other = _text(self.term(e.arg1, terms)), _text(self.term(e.arg2, terms))
        if one is None or other is None or other.language not in ("", one.language):
            return _boolean("null")  # arguments that are not compatible (section 17.4.3.1.2)
        return _boolean(f"{function}({one.value}, {other.value})")

    def _strlen(self, e: CompValue, terms: Mapping[Name, Term]) -> Term | None:
        value = _text(self.term(e.arg, terms))
        return value and LiteralTerm(f"length({value.value})", INTEGER, nullable=value.nullable)

    def _substr(self, e: CompValue, terms: Mapping[Name, Term]) -> Term | None:
        value = _text(self.term(e.arg, terms))
        given = [each for each in (e.start, e.length) if each is not None]
        if not all(isinstance(each, Literal) and isinstance(each.value, int) and each.value > 0
                   for each in given):  # fmt: skip
            raise NotTranslated("SUBSTR from or of what is no positive number")
        numbers = ", ".join(str(each.value) for each in given)
        return value and replace(value, value=f"substr({value.value}, {numbers})")

    def _concat(self, e: CompValue, terms: Mapping[Name, Term]) -> Term | None:
        values = [_text(self.term(each, terms)) for each in _arguments(e.arg)]
        texts = [value for value in values if value is not None]
        if len(texts) < len(values):
            return None
        if not texts:
            return LiteralTerm("''")
        languages = {value.language for value in texts}
        return LiteralTerm(
            f"({' || '.join(value.value for value in texts)})",
            STRING,
            languages.pop() if len(languages) == 1 else "",
            nullable=any(value.nullable for value in texts),
        )

    # ---- casts ----

    def _function(self, e: CompValue, terms: Mapping[Name, Term]) -> Term | None:
        if len(e.expr) != 1:
            raise NotTranslated(f"the function {e.iri}")
        value = self.term(e.expr[0], terms)
        if value is None:
            return None
        if str(e.iri) == STRING and not isinstance(value, AnyTerm | BlankTerm):
            return LiteralTerm(text_of(value), nullable=value.nullable)
        if not isinstance(value, LiteralTerm) or value.language:
            raise NotTranslated(f"the function {e.iri} of what is no plain literal")
        if str(e.iri) == INTEGER and value.datatype in NUMERIC:
            text = f"toward_zero({value.value}, {10**value.scale})" if value.scale else value.value
            return LiteralTerm(text, INTEGER, nullable=value.nullable)
        if str(e.iri) == DECIMAL and value.datatype in NUMERIC:
            return replace(value, datatype=DECIMAL)
        if str(e.iri) == INTEGER and value.datatype == STRING:
            # Another spelling is an error to SQL as it is to SPARQL: null.
            digits = f"regexp_full_match({value.value}, '[+-]?[0-9]{{1,18}}')"
            long = f"regexp_full_match({value.value}, '[+-]?[0-9]{{19,}}')"
            text = (f"(case when {digits} then try_cast({value.value} as bigint) "
                    f"when {long} then error('a number of more digits') end)")  # fmt: skip
            return LiteralTerm(text, INTEGER, nullable=True)
        raise NotTranslated(f"the function {e.iri} of {value.datatype}")


_NIL = "http://www.w3.org/1999/02/22-rdf-syntax-ns#nil"


def _arguments(given: Any) -> list[Any]:
    """The arguments of a function of any number; rdflib gives one alone as it is, and none as nil."""
    if given == URIRef(_NIL):
        raise NotTranslated("a function of no arguments")
    return list(given) if isinstance(given, list) else [given]


def _boolean(sql: str) -> LiteralTerm:
    return LiteralTerm(sql, BOOLEAN, nullable=True)


def _if_bound(term: Term, sql: str) -> str:
    return f"(case when {bound(term)} then {sql} end)" if term.nullable else sql


def _number(term: Term | None) -> LiteralTerm | None:
    """A number; None for what is none, an error. Raises NotTranslated where only the rows know."""
    if isinstance(term, AnyTerm):
        raise NotTranslated("arithmetic with a value of any kind")
    if isinstance(term, LiteralTerm) and term.datatype in NUMERIC:
        return term
    if (
        isinstance(term, LiteralTerm)
        and term.datatype.startswith(STRING.removesuffix("string"))
        and (term.datatype not in _ORDERED)
    ):
        raise NotTranslated(f"arithmetic with a {term.datatype}")
    return None


def _text(term: Term | None) -> LiteralTerm | None:
    if isinstance(term, AnyTerm):
        raise NotTranslated("a function of texts of a value of any kind")
    if isinstance(term, LiteralTerm) and term.datatype == STRING:
        return term
    return None


def _operated(operator: str, one: LiteralTerm, other: LiteralTerm) -> LiteralTerm:
    datatype = DECIMAL if DECIMAL in (one.datatype, other.datatype) else INTEGER
    nullable = one.nullable or other.nullable
    if operator in "+-":
        one, other = rescaled(one, other)
        value = f"({one.value}::hugeint {operator} {other.value})"
        return LiteralTerm(value, datatype, scale=one.scale, nullable=nullable)
    if operator == "*":
        value, scale = f"({one.value}::hugeint * {other.value})", one.scale + other.scale
        if scale > PLACES:
            value, scale = f"toward_zero({value}, {10 ** (scale - PLACES)})", PLACES
        return LiteralTerm(value, datatype, scale=scale, nullable=nullable)
    return divided(one, other)


def divided(one: LiteralTerm, other: LiteralTerm) -> LiteralTerm:
    """The decimal quotient, cut to as many places as there may be; null where it is by zero."""
    shift = PLACES + other.scale - one.scale
    top, bottom = f"{one.value}::hugeint", f"{other.value}::hugeint"
    if shift >= 0:
        top = f"({top} * {10**shift}::hugeint)"
    else:
        bottom = f"({bottom} * {10**-shift}::hugeint)"
    return LiteralTerm(f"quotient({top}, {bottom})", DECIMAL, scale=PLACES, nullable=True)


def _same_or_not(one: Term, other: Term) -> str:
    """Whether two terms are one, in SQL: null where either is unbound."""
    equal = same(one, other)
    unbound = [f"({bound(term)})" for term in (one, other) if term.nullable]
    if equal is None:
        return f"(case when {' and '.join(unbound)} then false end)" if unbound else "false"
    test = f"({' and '.join(equal) or 'true'})"
    return f"(case when {' and '.join(unbound)} then {test} end)" if unbound else test


def _compared(operator: str, one: Term | None, other: Term | None) -> str:
    """``=``, ``!=`` or an order of two terms (sections 17.3 and 17.4.1.7) in SQL."""
    if one is None or other is None:
        return "null"
    if operator == "!=":
        return f"(not {_compared('=', one, other)})"
    if isinstance(one, LiteralTerm) and isinstance(other, LiteralTerm):
        return _compared_literals(operator, one, other)
    if operator != "=":
        if isinstance(one, AnyTerm) or isinstance(other, AnyTerm):
            raise NotTranslated("the order of values of any kind")
        return "null"
    if isinstance(one, AnyTerm) and isinstance(other, AnyTerm):
        raise NotTranslated("equality of values of any kind")
    for any_, term in ((one, other), (other, one)):
        if isinstance(any_, AnyTerm) and isinstance(term, LiteralTerm):
            return _equal_to_literal(any_, term)
    return _same_or_not(one, other)


def _equal_to_literal(any_: AnyTerm, literal: LiteralTerm) -> str:
    if literal.datatype != STRING:
        raise NotTranslated("equality of a value of any kind with a number or date")
    kind, text = lifted(replace(literal, nullable=False)).kind, literal.value
    differs = _NEVER_AN_ERROR.replace("kind", any_.kind, 1)
    return (
        f"(case when {text} is null then null when {any_.kind} = {kind} then {any_.text} = {text} "
        f"when {differs} or starts_with({any_.kind}, '@') then false end)"
    )


def _compared_literals(operator: str, one: LiteralTerm, other: LiteralTerm) -> str:
    if one.datatype in NUMERIC and other.datatype in NUMERIC:
        one, other = rescaled(one, other)
        return f"({one.value} {operator} {other.value})"
    alike = (one.datatype, one.language) == (other.datatype, other.language)
    if alike and one.datatype in _ORDERED:
        equal = same(one, other)
        if operator == "=" and not equal and not one.nullable and not other.nullable:
            return "false" if equal is None else "true"  # two constants
        return f"({one.value} {operator} {other.value})"
    known = _ORDERED | NUMERIC
    if one.datatype in known and other.datatype in known:
        return "null" if operator != "=" else _same_or_not(replace(one, datatype="-"), other)
    if any(each.datatype.startswith(STRING.removesuffix("string")) and each.datatype not in known
           for each in (one, other)):  # fmt: skip
        raise NotTranslated("comparing values of other datatypes")
    # Of a datatype that is not known only the same spelling is known to be the same value.
    if operator == "=" and alike:
        return f"(case when {one.value} = {other.value} then true end)"
    return "null"
