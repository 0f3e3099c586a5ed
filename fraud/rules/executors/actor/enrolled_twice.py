"""Persons enrolled in two basic schemes, or two regions, at once: what the scheme that had to give way paid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from features.engine.dialect import quoted_list
from fraud.rules.declare.executor import check_choice
from fraud.rules.declare.numbers import Measure, Unit
from fraud.rules.relations.base import SETTLEMENT_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.engine.dialect import Dialect

_KNOWN = ("employee", "resident", "civil_servant", "retired_cadre", "medicare", "commercial", "other")


@dataclass(frozen=True)
class EnrolledTwice:
    """Settlements under an enrolment that overlaps another of the person by more days than a transfer takes.

    Of two schemes the one listed first stays and the other had to give way; of two regions in one scheme the
    enrolment that began later stays. Aliases for exemptions: `s`, the settlement; `e`, the two enrolments:
    `kept_scheme`, `first_day` and `last_day` of the overlap.

    Parameters
    ----------
    schemes : tuple of str
        Basic schemes, of which a person has one, the stronger first.
    transfer_days : str
        Parameter: days of overlap that a transfer takes.
    """

    family: ClassVar[str] = "actor"
    measures: ClassVar[tuple[Measure, ...]] = (Measure("most_days_in_common", Unit("day", "days", "天")),)
    aliases: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "s": SETTLEMENT_COLUMNS,
        "e": ("kept_scheme", "first_day", "last_day"),
    }

    schemes: tuple[str, ...]
    transfer_days: str

    def __post_init__(self) -> None:
        check_choice("schemes", self.schemes, _KNOWN)

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """The days of a transfer."""
        return (self.transfer_days,)

    @property
    def together(self) -> tuple[str, ...]:
        """Claims of one person."""
        return ("person_key",)

    def sql(self, dialect: Dialect, month: str, values: Mapping[str, int], lawful: str) -> str:
        """Return hits, whole settlements; `most_days_in_common` are the days of the overlap, up to the settlement."""
        rank = " ".join(f"when '{name}' then {place}" for place, name in enumerate(self.schemes))
        days = dialect.days_between("e.first_day", "least(e.last_day, s.service_start_date)")
        return f"""
        with spans as (
          select n.person_key, n.insurance_type, n.region_code, n.start_date,
                 coalesce(n.end_date, cast('9999-12-31' as date)) as end_date,
                 case n.insurance_type {rank} end as place
          from sound_enrolments n
          where n.start_date is not null and n.insurance_type in {quoted_list(self.schemes)}
        ), doubled as (
          select a.person_key, b.insurance_type, b.region_code, a.insurance_type as kept_scheme,
                 greatest(a.start_date, b.start_date) as first_day, least(a.end_date, b.end_date) as last_day
          from spans a
          join spans b on b.person_key = a.person_key
           and (a.place < b.place
                or (a.place = b.place and a.region_code <> b.region_code and a.start_date > b.start_date))
           and a.start_date <= b.end_date and b.start_date <= a.end_date
        ), found as (
          select s.*, {days} as days_in_common
          from rule_settlements s
          join doubled e on e.person_key = s.person_key and e.insurance_type = s.insurance_type
           and s.service_start_date between e.first_day and e.last_day
           and (e.kept_scheme <> s.insurance_type or s.insured_region_code = e.region_code)
          where s.month = '{month}' and s.fund_paid > 0
            and {days} > {values[self.transfer_days]} and not {lawful}
        )
        select settlement_key, cast(null as bigint) as line_number, 'violating' as role, provider_key, person_key,
               cast(null as bigint) as practitioner_key, service_start_date as service_date, in_scope,
               cast(1 as bigint) as part, cast(1 as bigint) as whole, max(days_in_common) as most_days_in_common
        from found
        group by settlement_key, provider_key, person_key, service_start_date, in_scope
        """
