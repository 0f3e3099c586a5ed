"""Relations between the versions of a claim; columns that a source does not give are null."""

from __future__ import annotations

from features.claims.relation import Relation

# What a bill named by a row looks like is asked twice, by its own number and by its claim's: one `or` would compare
# every row with every other.
_NUMBERS = ("settlement_id", "claim_id")
_NAMES_NONE = (
    "nullif(coalesce(r.original_settlement_id, r.replaces_settlement_id), r.settlement_id) is null and not exists "
    "(select 1 from {settlements} o where o.claim_id = r.claim_id and not coalesce(o.is_reversal, false))"
)
_IS_POSITIVE = "total_amount > 0 or fund_paid_amount > 0"
_TAKEN = "sum(abs(r.total_amount)) over (partition by r.original_settlement_id)"
_REVERSED = (
    "from {settlements} r join {settlements} o on o.settlement_id = r.original_settlement_id "
    "where r.is_reversal and not coalesce(o.is_reversal, false)"
)
_SHARED = "count(*) over (partition by claim_id, version_number, coalesce(is_reversal, false))"
_NUMBERED = "where claim_id is not null and version_number is not null"
# Each step goes twice as far; what still has something to replace after 4,096 steps goes round in a circle.
_STEPS = 12


def _names(column: str) -> Relation:
    unknown = " and ".join(
        f"not exists (select 1 from {{settlements}} o where o.{own} = t.{column})" for own in _NUMBERS
    )
    return Relation(
        f"{column} of settlements",
        f"settlements.{column} names a row of settlements",
        (f"settlements.{column}",),
        f"select t.settlement_id as id, {unknown} as fails from {{settlements}} t where t.{column} is not null",
    )


def _ends(column: str, rows: str) -> Relation:
    named = f"select settlement_id, {column} as named from {{settlements}} where {column} is not null and {rows}"
    twice = "select a.settlement_id, b.named from hop_{0} a join hop_{0} b on b.settlement_id = a.named"
    steps = "".join(f", hop_{n + 1} as materialized ({twice.format(n)})" for n in range(_STEPS))
    return Relation(
        f"{column} ends",
        f"what a bill replaces by settlements.{column} does not replace the bill, directly or by way of others",
        (f"settlements.{column}",),
        f"with hop_0 as materialized ({named}){steps} select h.settlement_id as id, "
        f"c.settlement_id is not null as fails from hop_0 h left join hop_{_STEPS} c "
        "on c.settlement_id = h.settlement_id",
    )


VERSION_RELATIONS: tuple[Relation, ...] = (
    _names("original_settlement_id"),
    _names("replaces_settlement_id"),
    Relation(
        "reversal names",
        "a reversal names what it cancels",
        ("settlements.is_reversal",),
        f"select r.settlement_id as id, {_NAMES_NONE} as fails from {{settlements}} r where r.is_reversal",
    ),
    Relation(
        "reversal is negative",
        "a reversal is negative",
        ("settlements.is_reversal",),
        f"select settlement_id as id, {_IS_POSITIVE} as fails from {{settlements}} where is_reversal",
    ),
    Relation(
        "reversal within bill",
        "the reversals of a bill take back no more than it bills",
        ("settlements.is_reversal", "settlements.original_settlement_id"),
        f"select r.settlement_id as id, {_TAKEN} > o.total_amount as fails {_REVERSED}",
    ),
    _ends("replaces_settlement_id", "true"),
    _ends("original_settlement_id", "not coalesce(is_reversal, false) and total_amount >= 0"),
    Relation(
        "versions are distinct",
        "the versions of a claim have different numbers",
        ("settlements.claim_id", "settlements.version_number"),
        f"select settlement_id as id, {_SHARED} > 1 as fails from {{settlements}} {_NUMBERED}",
    ),
)
