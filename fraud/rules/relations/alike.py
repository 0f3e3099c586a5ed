"""Sets of items that are nearly the same, found without comparing each with each.

Sets of one place that are equal are taken together first. Large ones are then compared where one of their bands of
least hashes (MinHash) agrees; of small ones, a single other item is too much.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from features.engine.dialect import Dialect

# Four bands of two hashes miss one in a thousand pairs that agree in nine items of ten.
_BANDS, _ROWS = 4, 2


def alike_sets(dialect: Dialect, percent: int) -> str:
    """Return the parts of a WITH clause that end in `alike_people`.

    Parameters
    ----------
    dialect : Dialect
        For the hashes.
    percent : int
        Jaccard similarity from which on sets are alike, in percent.

    Returns
    -------
    str
        Reads `elements`: `place` (a number; only sets of one place are compared), `settlement_key`, `person_key` and
        `element` (a number), one row per set and element. Gives `alike_people`: `settlement_key`, `n_people`, the
        different people with a set alike, its own among them.
    """
    # Sets of n elements that differ in one have at most n of n + 1 in common.
    smallest = percent // (100 - percent) if percent < 100 else 1_000_000_000
    hashes = [f"min({dialect.hash64(f'element, {number}')}) as h{number}" for number in range(_BANDS * _ROWS)]
    bands = [
        dialect.hash64(", ".join([str(band), *(f"h{band * _ROWS + row}" for row in range(_ROWS))]))
        for band in range(_BANDS)
    ]
    return f"""
        item_sets as (
          select place, settlement_key, any_value(person_key) as person_key,
                 list_sort(list_distinct(list(element))) as items
          from elements group by place, settlement_key
        ), named_sets as (
          select *, {dialect.hash64("place, items")} as set_hash from item_sets
        ), different_sets as (
          select place, set_hash, any_value(items) as items from named_sets group by place, set_hash
        ), least_hashes as (
          select place, set_hash, {", ".join(hashes)}
          from (select place, set_hash, unnest(items) as element from different_sets where len(items) >= {smallest})
          group by place, set_hash
        ), bands as (
          select place, set_hash, unnest([{", ".join(bands)}]) as band from least_hashes
        ), near_sets as (
          select distinct a.place, a.set_hash, b.set_hash as other_hash
          from bands a join bands b on b.place = a.place and b.band = a.band and b.set_hash <> a.set_hash
        ), alike as (
          select place, set_hash, set_hash as other_hash from different_sets
          union all
          select n.place, n.set_hash, n.other_hash
          from near_sets n
          join different_sets a on a.place = n.place and a.set_hash = n.set_hash
          join different_sets b on b.place = n.place and b.set_hash = n.other_hash
          where len(list_intersect(a.items, b.items)) * 100
            >= {percent} * (len(a.items) + len(b.items) - len(list_intersect(a.items, b.items)))
        ), set_people as (
          select a.place, a.set_hash, count(distinct o.person_key) as n_people
          from alike a join named_sets o on o.place = a.place and o.set_hash = a.other_hash
          group by a.place, a.set_hash
        ), alike_people as (
          select n.place, n.settlement_key, n.person_key, p.n_people
          from named_sets n join set_people p on p.place = n.place and p.set_hash = n.set_hash
        )"""
