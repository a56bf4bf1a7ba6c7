"""A cheap look at a query before it is parsed: is it short, shallow, read-only and local?

The engine's parser recurses, so a few thousand nested brackets overflow its stack and kill the
process; and SERVICE would let anyone make this machine send HTTP requests. Neither can be switched
off, hence this lexical check. It runs in time linear in the query.

Looking at tokens is only safe if the tokens are the ones the parser sees. The parser is more
lenient than the grammar (SPARQL 1.1 Query section 19.8): it needs no space after a keyword, so it
reads `SERVICEex:a {` and even `service:a {` as SERVICE calls. It also decides from the grammar
whether `<` opens an IRI or compares, which tokens alone cannot tell. Every rule below therefore
refuses what *either* reading could take for SERVICE. The cost: a prefix whose name contains
"service" must be renamed.
"""

import re
from dataclasses import dataclass

from .errors import BadQuery, QueryRefused

MAX_BYTES = 100_000
MAX_DEPTH = 100


@dataclass(frozen=True, slots=True)
class CheckedQuery:
    """A query that may run; `has_from` tells whether it names its own dataset."""

    text: str
    has_from: bool


_TOKEN = re.compile(
    r"""
      (?P<space>\s++)
    | (?P<comment>\#[^\r\n]*+)
    | (?P<string>
          \"{3} (?:\"{0,2}(?:[^\"\\]|\\.))*+ \"{3}
        | '{3} (?:'{0,2}(?:[^'\\]|\\.))*+ '{3}
        | \"(?!\"\") (?:[^\"\\\r\n]|\\.)*+ \"
        | '(?!'') (?:[^'\\\r\n]|\\.)*+ ' )
    | (?P<iri><(?:[^<>\"{}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*+>)
    | (?P<var>[?$]\w++)
    | (?P<lang>@[A-Za-z]++(?:-[A-Za-z0-9]++)*+)
    | (?P<name>(?=[\w.:-]) (?P<word>[\w.-]++)?+ (?P<local>:(?:[\w.:%-]|\\.)*+)?+)
    | (?P<open>[({\[]|<(?=<))
    | (?P<close>[)}\]]|>>)
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_ABSOLUTE = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*://")
_UPDATES = frozenset(
    ("insert", "delete", "load", "clear", "drop", "create", "add", "move", "copy", "with")
)
_OPERANDS = frozenset(("string", "iri", "var", "lang", "name"))


def check(query: str, *, max_bytes: int = MAX_BYTES, max_depth: int = MAX_DEPTH) -> CheckedQuery:
    """Let a query through to the parser.

    Raises BadQuery (too long, too deep, unreadable) or QueryRefused (update, SERVICE). Passing says
    nothing about syntax: that is for the parser to judge.
    """
    try:
        size = len(query.encode())
    except UnicodeEncodeError:
        raise BadQuery("The query is not valid Unicode text.") from None
    if size > max_bytes:
        raise BadQuery(
            f"The query is {size} bytes long; at most {max_bytes} are allowed. "
            "Split it, or put fewer values in it."
        )
    if not query.strip():
        raise BadQuery("The query is empty.")
    has_from = _scan(query, max_depth)
    # Section 19.2 decodes \uXXXX anywhere before parsing; the engine does so only inside strings
    # and IRIs. The query must be harmless in both readings.
    decoded = _ESCAPE.sub(_decode, query)
    if decoded != query:
        _scan(decoded, max_depth)
    return CheckedQuery(query, has_from)


def _scan(text: str, max_depth: int) -> bool:
    """Walk the tokens; True if a FROM clause stands before the first brace's end."""
    brackets: list[str] = []
    after_operand = False
    form: str | None = None
    has_from = False
    previous = ""
    for match in _TOKEN.finditer(text):
        kind, token = match.lastgroup, match.group()
        if kind in ("space", "comment"):
            continue
        if kind == "open":
            brackets.append(token)
            if len(brackets) > max_depth:
                raise BadQuery(
                    f"The query nests brackets more than {max_depth} deep. Write it flatter."
                )
        elif kind == "close":
            _close(brackets, token)
        elif kind == "iri":
            if after_operand and brackets and brackets[-1] in "(<":
                _refuse_ambiguous(token)
        elif kind == "name":
            word = (match["word"] or "").lower()
            _refuse_service(word, match["local"] or "")
            if not match["local"] and not brackets:
                if form is None and previous != "prefix" and word not in ("prefix", "base"):
                    form = word
                    _refuse_update(word)
                has_from = has_from or word == "from"
            previous = word
        elif kind == "other" and token in "\"'":
            raise BadQuery("The query has a quotation mark that is never closed.")
        after_operand = kind in _OPERANDS or token == ")"
    return has_from


def _close(brackets: list[str], token: str) -> None:
    """`<<` may also be a comparison with an IRI, so its end is optional, and never ends others."""
    if token == ">>":
        if brackets[-1:] == ["<"]:
            brackets.pop()
        return
    while brackets and brackets.pop() == "<":
        pass


def _refuse_service(word: str, local: str) -> None:
    # Folding, since a reader may accept other letters than ASCII for the S; containing, since
    # the parser may split `1SERVICE` or `service:x`.
    if "service" in word.casefold() or ".service" in local.casefold():
        raise QueryRefused(
            "SERVICE is not allowed: queries run on the data here and never call other servers. "
            "If this is a prefix or a name, choose another prefix name or write the full IRI."
        )


def _refuse_update(word: str) -> None:
    if word in _UPDATES:
        raise QueryRefused(
            f"{word.upper()} is an update; this endpoint is read-only. "
            "Use SELECT, ASK, CONSTRUCT or DESCRIBE."
        )


def _refuse_ambiguous(iri: str) -> None:
    """In `(?a <e:f#> ...` the text may be an IRI or a comparison followed by a comment.

    Only characters that would open or close something in the second reading matter; and
    `<scheme://` cannot be a comparison, since nothing in an expression may start with `/`.
    """
    if not _ABSOLUTE.match(iri) and re.search(r"[()'#]", iri):
        raise BadQuery(
            f"The query is ambiguous at {iri[:60]}: put a space after a < that compares, "
            "or declare a PREFIX for this IRI."
        )


def _decode(match: re.Match[str]) -> str:
    code = int(match[1] or match[2], 16)
    if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        raise BadQuery(f"{match[0]} is not a Unicode character.")
    return chr(code)
