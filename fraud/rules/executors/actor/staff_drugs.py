"""Watched drugs that gather in the households of a provider's own staff."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from fraud.rules.declare.numbers import Measure, Unit
from fraud.rules.relations.base import LINE_COLUMNS, SETTLEMENT_COLUMNS
from fraud.rules.relations.staff_near import near_staff
from fraud.rules.relations.whose_line import prescribed_by

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.engine.dialect import Dialect


@dataclass(frozen=True)
class StaffDrugs:
    """Lines of drugs on the watch list for staff of the provider and who lives or is reached with them.

    Found in the month in which they make up a share of all the provider dispensed in the window, and several lines.
    Aliases for exemptions: `l`, the line; `s`, its settlement.

    Parameters
    ----------
    share, lines : str
        Parameters: least percentage of the provider's lines of watched drugs in the window, and their least number.
    """

    family: ClassVar[str] = "actor"
    measures: ClassVar[tuple[Measure, ...]] = (
        Measure("staff_percent", Unit("percent", "percent", "%")),
        Measure("staff_lines", Unit("line", "lines", "条明细")),
    )
    aliases: ClassVar[Mapping[str, tuple[str, ...]]] = {"l": LINE_COLUMNS, "s": SETTLEMENT_COLUMNS}

    share: str
    lines: str

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """Share and number."""
        return (self.share, self.lines)

    @property
    def together(self) -> tuple[str, ...]:
        """Claims of one provider."""
        return ("provider_key",)

    def sql(self, dialect: Dialect, month: str, values: Mapping[str, int], lawful: str) -> str:  # noqa: ARG002 - one signature for all executors
        """Return hits; `staff_percent` of the window's lines of watched drugs, `staff_lines`, went to such people."""
        return f"""
        with watched as (
          select distinct item_key from ref_items where is_sentinel_drug
        ), dispensed as (
          select l.* from rule_lines l
          join watched w on w.item_key = l.item_key
          where l.month <= '{month}'
        ), {near_staff("dispensed")}, judged as (
          select l.settlement_key, l.line_number, l.month, l.provider_key, l.person_key, l.fee_date, l.in_scope,
                 {prescribed_by("l", "s")} as practitioner_key,
                 case when n.person_key is not null and not {lawful} then 1 else 0 end as is_near
          from dispensed l
          join rule_settlements s on s.settlement_key = l.settlement_key
          left join near n on n.provider_key = l.provider_key and n.person_key = l.person_key
        ), counted as (
          select *, count(*) over (partition by provider_key) as n_lines,
                 cast(sum(is_near) over (partition by provider_key) as bigint) as n_near
          from judged
        )
        select settlement_key, line_number, 'violating' as role, provider_key, person_key, practitioner_key,
               fee_date as service_date, in_scope, cast(1 as bigint) as part, cast(1 as bigint) as whole,
               n_near * 100 // n_lines as staff_percent, n_near as staff_lines
        from counted
        where is_near = 1 and month = '{month}' and n_near >= {values[self.lines]}
          and n_near * 100 >= n_lines * {values[self.share]}
        """
