"""SHACL shapes of the cubes, made of what the structures and the vocabulary say.

What no structure can know (findings, projects, the catalogue …) is written by hand in
``ontology/shapes.ttl``. The integrity constraints of the Data Cube vocabulary
(https://www.w3.org/TR/vocab-data-cube/#wf-rules) are in ``CONSTRAINTS``, each with what holds it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyoxigraph as ox

from yusuan.graph.cubes import dimension_lists
from yusuan.graph.prefixes import PREFIXES, expand
from yusuan.graph.schemes import code_lists
from yusuan.graph.structures import structure_lines
from yusuan.schema import data_path
from yusuan.schema.messages import message

__all__ = ["CONSTRAINTS", "cube_shapes", "hand_written", "package_shapes"]

CONSTRAINTS: Mapping[str, str] = {
    "IC-0": "yssh:part-…",  # sh:datatype refuses a literal that is none of its datatype
    "IC-1": "yssh:in-one-dataset",
    "IC-2": "yssh:one-structure",
    "IC-3": "yssh:has-measure",
    "IC-4": "yssh:has-range",
    "IC-5": "yssh:has-code-list",
    "IC-6": "yssh:only-attributes-optional",
    "IC-7": "yssh:key-of-structure",
    "IC-8": "yssh:key-of-components",
    "IC-9": "yssh:one-slice-structure",
    "IC-10": "yssh:slice-fixes-its-key",
    "IC-11": "yssh:part-…",
    "IC-12": "yssh:one-observation",  # a dimension whose values stand for one observation each
    "IC-13": "yssh:part-…",
    "IC-14": "yssh:part-…",
    "IC-15": "", "IC-16": "", "IC-17": "",  # there is one measure, and no dimension of measures
    "IC-18": "yssh:slice-of-its-dataset",
    "IC-19": "yssh:part-…",
    "IC-20": "", "IC-21": "",  # there are no qb:HierarchicalCodeLists: skos:broader is enough
}  # fmt: skip
"""Each integrity constraint with the shape that holds it; "" for one that cannot be broken.

``part-…`` are the shapes of the components, one for each, shared by the structures.
"""

_STATED = re.compile(
    rf"^<(?P<subject>[^>]*)> <(?P<said>{re.escape(expand('qb:component'))}"
    rf"|{re.escape(expand('qb:codeList'))})> <(?P<object>[^>]*)> \.$",
    re.MULTILINE,
)
_DATATYPES = frozenset((
    "xsd:decimal", "xsd:integer", "xsd:gYear", "xsd:boolean", "xsd:string", "rdf:langString",
))  # fmt: skip

_RULES = """
# IC-1, IC-2
yssh:InDataset a sh:NodeShape ; sh:targetClass qb:Observation ; sh:nodeKind sh:IRI ;
    sh:property yssh:in-one-dataset .
yssh:in-one-dataset a sh:PropertyShape ;
    sh:path qb:dataSet ; sh:minCount 1 ; sh:maxCount 1 ; sh:class qb:DataSet ;
    sh:message "IC-1：事实属于一个数据集"@zh, "IC-1: a fact belongs to exactly one dataset"@en .
yssh:one-structure a sh:PropertyShape ;
    sh:path qb:structure ; sh:minCount 1 ; sh:maxCount 1 ; sh:class qb:DataStructureDefinition ;
    sh:message "IC-2：数据集采用一个数据结构"@zh, "IC-2: a dataset has exactly one structure"@en .

# IC-3
yssh:Structure a sh:NodeShape ; sh:targetClass qb:DataStructureDefinition ;
    sh:property yssh:has-measure .
yssh:has-measure a sh:PropertyShape ;
    sh:path ( qb:component qb:measure ) ; sh:minCount 1 ; sh:class qb:MeasureProperty ;
    sh:message "IC-3：数据结构有度量"@zh, "IC-3: a structure has a measure"@en .

# IC-4, IC-5
yssh:Dimension a sh:NodeShape ; sh:targetClass qb:DimensionProperty ; sh:property yssh:has-range ;
    sh:or ( yssh:of-no-list yssh:has-code-list ) ;
    sh:message "IC-5：取值为概念的维度有代码表"@zh, "IC-5: a dimension of concepts has a code list"@en .
