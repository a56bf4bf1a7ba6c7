"""``datapackage.json``: how it is written, and the profile it is held against when it is read.

It is derived from the schemas, in the terms of Frictionless and of the Fiscal Data Package. The profile is
the Data Package specification (https://specs.frictionlessdata.io/data-package/, 1.0, with
Tabular Data Resource and Table Schema) narrowed to what yusuan writes: every file is in the
package, every schema in the descriptor. Nothing that names a place elsewhere gets further than
here, whichever command was called. Keys that the specification does not know are let be."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from yusuan.files.resolve import inside, is_inside_path
from yusuan.model.errors import YusuanError
from yusuan.model.records import Department, DocumentRecord
from yusuan.model.text import printable
from yusuan.schema import Field, Resource, catalogue, data_path, read_yaml

__all__ = [
    "DESCRIPTOR",
    "SETTINGS",
    "known_keys",
    "package_descriptor",
    "publication",
    "read_descriptor",
    "table_schema",
]

SCHEMA_VERSION = "1"
_ENDING = re.compile(r"[a-z0-9]{1,20}")


def publication(base: str | None = None, licence: str | None = None) -> dict[str, Any]:
    """Publication metadata of ``publish/package.yaml`` with a user's overrides."""
    settings = dict(read_yaml(data_path("publish", "package.yaml")))
    if base:
        settings["base"] = base if base.endswith(("/", "#")) else f"{base}/"
    if licence:
        settings["licenses"] = [{"name": licence}]
    return settings


def package_descriptor(
    settings: Mapping[str, Any],
    documents: Sequence[DocumentRecord],
    departments: Sequence[Department],
    files: Mapping[str, Mapping[str, Any]],
) -> dict[str, Any]:
    """The descriptor; ``files`` gives path → hash and bytes of every file of the package."""
    years = sorted({document.fiscal_year for document in documents})
    phases = sorted({document.phase for document in documents})
    return {
        "$schema": "https://datapackage.org/profiles/1.0/datapackage.json",
        "profile": "data-package",
        **{key: settings[key] for key in ("name", "title", "title@en", "description",
                                          "description@en", "keywords", "countryCode")},
        "languages": ["zh", "en"],
        "fiscalPeriod": {"start": f"{years[0]}-01-01", "end": f"{years[-1]}-12-31"},
        "granularity": "aggregated",
        "phases": phases,
        "base": settings["base"],
        "schemaVersion": SCHEMA_VERSION,
        "licenses": settings["licenses"],
        "contributors": [
            {"title": department.name, "role": "publisher"} for department in departments
        ],
        "sources": [
            {"title": document.title or document.file, "path": source_path(document)}
            for document in documents
        ],
        "resources": [
            *(_tabular(resource, files[resource.path], settings)
              for resource in catalogue().resources),
            *(_source(document, files[source_path(document)]) for document in documents),
        ],
    }  # fmt: skip


def source_path(document: DocumentRecord) -> str:
    """Where the package keeps a source document: an ASCII name, so that every URL works."""
    ending = document.file.rpartition(".")[2].lower() if "." in document.file else ""
    suffix = f".{ending}" if _ENDING.fullmatch(ending) else ""
    return f"source/{document.document}{suffix}"


def table_schema(resource: Resource) -> dict[str, Any]:
    """The Frictionless Table Schema of a resource, with the Fiscal Data Package columnTypes."""
    schema: dict[str, Any] = {
        "fields": [_field(field) for field in resource.fields],
        "missingValues": [""],
        "primaryKey": resource.primary_key,
    }
    if resource.foreign_keys:
        schema["foreignKeys"] = [
            {"fields": key.field, "reference": {"resource": key.resource, "fields": key.reference}}
            for key in resource.foreign_keys
        ]
    return schema


def _tabular(
    resource: Resource, file: Mapping[str, Any], settings: Mapping[str, Any]
) -> dict[str, Any]:
    return _without_none({
        "name": resource.name,
        "title": resource.title,
        "title@en": resource.title_en,
        "description": resource.description,
        "description@en": resource.description_en,
        "profile": "tabular-data-resource",
        "path": resource.path,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "derivedFrom": list(resource.derived_from) or None,
        **file,
        "schema": table_schema(resource),
    })  # fmt: skip


def _source(document: DocumentRecord, file: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": f"source-{document.document}",
        "title": document.file,
        "path": source_path(document),
        "format": source_path(document).rsplit(".", 1)[-1],
        "mediatype": document.media_type,
        **file,
    }


