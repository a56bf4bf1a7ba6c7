"""Publish a package to a CKAN portal, again and again, changing only what changed."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from yusuan.model.errors import YusuanError
from yusuan.package import Package
from yusuan.portals.ckan_client import Absent, Portal, Refused, RemotePortal
from yusuan.portals.ckan_desired import (
    DesiredResource,
    desired_dataset,
    desired_resources,
    subject_name,
)
from yusuan.portals.ckan_dictionary import datastore_rows
from yusuan.portals.ckan_plan import Step, TableState, dataset_changes, plan_resources
from yusuan.portals.profile import profile

__all__ = ["Report", "publish_ckan", "synchronise"]


@dataclass(slots=True)
class Report:
    """What happened: titles of the organization, the dataset and its resources."""

    url: str
    dataset: str
    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, outcome: str, name: str) -> None:
        getattr(self, outcome).append(name)

    def __str__(self) -> str:
        counts = [
            f"新建 created {len(self.created)}", f"更新 updated {len(self.updated)}",
            f"未变 unchanged {len(self.unchanged)}", f"移除 removed {len(self.removed)}",
        ]  # fmt: skip
        return "\n".join([f"{self.url}: {', '.join(counts)}", *self.notes])


def publish_ckan(
    package: Package, *, url: str, token: str, organization: str | None = None
) -> Report:
    """Bring a CKAN in line with the package: organization, dataset, files, DataStore tables.

    ``organization`` is the name of an existing one; without it the department's is used and
    made if need be. Run again, it changes only what differs; run again after an
    interruption, it goes on. Raises YusuanError when the portal cannot be reached, is no
    CKAN, or does not permit it.
    """
    connect, wait = profile("ckan")["timeouts"]
    if not token or not token.isascii() or not token.isprintable():
        raise YusuanError("the token is empty or holds characters that no CKAN token has")
    return synchronise(package, RemotePortal(url, token, (connect, wait)), url, organization)


def synchronise(package: Package, portal: Portal, url: str, organization: str | None) -> Report:
    """The same through any Portal."""
    status = _checked(portal, url)
    report = Report(url=url, dataset="")
    owner = _organization(package, portal, url, organization, report)
    licences = {item["id"] for item in portal.call("license_list")}
    desired = {**desired_dataset(package, licences), "owner_org": owner}
    current = _dataset(portal, desired, url, report)
    report.dataset = desired["name"]
    report.url = f"{url.rstrip('/')}/dataset/{desired['name']}"
    datastore = "datastore" in status.get("extensions", ())
    if not datastore:
        report.notes.append(
            "此门户未启用 DataStore，只发布文件 / this portal has no DataStore: files only"
        )
    tables = _tables(portal, current) if datastore else {}
    steps = plan_resources(
        desired_resources(package), current.get("resources", ()), tables, datastore=datastore
    )
    for step in steps:
        _apply(step, package, portal, current["id"])
        report.add(step.outcome, step.name)
    return report


def _checked(portal: Portal, url: str) -> Mapping[str, Any]:
    """The portal's status, once it is known to be a CKAN that knows the token."""
    try:
        status = portal.call("status_show")
    except (Absent, Refused) as error:
        raise YusuanError(f"{url}: does not answer like a CKAN; check the URL") from error
    if not isinstance(status, Mapping) or "ckan_version" not in status:
        raise YusuanError(f"{url}: does not answer like a CKAN; check the URL")
    try:
        portal.call("user_show")
    except (Absent, Refused) as error:
        raise YusuanError(
            f"{url}: does not know this token; make a new one on your profile page there"
        ) from error
    return status


