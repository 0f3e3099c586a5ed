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

    A bill that holds all that others hold, and one item more, is a copy of them too. What was copied for many people on
    one day was copied on other days of the window, if the same items went to some people more than chance gives; such
    days of earlier months are named once the template is known.
    Alias for exemptions: `s`, the settlement, with `main_diagnosis`, the code of its first diagnosis.

    Parameters
    ----------
    encounter_types : tuple of str
        Kinds of care in question.
    people, again, similarity, items : str
        Parameters: fewest people with copies on a day; fewest on a day whose bill was copied for so many on another, or
        without the copies that hold one item more; the percentage in common; and fewest different items of a bill.
    """

    family: ClassVar[str] = "data_integrity"
    names_later: ClassVar[bool] = True
    measures: ClassVar[tuple[Measure, ...]] = (Measure("most_people", Unit("person", "persons", "人")),)
    aliases: ClassVar[Mapping[str, tuple[str, ...]]] = {"s": (*SETTLEMENT_COLUMNS, "main_diagnosis")}

    encounter_types: tuple[str, ...]
    people: str
    again: str
    similarity: str
    items: str

    def __post_init__(self) -> None:
        check_encounter_types("encounter_types", self.encounter_types)

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """All four numbers."""
        return (self.people, self.again, self.similarity, self.items)

    @property
    def together(self) -> tuple[str, ...]:
        """Claims of one provider."""
        return ("provider_key",)

    def sql(self, dialect: Dialect, month: str, values: Mapping[str, int], lawful: str) -> str:
        """Return hits; `most_people` have a copy on one day."""
        people, again, items = (values[name] for name in (self.people, self.again, self.items))
        kinds = quoted_list(self.encounter_types)
        return f"""
        with own as (
          select * from rule_settlements where month = '{month}' and encounter_type in {kinds}
        ), full_days as (
          select provider_key, service_start_date from own
          group by provider_key, service_start_date having count(distinct person_key) >= {people}
        ), busy as (
          select o.*, {dialect.hash64("o.provider_key, o.service_start_date")} as place
          from own o
          join full_days f on f.provider_key = o.provider_key and f.service_start_date = o.service_start_date
        ), {_asked("crowded", "busy", lawful)}, elements as (
          select c.place, c.settlement_key, c.person_key, {_element(dialect)} as element
          from ({_baskets("crowded")}) l
          join crowded c on c.settlement_key = l.settlement_key
          where l.n_items >= {items}
        ), {alike_sets(dialect, values[self.similarity])}, bases as (
          select distinct n.place, n.items, a.n_people from named_sets n
          join alike_people a on a.settlement_key = n.settlement_key
          where a.n_people >= {again}
        ), disguised as (
          select b.place, b.items, n.settlement_key, n.person_key from named_sets n
          join bases b on b.place = n.place
          where len(n.items) = len(b.items) + 1 and len(list_intersect(n.items, b.items)) = len(b.items)
        ), templates as (
          select b.place, b.items, greatest(b.n_people, count(distinct c.person_key)) as n_people from bases b
          left join (
            select place, items, person_key from disguised union all select place, items, person_key from named_sets
          ) c on c.place = b.place and c.items = b.items
          group by b.place, b.items, b.n_people having greatest(b.n_people, count(distinct c.person_key)) >= {people}
        ), {_other_days(dialect, month, lawful, kinds, people=people, again=again, items=items)}
        , copies as (
          select settlement_key, max(n_people) as n_people from (
            select n.settlement_key, t.n_people from named_sets n
            join templates t on t.place = n.place and t.items = n.items
            union all
            select settlement_key, n_people from alike_people where n_people >= {people}
            union all
            select d.settlement_key, t.n_people from disguised d
            join templates t on t.place = d.place and t.items = d.items
            union all
            select settlement_key, n_people from again
          ) every group by settlement_key
        )
        select l.settlement_key, l.line_number, 'violating' as role, l.provider_key, l.person_key,
               cast(null as bigint) as practitioner_key, l.fee_date as service_date, l.in_scope,
               cast(1 as bigint) as part, cast(1 as bigint) as whole, a.n_people as most_people
        from rule_lines l join copies a on a.settlement_key = l.settlement_key
        """


def _element(dialect: Dialect) -> str:
    return dialect.hash64("l.item_key, l.net_quantity")


def _baskets(bills: str) -> str:
    """Return SQL of the items of bills: `settlement_key`, `item_key`, `net_quantity`, `n_items` of the bill."""
    return f"""
            select settlement_key, item_key, cast(sum(net_quantity) as bigint) as net_quantity,
                   count(*) over (partition by settlement_key) as n_items
            from rule_lines where settlement_key in (select settlement_key from {bills})
            group by settlement_key, item_key"""


def _asked(name: str, bills: str, lawful: str) -> str:
    """Return a relation of the bills that no exemption leaves in peace, by their first diagnoses."""
    return f"""{name}_diagnoses as (
          select d.settlement_key, min(c.diagnosis_code) as main_diagnosis
          from diagnoses d join codes_diagnosis c on c.diagnosis_key = d.diagnosis_key
          where d.sequence_number = 1 and d.settlement_key in (select settlement_key from {bills})
          group by d.settlement_key
        ), {name} as (
          select s.* from (
            select b.*, d.main_diagnosis from {bills} b
            left join {name}_diagnoses d on d.settlement_key = b.settlement_key
          ) s where not {lawful}
        )"""


def _other_days(dialect: Dialect, month: str, lawful: str, kinds: str, *, people: int, again: int, items: int) -> str:
    """Return SQL of `again`: bills of days of the window that have a template of another day.

    Copies cost the same: only of bills of one sum the items are looked at.
    """
    element = _element(dialect)
    return f"""
        one_sum as (
          select provider_key, service_start_date, total_amount from rule_settlements
          where month <= '{month}' and encounter_type in {kinds}
          group by provider_key, service_start_date, total_amount having count(distinct person_key) >= {again}
        ), equal_bills as (
          select s.* from rule_settlements s
          join one_sum o on o.provider_key = s.provider_key and o.service_start_date = s.service_start_date
            and o.total_amount = s.total_amount
          where s.month <= '{month}' and s.encounter_type in {kinds}
        ), {_asked("equal", "equal_bills", lawful)}, prints as (
          select e.settlement_key, e.provider_key, e.person_key, e.service_start_date, e.month, p.print
          from equal e
          join (
            select settlement_key, list_sort(list({element})) as print from ({_baskets("equal")}) l
            where n_items >= {items} group by settlement_key
          ) p on p.settlement_key = e.settlement_key
        ), alike_days as (
          select provider_key, print, service_start_date, count(distinct person_key) as n_people,
                 count(distinct case when month < '{month}' then person_key end) as n_before
          from prints group by provider_key, print, service_start_date
        ), repeated as (
          select provider_key, print, max(n_before) >= {people} as is_known from alike_days
          group by provider_key, print having max(n_people) >= {people}
        ), again as (
          select p.settlement_key, d.n_people from prints p
          join alike_days d on d.provider_key = p.provider_key and d.print = p.print
            and d.service_start_date = p.service_start_date
          join repeated r on r.provider_key = p.provider_key and r.print = p.print
          where d.n_people >= {again} and (p.month = '{month}' or not r.is_known)
        )"""
