"""Publishing to CKAN: what is planned and done, against a small CKAN in memory."""

from __future__ import annotations

import copy
import email
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from click.testing import CliRunner

import yusuan
from tests.disclosures import disclosure_text, write
from tests.portals.fake_ckan import FakeCKAN
from yusuan import Package, YusuanError, open_package
from yusuan.cli import main
from yusuan.portals import Occupied, publish_ckan
from yusuan.portals.about import about
from yusuan.portals.ckan import CkanReport, synchronise
from yusuan.portals.ckan_client import FileForm
from yusuan.portals.ckan_desired import desired_dataset
from yusuan.portals.ckan_identity import PublishedPlace
from yusuan.portals.profile import profile

URL = "https://portal.example.org"
DEPARTMENT = "652801-jing-ji-ji-shu-kai-fa-qu-dang-zheng-ban-gong-shi"


NAME = f"{DEPARTMENT}-budget"


def publish(
    package: Package, ckan: FakeCKAN, organization: str | None = None, files_at: str | None = None
) -> CkanReport:
    """A run that remembers nothing."""
    with patch("yusuan.portals.ckan.remember"):
        return synchronise(package, ckan, URL, PublishedPlace(organization=organization), files_at)


@pytest.fixture
def own(package: Package, tmp_path: Path) -> Package:
    """A copy of the package that a test may change."""
    shutil.copytree(package.folder, tmp_path / "own")
    return open_package(tmp_path / "own")


@pytest.mark.smoke
def test_first_run_makes_organization_dataset_and_resources(package: Package) -> None:
    ckan = FakeCKAN()
    report = publish(package, ckan)
    assert ckan.organizations[DEPARTMENT]["title"] == "新疆库尔勒经济技术开发区党政办公室"
    assert ckan.dataset["name"] == NAME
    assert ckan.dataset["license_id"] == "cc-by"
    extras = {item["key"]: item["value"] for item in ckan.dataset["extras"]}
    assert extras["fiscal_year"] == "2022"
    assert extras["division"] == "652801"
    assert extras["base_iri"] == package.base
    assert report.created and not (report.updated or report.unchanged or report.removed)


def test_every_table_with_rows_and_every_source_is_a_resource(package: Package) -> None:
    ckan = FakeCKAN()
    publish(package, ckan)
    paths = {resource["yusuan_path"] for resource in ckan.dataset["resources"]}
    assert {"data/facts.csv", "source/7a12ebf01553.txt", "datapackage.json"} <= paths
    facts = ckan.resource("data/facts.csv")
    assert facts["name"] == "预算事实"
    assert "One row per printed amount" in facts["description"]
    assert (facts["format"], facts["mimetype"]) == ("CSV", "text/csv")
    assert ckan.files[facts["id"]] == (package.folder / "data/facts.csv").read_bytes()


def test_datastore_columns_are_typed_and_explained(package: Package) -> None:
    ckan = FakeCKAN()
    publish(package, ckan)
    table = ckan.tables[ckan.resource("data/facts.csv")["id"]]
    fields = {field["id"]: field for field in table["fields"]}
    assert fields["amount"]["type"] == "numeric"
    assert fields["fiscal_year"]["type"] == "int8"
    assert fields["is_total"]["type"] == "bool"
    assert fields["amount"]["info"]["label"] == "金额（元）"
    assert fields["amount"]["info"]["notes"].startswith("Amount (yuan).")
    assert fields["amount"]["info"]["type_override"] == "numeric"
    assert table["primary_key"] == ["fact"]


def test_amounts_travel_as_text_so_that_they_stay_exact(package: Package) -> None:
    ckan = FakeCKAN()
    publish(package, ckan)
    records = ckan.tables[ckan.resource("data/facts.csv")["id"]]["records"]
    assert {type(record["amount"]) for record in records} == {str}
    assert sum(Decimal(record["amount"]) for record in records) == package.facts["amount"].sum()
    assert {type(record["is_total"]) for record in records} == {bool}


