"""Seed errors in a document, read it as any other, and compare the findings with the truth."""

from __future__ import annotations

import tempfile
import time
import traceback
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from random import Random

from benchmarks.errors.layouts import make_draft
from benchmarks.errors.page import Address, Draft, all_places, draw, places
from benchmarks.errors.seeds import Seed, seeds_for
from benchmarks.errors.slips import number
from benchmarks.layouts.render import FORMATS
from yusuan.checks import check
from yusuan.facts import PackageContents, compile_contents
from yusuan.model.findings import Evidence, Finding
from yusuan.narrative.disclosure import understand
from yusuan.sources.read import read_document

__all__ = ["Case", "Outcome", "judge"]

Key = tuple[str | int, ...]
"""Where something is printed: ("fact", line, cell), ("claim", number), ("line", line) of a
project, or ("row", line) of whatever else stands there."""
Sign = tuple[str, Address | Key | str, str | None]
"""What makes a finding the same one in another run: rule, place, and what is printed there."""
MARKS = 1_000_000


@dataclass(frozen=True)
class Outcome:
    """What became of one seeded error, of ``errors`` seeded together."""

    layout: str
    document: str
    errors: int
    seed: Seed
    found: bool
    located: bool
    value: bool
    listed: bool
    """Not located, but among the numbers a tie lists: the check abstains."""
    readable: bool
    """The printed place is a fact or claim at all."""
    told: tuple[str, ...] = ()

    @property
    def named(self) -> bool:
        """Whether a number is named at all, this one or another: found, and no tie."""
        return self.found and not self.listed


@dataclass
class Case:
    """One document: what it gives without errors, and what with them."""

    layout: str
    document: str
    amounts: int
    unread: int
    false: list[Finding] = field(default_factory=list)
    """Error findings in the document without errors."""
    outcomes: list[Outcome] = field(default_factory=list)
    unexplained: list[Finding] = field(default_factory=list)
    innocent: list[Finding] = field(default_factory=list)
    """Error findings that name a right number as the wrong one."""
    tied: int = 0
    times: list[float] = field(default_factory=list)
    """Milliseconds of checking alone."""
    broken: list[str] = field(default_factory=list)
    """Tracebacks of checks that broke off."""


def judge(layout: str, seed: str, errors: Sequence[int], family: str | None = None) -> Case:
    """A document of a layout: clean, and with each number of errors seeded in turn."""
    draft = make_draft(layout, seed)
    reader = _Reader(draft)
    clean = reader.findings({}, frozenset())
    keys = reader.keys(frozenset())
    unread = [p for p in places(draft) if p.kind != "date" and not keys.get(p.address)]
    case = Case(layout, seed, len(list(places(draft))), len(unread),
                [f for f in clean.findings if f.verdict == "error"], times=[clean.time])  # fmt: skip
    seeds = seeds_for(draft, Random(f"seeds {layout} {seed}"), max(errors, default=0), family)
    before = {sign for sign, _ in clean.signed()}
    alone: dict[int, set[Sign]] = {}
    for count in errors:
        own = seeds[:count]
        if not own or (len(own) < count and len(own) in errors):
            continue
        together = reader.seeded(own)
        case.times.append(together.time)
        for index, one in enumerate(own):
            if index not in alone:
                single = together if len(own) == 1 else reader.seeded([one])
                alone[index] = {
                    sign for sign, f in single.signed() if f.verdict in one.verdicts
                } - before
        _score(case, reader, own, together, before, alone)
    case.broken = reader.broken
    return case


