"""Datatypes: what is a valid description, and which value a cell's text has.

https://www.w3.org/TR/tabular-metadata/#datatypes and
https://www.w3.org/TR/tabular-data-model/#parsing-cells
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any
from urllib.parse import urljoin

from tests.graph.csvw.formats import FormatError, date_value, number_value
from tests.graph.csvw.names import CSVW, RDF, XSD, MetadataError

_INTEGERS = {
    "integer": (None, None), "long": (-(2**63), 2**63 - 1), "int": (-(2**31), 2**31 - 1),
    "short": (-(2**15), 2**15 - 1), "byte": (-128, 127), "nonNegativeInteger": (0, None),
    "positiveInteger": (1, None), "unsignedLong": (0, 2**64 - 1), "unsignedInt": (0, 2**32 - 1),
    "unsignedShort": (0, 2**16 - 1), "unsignedByte": (0, 255), "nonPositiveInteger": (None, 0),
    "negativeInteger": (None, -1),
}  # fmt: skip
_DOUBLES = {"double", "float", "number"}
_NUMERIC = {*_INTEGERS, *_DOUBLES, "decimal"}
_DATES = {"date", "dateTime", "datetime", "dateTimeStamp", "time"}
_PATTERNS = {
    "duration": r"-?P(?=.)(\d+Y)?(\d+M)?(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?",
    "dayTimeDuration": r"-?P(?=.)(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?",
    "yearMonthDuration": r"-?P(?=.)(\d+Y)?(\d+M)?",
    "gYear": r"-?\d{4,}(Z|[+-]\d\d:\d\d)?", "gYearMonth": r"-?\d{4,}-\d\d(Z|[+-]\d\d:\d\d)?",
    "gMonth": r"--\d\d(Z|[+-]\d\d:\d\d)?", "gDay": r"---\d\d(Z|[+-]\d\d:\d\d)?",
    "gMonthDay": r"--\d\d-\d\d(Z|[+-]\d\d:\d\d)?", "hexBinary": r"([0-9A-Fa-f]{2})*",
}  # fmt: skip
_TEXTS = {"string", "normalizedString", "token", "language", "Name", "NMTOKEN", "anyURI",
          "base64Binary", "binary", "hexBinary", "QName", "json", "xml", "html", "any", "anyAtomicType"}  # fmt: skip
_LENGTHS = _TEXTS - {"any", "anyAtomicType"}
_IRIS = {"number": XSD + "double", "binary": XSD + "base64Binary", "datetime": XSD + "dateTime",
         "any": XSD + "anyAtomicType", "xml": RDF + "XMLLiteral", "html": RDF + "HTML",
         "json": CSVW + "JSON"}  # fmt: skip
BUILTIN = _TEXTS | _NUMERIC | _DATES | set(_PATTERNS) | {"boolean"}
_BOUNDS = ("minimum", "minInclusive", "minExclusive", "maximum", "maxInclusive", "maxExclusive")
_PARTS = {"base", "format", "length", "minLength", "maxLength", "@id", *_BOUNDS}


def datatype_iri(datatype: dict[str, Any]) -> str:
    base = datatype["base"]
    return str(datatype.get("@id") or _IRIS.get(base, XSD + base))


def checked_datatype(value: Any, base: str) -> dict[str, Any] | None:
    """A datatype with a base; None when the value is not valid and the default holds."""
    if isinstance(value, str):
        return {"base": value} if value in BUILTIN else None
    if not isinstance(value, dict):
        return None
    found = {name: item for name, item in value.items() if name in _PARTS}
    found.setdefault("base", "string")
    if found["base"] not in BUILTIN:
        found["base"] = "string"
    if "@id" in found:
        if found["@id"].startswith("_:") or found["@id"] in {XSD + name for name in BUILTIN}:
            raise MetadataError(f"@id {found['@id']} of a datatype")
        found["@id"] = urljoin(base, found["@id"])
    _check_lengths(found)
    _check_bounds(found)
    if not _check_format(found):
        del found["format"]
    return found


def _check_lengths(found: dict[str, Any]) -> None:
    given = [name for name in ("length", "minLength", "maxLength") if name in found]
    if given and found["base"] not in _LENGTHS:
        raise MetadataError(f"{given[0]} of a {found['base']}")
    low, high, exact = (found.get(name) for name in ("minLength", "maxLength", "length"))
    if low is not None and high is not None and low > high:
        raise MetadataError("minLength above maxLength")
    if exact is not None and ((low or exact) > exact or (exact if high is None else high) < exact):
        raise MetadataError("length beyond minLength or maxLength")


def _check_bounds(found: dict[str, Any]) -> None:
    given = [name for name in _BOUNDS if name in found]
    if not given:
        return
    if found["base"] not in _NUMERIC | _DATES | set(_PATTERNS):
        raise MetadataError(f"{given[0]} of a {found['base']}")
    for name, other in (("minimum", "minInclusive"), ("maximum", "maxInclusive")):
        if name in found:
            found.setdefault(other, found.pop(name))
    if {"minInclusive", "minExclusive"} <= set(found) or {"maxInclusive", "maxExclusive"} <= set(found):  # fmt: skip
        raise MetadataError("an inclusive and an exclusive bound")
    low = found.get("minInclusive", found.get("minExclusive"))
    high = found.get("maxInclusive", found.get("maxExclusive"))
    if low is None or high is None:
        return
    low, high = _comparable(str(low), found["base"]), _comparable(str(high), found["base"])
    exclusive = "minExclusive" in found or "maxExclusive" in found
    both = "minExclusive" in found and "maxExclusive" in found
    if low > high or (low == high and exclusive and not both):
        raise MetadataError("bounds that leave nothing")


def _check_format(found: dict[str, Any]) -> bool:
    """Whether the format, if any, can be used."""
    pattern = found.get("format")
    if pattern is None:
        return True
    base = found["base"]
    if base in _NUMERIC:
        return isinstance(pattern, (str, dict))
    if not isinstance(pattern, str):
        return False
    if base == "boolean":
        return pattern.count("|") == 1
    if base in _DATES:
        return True
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True


def value_of(text: str, datatype: dict[str, Any]) -> str:
    """The lexical form of the value that a text has.

    Raises FormatError when it has none: it then stays a string.
    """
    base, pattern = datatype["base"], datatype.get("format")
    if base in _NUMERIC:
        result = _number(text, base, pattern)
    elif base == "boolean":
        true, false = (pattern or "|").split("|")
        words = {true: "true", false: "false"} if pattern else {
            "true": "true", "1": "true", "false": "false", "0": "false"}  # fmt: skip
        if text not in words:
            raise FormatError(text)
        return words[text]
    elif base in _DATES:
        result = date_value(text, base, pattern)
    else:
        rule = pattern or _PATTERNS.get(base)
        if rule and not re.fullmatch(rule, text):
            raise FormatError(text)
        if base in _PATTERNS and not re.fullmatch(_PATTERNS[base], text):
            raise FormatError(text)
        result = text
    _within(result, datatype)
    return result


def _number(text: str, base: str, pattern: Any) -> str:
    result = number_value(text, base in _DOUBLES, pattern)
    if result in ("INF", "-INF", "NaN"):
        if base not in _DOUBLES:
            raise FormatError(text)
        return result
    if base in _INTEGERS:
        if not re.fullmatch(r"[+-]?\d+", result):
            raise FormatError(text)
        low, high = _INTEGERS[base]
        number = int(result)
        if (low is not None and number < low) or (high is not None and number > high):
            raise FormatError(text)
    if base == "decimal" and re.search("[eE]", result):
        raise FormatError(text)
    return result


def _within(value: str, datatype: dict[str, Any]) -> None:
    size = len(value)
    if datatype["base"] == "hexBinary":
        size //= 2
    elif datatype["base"] in ("base64Binary", "binary"):
        size = len(value.rstrip("=")) * 3 // 4
    low, high, exact = (datatype.get(name) for name in ("minLength", "maxLength", "length"))
    if size < (low or 0) or (high is not None and size > high) or (exact is not None and size != exact):  # fmt: skip
        raise FormatError(value)
    for name in _BOUNDS:
        if name not in datatype:
            continue
        number, bound = (
            _comparable(value, datatype["base"]),
            _comparable(str(datatype[name]), datatype["base"]),
        )
        good = {
            "minInclusive": number >= bound, "minExclusive": number > bound,
            "maxInclusive": number <= bound, "maxExclusive": number < bound,
        }[name]  # fmt: skip
        if not good:
            raise FormatError(value)


def _comparable(value: str, base: str) -> Any:
    if base in _NUMERIC:
        return Decimal(value.replace("INF", "Infinity"))
    return value