def _organization(
    package: Package, portal: Portal, url: str, organization: str | None, report: Report
) -> str:
    """The id of the organization that owns the dataset."""
    name, title = subject_name(package)
    try:
        found = portal.call("organization_show", {"id": organization or name})
    except Absent as error:
        if organization:
            raise YusuanError(
                f"{url}: there is no organization {organization!r}; make it there first, or "
                "leave it out to have one made for the department"
            ) from error
        try:
            found = portal.call("organization_create", {"name": name, "title": title})
        except Refused as refused:
            raise YusuanError(
                f"{url}: the token does not permit making the organization {name!r}; have the "
                "portal's administrator make it, or name an existing organization"
            ) from refused
        report.add("created", title)
    else:
        if found.get("state", "active") != "active":
            raise YusuanError(f"{url}: the organization {found['name']!r} was deleted there")
        report.add("unchanged", found.get("title") or found["name"])
    return str(found["id"])


def _dataset(
    portal: Portal, desired: Mapping[str, Any], url: str, report: Report
) -> Mapping[str, Any]:
    """The dataset as it is after its own fields were created or brought in line."""
    current: Mapping[str, Any]
    try:
        current = portal.call("package_show", {"id": desired["name"]})
    except Absent:
        extras = [{"key": key, "value": value} for key, value in desired["extras"].items()]
        tags = [{"name": name} for name in desired["tags"]]
        report.add("created", desired["title"])
        created: Mapping[str, Any] = portal.call(
            "package_create", {**desired, "extras": extras, "tags": tags}
        )
        return created
    marker = profile("ckan")["marker"]
    if not any(item["key"] == marker for item in current.get("extras", ())):
        raise YusuanError(
            f"{url}: the dataset {desired['name']!r} there was not published by yusuan "
            f"(it has no {marker}); rename or remove it first"
        )
    changes = dataset_changes(desired, current)
    if changes:
        portal.call("package_patch", {"id": current["id"], **changes})
    report.add("updated" if changes else "unchanged", desired["title"])
    return current


def _tables(portal: Portal, dataset: Mapping[str, Any]) -> dict[str, TableState]:
    """The DataStore tables of the dataset's resources."""
    states = {}
    for resource in dataset.get("resources", ()):
        if not resource.get("datastore_active"):
            continue
        try:
            info = portal.call("datastore_info", {"id": resource["id"]})
        except Absent:
            continue
        fields = tuple(
            {"id": item["id"], "type": item["type"], "info": item.get("info", {})}
            for item in info["fields"] if not item["id"].startswith("_")
        )  # fmt: skip
        states[resource["id"]] = TableState(fields, int(info["meta"]["count"]))
    return states


def _apply(step: Step, package: Package, portal: Portal, dataset: str) -> None:
    """Carry out one step.

    The hash is written last: a run that is cut short leaves a resource whose hash does not
    fit, and the next run does it again.
    """
    if step.wanted is None:
        portal.call("resource_delete", {"id": step.id})
        return
    wanted, id_ = step.wanted, step.id
    if id_ is None:
        fields = {**wanted.fields, "hash": ""} if step.load else wanted.fields
        created = portal.call("resource_create", {"package_id": dataset, **fields}, wanted.upload)
        if step.load:
            _load(portal, created["id"], package, wanted, exists=False)
            portal.call("resource_patch", {"id": created["id"], "hash": wanted.fields["hash"]})
        return
    if step.load:
        _load(portal, id_, package, wanted, exists=True)
    if step.upload or step.describe:
        upload = wanted.upload if step.upload else None
        portal.call("resource_patch", {"id": id_, **wanted.fields}, upload)


def _load(
    portal: Portal, id_: str, package: Package, wanted: DesiredResource, *, exists: bool
) -> None:
    """Fill the DataStore table anew."""
    assert wanted.table is not None
    if exists:
        with suppress(Absent):
            portal.call("datastore_delete", {"resource_id": id_, "force": True})
    resource = wanted.table.resource
    portal.call("datastore_create", {
        "resource_id": id_, "force": True, "fields": list(wanted.table.fields),
        "primary_key": [resource.primary_key],
    })  # fmt: skip
    for records in datastore_rows(package, resource):
        portal.call("datastore_upsert", {
            "resource_id": id_, "force": True, "method": "insert", "records": records,
            "calculate_record_count": True,
        })  # fmt: skip