@dataclass
class _Checked:
    contents: PackageContents
    findings: list[Finding]
    time: float
    keys: Mapping[Address, set[Key]]

    def key(self, item: Finding | Evidence) -> Key | None:
        """Where the number stands that a finding or its evidence names."""
        if item.fact:
            fact = self._facts.get(item.fact)
            return ("fact", fact.line, fact.cell) if fact else None
        if item.claim:
            return ("claim", _suffix(item.claim))
        if isinstance(item, Finding) and item.line is not None:
            return ("fact", item.line, item.cell) if item.cell else ("line", item.line)
        return None

    def __post_init__(self) -> None:
        self._facts = {fact.fact: fact for fact in self.contents.facts}
        self._places: dict[Key, Address] = {}
        for address, keys in self.keys.items():
            for key in keys:
                own = address if key[0] != "row" else (*address[:2], -1)
                self._places.setdefault(("line", key[1]) if key[0] == "row" else key, own)

    def signed(self) -> Iterator[tuple[Sign, Finding]]:
        """The errors and warnings, each with what makes it the same finding in another run."""
        for finding in self.findings:
            if finding.verdict in ("error", "warning"):
                place = self._place(self.key(finding)) or finding.table or ""
                yield (finding.rule, place, finding.printed), finding

    def _place(self, key: Key | None) -> Address | Key | None:
        """The place a key stands for, else that of its line: lines move where blocks are gone."""
        if key is None or key[0] == "claim":
            return self._places.get(key, key) if key else None
        return self._places.get(key) or self._places.get(("line", key[1])) or key


