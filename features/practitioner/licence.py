"""Licence: work outside its dates, during an own stay or after death, and drugs ordered without authority."""

from features.declare import Family, Feature
from features.practitioner.drugs import ORDERED_DRUGS
from features.vocabulary.text import Text

REGISTER = Family(
    "licence",
    "执业资格",
    "practitioner",
    "select practitioner_key as subject_key, * from work_days",
    (
        Feature(
            "outside_licence_days_count",
            Text("Days present outside the licence's dates", "执业有效期外出勤天数"),
            "count",
            "sum(is_unlicensed)",
            Text("Work is billed on days outside the licence on record.", "登记的执业有效期之外仍有服务结算。"),
            "high",
            ("H27", "H28"),
            missing_means="no licence dates on record",
            needs=("practitioners.licence_end_date",),
        ),
        Feature(
            "in_own_stay_days_count",
            Text("Days present during an own stay in hospital", "本人住院期间出勤天数"),
            "count",
            "sum(is_in_own_stay)",
            Text(
                "Work is billed while the practitioner was a patient in a ward.", "本人住院期间仍有以其名义的服务结算。"
            ),
            "high",
            ("H27", "H37"),
            missing_means="not known as an insured person",
            needs=("practitioners.person_id", "settlements.admit_time", "settlements.discharge_time"),
        ),
        Feature(
            "after_death_days_count",
            Text("Days present after death", "死亡后出勤天数"),
            "count",
            "sum(is_after_death)",
            Text(
                "Work is billed after the recorded date of death; the register may be wrong.",
                "登记死亡之后仍有服务结算；也可能登记有误。",
            ),
            "high",
            ("H27",),
            missing_means="not known as an insured person",
            needs=("practitioners.person_id", "persons.death_date"),
        ),
    ),
)
AUTHORITY = Family(
    "licence",
    "执业资格",
    "practitioner",
    ORDERED_DRUGS,
    (
        Feature(
            "unauthorised_drugs_count",
            Text("Drugs ordered without authority to prescribe", "无处方权开药次数"),
            "count",
            "case when count(can_prescribe) > 0 then sum(case when not can_prescribe then 1 else 0 end) end",
            Text("Drugs are prescribed under a name without the right to prescribe.", "以无处方权人员的名义开药。"),
            "high",
            ("T12", "H37"),
            missing_means="no drug ordered outside a stay, or authority unknown",
        ),
    ),
    needs=("practitioners.can_prescribe",),
)
FAMILIES = (REGISTER, AUTHORITY)
