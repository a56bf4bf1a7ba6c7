"""Datasette's metadata, derived: titles and keys from the schemas, licence from the package."""

from __future__ import annotations

from string import Template
from typing import Any

from yusuan.database.sqlite import CorrectedView, column_names, corrected_views
from yusuan.narrative.subjects import equal_cells
from yusuan.package import Package
from yusuan.schema import Resource, catalogue, data_path, read_yaml
from yusuan.schema.messages import Texts, message
from yusuan.serve.corrected import view_title
from yusuan.serve.display import CORRECTED, column, resource_of, settings, table_settings
from yusuan.serve.questions import question_of, questions

__all__ = ["DATABASE", "canned_queries", "metadata", "words_of"]

DATABASE = "budget"
"""Datasette names a database after its file, ``budget.db``."""


def metadata(package: Package) -> dict[str, Any]:
    """The whole metadata of the site of a package."""
    about = package.descriptor
    licence: dict[str, str] = next(iter(about.get("licenses", ())), {})
    sources = about.get("sources", ())
    described = {
        "title": about["title"],
        "description": about["description"],
        "license": licence.get("title") or licence.get("name"),
        "license_url": licence.get("path"),
        "source": _sources(sources),
    }
    described = {key: value for key, value in described.items() if value}
    return {
        **described,
        "databases": {
            DATABASE: {
                **described,
                "tables": {each.sql_name: _table(each) for each in catalogue().resources}
                | {each.name: _view(each) for each in corrected_views()},
                "queries": canned_queries(),
            }
        },
    }


def canned_queries() -> dict[str, dict[str, str | bool]]:
    """The queries of ``publish/datasette/queries.yaml``, then the questions across departments."""
    own: dict[str, dict[str, str | bool]] = {
        name: {
            "title": query["title"],
            "description": query["description"],
            "sql": Template(query["sql"]).safe_substitute(subjects=_subjects()).strip(),
            "hide_sql": True,
        }
        for name, query in settings("queries")["queries"].items()
    }
    asked: dict[str, dict[str, str | bool]] = {
        question.name: {
            "title": question.title,
            "description": question.note,
            "sql": question.sql.strip(),
            "hide_sql": True,
        }
        for question in questions()
    }
    return own | asked


def _table(resource: Resource) -> dict[str, Any]:
    display = table_settings(resource)
    described: dict[str, Any] = {
        "title": resource.title,
        "description": resource.description or "",
        "columns": {name: _column(resource, name) for name in column_names(resource)},
        "facets": display.get("facets", []),
        **{key: display[key] for key in ("sort", "sort_desc", "size") if key in display},
    }
    if resource.label_field:
        described["label_column"] = resource.label_field
    return described


def _view(view: CorrectedView) -> dict[str, Any]:
    """A view has the columns of its resource, and no key that rows could be addressed by."""
    names = [*column_names(view.resource), *CORRECTED]
    return {
        "title": view_title(view.name)[0],
        "description": _of_view(view)[0],
        "columns": {name: _described(name, view.name) for name in names},
        "facets": ["is_corrected"],
    }


def _of_view(view: CorrectedView) -> Texts:
    resource = view.resource
    return message(
        "view-described", title=(resource.title, resource.title_en), name=resource.sql_name
    )


def words_of(name: str) -> tuple[Texts, Texts] | None:
    """The title and the description of a table, view or query of ours in both languages; None for any
    other.

    >>> words_of("revenue_summary")[0][1], words_of("question-cofog")[0][0], words_of("sqlite_master")
    ('Summary of revenue', '钱用于哪些政府职能（COFOG）？', None)
    """
    if resource := resource_of(name):
        described = (resource.description or "", resource.description_en or "")
        return (resource.title, resource.title_en), described
    if view := next((each for each in corrected_views() if each.name == name), None):
        return view_title(name), _of_view(view)
    if question := question_of(name):
        return (question.title, question.title_en), (question.note, question.note_en)
    if query := settings("queries")["queries"].get(name):
        described = (query["description"], query["description@en"])
        return (query["title"], query["title@en"]), described
    return None


def _described(name: str, table: str) -> str:
    each = column(name, table)
    return " ".join(filter(None, (each.title, each.description)))


def _column(resource: Resource, name: str) -> str:
    return _described(name, resource.sql_name)


def _sources(sources: list[dict[str, str]]) -> str:
    if len(sources) <= 1:
        return "".join(source["title"] for source in sources)
    return f"{sources[0]['title']} 等 {len(sources)} 个公开文件"


def _subjects() -> str:
    """SQL rows of the narrative's subjects that must equal a table cell."""
    rows = []
    for subject in read_yaml(data_path("schemas", "narrative.yaml"))["subjects"]:
        for cell in equal_cells(subject)[:1]:
            for row in cell["row"] if isinstance(cell["row"], list) else [cell["row"]]:
                values = (subject["id"], subject["title"], cell["table"], row, cell["column"])
                rows.append(
                    "(" + ", ".join("'" + str(v).replace("'", "''") + "'" for v in values) + ")"
                )
    return ",\n  ".join(rows)
