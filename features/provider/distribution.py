"""Distributions of a provider: stays, days of stays, lines of bills, and returns of its patients."""

from features.declare import Family
from features.distribution import (
    RETURNS,
    STAY_DAYS,
    days_of_stays,
    extremes_of_lines,
    gaps_of_returns,
    lengths_of_stays,
)
from features.vocabulary.text import Text

_NO_STAY = "no inpatient stay"
_TIMES = ("settlements.admit_time", "settlements.discharge_time")
STAYS = Family(
    "distribution",
    "分布特征",
    "provider",
    f"select provider_key as subject_key, stay_days, {STAY_DAYS} from stays",
    (*lengths_of_stays(_NO_STAY), *days_of_stays(_NO_STAY)),
    needs=_TIMES,
)
LINES = Family(
    "distribution",
    "分布特征",
    "provider",
    "select provider_key as subject_key, n_lines from visits",
    extremes_of_lines(),
)
RETURNS_HERE = Family(
    "distribution",
    "分布特征",
    "provider",
    f"select provider_key as subject_key, {RETURNS} from provider_people where n_days > 1",
    gaps_of_returns(Text("here", "在本机构")),
)
FAMILIES = (STAYS, LINES, RETURNS_HERE)
