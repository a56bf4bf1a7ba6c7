"""ASCII identifiers of Chinese names: pinyin syllables, as pypinyin reads them, joined by hyphens.

pypinyin loads 47,000 phrases for a fifth of a second. Their readings without tones are kept in the
cache, where they are found in the way of pypinyin: the longest phrase that comes next, else one
character.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from importlib.util import find_spec
from itertools import groupby
from pathlib import Path

from yusuan.files.cache import cached

__all__ = ["slug", "syllables"]

_LENGTH = 64


@lru_cache(maxsize=1 << 16)
def slug(text: str) -> str:
    """An ASCII identifier that a person can read.

    Long names are cut and closed with a digest, so that two of them stay apart.

    >>> slug("扶贫费"), slug("ISO 认证")
    ('fu-pin-fei', 'iso-ren-zheng')
    """
    joined = "-".join(syllables(unicodedata.normalize("NFKC", text)))
    plain = unicodedata.normalize("NFKD", joined).encode("ascii", "ignore").decode()
    name = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")
    if name and len(name) <= _LENGTH:
        return name
    digest = hashlib.sha256(text.encode()).hexdigest()[:8]
    return f"{name[: _LENGTH - 9].rstrip('-')}-{digest}".lstrip("-")


def syllables(text: str) -> Iterator[str]:
    """The syllables of a text without tones, ü as v; what is between Chinese characters as it is.

    >>> list(syllables("银行ISO认证"))
    ['yin', 'hang', 'ISO', 'ren', 'zheng']
    """
    characters, phrases, ordered = _readings()
    for chinese, run in groupby(text, _is_chinese):
        rest = "".join(run)
        if not chinese:
            yield rest
            continue
        while rest:
            phrase = _longest(rest, phrases)
            if phrase:
                yield from phrases[phrase].split()
            elif _begins_phrase(rest, ordered):  # pypinyin then reads the rest one by one
                yield from (characters.get(each, each) for each in rest)
                break
            else:
                phrase = rest[0]
                yield characters.get(phrase, phrase)
            rest = rest[len(phrase) :]


def _longest(text: str, phrases: Mapping[str, str]) -> str:
    return next(
        (p for end in range(min(len(text), _most()), 0, -1) if (p := text[:end]) in phrases), ""
    )


def _begins_phrase(text: str, ordered: Sequence[str]) -> bool:
    at = bisect_left(ordered, text)
    return at < len(ordered) and ordered[at].startswith(text)


@cache
def _most() -> int:
    return max(map(len, _readings()[1]))


@lru_cache(maxsize=1 << 14)
def _is_chinese(character: str) -> bool:
    """Whether pypinyin takes it for a Chinese character."""
    code = ord(character)
    return any(first <= code <= last for first, last in _CHINESE)


_CHINESE = (
    (0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0x3007, 0x3007), (0xE815, 0xE864), (0xFA18, 0xFA18),
    (0xF900, 0xFAFF), (0x20000, 0x2A6DF), (0x2A703, 0x2B73F), (0x2B740, 0x2B81D),
    (0x2B825, 0x2BF6E), (0x2C029, 0x2CE93), (0x2D016, 0x2D016), (0x2D11B, 0x2EBD9),
    (0x2F80A, 0x2FA1F), (0x30000, 0x3134A), (0x300F7, 0x31288), (0x30EDD, 0x30EDE),
    (0x31350, 0x32389),
)  # fmt: skip


@cache
def _readings() -> tuple[Mapping[str, str], Mapping[str, str], Sequence[str]]:
    """The readings of characters and of phrases, and the phrases in order."""
    found = cached("pinyin", _installed(), _made)
    return found["characters"], found["phrases"], list(found["phrases"])


def _installed() -> str:
    """What changes with another version of pypinyin; its metadata takes longer to read."""
    spec = find_spec("pypinyin")
    assert spec and spec.origin
    status = Path(spec.origin).stat()
    return f"{status.st_size} {status.st_mtime_ns}"


def _made() -> dict[str, dict[str, str]]:
    from pypinyin.constants import PHRASES_DICT, PINYIN_DICT
    from pypinyin.contrib.tone_convert import to_normal

    plain = lru_cache(maxsize=None)(to_normal)
    return {
        "characters": {
            chr(int(code)): plain(readings.split(",")[0]) for code, readings in PINYIN_DICT.items()
        },
        "phrases": {
            phrase: " ".join(plain(readings[0]) for readings in PHRASES_DICT[phrase])
            for phrase in sorted(PHRASES_DICT)
        },
    }
