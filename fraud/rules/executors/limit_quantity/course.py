"""Days of one item on end, beyond the longest course that is paid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from features.claims import TABLES
from features.claims.in_force import is_in_force
from features.engine import quoted_list
from features.vocabulary.care import BED_ENCOUNTERS
from fraud.rules.declare.executor import check_choice, check_encounter_types
from fraud.rules.declare.numbers import Measure, Unit
from fraud.rules.relations.base import LINE_COLUMNS, SETTLEMENT_COLUMNS
from fraud.rules.relations.item_versions import LARGEST_DAYS, REFERENCE_COLUMNS, billed_items, item_versions
from fraud.rules.relations.judged import hits_of_judged
from fraud.rules.relations.sent_twice import once, sent_again

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.engine.dialect import Dialect


@dataclass(frozen=True)
class Course:
    """Lines of one person and item, over all providers, whose days on end sum up beyond `max_course_days`.

    A day counts as one, or as the days that its lines supply together; a course ends with a break after all is used
    up. Nobody lies in two beds: of stays at two providers, on the days in common, one counts. Aliases
    for exemptions: `l`, the line; `s`, its settlement; `r`, the item's reference in force.

    Parameters
    ----------
    encounter_types : tuple of str
        Kinds of care whose lines count.
    item_types : tuple of str
        Catalogues whose items with a longest course are meant.
    break_days : str
        Parameter: days without the item after which a new course begins.
    """

    family: ClassVar[str] = "limit_quantity"
    measures: ClassVar[tuple[Measure, ...]] = (Measure("most_course_days", Unit("day", "days", "天")),)
    aliases: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "l": LINE_COLUMNS,
        "s": SETTLEMENT_COLUMNS,
        "r": REFERENCE_COLUMNS,
    }

    encounter_types: tuple[str, ...]
    item_types: tuple[str, ...]
    break_days: str

    def __post_init__(self) -> None:
        check_encounter_types("encounter_types", self.encounter_types)
        check_choice("item_types", self.item_types, TABLES["claim_lines"].by_name["item_type"].values)

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """The break."""
        return (self.break_days,)

    @property
    def together(self) -> tuple[str, ...]:
        """Claims of one person."""
        return ("person_key",)

    def anchor(self, values: Mapping[str, int]) -> str:  # noqa: ARG002 - one signature for all executors
        """Return SQL of the items that carry the limit."""
        return billed_items("r.max_course_days > 0")

    def sql(self, dialect: Dialect, month: str, values: Mapping[str, int], lawful: str) -> str:
        """Return hits; `most_course_days` are the days of a course. What crosses the limit violates by its excess."""
        kinds = ", ".join(f"'{kind}'" for kind in self.encounter_types)
        types = ", ".join(f"'{kind}'" for kind in self.item_types)
        in_order = "partition by person_key, item_key order by fee_date"
        day = dialect.days_between("cast('2000-01-01' as date)", "fee_date")
        before = f"{in_order} rows between unbounded preceding and 1 preceding"
        return f"""
        with versions as (
{item_versions("max_course_days > 0")}
        ), measured as (
          select l.*, r.max_course_days from rule_lines l
          join versions r on r.item_key = l.item_key and {is_in_force("r", "l.fee_date")}
          where l.item_type in ({types})
        ), asked as (
          select distinct person_key, item_key from measured where month = '{month}'
        ), known as (
          select l.* from measured l join asked a on a.item_key = l.item_key and a.person_key = l.person_key
        ), {sent_again("known")}, kept as (
          select l.*, s.settlement_id from rule_settlements s
          join known l on l.settlement_key = s.settlement_key
          join versions r on r.item_key = l.item_key and {is_in_force("r", "l.fee_date")}
          where s.encounter_type in ({kinds}) and not {lawful} and {once("l")}
        ), {_in_one_bed()}
        ), days as (
          select person_key, item_key, fee_date, {day} as day,
                 least(greatest(coalesce(sum(days_supply), 1), 1), {LARGEST_DAYS}) as day_days,
                 max(max_course_days) as longest
          from in_one_bed group by person_key, item_key, fee_date
        ), supplied as (
          select *, coalesce(sum(day_days) over ({before}), 0) as supplied_before from days
        ), used as (
          select *, max(day - supplied_before) over ({before}) + supplied_before as used_up from supplied
        ), courses as (
          select *,
                 sum(case when day - used_up <= {values[self.break_days]} then 0 else 1 end) over ({in_order}) as course
          from used
        ), counted as (
          select *, cast(sum(day_days) over (
                   partition by person_key, item_key, course order by fee_date
                 ) as bigint) as days_so_far,
                 cast(sum(day_days) over (partition by person_key, item_key, course) as bigint) as most_course_days
          from courses
        ), judged as (
          select k.settlement_key, k.line_number, k.provider_key, k.person_key, k.item_key, k.in_scope,
                 k.prescriber_key as practitioner_key, k.fee_date as service_date, c.course, c.most_course_days,
                 least(c.days_so_far - c.longest, c.day_days) as part, c.day_days as whole,
                 case when k.month = '{month}' and c.days_so_far > c.longest then 1 else 0 end as is_violating
          from in_one_bed k
          join counted c on c.item_key = k.item_key and c.person_key = k.person_key and c.fee_date = k.fee_date
        )
{hits_of_judged("judged", ("person_key", "item_key", "course"), ["most_course_days"])}
        """


def _in_one_bed() -> str:
    """Return CTEs that end in `in_one_bed`: `kept` without what a second bed bills on the days in common.

    Which of two stays is true is a question of its own. The one that gave the item on more days counts, whose course is
    the longer one; of equal ones the one settled first, as the other is asked about.
    """
    return f"""
        in_bed as (
          select k.person_key, k.item_key, k.provider_key, s.settlement_key, s.settlement_id, s.settled_at,
                 s.admit_date, s.discharge_date, count(distinct k.fee_date) as n_days
          from kept k join rule_settlements s on s.settlement_key = k.settlement_key
          where s.encounter_type in {quoted_list(BED_ENCOUNTERS)}
          group by k.person_key, k.item_key, k.provider_key, s.settlement_key, s.settlement_id, s.settled_at,
                   s.admit_date, s.discharge_date
        ), second_bed as (
          select b.settlement_key, b.item_key, greatest(b.admit_date, o.admit_date) as first_day,
                 least(b.discharge_date, o.discharge_date) as last_day
          from in_bed b
          join in_bed o on o.person_key = b.person_key and o.item_key = b.item_key and o.provider_key <> b.provider_key
            and o.admit_date < b.discharge_date and b.admit_date < o.discharge_date
          where o.n_days > b.n_days
             or (o.n_days = b.n_days and (o.settled_at < b.settled_at
                  or (o.settled_at = b.settled_at and o.settlement_id < b.settlement_id)))
        ), in_one_bed as (
          select k.* from kept k
          where not exists (select 1 from second_bed b where b.settlement_key = k.settlement_key
            and b.item_key = k.item_key and k.fee_date between b.first_day and b.last_day)"""
