"""Tiered care: visits past primary care, referrals issued and received, and family-doctor contracts."""

from features.declare import Family, Feature
from features.expressions import IS_PAST_PRIMARY_CARE, IS_PLANNED_CARE, largest_share, ratio, share_among, share_of
from features.vocabulary.text import Text

_LEVELS = ("providers.provider_level",)

CONTACT = Family(
    "tiered_care",
    "分级诊疗",
    "provider",
    "select provider_key as subject_key, * from care_visits",
    (
        Feature(
            "first_contact_share",
            Text("Share of visits with no care anywhere in the 30 days before", "首诊（前30日无就诊）占比"),
            "share",
            share_among(IS_PLANNED_CARE, "days_since_any is null or days_since_any > 30"),
            Text(
                "High: people who were not ill before. Low: always the same ones.",
                "偏高说明此前并无就诊，偏低可能总是同一批人。",
            ),
            "both",
            ("H01", "H03", "D-40"),
            missing_means="no visit after the window's first month",
        ),
    ),
)
BYPASS = Family(
    "tiered_care",
    "分级诊疗",
    "provider",
    "select provider_key as subject_key, * from care_visits",
    (
        Feature(
            "bypassed_primary_share",
            Text(
                "Share of hospital visits without referral or primary care in the 30 days before",
                "未经基层首诊且无转诊占比",
            ),
            "share",
            share_among(
                f"{IS_PLANNED_CARE} and is_primary = 0",
                IS_PAST_PRIMARY_CARE,
            ),
            Text("Patients arrive past the doctors who know them.", "患者绕过熟悉其病情的基层医师。"),
            "high",
            ("H07", "P14", "D-40"),
            missing_means="is primary care, or no visit after the window's first month",
        ),
    ),
    needs=_LEVELS,
)
REFERRED = Family(
    "tiered_care",
    "分级诊疗",
    "provider",
    """
    select v.provider_key as subject_key, v.referral_id, v.is_known,
      case when r.referral_id is null then 0 else 1 end as is_on_record
    from care_visits v
    left join referrals r on r.referral_id = v.referral_id and r.person_key = v.person_key
      and r.to_provider_key = v.provider_key
    """,
    (
        Feature(
            "referred_visits_share",
            Text("Share of visits under a referral", "转诊就诊占比"),
            "share",
            "cast(count(referral_id) as double) / count(*)",
            Text(
                "High: referrals raise what the fund pays. Low: patients come without the referral they should have.",
                "偏高可提高基金支付比例，偏低说明多未经转诊而来。",
            ),
            "both",
            ("R09", "P14", "D-41"),
        ),
        Feature(
            "unrecorded_referral_share",
            Text(
                "Share of referred visits whose referral names another person or place, or is not on record",
                "转诊单无对应记录占比",
            ),
            "share",
            ratio(
                "case when referral_id is not null and is_known then 1 - is_on_record else 0 end",
                "case when referral_id is not null and is_known then 1 else 0 end",
            ),
            Text(
                "The referral on the bill matches no known one; it spares the patient a lower rate.",
                "结算所载转诊单查无记录，却可享受较高待遇。",
            ),
            "high",
            ("P14", "R09"),
            missing_means="no referred visit after the window's first month",
            needs=("referrals",),
        ),
    ),
    needs=("settlements.referral_id",),
)
ISSUED = Family(
    "tiered_care",
    "分级诊疗",
    "provider",
    "select from_provider_key as subject_key, to_provider_key, count(*) as n, "
    "sum(case when direction = 'down' then 1 else 0 end) as n_down, count(direction) as n_directed, "
    "sum(is_old) as n_old, sum(case when is_old = 1 then 1 - is_followed else 0 end) as n_lost "
    "from issued_referrals group by from_provider_key, to_provider_key",
    (
        Feature(
            "referral_top_target_share",
            Text("Share of referrals issued that name the commonest target", "转出首位机构占比"),
            "share",
            largest_share("n", 5),
            Text(
                "Referrals nearly all go to one place; there may be no other.",
                "转诊几乎都去同一机构；附近也可能别无选择。",
            ),
            "high",
            ("R09", "D-41"),
            missing_means="fewer than five referrals issued",
        ),
        Feature(
            "referred_down_share",
            Text("Share of referrals issued that lead down", "下转占比"),
            "share",
            ratio("n_down", "n_directed"),
            Text("Patients who could be referred down may be kept for their days.", "可下转的患者可能被留院占床。"),
            "low",
            ("H02", "D-41"),
            missing_means="no referral with a direction issued",
            needs=("referrals.direction",),
        ),
        Feature(
            "referral_lost_share",
            Text("Share of referrals older than 30 days whose patient did not come to the target", "转出未到占比"),
            "share",
            ratio("n_lost", "n_old"),
            Text("The patient never arrived where the referral sent them.", "患者未到转诊单所指机构就诊。"),
            "high",
            ("R09", "D-41"),
            missing_means="no referral older than 30 days",
        ),
    ),
    needs=("referrals",),
)
RECEIVED = Family(
    "tiered_care",
    "分级诊疗",
    "provider",
    "select to_provider_key as subject_key, from_provider_key, count(*) as n from issued_referrals "
    "group by to_provider_key, from_provider_key",
    (
        Feature(
            "referral_top_source_share",
            Text("Share of referrals received that come from the commonest source", "转入首位来源机构占比"),
            "share",
            largest_share("n", 5),
            Text("One place sends nearly all referrals.", "转入几乎都来自同一机构。"),
            "high",
            ("R09",),
            missing_means="fewer than five referrals received",
        ),
    ),
    needs=("referrals",),
)
SIGNED = Family(
    "tiered_care",
    "分级诊疗",
    "provider",
    """
    select p.provider_key as subject_key, p.*, coalesce(c.n_patients, 0) as n_patients from panel p
    left join (
      select provider_key, count(distinct person_key) as n_patients from care_visits group by provider_key
    ) c on c.provider_key = p.provider_key
    """,
    (
        Feature(
            "signed_unseen_share",
            Text("Share of people signed for sixty days or more who were not seen", "签约满60日未服务占比"),
            "share",
            share_of("n_here = 0"),
            Text("Paid per head for people without any service.", "已按人头付费，却无服务记录。"),
            "high",
            ("D-45",),
            missing_means="nobody signed for sixty days",
        ),
        Feature(
            "signed_visits_elsewhere_share",
            Text("Share of visits of signed people made elsewhere", "签约居民组外就诊占比"),
            "share",
            ratio("n_care - n_here", "n_care"),
            Text("The people signed up are seen elsewhere.", "签约居民多在别处就诊。"),
            "high",
            ("D-45", "D-23"),
            missing_means="no signed person had a visit",
        ),
        Feature(
            "signed_per_patient_ratio",
            Text("People signed per patient seen", "签约人数与就诊人数之比"),
            "ratio",
            "cast(count(*) as double) / nullif(max(n_patients), 0)",
            Text("The list is longer than the practice.", "签约名单远多于实际就诊人数。"),
            "high",
            ("D-45",),
            missing_means="nobody signed for sixty days, or nobody seen",
        ),
        Feature(
            "signed_twice_share",
            Text("Share of signed people whom another provider has signed too", "重复签约占比"),
            "share",
            share_of("n_contracts > 1"),
            Text("One person may be paid for twice.", "同一居民可能被重复付费。"),
            "high",
            ("D-45", "P12"),
            missing_means="nobody signed for sixty days",
        ),
    ),
    needs=("family_doctor_contracts",),
)
SIGNING_DAYS = Family(
    "tiered_care",
    "分级诊疗",
    "provider",
    "select provider_key as subject_key, start_date, count(*) as n from panel group by provider_key, start_date",
    (
        Feature(
            "signing_day_share",
            Text("Share of contracts signed on one and the same day", "同一日签约最高占比"),
            "share",
            largest_share("n", 20),
            Text("Lists may be entered in batches, without the people.", "可能批量录入签约而居民并不知情。"),
            "high",
            ("D-45",),
            missing_means="fewer than twenty people signed",
        ),
    ),
    needs=("family_doctor_contracts",),
)
FAMILIES = (CONTACT, BYPASS, REFERRED, ISSUED, RECEIVED, SIGNED, SIGNING_DAYS)