yssh:has-range a sh:PropertyShape ; sh:path rdfs:range ; sh:minCount 1 ;
    sh:message "IC-4：维度有取值范围"@zh, "IC-4: a dimension has a range"@en .
yssh:of-no-list a sh:NodeShape ; sh:not yssh:of-concepts .
yssh:of-concepts a sh:PropertyShape ; sh:path rdfs:range ; sh:hasValue skos:Concept .
yssh:has-code-list a sh:PropertyShape ; sh:path qb:codeList ; sh:minCount 1 .

# IC-6
yssh:only-attributes-optional a sh:NodeShape ; sh:targetSubjectsOf qb:componentRequired ;
    sh:or ( yssh:required yssh:of-attribute ) ;
    sh:message "IC-6：只有属性可缺"@zh, "IC-6: only attributes may be optional"@en .
yssh:required a sh:PropertyShape ; sh:path qb:componentRequired ; sh:hasValue true .
yssh:of-attribute a sh:PropertyShape ; sh:path qb:attribute ; sh:minCount 1 .

# IC-7, IC-8
yssh:SliceKey a sh:NodeShape ; sh:targetClass qb:SliceKey ; sh:property yssh:key-of-structure ;
    sh:sparql yssh:key-of-components .
yssh:key-of-structure a sh:PropertyShape ;
    sh:path [ sh:inversePath qb:sliceKey ] ; sh:minCount 1 ; sh:class qb:DataStructureDefinition ;
    sh:message "IC-7：切片键属于数据结构"@zh, "IC-7: a slice key is of a structure"@en .
yssh:key-of-components a sh:SPARQLConstraint ;
    sh:message "IC-8：切片键的维度都是数据结构的成分"@zh,
        "IC-8: what a slice key fixes are components of the structure"@en ;
    sh:select '''
      PREFIX qb: <http://purl.org/linked-data/cube#>
      SELECT $this ?value WHERE {
        ?structure qb:sliceKey $this . $this qb:componentProperty ?value
        FILTER NOT EXISTS { ?structure qb:component/(qb:dimension|qb:attribute) ?value }
      }''' .

# IC-9, IC-10, IC-18
yssh:Slice a sh:NodeShape ; sh:targetClass qb:Slice ; sh:property yssh:one-slice-structure ;
    sh:sparql yssh:slice-fixes-its-key, yssh:slice-of-its-dataset .
yssh:one-slice-structure a sh:PropertyShape ;
    sh:path qb:sliceStructure ; sh:minCount 1 ; sh:maxCount 1 ; sh:class qb:SliceKey ;
    sh:message "IC-9：切片有一个切片键"@zh, "IC-9: a slice has exactly one slice structure"@en .
yssh:slice-fixes-its-key a sh:SPARQLConstraint ;
    sh:message "IC-10：切片写明切片键的每个维度"@zh,
        "IC-10: a slice has a value of each dimension that its key fixes"@en ;
    sh:select '''
      PREFIX qb: <http://purl.org/linked-data/cube#>
      SELECT $this ?value WHERE {
        $this qb:sliceStructure/qb:componentProperty ?value FILTER NOT EXISTS { $this ?value ?fixed }
      }''' .
yssh:slice-of-its-dataset a sh:SPARQLConstraint ;
    sh:message "IC-18：切片的观测属于切片所属的数据集"@zh,
        "IC-18: the observations of a slice are of the dataset that it slices"@en ;
    sh:select '''
      PREFIX qb: <http://purl.org/linked-data/cube#>
      SELECT $this ?value WHERE {
        ?dataset qb:slice $this . $this qb:observation ?value
        FILTER NOT EXISTS { ?value qb:dataSet ?dataset }
      }''' .

# IC-12
yssh:Source a sh:NodeShape ; sh:targetClass ys:Cell ; sh:property yssh:one-observation .
yssh:one-observation a sh:PropertyShape ;
    sh:path [ sh:inversePath ys:cell ] ; sh:maxCount 1 ;
    sh:message "IC-12：没有两个事实的维度全都相同：一个单元格只印一个金额"@zh,
        "IC-12: no two facts have the same dimensions: a cell prints one amount"@en .
