"""Features of providers, one file a family."""

from features.provider import (
    amounts,
    calendar,
    case_mix,
    concentration,
    dispensing,
    panel,
    practitioners,
    prescriptions,
    service_mix,
    stays,
    stock,
    trace,
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
    *prescriptions.FAMILIES,
    *dispensing.FAMILIES,
    *trace.FAMILIES,
    *stock.FAMILIES,
    *case_mix.FAMILIES,
)
