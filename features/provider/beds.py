"""Beds: occupancy and turnover, how stays begin and end, and what is billed around them."""

from features.declare import Family, Feature
from features.expressions import count_where, is_readmission, largest_share, major_units, mean, ratio, share_of
from features.vocabulary.text import Text

_NO_STAY = "no inpatient stay"
_TIMES = ("settlements.admit_time", "settlements.discharge_time")

CENSUS = Family(
    "beds",
    "床位",
    "provider",
    "select provider_key as subject_key, n, days, licensed_beds from bed_census",
    (
        Feature(
            "census_max_ratio",
            Text("Most people in beds at once, per licensed bed", "最高在院人数与核定床位之比"),
            "ratio",
            "cast(max(n) as double) / nullif(max(licensed_beds), 0)",
            Text("More patients registered than beds on record.", "登记在院人数超过核定床位。"),
            "high",
            ("H01", "H02", "H35"),
            missing_means=f"{_NO_STAY}, or no licensed beds known",
        ),
        Feature(
            "overfull_days_share",
            Text("Share of days with more people in beds than licensed beds", "在院人数超核定床位日占比"),
            "share",
            ratio("case when n > licensed_beds then days else 0 end", "case when licensed_beds > 0 then days end"),
            Text(
                "A day above capacity may be an epidemic; most days are not.",
                "偶尔超床可能是疾病流行，长期如此则需核实。",
            ),
            "high",
            ("H35", "H01"),
            missing_means=f"{_NO_STAY}, or no licensed beds known",
        ),
    ),
    needs=("providers.licensed_beds", *_TIMES),
)
STAYS = Family(
    "beds",
    "床位",
    "provider",
    "select provider_key as subject_key, * from admissions",
    (
        Feature(
            "bed_turnover_ratio",
            Text("Stays per licensed bed", "床位周转次数"),
            "ratio",
            "cast(count(*) as double) / nullif(max(licensed_beds), 0)",
            Text("More patients than the beds can be changed for.", "周转快于床位实际可能的更换速度。"),
            "high",
            ("H01", "H03"),
            missing_means=f"{_NO_STAY}, or no licensed beds known",
            needs=("providers.licensed_beds",),
        ),
        Feature(
            "bed_days_per_bed_ratio",
            Text("Days in bed per licensed bed", "每核定床位占用床日数"),
            "ratio",
            "cast(sum(care_days) as double) / nullif(max(licensed_beds), 0)",
            Text("More bed-days than the beds have nights.", "占用床日超过床位可提供的天数。"),
            "high",
            ("H01", "H02", "H35"),
            missing_means=f"{_NO_STAY}, or no licensed beds known",
            needs=("providers.licensed_beds",),
        ),
        Feature(
            "holiday_admission_share",
            Text("Share of admissions on public holidays", "法定节假日入院占比"),
            "share",
            mean("is_holiday"),
            Text("Only urgent patients are usually admitted on public holidays.", "法定节假日一般只收急症。"),
            "high",
            ("H29", "H01"),
            missing_means=_NO_STAY,
            needs=("ref_holidays",),
        ),
        Feature(
            "leave_days_share",
            Text("Share of days in bed that are leave", "住院请假天数占比"),
            "share",
            "least(cast(sum(leave_days) as double) / nullif(sum(care_days), 0), cast(1 as double))",
            Text("A patient who is away on leave does not need the bed.", "请假离院的患者并不需要占床。"),
            "high",
            ("H02",),
            missing_means=_NO_STAY,
            needs=("stay_leaves",),
        ),
        Feature(
            "together_share",
            Text("Share of stays with four others admitted and discharged on the same days", "五人以上同日入出院占比"),
            "share",
            share_of("n_together >= 4"),
            Text(
                "Groups that come and leave on the same days may have been organised.", "成批同日入出院，可能有组织。"
            ),
            "high",
            ("R02", "H01"),
            missing_means=_NO_STAY,
        ),
        Feature(
            "length_at_limit_share",
            Text("Share of stays of 14, 15, 29 or 30 days", "住院日贴近考核天数占比（14、15、29、30日）"),
            "share",
            share_of("stay_days in (14, 15, 29, 30)"),
            Text(
                "Discharge seems to follow the assessment rather than recovery.",
                "出院日贴着考核天数，而非依据病情恢复。",
            ),
            "high",
            ("H04", "H02"),
            missing_means=_NO_STAY,
        ),
        Feature(
            "month_end_discharge_share",
            Text("Share of discharges from the 28th on", "月末（28日起）出院占比"),
            "share",
            share_of("extract(day from discharge_date) >= 28"),
            Text("Discharges gather where the month's accounts close.", "月末集中出院结算。"),
            "high",
            ("H33", "H36"),
            missing_means=_NO_STAY,
        ),
        Feature(
            "planned_readmission_share",
            Text("Share of stays said to be planned readmissions", "计划内再入院占比"),
            "share",
            share_of("is_planned_readmission"),
            Text(
                "High: planned readmissions are exempt from the rule on split stays. Low: none is marked as planned.",
                "偏高可能借“计划内”避开分解住院考核，偏低说明几乎没有标注。",
            ),
            "both",
            ("H04",),
            missing_means=_NO_STAY,
            needs=("settlements.is_planned_readmission",),
        ),
        Feature(
            "other_diagnosis_readmission_15d_share",
            Text("Share of stays within 15 days of one here for another diagnosis", "15日内不同诊断再入院占比"),
            "share",
            share_of(
                f"previous_provider_key = provider_key and {is_readmission(15)} "
                "and previous_diagnosis_group <> diagnosis_group"
            ),
            Text(
                "Soon again with another diagnosis may be the same stay under a new name.",
                "短期内换诊断再入院，可能是同一次住院的延续。",
            ),
            "high",
            ("H04", "H05"),
            missing_means=_NO_STAY,
            needs=("diagnoses",),
        ),
        Feature(
            "tests_only_share",
            Text(
                "Share of stays without a procedure whose money goes to tests by 60 % or more", "检查检验为主住院占比"
            ),
            "share",
            share_of(
                "coalesce(n_procedures, 0) = 0 and surgery_amount = 0 and total_amount > 0 "
                "and (examination_amount + laboratory_amount) * 100 >= total_amount * 60"
            ),
            Text(
                "A stay of tests and little care may be a check-up in bed.", "以检查检验为主的住院，可能是体检式住院。"
            ),
            "high",
            ("H03", "H07"),
            missing_means=_NO_STAY,
            needs=("claim_lines", "procedures"),
        ),
        Feature(
            "consumables_per_operated_stay_amount",
            Text("Consumables per stay with surgery", "手术住院次均耗材费"),
            "currency",
            f"{major_units('case when surgery_amount > 0 then consumable_amount end')} "
            f"/ nullif({count_where('surgery_amount > 0')}, 0)",
            Text("Dearer implants, or more of them, than were used.", "所记耗材可能多于或贵于实际使用。"),
            "high",
            ("H14", "H15", "H38"),
            missing_means="no stay with surgery",
            needs=("claim_lines",),
        ),
        Feature(
            "drugs_per_bed_day_amount",
            Text("Drugs per day in bed", "日均住院药费"),
            "currency",
            f"{major_units('drug_amount')} / nullif(sum(care_days), 0)",
            Text("More medicine than a day of care usually takes.", "日均药量超出通常治疗所需。"),
            "high",
            ("H34", "H38"),
            missing_means=_NO_STAY,
            needs=("claim_lines",),
        ),
    ),
    needs=_TIMES,
)
LENGTHS = Family(
    "beds",
    "床位",
    "provider",
    "select provider_key as subject_key, stay_days, count(*) as n from admissions group by provider_key, stay_days",
    (
        Feature(
            "same_length_share",
            Text("Share of stays of the most common length", "最常见住院日占比"),
            "share",
            largest_share("n", 10),
            Text("Stays made from a template have one length.", "套用模板的住院天数往往一致。"),
            "high",
            ("H01", "H03"),
            missing_means="fewer than ten stays",
        ),
    ),
    needs=_TIMES,
)
AROUND = Family(
    "beds",
    "床位",
    "provider",
    "select provider_key as subject_key, stay_amount, around_amount from around_stays",
    (
        Feature(
            "around_stays_money_ratio",
            Text(
                "Money of visits here within three days of a stay, to that of the stays",
                "住院前后3日门诊费用与住院费用之比",
            ),
            "ratio",
            ratio("greatest(around_amount, 0)", "greatest(stay_amount, 0)"),
            Text(
                "What the fixed price covers may be billed to outpatient care around the stay.",
                "病组应包含的费用可能转到门诊收取。",
            ),
            "high",
            ("H23",),
            missing_means=_NO_STAY,
        ),
    ),
    needs=_TIMES,
)
FAMILIES = (CENSUS, STAYS, LENGTHS, AROUND)
