"""Peer groups and distances, by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from features.peers.compare import compare
from features.peers.groups import ALL, least_known, peer_groups


def test_small_groups_fall_back_to_coarser_ones() -> None:
    frame = pd.DataFrame({"kind": list("aaab"), "level": list("1121"), "region": list("xyxx")})
    # By kind, level and region everyone stands alone; a/1 holds two, kind a three, kind b one.
    assert list(peer_groups(frame, ["kind", "level", "region"], 2)) == ["a · 1", "a · 1", "a", "all"]
    assert list(peer_groups(frame, ["kind", "level", "region"], 3)) == ["a", "a", "a", "all"]


def test_a_column_that_is_not_there_is_skipped() -> None:
    assert list(peer_groups(pd.DataFrame({"kind": ["a", "a"]}), ["kind", "level"], 2)) == ["a", "a"]


def test_distance_percentile_and_tail_by_hand() -> None:
    values = pd.DataFrame({"x": [1.0, 2.0, 3.0, 4.0, 100.0]}, index=list("abcde"))
    peers = compare(values, pd.Series("all", index=values.index))
    assert peers.n.loc["e", "x"] == 5
    assert peers.median.loc["e", "x"] == 3.0
    # Deviations 2, 1, 0, 1, 97: their median is 1, their mean 20.2; the floor 0.6745 x 20.2 = 13.62 is the larger.
    assert peers.distance.loc["e", "x"] == pytest.approx(0.6745 * 97 / (0.6745 * 20.2))
    assert peers.percentile.loc["e", "x"] == pytest.approx(100 * 4.5 / 5)
    assert peers.p90.loc["e", "x"] == pytest.approx(4 + 0.6 * 96)  # position 0.9 x 4 = 3.6


def test_ties_share_the_middle_of_their_ranks() -> None:
    values = pd.DataFrame({"x": [1.0, 1.0, 5.0]})
    peers = compare(values, pd.Series("all", index=values.index))
    assert list(peers.percentile["x"]) == pytest.approx([100 * (1.5 - 0.5) / 3] * 2 + [100 * 2.5 / 3])


def test_who_is_left_over_is_compared_with_all_that_the_group_names() -> None:
    """Two of a/2 are too few: their peers are all five of a. Who is like nobody is compared with nobody."""
    group = pd.Series(["a · 1"] * 3 + ["a"] * 2 + [ALL], index=list("pqrstu"))
    peers = compare(pd.DataFrame({"x": [1.0, 2.0, 3.0, 4.0, 9.0, 7.0]}, index=group.index), group)
    assert list(peers.n["x"]) == [3, 3, 3, 5, 5, 1]
    assert list(peers.median["x"])[:5] == [2, 2, 2, 3, 3]
    assert list(peers.percentile["x"])[:5] == pytest.approx([50 / 3, 50, 250 / 3, 70, 90])
    for name in ("median", "p90", "percentile", "distance"):
        assert np.isnan(getattr(peers, name).loc["u", "x"]), name


def test_some_of_the_subjects_keep_all_their_peers() -> None:
    values = pd.DataFrame({"x": [1.0, 2.0, 3.0, 4.0, 9.0]}, index=list("pqrst"))
    peers = compare(values, pd.Series(["a"] * 5, index=values.index))
    some = peers.of(pd.Index(["t", "q"]))
    assert list(some.n["x"]) == [5, 5]
    for name in ("median", "p90", "percentile", "distance"):
        whole = getattr(peers, name).loc[["t", "q"]]
        pd.testing.assert_frame_equal(getattr(some, name), whole, check_exact=True)


def test_many_left_over_are_a_group_of_their_own() -> None:
    frame = pd.DataFrame({"kind": ["a"] * 9, "level": list("111122345")})
    # Of nine a, four have level 1; the five others have too few of any level, and are together more than half of four.
    assert list(peer_groups(frame, ["kind", "level"], 4)) == ["a · 1"] * 4 + ["a · the rest"] * 5
    assert list(peer_groups(frame.iloc[:5], ["kind", "level"], 4)) == ["a · 1"] * 4 + ["a"]


def test_fewer_known_values_than_half_a_group_are_not_compared() -> None:
    values = pd.DataFrame({"x": [1.0, 2.0, np.nan, np.nan], "y": [1.0, 2.0, 3.0, np.nan]})
    peers = compare(values, pd.Series("a", index=values.index), least_known(6))
    assert list(peers.n.loc[0]) == [2, 3]
    assert np.isnan(peers.distance.loc[0, "x"])
    assert peers.median.loc[0, "y"] == 2


def test_a_group_without_spread_gives_no_infinite_distance() -> None:
    values = pd.DataFrame({"x": [7.0] * 9 + [8.0]})
    distance = compare(values, pd.Series("all", index=values.index)).distance["x"]
    assert np.isfinite(distance).all()
    assert distance.iloc[0] == 0


def test_missing_values_are_no_peers() -> None:
    values = pd.DataFrame({"x": [1.0, np.nan, 3.0], "y": [np.nan] * 3})
    peers = compare(values, pd.Series("all", index=values.index))
    assert list(peers.n["x"]) == [2, 2, 2]
    assert np.isnan(peers.percentile.loc[1, "x"])
    assert peers.median["y"].isna().all()


def test_the_order_of_subjects_changes_nothing() -> None:
    rng = np.random.default_rng(3)
    values = pd.DataFrame(rng.normal(size=(50, 3)), columns=list("xyz"))
    group = pd.Series(rng.choice(["a", "a · 1", "b", ALL], 50))
    one, two = compare(values, group), compare(values.iloc[::-1], group.iloc[::-1])
    for name in ("n", "median", "p90", "percentile", "distance"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(two, name).sort_index(), check_exact=True)
