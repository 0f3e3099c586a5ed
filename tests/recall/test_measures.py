"""Each number of a recall, worked out by hand on the tiny month."""

from __future__ import annotations

import doctest
import importlib

import numpy as np
import pandas as pd
import pytest

from experiments.metrics import wilson
from experiments.recall.claims import spread
from experiments.recall.lines import ALL_RULES, measure_lines
from experiments.recall.measure import measure_flagged, measure_list, measure_schemes
from experiments.recall.months import first_detections, measure_delays, months_between
from experiments.recall.power import guilty_rates, measure_power
from experiments.recall.scored import Budget
from experiments.recall.subjects import UNSIZED, guilty_subjects, size_of_lines
from experiments.recall.twins import measure_twins
from features.vocabulary.entities import PROFILED
from tests.recall.tiny import MONTH, findings, located, reviewed, truth


@pytest.fixture
def guilty():
    return {entity: guilty_subjects(truth(), entity, MONTH, located().planted) for entity in PROFILED}


@pytest.fixture
def lines(guilty):
    return size_of_lines(located().planted, guilty["provider"])


def test_the_budget_is_a_share_of_providers_and_practitioners_and_a_number_of_patients() -> None:
    budget = Budget(0.02, 200)
    assert budget.size("provider", 300) == 6
    assert budget.size("provider", 10) == 1
    assert budget.size("practitioner", 800) == 16
    assert budget.size("patient", 5000) == 200
    assert budget.size("patient", 50) == 50


def test_what_begins_after_the_month_is_not_guilty_yet(guilty) -> None:
    assert sorted(guilty["provider"]["subject_id"]) == ["V0", "V1", "V3"]
    assert sorted(guilty["patient"]["subject_id"]) == ["N1", "N4"]


def test_a_patient_has_the_size_of_its_provider_else_of_the_only_one(guilty) -> None:
    # N1 was at V1 (medium); N4 only outside the ring, but the scheme has one size.
    assert guilty["patient"].set_index("subject_id")["size"].to_dict() == {"N1": "medium", "N4": "medium"}
    providers = truth().providers
    more = pd.concat([providers, providers[providers["provider_id"] == "V1"].assign(provider_id="V8", size="large")])
    sized = guilty_subjects(truth(providers=more), "patient", MONTH, located().planted)
    assert sized.set_index("subject_id")["size"].to_dict() == {"N1": "medium", "N4": UNSIZED}


def test_a_practitioner_begins_with_the_scheme_and_has_the_size_of_its_provider(guilty) -> None:
    # D1 ordered lines of R01 at V1 (medium); the first of R01 began in February, the only one of P06 in May.
    assert guilty["practitioner"].to_numpy().tolist() == [["D1", "R01", "medium", "2026-02"]]
    practitioners = pd.DataFrame({"practitioner_id": ["D8", "D9"], "scheme_code": ["P06", "H08"]})
    later = guilty_subjects(truth(practitioners=practitioners), "practitioner", MONTH, located().planted)
    # H08 has two sizes, and no guilty line is D9's.
    assert later.to_numpy().tolist() == [["D9", "H08", UNSIZED, "2026-01"]]


def test_money_of_practitioners_is_what_they_ordered(guilty, lines) -> None:
    own = reviewed("practitioner", order="D0 D1 D2 D3 D4 D5")
    row = measure_schemes(guilty["practitioner"], own, lines).iloc[0]
    # Of the 50.00 of R01 D1 ordered 20.00 at V1 and 30.00 outside the ring.
    assert (row["n_guilty"], row["n_found"], row["planted_amount"], row["found_amount"]) == (1, 1, 5_000, 5_000)


def test_two_instances_at_one_provider_count_once_at_the_larger_size_and_earlier_month() -> None:
    providers = truth().providers
    twice = pd.concat([providers, providers.iloc[[0]].assign(size="medium", first_month="2026-02")])
    row = (
        guilty_subjects(truth(providers=twice), "provider", MONTH, located().planted).set_index("subject_id").loc["V0"]
    )
    assert (row["size"], row["first_month"]) == ("medium", "2026-01")


def test_schemes_of_providers(guilty, lines) -> None:
    table = measure_schemes(guilty["provider"], reviewed(), lines).set_index(["scheme_code", "size"])
    assert list(table.index) == [("H08", "small"), ("H08", "large"), ("H08", "all"), ("R01", "medium")]
    whole = table.loc[("H08", "all")]
    # V0 ranks first and is reviewed, V3 ranks fourth and is not: 1 of 2, both possible.
    assert (whole["n_guilty"], whole["n_possible"], whole["n_found"], whole["recall"]) == (2, 2, 1, 0.5)
    assert (whole["best_rank"], whole["median_rank"]) == (1, 2.5)
    # 10.00 + 5.00 at V0 found of that and 85.00 at V3.
    assert (whole["planted_amount"], whole["found_amount"], whole["found_amount_share"]) == (10_000, 1_500, 0.15)
    assert table.loc[("H08", "large"), "recall"] == 0.0
    # V1 is reviewed, but of the scheme's 50.00 it sold 20.00.
    assert table.loc[("R01", "medium"), "found_amount_share"] == 0.4


