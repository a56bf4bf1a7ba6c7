"""Queries by a property that ours are below, as if the graph said what follows from that.

`?o obeu:amount ?a` becomes `?o (obeu:amount|<…#amount>) ?a`: the property in the place of a verb,
or in a path, becomes the choice of itself and those below it (rule rdfs7 of RDFS, read backwards).
Nothing else of a query changes: no subject or object, no template of CONSTRUCT (one that stands for
its pattern too is written out), no string, comment, VALUES or expression, though the patterns of
EXISTS in one. A variable in the place of a verb finds
what the graph says and no more, and so does a negated property set.

What is said of a thing with two of the properties is found twice; the graph says nothing twice.

This reads the structure of a query and nothing more. Whatever it cannot read for certain (what
the parser will refuse, RDF-star, extensions) it gives back as it was.
"""

from collections.abc import Iterable, Mapping
from urllib.parse import urljoin

from .tokens import Cursor, TextEdit, Token, Unsure, changed

__all__ = ["Families", "entailed"]

Families = Mapping[str, Iterable[str]]
"""The IRI of a property with those of the properties below it."""

_FORMS = ("SELECT", "ASK", "DESCRIBE", "CONSTRUCT")
_BOOLEANS = ("TRUE", "FALSE")


def entailed(query: str, families: Families) -> str:
    """The query with every property of `families` that stands as a verb made a choice.

    A query without any of them comes back unchanged, character by character.
    """
    if not any(above.rpartition("/")[2].rpartition("#")[2] in query for above in families):
        return query
    try:
        template, found = _QueryReader(query, families).changes()
    except (Unsure, ValueError, RecursionError):  # an IRI that is none; brackets too deep
        return query
    return changed(query, [*template, *found]) if found else query


