"""Features of practitioners, one file a family."""

from features.practitioner import (
    coding,
    distribution,
    drugs,
    licence,
    operations,
    orders,
    people,
    prescriptions,
    sites,
    stays,
    volume,
    workload,
)

FAMILIES = (
    *volume.FAMILIES,
    *workload.FAMILIES,
    *sites.FAMILIES,
    *licence.FAMILIES,
    *orders.FAMILIES,
    *drugs.FAMILIES,
    *prescriptions.FAMILIES,
    *people.FAMILIES,
    *coding.FAMILIES,
    *stays.FAMILIES,
    *operations.FAMILIES,
    *distribution.FAMILIES,
)