def test_schemes_of_patients_and_those_not_ranked(guilty, lines) -> None:
    table = measure_schemes(guilty["patient"], reviewed("patient", order="N0 N1 N2 N3"), lines)
    assert len(table) == 1
    row = table.iloc[0]
    assert (row["scheme_code"], row["n_guilty"], row["n_absent"], row["n_found"]) == ("R01", 1, 1, 1)
    assert row["found_amount_share"] == 0.4  # 20.00 of N1; 30.00 of N4, who is not ranked


def test_possible_is_what_the_budget_allows(guilty, lines) -> None:
    crowd = pd.concat([guilty["provider"].iloc[[0]].assign(subject_id=f"V{i}") for i in range(4)])
    row = measure_schemes(crowd, reviewed(), lines).iloc[0]
    assert (row["n_guilty"], row["n_possible"], row["n_found"]) == (4, 2, 2)
    assert (row["recall"], row["recall_of_possible"]) == (0.5, 1.0)


def test_the_whole_list(guilty, lines) -> None:
    row = measure_list(guilty["provider"], reviewed(), lines)
    # V0 and V1 are reviewed and guilty: 2 of 2 reviewed, 2 of 3 guilty; 15.00 + 20.00 of 150.00.
    assert (row["precision"], row["recall"], row["base_rate"]) == (1.0, 2 / 3, 0.3)
    assert (row["planted_amount"], row["found_amount"]) == (15_000, 3_500)


def test_a_line_guilty_of_two_schemes_counts_once_in_the_whole_list(guilty, lines) -> None:
    twice = pd.concat([lines, lines.iloc[[0]].assign(scheme_code="R01", exposure_amount=1200)])
    assert measure_list(guilty["provider"], reviewed(), twice)["planted_amount"] == 15_200


def test_flagged_by_name(guilty) -> None:
    row = measure_flagged(guilty["provider"], reviewed(), findings()).set_index("scheme_code").loc["H08"]
    # Flagged: V0 (guilty), V2 and V5; of V0 and V3, one. Of the flagged only V0 is reviewed.
    assert (row["n_flagged"], row["n_flagged_guilty"], row["n_flagged_inside"]) == (3, 1, 1)
    assert (row["flagged_precision"], row["flagged_recall"], row["flagged_inside_precision"]) == (1 / 3, 0.5, 1.0)


def test_first_months_detected(guilty) -> None:
    months = [
        reviewed(month="2026-01", order="V1 V3 V0"),  # V1 before it began, V3 on time
        reviewed(month="2026-02", order="V5 V6 V0 V1 V3"),
        reviewed(month="2026-03", order="V1 V0 V3"),
    ]
    found = first_detections(guilty["provider"], months).set_index("subject_id")
    assert found["detected_month"].to_dict() == {"V0": "2026-03", "V3": "2026-01", "V1": "2026-03"}
    assert found["delay_months"].to_dict() == {"V0": 2, "V3": 0, "V1": 1}
    table = measure_delays(first_detections(guilty["provider"], months[:2])).set_index(["scheme_code", "size"])
    assert table.loc[("H08", "large"), "n_by_delay"] == {"0": 1}
    assert (table.loc[("H08", "large"), "n_detected"], table.loc[("H08", "large"), "n_never"]) == (1, 0)
    assert (table.loc[("H08", "small"), "n_detected"], table.loc[("H08", "small"), "n_never"]) == (0, 1)
    assert table.xs("R01")["n_never"].sum() == 1
    assert months_between("2025-12", "2026-01") == 1


def test_look_alikes(guilty) -> None:
    rankings = {"provider": reviewed(order="V2 V0 V1 V4"), "patient": reviewed("patient")}
    members = pd.DataFrame({"ring_id": ["R"], "member_type": ["patient"], "member_id": ["N3"]})
    table = measure_twins(truth(), rankings, findings(), members).set_index(["twin_of", "subject_type"])
    own = table.loc[("H08", "provider")]
    # V1 is guilty of another scheme and left out; V2 is reviewed, V4 is not.
    assert (own["n_twins"], own["n_also_guilty"], own["n_ranked"], own["n_inside"]) == (2, 1, 2, 1)
    assert own["false_alarm_rate"] == 0.5
    assert (own["definite_share"], own["other_share"], own["same_scheme_share"]) == (0.0, 0.5, 0.5)
    patients = table.loc[("R01", "patient")]
    # Three of five patients are reviewed: N0 is, N3 is not; N0 has a finding of another scheme; N3 is in a ring.
    assert (patients["n_inside"], patients["n_other"], patients["n_same_scheme"]) == (1, 1, 0)
    assert patients["n_in_reported_rings"] == 1
    doctors = table.loc[("R01", "practitioner")]
    assert pd.isna(doctors["n_inside"])  # they have no ranking
    assert doctors["definite_share"] == 1.0
    assert table.loc[("R01", "provider"), "n_twins"] == 0


