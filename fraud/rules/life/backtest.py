"""What one rule would have found, month by month; beside the version in force, what it would find anew and no more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from features.errors import InputError
from features.vocabulary.months import check_month
from fraud.findings import dedupe_exposure
from fraud.rules.run import run_rules

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from features.claims import ClaimsStore
    from features.engine import DuckDBEngine
    from fraud.rules.declare import Rule
    from fraud.rules.run import RuleRun
    from fraud.settings import RuleSettings

_LINE = ["settlement_id", "line_number"]


def backtest(
    store: ClaimsStore,
    engine: DuckDBEngine,
    rule: Rule,
    months: Iterable[str],
    *,
    window_months: int = 6,
    settings: RuleSettings | None = None,
    beside: Rule | None = None,
    settings_beside: RuleSettings | None = None,
    look: Callable[[pd.DataFrame], None] = lambda _lines: None,
) -> pd.DataFrame:
    """Run one rule on each month, as it would have run then; nothing is set aside.

    Parameters
    ----------
    store, engine, window_months, settings
        As in `run_rules`.
    rule : Rule
        What to run.
    months : iterable of str
        Of the store, as `months_between` returns them.
    beside : Rule, optional
        The version in force, with its own settings, where the rule is to take its place.
    settings_beside : RuleSettings, optional
        Of that version.
    look : callable
        Shown the violating lines of each month, each once, while the month is attached to the engine.

    Returns
    -------
    DataFrame
        One row per month: `month`, `status` (`checked`, `not checked: …` or `failed: …`), `n_providers`, `n_patients`,
        `n_practitioners` (subjects with a finding), `n_lines` (violating, each once), `exposure_amount` and
        `fund_exposure_amount` in minor units (each line once). Beside another version also `status_in_force`,
        `n_lines_in_force`, `exposure_in_force_amount`, and `n_kept`, `n_gained`, `n_lost`: lines that both find, that
        only the rule finds, and that only the version in force finds.
    """
    rows = []
    for month in months:
        run = run_rules(store, engine, month, window_months=window_months, settings=settings, rules=(rule,))
        lines = lines_of(run, rule)
        look(lines)
        row = _row(month, run, rule, lines)
        if beside is not None:
            other = run_rules(
                store, engine, month, window_months=window_months, settings=settings_beside, rules=(beside,)
            )
            row |= _compared(lines, lines_of(other, beside), _status(other))
        rows.append(row)
    return pd.DataFrame(rows)


def months_between(store: ClaimsStore, first: str, last: str) -> tuple[str, ...]:
    """Return the months of a store from the first to the last.

    Raises
    ------
    InputError
        The months are the wrong way round, or the store holds none of them.
    """
    if check_month(first) > check_month(last):
        got = f"{first} is after {last}"
        raise InputError.of("months", "of the backtest", got, "give the earlier month first")
    months = tuple(month for month in store.months() if first <= month <= last)
    if not months:
        got = f"the store holds {', '.join(store.months()) or 'no months'}"
        raise InputError.of(f"months {first} to {last}", "of the backtest", got, "name months it holds")
    return months


def lines_of(run: RuleRun, rule: Rule) -> pd.DataFrame:
    """Return the violating lines of one rule, each once: `settlement_id`, `line_number`, `exposure_amount`.

    Findings about one kind of subject name each line once; those about another name the same lines again.
    """
    own = _own(run, rule)
    return dedupe_exposure(run.findings.lines[run.findings.lines["finding_id"].isin(own["finding_id"])])


def _own(run: RuleRun, rule: Rule) -> pd.DataFrame:
    found = run.findings.findings
    return found[found["subject_type"] == rule.reasons[0].subject]


def _row(month: str, run: RuleRun, rule: Rule, lines: pd.DataFrame) -> dict[str, Any]:
    subjects = run.findings.findings["subject_type"].value_counts()
    return {
        "month": month,
        "status": _status(run),
        "n_providers": int(subjects.get("provider", 0)),
        "n_patients": int(subjects.get("patient", 0)),
        "n_practitioners": int(subjects.get("practitioner", 0)),
        "n_lines": len(lines),
        "exposure_amount": int(lines["exposure_amount"].sum()),
        "fund_exposure_amount": int(_own(run, rule)["fund_exposure_amount"].sum()),
    }


def _compared(now: pd.DataFrame, then: pd.DataFrame, status: str) -> dict[str, Any]:
    """Say which lines both versions find, and which only one."""
    # No line has the number 0: it stands for the whole settlement.
    found, known = (
        {*frame[_LINE].fillna({"line_number": 0}).itertuples(index=False, name=None)} for frame in (now, then)
    )
    return {
        "status_in_force": status,
        "n_lines_in_force": len(known),
        "exposure_in_force_amount": int(then["exposure_amount"].sum()),
        "n_kept": len(found & known),
        "n_gained": len(found - known),
        "n_lost": len(known - found),
    }


def _status(run: RuleRun) -> str:
    absent = ", ".join(need for entry in run.not_checked for need in entry.missing)
    why = ", ".join(entry.why for entry in run.failed)
    return f"not checked: {absent} absent" if absent else f"failed: {why}" if why else "checked"