def test_second_run_writes_nothing(package: Package) -> None:
    ckan = FakeCKAN()
    publish(package, ckan)
    ckan.writes.clear()
    report = publish(package, ckan)
    assert ckan.writes == []
    assert report.unchanged and not (report.created or report.updated or report.removed)


def test_changed_file_updates_that_resource_only(own: Package) -> None:
    ckan = FakeCKAN()
    publish(own, ckan)
    ids = [resource["id"] for resource in ckan.dataset["resources"]]
    ckan.writes.clear()
    with (own.folder / "data" / "glossary.csv").open("a", encoding="utf-8") as stream:
        stream.write("7a12ebf01553-99-new,7a12ebf01553,新词,新的解释,,680\n")
    report = publish(own, ckan)
    assert report.updated == ["名词解释"]
    assert [action for action, _ in ckan.writes] == [
        "package_patch", "datastore_delete", "datastore_create", "datastore_upsert",
        "resource_patch", "package_patch",
    ]  # fmt: skip
    assert [resource["id"] for resource in ckan.dataset["resources"]] == ids


def test_resource_that_left_the_package_is_removed_but_not_one_added_by_hand(
    own: Package,
) -> None:
    ckan = FakeCKAN()
    publish(own, ckan)
    ckan.dataset["resources"].append({"id": "by-hand", "name": "新闻稿"})
    graph = own.folder / "graph"
    shutil.rmtree(graph)
    report = publish(own, ckan)
    assert report.removed and all(name.startswith("知识图谱") for name in report.removed)
    assert ckan.dataset["resources"][-1]["id"] == "by-hand"


def test_what_editors_added_to_the_dataset_stays(package: Package) -> None:
    ckan = FakeCKAN()
    publish(package, ckan)
    ckan.dataset["extras"].append({"key": "contact", "value": "0996-1234567"})
    ckan.dataset["tags"].append({"name": "推荐"})
    ckan.dataset["title"] = "改过的标题"
    report = publish(package, ckan)
    assert len(report.updated) == 1
    assert ckan.dataset["title"].startswith("新疆库尔勒")
    assert {"key": "contact", "value": "0996-1234567"} in ckan.dataset["extras"]
    assert {"name": "推荐"} in ckan.dataset["tags"]


@pytest.mark.parametrize("action", ["datastore_create", "datastore_upsert", "resource_patch"])
def test_run_after_an_interruption_finishes_the_work(package: Package, action: str) -> None:
    ckan = FakeCKAN()
    ckan.fail_on = action
    with pytest.raises(ConnectionError):
        publish(package, ckan)
    ckan.fail_on = None
    publish(package, ckan)
    assert len(ckan.tables[ckan.resource("data/facts.csv")["id"]]["records"]) == 136
    ckan.writes.clear()
    publish(package, ckan)
    assert ckan.writes == []


def test_lost_datastore_table_is_filled_again_without_an_upload(package: Package) -> None:
    ckan = FakeCKAN()
    publish(package, ckan)
    lost = ckan.resource("data/items.csv")
    del ckan.tables[lost["id"]]
    lost["datastore_active"] = False
    ckan.writes.clear()
    assert publish(package, ckan).updated == ["事项"]
    assert "resource_patch" not in [action for action, _ in ckan.writes]


def test_portal_without_datastore_gets_the_files(package: Package) -> None:
    ckan = FakeCKAN(datastore=False)
    report = publish(package, ckan)
    assert ckan.tables == {}
    assert "files only" in str(report)


def test_existing_organization_can_be_named(package: Package) -> None:
    ckan = FakeCKAN(may_create_organizations=False)
    ckan.organizations["finance"] = {"id": "org-1", "name": "finance", "title": "财政局"}
    publish(package, ckan, organization="finance")
    assert ckan.dataset["owner_org"] == "org-1"


