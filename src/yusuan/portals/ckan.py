"""Publish a package to a CKAN portal, again and again, changing only what changed.

While a run creates, replaces or removes files the dataset is private, and it becomes public when all
has arrived: nobody sees half of it. A run that is cut short leaves it private, and the next goes on.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from yusuan.model.errors import YusuanError
from yusuan.package import Package
from yusuan.package.validate import formula_note
from yusuan.portals.about import site_url
from yusuan.portals.ckan_client import Absent, CkanRefused, CkanTooLarge, Portal, RemotePortal
from yusuan.portals.ckan_desired import (
    DesiredResource,
    desired_dataset,
    desired_resources,
    subject_name,
)
from yusuan.portals.ckan_dictionary import datastore_rows
from yusuan.portals.ckan_identity import PublishedPlace, dataset_of, remember, remembered
from yusuan.portals.ckan_plan import (
    Step,
    TableState,
    dataset_changes,
    held_back,
    is_unfinished,
    plan_resources,
    released,
    shortcomings,
)
from yusuan.portals.profile import profile
from yusuan.schema.messages import either, message, spoken

__all__ = ["CkanReport", "publish_ckan", "synchronise"]


_TRIAL = ".trial"
"""``yusuan_path`` of the resource by which it is found out whether a portal accepts a size. Where a
run is killed, the next removes it, as it does with every file that the package does not have."""


@dataclass(slots=True)
class CkanReport:
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
            either(message(f"ckan-{outcome}", count=len(getattr(self, outcome))), " ")
            for outcome in ("created", "updated", "unchanged", "removed")
        ]
        return "\n".join([f"{self.url}: {', '.join(counts)}", *self.notes])


def publish_ckan(
    package: Package,
    *,
    url: str,
    token: str,
    organization: str | None = None,
    dataset: str | None = None,
    files_at: str | None = None,
) -> CkanReport:
    """Bring a CKAN in line with the package: organization, dataset, files, DataStore tables.

    ``organization`` is the name of an existing one; without it the department's is used and
    made if need be. ``dataset`` is the name of the dataset. Both are remembered in the package's
    settings; without them a name is made that does not change from year to year. ``files_at`` is
    the address of a folder with the package's files, such as a static site: files that the portal
    does not accept are linked there.

    Run again, it changes only what differs; run again after an interruption, it goes on. Raises
    Occupied when the dataset there is not this package's, and YusuanError when the portal cannot be
    reached, is no CKAN, or does not permit it.
    """
    settings = profile("ckan")
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        raise YusuanError("the token is empty or holds characters that no CKAN token has")
    connect, wait = settings["timeouts"]
    portal = RemotePortal(url, token, (connect, wait), settings["waits"], settings["patience"])
    kept = remembered(package, portal.url)
    place = PublishedPlace(
        dataset or kept.dataset, organization or kept.organization,
        kept.id if dataset in (None, kept.dataset) else None,
    )  # fmt: skip
    site = site_url(package, files_at) if files_at else None
    report = synchronise(package, portal, portal.url, place, site)
    if note := formula_note(package):
        report.notes.append(note)
    if re.match(
        r"http://(?!localhost[:/]|127(\.\d+){3}[:/]|\[::1\])", f"{portal.url}/", re.IGNORECASE
    ):
        report.notes.append(spoken("ckan-unencrypted"))
    return report


def synchronise(
    package: Package, portal: Portal, url: str, place: PublishedPlace, files_at: str | None = None
) -> CkanReport:
    """The same through any Portal; ``files_at`` ends in a slash."""
    status = _checked(portal, url)
    report = CkanReport(url=url, dataset="")
    organization = _organization(package, portal, url, place)
    licences = {item["id"] for item in portal.call("license_list")}
    desired = desired_dataset(package, licences)
    if place.dataset:
        desired["name"] = place.dataset
    owner = str(organization["id"]) if organization else None
    current = dataset_of(portal, place, desired, owner, url)
    datastore = "datastore" in (status.get("extensions") or ())
    if not datastore:
        report.notes.append(spoken("ckan-files-only"))
    tables = _tables(portal, current) if datastore and current else {}
    there = (current or {}).get("resources") or ()
    wanted = _linked_before(desired_resources(package), there, files_at)
    steps = plan_resources(wanted, there, tables, datastore=datastore)
    working = any(step.outcome != "unchanged" for step in steps)

    # Nothing has been changed so far.
    if organization is None:
        organization = _new_organization(package, portal, url, report)
    else:
        report.add("unchanged", organization.get("title") or organization["name"])
    desired["owner_org"] = str(organization["id"])
    before = current
    current = _dataset(portal, desired, current, url, report, hold=working)
    report.dataset = current["name"]
    report.url = f"{url}/dataset/{current['name']}"
    large = [step.wanted for step in steps if step.wanted and step.upload]
    try:
        linked = _too_large(portal, url, current["id"], large, files_at)
    except CkanTooLarge:
        _restored(portal, before, current)
        raise
    if linked:
        wanted = [linked.get(each.path, each) for each in wanted]
        steps = plan_resources(wanted, there, tables, datastore=datastore)
    try:
        remember(package, url, PublishedPlace(current["name"], organization["name"], current["id"]))
    except YusuanError as error:
        report.notes.append(spoken("ckan-not-remembered", error=error))
    for step in steps:
        _apply(step, package, portal, current["id"])
        report.add(step.outcome, step.name)
    if paths := sorted(each.path for each in wanted if each.linked):
        report.notes.append(spoken("ckan-linked", place=files_at, paths=", ".join(paths)))
    if working or is_unfinished(current):
        _finish(portal, current["id"], wanted, url, report, datastore=datastore)
    elif current.get("private"):
        report.notes.append(spoken("ckan-private"))
    return report


def _checked(portal: Portal, url: str) -> Mapping[str, Any]:
    """The portal's status, once it is known to be a CKAN that knows the token."""
    try:
        status = portal.call("status_show")
    except (Absent, CkanRefused) as error:
        raise YusuanError(f"{url}: does not answer like a CKAN; check the URL") from error
    if not isinstance(status, Mapping) or "ckan_version" not in status:
        raise YusuanError(f"{url}: does not answer like a CKAN; check the URL")
    try:
        portal.call("user_show")
    except (Absent, CkanRefused) as error:
        raise YusuanError(
            f"{url}: does not know this token; make a new one on your profile page there"
        ) from error
    return status