def _field(field: Field) -> dict[str, Any]:
    return _without_none({
        "name": field.name,
        "type": field.type,
        "title": field.title,
        "title@en": field.title_en,
        "description": field.description,
        "description@en": field.description_en,
        "columnType": field.column_type,
        "currency": field.currency,
        "constraints": dict(field.constraints) or None,
    })  # fmt: skip


def _without_none(items: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in items.items() if value is not None}


DESCRIPTOR = "datapackage.json"
SETTINGS = "portals.json"
"""Where the package was published; a package built anew in its place keeps it."""
_MOST_BYTES = 128_000_000
"""A package of 100,000 documents has a descriptor of some 40 MB."""
_DEEPEST = 30
_LONGEST = 200_000
_SHOWN = 60
_WHOLE = 2**53

Test = Callable[[Any], bool]


@dataclass(frozen=True, slots=True)
class _Form:
    """What a value may be: ``words`` for people, a ``test``, and the forms of what is in it.

    ``keys`` are those of an object, with ``needed`` and ``refused`` ones; ``items`` those of a
    list.
    """

    words: str
    test: Test
    keys: Mapping[str, _Form] = field(default_factory=dict)
    needed: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    items: _Form | None = None


def _text(words: str, pattern: str) -> _Form:
    found = re.compile(pattern)
    return _Form(words, lambda value: isinstance(value, str) and bool(found.fullmatch(value)))


def _list(words: str, items: _Form, least: int = 0) -> _Form:
    return _Form(words, lambda value: isinstance(value, list) and len(value) >= least, items=items)


def _object(
    words: str,
    keys: Mapping[str, _Form],
    needed: tuple[str, ...] = (),
    refused: tuple[str, ...] = (),
) -> _Form:
    return _Form(words, lambda value: isinstance(value, dict), keys, needed, refused)


