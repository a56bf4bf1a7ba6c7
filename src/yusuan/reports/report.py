"""A check to report on: what was read, what was found, and where the files are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

from yusuan.facts import PackageContents
from yusuan.model.document import Document
from yusuan.model.findings import Evidence, Finding
from yusuan.model.money import parse_number, unit_name
from yusuan.model.records import Claim, DocumentRecord, Fact
from yusuan.reports.words import VERDICTS

__all__ = ["CheckReport"]


@dataclass(frozen=True)
class CheckReport:
    """Contents and findings of one check, in the language it is told in (zh or en).

    ``paths`` are the files by the id of their document, ``names`` the names they were
    published under where those differ. ``skipped`` says what could not be read.
    """

    contents: PackageContents
    findings: Sequence[Finding]
    paths: Mapping[str, Path]
    lang: str = "zh"
    names: Mapping[str, str] = field(default_factory=dict)
    skipped: Sequence[str] = ()

    @cached_property
    def facts(self) -> Mapping[str, Fact]:
        return {fact.fact: fact for fact in self.contents.facts}

    @cached_property
    def claims(self) -> Mapping[str, Claim]:
        return {claim.claim: claim for claim in self.contents.claims}

    @cached_property
    def counts(self) -> Counter[str]:
        """How many findings have each verdict."""
        return Counter(finding.verdict for finding in self.findings)

    def of_document(self, document: str) -> list[Finding]:
        """The findings of a document, worst first."""
        own = [finding for finding in self.findings if finding.document == document]
        return sorted(own, key=lambda finding: VERDICTS.index(finding.verdict))

    def document(self, key: str) -> Document:
        """A document as it was read."""
        return self.contents.disclosures[key].document

    def file_name(self, record: DocumentRecord) -> str:
        """The name a document was published under."""
        return self.names.get(record.document, record.file)

    def title(self, record: DocumentRecord) -> str:
        """What to call a document: its title, or its file where that tells no two apart."""
        titles = Counter(other.title for other in self.contents.documents)
        if record.title and titles[record.title] == 1:
            return record.title
        return self.file_name(record)

    def uri(self, document: str) -> tuple[str, bool]:
        """Where a file is, as a URI, and whether that is relative to the working folder."""
        path = self.paths[document].absolute()
        try:
            return quote(path.relative_to(Path.cwd()).as_posix()), True
        except ValueError:
            return path.as_uri(), False

    def plain_path(self, document: str) -> str:
        """The path of a file below the working folder where it lies there."""
        path = self.paths[document].absolute()
        here = Path.cwd()
        return (path.relative_to(here) if path.is_relative_to(here) else path).as_posix()

    def about(self, subject: Finding | Evidence) -> Fact | Claim | None:
        """The printed number that a finding, or what it rests on, is about."""
        return self.facts.get(subject.fact or "") or self.claims.get(subject.claim or "")

    def with_unit(self, number: str | None, subject: Finding | Evidence) -> str:
        """A number with the unit it is printed in, such as ``64万元``; a code has none."""
        about = self.about(subject)
        read = parse_number(number or "")
        if not number or about is None or read is None or read.unit:
            return number or ""
        return f"{number}{unit_name(about.unit) if isinstance(about, Fact) else about.unit}"
