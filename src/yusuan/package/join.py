"""Several packages as one: the rows of each document once, and links between all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from yusuan.checks import load_rules
from yusuan.checks.families.units import of_linked, parts_of
from yusuan.checks.registry import LINKED
from yusuan.checks.report import findings_of
from yusuan.facts import PackageContents
from yusuan.facts.codes import COFOG, DIVISIONS, PrintedCode, code_changes, code_links, concepts
from yusuan.facts.contents import division_codes
from yusuan.linking import LinkingInput, find_links
from yusuan.linking.candidates import budget_units_of
from yusuan.model.errors import YusuanError
from yusuan.model.findings import Finding
from yusuan.model.keys import with_unique_keys
from yusuan.model.records import Fact, Project, Unrecognised
from yusuan.package.descriptor import publication
from yusuan.package.read import Package
from yusuan.package.records import record_of
from yusuan.package.rows import resource_rows
from yusuan.package.together import Together, together
from yusuan.package.write import write_parts
from yusuan.schema import Resource, catalogue

__all__ = ["join_settings", "write_joined"]


def join_settings(
    packages: Sequence[Package], base: str | None = None, licence: str | None = None
) -> dict[str, Any]:
    """Publication metadata of the joined package; what is not given is that of the packages.

    Raises YusuanError when they have different bases and none is given.
    """
    bases = {package.base for package in packages}
    if base is None and len(bases) > 1:
        listed = ", ".join(sorted(bases))
        raise YusuanError(
            f"the packages have different bases of IRIs ({listed}); give one with --base"
        )
    settings = publication(base or min(bases), licence)
    if licence is None:
        stated = (entry for package in packages for entry in package.descriptor["licenses"])
        settings["licenses"] = list({str(entry): entry for entry in stated}.values())
    return settings


def write_joined(
    packages: Sequence[Package], folder: Path, settings: Mapping[str, Any]
) -> tuple[str, ...]:
    """Write one package of several into an empty folder; returns what was in more than one.

    Findings are those of the packages, and of units against departments anew. Facts and rows
    are streamed: memory does not grow with them.

    Raises YusuanError when the packages cannot be joined (``yusuan.package.together``).
    """
    found = together(packages)
    contents = _compiled(found)
    findings, new = _findings(found, contents)
    kept = {row["finding"] for row in findings}
    unrecognised = _unrecognised(found)

    def rows(resource: Resource) -> Iterable[Sequence[str]]:
        names = [field.name for field in resource.fields]
        if resource.name == "findings":
            return _texts(findings, names)
        if resource.name == "evidence":
            every = (row for package in packages for row in package.rows("evidence"))
            # those of rules across documents are told anew, with what they rest on
            old = _once(every, "evidence", kept - {each.finding for each in new})
            return chain(_texts(old, names), resource_rows(resource, contents, new))
        if resource.name == "unrecognised":
            return _texts(unrecognised, names)
        if resource.name != "documents" and "document" in names:
            return _texts(found.rows(resource), names)
        return resource_rows(resource, contents, ())

    write_parts(
        folder, settings, contents.documents, contents.departments,
        rows=rows, source=found.source,
    )  # fmt: skip
    return found.repeated


def _compiled(found: Together) -> PackageContents:
    """What is about the documents together: departments, codes and links."""
    contents = PackageContents(list(found.departments), documents=list(found.documents))
    contents.concepts = concepts(_printed_codes(found))
    contents.code_links = code_links(contents.concepts)
    contents.code_changes = code_changes(contents.concepts)
    facts = catalogue()["facts"]
    projects = catalogue()["projects"]
    linked = find_links(
        LinkingInput(
            departments=found.departments,
            documents=found.documents,
            projects=[record_of(Project, projects, row) for row in found.rows(projects)],
            concepts=contents.concepts,
            code_changes=contents.code_changes,
            budget_units=budget_units_of(
                (row["document"], row["body"]) for row in found.rows(facts)
            ),
        )
    )
    contents.links, contents.organisation_changes = linked.links, linked.changes
    contents.organisation_names, contents.links_to_review = linked.names, linked.review
    concerned = {document for pair in parts_of(contents.links) for document in pair}
    if concerned:
        own: dict[str, list[Fact]] = defaultdict(list)
        for row in found.rows(facts):
            if row["document"] in concerned:
                own[row["document"]].append(record_of(Fact, facts, row))
        for document, printed in own.items():
            contents.facts.add(document, printed)
    return contents


def _printed_codes(found: Together) -> Iterator[PrintedCode]:
    """The codes of all packages; those of departments' places, in the list of their latest year."""
    for resource in catalogue().of_kind("classification"):
        if resource.name in (DIVISIONS, COFOG):
            continue
        for package in found.packages:
            for row in package.rows(resource.name):
                where = (resource.name, int(row["year"]), row["code"])
                names: list[str | None] = [*filter(None, row["printed_names"].split("|"))]
                for name in names or [None]:
                    yield PrintedCode(*where, name)
    yield from division_codes(found.departments)


def _findings(
    found: Together, contents: PackageContents
) -> tuple[list[dict[str, str]], Sequence[Finding]]:
    """All findings as rows, and those that relate documents, which are made anew."""
    resource = catalogue()["findings"]
    rules = load_rules()
    across = {rule.id for rule in rules if rule.family in LINKED}
    order = {record.document: rank for rank, record in enumerate(found.documents)}
    rows = [row for row in found.rows(resource) if row["rule"] not in across]
    names = [field.name for field in resource.fields]
    new = findings_of(of_linked(rules, contents), order)
    for texts in resource_rows(resource, contents, new):
        rows.append(dict(zip(names, texts, strict=True)))
    return sorted(rows, key=lambda row: order[row["document"]]), new


def _unrecognised(found: Together) -> list[dict[str, str]]:
    """What was not recognised, with keys of its own where two packages left a file out."""
    resource = catalogue()["unrecognised"]
    entries = [record_of(Unrecognised, resource, row) for row in found.rows(resource)]
    contents = PackageContents([], unrecognised=with_unique_keys(entries, "entry"))
    names = [field.name for field in resource.fields]
    return [dict(zip(names, row, strict=True)) for row in resource_rows(resource, contents, ())]


def _once(
    rows: Iterable[Mapping[str, str]], key: str, findings: set[str]
) -> Iterator[Mapping[str, str]]:
    seen: set[str] = set()
    for row in rows:
        if row["finding"] in findings and row[key] not in seen:
            seen.add(row[key])
            yield row


def _texts(rows: Iterable[Mapping[str, str]], names: Sequence[str]) -> Iterator[list[str]]:
    for row in rows:
        yield [row[name] for name in names]
