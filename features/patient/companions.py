"""Companions: with whom a person shares beds, days, telephones and accounts."""

from features.declare import Family, Feature

SAME_BEDS = Family(
    "companions",
    "同行人员",
    "patient",
    "select person_key as subject_key, admit_date, count(*) over (partition by provider_key, admit_date, "
    "discharge_date) - 1 as n_others from stays",
    (
        Feature(
            "co_admitted_max_count",
            "Most others admitted and discharged at the same provider on the same days",
            "同院同日入出院最多人数",
            "count",
            "max(n_others)",
            "Groups are admitted by the busload and leave by it.",
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
            "Others served at the same pharmacy within the same ten minutes on three days or more",
            "三日以上同药店十分钟内同购人数",
            "count",
            "sum(case when n_days >= 3 then 1 else 0 end)",
            "One hand, several cards.",
            "high",
            ("R03", "P06"),
            missing_means="never at a pharmacy beside anybody",
        ),
        Feature(
            "companion_days_max_count",
            "Most days at a pharmacy within the same ten minutes as one other person",
            "与同一人十分钟内同购最多天数",
            "count",
            "max(n_days)",
            "Couples come together, and so do bundles of cards.",
            "high",
            ("R03", "P06"),
            missing_means="never at a pharmacy beside anybody",
        ),
    ),
    needs=("providers.provider_type",),
)


def _shared(column: str, label: str, name_zh: str, why: str, *typologies: str) -> Family:
    return Family(
        "companions",
        "同行人员",
        "patient",
        "select person_key as subject_key, * from contacts",
        (
            Feature(
                f"same_{column.removesuffix('_hash')}_people_count",
                f"Others on record with the same {label}",
                f"共用{name_zh}人数",
                "count",
                f"max(n_of_{column.removesuffix('_hash')}) - 1",
                why,
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
    _shared("phone_hash", "telephone number", "电话", "An agent signs up many under one number.", "R04", "R08"),
    _shared("address_hash", "address", "住址", "More people than a household has.", "R04"),
    _shared("bank_account_hash", "bank account", "银行账户", "Repayments of many end with one.", "R04", "P10"),
)
