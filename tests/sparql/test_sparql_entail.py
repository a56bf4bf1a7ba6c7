"""Queries by a property above ours find what is said with ours, and are else left alone."""

import re
from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.representative import few_or
from yusuan.sparql import QueryPool
from yusuan.sparql.entail import entailed
from yusuan.sparql.tokens import tokens

OF, Y = "http://o/", "http://y/"
FAMILIES = {f"{OF}amount": (f"{Y}amount",), f"{OF}class": (f"{Y}function", f"{Y}item")}
PREFIXES = f"PREFIX o: <{OF}> PREFIX y: <{Y}> "
AMOUNT, CLASS = f"(o:amount|<{Y}amount>)", f"(o:class|<{Y}function>|<{Y}item>)"

REWRITTEN = {
    "a verb": ("ASK { ?s o:amount ?a }", "ASK { ?s AMOUNT ?a }"),
    "an IRI in full": (f"ASK {{ ?s <{OF}amount> ?a }}",
                       f"ASK {{ ?s (<{OF}amount>|<{Y}amount>) ?a }}"),
    "without blanks": ("ASK{?s o:amount?a;o:class?c.?t a o:class}",
                       "ASK{?s AMOUNT?a;CLASS?c.?t a o:class}"),
    "dots at the end of names": ("ASK { y:s o:amount y:o.y:s . ?u y:amount 5.?t o:class y:c. }", None),
    "in lists of verbs and objects": ("ASK { ?s y:p 1, 2 ; o:amount ?a, 3.0 ; ; o:class ?c ; }",
                                      "ASK { ?s y:p 1, 2 ; AMOUNT ?a, 3.0 ; ; CLASS ?c ; }"),
    "in brackets": ("ASK { [ o:amount 5 ] . [] o:class [ o:class ?c ] . (1 [o:amount 2]) y:p () }",
                    "ASK { [ AMOUNT 5 ] . [] CLASS [ CLASS ?c ] . (1 [AMOUNT 2]) y:p () }"),
    "in paths": ("ASK { ?s ^o:amount/(o:class|y:p)*/o:class+ ?a ; o:class? ?c }",
                 "ASK { ?s ^AMOUNT/(CLASS|y:p)*/CLASS+ ?a ; CLASS? ?c }"),
    "in every kind of pattern": (
        "SELECT ?s { OPTIONAL { ?s o:amount ?a } { ?s o:class ?c } UNION { ?s o:amount 1 } "
        "MINUS { ?s o:amount 2 } GRAPH ?g { ?s o:class ?d } { SELECT ?s { ?s o:amount ?e } LIMIT 3 } "
        "FILTER NOT EXISTS { ?s o:class y:x } } ORDER BY EXISTS { ?s o:amount 3 }",
        "SELECT ?s { OPTIONAL { ?s AMOUNT ?a } { ?s CLASS ?c } UNION { ?s AMOUNT 1 } "
        "MINUS { ?s AMOUNT 2 } GRAPH ?g { ?s CLASS ?d } { SELECT ?s { ?s AMOUNT ?e } LIMIT 3 } "
        "FILTER NOT EXISTS { ?s CLASS y:x } } ORDER BY EXISTS { ?s AMOUNT 3 }"),
    "the pattern of EXISTS in an expression": (
        "SELECT (EXISTS { ?s o:amount ?b } AS ?e) { ?s ?p ?a FILTER(?a<5 && EXISTS{?s o:class ?c}) }",
        "SELECT (EXISTS { ?s AMOUNT ?b } AS ?e) { ?s ?p ?a FILTER(?a<5 && EXISTS{?s CLASS ?c}) }"),
    "with aggregates": (
        "SELECT ?c (SUM(?a) AS ?n) WHERE { ?s o:class ?c ; o:amount ?a } GROUP BY ?c "
        "HAVING (SUM(?a) > 3) ORDER BY DESC(?n) LIMIT 5 OFFSET 1",
        "SELECT ?c (SUM(?a) AS ?n) WHERE { ?s CLASS ?c ; AMOUNT ?a } GROUP BY ?c "
        "HAVING (SUM(?a) > 3) ORDER BY DESC(?n) LIMIT 5 OFFSET 1"),
    "the pattern and not the template": ("CONSTRUCT { ?s o:amount ?a } WHERE { ?s o:amount ?a }",
                                         "CONSTRUCT { ?s o:amount ?a } WHERE { ?s AMOUNT ?a }"),
    "a pattern that is its own template": (
        "CONSTRUCT FROM y:g WHERE { ?s o:amount ?a ; o:class [] } LIMIT 5",
        "CONSTRUCT { ?s o:amount ?a ; o:class [] } FROM y:g WHERE { ?s AMOUNT ?a ; CLASS [] } LIMIT 5"),
    "from graphs": ("DESCRIBE ?s FROM o:class FROM NAMED <http://o/amount> { ?s o:amount ?a }",
                    "DESCRIBE ?s FROM o:class FROM NAMED <http://o/amount> { ?s AMOUNT ?a }"),
    "a prefix declared anew": ("PREFIX y: <http://o/> ASK { ?s y:amount ?a }", None),
    "relative to a base": ("BASE <http://o/> PREFIX r: <> ASK { ?s r:amount ?a ; <amount> ?b }",
                           None),
}  # fmt: skip
SPELLED = {
    "dots at the end of names":
        f"ASK {{ y:s {AMOUNT} y:o.y:s . ?u y:amount 5.?t {CLASS} y:c. }}",
    "a prefix declared anew":
        f"PREFIX y: <http://o/> ASK {{ ?s (y:amount|<{Y}amount>) ?a }}",
    "relative to a base":
        f"BASE <http://o/> PREFIX r: <> ASK {{ ?s (r:amount|<{Y}amount>) ?a ; (<amount>|<{Y}amount>) ?b }}",
}  # fmt: skip
LEFT_ALONE = {
    "subjects and objects": "ASK { o:amount ?p o:class . <http://o/amount> y:p <http://o/class> }",
    "strings": 'ASK { ?s ?p \'o:amount\', """?s o:amount "?a" """, \'x\'^^o:amount, \'x\'@en }',
    "comments": "ASK { ?s ?p ?o # ; o:amount ?a }\n }",
    "VALUES": "ASK { ?s ?p ?o VALUES ?p { o:amount } } VALUES (?p ?o) { (o:class UNDEF) }",
    "expressions": "SELECT (o:amount AS ?x) { ?s ?p ?o FILTER(?p = o:amount || ?p IN (o:class)) "
    "BIND(o:class AS ?y) FILTER o:amount(?o) } GROUP BY (o:amount(?o))",
    "names of graphs": "ASK { GRAPH o:amount { ?s ?p ?o } GRAPH <http://o/class> { ?s ?p ?o } }",
    "what is described": "DESCRIBE o:amount <http://o/class>",
    "a template without a pattern": "CONSTRUCT { ?s o:amount ?a }",
    "a pattern without such a property": "CONSTRUCT WHERE { ?s y:amount 'o:amount' }",
    "a negated property set": "ASK { ?s !o:amount ?a ; !(o:amount|^o:class|a) ?b }",
    "variables as verbs": "ASK { o:class ?amount o:amount }",
    "other names": "ASK { ?s o:amounts ?a ; y:amount ?b ; o:class.x ?c ; <http://o/amount/> ?d }",
    "an unknown prefix": "ASK { ?s o:amount ?a ; ex:p ?b }",
    "a broken query": "ASK { ?s o:amount ?a ",
    "another broken query": "ASK { ?s o:amount ?a } }",
    "a missing object": "ASK { ?s o:amount }",
    "a missing verb": "ASK { ?s . ?t o:amount ?a }",
    "triples without a dot": "ASK { ?s o:amount ?a ?t o:amount ?b }",
    "braces in an expression": "ASK { ?s o:amount ?a FILTER(?a > { ?s o:amount ?b }) }",
    "RDF-star": "ASK { << ?s o:amount ?a >> y:p ?b }",
    "SERVICE": "ASK { SERVICE y:s { ?s o:amount ?a } }",
    "an update": "DELETE { ?s o:amount ?a } WHERE { ?s o:amount ?a }",
    "escapes in IRIs": "ASK { ?s <http://o/\\u0061mount> ?a ; o:amount ?b }",
    "nothing": "",
}


