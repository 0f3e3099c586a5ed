"""Peer groups and distances, by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from features.peers import compare, peer_groups


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
    group = pd.Series(rng.choice(["a", "b"], 50))
    one, two = compare(values, group), compare(values.iloc[::-1], group.iloc[::-1])
    for name in ("n", "median", "p90", "percentile", "distance"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(two, name).sort_index(), check_exact=True)
