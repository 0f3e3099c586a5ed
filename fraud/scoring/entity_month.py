"""One entity's month before it is scored: profiles, findings of rules and rings, labels and model."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.build import Profile
    from features.vocabulary.entities import Entity
    from features.vocabulary.text import Text
    from fraud.findings import Findings
    from fraud.registry.records import LoadedModel


@dataclass(frozen=True)
class EntityMonth:
    """Everything known of one entity's subjects before they are scored.

    Parameters
    ----------
    entity, month : str
        `provider`, `patient` or `practitioner`; YYYY-MM.
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
    shared : mapping of str to Text
        Identifiers under which many work, each with the sentence that says how that is known.
    """

    entity: Entity
    month: str
    profile: Profile
    findings: Findings
    ring_scores: pd.DataFrame
    is_positive: pd.Series
    model: LoadedModel | None
    previous_ranks: pd.Series | None
    shared: Mapping[str, Text] = field(default_factory=dict)

    @property
    def is_shared(self) -> pd.Series:
        """Whether many work under the identifier of each subject: what needs one body cannot be said of it."""
        return pd.Series(self.subjects.isin(list(self.shared)), index=self.subjects)

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
