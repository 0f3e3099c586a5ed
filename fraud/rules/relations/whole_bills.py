"""Every line of a bill, those outside benefit policy too: what was settled, and not only what may be asked back."""

from __future__ import annotations


def whole_bills(keys: str) -> str:
    """Return SQL with the effective lines of some settlements.

    Parameters
    ----------
    keys : str
        Name of a relation with the settlements wanted, in `settlement_key`: effective ones.

    Returns
    -------
    str
        SELECT of `settlement_key`, `line_number`, `provider_key`, `person_key`, `item_key`, `fee_date`,
        `charge_category`, `net_quantity` and `in_scope`, the last two net of partial refunds, the last at least zero.
    """
    return f"""
          select l.settlement_key, l.line_number, l.provider_key, l.person_key, l.item_key,
                 cast(l.fee_time as date) as fee_date, l.charge_category,
                 l.quantity + coalesce(l.refunded_quantity, 0) as net_quantity,
                 greatest(coalesce(l.in_scope_amount, l.amount) + coalesce(l.refunded_in_scope_amount, 0), 0)
                   as in_scope
          from window_charges l
          where l.settlement_key in (select settlement_key from {keys})"""