@pytest.mark.parametrize(
    ("ckan", "organization", "sentence"),
    [
        (FakeCKAN(token_known=False), None, "does not know this token"),
        (FakeCKAN(is_ckan=False), None, "does not answer like a CKAN"),
        (FakeCKAN(may_create_organizations=False), None, "have the portal's administrator"),
        (FakeCKAN(), "nowhere", "there is no organization 'nowhere'"),
    ],
)
def test_what_is_in_the_way_is_told(
    package: Package, ckan: FakeCKAN, organization: str | None, sentence: str
) -> None:
    with pytest.raises(YusuanError, match=sentence):
        publish(package, ckan, organization)
    assert ckan.datasets == {}


def test_somebody_elses_dataset_of_the_same_name_is_left_alone(package: Package) -> None:
    ckan = FakeCKAN()
    ckan.datasets[NAME] = {"id": "other", "name": NAME, "resources": [], "extras": []}
    with pytest.raises(YusuanError, match="was not published by yusuan"):
        publish(package, ckan)


@contextmanager
def server(status: int, body: str) -> Iterator[str]:
    """A web server that answers everything alike."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as httpd:
        thread = threading.Thread(target=httpd.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{httpd.server_port}"
        finally:
            httpd.shutdown()
            thread.join()


@pytest.mark.smoke
@pytest.mark.parametrize(
    ("status", "body", "sentence"),
    [
        (200, "<html>hello</html>", "does not answer like a CKAN"),
        (404, "<html>not here</html>", "does not answer like a CKAN"),
        (301, "", "redirects to another address"),
        (502, "bad gateway", "failed on the server"),
        (413, "too large", "larger than the portal accepts"),
        (200, '{"success": true, "result": []}', "does not answer like a CKAN"),
    ],
)
def test_a_server_that_is_no_ckan(
    package: Package, status: int, body: str, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("yusuan.portals.ckan_client.sleep", lambda _: None)
    with server(status, body) as url, pytest.raises(YusuanError, match=sentence):
        publish_ckan(package, url=url, token="token")


@pytest.mark.smoke
@pytest.mark.parametrize(
    ("url", "token", "sentence"),
    [
        ("http://127.0.0.1:9", "token", "cannot be reached"),
        ("data.example.org", "token", "not a URL"),
        ("http://127.0.0.1:9", "", "token is empty"),
        ("http://127.0.0.1:9", "令牌", "no CKAN token has"),
    ],
)
def test_nothing_at_that_address(package: Package, url: str, token: str, sentence: str) -> None:
    with pytest.raises(YusuanError, match=sentence):
        publish_ckan(package, url=url, token=token)


def spoilt(ckan: FakeCKAN, key: str, value: str) -> None:
    """Let the dataset on the portal say something else of itself."""
    if key == "owner_org":
        ckan.dataset["owner_org"] = value
    for extra in ckan.dataset["extras"]:
        if extra["key"] == key:
            extra["value"] = value


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("base_iri", "https://other.example.org/", "of another publication"),
        ("owner_org", "id-of-others", "belongs to another organization"),
        ("department_ids", "110000-bei-jing-shi-jiao-tong-ju", "about another subject"),
        ("fiscal_year", "2021", "also holds 2021"),
        ("fiscal_year", "2021-2023", "also holds 2021、2023"),
        ("phase", "预算、决算", "also holds 决算"),
    ],
)
def test_a_dataset_of_somebody_else_is_not_touched(
    package: Package, key: str, value: str, sentence: str
) -> None:
    ckan = FakeCKAN()
    publish(package, ckan)
    spoilt(ckan, key, value)
    before = copy.deepcopy((ckan.datasets, ckan.files, ckan.tables, ckan.organizations))
    ckan.writes.clear()
    with pytest.raises(Occupied, match=sentence):
        publish(package, ckan)
    assert ckan.writes == []
    assert (ckan.datasets, ckan.files, ckan.tables, ckan.organizations) == before


def test_two_publishers_cannot_share_the_name_of_a_dataset(own: Package) -> None:
    """The same department, year and phase, published under another base by somebody else."""
    other = Package(own.folder, {**own.descriptor, "base": "https://other.example/budget/"})
    ckan = FakeCKAN()
    with patch("yusuan.portals.ckan.remember"):
        synchronise(own, ckan, URL, PublishedPlace(dataset="budget-2022"), None)
        before = copy.deepcopy((ckan.datasets, ckan.files, ckan.tables))
        with pytest.raises(Occupied, match="of another publication"):
            synchronise(other, ckan, URL, PublishedPlace(dataset="budget-2022"), None)
    assert (ckan.datasets, ckan.files, ckan.tables) == before


def test_a_refused_run_makes_no_organization(package: Package) -> None:
    ckan = FakeCKAN()
    publish(package, ckan, organization=None)
    ckan.organizations.clear()
    ckan.writes.clear()
    with pytest.raises(Occupied):
        publish(package, ckan)
    assert ckan.writes == [] and ckan.organizations == {}


def test_the_name_stays_when_a_year_is_added(tmp_path: Path) -> None:
    """The same department with the budget of one year, then of two."""
    texts = {f"{year}.md": disclosure_text().replace("2023", year) for year in ("2022", "2023")}
    packages = []
    for names in (["2022.md"], ["2022.md", "2023.md"]):
        sources = [write(tmp_path, texts[name], name) for name in names]
        packages.append(yusuan.build(sources, tmp_path / f"package-{len(names)}"))
    one, two = packages
    ckan = FakeCKAN()
    publish(one, ckan)
    publish(two, ckan)
    extras = {item["key"]: item["value"] for item in ckan.dataset["extras"]}
    assert extras["fiscal_year"] == "2022-2023"
    with pytest.raises(Occupied, match="also holds 2023"):
        publish(one, ckan)


def test_name_organization_and_id_are_remembered_and_survive_a_new_build(tmp_path: Path) -> None:
    source = write(tmp_path, disclosure_text())
    package = yusuan.build(source, tmp_path / "package")
    ckan = FakeCKAN()
    ckan.organizations["finance"] = {"id": "org-1", "name": "finance", "title": "财政局"}
    with patch("yusuan.portals.ckan.RemotePortal", lambda url, *_: ckan):
        ckan.url = URL  # type: ignore[attr-defined]
        publish_ckan(
            package, url=URL, token="token-of-tests", organization="finance", dataset="our-budget"
        )
        package = yusuan.build(source, tmp_path / "package")
        assert "token-of-tests" not in (package.folder / "portals.json").read_text()
        ckan.writes.clear()
        again = publish_ckan(package, url=URL, token="token-of-tests")
        assert again.dataset == "our-budget" and ckan.writes == []
        # Renamed on the portal: it is still that dataset, and not published a second time.
        ckan.datasets["renamed"] = {**ckan.datasets.pop("our-budget"), "name": "renamed"}
        assert publish_ckan(package, url=URL, token="token-of-tests").dataset == "renamed"
        assert len(ckan.datasets) == 1 and ckan.writes == []


@pytest.mark.parametrize("name", ["A", "x", "../x", "名", "a" * 101, "a b"])
def test_a_name_that_no_dataset_may_have_is_refused(package: Package, name: str) -> None:
    with pytest.raises(YusuanError, match="no name that a CKAN dataset may have"):
        publish_ckan(package, url=URL, token="token-of-tests", dataset=name)


def test_several_departments_of_other_publishers_get_other_names(package: Package) -> None:
    """The name of such a package is the same everywhere; its base is not."""
    other = Package(package.folder, {**package.descriptor, "base": "https://other.example/"})
    with patch(
        "yusuan.portals.ckan_desired.about", lambda each: replace(about(each), departments=())
    ):
        names = {desired_dataset(each, ())["name"] for each in (package, other)}
    assert len(names) == 2 and all(name.startswith("department-budgets-") for name in names)


def test_a_refusal_ends_with_exit_status_1(package: Package) -> None:
    with patch("yusuan.portals.publish_ckan", side_effect=Occupied("it is theirs")):
        found = CliRunner().invoke(
            main,
            ["publish", "ckan", str(package.folder), "--url", URL, "--token", "token-of-tests"],
        )
    assert (found.exit_code, found.output) == (1, "Error: it is theirs\n")


def test_nobody_sees_a_dataset_before_it_is_complete(package: Package) -> None:
    ckan = FakeCKAN()
    publish(package, ckan)
    assert ckan.seen == [ckan.dataset]  # the last write alone makes it public


def test_nobody_sees_a_half_changed_dataset(own: Package) -> None:
    ckan = FakeCKAN()
    publish(own, ckan)
    ckan.seen.clear()
    with (own.folder / "data" / "glossary.csv").open("a", encoding="utf-8") as stream:
        stream.write("7a12ebf01553-99-new,7a12ebf01553,新词,新的解释,,680\n")
    ckan.fail_on = "datastore_upsert"
    with pytest.raises(ConnectionError):
        publish(own, ckan)
    assert ckan.seen == [] and ckan.dataset["private"]
    ckan.fail_on = None
    publish(own, ckan)
    assert ckan.seen == [ckan.dataset] and not ckan.dataset["private"]
    assert "yusuan_unfinished" not in str(ckan.dataset["extras"])


def test_a_dataset_made_private_by_hand_stays_private(own: Package) -> None:
    ckan = FakeCKAN()
    publish(own, ckan)
    ckan.dataset["private"] = True
    assert "stays so until you make it public" in str(publish(own, ckan))
    shutil.rmtree(own.folder / "graph")
    assert "stays so until you make it public" in str(publish(own, ckan))
    assert ckan.dataset["private"] and "yusuan_unfinished" not in str(ckan.dataset["extras"])


def test_a_portal_that_keeps_nothing_private_gets_nothing(package: Package) -> None:
    class Open(FakeCKAN):
        def package_create(self, data: Any, upload: Any) -> Any:
            return super().package_create({**data, "private": False}, upload)

    ckan = Open()
    with pytest.raises(YusuanError, match="does not keep a dataset private"):
        publish(package, ckan)
    assert ckan.datasets == {}


@pytest.fixture
def little(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of more than 10 kB are tried before they are sent."""
    monkeypatch.setitem(profile("ckan"), "tried_above", 10_000)


