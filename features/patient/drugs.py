"""Drugs a person takes home: which, how much, how soon again, from how many hands."""

from features.declare import Family, Feature
from features.expressions import share_among

_NO_DRUG = "no drug handed out outside a stay"
_CATALOGUED = "nullif(sum(case when is_brand is not null then amount else 0 end), 0)"


def _of_money(condition: str) -> str:
    return f"cast(sum(case when {condition} then amount else 0 end) as double) / {_CATALOGUED}"


DRUGS = Family(
    "drugs",
    "用药",
    "patient",
    "select person_key as subject_key, * from drug_lines",
    (
        Feature(
            "sentinel_drug_share",
            "Share of drug money on the watch list",
            "重点监控药品费用占比",
            "share",
            _of_money("is_sentinel_drug"),
            "What can be sold on is what is fetched.",
            "high",
            ("P09", "P02"),
            missing_means=f"{_NO_DRUG} that the catalogue knows",
            needs=("ref_items.is_sentinel_drug",),
        ),
        Feature(
            "controlled_drug_share",
            "Share of drug money on controlled drugs",
            "管制药品费用占比",
            "share",
            _of_money("is_controlled"),
            "Dependence, or a market for it.",
            "high",
            ("P04", "T10"),
            missing_means=f"{_NO_DRUG} that the catalogue knows",
            needs=("ref_items.is_controlled",),
        ),
        Feature(
            "brand_drug_share",
            "Share of drug money on brands",
            "原研药费用占比",
            "share",
            _of_money("is_brand"),
            "A brand is easier to sell again.",
            "high",
            ("P09",),
            missing_means=f"{_NO_DRUG} that the catalogue knows",
            needs=("ref_items.is_brand",),
        ),
        Feature(
            "drugs_at_cap_share",
            "Share of drug lines at 95 % or more of the largest fill",
            "顶格配药占比",
            "share",
            "cast(sum(case when quantity * 100 >= max_fill_quantity * 95 then 1 else 0 end) as double) "
            "/ nullif(count(max_fill_quantity), 0)",
            "Whoever collects for others takes what the limit gives.",
            "high",
            ("P03", "P02"),
            missing_means="no drug with a largest fill",
            needs=("ref_items.max_fill_quantity",),
        ),
        Feature(
            "over_course_lines_count",
            "Drug lines beyond the longest course",
            "超最长疗程明细数",
            "count",
            "sum(case when days_supply > max_course_days then 1 else 0 end)",
            "A dear drug goes on after it should have ended.",
            "high",
            ("T06",),
            missing_means=_NO_DRUG,
            needs=("ref_items.max_course_days", "claim_lines.days_supply"),
        ),
        Feature(
            "drug_prescribers_count",
            "Prescribers of drugs",
            "开方医师数",
            "count",
            "count(distinct prescriber_key)",
            "From doctor to doctor for the same thing.",
            "high",
            ("P04",),
            missing_means=_NO_DRUG,
            needs=("claim_lines.prescriber_id",),
        ),
        Feature(
            "drug_providers_count",
            "Providers that handed out drugs",
            "配药机构数",
            "count",
            "count(distinct provider_key)",
            "Each place sees only its own share of the stock.",
            "high",
            ("P01", "P04"),
            missing_means=_NO_DRUG,
        ),
    ),
    needs=("claim_lines",),
)
REFILLS = Family(
    "drugs",
    "用药",
    "patient",
    "select person_key as subject_key, * from drug_lines",
    (
        Feature(
            "early_refill_share",
            "Share of repeated fills before half of the last supply is used",
            "过早续配占比",
            "share",
            "cast(sum(case when gap_days * 2 < previous_days_supply then 1 else 0 end) as double) "
            "/ nullif(count(gap_days), 0)",
            "Nobody swallows it that fast.",
            "high",
            ("P02", "T13"),
            missing_means="no drug filled twice",
        ),
        Feature(
            "overlap_days",
            "Days supplied while the last fill still lasted",
            "重叠用药天数",
            "days",
            "sum(case when has_supply then "
            "least(greatest(coalesce(previous_days_supply - gap_days, 0), 0), days_supply) end)",
            "Supply piles up at home, or leaves it.",
            "high",
            ("P02", "P04"),
            missing_means=_NO_DRUG,
        ),
        Feature(
            "supplied_elsewhere_share",
            "Share of drug lines whose last fill elsewhere still lasts",
            "他处余药未尽占比",
            "share",
            share_among("has_supply", "previous_provider_key <> provider_key and gap_days < previous_days_supply"),
            "The second place was not told of the first.",
            "high",
            ("P01", "P04"),
            missing_means=_NO_DRUG,
        ),
        Feature(
            "next_day_refills_count",
            "Fills of a drug on the day after the last one",
            "连日重复配药次数",
            "count",
            "sum(case when gap_days = 1 then 1 when has_supply then 0 end)",
            "A quantity too large for one day is fetched in daily parts.",
            "high",
            ("T13",),
            missing_means=_NO_DRUG,
        ),
        Feature(
            "long_supply_share",
            "Share of drug lines for more than 84 days",
            "开药超84天占比",
            "share",
            share_among("has_supply", "days_supply > 84"),
            "Beyond the twelve weeks of a long prescription.",
            "high",
            ("P02", "T06"),
            missing_means=_NO_DRUG,
        ),
    ),
    needs=("claim_lines.days_supply",),
)
# Most drugs were fetched once: what is counted by distinct values, which is dear, is counted for the others only.
_OF_ONE_DRUG = """
select a.person_key as subject_key, a.item_key, a.amount, coalesce(d.n_providers, 1) as n_providers,
  coalesce(d.n_prescribers, a.n_prescribed) as n_prescribers, coalesce(d.n_days, 1) as n_days
from (
  select person_key, item_key, cast(sum(amount) as bigint) as amount, count(prescriber_key) as n_prescribed
  from drug_lines group by person_key, item_key
) a left join (
  select l.person_key, l.item_key, count(distinct l.provider_key) as n_providers,
    count(distinct l.prescriber_key) as n_prescribers, count(distinct l.day) as n_days
  from drug_lines l join (
    select person_key, item_key from drug_lines group by person_key, item_key having count(*) > 1
  ) m on m.person_key = l.person_key and m.item_key = l.item_key
  group by l.person_key, l.item_key
) d on d.person_key = a.person_key and d.item_key = a.item_key
"""
PER_DRUG = Family(
    "drugs",
    "用药",
    "patient",
    _OF_ONE_DRUG,
    (
        Feature(
            "one_drug_providers_max_count",
            "Most providers that handed out one and the same drug",
            "同一药品最多配药机构数",
            "count",
            "max(n_providers)",
            "One illness, many counters.",
            "high",
            ("P01", "P04"),
            missing_means=_NO_DRUG,
        ),
        Feature(
            "one_drug_prescribers_max_count",
            "Most prescribers of one and the same drug",
            "同一药品最多开方医师数",
            "count",
            "max(n_prescribers)",
            "None of them knows of the others.",
            "high",
            ("P04",),
            missing_means=_NO_DRUG,
            needs=("claim_lines.prescriber_id",),
        ),
        Feature(
            "top_drug_money_share",
            "Share of drug money on the dearest drug",
            "最高费用药品占药费比",
            "share",
            "cast(max(amount) as double) / nullif(sum(amount), 0)",
            "Bought for its price and not for an illness.",
            "high",
            ("T06", "P09"),
            missing_means=_NO_DRUG,
        ),
        Feature(
            "one_drug_days_max_count",
            "Most days on which one and the same drug was fetched",
            "同一药品最多配药天数",
            "count",
            "max(n_days)",
            "A box a day is a trade.",
            "high",
            ("T13", "P02"),
            missing_means=_NO_DRUG,
        ),
    ),
    needs=("claim_lines",),
)
FAMILIES = (DRUGS, REFILLS, PER_DRUG)
