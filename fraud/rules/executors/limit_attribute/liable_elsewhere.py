"""Injuries that one bill charges to whoever is liable for them, and the next to basic insurance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from features.engine import quoted_list
from fraud.rules.relations.base import SETTLEMENT_COLUMNS
from fraud.rules.relations.care import principal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.engine.dialect import Dialect
    from fraud.rules.declare.numbers import Measure

_BASIC = ("employee", "resident", "civil_servant", "retired_cadre")
# Injuries, poisoning and outer causes in ICD-10.
_INJURIES = ("S", "T", "V", "W", "X", "Y")


@dataclass(frozen=True)
class LiableElsewhere:
    """Settlements of an injury that basic insurance paid, unmarked, soon after one of the same injury was marked.

    The same injury is the same principal diagnosis (three characters) of the same person; a bill settled before
    the first marked one does not count: nobody may have known yet. Aliases for exemptions: `s`, the unmarked
    settlement; `o`, the marked one.

    Parameters
    ----------
    within_days : str
        Parameter: days from the marked to the unmarked one, at the most.
    """

    family: ClassVar[str] = "limit_attribute"
    measures: ClassVar[tuple[Measure, ...]] = ()
    aliases: ClassVar[Mapping[str, tuple[str, ...]]] = {"s": SETTLEMENT_COLUMNS, "o": SETTLEMENT_COLUMNS}

    within_days: str

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """The days."""
        return (self.within_days,)

    @property
    def together(self) -> tuple[str, ...]:
        """Claims of one person."""
        return ("person_key",)

    def sql(self, dialect: Dialect, month: str, values: Mapping[str, int], lawful: str) -> str:
        """Return hits: the lines of unmarked settlements of the month violate, marked settlements are involved."""
        days = dialect.days_between("o.service_start_date", "s.service_start_date")
        return f"""
        with marked as (
          select * from rule_settlements where is_third_party_injury
        ), unmarked as (
          select * from rule_settlements
          where month = '{month}' and not coalesce(is_third_party_injury, false) and fund_paid > 0
            and insurance_type in {quoted_list(_BASIC)} and person_key in (select person_key from marked)
        ), asked as (
          select settlement_key from unmarked
          union all
          select settlement_key from marked where person_key in (select person_key from unmarked)
        ), diagnosed as ({principal("asked")}
        ), injuries as (
          select settlement_key, left(diagnosis_code, 3) as injury from diagnosed
          where left(diagnosis_code, 1) in {quoted_list(_INJURIES)}
        ), pairs as (
          select s.settlement_key, o.settlement_key as other_key, s.person_key, s.provider_key
          from unmarked s
          join injuries i on i.settlement_key = s.settlement_key
          join marked o on o.person_key = s.person_key
          join injuries j on j.settlement_key = o.settlement_key and j.injury = i.injury
          where {days} between 0 and {values[self.within_days]} and o.settled_at <= s.settled_at and not {lawful}
        )
        select l.settlement_key, l.line_number, 'violating' as role, l.provider_key, l.person_key,
               cast(null as bigint) as practitioner_key, l.fee_date as service_date, l.in_scope,
               cast(1 as bigint) as part, cast(1 as bigint) as whole
        from rule_lines l
        where l.settlement_key in (select settlement_key from pairs)
        union all
        select distinct other_key, cast(null as bigint), 'involved', provider_key, person_key,
               cast(null as bigint), cast(null as date), 0, 1, 1
        from pairs
        """
