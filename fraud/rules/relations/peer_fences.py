"""Providers whose ratio lies beyond the fence of providers like them.

Like are providers of one type, level, ownership and specialty; where fewer than enough are, the last of these is let
go, then the next. The fence is the higher of the 90th percentile and of Q3 + 3 x IQR (Tukey's outer fence).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from features.engine.dialect import Dialect

# From the finest to the coarsest; each is a part of the one before.
CELLS = (
    ("provider_type", "provider_level", "ownership", "specialty"),
    ("provider_type", "provider_level", "ownership"),
    ("provider_type", "provider_level"),
    ("provider_type",),
)
_COLUMNS = CELLS[0]


def values_sql(sums: str) -> str:
    """Return SQL with the value of each ratio and provider, and what providers are alike by.

    Parameters
    ----------
    sums : str
        Relation of `ratio`, `provider_key`, `part`, `whole` (above zero) and `n`, the rows behind it.
    """
    return f"""
    select r.ratio, r.provider_key, r.n, cast(r.part as double) / r.whole as value,
           {", ".join(f"coalesce(o.{name}, 'none') as {name}" for name in _COLUMNS)}
    from {sums} r join providers o on o.provider_key = r.provider_key
    """


def cells_sql(dialect: Dialect, values: str) -> str:
    """Return SQL with the quantiles of each ratio among the providers of each cell, from a relation of `values_sql`."""
    return " union all ".join(_cell(dialect, values, number, columns) for number, columns in enumerate(CELLS))


def beyond_fence(
    ratio: str, values: str, cells: str, *, fewest_peers: int, fewest_cases: int, least_percent: int, cap_percent: int
) -> str:
    """Return the parts of a WITH clause that end in `flagged`.

    Parameters
    ----------
    ratio : str
        Its name.
    values, cells : str
        Relations of `values_sql` and `cells_sql`.
    fewest_peers, fewest_cases : int
        A cell with fewer providers says nothing; of a provider with fewer rows nothing is said.
    least_percent, cap_percent : int
        Nothing is said below the first; whatever peers do it is said above the second, unless that is 0.

    Returns
    -------
    str
        `flagged`: `provider_key`, `value`, `fence`, `median_value` and `n_peers`.
    """
    like = " and ".join(f"(c.{name} is null or c.{name} = v.{name})" for name in _COLUMNS)
    beyond_cap = f"({cap_percent} > 0 and value * 100 > {cap_percent})"
    return f"""
        compared as (
          select v.provider_key, v.n, v.value, c.median_value, c.n_peers,
                 greatest(c.p90, c.q3 + 3 * (c.q3 - c.q1)) as peer_fence,
                 row_number() over (partition by v.provider_key order by c.grain) as place
          from {values} v
          left join {cells} c on c.ratio = v.ratio and c.n_peers >= {fewest_peers} and {like}
          where v.ratio = '{ratio}'
        ), flagged as (
          select provider_key, value, coalesce(median_value, 0) as median_value, coalesce(n_peers, 0) as n_peers,
                 case when {beyond_cap} then least(coalesce(peer_fence, {cap_percent} / 100.0), {cap_percent} / 100.0)
                      else peer_fence end as fence
          from compared
          where place = 1 and n >= {fewest_cases} and value * 100 >= {least_percent}
            and ({beyond_cap} or value > peer_fence + 1e-9)
        )"""


def _cell(dialect: Dialect, values: str, grain: int, columns: tuple[str, ...]) -> str:
    """Quantiles of the cells of one grain; columns let go are null."""
    shown = ", ".join(name if name in columns else f"cast(null as varchar) as {name}" for name in _COLUMNS)
    quantiles = ", ".join(
        f"{dialect.quantile('value', share)} as {name}"
        for name, share in (("q1", 0.25), ("median_value", 0.5), ("q3", 0.75), ("p90", 0.9))
    )
    return f"""
          select ratio, {grain} as grain, {shown}, count(*) as n_peers, {quantiles}
          from {values} group by ratio, {", ".join(columns)}
        """
