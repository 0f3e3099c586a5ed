"""Invented dispositions, as they come in life: late, partial, sometimes wrong, sometimes overturned."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from experiments.synthetic import arrow
from experiments.synthetic.randomness import stream
from experiments.synthetic.reviews import KINDS, RANDOM_AUDIT, Window, opened, reviews_of

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    from experiments.synthetic.city import City

# How reviews end. Of the guilty a part is missed or called something else; of the innocent a few are wronged.
_GUILTY_ENDS = {
    "confirmed_fraud": 0.78,
    "confirmed_abuse": 0.09,
    "insufficient_evidence": 0.06,
    "unfounded": 0.04,
    "confirmed_error": 0.03,
}
_INNOCENT_ENDS = {
    "unfounded": 0.76,
    "confirmed_error": 0.09,
    "insufficient_evidence": 0.08,
    "policy_ambiguity": 0.05,
    "confirmed_abuse": 0.02,
}
_DELAY_DAYS = {"small": (90, 200), "medium": (60, 160), "large": (40, 110)}
_CONFIRMED = ("confirmed_fraud", "confirmed_abuse", "confirmed_error", "confirmed_waste")
_APPEALED = ("confirmed_fraud", "confirmed_abuse")
_APPEAL_WON = {"guilty": 0.05, "innocent": 0.5}  # share of these decisions that an appeal overturns
_WON_ENDS = {  # what the decision becomes
    "guilty": {"confirmed_abuse": 0.45, "insufficient_evidence": 0.4, "unfounded": 0.15},
    "innocent": {"unfounded": 0.8, "policy_ambiguity": 0.2},
}
_ZERO = date(1970, 1, 1).toordinal()


def _ends(rng: np.random.Generator, chances: dict[str, float], n: int) -> npt.NDArray[np.str_]:
    ends: npt.NDArray[np.str_] = rng.choice(np.array(list(chances)), n, p=list(chances.values()))
    return ends


def _decided(reviews: pd.DataFrame, window: Window, rng: np.random.Generator) -> pd.DataFrame:
    """Decide every review: decision, days, amounts; in the order of the decisions, with their numbers."""
    n = len(reviews)
    guilty = reviews["scheme_code"].notna().to_numpy()
    decision = np.where(guilty, _ends(rng, _GUILTY_ENDS, n), _ends(rng, _INNOCENT_ENDS, n))
    low, high = (np.array([_DELAY_DAYS[s][i] for s in reviews["size"]], np.int64) for i in (0, 1))
    months = reviews["first_month"].fillna(f"{window.first:%Y-%m}")
    begun = np.array([date.fromisoformat(f"{m}-01").toordinal() for m in months], np.int64)
    decided = begun + low + (rng.random(n) * (high - low)).astype(np.int64)
    basis = np.where(guilty, reviews["exposure"], reviews["billed"] // 50)
    share, back = rng.uniform(0.55, 1.0, n), rng.uniform(0.4, 1.0, n)
    amount = np.where(np.isin(decision, _CONFIRMED), basis * share, 0).astype(np.int64)
    decisions = reviews.assign(
        guilty=guilty,
        decision=decision,
        begun=begun,
        decided=decided,
        known=decided + rng.integers(2, 25, n),
        until=np.minimum(decided - 10, window.last.toordinal()),
        amount=amount,
        recovered=(amount * back).astype(np.int64),
        overturns="",
    )
    decisions = decisions.sort_values(["decided", "subject_type", "subject_id", "scheme_code"], kind="stable")
    return decisions.assign(label_id=[f"L{i + 1:06d}" for i in range(n)])


def _appeals(decisions: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Overturn a few decisions some months later: a new row that names the one it replaces."""
    guilty, n = decisions["guilty"].to_numpy(bool), len(decisions)
    chance = np.where(guilty, _APPEAL_WON["guilty"], _APPEAL_WON["innocent"])
    won = np.isin(decisions["decision"], _APPEALED) & (rng.random(n) < chance)
    ends = np.where(guilty, _ends(rng, _WON_ENDS["guilty"], n), _ends(rng, _WON_ENDS["innocent"], n))
    # Nothing is overturned by what it already was.
    won &= ends != decisions["decision"].to_numpy()
    wait, sent, kept = rng.integers(30, 120, n), rng.integers(2, 25, n), rng.uniform(0.3, 0.8, n)
    rows = decisions[won]
    decided = rows["decided"].to_numpy() + wait[won]
    amount = np.where(np.isin(ends[won], _CONFIRMED), rows["amount"] * kept[won], 0).astype(np.int64)
    appeals = rows.assign(
        decision=ends[won],
        decided=decided,
        known=np.maximum(decided + sent[won], rows["known"] + 1),
        amount=amount,
        recovered=np.minimum(rows["recovered"], amount),
        overturns=rows["label_id"],
    )
    return appeals.assign(label_id=[f"L{n + i + 1:06d}" for i in range(len(appeals))])


