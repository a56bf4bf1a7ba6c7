"""What the program says of documents and packages, in both languages: ``messages.yaml``."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from yusuan.files.data import data_path, read_yaml
from yusuan.schema.translation import language

__all__ = ["NOTHING", "Texts", "either", "heading", "joined", "listed_texts", "message", "spoken"]

Texts = tuple[str, str]
"""A text in Chinese and in English."""

NOTHING: Texts = ("", "")


def message(name: str, /, **values: object) -> Texts:
    """A message of ``schemas/messages.yaml`` with its values; those given as Texts are in both
    languages. Raises KeyError where there is no such message, or a value is missing.

    >>> message("unit-taken", unit="万元")
    ('，按万元计', '; 万元 is taken')
    """
    zh, en = _messages()[name]
    texts = {key: value for key, value in values.items() if isinstance(value, tuple)}
    return (
        zh.format(**{**values, **{key: value[0] for key, value in texts.items()}}),
        en.format(**{**values, **{key: value[1] for key, value in texts.items()}}),
    )


def spoken(name: str, /, **values: object) -> str:
    """A message in the language of the user. Raises KeyError as ``message`` does.

    >>> spoken("ctrl-c")
    '按 Ctrl-C 停止 / Ctrl-C stops'
    """
    return either(message(name, **values))


def either(texts: Texts, between: str = " / ") -> str:
    """A text in the language of the user; in both on one line where nobody has said which that is."""
    chosen = language()
    if chosen is None:
        return between.join(filter(None, texts))
    zh, en = texts
    return (zh or en) if chosen == "zh" else (en or zh)


def heading(name: str) -> str:
    """A message as a heading: English first. Raises KeyError as ``message`` does."""
    return " / ".join(reversed(message(name)))


def joined(*parts: Texts) -> Texts:
    """The parts one after the other, in both languages."""
    return "".join(zh for zh, _ in parts), "".join(en for _, en in parts)


def listed_texts(texts: Iterable[Texts], between: Texts = ("；", "; ")) -> Texts:
    """The texts in a row, with a sign between them.

    >>> listed_texts([("甲", "A"), ("乙", "B")], ("、", ", "))
    ('甲、乙', 'A, B')
    """
    found = list(texts)
    return between[0].join(zh for zh, _ in found), between[1].join(en for _, en in found)


@cache
def _messages() -> dict[str, Texts]:
    words = read_yaml(data_path("schemas", "messages.yaml"))
    return {name: (texts["zh"], texts["en"]) for name, texts in words.items()}
