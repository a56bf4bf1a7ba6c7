"""``yusuan link``: packages joined are what building everything together gives."""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner, Result

import yusuan
from tests.conftest import some_of
from tests.linking.documents import publish, with_units
from yusuan.cli.main import main
from yusuan.graph.validate import graph_violations
from yusuan.model.errors import YusuanError

PREFIXES = """
PREFIX org: <http://www.w3.org/ns/org#>
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX ys: <https://w3id.org/yusuan/def#>
"""


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A province and a county, two years, a renaming, units, accounts, projects carried over."""
    folder = tmp_path_factory.mktemp("sources")
    province, county = folder / "a", folder / "b"
    with_units(province, "浙江省水利厅2024年部门预算公开",
               {"浙江省水利厅本级": 100, "浙江省水文中心": 250})  # fmt: skip
    publish(province, "浙江省水文中心2024年单位预算公开", 360)
    old = {"堤防维护": 5, "水库除险": 3}
    publish(county, "淳安县水利局2023年部门预算公开", projects=old)
    publish(county, "淳安县水利局2023年部门决算公开", projects=old)
    publish(county, "淳安县水利和河湖局2024年部门预算公开",
            projects={"堤防维护": 6, "水库除险加固": 3},
            narrative="淳安县水利和河湖局由原淳安县水利局更名而来。")  # fmt: skip
    return folder


@pytest.fixture(scope="module")
def packages(sources: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("packages")
    return [yusuan.build(sources / name, folder / name).folder for name in ("a", "b")]


@pytest.fixture(scope="module")
def linked(packages: list[Path], tmp_path_factory: pytest.TempPathFactory) -> yusuan.Package:
    return yusuan.link(packages, tmp_path_factory.mktemp("linked") / "out")


def files(folder: Path) -> dict[str, bytes]:
    """All files but the store and the rows, whose bytes are those of their engines."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "store" not in path.parts and path.suffix != ".duckdb"
    }


def change_rows(folder: Path, name: str, **values: str) -> None:
    """Set columns in the first row of a resource, as another build might have it."""
    path = folder / "data" / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        header, first, *rest = csv.reader(stream)
    for column, value in values.items():
        first[header.index(column)] = value
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows([header, first, *rest])
    descriptor = json.loads((folder / "datapackage.json").read_text("utf-8"))
    [entry] = [each for each in descriptor["resources"] if each["name"] == name]
    entry["hash"] = f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"
    (folder / "datapackage.json").write_text(json.dumps(descriptor), "utf-8")


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_joining_is_building_together(
    sources: Path, linked: yusuan.Package, tmp_path: Path
) -> None:
    """Byte for byte, database and graph included."""
    together = yusuan.build([sources / "a", sources / "b"], tmp_path / "together")
    one, two = files(together.folder), files(linked.folder)
    assert one.keys() == two.keys()
    assert [name for name in one if one[name] != two[name]] == []


def test_real_documents_joined_are_those_built_together(corpus: Path, tmp_path: Path) -> None:
    paths = some_of(corpus)
    parts = [yusuan.build(path, tmp_path / str(n)).folder for n, path in enumerate(paths)]
    linked = yusuan.link(parts, tmp_path / "linked")
    together = yusuan.build(paths, tmp_path / "together")
    one, two = files(together.folder), files(linked.folder)
    assert [name for name in one if one[name] != two[name]] == []


def test_the_same_packages_give_the_same_bytes(
    packages: list[Path], linked: yusuan.Package, tmp_path: Path
) -> None:
    assert files(yusuan.link(packages, tmp_path / "again").folder) == files(linked.folder)


@pytest.mark.usefixtures("quick_framework")
def test_it_is_valid_in_every_face(linked: yusuan.Package) -> None:
    verdict = yusuan.validate_package(linked.folder)
    assert verdict.valid, verdict.errors
    assert list(graph_violations(linked.folder / "graph" / "budget.trig")) == []


def test_the_links_there_are(linked: yusuan.Package) -> None:
    kinds = Counter(row["kind"] for row in linked.rows("links") if row["kind"] != "same-code")
    assert kinds == {"within": 4, "part-of": 1, "unit-of": 1, "same-project": 3, "outturn-of": 1}
    [change] = linked.rows("organisation-changes")
    assert (change["before"], change["after"]) == (
        "330127-shui-li-ju", "330127-shui-li-he-he-hu-ju",
    )  # fmt: skip
    [doubt] = linked.rows("links-to-review")
    assert (doubt["kind"], doubt["method"]) == ("same-project", "similar")


