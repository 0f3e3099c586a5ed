"""Look guilty and reported rows up among the claims of the window: whose they are, and each line's money."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence

    from features.claims import ClaimsStore
    from features.engine import DuckDBEngine
    from fraud.engine_settings import EngineSettings

# A whole settlement stands for its charge lines; refunds are no lines of their own.
_LOCATED = """
select w.row_number, cs.settlement_id, l.line_number, cp.provider_id, pc.person_id, cd.practitioner_id, l.month,
       greatest(coalesce(l.in_scope_amount, l.amount), 0) as weight
from wanted w
join codes_settlement cs on cs.settlement_id = w.settlement_id
join claim_lines l on l.settlement_key = cs.settlement_key
  and (w.line_number = l.line_number or w.line_number is null and l.original_line_number is null)
left join codes_provider cp on cp.provider_key = l.provider_key
left join codes_person pc on pc.person_key = l.person_key
left join settlements s on s.settlement_key = l.settlement_key
left join codes_practitioner cd
  on cd.practitioner_key = coalesce(l.prescriber_key, l.executor_key, s.attending_practitioner_key)
order by w.row_number, l.line_number
"""
_BUSINESS = """
select cp.provider_id, cast(sum(greatest(coalesce(l.in_scope_amount, l.amount), 0)) as bigint) as in_scope_amount,
       count(*) as n_lines
from effective_lines l join codes_provider cp on cp.provider_key = l.provider_key
where l.month >= ?
group by cp.provider_id order by cp.provider_id
"""


@dataclass(frozen=True)
class Located:
    """Guilty and reported lines, and the business around them; money in minor units.

    Parameters
    ----------
    planted : DataFrame
        One row per guilty claim line and scheme: `settlement_id`, `line_number`, `provider_id`, `person_id`,
        `practitioner_id` (who ordered it, else did it, else attended), `month`, `scheme_code`, `exposure_amount`.
    reported : DataFrame
        One row per violating claim line and rule: the same columns and `code`. Of a month's findings the largest
        exposure counts; what months find of a line one after the other, such as boxes of it, is added up.
    business : DataFrame
        One row per provider: `in_scope_amount` and `n_lines` of all its effective lines in the window.
    """

    planted: pd.DataFrame
    reported: pd.DataFrame
    business: pd.DataFrame


def has_settlements(store: ClaimsStore, settlement_ids: pd.Series, limits: EngineSettings) -> bool:
    """Tell whether the store holds any of the settlements; `limits` are those of the engine."""
    with limits.open() as engine:
        store.attach(engine)
        engine.register("wanted", pd.DataFrame({"settlement_id": settlement_ids.unique()}))
        ((n,),) = engine.rows("select count(*) from codes_settlement join wanted using (settlement_id)")
    return bool(n)


def locate(
    store: ClaimsStore,
    truth_lines: pd.DataFrame,
    findings: pd.DataFrame,
    finding_lines: pd.DataFrame,
    *,
    months: Sequence[str],
    first: str,
    limits: EngineSettings,
) -> Located:
    """Find the rows of both sides among the claims of some months; rows settled in others are left out.

    Parameters
    ----------
    store : ClaimsStore
        The claims.
    truth_lines : DataFrame
        Guilty rows.
    findings, finding_lines : DataFrame
        As in outputs.csv; findings of rules count.
    months : sequence of str
        Months to look in.
    first : str
        First month of the window that counts as business.
    limits : EngineSettings
        Of the engine.
    """
    rules = findings.loc[findings["source"] == "rule", ["finding_id", "code", "scheme_code", "month"]]
    rules = rules.rename(columns={"month": "found_month"})
    violating = finding_lines[finding_lines["role"] == "violating"].merge(rules, on="finding_id")
    keys = ["settlement_id", "line_number"]
    planted = truth_lines.drop_duplicates([*keys, "scheme_code"])
    with limits.open() as engine:
        store.attach(engine, months=list(months))
        business = engine.frame(_BUSINESS, [first]).set_index("provider_id")
        sides = [_by_line(engine, rows) for rows in (planted, violating)]
    once = [
        # A line named by its settlement and by itself, or by two findings of a rule, counts once, at the larger amount.
        side.sort_values("exposure_amount", ascending=False, kind="stable")
        .drop_duplicates([*keys, *(name for name in ("code", "scheme_code", "found_month") if name in side)])
        .sort_values(keys, ignore_index=True)
        for side in sides
    ]
    return Located(once[0], _over_months(once[1], [*keys, "code"]), business)


def _over_months(lines: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Add up what months found of a line one after the other."""
    added = lines.groupby(keys)["exposure_amount"].transform("sum")
    once = lines.assign(exposure_amount=added).drop_duplicates(keys, ignore_index=True)
    return once.drop(columns="found_month")


def _by_line(engine: DuckDBEngine, rows: pd.DataFrame) -> pd.DataFrame:
    rows = rows.reset_index(drop=True)
    wanted = pd.DataFrame(
        {
            "row_number": np.arange(len(rows), dtype=np.int64),
            "settlement_id": rows["settlement_id"].astype("str"),
            "line_number": rows["line_number"].astype("Int64"),
        }
    )
    engine.register("wanted", wanted)
    found = engine.frame(_LOCATED)
    place = found["row_number"].to_numpy(dtype=np.int64)
    whole = rows["exposure_amount"].to_numpy(dtype=np.int64)[place]
    result = found.drop(columns=["row_number", "weight"]).astype({"line_number": "int64"})
    names = [name for name in ("code", "scheme_code", "found_month") if name in rows]
    result[names] = rows[names].iloc[place].to_numpy()
    return result.assign(exposure_amount=spread(whole, place, found["weight"].to_numpy(dtype=np.int64)))


def spread(whole: np.ndarray, group: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Spread each group's amount over its rows by weight, to the cent.

    Parameters
    ----------
    whole : ndarray of int
        Amount of the row's group, minor units.
    group : ndarray of int
        Group of each row; groups lie together.
    weight : ndarray of int
        Not negative; equal parts where all of a group are zero.

    Examples
    --------
    >>> import numpy as np
    >>> spread(np.array([100, 100, 100, 7]), np.array([0, 0, 0, 1]), np.array([1, 1, 1, 0])).tolist()
    [33, 33, 34, 7]
    """
    if len(group) == 0:
        return np.empty(0, dtype=np.int64)
    starts = np.flatnonzero(np.r_[True, np.diff(group) != 0])
    sizes = np.diff(np.r_[starts, len(group)])
    is_empty = np.repeat(np.add.reduceat(weight, starts) == 0, sizes)
    weights = np.where(is_empty, 1, weight).astype(np.int64)
    running = np.cumsum(weights)
    upto = running - np.repeat(running[starts] - weights[starts], sizes)
    total = np.repeat(np.add.reduceat(weights, starts), sizes)
    reached = whole * upto // total
    reached_before = whole * (upto - weights) // total
    parts: np.ndarray = reached - reached_before
    return parts
