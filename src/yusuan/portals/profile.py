"""The portal profiles of ``publish/portals``: what differs between portals, as data."""

from __future__ import annotations

from typing import Any

from yusuan.schema import data_path, read_yaml

__all__ = ["format_of", "profile"]


def profile(name: str) -> dict[str, Any]:
    """A profile by name, e.g. ``ckan``; shared between calls, so never change it."""
    content: dict[str, Any] = read_yaml(data_path("publish", "portals", f"{name}.yaml"))
    return content


def format_of(path: str) -> dict[str, str]:
    """Label, media type and EU file type of a file, by its name or suffix.

    >>> format_of("data/facts.csv")["mediaType"], format_of("source/x.wps")["label"]
    ('text/csv', 'WPS')
    """
    formats = profile("formats")
    name = path.rsplit("/", 1)[-1]
    suffix = name.rsplit(".", 1)[-1].lower() if "." in name else ""
    known: dict[str, str] | None = formats.get(name) or formats.get(suffix)
    return known or {"label": suffix.upper() or "BIN", "mediaType": "application/octet-stream"}
