"""The tokens of a SPARQL query, for those who read its structure.

`guard` has its own, which must never miss anything; here, what may be read in two ways is a token
of kind `other`, and whoever meets one where it matters is `Unsure`.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

__all__ = ["Cursor", "TextEdit", "Token", "Unsure", "changed", "tokens", "undeclared"]

# Names, numbers and words are one run at first, so that the time stays linear in the query.
_TOKEN = re.compile(
    r"""
      (?P<space>\s++|\#[^\r\n]*+)
    | (?P<string>
          \"{3} (?:\"{0,2}(?:[^\"\\]|\\.))*+ \"{3}
        | '{3} (?:'{0,2}(?:[^'\\]|\\.))*+ '{3}
        | \"(?!\"\") (?:[^\"\\\r\n]|\\.)*+ \"
        | '(?!'') (?:[^'\\\r\n]|\\.)*+ ' )
    | (?P<iri><(?:[^<>\"{}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*+>)
    | (?P<var>[?$]\w++)
    | (?P<lang>@[A-Za-z]++(?:-[A-Za-z0-9]++)*+)
    | (?P<run>(?=[\w.:-]) [\w.-]*+ (?::(?:[\w.:%-]|\\.)*+)?+)
    | (?P<mark>\^\^|[(){}\[\];,|/^?*+!])
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_NUMBER = re.compile(r"-?(?:\d+\.\d*[eE]-?\d+|\.?\d+[eE]-?\d+|\d*\.\d+|\d+)")
_WORD = re.compile(r"[A-Za-z]\w*")
_NAME = re.compile(r"(?:[^\W\d_](?:[\w.-]*[\w-])?)?:")


class Unsure(Exception):
    """The query cannot be read for certain."""


@dataclass(frozen=True, slots=True)
class Token:
    """`kind` is string, iri, var, lang, name, blank, number, word, mark, other or end; `start` and
    `end` are places in the query."""

    kind: str
    text: str
    start: int
    end: int

    @property
    def word(self) -> str:
        """A keyword in capitals; "" of everything else."""
        return self.text.upper() if self.kind == "word" else ""


class TextEdit(NamedTuple):
    """Another text for a part of a query."""

    start: int
    end: int
    text: str


def changed(query: str, changes: Iterable[TextEdit]) -> str:
    """The query with the changes, which stand in its order and do not overlap."""
    parts, at = [], 0
    for change in changes:
        parts += [query[at : change.start], change.text]
        at = change.end
    return "".join([*parts, query[at:]])


def tokens(query: str) -> Iterator[Token]:
    """All tokens but blanks and comments, then one of kind `end`."""
    for match in _TOKEN.finditer(query):
        kind = match.lastgroup or ""
        if kind == "run":
            yield from _of_run(match.group(), match.start())
        elif kind != "space":
            yield Token(kind, match.group(), match.start(), match.end())
    yield Token("end", "", len(query), len(query))


def undeclared(query: str) -> list[str]:
    """The prefixes of the names in a query that it does not declare, each once.

    >>> undeclared("PREFIX a: <http://a/> SELECT * { ?s a:p ?o ; b:p '5'^^c:d, b:q }")
    ['b', 'c']
    """
    used: dict[str, None] = {}
    own, before = set(), ""
    for token in tokens(query):
        if token.kind == "name":
            prefix = token.text.partition(":")[0]
            if before == "PREFIX":
                own.add(prefix)
            else:
                used[prefix] = None
        before = token.word
    return [prefix for prefix in used if prefix not in own]


def _of_run(text: str, start: int) -> Iterator[Token]:
    """A name, number or word, and the dots around it that end triples."""
    first = len(text) - len(text.lstrip("."))
    if text[first : first + 1].isdigit() and first:
        first -= 1  # of a number
    last = max(len(text.rstrip(".")), first)
    if text[:last].endswith("\\"):
        last += 1  # an escaped dot is part of a name
    for at in range(first):
        yield Token("mark", ".", start + at, start + at + 1)
    if own := text[first:last]:
        yield Token(_kind(own), own, start + first, start + last)
    for at in range(last, len(text)):
        yield Token("mark", ".", start + at, start + at + 1)


def _kind(text: str) -> str:
    if text.startswith("_:") and len(text) > 2:
        return "blank"
    if _NAME.match(text):
        return "name"
    if _NUMBER.fullmatch(text):
        return "number"
    return "word" if _WORD.fullmatch(text) else "other"


class Cursor:
    """A place in the tokens of a query, and the steps from it."""

    def __init__(self, query: str) -> None:
        self.query = query
        self._tokens = list(tokens(query))
        self._at = 0

    @property
    def token(self) -> Token:
        """What comes next."""
        return self._tokens[self._at]

    @property
    def passed(self) -> Token:
        """What was stepped over last."""
        return self._tokens[self._at - 1]

    @property
    def mark(self) -> str:
        """The mark that comes next; "" when it is something else."""
        return self.token.text if self.token.kind == "mark" else ""

    def next(self, *kinds: str) -> Token:
        """Step over a token, of one of the kinds if any are given; raises Unsure."""
        token = self.token
        if token.kind in ("end", "other") or (kinds and token.kind not in kinds):
            raise Unsure
        self._at += 1
        return token

    def skip(self) -> str:
        """Step over whatever comes next, as its keyword; raises Unsure at the end."""
        token = self.token
        if token.kind == "end":
            raise Unsure
        self._at += 1
        return token.word

    def take(self, mark: str) -> None:
        """Step over this mark; raises Unsure."""
        if not self.took(mark):
            raise Unsure

    def took(self, mark: str) -> bool:
        """Step over this mark if it comes next."""
        if self.mark != mark:
            return False
        self._at += 1
        return True
