import numpy as np
import pytest

from fraud.models.ecod import ECOD

COLUMN = np.array([[1.0], [2.0], [3.0], [10.0]])


def test_tails_by_hand():
    left, right = ECOD().fit(COLUMN).tails(COLUMN)
    # Share at or below: 1/4 2/4 3/4 4/4; share at or above: 4/4 3/4 2/4 1/4
    assert left[:, 0] == pytest.approx(-np.log([0.25, 0.5, 0.75, 1.0]))
    assert right[:, 0] == pytest.approx(-np.log([1.0, 0.75, 0.5, 0.25]))


def test_score_is_the_largest_of_three_sums_by_hand():
    # Second column is skewed to the left (-10), the first to the right (10).
    cells = np.column_stack([COLUMN[:, 0], [-10.0, -3.0, -2.0, -1.0]])
    scores = ECOD().fit(cells).score_samples(cells)
    # Row 0: left  -log(1/4) - log(1/4) = 2 log 4; right 0; by skew right of the first 0 + left of the second log 4
    assert scores[0] == pytest.approx(2 * np.log(4))
    # Row 3: right 2 log 4
    assert scores[3] == pytest.approx(2 * np.log(4))
    # Row 1: left -2 log(2/4); right -2 log(3/4); by skew -log(3/4) - log(2/4)
    assert scores[1] == pytest.approx(2 * np.log(2))


def test_known_direction_replaces_the_skew():
    cells = np.column_stack([COLUMN[:, 0]] * 3)
    by_column = ECOD(["high", "low", "both"]).fit(cells).column_scores(cells)
    # Row 3 has the largest value: tail 1/4 above, 4/4 below, and 2 x 1/4 on both sides.
    assert by_column[3] == pytest.approx([np.log(4), 0.0, np.log(2)])


def test_unseen_and_unknown_values():
    fitted = ECOD(["high"]).fit(COLUMN)
    # Beyond all four: 1 / (4 + 1). Unknown: one half.
    assert fitted.score_samples([[99.0], [np.nan]]) == pytest.approx([np.log(5), np.log(2)])


def test_refuses_directions_that_do_not_fit():
    with pytest.raises(ValueError, match="directions must be one of"):
        ECOD(["up"]).fit(COLUMN)
