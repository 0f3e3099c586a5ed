"""Ties: patients who share a telephone, an address or an account, who are staff, or who lie in another hospital."""

from features.declare import Family, Feature
from features.expressions import mean, ratio
from features.vocabulary.text import Text


def _shared(kind: str, label: str, name_zh: str, why: str, why_zh: str, *typologies: str) -> Family:
    return Family(
        "ties",
        "人员关联",
        "provider",
        f"select provider_key as subject_key, {kind}_key, count(*) as n from patient_origins "
        f"where {kind}_key is not null group by provider_key, {kind}_key",
        (
            Feature(
                f"shared_{kind}_share",
                Text(
                    f"Share of patients with {label} that three or more of them have", f"三名以上患者共用{name_zh}占比"
                ),
                "share",
                "cast(sum(case when n >= 3 then n else 0 end) as double) / sum(n)",
                Text(why, why_zh),
                "high",
                typologies,
                missing_means=f"no patient with {label} on record",
            ),
        ),
        needs=(f"persons.{'bank_account' if kind == 'account' else kind}_hash",),
    )


STAFF = Family(
    "ties",
    "人员关联",
    "provider",
    """
    select pp.provider_key as subject_key, greatest(pp.total_amount, 0) as amount,
      case when s.person_key is null then 0 else 1 end as is_staff,
      case when k.person_key is null then 0 else 1 end as is_household
    from provider_people pp
    join (
      select distinct provider_key from practitioners where provider_key is not null and person_key is not null
    ) o on o.provider_key = pp.provider_key
    left join (
      select distinct provider_key, person_key from practitioners where person_key is not null
    ) s on s.provider_key = pp.provider_key and s.person_key = pp.person_key
    left join (
      select distinct r.provider_key, k.person_key from kin k
      join practitioners r on r.practitioner_key = k.practitioner_key
    ) k on k.provider_key = pp.provider_key and k.person_key = pp.person_key
    """,
    (
        Feature(
            "staff_patients_share",
            Text("Share of patients who work at the provider", "本机构职工患者占比"),
            "share",
            mean("is_staff"),
            Text("Cards of colleagues are at hand.", "同事的卡触手可得。"),
            "high",
            ("H37", "P05"),
            missing_means="no staff known as insured persons",
        ),
        Feature(
            "staff_households_money_share",
            Text("Share of money on staff and their households", "职工及同住亲属费用占比"),
            "share",
            ratio("case when is_household = 1 then amount else 0 end", "amount"),
            Text(
                "How much of the money is for staff and the people they live with.", "费用中职工及同住亲属所占的多少。"
            ),
            "high",
            ("H37",),
            missing_means="no staff known as insured persons, or nothing billed",
        ),
    ),
    needs=("practitioners.person_id", "practitioners.provider_id"),
)
LYING_ELSEWHERE = Family(
    "ties",
    "人员关联",
    "provider",
    "select v.provider_key as subject_key, d.settlement_key as during from visits v "
    "left join visits_during_stays d on d.settlement_key = v.settlement_key where not v.is_inpatient",
    (
        Feature(
            "visit_during_stay_share",
            Text("Share of visits while the patient lay in another hospital", "患者他院住院期间门诊购药占比"),
            "share",
            "cast(count(during) as double) / count(*)",
            Text("The patient was registered in a ward elsewhere at the time.", "患者当时正登记在他院住院。"),
            "high",
            ("P13", "H02", "P05"),
            missing_means="no visit outside a stay",
        ),
    ),
    needs=("settlements.admit_time", "settlements.discharge_time"),
)
FAMILIES = (
    _shared(
        "phone",
        "a telephone number",
        "电话",
        "Many people are on record under one number; an agent may have signed them up.",
        "多人登记同一电话，可能由中介统一代办。",
        "R04",
        "R08",
    ),
    _shared(
        "address",
        "an address",
        "住址",
        "More patients on record at one address than a household usually has.",
        "同一住址登记患者数超过一般家庭。",
        "R04",
        "P06",
    ),
    _shared(
        "account",
        "a bank account",
        "银行账户",
        "Repayments of several people end with one.",
        "多人的报销款进入同一账户。",
        "R04",
        "P10",
    ),
    STAFF,
    LYING_ELSEWHERE,
)
