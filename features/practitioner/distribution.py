"""Distributions of a practitioner: attended stays and visits, lines of them, and returns of patients."""

from features.declare import Family
from features.distribution import (
    RETURNS,
    STAY_DAYS,
    days_of_stays,
    extremes_of_lines,
    gaps_of_returns,
    largest_visit,
    lengths_of_stays,
    lines_per_visit,
    visit_spread,
)
from features.vocabulary.text import Text

_ATTENDED, _NO_STAY = Text("attended ", "主治"), "no stay attended"
_ATTENDS = "settlements.attending_practitioner_id"
STAYS = Family(
    "distribution",
    "分布特征",
    "practitioner",
    f"select attending_practitioner_key as subject_key, stay_days, {STAY_DAYS} from stays "
    "where attending_practitioner_key is not null",
    (*lengths_of_stays(_NO_STAY, _ATTENDED), *days_of_stays(_NO_STAY, _ATTENDED)),
    needs=(_ATTENDS, "settlements.admit_time", "settlements.discharge_time"),
)
VISITS = Family(
    "distribution",
    "分布特征",
    "practitioner",
    "select attending_practitioner_key as subject_key, total_amount, n_lines from visits "
    "where attending_practitioner_key is not null",
    (largest_visit(_ATTENDED), visit_spread(_ATTENDED), lines_per_visit(_ATTENDED), *extremes_of_lines(_ATTENDED)),
    needs=(_ATTENDS,),
)
RETURNS_TO = Family(
    "distribution",
    "分布特征",
    "practitioner",
    f"select practitioner_key as subject_key, {RETURNS} from practice_people where n_days > 1",
    gaps_of_returns(Text("to the practitioner", "在本医师处")),
)
FAMILIES = (STAYS, VISITS, RETURNS_TO)
