"""Phrases: the wording of titles, captions and sentences, as ``schemas/*.yaml`` write it down.

An entry is one phrase, or a list of phrases of which one stands. ``{start: …}``, ``{end: …}`` and
``{whole: …}`` say where in a text. Within a phrase

- ``{name}`` is any word of the list of that name in ``words``, ``{section.name}`` another phrase;
- ``(A|B)`` is one of these, ``(A|B)?`` may be missing, ``(A|B)*`` stands any number of times;
- ``【后有：X】``, ``【后无：X】``, ``【前有：X】``, ``【前无：X】`` say what must or must not stand behind
  or before this place;
- everything else is as in regular expressions: ``.`` any sign, ``[^,]`` any but these, ``\\d`` a digit.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from yusuan.files.data import data_path, read_yaml
from yusuan.model.errors import YusuanError

__all__ = ["expression", "phrase", "values_of", "words_of"]

_LOOKS = {"后有": "(?=", "后无": "(?!", "前有": "(?<=", "前无": "(?<!"}
_LOOK = re.compile(r"【(后有|后无|前有|前无)：([^【】]*)】")
_GROUP = re.compile(r"(?<!\\)\((?!\?)")
_NAMED = re.compile(r"\{([a-z_]+(?:\.[a-z_]+)?)\}")
_CLASS = re.compile(r"((?<!\\)\[(?:\\.|[^\]\\])*\])")
"""A set of signs, in which brackets are signs like others."""


@cache
def phrase(name: str) -> re.Pattern[str]:
    """The compiled phrase of ``schemas/lexicon.yaml`` that a name such as ``caption.title`` stands for.

    Raises YusuanError where there is none, or where it names words that are not listed.

    >>> bool(phrase("label.of_which").match("其中:基本支出")), bool(phrase("label.sum").search("小计"))
    (True, True)
    """
    return re.compile(expression(_entry(name)))


def expression(entry: Any) -> str:
    """The regular expression of an entry, its words those of ``schemas/lexicon.yaml``.

    Raises YusuanError where it names words that are not listed.

    >>> expression({"end": ["({drop}|减少)了?", "【前有：算】减"]})
    '(?:(?:(?:下降|降低)|减少)了?|(?<=算)减)$'
    """
    if isinstance(entry, dict):
        ((where, inner),) = entry.items()
        before, after = {"start": ("^", ""), "end": ("", "$"), "whole": ("^", "$")}[where]
        return f"{before}(?:{expression(inner)}){after}"
    if isinstance(entry, list):
        return "|".join(expression(each) for each in entry)
    text = _LOOK.sub(lambda match: f"{_LOOKS[match[1]]}{match[2]})", str(entry))
    parts = _CLASS.split(text)
    parts[::2] = [_GROUP.sub("(?:", part) for part in parts[::2]]
    return _NAMED.sub(lambda match: _named(match[1]), "".join(parts))


def words_of(name: str) -> tuple[str, ...]:
    """The words of a list of ``schemas/lexicon.yaml``. Raises YusuanError where there is none."""
    words = _lexicon()["words"]
    if name not in words:
        raise YusuanError(f"lexicon.yaml: there is no list of words {name}")
    return tuple(words[name])


def values_of(name: str) -> dict[str, Any]:
    """The words of a list that gives each a value, such as 万元 its 10,000 yuan.

    Raises YusuanError where there is no such list.

    >>> values_of("power")["百"]
    100
    """
    words_of(name)
    values = _lexicon()["words"][name]
    if not isinstance(values, dict):
        raise YusuanError(f"lexicon.yaml: the words of {name} have no values")
    return values


def _named(name: str) -> str:
    if "." in name:
        return f"(?:{expression(_entry(name))})"
    words = [re.escape(word) for word in words_of(name)]
    if all(len(word) == 1 for word in words):
        return f"[{''.join(words)}]"
    return f"(?:{'|'.join(words)})"


def _entry(name: str) -> Any:
    section, _, entry = name.partition(".")
    phrases = _lexicon()["phrases"].get(section, {})
    if entry not in phrases:
        raise YusuanError(f"lexicon.yaml: there is no phrase {name}")
    return phrases[entry]


@cache
def _lexicon() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = read_yaml(data_path("schemas", "lexicon.yaml"))
    return found
