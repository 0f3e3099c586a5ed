"""Companions: people with the same stays, minutes at a pharmacy, telephone, address or account."""

from features.declare import Family, Feature
from features.expressions import count_where
from features.vocabulary.text import Text

SAME_BEDS = Family(
    "companions",
    "同行人员",
    "patient",
    "select person_key as subject_key, admit_date, count(*) over (partition by provider_key, admit_date, "
    "discharge_date) - 1 as n_others from stays",
    (
        Feature(
            "co_admitted_max_count",
            Text("Most others admitted and discharged at the same provider on the same days", "同院同日入出院最多人数"),
            "count",
            "max(n_others)",
            Text(
                "People who are admitted and leave in one group may have been recruited together.",
                "成批同日入院、同日出院，可能是集中诱导住院。",
            ),
            "high",
            ("R02", "H01"),
            missing_means="no inpatient stay",
        ),
    ),
    needs=("settlements.admit_time", "settlements.discharge_time"),
)
# Pairs are counted only where a counter served at most five people within ten minutes: crowds are no company.
COUNTER = Family(
    "companions",
    "同行人员",
    "patient",
    """
    select a.person_key as subject_key, b.person_key as other_key, count(distinct a.day) as n_days
    from (
      select t.*, count(*) over (partition by provider_key, moment_number) as n_people from (
        select distinct provider_key, person_key, day, floor(moment / 600) as moment_number from counter_sales
      ) t
    ) a join (
      select distinct provider_key, person_key, floor(moment / 600) as moment_number from counter_sales
    ) b on b.provider_key = a.provider_key and b.moment_number = a.moment_number and b.person_key <> a.person_key
    where a.n_people <= 5
    group by a.person_key, b.person_key
    """,
    (
        Feature(
            "companions_count",
            Text(
                "Others served at the same pharmacy within the same ten minutes on three days or more",
                "三日以上同药店十分钟内同购人数",
            ),
            "count",
            count_where("n_days >= 3"),
            Text(
                "The same people minutes apart on several days: one hand may hold several cards.",
                "多日在数分钟内相继购药，可能是一人持多卡。",
            ),
            "high",
            ("R03", "P06"),
            missing_means="never at a pharmacy beside anybody",
        ),
        Feature(
            "companion_days_max_count",
            Text(
                "Most days at a pharmacy within the same ten minutes as one other person",
                "与同一人十分钟内同购最多天数",
            ),
            "count",
            "max(n_days)",
            Text("Couples come together; so do bundles of cards.", "夫妻会同来购药，成捆刷卡也表现为同时购药。"),
            "high",
            ("R03", "P06"),
            missing_means="never at a pharmacy beside anybody",
        ),
    ),
    needs=("providers.provider_type",),
)


def _shared(column: str, label: str, name_zh: str, why: str, why_zh: str, *typologies: str) -> Family:
    return Family(
        "companions",
        "同行人员",
        "patient",
        "select person_key as subject_key, * from contacts",
        (
            Feature(
                f"same_{column.removesuffix('_hash')}_people_count",
                Text(f"Others on record with the same {label}", f"共用{name_zh}人数"),
                "count",
                f"max(n_of_{column.removesuffix('_hash')}) - 1",
                Text(why, why_zh),
                "high",
                typologies,
                missing_means=f"no {label} on record",
            ),
        ),
        needs=(f"persons.{column}",),
    )


FAMILIES = (
    SAME_BEDS,
    COUNTER,
    _shared(
        "phone_hash",
        "telephone number",
        "电话",
        "Many people are on record under one number; an agent may have signed them up.",
        "多人登记同一电话，可能由中介统一代办。",
        "R04",
        "R08",
    ),
    _shared(
        "address_hash",
        "address",
        "住址",
        "More people on record at one address than a household usually has.",
        "同一住址登记人数超过一般家庭。",
        "R04",
    ),
    _shared(
        "bank_account_hash",
        "bank account",
        "银行账户",
        "Repayments of several people end with one.",
        "多人的报销款进入同一账户。",
        "R04",
        "P10",
    ),
)