@pytest.mark.parametrize(
    ("question", "count"),
    [
        ("ASK { ?old org:changedBy ?e . ?new org:resultedFrom ?e . ?e a org:ChangeEvent ; "
         "org:originalOrganization ?old ; org:resultingOrganization ?new ; "
         'ys:nameBefore "淳安县水利局"@zh ; ys:fiscalYear ?year }', 1),
        ("ASK { ?unit org:subOrganizationOf ?department . ?department skos:prefLabel "
         '"浙江省水利厅"@zh . ?unit skos:prefLabel "浙江省水文中心"@zh }', 1),
        ("ASK { ?part dcterms:isPartOf ?whole . ?part a ys:Document . ?whole a ys:Document }", 1),
        ("ASK { ?accounts ys:outturnOf ?budget . ?budget dcterms:publisher ?department . "
         "?accounts dcterms:publisher ?department }", 1),
        ("ASK { ?project prov:alternateOf ?before . ?project a ys:Project . ?before a ys:Project ; "
         'skos:prefLabel "堤防维护"@zh }', 1),
        ("ASK { ?department dcterms:spatial/skos:broader+/skos:prefLabel "
         '"浙江省"@zh }', 1),
        # A division is one thing over the years, beside the entries of the yearly lists.
        ("ASK { ?budget dcterms:publisher ?department ; dcterms:spatial ?place . ?place dcterms:hasVersion ?one, ?other . "
         "?one ys:listYear ?year . ?other ys:listYear ?later . FILTER(?later > ?year) }", 1),
        ("ASK { ?one ^dcterms:spatial ?a ; skos:notation ?code . ?other ^dcterms:spatial ?b ; "
         "skos:notation ?code . FILTER(?one != ?other) }", 0),
        ("ASK { ?new skos:exactMatch ?old . ?new skos:notation ?code . ?old skos:notation ?code }", 1),
        ("ASK { ?project prov:alternateOf/skos:prefLabel ?name . "
         '?project skos:prefLabel "水库除险加固"@zh . FILTER(?name = "水库除险"@zh) }', 0),
        ("ASK { ?link a ys:Link ; ys:confidence ?sure . FILTER(?sure < 0.85) }", 0),
    ],
)  # fmt: skip
def test_what_the_graph_states(question: str, count: int, linked: yusuan.Package) -> None:
    store = ox.Store.read_only(str(linked.folder / "graph/store"))
    answer = store.query(PREFIXES + question, use_default_graph_as_union=True)
    assert bool(answer) == bool(count)


def test_a_unit_in_one_package_is_held_against_its_department_in_another(
    sources: Path, tmp_path: Path
) -> None:
    built = [
        yusuan.build(path, tmp_path / str(number)).folder
        for number, path in enumerate(sorted((sources / "a").iterdir()))
    ]
    for folder in built:
        assert "unit-row-differs" not in {
            row["rule"] for row in yusuan.open_package(folder).rows("findings")
        }
    linked = yusuan.link(built, tmp_path / "linked")
    rules = [row["rule"] for row in linked.rows("findings")]
    assert rules.count("unit-row-differs") == 1
    again = yusuan.link([linked.folder], tmp_path / "again")  # told once, however often joined
    assert [row["rule"] for row in again.rows("findings")] == rules


def test_a_document_in_two_packages_counts_once(
    packages: list[Path], linked: yusuan.Package, tmp_path: Path
) -> None:
    copy = shutil.copytree(packages[1], tmp_path / "copy")
    told: list[str] = []
    again = yusuan.link([*packages, copy], tmp_path / "out", warn=told.append)
    assert files(again.folder) == files(linked.folder)
    assert len(told) == 3
    assert told[0].startswith(f"{copy}: ")


def test_packages_that_disagree_are_refused(packages: list[Path], tmp_path: Path) -> None:
    copy = shutil.copytree(packages[1], tmp_path / "copy")
    change_rows(copy, "facts", amount="1")
    with pytest.raises(YusuanError, match=r"disagree about document .*facts differ; build both"):
        yusuan.link([*packages, copy], tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        ({"schemaVersion": "0"}, "schema version 0; this yusuan joins packages of version"),
        ({"base": "https://other.example/"}, "different bases of IRIs .* give one with --base"),
    ],
)
def test_packages_that_do_not_fit_are_refused(
    damage: dict[str, str], message: str, packages: list[Path], tmp_path: Path
) -> None:
    copy = shutil.copytree(packages[1], tmp_path / "copy")
    path = copy / "datapackage.json"
    path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), **damage}), "utf-8")
    with pytest.raises(YusuanError, match=message):
        yusuan.link([packages[0], copy], tmp_path / "out")


def test_a_source_that_was_changed_is_told(packages: list[Path], tmp_path: Path) -> None:
    copy = shutil.copytree(packages[1], tmp_path / "copy")
    source = next((copy / "source").iterdir())
    source.write_bytes(source.read_bytes() + b" ")
    with pytest.raises(YusuanError, match="not the file that was read"):
        yusuan.link([copy], tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_table_that_was_changed_is_told(packages: list[Path], tmp_path: Path) -> None:
    copy = shutil.copytree(packages[1], tmp_path / "copy")
    path = copy / "data" / "claims.csv"
    path.write_bytes(path.read_bytes() + b"\xff")
    with pytest.raises(YusuanError, match=r"claims.csv: changed since the package was built"):
        yusuan.link([copy], tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_fact_of_an_unknown_document_is_told(packages: list[Path], tmp_path: Path) -> None:
    copy = shutil.copytree(packages[1], tmp_path / "copy")
    change_rows(copy, "facts", document="000000000000")
    with pytest.raises(YusuanError, match=r"facts.csv: document '000000000000' is not in"):
        yusuan.link([copy], tmp_path / "out")


def test_other_bases_can_be_given(packages: list[Path], tmp_path: Path) -> None:
    linked = yusuan.link(packages, tmp_path / "out", base="https://data.example.org")
    assert linked.base == "https://data.example.org/"


def test_the_command_says_what_it_joined(packages: list[Path], tmp_path: Path) -> None:
    done = run("link", *packages, "-o", tmp_path / "out")
    assert done.exit_code == 0, done.output
    assert "5 documents of 4 departments" in done.output
    assert "organisations renamed: 1; to review: 1" in done.output


def test_the_command_refuses_what_is_no_package(packages: list[Path], tmp_path: Path) -> None:
    done = run("link", packages[0], tmp_path, "-o", tmp_path / "out")
    assert done.exit_code == 2
    assert "no data package here" in done.output
    done = run("link", *packages, "-o", packages[0])
    assert done.exit_code == 2
    assert "one of the packages to join" in done.output
