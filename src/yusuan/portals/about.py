"""What the portals say about a package as a whole, gathered once from the package itself."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from yusuan.model.errors import YusuanError
from yusuan.package import Package
from yusuan.presentation import figures_line
from yusuan.schema import catalogue
from yusuan.schema.messages import Texts, message

__all__ = ["PackageDescription", "about", "site_url"]


_URL = re.compile(r"https?://[^\s<>\"{}|\\^`]+")


@dataclass(frozen=True, slots=True)
class PackageDescription:
    """The package's own statements; nothing here is guessed.

    ``departments`` and ``documents`` are rows of those resources as text, with an ``iri``
    added; ``divisions`` is code → name, for departments whose division is known.
    """

    name: str
    title: str
    title_en: str
    description: str
    description_en: str
    keywords: tuple[str, ...]
    languages: tuple[str, ...]
    country: str | None
    base: str
    schema_version: str
    licence: dict[str, str]
    departments: tuple[dict[str, str], ...]
    documents: tuple[dict[str, str], ...]
    divisions: dict[str, str]
    years: tuple[str, ...]
    phases: tuple[str, ...]
    phase_names: tuple[str, ...]
    period: tuple[str, str]
    figures: tuple[Texts, ...] = ()
    """What the budgets say in all, each in a line; those that are part of another are left out."""

    @property
    def years_text(self) -> str:
        """``2022`` or ``2019-2022``."""
        return self.years[0] if len(self.years) == 1 else f"{self.years[0]}-{self.years[-1]}"

    @property
    def full_title(self) -> str:
        """The package's title, preceded by the department and year where there is only one."""
        who = self.departments[0]["name"] if len(self.departments) == 1 else ""
        return f"{who}{self.years_text}年{self.title}"

    @property
    def full_title_en(self) -> str:
        return f"{self.title_en}, {self.years_text}"


def about(package: Package) -> PackageDescription:
    """Gather them. Raises YusuanError when the package's core tables are missing."""
    descriptor: dict[str, Any] = package.descriptor
    documents = tuple(_with_iri(package, "documents"))
    departments = tuple(_with_iri(package, "departments"))
    present = {row["phase"] for row in documents}
    phases = [row for row in package.rows("phases") if row["code"] in present]
    years = sorted({row["fiscal_year"] for row in documents})
    return PackageDescription(
        name=descriptor["name"],
        title=descriptor["title"],
        title_en=descriptor["title@en"],
        description=descriptor["description"],
        description_en=descriptor["description@en"],
        keywords=tuple(descriptor.get("keywords", ())),
        languages=tuple(descriptor.get("languages", ())),
        country=descriptor.get("countryCode"),
        base=package.base,
        schema_version=str(descriptor.get("schemaVersion", "")),
        licence=dict(next(iter(descriptor.get("licenses", ())), {})),
        departments=departments,
        documents=documents,
        divisions={row["division"]: row["division_name"] for row in departments
                   if row["division"]},
        years=tuple(years),
        phases=tuple(row["code"] for row in phases),
        phase_names=tuple(row["name"] for row in phases),
        period=(descriptor["fiscalPeriod"]["start"], descriptor["fiscalPeriod"]["end"]),
        figures=tuple(_figures(package)),
    )  # fmt: skip


def _figures(package: Package) -> Iterator[Texts]:
    own: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in package.rows("figures"):
        own[row["budget"]].append(row)
    phases = {row["code"]: row["name_en"] for row in package.rows("phases")}
    for row in package.rows("budgets"):
        figures = figures_line(own[row["budget"]])
        if figures[0] and not row["part_of"]:
            whose = f"{row['department_name']} {row['fiscal_year']}"
            yield message(
                "figures-of", figures=figures,
                whose=(f"{whose} {row['phase_name']}", f"{whose} {phases[row['phase']]}"),
            )  # fmt: skip


def site_url(package: Package, site: str | None) -> str:
    """The public URL of a site, ending in a slash; the package's base when none is given.

    Raises YusuanError when it is no absolute http(s) URL.

    >>> from types import SimpleNamespace
    >>> site_url(SimpleNamespace(base="https://data.example/ns#"), None)
    'https://data.example/'
    """
    url = (site or package.base).partition("#")[0]
    if not _URL.fullmatch(url):
        raise YusuanError(f"{url!r}: not a URL; give one such as https://data.example.org/budget/")
    if site:
        return url if url.endswith("/") else f"{url}/"
    return url[: url.rindex("/") + 1] if url.count("/") > 2 else f"{url}/"


def _with_iri(package: Package, name: str) -> list[dict[str, str]]:
    template = catalogue()[name].about_url or ""
    return [{**row, "iri": package.base + template.format(**row)} for row in package.rows(name)]
