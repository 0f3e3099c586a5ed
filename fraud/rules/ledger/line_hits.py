"""From sales of the ledger to hits: the boxes of a bill laid on the lines that bill them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fraud.rules.declare.numbers import Measure

# Columns of `ledger_second_sales` that exemptions may speak of.
SALE_COLUMNS = (
    *("code", "event_time", "provider_key", "person_key", "item_key", "is_part", "gap_days", "is_same_group"),
    *("before_time", "before_provider_key", "before_person_key", "before_is_paid"),
)


def line_hits(chosen: str, subjects: Iterable[str], measures: Iterable[Measure]) -> str:
    """Return hits of sales that were chosen.

    Parameters
    ----------
    chosen : str
        SELECT with one row per box: `role`, `settlement_key` and `item_key` of its bill, `part` (ten-thousandths of
        the box), the subjects, and the measures.
    subjects : iterable of str
        Which of `provider_key`, `person_key` and `practitioner_key` are named; the others are null.
    measures : iterable of Measure
        Of the executor.

    Returns
    -------
    str
        SQL in the shape of hits. A bill's boxes are taken from its lines of the item in their order; a line that
        counts other units than boxes is charged less, never more.
    """
    named = list(subjects)
    own = "".join(f", max({each.name}) as {each.name}" for each in measures)
    shown = "".join(f", b.{each.name}" for each in measures)
    keys = ", ".join(("role", "settlement_key", "item_key", *named))
    columns = {name: f"b.{name}" if name in named else f"cast(null as bigint) as {name}" for name in _SUBJECTS}
    order = f"partition by w.role, b.settlement_key, b.item_key, {', '.join(f'w.{each}' for each in named)}"
    return f"""
    with chosen as (
{chosen}
    ), bills as (
      select {keys}, cast(sum(part) as bigint) as boxes{own} from chosen group by {keys}
    ), laid as (
      select w.*, b.line_number, b.fee_date, b.net_quantity, b.in_scope,
        coalesce(cast(sum(b.net_quantity) over ({order} order by b.line_number
          rows between unbounded preceding and 1 preceding) as bigint), 0) as laid_before
      from ledger_billed b
      join bills w on w.settlement_key = b.settlement_key and w.item_key = b.item_key
    )
    select b.settlement_key, b.line_number, b.role, {", ".join(columns.values())}, b.fee_date as service_date,
      b.in_scope, least(b.boxes - b.laid_before, b.net_quantity) as part, b.net_quantity as whole{shown}
    from rule_settlements s
    join laid b on b.settlement_key = s.settlement_key
    where b.boxes > b.laid_before
    """


_SUBJECTS = ("provider_key", "person_key", "practitioner_key")
