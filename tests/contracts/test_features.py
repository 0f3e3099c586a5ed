"""What every feature promises, run on all of them."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd
import pytest

from features.build import build_profiles
from features.catalogue import FAMILIES, context_features, families, family_of, features
from features.claims import TABLES, ClaimsStore, ingest_source
from features.declare import ENTITIES
from features.engine import DuckDBEngine
from features.facts import FACTS
from tests.support.claims import make_store, write_source
from tests.support.profiles import profiles_of

EVERY = [(entity, feature) for entity in ENTITIES for feature in features(entity).values()]
IDS = [f"{entity}.{feature.name}" for entity, feature in EVERY]
# What the data below are too few for, or not of the month for; worked by hand elsewhere.
TOO_FEW = {
    "busiest_day_share",
    "december_ratio",
    "first_digit_excess_ratio",
    "first_two_digits_excess_ratio",
    "recruitment_day_share",
}
# Engines other than DuckDB lack these, or mean something else by them.
FORBIDDEN = (
    r"::", r"\bqualify\b", r"\barg_m(ax|in)\b", r"\bm(ax|in)_by\b", r"\blog\(", r"\blist_", r"\basof\b",
    r"\bquantile_cont\b", r"\bdate_diff\b", r"\bstrftime\b", r"\bisodow\b", r"\bhugeint\b", r"[^\w.]\d+\.\d+",
)  # fmt: skip


def _settlement(number: int, **over: Any) -> dict[str, Any]:
    month = 1 + number % 3
    stay, sale = number % 4 == 0, number % 4 == 1
    row = {
        "settlement_id": f"S{number:03d}",
        "person_id": f"P{number % 7}",
        "provider_id": f"{'R' if sale else 'H'}{number // 3 % 3}",
        "encounter_type": "inpatient" if stay else ("pharmacy" if sale else "outpatient"),
        "settle_time": f"2026-{month:02d}-{1 + number % 27:02d} {number % 24:02d}:30:00",
        "attending_practitioner_id": f"D{number % 4}",
        "cash_paid_amount": f"{number % 5}.00",
        "account_paid_amount": f"{number % 3}.00",
        "deductible_amount": "2.00",
        "in_scope_amount": "9.00",
        "is_reversal": "false",
        "credential_type": "e_credential",
        "terminal_id": "T1",
        "operator_id": "C1",
        "is_proxy_purchase": "false",
        "mutual_aid_paid_amount": "0.00",
        "annual_cap_amount": "100.00",
        "annual_paid_to_date_amount": f"{90 + number % 9}.00",
        "is_planned_readmission": "false",
        "original_settlement_id": None,
        "filing_type": "referred" if number % 2 else None,
        "referral_id": None if number % 8 else f"F{number:03d}",
        "has_manual_override": str(number % 6 == 0).lower(),
        "is_third_party_injury": str(number % 11 == 0).lower(),
        "payment_method": "drg",
        "department_code": "D1",
        "invoice_number": f"V{number // 2}",
        "medical_aid_paid_amount": "1.00",
        "insured_region_code": "330101" if number % 5 else "340101",
        "care_region_code": "330101",
    }
    row |= {"service_start_date": row["settle_time"][:10], "service_end_date": row["settle_time"][:10]}
    if stay:
        row |= {
            "admit_time": f"2026-{month:02d}-01 08:00:00",
            "discharge_time": f"2026-{month:02d}-{3 + number % 9:02d} 09:00:00",
        }
        row |= {"operating_practitioner_id": f"D{number % 2}", "bed_number": "B1"}
    return row | over


def _tables(n: int = 240, months: tuple[int, ...] = (1, 2, 3)) -> dict[str, list[dict[str, Any]]]:
    settlements = [s for s in map(_settlement, range(n)) if int(s["settle_time"][5:7]) in months]
    lines = [
        {
            "settlement_id": s["settlement_id"],
            "line_number": k,
            "item_code": f"I{(int(s['settlement_id'][1:]) + k) % 5}",
            "item_name": "item",
            "unit_price": "1.00",
            "original_line_number": None,
            "item_type": "western_drug" if k == 1 or s["encounter_type"] == "pharmacy" else "service",
            "charge_category": "western_drug" if k == 1 else "laboratory",
            "amount": f"{10 * k + int(s['settlement_id'][1:])}.37",
            "days_supply": 7,
            "prescriber_id": f"D{k - 1}",
            "executor_id": f"D{k}",
            "prescription_id": f"X{s['settlement_id'][1:]}" if k == 1 else None,
        }
        for s in settlements
        for k in (1, 2)
    ]
    diagnoses = [
        {"settlement_id": s["settlement_id"], "diagnosis_code": f"I{10 + int(s['settlement_id'][1:]) % 4}"}
        for s in settlements
    ]
    groups = [
        {"settlement_id": s["settlement_id"], "system": "drg", "group_code": "G1", "weight": 1.5} for s in settlements
    ]
    procedures = [
        {"settlement_id": s["settlement_id"], "procedure_time": s["admit_time"]}
        for s in settlements
        if "admit_time" in s
    ]
    sales = [s for s in settlements if s["encounter_type"] == "pharmacy"]
    others = _goods(sales, months) | _registers(settlements, months)
    return others | {
        "settlements": settlements,
        "claim_lines": lines,
        "diagnoses": diagnoses,
        "procedures": procedures,
        "drg_assignments": groups,
        "persons": [
            {
                "person_id": f"P{i}",
                "chronic_condition_codes": "heart|copd",
                "home_region_code": "330101",
                "township_code": f"33010100{i % 2}",
                "phone_hash": f"T{i // 3}",
                "address_hash": f"A{i // 3}",
                "bank_account_hash": f"B{i // 3}",
                "death_date": None,
            }
            for i in range(7)
        ],
        "practitioners": [
            {"practitioner_id": f"D{i}", "provider_id": f"H{i % 3}", "person_id": f"P{i}", "specialty": "internal"}
            | {
                "licence_start_date": "2020-01-01",
                "licence_end_date": "2026-02-15",
                "can_prescribe": str(i > 0).lower(),
            }
            for i in range(4)
        ],
        "providers": [
            {"provider_id": f"{kind}{i}", "provider_type": name, "region_code": "330101", "longitude": 120.1 + i}
            | {"latitude": 30.2, "provider_level": "primary" if i == 0 else "secondary", "payment_method": "drg"}
            for kind, name in (("H", "clinic"), ("R", "retail_pharmacy"))
            for i in range(3)
        ],
    }


def _goods(sales: list[dict[str, Any]], months: tuple[int, ...]) -> dict[str, list[dict[str, Any]]]:
    """Scripts, scans and books of the pharmacies' sales."""
    scans = [
        {
            "event_id": f"{kind}{s['settlement_id']}",
            "trace_code": f"8{int(s['settlement_id'][1:]) // 2}",
            "event_time": s["settle_time"],
            "event_type": kind,
            "provider_id": s["provider_id"],
            "item_code": f"I{(int(s['settlement_id'][1:]) + 1) % 5}",
            "settlement_id": s["settlement_id"] if kind == "sale" else None,
            "is_split_pack": "false",
        }
        for s in sales
        for kind in ("inbound", "sale")
    ]
    scripts = [
        {
            "prescription_id": f"X{s['settlement_id'][1:]}",
            "person_id": s["person_id"],
            "issuing_provider_id": f"H{int(s['settlement_id'][1:]) % 3}",
            "prescriber_id": f"D{int(s['settlement_id'][1:]) % 4}",
            "issue_time": s["settle_time"],
            "channel": "paper",
            "dispense_settlement_id": s["settlement_id"],
        }
        for s in sales
    ]
    books = [
        {
            "provider_id": f"R{i}",
            "item_code": f"I{item}",
            "month": f"2026-{month:02d}",
            "opening_quantity": "5",
            "purchased_quantity": "2",
            "closing_quantity": "5",
        }
        for i in range(3)
        for item in range(5)
        for month in months
    ]
    catalogue = [
        {"item_code": f"I{item}", "max_fill_quantity": "1", "max_course_days": 5, "is_sentinel_drug": "true"}
        | {"is_brand": "true", "is_controlled": "II", "standard_minutes": "12.5"}
        for item in range(5)
    ]
    return {"trace_events": scans, "prescriptions": scripts, "stock_movements": books, "ref_items": catalogue}