_TEXT = _Form("a text", lambda value: isinstance(value, str))
_FLAG = _Form("true or false", lambda value: isinstance(value, bool))
_SIZE = _Form(
    "a number of bytes",
    lambda value: isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _WHOLE,
)
_NUMBER = _Form(
    "a number or a text",
    lambda value: isinstance(value, (int, float, str)) and not isinstance(value, bool),
)
_LENGTH = _Form(
    "a whole number",
    lambda value: isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _WHOLE,
)
_PATTERN = _Form("a regular expression", lambda value: isinstance(value, str) and _compiles(value))
_NAME = _text("a name of letters, digits, '.', '_' and '-'", r"[A-Za-z0-9][A-Za-z0-9._-]{0,199}")
_WEB = _text(
    "an address that begins with https:// or http://", r"https?://[^\s<>\"{}|\\^`]{1,2000}"
)
_BASE = _text(
    "the beginning of IRIs, such as https://data.example.org/, with '/' or '#' at its end",
    r"[A-Za-z][A-Za-z0-9+.-]*://[^\s<>\"{}|\\^`/#?]+[^\s<>\"{}|\\^`]*[/#]",
)
_PATH = _Form("one path inside the package, such as data/facts.csv", is_inside_path)
_PLACE = _Form(
    "a path inside the package, or a web address",
    lambda value: is_inside_path(value) or _WEB.test(value),
)
_DAY = _text("a date such as 2024-01-31", r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
_FIELD = _object(
    "an object that describes a column",
    {
        "name": _text("the name of a column", r"[^\x00-\x1f]{1,200}"),
        "type": _text("a type such as string, integer or number", r"[a-z]{1,20}"),
        "format": _text("a format", r"[^\x00-\x1f]{0,200}"),
        "title": _TEXT, "title@en": _TEXT, "description": _TEXT, "description@en": _TEXT,
        "columnType": _TEXT, "currency": _TEXT,
        "constraints": _object(
            "an object of constraints",
            {
                "required": _FLAG, "unique": _FLAG, "pattern": _PATTERN,
                "enum": _list("a list of values", _NUMBER, least=1),
                "minimum": _NUMBER, "maximum": _NUMBER,
                "minLength": _LENGTH, "maxLength": _LENGTH,
            },
        ),
    },
    needed=("name", "type"),
)  # fmt: skip
_COLUMNS = _Form(
    "the name of a column, or a list of them",
    lambda value: isinstance(value, str) or (
        isinstance(value, list) and bool(value) and all(isinstance(each, str) for each in value)
    ),
)  # fmt: skip
_SCHEMA = _object(
    "the schema itself (a path or an address is not followed)",
    {
        "fields": _list("a list of columns", _FIELD, least=1),
        "missingValues": _list("a list of texts", _TEXT),
        "primaryKey": _COLUMNS,
        "foreignKeys": _list("a list of foreign keys", _object(
            "an object with fields and reference",
            {
                "fields": _COLUMNS,
                "reference": _object("an object with resource and fields",
                                     {"resource": _TEXT, "fields": _COLUMNS},
                                     needed=("resource", "fields")),
            },
            needed=("fields", "reference"),
        )),
    },
    needed=("fields",),
)  # fmt: skip
_RESOURCE = _object(
    "an object that describes a file (a path or an address is not followed)",
    {
        "name": _NAME, "title": _TEXT, "title@en": _TEXT,
        "description": _TEXT, "description@en": _TEXT,
        "profile": _text("data-resource or tabular-data-resource", "(tabular-)?data-resource"),
        "path": _PATH,
        "format": _text("the ending of a file name", r"[^\x00-\x1f]{1,1000}"),
        "mediatype": _text("a media type such as text/csv", r"[A-Za-z0-9!#$&^_.+-]{1,80}/[A-Za-z0-9!#$&^_.+-]{1,120}"),
        "encoding": _text("utf-8", "(?i:utf-?8)"),
        "hash": _text("sha256: and 64 digits", r"sha256:[0-9a-f]{64}"),
        "bytes": _SIZE,
        "schema": _SCHEMA,
    },
    needed=("name", "path", "title"),
    refused=("data", "dialect", "extrapaths", "innerpath", "compression", "scheme", "control",
             "basepath", "layout", "url", "pipeline", "checklist", "jsonSchema", "$schema",
             "type", "profiles", "detector", "sources", "licenses"),
)  # fmt: skip
_PACKAGE = _object(
    "an object",
    {
        "$schema": _text("the profile https://datapackage.org/profiles/1.0/datapackage.json",
                         r"https://datapackage\.org/profiles/[12]\.0/datapackage\.json"),
        "profile": _text("data-package", "(tabular-)?data-package"),
        "name": _NAME, "title": _TEXT, "title@en": _TEXT,
        "description": _TEXT, "description@en": _TEXT,
        "keywords": _list("a list of texts", _TEXT),
        "countryCode": _text("two letters", "[A-Z]{2}"),
        "languages": _list("a list of language tags", _text("a language tag", r"[A-Za-z0-9-]{2,35}")),
        "fiscalPeriod": _object("an object with start and end", {"start": _DAY, "end": _DAY},
                                needed=("start", "end")),
        "phases": _list("a list of phases", _NAME),
        "base": _BASE,
        "schemaVersion": _text("a version", r"[0-9A-Za-z.-]{1,20}"),
        "licenses": _list("a list of licences", _object(
            "an object with a name", {"name": _TEXT, "title": _TEXT, "path": _WEB},
        )),
        "contributors": _list("a list of contributors", _object(
            "an object with a title", {"title": _TEXT, "role": _TEXT, "path": _WEB, "email": _TEXT},
            needed=("title",),
        )),
        "sources": _list("a list of sources", _object(
            "an object with a title", {"title": _TEXT, "path": _PLACE, "email": _TEXT},
            needed=("title",),
        )),
        "resources": _list("a list of resources", _RESOURCE, least=1),
    },
    needed=("name", "title", "title@en", "description", "description@en", "base", "licenses",
            "fiscalPeriod", "schemaVersion", "resources"),
    refused=("profiles", "dialect", "basepath", "fields", "missingValues"),
)  # fmt: skip


def read_descriptor(folder: Path) -> dict[str, Any]:
    """The descriptor of the package in a folder, which keeps to the profile.

    Raises YusuanError naming the file and the place in it (a JSON pointer, RFC 6901) when it
    does not, and for a folder without one.
    """
    if not (folder / DESCRIPTOR).exists() and not (folder / DESCRIPTOR).is_symlink():
        raise YusuanError(
            f"{folder}: no data package here ({DESCRIPTOR} is missing); "
            "make one with `yusuan build SOURCE --output DIR`"
        )
    path = inside(folder, DESCRIPTOR)
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise YusuanError(f"{path}: larger than {_MOST_BYTES // 1_000_000} MB")
        content = json.loads(path.read_bytes().decode("utf-8"), parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        what = "nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise YusuanError(f"{path}: not valid JSON: {what}") from None
    except OSError as error:
        raise YusuanError(f"{path}: cannot be read: {error.strerror}") from error
    for mistake in (*_bounds(content, "", 0), *_mistakes(content, _PACKAGE, "")):
        raise YusuanError(f"{path}, {mistake}; build the package anew")
    for mistake in _apart(content["resources"]):
        raise YusuanError(f"{path}, {mistake}; build the package anew")
    descriptor: dict[str, Any] = content
    return descriptor


def known_keys(content: Any) -> dict[str, Any]:
    """A descriptor that keeps to the profile without the keys that the profile does not name."""
    kept: dict[str, Any] = _known(content, _PACKAGE)
    return kept


def _known(value: Any, form: _Form) -> Any:
    if form.items is not None:
        return [_known(item, form.items) for item in value]
    if form.keys:
        return {
            key: _known(each, form.keys[key]) for key, each in value.items() if key in form.keys
        }
    return value


def _bounds(value: Any, pointer: str, depth: int) -> Iterator[str]:
    """What no program should have to cope with: depth, length, texts that are no Unicode."""
    if depth > _DEEPEST:
        yield f"{_at(pointer)}: nested too deeply; expected at most {_DEEPEST} levels"
        return
    if isinstance(value, str):
        if len(value) > _LONGEST:
            yield f"{_at(pointer)}: a text of {len(value):,} characters; expected at most {_LONGEST:,}"
        elif not value.isascii() and not _encodes(value):
            yield f"{_at(pointer)}: half a character (a lone surrogate); expected Unicode text"
    elif isinstance(value, dict):
        for key, each in value.items():
            if not _encodes(key) or len(key) > _LONGEST:
                yield f"{_at(pointer)}: a key that is no readable text"
            yield from _bounds(each, f"{pointer}/{_escaped(key)}", depth + 1)
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from _bounds(each, f"{pointer}/{index}", depth + 1)


def _mistakes(value: Any, form: _Form, pointer: str) -> Iterator[str]:
    if not form.test(value):
        yield f"{_at(pointer)}: {_shown(value)}; expected {form.words}"
        return
    if form.items is not None:
        for index, each in enumerate(value):
            yield from _mistakes(each, form.items, f"{pointer}/{index}")
    if not form.keys:
        return
    for key in form.needed:
        if key not in value:
            yield f"{_at(f'{pointer}/{key}')}: missing; expected {form.keys[key].words}"
    for key in form.refused:
        if key in value:
            yield f"{_at(f'{pointer}/{key}')}: not used in packages of yusuan; expected no such key"
    for key, known in form.keys.items():
        if key in value:
            yield from _mistakes(value[key], known, f"{pointer}/{_escaped(key)}")


def _apart(resources: list[dict[str, Any]]) -> Iterator[str]:
    """Names and paths stand once, and the tables that yusuan knows are where it keeps them."""
    names: set[str] = set()
    paths: set[str] = set()
    for index, resource in enumerate(resources):
        for key, seen in (("name", names), ("path", paths)):
            if resource[key] in seen:
                yield (f"{_at(f'/resources/{index}/{key}')}: {_shown(resource[key])} stands twice; "
                       "expected each once")  # fmt: skip
            seen.add(resource[key])
        name, path = resource["name"], resource["path"]
        own = catalogue()[name].path if name in catalogue() else None
        if own and path != own:
            yield f"{_at(f'/resources/{index}/path')}: {_shown(path)}; expected {own!r}"
        if name.startswith("source-") and not re.fullmatch(r"source/[^/]+", path):
            yield f"{_at(f'/resources/{index}/path')}: {_shown(path)}; expected a file in source/"
        for number, column in enumerate(resource.get("schema", {}).get("fields", ())):
            at = f"/resources/{index}/schema/fields/{number}/constraints"
            yield from _unfit_limits(column, at)


_LIMITS = {
    "integer": _Form(
        "a whole number", lambda value: re.fullmatch(r"-?\d{1,40}", str(value)) is not None
    ),
    "number": _Form(
        "a decimal number",
        lambda value: re.fullmatch(r"-?\d{1,40}(\.\d{1,40})?", str(value)) is not None,
    ),
    "date": _DAY,
}
"""Least and greatest values by the type of their column. The framework that validates packages holds the
values of a column against whatever it made of them; the other types that have some are not used."""
_UNUSED = _Form("no limits for a column of this type", lambda value: False)
_LIMITS |= dict.fromkeys(("year", "yearmonth", "time", "datetime", "duration"), _UNUSED)


def _unfit_limits(column: Mapping[str, Any], pointer: str) -> Iterator[str]:
    form = _LIMITS.get(column["type"])
    for key in ("minimum", "maximum"):
        if form and key in column.get("constraints", {}):
            yield from _mistakes(column["constraints"][key], form, f"{pointer}/{key}")


def _at(pointer: str) -> str:
    return printable(pointer)[:300] or "the whole"


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "an empty list" if not value else "a list"
    if isinstance(value, int) and abs(value) > _WHOLE:
        return "a huge number"
    text = printable(json.dumps(value, ensure_ascii=False))
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _encodes(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _compiles(pattern: str) -> bool:
    try:
        re.compile(pattern)
    except (re.error, RecursionError, OverflowError):
        return False
    return len(pattern) < 1_000


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no JSON")