class _Reader:
    """Draws a draft with changes, reads it through the real reader and checks it."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self._keys: dict[frozenset[int], dict[Address, set[Key]]] = {}
        self.broken: list[str] = []

    def contents(self, changes: Mapping[Address, str], without: frozenset[int]) -> PackageContents:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, f"disclosure.{FORMATS[self.draft.format][0]}")
            path.write_bytes(draw(self.draft, changes, without))
            return compile_contents([understand(read_document(path))])

    def findings(self, changes: Mapping[Address, str], without: frozenset[int]) -> _Checked:
        contents = self.contents(changes, without)
        start = time.perf_counter()
        try:
            findings = check(contents)
        except Exception as error:  # a check that breaks off finds nothing: that is told apart
            self.broken.append(f"{type(error).__name__}: {traceback.format_exc(limit=-2)}")
            findings = []
        elapsed = (time.perf_counter() - start) * 1000
        return _Checked(contents, findings, elapsed, self.keys(without))

    def seeded(self, seeds: Iterable[Seed]) -> _Checked:
        own = list(seeds)
        changes = {address: text for seed in own for address, text in seed.changes.items()}
        return self.findings(changes, frozenset().union(*(seed.without for seed in own)))

    def keys(self, without: frozenset[int]) -> dict[Address, set[Key]]:
        """Where the reader finds each place: seen by printing another number at every one."""
        if without not in self._keys:
            self._keys[without] = self._marked(without)
        return self._keys[without]

    def _marked(self, without: frozenset[int]) -> dict[Address, set[Key]]:
        marks: dict[Decimal, Address] = {}
        changes: dict[Address, str] = {}
        found: dict[Address, set[Key]] = defaultdict(set)
        for index, address in enumerate(all_places(self.draft)):
            if address[0] not in without:
                marks[Decimal(MARKS + index)] = address
                found[address] = set()
                changes[address] = f"{MARKS + index}"
        contents = self.contents(changes, without)
        for fact in contents.facts:
            address = marks.get(number(fact.printed) or Decimal(0))
            if address:
                found[address] |= {("fact", fact.line, fact.cell), ("row", fact.line)}
        for claim in contents.claims:
            address = marks.get(abs(claim.value))
            if address:
                found[address] |= {("claim", _suffix(claim.claim)), ("row", claim.line)}
        for project in contents.projects:
            for amount, line in ((project.stated_amount, project.stated_line),
                                 (project.target_amount, project.target_line),
                                 (project.target_appropriation, project.target_line)):  # fmt: skip
                address = marks.get((amount or Decimal(0)) / 10_000)  # forms and text are in 万元
                if address and line:
                    found[address].add(("line", line))
        return dict(found)


def _suffix(claim: str) -> str:
    """A claim's identifier without the document's."""
    return claim.partition("-")[2]


def _score(case: Case, reader: _Reader, own: Sequence[Seed], got: _Checked,
           before: set[Sign], alone: Mapping[int, set[Sign]]) -> None:  # fmt: skip
    without = frozenset().union(*(seed.without for seed in own))
    keys = reader.keys(without)
    new = [(sign, finding) for sign, finding in got.signed() if sign not in before]
    places_of = [_places(seed, keys) for seed in own]
    for index, seed in enumerate(own):
        counted = [(sign, f) for sign, f in new if f.verdict in seed.verdicts]
        shown = [f for _, f in counted if _named(f, got) & places_of[index] or _is_about(f, seed)]
        here = [f for f in shown if f.certainty != "tied"]  # a tie names none, wherever it stands
        lists = [f for _, f in counted if places_of[index] & _candidates(f, got)]
        about = [f for sign, f in counted if sign in alone[index]]
        case.outcomes.append(Outcome(
            case.layout, case.document, len(own), seed, found=bool(shown or lists or about),
            located=bool(here), value=any(_is_truth(f, seed, got, keys) for f in here),
            listed=bool(lists) and not here, readable=bool(places_of[index]) or bool(seed.without),
            told=tuple(f"{f.rule}: {f.message_en}" for f in (shown or lists or about)[:2]),
        ))  # fmt: skip
    wrong = set().union(*places_of) if places_of else set()
    explained = set().union(*(alone[index] for index in range(len(own))))
    for sign, finding in new:
        if finding.verdict != "error":
            continue
        listed = bool(wrong & _candidates(finding, got))
        named = _named(finding, got) & wrong or any(_is_about(finding, seed) for seed in own)
        case.tied += finding.certainty == "tied"
        if not (named or listed or sign in explained):
            case.unexplained.append(finding)
        if (finding.fact or finding.claim) and finding.certainty != "tied" and not named:
            case.innocent.append(finding)


def _places(seed: Seed, keys: Mapping[Address, set[Key]]) -> set[Key]:
    """Where a finding may point to be about the seeded place."""
    found = {k for address in seed.changes for k in keys.get(address, ()) if k[0] != "row"}
    if seed.rows:  # a code, a name, a date or a blank: what else stands in the row tells its line
        rows = {address[:2] for address in seed.changes}
        there = {k for address, own in keys.items() if address[:2] in rows for k in own}
        found |= {("line", k[1]) for k in there if k[0] == "row"}
        found |= {k for k in there if seed.family in ("codes", "plausibility") and k[0] != "row"}
    return found


def _is_about(finding: Finding, seed: Seed) -> bool:
    """Whether a finding is of a table that is missing, or of a project whose form is."""
    if seed.project:
        return (
            finding.rule == "project-without-targets" and f"“{seed.project}”" in finding.message_zh
        )
    return (
        bool(seed.table)
        and finding.table == seed.table
        and finding.fact is None
        and finding.line is None
    )


def _named(finding: Finding, got: _Checked) -> set[Key]:
    """Where the number that a finding names is printed: it may be in several places."""
    also = (item for item in finding.evidence if item.role == "repetition")
    return {key for item in (finding, *also) if (key := got.key(item))}


def _candidates(finding: Finding, got: _Checked) -> set[Key]:
    found = {got.key(item) for item in finding.evidence if item.role == "candidate"}
    return {key for key in found if key}


def _is_truth(
    finding: Finding, seed: Seed, got: _Checked, keys: Mapping[Address, set[Key]]
) -> bool:
    """Whether what a finding proposes (or expects, where it proposes nothing) was printed there."""
    proposed = finding.proposed if finding.proposed is not None else finding.expected
    if seed.family == "codes":
        return proposed is not None and _has_all(proposed, seed)
    there = _named(finding, got)
    own = [a for a in seed.truth if there & keys.get(a, set())] or list(seed.truth)
    if seed.kind == "subtotal-other-column":  # the number is right, and stands in a wrong column
        own = list(seed.truth)
    for address in own:
        truth = number(seed.truth[address])
        value = number(proposed or "")
        if (truth or Decimal(0)) == (value or Decimal(0)) and (truth is None or value is not None):
            return True
    return False


def _has_all(proposed: str, seed: Seed) -> bool:
    """Whether a code with its name has the true texts of the cells that were changed, in their
    order: a code may stand in three cells, of which one was right."""
    at = 0
    for _, text in sorted(seed.truth.items()):
        at = proposed.find(text.strip(), at)
        if at < 0:
            return False
        at += len(text.strip())
    return True
