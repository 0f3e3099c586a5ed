"""Pack levels: how many boxes lie in an outer pack, by the cascade tables of the makers."""

from __future__ import annotations

from fraud.rules.ledger.encodings import canonical, cleaned

# Large, medium and small packs are three levels; more would be a circle in the tables.
_MOST_LEVELS = 4


def without_item(code: str) -> str:
    """Return SQL of a code's spelling without its item, as cascade tables hold it: they name none."""
    return f"regexp_replace({code}, '^own:[^:]*:', 'own::')"


# One row per outer pack among the codes sold more than once: how many packs of the lowest level it holds.
PACKS = f"""
with recursive packs as (
  select distinct {canonical("p.parent", "null")} as parent, {canonical("p.child", "null")} as child
  from (select {cleaned("parent_code")} as parent, {cleaned("child_code")} as child from ref_trace_packs) p
), sold as (
  select distinct {without_item("code")} as outer_code from ledger_scans
), inside as (
  select s.outer_code, p.child, 1 as depth from packs p join sold s on s.outer_code = p.parent
  where p.child <> p.parent
  union
  select i.outer_code, p.child, i.depth + 1 from packs p join inside i on i.child = p.parent
  where i.depth < {_MOST_LEVELS} and p.child <> i.outer_code
)
select i.outer_code, cast(count(distinct i.child) as bigint) as n_boxes
from inside i
where not exists (select 1 from packs p where p.parent = i.child)
group by i.outer_code
"""
