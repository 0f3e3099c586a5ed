"""What all rules of a run found, in one relation: resolved and hashed once for all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fraud.rules.search.row_hashes import row_hashes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd

    from features.engine import DuckDBEngine
    from fraud.rules.declare import Rule

_COLUMNS = {
    "rule_number": "integer",
    "role": "varchar",
    "settlement_key": "bigint",
    "line_number": "bigint",
    "provider_key": "bigint",
    "person_key": "bigint",
    "practitioner_key": "bigint",
    "service_date": "date",
    "in_scope": "bigint",
    "part": "bigint",
    "whole": "bigint",
    "is_certain": "boolean",
}
_NAMES = {name: name for name in _COLUMNS}


class FoundHits:
    """Collects the hits of rules, each under its number.

    Parameters
    ----------
    engine : DuckDBEngine
        With the base.
    rules : sequence of Rule
        All that may find something; a rule's number is its place.
    """

    def __init__(self, engine: DuckDBEngine, rules: Sequence[Rule]) -> None:
        self._engine, self._rules = engine, rules
        most = max((len(rule.executor.measures) for rule in rules), default=0)
        self._measures = [f"measure_{place}" for place in range(most)]
        types = _COLUMNS | dict.fromkeys(self._measures, "bigint")
        nothing = ", ".join(f"cast(null as {kind}) as {name}" for name, kind in types.items())
        engine.create_table("found_hits", f"select {nothing} where 1 = 0")

    def take(self, number: int) -> None:
        """Add `rule_hits`, those of the rule of that number."""
        executor = self._rules[number].executor
        is_graded = getattr(executor, "is_graded", False)
        own = _NAMES | {
            "rule_number": str(number),
            "is_certain": "coalesce(is_certain, false)" if is_graded else "true",
        }
        own |= dict.fromkeys(self._measures, "null")
        own |= {f"measure_{place}": measure.name for place, measure in enumerate(executor.measures)}
        self._engine.execute(f"insert into found_hits select {', '.join(own.values())} from rule_hits")

    def resolved(self, only: int | None = None) -> Iterator[tuple[int, pd.DataFrame]]:
        """Yield the hits of each rule that has some, or of one, with identifiers for keys, money and hashes of rows."""
        which = "true" if only is None else f"h.rule_number = {only}"
        hits = self._engine.frame(self._sql(which))
        if hits.empty:
            return
        keys = f"select distinct settlement_key, line_number from found_hits h where {which}"
        is_whole = hits["line_number"].isna()
        hashes = row_hashes(self._engine, keys, of_lines=not is_whole.all(), of_settlements=bool(is_whole.any()))
        hits = hits.merge(hashes, on=["settlement_id", "line_number"], how="left", validate="many_to_one")
        for number, own in hits.groupby("rule_number", sort=True):
            place = int(str(number))
            names = [measure.name for measure in self._rules[place].executor.measures]
            unused, renamed = self._measures[len(names) :], dict(zip(self._measures, names, strict=False))
            yield place, own.drop(columns=unused).rename(columns=renamed).reset_index(drop=True)

    def _sql(self, which: str) -> str:
        measures = "".join(f"h.{name}, " for name in self._measures)
        return f"""
        with hits as (
          select h.*, s.settlement_id, s.month as settlement_month, s.in_scope as settlement_in_scope,
                 s.fund_paid as settlement_fund_paid,
                 s.provider_key as line_provider_key, s.person_key as line_person_key
          from window_settlements s
          join found_hits h on h.settlement_key = s.settlement_key
          where {which}
        ), people as (
          select * from codes_person
          where person_key in (select person_key from hits union select line_person_key from hits)
        )
        select h.rule_number, h.role, h.settlement_id, h.line_number, h.service_date, {measures}h.in_scope, h.part,
               h.whole, h.is_certain, h.settlement_month, h.settlement_in_scope, h.settlement_fund_paid,
               cp.provider_id, cn.person_id, cd.practitioner_id,
               lp.provider_id as line_provider_id, ln.person_id as line_person_id
        from hits h
        left join codes_provider cp on cp.provider_key = h.provider_key
        left join people cn on cn.person_key = h.person_key
        left join codes_practitioner cd on cd.practitioner_key = h.practitioner_key
        join codes_provider lp on lp.provider_key = h.line_provider_key
        join people ln on ln.person_key = h.line_person_key
        order by h.rule_number, h.settlement_id, h.line_number, h.role, cp.provider_id, cn.person_id,
                 cd.practitioner_id
        """
