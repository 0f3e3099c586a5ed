"""The subjects whose scores are explained: their features, and their places among peers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Self

from features.catalogue import features
from fraud.scoring.sentences import Clue
from fraud.scoring.tails import Tails, suspicious_tails

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    import pandas as pd

    from features.build import Profile
    from features.declare import Feature
    from features.vocabulary.entities import Entity


@dataclass(frozen=True)
class Shown:
    """The subjects of one entity whose scores are explained.

    Parameters
    ----------
    profile : Profile
        Theirs, compared with all of their peers.
    tails : Tails
        How far into the suspicious tail of its peers each feature lies.
    """

    profile: Profile
    tails: Tails

    @classmethod
    def of(cls, profile: Profile, subjects: pd.Index) -> Self:
        """Take some of the subjects of a profile."""
        own = profile.of(subjects)
        return cls(own, suspicious_tails(own))

    @property
    def entity(self) -> Entity:
        """`provider`, `patient` or `practitioner`."""
        return self.profile.entity

    @property
    def subjects(self) -> pd.Index:
        """Ids of the subjects."""
        return self.profile.attributes.index

    @property
    def features(self) -> pd.DataFrame:
        """One row per subject, one column per feature."""
        return self.profile.features

    def clue(self, subject: object, feature: str, points: float | None = None) -> Clue:
        """Return what is known of one feature of one subject, and the points it adds where these are to be said."""
        declared = self._declared[feature]
        row, column = self.subjects.get_loc(subject), self.features.columns.get_loc(feature)
        value, median, percentile, n, is_low = (cells[row, column] for cells in self._cells)
        return Clue(
            title=declared.title,
            unit=declared.unit,
            entity=self.entity,
            value=float(value),
            median=float(median),
            percentile=float(percentile),
            n_peers=int(n),
            is_low=bool(is_low),
            points=points,
        )

    @cached_property
    def _declared(self) -> Mapping[str, Feature]:
        return features(self.entity)

    @cached_property
    def _cells(self) -> tuple[np.ndarray, ...]:
        peers = self.profile.peers
        frames = (self.features, peers.median, peers.percentile, peers.n, self.tails.is_low)
        return tuple(frame.to_numpy() for frame in frames)