@pytest.mark.usefixtures("little")
def test_a_file_that_is_too_large_leaves_nothing_public(own: Package) -> None:
    ckan = FakeCKAN(most_bytes=40_000)
    with pytest.raises(YusuanError, match=r"more than the portal accepts.*--files-at"):
        publish(own, ckan)
    assert ckan.datasets == {} and ckan.seen == []


@pytest.mark.usefixtures("little")
def test_where_an_update_is_too_large_what_was_published_stays(own: Package) -> None:
    ckan = FakeCKAN()
    publish(own, ckan)
    before = copy.deepcopy((ckan.dataset, ckan.files))
    with (own.folder / "data" / "facts.csv").open("a", encoding="utf-8") as stream:
        stream.write("\n")
    ckan.most_bytes = 40_000
    with pytest.raises(YusuanError, match=r"facts\.csv has .* more than the portal accepts"):
        publish(own, ckan)
    assert (ckan.dataset, ckan.files) == before


@pytest.mark.usefixtures("little")
@pytest.mark.parametrize("most", [10_001, 40_000, 70_000])
def test_large_files_are_linked_and_their_rows_are_in_the_datastore(
    package: Package, most: int
) -> None:
    ckan = FakeCKAN(most_bytes=most)
    report = publish(package, ckan, files_at="https://files.example.org/budget/")
    large = {each["yusuan_path"] for each in ckan.dataset["resources"]
             if (package.folder / each["yusuan_path"]).stat().st_size > most}  # fmt: skip
    assert large
    for each in ckan.dataset["resources"]:
        path = each["yusuan_path"]
        linked = f"https://files.example.org/budget/{path}"
        assert (each["url"] == linked) == (path in large) == (path in str(report))
    facts = ckan.resource("data/facts.csv")
    assert len(ckan.tables[facts["id"]]["records"]) == len(list(package.rows("facts")))
    assert all(each["yusuan_path"] != ".trial" for each in ckan.dataset["resources"])
    ckan.writes.clear()
    publish(package, ckan, files_at="https://files.example.org/budget/")
    assert ckan.writes == []


