"""Relations between the versions of a claim; columns that a source does not give are null."""

from __future__ import annotations

from features.claims.quality.relation import Relation

# What a bill named by a row looks like is asked twice, by its own number and by its claim's: one `or` would compare
# every row with every other.
_NUMBERS = ("settlement_key", "claim_key")
# A reversal that names nothing takes the bill of its size in its claim, or a part of one where it has a minus.
_IS_OF_SIZE = (
    "abs(o.total_amount) = abs(r.total_amount) "
    "and (r.fund_paid_amount = 0 or abs(o.fund_paid_amount) = abs(r.fund_paid_amount))"
)
_NAMES_NONE = (
    "nullif(coalesce(r.original_settlement_key, r.replaces_settlement_key), r.settlement_key) is null and not exists "
    "(select 1 from {known_settlements} o where o.claim_key = r.claim_key and not coalesce(o.is_reversal, false) "
    f"and (r.version_number is not null or {_IS_OF_SIZE} or r.total_amount < 0 and -r.total_amount < o.total_amount))"
)
_IS_POSITIVE = "total_amount > 0 or fund_paid_amount > 0"
_TAKEN = (
    "select original_settlement_key, sum(abs(total_amount)) as amount from {known_settlements} "
    "where is_reversal group by 1"
)
_REVERSED = (
    "from {settlements} r join {known_settlements} o on o.settlement_key = r.original_settlement_key "
    f"join ({_TAKEN}) a on a.original_settlement_key = r.original_settlement_key "
    "where r.is_reversal and not coalesce(o.is_reversal, false)"
)
_SHARED = (
    "select claim_key, version_number, coalesce(is_reversal, false) as is_taken, count(*) as n "
    "from {known_settlements} where claim_key is not null and version_number is not null group by all"
)
# Each step goes twice as far; what still has something to replace after 4,096 steps goes round in a circle.
_STEPS = 12


def _names(column: str) -> Relation:
    key = column.replace("_id", "_key")
    unknown = " and ".join(
        f"not exists (select 1 from {{known_settlements}} o where o.{own} = t.{key})" for own in _NUMBERS
    )
    return Relation(
        f"{column} of settlements",
        f"settlements.{column} names a row of settlements",
        (f"settlements.{column}",),
        f"select t.*, {unknown} as fails from {{settlements}} t where t.{key} is not null",
    )


def _ends(column: str, rows: str) -> Relation:
    key = column.replace("_id", "_key")
    named = f"select settlement_key, {key} as named from {{known_settlements}} where {key} is not null and {rows}"
    twice = "select a.settlement_key, b.named from hop_{0} a join hop_{0} b on b.settlement_key = a.named"
    steps = "".join(f", hop_{n + 1} as materialized ({twice.format(n)})" for n in range(_STEPS))
    return Relation(
        f"{column} ends",
        f"what a bill replaces by settlements.{column} does not replace the bill, directly or by way of others",
        (f"settlements.{column}",),
        f"with hop_0 as materialized ({named}){steps} select t.*, c.settlement_key is not null as fails "
        "from {settlements} t join hop_0 h on h.settlement_key = t.settlement_key "
        f"left join hop_{_STEPS} c on c.settlement_key = t.settlement_key",
    )


VERSION_RELATIONS: tuple[Relation, ...] = (
    _names("original_settlement_id"),
    _names("replaces_settlement_id"),
    Relation(
        "reversal names",
        "a reversal names what it cancels",
        ("settlements.is_reversal",),
        f"select r.*, {_NAMES_NONE} as fails from {{settlements}} r where r.is_reversal",
    ),
    Relation(
        "reversal is negative",
        "a reversal is negative",
        ("settlements.is_reversal",),
        f"select *, {_IS_POSITIVE} as fails from {{settlements}} where is_reversal",
    ),
    Relation(
        "minus is a reversal",
        "a bill with a minus is marked as a reversal, or names what it takes back",
        ("settlements.total_amount",),
        "select *, not coalesce(is_reversal, false) and original_settlement_key is null as fails "
        "from {settlements} where total_amount < 0",
    ),
    Relation(
        "reversal within bill",
        "the reversals of a bill take back no more than it bills",
        ("settlements.is_reversal", "settlements.original_settlement_id"),
        f"select r.*, a.amount > o.total_amount as fails {_REVERSED}",
    ),
    _ends("replaces_settlement_id", "true"),
    _ends("original_settlement_id", "not coalesce(is_reversal, false) and total_amount >= 0"),
    Relation(
        "versions are distinct",
        "the versions of a claim have different numbers",
        ("settlements.claim_id", "settlements.version_number"),
        f"select s.*, k.n > 1 as fails from {{settlements}} s join ({_SHARED}) k on k.claim_key = s.claim_key "
        "and k.version_number = s.version_number and k.is_taken = coalesce(s.is_reversal, false)",
    ),
)
