"""Minutes of practitioners by day, before anything is left in peace: few days are long, and only these need a look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.claims.in_force import in_force, is_in_force
from fraud.rules.relations.item_versions import LARGEST_QUANTITY
from fraud.rules.relations.whose_line import done_by

if TYPE_CHECKING:
    from features.engine import DuckDBEngine

PRACTITIONER_DAYS = "practitioner_days"
# Minutes are summed as integers, in millionths: hundredths of a standard minute times ten-thousandths of a unit.
MINUTE = 1_000_000


def worked_lines(lines: str) -> str:
    """Return the parts of a WITH clause that end in `done`: lines with minutes, `effort`, and `practitioner_key`.

    Services belong to the practitioner who executed them, else ordered them, else attended.

    Parameters
    ----------
    lines : str
        SELECT of lines, by all columns that are wanted of them.
    """
    minutes = "cast(round(standard_minutes * 100) as bigint) as hundredths"
    return f"""versions as (
{in_force("ref_items", "item_key", minutes, "hundredths > 0")}
        ), spent as (
          select l.*, v.hundredths * least(l.net_quantity, {LARGEST_QUANTITY}) as effort, {done_by("l")} as signed_key
          from ({lines}) l join versions v on v.item_key = l.item_key and {is_in_force("v", "l.fee_date")}
        ), attended as (
          select settlement_key, attending_practitioner_key from window_settlements
          where settlement_key in (select settlement_key from spent where signed_key is null)
        ), done as (
          select l.*, coalesce(l.signed_key, a.attending_practitioner_key) as practitioner_key
          from spent l left join attended a on a.settlement_key = l.settlement_key
        )"""


def create_practitioner_days(engine: DuckDBEngine, month: str) -> None:
    """Create `practitioner_days`, one row per practitioner and day, from the first day of the month's lines on.

    `effort` is that of all lines, `month_effort` that of the month's, null where there are none.
    """
    first_day = f"select min(fee_date) from window_lines where month = '{month}'"
    sql = f"""
        with {worked_lines(f"select * from window_lines where fee_date >= ({first_day})")}
        select practitioner_key, fee_date, sum(effort) as effort,
               sum(case when month = '{month}' then effort end) as month_effort
        from done where practitioner_key is not null group by practitioner_key, fee_date
    """
    engine.create_table(PRACTITIONER_DAYS, sql)
