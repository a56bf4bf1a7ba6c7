"""The other names of an organisation: each with what tells it, and how surely."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox

import yusuan
from tests.linking.documents import publish
from yusuan.facts import PackageContents
from yusuan.pipeline import check_sources

NAME = "杭州市上城区水利局"
TITLE = f"{NAME}2024年部门预算公开"


def aliases(contents: PackageContents) -> set[tuple[str, str, str]]:
    """Name, method and confidence."""
    return {(a.name, a.method, str(a.confidence)) for a in contents.organisation_names}


def read(folder: Path) -> PackageContents:
    return check_sources(folder).contents


def test_names_that_one_document_prints(tmp_path: Path) -> None:
    said = f"{NAME}（以下简称区水利局）是区政府工作部门。"
    publish(tmp_path, TITLE, narrative=f"一、主要职责\n\n{said}\n")
    contents = read(tmp_path)
    assert aliases(contents) == {("区水利局", "stated", "1")}
    [alias] = contents.organisation_names
    assert alias.department == contents.departments[0].department
    assert alias.document == contents.documents[0].document
    assert "“区水利局”" in alias.evidence_zh and f'"{NAME}"' in alias.evidence_en


def test_names_that_differ_in_their_form_only(tmp_path: Path) -> None:
    publish(tmp_path, "钱塘新区管理委员会2023年部门预算公开")
    publish(tmp_path, "钱塘新区管委会2024年部门预算公开")
    contents = read(tmp_path)
    assert len(contents.departments) == 1
    assert aliases(contents) == {("钱塘新区管理委员会", "same-but-form", "0.95")}


def test_a_name_of_another_place_is_none_of_the_department(tmp_path: Path) -> None:
    """The cover names the district's bureau, the line below it the city's."""
    head = f"{TITLE}\n\n目 录"
    text = publish(tmp_path, TITLE).read_text("utf-8")
    other = "杭州市水利局"
    (tmp_path / f"{TITLE}.md").write_text(
        text.replace(head, f"{TITLE}\n\n部门名称：{other}\n\n目 录"), "utf-8"
    )
    contents = read(tmp_path)
    assert aliases(contents) == set()
    assert [department.names for department in contents.departments] == [(NAME,)]
    assert contents.links_to_review == []


def test_the_graph_tells_of_each_name_how_it_is_known(tmp_path: Path) -> None:
    said = f"{NAME}（以下简称区水利局）是区政府工作部门。"
    publish(tmp_path / "s", TITLE, narrative=f"一、主要职责\n\n{said}\n")
    package = yusuan.build(tmp_path / "s", tmp_path / "out")
    store = ox.Store.read_only(str(package.folder / "graph/store"))
    query = """
        PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
        PREFIX ys: <https://w3id.org/yusuan/def#>
        SELECT ?name ?method ?sure WHERE {
          ?alias a ys:OrganisationName ; rdf:subject ?body ; rdf:predicate ?says ; rdf:object ?name ;
                 ys:linkMethod ?method ; ys:confidence ?sure .
          ?body ?says ?name .
        }"""
    [row] = store.query(query, use_default_graph_as_union=True)
    assert [term.value for term in row] == ["区水利局", "stated", "1"]
