"""The HTML pages of the static site, rendered from the templates in ``publish/static``."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from yusuan.graph.prefixes import VOCABULARY
from yusuan.model.money import unit_name
from yusuan.portals.about import PackageDescription
from yusuan.portals.documents import BudgetView, DocumentView, largest_first, worst_first
from yusuan.portals.files import PublishedFile
from yusuan.portals.profile import profile
from yusuan.portals.schema_org import embedded
from yusuan.portals.vocabulary import TermDescription, vocabulary_version
from yusuan.presentation import grouped, leading_figures, money, values_of
from yusuan.schema import catalogue, data_path

__all__ = ["write_pages"]


def write_pages(
    folder: Path,
    about: PackageDescription,
    budgets: Sequence[BudgetView],
    documents: Sequence[DocumentView],
    files: Sequence[PublishedFile],
    dataset: dict[str, Any],
    counts: dict[str, int],
    terms: Sequence[TermDescription],
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
        "limits": {"projects": settings["projects"], "findings": settings["findings"]},
    }
    (folder / "documents").mkdir()
    (folder / "assets").mkdir()
    for sheet in (data_path("publish", "style", "tokens.css"), templates / "style.css"):
        shutil.copyfile(sheet, folder / "assets" / sheet.name)
    projects = largest_first([row for view in documents for row in view.projects])
    findings = worst_first([row for view in documents for row in view.findings])
    headline = {
        row["code"]: (row["name"], row["name_en"]) for row in catalogue()["headline-figures"].rows
    }
    pages = {
        "index.html": environment.get_template("index.html.j2").render(
            **shared, root="", findings=findings, projects=projects, counts=counts,
            budgets=[budget for budget in budgets if not budget.record["part_of"]],
            parts_left_out=sum(1 for budget in budgets if budget.record["part_of"]),
            figure_names=[(code, *headline[code]) for code in leading_figures()],
            by_id={view.id: view for view in documents},
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
            **shared, root="../", document=view, links=_links(files), by_id={view.id: view}
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
        loader=FileSystemLoader(templates),
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
