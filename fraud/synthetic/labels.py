"""Invented dispositions, as they come in life: late, partial, and sometimes wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from fraud.synthetic import arrow
from fraud.synthetic.randomness import stream

if TYPE_CHECKING:
    import numpy.typing as npt

    from fraud.synthetic.city import City

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
_EXAMINED = {"small": 0.25, "medium": 0.5, "large": 0.75}  # of guilty providers; the large draw attention sooner
_DELAY_DAYS = {"small": (90, 200), "medium": (60, 160), "large": (40, 110)}
_USED_PATIENTS_EXAMINED = 0.42
_INNOCENT_PER_GUILTY = 0.9  # reviews of the large and the odd that were innocent after all
_RANDOM_AUDIT = {"provider": 0.04, "patient": 0.006}
_CONFIRMED = ("confirmed_fraud", "confirmed_abuse", "confirmed_error", "confirmed_waste")


@dataclass(frozen=True)
class _Kind:
    name: str
    key: str
    truth: str


_KINDS = (_Kind("provider", "provider_id", "truth_providers"), _Kind("patient", "person_id", "truth_patients"))


def _exposures(city: City, key: str) -> pd.Series:
    """Sum the planted money (cents) per subject."""
    settlements = city.tables["settlements"].select(["settlement_id", key])
    joined = city.truth["truth_lines"].join(settlements, "settlement_id")
    exposure = pc.cast(pc.multiply(joined["exposure_amount"], pa.scalar(100)), pa.int64())
    frame = pd.DataFrame({"subject": joined[key].to_pylist(), "cents": exposure.to_pylist()})
    return frame.groupby("subject")["cents"].sum()


def _billed(city: City, key: str) -> pd.Series:
    settlements = city.tables["settlements"]
    frame = pd.DataFrame(
        {
            "subject": settlements[key].to_pylist(),
            "cents": pc.cast(pc.multiply(settlements["total_amount"], pa.scalar(100)), pa.int64()).to_pylist(),
        }
    )
    return frame.groupby("subject")["cents"].sum().sort_index()


def _ends(rng: np.random.Generator, chances: dict[str, float], n: int) -> npt.NDArray[np.str_]:
    return rng.choice(list(chances), n, p=list(chances.values()))


def _reviews(city: City, kind: _Kind, rng: np.random.Generator) -> pd.DataFrame:
    """One row per reviewed subject: subject, guilty, size, first_month, scheme, why it was chosen."""
    guilty = city.frame(kind.truth).astype(object).drop_duplicates(kind.key).set_index(kind.key).sort_index()
    size = guilty["size"] if "size" in guilty else pd.Series("medium", index=guilty.index)
    chance = size.map(_EXAMINED) if kind.name == "provider" else pd.Series(_USED_PATIENTS_EXAMINED, index=guilty.index)
    examined = guilty.index[rng.random(len(guilty)) < chance.to_numpy(float)]
    billed = _billed(city, kind.key)
    innocent = billed[~billed.index.isin(guilty.index)]
    twins = city.frame("truth_twins").astype(object)
    twins = twins.loc[twins["subject_type"] == kind.name, "subject_id"].unique()
    odd = np.sort(np.asarray([t for t in twins.tolist() if t in innocent.index], object))
    odd = odd[rng.random(len(odd)) < 0.4]
    n_more = max(0, round(_INNOCENT_PER_GUILTY * len(examined)) - len(odd))
    largest = innocent.drop(odd).sort_values(ascending=False, kind="stable").index[: 4 * n_more].to_numpy(object)
    large = rng.choice(largest, min(n_more, len(largest)), replace=False)
    ranked = np.unique(np.concatenate([examined.to_numpy(object), odd, large]).astype(str))
    share = _RANDOM_AUDIT[kind.name]
    drawn = billed.index[rng.random(len(billed)) < share].to_numpy(object).astype(str)
    drawn = drawn[~np.isin(drawn, ranked)]
    subjects = np.concatenate([ranked, drawn])
    return pd.DataFrame(
        {
            "subject_id": subjects,
            "subject_type": kind.name,
            "guilty": np.isin(subjects, guilty.index.to_numpy(object).astype(str)),
            "size": size.reindex(subjects).fillna("medium").to_numpy(),
            "first_month": guilty["first_month"].reindex(subjects).fillna(city.months[0]).to_numpy(),
            "scheme_code": guilty["scheme_code"].reindex(subjects).to_numpy(),
            "is_audit": np.arange(len(subjects)) >= len(ranked),
            "exposure": _exposures(city, kind.key).reindex(subjects).fillna(0).astype(np.int64).to_numpy(),
            "billed": billed.reindex(subjects).to_numpy(),
        }
    )


def invent_labels(city: City, *, seed: int = 7, until: date | None = None) -> pa.Table:
    """Invent how an investigation unit disposed of part of a city.

    Only part of the guilty is examined, the large sooner and more often; decisions come one to six months after the
    conduct began; some of the guilty go free and a few innocents are wronged; a small share of all subjects is drawn
    at random, with the probability on record.

    Parameters
    ----------
    city : City
        A city with schemes; without any, only audits of innocents result.
    seed : int
        Equal seeds give equal labels.
    until : date, optional
        Leave out what became known later; the default keeps everything.

    Returns
    -------
    pyarrow.Table
        One row per decision, in the columns of the contract's `labels`.
    """
    parts = [_reviews(city, kind, stream(seed, f"labels/{kind.name}")) for kind in _KINDS]
    reviews = pd.concat(parts, ignore_index=True)
    rng = stream(seed, "labels/decisions")
    n = len(reviews)
    guilty = reviews["guilty"].to_numpy()
    decision = np.where(guilty, _ends(rng, _GUILTY_ENDS, n), _ends(rng, _INNOCENT_ENDS, n))
    low, high = (np.array([_DELAY_DAYS[s][i] for s in reviews["size"]]) for i in (0, 1))
    begun = np.array([date.fromisoformat(f"{m}-01").toordinal() for m in reviews["first_month"]])
    decided = begun + low + (rng.random(n) * (high - low)).astype(np.int64)
    known = decided + rng.integers(2, 25, n)
    confirmed = np.isin(decision, _CONFIRMED)
    basis = np.where(guilty, reviews["exposure"], reviews["billed"] // 50)
    amount = np.where(confirmed, basis * rng.uniform(0.55, 1.0, n), 0).astype(np.int64)
    recovered = (amount * rng.uniform(0.4, 1.0, n)).astype(np.int64)
    audit = reviews["is_audit"].to_numpy()
    chance = reviews["subject_type"].map(_RANDOM_AUDIT).to_numpy(float)
    end = (pd.Period(city.months[-1], "M") + 1).start_time.date() - timedelta(days=1)
    order = np.lexsort((reviews["subject_id"], decided))
    zero = date(1970, 1, 1).toordinal()
    scheme = [
        code if on and isinstance(code, str) else None
        for code, on in zip(reviews["scheme_code"], confirmed, strict=True)
    ]
    labels = pa.table(
        {
            "subject_type": pa.array(reviews["subject_type"].tolist(), pa.string()),
            "subject_id": pa.array(reviews["subject_id"].tolist(), pa.string()),
            "decision": pa.array(decision.tolist(), pa.string()),
            "decided_date": arrow.days(decided - zero, 0),
            "known_date": arrow.days(known - zero, 0),
            "period_start_date": arrow.days(begun - zero, 0),
            "period_end_date": arrow.days(np.minimum(decided - 10, end.toordinal()) - zero, 0),
            "confirmed_amount": arrow.money(amount),
            "recovered_amount": arrow.money(recovered),
            "scheme_code": pa.array(scheme, pa.string()),
            "selection_reason": pa.array(np.where(audit, "random_audit", "ranked").tolist(), pa.string()),
            "selection_probability": pa.array(chance, mask=~audit),
        }
    ).take(pa.array(order))
    numbers = pa.array([f"L{i + 1:06d}" for i in range(n)], pa.string())
    labels = labels.add_column(0, "label_id", numbers)
    return labels if until is None else labels.filter(pc.less_equal(labels["known_date"], pa.scalar(until)))
