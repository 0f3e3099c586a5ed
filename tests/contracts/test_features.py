"""What every feature promises, run on all of them; the data are in `feature_data` and `feature_registers`."""

from __future__ import annotations

import re

import pytest

from features.catalogue import CONTEXT_FAMILY, FAMILIES, SECTIONS, context_features, family_of, features
from features.claims import TABLES
from features.vocabulary.entities import PROFILED

EVERY = [(entity, feature) for entity in PROFILED for feature in features(entity).values()]
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


# A further window of the same signal does not count, and neither does context.
FEWEST = {"provider": 150, "patient": 60, "pharmacy": 40, "practitioner": 30}


@pytest.mark.parametrize("section", SECTIONS)
def test_there_are_as_many_as_promised(section: str) -> None:
    declared = [f.name for family in SECTIONS[section] if family.name != CONTEXT_FAMILY for f in family.features]
    assert len({name.removesuffix("_1m").removesuffix("_3m") for name in declared}) >= FEWEST[section]


@pytest.mark.parametrize("entity", PROFILED)
def test_each_name_is_given_once(entity: str) -> None:
    declared = [feature.name for family in FAMILIES[entity] for feature in family.features]
    assert len(declared) == len(set(declared))


@pytest.mark.parametrize(("entity", "feature"), EVERY, ids=IDS)
def test_a_feature_says_what_it_is(entity: str, feature) -> None:
    assert re.search(r"[一-鿿]", feature.title.zh)
    assert not re.search(r"[一-鿿]", feature.title.en)
    assert feature.why.en.endswith(".")
    assert feature.why.zh.endswith("。")
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
    is_context = feature.name in context_features(entity)
    # Of distributions the extremes alone may suspect; the rest is for models.
    if is_context or family_of(entity)[feature.name] != "distribution":
        assert (feature.direction is None) == is_context


@pytest.mark.parametrize("entity", PROFILED)
def test_full_data_leave_no_feature_without_a_value(full, entity: str) -> None:
    values = full.of(entity).features
    never = set(values.columns[values.isna().all()])
    assert never <= TOO_FEW


@pytest.mark.parametrize("entity", PROFILED)
def test_shares_lie_between_zero_and_one(full, entity: str) -> None:
    for name, feature in features(entity).items():
        if feature.unit == "share":
            values = full.of(entity).features[name].dropna()
            assert values.between(0, 1).all(), name
