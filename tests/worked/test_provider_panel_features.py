"""Origins, ties and tiered care of providers recomputed by hand; every expected number shows its arithmetic."""

from __future__ import annotations

import math

import pytest

from tests.support.profiles import profiles_of
from tests.support.visits import stay, tables, visit

_HOME = {"insured_region_code": "330101", "care_region_code": "330101", "filing_type": None}
_NEXT_COUNTY = _HOME | {"insured_region_code": "330102"}
_AWAY = _HOME | {"insured_region_code": "340101"}


@pytest.fixture(scope="module")
def clinic(tmp_path_factory):
    """Five people at H1: P1 twice, P2 to P4 together from one township, P5 while in bed at H2."""
    made = tables(
        visit("S1", "2026-01-05", "P1", "100.00", **_HOME),
        visit("S2", "2026-02-05", "P1", "100.00", **_HOME),
        visit("S3", "2026-01-12", "P2", "50.00", **_NEXT_COUNTY),
        visit("S4", "2026-01-12", "P3", "50.00", **_NEXT_COUNTY),
        visit("S5", "2026-01-12", "P4", "50.00", **_NEXT_COUNTY),
        visit("S6", "2026-01-20", "P5", "50.00", **_AWAY),
        visit("S7", "2026-01-21", "P5", "100.00", **(_AWAY | {"filing_type": "referred"})),
        stay("S8", "2026-01-18", "2026-01-21", "P5", "900.00", provider_id="H2", **_AWAY),
        persons=[
            # P1 is on the staff and P5 lives with P1; three people share a telephone number and an account.
            {"person_id": "P1", "home_region_code": "330101", "township_code": "T1", "address_hash": "A"},
            {"person_id": "P2", "home_region_code": "330102", "township_code": "T2", "address_hash": "B"}
            | {"phone_hash": "F", "bank_account_hash": "K"},
            {"person_id": "P3", "home_region_code": "330102", "township_code": "T2", "address_hash": "B"}
            | {"phone_hash": "F", "bank_account_hash": "K"},
            {"person_id": "P4", "home_region_code": "330102", "township_code": "T2", "address_hash": "C"}
            | {"phone_hash": "F", "bank_account_hash": "K"},
            {"person_id": "P5", "home_region_code": "999999", "township_code": None, "address_hash": "A"},
        ],
        practitioners=[{"practitioner_id": "D1", "provider_id": "H1", "person_id": "P1"}],
        providers=[
            {"provider_id": "H1", "provider_type": "clinic", "longitude": 120.0, "latitude": 30.0},
            {"provider_id": "H2", "provider_type": "hospital", "longitude": 120.0, "latitude": 30.0},
        ],
        ref_regions=[
            {"region_code": "330101", "longitude": 120.0, "latitude": 30.1},
            {"region_code": "330102", "longitude": 121.0, "latitude": 30.0},
        ],
    )
    return profiles_of(tmp_path_factory.mktemp("clinic"), made, "2026-02").providers.features.loc["H1"]


# A tenth of a degree north is 11.12 km; a degree east at latitude 30 is 111.2 x cos 30 = 96.302 km.
_NORTH, _EAST = 11.120, 96.302
WORKED = {
    "home_distance_mean_kilometres": (_NORTH + 3 * _EAST) / 4,  # nobody knows where P5 lives
    "far_patients_share": 3 / 4,
    "insured_elsewhere_share": 2 / 7,
    "other_county_share": 3 / 7,
    "unfiled_elsewhere_share": 1 / 2,  # S6, of S6 and S7
    "companions_share": 0.0,  # T2 is the main township: three visits against two
    "household_same_day_share": 2 / 7,  # P2 and P3 on the 12th
    "returning_patients_share": 1 / 5,  # P1, of five seen in January
    "shared_phone_share": 3 / 3,
    "shared_address_share": 0.0,  # two each
    "shared_account_share": 3 / 3,
    "staff_patients_share": 1 / 5,
    "staff_households_money_share": (200 + 150) / 500,  # P1, and P5 at the same address
    "visit_during_stay_share": 1 / 7,  # S6; S7 is on the day of discharge
}


@pytest.mark.parametrize("name", WORKED)
def test_a_clinic_by_hand(clinic, name: str) -> None:
    assert clinic[name] == pytest.approx(WORKED[name], rel=1e-5), name


def test_three_from_a_township_that_seldom_comes_are_companions(tmp_path) -> None:
    # Four visits of neighbours on four days, three of people from T2 on one day: 3 of 7.
    made = tables(
        *(visit(f"N{i}", f"2026-01-{5 + i:02d}", f"N{i}", "10.00") for i in range(4)),
        *(visit(f"V{i}", "2026-01-12", f"V{i}", "10.00") for i in range(3)),
        persons=[
            {"person_id": f"{kind}{i}", "township_code": "T1" if kind == "N" else "T2"}
            for kind in "NV"
            for i in range(4)
        ],
    )
    assert profiles_of(tmp_path, made).providers.features.loc["H1", "companions_share"] == pytest.approx(3 / 7)


