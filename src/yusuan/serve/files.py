"""The files of the package for download: what the descriptor lists, and the RDF beside it."""

from __future__ import annotations

import re
from pathlib import Path

from yusuan.model.errors import YusuanError
from yusuan.serve.site import Site

__all__ = ["package_file"]

_PASSIVE = {
    ".csv": "text/csv; charset=utf-8",
    ".json": "application/json",
    ".trig": "application/trig",
    ".ttl": "text/turtle; charset=utf-8",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
}
"""What a browser may show: none of these runs a script of ours. What a descriptor says of a file is
not asked, for the file is as foreign as the descriptor."""
_TEXTS = frozenset({
    "txt", "md", "htm", "html", "xhtml", "xht", "xml", "svg", "mht", "mhtml", "js", "mjs", "css",
    "xsl", "xslt", "rss", "atom",
})  # fmt: skip
_CHARSET = re.compile(r"[A-Za-z0-9._-]{1,40}")
_ALWAYS = ("datapackage.json", "csv-metadata.json", "graph/budget.trig")


def package_file(site: Site, path: str) -> tuple[Path, str, bool] | None:
    """A file of the package, its media type, and whether it is to be saved rather than shown.

    None for anything that is not published: only names that are listed are looked up, and only
    regular files within the package are found.
    """
    listed = {item["path"] for item in site.package.descriptor["resources"]}
    turtle = {f"graph/{each.name}" for each in (site.package.folder / "graph").glob("*.ttl")}
    if path not in listed and path not in _ALWAYS and path not in turtle:
        return None
    try:
        file = site.package.file(path)
    except YusuanError:
        return None
    suffix = file.suffix.lower()
    if suffix in _PASSIVE:
        return file, _PASSIVE[suffix], False
    if suffix.removeprefix(".") in _TEXTS:  # a published HTML page is shown as its text
        charset = _charset(site, file.stem)
        return file, f"text/plain; charset={charset}", False
    return file, "application/octet-stream", True


def _charset(site: Site, document: str) -> str:
    rows = site.rows("select encoding from documents where document = ?", [document])
    name = str(rows[0]["encoding"]) if rows else ""
    return name if _CHARSET.fullmatch(name) else "utf-8"
