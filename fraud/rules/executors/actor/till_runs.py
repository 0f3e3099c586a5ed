"""Cards of several people run through one till one after the other, for the same basket."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from features.engine.dialect import quoted_list
from fraud.rules.declare.executor import check_encounter_types
from fraud.rules.declare.numbers import Measure, Unit
from fraud.rules.relations.base import SETTLEMENT_COLUMNS
from fraud.rules.relations.whole_bills import whole_bills

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.engine.dialect import Dialect


@dataclass(frozen=True)
class TillRuns:
    """Bills of runs: within minutes, at one provider and terminal, for different people, with like baskets.

    People of one address count once. Alias for exemptions: `s`, the settlement.

    Parameters
    ----------
    encounter_types : tuple of str
        Kinds of care that a till settles.
    people, minutes, similarity, runs, items : str
        Parameters: fewest people of a run, its longest span in minutes, the percentage that baskets have in common,
        fewest runs of a month at the till, and fewest different items of a basket.
    """

    family: ClassVar[str] = "actor"
    measures: ClassVar[tuple[Measure, ...]] = (
        Measure("most_people", Unit("person", "persons", "人")),
        Measure("till_runs", Unit("run", "runs", "次集中刷卡")),
    )
    aliases: ClassVar[Mapping[str, tuple[str, ...]]] = {"s": SETTLEMENT_COLUMNS}

    encounter_types: tuple[str, ...]
    people: str
    minutes: str
    similarity: str
    runs: str
    items: str

    def __post_init__(self) -> None:
        check_encounter_types("encounter_types", self.encounter_types)

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """All five numbers."""
        return (self.people, self.minutes, self.similarity, self.runs, self.items)

    @property
    def together(self) -> tuple[str, ...]:
        """Claims of one provider."""
        return ("provider_key",)

    def sql(self, dialect: Dialect, month: str, values: Mapping[str, int], lawful: str) -> str:
        """Return hits; `most_people` came within the span, in one of `till_runs` of the month."""
        people, span, alike = values[self.people], values[self.minutes] * 60, values[self.similarity]
        return f"""
        with tills as (
          select s.settlement_key, s.settlement_id, s.provider_key, coalesce(s.terminal_id, '') as till, s.person_key,
                 s.settled_at
          from rule_settlements s
          where s.month = '{month}' and s.encounter_type in {quoted_list(self.encounter_types)} and not {lawful}
        ), marked as (
          select *, {dialect.seconds_between("settled_at", f"lead(settled_at, {people - 1}) over till_time")} <= {span}
                 as is_begin
          from tills window till_time as (partition by provider_key, till order by settled_at, settlement_id)
        ), dense as (
          select * from (
            select *, max(case when is_begin then 1 else 0 end) over (
              partition by provider_key, till order by settled_at, settlement_id
              rows between {people - 1} preceding and current row) as is_dense
            from marked
          ) t where is_dense = 1
        ), billed as ({whole_bills("dense")}
        ), baskets as (
          select d.settlement_key, d.settlement_id, d.provider_key, d.till, d.settled_at,
                 coalesce(p.address_hash, {dialect.text("d.person_key")}) as household,
                 list_sort(list_distinct(list(l.item_key))) as items
          from billed l
          join dense d on d.settlement_key = l.settlement_key
          left join sound_persons p on p.person_key = d.person_key
          group by d.settlement_key, d.settlement_id, d.provider_key, d.till, d.settled_at, p.address_hash, d.person_key
          having count(distinct l.item_key) >= {values[self.items]}
        ), pairs as (
          select a.settlement_key as begin_key, b.*
          from baskets a
          join baskets b on b.provider_key = a.provider_key and b.till = a.till and b.settled_at >= a.settled_at
            and {dialect.seconds_between("a.settled_at", "b.settled_at")} <= {span}
          where a.items = b.items or (
            len(list_intersect(a.items, b.items)) * 100
            >= {alike} * (len(a.items) + len(b.items) - len(list_intersect(a.items, b.items))))
        ), begins as (
          select begin_key, count(distinct household) as n_people from pairs
          group by begin_key having count(distinct household) >= {people}
        ), members as (
          select p.settlement_key, p.settlement_id, p.provider_key, p.till, p.settled_at, max(b.n_people) as n_people
          from pairs p join begins b on b.begin_key = p.begin_key
          group by p.settlement_key, p.settlement_id, p.provider_key, p.till, p.settled_at
        ), placed as (
          select *, lag(settled_at) over (partition by provider_key, till order by settled_at, settlement_id) as earlier
          from members
        ), counted as (
          select *, count(*) filter (where earlier is null
                      or {dialect.seconds_between("earlier", "settled_at")} > {span})
                    over (partition by provider_key, till) as n_runs
          from placed
        )
        select l.settlement_key, l.line_number, 'violating' as role, l.provider_key, l.person_key,
               cast(null as bigint) as practitioner_key, l.fee_date as service_date, l.in_scope,
               cast(1 as bigint) as part, cast(1 as bigint) as whole, c.n_people as most_people, c.n_runs as till_runs
        from billed l join counted c on c.settlement_key = l.settlement_key
        where c.n_runs >= {values[self.runs]}
        """
