"""What set-asides take out of the hits of a rule, counted: nothing is left out in silence."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from features.vocabulary.entities import ID_COLUMNS
from fraud.rules.search.assemble import counted_hits

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from features.engine import DuckDBEngine
    from fraud.rules.declare import Rule
    from fraud.rules.set_aside.declare import SetAside

_LINE = ["settlement_id", "line_number"]


@dataclass(frozen=True)
class Hidden:
    """What one set-aside took out of a month.

    Parameters
    ----------
    set_aside : SetAside
        As it was in force.
    n_findings : int
        Subjects with a finding of the rule that is not shown, or not whole.
    n_lines : int
        Violating lines, each once.
    exposure_amount : int
        Of these lines, minor units, each once.
    """

    set_aside: SetAside
    n_findings: int = 0
    n_lines: int = 0
    exposure_amount: int = 0


@dataclass
class Hiding:
    """Takes out of hits what is set aside, and counts it.

    Parameters
    ----------
    engine : DuckDBEngine
        With the base of the month, which knows the items of lines.
    set_asides : tuple of SetAside
        Those in force; a hit that several name is counted by the first.
    shown : callable
        Subject type and id as stored -> as the set-aside names it.
    """

    engine: DuckDBEngine
    set_asides: tuple[SetAside, ...]
    shown: Callable[[str, str], str]
    _found: dict[str, Hidden] = field(default_factory=dict, init=False)

    def kept(self, rule: Rule, hits: pd.DataFrame) -> pd.DataFrame:
        """Return the hits that are shown, given those of one rule with their `exposure_amount`."""
        for each in self.set_asides:
            if each.rule == rule.code:
                is_named = self._is_named(each, hits)
                self._found[each.name] = _count(each, rule, hits.loc[is_named])
                hits = hits.loc[~is_named]
        return hits

    def hidden(self) -> tuple[Hidden, ...]:
        """Return what each took, those that took nothing too."""
        return tuple(self._found.get(each.name, Hidden(each)) for each in self.set_asides)

    def _is_named(self, one: SetAside, hits: pd.DataFrame) -> pd.Series:
        is_named = hits["settlement_id"].notna()
        if one.subject_type:
            ids = hits[ID_COLUMNS[one.subject_type]]
            named = {each for each in ids.dropna().unique() if self.shown(one.subject_type, each) == one.subject_id}
            is_named &= ids.isin(named)
        if one.items:
            lines = self._lines_of(one.items, list(hits["settlement_id"].unique()))
            pairs = zip(hits["settlement_id"], hits["line_number"], strict=True)
            is_named &= np.array([pair in lines for pair in pairs], dtype=bool)
        return is_named

    def _lines_of(self, items: tuple[str, ...], settlements: list[str]) -> set[tuple[str, int]]:
        """Return settlement and number of the lines of these settlements that bill one of the items."""
        sql = """
        select s.settlement_id, l.line_number from window_lines l
        join codes_item i on i.item_key = l.item_key
        join codes_settlement s on s.settlement_key = l.settlement_key
        where i.item_code in (select unnest(?)) and s.settlement_id in (select unnest(?))
        """
        return {(str(row[0]), int(row[1])) for row in self.engine.rows(sql, [list(items), settlements])}


def _count(one: SetAside, rule: Rule, hits: pd.DataFrame) -> Hidden:
    counted = counted_hits(rule, hits)
    lines = counted.groupby(_LINE, dropna=False)["exposure_amount"].max()
    n_findings = sum(int(counted[ID_COLUMNS[reason.subject]].nunique()) for reason in rule.reasons)
    return Hidden(one, n_findings, len(lines), int(lines.sum()))
