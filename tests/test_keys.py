"""Records are named by what they are or are about, never by where that stands."""

import random
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tests.disclosures import ROWS, disclosure_text, write
from yusuan.checks import check
from yusuan.facts import compile_contents
from yusuan.model.findings import Evidence, Finding
from yusuan.model.keys import distinct_keys, without_positions
from yusuan.narrative.disclosure import understand
from yusuan.package.write import evidence_rows
from yusuan.sources import read_document

WRONG = (*ROWS[:2], "\t\t\t合 计\t353\t100\t250")
TEXTS = st.text("ab", min_size=1, max_size=2)


def findings_in(folder: Path, text: str) -> list[Finding]:
    return check(compile_contents([understand(read_document(write(folder, text)))]))


def nameless(key: str, document: str) -> str:
    """A key without the digest of the document, which changes with every character of it."""
    return key.replace(document, "DOC")


def test_lines_put_in_before_a_table_change_no_name(tmp_path: Path) -> None:
    text = disclosure_text(rows=WRONG)
    head, rest = text.split("\n", 1)
    both = [findings_in(tmp_path, one) for one in (text, f"{head}\n\n\n\n{rest}")]
    assert [f.line for f in both[0]] != [f.line for f in both[1]]
    names, moved = (
        [nameless(name, own[0].document) for name in (
            *(f.finding for f in own), *(row["evidence"] for row in evidence_rows(own)))]
        for own in both
    )  # fmt: skip
    assert names == moved


def test_no_record_of_the_sample_is_named_by_its_line(sample: Path, tmp_path: Path) -> None:
    head, rest = sample.read_text("utf-8").split("\n", 1)
    names = []
    for text in (f"{head}\n{rest}", f"{head}\n\n\n\n{rest}"):
        contents = compile_contents([understand(read_document(write(tmp_path, text)))])
        digest = contents.documents[0].document
        records = (
            [r.fact for r in contents.facts], [r.claim for r in contents.claims],
            [r.project for r in contents.projects], [r.indicator for r in contents.indicators],
            [r.holding for r in contents.holdings], [r.entry for r in contents.glossary],
            [r.unit for r in contents.units],
        )  # fmt: skip
        assert all(len(set(keys)) == len(keys) > 0 for keys in records)
        names.append([[nameless(key, digest) for key in keys] for keys in records])
    assert names[0] == names[1]


def test_a_claim_is_named_by_what_it_states_of_what(tmp_path: Path) -> None:
    """Two that are called the same are told apart by their words, not by their numbers."""
    text = "### 三、情况\n\n2023年支出预算{}万元。\n\n### 四、其他\n\n其中，支出预算{}万元。"
    names = []
    for first, second in (("350", "360"), ("351", "350")):
        narrative = text.format(first, second)
        document = read_document(write(tmp_path, disclosure_text(narrative=narrative)))
        contents = compile_contents([understand(document)])
        names.append([nameless(c.claim, contents.documents[0].document) for c in contents.claims])
    assert names[0] == names[1]
    assert all(name.startswith("DOC-expenditure-total-amount-") for name in names[0])
    assert len(set(names[0])) == 2


def test_a_finding_is_named_by_rule_and_fact_and_its_evidence_by_what_it_points_at(
    tmp_path: Path,
) -> None:
    findings = findings_in(tmp_path, disclosure_text(rows=WRONG))
    (finding,) = (f for f in findings if f.verdict == "error")
    table = "expenditure-summary-total"
    assert nameless(finding.finding, finding.document) == f"row-sum-DOC-{table}-total"
    name = finding.finding
    assert [row["evidence"].removeprefix(f"{name}-") for row in evidence_rows([finding])] == [
        f"contradiction-row-sum-{table}-total",
        f"contradiction-column-sum-{table}-total",
        f"counterpart-{table}-basic",
        f"counterpart-{table}-project",
        "counterpart-expenditure-summary-2130301-total",
        "counterpart-expenditure-summary-2130306-total",
    ]


def test_what_no_fact_tells_of_is_named_by_its_table_code_or_project() -> None:
    sample = Path(__file__).parent.parent / "datapackage" / "data" / "findings.csv"
    names = [line.partition(",")[0] for line in sample.read_text("utf-8").splitlines()[1:]]
    assert "table-missing-7a12ebf01553-state-capital-expenditure" in names
    assert "code-name-7a12ebf01553-expenditure-function-2210101" in names
    assert "project-without-targets-7a12ebf01553-fu-pin-fei" in names
    assert "subtotal-missing-7a12ebf01553-general-budget-basic-expenditure-303-personnel" in names


def test_evidence_of_one_place_is_told_apart_by_what_it_says_and_never_told_twice() -> None:
    one = Evidence(role="contradiction", rule="r", fact="d-x", printed="1",
                   statement_zh="与表1（第3行 B2）不符", statement_en="")  # fmt: skip
    two = Evidence(role="contradiction", rule="r", fact="d-x", printed="1",
                   statement_zh="与表2（第3行 B2）不符", statement_en="")  # fmt: skip
    finding = Finding(
        finding="r-d-x", rule="r", verdict="error", document="d", location="", message_zh="",
        message_en="", evidence=(one, two, one),
    )  # fmt: skip
    keys = [row["evidence"] for row in evidence_rows([finding])]
    assert len(set(keys)) == len(keys) == 2
    assert all(key.startswith("r-d-x-contradiction-r-x-") for key in keys)


@given(st.lists(st.tuples(TEXTS, TEXTS, st.integers(0, 9).map(str)), unique=True), st.randoms())
def test_keys_are_unique_and_do_not_depend_on_the_order(
    entries: list[tuple[str, str, str]], shuffled: random.Random
) -> None:
    keys = dict(zip(entries, distinct_keys(entries), strict=True))
    assert len(set(keys.values())) == len(entries)
    mixed = list(entries)
    shuffled.shuffle(mixed)
    assert dict(zip(mixed, distinct_keys(mixed), strict=True)) == keys


def test_what_tells_findings_apart_is_no_page_line_or_address() -> None:
    before = "表2“住房公积金”（第3页第147行 D15）印为12"
    after = "表2“住房公积金”（第4页第151行 D19）印为12"
    assert without_positions(before) == without_positions(after)
