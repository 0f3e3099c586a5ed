"""Identifiers under which the work of many is pooled: "unknown doctor", a department's account, a shift's login.

The regulator's own false alarm: one such identifier did two hundred times the mean. Nothing that needs one body may be
said of it. No register marks it, so it is told by what is recorded under it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fraud.rules.relations.whose_line import done_by

if TYPE_CHECKING:
    import pandas as pd

    from features.engine import DuckDBEngine

POOLED = "pooled_practitioners"
# Our proposal: lines as a multiple of the mean of all identifiers, and departments of one identifier.
_FAR_BEYOND, _BEYOND, _DEPARTMENTS = 100, 20, 5
# In a hundred identifiers with lines: so many are registered, so that one that is not stands out.
_REGISTERED_PERCENT = 50
_POOLED = f"""
with work as (
  select {done_by("l")} as practitioner_key, l.department_code, count(*) as n_lines
  from claim_lines l group by all
  union all
  select s.attending_practitioner_key, s.department_code, count(*) from settlements s group by all
), counted as (
  select practitioner_key, sum(n_lines) as n_lines, count(distinct department_code) as n_departments
  from work where practitioner_key is not null group by practitioner_key
), known as (
  select c.*, p.practitioner_key is not null as is_registered, p.licence_start_date is not null as is_licensed
  from counted c left join sound_practitioners p on p.practitioner_key = c.practitioner_key
), usual as (
  select avg(n_lines) as mean_lines,
         count(*) filter (is_registered) * 100 >= {_REGISTERED_PERCENT} * count(*) as is_register,
         count(*) filter (is_licensed) * 100 >= {_REGISTERED_PERCENT} * count(*) as is_licence_register
  from known
), signs as (
  select k.practitioner_key, k.n_lines, k.n_lines / u.mean_lines as times_the_mean, k.n_departments,
         k.n_lines >= {_FAR_BEYOND} * u.mean_lines as is_far_beyond,
         k.n_lines >= {_BEYOND} * u.mean_lines as is_beyond, k.n_departments >= {_DEPARTMENTS} as is_everywhere,
         (u.is_register and not k.is_registered) or (u.is_licence_register and not k.is_licensed) as is_nobody
  from known k cross join usual u
)
select practitioner_key, n_lines, times_the_mean, n_departments, is_nobody from signs
where is_far_beyond or (is_beyond and is_everywhere) or (is_beyond and is_nobody) or (is_everywhere and is_nobody)
"""


def create_pooled(engine: DuckDBEngine) -> None:
    """Create `pooled_practitioners`, one row per pooled identifier of the attached months, with what tells it.

    An identifier is pooled that has a hundred times the lines of the mean, or two of: twenty times as many; lines of
    five departments; no row or no licence in a register that names most others.
    """
    engine.create_table(POOLED, _POOLED)


def pooled_identifiers(engine: DuckDBEngine) -> pd.DataFrame:
    """Return the pooled identifiers of the attached months, on an engine of any base or none.

    Returns
    -------
    DataFrame
        One row per identifier, index `practitioner_id`, sorted: `n_lines` (its lines, and the bills it attends) and
        `times_the_mean` of all identifiers, `n_departments` of these, and `is_nobody`: no row or no licence in a
        register that names most others.
    """
    if POOLED not in engine.tables:
        create_pooled(engine)
    return engine.frame(
        "select c.practitioner_id, p.n_lines, p.times_the_mean, p.n_departments, p.is_nobody "
        f"from {POOLED} p join codes_practitioner c on c.practitioner_key = p.practitioner_key order by 1"
    ).set_index("practitioner_id")


def is_pooled(practitioner: str) -> str:
    """Return the predicate that an identifier is pooled.

    Examples
    --------
    >>> is_pooled("l.executor_key")
    'coalesce(l.executor_key in (select practitioner_key from pooled_practitioners), false)'
    """
    return f"coalesce({practitioner} in (select practitioner_key from {POOLED}), false)"