@pytest.mark.parametrize("name", REWRITTEN)
def test_a_property_in_the_place_of_a_verb_becomes_a_choice(name: str) -> None:
    query, wanted = REWRITTEN[name]
    wanted = SPELLED.get(name) or (wanted or "").replace("AMOUNT", AMOUNT).replace("CLASS", CLASS)
    assert entailed(PREFIXES + query, FAMILIES) == PREFIXES + wanted
    ox.Store().query(PREFIXES + wanted)  # the engine takes it


@pytest.mark.parametrize("name", LEFT_ALONE)
def test_all_else_is_left_as_it_was(name: str) -> None:
    query = PREFIXES + LEFT_ALONE[name]
    assert entailed(query, FAMILIES) == query


# ---- The same as over a graph that says what follows ----

NODES = ("y:a", "y:b", "y:c", "o:amount", "1", '"o:amount"')
MEMBERS = {"o:amount": ("o:amount", "y:amount"), "o:class": ("o:class", "y:function", "y:item"),
           "y:p": ("y:p",)}  # fmt: skip
VARS = ("?x", "?y", "?z")
NOISE = ("", " # ?s o:amount ?a }\n", " ", "\n")


def family(name: str) -> str:
    return next(above for above, own in MEMBERS.items() if name in own)


@st.composite
def graphs(draw: st.DrawFn) -> list[tuple[str, str, str]]:
    """Triples that say nothing with two properties of a family."""
    names = st.sampled_from([name for own in MEMBERS.values() for name in own])
    return draw(st.lists(
        st.tuples(st.sampled_from(NODES[:4]), names, st.sampled_from(NODES)),
        max_size=10, unique_by=lambda triple: (triple[0], family(triple[1]), triple[2]),
    ))  # fmt: skip


