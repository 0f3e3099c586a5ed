"""What a source does not hold is missing, and changes nothing else: every optional table and column is taken away."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

from features.catalogue import FAMILIES
from features.claims import TABLES
from features.claims.contract import REQUIRED_TABLES
from features.vocabulary.entities import PROFILED
from tests.contracts.feature_data import feature_tables
from tests.support.profiles import profiles_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from features.build import Profiles

NEEDS = {
    (entity, feature.name): {*family.needs, *feature.needs}
    for entity in PROFILED
    for family in FAMILIES[entity]
    for feature in family.features
}
FULL = feature_tables()
OPTIONAL_TABLES = sorted(set(FULL) - set(REQUIRED_TABLES))
OPTIONAL_COLUMNS = sorted(
    {
        f"{table}.{column}"
        for table, rows in FULL.items()
        for row in rows
        for column in row
        if not TABLES[table].by_name[column].required
    }
)
# A run for each would take minutes: one takes away every third table, or every fifth column.
AWAY = [OPTIONAL_TABLES[first::3] for first in range(3)] + [OPTIONAL_COLUMNS[first::5] for first in range(5)]
# Where a column is unknown, these look at the next best that is known, as their declarations and facts say.
FALLS_BACK = {
    "diagnoses": {"billed_to_expected_ratio"},  # the expectation uses what is known of a case
    "providers.region_code": {"overpriced_lines_share"},  # else the catalogue's own ceilings
    "providers.provider_level": {"billed_to_expected_ratio"},
    "claim_lines.prescriber_id": {"unauthorised_drugs_count"},  # else who wrote the script, else who attended
    "persons.township_code": {"home_area_hhi_ratio", "home_areas_count"},  # else the region of home
    "settlements.admit_time": {"amount_per_care_day_amount"},  # else the dates of service
    "settlements.discharge_time": {"amount_per_care_day_amount", "settled_late_share"},
    "settlements.is_planned_readmission": {"same_diagnosis_readmissions_count"},  # not said to be planned
    # Who is not named on lines is taken from the settlement: all of a practitioner's work moves.
    "claim_lines.executor_id": {name for entity, name in NEEDS if entity == "practitioner"},
}


def _taken(away: Collection[str]) -> dict[str, list[dict[str, object]]]:
    return {
        table: [{c: value for c, value in row.items() if f"{table}.{c}" not in away} for row in rows]
        for table, rows in FULL.items()
        if table not in away
    }


def _unkept(full: Profiles, left: Profiles, away: Collection[str]) -> list[str]:
    """Name the features that need what is gone and have a value, or that do not say so and have another."""
    free = set().union(*(FALLS_BACK.get(each, set()) for each in away))
    faults = []
    for (entity, name), needs in NEEDS.items():
        before, after = full.of(entity).features[name], left.of(entity).features[name]
        if any(need in away or need.partition(".")[0] in away for need in needs):
            if after.notna().any():
                faults.append(f"{entity}.{name} has a value")
        elif name not in free and after.notna().any() and not before.reindex(after.index).equals(after):
            faults.append(f"{entity}.{name} changed")
    return faults


# Every third in the quick run, all in the long one.
TRIED = [away if place % 3 == 0 else pytest.param(away, marks=pytest.mark.slow) for place, away in enumerate(AWAY)]


@pytest.mark.parametrize("away", TRIED, ids=lambda away: f"{away[0]} and {len(away) - 1} more")
def test_what_needs_what_is_gone_is_missing_and_nothing_else_changes(full, away: list[str], tmp_path) -> None:
    assert _unkept(full, profiles_of(tmp_path, _taken(away), "2026-03"), away) == []


def test_what_features_need_is_in_the_small_data() -> None:
    given = {*FULL, *OPTIONAL_COLUMNS}
    needed = {need for needs in NEEDS.values() for need in needs}
    required = {
        f"{name}.{column.name}" for name, table in TABLES.items() for column in table.columns if column.required
    }
    assert needed - given - required - set(REQUIRED_TABLES) == set()


def test_the_barest_source_leaves_most_of_a_profile_missing(tmp_path) -> None:
    lines = [{"settlement_id": "S1", "amount": "10.00"}]
    values = profiles_of(tmp_path, {"settlements": [{"settlement_id": "S1"}], "claim_lines": lines}).providers.features
    row = values.iloc[0]
    for name in ("cash_paid_share", "attending_practitioners_count", "drug_share", "stay_mean_days"):
        assert pd.isna(row[name]), name
    assert row["settlements_count"] == 1
    assert row.isna().mean() > 1 / 2
