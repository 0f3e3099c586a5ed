"""What a training learns from: profiles of observed months joined with the labels known on a day."""

from __future__ import annotations

import hashlib
import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from experiments.config import TrainConfig
from experiments.groups import join_groups
from experiments.known_then import MONTH, SUBJECT, Known
from experiments.months import observed_months, window_days
from features.build import build_profile
from features.catalogue import CONTEXT_FAMILY, family_of
from features.claims import ClaimsStore
from features.errors import InputError
from features.links import person_provider_links
from features.subjects import owners
from features.vocabulary.months import window
from fraud.labels import labels_as_of
from fraud.rings.core import core_rings
from fraud.rings.find import find_rings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from experiments.groups import Groups
    from features.build import Profile
    from features.vocabulary.entities import ScoredEntity
    from fraud.settings import Settings
    from fraud.workspace import Workspace


@dataclass(frozen=True)
class Dataset:
    """Profiles and labels of the months observed; one row per subject and month, all frames with one index.

    Parameters
    ----------
    entity, as_of : str, date
        Of whom, and what was known when.
    months : tuple of str
        Months observed, ascending.
    window_months : int
        Months the profiles look back.
    label_delay_months : int
        Months that decisions take.
    profiles, attributes : DataFrame
        Values and attributes of a `Profile`; index `subject_id` and `month`.
    labels : DataFrame
        As `fraud.labels.settle_labels` returns it, of the conduct in the row's window where several months are
        observed; NA where nothing is known.
    groups : Groups
        By subject: those of one group are never on both sides of a split.
    snapshot : str
        Digest of the store.
    families : mapping
        Family of each feature.
    """

    entity: ScoredEntity
    as_of: date
    months: tuple[str, ...]
    window_months: int
    label_delay_months: int
    profiles: pd.DataFrame
    attributes: pd.DataFrame
    labels: pd.DataFrame
    groups: Groups
    snapshot: str
    families: Mapping[str, str]

    @property
    def month(self) -> str:
        """The last month observed."""
        return self.months[-1]

    @property
    def is_positive(self) -> pd.Series:
        """Confirmed, cleared or unknown, per row."""
        return self.labels["is_positive"]

    @property
    def known(self) -> Known:
        """Labels, and what had been known of them earlier."""
        return Known(self.is_positive, self.labels["known_date"], self.as_of, self.label_delay_months)

    @property
    def group_of(self) -> pd.Series:
        """Group of each row."""
        of = self.groups.of.reindex(self.profiles.index.get_level_values(SUBJECT))
        return of.set_axis(self.profiles.index)

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
    workspace: Workspace, entity: ScoredEntity, as_of: date, settings: Settings, config: TrainConfig | None = None
) -> Dataset:
    """Build profiles of the months that a training observes, and join the labels known by `as_of`.

    Where one month is observed, every decision on a subject counts for it. Of several each gets the decisions that
    speak of conduct in its window.

    Raises
    ------
    InputError
        No month of the store had ended by then.
    """
    chosen = config or TrainConfig()
    store = ClaimsStore.open(workspace.store)
    n_window = chosen.window_months or settings.scoring.window_months
    months = observed_months(
        store.months(), as_of, window_months=n_window, n_months=chosen.n_months, step_months=chosen.step_months
    )
    found: dict[str, Profile] = {}
    with tempfile.TemporaryDirectory() as scratch:
        for month in months:
            with settings.engine.open() as engine:
                facts = Path(scratch)
                found[month] = build_profile(store, month, engine, entity, window_months=n_window, facts_folder=facts)
    values = _stacked({month: profile.features for month, profile in found.items()})
    labels = {}
    for month, profile in found.items():
        conduct = window_days(month, n_window) if len(months) > 1 else None
        labels[month] = labels_as_of(store, entity, as_of, conduct=conduct).reindex(profile.features.index)
    core = _core_members(store, months[-1], n_window, settings)
    rings = core[core["subject_type"] == entity].set_index("subject_id")["ring_id"]
    attributes = _stacked({month: profile.attributes for month, profile in found.items()})
    return Dataset(
        entity=entity,
        as_of=as_of,
        months=months,
        window_months=n_window,
        label_delay_months=chosen.label_delay_months,
        profiles=values,
        attributes=attributes,
        labels=_stacked(labels).astype({"is_positive": "boolean"}),
        groups=join_groups(owners(attributes.groupby(level=SUBJECT).last()), rings, max_share=1 / chosen.n_folds),
        snapshot=store.snapshot(),
        families=family_of(entity),
    )


def _stacked(frames: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    return pd.concat(frames, names=[MONTH, SUBJECT]).swaplevel().sort_index()


def _core_members(store: ClaimsStore, month: str, window_months: int, settings: Settings) -> pd.DataFrame:
    """Return the core members of the rings of a window, with the ring of each."""
    with settings.engine.open() as engine:
        store.attach(engine, months=list(window(store.months(), month, window_months)))
        links = person_provider_links(engine)
    found = find_rings(links, month, settings.rings)
    return core_rings(found.rings, found.members)


def features_digest(features: Sequence[str]) -> str:
    """Digest of the names of features, in their order."""
    return hashlib.sha256(json.dumps(list(features)).encode()).hexdigest()
