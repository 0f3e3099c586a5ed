"""Which of two equal bills was handed out: one choice for all rules that count a drug once."""

from __future__ import annotations


def sent_again(lines: str) -> str:
    """Return CTEs that end in `sent_again`: lines whose item an earlier bill has in the same second.

    An item of the same person, provider, second and prescription on a second bill is a bill sent twice: it was handed
    out once, on the bill that was settled first, which is also the one that `repeated_bill` leaves in peace. A line
    without a clock says of no second.

    Parameters
    ----------
    lines : str
        Name of a relation of lines, those of one person and item together.

    Returns
    -------
    str
        `sent_again` has `settlement_key` and `line_number`.
    """
    same = ("person_key", "provider_key", "item_key", "fee_time", "prescription_key")
    columns = ", ".join(same)
    equal = " and ".join(f"a.{name} is not distinct from l.{name}" for name in same)
    return f"""
        at_once as (
          select {columns} from {lines} where fee_time <> cast(fee_date as timestamp)
          group by {columns} having min(settlement_key) < max(settlement_key)
        ), sent_again as (
          select l.settlement_key, l.line_number from {lines} l
          join at_once a on {equal}
          join window_settlements s on s.settlement_key = l.settlement_key
          qualify dense_rank() over (
            partition by {", ".join(f"l.{name}" for name in same)} order by s.settled_at, s.settlement_id) > 1
        )"""


def once(line: str) -> str:
    """Return the predicate that a line is not in `sent_again`.

    Examples
    --------
    >>> once("l")
    '(l.settlement_key, l.line_number) not in (select settlement_key, line_number from sent_again)'
    """
    return f"({line}.settlement_key, {line}.line_number) not in (select settlement_key, line_number from sent_again)"
