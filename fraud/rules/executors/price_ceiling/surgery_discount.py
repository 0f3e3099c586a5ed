"""Second and further surgeries of one session, billed above the share of their price that is due."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from features.claims.in_force import is_in_force
from fraud.rules.declare.numbers import Measure, Unit
from fraud.rules.relations.base import LINE_COLUMNS, SETTLEMENT_COLUMNS
from fraud.rules.relations.item_versions import LARGEST_QUANTITY, REFERENCE_COLUMNS, item_versions
from fraud.rules.relations.judged import hits_of_judged

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.engine.dialect import Dialect

_UNIT = 10_000
# Minor units times this, over a price in millionths, are ten-thousandths of a unit.
_UNITS_OF_AMOUNT = 100_000_000


@dataclass(frozen=True)
class SurgeryDiscount:
    """Surgical lines of one person, provider, day, practitioner and body site after the dearest.

    How much of the full price was billed show `discount_share`, a quantity below one, and an amount below quantity
    times price; the least of them counts. Another body site is another incision. Aliases for exemptions: `l`, the
    line; `s`, its settlement; `r`, the item's reference in force.

    Parameters
    ----------
    due_percent : str
        Parameter: share of the full price that is due for each but the first.
    """

    family: ClassVar[str] = "price_ceiling"
    measures: ClassVar[tuple[Measure, ...]] = (
        Measure("most_surgeries", Unit("surgery", "surgeries", "项手术")),
        Measure("most_percent_billed", Unit("percent", "percent", "%")),
    )
    aliases: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "l": LINE_COLUMNS,
        "s": SETTLEMENT_COLUMNS,
        "r": REFERENCE_COLUMNS,
    }

    due_percent: str

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """The share that is due."""
        return (self.due_percent,)

    @property
    def together(self) -> tuple[str, ...]:
        """Claims of one person."""
        return ("person_key",)

    def sql(self, dialect: Dialect, month: str, values: Mapping[str, int], lawful: str) -> str:  # noqa: ARG002 - one signature for all executors
        """Return hits; `most_percent_billed` of the full price stands on a line where the due percentage should."""
        due = values[self.due_percent] * _UNIT // 100
        group = "person_key, provider_key, fee_date, surgeon_key, body_site"
        of_line = f"partition by {group}"
        by_price = f"{of_line} order by unit_price desc, billed desc, fee_time, settlement_id, line_number"
        whole_units = f"cast(ceil(net_quantity / {_UNIT}) as bigint)"
        return f"""
        with versions as (
{item_versions("is_surgery")}
        ), surgeries as (
          select l.*, s.settlement_id,
                 coalesce(l.executor_key, s.operating_practitioner_key, l.prescriber_key) as surgeon_key
          from rule_lines l
          join versions r on r.item_key = l.item_key and {is_in_force("r", "l.fee_date")}
          join rule_settlements s on s.settlement_key = l.settlement_key
          where l.fee_date >= (select min(fee_date) from rule_lines where month = '{month}')
            and l.net_quantity <= {LARGEST_QUANTITY} and not {lawful}
        ), billed as (
          select *, least(cast(floor(net_quantity * coalesce(discount_share, 1.0)) as bigint),
                          coalesce(cast(cast(amount as hugeint) * {_UNITS_OF_AMOUNT} * net_quantity // quantity
                                        // nullif(unit_price, 0) as bigint), net_quantity)) as billed
          from surgeries
        ), ordered as (
          select *, row_number() over ({by_price}) as place,
                 cast(sum({whole_units}) over ({of_line}) as bigint) as most_surgeries,
                 max(month) over ({of_line}) as last_month
          from billed where billed > 0
        ), judged as (
          select *, surgeon_key as practitioner_key, fee_date as service_date, billed as whole,
                 billed - case when place = 1 then {_UNIT} + ({whole_units} - 1) * {due}
                               else {whole_units} * {due} end as part,
                 case when place = 1 then 100 else billed * 100 // ({whole_units} * {_UNIT}) end as most_percent_billed,
                 case when month = '{month}' and billed > case when place = 1 then {_UNIT} + ({whole_units} - 1) * {due}
                                                               else {whole_units} * {due} end
                      then 1 else 0 end as is_violating
          from ordered where last_month = '{month}'
        )
{hits_of_judged("judged", group.split(", "), ["most_surgeries", "most_percent_billed"])}
        """