@st.composite
def paths(draw: st.DrawFn, depth: int = 2) -> str:
    kinds = ["name"] if depth == 0 else ["name", "name", "name", "/", "|", "^", "*", "?", "+"]
    match draw(st.sampled_from(kinds)):
        case "name":
            name = draw(st.sampled_from(("o:amount", "o:class", "y:p", "y:item")))
            return f"<{OF}{name[2:]}>" if name[0] == "o" and draw(st.booleans()) else name
        case "/" | "|" as mark:
            return f"({draw(paths(depth - 1))}{mark}{draw(paths(depth - 1))})"
        case "^":
            return f"^({draw(paths(depth - 1))})"
        case mark:
            return f"({draw(paths(depth - 1))}){mark}"


@st.composite
def patterns(draw: st.DrawFn, depth: int = 2) -> str:
    parts = []
    for _ in range(draw(st.integers(1, 2))):
        subject = draw(st.sampled_from((*VARS, *NODES[:4], "[]")))
        objects = st.sampled_from((*VARS, *NODES))
        text = f"{subject} {draw(paths())} {draw(objects)}"
        if draw(st.booleans()):
            text += f" ; {draw(paths())} {draw(objects)}, {draw(objects)}"
        parts.append(f"{text} .{draw(st.sampled_from(NOISE))}")
    if depth:
        inner = patterns(depth - 1)
        kinds = ("", "OPTIONAL", "MINUS", "UNION", "FILTER EXISTS", "FILTER NOT EXISTS", "(", "SELECT",
                 "FILTER", "BIND", "VALUES")  # fmt: skip
        match draw(st.sampled_from(kinds)):
            case "UNION":
                parts.append(f"{{ {draw(inner)} }} UNION {{ {draw(inner)} }}")
            case "(":
                parts.append(f"FILTER (?x != o:class && (EXISTS {{ {draw(inner)} }} || ?y<3))")
            case "SELECT":
                parts.append(f"{{ SELECT ?x (COUNT(?y) AS ?n) {{ {draw(inner)} }} GROUP BY ?x }}")
            case "FILTER":
                parts.append("FILTER (?x IN (o:amount, y:a, 1))")
            case "BIND":
                parts.append("BIND (o:amount AS ?n)")
            case "VALUES":
                parts.append('VALUES (?x ?n) { (o:amount 1) (UNDEF "o:class") (y:a y:b) }')
            case "":
                pass
            case word:
                parts.append(f"{word} {{ {draw(inner)} }}")
    return " ".join(parts)


