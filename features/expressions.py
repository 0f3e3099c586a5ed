"""SQL that many features share: aggregates over the rows of a subject, and conditions on rows.

Everything sums whole numbers: sums of doubles change with the order in which an engine adds.
"""

from __future__ import annotations

# Conditions on rows of window tables, by the columns they read.
IS_AT_NIGHT = "hour >= 22 or hour < 6"
IS_WEEKEND = "weekday >= 6"
IS_WHOLE_TENS = "total_amount > 0 and total_amount % 1000 = 0"
IS_SHORT_STAY = "stay_days <= 1 and coalesce(n_procedures, 0) = 0"
# Emergencies need no way, and the way is known where the window looks a month back.
IS_PLANNED_CARE = "is_known and encounter_type <> 'emergency'"
IS_PAST_PRIMARY_CARE = "referral_id is null and (days_since_primary is null or days_since_primary > 30)"
IS_AT_LARGEST_FILL = "quantity * 100 >= max_fill_quantity * 95"
IS_EARLY_REFILL = "gap_days * 2 < previous_days_supply"
IS_SUPPLIED_ELSEWHERE = "previous_provider_key <> provider_key and gap_days < previous_days_supply"
# The prescriber wrote five prescriptions or more and sent nine in ten to the filler of this one.
IS_OF_ONE_SHOP = "n_of_prescriber >= 5 and n_of_pair * 10 >= n_of_prescriber * 9"

# Days of a fill's supply that the fill before it still covered.
OVERLAPPED_DAYS = "least(greatest(coalesce(previous_days_supply - gap_days, 0), 0), days_supply)"
# Rows of the profile's month over those of a mean month; null with fewer than three months.
THIS_MONTH_TO_MEAN = (
    "case when max(months_back) >= 3 then "
    "sum(case when months_back = 1 then 1 else 0 end) * cast(max(months_back) as double) / count(*) end"
)


def is_readmission(days: int) -> str:
    """Whether a stay begins within days of the person's stay before it, and was not planned to.

    Examples
    --------
    >>> is_readmission(15)
    'gap_days between 0 and 15 and not is_planned_readmission'
    """
    return f"gap_days between 0 and {days} and not is_planned_readmission"


def count_where(condition: str) -> str:
    """Rows for which a condition holds.

    Examples
    --------
    >>> count_where("months_back = 1")
    'sum(case when months_back = 1 then 1 else 0 end)'
    """
    return f"sum(case when {condition} then 1 else 0 end)"


def share_of(condition: str) -> str:
    """Share of the rows for which a condition holds, 0..1.

    Examples
    --------
    >>> share_of("weekday >= 6")
    'cast(sum(case when weekday >= 6 then 1 else 0 end) as double) / count(*)'
    """
    return f"cast({count_where(condition)} as double) / count(*)"


def share_among(among: str, condition: str) -> str:
    """Share of the rows with one condition for which another holds too, 0..1; null where no row has the first.

    Examples
    --------
    >>> share_among("is_inpatient", "not has_bed")  # doctest: +NORMALIZE_WHITESPACE
    'cast(sum(case when is_inpatient and (not has_bed) then 1 else 0 end) as double)
     / nullif(sum(case when is_inpatient then 1 else 0 end), 0)'
    """
    return f"cast({count_where(f'{among} and ({condition})')} as double) / nullif({count_where(among)}, 0)"


def share_known(column: str, condition: str) -> str:
    """Share of the rows with a value of a column for which a condition on it holds, 0..1; null where none has one.

    Examples
    --------
    >>> share_known("channel", "channel = 'paper'")
    "cast(sum(case when channel = 'paper' then 1 else 0 end) as double) / nullif(count(channel), 0)"
    """
    return f"cast({count_where(condition)} as double) / nullif(count({column}), 0)"


