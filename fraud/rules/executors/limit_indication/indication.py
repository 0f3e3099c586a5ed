"""Lines of items that are paid for certain diagnoses only, on bills whose diagnoses are others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from features.claims.in_force import is_in_force
from fraud.rules.declare.numbers import Measure, Unit
from fraud.rules.relations.base import LINE_COLUMNS, SETTLEMENT_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.engine.dialect import Dialect


@dataclass(frozen=True)
class Indication:
    """Lines of items limited to diagnoses, of which neither the bill nor the person's earlier bills name one.

    A bill without any diagnosis says nothing, and is left in peace. Aliases for exemptions: `l`, the line, with the
    catalogue's `listed_name`; `s`, its settlement.

    Parameters
    ----------
    history_days : str
        Parameter: a diagnosis on a bill of so many days before counts as well.
    """

    family: ClassVar[str] = "limit_indication"
    measures: ClassVar[tuple[Measure, ...]] = (Measure("items", Unit("item", "items", "种限定适应症项目")),)
    aliases: ClassVar[Mapping[str, tuple[str, ...]]] = {"l": (*LINE_COLUMNS, "listed_name"), "s": SETTLEMENT_COLUMNS}

    history_days: str

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """The days of history."""
        return (self.history_days,)

    @property
    def together(self) -> tuple[str, ...]:
        """Claims of one person."""
        return ("person_key",)

    def sql(self, dialect: Dialect, month: str, values: Mapping[str, int], lawful: str) -> str:
        """Return hits; `items` counts the different items of the settlement that violate."""
        before = dialect.days_between("g.day", "f.fee_date")
        return f"""
        with limited as (
          select item_key, item_name, diagnosis_prefixes, from_date, to_date, next_date from rule_items
          where diagnosis_prefixes is not null
        ), allowed as (
          select distinct p.diagnosis_prefixes, c.diagnosis_key from codes_diagnosis c
          join (
            select distinct diagnosis_prefixes, unnest(string_split(diagnosis_prefixes, '|')) as prefix from limited
          ) p on starts_with(c.diagnosis_code, p.prefix)
        ), billed as (
          select l.*, i.diagnosis_prefixes, i.item_name as listed_name from rule_lines l
          join limited i on i.item_key = l.item_key and {is_in_force("i", "l.fee_date")}
          where l.month = '{month}'
        ), told as (
          select g.settlement_key, g.diagnosis_key from diagnoses g
          where g.month = '{month}' and g.settlement_key in (select settlement_key from billed)
        ), fits as (
          select distinct b.settlement_key, b.diagnosis_prefixes from billed b
          join told g on g.settlement_key = b.settlement_key
          join allowed a on a.diagnosis_prefixes = b.diagnosis_prefixes and a.diagnosis_key = g.diagnosis_key
        ), found as (
          select b.* from billed b
          where b.settlement_key in (select settlement_key from told)
            and not exists (
              select 1 from fits f
              where f.settlement_key = b.settlement_key and f.diagnosis_prefixes = b.diagnosis_prefixes)
        ), persons_found as (
          select distinct person_key from found
        ), known as (
          select v.person_key, v.service_start_date as day, g.diagnosis_key from diagnoses g
          join (
            select s.settlement_key, s.person_key, s.service_start_date from window_settlements s
            join persons_found p on p.person_key = s.person_key
          ) v on v.settlement_key = g.settlement_key
        ), on_record as (
          select distinct f.settlement_key, f.line_number from found f
          join known g on g.person_key = f.person_key and {before} between 0 and {values[self.history_days]}
          join allowed a on a.diagnosis_prefixes = f.diagnosis_prefixes and a.diagnosis_key = g.diagnosis_key
        ), kept as (
          select l.* from rule_settlements s join found l on l.settlement_key = s.settlement_key
          where not {lawful} and not exists (
            select 1 from on_record o where o.settlement_key = l.settlement_key and o.line_number = l.line_number)
        )
        select settlement_key, line_number, 'violating' as role, provider_key, person_key,
               prescriber_key as practitioner_key, fee_date as service_date, in_scope,
               cast(1 as bigint) as part, cast(1 as bigint) as whole,
               (select count(distinct k.item_key) from kept k where k.settlement_key = l.settlement_key) as items
        from kept l
        """
