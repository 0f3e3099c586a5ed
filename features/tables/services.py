"""Table about imaging: how soon a kind of image follows another of its kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.declare import Table

if TYPE_CHECKING:
    from features.engine import Dialect


def images(dialect: Dialect) -> Table:
    """Return the table about imaging from imaging facts and visits.

    Parameters
    ----------
    dialect : Dialect
        Of the engine.
    """
    gap = dialect.days_between("previous_day", "day")
    return Table(
        "images",
        "One row per visit, kind and day with a CT or MRI, with the days since the person's last of that kind.",
        f"""
        select i.provider_key, {gap} as gap_days from (
          select v.provider_key, f.day, lag(f.day) over (
            partition by v.person_key, f.imaging_kind order by f.day, f.settlement_key) as previous_day
          from imaging_facts f join visits v on v.settlement_key = f.settlement_key
          where f.imaging_kind in ('ct', 'mri') and f.n > 0
        ) i
        """,
    )
