"""Encounters of different people on one day that are copies of each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from features.engine.dialect import quoted_list
from fraud.rules.declare.executor import check_encounter_types
from fraud.rules.declare.numbers import Measure, Unit
from fraud.rules.relations.alike import alike_sets
from fraud.rules.relations.base import SETTLEMENT_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.engine.dialect import Dialect


@dataclass(frozen=True)
class Clones:
    """Bills of one provider and day whose items and quantities are nearly the same, for many people.

    A bill that holds all that many others hold, and one item more, is a copy of them too.
    Alias for exemptions: `s`, the settlement, with `main_diagnosis`, the code of its first diagnosis.

    Parameters
    ----------
    encounter_types : tuple of str
        Kinds of care in question.
    people, similarity, items : str
        Parameters: fewest people with copies, the percentage in common, and fewest different items of a bill.
    """

    family: ClassVar[str] = "data_integrity"
    measures: ClassVar[tuple[Measure, ...]] = (Measure("most_people", Unit("person", "persons", "人")),)
    aliases: ClassVar[Mapping[str, tuple[str, ...]]] = {"s": (*SETTLEMENT_COLUMNS, "main_diagnosis")}

    encounter_types: tuple[str, ...]
    people: str
    similarity: str
    items: str

    def __post_init__(self) -> None:
        check_encounter_types("encounter_types", self.encounter_types)

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """All three numbers."""
        return (self.people, self.similarity, self.items)

    @property
    def together(self) -> tuple[str, ...]:
        """Claims of one provider."""
        return ("provider_key",)

    def sql(self, dialect: Dialect, month: str, values: Mapping[str, int], lawful: str) -> str:
        """Return hits; `most_people` have a copy on one day."""
        return f"""
        with own as (
          select * from rule_settlements
          where month = '{month}' and encounter_type in {quoted_list(self.encounter_types)}
        ), full_days as (
          select provider_key, service_start_date from own
          group by provider_key, service_start_date having count(distinct person_key) >= {values[self.people]}
        ), busy as (
          select o.*, {dialect.hash64("o.provider_key, o.service_start_date")} as place
          from own o
          join full_days f on f.provider_key = o.provider_key and f.service_start_date = o.service_start_date
        ), first_diagnoses as (
          select d.settlement_key, min(c.diagnosis_code) as main_diagnosis
          from diagnoses d join codes_diagnosis c on c.diagnosis_key = d.diagnosis_key
          where d.sequence_number = 1 and d.settlement_key in (select settlement_key from busy)
          group by d.settlement_key
        ), crowded as (
          select s.* from (
            select b.*, d.main_diagnosis from busy b
            left join first_diagnoses d on d.settlement_key = b.settlement_key
          ) s where not {lawful}
        ), elements as (
          select c.place, c.settlement_key, c.person_key, {dialect.hash64("l.item_key, l.net_quantity")} as element
          from (
            select settlement_key, item_key, cast(sum(net_quantity) as bigint) as net_quantity,
                   count(*) over (partition by settlement_key) as n_items
            from rule_lines where settlement_key in (select settlement_key from crowded)
            group by settlement_key, item_key
          ) l
          join crowded c on c.settlement_key = l.settlement_key
          where l.n_items >= {values[self.items]}
        ), {alike_sets(dialect, values[self.similarity])}, templates as (
          select distinct n.place, n.items, a.n_people from named_sets n
          join alike_people a on a.settlement_key = n.settlement_key
          where a.n_people >= {values[self.people]}
        ), copies as (
          select settlement_key, max(n_people) as n_people from (
            select settlement_key, n_people from alike_people where n_people >= {values[self.people]}
            union all
            select n.settlement_key, t.n_people from named_sets n
            join templates t on t.place = n.place
            where len(n.items) = len(t.items) + 1 and len(list_intersect(n.items, t.items)) = len(t.items)
          ) every group by settlement_key
        )
        select l.settlement_key, l.line_number, 'violating' as role, l.provider_key, l.person_key,
               cast(null as bigint) as practitioner_key, l.fee_date as service_date, l.in_scope,
               cast(1 as bigint) as part, cast(1 as bigint) as whole, a.n_people as most_people
        from rule_lines l join copies a on a.settlement_key = l.settlement_key
        """
