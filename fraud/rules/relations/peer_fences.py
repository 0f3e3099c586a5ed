"""Providers whose ratio lies beyond the fence of providers like them.

Like are providers of one type, level, ownership and specialty; where fewer than enough are, the last of these is let
go, then the next. The fence is the higher of the 90th percentile and of Q3 + 3 x IQR (Tukey's outer fence).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from features.engine.dialect import Dialect

# From the finest to the coarsest; each is a part of the one before.
_CELLS = (
    ("provider_type", "provider_level", "ownership", "specialty"),
    ("provider_type", "provider_level", "ownership"),
    ("provider_type", "provider_level"),
    ("provider_type",),
)
_COLUMNS = _CELLS[0]


def beyond_fence(
    dialect: Dialect, sums: str, *, fewest_peers: int, fewest_cases: int, least_percent: int, cap_percent: int
) -> str:
    """Return the parts of a WITH clause that end in `flagged`.

    Parameters
    ----------
    dialect : Dialect
        For the quantiles.
    sums : str
        SELECT of `provider_key`, `part`, `whole` (above zero) and `n`, the rows behind it.
    fewest_peers, fewest_cases : int
        A cell with fewer providers says nothing; of a provider with fewer rows nothing is said.
    least_percent, cap_percent : int
        Nothing is said below the first; whatever peers do it is said above the second, unless that is 0.

    Returns
    -------
    str
        `flagged`: `provider_key`, `value`, `fence`, `median_value` and `n_peers`.
    """
    cells = " union all ".join(_cell(dialect, number, columns, fewest_peers) for number, columns in enumerate(_CELLS))
    like = " and ".join(f"(c.{name} is null or c.{name} = v.{name})" for name in _COLUMNS)
    beyond_cap = f"({cap_percent} > 0 and value * 100 > {cap_percent})"
    return f"""
        valued as (
          select r.provider_key, r.n, cast(r.part as double) / r.whole as value,
                 {", ".join(f"coalesce(o.{name}, 'none') as {name}" for name in _COLUMNS)}
          from ({sums}) r join providers o on o.provider_key = r.provider_key
        ), cells as (
          {cells}
        ), compared as (
          select v.provider_key, v.n, v.value, c.median_value, c.n_peers,
                 greatest(c.p90, c.q3 + 3 * (c.q3 - c.q1)) as peer_fence,
                 row_number() over (partition by v.provider_key order by c.grain) as place
          from valued v left join cells c on {like}
        ), flagged as (
          select provider_key, value, coalesce(median_value, 0) as median_value, coalesce(n_peers, 0) as n_peers,
                 case when {beyond_cap} then least(coalesce(peer_fence, {cap_percent} / 100.0), {cap_percent} / 100.0)
                      else peer_fence end as fence
          from compared
          where place = 1 and n >= {fewest_cases} and value * 100 >= {least_percent}
            and ({beyond_cap} or value > peer_fence + 1e-9)
        )"""


def _cell(dialect: Dialect, grain: int, columns: tuple[str, ...], fewest_peers: int) -> str:
    """Quantiles of the cells of one grain; columns let go are null."""
    shown = ", ".join(name if name in columns else f"cast(null as varchar) as {name}" for name in _COLUMNS)
    quantiles = ", ".join(
        f"{dialect.quantile('value', share)} as {name}"
        for name, share in (("q1", 0.25), ("median_value", 0.5), ("q3", 0.75), ("p90", 0.9))
    )
    return f"""
          select {grain} as grain, {shown}, count(*) as n_peers, {quantiles}
          from valued group by {", ".join(columns)} having count(*) >= {fewest_peers}
        """
