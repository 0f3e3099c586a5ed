"""Who overrides automatic checks in the ordinary course of work."""

import numpy as np

from experiments.synthetic.payer.insurer import OVERRIDDEN, is_overridden, on_duty

_DRAFTS = np.arange(200_000) * 7 + 13


def test_overrides_are_rare_and_the_same_draft_is_always_decided_alike():
    chosen = is_overridden(_DRAFTS, 5)
    deviation = (OVERRIDDEN * (1 - OVERRIDDEN) / len(_DRAFTS)) ** 0.5
    assert abs(chosen.mean() - OVERRIDDEN) < 4 * deviation
    assert np.array_equal(is_overridden(_DRAFTS[::-1], 5)[::-1], chosen)
    assert not np.array_equal(is_overridden(_DRAFTS, 6), chosen)


def test_three_colleagues_share_a_region():
    """Regions 0 and 4 have the numbers 0 to 2 and 12 to 14, each about a third of the work."""
    for region, first in ((0, 0), (4, 12)):
        numbers, counts = np.unique(on_duty(_DRAFTS, np.full(len(_DRAFTS), region), 5), return_counts=True)
        assert numbers.tolist() == [first, first + 1, first + 2]
        assert counts.min() > 0.3 * len(_DRAFTS)


def test_colleagues_keep_clear_of_the_numbers_of_schemes():
    assert on_duty(_DRAFTS[:1_000], np.full(1_000, 14), 5).max() < 100
