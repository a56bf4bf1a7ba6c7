"""A folder that any web server can host: the package, Parquet, pages for people, metadata.

The pages are rendered from the templates in ``publish/static``; that of the vocabulary has an entry
for each of its terms. The finished folder takes its place as a whole or not at all.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import duckdb
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from yusuan.files.atomic import whole_folder
from yusuan.files.resolve import without_links
from yusuan.graph.prefixes import VOCABULARY
from yusuan.graph.vocabulary import VocabularyTerm, vocabulary_terms, vocabulary_version
from yusuan.lexicon.units import unit_name
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
from yusuan.portals.documents import (
    BudgetView,
    DocumentView,
    budget_views,
    document_views,
    largest_first,
    worst_first,
)
from yusuan.portals.files import PublishedFile, describe, package_files
from yusuan.portals.profile import profile
from yusuan.presentation import grouped, leading_figures, money, values_of
from yusuan.reports.feed import FEED, as_atom, feed_entries
from yusuan.schema import Resource, catalogue, data_path
from yusuan.schema.messages import message

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
                            vocabulary_terms(package))  # fmt: skip
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
    entries = "".join(f"  <url><loc>{escape(address)}</loc></url>\n" for address in addresses)
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
    scales = dict.fromkeys((field.name for field in resource.fields), _SCALE)
    numbers = [field.name for field in resource.fields if field.type == "number"]
    count = 0
    for row in package.rows(resource.name):
        count += 1
        for name in numbers:
            scales[name] = max(scales[name], len(row[name].partition(".")[2]))
    return scales, count


def _type(kind: str, scale: int) -> str:
    return f"DECIMAL({_PRECISION}, {scale})" if kind == "number" else _TYPES.get(kind, "VARCHAR")


def _name(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def write_pages(
    folder: Path,
    about: PackageDescription,
    budgets: Sequence[BudgetView],
    documents: Sequence[DocumentView],
    files: Sequence[PublishedFile],
    dataset: dict[str, Any],
    counts: dict[str, int],
    terms: Sequence[VocabularyTerm],
) -> list[str]:
    """Write index.html, one page per document (and per text source), and the style sheet.

    The vocabulary gets a page as well, of its ``terms``.

    ``counts`` gives the rows of each resource. Returns the paths of the pages. All links are
    relative, so that the site works below any path and from a disk.
    """
    templates = data_path("publish", "static")
    environment = _environment(templates)
    settings = profile("static")
    shared = {
        "about": about,
        "documents": documents,
        "departments": {row["department"]: row for row in about.departments},
        "verdicts": values_of("verdict"),
        "message": message,
        "limits": {"projects": settings["projects"], "findings": settings["findings"]},
    }
    (folder / "documents").mkdir()
    (folder / "assets").mkdir()
    for sheet in (data_path("publish", "style", "tokens.css"), templates / "style.css"):
        shutil.copyfile(sheet, folder / "assets" / sheet.name)
    current = [view for view in documents if not view.newer]
    projects = largest_first([row for view in current for row in view.projects])
    findings = worst_first([row for view in documents for row in view.counting])
    headline = {
        row["code"]: (row["name"], row["name_en"]) for row in catalogue()["headline-figures"].rows
    }
    by_id = {view.id: view for view in documents}
    pages = {
        "index.html": environment.get_template("index.html.j2").render(
            **shared, root="", findings=findings, projects=projects,
            counts={**counts, "findings": len(findings)},  # as listed below it
            budgets=[budget for budget in budgets if not budget.record["part_of"]],
            set_aside=sum(len(view.findings) for view in documents) - len(findings),
            alone=sum(
                budget.record["kind"] == "unit" and not budget.record["part_of"]
                for budget in budgets
            ),
            parts_left_out=sum(1 for budget in budgets if budget.record["part_of"]),
            figure_names=[(code, *headline[code]) for code in leading_figures()],
            by_id=by_id,
            resources=catalogue().resources, links=_links(files),
            metadata=[file for file in files if file.resource is None],
            jsonld=Markup(embedded(dataset)),
        )
    }  # fmt: skip
    pages["vocabulary.html"] = environment.get_template("vocabulary.html.j2").render(
        **shared, root="", terms=terms, namespace=VOCABULARY, version=vocabulary_version()
    )
    for view in documents:
        pages[view.page] = environment.get_template("document.html.j2").render(
            **shared,
            root="../",
            document=view,
            links=_links(files),
            by_id=by_id,
        )
        if view.lines:
            path = f"documents/{view.id}-source.html"
            template = environment.get_template("source.html.j2")
            pages[path] = template.render(**shared, root="../", document=view)
    for path, text in pages.items():
        (folder / path).write_text(text, "utf-8")
    return list(pages)


def _environment(templates: Path) -> Environment:
    environment = Environment(
        loader=FileSystemLoader([templates, data_path("publish", "templates")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(
        grouped=grouped, money=money, size=_size, unit=lambda text: unit_name(int(text))
    )
    return environment


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
