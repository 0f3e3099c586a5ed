"""Providers whose share lies beyond what chance and the differences among providers like them explain.

A funnel plot with additive over-dispersion (D. J. Spiegelhalter, "Funnel plots for comparing institutional
performance", Statistics in Medicine 24, 2005, 1185-1202): shares are compared as angles, asin(sqrt(share)), whose
variance by chance is 1 / 4n whatever the share is. What the peers' angles vary beyond that, the scores of the tenth at
either end brought in, is how providers differ; a few small peers tell that badly, so it is no less than providers of
all types differ from those of theirs on average. So a small provider must lie further from its peers than a large one,
and few lines at each of them do not hide who does.

The limit is sqrt(2 ln 3 k) standard deviations above the peers' median: of k providers that are compared, the
furthest one lies about there by chance alone in one month of thirty.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fraud.rules.relations.peer_fences import CELLS

if TYPE_CHECKING:
    from features.engine.dialect import Dialect

_COLUMNS = CELLS[0]
# So many times the providers: a share is looked at anew each month, and chance should name one in thirty months.
_TIMES = 3


def beyond_funnel(dialect: Dialect, values: str, *, fewest_peers: int, least_percent: int) -> str:
    """Return the parts of a WITH clause that end in `flagged`.

    Parameters
    ----------
    dialect : Dialect
        Of the engine.
    values : str
        Relation of `peer_fences.values_sql`, of one ratio.
    fewest_peers, least_percent : int
        A cell with fewer providers says nothing; nothing is said below the share.

    Returns
    -------
    str
        `flagged`: `provider_key`, `value`, `fence`, the share at the limit for its `n` rows, and `n_peers`.
    """
    like = " and ".join(f"(c.{name} is null or c.{name} = a.{name})" for name in _COLUMNS)
    cell = ", ".join(("c.grain", *(f"c.{name}" for name in _COLUMNS), "c.n_peers", "c.centre"))
    centres = " union all ".join(
        _centres(dialect, grain, columns, fewest_peers=fewest_peers) for grain, columns in enumerate(CELLS)
    )
    return f"""
        angles as (
          select *, asin(sqrt(value)) as angle, 4.0 * n as weight from {values}
        ), centres as ({centres}
        ), scores as (
          select {cell}, a.weight, (a.angle - c.centre) * sqrt(a.weight) as score from angles a join centres c on {like}
        ), tenths as (
          select {cell}, {dialect.quantile("c.score", 0.1)} as low, {dialect.quantile("c.score", 0.9)} as high,
                 sum(c.weight) - sum(c.weight * c.weight) / sum(c.weight) as weights
          from scores c group by {cell}
        ), cells as (
          select {cell},
                 greatest(sum(power(least(greatest(s.score, c.low), c.high), 2)) - c.n_peers + 1, 0) / c.weights
                   as between_peers
          from scores s
          join tenths c on c.grain = s.grain
            and {" and ".join(f"c.{name} is not distinct from s.{name}" for name in _COLUMNS)}
          group by {cell}, c.weights
        ), all_types as (
          select sum(n_peers * between_peers) / sum(n_peers) as between_peers from cells where grain = {len(CELLS) - 1}
        ), compared as (
          select a.provider_key, a.value, a.angle, c.n_peers,
                 least(c.centre + sqrt(greatest(c.between_peers, t.between_peers) + 1 / a.weight)
                       * sqrt(2 * ln({_TIMES} * (select count(*) from angles))), pi() / 2) as limit_angle,
                 row_number() over (partition by a.provider_key order by c.grain) as place
          from angles a join cells c on {like} cross join all_types t
        ), flagged as (
          select provider_key, value, power(sin(limit_angle), 2) as fence, n_peers from compared
          where place = 1 and value * 100 >= {least_percent} and angle > limit_angle + 1e-9
        )"""


def _centres(dialect: Dialect, grain: int, columns: tuple[str, ...], *, fewest_peers: int) -> str:
    """Median angle of the cells of one grain; columns let go are null."""
    shown = ", ".join(name if name in columns else f"cast(null as varchar) as {name}" for name in _COLUMNS)
    return f"""
          select {grain} as grain, {shown}, count(*) as n_peers, {dialect.quantile("angle", 0.5)} as centre
          from angles group by {", ".join(columns)} having count(*) >= {fewest_peers}
        """
