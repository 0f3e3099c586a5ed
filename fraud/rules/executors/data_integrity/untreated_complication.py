"""Stays whose group rests on a diagnosis that nothing billed speaks of, where more of them are than at peers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from fraud.rules.declare.numbers import Measure, Unit
from fraud.rules.relations.base import SETTLEMENT_COLUMNS
from fraud.rules.relations.peer_fences import beyond_fence, cells_sql, values_sql
from fraud.rules.relations.usual_care import PLAIN, bases_sql, cared_sql, grouped_sql, usual_sql

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.engine.dialect import Dialect

_RATIO = "untreated_share"


@dataclass(frozen=True)
class UntreatedComplication:
    """Stays in a raised group though no diagnosis that raises it was cared for as it is elsewhere.

    Groups whose code differs in the last character differ by complications: 1 with a major one (MCC), 3 with a lesser
    one (CC), 5 with none; a main diagnosis raises the group where others of its chapter have a lighter one. What a
    diagnosis is cared for with is learnt from the window: items of nearly all stays with it and of few others. A
    diagnosis of which nothing is known supports the group. Stays violate where their share of the provider's lies
    beyond the fence of providers like it: records are thin everywhere. Alias for exemptions: `s`, the stay.

    Parameters
    ----------
    stays, usual, common, concentration, peers : str
        Parameters: fewest stays with a diagnosis; percentage of them in which an item must be; percentage of other
        stays in which it may be; fewest such stays of the provider in the window; providers below which a coarser peer
        group is taken.
    """

    family: ClassVar[str] = "data_integrity"
    measures: ClassVar[tuple[Measure, ...]] = (
        Measure("most_weight_percent", Unit("percent", "percent", "%")),
        Measure("untreated_stays", Unit("stay", "stays", "次住院")),
        Measure("percent", Unit("percent", "percent", "%")),
        Measure("n_peers", Unit("peer", "peers", "家同类机构")),
    )
    aliases: ClassVar[Mapping[str, tuple[str, ...]]] = {"s": SETTLEMENT_COLUMNS}

    stays: str
    usual: str
    common: str
    concentration: str
    peers: str

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """All five numbers."""
        return (self.stays, self.usual, self.common, self.concentration, self.peers)

    @property
    def together(self) -> tuple[str, ...]:
        """All claims: a provider is held against the others."""
        return ()

    def sql(self, dialect: Dialect, month: str, values: Mapping[str, int], lawful: str) -> str:
        """Return hits; `most_weight_percent` of the group's weight is for the diagnosis."""
        flagged = beyond_fence(
            _RATIO,
            "untreated_values",
            "untreated_cells",
            fewest_peers=values[self.peers],
            fewest_cases=values[self.concentration],
            least_percent=0,
            cap_percent=0,
        )
        return f"""
        with {grouped_sql()}, {bases_sql(values[self.stays])},
        {usual_sql(dialect, values[self.usual], values[self.common])}, {cared_sql()}, {_judged()}, untreated as (
          select s.settlement_key, s.provider_key, s.month, j.weight, j.plain_weight,
                 count(*) over (partition by s.provider_key) as n_stays
          from judged j join rule_settlements s on s.settlement_key = j.settlement_key
          where not {lawful}
        ), untreated_sums as (
          select '{_RATIO}' as ratio, g.provider_key, count(u.settlement_key) as part, count(*) as whole,
                 count(u.settlement_key) as n
          from grouped g left join untreated u on u.settlement_key = g.settlement_key
          group by g.provider_key
        ), untreated_values as ({values_sql("untreated_sums")}
        ), untreated_cells as ({cells_sql(dialect, "untreated_values")}
        ), {flagged}
        select l.settlement_key, l.line_number, 'violating' as role, l.provider_key, l.person_key,
               cast(null as bigint) as practitioner_key, l.fee_date as service_date, l.in_scope,
               u.weight - u.plain_weight as part, u.weight as whole,
               (u.weight - u.plain_weight) * 100 // u.weight as most_weight_percent, u.n_stays as untreated_stays,
               cast(floor(f.value * 100) as bigint) as percent, f.n_peers
        from rule_lines l
        join untreated u on u.settlement_key = l.settlement_key
        join flagged f on f.provider_key = u.provider_key
        where u.month = '{month}' and l.month = '{month}'
        """


def _judged() -> str:
    """Stays of which the main diagnosis, or all complications, are of known care and had none, and the plain weight."""
    return f"""
        judged as (
          select settlement_key, weight, min(plain_weight) as plain_weight
          from (
            select g.settlement_key, g.weight, g.plain_weight
            from grouped g
            join cared c on c.settlement_key = g.settlement_key and c.place = 'second'
            where g.severity <> '{PLAIN}'
            group by g.settlement_key, g.weight, g.plain_weight
            having bool_and(c.is_known and not c.is_cared)
            union all
            select g.settlement_key, g.weight, g.weight * c.lighter_weight // g.plain_weight
            from grouped g
            join cared c on c.settlement_key = g.settlement_key and c.place = 'main'
            where c.is_known and not c.is_cared
          ) j
          where plain_weight < weight group by settlement_key, weight
        )"""
