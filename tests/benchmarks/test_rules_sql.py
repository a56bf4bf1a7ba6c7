"""The rules in SQL and frictionless row constraints give the same verdicts on the same rows."""

from __future__ import annotations

from pathlib import Path

from benchmarks.rules_sql import by_frictionless, by_rules, write_facts, write_wide


def test_both_name_the_rows_overwritten_and_no_others(tmp_path: Path) -> None:
    sums, wrong = write_facts(tmp_path, 6_000, 1, base=2, rate=200)
    write_wide(tmp_path, sums)
    assert len(wrong) > 5
    assert by_frictionless(tmp_path, sums).wrong == wrong
    assert by_rules(tmp_path).wrong == wrong
    assert by_rules(tmp_path, ["row-sum"]).wrong == wrong
