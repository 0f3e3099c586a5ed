"""Distributions: the largest, the mean and the spread over a subject's stays, visits and returns, alike for all.

Means and spreads are for models to learn from; by themselves they suspect nobody.
"""

from dataclasses import replace

from features.declare import Feature
from features.expressions import major_units, mean, spread_ratio
from features.vocabulary.text import Text

# Both the day of admission and that of discharge carry charges, so a stay of n nights is billed on n + 1 days.
STAY_DAYS = "cast(round(cast(total_amount as double) / (greatest(stay_days, 0) + 1)) as bigint) as day_amount"
# Mean days between two days of a person here, in thousandths.
RETURNS = "cast(round(cast(span_days as double) * 1000 / (n_days - 1)) as bigint) as return_milli_days"
_FEW_STAYS, _FEW_VISITS, _FEW_RETURNS = (
    "fewer than five stays",
    "fewer than five settlements",
    "fewer than five who return",
)
_NO_RETURN = "nobody came on two days"
# Whose stays and settlements: before the nouns of a title.
ALL = Text("", "")


def lengths_of_stays(no_stay: str, whose: Text = ALL) -> tuple[Feature, ...]:
    """Return the longest stay and how lengths spread, over rows with `stay_days`.

    Parameters
    ----------
    no_stay : str
        What a missing value says.
    whose : Text
        Said before stays in the titles, such as `attended `, `主治`.
    """
    return (
        Feature(
            "stay_max_days",
            Text(f"Longest {whose.en}stay", f"{whose.zh}最长住院日"),
            "days",
            "max(stay_days)",
            Text("One stay far longer than others' may hold a bed.", "个别住院明显过长，可能压床。"),
            "high",
            ("H02",),
            missing_means=no_stay,
        ),
        Feature(
            "stay_spread_ratio",
            Text(f"Spread of lengths of {whose.en}stays (sd / mean)", f"{whose.zh}住院日变异系数"),
            "ratio",
            spread_ratio("stay_days"),
            Text(
                "Low: stays of one length, as if from a template. High: some far out of line.",
                "偏低可能套用模板，偏高则个别住院明显偏离。",
            ),
            None,
            missing_means=_FEW_STAYS,
        ),
    )


def days_of_stays(no_stay: str, whose: Text = ALL) -> tuple[Feature, ...]:
    """Return mean, largest and spread of the amount per day of a stay, over rows with `day_amount` (`STAY_DAYS`).

    The mean is that of the stays' own ratios: a ratio of sums would let long stays outweigh the dear short ones.
    """
    return (
        Feature(
            "stay_day_mean_amount",
            Text(f"Mean over {whose.en}stays of the amount per day", f"{whose.zh}各次住院日均费用的平均值"),
            "currency",
            f"{major_units('day_amount')} / count(*)",
            Text(
                "High: dear days, which a dearer case-mix explains too. Low: days in bed with little care.",
                "偏高应有更重的病例组合来解释，偏低则在床而少诊疗。",
            ),
            None,
            missing_means=no_stay,
        ),
        Feature(
            "stay_day_max_amount",
            Text(f"Largest amount per day of one {whose.en}stay", f"{whose.zh}住院日均费用最大值"),
            "currency",
            "max(day_amount) / 100",
            Text("One stay with implausibly dear days is worth a look.", "个别住院日均费用过高，值得核对。"),
            "high",
            ("H17",),
            missing_means=no_stay,
        ),
        Feature(
            "stay_day_spread_ratio",
            Text(f"Spread of the amount per day of {whose.en}stays (sd / mean)", f"{whose.zh}住院日均费用变异系数"),
            "ratio",
            spread_ratio("day_amount"),
            Text(
                "Low: bills that may be copied. High: some that may be padded.", "偏低可能套用模板，偏高可能部分加收。"
            ),
            None,
            missing_means=_FEW_STAYS,
        ),
    )


def largest_visit(whose: Text = ALL) -> Feature:
    """Return the largest amount of a visit, over rows with `total_amount`."""
    return Feature(
        "settlement_max_amount",
        Text(f"Largest {whose.en}settlement", f"{whose.zh}单次费用最大值"),
        "currency",
        "max(total_amount) / 100",
        Text("One implausible bill can be worth a look by itself.", "单笔异常高额结算本身即值得核对。"),
        "high",
        ("H17",),
    )


