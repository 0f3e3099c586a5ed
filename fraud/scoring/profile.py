"""What scoring needs of a profile, so that tests can invent one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import pandas as pd


class PeersLike(Protocol):
    """Frames of the shape of the profile's values, and the group of each subject."""

    @property
    def group(self) -> pd.Series:
        """Peer group of each subject."""

    @property
    def n(self) -> pd.DataFrame:
        """Peers with a known value."""

    @property
    def median(self) -> pd.DataFrame:
        """Median of the peers."""

    @property
    def percentile(self) -> pd.DataFrame:
        """Place among the peers, 0..100."""

    @property
    def distance(self) -> pd.DataFrame:
        """Robust distance from the median."""


class ProfileLike(Protocol):
    """One row per subject of a month: values, peers and attributes under one index."""

    @property
    def values(self) -> pd.DataFrame:
        """Features."""

    @property
    def peers(self) -> PeersLike:
        """Comparison with peers."""

    @property
    def attributes(self) -> pd.DataFrame:
        """What a subject is."""