def _registers(settlements: list[dict[str, Any]], months: tuple[int, ...]) -> dict[str, list[dict[str, Any]]]:
    """What others than the providers' bills say: calendar, places, contracts, referrals, budgets, opinions."""
    referrals = [
        {
            "referral_id": s["referral_id"],
            "person_id": s["person_id"],
            "from_provider_id": "H0",
            "to_provider_id": "H1",
            "direction": "up",
            "issue_time": s["settle_time"],
        }
        for s in settlements
        if s["referral_id"]
    ]
    return {
        "ref_holidays": [{"date": "2026-01-01"}],
        "ref_regions": [{"region_code": "330101", "longitude": 120.2, "latitude": 30.3}],
        "referrals": referrals,
        "family_doctor_contracts": [
            {"person_id": f"{kind}{i}", "provider_id": "H1", "start_date": "2025-06-01", "end_date": "2026-05-31"}
            for kind in "PQ"
            for i in range(20 if kind == "Q" else 7)
        ],
        "complaints": [
            {"complaint_id": f"K{m}", "received_date": f"2026-{m:02d}-03", "subject_type": "provider"}
            | {"subject_id": "H1"}
            for m in months
        ],
        "surveys": [
            {"provider_id": "H1", "month": f"2026-{m:02d}", "n_responses": 10, "satisfied_share": 0.9} for m in months
        ],
        "payment_budgets": [{"provider_id": f"H{i}", "year": 2026, "budget_amount": "50000.00"} for i in range(3)],
    }


