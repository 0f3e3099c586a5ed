"""Pieces of SQL that many features share.

Everything sums whole numbers: sums of doubles change with the order in which an engine adds.
"""

from __future__ import annotations

# Rows of the profile's month over those of a mean month; null with fewer than three months.
THIS_MONTH_TO_MEAN = (
    "case when max(months_back) >= 3 then "
    "sum(case when months_back = 1 then 1 else 0 end) * cast(max(months_back) as double) / count(*) end"
)


def share_of(condition: str) -> str:
    """Share of the relation's rows for which a condition holds, 0..1."""
    return f"cast(sum(case when {condition} then 1 else 0 end) as double) / count(*)"


def share_among(among: str, condition: str) -> str:
    """Share of the rows with one condition for which another holds too, 0..1; null where no row has the first."""
    return (
        f"cast(sum(case when {among} and ({condition}) then 1 else 0 end) as double) "
        f"/ nullif(sum(case when {among} then 1 else 0 end), 0)"
    )


def major_units(amount: str) -> str:
    """Sum of an amount in minor units, in major units."""
    return f"cast(cast(sum({amount}) as bigint) as double) / 100"


def hhi(weight: str) -> str:
    """Herfindahl-Hirschman index: sum of squared shares of non-negative whole weights; null where all are zero."""
    squares = f"cast(sum(cast({weight} as decimal(38, 0)) * {weight}) as double)"
    return f"{squares} / nullif(cast(sum({weight}) as double) * cast(sum({weight}) as double), 0)"


def entropy(weight: str) -> str:
    """Shannon entropy of non-negative whole weights, in nats, summed in whole nano-nats."""
    parts = f"sum(cast(round({weight} * ln(greatest({weight}, 1)) * 1000000000) as decimal(38, 0)))"
    return (
        f"case when sum({weight}) > 0 then greatest(ln(cast(sum({weight}) as double)) "
        f"- cast({parts} as double) / 1000000000 / cast(sum({weight}) as double), 0) end"
    )
