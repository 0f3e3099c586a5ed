"""One of the insurer's staff sets checks aside for one provider far more often than for its neighbours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from fraud.rules.declare.numbers import Measure, Unit
from fraud.rules.relations.base import SETTLEMENT_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.engine.dialect import Dialect


@dataclass(frozen=True)
class Overrides:
    """Settlements that one operator pushed through for one provider, against what operator and region do elsewhere.

    The operator's overrides are expected to spread over the providers of the regions that the operator covers, by
    their settlements: a roster is no favour. Aliases for exemptions, which take a settlement out: `s`.

    Parameters
    ----------
    least_overrides : str
        Parameter: overrides of the pair in the window from which it is named.
    least_lift : str
        Parameter: times what is expected of the operator's overrides.
    least_rate : str
        Parameter: times the rate of overrides at the other providers of the region.
    """

    family: ClassVar[str] = "actor"
    names_later: ClassVar[bool] = True
    measures: ClassVar[tuple[Measure, ...]] = (
        Measure("most_overrides", Unit("override", "overrides", "笔人工干预")),
        Measure("most_lift", Unit("time", "times", "倍")),
    )
    aliases: ClassVar[Mapping[str, tuple[str, ...]]] = {"s": SETTLEMENT_COLUMNS}

    least_overrides: str
    least_lift: str
    least_rate: str

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """Overrides, lift, rate."""
        return (self.least_overrides, self.least_lift, self.least_rate)

    @property
    def together(self) -> tuple[str, ...]:
        """Claims of one provider; those of its neighbours are read from all of the window."""
        return ("provider_key",)

    def sql(self, dialect: Dialect, month: str, values: Mapping[str, int], lawful: str) -> str:  # noqa: ARG002 - one signature for all executors
        """Return hits, whole settlements: those of the month violate, the pair's earlier ones are involved.

        Its earlier ones violate too unless the pair stood out already by what was settled before the month.
        """
        return f"""
        with {self._pushed(lawful)}, {self._favoured("favoured", f"<= '{month}'", values)},
        {self._favoured("favoured_before", f"< '{month}'", values)}
        select s.settlement_key, cast(null as bigint) as line_number,
               case when s.month = '{month}' or b.operator_id is null then 'violating' else 'involved' end as role,
               s.provider_key, s.person_key, cast(null as bigint) as practitioner_key,
               s.service_start_date as service_date, s.in_scope, cast(1 as bigint) as part, cast(1 as bigint) as whole,
               f.n_pair as most_overrides, f.lift as most_lift
        from rule_settlements s
        join pushed p on p.settlement_key = s.settlement_key
        join favoured f on f.operator_id = s.operator_id and f.provider_key = s.provider_key
          and f.last_month = '{month}'
        left join favoured_before b on b.operator_id = s.operator_id and b.provider_key = s.provider_key
        """

    def _pushed(self, lawful: str) -> str:
        """Return SQL of `pushed`, overridden settlements, and of `sizes`, all that providers settled in each month."""
        return f"""pushed as (
          select s.settlement_key, s.provider_key, s.operator_id, s.month, v.region_code
          from window_settlements s
          join sound_providers v on v.provider_key = s.provider_key
          where s.has_manual_override and s.operator_id is not null and not {lawful}
        ), settled as (
          select s.provider_key, v.region_code, s.month, count(*) as n_settled,
                 count(*) filter (s.has_manual_override) as n_overridden
          from window_settlements s join sound_providers v on v.provider_key = s.provider_key
          group by s.provider_key, v.region_code, s.month
        )"""

    def _favoured(self, name: str, until: str, values: Mapping[str, int]) -> str:
        """Return SQL of a relation of the pairs that stand out by what was settled until a month."""
        return f"""{name} as (
          with own as (
            select * from pushed where month {until}
          ), sizes as (
            select provider_key, region_code, sum(n_settled) as n_settled, sum(n_overridden) as n_overridden
            from settled where month {until} group by provider_key, region_code
          ), regions as (
            select region_code, sum(n_settled) as n_settled, sum(n_overridden) as n_overridden from sizes
            group by region_code
          ), covered as (
            select o.operator_id, sum(r.n_settled) as n_settled
            from (select distinct operator_id, region_code from own) o
            join regions r on r.region_code = o.region_code
            group by o.operator_id
          ), totals as (
            select operator_id, count(*) as n_all from own group by operator_id
          ), pairs as (
            select operator_id, provider_key, region_code, count(*) as n_pair, max(month) as last_month from own
            group by operator_id, provider_key, region_code having count(*) >= {values[self.least_overrides]}
          )
          select p.operator_id, p.provider_key, p.n_pair, p.last_month,
                 cast(floor(p.n_pair * c.n_settled / (t.n_all * z.n_settled)) as bigint) as lift
          from pairs p
          join totals t on t.operator_id = p.operator_id
          join covered c on c.operator_id = p.operator_id
          join sizes z on z.provider_key = p.provider_key
          join regions r on r.region_code = p.region_code
          where p.n_pair * c.n_settled >= {values[self.least_lift]} * t.n_all * z.n_settled
            and z.n_overridden * (r.n_settled - z.n_settled)
                > {values[self.least_rate]} * z.n_settled * (r.n_overridden - z.n_overridden)
        )"""
