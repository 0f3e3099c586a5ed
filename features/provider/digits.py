"""Digits: distance of sums from Benford's law, sums that repeat, and sums just below a round one."""

from features.declare import Family, Feature
from features.expressions import largest_share
from features.vocabulary.text import Text

# Minor units of the round sums at which cards, tills and reviewers draw a line (yuan 100 to 10,000).
_LINES = (10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000)
# Benford's law says nothing of a handful: the statistic's own noise is taken off, and small numbers are refused.
_FEWEST, _FEWEST_TWO = 100, 300


def _leading(n_digits: int) -> str:
    """First digits of a positive whole amount, as a whole number."""
    powers = range(16, n_digits - 1, -1)
    divisor = " ".join(f"when total_amount >= {10**power} then {10 ** (power - n_digits + 1)}" for power in powers)
    return f"cast(floor(cast(total_amount as double) / case {divisor} else 1 end) as bigint)"


def _benford(n_digits: int) -> str:
    """Relation: one row per provider and leading digits, with how often they came."""
    return (
        f"select provider_key as subject_key, digit, count(*) as n from (select provider_key, {_leading(n_digits)} "
        f"as digit from visits where total_amount >= {10 ** (n_digits - 1)}) d group by provider_key, digit"
    )


def _excess(n_digits: int, fewest: int) -> str:
    """Chi-squared distance from Benford's law per settlement, less what chance alone makes of it.

    Squares over expected shares are summed in whole billionths; chi-squared / n is their sum less one.
    """
    share = "cast(n as decimal(38, 0)) * n / (ln(1 + cast(1 as double) / digit) / ln(10))"
    squares = f"cast(sum(cast(round({share} * 1000) as decimal(38, 0))) as double) / 1000"
    freedom = 9 * 10 ** (n_digits - 1) - 1
    return (
        f"case when sum(n) >= {fewest} then {squares} / (cast(sum(n) as double) * cast(sum(n) as double)) - 1 "
        f"- cast({freedom} as double) / sum(n) end"
    )


FIRST = Family(
    "digits",
    "数字特征",
    "provider",
    _benford(1),
    (
        Feature(
            "first_digit_excess_ratio",
            Text("Distance of first digits from Benford's law, chance taken off", "首位数字偏离本福特定律程度"),
            "ratio",
            _excess(1, _FEWEST),
            Text(
                "Sums that arise by themselves begin with 1 more often than with 9; sums set by hand do not.",
                "自然形成的金额首位多为小数字，人为设定的则不然。",
            ),
            "high",
            ("P07", "H30", "T09"),
            missing_means="fewer than a hundred settlements",
        ),
    ),
)
FIRST_TWO = Family(
    "digits",
    "数字特征",
    "provider",
    _benford(2),
    (
        Feature(
            "first_two_digits_excess_ratio",
            Text(
                "Distance of the first two digits from Benford's law, chance taken off", "前两位数字偏离本福特定律程度"
            ),
            "ratio",
            _excess(2, _FEWEST_TWO),
            Text(
                "A favourite sum makes a spike that the first digit alone hides.", "偏爱某一金额会在前两位上形成尖峰。"
            ),
            "high",
            ("P07", "H30", "H34"),
            missing_means="fewer than three hundred settlements",
        ),
    ),
)
SUMS = Family(
    "digits",
    "数字特征",
    "provider",
    "select provider_key as subject_key, total_amount, count(*) as n from visits where total_amount > 0 "
    "group by provider_key, total_amount",
    (
        Feature(
            "just_below_round_share",
            Text(
                "Share of settlements at most one percent below a round sum (100 to 10,000)", "略低于整额关口结算占比"
            ),
            "share",
            "cast(sum(case when "
            + " or ".join(f"(total_amount >= {line // 100 * 99} and total_amount < {line})" for line in _LINES)
            + " then n else 0 end) as double) / sum(n)",
            Text(
                "Bills may be kept just below a sum at which a review or a limit begins.",
                "金额可能被压在审核线或限额之下。",
            ),
            "high",
            ("H34", "P03"),
        ),
    ),
)
OF_CARE = Family(
    "digits",
    "数字特征",
    "provider",
    "select provider_key as subject_key, total_amount, count(*) as n from care_visits where total_amount > 0 "
    "group by provider_key, total_amount",
    (
        Feature(
            "commonest_visit_sum_share",
            Text("Share of settlements on the commonest sum, pharmacies left out", "诊疗最常见金额占比"),
            "share",
            largest_share("n", 20),
            Text("One sum for many visits suggests a template.", "许多就诊同一金额，可能套用模板。"),
            "high",
            ("H30", "P07"),
            missing_means="a pharmacy, or fewer than twenty settlements",
        ),
    ),
)
_BY_PERSON = (
    "select provider_key, person_key, total_amount, day, count(*) as n from visits where total_amount > 0 "
    "group by provider_key, person_key, total_amount, day"
)
OF_ONE_PERSON = Family(
    "digits",
    "数字特征",
    "provider",
    f"select provider_key as subject_key, cast(sum(n) as bigint) as n, count(*) as n_days from ({_BY_PERSON}) d "
    "group by provider_key, person_key, total_amount",
    (
        Feature(
            "same_sum_again_share",
            Text(
                "Share of settlements whose sum the patient paid here on another day too", "同一患者不同日同额结算占比"
            ),
            "share",
            "cast(sum(case when n_days > 1 then n else 0 end) as double) / sum(n)",
            Text(
                "The same sum for a patient again may be the same visit billed again.",
                "同一患者反复出现相同金额，可能重复结算。",
            ),
            "high",
            ("H30", "P07", "H15"),
        ),
    ),
)
OF_ONE_DAY = Family(
    "digits",
    "数字特征",
    "provider",
    f"select provider_key as subject_key, cast(sum(n) as bigint) as n, count(*) as n_people from ({_BY_PERSON}) d "
    "group by provider_key, day, total_amount",
    (
        Feature(
            "same_sum_same_day_share",
            Text("Share of settlements whose sum another patient has here on the same day", "同日不同患者同额结算占比"),
            "share",
            "cast(sum(case when n_people > 1 then n else 0 end) as double) / sum(n)",
            Text(
                "Equal sums for several patients on one day suggest copied bills.",
                "同日多名患者金额相同，可能复制账单。",
            ),
            "high",
            ("H30", "P06", "T09"),
        ),
    ),
)
FAMILIES = (FIRST, FIRST_TWO, SUMS, OF_CARE, OF_ONE_PERSON, OF_ONE_DAY)
