"""Tables from which a provider's case-mix expectation is added up: what visits of like patients cost."""

from __future__ import annotations

from features.declare import Table

# Bands end on the 18th, 45th, 60th and 75th birthday. Fewer visits in a cell say little of what such a visit costs.
_FEWEST = 20
_CHAPTER = "encounter_type, provider_level, age_band, is_female, diagnosis_chapter"
_GROUP = f"{_CHAPTER}, diagnosis_group"


def _sums(cell: str) -> str:
    """Return what the visits of a cell cost over all providers."""
    return (
        f"select {cell}, cast(sum(n) as bigint) as n, cast(sum(amount) as bigint) as amount from cost_cells "
        f"group by {cell}"
    )


COST_CELLS = Table(
    "cost_cells",
    "One row per provider, kind of care, level of provider, age band, sex and principal diagnosis (three characters), "
    "with what the visits cost.",
    f"""
    select provider_key, {_GROUP}, count(*) as n, cast(sum(total_amount) as bigint) as amount from (
      select v.provider_key, v.encounter_type, coalesce(o.provider_level, 'unknown') as provider_level,
        case when v.age_days is null then -1 when v.age_days < 6575 then 0 when v.age_days < 16437 then 18
          when v.age_days < 21915 then 45 when v.age_days < 27394 then 60 else 75 end as age_band,
        coalesce(v.is_female, -1) as is_female, coalesce(v.diagnosis_chapter, '') as diagnosis_chapter,
        coalesce(v.diagnosis_group, '') as diagnosis_group, v.total_amount
      from visits v left join providers o on o.provider_key = v.provider_key
    ) v group by provider_key, {_GROUP}
    """,
)
# A cell of fewer than twenty visits gives way to its diagnosis chapter, and that to the kind of care at that level
# (indirect standardisation). Whole minor units throughout.
EXPECTED_AMOUNTS = Table(
    "expected_amounts",
    "One row per row of cost_cells, with what as many visits of the cell cost over all providers.",
    f"""
    select c.provider_key, c.n, c.amount, cast(round(cast(c.n as double) * case
        when f.n >= {_FEWEST} then cast(f.amount as double) / f.n
        when h.n >= {_FEWEST} then cast(h.amount as double) / h.n
        else cast(k.amount as double) / k.n end) as bigint) as expected_amount
    from cost_cells c
    join ({_sums(_GROUP)}) f using ({_GROUP})
    join ({_sums(_CHAPTER)}) h using ({_CHAPTER})
    join ({_sums("encounter_type, provider_level")}) k using (encounter_type, provider_level)
    """,
)
