"""The language that the program speaks, and the Chinese of its English sentences
(``schemas/sentences.yaml``).

A sentence is English where it is written, with its values already in it, and is put into Chinese where it
is printed. A value is recognised by the words around it: in the list ``{}`` stands for one that may be a
sentence itself, ``{n}`` for a name or number, which stays, ``{w}`` for a word of the list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Literal, NamedTuple

from yusuan.files.data import data_path, read_yaml
from yusuan.model.text import columns

__all__ = [
    "VARIABLE", "Language", "in_chinese", "language", "language_of", "speaking", "translated",
]  # fmt: skip

Language = Literal["zh", "en"]
VARIABLE = "YUSUAN_LANG"
"""The environment variable that says the language, whatever the locale is."""
_LOCALE = ("LC_ALL", "LC_MESSAGES", "LANG")
_NO_LANGUAGE = ("", "C", "POSIX")
_SPOKEN: ContextVar[Language | None] = ContextVar("spoken", default=None)


def language() -> Language | None:
    """The language in which the program speaks; None where nobody has said."""
    return _SPOKEN.get()


@contextmanager
def speaking(chosen: Language | None) -> Iterator[None]:
    """Speak a language meanwhile."""
    before = _SPOKEN.set(chosen)
    try:
        yield
    finally:
        _SPOKEN.reset(before)


def language_of(environment: Mapping[str, str]) -> Language | None:
    """The language that an environment asks for: YUSUAN_LANG, else the locale (POSIX.1, section 8.2).
    The locale C asks for none, and any other but Chinese gets English.

    >>> language_of({"LANG": "zh_CN.UTF-8"}), language_of({"LC_ALL": "C.UTF-8", "LANG": "zh_CN"})
    ('zh', None)
    >>> language_of({"YUSUAN_LANG": "en", "LANG": "zh_CN.UTF-8"}), language_of({"LANG": "de_DE"})
    ('en', 'en')
    """
    said = next((found for name in (VARIABLE, *_LOCALE) if (found := environment.get(name))), "")
    name = said.partition(".")[0].partition("@")[0]
    if name in _NO_LANGUAGE:
        return None
    return "zh" if re.split(r"[_-]", name.lower())[0] == "zh" else "en"


def translated(text: str) -> str:
    """An English text of the program in the language that it speaks; what the list does not have stays
    as it is.

    >>> with speaking("zh"):
    ...     translated("a.pdf: the file is empty")
    'a.pdf：文件是空的'
    """
    return in_chinese(text) if language() == "zh" else text


def in_chinese(text: str) -> str:
    """An English text of the program in Chinese; what the list does not have stays as it is."""
    return _chinese(text, alone=True)


class _Sentence(NamedTuple):
    """A sentence with places for values, as the words between them."""

    words: tuple[str, ...]
    pattern: str
    kinds: tuple[str, ...]
    chinese: str

    def said(self, text: str) -> Sequence[str] | None:
        """The values of a text that is this sentence, in Chinese where they are ours to say."""
        if not all(word in text for word in self.words):
            return None
        found = re.fullmatch(self.pattern, text, re.DOTALL)
        if found is None:
            return None
        return [
            value if kind == "n" else _chinese(value, alone=kind == "w")
            for kind, value in zip(self.kinds, found.groups(), strict=True)
        ]


_PLACE = re.compile(r"\{([nw]?)\}")
_NUMBERED = re.compile(r"\{(\d*)\}")
_WITHOUT_COLON = r"((?:(?!: ).)*?)"
"""What a sentence may begin with: before a colon stands the place, which is no part of it."""
_SEPARATORS = ((": ", "："), ("; ", "；"), (". ", "。"), (", ", "，"))
"""Between the sentences of one message, in the order in which it is taken apart."""


@cache
def _sentences() -> tuple[Mapping[str, str], Sequence[_Sentence]]:
    """The whole texts, and the sentences with values, those with most words of their own first."""
    whole: dict[str, str] = {}
    parts: list[_Sentence] = []
    for entry in read_yaml(data_path("schemas", "sentences.yaml")):
        kinds = tuple(_PLACE.findall(entry["en"]))
        if not kinds:
            whole[entry["en"]] = entry["zh"]
            continue
        words = _PLACE.split(entry["en"])[::2]
        pattern = _escaped(words[0])
        for kind, word in zip(kinds, words[1:], strict=True):
            free = "(.*?)" if pattern else _WITHOUT_COLON
            pattern += (r"(\S*?)" if kind else free) + _escaped(word)
        told = tuple(part for word in words for part in word.split("(s)") if part)
        parts.append(_Sentence(told, pattern, kinds, entry["zh"]))
    parts.sort(key=lambda sentence: -sum(map(len, sentence.words)))
    return whole, parts


def _escaped(word: str) -> str:
    return re.escape(word).replace(r"\(s\)", "s?")


def _chinese(text: str, *, alone: bool = False) -> str:
    """``alone`` a word is put into Chinese; within a sentence it is a name."""
    whole, sentences = _sentences()
    if text in whole and (alone or " " in text):
        return whole[text]
    if "\n" in text:
        return "\n".join(map(_chinese, text.split("\n")))
    for sentence in sentences:
        values = sentence.said(text)
        if values is not None:
            return _filled(sentence.chinese, values)
    for english, sign in _SEPARATORS:
        head, found, tail = text.partition(english)
        if found:
            told = _chinese(head), _chinese(tail)
            if told != (head, tail) or (sign == "：" and columns(tail[:1]) == 2):
                return sign.join(told)
    return text


def _filled(chinese: str, values: Sequence[str]) -> str:
    """A sentence with its values: in their order, or by number where the order is another; a blank parts
    Chinese characters from Latin letters."""
    following = iter(range(len(values)))

    def value(place: re.Match[str]) -> str:
        text = values[int(place[1] or next(following))]
        before, after = chinese[: place.start()][-1:], chinese[place.end() :][:1]
        return (
            (" " if before.isalpha() and _is_latin(text[:1]) and columns(before) == 2 else "")
            + text
            + (" " if after.isalpha() and _is_latin(text[-1:]) and columns(after) == 2 else "")
        )

    return _NUMBERED.sub(value, chinese)


def _is_latin(char: str) -> bool:
    return char.isascii() and (char.isalpha() or char in ("/", ".", "`"))