def loaded(triples: list[tuple[str, str, str]]) -> ox.Store:
    store = ox.Store()
    text = "".join(f"{subject} {verb} {value} .\n" for subject, verb, value in triples)
    store.load(f"{PREFIXES.replace('> ', '> . ').replace('PREFIX', '@prefix')}{text}".encode(),
               format=ox.RdfFormat.TURTLE)  # fmt: skip
    return store


def solutions(store: ox.Store, query: str) -> Counter[str]:
    """The solutions, each with its values; how often each is found counts."""
    found = store.query(query)
    assert isinstance(found, ox.QuerySolutions)
    return Counter(" ".join(str(row[variable]) for variable in found.variables) for row in found)


@settings(max_examples=few_or(120, 400), deadline=None)
@given(graphs(), patterns())
def test_the_query_finds_what_it_would_if_the_graph_said_what_follows(
    triples: list[tuple[str, str, str]], pattern: str
) -> None:
    query = f"{PREFIXES}SELECT ?x ?y ?z ?n {{ {pattern} }}"
    everything = [*triples, *((s, family(verb), o) for s, verb, o in triples)]
    wide = entailed(query, FAMILIES)
    named = any(name in query.partition("{")[2] for name in ("o:amount", "o:class", f"<{OF}"))
    assert named or wide == query
    assert solutions(loaded(triples), wide) == solutions(loaded(everything), query)


# ---- Whatever is sent ----


@given(
    st.text(st.sampled_from("{}()[]<>?*+^!|/.;,:#'\"\\ao19 \n@_-") | st.characters(), max_size=40)
)
def test_tokens_are_the_text_without_blanks_and_comments(text: str) -> None:
    found = list(tokens(text))
    assert all(text[token.start : token.end] == token.text for token in found)
    assert [token.start for token in found] == sorted(token.start for token in found)
    left = list(text)
    for token in found:
        left[token.start : token.end] = " " * (token.end - token.start)
    between = "".join(left)
    assert not "".join(line.partition("#")[0] for line in re.split("[\r\n]", between)).strip()


@given(st.lists(st.sampled_from(("ASK", "SELECT", "{", "}", "(", ")", "?x", "o:amount", "o:p", ".", ";",
                                 "'", '"', "FILTER", "EXISTS", "<", ">", "|", "#", "\n", "a", "5", "\\")),
                max_size=25))  # fmt: skip
def test_only_choices_are_put_in_whatever_the_query_is(parts: list[str]) -> None:
    query = PREFIXES + " ".join(parts)
    wide = entailed(query, FAMILIES)
    assert wide.replace(AMOUNT, "o:amount") == query
    if wide != query:  # it was read for certain, so the engine reads both or neither
        assert parses(query) == parses(wide)


def parses(query: str) -> bool:
    try:
        ox.Store().query(query)
    except SyntaxError:
        return False
    return True


@pytest.mark.parametrize(
    "piece",
    [".", "a-", "a.", "a:", ":", "..a", "'", "<", "a:\\.", "(", "[ a ", "^", "-", "5.", "?"],
)
def test_a_long_query_is_read_to_its_end_without_going_back(piece: str) -> None:
    """Were time to grow with the square of the length, this would take minutes."""
    query = f"{PREFIXES}ASK {{ ?s o:amount ?a ; {piece * (90_000 // len(piece))}"[:90_000]
    assert entailed(query, FAMILIES) == query  # it never ends


# ---- In the endpoint ----


def test_the_pool_reads_the_hierarchy_into_queries_after_the_guard(store: Path) -> None:
    ex = "http://example.org/"
    query = f"SELECT ?a {{ ?s <{ex}above> ?a }}"
    with QueryPool(store, families={f"{ex}above": (f"{ex}amount",)}) as pool:
        assert b"0.2" in pool.run(query).body
        deep = "{" * 99 + f"?s <{ex}above> ?a" + "}" * 99
        assert b"0.2" in pool.run(f"SELECT ?a {{ {deep} }}").body
    with QueryPool(store) as plain:
        assert b"0.2" not in plain.run(query).body
