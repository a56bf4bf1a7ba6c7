"""What has to be done to a CKAN, from what it should hold and what it holds. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from yusuan.portals.ckan_desired import DesiredResource

__all__ = ["Step", "TableState", "dataset_changes", "plan_resources"]


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
        for key in ("title", "notes", "license_id", "owner_org")
        if _text(desired[key]) != _text(current.get(key))
    }
    if current.get("state", "active") != "active":
        changes["state"] = "active"
    extras = {item["key"]: item["value"] for item in current.get("extras", ())}
    if any(_text(extras.get(key)) != _text(value) for key, value in desired["extras"].items()):
        merged = {**extras, **desired["extras"]}
        changes["extras"] = [{"key": key, "value": value} for key, value in merged.items()]
    tags = [tag["name"] for tag in current.get("tags", ())]
    if not set(desired["tags"]) <= set(tags):
        changes["tags"] = [{"name": name} for name in dict.fromkeys([*tags, *desired["tags"]])]
    return changes


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
    upload = current.get("hash") != wanted.fields["hash"]
    describe = any(_text(current.get(key)) != _text(value) for key, value in wanted.fields.items())
    stale = has_table and not _same_table(wanted, tables.get(current["id"]))
    return Step(
        wanted, current["id"], name,
        upload=upload, describe=describe, load=stale or (upload and has_table),
    )  # fmt: skip


def _same_table(wanted: DesiredResource, state: TableState | None) -> bool:
    if wanted.table is None or state is None:
        return False
    return state.count == wanted.table.count and state.fields == wanted.table.fields


def _text(value: Any) -> str:
    """CKAN and HTTP change line ends and drop outer white space; that is no difference."""
    return str(value or "").replace("\r\n", "\n").strip()
