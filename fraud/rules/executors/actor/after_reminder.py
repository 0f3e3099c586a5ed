"""Lines billed although the practitioner or the till had been reminded of them: the order went on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from features.claims import TABLES
from fraud.rules.declare.numbers import Measure, Unit
from fraud.rules.relations.base import LINE_COLUMNS, SETTLEMENT_COLUMNS
from fraud.rules.relations.whose_line import ordered_by

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.engine.dialect import Dialect


@dataclass(frozen=True)
class AfterReminder:
    """Lines of an item that a reminder spoke of, given on its day or later and settled after it.

    A reminder and a line belong together where person, provider and item are the same and the reminder names the line's
    settlement, its visit or stay, or, where it names neither, its day. Reminders whose order was changed are left out,
    and those in which the item is only involved. A line that met several is one hit.
    Aliases for exemptions: `l`, the line; `s`, its settlement; `g`, the reminder.

    Parameters
    ----------
    most_days : str
        Parameter: days after a reminder until which a line is taken for the one it spoke of.
    """

    family: ClassVar[str] = "actor"
    measures: ClassVar[tuple[Measure, ...]] = (Measure("most_reminders", Unit("reminder", "reminders", "次提醒")),)
    aliases: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "l": LINE_COLUMNS,
        "s": SETTLEMENT_COLUMNS,
        "g": tuple(name for name, _ in TABLES["reminders"].stored),
    }

    most_days: str

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """The days after a reminder."""
        return (self.most_days,)

    @property
    def together(self) -> tuple[str, ...]:
        """Lines of one person."""
        return ("person_key",)

    def sql(self, dialect: Dialect, month: str, values: Mapping[str, int], lawful: str) -> str:
        """Return hits; `most_reminders` are the reminders that a line met. Lines start from the items reminded of."""
        since = dialect.days_between("cast(g.reminder_time as date)", "l.fee_date")
        return f"""
        with asked as (
          select * from reminders where item_key is not null
            and coalesce(item_role, 'violating') = 'violating' and coalesce(feedback, 'none') <> 'changed'
        ), billed as (
          select * from rule_lines where month = '{month}' and item_key in (select item_key from asked)
        ), met as (
          select l.settlement_key, l.line_number, l.provider_key, l.person_key, l.fee_date, l.in_scope,
                 coalesce(g.practitioner_key, {ordered_by("l", "s")})
                   as practitioner_key, g.reminder_id, g.reminder_time
          from billed l
          join asked g on g.item_key = l.item_key and g.person_key = l.person_key and g.provider_key = l.provider_key
          join rule_settlements s on s.settlement_key = l.settlement_key
          where not {lawful} and g.reminder_time <= s.settled_at
            and {since} between 0 and {values[self.most_days]}
            and case when g.settlement_key is not null then g.settlement_key = l.settlement_key
                     when g.encounter_id is not null and s.encounter_id is not null then g.encounter_id = s.encounter_id
                     else {since} = 0 end
        )
        select settlement_key, line_number, 'violating' as role, provider_key, person_key,
               arg_max(practitioner_key, (reminder_time, reminder_id)) as practitioner_key,
               any_value(fee_date) as service_date, any_value(in_scope) as in_scope, 1 as part, 1 as whole,
               count(distinct reminder_id) as most_reminders
        from met group by settlement_key, line_number, provider_key, person_key
        """
