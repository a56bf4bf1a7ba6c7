"""The data dictionary as one Markdown page: ``python -m yusuan.cli.dictionary``."""

from __future__ import annotations

import click

from yusuan.database.sqlite import CorrectedView, corrected_views
from yusuan.schema import Field, Resource, catalogue

__all__ = ["dictionary"]

_KINDS = {
    "core": "Core resources / 核心资源",
    "table": "Standard tables, as published / 标准表",
    "list": "Code lists / 代码表",
    "classification": "Classifications / 分类科目",
}


def dictionary() -> str:
    """``docs/data-dictionary.md``, generated from ``schemas/``."""
    parts = [
        "# Data dictionary\n",
        "<!-- Generated from schemas/ by `make docs`; do not edit. -->\n",
        "Money is exact. In SQLite each money column `x` is text and has a companion `x_fen`,",
        "an integer in 1/100 yuan, for sums. Table names there have `_` for `-`.\n",
    ]
    for kind, title in _KINDS.items():
        parts.append(f"## {title}\n")
        parts += [_resource(resource) for resource in catalogue().of_kind(kind)]
    parts.append("## SQL views / 视图\n")
    parts += [_view(view) for view in corrected_views()]
    return "\n".join(parts)


def _view(view: CorrectedView) -> str:
    target, by = view.resource, view.correcting
    (each,) = (c for c in by.corrects if (key := by.key_of(c.by)) and key.resource == target.name)
    changed = ", ".join(f"`{name}` (from `{other}`)" for name, other in each.columns.items())
    return (
        f"### {view.name}\n\n"
        f"`budget.db` only. The rows and columns of {target.name}; where a row of {by.name} "
        f"corrects one, {changed} and the companions in fen are the corrected ones. Besides, "
        "`is_corrected` is 0 or 1, and `correction` the key of the correction. What is published "
        f"stays as it is in `{target.sql_name}`.\n"
    )


def _resource(resource: Resource) -> str:
    lines = [f"### {resource.name}: {resource.title} / {resource.title_en}\n"]
    if resource.description:
        lines.append(f"{resource.description} {resource.description_en or ''}".rstrip() + "\n")
    lines += ["| column | type | 含义 | meaning | RDF |", "|---|---|---|---|---|"]
    lines += [_field(resource, field) for field in resource.fields]
    return "\n".join(lines) + "\n"


def _field(resource: Resource, field: Field) -> str:
    key = resource.key_of(field.name)
    kind = field.type + (f" → {key.resource or resource.name}" if key else "")
    kind += ", key" if field.name == resource.primary_key else ""
    zh = "：".join(filter(None, (field.title, field.description)))
    en = ": ".join(filter(None, (field.title_en, field.description_en)))
    cells = (f"`{field.name}`", kind, zh, en, field.property_url or _said_in(resource, field))
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _said_in(resource: Resource, field: Field) -> str:
    """The IRI that holds a column without a property of its own, if one does."""
    own = [(link.property_url, link.value_url) for link in resource.links if not link.about_url]
    for predicate, template in (("", resource.about_url or ""), *own):
        if f"{{{field.name}}}" in template or f"{{+{field.name}}}" in template:
            return f"{predicate} `{template}`".strip()
    return ""


if __name__ == "__main__":
    click.echo(dictionary(), nl=False)