def _labels_table(rows: pd.DataFrame) -> pa.Table:
    confirmed, audit = np.isin(rows["decision"], _CONFIRMED), rows["is_audit"].to_numpy(bool)
    scheme, chance = rows["scheme_code"].tolist(), rows["subject_type"].map(RANDOM_AUDIT).to_numpy(float)

    def text(name: str) -> pa.Array:
        return pa.array([str(value) or None for value in rows[name]], pa.string())

    def day(name: str) -> pa.Array:
        return arrow.days(rows[name].to_numpy(np.int64) - _ZERO, 0)

    return pa.table(
        {
            "label_id": text("label_id"),
            "subject_type": text("subject_type"),
            "subject_id": text("subject_id"),
            "decision": text("decision"),
            "decided_date": day("decided"),
            "known_date": day("known"),
            "period_start_date": day("begun"),
            "period_end_date": day("until"),
            "confirmed_amount": arrow.money(rows["amount"].to_numpy(np.int64)),
            "recovered_amount": arrow.money(rows["recovered"].to_numpy(np.int64)),
            "scheme_code": pa.array(
                [code if on and isinstance(code, str) else None for code, on in zip(scheme, confirmed, strict=True)],
                pa.string(),
            ),
            "selection_reason": pa.array(np.where(audit, "random_audit", "ranked").tolist(), pa.string()),
            "selection_probability": pa.array(chance, mask=~audit),
            "supersedes_label_id": text("overturns"),
        }
    )


def make_labels(city: City | Path, *, seed: int = 7, until: date | None = None) -> pa.Table:
    """Invent how an investigation unit disposed of part of a city.

    Only part of the guilty is examined, the large sooner and more often; decisions come one to seven months after the
    conduct began; some of the guilty go free and a few innocents are wronged; a review of a subject with several
    schemes ends in one decision for each that came to light; a few decisions are overturned on appeal. A small share
    of all subjects is drawn at random before anyone is ranked, with the probability on record.

    Parameters
    ----------
    city : City or Path
        A city, or the folder of a written source with its truth beside it; without schemes, only audits result.
    seed : int
        Equal seeds give equal labels.
    until : date, optional
        Leave out what became known later; the default keeps everything.

    Returns
    -------
    pyarrow.Table
        One row per decision, in the columns of the contract's `labels`.

    Raises
    ------
    InputError
        When the folder is no written city, or the city has no settlement.
    """
    with opened(city) as connection:
        window = Window.of(connection)
        reviews = pd.concat([reviews_of(connection, kind, seed) for kind in KINDS], ignore_index=True)
    rng = stream(seed, "labels/decisions")
    decisions = _decided(reviews, window, rng)
    rows = pd.concat([decisions, _appeals(decisions, stream(seed, "labels/appeals"))], ignore_index=True)
    rows = rows.sort_values(["decided", "label_id"], kind="stable")
    labels = _labels_table(rows)
    return labels if until is None else labels.filter(pc.less_equal(labels["known_date"], pa.scalar(until)))
