"""Publishing to CKAN: what is planned and done, against a small CKAN in memory."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tests.portals.fake_ckan import FakeCKAN
from yusuan import Package, YusuanError, open_package
from yusuan.portals import publish_ckan
from yusuan.portals.ckan import Report, synchronise

URL = "https://portal.example.org"
DEPARTMENT = "652801-jing-ji-ji-shu-kai-fa-qu-dang-zheng-ban-gong-shi"


def publish(package: Package, ckan: FakeCKAN, organization: str | None = None) -> Report:
    return synchronise(package, ckan, URL, organization)


@pytest.fixture
def own(package: Package, tmp_path: Path) -> Package:
    """A copy of the package that a test may change."""
    shutil.copytree(package.folder, tmp_path / "own")
    return open_package(tmp_path / "own")


def test_first_run_makes_organization_dataset_and_resources(package: Package) -> None:
    ckan = FakeCKAN()
    report = publish(package, ckan)
    assert ckan.organizations[DEPARTMENT]["title"] == "新疆库尔勒经济技术开发区党政办公室"
    assert ckan.dataset["name"] == f"{DEPARTMENT}-2022-approved"
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
        "datastore_delete", "datastore_create", "datastore_upsert", "resource_patch",
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
    name = f"{DEPARTMENT}-2022-approved"
    ckan.datasets[name] = {"id": "other", "name": name, "resources": [], "extras": []}
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
def test_a_server_that_is_no_ckan(package: Package, status: int, body: str, sentence: str) -> None:
    with server(status, body) as url, pytest.raises(YusuanError, match=sentence):
        publish_ckan(package, url=url, token="token")


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