@pytest.fixture(scope="module")
def full(tmp_path_factory):
    return profiles_of(tmp_path_factory.mktemp("full"), _tables(), "2026-03")


def test_there_are_as_many_as_promised_and_each_name_once() -> None:
    behaviour = {e: [n for n, f in family_of(e).items() if f != "case_mix"] for e in ENTITIES}
    assert len(behaviour["provider"]) >= 40
    assert len(behaviour["patient"]) >= 20
    assert len(behaviour["practitioner"]) >= 30
    for entity in ENTITIES:
        declared = [feature.name for family in FAMILIES[entity] for feature in family.features]
        assert len(declared) == len(set(declared))


@pytest.mark.parametrize(("entity", "feature"), EVERY, ids=IDS)
def test_a_feature_says_what_it_is(entity: str, feature) -> None:
    assert re.search(r"[一-鿿]", feature.name_zh)
    assert not re.search(r"[一-鿿]", feature.label)
    assert feature.why.endswith(".")
    for need in feature.needs:
        table, _, column = need.partition(".")
        assert table in TABLES
        assert not column or column in TABLES[table].by_name
    ending = {"currency": "amount", "days": "days", "years": "years", "minutes": "minutes", "nats": "nats"}.get(
        feature.unit
    )
    assert ending is None or feature.name.removesuffix("_1m").removesuffix("_3m").endswith(ending)


@pytest.mark.parametrize(("entity", "feature"), EVERY, ids=IDS)
def test_a_context_feature_suspects_nobody_and_any_other_names_its_tail(entity: str, feature) -> None:
    assert (feature.direction is None) == (feature.name in context_features(entity))


def test_every_statement_keeps_to_the_portable_subset() -> None:
    statements = {fact.name: fact.sql for fact in FACTS}
    statements |= {f"{e}.{f.name}.{i}": f.sql() for e in ENTITIES for i, f in enumerate(families(e))}
    for name, sql in statements.items():
        for pattern in FORBIDDEN:
            assert not re.search(pattern, sql, re.IGNORECASE), (name, pattern)


@pytest.mark.parametrize("entity", ENTITIES)
def test_full_data_leave_no_feature_without_a_value(full, entity: str) -> None:
    values = full.of(entity).values
    never = set(values.columns[values.isna().all()])
    assert never <= TOO_FEW


@pytest.mark.parametrize("entity", ENTITIES)
def test_shares_lie_between_zero_and_one(full, entity: str) -> None:
    for name, feature in features(entity).items():
        if feature.unit == "share":
            values = full.of(entity).values[name].dropna()
            assert values.between(0, 1).all(), name


@pytest.mark.parametrize("entity", ENTITIES)
def test_row_order_and_threads_change_nothing(full, entity: str, tmp_path) -> None:
    turned = {name: rows[::-1] for name, rows in _tables().items()}
    other = profiles_of(tmp_path, turned, "2026-03", threads=2)
    pd.testing.assert_frame_equal(full.of(entity).values, other.of(entity).values, check_exact=True)


@pytest.mark.parametrize("entity", ENTITIES)
def test_later_months_change_nothing(entity: str, tmp_path) -> None:
    early = profiles_of(tmp_path / "early", _tables(months=(1, 2)), "2026-02")
    late = profiles_of(tmp_path / "late", _tables(), "2026-02")
    pd.testing.assert_frame_equal(early.of(entity).values, late.of(entity).values, check_exact=True)


