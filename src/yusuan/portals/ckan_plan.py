"""What has to be done to a CKAN, from what it should hold and what it holds. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from yusuan.portals.ckan_desired import DesiredResource
from yusuan.portals.profile import profile

__all__ = [
    "Step",
    "TableState",
    "dataset_changes",
    "extras_of",
    "held_back",
    "is_unfinished",
    "plan_resources",
    "released",
    "shortcomings",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class TableState:
    """What the DataStore has for a resource: columns as ``(id, type, info)``, and rows."""

    fields: tuple[dict[str, Any], ...]
    count: int


@dataclass(frozen=True, slots=True)
class Step:
    """What happens to one resource; ``id`` is None for a new one.

    A step with nothing set leaves the resource alone; ``wanted`` is None for one to remove.
    """

    wanted: DesiredResource | None
    id: str | None
    name: str
    upload: bool = False
    describe: bool = False
    load: bool = False

    @property
    def outcome(self) -> str:
        if self.wanted is None:
            return "removed"
        if self.id is None:
            return "created"
        return "updated" if self.upload or self.describe or self.load else "unchanged"


def dataset_changes(desired: Mapping[str, Any], current: Mapping[str, Any]) -> dict[str, Any]:
    """The fields to patch, in CKAN's own form; empty when the dataset is as it should be.

    Extras and tags that somebody added by hand are kept.
    """
    changes: dict[str, Any] = {
        key: desired[key]
        for key in ("title", "notes", "license_id")
        if _text(desired[key]) != _text(current.get(key))
    }
    if current.get("state", "active") != "active":
        changes["state"] = "active"
    extras = extras_of(current)
    if any(_text(extras.get(key)) != _text(value) for key, value in desired["extras"].items()):
        changes["extras"] = extras_list({**extras, **desired["extras"]})
    tags = [tag["name"] for tag in current.get("tags", ())]
    if not set(desired["tags"]) <= set(tags):
        changes["tags"] = [{"name": name} for name in dict.fromkeys([*tags, *desired["tags"]])]
    return changes


def extras_of(dataset: Mapping[str, Any]) -> dict[str, str]:
    """The extras of a dataset, by key."""
    return {item["key"]: item["value"] for item in dataset.get("extras") or ()}


def extras_list(extras: Mapping[str, str]) -> list[dict[str, str]]:
    """Extras in CKAN's own form."""
    return [{"key": key, "value": value} for key, value in extras.items()]


def is_unfinished(current: Mapping[str, Any]) -> bool:
    """Whether a run that held the dataset back was cut short."""
    return profile("ckan")["unfinished"] in extras_of(current)


def held_back(current: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Changes that also make the dataset private, until ``released``; it says so itself.

    A dataset that somebody made private by hand is not marked, and so is never released.
    """
    if current.get("private") and not is_unfinished(current):
        return dict(changes)
    extras = extras_of(changes) or extras_of(current)
    extras[profile("ckan")["unfinished"]] = "true"
    return {**changes, "private": True, "extras": extras_list(extras)}


def released(current: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that make a dataset public again which was held back; empty for any other."""
    if not is_unfinished(current):
        return {}
    extras = extras_of(current)
    del extras[profile("ckan")["unfinished"]]
    return {"private": False, "extras": extras_list(extras)}


def plan_resources(
    desired: Sequence[DesiredResource],
    current: Sequence[Mapping[str, Any]],
    tables: Mapping[str, TableState],
    *,
    datastore: bool = True,
) -> list[Step]:
    """One step per resource that we publish or once published, removals last.

    ``current`` are the resources as package_show gives them, ``tables`` the DataStore by
    resource id. Resources without ``yusuan_path`` were added by hand and are no concern here.
    """
    ours = [resource for resource in current if resource.get("yusuan_path")]
    by_path: dict[str, Mapping[str, Any]] = {}
    for resource in ours:
        by_path.setdefault(resource["yusuan_path"], resource)
    steps = [
        _step(wanted, by_path.get(wanted.path), tables, datastore=datastore) for wanted in desired
    ]
    kept = {step.id for step in steps}
    removed = [
        Step(None, resource["id"], resource.get("name") or resource["yusuan_path"])
        for resource in ours
        if resource["id"] not in kept
    ]
    return steps + removed


def _step(
    wanted: DesiredResource,
    current: Mapping[str, Any] | None,
    tables: Mapping[str, TableState],
    *,
    datastore: bool,
) -> Step:
    has_table = datastore and wanted.table is not None
    name = wanted.fields["name"]
    if current is None:
        return Step(wanted, None, name, upload=True, describe=True, load=has_table)
    changed = current.get("hash") != wanted.fields["hash"]
    upload = not wanted.linked and (
        changed or current.get("url_type") != "upload" or not _whole(wanted, current)
    )
    describe = any(_text(current.get(key)) != _text(value) for key, value in wanted.fields.items())
    stale = has_table and not _same_table(wanted, tables.get(current["id"]))
    return Step(
        wanted, current["id"], name,
        upload=upload, describe=describe, load=stale or (changed and has_table),
    )  # fmt: skip


def _whole(wanted: DesiredResource, current: Mapping[str, Any]) -> bool:
    """Whether an uploaded file has the size of ours; portals that do not tell are believed."""
    size = current.get("size")
    return not isinstance(size, int) or size == wanted.size


def shortcomings(
    desired: Sequence[DesiredResource],
    current: Sequence[Mapping[str, Any]],
    counts: Mapping[str, int],
) -> list[str]:
    """What a portal lacks of what it was sent, or has besides: files by path, tables by rows;
    ``counts`` by id."""
    ours = {wanted.path for wanted in desired}
    missing = [
        f"{each['yusuan_path']}: not removed"
        for each in current
        if each.get("yusuan_path") and each["yusuan_path"] not in ours
    ]
    for wanted in desired:
        found = [each for each in current if each.get("yusuan_path") == wanted.path]
        if len(found) != 1:
            missing.append(f"{wanted.path}: {len(found)} resources instead of one")
        elif found[0].get("hash") != wanted.fields["hash"]:
            missing.append(f"{wanted.path}: another file")
        elif not wanted.linked and not _whole(wanted, found[0]):
            missing.append(f"{wanted.path}: {found[0]['size']:,} of {wanted.size:,} bytes")
        elif wanted.table and counts.get(found[0]["id"], wanted.table.count) != wanted.table.count:
            rows = counts[found[0]["id"]]
            missing.append(f"{wanted.path}: {rows:,} of {wanted.table.count:,} rows")
    return missing


def _same_table(wanted: DesiredResource, state: TableState | None) -> bool:
    if wanted.table is None or state is None:
        return False
    return state.count == wanted.table.count and state.fields == wanted.table.fields


def _text(value: Any) -> str:
    """CKAN and HTTP change line ends and drop outer white space; that is no difference."""
    return str(value or "").replace("\r\n", "\n").strip()
