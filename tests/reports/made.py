"""Findings made by hand, of each kind that a report tells apart, on documents at hand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tests.show.disclosures import pdf_disclosure
from yusuan.facts import PackageContents, compile_contents
from yusuan.model.findings import Evidence, Finding
from yusuan.narrative.disclosure import understand
from yusuan.reports import CheckReport
from yusuan.sources import read_document

__all__ = ["pdf_report", "sample_report", "worked"]


def sample_report(contents: PackageContents, sample: Path, lang: str = "zh") -> CheckReport:
    """The sample with a proven, a likely and a tied error, and one that rounding explains."""
    key = contents.documents[0].document
    return CheckReport(contents, worked(contents), {key: sample}, lang)


def worked(contents: PackageContents) -> list[Finding]:
    """Three errors and a rounding of the founding document."""
    key = contents.documents[0].document
    table = "three-public-expenses"
    facts = {name: f"{key}-{table}-{name}" for name in ("total", "vehicles", "hospitality")}
    basic = f"{key}-general-budget-basic-expenditure-total-personnel"
    claim = next(claim for claim in contents.claims if claim.printed == "16864万元")
    return [
        Finding(
            finding=f"row-sum-{facts['vehicles']}", rule="row-sum", verdict="error", document=key,
            table=table, line=307, cell="C3", location="表8（第307行 C3）", fact=facts["vehicles"],
            message_zh="表8“公务用车购置及运行费/合计”列（第307行 C3）印为96.5万元，应为64万元。",
            message_en='Table 8, column "vehicles" (line 307, cell C3) prints 96.5, should be 64.',
            printed="96.5", expected="64", proposed="64", certainty="proven", slip="neighbour-column",
            evidence=(
                contradiction("合计列96.5与各分项之和64不等", "The parts give 64", facts["vehicles"]),
                contradiction("三公合计96.5应为车辆与接待之和129", "The total is 96.5", facts["total"]),
                candidate("印为96.5，应为64", "prints 96.5, should be 64", facts["vehicles"], "64"),
            ),
        ),
        Finding(
            finding=f"narrative-table-{claim.claim}", rule="narrative-table", verdict="error",
            document=key, line=claim.line, location="文字说明", claim=claim.claim,
            message_zh="文字说明“人员经费”（第401行）写为16864万元，而表6为902万元。",
            message_en="The narrative states 16864, Table 6 has 902.",
            printed="16864", expected="902", proposed="902", certainty="likely", slip="copied",
            evidence=(
                contradiction("说明16864万元与表6的902万元不符", "Table 6 has 902", basic, holds=False),
                candidate("表6印为902，应为16864", "prints 902, should be 16864", basic, "16864", 2),
            ),
        ),
        Finding(
            finding=f"row-sum-{facts['total']}", rule="row-sum", verdict="error", document=key,
            table=table, line=307, cell="A3", location="表8（第307行 A3）", fact=facts["total"],
            message_zh="表8各数（第307行）不能同时成立。",
            message_en="The numbers of table 8 (line 307) cannot all hold.",
            printed="96.5", certainty="tied",
            evidence=(
                contradiction("96.5 ≠ 96.5 + 32.5", "96.5 is not 96.5 + 32.5", None),
                candidate("合计印为96.5，应为129", "prints 96.5, should be 129", facts["total"], "129"),
                candidate("接待费印为32.5，应为0", "prints 32.5, should be 0", facts["hospitality"],
                          "0", 2, "other"),
            ),
        ),
        Finding(
            finding=f"column-sum-{basic}", rule="column-sum", verdict="rounding", document=key,
            table="general-budget-basic-expenditure", line=273, cell="E34", location="表6",
            fact=basic, printed="902", expected="901",
            message_zh="表6人员经费合计902万元，各行之和901万元。差额在四舍五入范围内。",
            message_en="Table 6: 902, the rows give 901. Rounding explains the difference.",
        ),
    ]  # fmt: skip


def contradiction(zh: str, en: str, fact: str | None, holds: bool = True) -> Evidence:
    return Evidence(role="contradiction", rule="row-sum", statement_zh=zh, statement_en=en,
                    fact=fact, holds=holds)  # fmt: skip


def candidate(
    zh: str, en: str, fact: str, proposed: str, explanation: int = 1, slip: str = "extra-digit"
) -> Evidence:
    return Evidence(role="candidate", statement_zh=zh, statement_en=en, fact=fact,
                    proposed=proposed, explanation=explanation, slip=slip)  # fmt: skip


def pdf_report(folder: Path, rotation: int = 0, hostile: Sequence[str] = ()) -> CheckReport:
    """A PDF whose total on page 3 is said to be wrong, against a part on page 2.

    The first ``hostile`` text stands for the message.
    """
    path = folder / "budget.pdf"
    path.write_bytes(pdf_disclosure(rotation))
    contents = compile_contents([understand(read_document(path))])
    key = contents.documents[0].document
    total, part = (f"{key}-expenditure-summary-{name}" for name in ("total-total", "2130301-total"))
    message = (
        hostile[0] if hostile else "表3“合计”行印为1,502.50万元，而各明细行之和为1,500.50万元。"
    )
    where = next(fact for fact in contents.facts if fact.fact == total)
    finding = Finding(
        finding=f"column-sum-{total}", rule="column-sum", verdict="error", document=key,
        table="expenditure-summary", page=where.page, line=where.line, cell=where.cell,
        location="表3", fact=total, message_zh=message, message_en="The rows give 1,500.50.",
        printed="1,502.50", expected="1,500.50", proposed="1,500.50", certainty="proven", slip="digit",
        evidence=(contradiction("与行政运行1,234.50等明细行之和不符", "The rows differ", part),),
    )  # fmt: skip
    return CheckReport(contents, [finding], {key: path})
