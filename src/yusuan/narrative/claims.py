"""Claims: what the narrative states as amount, share, change, rate or count, and about what."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from yusuan.lexicon.phrases import phrase
from yusuan.model.document import Position
from yusuan.model.money import plain
from yusuan.model.records import Claim, Measure
from yusuan.model.text import clean, normal, without_numbering
from yusuan.narrative.clauses import (
    Clause,
    clause_of,
    is_of_another_basis,
    pattern,
    phase_of,
    whole_of,
    year_alone,
    year_of_label,
    year_of_sentence,
)  # fmt: skip
from yusuan.narrative.passages import Passage
from yusuan.narrative.quantities import StatedQuantity, quantities
from yusuan.narrative.subjects import Functions, is_function, known_subjects
from yusuan.schema.slugs import slug
from yusuan.tables import StandardTable

__all__ = ["find_claims", "stated"]

_NO_WORDS = re.compile(r"[\W\d_]+")
_SENTENCE = re.compile(r"[。\n]")
_TOPIC = re.compile(r"([^。:,;\d]{3,24})。(?=.)")


@dataclass(frozen=True, slots=True)
class _ClaimSubject:
    """What numbers are about, with the year and phase they are of; ``stood`` is what was measured as
    of a day or year end, where the year is that of it."""

    id: str | None
    label: str | None
    year: int
    phase: str
    stood: Measure | None = None


def find_claims(
    texts: Iterable[Passage],
    names: Sequence[str],
    tables: Sequence[StandardTable],
    *,
    document: str,
    department: str,
    fiscal_year: int,
    phase: str,
) -> Iterator[Claim]:
    """Every claim of the narrative, in reading order. The glossary claims nothing.

    A claim is called by what it states of what; several may be called the same.

    ``names`` are the department's names, left out of subjects; ``tables`` tell which codes
    the functions named in the text have.
    """
    reader = _ClaimReader(
        Functions.of(tables), names, _ClaimSubject(None, None, fiscal_year, phase)
    )
    for index, passage in enumerate(texts):
        if passage.is_in("glossary") or passage.is_in("contents"):
            continue
        for read in reader.read(passage):
            position = read.position
            subject = read.subject
            other_year = str(subject.year) if subject.year != fiscal_year else ""
            other_phase = subject.phase if subject.phase != phase else ""
            about = subject.id or slug(subject.label or "stated")
            yield Claim(
                claim="-".join(
                    filter(
                        None,
                        (document, about.replace("/", "-"), read.measure, other_year, other_phase),
                    )
                ),
                document=document,
                department=department,
                fiscal_year=subject.year,
                phase=subject.phase,
                section=clean(passage.section or passage.part) or None,
                subject=subject.id,
                subject_label=subject.label,
                measure=read.measure,
                value=read.quantity.value * read.sign
                if read.quantity.value
                else read.quantity.value,
                unit=read.quantity.unit,
                amount=amount * read.sign if (amount := read.quantity.amount) else amount,
                printed=clean(read.quantity.printed),
                sentence=passage.sentence(*read.span),
                page=position.page,
                line=position.line,
                decimals=read.quantity.decimals,
                group=f"{index}",
                context=_NO_WORDS.sub("", passage.before(read.quantity.end)),
                whole=whole_of(read.quantity) if read.measure == "share" else "",
                reason=read.reason,
            )


@dataclass(frozen=True, slots=True)
class _StatedClaim:
    quantity: StatedQuantity
    span: tuple[int, int]
    """Where it stands in its passage."""
    position: Position
    measure: Measure
    sign: int
    subject: _ClaimSubject
    reason: bool


class _ClaimReader:
    """Reads passage after passage; a function named alone leads what follows it."""

    def __init__(self, functions: Functions, names: Sequence[str], default: _ClaimSubject) -> None:
        self.functions = functions
        self.names = names
        self.default = default
        self.leading = default

    def read(self, passage: Passage) -> Iterator[_StatedClaim]:
        """The claims of one passage."""
        found = list(quantities(passage.text))
        leading = self._leading_function(passage)
        if leading.label or passage.heading:
            self.leading = leading
        subject = self.leading
        if found and not passage.text.rstrip().endswith((":", "：")):
            self.leading = self.default
        reason, sign, end = False, 0, 0
        before_brackets: list[_ClaimSubject] = []
        compared: _ClaimSubject | None = None  # what the number of an earlier year is compared with
        for quantity in found:
            clause = clause_of(quantity, self.names)
            gap, end = passage.text[end : quantity.start], quantity.end
            subject = _after_brackets(normal(gap), subject, before_brackets)
            apart = re.search("[。；;\n]", gap) is not None
            compared = None if apart else compared
            compares = (
                compared is not None and clause is not None and _compares(clause, gap, subject)
            )
            before = compared if compared and compares else subject
            own = self._subject(clause, quantity, passage, before) if clause else None
            if clause and own and clause.measure == "amount" and self._is_base(quantity):
                subject = (
                    replace(own, year=max(own.year, subject.year)) if clause.label else subject
                )
                continue
            if clause and clause.measure == "amount" and self._is_basis(quantity, own, subject):
                continue
            reason = _is_reason(gap, reason, bool(own and own.id and clause and clause.label))
            if clause is None or own is None:
                continue
            if clause.sign is None and quantity.value and not (sign and clause.measure == "rate"):
                continue
            sign = clause.sign if clause.sign is not None else sign or 1
            span = quantity.start, quantity.end
            position = passage.position_at(quantity.start)
            if reason:
                if clause.label and clause.measure in ("change", "rate"):
                    about = replace(own, id=None, label=clause.label)
                    yield _StatedClaim(quantity, span, position, clause.measure, sign, about, True)
                continue
            if (
                clause.label
                or (clause.measure in ("amount", "count") and quantity.first_in_sentence)
                or (clause.measure == "amount" and own.year > subject.year)
            ):
                if compared is None and not apart and own.year < subject.year and subject.label:
                    compared = subject
                elif own.year >= subject.year:
                    compared = None
                subject = own
            if clause.measure == "count" and not own.id and not _counts(quantity, own.label):
                continue
            yield _StatedClaim(quantity, span, position, clause.measure, sign, own, False)
            if clause.measure == "amount" and own.label and quantity.is_money:
                yield from self._unchanged(quantity, passage, own)

    def _unchanged(
        self, amount: StatedQuantity, passage: Passage, about: _ClaimSubject
    ) -> Iterator[_StatedClaim]:
        """A change of nothing, where the words after an amount say so: 与上年持平."""
        match = pattern("unchanged").match(passage.text, amount.end)
        if match:
            nothing = replace(
                amount, value=Decimal(0), decimals=0, printed=match[0].lstrip("，,。（( ")
            )
            yield _StatedClaim(
                nothing, match.span(), passage.position_at(match.start()), "change", 1, about, False
            )

    def _leading_function(self, passage: Passage) -> _ClaimSubject:
        """The function a passage begins with: "1、…（类）…（款）…（项）。主要用于…"."""
        text = without_numbering(normal(passage.text))
        match = phrase("function.leading").match(text)
        if match is None or phrase("clause.no_function").search(match[0]):
            return self._topic(text, normal(passage.part + passage.section))
        code = self.functions.code(match[0], normal(passage.part + passage.section))
        return replace(self.default, id=f"function/{code}" if code else None, label=match[0])

    def _topic(self, text: str, section: str) -> _ClaimSubject:
        """The subject a passage names first of all: "2.公务接待费。2024年预算数…"."""
        match = _TOPIC.match(text)
        for known in known_subjects() if match else ():
            if match and known.names.fullmatch(match[1]) and known.fits(section, "万元", text):
                return replace(self.default, id=known.id, label=match[1])
        return self.default

    def _subject(
        self, clause: Clause, quantity: StatedQuantity, passage: Passage, before: _ClaimSubject
    ) -> _ClaimSubject:
        """What a clause is about: what it names, or what was spoken of before it."""
        label = clause.label
        relative = clause.measure not in ("amount", "count")
        if clause.measure == "count":
            counted = self._counted(quantity, normal(f"{passage.part}{passage.section}"))
            if counted:
                return counted
        said = passage.before(quantity.start)
        named = year_of_label(clause.printed_label, self.default.year)
        if named is None and quantity.first_in_sentence:
            is_count = clause.measure == "count"
            named = year_of_sentence(said, self.default.year, counted=is_count)
        if _is_changed_from(quantity):
            later = named or year_of_sentence(said, self.default.year)
            named = (later[0] if later else self.default.year) - 1, False
        planned = pattern("planned").search(normal(quantity.before))
        year = named[0] if named and not (named[1] and planned) else None
        stood = clause.measure if named and named[1] else None
        phase = phase_of(clause.printed_label, self.default.phase)
        if not relative and (alone := year_alone(normal(quantity.before), self.default.year)):
            year, what = alone
            return replace(
                before, year=year, phase=phase_of(what, self.default.phase) or before.phase
            )
        generic = bool(before.label) and pattern("generic").fullmatch(label) is not None
        sides = [{w for w in ("收入", "支出") if w in text} for text in (label, before.label or "")]
        if generic and sides[0] and sides[1] and not sides[0] & sides[1]:
            generic = False  # 预算支出 after 预算收入
        if generic and quantity.first_in_sentence and _was_part(said, before.label or ""):
            generic = False
        if not label or generic:
            words = without_numbering(normal(passage.beginning(quantity.start)))
            topic = bool(before.label) and words.startswith(f"{before.label}。")
            inherits = generic or relative or topic or not quantity.first_in_sentence
            own = before if inherits else self.default
        else:
            sentence = normal(_SENTENCE.split(said)[-1])
            goes_on = before.stood and phrase("label.of_which").match(sentence)
            kept = before if not quantity.first_in_sentence or goes_on else self.default
            own = replace(self._named(label, quantity, passage), year=kept.year, phase=kept.phase,
                          stood=kept.stood)  # fmt: skip
        if not year and (
            to := phrase("clause.changed_to").search(normal(quantity.before))
        ):  # 由上年的5万元减少到4万元
            of_sentence = year_of_sentence(said, self.default.year)
            year = int(to[1]) if to[1] else of_sentence[0] if of_sentence else self.default.year
        if own.stood and not year:  # 截至2022年底，共有车辆3辆，拟购置车辆1辆，公务接待费2万元
            budgeted = own.stood == "count" and own.id and quantity.is_money
            year = self.default.year if planned or budgeted else None
        if year or phase:
            own = replace(own, year=year or self.default.year, phase=phase or self.default.phase,
                          stood=stood)  # fmt: skip
        if quantity.is_money and not relative and is_of_another_basis(said):
            own = replace(own, id=None)
        return own

    def _is_base(self, quantity: StatedQuantity) -> bool:
        """Whether an amount is only what another is compared with (支出预算比2024年3900万元增加)."""
        before = normal(quantity.before)
        return bool(
            phrase("clause.base").search(before) and not year_alone(before, self.default.year)
        )

    def _is_basis(
        self, quantity: StatedQuantity, own: _ClaimSubject | None, subject: _ClaimSubject
    ) -> bool:
        """Whether an amount is the budget that one just stated, of the same phase, is compared with:
        such a budget is none of its own kind that could be compared with a table."""
        if pattern("of_budget").search(normal(quantity.before)) is None or own is None:
            return False
        return (own.year, own.phase) == (subject.year, subject.phase)

    def _named(self, label: str, quantity: StatedQuantity, passage: Passage) -> _ClaimSubject:
        section = normal(f"{passage.part}{passage.section}")
        code = self.functions.code(label, f"{section}{self.leading.label or ''}")
        if is_function(label):
            return replace(self.default, id=f"function/{code}" if code else None, label=label)
        planned = pattern("planned").search(passage.before(quantity.start).replace("\n", ""))
        for spelling in (label, label.rsplit("的", 1)[-1]):
            for known in known_subjects():
                if known.held and planned:
                    continue
                if not known.names.fullmatch(spelling):
                    continue
                near = normal(passage.before(quantity.start))
                if known.fits(section, quantity.unit, near):
                    return replace(self.default, id=known.id, label=spelling)
        return replace(self.default, id=f"function/{code}" if code else None, label=label)

    def _counted(self, quantity: StatedQuantity, section: str) -> _ClaimSubject | None:
        """What the words behind a count say is counted: 5个项目实行绩效目标管理."""
        after = normal(quantity.after)
        for known in known_subjects():
            match = known.after.search(after) if known.after else None
            if match and known.fits(section, quantity.unit):
                return replace(self.default, id=known.id, label=match[0])
        return None


def _after_brackets(
    gap: str, subject: _ClaimSubject, before_brackets: list[_ClaimSubject]
) -> _ClaimSubject:
    """What is spoken of after brackets opened or closed in a gap; ``before_brackets`` is what was
    spoken of before each that is open."""
    for sign in re.findall(r"[()]", re.sub(r"\([^()]*\)", "", gap)):
        if sign == "(":
            before_brackets.append(subject)
        elif before_brackets:
            subject = before_brackets.pop()
    return subject


def _was_part(said: str, label: str) -> bool:
    """Whether the sentence before last spoke of something as a part of something else."""
    sentences = _SENTENCE.split(said)
    before = normal(sentences[-2]) if len(sentences) > 1 else ""
    parts = list(phrase("clause.parts").finditer(before))
    return bool(parts) and label in before[parts[0].end() :]


def _is_changed_from(quantity: StatedQuantity) -> bool:
    """Whether a number is the first of two between which something changed (由70万元减少到67万元)."""
    return bool(
        phrase("clause.from_bare").search(normal(quantity.before))
        and phrase("clause.then_to").match(normal(quantity.after))
    )


def _is_reason(gap: str, before: bool, known: bool) -> bool:
    """Whether a number stands where reasons are given, and not in the statement itself.

    A reason ends with its sentence, or at a semicolon when a known subject follows it.
    """
    parts = _SENTENCE.split(gap)
    if len(parts) > 1:
        before = False
    last = re.split(r"[；;]", parts[-1])
    if len(last) > 1 and known:
        before = False
    return before or pattern("reason").search(normal(last[-1])) is not None


def _compares(clause: Clause, gap: str, earlier: _ClaimSubject) -> bool:
    """Whether a change behind the number of an ``earlier`` year is that of the later one before it:
    2024年预算12万元，2023年预算13万元，减少1万元. It is not where it names the year before that."""
    basis = phrase("clause.basis_year").search(normal(gap))
    named = basis is not None and int(basis[1]) < earlier.year
    return clause.measure in ("change", "rate") and not clause.label and not named


def _counts(quantity: StatedQuantity, label: str | None) -> bool:
    """Whether a count of something unknown is worth telling: things and people, by name."""
    if not label or pattern("things").fullmatch(quantity.unit):
        return bool(label)
    return pattern("people").fullmatch(quantity.unit) is not None and (
        pattern("people_named").search(label) is not None
    )


def stated(claim: Claim) -> str:
    """A claim's number as it is written, without unit or sign."""
    return plain(abs(claim.value))
