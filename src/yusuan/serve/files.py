"""The files of the package for download: what the descriptor lists, and the RDF beside it."""

from __future__ import annotations

from pathlib import Path

from yusuan.serve.site import Site

__all__ = ["package_file"]

_TEXT = {
    ".csv": "text/csv; charset=utf-8",
    ".json": "application/json",
    ".trig": "application/trig",
    ".ttl": "text/turtle; charset=utf-8",
}
_ALWAYS = ("datapackage.json", "csv-metadata.json", "graph/budget.trig")


def package_file(site: Site, path: str) -> tuple[Path, str] | None:
    """A file of the package and its media type; None for anything that is not published.

    Only known names are looked up, so that no path leads anywhere else.
    """
    resources = site.package.descriptor["resources"]
    types = {item["path"]: item.get("mediatype") for item in resources}
    turtle = {f"graph/{each.name}" for each in (site.package.folder / "graph").glob("*.ttl")}
    if path not in types and path not in _ALWAYS and path not in turtle:
        return None
    file = site.package.folder / path
    if not file.is_file():
        return None
    media_type = types.get(path) or "application/octet-stream"
    if path.startswith("source/"):
        return file, _harmless(media_type, _encoding(site, file.stem))
    return file, _TEXT.get(file.suffix, media_type)


def _harmless(media_type: str, encoding: str | None) -> str:
    """A published HTML or SVG document must not run as a page of this site; show its text."""
    if media_type.startswith("text/") or media_type.endswith(("xml", "html")):
        return f"text/plain; charset={encoding}" if encoding else "text/plain"
    return media_type


def _encoding(site: Site, document: str) -> str | None:
    rows = site.rows("select encoding from documents where document = ?", [document])
    return rows[0]["encoding"] if rows else None
