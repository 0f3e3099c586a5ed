"""The study of rules adds cities up, and a city without schemes is measured too."""

from types import SimpleNamespace

import pandas as pd
import pytest

from experiments.studies.rules import _reported as reported
from experiments.studies.rules import measure_city, pooled


def counted(n_reported, n_planted, n_both):
    row = {
        "scheme_code": "H08",
        "rule": "all rules",
        "n_any": n_both,
        "n_slip": 2,
        "reported_amount": 100,
        "planted_amount": 200,
    }
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
    assert row["explained_precision"] == (30 + 4) / 40
    (row,) = found["reported"].to_dict("records")
    assert row == {"code": "practitioner_day", "result_type": "definite"} | {
        "n_lines": 6, "n_guilty": 2, "n_slip": 2, "n_unexplained": 2,
    }  # fmt: skip


def test_settlements_named_as_a_whole_count_by_their_lines():
    """S1 is named as a whole, twice; of S2 one line is certain and another is not; of S3 a line is involved."""
    findings = [("F1", "suspicious"), ("F2", "suspicious"), ("F3", "definite"), ("F4", "suspicious")]
    lines = [
        ("F1", "S1", None, "violating"), ("F2", "S1", None, "violating"), ("F3", "S2", 1, "violating"),
        ("F4", "S2", 2, "violating"), ("F4", "S3", 1, "involved"), ("F4", "S4", None, "violating"),
    ]  # fmt: skip
    found = SimpleNamespace(
        findings=pd.DataFrame(findings, columns=["finding_id", "result_type"]).assign(source="rule", code="r"),
        lines=pd.DataFrame(lines, columns=["finding_id", "settlement_id", "line_number", "role"]).astype(
            {"line_number": "Int64"}
        ),
    )
    keys = ["settlement_id", "line_number"]
    of_lines = [("S1", 1), ("S1", 2), ("S1", 3), ("S2", 1), ("S2", 2), ("S4", 1), ("S4", 2)]
    located = SimpleNamespace(
        reported=pd.DataFrame(of_lines, columns=keys).assign(code="r"),
        planted=pd.DataFrame([("S1", 1), ("S2", 1)], columns=keys),
    )
    truth = SimpleNamespace(slips=pd.DataFrame([("S4", None)], columns=keys))
    assert reported(found, located, truth).to_dict("records") == [
        {"code": "r", "result_type": "definite", "n_lines": 1, "n_guilty": 1, "n_slip": 0},
        {"code": "r", "result_type": "suspicious", "n_lines": 6, "n_guilty": 1, "n_slip": 2},
    ]


@pytest.mark.slow
def test_an_honest_city_has_nothing_planted():
    found = pooled([measure_city(600, 40, 2, 41, "none")])
    assert found["lines"]["n_planted"].sum() == 0
    assert found["reported"]["n_guilty"].sum() == 0
