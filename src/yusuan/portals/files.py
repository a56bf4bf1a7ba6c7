"""The files a portal publishes, each with what a catalogue says about it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from yusuan.facts.revisions import Superseded
from yusuan.files.resolve import inside
from yusuan.model.errors import YusuanError
from yusuan.package import Package
from yusuan.portals.profile import format_of
from yusuan.schema.messages import message

__all__ = ["PublishedFile", "describe", "fingerprint", "package_files"]

# Who writes these is another module; a package without them is still a package.
_GRAPH = "graph"
_EXTRAS = {"csv-metadata.json": "file-csvw", "budget.db": "file-database"}


@dataclass(frozen=True, slots=True)
class PublishedFile:
    """A file by its path relative to the portal's root, with POSIX slashes.

    ``resource`` is the package resource it holds, if any; ``sha256`` is 64 hex digits.
    """

    path: str
    title: str
    title_en: str
    media_type: str
    format: str
    file_type: str | None
    size: int
    sha256: str
    resource: str | None = None

    @property
    def name(self) -> str:
        return self.path.rsplit("/", 1)[-1]

    @property
    def slug(self) -> str:
        """An identifier usable in an IRI fragment, different for every path."""
        return self.path.replace("/", "-").replace(".", "-")


def package_files(package: Package) -> Iterator[PublishedFile]:
    """Every file of a package: its descriptor, data, sources, and graphs where there are any. The
    title of a superseded document says so.

    Raises YusuanError when a file the descriptor names is missing or lies outside the package.
    """
    root = package.folder
    yield describe(root, "datapackage.json", *message("file-descriptor"))
    old = {f"source-{document}" for document in Superseded.of(package.rows).documents}
    mark_zh, mark_en = message("superseded")
    for resource in package.descriptor["resources"]:
        path, title = resource["path"], resource["title"]
        title_en = resource.get("title@en", title)
        if resource["name"] in old:
            title, title_en = f"{title} {mark_zh}", f"{title_en} ({mark_en})"
        yield describe(
            root, path, title, title_en, resource["name"], media_type=resource.get("mediatype")
        )
    for path, name in _EXTRAS.items():
        if (root / path).exists():
            yield describe(root, path, *message(name))
    for graph in sorted((root / _GRAPH).glob("*")):
        if graph.suffix in (".ttl", ".trig") and not graph.is_symlink():
            name = "file-graph" if graph.suffix == ".ttl" else "file-named-graphs"
            yield describe(root, f"{_GRAPH}/{graph.name}", *message(name, name=graph.stem))


def describe(
    root: Path,
    path: str,
    title: str,
    title_en: str,
    resource: str | None = None,
    media_type: str | None = None,
) -> PublishedFile:
    """Describe one file below a root as it stands on disk."""
    known = format_of(path)
    size, digest = fingerprint(inside(root, path))
    return PublishedFile(
        path=path,
        title=title,
        title_en=title_en,
        media_type=media_type or known["mediaType"],
        format=known["label"],
        file_type=known.get("fileType"),
        size=size,
        sha256=digest,
        resource=resource,
    )


def fingerprint(path: Path) -> tuple[int, str]:
    """Bytes and SHA-256 of a file, read in pieces. Raises YusuanError when it cannot be read."""
    digest, size = hashlib.sha256(), 0
    try:
        with path.open("rb") as stream:
            while piece := stream.read(1 << 20):
                digest.update(piece)
                size += len(piece)
    except OSError as error:
        raise YusuanError(
            f"{path}: cannot be read ({error.strerror}); build the package anew"
        ) from error
    return size, digest.hexdigest()
