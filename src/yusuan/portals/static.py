"""A folder that any web server can host: the package, Parquet, pages for people, metadata."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from yusuan.package import Package
from yusuan.portals.about import about, site_url
from yusuan.portals.dcat import catalogue_jsonld, catalogue_turtle
from yusuan.portals.documents import budget_views, document_views
from yusuan.portals.files import PublishedFile, describe, package_files
from yusuan.portals.pages import write_pages
from yusuan.portals.parquet import write_parquet
from yusuan.portals.place import replaced
from yusuan.portals.schema_org import dataset_jsonld, table_jsonld
from yusuan.portals.vocabulary import vocabulary_entries
from yusuan.schema import catalogue

__all__ = ["publish_static"]


def publish_static(package: Package, out: Path, *, site: str | None = None) -> None:
    """Publish a package as a static site in the folder ``out``.

    ``site`` is the public URL the folder will be hosted at, used in the metadata and the
    sitemap; without it the package's base is. The pages themselves have relative links only.
    An earlier publication in ``out`` is replaced as a whole; the same package gives the same
    bytes. Raises YusuanError when ``out`` holds something else or cannot be written, or a
    file of the package is missing; then nothing has changed.
    """
    url = site_url(package, site)
    facts = about(package)
    with replaced(Path(out), package.folder) as folder:
        files = list(package_files(package))
        for file in files:
            target = folder / file.path
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(package.file(file.path), target)
        files += _parquet(package, folder)
        dataset = dataset_jsonld(facts, files, url)
        _write_json(folder / "dataset.jsonld", dataset)
        catalog = catalogue_jsonld(facts, files, url)
        _write_json(folder / "catalog.jsonld", catalog)
        (folder / "catalog.ttl").write_text(catalogue_turtle(catalog), "utf-8")
        (folder / "json").mkdir()
        for resource in catalogue().resources:
            _write_json(
                folder / "json" / f"{resource.name}.jsonld",
                table_jsonld(resource, facts, files, url),
            )
        budgets = budget_views(package)
        documents = list(document_views(package, facts, budgets))
        counts = {resource.name: sum(1 for _ in package.rows(resource.name))
                  for resource in catalogue().resources}  # fmt: skip
        pages = write_pages(folder, facts, budgets, documents, files, dataset, counts,
                            vocabulary_entries(package))  # fmt: skip
        _write_sitemap(folder, pages, url)


def _parquet(package: Package, folder: Path) -> list[PublishedFile]:
    (folder / "parquet").mkdir()
    return [
        describe(folder, f"parquet/{path.name}", resource.title, resource.title_en, resource.name)
        for resource, path in write_parquet(package, folder / "parquet")
    ]


def _write_json(path: Path, document: dict[str, Any]) -> None:
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", "utf-8")


def _write_sitemap(folder: Path, pages: Sequence[str], url: str) -> None:
    """``sitemap.xml`` (https://www.sitemaps.org/protocol.html) and ``robots.txt``."""
    addresses = [url + ("" if page == "index.html" else page) for page in pages]
    entries = "".join(f"  <url><loc>{escape(address)}</loc></url>\n" for address in addresses)
    (folder / "sitemap.xml").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
        f"{entries}</urlset>\n",
        "utf-8",
    )
    (folder / "robots.txt").write_text(f"User-agent: *\nAllow: /\nSitemap: {url}sitemap.xml\n")
