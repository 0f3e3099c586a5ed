"""Claims of one person dated while the person lay in a hospital: the claim violates, the stay is involved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from fraud.rules.executor import check_encounter_types
from fraud.rules.hits import LINE_COLUMNS, SETTLEMENT_COLUMNS
from fraud.rules.numbers import Measure, Unit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.engine.dialect import Dialect


@dataclass(frozen=True)
class Inside:
    """Lines dated inside a stay, a margin away from both of its ends.

    Aliases for exemptions: `l`, the line; `s`, its settlement; `o`, the stay.

    Parameters
    ----------
    encounter_types : tuple of str
        Kinds of care that cannot be had during a stay.
    stay_types : tuple of str
        Kinds of care that are stays.
    margin_days : str
        Parameter: days after admission and before discharge that are left in peace.
    """

    family: ClassVar[str] = "actor"
    measures: ClassVar[tuple[Measure, ...]] = (Measure("most_days_since_admission", Unit("day", "days", "天")),)
    aliases: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "l": LINE_COLUMNS,
        "s": SETTLEMENT_COLUMNS,
        "o": SETTLEMENT_COLUMNS,
    }

    encounter_types: tuple[str, ...]
    stay_types: tuple[str, ...]
    margin_days: str

    def __post_init__(self) -> None:
        check_encounter_types("encounter_types", self.encounter_types)
        check_encounter_types("stay_types", self.stay_types)

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """The margin."""
        return (self.margin_days,)

    @property
    def together(self) -> tuple[str, ...]:
        """Claims of one person."""
        return ("person_key",)

    def sql(self, dialect: Dialect, month: str, values: Mapping[str, int], lawful: str) -> str:
        """Return hits; `most_days_since_admission` are the days since admission.

        A pair of claim and stay is found in the month in which the later of both was settled: a stay is
        mostly settled after what was bought during it.
        """
        kinds = ", ".join(f"'{kind}'" for kind in self.encounter_types)
        stays = ", ".join(f"'{kind}'" for kind in self.stay_types)
        since = dialect.days_between("o.admit_date", "l.fee_date")
        until = dialect.days_between("l.fee_date", "o.discharge_date")
        margin = values[self.margin_days]
        return f"""
        with stays as (
          select * from rule_settlements where encounter_type in ({stays}) and discharge_date > admit_date
        ), visits as (
          select s.* from rule_settlements s
          where s.encounter_type in ({kinds}) and s.person_key in (select person_key from stays)
        ), pairs as (
          select l.settlement_key, l.line_number, l.provider_key, l.person_key, l.fee_date, l.in_scope,
                 o.settlement_key as stay_key, {since} as days_in,
                 case when o.month > l.month then o.month else l.month end as complete_month
          from rule_lines l
          join visits s on s.settlement_key = l.settlement_key
          join stays o on o.person_key = l.person_key
          where {since} >= {margin} and {until} >= {margin} and not {lawful}
        ), lines as (
          select settlement_key, line_number, provider_key, person_key, fee_date, in_scope,
                 max(days_in) as days_in
          from pairs
          group by settlement_key, line_number, provider_key, person_key, fee_date, in_scope
          having min(complete_month) = '{month}'
        )
        select settlement_key, line_number, 'violating' as role, provider_key, person_key,
               cast(null as bigint) as practitioner_key, fee_date as service_date, in_scope,
               cast(1 as bigint) as part, cast(1 as bigint) as whole, days_in as most_days_since_admission
        from lines
        union all
        select distinct p.stay_key, cast(null as bigint), 'involved', p.provider_key, p.person_key,
               cast(null as bigint), cast(null as date), 0, 1, 1, 0
        from pairs p
        join lines l on l.settlement_key = p.settlement_key and l.line_number = p.line_number
        """
