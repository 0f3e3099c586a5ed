"""Sites: places of work of a practitioner, places on one day, and moves too fast for the road."""

from features.declare import Family, Feature
from features.expressions import mean_known, share_of
from features.vocabulary.text import Text

_NO_DAY = "no day present"
SITES = Family(
    "sites",
    "多点执业",
    "practitioner",
    "select w.practitioner_key as subject_key, w.*, case when r.provider_key is null then null "
    "when r.provider_key = w.provider_key then 0 else 1 end as is_elsewhere "
    "from work w left join practitioners r on r.practitioner_key = w.practitioner_key where w.is_present",
    (
        Feature(
            "sites_count",
            Text("Places of work", "执业地点数"),
            "count",
            "count(distinct provider_key)",
            Text("One licence works at many places.", "一人在多处执业。"),
            "high",
            ("R12", "H28"),
            missing_means=_NO_DAY,
        ),
        Feature(
            "off_register_share",
            Text("Share of visits away from the main registration", "非主执业机构服务占比"),
            "share",
            mean_known("is_elsewhere"),
            Text(
                "Work at places other than that of registration: outreach, or a name lent.",
                "在非主执业机构服务：可能是下沉帮扶，也可能挂证。",
            ),
            "high",
            ("H28", "R12"),
            missing_means="no main registration on record",
            needs=("practitioners.provider_id",),
        ),
    ),
)
DAYS = Family(
    "sites",
    "多点执业",
    "practitioner",
    "select practitioner_key as subject_key, * from work_days",
    (
        Feature(
            "sites_per_day_max_count",
            Text("Most places on one day", "单日最多执业地点数"),
            "count",
            "max(n_sites)",
            Text("More places on one day than can be reached and worked at.", "一天内执业地点过多，难以实际到场。"),
            "high",
            ("R12", "H26"),
            missing_means=_NO_DAY,
        ),
        Feature(
            "multi_site_days_share",
            Text("Share of days in two or more places", "一日多点天数占比"),
            "share",
            share_of("n_sites > 1"),
            Text(
                "A day of outreach is ordinary; several places on most days is not.",
                "偶尔外出坐诊正常，多数日子多点则不寻常。",
            ),
            "high",
            ("R12",),
            missing_means=_NO_DAY,
        ),
    ),
)
MOVES = Family(
    "sites",
    "多点执业",
    "practitioner",
    "select practitioner_key as subject_key, * from moves",
    (
        Feature(
            "moves_within_30_minutes_count",
            Text("Times at work in another place within 30 minutes", "30分钟内异地执业次数"),
            "count",
            "case when max(hour) > 0 then sum(case when provider_key <> previous_provider_key and gap_seconds < 1800 "
            "then 1 else 0 end) end",
            Text("The way between the two places takes longer.", "两地之间的路程所需时间更长。"),
            "high",
            ("R12", "H26"),
            missing_means="no visit outside a stay, or times carry no hour",
        ),
    ),
)
FAMILIES = (SITES, DAYS, MOVES)
