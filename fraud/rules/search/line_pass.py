"""All rules of one line in one pass over the lines of a month: a mark for each, then exemptions on what is left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fraud.rules.executors.any_family.line import Line, candidates_sql, evidence_of
from fraud.rules.relations.shared import create_shared
from fraud.rules.search.hits import in_scope, lawful_sql

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from features.engine import DuckDBEngine
    from fraud.rules.declare import Rule


class LinePass:
    """The lines of a month that rules of one line single out before their exemptions.

    Parameters
    ----------
    engine : DuckDBEngine
        With the base; the pass is made at once.
    month : str
        The month.
    rules : sequence of Rule
        All that run; those whose executor is a `Line` are looked for.
    values : mapping of str to mapping
        Parameters by rule code.
    """

    def __init__(
        self, engine: DuckDBEngine, month: str, rules: Sequence[Rule], values: Mapping[str, Mapping[str, int]]
    ) -> None:
        self._engine = engine
        self._asked = {
            rule.code: (number, rule, line, values[rule.code], lawful_sql(rule, values[rule.code]))
            for number, (rule, line) in enumerate(in_one_pass(rules).items())
        }
        asked = [(line, own, lawful) for _, _, line, own, lawful in self._asked.values()]
        engine.create_table("line_candidates", candidates_sql(month, asked))
        counts = ", ".join(f"count(case when hit_{number} then 1 end)" for number in range(len(asked)))
        (found,) = engine.rows(f"select {counts} from line_candidates")
        self.rules = tuple(self._asked)
        self.found = tuple(code for code, n in zip(self._asked, found, strict=True) if n)
        for name, sql in evidence_of((self._asked[code][4] for code in self.found), month).items():
            create_shared(engine, sql, month)
            engine.create_table(name, sql)

    def create_hits(self, code: str) -> None:
        """Create `rule_hits` of one rule that found something."""
        number, rule, line, values, lawful = self._asked[code]
        self._engine.create_table("rule_hits", in_scope(line.hits_sql(number, values, lawful), rule.scope))


def in_one_pass(rules: Iterable[Rule]) -> dict[Rule, Line]:
    """Return those of some rules that one pass can look for, with their executors."""
    return {rule: rule.executor for rule in rules if isinstance(rule.executor, Line)}
