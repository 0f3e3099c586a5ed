"""What scoring knows of features: label, unit, suspicious tail, family and schemes, by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from features.declare import Family


@dataclass(frozen=True)
class FeatureWords:
    """One feature, as explanations and reasons speak of it."""

    name: str
    family: str
    label_en: str
    label_zh: str
    unit: str
    direction: str | None
    scheme_code: str


def feature_words(families: Iterable[Family]) -> dict[str, FeatureWords]:
    """Look features up by name."""
    return {
        feature.name: FeatureWords(
            feature.name,
            family.name,
            feature.title.en,
            feature.title.zh,
            feature.unit,
            feature.direction,
            feature.schemes[0] if feature.schemes else "",
        )
        for family in families
        for feature in family.features
    }
