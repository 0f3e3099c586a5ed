"""The same service again within one bill, minutes later."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from features.claims.in_force import is_in_force
from fraud.rules.declare.executor import check_choice
from fraud.rules.declare.numbers import Measure, Unit
from fraud.rules.relations.base import LINE_COLUMNS
from fraud.rules.relations.item_versions import REFERENCE_COLUMNS, item_versions
from fraud.rules.relations.judged import hits_of_judged
from fraud.rules.relations.whose_line import done_by

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.engine.dialect import Dialect


@dataclass(frozen=True)
class RepeatedSoon:
    """Services of one bill that are equal but for a time of day that differs by less than some minutes.

    Aliases for exemptions: `l`, the later line, with `day_count` of its equals on the day; `r`, the item's reference
    in force, all null where there is none.

    Parameters
    ----------
    same : tuple of str
        Columns of `rule_lines` in which lines of one bill and day must agree; two nulls agree.
    minutes : str
        Parameter: minutes from which on a service is another.
    """

    family: ClassVar[str] = "exclusive_pair"
    measures: ClassVar[tuple[Measure, ...]] = (
        Measure("most_equal_lines", Unit("equal line", "equal lines", "条相同明细")),
    )
    aliases: ClassVar[Mapping[str, tuple[str, ...]]] = {"l": (*LINE_COLUMNS, "day_count"), "r": REFERENCE_COLUMNS}

    same: tuple[str, ...]
    minutes: str

    def __post_init__(self) -> None:
        check_choice("same", self.same, LINE_COLUMNS)

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """The minutes."""
        return (self.minutes,)

    @property
    def together(self) -> tuple[str, ...]:
        """Lines of one bill."""
        return ("settlement_key",)

    def sql(self, dialect: Dialect, month: str, values: Mapping[str, int], lawful: str) -> str:
        """Return hits; `most_equal_lines` are the equals of a day, the first among them."""
        own = tuple(dict.fromkeys(("settlement_key", "item_key", "fee_date", *self.same)))
        columns = ", ".join(own)
        equal = " and ".join(f"c.{name} is not distinct from l.{name}" for name in own)
        of_line = ", ".join(f"l.{name}" for name in own)
        previous = f"lag(l.fee_time) over (partition by {of_line} order by l.fee_time, l.line_number)"
        gap = dialect.seconds_between("l.last_time", "l.fee_time")
        return f"""
        with versions as (
{item_versions()}
        ), candidates as (
          select {columns}, count(*) as day_count from rule_lines
          where month = '{month}' and item_type = 'service'
          group by {columns} having count(*) > 1 and max(fee_time) > min(fee_time)
        ), known as (
          select l.*, c.day_count, {previous} as last_time
          from rule_lines l join candidates c on {equal}
          where l.item_type = 'service'
        ), judged as (
          select l.*, {done_by("l")} as practitioner_key, l.fee_date as service_date,
                 1 as part, 1 as whole, l.day_count as most_equal_lines,
                 case when {gap} > 0 and {gap} < {values[self.minutes] * 60} and not {lawful}
                      then 1 else 0 end as is_violating
          from known l
          left join versions r on r.item_key = l.item_key and {is_in_force("r", "l.fee_date")}
        )
{hits_of_judged("judged", own, ["most_equal_lines"])}
        """
