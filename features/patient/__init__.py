"""Features of patients, one file a family."""

from features.patient import (
    amounts,
    care,
    case_mix,
    companions,
    diagnoses,
    drugs,
    items,
    payment,
    places,
    prescriptions,
    stays,
    volume,
)

FAMILIES = (
    *volume.FAMILIES,
    *amounts.FAMILIES,
    *payment.FAMILIES,
    *care.FAMILIES,
    *stays.FAMILIES,
    *diagnoses.FAMILIES,
    *items.FAMILIES,
    *drugs.FAMILIES,
    *prescriptions.FAMILIES,
    *places.FAMILIES,
    *companions.FAMILIES,
    *case_mix.FAMILIES,
)
