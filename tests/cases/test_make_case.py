"""A case from the tables of one subject, by hand: which money counts, what explains it, what to do next."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from features.vocabulary.schemes import scheme
from fraud.cases.choose import Chosen
from fraud.cases.evidence import CaseEvidence
from fraud.cases.line_columns import LINE_COLUMNS
from fraud.cases.make_case import CaseParts, make_case
from fraud.cases.triage import action_text

WEIGHED = {
    "expected_recovery_amount": 90_000, "severity": 0.9, "recency": 1.0, "actionability": 0.8, "cost_amount": 30_000,
    "total_amount": 34_800, "action": "desk_audit", "scheme_codes": ("H08", "R01"),
}  # fmt: skip
SCORE = {"rank": 3, "risk_score": 71.5, "score_mode": "none", "reasons_en": ["why"], "reasons_zh": ["为何"]}


def _finding(source: str, exposure: int) -> dict[str, object]:
    return {
        "finding_id": f"F-{source}", "source": source, "code": "c", "scheme_code": "H08", "version": "1",
        "result_type": "suspicious", "basis": "b", "exposure_amount": exposure, "fund_exposure_amount": 0, "n_lines": 1,
        "reason_en": "why", "reason_zh": "为何",
    }  # fmt: skip


def _parts(*findings: dict[str, object], reason: str = "ranked", entity: str = "provider", **weighed) -> CaseParts:
    line = {column.name: None for column in LINE_COLUMNS}
    times = [pd.Timestamp("2026-06-03 10:00"), pd.Timestamp("2026-06-01 09:00")]
    lines = pd.DataFrame([{**line, "person": "P1", "settlement_id": "S1", "settle_time": time} for time in times])
    register = {"provider_name": "院", "provider_type": "clinic", "region_code": None} if entity == "provider" else {}
    return CaseParts(
        case_id="C-1",
        month="2026-06",
        chosen=Chosen(entity, "P1" if entity == "patient" else "H1", reason, 0.1 if reason != "ranked" else None),
        score=pd.Series(SCORE),
        weighed=pd.Series(WEIGHED | weighed),
        findings=pd.DataFrame(findings or [_finding("rule", 500)]),
        evidence=CaseEvidence(lines, 900, 500, 400, n_lines=5),
        register=pd.Series(register, dtype=object),
        ring_amount=8_000,
        peers=(),
        rings=(),
    )


def _shown(kind: str, identifier: str) -> str:
    return identifier if kind == "provider" else f"X{identifier}"


def test_a_case_says_who_when_and_what_was_left_out() -> None:
    case = make_case(_parts(), _shown)
    assert (case.shown_id, case.subject_name, case.kind, case.region) == ("H1", "院", "clinic", "")
    assert (case.first_date, case.last_date) == ("2026-06-01", "2026-06-03")
    assert (case.n_patients, case.n_settlements, case.n_lines, case.n_lines_left_out) == (1, 1, 5, 3)
    assert list(case.lines["person"]) == ["XP1", "XP1"]


def test_a_person_is_shown_under_a_pseudonym_and_is_in_no_register() -> None:
    case = make_case(_parts(entity="patient"), _shown)
    assert (case.subject_id, case.shown_id, case.subject_name, case.kind) == ("P1", "XP1", "", "")


@pytest.mark.parametrize(
    ("ring_exposure", "money"),
    [
        (500, (900, 500, False)),  # not more than the 5.00 of the lines
        (600, (8_000, 600, True)),  # more: what was billed in the ring, and the part that chance does not explain
    ],
)
def test_money_of_a_ring_counts_where_it_is_more_than_that_of_the_lines(ring_exposure: int, money: tuple) -> None:
    case = make_case(_parts(_finding("rule", 500), _finding("ring", ring_exposure)), _shown)
    assert (case.exposure_gross_amount, case.exposure_amount, case.is_ring_money) == money


def test_innocent_explanations_are_those_of_the_first_three_schemes() -> None:
    case = make_case(_parts(scheme_codes=("H08", "R01", "H04", "P06")), _shown)
    assert case.innocent == tuple(dict.fromkeys(t for code in ("H08", "R01", "H04") for t in scheme(code).innocent))
    assert case.scheme_codes == ("H08", "R01", "H04", "P06")
    assert make_case(_parts(scheme_codes=()), _shown).records == scheme("").records


def test_who_is_drawn_at_random_is_reviewed_without_presumption() -> None:
    assert make_case(_parts(), _shown).action == action_text("desk_audit")
    drawn = make_case(_parts(reason="random_audit"), _shown)
    assert (drawn.action, drawn.selection_probability) == (action_text("random_audit"), 0.1)
    asked = make_case(replace(_parts(action="data_request"), reply_days=1), _shown).action
    assert asked.en.endswith(", to be answered within 1 day")
    assert asked.zh.endswith("，1日内答复")