yssh:Leaf a sh:NodeShape ; sh:targetObjectsOf ys:drawnFrom ; sh:property yssh:one-leaf .
yssh:one-leaf a sh:PropertyShape ;
    sh:path [ sh:inversePath ys:drawnFrom ] ; sh:maxCount 1 ;
    sh:message "IC-12：没有两条明细的维度全都相同：一个事实至多是一条明细"@zh,
        "IC-12: no two leaves have the same dimensions: a fact is one leaf at most"@en .
"""


@dataclass(frozen=True, slots=True)
class _Component:
    """A component specification: its property, what that may be, and where it stands."""

    iri: str
    term: str
    names: tuple[str, str]
    kind: str
    range: str
    required: bool
    attached: bool

    @property
    def name(self) -> str:
        return self.iri.rpartition("#")[2].removeprefix("component").lower()


@cache
def hand_written() -> str:
    """The shapes of what no structure knows, in Turtle."""
    return data_path("ontology", "shapes.ttl").read_text("utf-8")


def package_shapes(base: str) -> str:
    """All shapes of the packages with a base, in Turtle."""
    stated = [f"{line} .\n" for line in structure_lines(base)]
    stated += [
        f"<{term}> <{expand('qb:codeList')}> {scheme} .\n"
        for term, scheme in (*code_lists(base), *dimension_lists(base))
    ]
    return f"{hand_written()}\n# ==== Cubes: made of their structures / 由数据结构生成 ====\n\n{cube_shapes(''.join(stated))}"


def cube_shapes(ntriples: str) -> str:
    """The shapes of the structures and code lists that N-Triples state, in Turtle.

    An observation is held to the structure of its dataset: each component by its property's range
    and code list, once or, of an optional one, at most once; none that the structure has not.
    """
    structures = {name: list(components) for name, components in _derived().items()}
    lists: dict[str, str] = {}
    for found in _STATED.finditer(ntriples):
        if found["subject"] in _derived():
            continue  # known already, in the order of the vocabulary
        if found["said"] == expand("qb:component"):
            structures.setdefault(found["subject"], []).append(found["object"])
        else:
            lists[found["subject"]] = found["object"]
    known = _components()
    parts = [_RULES, *(_part(part, lists) for part in known.values())]
    parts.append(_node("yssh:Cube", "sh:targetClass qb:DataSet", ["yssh:one-structure"]))
    for structure, components in structures.items():
        parts += _structure(structure, [known[iri] for iri in components if iri in known])
    return "\n".join([*_prefixes(), *parts]) + "\n"


def _prefixes() -> Iterator[str]:
    for name, iri in {**PREFIXES, "sh": "http://www.w3.org/ns/shacl#",
                      "yssh": "https://w3id.org/yusuan/shapes#"}.items():  # fmt: skip
        yield f"@prefix {name}: <{iri}> ."


def _node(name: str, target: str, properties: list[str]) -> str:
    return f"{name} a sh:NodeShape ; {target} ;\n    sh:property {', '.join(properties)} ."


def _structure(structure: str, components: list[_Component]) -> Iterator[str]:
    """The shape of a structure: it finds its observations and holds them to the components."""
    name = re.split("[/#]", structure)[-1]
    own = [part for part in components if not part.attached]
    terms = {part.term for part in own}
    properties = [f"yssh:part-{part.name}" for part in own]
    for part in _components().values():
        if part.term not in terms and not part.attached:
            properties.append(f"yssh:without-{part.name}")
    attached = [f"yssh:part-{part.name}" for part in components if part.attached]
    below = [f"yssh:observations-{name}", *([f"yssh:datasets-{name}"] if attached else [])]
    yield _node(f"yssh:structure-{name}", f"sh:targetNode <{structure}>", below)
    if attached:
        yield (
            f"yssh:datasets-{name} a sh:PropertyShape ;\n"
            f"    sh:path [ sh:inversePath qb:structure ] ; sh:property {', '.join(attached)} ."
        )
    yield (
        f"yssh:observations-{name} a sh:PropertyShape ;\n"
        "    sh:path ( [ sh:inversePath qb:structure ] [ sh:inversePath qb:dataSet ] ) ;\n"
        f"    sh:property {', '.join(properties)} ."
    )


def _part(part: _Component, lists: Mapping[str, str]) -> str:
    """The shape of a component, wherever it stands, and of its absence where it has no place."""
    zh, en = part.names
    number = {"qb:dimension": "IC-11", "qb:measure": "IC-14"}.get(part.kind, "IC-13")
    limits = ["sh:minCount 1 ; sh:maxCount 1" if part.required else "sh:maxCount 1"]
    count = message("shape-one" if part.required else "shape-at-most-one")
    explained = ("", "")
    if part.term in lists:
        limits += ["sh:class skos:Concept", f"sh:node yssh:list-{part.name}"]
        explained = message("shape-of-list")
    elif part.range in _DATATYPES:
        limits.append(f"sh:datatype {part.range}")
        datatype = message(f"datatype-{part.range.partition(':')[2]}")
        explained = message("shape-of-datatype", datatype=datatype)
    elif part.range:
        limits.append(f"sh:class {part.range}")
        explained = message("shape-described")
    else:
        limits.append("sh:nodeKind sh:IRI")
    text = (
        f"yssh:part-{part.name} a sh:PropertyShape ; sh:path <{part.term}> ;\n"
        f"    {' ; '.join(limits)} ;\n"
        f'    sh:message "{number}：{zh}：{count[0]}{explained[0]}"@zh, '
        f'"{number}: {en}: {count[1]}{explained[1]}"@en .\n'
        f"yssh:without-{part.name} a sh:PropertyShape ; sh:path <{part.term}> ; sh:maxCount 0 ;\n"
        f'    sh:message "数据结构没有{zh}"@zh, "the structure has no {en}"@en .'
    )
    if part.term in lists:
        text += (
            f"\nyssh:list-{part.name} a sh:NodeShape ; sh:property yssh:in-list-{part.name} .\n"
            f"yssh:in-list-{part.name} a sh:PropertyShape ; sh:path skos:inScheme ; "
            f"sh:hasValue <{lists[part.term]}> ."
        )
    return text


@cache
def _derived() -> dict[str, list[str]]:
    """The structures of the derived cubes, which the vocabulary has whole, with their components."""
    found: dict[str, list[str]] = {}
    path: Path = data_path("ontology", "yusuan.ttl")
    for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE):
        if quad.predicate.value == expand("qb:component"):
            assert isinstance(quad.subject, ox.NamedNode)
            assert isinstance(quad.object, ox.NamedNode)
            found.setdefault(quad.subject.value, []).append(quad.object.value)
    del found[expand("ys:BudgetStructure")]  # what the structures of the tables have in common
    return found


@cache
def _components() -> dict[str, _Component]:
    """The components that the vocabulary specifies, by IRI."""
    said: dict[str, dict[str, list[ox.Literal | ox.NamedNode]]] = {}
    path: Path = data_path("ontology", "yusuan.ttl")
    for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE):
        assert isinstance(quad.subject, ox.NamedNode)
        assert isinstance(quad.object, (ox.Literal, ox.NamedNode))
        values = said.setdefault(quad.subject.value, {})
        values.setdefault(quad.predicate.value, []).append(quad.object)
    found = {}
    for iri, values in said.items():
        for kind in ("qb:dimension", "qb:measure", "qb:attribute"):
            for term in values.get(expand(kind), ()):
                found[iri] = _component(iri, kind, term.value, said)
    return found


def _component(
    iri: str,
    kind: str,
    term: str,
    said: Mapping[str, Mapping[str, list[ox.Literal | ox.NamedNode]]],
) -> _Component:
    own, about = said[iri], said.get(term, {})
    labels = {
        label.language: label.value
        for label in about.get(expand("rdfs:label"), ()) if isinstance(label, ox.Literal)
    }  # fmt: skip
    local = re.split("[/#]", term)[-1]
    [range_] = [_compact(value.value) for value in about.get(expand("rdfs:range"), ())] or [""]
    required = [value.value for value in own.get(expand("qb:componentRequired"), ())]
    return _Component(
        iri, term, (labels.get("zh", local), labels.get("en", local)), kind, range_,
        kind != "qb:attribute" or required == ["true"],
        expand("qb:componentAttachment") in own,
    )  # fmt: skip


def _compact(iri: str) -> str:
    for name, namespace in PREFIXES.items():
        if iri.startswith(namespace):
            return f"{name}:{iri.removeprefix(namespace)}"
    return f"<{iri}>"