@pytest.mark.parametrize("name", ["facts.csv", "预算.pdf", 'a"b.csv', "a\r\nX: y.csv"])
def test_a_file_is_read_as_it_is_sent(name: str, tmp_path: Path) -> None:
    """In pieces, and what arrives is what a form of the same texts and file holds."""
    content = bytes(range(256)) * 4_000
    (tmp_path / "file").write_bytes(content)
    with (tmp_path / "file").open("rb") as stream:
        form = FileForm({"id": "5", "name": "预算"}, "upload", name, stream, "text/csv")
        pieces = list(iter(lambda: form.read(1 << 30), b""))
    sent = b"".join(pieces)
    assert len(sent) == len(form) and max(map(len, pieces)) < len(content) / 2
    message = email.message_from_bytes(f"Content-Type: {form.kind}\r\n\r\n".encode() + sent)
    parts = message.get_payload()
    assert [part.get_param("name", header="content-disposition") for part in parts] == [
        "id",
        "name",
        "upload",
    ]
    assert [part.get_payload(decode=True) for part in parts] == [b"5", "预算".encode(), content]
    assert parts[2].get_content_type() == "text/csv" and parts[2]["X"] is None


def test_rows_that_did_not_arrive_are_missed_and_sent_again(package: Package) -> None:
    class Losing(FakeCKAN):
        def datastore_upsert(self, data: Any, upload: Any) -> Any:
            super().datastore_upsert({**data, "records": data["records"][:-1]}, upload)

    ckan = Losing()
    with pytest.raises(YusuanError, match=r"facts.csv: 135 of 136 rows.*stays private"):
        publish(package, ckan)
    assert ckan.seen == []
    ckan.__class__ = FakeCKAN
    publish(package, ckan)
    assert len(ckan.tables[ckan.resource("data/facts.csv")["id"]]["records"]) == 136
    assert not ckan.dataset["private"]


