"""Rule files as they stand on disk: each entry with its lines, and what is wrong with it.

What an entry may say is declared in ``schemas/rules.yaml``, below ``families`` and ``forms``;
``schemas/rules.schema.json``, by which editors complete, is made of that.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from yusuan.files.data import of_content
from yusuan.model.errors import YusuanError
from yusuan.schema import data_path

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError

__all__ = [
    "FILE",
    "RuleEntry",
    "check_form",
    "families",
    "nearest",
    "read_entries",
    "rule_schema",
    "settings_of",
]

FILE = "rules.yaml"
Keys = tuple[str | int, ...]

_DEEPEST = 8
_KINDS = {
    "string": "text (in quotation marks)", "array": "a list", "object": "keys with values",
    "integer": "a whole number", "boolean": "true or false",
}  # fmt: skip
_EMPTY = ("minLength", "minItems", "minProperties")


@dataclass(frozen=True, slots=True)
class RuleEntry:
    """One entry of a rule file; ``lines`` are by the keys that lead to a value. An ``installed`` one
    is of ``schemas/rules.yaml``."""

    file: str
    number: int
    content: Mapping[str, Any]
    lines: Mapping[Keys, int] = field(default_factory=dict)
    installed: bool = False

    @property
    def id(self) -> str:
        return str(self.content.get("id", f"number {self.number}"))

    def mistake(self, keys: Sequence[str | int], what: str) -> YusuanError:
        """An error that names file, line, rule and key."""
        line = next(
            (self.lines[found] for end in range(len(keys), -1, -1)
             if (found := tuple(keys[:end])) in self.lines), None,
        )  # fmt: skip
        where = f", line {line}" if line else ""
        path = [f"entry {key + 1}" if isinstance(key, int) else key for key in keys]
        at = f"{', '.join(path)}: " if path else ""
        return YusuanError(f"{self.file}{where}, rule {self.id}: {at}{what}")


def read_entries(path: Path, name: str | None = None) -> list[RuleEntry]:
    """The entries of a rule file, in order; ``name`` is what messages call it.

    Raises YusuanError for a file that is no list of entries, naming the line.
    """
    file = name or path.name
    builtin = path == data_path("schemas", FILE)
    if builtin:
        content, lines = _installed()
    else:
        try:
            content, lines = _parsed(path.read_text("utf-8"), file)
        except UnicodeDecodeError:
            raise YusuanError(f"{file}: not UTF-8 text; save it as UTF-8") from None
    listed = content.get("rules") if isinstance(content, dict) else None
    others = {} if builtin or not isinstance(content, dict) else content.keys() - {"rules"}
    if not isinstance(listed, list) or any(content[k] != _installed()[0].get(k) for k in others):
        raise YusuanError(f"{file}: expected one key, `rules:`, with a list of rules below it")
    within: dict[str | int, dict[Keys, int]] = defaultdict(dict)
    for keys, line in lines:
        if keys[:1] == ["rules"] and len(keys) > 1:
            within[keys[1]][tuple(keys[2:])] = line
    entries = []
    for index, item in enumerate(listed):
        own = within[index]
        if not isinstance(item, dict):
            raise RuleEntry(file, index + 1, {}, own).mistake((), "expected keys such as `id:`")
        keyed = {_key(key): value for key, value in item.items()}
        entries.append(RuleEntry(file, index + 1, keyed, own, builtin))
    return entries


@cache
def _installed() -> tuple[Any, Any]:
    content, lines = of_content(data_path("schemas", FILE), "rules", _parsed)
    return content, lines


def _parsed(text: str, file: str) -> list[Any]:
    """The content of a file, and the lines in it, each with the keys that lead there."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        content, root = yaml.load(text, Loader=loader), yaml.compose(text, Loader=loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f", line {mark.line + 1}" if mark else ""
        raise YusuanError(f"{file}{where}: not valid YAML: {error.problem}") from None
    except (yaml.YAMLError, ValueError) as error:  # ValueError: a date such as 2023-02-30
        raise YusuanError(f"{file}: not valid YAML: {error}") from None
    lines: dict[Keys, int] = {}
    if root is not None:
        _note_lines(root, (), lines, file)
    return [content, [[list(keys), line] for keys, line in lines.items()]]


def _key(key: object) -> str:
    """YAML takes the word off for false."""
    return "off" if key is False else str(key)


def _note_lines(node: Any, keys: Keys, lines: dict[Keys, int], file: str) -> None:
    lines.setdefault(keys, node.start_mark.line + 1)
    if len(keys) > _DEEPEST:
        return
    if node.id == "sequence":
        for index, value in enumerate(node.value):
            _note_lines(value, (*keys, index), lines, file)
    elif node.id == "mapping":
        for name, value in node.value:
            here = (*keys, str(name.value))
            if here in lines:
                line = name.start_mark.line + 1
                raise YusuanError(
                    f"{file}, line {line}: `{name.value}` stands twice (first in line {lines[here]}); "
                    "remove one of them"
                )
            lines[here] = name.start_mark.line + 1
            _note_lines(value, here, lines, file)