def largest_share(count: str, fewest: int = 0) -> str:
    """Share of the largest row of counts in their sum, 0..1; null where the sum is less than `fewest`.

    Examples
    --------
    >>> largest_share("n", 20)
    'case when sum(n) >= 20 then cast(max(n) as double) / sum(n) end'
    """
    share = f"cast(max({count}) as double) / sum({count})"
    return f"case when sum({count}) >= {fewest} then {share} end" if fewest else share


def mean(column: str) -> str:
    """Sum of a column over the number of rows.

    Examples
    --------
    >>> mean("stay_days")
    'cast(sum(stay_days) as double) / count(*)'
    """
    return f"cast(sum({column}) as double) / count(*)"


def mean_known(column: str) -> str:
    """Mean of a column over the rows with a value; null where none has one.

    Examples
    --------
    >>> mean_known("is_far")
    'cast(sum(is_far) as double) / nullif(count(is_far), 0)'
    """
    return f"cast(sum({column}) as double) / nullif(count({column}), 0)"


def ratio(part: str, whole: str) -> str:
    """Sum of one column over that of another; null where the second is zero.

    Examples
    --------
    >>> ratio("drug_amount", "total_amount")
    'cast(sum(drug_amount) as double) / nullif(sum(total_amount), 0)'
    """
    return f"cast(sum({part}) as double) / nullif(sum({whole}), 0)"


def major_units(amount: str) -> str:
    """Sum of an amount in minor units, in major units.

    Examples
    --------
    >>> major_units("total_amount")
    'cast(cast(sum(total_amount) as bigint) as double) / 100'
    """
    return f"cast(cast(sum({amount}) as bigint) as double) / 100"


def spread_ratio(column: str, fewest: int = 5) -> str:
    """Spread of a whole-numbered column, standard deviation over mean; null with fewer rows, or a mean not above zero.

    Examples
    --------
    >>> spread_ratio("n")  # doctest: +NORMALIZE_WHITESPACE
    'case when count(*) >= 5 and sum(n) > 0 then sqrt(greatest(cast(sum(cast(n as decimal(38, 0)) * n) as double)
     / count(*) - (cast(sum(n) as double) / count(*)) * (cast(sum(n) as double) / count(*)), 0))
     / (cast(sum(n) as double) / count(*)) end'
    """
    average = mean(column)
    squares = mean(f"cast({column} as decimal(38, 0)) * {column}")
    return (
        f"case when count(*) >= {fewest} and sum({column}) > 0 "
        f"then sqrt(greatest({squares} - ({average}) * ({average}), 0)) / ({average}) end"
    )


def hhi(weight: str) -> str:
    """Herfindahl-Hirschman index: sum of squared shares of non-negative whole weights; null where all are zero.

    Examples
    --------
    >>> hhi("n")  # doctest: +NORMALIZE_WHITESPACE
    'cast(sum(cast(n as decimal(38, 0)) * n) as double)
     / nullif(cast(sum(n) as double) * cast(sum(n) as double), 0)'
    """
    squares = f"cast(sum(cast({weight} as decimal(38, 0)) * {weight}) as double)"
    return f"{squares} / nullif(cast(sum({weight}) as double) * cast(sum({weight}) as double), 0)"


def entropy(weight: str) -> str:
    """Shannon entropy of non-negative whole weights, in nats, summed in whole nano-nats.

    Examples
    --------
    >>> entropy("n")  # doctest: +NORMALIZE_WHITESPACE
    'case when sum(n) > 0 then greatest(ln(cast(sum(n) as double))
     - cast(sum(cast(round(n * ln(greatest(n, 1)) * 1000000000) as decimal(38, 0))) as double)
     / 1000000000 / cast(sum(n) as double), 0) end'
    """
    parts = f"sum(cast(round({weight} * ln(greatest({weight}, 1)) * 1000000000) as decimal(38, 0)))"
    return (
        f"case when sum({weight}) > 0 then greatest(ln(cast(sum({weight}) as double)) "
        f"- cast({parts} as double) / 1000000000 / cast(sum({weight}) as double), 0) end"
    )
