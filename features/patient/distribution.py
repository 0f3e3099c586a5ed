"""Distributions of a patient: stays, days of stays, bills, lines of bills, and returns to providers."""

from features.declare import Family
from features.distribution import (
    RETURNS,
    STAY_DAYS,
    as_context,
    days_of_stays,
    extremes_of_lines,
    lengths_of_stays,
    lines_per_visit,
    returns_to_providers,
    visit_spread,
)

_NO_STAY = "no inpatient stay"
_TIMES = ("settlements.admit_time", "settlements.discharge_time")
STAYS = Family(
    "distribution",
    "分布特征",
    "patient",
    f"select person_key as subject_key, stay_days, {STAY_DAYS} from stays",
    as_context((*lengths_of_stays(_NO_STAY), *days_of_stays(_NO_STAY))),
    needs=_TIMES,
)
AMOUNTS = Family(
    "distribution",
    "分布特征",
    "patient",
    "select person_key as subject_key, total_amount from visits",
    (visit_spread(),),
)
LINES = Family(
    "distribution",
    "分布特征",
    "patient",
    "select person_key as subject_key, n_lines from visits",
    as_context((lines_per_visit(), *extremes_of_lines())),
)
RETURNS_TO = Family(
    "distribution",
    "分布特征",
    "patient",
    f"select person_key as subject_key, {RETURNS} from provider_people where n_days > 1",
    returns_to_providers(),
)
FAMILIES = (STAYS, AMOUNTS, LINES, RETURNS_TO)
