"""Relations between versions of a claim that should hold."""

from features.claims.relation import Relation

# What a bill named by a row looks like is asked twice, by its own number and by its claim's: one `or` would compare
# every row with every other.
_NUMBERS = ("settlement_key", "claim_key")
_OF_CLAIM = (
    "exists (select 1 from {known_settlements} o where o.claim_key = r.claim_key "
    "and not coalesce(o.is_reversal, false))"
)
_REPLACED = (
    "coalesce(replaces_settlement_key, case when not coalesce(is_reversal, false) then original_settlement_key end)"
)
# Each step goes twice as far; what still has something to replace after 4,096 steps goes round in a circle.
_STEPS = 12


def _names(column: str) -> Relation:
    key = column.replace("_id", "_key")
    unknown = (f"not exists (select 1 from {{known_settlements}} o where o.{own} = t.{key})" for own in _NUMBERS)
    return Relation(
        f"{column} of settlements",
        f"settlements.{column} names a row of settlements",
        (f"settlements.{column}",),
        f"select t.*, {' and '.join(unknown)} as fails from {{settlements}} t where t.{key} is not null",
    )


def _circle() -> str:
    named = f"select settlement_key, {_REPLACED} as named from {{known_settlements}} where total_amount >= 0"
    steps = [f"hop_0 as materialized (select * from ({named}) n where named is not null)"]
    steps += [
        f"hop_{n} as materialized (select a.settlement_key, b.named from hop_{n - 1} a "
        f"join hop_{n - 1} b on b.settlement_key = a.named)"
        for n in range(1, _STEPS + 1)
    ]
    return (
        f"with {', '.join(steps)} select t.*, c.settlement_key is not null as fails from {{settlements}} t "
        "join hop_0 h on h.settlement_key = t.settlement_key "
        f"left join hop_{_STEPS} c on c.settlement_key = t.settlement_key"
    )


VERSION_RELATIONS: tuple[Relation, ...] = (
    _names("original_settlement_id"),
    _names("replaces_settlement_id"),
    Relation(
        "reversal names",
        "a reversal names what it cancels",
        ("settlements.is_reversal",),
        "select *, r.original_settlement_key is null and r.replaces_settlement_key is null "
        f"and not {_OF_CLAIM} as fails from {{settlements}} r where r.is_reversal",
    ),
    Relation(
        "reversal is negative",
        "a reversal is negative",
        ("settlements.is_reversal",),
        "select *, total_amount > 0 or fund_paid_amount > 0 as fails from {settlements} where is_reversal",
    ),
    Relation(
        "reversal within bill",
        "the reversals of a bill take back no more than it bills",
        ("settlements.is_reversal", "settlements.original_settlement_id"),
        "select r.*, a.taken > o.total_amount as fails from {settlements} r "
        "join {known_settlements} o on o.settlement_key = r.original_settlement_key "
        "join (select original_settlement_key, sum(abs(total_amount)) as taken from {known_settlements} "
        "where is_reversal group by 1) a on a.original_settlement_key = r.original_settlement_key "
        "where r.is_reversal and not coalesce(o.is_reversal, false)",
    ),
    Relation(
        "replacement ends",
        "what replaces another row is not replaced by it, directly or by way of others",
        ("settlements.replaces_settlement_id",),
        _circle(),
    ),
    Relation(
        "versions are distinct",
        "the versions of a claim have different numbers",
        ("settlements.claim_id", "settlements.version_number"),
        "select s.*, k.n > 1 as fails from {settlements} s join "
        "(select claim_key, version_number, coalesce(is_reversal, false) as is_taken, count(*) as n "
        "from {known_settlements} where claim_key is not null and version_number is not null group by all) k "
        "on k.claim_key = s.claim_key and k.version_number = s.version_number "
        "and k.is_taken = coalesce(s.is_reversal, false)",
    ),
)
