import pytest

from fraud.models.mode import decide_mode, explain_mode
from fraud.settings import ModelSettings


@pytest.mark.parametrize(
    ("n_positives", "n_negatives", "mode"),
    [
        (0, 5000, "none"),
        (29, 5000, "none"),
        (30, 0, "positive_unlabelled"),
        (200, 5000, "positive_unlabelled"),
        (201, 199, "positive_unlabelled"),
        (201, 200, "labelled"),
    ],
)
def test_mode_by_count(n_positives, n_negatives, mode):
    assert decide_mode(n_positives, n_negatives, ModelSettings()) == mode


def test_says_what_is_missing():
    assert explain_mode(12, 0, ModelSettings()) == "not enough labels: 12 positives known; needs 30"
    assert "not a probability" in explain_mode(40, 10, ModelSettings())
