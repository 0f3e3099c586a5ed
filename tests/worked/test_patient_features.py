"""Patient features recomputed by hand."""

from __future__ import annotations

import math

import pytest

from tests.support.profiles import profiles_of
from tests.worked.test_provider_features import _stay, _tables, _visit


@pytest.fixture(scope="module")
def patient(tmp_path_factory):
    """Four visits and two stays of one person."""
    visits = [
        _visit("S1", "2026-01-05", "P1", "60.00", account_paid_amount="60.00", encounter_type="pharmacy"),
        _visit("S2", "2026-01-05", "P1", "20.00", account_paid_amount="0.00", provider_id="H2"),
        _visit("S3", "2026-01-05", "P1", "20.00", account_paid_amount="0.00"),
        _visit("S4", "2026-01-10", "P1", "100.00", account_paid_amount="40.00", encounter_type="pharmacy"),
        _stay("S5", "2026-01-12", "2026-01-15", account_paid_amount="0.00"),
        _stay("S6", "2026-01-20", "2026-01-25", account_paid_amount="0.00", provider_id="H2"),
    ]
    tables = _tables(*visits)
    kinds = [
        ("A", "western_drug"),
        ("A", "western_drug"),
        ("B", "service"),
        ("A", "western_drug"),
        ("C", "service"),
        ("C", "service"),
    ]
    for line, (item, kind) in zip(tables["claim_lines"], kinds, strict=True):
        line |= {"item_code": item, "item_type": kind, "days_supply": 7 if kind == "western_drug" else None}
    return profiles_of(tmp_path_factory.mktemp("patient"), tables).patients.features.loc["P1"]


WORKED = {
    "settlements_count": 6,
    "claim_lines_count": 6,
    "providers_count": 2,
    "pharmacy_settlements_count": 2,
    "visit_days_count": 4,  # 5, 10, 15 and 25 January
    "settlements_per_day_max_count": 3,
    "providers_per_day_max_count": 2,
    "multi_provider_days_share": 1 / 4,
    "billed_amount": 2200.00,
    "account_paid_share": 100 / 2200,
    "amount_per_settlement_amount": 2200 / 6,
    "settlement_max_amount": 1000.00,
    "drug_share": 180 / 2200,  # 60 + 20 + 100
    "inpatient_stays_count": 2,
    "hospitals_count": 2,
    "stay_total_days": 3 + 5,
    "readmissions_15d_count": 1,  # five days after the discharge of the 15th
    "overlapping_stays_count": 0,
    "provider_hhi_ratio": (16 + 4) / 36,  # four visits at H1, two at H2
    "top_provider_money_share": 1180 / 2200,  # 60 + 20 + 100 + 1000 at H1
    "items_count": 3,
    "item_hhi_ratio": (180**2 + 20**2 + 2000**2) / 2200**2,
    "item_entropy_nats": -(0.5 * math.log(0.5) + (1 / 6) * math.log(1 / 6) + (1 / 3) * math.log(1 / 3)),
    "same_drug_lines_max_count": 3,
    "supply_days": 21,
    "weekend_share": 2 / 6,  # Saturday the 10th and Sunday the 25th
    "inpatient_share": 2 / 6,
}


@pytest.mark.parametrize("name", WORKED)
def test_a_patient_by_hand(patient, name: str) -> None:
    assert patient[name] == pytest.approx(WORKED[name], rel=1e-6 if name.endswith("nats") else 1e-9), name
