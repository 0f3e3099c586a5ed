"""What every feature promises, run on all of them; the data are in `feature_data` and `feature_registers`."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from features.build import build_profiles
from features.catalogue import FAMILIES, context_features, family_of, features
from features.claims import TABLES, ClaimsStore, ingest_source
from features.declare import ENTITIES
from features.engine import DuckDBEngine
from features.facts import FACTS
from tests.contracts.feature_data import feature_tables, settlement
from tests.support.claims import make_store, write_source
from tests.support.profiles import profiles_of

EVERY = [(entity, feature) for entity in ENTITIES for feature in features(entity).values()]
IDS = [f"{entity}.{feature.name}" for entity, feature in EVERY]
# What the small data are too few for, or not of the month for; worked by hand elsewhere.
TOO_FEW = {
    "busiest_day_share",
    "december_ratio",
    "first_digit_excess_ratio",
    "first_two_digits_excess_ratio",
    "recruitment_day_share",
    "weight_to_lines_ratio",
}


@pytest.fixture(scope="module")
def full(tmp_path_factory):
    return profiles_of(tmp_path_factory.mktemp("full"), feature_tables(), "2026-03")


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
    turned = {name: rows[::-1] for name, rows in feature_tables().items()}
    other = profiles_of(tmp_path, turned, "2026-03", threads=2)
    pd.testing.assert_frame_equal(full.of(entity).values, other.of(entity).values, check_exact=True)


@pytest.mark.parametrize("entity", ENTITIES)
def test_later_months_change_nothing(entity: str, tmp_path) -> None:
    early = profiles_of(tmp_path / "early", feature_tables(months=(1, 2)), "2026-02")
    late = profiles_of(tmp_path / "late", feature_tables(), "2026-02")
    pd.testing.assert_frame_equal(early.of(entity).values, late.of(entity).values, check_exact=True)


@pytest.mark.parametrize("entity", ENTITIES)
def test_a_reversed_settlement_leaves_only_its_refund_share(entity: str, tmp_path) -> None:
    plain = feature_tables()
    with_reversal = feature_tables()
    extra = settlement(1, settlement_id="X1", total_amount="50.00", fund_paid_amount="50.00", cash_paid_amount="0.00")
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
    store, folder = make_store(tmp_path, feature_tables()), tmp_path / "facts"

    def build() -> set[str]:
        with DuckDBEngine(threads=1) as engine:
            build_profiles(ClaimsStore.open(store.folder), "2026-03", engine, facts_folder=folder)
        return {path.name for path in folder.rglob("*.parquet")}

    first = build()
    assert build() == first
    late = {"settlements": [settlement(500, settle_time="2026-02-20 10:00:00", encounter_type="outpatient")]}
    ingest_source(write_source(tmp_path / "late", late), store.folder)
    new = build() - first
    assert len(new) == len(FACTS)
    assert {name[:7] for name in new} == {"2026-02"}
