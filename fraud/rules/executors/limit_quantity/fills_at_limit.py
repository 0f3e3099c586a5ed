"""A person whose fills stand at the top of what is allowed, time after time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from features.claims.in_force import is_in_force
from fraud.rules.declare.executor import check_encounter_types
from fraud.rules.declare.numbers import Measure, Unit
from fraud.rules.relations.base import LINE_COLUMNS, SETTLEMENT_COLUMNS
from fraud.rules.relations.item_versions import LARGEST_QUANTITY, REFERENCE_COLUMNS, billed_items, item_versions
from fraud.rules.relations.judged import hits_of_judged

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.engine.dialect import Dialect


@dataclass(frozen=True)
class FillsAtLimit:
    """Fills of one person, over items and providers, of which too large a share reaches the limit of one fill.

    A fill is an item on one settlement. Aliases for exemptions: `l`, the line; `s`, its settlement; `r`, the item's
    reference in force.

    Parameters
    ----------
    encounter_types : tuple of str
        Kinds of care in which drugs are taken home.
    reached_percent, least_fills, share_percent : str
        Parameters: from which percentage of the limit on a fill stands at it, how many fills a person must have in
        the window, and from which percentage of them at the limit something is said.
    """

    family: ClassVar[str] = "limit_quantity"
    measures: ClassVar[tuple[Measure, ...]] = (
        Measure("most_fills", Unit("fill", "fills", "次取药")),
        Measure("most_fills_at_limit", Unit("fill", "fills", "次取药")),
    )
    aliases: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "l": LINE_COLUMNS,
        "s": SETTLEMENT_COLUMNS,
        "r": REFERENCE_COLUMNS,
    }

    encounter_types: tuple[str, ...]
    reached_percent: str
    least_fills: str
    share_percent: str

    def __post_init__(self) -> None:
        check_encounter_types("encounter_types", self.encounter_types)

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """The three numbers."""
        return (self.reached_percent, self.least_fills, self.share_percent)

    @property
    def together(self) -> tuple[str, ...]:
        """Claims of one person."""
        return ("person_key",)

    def anchor(self, values: Mapping[str, int]) -> str:  # noqa: ARG002 - one signature for all executors
        """Return SQL of the items that carry the limit."""
        return billed_items("r.max_fill_quantity > 0")

    def sql(self, dialect: Dialect, month: str, values: Mapping[str, int], lawful: str) -> str:  # noqa: ARG002 - one signature for all executors
        """Return hits; `most_fills_at_limit` of `most_fills` reach the limit. Those of the month violate whole."""
        kinds = ", ".join(f"'{kind}'" for kind in self.encounter_types)
        return f"""
        with versions as (
{item_versions("max_fill_quantity > 0")}
        ), asked as (
          select distinct l.person_key from rule_lines l
          join versions r on r.item_key = l.item_key and {is_in_force("r", "l.fee_date")}
          where l.month = '{month}'
        ), kept as (
          select l.*, r.max_fill_quantity from rule_lines l
          join asked a on a.person_key = l.person_key
          join rule_settlements s on s.settlement_key = l.settlement_key
          join versions r on r.item_key = l.item_key and {is_in_force("r", "l.fee_date")}
          where s.encounter_type in ({kinds}) and not {lawful}
        ), fills as (
          select person_key, settlement_key, item_key,
                 case when sum(least(net_quantity, {LARGEST_QUANTITY})) * 100
                           >= max(max_fill_quantity) * {values[self.reached_percent]} then 1 else 0 end as is_at_limit
          from kept group by person_key, settlement_key, item_key
        ), persons_at_limit as (
          select person_key, count(*) as most_fills, cast(sum(is_at_limit) as bigint) as most_fills_at_limit
          from fills group by person_key
          having count(*) >= {values[self.least_fills]}
             and sum(is_at_limit) * 100 >= count(*) * {values[self.share_percent]}
        ), judged as (
          select k.*, k.prescriber_key as practitioner_key, k.fee_date as service_date, 1 as part, 1 as whole,
                 p.most_fills, p.most_fills_at_limit,
                 case when k.month = '{month}' and f.is_at_limit = 1 then 1 else 0 end as is_violating
          from kept k
          join persons_at_limit p on p.person_key = k.person_key
          join fills f on f.settlement_key = k.settlement_key and f.item_key = k.item_key
        )
{hits_of_judged("judged", ("person_key",), ["most_fills", "most_fills_at_limit"])}
        """
