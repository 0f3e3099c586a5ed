"""What a rule told in months before: a line is named once, in the month in which enough is known.

Rules that count over the window name lines of earlier months in the month that makes them enough. From the window alone
they cannot see that these were enough before, by months that it has left since. Executors that count so set
`names_later`; where one of theirs names a line of an earlier month, the months between are looked at once more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from contextlib import AbstractContextManager

    from fraud.findings import Findings
    from fraud.rules.declare import Rule

    SaidIn = Callable[[str, Sequence[Rule]], Findings]

_LINE = ["settlement_id", "line_number"]


def told_once(
    rules: Sequence[Rule], hits: Mapping[int, pd.DataFrame], months: Sequence[str], said_in: SaidIn
) -> dict[int, pd.DataFrame]:
    """Return the hits of rules, where lines that the same rule named in a month before are involved.

    Parameters
    ----------
    rules : sequence of Rule
        All that ran.
    hits : mapping of int to DataFrame
        By a rule's place: hits with `settlement_month`.
    months : sequence of str
        The window, whose last month the hits are of.
    said_in : callable
        Month and rules -> what these say of that month by its own window, what they said before it too.
    """
    first: dict[int, str] = {}
    for number, own in hits.items():
        is_earlier = (own["role"] == "violating") & (own["settlement_month"] < months[-1])
        if getattr(rules[number].executor, "names_later", False) and is_earlier.any():
            first[number] = own.loc[is_earlier, "settlement_month"].min()
    told: dict[int, list[pd.DataFrame]] = {number: [] for number in first}
    for before in months[:-1]:
        asked = [number for number, earliest in first.items() if earliest <= before]
        if not asked:
            continue
        said = said_in(before, [rules[number] for number in asked])
        lines = said.lines[said.lines["role"] == "violating"].merge(said.findings[["finding_id", "code"]])
        for number in asked:
            told[number].append(lines.loc[lines["code"] == rules[number].code, _LINE])
    return {number: _involved(own, told.get(number, [])) for number, own in hits.items()}


def told_once_apart(
    rules: Sequence[Rule],
    hits: Mapping[int, pd.DataFrame],
    months: Sequence[str],
    said_in: SaidIn,
    alone: Callable[[Rule], AbstractContextManager[None]],
) -> dict[int, pd.DataFrame]:
    """As `told_once`; where looking back fails for all rules at once, each is asked alone, and fails alone.

    Parameters
    ----------
    alone : callable
        Rule -> a context that keeps to this rule what goes wrong inside.
    """
    try:
        return told_once(rules, hits, months, said_in)
    except Exception:  # noqa: BLE001 - `alone` names the rule that fails
        kept: dict[int, pd.DataFrame] = {}
        for number, own in hits.items():
            with alone(rules[number]):
                kept |= told_once(rules, {number: own}, months, said_in)
        return kept


def _involved(hits: pd.DataFrame, told: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return hits of a rule where the lines that were told are involved."""
    if not told:
        return hits
    before = _keys(pd.concat(told))
    return hits.assign(role=hits["role"].mask(_keys(hits).isin(before), "involved"))


def _keys(lines: pd.DataFrame) -> pd.Index:
    """Return what tells lines apart; a settlement that is named whole has a key of its own."""
    return pd.MultiIndex.from_arrays([lines["settlement_id"], lines["line_number"].astype("Int64").fillna(-1)])
