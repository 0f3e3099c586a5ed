"""Whom the toolkit speaks of: who has a profile, who has models and cases, and the columns that hold their ids."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    from collections.abc import Mapping

# A pharmacy is a provider with further columns. Whoever has a profile is ranked in a scored month.
Entity = Literal["provider", "patient", "practitioner"]
# Models are trained on decisions about these, and they become cases.
ScoredEntity = Literal["provider", "patient"]

PROFILED: tuple[Entity, ...] = get_args(Entity)
SCORED: tuple[ScoredEntity, ...] = get_args(ScoredEntity)
ID_COLUMNS: Mapping[str, str] = {
    "provider": "provider_id",
    "patient": "person_id",
    "practitioner": "practitioner_id",
}
PHARMACIES = ("retail_pharmacy", "dual_channel_pharmacy")
