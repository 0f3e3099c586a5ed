"""What training needs to know of the features: the family of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.catalogue import families

if TYPE_CHECKING:
    from fraud.labels import Entity


def family_of(entity: Entity) -> dict[str, str]:
    """Return the family of each feature of an entity."""
    return {feature.name: family.name for family in families(entity) for feature in family.features}
