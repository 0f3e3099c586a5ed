"""Days on which one machine is taken for longer than a day lasts, as the rules of machines read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.claims.in_force import is_in_force
from fraud.rules.relations.base import LINE_COLUMNS, SETTLEMENT_COLUMNS
from fraud.rules.relations.item_versions import LARGEST_QUANTITY, REFERENCE_COLUMNS, item_versions

if TYPE_CHECKING:
    from collections.abc import Mapping

# Minutes times ten-thousandths of a unit.
MINUTE = 10_000
# What exemptions may speak of: the line of `full_machine_days`, its settlement, the item's reference in force.
ALIASES: Mapping[str, tuple[str, ...]] = {
    "l": (*LINE_COLUMNS, "day_minutes", "day_persons", "n_machines", "is_mostly_full"),
    "s": SETTLEMENT_COLUMNS,
    "r": REFERENCE_COLUMNS,
}


def full_machine_days(month: str, limit: int) -> str:
    """Return CTEs: `versions` of items with minutes on a machine, and `candidates`, the lines of full machine days.

    Candidates have the columns of a line in `ALIASES`, and `effort`, the line's minutes in ten-thousandths:
    `day_minutes` are those of its machine that day, `day_persons` the persons on it, `n_machines` those that its
    provider names for the item that month; `is_mostly_full`: on at least half of the days of these machines the limit
    is passed.

    Parameters
    ----------
    month : str
        YYYY-MM in which the last line of the day was settled.
    limit : int
        What a day holds, in ten-thousandths of a minute.
    """
    return f"""versions as (
{item_versions("device_minutes > 0")}
        ), measured as (
          select l.*, r.device_minutes * least(l.net_quantity, {LARGEST_QUANTITY}) as effort from rule_lines l
          join versions r on r.item_key = l.item_key and {is_in_force("r", "l.fee_date")}
          where l.device_id is not null and l.fee_date >= (select min(fee_date) from rule_lines where month = '{month}')
        ), machine_days as (
          select provider_key, device_id, fee_date, sum(effort) as effort, count(distinct person_key) as day_persons
          from measured group by provider_key, device_id, fee_date having max(month) = '{month}'
        ), days as (
          select provider_key, device_id, fee_date, cast(floor(effort / {MINUTE}) as bigint) as day_minutes,
                 day_persons
          from machine_days where effort > {limit}
        ), uses as (
          select distinct provider_key, item_key, device_id, fee_date from measured
          where provider_key in (select provider_key from days)
        ), machines as (
          select u.provider_key, u.item_key, count(distinct u.device_id) as n_machines,
                 count(*) filter (d.effort > {limit}) * 2 >= count(*) as is_mostly_full
          from uses u
          join machine_days d
            on d.provider_key = u.provider_key and d.device_id = u.device_id and d.fee_date = u.fee_date
          group by u.provider_key, u.item_key
        ), candidates as (
          select m.*, d.day_minutes, d.day_persons, n.n_machines, n.is_mostly_full from measured m
          join machines n on n.provider_key = m.provider_key and n.item_key = m.item_key
          join days d on d.provider_key = m.provider_key and d.device_id = m.device_id and d.fee_date = m.fee_date
        )"""
