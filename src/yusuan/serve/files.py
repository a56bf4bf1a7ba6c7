"""The files of the package for download: what the descriptor lists, and the RDF beside it."""

from __future__ import annotations

from pathlib import Path

from yusuan.serve.site import Site

__all__ = ["package_file"]

_TEXT = {
    ".csv": "text/csv; charset=utf-8",
    ".json": "application/json",
    ".nq": "application/n-quads",
    ".ttl": "text/turtle; charset=utf-8",
}
_ALWAYS = ("datapackage.json", "csv-metadata.json", "graph/budget.nq")


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
    # A published HTML file must not run as a page of this site.
    plain = types.get(path) or "application/octet-stream"
    if plain.startswith("text/") or plain.startswith("application/xhtml"):
        plain = "text/plain"
    return file, _TEXT.get(file.suffix, plain)