@pytest.mark.parametrize("entity", ENTITIES)
def test_a_reversed_settlement_leaves_only_its_refund_share(entity: str, tmp_path) -> None:
    plain = _tables()
    with_reversal = _tables()
    extra = _settlement(1, settlement_id="X1", total_amount="50.00", fund_paid_amount="50.00", cash_paid_amount="0.00")
    back = extra | {"settlement_id": "X2", "is_reversal": "true", "original_settlement_id": "X1"}
    back |= {
        name: "-" + extra[name]
        for name in ("total_amount", "fund_paid_amount", "account_paid_amount", "deductible_amount")
    }
    with_reversal["settlements"] += [extra, back]
    line = {"line_number": 1, "item_code": "I9", "item_type": "service", "days_supply": 7}
    with_reversal["claim_lines"] += [
        line | {"settlement_id": "X1", "amount": "50.00"},
        line | {"settlement_id": "X2", "amount": "-50.00", "quantity": "-1"},
    ]
    one = profiles_of(tmp_path / "plain", plain, "2026-03").of(entity).values
    two = profiles_of(tmp_path / "reversed", with_reversal, "2026-03").of(entity).values
    differing = [name for name in one.columns if not one[name].equals(two[name])]
    assert set(differing) <= {"refund_share"}


def test_what_the_source_does_not_hold_is_missing_and_not_zero(tmp_path) -> None:
    bare = {
        "settlements": [{"settlement_id": "S1"}],
        "claim_lines": [{"settlement_id": "S1", "amount": "10.00"}],
    }
    built = profiles_of(tmp_path, bare)
    providers = built.providers.values.iloc[0]
    for name, feature in features("provider").items():
        unknown = [
            need for need in feature.needs if need.split(".")[0] in {"diagnoses", "procedures", "drg_assignments"}
        ]
        if unknown:
            assert pd.isna(providers[name]), name
    for name in (
        "cash_paid_share",
        "attending_practitioners_count",
        "diagnosis_chapter_i_share",
        "drug_share",
        "stay_mean_days",
    ):
        assert pd.isna(providers[name]), name
    for name in ("patient_chronic_mean_ratio", "patient_died_share"):
        assert pd.isna(providers[name]), name
    assert providers["settlements_count"] == 1


@pytest.mark.parametrize("entity", ENTITIES)
def test_times_without_an_hour_are_no_night(entity: str, tmp_path) -> None:
    rows = [{"settlement_id": "S1", "settle_time": "2026-01-05 00:00:00", "attending_practitioner_id": "D1"}]
    assert profiles_of(tmp_path, {"settlements": rows}).of(entity).values["off_hours_share"].isna().all()


@pytest.mark.parametrize("entity", ENTITIES)
def test_a_reversal_in_a_later_month_nets_what_it_cancels(entity: str, tmp_path) -> None:
    kept = {"settlement_id": "S1", "settle_time": "2026-01-05 10:00:00"}
    wrong = {"settlement_id": "S2", "settle_time": "2026-01-06 10:00:00"}
    back = {"settlement_id": "S3", "settle_time": "2026-03-02 10:00:00", "is_reversal": "true"}
    lines = [{"settlement_id": s, "amount": a} for s, a in (("S1", "30.00"), ("S2", "50.00"), ("S3", "-50.00"))]
    rows = [{"attending_practitioner_id": "D1"} | row for row in (kept, wrong, back | {"original_settlement_id": "S2"})]
    tables = {"settlements": rows, "claim_lines": lines}
    (values,) = profiles_of(tmp_path, tables, "2026-03").of(entity).values.to_dict("records")
    assert (values["settlements_count"], values["billed_amount"]) == (1, 30.00)


@pytest.mark.parametrize("entity", ENTITIES)
def test_one_claim_is_enough_to_be_built_and_too_little_for_a_quantile(entity: str, tmp_path) -> None:
    rows = [{"settlement_id": "S1", "attending_practitioner_id": "D1"}]
    values = profiles_of(tmp_path, {"settlements": rows}).of(entity).values
    assert len(values) == 1
    if entity == "provider":
        assert values[["settlement_median_amount", "settlement_p90_amount", "busiest_day_share"]].isna().all(axis=None)


def test_a_month_is_read_once_and_a_corrected_one_alone_is_read_again(tmp_path) -> None:
    store, folder = make_store(tmp_path, _tables()), tmp_path / "facts"

    def build() -> set[str]:
        with DuckDBEngine(threads=1) as engine:
            build_profiles(ClaimsStore.open(store.folder), "2026-03", engine, facts_folder=folder)
        return {path.name for path in folder.rglob("*.parquet")}

    first = build()
    assert build() == first
    late = {"settlements": [_settlement(500, settle_time="2026-02-20 10:00:00", encounter_type="outpatient")]}
    ingest_source(write_source(tmp_path / "late", late), store.folder)
    new = build() - first
    assert len(new) == len(FACTS)
    assert {name[:7] for name in new} == {"2026-02"}
