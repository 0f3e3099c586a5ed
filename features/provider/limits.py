"""Limits of the catalogue that bills pass: prices, quantities, pairs, sexes, ages and levels."""

from features.declare import Family, Feature
from features.provider.checked_visits import CHECKED_VISITS
from features.vocabulary.text import Text

_OTHER_SEX = "(has_women_item = 1 and is_female = 0) or (has_men_item = 1 and is_female = 1)"
# A birthday is at most a day off in years of 365.25 days.
_OTHER_AGE = "(age_days + 1) * 4 < min_age_years * 1461 or (age_days - 1) * 4 >= (max_age_years + 1) * 1461"


def _lines(
    name: str, label: str, name_zh: str, why: str, why_zh: str, *typologies: str, needs: tuple[str, ...] = ()
) -> Feature:
    return Feature(
        f"{name}_lines_share",
        Text(f"Share of lines {label}", name_zh),
        "share",
        f"cast(sum(greatest(n_{name}, 0)) as double) / nullif(sum(n_lines), 0)",
        Text(why, why_zh),
        "high",
        typologies,
        missing_means="no line",
        needs=needs,
    )


LINES = Family(
    "limits",
    "目录限制",
    "provider",
    CHECKED_VISITS,
    (
        _lines(
            "overpriced",
            "priced above the ceiling for the provider's level",
            "超最高限价明细占比",
            "The price is above the ceiling for this level.",
            "收费高于本级别最高限价。",
            "H09",
            needs=(
                "claim_lines.unit_price",
                "providers.provider_level",
                *(
                    f"ref_items.price_ceiling_{level}_amount"
                    for level in ("primary", "secondary", "tertiary", "pharmacy")
                ),
            ),
        ),
        _lines(
            "above_level",
            "of items that a house of the level may not bill",
            "超机构级别明细占比",
            "The service is above what a provider of the level may bill.",
            "所收项目超出本级别机构可开展的范围。",
            "H28",
            "H18",
            needs=(
                "ref_items.min_provider_level",
                "providers.provider_level",
            ),
        ),
    ),
    needs=("claim_lines", "ref_items"),
)
QUANTITIES = Family(
    "limits",
    "目录限制",
    "provider",
    CHECKED_VISITS,
    (
        Feature(
            "over_quantity_share",
            Text("Share of settlements with more of an item than a day can use", "超每日限量结算占比"),
            "share",
            "cast(count(n_over_quantity) as double) / count(*)",
            Text("More was billed than a day or a stay allows.", "计费数量超出每日或每次限量。"),
            "high",
            ("H11",),
        ),
    ),
    needs=("claim_lines", "ref_items.max_daily_quantity"),
)
PAIRS = Family(
    "limits",
    "目录限制",
    "provider",
    CHECKED_VISITS,
    (
        Feature(
            "excluded_pairs_share",
            Text("Share of settlements with items that exclude each other", "互斥项目同时收费结算占比"),
            "share",
            "cast(count(n_pairs) as double) / count(*)",
            Text(
                "Two items that exclude each other may be one service under two names.",
                "互斥项目同收，可能把一项服务拆名计费。",
            ),
            "high",
            ("H08",),
        ),
    ),
    needs=("claim_lines", "ref_item_pairs"),
)
PEOPLE = Family(
    "limits",
    "目录限制",
    "provider",
    CHECKED_VISITS,
    (
        Feature(
            "other_sex_share",
            Text("Share of settlements with an item for the other sex", "限性别项目不符结算占比"),
            "share",
            f"cast(sum(case when {_OTHER_SEX} then 1 else 0 end) as double) / nullif(count(is_female), 0)",
            Text(
                "The item does not fit the sex on record: another person, another item, or an error.",
                "项目与登记性别不符：或他人使用，或串换，或登记有误。",
            ),
            "high",
            ("H19", "P05"),
            missing_means="no patient's sex known",
            needs=("ref_items.gender_limit", "persons.gender"),
        ),
        Feature(
            "other_age_share",
            Text("Share of settlements with an item for another age", "限年龄项目不符结算占比"),
            "share",
            f"cast(sum(case when {_OTHER_AGE} then 1 else 0 end) as double) / nullif(count(age_days), 0)",
            Text(
                "The item does not fit the age on record: another person, another item, or an error.",
                "项目与登记年龄不符：或他人使用，或串换，或登记有误。",
            ),
            "high",
            ("H20", "P05"),
            missing_means="no patient's age known",
            needs=("ref_items.min_age_years", "persons.birth_date"),
        ),
    ),
    needs=("claim_lines",),
)
FAMILIES = (LINES, QUANTITIES, PAIRS, PEOPLE)
