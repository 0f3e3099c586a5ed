"""Labels of subjects as known on a day: the decision on each, whether it says yes, no or neither."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from features.engine import DuckDBEngine

if TYPE_CHECKING:
    from datetime import date

    from features.claims import ClaimsStore
    from features.vocabulary.entities import Entity

# Waste, billing errors, policy questions and thin evidence say neither yes nor no about fraud and abuse:
# those subjects stay unknown, as unlabelled ones are.
POSITIVE = ("confirmed_fraud", "confirmed_abuse")
NEGATIVE = ("unfounded",)
COLUMNS = ("is_positive", "decision", "known_date", "confirmed_amount", "selection_reason", "selection_probability")
_READ = (
    "label_id",
    "subject_type",
    "subject_id",
    "decision",
    "decided_date",
    "known_date",
    "period_start_date",
    "period_end_date",
    "confirmed_amount",
    "finding_id",
    "selection_reason",
    "selection_probability",
    "supersedes_label_id",
)


def meaning_of(decision: str) -> str:
    """Say what a decision says of its subject: `yes`, `no`, or `neither`.

    Examples
    --------
    >>> meaning_of("confirmed_abuse"), meaning_of("unfounded"), meaning_of("policy_ambiguity")
    ('yes', 'no', 'neither')
    """
    if decision in POSITIVE:
        return "yes"
    return "no" if decision in NEGATIVE else "neither"


def labels_as_of(
    store: ClaimsStore, entity: Entity, as_of: date, *, conduct: tuple[date, date] | None = None
) -> pd.DataFrame:
    """Read what was known of subjects on a day.

    One row per subject with a label known by `as_of`; index `subject_id`, sorted.

    Parameters
    ----------
    store : ClaimsStore
        Holds the contract's `labels`.
    entity : str
        `provider`, `patient` or `practitioner`.
    as_of : date
        Labels known later do not exist yet.
    conduct : tuple of date, optional
        As in `settle_labels`.

    Returns
    -------
    DataFrame
        Columns as in `settle_labels`; empty when the store has no labels.
    """
    if not store.has("labels"):
        return settle_labels(pd.DataFrame(columns=list(_READ)), entity, as_of, conduct=conduct)
    with DuckDBEngine(threads=1) as engine:
        store.attach_only(engine, "labels")
        labels = engine.frame(f"SELECT {', '.join(_READ)} FROM labels ORDER BY label_id")
    return settle_labels(labels, entity, as_of, conduct=conduct)


def settle_labels(
    labels: pd.DataFrame, entity: Entity, as_of: date, *, conduct: tuple[date, date] | None = None
) -> pd.DataFrame:
    """Bring decisions to one word per subject, as it stood on a day.

    A decision is dropped once another that supersedes it is known. What clears one finding does not clear its
    subject, so such a label is left out; what confirms one finding confirms its subject. Of several decisions the
    one decided last counts, then the one known last. Where those of one day do not say the same, nobody knows: the
    subject stays unknown. Among those that do, the larger label id gives amount and selection.

    Parameters
    ----------
    labels : DataFrame
        One row per decision, columns as in the contract; absent optional columns are NA.
    entity : str
        `provider`, `patient` or `practitioner`.
    as_of : date
        Last day on which a label may have become known.
    conduct : tuple of date, optional
        First and last day of conduct asked about: a decision whose period lies wholly before or after says nothing of
        it and is left out. One without a period speaks of all conduct, and so does an open end of a period.

    Returns
    -------
    DataFrame
        One row per subject: `is_positive` (nullable boolean; NA when the decision says neither), `decision`,
        `known_date`, `confirmed_amount` (minor units), `selection_reason`, `selection_probability`.

    Examples
    --------
    The confirmation is overturned, which became known in May.

    >>> from datetime import date
    >>> labels = pd.DataFrame({"label_id": ["L1", "L2"], "subject_type": "provider", "subject_id": "H1",
    ...     "decision": ["confirmed_abuse", "unfounded"], "decided_date": ["2026-03-01", "2026-05-01"],
    ...     "known_date": ["2026-03-01", "2026-05-01"], "finding_id": None, "supersedes_label_id": [None, "L1"],
    ...     "confirmed_amount": None, "selection_reason": None, "selection_probability": None})
    >>> days = (date(2026, 4, 1), date(2026, 6, 1))
    >>> [bool(settle_labels(labels, "provider", day).loc["H1", "is_positive"]) for day in days]
    [True, False]
    """
    known_date = pd.to_datetime(labels["known_date"])
    known = labels.assign(known_date=known_date, decided_date=pd.to_datetime(labels["decided_date"]))
    known = known[(known_date <= pd.Timestamp(as_of)).to_numpy(dtype=bool) & (known["subject_type"] == entity)]
    superseded = set(known["supersedes_label_id"].dropna())
    known = known[~known["label_id"].isin(superseded)]
    if conduct is not None:
        known = known[_speaks_of(known, conduct)]
    of_one_finding = known["finding_id"].notna() & known["decision"].isin(NEGATIVE)
    known = known[~of_one_finding].sort_values(["subject_id", "decided_date", "known_date", "label_id"])
    last = known.drop_duplicates("subject_id", keep="last").set_index("subject_id")
    is_positive = pd.Series(pd.NA, index=last.index, dtype="boolean")
    is_positive[last["decision"].isin(POSITIVE)] = True
    is_positive[last["decision"].isin(NEGATIVE)] = False
    is_positive[last.index.isin(_contradicted(known))] = pd.NA
    return last.assign(is_positive=is_positive)[list(COLUMNS)]


def _speaks_of(known: pd.DataFrame, conduct: tuple[date, date]) -> pd.Series:
    first, last = (pd.Timestamp(day) for day in conduct)
    begins, ends = (pd.to_datetime(known[name]) for name in ("period_start_date", "period_end_date"))
    return (begins.isna() | (begins <= last)) & (ends.isna() | (ends >= first))


def _contradicted(known: pd.DataFrame) -> pd.Index:
    """Return subjects whose last decisions, of one day, say different things."""
    days = ["decided_date", "known_date"]
    last = known.drop_duplicates("subject_id", keep="last")[["subject_id", *days]]
    of_that_day = known.merge(last, on=["subject_id", *days])
    n_said = of_that_day["decision"].map(meaning_of).groupby(of_that_day["subject_id"]).nunique()
    return n_said.index[n_said > 1]
