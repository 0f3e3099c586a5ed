"""Stays that exist on paper: several signs at once that nobody lay there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from features.engine.dialect import quoted_list
from fraud.rules.declare.executor import check_encounter_types
from fraud.rules.declare.numbers import Measure, Unit
from fraud.rules.relations.alike import alike_sets
from fraud.rules.relations.base import SETTLEMENT_COLUMNS
from fraud.rules.relations.whole_bills import whole_bills

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.engine.dialect import Dialect

# What somebody who lies there is nursed and examined by. Drips and other treatments are posted with the drugs that they
# give: on paper they go on without the patient, as bed, drugs and consumables do.
_BEDSIDE = ("nursing", "laboratory", "examination", "surgery")
_SHORTEST_NIGHTS = 2
# Cash of at most one percent of the bill: nothing was asked of the patient.
_FREE_PERCENT = 1


@dataclass(frozen=True)
class PhantomStays:
    """Stays without an operation that show several of four signs.

    The signs: half of the days or more without nursing or test; a bill whose items are nearly those of others of the
    month at the provider; several who came and left within a day of each other, fewer where they come from one
    township; no cash paid by the patient.
    Alias for exemptions: `s`, the stay.

    Parameters
    ----------
    encounter_types : tuple of str
        Kinds of care that are stays.
    signs, bare, similarity, copies, burst, neighbours : str
        Parameters: fewest signs; percentage of bare days; percentage in common; fewest people with a copy; fewest
        people who came and left together; fewest of one township who did.
    """

    family: ClassVar[str] = "data_integrity"
    measures: ClassVar[tuple[Measure, ...]] = (
        Measure("most_bare_percent", Unit("percent", "percent", "%")),
        Measure("most_copies", Unit("person", "persons", "人")),
        Measure("most_signs", Unit("sign", "signs", "项特征")),
    )
    aliases: ClassVar[Mapping[str, tuple[str, ...]]] = {"s": SETTLEMENT_COLUMNS}

    encounter_types: tuple[str, ...]
    signs: str
    bare: str
    similarity: str
    copies: str
    burst: str
    neighbours: str

    def __post_init__(self) -> None:
        check_encounter_types("encounter_types", self.encounter_types)

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """All six numbers."""
        return (self.signs, self.bare, self.similarity, self.copies, self.burst, self.neighbours)

    @property
    def together(self) -> tuple[str, ...]:
        """Claims of one provider."""
        return ("provider_key",)

    def sql(self, dialect: Dialect, month: str, values: Mapping[str, int], lawful: str) -> str:
        """Return hits with the stay's bare days, copies and signs."""
        nights = dialect.days_between("s.admit_date", "s.discharge_date")
        return f"""
        with stays as (
          select s.settlement_key, s.provider_key, s.person_key, s.admit_date, s.discharge_date, s.is_dated,
                 {nights} as nights,
                 coalesce(s.cash_paid_amount * 100 <= s.total_amount * {_FREE_PERCENT}, false) as is_free
          from rule_settlements s
          where s.month = '{month}' and s.encounter_type in {quoted_list(self.encounter_types)}
            and {nights} >= {_SHORTEST_NIGHTS} and not {lawful}
        ), billed as ({whole_bills("stays")}
        ), cared as (
          select settlement_key,
                 count(distinct case when charge_category in {quoted_list(_BEDSIDE)} then fee_date end) as care_days,
                 bool_or(charge_category = 'surgery') as is_operated
          from billed group by settlement_key
        ), unoperated as (
          select s.*, p.township_code from stays s
          join cared c on c.settlement_key = s.settlement_key
          left join sound_persons p on p.person_key = s.person_key
          where not coalesce(c.is_operated, false)
        ), bursts as (
          select s.settlement_key, count(distinct o.person_key) as n_together,
                 count(distinct o.person_key) filter (o.township_code = s.township_code) as n_neighbours
          from unoperated s
          join (select *, unnest([admit_date - 1, admit_date, admit_date + 1]) as near_date from unoperated) o
            on o.provider_key = s.provider_key and o.near_date = s.admit_date
           and abs({dialect.days_between("o.discharge_date", "s.discharge_date")}) <= 1
          group by s.settlement_key
        ), signed as (
          select s.settlement_key, s.provider_key, s.is_free,
                 case when s.is_dated then greatest(s.nights - c.care_days, 0) * 100 // s.nights else 0 end as bare,
                 b.n_together >= {values[self.burst]} or b.n_neighbours >= {values[self.neighbours]} as is_burst
          from unoperated s
          join cared c on c.settlement_key = s.settlement_key
          join bursts b on b.settlement_key = s.settlement_key
        ), suspects as (
          -- Bills are dear to compare: only where a copy would be the last sign that is missing.
          select * from (
            select *, case when bare >= {values[self.bare]} then 1 else 0 end + case when is_free then 1 else 0 end
                   + case when is_burst then 1 else 0 end as n_others
            from signed) n where n_others >= {values[self.signs]} - 1
        ), elements as (
          select s.provider_key as place, b.settlement_key, b.person_key, b.item_key as element
          from (select distinct settlement_key, person_key, item_key from billed) b
          join stays s on s.settlement_key = b.settlement_key
          where s.provider_key in (select provider_key from suspects)
        ), {alike_sets(dialect, values[self.similarity])}, counted as (
          select s.settlement_key, s.bare, a.n_people, a.n_people >= {values[self.copies]} as is_copy,
                 s.n_others + case when a.n_people >= {values[self.copies]} then 1 else 0 end as n_signs
          from suspects s join alike_people a on a.settlement_key = s.settlement_key
        )
        select l.settlement_key, l.line_number, 'violating' as role, l.provider_key, l.person_key,
               cast(null as bigint) as practitioner_key, l.fee_date as service_date, l.in_scope,
               cast(1 as bigint) as part, cast(1 as bigint) as whole, c.bare as most_bare_percent,
               c.n_people as most_copies, c.n_signs as most_signs
        from billed l join counted c on c.settlement_key = l.settlement_key
        where c.n_signs >= {values[self.signs]} and (c.is_copy or c.bare >= {values[self.bare]})
        """
