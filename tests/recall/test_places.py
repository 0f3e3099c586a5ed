"""The review list beside the rank, counted by hand on the tiny month."""

from __future__ import annotations

import pandas as pd
import pytest

from experiments.recall.places import LIST, RANK, measure_places, split
from experiments.recall.subjects import guilty_subjects, size_of_lines
from tests.recall.tiny import MONTH, located, reviewed, truth

# V0 leads the ring of V1, V2 and V5; V3 and V4 are pharmacies; then the rest.
PLACED = pd.DataFrame(
    {
        "list": ["provider"] * 3 + ["pharmacy"] * 2 + ["provider"] * 5,
        "list_place": [1, 1, 1, 1, 2, 1, 2, 3, 4, 5],
    },
    index=[f"V{n}" for n in range(10)],
)


@pytest.fixture
def measured():
    guilty = guilty_subjects(truth(), "provider", MONTH, located().planted)
    lines = size_of_lines(located().planted, guilty)

    def measure(placed=PLACED, **changed):
        own = guilty[~guilty["subject_id"].isin(changed.get("innocent", ()))]
        rows = pd.DataFrame(measure_places(own, reviewed(), lines, placed))
        return rows.set_index(["first", "order"])

    return measure


def test_the_list_counts_all_subjects_in_its_places(measured) -> None:
    # The two best ranked leads are a provider, V0 with V1, V2 and V5, and a pharmacy, V3: one place of either list.
    rows = measured()
    by_list = rows.loc[("budget", LIST)]
    assert (by_list["n_places"], by_list["n_right"], by_list["n_in_places"]) == (2, 2, 5)
    assert (by_list["n_found"], by_list["n_guilty"], by_list["recall"]) == (3, 3, 1.0)
    assert (by_list["n_schemes_reached"], by_list["n_schemes"]) == (2, 2)
    # 15.00 at V0, 85.00 at V3, 20.00 at V1, of 150.00.
    assert (by_list["found_amount"], by_list["found_amount_share"]) == (12_000, 0.8)
    by_rank = rows.loc[("budget", RANK)]
    assert (by_rank["n_places"], by_rank["n_right"], by_rank["n_in_places"], by_rank["n_found"]) == (2, 2, 2, 2)
    assert by_rank["found_amount"] == 3_500


def test_a_place_is_right_by_its_lead_or_by_most_of_those_folded_in(measured) -> None:
    # Without V0 the ring has V1 of three folded members: wrong, though V1 is found all the same.
    row = measured(innocent=["V0"]).loc[("budget", LIST)]
    assert (row["n_right"], row["n_found"]) == (1, 2)
    two_of_three = PLACED.assign(list_place=[1, 1, 2, 1, 2, 3, 4, 5, 6, 7]).assign(
        list=["provider"] * 4 + ["pharmacy"] + ["provider"] * 5
    )
    # V0 leads V1 and V3, both guilty.
    assert measured(two_of_three, innocent=["V0"]).loc[("budget", LIST), "n_right"] == 1


def test_months_scored_before_there_were_lists_have_their_rank_alone(measured) -> None:
    unknown = PLACED.assign(list=None, list_place=pd.array([None] * 10, dtype="Int64"))
    assert list(measured(unknown).index) == [("budget", RANK)]


def test_places_are_shared_as_the_rank_shares_them_and_none_is_lost() -> None:
    ranks = {"a": [1, 8, 9, 2], "b": [20, 3, 4], "c": [30]}
    for n in range(9):
        assert sum(split(n, ranks).values()) == n
    assert split(4, ranks) == {"a": 2, "b": 2, "c": 0}
    # A list is read from its first place, whoever stands there: caps may have brought up one of a low rank.
    assert split(1, {"a": [9, 1], "b": [2]}) == {"a": 1, "b": 0}
