"""Standard minutes of one practitioner beyond what peers of the specialty do in a day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from features.claims.in_force import is_in_force
from fraud.rules.executors.actor.practitioner_day import LARGEST_QUANTITY, PractitionerDay

if TYPE_CHECKING:
    from collections.abc import Mapping

_FEWEST_DAYS = 30  # days of a specialty below which nobody knows what is usual


@dataclass(frozen=True)
class PractitionerDayOfPeers(PractitionerDay):
    """As `PractitionerDay`, on days that are also unlike those of peers: practitioners of one specialty.

    Standard minutes are no legal requirement, so a limit below a whole day needs this support.

    Parameters
    ----------
    peer_multiple : str
        Parameter: how many times the median working day of the peers in the month.
    """

    peer_multiple: str

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """The minutes, and the multiple."""
        return (self.limit, self.peer_multiple)

    def _support(self, month: str, values: Mapping[str, int]) -> str:
        """Return what must hold of a day `d`; peers are read from all lines of the month, whatever the piece."""
        return f"""
            and exists (
              select 1
              from sound_practitioners me
              join (
                select coalesce(p.specialty, '') as specialty, median(a.effort) as usual
                from (
                  select coalesce(l.executor_key, l.prescriber_key) as practitioner_key, l.fee_date,
                         sum(v.hundredths * least(l.net_quantity, {LARGEST_QUANTITY})) as effort
                  from window_lines l
                  join versions v on v.item_key = l.item_key and {is_in_force("v", "l.fee_date")}
                  where l.month = '{month}'
                  group by coalesce(l.executor_key, l.prescriber_key), l.fee_date
                ) a
                join sound_practitioners p on p.practitioner_key = a.practitioner_key
                group by coalesce(p.specialty, '') having count(*) >= {_FEWEST_DAYS}
              ) peers on peers.specialty = coalesce(me.specialty, '')
              where me.practitioner_key = d.practitioner_key
                and d.day_effort > {values[self.peer_multiple]} * peers.usual)"""