def _organization(
    package: Package, portal: Portal, url: str, place: PublishedPlace
) -> Mapping[str, Any] | None:
    """The organization that is to own the dataset; None when it has to be made."""
    found: Mapping[str, Any]
    try:
        found = portal.call(
            "organization_show", {"id": place.organization or subject_name(package)[0]}
        )
    except Absent as error:
        if not place.organization:
            return None
        raise YusuanError(
            f"{url}: there is no organization {place.organization!r}; make it there first, or "
            "leave it out to have one made for the department"
        ) from error
    if (found.get("state") or "active") != "active":
        raise YusuanError(f"{url}: the organization {found['name']!r} was deleted there")
    return found


def _new_organization(
    package: Package, portal: Portal, url: str, report: CkanReport
) -> Mapping[str, Any]:
    name, title = subject_name(package)
    made: Mapping[str, Any]
    try:
        made = portal.call(
            "organization_create", {"name": name, "title": title},
            found=lambda: _organization(package, portal, url, PublishedPlace()),
        )  # fmt: skip
    except CkanRefused as refused:
        raise YusuanError(
            f"{url}: the token does not permit making the organization {name!r}; have the "
            "portal's administrator make it, or name an existing organization"
        ) from refused
    report.add("created", title)
    return made


def _dataset(
    portal: Portal,
    desired: Mapping[str, Any],
    current: Mapping[str, Any] | None,
    url: str,
    report: CkanReport,
    *,
    hold: bool,
) -> Mapping[str, Any]:
    """The dataset as it is after its own fields were created or brought in line.

    ``hold``: it is private from now on, until it is finished.
    """
    if current is None:
        report.add("created", desired["title"])
        extras = [{"key": key, "value": value} for key, value in desired["extras"].items()]
        tags = [{"name": name} for name in desired["tags"]]
        created: Mapping[str, Any] = portal.call(
            "package_create", held_back({}, {**desired, "extras": extras, "tags": tags}),
            found=lambda: dataset_of(portal, PublishedPlace(), desired, desired["owner_org"], url),
        )  # fmt: skip
        _is_private(portal, created["id"], url, new=True)
        return created
    changes = dataset_changes(desired, current)
    report.add("updated" if changes else "unchanged", desired["title"])
    if hold:
        changes = held_back(current, changes)
    if changes:
        portal.call("package_patch", {"id": current["id"], **changes})
    if hold:
        _is_private(portal, current["id"], url, new=False)
    return {**current, **changes}


