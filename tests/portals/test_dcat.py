"""The DCAT catalogue: what it says, and that it passes the DCAT-AP 3.0.1 shapes."""

from __future__ import annotations

from pathlib import Path

import pyshacl
import pytest
from rdflib import DCAT, DCTERMS, RDF, BNode, Graph, Literal, Namespace, URIRef
from rdflib.compare import isomorphic

from tests.portals.conftest import SITE
from yusuan import Package
from yusuan.portals.about import about
from yusuan.portals.dcat import catalogue_jsonld, catalogue_turtle
from yusuan.portals.files import package_files

DATASET = URIRef(f"{SITE}#dataset")
SPDX = Namespace("http://spdx.org/rdf/terms#")
EU = "http://publications.europa.eu/resource/authority/"


@pytest.fixture(scope="module")
def graph(site: Path) -> Graph:
    return Graph().parse(site / "catalog.ttl")


@pytest.mark.parametrize("shapes", ["shapes.ttl", "range.ttl", "dcat-ap-SHACL.ttl"])
def test_catalogue_passes_the_dcat_ap_shapes(graph: Graph, reference: Path, shapes: str) -> None:
    path = reference / "dcat-ap-3.0.1" / shapes
    conforms, _, report = pyshacl.validate(graph, shacl_graph=str(path), allow_warnings=True)
    assert conforms, report


@pytest.mark.smoke
def test_turtle_and_jsonld_say_the_same(site: Path, graph: Graph) -> None:
    other = Graph().parse(site / "catalog.jsonld", format="json-ld")
    assert isomorphic(other, graph)


def test_dataset_states_what_the_package_knows(graph: Graph) -> None:
    assert (DATASET, RDF.type, DCAT.Dataset) in graph
    titles = {title.language for title in graph.objects(DATASET, DCTERMS.title)
              if isinstance(title, Literal)}  # fmt: skip
    assert titles == {"zh", "en"}
    themes = set(graph.objects(DATASET, DCAT.theme))
    assert themes == {URIRef(f"{EU}data-theme/GOVE"), URIRef(f"{EU}data-theme/ECON")}
    places = set(graph.objects(DATASET, DCTERMS.spatial))
    assert URIRef(f"{SITE}#division-652801") in places
    standard = URIRef("https://specs.frictionlessdata.io/fiscal-data-package/")
    assert (DATASET, DCTERMS.conformsTo, standard) in graph


def test_every_file_is_a_distribution_with_size_type_and_checksum(graph: Graph, site: Path) -> None:
    distributions = list(graph.objects(DATASET, DCAT.distribution))
    assert len(distributions) > 50
    for distribution in distributions:
        (url,) = graph.objects(distribution, DCAT.downloadURL)
        path = site / str(url).removeprefix(SITE)
        assert str(graph.value(distribution, DCAT.byteSize)) == str(path.stat().st_size)
        assert str(graph.value(distribution, DCAT.mediaType)).startswith(
            "https://www.iana.org/assignments/media-types/"
        )
        checksum = graph.value(distribution, SPDX.checksum)
        assert len(str(graph.value(checksum, SPDX.checksumValue))) == 64


def test_no_blank_nodes_so_that_the_bytes_are_the_same_each_time(graph: Graph) -> None:
    assert not [node for node in graph.all_nodes() if isinstance(node, BNode)]


def test_several_departments_publish_as_a_group(package: Package) -> None:
    facts = about(package)
    second = {**facts.departments[0], "iri": f"{package.base}id/department/b", "name": "财政局"}
    object.__setattr__(facts, "departments", (facts.departments[0], second))
    document = catalogue_jsonld(facts, list(package_files(package)), SITE)
    publisher = document["@graph"][0]["dct:publisher"]
    assert publisher["foaf:name"]["@value"] == "新疆库尔勒经济技术开发区党政办公室、财政局"
    graph = Graph().parse(data=catalogue_turtle(document), format="turtle")
    assert len(list(graph.objects(DATASET, DCTERMS.creator))) == 2
    assert graph.value(DATASET, DCTERMS.publisher) is None
