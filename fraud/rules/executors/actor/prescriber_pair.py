"""A prescriber and a pharmacy that live of each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from features.engine import quoted_list
from features.vocabulary.care import DRUGS
from fraud.rules.declare.executor import check_choice
from fraud.rules.declare.numbers import Measure, Unit
from fraud.rules.relations.base import LINE_COLUMNS, SETTLEMENT_COLUMNS
from fraud.rules.relations.pooled import is_pooled
from fraud.rules.relations.prescribed import AS_WRITTEN, is_written_later

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.engine.dialect import Dialect

_LINES = {"afterwards": "", "other": "not"}
# Fewer providers that write prescriptions for a region's shops leave patients no choice.
_LEAST_ISSUERS = 3


@dataclass(frozen=True)
class PrescriberPair:
    """Lines filled at a provider whose prescriptions over the window are nearly all of one prescriber.

    Pairs of one group, and regions with fewer than three issuing providers, are left out.
    Aliases for exemptions: `l`, the line; `s`, its settlement.

    Parameters
    ----------
    least_prescriptions, shop_percent : str
        Parameters: prescriptions of the pair over the window; percent of the shop's that are the prescriber's.
    prescriber_percent, late_minutes : str
        Parameters: percent of the prescriber's that go to the shop; minutes after the sale. Prescriptions of one who
        writes for one shop, issued so late, are written afterwards.
    lines : str
        `afterwards` for the lines of those, `other` for all else of the pair.
    """

    family: ClassVar[str] = "actor"
    measures: ClassVar[tuple[Measure, ...]] = (
        Measure("pair_prescriptions", Unit("prescription", "prescriptions", "张处方")),
        Measure("percent_of_shop", Unit("percent", "percent", "%")),
        Measure("percent_of_prescriber", Unit("percent", "percent", "%")),
    )
    aliases: ClassVar[Mapping[str, tuple[str, ...]]] = {"l": LINE_COLUMNS, "s": SETTLEMENT_COLUMNS}

    least_prescriptions: str
    shop_percent: str
    prescriber_percent: str
    late_minutes: str
    lines: str

    def __post_init__(self) -> None:
        check_choice("lines", (self.lines,), _LINES)

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """Numbers of the pair, and minutes."""
        return (self.least_prescriptions, self.shop_percent, self.prescriber_percent, self.late_minutes)

    @property
    def together(self) -> tuple[str, ...]:
        """Bills one by one: the pairs are made of prescriptions, which are never cut."""
        return ("settlement_key",)

    def sql(self, dialect: Dialect, month: str, values: Mapping[str, int], lawful: str) -> str:  # noqa: ARG002 - one signature for all executors
        """Return hits; the measures are those of the pair over the window."""
        is_afterwards = f"x.is_for_one_shop and {is_written_later('l', 'x', values[self.late_minutes])}"
        return f"""
        with edges as (
          select x.prescriber_key, x.dispensing_provider_key as shop_key, count(*) as n,
            min(x.issuing_provider_key) as issuing_provider_key
          from {AS_WRITTEN} x
          where x.prescriber_key is not null and x.dispensing_provider_key is not null
            and x.dispensing_provider_key <> x.issuing_provider_key
          group by x.prescriber_key, x.dispensing_provider_key
        ), pairs as (
          select e.*, sum(n) over (partition by prescriber_key) as n_prescriber,
            sum(n) over (partition by shop_key) as n_shop
          from edges e
        ), issuers as (
          select o.region_code, count(distinct x.issuing_provider_key) as n_issuers
          from {AS_WRITTEN} x join sound_providers o on o.provider_key = x.dispensing_provider_key
          group by o.region_code
        ), chosen as (
          select p.prescriber_key, p.shop_key, p.n as pair_prescriptions,
            cast(100 * p.n // p.n_shop as bigint) as percent_of_shop,
            cast(100 * p.n // p.n_prescriber as bigint) as percent_of_prescriber,
            100 * p.n >= {values[self.prescriber_percent]} * p.n_prescriber as is_for_one_shop
          from pairs p
          join sound_providers o on o.provider_key = p.shop_key
          left join sound_providers i on i.provider_key = p.issuing_provider_key
          left join issuers c on c.region_code = o.region_code
          left join sound_practitioners d on d.practitioner_key = p.prescriber_key
          where p.n >= {values[self.least_prescriptions]} and 100 * p.n >= {values[self.shop_percent]} * p.n_shop
            and not coalesce(o.group_id = i.group_id, false)
            and coalesce(c.n_issuers, 0) >= {_LEAST_ISSUERS} and not coalesce(d.is_team_identifier, false)
            and not {is_pooled("p.prescriber_key")}
        ), written as (
          select x.prescription_key, x.issue_time, x.dispense_time, c.*
          from {AS_WRITTEN} x
          join chosen c on c.prescriber_key = x.prescriber_key and c.shop_key = x.dispensing_provider_key
        )
        select l.settlement_key, l.line_number, 'violating' as role, l.provider_key,
          cast(null as bigint) as person_key, x.prescriber_key as practitioner_key, l.fee_date as service_date,
          l.in_scope, cast(1 as bigint) as part, cast(1 as bigint) as whole, x.pair_prescriptions,
          x.percent_of_shop, x.percent_of_prescriber
        from rule_lines l
        join rule_settlements s on s.settlement_key = l.settlement_key
        join written x on x.prescription_key = l.prescription_key and x.shop_key = l.provider_key
        where l.month = '{month}' and s.month = '{month}' and l.item_type in {quoted_list(DRUGS)}
          and {_LINES[self.lines]} coalesce({is_afterwards}, false) and not {lawful}
        """
