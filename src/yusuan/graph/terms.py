"""RDF terms as N-Triples text, and the URI templates that make IRIs from the cells of a row."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import quote, unquote

from yusuan.graph.prefixes import expand
from yusuan.model.errors import YusuanError

__all__ = [
    "DATATYPES",
    "SPECIAL",
    "UNSAFE",
    "Template",
    "checked",
    "checked_base",
    "datatype_iri",
    "iri",
    "is_iri",
    "literal",
    "typed",
]

_LEXICAL = {
    "boolean": r"true|false|1|0",
    "date": r"-?\d{4,}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])",
    "decimal": r"[+-]?(\d+(\.\d*)?|\.\d+)",
    "gYear": r"-?\d{4,}",
    "integer": r"[+-]?\d+",
    "nonNegativeInteger": r"\+?\d+",
}
DATATYPES = {name: re.compile(pattern) for name, pattern in _LEXICAL.items()}
"""The XML Schema datatypes in use besides string, with their lexical form (XSD 1.1 part 2)."""

# The four that a literal may not hold, and the other controls that canonical
# N-Triples escapes, so that a line stays a line in every editor.
_ESCAPES = str.maketrans(
    {
        **{chr(code): f"\\u{code:04X}" for code in (*range(0x20), 0x7F, 0x85, 0x2028, 0x2029)},
        '"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f",
    }
)  # fmt: skip
SPECIAL = re.compile(f"[{re.escape(''.join(map(chr, _ESCAPES)))}]")
"""A character that stands in a literal as an escape."""
UNSAFE = re.compile(r"[^A-Za-z0-9._~-]")
"""A character that is percent-encoded where a template expands to it (RFC 6570, section 2.3)."""
_BASE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^\s<>\"{}|\\^`/#?]+[^\s<>\"{}|\\^`]*[/#]")
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^\s<>\"{}|\\^`]+")
_VARIABLE = re.compile(r"\{(\+?\w+)\}")
_RESERVED = ":/?#[]@!$&'()*+,;="  # RFC 3986, section 2.2


def checked_base(base: str) -> str:
    """The base itself; raises YusuanError when IRIs cannot start with it."""
    if not _BASE.fullmatch(base):
        raise YusuanError(
            f"{base}: not usable as the base of IRIs; give one like https://data.example.org/"
        )
    return base


def is_iri(text: str) -> bool:
    """Whether a text can stand as an absolute IRI; a relative path or a name cannot."""
    return _IRI.fullmatch(text) is not None


def iri(text: str) -> str:
    """An absolute IRI as an N-Triples term."""
    return f"<{text}>"


def literal(text: str, lang: str | None = None) -> str:
    r"""A string, with its language if it has one, as an N-Triples term.

    >>> print(literal('预算 "草案"', "zh"))
    "预算 \"草案\""@zh
    """
    escaped = text.translate(_ESCAPES) if SPECIAL.search(text) else text
    term = f'"{escaped}"'
    return f"{term}@{lang}" if lang else term


def checked(text: str, datatype: str) -> str:
    """The text itself; raises ValueError when it is no value of a datatype, a key of DATATYPES."""
    if not DATATYPES[datatype].fullmatch(text):
        raise ValueError(f"{text!r} is not a valid {datatype}")
    return text


def typed(text: str, datatype: str) -> str:
    """A typed literal, in the spelling it was given in; raises ValueError as ``checked`` does.

    >>> typed("96.50", "decimal")
    '"96.50"^^<http://www.w3.org/2001/XMLSchema#decimal>'
    """
    return f'"{checked(text, datatype)}"^^{iri(expand(f"xsd:{datatype}"))}'


def datatype_iri(datatype: str | Mapping[str, str]) -> str:
    """The IRI of a column's ``datatype``; a string when it has none."""
    if isinstance(datatype, str):
        return expand(f"xsd:{datatype or 'string'}")
    return datatype["@id"]


class Template:
    """A URI template of simple and reserved expansions (RFC 6570, sections 3.2.2 and 3.2.3).

    >>> Template("http://example.org/id/{code}").expand({"code": "a/b c"})
    '<http://example.org/id/a%2Fb%20c>'
    >>> Template("http://example.org/id/{+path}").expand({"path": "a/b c"})
    '<http://example.org/id/a/b%20c>'
    """

    __slots__ = ("_parts", "_pattern", "_safe", "_texts", "variables")

    def __init__(self, text: str) -> None:
        # Splitting at a group gives text and variables in turn.
        self._parts = _VARIABLE.split(text)
        self._safe = tuple(_RESERVED if name[0] == "+" else "" for name in self._parts[1::2])
        self._texts = f"<{chr(0).join(self._parts[::2])}>".split(chr(0))
        self.variables = tuple(name.lstrip("+") for name in self._parts[1::2])
        self._pattern: re.Pattern[str] | None = None

    def expand(self, row: Mapping[str, str]) -> str | None:
        """The IRI as an N-Triples term, or None when a variable is null (blank) in the row."""
        return self.of(*(row[name] for name in self.variables))

    def of(self, *values: str) -> str | None:
        """``expand`` for the values of the variables, in their order."""
        term, *texts = self._texts
        for value, safe, text in zip(values, self._safe, texts, strict=True):
            if not value:
                return None
            term += (quote(value, safe) if UNSAFE.search(value) else value) + text
        return term

    @property
    def around(self) -> tuple[str, str]:
        """What stands before and after the value of the only variable, in the term."""
        start, end = self._texts
        return start, end

    def match(self, text: str) -> dict[str, str] | None:
        """The variables whose expansion an IRI (without brackets) is, or None when it is none.

        >>> Template("http://example.org/id/{list}/{code}").match("http://example.org/id/a/b%2Fc")
        {'list': 'a', 'code': 'b/c'}
        """
        if self._pattern is None:
            self._pattern = re.compile("".join(map(self._piece, range(len(self._parts)))))
        found = self._pattern.fullmatch(text)
        if found is None:
            return None
        return {
            name: unquote(value) for name, value in zip(self.variables, found.groups(), strict=True)
        }

    def _piece(self, place: int) -> str:
        if place % 2 == 0:
            return re.escape(self._parts[place])
        return "(.+)" if self._safe[place // 2] else r"([\w.~%-]+)"