class _QueryReader(Cursor):
    """Reads a query once, from left to right, by the grammar of SPARQL 1.1 (section 19.8)."""

    def __init__(self, query: str, families: Families) -> None:
        super().__init__(query)
        self._families = families
        self._prefixes: dict[str, str] = {}
        self._base = ""
        self._found: list[TextEdit] = []

    def changes(self) -> tuple[list[TextEdit], list[TextEdit]]:
        """The template that must be written out, and the properties, each with those below;
        raises Unsure."""
        self._prologue()
        form = self.next("word")
        if form.word not in _FORMS:
            raise Unsure
        short = form.word == "CONSTRUCT" and self.mark != "{"
        if form.word == "CONSTRUCT" and not short:
            self._braced()
        self._before_group()
        start = self.token.start
        if self.mark == "{":
            self._group()
        elif short:
            raise Unsure
        pattern = self.query[start : self.passed.end]
        self._modifiers("end")
        # Without a template of its own a pattern is one, in which there is no room for a choice.
        return [TextEdit(form.end, form.end, f" {pattern}")] * short, self._found

    # ---- names ----

    def _prologue(self) -> None:
        while self.token.word in ("BASE", "PREFIX"):
            if self.skip() == "BASE":
                self._base = self._iri(self.next("iri"))
            else:
                name = self.next("name").text
                if not name.endswith(":") or name.count(":") != 1:
                    raise Unsure
                self._prefixes[name[:-1]] = self._iri(self.next("iri"))

    def _iri(self, token: Token) -> str:
        """What an IRI or a prefixed name stands for."""
        if token.kind == "iri" and "\\" not in token.text:
            iri = token.text[1:-1]
            return urljoin(self._base, iri) if self._base else iri
        prefix, _, local = token.text.partition(":")
        if token.kind != "name" or prefix not in self._prefixes:
            raise Unsure
        return self._prefixes[prefix] + local

    # ---- around patterns ----

    def _before_group(self) -> None:
        """What is selected or described, and from which graphs."""
        while self.mark != "{" and self.token.kind != "end":
            if self.mark == "(":
                self._expression()
            elif not self.took("*"):
                self.next("word", "var", "iri", "name")

    def _modifiers(self, end: str) -> None:
        """GROUP BY to VALUES, up to a mark or the end of the query."""
        while (self.mark or self.token.kind) != end:
            if self.mark == "(":
                self._expression()
                continue
            word = self.next("word", "var", "iri", "name", "number").word
            if word == "EXISTS":
                self._group()
            elif word == "VALUES":
                self._values()

    def _expression(self) -> None:
        """In brackets; in it only the patterns of EXISTS are read."""
        self.take("(")
        while not self.took(")"):
            if self.mark == "(":
                self._expression()
            elif self.mark in ("{", "}", "[", "]"):
                raise Unsure
            elif self.skip() == "EXISTS":
                self._group()

    def _values(self) -> None:
        while self.mark != "{":
            if not (self.took("(") or self.took(")")):
                self.next("var")
        self._braced()

    def _braced(self) -> None:
        """Skip what is in braces and has none of its own."""
        self.take("{")
        while not self.took("}"):
            if self.mark == "{":
                raise Unsure
            self.next()

    # ---- patterns ----

    def _group(self) -> None:
        self.take("{")
        if self.token.word == "SELECT":
            self.skip()
            self._before_group()
            self._group()
            self._modifiers("}")
        while not self.took("}"):
            if self.mark == "{":
                self._group()
            elif self._begins_clause():
                self._clause(self.skip())
            elif not self.took("."):
                self._triples()

    def _begins_clause(self) -> bool:
        return self.token.word not in ("", *_BOOLEANS)

    def _clause(self, word: str) -> None:
        """What a keyword begins in a group."""
        if word == "GRAPH":
            if self.token.kind != "var":
                self._iri(self.token)
            self.next()
            self._group()
        elif word in ("OPTIONAL", "MINUS", "UNION"):
            self._group()
        elif word == "VALUES":
            self._values()
        elif word == "BIND":
            self._expression()
        elif word == "FILTER":
            self._filter()
        else:
            raise Unsure

    def _filter(self) -> None:
        if self.mark != "(":
            token = self.next("word", "iri", "name")
            if token.word == "NOT":
                token = self.next("word")
            if token.word == "EXISTS":
                self._group()
                return
        self._expression()

    def _triples(self) -> None:
        """Triples of one subject; a blank node or list in brackets may stand alone."""
        whole = self.mark in ("[", "(")
        empty = self._node()
        if not self._ends_triples():
            self._properties()
        elif empty or not whole:
            raise Unsure
        if not self._ends_triples():
            raise Unsure

    def _ends_triples(self) -> bool:
        verb = self.token.kind == "word" and self.token.text == "a"
        return self.mark in (".", "}", "{") or (self._begins_clause() and not verb)

    def _properties(self) -> None:
        """Verbs with their objects, up to what ends them."""
        while True:
            if self.token.kind == "var":
                self.next()
            else:
                self._path()
            self._node()
            while self.took(","):
                self._node()
            if self.mark != ";":
                return
            while self.took(";"):
                pass
            if self.mark == "]" or self._ends_triples():
                return

    def _node(self) -> bool:
        """A subject or object; whether it is an empty list or blank node."""
        if self.took("["):
            if self.took("]"):
                return True
            self._properties()
            self.take("]")
        elif self.took("("):
            if self.took(")"):
                return True
            while not self.took(")"):
                self._node()
        else:
            self._term(self.next())
        return False

    def _term(self, token: Token) -> None:
        if token.kind in ("iri", "name"):
            self._iri(token)
        elif token.kind == "string":
            if self.token.kind == "lang":
                self.next()
            elif self.took("^^"):
                self._iri(self.next())
        elif token.kind not in ("var", "number", "blank") and token.word not in _BOOLEANS:
            raise Unsure

    # ---- paths ----

    def _path(self) -> None:
        self._step()
        while self.mark in ("|", "/"):
            self.next()
            self._step()

    def _step(self) -> None:
        self.took("^")
        if self.took("("):
            self._path()
            self.take(")")
        elif self.took("!"):
            self._negated()
        else:
            self._verb(self.next())
        if self.mark in ("?", "*", "+"):
            self.next()

    def _negated(self) -> None:
        several = self.took("(")
        while not (several and self.took(")")):
            self.took("^")
            token = self.next("word", "iri", "name")
            if token.text != "a":
                self._iri(token)
            if not several:
                return
            if self.mark != ")":
                self.take("|")

    def _verb(self, token: Token) -> None:
        if token.kind == "word" and token.text == "a":
            return
        below = self._families.get(self._iri(token))
        if below:
            choice = "|".join([token.text, *(f"<{iri}>" for iri in below)])
            self._found.append(TextEdit(token.start, token.end, f"({choice})"))
