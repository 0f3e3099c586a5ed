"""Lines that repeat an earlier line in every column named: the later one violates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from fraud.rules.declare.executor import check_choice
from fraud.rules.declare.numbers import Measure, Unit
from fraud.rules.relations.base import LINE_COLUMNS, may_share_day
from fraud.rules.relations.item_versions import REFERENCE_COLUMNS, with_version

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.engine.dialect import Dialect


@dataclass(frozen=True)
class Repeat:
    """Equal lines; the first to be settled stands, the later ones violate.

    Aliases for exemptions: `l`, the line, with `group_quantity`, the quantity of all its equals together; `r`,
    its item in the version of the day.

    Parameters
    ----------
    same : tuple of str
        Columns of `rule_lines` that must agree, `fee_time` among them; two nulls agree.
    """

    family: ClassVar[str] = "exclusive_pair"
    measures: ClassVar[tuple[Measure, ...]] = (
        Measure("most_equal_lines", Unit("equal line", "equal lines", "条相同明细")),
    )
    aliases: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "l": (*LINE_COLUMNS, "group_quantity"),
        "r": REFERENCE_COLUMNS,
    }

    same: tuple[str, ...]

    def __post_init__(self) -> None:
        check_choice("same", self.same, LINE_COLUMNS)
        # Lines older than the month's oldest cannot be equal to it, and most of a window need not be read.
        if "fee_time" not in self.same:
            raise ValueError(f"same must name fee_time; got {', '.join(self.same)}")

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """None: equal is equal."""
        return ()

    @property
    def together(self) -> tuple[str, ...]:
        """Equal lines."""
        return self.same

    def sql(self, dialect: Dialect, month: str, values: Mapping[str, int], lawful: str) -> str:  # noqa: ARG002 - one signature for all executors
        """Return hits; `most_equal_lines` counts the equal lines, the first among them."""
        of_line = ", ".join(f"l.{name}" for name in self.same)
        # Eight bytes a line say which lines may have an equal one; lines that share a hash by chance are told apart
        # below, where few are left.
        line_hash = dialect.hash64(of_line)
        of_month = f" and {may_share_day(month)}" if "person_key" in self.same else ""
        return f"""
        with candidates as (
          select {line_hash} as line_hash from rule_lines l
          where l.fee_time >= (select min(fee_time) from rule_lines where month = '{month}'){of_month}
          group by {line_hash} having count(*) > 1 and max(l.month) = '{month}'
        ), alike as (
          select l.* from rule_lines l join candidates c on c.line_hash = {line_hash}
        ), equals as (
          select l.*,
                 row_number() over (partition by {of_line}
                                    order by s.settled_at, s.settlement_id, l.line_number) as place,
                 count(*) over (partition by {of_line}) as n_equal,
                 cast(sum(l.net_quantity) over (partition by {of_line}) as bigint) as group_quantity
          from rule_settlements s
          join alike l on l.settlement_key = s.settlement_key
        ), judged as (
          select l.*, case when l.place > 1 and l.month = '{month}' and not {lawful}
                           then 1 else 0 end as is_violating
          from equals l
          {with_version()}
        ), groups as (
          select l.*, max(l.is_violating) over (partition by {of_line}) as has_violating from judged l
        )
        select settlement_key, line_number,
               case when is_violating = 1 then 'violating' else 'involved' end as role,
               provider_key, person_key, cast(null as bigint) as practitioner_key, fee_date as service_date,
               in_scope, cast(1 as bigint) as part, cast(1 as bigint) as whole, n_equal as most_equal_lines
        from groups
        where is_violating = 1 or (has_violating = 1 and place = 1)
        """
