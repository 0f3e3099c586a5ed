"""What labels said of a month, which months they can judge, and what could be learned before them."""

from datetime import date

import pandas as pd
import pytest

from experiments.known_then import Known, count_subjects
from experiments.months import observed_months
from fraud.labels import settle_labels
from tests.experiments.test_labels import decisions

MONTHS = ["2026-06", "2026-09", "2026-12"]
HELD = [f"2026-{number:02d}" for number in range(1, 13)]
# As long after the last month as that lasts: a training on the last day of December.
AS_OF = date(2026, 12, 31)
HOLED = [month for month in HELD if month != "2026-08"]


@pytest.mark.parametrize(
    ("held", "as_of", "asked", "observed"),
    [
        (HELD, AS_OF, (6, 1, None), ["2026-12"]),
        (HELD, AS_OF, (6, 9, None), MONTHS),
        (HELD, AS_OF, (6, 9, 2), ["2026-06", "2026-08", "2026-10", "2026-12"]),
        (HELD, AS_OF, (5, 3, None), ["2026-06", "2026-09", "2026-12"]),
        # Half a window in hand is left out, but the last month is observed as it is.
        (HELD, date(2026, 5, 2), (6, 3, None), ["2026-04"]),
        (HELD, date(2026, 7, 31), (6, 2, 1), ["2026-06", "2026-07"]),
        # August is missing, so that no window with it in is full; that of December is taken as it comes.
        (HOLED, AS_OF, (6, 3, None), ["2026-06", "2026-12"]),
    ],
)
def test_observed_are_the_last_month_and_earlier_ones_with_full_windows(held, as_of, asked, observed):
    window_months, n_months, step_months = asked
    found = observed_months(held, as_of, window_months=window_months, n_months=n_months, step_months=step_months)
    assert list(found) == observed


def test_a_decision_speaks_of_conduct_in_its_period():
    labels = decisions(
        ("L1", "P1", "confirmed_fraud", "2026-05-01", "2026-05-01"),
        ("L2", "P1", "unfounded", "2026-06-01", "2026-06-01"),
        ("L3", "P2", "confirmed_fraud", "2026-05-01", "2026-05-01"),
        ("L4", "P3", "confirmed_fraud", "2026-05-01", "2026-05-01"),
    )
    labels["period_start_date"] = ["2026-01-10", "2026-04-01", None, "2026-04-01"]
    labels["period_end_date"] = ["2026-03-31", "2026-04-30", None, None]

    def said(first, last):
        return settle_labels(labels, "provider", AS_OF, conduct=(first, last))["is_positive"].to_dict()

    # P1 was found guilty of January to March and cleared of April.
    assert said(date(2025, 11, 1), date(2026, 1, 9)) == {"P2": True}
    assert said(date(2025, 11, 1), date(2026, 1, 10)) == {"P1": True, "P2": True}
    assert said(date(2026, 3, 31), date(2026, 4, 30)) == {"P1": False, "P2": True, "P3": True}
    assert said(date(2026, 5, 1), date(2026, 10, 31)) == {"P2": True, "P3": True}


def test_what_an_appeal_overturned_is_gone_whatever_its_period():
    labels = decisions(
        ("L1", "P1", "confirmed_fraud", "2026-03-01", "2026-03-02"),
        ("L2", "P1", "insufficient_evidence", "2026-05-01", "2026-05-02"),
    )
    labels["period_start_date"], labels["period_end_date"] = ["2026-01-01", "2026-04-01"], ["2026-02-28", "2026-04-30"]
    labels.loc[1, "supersedes_label_id"] = "L1"
    window = (date(2026, 1, 1), date(2026, 2, 28))
    assert settle_labels(labels, "provider", AS_OF, conduct=window).empty


def known(rows, as_of=AS_OF, delay=3, subjects="ABCD"):
    """Labels of subjects in three months: `rows` maps subject and month to what is said and since when."""
    index = pd.MultiIndex.from_product([list(subjects), MONTHS], names=["subject_id", "month"])
    is_positive = pd.Series(pd.NA, index, dtype="boolean")
    since = pd.Series(pd.NaT, index)
    for row, (said, day) in rows.items():
        is_positive[row], since[row] = said, pd.Timestamp(day)
    return Known(is_positive, since, as_of, delay)