def families() -> Mapping[str, Mapping[str, Any]]:
    """What ``schemas/rules.yaml`` declares of each family: title (zh), title@en, keys, required,
    message, message@en."""
    found: Mapping[str, Mapping[str, Any]] = _installed()[0]["families"]
    return found


def settings_of(family: str) -> frozenset[str]:
    """The keys that a family has beside those of all rules."""
    return frozenset(families()[family].get("keys", ()))


@cache
def rule_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of rule files, which editors complete by: from the families and the
    forms of values that ``schemas/rules.yaml`` declares."""
    forms = {name: dict(form) for name, form in _installed()[0]["forms"].items()}
    common = forms["common"]
    common["properties"] = {**common["properties"], "family": {"enum": sorted(families())}}
    entry = {
        "type": "object",
        "required": ["id"],
        # what only changes a rule need not be whole
        "properties": {
            key: form if key in ("id", "family", "verdict") else True
            for key, form in common["properties"].items()
        },
        "if": {"required": ["family"]},
        "then": {"$ref": "#/$defs/common"},
        "allOf": [
            {
                "if": {"required": ["family"], "properties": {"family": {"const": name}}},
                "then": {"$ref": f"#/$defs/{name}"},
            }
            for name in families()
        ],
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "yusuan rules.yaml",
        "description": "An entry with a family is a rule; one without changes the rule of its id, "
        "in a file of one's own. Made of schemas/rules.yaml.",
        "type": "object",
        "required": ["rules"],
        "properties": {"rules": {"type": "array", "items": {"$ref": "#/$defs/entry"}}},
        "$defs": {"entry": entry, **forms, **dict(_family_forms())},
    }


def _family_forms() -> Iterator[tuple[str, dict[str, Any]]]:
    for name, family in families().items():
        wording = () if "message" in family else ("message", "message@en")
        form = {
            "title": family["title"],
            "description": family["title@en"],
            "properties": family.get("keys", {}),
            "required": [*family.get("required", ()), *wording],
        }
        yield name, form


@cache
def _validator(name: str) -> Draft202012Validator:
    from jsonschema import Draft202012Validator  # slow to load

    schema = {"$ref": f"#/$defs/{name}", "$defs": rule_schema()["$defs"]}
    return Draft202012Validator(schema)


def check_form(entry: RuleEntry) -> None:
    """Raises YusuanError for the first thing in an entry that no rule may have or must have."""
    content, common = entry.content, rule_schema()["$defs"]["common"]["properties"]
    family = content.get("family")
    if isinstance(family, str) and family in families():
        known = [*common, *settings_of(family)]
        for key in content:
            if key not in known:
                raise entry.mistake((), _unknown(key, known, f"rules of the family {family}"))
    names = ["common", *([str(family)] if family in families() else [])]
    found = [error for name in names for error in _validator(name).iter_errors(content)]
    if found:
        error = min(map(_innermost, found), key=lambda e: _ORDER.get(str(e.validator), 1))
        raise entry.mistake(tuple(error.absolute_path), _explained(error))


_ORDER = {"enum": 0, "required": 2, "dependentRequired": 2}
"""A wrong family is told before what else is missing."""


def _innermost(error: ValidationError) -> ValidationError:
    """Of alternatives, the one that the value is of the kind of."""
    if error.validator == "anyOf" and "title" not in error.schema:
        deeper = [e for e in error.context or () if e.validator != "type" or len(e.path)]
        if deeper:
            return _innermost(deeper[0])
    return error


def _explained(error: ValidationError) -> str:
    rule, value, schema = error.validator, error.instance, error.schema
    expected: Any = error.validator_value
    if rule == "required":
        return _missing([key for key in expected if key not in value])
    if rule == "dependentRequired":
        return _missing([k for key, ks in expected.items() if key in value for k in ks if k not in value])  # fmt: skip
    if rule == "enum":
        close = nearest(str(value), expected)
        return f"{value!r} is not one of {', '.join(map(str, expected))}{close}"
    if rule == "additionalProperties":
        known = list(schema["properties"])
        return _unknown(next(key for key in value if key not in known), known, "this place")
    if rule == "type":
        return f"expected {_KINDS[str(expected)]}, not {value!r}"
    if rule in _EMPTY:
        return "is empty; fill it in or remove it"
    wording = schema.get("title") or schema.get("description")
    if wording is None and rule == "anyOf":
        wording = "one or a list"
    return f"{value!r} cannot stand here; expected {wording or f'{rule} {expected}'}"


def _missing(keys: Iterable[str]) -> str:
    keys = list(keys)
    english = [key for key in keys if key.endswith("@en")]
    hint = "; messages are given in both languages" if english else ""
    return f"{', '.join(keys)} {'is' if len(keys) == 1 else 'are'} missing{hint}"


def _unknown(key: object, known: Sequence[str], where: str) -> str:
    close = nearest(str(key), known)
    if key == "off":
        close = "; to switch a rule off write `verdict: off`"
    return f"{where} have no key {str(key)!r}{close or f'; there are {chr(44).join(known)}'}"


def nearest(name: str, known: Iterable[str]) -> str:
    """ "; did you mean …?", or nothing where no known name is like it."""
    found = get_close_matches(name, [str(k) for k in known], n=1, cutoff=0.6)
    return f"; did you mean {found[0]}?" if found else ""
