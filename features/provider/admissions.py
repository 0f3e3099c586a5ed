"""Admissions: hour, day and bed with which a stay begins, and whether anything was operated."""

from features.declare import Family, Feature
from features.expressions import IS_AT_NIGHT, largest_share, share_known, share_of
from features.vocabulary.text import Text

_NO_STAY = "no inpatient stay"
_TIMES = ("settlements.admit_time", "settlements.discharge_time")

HOURS = Family(
    "admissions",
    "入院",
    "provider",
    """
    select v.provider_key as subject_key, v.n_procedures, v.surgery_amount, extract(hour from b.admit_time) as hour,
      case when extract(hour from b.admit_time) + extract(minute from b.admit_time) > 0 then 1 end as is_timed
    from visits v join bed_facts b on b.settlement_key = v.settlement_key where v.is_inpatient
    """,
    (
        Feature(
            "night_admission_share",
            Text("Share of admissions between ten in the evening and six in the morning", "夜间（22时至6时）入院占比"),
            "share",
            share_known("is_timed", f"is_timed = 1 and ({IS_AT_NIGHT})"),
            Text("Emergencies come at night; so do entries made after hours.", "急诊多在夜间，事后补录也会落在夜间。"),
            "high",
            ("H01", "H29"),
            missing_means="no stay with an hour of admission",
        ),
        Feature(
            "operated_stay_share",
            Text("Share of stays with a procedure or surgery", "手术操作住院占比"),
            "share",
            share_of("coalesce(n_procedures, 0) > 0 or surgery_amount > 0"),
            Text(
                "Low: beds where a visit would do. High: operations that may not have been needed.",
                "偏低可能降低入院指征，偏高可能手术指征过宽。",
            ),
            "both",
            ("H03", "H13", "H17"),
            missing_means=_NO_STAY,
            needs=("procedures", "claim_lines.charge_category"),
        ),
    ),
    needs=_TIMES,
)
DAYS = Family(
    "admissions",
    "入院",
    "provider",
    "select provider_key as subject_key, count(*) as n from admissions group by provider_key, admit_date",
    (
        Feature(
            "admission_day_share",
            Text("Share of admissions on the busiest day of admission", "单日入院最高占比"),
            "share",
            largest_share("n", 10),
            Text("Many admitted on one day may have been brought together.", "单日集中入院，可能成批组织而来。"),
            "high",
            ("H07", "R02", "H01"),
            missing_means="fewer than ten stays",
        ),
    ),
    needs=_TIMES,
)
BEDS = Family(
    "admissions",
    "入院",
    "provider",
    """
    select provider_key as subject_key, admit_time, earlier_discharge from (
      select v.provider_key, b.admit_time, max(b.discharge_time) over (
          partition by v.provider_key, b.department_code, b.bed_number
          order by b.admit_time, b.discharge_time, b.settlement_key
          rows between unbounded preceding and 1 preceding
        ) as earlier_discharge
      from visits v join bed_facts b on b.settlement_key = v.settlement_key
      where v.is_inpatient and b.bed_number is not null
    ) s
    """,
    (
        Feature(
            "taken_bed_share",
            Text("Share of stays that begin in a bed before the last patient has left it", "床位未腾空即收治占比"),
            "share",
            share_of("earlier_discharge > admit_time"),
            Text("A bed is taken while another patient is registered in it.", "床位尚登记有人即又收治。"),
            "high",
            ("H01", "H02", "H35"),
            missing_means="no stay with a bed number",
        ),
    ),
    needs=("settlements.bed_number", "settlements.department_code", *_TIMES),
)
FAMILIES = (HOURS, DAYS, BEDS)
