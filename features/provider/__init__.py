"""Features of providers, one file a family."""

from features.provider import (
    amounts,
    burden,
    calendar,
    case_mix,
    concentration,
    digits,
    dispensing,
    panel,
    practitioners,
    prescriptions,
    rhythm,
    service_mix,
    stays,
    stock,
    trace,
    volume,
)

FAMILIES = (
    *volume.FAMILIES,
    *amounts.FAMILIES,
    *burden.FAMILIES,
    *concentration.FAMILIES,
    *calendar.FAMILIES,
    *rhythm.FAMILIES,
    *digits.FAMILIES,
    *stays.FAMILIES,
    *panel.FAMILIES,
    *practitioners.FAMILIES,
    *service_mix.FAMILIES,
    *prescriptions.FAMILIES,
    *dispensing.FAMILIES,
    *trace.FAMILIES,
    *stock.FAMILIES,
    *case_mix.FAMILIES,
)
