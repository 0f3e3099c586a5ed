"""Standard minutes of one practitioner beyond what peers of the specialty do in a day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fraud.rules.executors.actor.practitioner_day import PractitionerDay

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
        Parameter: how many times the median working day of the peers.
    """

    peer_multiple: str

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """The minutes, and the multiple."""
        return (self.limit, self.peer_multiple)

    def _support(self, values: Mapping[str, int]) -> str:
        return f"""
            and exists (
              select 1
              from practitioners me
              join (
                select coalesce(p.specialty, '') as specialty, median(a.day_effort) as usual
                from all_days a join practitioners p on p.practitioner_key = a.practitioner_key
                group by coalesce(p.specialty, '') having count(*) >= {_FEWEST_DAYS}
              ) peers on peers.specialty = coalesce(me.specialty, '')
              where me.practitioner_key = d.practitioner_key
                and d.day_effort > {values[self.peer_multiple]} * peers.usual)"""
