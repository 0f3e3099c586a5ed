"""One entity's month before it is scored: profiles, findings of rules and rings, labels and model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from features.build import Profile
    from features.vocabulary.entities import Entity
    from fraud.findings import Findings
    from fraud.registry.records import LoadedModel


@dataclass(frozen=True)
class EntityMonth:
    """Everything known of one entity's subjects before they are scored.

    Parameters
    ----------
    entity, month : str
        `provider` or `patient`; YYYY-MM.
    profile : Profile
        Features, peers, attributes.
    findings : Findings
        Of rules and rings, on any subject.
    ring_scores : DataFrame
        From `fraud.rings.ring_scores`.
    is_positive : Series
        Labels known: nullable boolean per subject.
    model : LoadedModel or None
        None scores without one.
    previous_ranks : Series or None
        Ranks of the month before.
    """

    entity: Entity
    month: str
    profile: Profile
    findings: Findings
    ring_scores: pd.DataFrame
    is_positive: pd.Series
    model: LoadedModel | None
    previous_ranks: pd.Series | None

    @property
    def subjects(self) -> pd.Index:
        """Ids of the subjects, sorted."""
        return self.profile.attributes.index

    @property
    def features(self) -> pd.DataFrame:
        """One row per subject, one column per feature."""
        return self.profile.features

    @property
    def mode(self) -> str:
        """What the model score means: none, positive_unlabelled or labelled."""
        return "none" if self.model is None or self.features.empty else str(self.model.card["mode"])

    def findings_of(self, source: str) -> pd.DataFrame:
        """Return the findings of one source on subjects of this entity."""
        findings = self.findings.findings
        return findings[(findings["subject_type"] == self.entity) & (findings["source"] == source)]