def visit_spread(whose: Text = ALL) -> Feature:
    """Return how the amounts of visits spread, over rows with `total_amount`."""
    return Feature(
        "settlement_spread_ratio",
        Text(f"Spread of {whose.en}settlements (sd / mean)", f"{whose.zh}单次费用变异系数"),
        "ratio",
        spread_ratio("total_amount"),
        Text(
            "Low: bills that may be copied. High: some that may be padded.", "偏低可能套用模板，偏高可能部分账单加收。"
        ),
        None,
        missing_means=_FEW_VISITS,
    )


def lines_per_visit(whose: Text = ALL) -> Feature:
    """Return the mean number of lines of a visit, over rows with `n_lines`."""
    return Feature(
        "lines_per_settlement_ratio",
        Text(f"Claim lines per {whose.en}settlement", f"{whose.zh}次均明细数"),
        "ratio",
        mean("n_lines"),
        Text("Unbundled and repeated charges add lines.", "分解收费、重复收费都会增加明细数。"),
        "high",
        ("H08", "H10"),
        needs=("claim_lines",),
    )


def extremes_of_lines(whose: Text = ALL) -> tuple[Feature, ...]:
    """Return largest and spread of the number of lines of a visit, over rows with `n_lines`."""
    return (
        Feature(
            "lines_per_settlement_max_count",
            Text(f"Most claim lines of one {whose.en}settlement", f"{whose.zh}单次最多明细数"),
            "count",
            "max(n_lines)",
            Text(
                "One bill with far more lines than others may hold other people's.",
                "个别账单明细过多，可能混入他人费用。",
            ),
            "high",
            ("H08", "H15"),
            needs=("claim_lines",),
        ),
        Feature(
            "lines_per_settlement_spread_ratio",
            Text(f"Spread of claim lines per {whose.en}settlement (sd / mean)", f"{whose.zh}单次明细数变异系数"),
            "ratio",
            spread_ratio("n_lines"),
            Text(
                "Low: the same lines for everybody. High: some bills are filled up.",
                "偏低说明人人同单，偏高说明部分账单被填充。",
            ),
            None,
            missing_means=_FEW_VISITS,
            needs=("claim_lines",),
        ),
    )


def gaps_of_returns(where: Text) -> tuple[Feature, ...]:
    """Return mean, largest and spread over patients of the days between their visits, over rows with `return_days`.

    Rows are of patients who came on two days and more; `return_milli_days` is in thousandths of a day.
    """
    return (
        Feature(
            "return_mean_days",
            Text(f"Mean over patients of the days between their visits {where.en}", f"患者{where.zh}复诊间隔的人均值"),
            "days",
            f"{mean('return_milli_days')} / 1000",
            Text("Low: patients are called back sooner than illness asks.", "偏低说明患者复诊过密，超出病情所需。"),
            None,
            missing_means=_NO_RETURN,
        ),
        Feature(
            "return_max_days",
            Text(f"Longest mean gap of a patient between visits {where.en}", f"患者{where.zh}复诊间隔最大值"),
            "days",
            "cast(max(return_milli_days) as double) / 1000",
            Text("Context: how far apart the least frequent patients come.", "背景信息：复诊最少者的间隔。"),
            None,
            missing_means=_NO_RETURN,
        ),
        Feature(
            "return_spread_ratio",
            Text(f"Spread of patients' gaps between visits {where.en} (sd / mean)", f"患者{where.zh}复诊间隔变异系数"),
            "ratio",
            spread_ratio("return_milli_days"),
            Text(
                "Low: everybody returns at one beat, as if from a timetable.", "偏低说明人人按同一节奏复诊，如同排班。"
            ),
            None,
            missing_means=_FEW_RETURNS,
        ),
    )


def returns_to_providers() -> tuple[Feature, ...]:
    """Return mean and largest over providers of the days between a person's visits there; rows as for the others."""
    return (
        Feature(
            "return_mean_days",
            Text("Mean over providers of the days between visits there", "各机构复诊间隔的平均值"),
            "days",
            f"{mean('return_milli_days')} / 1000",
            Text("Low: the person comes back sooner than illness asks.", "偏低说明复诊过密，超出病情所需。"),
            None,
            missing_means="nowhere on two days",
        ),
        Feature(
            "return_max_days",
            Text("Longest mean gap between visits to one provider", "单家机构复诊间隔最大值"),
            "days",
            "cast(max(return_milli_days) as double) / 1000",
            Text("Context: how far apart the least frequent visits lie.", "背景信息：最少去的机构的就诊间隔。"),
            None,
            missing_means="nowhere on two days",
        ),
    )


def as_context(features: tuple[Feature, ...]) -> tuple[Feature, ...]:
    """Return features of which no tail is suspicious: a person's extremes follow the illness."""
    return tuple(replace(feature, direction=None, schemes=()) for feature in features)
