"""A CKAN in memory: the actions that publishing calls, and nothing clever."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from yusuan.model.errors import YusuanError
from yusuan.portals.ckan_client import Absent, CkanRefused, CkanTooLarge

READING = ("_show", "_list", "_info")


class FakeCKAN:
    """Implements Portal. ``writes`` are the calls that changed something, in order."""

    def __init__(
        self,
        *,
        token_known: bool = True,
        may_create_organizations: bool = True,
        datastore: bool = True,
        is_ckan: bool = True,
        most_bytes: int = 10_000_000,
        views: bool = True,
    ) -> None:
        self.most_bytes = most_bytes
        self.previews = views
        self.views: dict[str, list[dict[str, Any]]] = {}
        self.token_known = token_known
        self.may_create_organizations = may_create_organizations
        self.datastore = datastore
        self.is_ckan = is_ckan
        self.organizations: dict[str, dict[str, Any]] = {}
        self.datasets: dict[str, dict[str, Any]] = {}
        self.files: dict[str, bytes] = {}
        self.tables: dict[str, dict[str, Any]] = {}
        self.writes: list[tuple[str, str]] = []
        self.seen: list[dict[str, Any]] = []
        """Each dataset as visitors could see it, after each write."""
        self.fail_on: str | None = None
        self._ids = (f"id-{number}" for number in itertools.count(1))

    def call(
        self,
        action: str,
        data: Mapping[str, Any] | None = None,
        upload: tuple[str, Path, str] | None = None,
        found: Callable[[], Any] | None = None,
    ) -> Any:
        values = dict(data or {})
        if action == self.fail_on:
            raise ConnectionError("the line was cut")
        if not action.endswith(READING):
            self.writes.append((action, str(values.get("name") or values.get("id"))))
        result = getattr(self, action)(values, upload)
        if not action.endswith(READING):
            self.seen += [copy.deepcopy(each) for each in self.datasets.values()
                          if not each.get("private")]  # fmt: skip
        return copy.deepcopy(result)

    @property
    def dataset(self) -> dict[str, Any]:
        """The only dataset."""
        (dataset,) = self.datasets.values()
        return dataset

    def resource(self, path: str) -> dict[str, Any]:
        """The resource of a file of the package."""
        return next(item for item in self.dataset["resources"] if item["yusuan_path"] == path)

    def status_show(self, data: Any, upload: Any) -> Any:
        extensions = ["datastore"] if self.datastore else []
        return {"ckan_version": "2.12", "extensions": extensions} if self.is_ckan else "welcome"

    def user_show(self, data: Any, upload: Any) -> Any:
        if not self.token_known:
            raise Absent("not found")
        return {"name": "editor"}

    def license_list(self, data: Any, upload: Any) -> Any:
        return [{"id": "notspecified"}, {"id": "cc-by"}]

    def organization_show(self, data: Any, upload: Any) -> Any:
        return self._found(self.organizations, data["id"])

    def organization_create(self, data: Any, upload: Any) -> Any:
        if not self.may_create_organizations:
            raise CkanRefused("no")
        if data["name"] in self.organizations:
            raise YusuanError("name: Group name already exists in database")
        self.organizations[data["name"]] = {"id": next(self._ids), **data}
        return self.organizations[data["name"]]

    def package_show(self, data: Any, upload: Any) -> Any:
        return self._found(self.datasets, data["id"])

    def package_create(self, data: Any, upload: Any) -> Any:
        if data["name"] in self.datasets:
            raise YusuanError("name: That URL is already in use.")
        self.datasets[data["name"]] = {"id": next(self._ids), "resources": [], **data}
        return self.datasets[data["name"]]

    def package_patch(self, data: Any, upload: Any) -> Any:
        dataset = self._found(self.datasets, data["id"])
        dataset.update({key: value for key, value in data.items() if key != "id"})
        return dataset

    def package_delete(self, data: Any, upload: Any) -> Any:
        del self.datasets[self._found(self.datasets, data["id"])["name"]]

    def resource_create(self, data: Any, upload: Any) -> Any:
        self._fits(upload)
        resources = self._found(self.datasets, data["package_id"])["resources"]
        resource = {"id": next(self._ids), "datastore_active": False, **data}
        resources.append(resource)
        return self._stored(resource, upload)

    def resource_patch(self, data: Any, upload: Any) -> Any:
        self._fits(upload)
        resource = self._resource(data["id"])
        resource.update(data)
        return self._stored(resource, upload)

    def _fits(self, upload: Any) -> None:
        if upload and upload[1].stat().st_size > self.most_bytes:
            raise CkanTooLarge("too large")

    def _stored(self, resource: dict[str, Any], upload: Any) -> Any:
        if upload:
            content = self.files[resource["id"]] = upload[1].read_bytes()
            resource.update(url_type="upload", url=f"/download/{upload[0]}", size=len(content))
        return resource

    def resource_delete(self, data: Any, upload: Any) -> Any:
        resource = self._resource(data["id"])
        for dataset in self.datasets.values():
            if resource in dataset["resources"]:
                dataset["resources"].remove(resource)
        self.tables.pop(data["id"], None)

    def resource_view_list(self, data: Any, upload: Any) -> Any:
        return self.views.get(data["id"], [])

    def resource_create_default_resource_views(self, data: Any, upload: Any) -> Any:
        resource = self._resource(data["resource"]["id"])
        if self.previews and data["create_datastore_views"] and resource["datastore_active"]:
            self.views.setdefault(resource["id"], []).append({"id": next(self._ids)})
        return self.views.get(resource["id"], [])

    def datastore_info(self, data: Any, upload: Any) -> Any:
        table = self._found(self.tables, data["id"])
        fields = [{"id": "_id", "type": "int"}, *table["fields"]]
        return {"meta": {"count": len(table["records"])}, "fields": fields}

    def datastore_create(self, data: Any, upload: Any) -> Any:
        self.tables[data["resource_id"]] = {**data, "records": []}
        self._resource(data["resource_id"])["datastore_active"] = True

    def datastore_upsert(self, data: Any, upload: Any) -> Any:
        table = self.tables[data["resource_id"]]
        (key,) = table["primary_key"]
        if {each[key] for each in table["records"]} & {each[key] for each in data["records"]}:
            raise YusuanError("duplicate key value violates unique constraint")
        table["records"] += data["records"]

    def datastore_delete(self, data: Any, upload: Any) -> Any:
        if data["resource_id"] not in self.tables:
            raise Absent("not found")
        del self.tables[data["resource_id"]]

    def _resource(self, id_: str) -> dict[str, Any]:
        for dataset in self.datasets.values():
            for resource in dataset["resources"]:
                if resource["id"] == id_:
                    return resource
        raise Absent("not found")

    def _found(self, items: dict[str, dict[str, Any]], key: str) -> dict[str, Any]:
        for name, item in items.items():
            if key in (name, item.get("id")):
                return item
        raise Absent("not found")