def test_an_ordered_leave_is_no_visit_during_a_stay(tmp_path) -> None:
    made = tables(
        visit("S1", "2026-01-20", "P1", "10.00"),
        visit("S2", "2026-01-22", "P1", "10.00"),
        stay("S3", "2026-01-15", "2026-01-25", "P1", "900.00", provider_id="H2"),
        stay_leaves=[{"settlement_id": "S3", "start_date": "2026-01-20", "end_date": "2026-01-20"}],
    )
    assert profiles_of(tmp_path, made).providers.features.loc["H1", "visit_during_stay_share"] == 1 / 2


@pytest.fixture(scope="module")
def tiers(tmp_path_factory):
    """A hospital H1 and a community centre C1 in February and March; January is what came before."""
    made = tables(
        visit("S1", "2026-02-02", "P1", "10.00", provider_id="C1", referral_id=None),
        visit("S2", "2026-02-09", "P1", "10.00", referral_id="F1"),  # sent by C1
        visit("S3", "2026-02-10", "P2", "10.00", referral_id="F9"),  # on nobody's record
        visit("S4", "2026-03-02", "P2", "10.00", referral_id=None),  # 20 days after S3, never at C1
        visit("S5", "2026-03-30", "P3", "10.00", referral_id=None),  # 33 days after S6
        visit("S6", "2026-02-25", "P3", "10.00", provider_id="C1", referral_id=None),
        visit("S7", "2026-03-30", "P4", "10.00", encounter_type="emergency", referral_id=None),
        visit("S8", "2026-01-05", "P5", "10.00", referral_id=None),  # what came before is not known
        visit("S9", "2026-01-06", "P6", "10.00", provider_id="C1", referral_id=None),
        providers=[
            {"provider_id": "H1", "provider_type": "hospital", "provider_level": "tertiary"},
            {"provider_id": "C1", "provider_type": "community_center", "provider_level": "primary"},
        ],
        referrals=[
            {"referral_id": f"F{i}", "person_id": f"P{i}", "from_provider_id": "C1", "to_provider_id": to}
            | {"direction": "up" if to == "H1" else "down", "issue_time": f"2026-0{1 + i % 3}-05 09:00:00"}
            for i, to in ((1, "H1"), (2, "H1"), (3, "H1"), (4, "H2"), (6, "H1"))
        ],
        family_doctor_contracts=[
            # P1 and P6 came to C1; P2 goes to the hospital; Q0 to Q16 are never seen; Q17 signed in March.
            *(
                {"person_id": person, "provider_id": "C1", "start_date": "2025-06-01", "end_date": None}
                for person in ("P1", "P6", "P2", *(f"Q{i}" for i in range(17)))
            ),
            {"person_id": "Q17", "provider_id": "C1", "start_date": "2026-03-20", "end_date": None},
            {"person_id": "Q18", "provider_id": "C1", "start_date": "2024-01-01", "end_date": "2025-12-31"},
            {"person_id": "P1", "provider_id": "H1", "start_date": "2025-07-01", "end_date": None},
        ],
    )
    return profiles_of(tmp_path_factory.mktemp("tiers"), made, "2026-03").providers.features


TIERS = {
    ("H1", "first_contact_share"): 2 / 4,  # of S2 to S5: S3 and S5
    ("H1", "bypassed_primary_share"): 2 / 4,  # S4 never, S5 33 days before; S2 and S3 are referred
    ("H1", "referred_visits_share"): 2 / 6,
    ("H1", "unrecorded_referral_share"): 1 / 2,  # F9
    ("C1", "first_contact_share"): 2 / 2,  # S1 and S6; S9 is of the first month
    ("C1", "referral_top_target_share"): 4 / 5,
    ("C1", "referred_down_share"): 1 / 5,
    # Issued 30 days before 30 March: F1, F3, F4 and F6. P1 and P3 came to H1; P4 did not come to H2, nor P6 to H1.
    ("C1", "referral_lost_share"): 2 / 4,
    ("H1", "referral_top_source_share"): None,  # four received are too few
    ("C1", "signed_unseen_share"): 18 / 20,
    ("C1", "signed_visits_elsewhere_share"): 3 / 5,  # P1 1 and P2 2 at H1; P1 and P6 one each here
    ("C1", "signed_per_patient_ratio"): 20 / 3,  # P1, P3 and P6 were seen
    ("C1", "signed_twice_share"): 1 / 20,  # P1
    ("C1", "signing_day_share"): 20 / 20,
}


@pytest.mark.parametrize(("provider", "name"), TIERS)
def test_tiers_by_hand(tiers, provider: str, name: str) -> None:
    expected, got = TIERS[provider, name], tiers.loc[provider, name]
    assert math.isnan(got) if expected is None else got == pytest.approx(expected, rel=1e-9)


def test_primary_care_bypasses_nobody(tiers) -> None:
    assert math.isnan(tiers.loc["C1", "bypassed_primary_share"])
