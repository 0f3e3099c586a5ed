"""Care: stays, practitioners and providers of a person."""

from features.declare import Family, Feature
from features.expressions import hhi
from features.vocabulary.text import Text

STAYS = Family(
    "stays",
    "住院",
    "patient",
    "select person_key as subject_key, * from stays",
    (
        Feature(
            "inpatient_stays_count",
            Text("Inpatient stays", "住院次数"),
            "count",
            "count(*)",
            Text("Stay after stay may be one illness split, or a bed lent out.", "反复住院可能是分解住院或挂床。"),
            "high",
            ("P15", "H04"),
            missing_means="no inpatient stay",
        ),
        Feature(
            "hospitals_count",
            Text("Hospitals stayed in", "住院机构数"),
            "count",
            "count(distinct provider_key)",
            Text(
                "Rotation over hospitals keeps each of them from seeing the whole.",
                "轮换医院住院，使单家机构难以看到全貌。",
            ),
            "high",
            ("P15",),
            missing_means="no inpatient stay",
        ),
        Feature(
            "stay_total_days",
            Text("Days in hospital", "住院总天数"),
            "days",
            "sum(stay_days)",
            Text("Beds may be held longer than the illness needs.", "住院天数过多，可能存在挂床或压床。"),
            "high",
            ("H02", "P15"),
            missing_means="no inpatient stay",
        ),
        Feature(
            "readmissions_15d_count",
            Text("Stays within 15 days of the one before", "15日内再入院次数"),
            "count",
            "sum(case when gap_days between 0 and 15 and not is_planned_readmission then 1 else 0 end)",
            Text("A readmission so soon may be one stay billed as two.", "短期内再入院，可能是一次住院拆成两次结算。"),
            "high",
            ("H04", "P15"),
            missing_means="no inpatient stay",
        ),
        Feature(
            "overlapping_stays_count",
            Text("Stays that begin before the one before ends", "重叠住院次数"),
            "count",
            "sum(case when gap_days < 0 then 1 else 0 end)",
            Text(
                "Nobody can lie in two beds: one entry is wrong, or the card was used by another.",
                "一人不可能同时住两处：或登记有误，或卡被他人使用。",
            ),
            "high",
            ("H06",),
            missing_means="no inpatient stay",
        ),
    ),
    needs=("settlements.admit_time", "settlements.discharge_time"),
)
CHOICE = Family(
    "concentration",
    "集中度",
    "patient",
    "select p.person_key as subject_key, p.n_visits as n, greatest(p.total_amount, 0) as a, p.first_months_back, "
    "p.n_visits_1m, k.oldest_months_back from provider_people p "
    "cross join (select max(months_back) as oldest_months_back from visits) k",
    (
        Feature(
            "provider_hhi_ratio",
            Text("Concentration on providers (HHI)", "就诊机构集中度（HHI）"),
            "ratio",
            hhi("n"),
            Text(
                "High: tied to one provider. Low: to none, as when doctors or shops are toured.",
                "偏高说明固定在一家机构；偏低说明四处就医购药。",
            ),
            "both",
            ("R06", "P04"),
        ),
        Feature(
            "top_provider_money_share",
            Text("Share of money at the dearest provider", "最高费用机构占比"),
            "share",
            "cast(max(a) as double) / nullif(sum(a), 0)",
            Text(
                "High: one place takes nearly all. Low: money is spread over many.",
                "偏高说明费用集中于一家，偏低说明分散在多家。",
            ),
            "both",
            ("R06",),
            missing_means="nothing billed",
        ),
    ),
)
SIGNERS = Family(
    "practitioners",
    "医师结构",
    "patient",
    "select person_key as subject_key, * from visits",
    (
        Feature(
            "attending_practitioners_count",
            Text("Attending practitioners", "主治医师数"),
            "count",
            "count(distinct attending_practitioner_key)",
            Text("Many doctors for like complaints may be doctor shopping.", "为相近病情找多名医师，可能在重复开药。"),
            "high",
            ("P04",),
        ),
    ),
    needs=("settlements.attending_practitioner_id",),
)
FAMILIES = (STAYS, CHOICE, SIGNERS)
