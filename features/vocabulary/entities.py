"""Whom the toolkit speaks of: who has a profile, who is scored, and the columns that hold their ids."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    from collections.abc import Mapping

# A pharmacy is a provider with further columns.
Entity = Literal["provider", "patient", "practitioner"]
ScoredEntity = Literal["provider", "patient"]

PROFILED: tuple[Entity, ...] = get_args(Entity)
SCORED: tuple[ScoredEntity, ...] = get_args(ScoredEntity)
ID_COLUMNS: Mapping[str, str] = {
    "provider": "provider_id",
    "patient": "person_id",
    "practitioner": "practitioner_id",
}
PHARMACIES = ("retail_pharmacy", "dual_channel_pharmacy")
