"""Which dataset of a portal is the package's own, and which is not to be touched.

A name is no proof: two publishers may choose the same one. What a dataset says about itself (its
base IRI, owner, departments, years and phases) is compared before anything is changed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from yusuan.files.atomic import whole_file
from yusuan.files.resolve import inside
from yusuan.model.errors import YusuanError
from yusuan.package import Package
from yusuan.package.descriptor import SETTINGS
from yusuan.portals.ckan_client import Absent, CkanRefused, Portal
from yusuan.portals.ckan_plan import extras_of
from yusuan.portals.profile import profile

__all__ = ["Occupied", "PublishedPlace", "dataset_of", "remember", "remembered"]

_MOST_BYTES = 1_000_000
_NAME = re.compile(r"[a-z0-9_-]{2,100}")
"""https://docs.ckan.org/en/latest/api/#ckan.logic.action.create.package_create, name."""


class Occupied(YusuanError):
    """The dataset on the portal is not this package's; nothing was changed."""


@dataclass(frozen=True, slots=True)
class PublishedPlace:
    """Where a package is published on a portal; what is None is left to the defaults.

    ``id`` is the dataset's, by which it is found when somebody has renamed it there.
    """

    dataset: str | None = None
    organization: str | None = None
    id: str | None = None

    def __post_init__(self) -> None:
        if self.dataset is not None and not _NAME.fullmatch(self.dataset):
            raise YusuanError(
                f"{self.dataset[:100]!r}: no name that a CKAN dataset may have; expected 2 to 100 "
                "characters of a-z, 0-9, '-' and '_'"
            )


def remembered(package: Package, url: str) -> PublishedPlace:
    """Where the package was published on this portal before.

    Raises YusuanError when the settings cannot be read.
    """
    entry = _settings(package).get(url.rstrip("/"), {})
    texts = {key: entry.get(key) for key in ("dataset", "organization", "id")}
    return PublishedPlace(
        **{key: text for key, text in texts.items() if isinstance(text, str) and text}
    )


def remember(package: Package, url: str, place: PublishedPlace) -> None:
    """Keep it in the package's settings, which are written only when they change."""
    if remembered(package, url) == place:
        return
    settings = _settings(package)
    values = {"dataset": place.dataset, "organization": place.organization, "id": place.id}
    settings[url.rstrip("/")] = {key: value for key, value in values.items() if value}
    with whole_file(package.folder / SETTINGS) as path:
        path.write_text(json.dumps(settings, ensure_ascii=False, indent=2) + "\n", "utf-8")


def _settings(package: Package) -> dict[str, dict[str, Any]]:
    if not (package.folder / SETTINGS).exists():
        return {}
    path = inside(package.folder, SETTINGS)
    try:
        settings = json.loads(path.read_bytes()) if path.stat().st_size < _MOST_BYTES else None
    except (ValueError, RecursionError):
        settings = None
    if not isinstance(settings, dict) or not all(
        isinstance(entry, dict) for entry in settings.values()
    ):
        raise YusuanError(
            f"{path}: expected an object of addresses of portals, each with the dataset; remove it, "
            "and name the dataset with --dataset"
        )
    return settings


def dataset_of(
    portal: Portal, place: PublishedPlace, desired: Mapping[str, Any], owner: str | None, url: str
) -> Mapping[str, Any] | None:
    """The dataset on the portal that is to be brought in line; None when there is none yet.

    ``owner`` is the id of the organization that is to own it, None when it does not exist. Raises
    Occupied when the dataset of that name is somebody else's, or holds what would be lost.
    """
    found = None
    for key in filter(None, (place.id, desired["name"])):
        try:
            found = portal.call("package_show", {"id": key})
            break
        except Absent:
            continue
        except CkanRefused as error:
            raise Occupied(
                f"{url}: the dataset {desired['name']!r} there is one that this token may not see; "
                "choose another name with --dataset"
            ) from error
    if found is not None and (why := _foreign(desired, found, owner)):
        raise Occupied(f"{url}: the dataset {found['name']!r} there {why}; nothing was changed")
    current: Mapping[str, Any] | None = found
    return current


def _foreign(
    desired: Mapping[str, Any], current: Mapping[str, Any], owner: str | None
) -> str | None:
    """Why a dataset is not to be touched; None when it is the package's own."""
    own, theirs, marker = desired["extras"], extras_of(current), profile("ckan")["marker"]
    other = "choose another name with --dataset"
    if marker not in theirs:
        return f"was not published by yusuan (it has no {marker}); rename it, or {other}"
    if theirs[marker] != own[marker]:
        return (f"is of another publication: its base IRI is {theirs[marker]!r}, the package's "
                f"{own[marker]!r}; {other}, or build with that --base")  # fmt: skip
    if current.get("owner_org") != owner:
        return f"belongs to another organization; name it with --organization, or {other}"
    key, blank = ("department_ids", " ") if "department_ids" in theirs else ("department", "、")
    if not _parts(own, key, blank) & _parts(theirs, key, blank):
        names = theirs.get("department") or "no department"
        return f"is about another subject ({names[:200]}); {other}"
    kept = _years(own)
    gone = [year for year in _years(theirs) if not kept or not kept[0] <= year <= kept[-1]]
    gone += sorted(_parts(theirs, "phase", "、") - _parts(own, "phase", "、"))
    if gone:
        return (f"also holds {'、'.join(gone)}, which the package does not and which would be lost; "
                f"join the packages with `yusuan link`, or {other}")  # fmt: skip
    return None


def _parts(extras: Mapping[str, str], key: str, blank: str) -> set[str]:
    return {part for part in extras.get(key, "").split(blank) if part}


def _years(extras: Mapping[str, str]) -> list[str]:
    """The first and last year of a dataset, from "2022" or "2019-2022"."""
    return re.findall(r"\d{4}", extras.get("fiscal_year", ""))
