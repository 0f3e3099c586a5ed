"""The study of rules adds cities up, and a city without schemes is measured too."""

import pandas as pd
import pytest

from experiments.studies.rules import measure_city, pooled


def counted(n_reported, n_planted, n_both):
    row = {"scheme_code": "H08", "rule": "all rules", "n_any": n_both, "reported_amount": 100, "planted_amount": 200}
    row |= {"matched_amount": 100, "n_reported": n_reported, "n_planted": n_planted, "n_both": n_both}
    return {
        "lines": pd.DataFrame([row]),
        "twins": pd.DataFrame(columns=["twin_of", "subject_type"]),
        "reported": pd.DataFrame(
            {"code": ["practitioner_day"], "result_type": ["definite"], "n_lines": [3], "n_guilty": [1], "n_slip": [1]}
        ),
        "runs": pd.DataFrame(columns=["month", "code", "why"]),
    }


def test_counts_are_added_and_shares_formed_anew():
    found = pooled([counted(10, 20, 5), counted(30, 20, 25)])
    (row,) = found["lines"].to_dict("records")
    assert (row["precision"], row["recall"], row["amount_ratio"]) == (0.75, 0.75, 0.5)
    (row,) = found["reported"].to_dict("records")
    assert row == {"code": "practitioner_day", "result_type": "definite"} | {
        "n_lines": 6, "n_guilty": 2, "n_slip": 2, "n_unexplained": 2,
    }  # fmt: skip


@pytest.mark.slow
def test_an_honest_city_has_nothing_planted():
    found = pooled([measure_city(600, 40, 2, 41, "none")])
    assert found["lines"]["n_planted"].sum() == 0
    assert found["reported"]["n_guilty"].sum() == 0
