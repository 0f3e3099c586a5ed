"""Hits out of judged lines: those that violate, and those that count with them as involved."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def hits_of_judged(relation: str, group: Iterable[str], measures: Iterable[str]) -> str:
    """Return SELECTs in the shape of hits.

    An involved line is shown under the provider of every line of its group that violates: it may be another's.

    Parameters
    ----------
    relation : str
        Lines with `is_violating` (1 or 0), `practitioner_key`, `service_date`, `part`, `whole`, the columns of
        `group`, the measures, and those of hits otherwise.
    group : iterable of str
        Columns that lines which count together have in common; two nulls agree.
    measures : iterable of str
        The executor's measures.
    """
    columns, names = list(group), list(measures)
    equal = " and ".join(f"b.{name} is not distinct from j.{name}" for name in columns)
    own = "".join(f", j.{name}" for name in names)
    nothing = "".join(", 0" for _ in names)
    return f"""
        select j.settlement_key, j.line_number, 'violating' as role, j.provider_key, j.person_key,
               j.practitioner_key, j.service_date, j.in_scope, cast(j.part as bigint) as part,
               cast(j.whole as bigint) as whole{own}
        from {relation} j where j.is_violating = 1
        union all
        select j.settlement_key, j.line_number, 'involved', b.subject_key, j.person_key, j.practitioner_key,
               j.service_date, 0, 1, 1{nothing}
        from {relation} j
        join (
          select distinct provider_key as subject_key, {", ".join(columns)} from {relation} where is_violating = 1
        ) b
          on {equal}
        where j.is_violating = 0
    """
