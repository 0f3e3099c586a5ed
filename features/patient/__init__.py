"""Features of patients, one file a family."""

from features.patient import amounts, care, case_mix, items, volume

FAMILIES = (*volume.FAMILIES, *amounts.FAMILIES, *care.FAMILIES, *items.FAMILIES, *case_mix.FAMILIES)
