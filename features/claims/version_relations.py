"""Relations between versions of a claim that should hold: name, meaning, columns that are needed, and SQL of the rows.

As in `quality`: `id` and `fails` by row; columns that a source does not give are null.
"""

# What a bill named by a row looks like is asked twice, by its own number and by its claim's: one `or` would compare
# every row with every other.
_NUMBERS = ("settlement_id", "claim_id")
_OF_CLAIM = (
    "exists (select 1 from {settlements} o where o.claim_id = r.claim_id and not coalesce(o.is_reversal, false))"
)
_REPLACED = "coalesce(replaces_settlement_id, case when not coalesce(is_reversal, false) then original_settlement_id end)"
# Each step goes twice as far; what still has something to replace after 4,096 steps goes round in a circle.
_STEPS = 12


def _names(column: str) -> tuple[str, str, tuple[str, ...], str]:
    unknown = (f"not exists (select 1 from {{settlements}} o where o.{own} = t.{column})" for own in _NUMBERS)
    return (
        f"{column} of settlements",
        f"settlements.{column} names a row of settlements",
        (f"settlements.{column}",),
        f"select t.settlement_id as id, {' and '.join(unknown)} as fails from {{settlements}} t where t.{column} is not null",
    )


def _circle() -> str:
    named = f"select settlement_id, {_REPLACED} as named from {{settlements}} where total_amount >= 0"
    steps = [f"hop_0 as materialized (select * from ({named}) n where named is not null)"]
    steps += [
        f"hop_{n} as materialized (select a.settlement_id, b.named from hop_{n - 1} a "
        f"join hop_{n - 1} b on b.settlement_id = a.named)"
        for n in range(1, _STEPS + 1)
    ]
    return (
        f"with {', '.join(steps)} select h.settlement_id as id, c.settlement_id is not null as fails "
        f"from hop_0 h left join hop_{_STEPS} c on c.settlement_id = h.settlement_id"
    )


VERSION_RELATIONS: tuple[tuple[str, str, tuple[str, ...], str], ...] = (
    _names("original_settlement_id"),
    _names("replaces_settlement_id"),
    (
        "reversal names",
        "a reversal names what it cancels",
        ("settlements.is_reversal",),
        "select r.settlement_id as id, r.original_settlement_id is null and r.replaces_settlement_id is null "
        f"and not {_OF_CLAIM} as fails from {{settlements}} r where r.is_reversal",
    ),
    (
        "reversal is negative",
        "a reversal is negative",
        ("settlements.is_reversal",),
        "select settlement_id as id, total_amount > 0 or fund_paid_amount > 0 as fails "
        "from {settlements} where is_reversal",
    ),
    (
        "reversal within bill",
        "the reversals of a bill take back no more than it bills",
        ("settlements.is_reversal", "settlements.original_settlement_id"),
        "select r.settlement_id as id, "
        "sum(abs(r.total_amount)) over (partition by r.original_settlement_id) > o.total_amount as fails "
        "from {settlements} r join {settlements} o on o.settlement_id = r.original_settlement_id "
        "where r.is_reversal and not coalesce(o.is_reversal, false)",
    ),
    (
        "replacement ends",
        "what replaces another row is not replaced by it, directly or by way of others",
        ("settlements.replaces_settlement_id",),
        _circle(),
    ),
    (
        "versions are distinct",
        "the versions of a claim have different numbers",
        ("settlements.claim_id", "settlements.version_number"),
        "select settlement_id as id, "
        "count(*) over (partition by claim_id, version_number, coalesce(is_reversal, false)) > 1 as fails "
        "from {settlements} where claim_id is not null and version_number is not null",
    ),
)