def test_every_table_has_a_preview(package: Package) -> None:
    ckan = FakeCKAN()
    publish(package, ckan)
    assert set(ckan.views) == set(ckan.tables) and all(
        len(each) == 1 for each in ckan.views.values()
    )
    assert "no previews" in str(publish(package, FakeCKAN(views=False)))


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("http://portal.example.org", True), ("http://127.0.0.1:5000", False), ("http://127.example.org", True),
        ("http://localhost:5000", False), ("http://localhost.example.org", True),
        ("https://portal.example.org/ckan", False),
    ],
)  # fmt: skip
def test_a_token_that_travels_unencrypted_is_told(package: Package, url: str, told: bool) -> None:
    ckan = FakeCKAN()
    ckan.url = url  # type: ignore[attr-defined]
    with (
        patch("yusuan.portals.ckan.RemotePortal", lambda *_: ckan),
        patch("yusuan.portals.ckan.remember"),
    ):
        report = publish_ckan(package, url=url, token="token-of-tests")
    assert ("unencrypted" in str(report)) == told


@pytest.mark.parametrize("url", [
    "https://user:secret@portal.example.org", "https://portal.example.org/?key=secret",
    "https://portal.example.org/token-of-tests/",
])  # fmt: skip
def test_an_address_with_a_secret_is_refused_and_not_repeated(package: Package, url: str) -> None:
    with pytest.raises(YusuanError, match="give the address alone") as refusal:
        publish_ckan(package, url=url, token="token-of-tests")
    assert "secret" not in str(refusal.value) and "token-of-tests" not in str(refusal.value)