def test_everybody_teaches_a_priority_but_who_was_confirmed_for_another_month():
    found = known({("A", "2026-06"): (True, "2026-08-01"), ("B", "2026-06"): (False, "2026-08-01")})
    teaching = found.teaching("positive_unlabelled")
    # A may have gone on after June, so that A's silence there says nothing.
    assert teaching.index.tolist() == [("A", "2026-06")] + [(s, m) for s in "BCD" for m in MONTHS]
    assert count_subjects(found.is_positive) == (1, 1)
    # When labelled, only decisions teach.
    assert found.teaching("labelled").index.tolist() == [("A", "2026-06"), ("B", "2026-06")]


def test_young_months_are_not_judged_by_silence():
    everywhere = {("A", month): (True, "2026-05-01") for month in MONTHS}
    # September has had its three months on the last of December, December none; July and August were not observed.
    for delay, judged in ((0, MONTHS[1:]), (3, ["2026-09"]), (4, ["2026-06"])):
        cuts = known(everywhere, delay=delay).cuts("positive_unlabelled", bool_of)
        assert [cut.month for cut in cuts] == judged
        assert all(len(cut.judged) == 4 for cut in cuts)
    # Decisions are there or not, however young the month.
    decided = everywhere | {("B", month): (False, "2026-05-01") for month in MONTHS}
    assert [cut.month for cut in known(decided).cuts("labelled", bool_of)] == MONTHS[1:]


def test_a_month_is_judged_by_what_was_known_of_earlier_ones():
    rows = {
        ("A", "2026-06"): (True, "2026-08-01"),
        ("A", "2026-09"): (True, "2026-08-01"),
        # Known in October: of June it was not known when September was judged.
        ("B", "2026-06"): (True, "2026-10-15"),
        ("B", "2026-09"): (True, "2026-10-15"),
        ("C", "2026-06"): (False, "2026-08-01"),
        ("C", "2026-12"): (False, "2026-12-01"),
        ("D", "2026-12"): (True, "2026-12-01"),
    }
    (cut,) = known(rows).cuts("positive_unlabelled", bool_of)
    december = known(rows).cuts("labelled", bool_of)
    assert (cut.month, cut.is_forward) == ("2026-09", True)
    teaching = {row: said is not pd.NA and bool(said) for row, said in cut.teaching.items()}
    assert teaching == {("A", "2026-06"): True, **{(s, "2026-06"): False for s in "BCD"}}
    # C is silent in September, and D confirmed of December: that D is silent there says nothing.
    assert cut.judged.tolist() == [("A", "2026-09"), ("B", "2026-09"), ("C", "2026-09")]
    # December is too young for silence, so that only decisions are judged there.
    assert [each.month for each in december] == ["2026-12"]
    assert december[0].judged.tolist() == [("C", "2026-12"), ("D", "2026-12")]
    assert december[0].teaching.index.tolist() == [(s, m) for s in "AB" for m in MONTHS[:2]] + [("C", "2026-06")]


def bool_of(teaching):
    return bool(teaching.fillna(value=False).any())


def test_where_nothing_was_known_before_the_last_month_is_judged_by_all_others():
    rows = {("A", "2026-12"): (True, "2026-12-30"), ("B", "2026-12"): (False, "2026-12-30")}
    found = known(rows)
    (cut,) = found.cuts("labelled", bool_of)
    assert not cut.is_forward
    assert cut.judged.tolist() == cut.teaching.index.tolist() == [("A", "2026-12"), ("B", "2026-12")]


def test_a_training_later_after_its_month_lets_earlier_ones_know_as_much():
    rows = {("A", "2026-06"): (True, "2026-11-01"), ("A", "2026-09"): (True, "2026-11-01")}
    assert not any(cut.is_forward for cut in known(rows).cuts("positive_unlabelled", bool_of))
    # A training of the first of March looks at December two months later, so at September at the end of November.
    later = known(rows, as_of=date(2027, 3, 1)).cuts("positive_unlabelled", bool_of)
    assert [(cut.month, cut.is_forward) for cut in later] == [("2026-09", True)]


def test_the_same_rows_are_judged_whatever_mode_teaches():
    rows = {("A", month): (True, "2026-08-01") for month in MONTHS}
    rows |= {("B", month): (False, "2026-08-01") for month in MONTHS}
    found = known(rows)
    (cut, *_) = found.cuts("labelled", bool_of)
    other = found.taught_for("positive_unlabelled", cut)
    assert other.judged.equals(cut.judged)
    assert set(other.teaching.index) - set(cut.teaching.index) == {("C", "2026-06"), ("D", "2026-06")}