def _is_private(portal: Portal, id_: str, url: str, *, new: bool) -> None:
    """Raise YusuanError unless the portal keeps the dataset private, as it was asked to."""
    if portal.call("package_show", {"id": id_}).get("private") is True:
        return
    if new:
        with suppress(Absent):
            portal.call("package_delete", {"id": id_})
    raise YusuanError(
        f"{url}: the portal does not keep a dataset private while it is filled; nothing was "
        "published; ask its administrator to permit private datasets"
    )


def _linked_before(
    desired: Sequence[DesiredResource], there: Sequence[Mapping[str, Any]], files_at: str | None
) -> list[DesiredResource]:
    """The resources, as links those that are unchanged and linked to the same place already."""
    known = {each.get("yusuan_path"): each for each in there}
    wanted = []
    for each in desired:
        link, current = each.at(files_at) if files_at else each, known.get(each.path, {})
        same = (
            current.get("hash") == each.fields["hash"]
            and current.get("url") == link.fields.get("url")
        )  # fmt: skip
        wanted.append(link if same else each)
    return wanted


def _too_large(
    portal: Portal,
    url: str,
    dataset: str,
    uploads: Sequence[DesiredResource],
    files_at: str | None,
) -> dict[str, DesiredResource]:
    """Of the files to upload, those that the portal does not accept, as links by their paths.

    CKAN tells nobody its limit (``ckan.max_resource_size``), so the largest file is sent on trial,
    and if it is refused the next. Raises TooLarge where there is nowhere to link to.
    """
    linked: dict[str, DesiredResource] = {}
    for each in sorted(uploads, key=lambda each: -each.size):
        if each.size <= profile("ckan")["tried_above"] or _accepts(portal, dataset, each):
            break
        if not files_at:
            raise CkanTooLarge(
                f"{url}: {each.path} has {each.size / 1e6:.1f} MB, more than the portal accepts; "
                "put the package's files on the web (`yusuan publish static`) and give their "
                "address with --files-at, or have its administrator raise ckan.max_resource_size"
            )
        linked[each.path] = each.at(files_at)
    return linked


def _accepts(portal: Portal, dataset: str, wanted: DesiredResource) -> bool:
    """Whether the portal takes a file of this size. One that closes the line on it twice does not."""
    cuts = 0

    def arrived() -> Any:
        nonlocal cuts
        cuts += 1
        return _resource(portal, dataset, _TRIAL) or ({} if cuts > 1 else None)

    try:
        trial = portal.call(
            "resource_create",
            {"package_id": dataset, "name": wanted.file.name, "yusuan_path": _TRIAL},
            wanted.upload, found=arrived,
        )  # fmt: skip
    except CkanTooLarge:
        return False
    if trial:
        with suppress(Absent):
            portal.call("resource_delete", {"id": trial["id"]})
    return bool(trial)


def _restored(portal: Portal, before: Mapping[str, Any] | None, current: Mapping[str, Any]) -> None:
    """Undo what holding a dataset back has done, where nothing else was done yet."""
    if before is None or before.get("state") == "deleted":
        with suppress(Absent):
            portal.call("package_delete", {"id": current["id"]})
    elif not is_unfinished(before) and (changes := released(current)):
        portal.call("package_patch", {"id": current["id"], **changes})


