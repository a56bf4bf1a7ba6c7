"""Statements as Turtle for people: prefixes, a base, one block for each subject.

A library could write it, but the order of its prefixes is not promised, and the files of a
package are the same bytes every time. Only what ``yusuan.graph`` itself writes is read here.
"""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox

from yusuan.graph.prefixes import PREFIXES, PROLOGUE, expand, shortened
from yusuan.graph.terms import literal

__all__ = ["turtle"]

_TYPE = expand("rdf:type")
_STRINGS = (expand("xsd:string"), expand("rdf:langString"))


def turtle(parts: Iterable[bytes], base: str) -> str:
    """The triples of parts of TriG (their graphs are left out), in the order of first mention."""
    blocks: dict[str, dict[str, dict[str, None]]] = {}
    used: set[str] = set()
    # Relative references are resolved against a path; a base that ends in "#" has none to give.
    base = base if base.endswith("/") else ""
    for quad in ox.parse(b"".join((PROLOGUE, *parts)), format=ox.RdfFormat.TRIG):
        predicates = blocks.setdefault(_term(quad.subject, base, used), {})
        name = "a" if quad.predicate.value == _TYPE else _term(quad.predicate, base, used)
        predicates.setdefault(name, {})[_term(quad.object, base, used)] = None
    head = [f"@base <{base}> ."] if base else []
    head += [f"@prefix {name}: <{PREFIXES[name]}> ." for name in PREFIXES if name in used]
    body = [_block(subject, predicates) for subject, predicates in blocks.items()]
    return "\n\n".join(["\n".join(head), *body]) + "\n"


def _block(subject: str, predicates: dict[str, dict[str, None]]) -> str:
    ordered = sorted(predicates.items(), key=lambda item: item[0] != "a")
    return (
        f"{subject}\n    "
        + " ;\n    ".join(f"{name} {', '.join(objects)}" for name, objects in ordered)
        + " ."
    )


def _term(term: object, base: str, used: set[str]) -> str:
    if isinstance(term, ox.Literal):
        text = literal(term.value, term.language)
        if term.datatype.value in _STRINGS:
            return text
        return f"{text}^^{_term(term.datatype, base, used)}"
    assert isinstance(term, ox.NamedNode)
    if name := shortened(term.value):
        used.add(name.partition(":")[0])
        return name
    if base and term.value.startswith(base):
        return f"<{term.value[len(base) :]}>"
    return f"<{term.value}>"
