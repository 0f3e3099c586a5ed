"""The calculation of a case, step by step: its priority, its exposure finding by finding, its place among peers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.vocabulary.text import LANGUAGES, Text
from fraud.cases.basis import basis_in
from fraud.cases.clue_names import with_code
from fraud.cases.pack import workbook_words as words
from fraud.cases.pack.sheets.steps import Step
from fraud.scoring.sentences import in_one_unit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fraud.cases.case import Case, FindingView, PeerView


def case_steps(case: Case) -> Iterator[Step]:
    """Yield the calculation of a case: its priority, its exposure, its place among peers."""
    yield from _priority_steps(case)
    yield from _exposure_steps(case)
    yield from (_peer_step(view) for view in case.peers)


def _priority_steps(case: Case) -> Iterator[Step]:
    priority = case.priority
    yield Step(words.PRIORITY, *words.EXPECTED_RECOVERY, priority.expected_recovery_amount, "money")
    yield Step(words.PRIORITY, *words.SEVERITY, priority.severity, "number")
    yield Step(words.PRIORITY, *words.RECENCY, priority.recency, "number")
    yield Step(words.PRIORITY, *words.ACTIONABILITY, priority.actionability, "number")
    yield Step(words.PRIORITY, *words.COST, priority.cost_amount, "money")
    yield Step(words.PRIORITY, *words.TOTAL_PRIORITY, priority.total_amount, "money")


def _exposure_steps(case: Case) -> Iterator[Step]:
    in_scope = [finding.exposure_amount for finding in case.findings]
    of_fund = [finding.fund_exposure_amount for finding in case.findings]
    yield from _summed(words.EXPOSURE, case, in_scope, case.exposure_amount)
    yield from _summed(words.FUND, case, of_fund, case.fund_exposure_amount)
    gross = words.BILLED_IN_RING if case.is_ring_money else words.BILLED_ON_LINES
    yield Step(words.BILLED, *gross, case.exposure_gross_amount, "money")
    if case.n_lines_left_out:
        yield Step(words.EVIDENCE, *words.LINES_LEFT_OUT, case.n_lines_left_out, "integer")


def _summed(part: Text, case: Case, amounts: list[int], of_case: int) -> Iterator[Step]:
    """Yield the amount of each finding, and what makes their sum the amount of the case."""
    for finding, amount in zip(case.findings, amounts, strict=True):
        name = with_code(with_code(finding.name, finding.code), finding.finding_id)
        yield Step(part, name, _origin(finding), amount, "money")
    summed = sum(amounts)
    yield Step(part, *words.SUM_OF_FINDINGS, summed, "money")
    yield Step(part, *words.ADJUSTMENT, of_case - summed, "money")
    yield Step(part, *words.TOTAL_OF_CASE, of_case, "money")


def _origin(finding: FindingView) -> Text:
    said = {"n": f"{finding.n_lines:,}", "version": finding.version or "-"}
    return Text(*(words.ORIGIN.of(lang).format(**said, basis=basis_in(finding.basis, lang)) for lang in LANGUAGES))


def _peer_step(view: PeerView) -> Step:
    """Say where the subject stands among its peers, and why such a value is looked at."""
    said = {}
    for lang in LANGUAGES:
        value, median, p90 = in_one_unit((view.value, view.median, view.p90), view.unit, lang)
        said[lang] = words.AMONG_PEERS.of(lang).format(
            value=value,
            median=median,
            p90=p90,
            n=view.n,
            points=f"{view.contribution:.2f}",
            why=view.why.of(lang) if view.why else "",
        )
    return Step(words.PEERS, view.label, Text(said["en"], said["zh"]), view.value, "number")
