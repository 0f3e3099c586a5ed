"""Tables about scanned boxes: where each trace code was sold, and where else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.declare import Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from features.engine import Dialect

_SCANS = Table(
    "scans",
    "One row per trace code, provider and settlement with sales or returns; reversed and reversing settlements have "
    "none.",
    """
    select f.* from box_facts f left join (
      select settlement_key from money where is_reversal
      union select original_settlement_key from money where is_reversal and original_settlement_key is not null
    ) c on c.settlement_key = f.settlement_key
    where c.settlement_key is null
    """,
)
_CODE_SALES = Table(
    "code_sales",
    "One row per trace code and provider: in how many settlements it sold the box whole, net of returns, and when "
    "first.",
    """
    select trace_code, provider_key, cast(sum(case when n_sales > n_returns then 1
        when n_sales < n_returns then n_sales - n_returns else 0 end) as bigint) as n,
      min(case when n_sales > n_returns then first_time end) as first_time
    from scans where n_sales + n_returns > 0 group by trace_code, provider_key
    """,
)
_RESOLD_CODES = Table(
    "resold_codes",
    "One row per trace code that several providers sold, with the first sale at the last of them.",
    """
    select trace_code, max(first_time) as last_time from code_sales where n > 0
    group by trace_code having count(*) > 1
    """,
)


def box_tables(dialect: Dialect) -> Iterator[Table]:
    """Yield the tables about boxes from box facts and the window's tables.

    Lawful parts of an opened box repeat nothing.

    Parameters
    ----------
    dialect : Dialect
        Of the engine.
    """
    yield _SCANS
    yield _CODE_SALES
    yield _RESOLD_CODES
    yield _box_sales(dialect)


def _box_sales(dialect: Dialect) -> Table:
    order = "partition by s.trace_code order by s.first_time, s.provider_key"
    before = dialect.days_between(f"lag(s.first_time) over ({order})", "s.first_time")
    after = dialect.days_between("s.first_time", f"lead(s.first_time) over ({order})")
    return Table(
        "box_sales",
        "One row per trace code and provider that sold the box whole: in how many settlements, how many days after the "
        "last provider that sold it, and how many days from the nearest sale elsewhere, null where there is none.",
        f"""
        select s.trace_code, s.provider_key, s.n, e.days_after, least(coalesce(e.days_after, e.days_before),
          coalesce(e.days_before, e.days_after)) as days_apart
        from code_sales s left join (
          select s.trace_code, s.provider_key, {before} as days_after, {after} as days_before
          from code_sales s join resold_codes t on t.trace_code = s.trace_code where s.n > 0
        ) e on e.trace_code = s.trace_code and e.provider_key = s.provider_key
        where s.n > 0
        """,
    )
