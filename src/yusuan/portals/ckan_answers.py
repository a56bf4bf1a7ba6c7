"""What the actions of a CKAN answer, as far as publishing relies on it.

Spec: https://docs.ckan.org/en/latest/api/#action-api-reference. A portal is a stranger: what it
answers is held against these forms before anything is done with it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["checked"]

Form = Callable[[Any], None]
"""Raises ValueError, saying what is not as it should be."""


def checked(action: str, result: Any) -> Any:
    """The result of an action, which has the form that is relied on.

    Raises ValueError saying what is not as it should be.

    >>> checked("organization_show", {"id": "1"})
    Traceback (most recent call last):
    ValueError: name is no text
    """
    if form := _ANSWERS.get(action):
        form(result)
    return result


@dataclass(frozen=True, slots=True)
class _Object:
    """An object whose keys ``needed`` have these forms, and ``known`` ones where they are given."""

    needed: Mapping[str, Form]
    known: Mapping[str, Form]

    def __call__(self, value: Any) -> None:
        if not isinstance(value, dict):
            raise ValueError("no object")
        for key, form in (*self.needed.items(), *self.known.items()):
            if key in self.known and value.get(key) is None:
                continue
            try:
                form(value.get(key))
            except ValueError as error:
                raise ValueError(f"{key} is {error}") from None


def _of(kinds: type | tuple[type, ...], words: str) -> Form:
    def form(value: Any) -> None:
        if not isinstance(value, kinds) or (isinstance(value, bool) and kinds is not bool):
            raise ValueError(words)

    return form


def _list(item: Form) -> Form:
    def form(value: Any) -> None:
        if not isinstance(value, list):
            raise ValueError("no list")
        for each in value:
            item(each)

    return form


def _identifier(value: Any) -> None:
    if not isinstance(value, str) or not value or not value.isprintable():
        raise ValueError("no text")


_TEXT = _of(str, "no text")
_COUNT = _of(int, "no number")
_FLAG = _of(bool, "neither true nor false")
_RESOURCE = _Object(
    {"id": _identifier},
    {"name": _TEXT, "yusuan_path": _TEXT, "hash": _TEXT, "url": _TEXT, "url_type": _TEXT,
     "datastore_active": _FLAG},
)  # fmt: skip
_DATASET = _Object(
    {"id": _identifier, "name": _identifier},
    {
        "owner_org": _TEXT, "state": _TEXT, "private": _FLAG, "title": _TEXT,
        "resources": _list(_RESOURCE),
        "extras": _list(_Object({"key": _TEXT, "value": _TEXT}, {})),
        "tags": _list(_Object({"name": _TEXT}, {})),
    },
)  # fmt: skip
_ORGANIZATION = _Object({"id": _identifier, "name": _identifier}, {"title": _TEXT, "state": _TEXT})
_ANSWERS: Mapping[str, Form] = {
    "status_show": _Object({"ckan_version": _TEXT}, {"extensions": _list(_TEXT)}),
    "user_show": _Object({}, {}),
    "license_list": _list(_Object({"id": _TEXT}, {})),
    "organization_show": _ORGANIZATION,
    "organization_create": _ORGANIZATION,
    "package_show": _DATASET,
    "package_create": _DATASET,
    "package_patch": _DATASET,
    "resource_create": _RESOURCE,
    "resource_patch": _RESOURCE,
    "resource_view_list": _list(_Object({"id": _identifier}, {})),
    "datastore_info": _Object(
        {"meta": _Object({"count": _COUNT}, {}),
         "fields": _list(_Object({"id": _TEXT, "type": _TEXT}, {"info": _Object({}, {})}))},
        {},
    ),
}  # fmt: skip