def _tables(portal: Portal, dataset: Mapping[str, Any]) -> dict[str, TableState]:
    """The DataStore tables of the dataset's resources."""
    states = {}
    for resource in dataset.get("resources") or ():
        if not resource.get("datastore_active"):
            continue
        try:
            info = portal.call("datastore_info", {"id": resource["id"]})
        except Absent:
            continue
        fields = tuple(
            {"id": item["id"], "type": item["type"], "info": item.get("info") or {}}
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
        with suppress(Absent):  # it was, if the first answer was lost
            portal.call("resource_delete", {"id": step.id})
        return
    wanted, id_ = step.wanted, step.id
    if id_ is None:
        fields = {**wanted.fields, "hash": ""} if step.load else wanted.fields
        created = portal.call(
            "resource_create", {"package_id": dataset, **fields},
            None if wanted.linked else wanted.upload,
            found=lambda: _resource(portal, dataset, wanted.path),
        )  # fmt: skip
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
    sent = 0
    for records in datastore_rows(package, resource):
        sent += len(records)
        portal.call("datastore_upsert", {
            "resource_id": id_, "force": True, "method": "insert", "records": records,
            "calculate_record_count": True,
        }, found=partial(_holds, portal, id_, sent))  # fmt: skip


def _holds(portal: Portal, id_: str, rows: int) -> bool | None:
    """True when the DataStore has so many rows."""
    return _count(portal, id_) == rows or None


def _count(portal: Portal, id_: str) -> int:
    return int(portal.call("datastore_info", {"id": id_})["meta"]["count"])


def _resource(portal: Portal, dataset: str, path: str) -> Mapping[str, Any] | None:
    """The resource of a file of the package."""
    resources: Sequence[Mapping[str, Any]]
    resources = portal.call("package_show", {"id": dataset}).get("resources") or ()
    return next((each for each in resources if each.get("yusuan_path") == path), None)


def _finish(
    portal: Portal,
    dataset: str,
    wanted: Sequence[DesiredResource],
    url: str,
    report: CkanReport,
    *,
    datastore: bool,
) -> None:
    """Compare what arrived with what was sent, see to the previews, and make the dataset public.

    Raises YusuanError when something is missing; then it stays private.
    """
    current = portal.call("package_show", {"id": dataset})
    resources = {each.get("yusuan_path"): each for each in current.get("resources") or ()}
    counts, previewed = {}, True
    for each in wanted if datastore else ():
        if each.table and each.path in resources:
            id_ = resources[each.path]["id"]
            try:
                counts[id_] = _count(portal, id_)
            except Absent:
                counts[id_] = 0
    if missing := shortcomings(wanted, current.get("resources") or (), counts):
        raise YusuanError(
            f"{url}: not all arrived ({'; '.join(missing[:5])}); the dataset stays private, run again"
        )
    for id_ in counts:
        resource = next(each for each in resources.values() if each["id"] == id_)
        previewed = _preview(portal, resource, current) and previewed
    if not previewed:
        report.notes.append(spoken("ckan-no-previews"))
    changes = released(current)
    if changes:
        portal.call("package_patch", {"id": dataset, **changes})
    if changes and portal.call("package_show", {"id": dataset}).get("private"):
        raise YusuanError(
            f"{url}: all arrived, but the portal keeps the dataset private; run again"
        )
    if not changes and current.get("private"):
        report.notes.append(spoken("ckan-private"))


def _preview(portal: Portal, resource: Mapping[str, Any], dataset: Mapping[str, Any]) -> bool:
    """Whether a table has a preview, after the portal's default ones were made."""

    def views() -> Any:
        return portal.call("resource_view_list", {"id": resource["id"]}) or None

    if views():
        return True
    data = {"resource": resource, "package": dataset, "create_datastore_views": True}
    try:
        portal.call("resource_create_default_resource_views", data, found=views)
    except CkanRefused:
        return False
    return bool(views())
