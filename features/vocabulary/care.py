"""Kinds of care, drugs and providers that belong together, as the contract spells them."""

from __future__ import annotations

# Encounters that occupy a bed.
BED_ENCOUNTERS = ("inpatient", "day_surgery", "maternity", "long_term_care")
# Outpatient care of registered chronic diseases, and of drugs under an approval of their own.
CHRONIC_ENCOUNTERS = ("chronic_outpatient", "special_drug")
# Drugs that come in boxes, each with a trace code; herbal pieces are weighed.
BOXED_DRUGS = ("western_drug", "chinese_patent_drug")
DRUGS = (*BOXED_DRUGS, "herbal")
# Providers that are primary care whatever their level.
PRIMARY_CARE = ("community_center", "village_clinic")
