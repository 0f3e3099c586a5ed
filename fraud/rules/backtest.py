"""What one rule would have found, month by month."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from features.errors import InputError
from features.vocabulary.months import check_month
from fraud.findings import dedupe_exposure
from fraud.rules.run import run_rules

if TYPE_CHECKING:
    from features.claims import ClaimsStore
    from features.engine import DuckDBEngine
    from fraud.rules.declare import Rule
    from fraud.rules.run import RuleRun
    from fraud.settings import RuleSettings


def backtest(
    store: ClaimsStore,
    engine: DuckDBEngine,
    rule: Rule,
    first_month: str,
    last_month: str,
    *,
    window_months: int = 6,
    settings: RuleSettings | None = None,
) -> pd.DataFrame:
    """Run one rule on each month from the first to the last, as it would have run then.

    Returns
    -------
    DataFrame
        One row per month: `month`, `status` (`checked`, `not checked: …` or `failed: …`), `n_providers`, `n_patients`,
        `n_practitioners` (subjects with a finding), `n_lines` (violating, each once), `exposure_amount` and
        `fund_exposure_amount` in minor units (each line once).

    Raises
    ------
    InputError
        The months are the wrong way round, or the store holds none of them.
    """
    if check_month(first_month) > check_month(last_month):
        got = f"{first_month} is after {last_month}"
        raise InputError.of("months", "of the backtest", got, "give the earlier month first")
    months = [month for month in store.months() if first_month <= month <= last_month]
    if not months:
        got = f"the store holds {', '.join(store.months()) or 'no months'}"
        raise InputError.of(f"months {first_month} to {last_month}", "of the backtest", got, "name months it holds")
    rows = []
    for month in months:
        run = run_rules(store, engine, month, window_months=window_months, settings=settings, rules=(rule,))
        found = run.findings.findings
        subjects = found["subject_type"].value_counts()
        # Findings about one kind of subject name each line once; those about another name the same lines again.
        own = found[found["subject_type"] == rule.reasons[0].subject]
        lines = dedupe_exposure(run.findings.lines[run.findings.lines["finding_id"].isin(own["finding_id"])])
        rows.append(
            {
                "month": month,
                "status": _status(run),
                "n_providers": int(subjects.get("provider", 0)),
                "n_patients": int(subjects.get("patient", 0)),
                "n_practitioners": int(subjects.get("practitioner", 0)),
                "n_lines": len(lines),
                "exposure_amount": int(lines["exposure_amount"].sum()),
                "fund_exposure_amount": int(own["fund_exposure_amount"].sum()),
            }
        )
    return pd.DataFrame(rows)


def _status(run: RuleRun) -> str:
    absent = ", ".join(need for entry in run.not_checked for need in entry.missing)
    why = ", ".join(entry.why for entry in run.failed)
    return f"not checked: {absent} absent" if absent else f"failed: {why}" if why else "checked"
