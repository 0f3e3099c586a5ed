"""Days of one bed item billed beyond the days of the stay."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from features.engine.dialect import quoted_list
from fraud.rules.declare.executor import check_encounter_types
from fraud.rules.declare.numbers import Measure, Unit
from fraud.rules.relations.base import LINE_COLUMNS, SETTLEMENT_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.engine.dialect import Dialect

_UNIT = 10_000  # quantities are ten-thousandths
_A_SLIP = 3  # so many times the stay on one line is typed wrong, not billed twice


@dataclass(frozen=True)
class BedDays:
    """Bed lines that pass the days of the stay (discharge - admission + 1), in the order in which they were given.

    Each bed item counts by itself: a relative's bed or a second room is another item. A line of three times the stay is
    a slip. Aliases for exemptions: `l`, the
    line; `s`, its stay.

    Parameters
    ----------
    encounter_types : tuple of str
        Kinds of care that are stays.
    lawful_days : str
        Parameter: days beyond those of the stay up to which nothing is said.
    """

    family: ClassVar[str] = "actor"
    measures: ClassVar[tuple[Measure, ...]] = (Measure("most_days_beyond", Unit("day", "days", "天")),)
    aliases: ClassVar[Mapping[str, tuple[str, ...]]] = {"l": LINE_COLUMNS, "s": SETTLEMENT_COLUMNS}

    encounter_types: tuple[str, ...]
    lawful_days: str

    def __post_init__(self) -> None:
        check_encounter_types("encounter_types", self.encounter_types)

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """The days beyond that are lawful."""
        return (self.lawful_days,)

    @property
    def together(self) -> tuple[str, ...]:
        """Lines of one settlement."""
        return ("settlement_key",)

    def sql(self, dialect: Dialect, month: str, values: Mapping[str, int], lawful: str) -> str:
        """Return hits; `most_days_beyond` are the bed-days beyond those of one stay, begun ones left out."""
        days = dialect.days_between("s.admit_date", "s.discharge_date")
        return f"""
        with beds as (
          select l.settlement_key, l.line_number, l.item_key, l.provider_key, l.person_key, l.fee_date, l.fee_time,
                 l.in_scope, l.net_quantity, ({days} + 1) * {_UNIT} as held
          from rule_lines l
          join rule_settlements s on s.settlement_key = l.settlement_key
          where l.month = '{month}' and l.charge_category = 'bed' and s.discharge_date >= s.admit_date
            and s.encounter_type in {quoted_list(self.encounter_types)}
            and l.net_quantity <= {_A_SLIP} * ({days} + 1) * {_UNIT} and not {lawful}
        ), running as (
          select *, cast(sum(net_quantity) over (
                   partition by settlement_key, item_key order by fee_time, line_number
                   rows between unbounded preceding and current row) as bigint) as so_far,
                 cast(sum(net_quantity) over (partition by settlement_key, item_key) as bigint) as of_item
          from beds
        )
        select settlement_key, line_number, 'violating' as role, provider_key, person_key,
               cast(null as bigint) as practitioner_key, fee_date as service_date, in_scope,
               least(so_far - held, net_quantity) as part, net_quantity as whole,
               cast(floor((of_item - held) / {_UNIT}) as bigint) as most_days_beyond
        from running
        where so_far > held and of_item - held > {values[self.lawful_days]} * {_UNIT}
        """
