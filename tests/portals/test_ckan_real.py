"""The sample published to a real CKAN: exact amounts, and a second run that changes nothing."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.portals.conftest import ROOT
from tests.representative import FULL
from yusuan import Package, YusuanError, open_package
from yusuan.portals import Occupied, publish_ckan
from yusuan.schema import catalogue


@dataclass
class Running:
    url: str
    token: str

    def action(self, name: str, **data: Any) -> Any:
        answer = requests.post(
            f"{self.url}/api/3/action/{name}", json=data,
            headers={"Authorization": self.token}, timeout=60,
        )  # fmt: skip
        answer.raise_for_status()
        return answer.json()["result"]


@pytest.fixture(scope="module")
def ckan(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A CKAN brought up by the script YUSUAN_CKAN_UP names; YUSUAN_CKAN_VENV keeps its code."""
    if not (FULL or "YUSUAN_CKAN_UP" in os.environ):
        pytest.skip("did not run: bringing up a CKAN takes minutes (set YUSUAN_FULL=1)")
    script = Path(
        os.environ.get("YUSUAN_CKAN_UP", ROOT.parent / "shared" / "portal" / "ckan_up.sh")
    )
    if not script.is_file():
        pytest.skip(f"did not run: no script at {script} to bring up a CKAN (set YUSUAN_CKAN_UP)")
    folder = tmp_path_factory.mktemp("ckan")
    # The database runs as another user, who has to be able to reach its files.
    for parent in (folder, *folder.parents[:2]):
        parent.chmod(0o755)
    venv = os.environ.get("YUSUAN_CKAN_VENV", str(tmp_path_factory.mktemp("ckanvenv")))
    down = script.with_name("ckan_down.sh")
    # Ports of its own, so that a CKAN somebody else has running is not mistaken for this one.
    ports = {"PG_PORT": "55442", "REDIS_PORT": "56389", "SOLR_PORT": "58993", "CKAN_PORT": "55010"}
    try:
        with (folder / "up.log").open("w") as log:
            # A file, not a pipe: the servers it starts keep their outputs open.
            code = subprocess.run(
                ["bash", str(script), str(folder), venv],
                stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                env={**os.environ, **ports}, timeout=400, check=False,
            ).returncode  # fmt: skip
        token = folder / "token"
        if code or not token.is_file():
            last = (folder / "up.log").read_text("utf-8", "replace").strip().splitlines()[-1:]
            pytest.skip(f"did not run: {script.name} could not bring up a CKAN: {last}")
        yield Running(f"http://127.0.0.1:{ports['CKAN_PORT']}", token.read_text().strip())
    finally:
        subprocess.run(["bash", str(down), str(folder)], capture_output=True, check=False)


def test_publish_twice_then_change_one_file(
    ckan: Running, package: Package, tmp_path: Path
) -> None:
    first = publish_ckan(package, url=ckan.url, token=ckan.token)
    dataset = ckan.action("package_show", id=first.dataset)
    resources = {item["yusuan_path"]: item for item in dataset["resources"]}
    activities = ckan.action("package_activity_list", id=dataset["id"], limit=100)

    # Every number column of every table: the same exact sum as in the CSV.
    for resource in catalogue().resources:
        rows = list(package.rows(resource.name))
        numbers = [f.name for f in resource.fields if f.type in ("number", "integer")]
        if not rows:
            continue
        table = resources[resource.path]["id"]
        sums = ", ".join(
            [f'sum("{name}")::text AS "{name}"' for name in numbers] + ["count(*) AS all_rows"]
        )
        answer = ckan.action("datastore_search_sql", sql=f'SELECT {sums} FROM "{table}"')
        (found,) = answer["records"]
        assert int(found.pop("all_rows")) == len(rows)
        for name in numbers:
            exact = sum((Decimal(row[name]) for row in rows if row[name]), Decimal(0))
            assert Decimal(found[name] or 0) == exact, (resource.name, name)

    second = publish_ckan(package, url=ckan.url, token=ckan.token)
    assert not (second.created or second.updated or second.removed)
    # Not a single change: dates, ids, positions and the activity list are as they were.
    assert ckan.action("package_show", id=first.dataset) == dataset
    assert ckan.action("package_activity_list", id=dataset["id"], limit=100) == activities

    shutil.copytree(package.folder, tmp_path / "own")
    with (tmp_path / "own" / "data" / "glossary.csv").open("a", encoding="utf-8") as stream:
        stream.write("7a12ebf01553-99-new,7a12ebf01553,新词,新的解释,,680\n")
    third = publish_ckan(open_package(tmp_path / "own"), url=ckan.url, token=ckan.token)
    assert third.updated == ["名词解释"]
    after = ckan.action("package_show", id=first.dataset)["resources"]
    changed = [old["name"] for old, new in zip(dataset["resources"], after, strict=True)
               if old != new]  # fmt: skip
    assert changed == ["名词解释"]

    with pytest.raises(YusuanError, match="does not know this token"):
        publish_ckan(package, url=ckan.url, token="wrong")


def test_somebody_elses_dataset_and_a_file_too_large(
    ckan: Running, package: Package, tmp_path: Path
) -> None:
    """After the first test: its dataset is there, public and whole."""
    folder = tmp_path / "large"
    shutil.copytree(package.folder, folder)
    with (folder / "data" / "glossary.csv").open("a", encoding="utf-8") as stream:
        for number in range(11_000):
            stream.write(f"7a12ebf01553-{number},7a12ebf01553,词{number},{'释' * 330},,680\n")
    large = open_package(folder)
    name = publish_ckan(package, url=ckan.url, token=ckan.token).dataset
    before = ckan.action("package_show", id=name)

    with pytest.raises(YusuanError, match="more than the portal accepts"):
        publish_ckan(large, url=ckan.url, token=ckan.token)
    after = ckan.action("package_show", id=name)
    assert (after["resources"], after["private"]) == (before["resources"], False)

    descriptor = json.loads((folder / "datapackage.json").read_text("utf-8"))
    descriptor["base"] = "https://other.example.org/"
    (folder / "datapackage.json").write_text(json.dumps(descriptor), "utf-8")
    (folder / "portals.json").unlink(missing_ok=True)
    other = open_package(folder)
    before = ckan.action("package_show", id=name)
    with pytest.raises(Occupied, match="of another publication"):
        publish_ckan(other, url=ckan.url, token=ckan.token)
    assert ckan.action("package_show", id=name) == before

    publish_ckan(
        other, url=ckan.url, token=ckan.token, dataset="others-budget",
        files_at="https://files.example.org/budget",
    )  # fmt: skip
    made = ckan.action("package_show", id="others-budget")
    (linked,) = (item for item in made["resources"] if item["url_type"] != "upload")
    assert linked["url"] == "https://files.example.org/budget/data/glossary.csv"
    rows = len(list(other.rows("glossary")))
    assert ckan.action("datastore_info", id=linked["id"])["meta"]["count"] == rows
    assert ckan.action("resource_view_list", id=linked["id"]) and not made["private"]
    again = publish_ckan(
        other, url=ckan.url, token=ckan.token, files_at="https://files.example.org/budget"
    )
    assert not (again.created or again.updated or again.removed)
