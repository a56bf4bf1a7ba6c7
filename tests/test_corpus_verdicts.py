"""Every error found in the real documents was looked at by hand: ``corpus_verdicts.csv``.

An error that is not in the table, or one of the table that is no longer found, has to be looked
at in the document; then the table is brought up to date.
"""

from __future__ import annotations

import csv
from pathlib import Path

from yusuan.pipeline import CheckedSources

VERDICTS = Path(__file__).parent / "corpus_verdicts.csv"
FALSE = 0.05
"""Share of the errors that may be false."""


def test_errors_in_real_documents_are_those_that_were_looked_at(
    corpus_checked: CheckedSources,
) -> None:
    with VERDICTS.open(encoding="utf-8", newline="") as file:
        looked_at = list(csv.DictReader(file))
    checked = corpus_checked
    files = {record.document: record.file for record in checked.contents.documents}
    found = [
        (files[f.document], f.page, f.line, f.cell or "", f.rule, f.printed, f.proposed or "")
        for f in checked.findings if f.verdict == "error"
    ]  # fmt: skip
    expected = [
        (row["document"], int(row["page"]), int(row["line"]), row["cell"], row["rule"],
         row["printed"], row["proposed"])
        for row in looked_at
    ]  # fmt: skip
    assert sorted(found) == sorted(expected)
    wrong = [row for row in looked_at if row["right"] != "yes"]
    assert len(wrong) <= FALSE * len(looked_at)
