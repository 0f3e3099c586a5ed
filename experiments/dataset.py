"""What a training learns from: profiles of one month joined with the labels known on a day."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from features.build import build_profiles
from features.catalogue import CONTEXT_FAMILY, family_of
from features.claims import ClaimsStore
from features.errors import InputError
from features.subjects import owners
from features.vocabulary.months import last_day
from fraud.labels import labels_as_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    import pandas as pd

    from features.vocabulary.entities import ScoredEntity
    from fraud.settings import Settings
    from fraud.workspace import Workspace


@dataclass(frozen=True)
class Dataset:
    """Profiles and labels of one month; all frames have one index, sorted by subject.

    Parameters
    ----------
    entity, month, as_of : str, str, date
        Of whom, of when, and what was known when.
    window_months : int
        Months the profiles look back.
    profiles, attributes : DataFrame
        Values and attributes of a `Profile`.
    labels : DataFrame
        As `fraud.labels.settle_labels` returns it, one row per subject, NA where nothing is known.
    snapshot : str
        Digest of the store.
    families : mapping
        Family of each feature.
    """

    entity: ScoredEntity
    month: str
    as_of: date
    window_months: int
    profiles: pd.DataFrame
    attributes: pd.DataFrame
    labels: pd.DataFrame
    snapshot: str
    families: Mapping[str, str]

    @property
    def is_positive(self) -> pd.Series:
        """Confirmed, cleared or unknown, per subject."""
        return self.labels["is_positive"]

    @property
    def groups(self) -> pd.Series:
        """Owner of each subject: subjects of one owner are never on both sides of a split."""
        return owners(self.attributes)

    @property
    def context(self) -> list[str]:
        """Features of the case mix: what patients bring, not what the subject does."""
        return [name for name in self.profiles.columns if self.families.get(name) == CONTEXT_FAMILY]

    def without(self, features: Sequence[str]) -> pd.DataFrame:
        """Values without the features that a training leaves out.

        Raises
        ------
        InputError
            A feature to leave out does not exist.
        """
        for name in features:
            if name not in self.profiles.columns:
                raise InputError.unknown_name("feature", "in leave_out", name, self.profiles.columns)
        return self.profiles.drop(columns=list(features)).astype("float64")


def build_dataset(
    workspace: Workspace, entity: ScoredEntity, as_of: date, settings: Settings, *, window_months: int | None = None
) -> Dataset:
    """Build profiles of the last month that had ended by `as_of`, and join the labels known by then.

    Raises
    ------
    InputError
        No month of the store had ended by then.
    """
    store = ClaimsStore.open(workspace.store)
    month = last_ended_month(store.months(), as_of)
    window = window_months or settings.scoring.window_months
    with settings.engine.open() as engine:
        profiles = build_profiles(store, month, engine, window_months=window, peers=False)
    profile = profiles.providers if entity == "provider" else profiles.patients
    values = profile.features
    labels = labels_as_of(store, entity, as_of).reindex(values.index)
    return Dataset(
        entity=entity,
        month=month,
        as_of=as_of,
        window_months=window,
        profiles=values,
        attributes=profile.attributes,
        labels=labels.astype({"is_positive": "boolean"}),
        snapshot=store.snapshot(),
        families=family_of(entity),
    )


def last_ended_month(months: Sequence[str], as_of: date) -> str:
    """Return the last month whose last day is not after `as_of`.

    Examples
    --------
    >>> from datetime import date
    >>> last_ended_month(["2026-01", "2026-02"], date(2026, 2, 27))
    '2026-01'
    """
    ended = [month for month in months if last_day(month) <= as_of]
    if not ended:
        have = ", ".join(months) or "none"
        hint = "give a later --as-of, or ingest earlier months"
        raise InputError.of("--as-of", str(as_of), f"no month of the store had ended by then; months are {have}", hint)
    return max(ended)


def features_digest(features: Sequence[str]) -> str:
    """Digest of the names of features, in their order."""
    return hashlib.sha256(json.dumps(list(features)).encode()).hexdigest()
