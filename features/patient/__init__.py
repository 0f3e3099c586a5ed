"""Features of patients, one file a family; families that share a name stand where their columns do."""

from features.patient import (
    amounts,
    calendar,
    case_mix,
    coding,
    companions,
    concentration,
    distribution,
    drugs,
    payment,
    places,
    practitioners,
    prescriptions,
    stays,
    tiered_care,
    trace,
    volume,
)

# Their order is that of a profile's columns, in which scores add up: moving a family changes last digits.
FAMILIES = (
    *volume.FAMILIES,
    *calendar.FAMILIES,
    *amounts.FAMILIES,
    *payment.FAMILIES,
    stays.COUNTS,
    concentration.PROVIDERS,
    *practitioners.FAMILIES,
    stays.STAYS,
    stays.MEANWHILE,
    stays.AFTER_DEATH,
    *coding.FAMILIES,
    *tiered_care.FAMILIES,
    concentration.ITEMS,
    *drugs.FAMILIES,
    *prescriptions.FAMILIES,
    *trace.FAMILIES,
    *places.FAMILIES,
    *companions.FAMILIES,
    *distribution.FAMILIES,
    *case_mix.FAMILIES,
)
