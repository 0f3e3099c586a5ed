"""Features of providers, one file a family."""

from features.provider import (
    amounts,
    calendar,
    case_mix,
    concentration,
    panel,
    practitioners,
    service_mix,
    stays,
    volume,
)

FAMILIES = (
    *volume.FAMILIES,
    *amounts.FAMILIES,
    *concentration.FAMILIES,
    *calendar.FAMILIES,
    *stays.FAMILIES,
    *panel.FAMILIES,
    *practitioners.FAMILIES,
    *service_mix.FAMILIES,
    *case_mix.FAMILIES,
)
