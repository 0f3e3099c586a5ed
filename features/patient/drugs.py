"""Drugs taken home by a person: which, how much, how soon again, and from how many providers and prescribers."""

from features.declare import Family, Feature
from features.expressions import (
    IS_AT_LARGEST_FILL,
    IS_EARLY_REFILL,
    IS_SUPPLIED_ELSEWHERE,
    OVERLAPPED_DAYS,
    count_where,
    share_among,
    share_known,
)
from features.vocabulary.text import Text

_NO_DRUG = "no drug handed out outside a stay"
_CATALOGUED = "nullif(sum(case when is_brand is not null then amount else 0 end), 0)"


def _of_money(condition: str) -> str:
    return f"cast(sum(case when {condition} then amount else 0 end) as double) / {_CATALOGUED}"


SUPPLY = Family(
    "drugs",
    "用药",
    "patient",
    "select person_key as subject_key, * from visits",
    (
        Feature(
            "supply_days",
            Text("Days of drugs supplied", "累计开药天数"),
            "days",
            "sum(case when not is_inpatient then days_supply end)",
            Text("More days of supply than days to use them.", "累计开药天数超过可服用天数。"),
            "high",
            ("P02", "P03"),
            missing_means="no days of supply given",
        ),
    ),
    needs=("claim_lines.days_supply",),
)
DRUGS = Family(
    "drugs",
    "用药",
    "patient",
    "select person_key as subject_key, * from drug_lines",
    (
        Feature(
            "sentinel_drug_share",
            Text("Share of drug money on the watch list", "重点监控药品费用占比"),
            "share",
            _of_money("is_sentinel_drug"),
            Text("Drugs on watch lists are the ones that are sold on.", "重点监控药品常被倒卖回流。"),
            "high",
            ("P09", "P02"),
            missing_means=f"{_NO_DRUG} that the catalogue knows",
            needs=("ref_items.is_sentinel_drug",),
        ),
        Feature(
            "controlled_drug_share",
            Text("Share of drug money on controlled drugs", "管制药品费用占比"),
            "share",
            _of_money("is_controlled"),
            Text("May show dependence, or drugs passed to others.", "可能存在药物依赖，或药品流向他人。"),
            "high",
            ("P04", "T10"),
            missing_means=f"{_NO_DRUG} that the catalogue knows",
            needs=("ref_items.is_controlled",),
        ),
        Feature(
            "brand_drug_share",
            Text("Share of drug money on brands", "原研药费用占比"),
            "share",
            _of_money("is_brand"),
            Text("Brands are easier to sell again than their equals.", "原研药比同类仿制药更容易转手。"),
            "high",
            ("P09",),
            missing_means=f"{_NO_DRUG} that the catalogue knows",
            needs=("ref_items.is_brand",),
        ),
        Feature(
            "drugs_at_cap_share",
            Text("Share of drug lines at 95 % or more of the largest fill", "顶格配药占比"),
            "share",
            share_known("max_fill_quantity", IS_AT_LARGEST_FILL),
            Text(
                "Who collects for others tends to take all that the limit allows.",
                "每次都顶格配药，可能在替他人或为转卖囤药。",
            ),
            "high",
            ("P03", "P02"),
            missing_means="no drug with a largest fill",
            needs=("ref_items.max_fill_quantity",),
        ),
        Feature(
            "over_course_lines_count",
            Text("Drug lines beyond the longest course", "超最长疗程明细数"),
            "count",
            count_where("days_supply > max_course_days"),
            Text("Treatment goes on after the longest course on the label.", "超出说明书最长疗程仍继续配药。"),
            "high",
            ("T06",),
            missing_means=_NO_DRUG,
            needs=("ref_items.max_course_days", "claim_lines.days_supply"),
        ),
        Feature(
            "drug_prescribers_count",
            Text("Prescribers of drugs", "开方医师数"),
            "count",
            "count(distinct prescriber_key)",
            Text("The same need may be taken from doctor to doctor.", "可能在多名医师处重复开药。"),
            "high",
            ("P04",),
            missing_means=_NO_DRUG,
            needs=("claim_lines.prescriber_id",),
        ),
        Feature(
            "drug_providers_count",
            Text("Providers that handed out drugs", "配药机构数"),
            "count",
            "count(distinct provider_key)",
            Text("Each place sees only its own part of the stock.", "在多处配药，每家机构只能看到一部分。"),
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
            Text("Share of repeated fills before half of the last supply is used", "过早续配占比"),
            "share",
            share_known("gap_days", IS_EARLY_REFILL),
            Text("The last supply cannot have been used up.", "上次所配药品按剂量尚未用完。"),
            "high",
            ("P02", "T13"),
            missing_means="no drug filled twice",
        ),
        Feature(
            "overlap_days",
            Text("Days supplied while the last fill still lasted", "重叠用药天数"),
            "days",
            f"sum(case when has_supply then {OVERLAPPED_DAYS} end)",
            Text("Supply piles up at home, or leaves it.", "药品累积囤积，或已流向他人。"),
            "high",
            ("P02", "P04"),
            missing_means=_NO_DRUG,
        ),
        Feature(
            "supplied_elsewhere_share",
            Text("Share of drug lines whose last fill elsewhere still lasts", "他处余药未尽占比"),
            "share",
            share_among("has_supply", IS_SUPPLIED_ELSEWHERE),
            Text(
                "Another place had supplied the same drug, and some of it is left.",
                "他处已配同一药品且尚有余量，又重复配取。",
            ),
            "high",
            ("P01", "P04"),
            missing_means=_NO_DRUG,
        ),
        Feature(
            "next_day_refills_count",
            Text("Fills of a drug on the day after the last one", "连日重复配药次数"),
            "count",
            "sum(case when gap_days = 1 then 1 when has_supply then 0 end)",
            Text("A quantity above the limit may be fetched in daily parts.", "可能把超量需求拆成逐日配取。"),
            "high",
            ("T13",),
            missing_means=_NO_DRUG,
        ),
        Feature(
            "long_supply_share",
            Text("Share of drug lines for more than 84 days", "开药超84天占比"),
            "share",
            share_among("has_supply", "days_supply > 84"),
            Text("More than the twelve weeks that a long prescription may cover.", "超出长期处方十二周的上限。"),
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
            Text("Most providers that handed out one and the same drug", "同一药品最多配药机构数"),
            "count",
            "max(n_providers)",
            Text("One drug from many counters: none sees the sum.", "同一药品在多处配取，各处都看不到总量。"),
            "high",
            ("P01", "P04"),
            missing_means=_NO_DRUG,
        ),
        Feature(
            "one_drug_prescribers_max_count",
            Text("Most prescribers of one and the same drug", "同一药品最多开方医师数"),
            "count",
            "max(n_prescribers)",
            Text(
                "Several doctors order the same drug, perhaps without knowing of each other.",
                "多名医师开同一药品，彼此可能并不知情。",
            ),
            "high",
            ("P04",),
            missing_means=_NO_DRUG,
            needs=("claim_lines.prescriber_id",),
        ),
        Feature(
            "top_drug_money_share",
            Text("Share of drug money on the dearest drug", "最高费用药品占药费比"),
            "share",
            "cast(max(amount) as double) / nullif(sum(amount), 0)",
            Text(
                "One drug takes nearly all: a chronic illness, or a drug wanted for its price.",
                "药费集中于一种药：可能是慢病，也可能为其价值而配。",
            ),
            "high",
            ("T06", "P09"),
            missing_means=_NO_DRUG,
        ),
        Feature(
            "one_drug_days_max_count",
            Text("Most days on which one and the same drug was fetched", "同一药品最多配药天数"),
            "count",
            "max(n_days)",
            Text("One drug on so many days exceeds what one person uses.", "同一药品配取天数过多，超出一人用量。"),
            "high",
            ("T13", "P02"),
            missing_means=_NO_DRUG,
        ),
    ),
    needs=("claim_lines",),
)
FAMILIES = (SUPPLY, DRUGS, REFILLS, PER_DRUG)
