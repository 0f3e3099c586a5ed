"""Dispensing: kinds of drugs handed out outside stays, how much, and how soon again."""

from features.declare import Family, Feature
from features.expressions import (
    IS_AT_LARGEST_FILL,
    IS_EARLY_REFILL,
    IS_SUPPLIED_ELSEWHERE,
    OVERLAPPED_DAYS,
    ratio,
    share_among,
    share_known,
)
from features.vocabulary.text import Text

_CATALOGUED = "nullif(count(is_brand), 0)"
DRUGS = Family(
    "dispensing",
    "用药",
    "provider",
    "select provider_key as subject_key, * from drug_lines",
    (
        Feature(
            "drug_sentinel_share",
            Text("Share of drug money on the watch list of resold drugs", "重点监控药品费用占比"),
            "share",
            ratio(
                "case when is_sentinel_drug then amount else 0 end",
                "case when is_brand is not null then amount else 0 end",
            ),
            Text("Drugs on watch lists are the ones that are sold on.", "重点监控药品常被倒卖回流。"),
            "high",
            ("P09", "T02"),
            missing_means="no drug in the catalogue",
            needs=("ref_items.is_sentinel_drug",),
        ),
        Feature(
            "drug_controlled_share",
            Text("Share of drug lines on controlled drugs", "管制药品明细占比"),
            "share",
            f"cast(sum(case when is_controlled then 1 else 0 end) as double) / {_CATALOGUED}",
            Text("Fifth and sixth of the eight screens: drugs of abuse.", "八项筛查之五、六：易滥用的管制药品。"),
            "high",
            ("T10", "T11"),
            missing_means="no drug in the catalogue",
            needs=("ref_items.is_controlled",),
        ),
        Feature(
            "drug_brand_share",
            Text("Share of drug lines on brands", "原研品牌明细占比"),
            "share",
            f"cast(sum(case when is_brand then 1 else 0 end) as double) / {_CATALOGUED}",
            Text("Seventh of the eight screens: the dear one of equals.", "八项筛查之七：同类中偏选高价原研药。"),
            "high",
            ("T10", "T11"),
            missing_means="no drug in the catalogue",
            needs=("ref_items.is_brand",),
        ),
        Feature(
            "drug_quantity_at_cap_share",
            Text("Share of drug lines at 95 percent of the largest fill or above", "达单次最大量95%明细占比"),
            "share",
            share_known("max_fill_quantity", IS_AT_LARGEST_FILL),
            Text(
                "Drugs collected for resale tend to stay exactly within the limits.", "为转卖而配药者常恰好不超限额。"
            ),
            "high",
            ("P03", "P02"),
            missing_means="no drug with a largest fill",
            needs=("ref_items.max_fill_quantity",),
        ),
        Feature(
            "drug_over_course_share",
            Text("Share of drug lines for longer than the longest course paid", "超最长疗程明细占比"),
            "share",
            "cast(sum(case when days_supply > max_course_days then 1 else 0 end) as double) "
            "/ nullif(count(case when days_supply is not null then max_course_days end), 0)",
            Text("More than the longest course on the label.", "超出说明书最长疗程。"),
            "high",
            ("T06",),
            missing_means="no drug with a longest course",
            needs=("ref_items.max_course_days", "claim_lines.days_supply"),
        ),
    ),
    needs=("claim_lines",),
)
SUPPLY = Family(
    "dispensing",
    "用药",
    "provider",
    "select provider_key as subject_key, * from drug_lines",
    (
        Feature(
            "drug_supply_mean_days",
            Text("Mean days of supply per drug line", "次均开药天数"),
            "days",
            ratio("case when has_supply then days_supply end", "case when has_supply then 1 else 0 end"),
            Text("Large supplies leave more to be passed on.", "开药天数长，余药更易流出。"),
            "high",
            ("P02",),
        ),
        Feature(
            "drug_long_supply_share",
            Text("Share of drug lines for more than 84 days", "开药超84天占比"),
            "share",
            share_among("has_supply", "days_supply > 84"),
            Text("More than the twelve weeks that a long prescription may cover.", "超出长期处方十二周的上限。"),
            "high",
            ("P02", "T06"),
        ),
        Feature(
            "drug_early_refill_share",
            Text("Share of repeated fills before half of the last supply is used", "过早续配占比"),
            "share",
            share_known("gap_days", IS_EARLY_REFILL),
            Text("The last supply cannot have been used up.", "上次所配药品按剂量尚未用完。"),
            "high",
            ("P02", "T13"),
            missing_means="no drug filled twice",
        ),
        Feature(
            "drug_overlap_days_share",
            Text("Share of days supplied that the last fill still covered", "重叠用药天数占比"),
            "share",
            ratio(
                f"case when has_supply then {OVERLAPPED_DAYS} end",
                "case when has_supply then days_supply end",
            ),
            Text("Supply piles up at home, or leaves it.", "药品累积囤积，或已流向他人。"),
            "high",
            ("P02", "P04"),
        ),
        Feature(
            "drug_supplied_elsewhere_share",
            Text("Share of drug lines whose last fill elsewhere still lasts", "他处余药未尽占比"),
            "share",
            share_among("has_supply", IS_SUPPLIED_ELSEWHERE),
            Text(
                "Another place had supplied the same drug, and some of it is left.",
                "他处已配同一药品且尚有余量，又重复配取。",
            ),
            "high",
            ("P04", "P01"),
        ),
    ),
    needs=("claim_lines.days_supply",),
)
FAMILIES = (DRUGS, SUPPLY)
