"""Cases of a scored city: each carries what an investigator needs, and counts each line once."""

from __future__ import annotations

import pytest

from fraud.cases.build import build_pack
from fraud.cases.summary_columns import SUMMARY_COLUMNS, SummaryRow
from fraud.rings.core import core_rings
from fraud.runs.tables import read_output
from fraud.settings import CaseSettings, Settings

MONTH = "2026-03"
SETTINGS = Settings(cases=CaseSettings(top=12))


@pytest.fixture(scope="module")
def pack(scored_city):
    return build_pack(scored_city[0], MONTH, settings=SETTINGS)


def test_a_case_carries_what_an_investigator_needs(pack) -> None:
    assert len(pack.cases) == 12
    for case in pack.cases:
        assert case.reasons
        assert case.innocent
        assert case.records
        assert len(case.lines) > 0
        assert case.priority.total_amount == pytest.approx(
            case.priority.expected_recovery_amount
            * case.priority.severity
            * case.priority.recency
            * case.priority.actionability
            - case.priority.cost_amount,
            abs=1,
        )


def test_exposure_counts_each_line_once(pack, scored_city) -> None:
    findings = read_output(scored_city[0].run(MONTH), "findings")
    lines = read_output(scored_city[0].run(MONTH), "finding_lines")
    for case in pack.cases:
        own = findings[(findings["subject_id"] == case.subject_id) & (findings["source"] == "rule")]
        named = lines[lines["finding_id"].isin(own["finding_id"]) & (lines["exposure_amount"] > 0)]
        once = named.groupby(["settlement_id", "line_number"], dropna=False)["exposure_amount"].max().sum()
        rings = max((f.exposure_amount for f in case.findings if f.source == "ring"), default=0)
        assert case.exposure_amount == max(once, rings)
        assert case.exposure_gross_amount >= case.exposure_amount
        assert case.is_ring_money == (rings > once)


def test_a_ring_is_one_case_and_its_workbook_row_says_so(pack, scored_city) -> None:
    run = scored_city[0].run(MONTH)
    core = core_rings(read_output(run, "rings"), read_output(run, "ring_members"))
    ring_of = core.set_index(["subject_type", "subject_id"])["ring_id"].to_dict()
    ranked = [case for case in pack.cases if case.selection_reason == "ranked"]
    led = [ring_of[key] for case in ranked if (key := (case.subject_type, case.subject_id)) in ring_of]
    assert led
    assert len(led) == len(set(led))
    (column,) = (column for column in SUMMARY_COLUMNS if column.name == "place_notes")
    for case in ranked:
        ring = ring_of.get((case.subject_type, case.subject_id))
        assert case.n_folded == max(0, sum(each == ring for each in ring_of.values()) - 1)
        assert (f"Case of ring {ring}" in column.value(SummaryRow(case, 1, "en"))) == bool(case.n_folded)


def test_points_of_practitioners_rest_on_months_of_the_year_and_go_with_cases_of_providers(pack, scored_city):
    assert pack.points_months == ("2026-02", MONTH)
    assert pack.points
    persons = build_pack(scored_city[0], MONTH, settings=SETTINGS, entities=("patient",))
    assert persons.cases
    assert (persons.points, persons.points_months) == ((), ())