def test_lines_against_lines() -> None:
    table = measure_lines(located(), ["2026-02", "2026-03"]).set_index(["scheme_code", "rule"])
    own = table.loc[("H08", "twice")]
    # Reported S1/1, S2/1, S9/1; planted S1/1, S1/2, S2/1; two in common.
    assert (own["n_reported"], own["n_planted"], own["n_both"]) == (3, 3, 2)
    assert own["precision"] == own["recall"] == own["f1"] == own["any_precision"] == 2 / 3
    # 8.00 + 90.00 + 1.00 against 10.00 + 5.00 + 85.00; apart 2.00 + 5.00 + 5.00 + 1.00.
    assert (own["reported_amount"], own["planted_amount"], own["signed_error_amount"]) == (9900, 10_000, -100)
    assert own["absolute_error_amount"] == 200 + 500 + 500 + 100
    assert own["matched_amount"] == 800 + 8500
    # Over all rules S1/1 counts at 10.00, the larger of both.
    assert table.loc[("H08", ALL_RULES), "reported_amount"] == 10_100
    assert table.loc[("R01", ALL_RULES), "n_reported"] == 0
    assert table.loc[("R01", ALL_RULES), "recall"] == 0.0
    assert pd.isna(table.loc[("R01", ALL_RULES), "precision"])


def test_a_line_that_is_wrong_by_accident_is_told_apart() -> None:
    """S1 is guilty in part and a slip as a whole, line 1 of S9 is a slip: of three lines named, two are guilty."""
    slips = pd.DataFrame({"settlement_id": ["S1", "S9"], "line_number": pd.array([None, 1], dtype="Int64")})
    months = ["2026-02", "2026-03"]
    own = measure_lines(located(), months, slips).set_index(["scheme_code", "rule"]).loc[("H08", "twice")]
    assert (own["n_any"], own["n_slip"]) == (2, 1)
    assert (own["any_precision"], own["explained_precision"]) == (2 / 3, 1.0)
    assert "n_slip" not in measure_lines(located(), months)


def test_lines_of_months_that_are_not_scored_do_not_count() -> None:
    own = measure_lines(located(), ["2026-03"]).set_index(["scheme_code", "rule"]).loc[("H08", "twice")]
    assert (own["n_reported"], own["n_planted"], own["n_both"]) == (2, 1, 1)


def test_detection_limits(guilty) -> None:
    rates = guilty_rates(guilty["provider"], reviewed(), located())
    by_size = rates[rates["scheme_code"] == "H08"].set_index("size")
    # V0: 15.00 of 150.00 and 2 of 20 lines; V3: 85.00 of 100.00 and 1 of 100.
    assert by_size["amount_share"].to_dict() == {"small": 0.1, "large": 0.85}
    assert by_size["lines_share"].to_dict() == {"small": 0.1, "large": 0.01}
    row = measure_power(rates).set_index("scheme_code").loc["H08"]
    assert (row["smallest_size_found"], row["largest_size_missed"]) == ("small", "large")
    assert (row["lowest_found_amount_share"], row["highest_missed_amount_share"]) == (0.1, 0.85)
    assert pd.isna(measure_power(rates).set_index("scheme_code").loc["R01", "highest_missed_amount_share"])


def test_a_settlement_is_spread_over_its_lines_to_the_cent() -> None:
    whole = np.array([1000, 1000, 1000, 50, 50])
    parts = spread(whole, np.array([0, 0, 0, 1, 1]), np.array([1, 1, 1, 0, 0]))
    assert parts.tolist() == [333, 333, 334, 25, 25]


def test_wilson_by_hand() -> None:
    # z2 = 3.8415; 1 of 2: middle (0.5 + 0.9604) / 2.9207 = 0.5; half 1.96 * sqrt(0.125 + 0.2401) / 2.9207 = 0.4055.
    interval = wilson(1, 2)
    assert interval.low == pytest.approx(0.0945, abs=5e-4)
    assert interval.high == pytest.approx(0.9055, abs=5e-4)
    assert (wilson(0, 5).low, wilson(5, 5).high) == (0.0, 1.0)
    assert np.isnan(wilson(0, 0).value)


@pytest.mark.parametrize(
    "name",
    ["metrics", "recall.claims", "recall.page", "recall.rings", "studies.detection_power"],
)
def test_examples_in_the_documentation_are_true(name) -> None:
    ran = doctest.testmod(importlib.import_module(f"experiments.{name}"))
    assert ran.attempted
    assert ran.failed == 0
