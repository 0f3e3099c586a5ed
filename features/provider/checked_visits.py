"""Checked visits: one relation of visits with what checks of their lines found, so that visits are joined once."""

CHECKED_VISITS = """
select v.provider_key as subject_key, v.n_lines, v.is_female, v.age_days,
  l.n_overpriced, l.n_above_level, q.n as n_over_quantity, p.n as n_pairs, u.n as n_packages,
  r.has_women_item, r.has_men_item, r.min_age_years, r.max_age_years,
  f.n_outside, f.n_after, f.n_mispriced, f.n_unnamed, f.n_loose_refunds
from visits v
left join limit_facts l on l.settlement_key = v.settlement_key
left join quantity_facts q on q.settlement_key = v.settlement_key
left join restriction_facts r on r.settlement_key = v.settlement_key
left join line_fault_facts f on f.settlement_key = v.settlement_key
left join (
  select e.settlement_key, count(*) as n
  from pair_facts e join visits o on o.settlement_key = e.other_settlement_key group by e.settlement_key
) p on p.settlement_key = v.settlement_key
left join (
  select settlement_key, count(*) as n from package_facts where n_parts >= min_components group by settlement_key
) u on u.settlement_key = v.settlement_key
"""
