"""A check to report on: what was read, what was found, where the files are; and the words for it.

The words are those of ``publish/report/words.yaml``, and the names that the schemas give."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote

from yusuan.checks.rules import Rule, load_rules
from yusuan.facts import PackageContents
from yusuan.facts.revisions import Superseded
from yusuan.figures import derived_rows
from yusuan.lexicon.numbers import parse_number
from yusuan.lexicon.units import unit_name
from yusuan.model.document import Document
from yusuan.model.findings import VERDICTS, Evidence, Finding
from yusuan.model.records import Claim, DocumentRecord, Fact
from yusuan.package.write import resource_rows
from yusuan.schema import catalogue, data_path, read_yaml
from yusuan.schema.messages import message

__all__ = [
    "LANGUAGES",
    "VERDICTS",
    "CheckReport",
    "filled",
    "phrase",
    "rule_named",
    "sentence",
    "slip_name",
    "statement",
    "table_title",
    "words",
]

LANGUAGES = ("zh", "en")


@cache
def words() -> Mapping[str, Any]:
    """The file as it is."""
    content: Mapping[str, Any] = read_yaml(data_path("publish", "report", "words.yaml"))
    return content


class _Count(int):
    """A count in a phrase: "{n:table|tables}" is the word for one, or for any other count."""

    def __format__(self, spec: str) -> str:
        one, parted, more = spec.partition("|")
        return (one if self == 1 else more) if parted else super().__format__(spec)


def filled(text: str, **values: object) -> str:
    """A text of the file with its variables filled in; counts choose their word.

    >>> filled("{n} {n:table|tables}", n=1), filled("{n} {n:table|tables}", n=0)
    ('1 table', '0 tables')
    """
    return text.format(
        **{name: _Count(v) if isinstance(v, int) else v for name, v in values.items()}
    )


def phrase(name: str, lang: str, **values: object) -> str:
    """A phrase with its variables filled in."""
    text: str = words()["phrases"][name][lang]
    return filled(text, **values) if values else text


def sentence(finding: Finding, lang: str) -> str:
    """The sentence of a finding."""
    return finding.message_zh if lang == "zh" else finding.message_en


def statement(evidence: Evidence, lang: str) -> str:
    """The sentence of what a finding rests on."""
    return evidence.statement_zh if lang == "zh" else evidence.statement_en


def slip_name(code: str | None, lang: str) -> str | None:
    """How a number went wrong, in words; None when that is not known."""
    for row in catalogue()["slips"].rows:
        if row["code"] == code:
            return str(row["name"]) if lang == "zh" else str(row["name_en"]).lower()
    return None


def table_title(name: str | None, lang: str) -> str:
    """What a standard table is called; blank for none."""
    if name is None:
        return ""
    table = catalogue()[name]
    return table.title if lang == "zh" else table.title_en


def phase_name(code: str, lang: str) -> str:
    """What a phase of the budget is called."""
    row = next(row for row in catalogue()["phases"].rows if row["code"] == code)
    return str(row["name"] if lang == "zh" else row["name_en"])


def rule_named(rule: str) -> Rule | None:
    """A rule by its id; None for one that the file no longer has."""
    return next((known for known in load_rules() if known.id == rule), None)


@dataclass(frozen=True)
class CheckReport:
    """Contents and findings of one check, in the language it is told in (zh or en).

    ``paths`` are the files by the id of their document. ``skipped`` says what could not be read.
    """

    contents: PackageContents
    findings: Sequence[Finding]
    paths: Mapping[str, Path]
    lang: str = "zh"
    skipped: Sequence[str] = ()

    @cached_property
    def facts(self) -> Mapping[str, Fact]:
        return {fact.fact: fact for fact in self.contents.facts}

    @cached_property
    def claims(self) -> Mapping[str, Claim]:
        return {claim.claim: claim for claim in self.contents.claims}

    @cached_property
    def _derived(self) -> Mapping[str, Sequence[Mapping[str, str]]]:
        """The derived rows that are told of, by resource."""

        def rows(name: str) -> Iterator[dict[str, str]]:
            resource = catalogue()[name]
            names = [each.name for each in resource.fields]
            for texts in resource_rows(resource, self.contents, self.findings):
                yield dict(zip(names, texts, strict=True))

        found: dict[str, list[Mapping[str, str]]] = {
            name: [] for name in ("figures", "revisions", "table-revisions")
        }
        columns = {name: [each.name for each in catalogue()[name].fields] for name in found}
        for name, values in derived_rows(rows):
            if name in found:
                found[name].append(dict(zip(columns[name], values, strict=True)))
        return found

    @cached_property
    def figures(self) -> Mapping[str, Sequence[Mapping[str, str]]]:
        """The headline figures of the budgets, by the document that prints each."""
        found: dict[str, list[Mapping[str, str]]] = defaultdict(list)
        for row in self._derived["figures"]:
            found[row["document"]].append(row)
        return found

    @cached_property
    def superseded(self) -> Superseded:
        """The documents, and single tables of others, that do not count."""
        if len(self.contents.documents) < 2:
            return Superseded({}, {})
        return Superseded.of(self._derived.__getitem__)

    def counts_no_more(self, finding: Finding) -> bool:
        """Whether a finding is of a document or table that another document supersedes."""
        return bool(self.superseded.by(finding.document, finding.table))

    def mark(self, finding: Finding) -> str:
        """What stands before a finding of what is superseded; mostly nothing."""
        told = self.superseded_by(finding.document, finding.table)
        return told and (f"（{told}）" if self.lang == "zh" else f"({told}) ")

    @cached_property
    def counting(self) -> Sequence[Finding]:
        """The findings of what counts: of documents and tables that none supersedes."""
        return [each for each in self.findings if not self.counts_no_more(each)]

    @cached_property
    def counts(self) -> Counter[str]:
        """How many findings of what counts have each verdict."""
        return Counter(finding.verdict for finding in self.counting)

    def set_aside(self, findings: Sequence[Finding] | None = None) -> str:
        """How many of the findings, or of all, are of what is superseded, in words; mostly nothing."""
        more = sum(map(self.counts_no_more, self.findings if findings is None else findings))
        return message("set-aside", number=more)[self.lang == "en"] if more else ""

    def superseded_by(self, document: str, table: str | None = None) -> str:
        """That other documents supersede one, or a table of it, in words; mostly nothing."""
        newer = self.superseded.by(document, table)
        files = [each.file for each in self.contents.documents if each.document in newer]
        listed = ("、" if self.lang == "zh" else ", ").join(files)
        return message("superseded-by", files=listed)[self.lang == "en"] if files else ""

    def of_document(self, document: str) -> list[Finding]:
        """The findings of a document, worst first."""
        own = [finding for finding in self.findings if finding.document == document]
        return sorted(own, key=lambda finding: VERDICTS.index(finding.verdict))

    def document(self, key: str) -> Document:
        """A document as it was read."""
        return self.contents.disclosures[key].document

    def title(self, record: DocumentRecord) -> str:
        """What to call a document: its title, or its file where that tells no two apart."""
        titles = Counter(other.title for other in self.contents.documents)
        if record.title and titles[record.title] == 1:
            return record.title
        return record.file

    def whose(self, record: DocumentRecord) -> str:
        """Whose budget a document is, of which year and phase: 某局 2024 决算."""
        names = {each.department: each.name for each in self.contents.departments}
        return " ".join(
            (names[record.department], str(record.fiscal_year), phase_name(record.phase, self.lang))
        )

    def table_of(self, finding: Finding) -> str:
        """The table of a finding: as it is printed in the only document, else the standard one."""
        standard = table_title(finding.table, self.lang)
        if self.lang == "en" or len(self.contents.documents) > 1:
            return standard
        titles = {each.table: each.title for each in reversed(self.contents.published_tables)}
        return titles.get(finding.table or "") or standard

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
