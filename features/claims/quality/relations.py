"""Relations that should hold in a source and the store: counted and reported, never mended."""

from __future__ import annotations

from features.claims.quality.orders import ORDERS
from features.claims.quality.relation import Relation, order, own_zeros, reference
from features.claims.versions.relations import VERSION_RELATIONS

# Two cents: what rounding each line to a cent may add up to on a short bill. Our proposal.
_TOLERANCE = 2

# Bills of the source, and those of the store that lines of the source come for, at the place of the first line.
_TOUCHED = """
select _block, _file, _row, _position, settlement_key, month, total_amount from {settlements}
union all
select min(place).b, min(place).f, min(place).r, min(place).p, settlement_key, month, total_amount from (
  select struct_pack(b := l._block, f := l._file, r := l._row, p := l._position) as place,
    s.settlement_key, s.month, s.total_amount
  from {stored_settlements} s join {claim_lines} l on l.settlement_key = s.settlement_key
  where s.settlement_key not in (select settlement_key from {settlements})
) group by settlement_key, month, total_amount
"""

RELATIONS: tuple[Relation, ...] = (
    Relation(
        "lines add up",
        "the lines of a settlement add up to its total_amount, within 0.02",
        ("claim_lines.amount",),
        f"select s.*, abs(s.total_amount - l.amount) > {_TOLERANCE} as fails from ({_TOUCHED}) s join "
        "(select settlement_key, sum(amount) as amount from {known_claim_lines} group by settlement_key) l "
        "on l.settlement_key = s.settlement_key",
        ("settlements.total_amount",),
    ),
    Relation(
        "settlement has lines",
        "a settlement has at least one line",
        ("settlements.settlement_id", "claim_lines.settlement_id"),
        "select s.*, not exists "
        "(select 1 from {known_claim_lines} l where l.settlement_key = s.settlement_key) as fails from {settlements} s",
    ),
    Relation(
        "price times quantity",
        "unit_price times quantity is the amount of a line, within 0.02",
        ("claim_lines.unit_price", "claim_lines.quantity", "claim_lines.amount"),
        "select *, abs(cast(unit_price as hugeint) * quantity - cast(amount as hugeint) * 100000000) > "
        f"{_TOLERANCE * 100_000_000} as fails from {{claim_lines}} where unit_price is not null",
    ),
    Relation(
        "fund within total",
        "the funds pay no more than the total_amount of a bill that is no reversal",
        ("settlements.fund_paid_amount", "settlements.total_amount"),
        "select *, fund_paid_amount > total_amount as fails from {settlements} where total_amount >= 0",
    ),
    Relation(
        "payers add up",
        "fund, account and cash payments add up to total_amount, within 0.02",
        ("settlements.fund_paid_amount", "settlements.account_paid_amount", "settlements.cash_paid_amount"),
        "select *, abs(fund_paid_amount + account_paid_amount + cash_paid_amount - total_amount) > "
        f"{_TOLERANCE} as fails from {{settlements}} "
        "where account_paid_amount is not null and cash_paid_amount is not null",
    ),
    *(order(each) for each in ORDERS),
    reference("settlements", "person_id", "persons", kind="required"),
    reference("settlements", "provider_id", "providers", kind="required"),
    Relation(
        "settlement_id of claim_lines",
        "claim_lines.settlement_id names a usable row of settlements",
        ("claim_lines.settlement_id",),
        "select *, _orphan as fails from {claim_lines}",
        kind="required",
    ),
    reference("claim_lines", "prescription_id", "prescriptions"),
    reference("claim_lines", "item_code", "ref_items"),
    own_zeros("persons", "person_id"),
    own_zeros("settlements", "person_id"),
    own_zeros("providers", "provider_id"),
    own_zeros("settlements", "provider_id"),
    own_zeros("practitioners", "practitioner_id"),
    own_zeros("settlements", "attending_practitioner_id"),
    *VERSION_RELATIONS,
)
