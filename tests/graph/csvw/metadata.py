"""Metadata documents: defaults for what is invalid, errors where the standard demands them.

https://www.w3.org/TR/tabular-metadata/
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urljoin

from tests.graph.csvw import names
from tests.graph.csvw.common import check_common, is_common
from tests.graph.csvw.datatypes import checked_datatype
from tests.graph.csvw.names import MetadataError

Json = dict[str, Any]
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")


def normalised(document: Json, url: str) -> Json:
    """A table group with absolute URLs, in which only valid properties are left."""
    base, language = _context(document.get("@context"), url)
    document = {k: v for k, v in document.items() if k != "@context"}
    if "tables" in document or document.get("@type") == "TableGroup":
        group = _clean(document, "TableGroup", base, language)
    else:
        table = _clean(document, "Table", base, language)
        group = {"tables": [table], "from_table": True}
    group["language"] = language
    return group


def _context(context: Any, url: str) -> tuple[str, str | None]:
    base, language = url, None
    if isinstance(context, list) and len(context) > 1:
        extra = context[1]
        if not isinstance(extra, dict) or set(extra) - {"@base", "@language"}:
            raise MetadataError(f"@context {extra!r}")
        base = urljoin(url, extra.get("@base", ""))
        language = extra.get("@language")
        if language is not None and not _is_language(language):
            language = None
    return base, language


def _is_language(value: Any) -> bool:
    return isinstance(value, str) and bool(_LANGUAGE.fullmatch(value))


def _clean(item: Json, kind: str, base: str, language: str | None) -> Json:
    """The valid properties of one description."""
    result: Json = {}
    allowed = _PROPERTIES[kind]
    for name, value in item.items():
        if name == "@id":
            value = value if isinstance(value, str) else ""
            if value.startswith("_:"):
                raise MetadataError(f"@id {value}")
            result["@id"] = urljoin(base, value)
        elif name == "@type":
            if value != kind:
                raise MetadataError(f"@type {value} of a {kind}")
        elif name in allowed:
            good, cleaned = allowed[name](value, base, language)
            if good:
                result[name] = cleaned
        elif is_common(name) and kind not in ("Dialect",):
            check_common(value)
            result.setdefault("annotations", {})[name] = value
        elif name.startswith("@"):
            raise MetadataError(f"{name}: no keyword")
    for name in _REQUIRED.get(kind, ()):
        if name not in result:
            raise MetadataError(f"a {kind} without {name}")
    return result


Cleaner = Callable[[Any, str, str | None], tuple[bool, Any]]


def _text(value: Any, *_: Any) -> tuple[bool, Any]:
    return isinstance(value, str), value


def _truth(value: Any, *_: Any) -> tuple[bool, Any]:
    return isinstance(value, bool), value


def _count(value: Any, *_: Any) -> tuple[bool, Any]:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0, value


def _one_of(*allowed: Any) -> Cleaner:
    return lambda value, *_: (value in allowed, value)


def _link(value: Any, base: str, _: Any) -> tuple[bool, Any]:
    return (True, urljoin(base, value)) if isinstance(value, str) else (False, None)


def _template(value: Any, *_: Any) -> tuple[bool, Any]:
    return True, value if isinstance(value, str) else ""


def _encoding(value: Any, *_: Any) -> tuple[bool, Any]:
    try:
        return bool(codecs.lookup(value)), value
    except (LookupError, TypeError):
        return False, None


def _null(value: Any, *_: Any) -> tuple[bool, Any]:
    if isinstance(value, list):
        return True, [item for item in value if isinstance(item, str)]
    return isinstance(value, str), [value]


def _lang(value: Any, *_: Any) -> tuple[bool, Any]:
    return _is_language(value), value


def _datatype(value: Any, base: str, _: Any) -> tuple[bool, Any]:
    cleaned = checked_datatype(value, base)
    return cleaned is not None, cleaned


def _titles(value: Any, _: str, language: str | None) -> tuple[bool, Any]:
    if not isinstance(value, dict):
        value = {language or "und": value}
    result = {}
    for tag, texts in value.items():
        texts = [text for text in (texts if isinstance(texts, list) else [texts])
                 if isinstance(text, str)]  # fmt: skip
        if texts and _is_language(tag):
            result[tag] = texts
    return bool(result), result


def _name(value: Any, *_: Any) -> tuple[bool, Any]:
    good = isinstance(value, str) and bool(re.fullmatch(r"(?!_)(?:[\w.]|%[0-9A-Fa-f]{2})+", value))
    return good, value


def _names(value: Any, *_: Any) -> tuple[bool, Any]:
    found = value if isinstance(value, list) else [value]
    return bool(found) and all(isinstance(name, str) for name in found), found


def _objects(kind: str, required: bool = False) -> Cleaner:
    def clean(value: Any, base: str, language: str | None) -> tuple[bool, Any]:
        if not isinstance(value, list):
            if required:
                raise MetadataError(f"{kind}: no array")
            return True, []
        found = [_clean(item, kind, base, language) for item in value if isinstance(item, dict)]
        if required and not found:
            raise MetadataError(f"no {kind}")
        return True, found

    return clean


def _object(kind: str) -> Cleaner:
    def clean(value: Any, base: str, language: str | None) -> tuple[bool, Any]:
        if isinstance(value, str):
            url = urljoin(base, value)
            document = names.load_json(url)
            context = document.pop("@context", None)
            inner, language = _context(context, url)
            return True, {"@id": url, **_clean(document, kind, inner, language)}
        if not isinstance(value, dict):
            return kind == "Schema", {"columns": []}
        return True, _clean(value, kind, base, language)

    return clean


def _columns(value: Any, base: str, language: str | None) -> tuple[bool, Any]:
    _, columns = _objects("Column")(value, base, language)
    seen: set[str] = set()
    virtual = False
    for number, column in enumerate(columns, start=1):
        if virtual and not column.get("virtual"):
            raise MetadataError("a virtual column before another")
        virtual = virtual or bool(column.get("virtual"))
        column["named"] = "name" in column
        titles = column.get("titles", {}).get(language or "und")
        if titles:
            column.setdefault("name", names.column_name(titles[0]))
        column.setdefault("name", f"_col.{number}")
        if column["name"] in seen:
            raise MetadataError(f"two columns {column['name']}")
        seen.add(column["name"])
    return True, columns


def _foreign_keys(value: Any, base: str, language: str | None) -> tuple[bool, Any]:
    keys = []
    for key in value if isinstance(value, list) else []:
        if not isinstance(key, dict):
            continue
        if set(key) - {"columnReference", "reference"}:
            raise MetadataError(f"foreign key with {', '.join(key)}")
        reference = key.get("reference")
        if not isinstance(reference, dict):
            raise MetadataError("foreign key without a reference")
        if set(reference) - {"resource", "schemaReference", "columnReference"}:
            raise MetadataError(f"reference with {', '.join(reference)}")
        target = {name: urljoin(base, reference[name])
                  for name in ("resource", "schemaReference") if name in reference}  # fmt: skip
        columns = _names(reference.get("columnReference"))
        own = _names(key.get("columnReference"))
        if len(target) != 1 or not columns[0] or not own[0]:
            raise MetadataError("foreign key that refers to nothing")
        keys.append({"columns": own[1], "target": target, "to": columns[1]})
    return True, keys


def _anything(value: Any, *_: Any) -> tuple[bool, Any]:
    return True, value


def _notes(value: Any, *_: Any) -> tuple[bool, Any]:
    if not isinstance(value, list):
        return False, None
    check_common(value)
    return True, value


_INHERITED: dict[str, Cleaner] = {
    "aboutUrl": _template, "propertyUrl": _template, "valueUrl": _template, "default": _text,
    "datatype": _datatype, "lang": _lang, "null": _null, "ordered": _truth, "required": _truth,
    "separator": lambda value, *_: (value is None or isinstance(value, str), value),
    "textDirection": _one_of("ltr", "rtl", "auto", "inherit"),
}  # fmt: skip
_TABLES: dict[str, Cleaner] = {
    "dialect": _object("Dialect"), "notes": _notes, "tableSchema": _object("Schema"),
    "tableDirection": _one_of("ltr", "rtl", "auto"), "transformations": _objects("Template"),
    **_INHERITED,
}  # fmt: skip
_PROPERTIES: dict[str, dict[str, Cleaner]] = {
    "TableGroup": {"tables": _objects("Table", required=True), **_TABLES},
    "Table": {"url": _link, "suppressOutput": _truth, **_TABLES},
    "Schema": {"columns": _columns, "foreignKeys": _foreign_keys, "primaryKey": _names,
               "rowTitles": _names, **_INHERITED},
    "Column": {"name": _name, "suppressOutput": _truth, "titles": _titles, "virtual": _truth,
               **_INHERITED},
    "Dialect": {
        "commentPrefix": lambda value, *_: (value is None or isinstance(value, str), value),
        "delimiter": _text, "doubleQuote": _truth, "encoding": _encoding, "header": _truth,
        "headerRowCount": _count, "lineTerminators": _names,
        "quoteChar": lambda value, *_: (value is None or isinstance(value, str), value),
        "skipBlankRows": _truth, "skipColumns": _count, "skipInitialSpace": _truth,
        "skipRows": _count, "trim": _one_of(True, False, "true", "false", "start", "end"),
    },
    "Template": {"url": _link, "scriptFormat": _link, "targetFormat": _link, "source": _anything,
                 "titles": _titles},
}  # fmt: skip
_REQUIRED = {"TableGroup": ("tables",), "Table": ("url",)}
INHERITED = tuple(_INHERITED)
