"""A folder that any web server can host: the package, Parquet, pages for people, metadata.

The pages are the views of the explorer (``yusuan.portals.pages``), from the templates of the served
site. The finished folder takes its place as a whole or not at all.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape as xml_text

import duckdb
from markupsafe import Markup, escape

from yusuan.explorer.home import home_page
from yusuan.files.atomic import whole_folder
from yusuan.files.resolve import without_links
from yusuan.graph.prefixes import VOCABULARY
from yusuan.graph.vocabulary import vocabulary_terms, vocabulary_version
from yusuan.model.errors import YusuanError
from yusuan.package import Package
from yusuan.portals.about import PackageDescription, about, site_url
from yusuan.portals.dcat import (
    catalogue_jsonld,
    catalogue_turtle,
    dataset_jsonld,
    embedded,
    table_jsonld,
)
from yusuan.portals.files import PublishedFile, describe, package_files
from yusuan.portals.pages import SiteKeys, StaticPages, package_rows, site_views
from yusuan.portals.profile import profile
from yusuan.portals.search_files import write_search_files
from yusuan.reports.feed import FEED, as_atom, feed_entries
from yusuan.schema import Resource, catalogue, data_path

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
        pages = write_pages(folder, package, facts, files, dataset)
        _write_sitemap(folder, pages, url)
        feed = as_atom(package, feed_entries(package), url, "documents/{document}.html", "")
        (folder / FEED).write_bytes(feed)


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
    entries = "".join(f"  <url><loc>{xml_text(address)}</loc></url>\n" for address in addresses)
    (folder / "sitemap.xml").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
        f"{entries}</urlset>\n",
        "utf-8",
    )
    (folder / "robots.txt").write_text(f"User-agent: *\nAllow: /\nSitemap: {url}sitemap.xml\n")


_MARKERS = ("datapackage.json", "dataset.jsonld")


@contextmanager
def replaced(out: Path, package: Path) -> Iterator[Path]:
    """A new folder to write into, which takes the place of ``out`` when the block succeeds.

    Raises YusuanError when ``out`` holds anything but an earlier publication, or overlaps
    the package. When the block fails ``out`` stays as it was.
    """
    out = without_links(out)
    _check(out, package.resolve())
    with whole_folder(out) as folder:
        yield folder


def _check(out: Path, package: Path) -> None:
    if out.is_relative_to(package) or package.is_relative_to(out):
        raise YusuanError(
            f"{out}: the site and the package {package} overlap; choose another folder"
        )
    if not out.exists():
        return
    if not out.is_dir():
        raise YusuanError(f"{out}: is a file; choose a folder")
    if any(out.iterdir()) and not all((out / marker).is_file() for marker in _MARKERS):
        raise YusuanError(
            f"{out}: not empty, and not a site that yusuan published "
            f"({' and '.join(_MARKERS)} are not both there); choose an empty folder"
        )


_PRECISION = 38
# Six digits hold a fen (1/100 yuan) printed in units of ten thousand yuan, so that all
# packages share one schema; a column that needs more gets as many as it needs.
_SCALE = 6
_TYPES = {"integer": "BIGINT", "boolean": "BOOLEAN", "date": "DATE"}


def write_parquet(package: Package, folder: Path) -> list[tuple[Resource, Path]]:
    """Write ``NAME.parquet`` for every resource into an empty folder.

    Numbers become DECIMAL(38, 6 or more), integers BIGINT, dates DATE, booleans BOOLEAN,
    everything else VARCHAR; an empty cell is null. The rows keep their order.
    """
    written = []
    # One thread and insertion order: the same package must give the same bytes.
    with duckdb.connect(config={"threads": 1, "autoinstall_known_extensions": False}) as database:
        for resource in catalogue().resources:
            path = folder / f"{resource.name}.parquet"
            _write(database, package, resource, path)
            written.append((resource, path))
    return written


def _write(
    database: duckdb.DuckDBPyConnection, package: Package, resource: Resource, path: Path
) -> None:
    # Reading the rows here too checks the header, and tells how many digits a column needs.
    scales, count = _measure(package, resource)
    columns = ", ".join(
        f"CAST({_name(field.name)} AS {_type(field.type, scales[field.name])}) "
        f"AS {_name(field.name)}"
        for field in resource.fields
    )
    read = ", ".join(f"{_text(field.name)}: 'VARCHAR'" for field in resource.fields)
    source = (
        f"read_csv({_text(str(package.file(resource.path)))}, auto_detect=false, header=true, "
        f"delim=',', quote='\"', escape='\"', nullstr='', parallel=false, "
        f"max_line_size=100000000, columns={{{read}}})"
    )
    try:
        database.execute(
            f"COPY (SELECT {columns} FROM {source}) TO {_text(str(path))} "
            "(FORMAT parquet, COMPRESSION zstd)"
        )
        row = database.execute(f"SELECT count(*) FROM {_text(str(path))}").fetchone()
    except duckdb.Error as error:
        raise YusuanError(
            f"{package.folder / resource.path}: cannot be written as Parquet: "
            f"{str(error).splitlines()[0][:200]}; `yusuan validate` tells more"
        ) from error
    if row is None or row[0] != count:
        raise YusuanError(
            f"{package.folder / resource.path}: not all rows reached the Parquet file"
        )


def _measure(package: Package, resource: Resource) -> tuple[dict[str, int], int]:
    """Digits after the point each column needs (at least ``_SCALE``), and the row count."""
    numbers = {
        place: field.name for place, field in enumerate(resource.fields) if field.type == "number"
    }
    scales = dict.fromkeys((field.name for field in resource.fields), _SCALE)
    count = 0
    for rows in package.batches(resource.name):
        count += len(rows)
        for place, name in numbers.items():
            longest = max(len(row[place].partition(".")[2]) for row in rows)
            scales[name] = max(scales[name], longest)
    return scales, count


def _type(kind: str, scale: int) -> str:
    return f"DECIMAL({_PRECISION}, {scale})" if kind == "number" else _TYPES.get(kind, "VARCHAR")


def _name(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def write_pages(
    folder: Path,
    package: Package,
    about: PackageDescription,
    files: Sequence[PublishedFile],
    dataset: dict[str, Any],
) -> list[str]:
    """Write the pages, and the style sheets and scripts that they load, into a folder.

    Returns the paths of the pages. All links are relative, so that the site works below any path
    and from a disk.
    """
    for source, name in _ASSETS.items():
        target = folder / "assets" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(data_path("publish", *source.split("/")), target)
    lines = dict(_source_lines(package))
    links = _links(files)
    with package_rows(package) as data:
        keys = SiteKeys.of(data, package, lines)
        pages = StaticPages(folder, keys, {**package.descriptor, "licence": about.licence}, links)
        terms: dict[str, str] = {}
        for kind, key, view in site_views(data, keys):
            pages.write_view(kind, key, view)
            if view.kind == "glossary":
                terms |= pages.anchors(kind, view)
        (folder / "search").mkdir()
        write_search_files(folder / "search", data, pages.addresses, terms)
        counts = {
            resource.name: data.rows(f'select count(*) from "{resource.sql_name}"')[0][0]
            for resource in catalogue().resources
        }
        pages.write(
            "index", None, "index.html.j2",
            lambda language, addresses: {
                **home_page(data, language, addresses, most_budgets=profile("static")["budgets"]),
                "search_action": addresses.file("search"),
            },
            rows_of={name: f"data/{file}.csv" for name, file in _ROWS_OF.items()},
            jsonld=Markup(embedded(dataset)),
        )  # fmt: skip
    pages.write("search", None, "search.html.j2")
    pages.write(
        "data",
        None,
        "data.html.j2",
        counts=counts,
        resources=catalogue().resources,
        links=links,
        metadata=[file for file in files if file.resource is None],
        size=_size,
    )
    pages.write(
        "vocabulary", None, "vocabulary.html.j2", terms=vocabulary_terms(package),
        namespace=VOCABULARY, version=vocabulary_version(),
    )  # fmt: skip
    for record in about.documents:
        if found := lines.get(record["document"]):
            listed = "".join(
                f'<li id="L{number}">{line or "&nbsp;"}</li>\n'
                for number, line in enumerate(str(escape("\n".join(found))).split("\n"), start=1)
            )
            pages.write(
                "documents", f"{record['document']}-source", "source.html.j2", document=record,
                lines=Markup(listed), count=len(found), source=keys.sources[record["document"]],
            )  # fmt: skip
    return pages.written


_ROWS_OF = {
    "revisions": "revisions", "unrecognised": "unrecognised", "alone": "budgets", "parts": "budgets",
    "set_aside": "table-revisions",
}  # fmt: skip
"""Which file has the rows that a line of home counts."""
_ASSETS = {
    "style/tokens.css": "tokens.css", "style/explorer.css": "style/explorer.css",
    "datasette/static/yusuan.css": "yusuan.css", "static/style.css": "style.css", "static/search.js": "search.js",
    "static/downloads.js": "downloads.js",
    "charts/echarts.min.js": "charts/echarts.min.js", "charts/charts.js": "charts/charts.js",
    "charts/LICENSE.txt": "charts/LICENSE.txt", "charts/LICENSE-d3.txt": "charts/LICENSE-d3.txt",
    "charts/NOTICE.txt": "charts/NOTICE.txt",
}  # fmt: skip
"""Files of ``publish``, and what they are called below ``assets``."""


def _source_lines(package: Package) -> Iterator[tuple[str, list[str]]]:
    """The lines of the text documents, counted as the package counts them."""
    for record in package.rows("documents"):
        if not record["media_type"].startswith("text/") or not record["lines"]:
            continue
        content = package.source(record["document"]).read_bytes()
        text = content.decode(record["encoding"] or "utf-8", "replace").removeprefix("\ufeff")
        lines = text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n").split("\n")
        if len(lines) == int(record["lines"]):  # links to the wrong line would be worse than none
            yield record["document"], lines


def _links(files: Sequence[PublishedFile]) -> dict[str, list[PublishedFile]]:
    """The files of each resource, by resource name."""
    links: dict[str, list[PublishedFile]] = {}
    for file in files:
        if file.resource is not None:
            links.setdefault(file.resource, []).append(file)
    return links


def _size(count: int) -> str:
    """Bytes for people.

    >>> _size(110), _size(44467), _size(3_500_000)
    ('110 B', '43 KB', '3.3 MB')
    """
    if count < 1024:
        return f"{count} B"
    return f"{count / 1024:.0f} KB" if count < 1 << 20 else f"{count / (1 << 20):.1f} MB"
