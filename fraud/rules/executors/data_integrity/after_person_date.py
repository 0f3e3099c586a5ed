"""Lines dated after a day in a person's life on which care ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from features.claims import TABLES
from fraud.rules.declare.executor import check_choice
from fraud.rules.declare.numbers import Measure, Unit
from fraud.rules.relations.base import LINE_COLUMNS, SETTLEMENT_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.engine.dialect import Dialect


@dataclass(frozen=True)
class AfterPersonDate:
    """Lines dated later than a date of the person, by more than a grace; a date that is no sound fact is none.

    Aliases for exemptions: `l`, the line; `s`, its settlement; `e`, with the date as `ended`.

    Parameters
    ----------
    column : str
        Date column of `persons`.
    grace_days : str
        Parameter: days after it that are left in peace.
    """

    family: ClassVar[str] = "data_integrity"
    is_graded: ClassVar[bool] = True
    measures: ClassVar[tuple[Measure, ...]] = (Measure("most_days", Unit("day", "days", "天")),)
    aliases: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "l": LINE_COLUMNS,
        "s": SETTLEMENT_COLUMNS,
        "e": ("person_key", "ended"),
    }

    column: str
    grace_days: str

    def __post_init__(self) -> None:
        dates = [column.name for column in TABLES["persons"].columns if column.type == "date"]
        check_choice("column", [self.column], dates)

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """The grace."""
        return (self.grace_days,)

    @property
    def together(self) -> tuple[str, ...]:
        """Claims of one person."""
        return ("person_key",)

    def sql(self, dialect: Dialect, month: str, values: Mapping[str, int], lawful: str) -> str:
        """Return hits; `most_days` are the days after the date.

        A line is certain where one provider alone bills the person after it: where several do, the date may be wrong.
        """
        late = dialect.days_between("e.ended", "l.fee_date")
        return f"""
        with ended as (
          select person_key, {self.column} as ended from sound_persons where {self.column} is not null
        ), after as (
          select e.person_key, count(distinct l.provider_key) as n_providers
          from rule_lines l join ended e on e.person_key = l.person_key
          where {late} > {values[self.grace_days]} group by e.person_key
        )
        select l.settlement_key, l.line_number, 'violating' as role, l.provider_key, l.person_key,
               cast(null as bigint) as practitioner_key, l.fee_date as service_date, l.in_scope,
               cast(1 as bigint) as part, cast(1 as bigint) as whole, {late} as most_days,
               a.n_providers = 1 as is_certain
        from rule_lines l
        join after a on a.person_key = l.person_key
        join ended e on e.person_key = l.person_key
        join rule_settlements s on s.settlement_key = l.settlement_key
        where l.month = '{month}' and {late} > {values[self.grace_days]} and not {lawful}
        """
