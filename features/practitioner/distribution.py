"""Distributions of a practitioner: attended stays and visits, lines of them, and returns of patients."""

from features.declare import Family
from features.distribution import (
    RETURNS,
    STAY_DAYS,
    amounts_of_visits,
    days_of_stays,
    gaps_of_returns,
    lengths_of_stays,
    lines_of_visits,
)
from features.vocabulary.text import Text

_STAY, _VISIT, _NO_STAY = Text("attended stay", "主治住院"), Text("attended settlement", "主治结算"), "no stay attended"
_ATTENDS = "settlements.attending_practitioner_id"
STAYS = Family(
    "distribution",
    "分布特征",
    "practitioner",
    f"select attending_practitioner_key as subject_key, stay_days, {STAY_DAYS} from stays "
    "where attending_practitioner_key is not null",
    (*lengths_of_stays(_STAY, _NO_STAY), *days_of_stays(_STAY, _NO_STAY)),
    needs=(_ATTENDS, "settlements.admit_time", "settlements.discharge_time"),
)
VISITS = Family(
    "distribution",
    "分布特征",
    "practitioner",
    "select attending_practitioner_key as subject_key, total_amount, n_lines from visits "
    "where attending_practitioner_key is not null",
    (*amounts_of_visits(_VISIT), *lines_of_visits(_VISIT)),
    needs=(_ATTENDS,),
)
RETURNS_TO = Family(
    "distribution",
    "分布特征",
    "practitioner",
    f"select practitioner_key as subject_key, {RETURNS} from practice_people where n_days > 1",
    gaps_of_returns(Text("to the practitioner", "本医师处")),
)
FAMILIES = (STAYS, VISITS, RETURNS_TO)
