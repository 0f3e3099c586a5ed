"""Distributions of a patient: stays, days of stays, bills, lines of bills, and returns to providers."""

from features.declare import Family
from features.distribution import (
    RETURNS,
    STAY_DAYS,
    as_context,
    days_of_stays,
    lengths_of_stays,
    lines_of_visits,
    returns_to_providers,
    visit_spread,
)
from features.vocabulary.text import Text

_STAY, _VISIT, _NO_STAY = Text("stay", "住院"), Text("settlement", "结算"), "no inpatient stay"
_TIMES = ("settlements.admit_time", "settlements.discharge_time")
STAYS = Family(
    "distribution",
    "分布特征",
    "patient",
    f"select person_key as subject_key, stay_days, {STAY_DAYS} from stays",
    as_context((*lengths_of_stays(_STAY, _NO_STAY), *days_of_stays(_STAY, _NO_STAY))),
    needs=_TIMES,
)
AMOUNTS = Family(
    "distribution",
    "分布特征",
    "patient",
    "select person_key as subject_key, total_amount from visits",
    (visit_spread(_VISIT),),
)
LINES = Family(
    "distribution",
    "分布特征",
    "patient",
    "select person_key as subject_key, n_lines from visits",
    as_context(lines_of_visits(_VISIT)),
)
RETURNS_TO = Family(
    "distribution",
    "分布特征",
    "patient",
    f"select person_key as subject_key, {RETURNS} from provider_people where n_days > 1",
    returns_to_providers(),
)
FAMILIES = (STAYS, AMOUNTS, LINES, RETURNS_TO)
