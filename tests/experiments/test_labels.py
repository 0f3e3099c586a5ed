from datetime import date

import pandas as pd
import pytest

from fraud.labels import settle_labels

DAY = date(2026, 6, 30)


def decisions(*rows):
    """Rows of (label id, subject, decision, decided, known); further columns empty."""
    frame = pd.DataFrame(rows, columns=["label_id", "subject_id", "decision", "decided_date", "known_date"])
    frame["subject_type"] = "provider"
    for name in ("confirmed_amount", "finding_id", "selection_reason", "selection_probability", "supersedes_label_id"):
        frame[name] = None
    return frame


def test_a_label_counts_from_the_day_it_is_known():
    labels = decisions(("L1", "P1", "confirmed_fraud", "2026-05-01", "2026-06-30"))
    assert settle_labels(labels, "provider", date(2026, 6, 29)).empty
    assert settle_labels(labels, "provider", DAY)["is_positive"].to_dict() == {"P1": True}
    assert settle_labels(labels, "patient", DAY).empty


def test_what_supersedes_counts_once_it_is_known():
    labels = decisions(
        ("L1", "P1", "confirmed_fraud", "2026-03-01", "2026-03-02"),
        ("L2", "P1", "unfounded", "2026-02-01", "2026-06-01"),
    )
    labels.loc[1, "supersedes_label_id"] = "L1"
    assert settle_labels(labels, "provider", date(2026, 5, 31))["is_positive"].to_dict() == {"P1": True}
    # Decided earlier, yet it overturns: without the first, it is the only one left.
    assert settle_labels(labels, "provider", DAY)["is_positive"].to_dict() == {"P1": False}


@pytest.mark.parametrize(
    ("decision", "is_positive"),
    [
        ("confirmed_fraud", True),
        ("confirmed_abuse", True),
        ("unfounded", False),
        ("confirmed_waste", None),
        ("confirmed_error", None),
        ("policy_ambiguity", None),
        ("insufficient_evidence", None),
    ],
)
def test_what_each_decision_says(decision, is_positive):
    labels = decisions(("L1", "P1", decision, "2026-05-01", "2026-05-01"))
    said = settle_labels(labels, "provider", DAY)["is_positive"].loc["P1"]
    assert said is pd.NA if is_positive is None else said == is_positive


def test_of_several_the_one_decided_last_counts_whatever_the_order_of_rows():
    labels = decisions(
        ("L1", "P1", "confirmed_fraud", "2026-03-01", "2026-05-01"),
        ("L2", "P1", "unfounded", "2026-04-01", "2026-04-01"),
        ("L3", "P0", "confirmed_abuse", "2026-04-01", "2026-04-01"),
    )
    for rows in (labels, labels[::-1]):
        settled = settle_labels(rows, "provider", DAY)
        assert settled["is_positive"].to_dict() == {"P0": True, "P1": False}
        assert settled.index.tolist() == ["P0", "P1"]


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        ("confirmed_fraud", "unfounded", None),
        ("unfounded", "confirmed_abuse", None),
        ("confirmed_fraud", "insufficient_evidence", None),
        ("confirmed_fraud", "confirmed_abuse", True),
    ],
)
def test_decisions_of_one_day_that_say_different_things_leave_the_subject_unknown(one, other, said):
    labels = decisions(
        ("L1", "P1", one, "2026-05-01", "2026-05-01"),
        ("L2", "P1", other, "2026-05-01", "2026-05-01"),
        ("L3", "P2", one, "2026-04-01", "2026-05-01"),
        ("L4", "P2", other, "2026-05-01", "2026-05-01"),
    )
    for rows in (labels, labels[::-1]):
        settled = settle_labels(rows, "provider", DAY)["is_positive"]
        assert settled["P1"] is pd.NA if said is None else settled["P1"] == said
        # Of another day, the later one counts as before.
        alone = settle_labels(labels.iloc[3:], "provider", DAY)["is_positive"]
        assert settled["P2"] is alone["P2"]


def test_clearing_a_finding_does_not_clear_its_subject_but_confirming_one_confirms_it():
    labels = decisions(
        ("L1", "P1", "unfounded", "2026-05-01", "2026-05-01"),
        ("L2", "P2", "confirmed_abuse", "2026-05-01", "2026-05-01"),
    )
    labels["finding_id"] = ["F1", "F2"]
    assert settle_labels(labels, "provider", DAY)["is_positive"].to_dict() == {"P2": True}
