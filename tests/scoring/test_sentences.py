"""Sentences of feature reasons."""

import pandas as pd
import pytest

from features.vocabulary.text import Text
from fraud.scoring.reasons import merge_reasons
from fraud.scoring.sentences import Clue, in_one_unit, in_unit, say_clue, say_combination

HIGH = Clue(Text("Billed per patient", "人均费用"), "currency", "provider", 4000.0, 1000.0, 97.5, 31, False, 2.04)
LOW = Clue(Text("Top five share", "前五占比"), "share", "patient", 0.1, 0.5, 4.0, 25, True, None)


def test_high_tail_in_both_languages():
    assert say_clue(HIGH).en == (
        "Billed per patient 4,000.00; median of 31 comparable providers 1,000.00 (4 times the median); "
        "above 97.5 % of them; adds 2.0 to the risk score"
    )
    assert say_clue(HIGH).zh == (
        "人均费用为4,000.00元，31家同类机构的中位数为1,000.00元（为中位数的4倍），高于其中97.5%；风险分增加2.0分"
    )


def test_low_tail_says_below_and_no_ratio():
    assert say_clue(LOW).en == "Top five share 10.0 %; median of 25 comparable patients 50.0 %; below 96 % of them"
    assert say_clue(LOW).zh == "前五占比为10.0%，25名同类参保人的中位数为50.0%，低于其中96%"


@pytest.mark.parametrize(
    ("value", "median", "unit", "said"),
    [
        (0.0004, 0.0002, "share", "0.04 %; median of 31 comparable providers 0.02 % (2 times the median)"),
        (0.0004, 0.0, "share", "0.04 %; median of 31 comparable providers 0.00 %;"),
        (0.25001, 0.25, "rate", "25.001 %; median of 31 comparable providers 25.000 %;"),
        (10.04, 10.02, "ratio", "10.04; median of 31 comparable providers 10.02;"),
        (3.004, 3.0, "days", "3.004 days; median of 31 comparable providers 3 days;"),
        (1000.004, 1000.001, "currency", "1,000.004; median of 31 comparable providers 1,000.001;"),
        (2.0, 2.0, "count", "2; median of 31 comparable providers 2;"),
    ],
)
def test_two_numbers_of_a_sentence_read_as_different_as_they_are(value, median, unit, said):
    assert said in say_clue(Clue(Text("X", "甲"), unit, "provider", value, median, 97.5, 31, False, None)).en


def test_values_that_differ_by_nothing_worth_saying_keep_their_usual_digits():
    assert in_one_unit((0.25, 0.25 + 1e-12), "share", "zh") == ("25.0%", "25.0%")


def test_combination_names_features():
    said = say_combination([Text("A", "甲"), Text("B", "乙")], 1.5)
    assert "A, B; adds 1.5 to the risk score" in said.en
    assert "甲、乙；风险分增加1.5分" in said.zh


@pytest.mark.parametrize(
    ("value", "unit", "text"), [(3.0, "days", "3 days"), (12.34, "ratio", "12.3"), (0.0, "count", "0")]
)
def test_units(value, unit, text):
    assert in_unit(value, unit, "en") == text


def test_a_subject_without_reasons_is_told_so_in_both_languages():
    merged = merge_reasons(pd.Index(["A", "B"]), [{"B": [Text("x", "甲")]}], 5)
    assert merged.loc["B"].tolist() == [["x"], ["甲"]]
    assert merged.loc["A", "reasons_en"][0].startswith("Nothing stands out")
    assert merged.loc["A", "reasons_zh"][0].startswith("未见明显异常")
