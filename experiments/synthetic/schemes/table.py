"""All schemes, in the order of planting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from experiments.synthetic.schemes.above_level import ABOVE_LEVEL
from experiments.synthetic.schemes.added_beds import ADDED_BEDS
from experiments.synthetic.schemes.after_death import AFTER_DEATH
from experiments.synthetic.schemes.after_discharge import AFTER_DISCHARGE
from experiments.synthetic.schemes.back_filled_prescriptions import BACK_FILLED_PRESCRIPTIONS
from experiments.synthetic.schemes.bed_holding import BED_HOLDING
from experiments.synthetic.schemes.borrowed_by_women import BORROWED_BY_WOMEN
from experiments.synthetic.schemes.borrowed_for_children import BORROWED_FOR_CHILDREN
from experiments.synthetic.schemes.card_bundling import CARD_BUNDLING
from experiments.synthetic.schemes.clinic_pharmacy_ring import CLINIC_PHARMACY_RING
from experiments.synthetic.schemes.code_swap import CODE_SWAP
from experiments.synthetic.schemes.cost_shifting import COST_SHIFTING
from experiments.synthetic.schemes.credential_cash_out import CREDENTIAL_CASH_OUT
from experiments.synthetic.schemes.crowded_machine import CROWDED_MACHINE
from experiments.synthetic.schemes.daily_purchases import DAILY_PURCHASES
from experiments.synthetic.schemes.double_enrolment import DOUBLE_ENROLMENT
from experiments.synthetic.schemes.doubled_codes import DOUBLED_CODES
from experiments.synthetic.schemes.drug_shopping import DRUG_SHOPPING
from experiments.synthetic.schemes.drugs_beyond_course import DRUGS_BEYOND_COURSE
from experiments.synthetic.schemes.duplicate_lines import DUPLICATE_LINES
from experiments.synthetic.schemes.early_refills import EARLY_REFILLS
from experiments.synthetic.schemes.ended_agreements import ENDED_AGREEMENTS
from experiments.synthetic.schemes.forged_scripts import FORGED_SCRIPTS
from experiments.synthetic.schemes.ghost_panel import GHOST_PANEL
from experiments.synthetic.schemes.impossible_day import IMPOSSIBLE_DAY
from experiments.synthetic.schemes.insider_overrides import INSIDER_OVERRIDES
from experiments.synthetic.schemes.many_hospitals import MANY_HOSPITALS
from experiments.synthetic.schemes.nurses_prescribe import NURSES_PRESCRIBE
from experiments.synthetic.schemes.off_centre_fills import OFF_CENTRE_FILLS
from experiments.synthetic.schemes.others_liability import OTHERS_LIABILITY
from experiments.synthetic.schemes.outside_limits import OUTSIDE_LIMITS
from experiments.synthetic.schemes.over_priced import OVER_PRICED
from experiments.synthetic.schemes.over_quantity import OVER_QUANTITY
from experiments.synthetic.schemes.overlapping_stays import OVERLAPPING_STAYS
from experiments.synthetic.schemes.padded_dialysis import PADDED_DIALYSIS
from experiments.synthetic.schemes.paid_twice import PAID_TWICE
from experiments.synthetic.schemes.phantom_admissions import PHANTOM_ADMISSIONS
from experiments.synthetic.schemes.price_spikes import PRICE_SPIKES
from experiments.synthetic.schemes.remote_concentration import REMOTE_CONCENTRATION
from experiments.synthetic.schemes.returned_drugs import RETURNED_DRUGS
from experiments.synthetic.schemes.rotating_stays import ROTATING_STAYS
from experiments.synthetic.schemes.sentinel_drug import SENTINEL_DRUG
from experiments.synthetic.schemes.signed_from_bed import SIGNED_FROM_BED
from experiments.synthetic.schemes.split_admission import SPLIT_ADMISSION
from experiments.synthetic.schemes.split_prescriptions import SPLIT_PRESCRIPTIONS
from experiments.synthetic.schemes.stock_mismatch import STOCK_MISMATCH
from experiments.synthetic.schemes.surgery_discount import SURGERY_DISCOUNT
from experiments.synthetic.schemes.swapped_diagnosis import SWAPPED_DIAGNOSIS
from experiments.synthetic.schemes.template_claims import TEMPLATE_CLAIMS
from experiments.synthetic.schemes.too_soon import TOO_SOON
from experiments.synthetic.schemes.two_jobs import TWO_JOBS
from experiments.synthetic.schemes.two_places import TWO_PLACES
from experiments.synthetic.schemes.unbundling import UNBUNDLING
from experiments.synthetic.schemes.unscanned_sales import UNSCANNED_SALES
from experiments.synthetic.schemes.upcoding import UPCODING
from experiments.synthetic.schemes.visits_during_stays import VISITS_DURING_STAYS

if TYPE_CHECKING:
    from experiments.synthetic.schemes.scheme import Scheme

# In the order of planting: what changes honest bills comes before what reads them.
SCHEMES: tuple[Scheme, ...] = (
    ENDED_AGREEMENTS,
    CLINIC_PHARMACY_RING,
    PADDED_DIALYSIS,
    SPLIT_ADMISSION,
    SWAPPED_DIAGNOSIS,
    UPCODING,
    COST_SHIFTING,
    UNBUNDLING,
    DUPLICATE_LINES,
    OVER_QUANTITY,
    IMPOSSIBLE_DAY,
    SENTINEL_DRUG,
    CARD_BUNDLING,
    BACK_FILLED_PRESCRIPTIONS,
    PHANTOM_ADMISSIONS,
    BED_HOLDING,
    REMOTE_CONCENTRATION,
    CREDENTIAL_CASH_OUT,
    CODE_SWAP,
    RETURNED_DRUGS,
    STOCK_MISMATCH,
    INSIDER_OVERRIDES,
    GHOST_PANEL,
    OVER_PRICED,
    TOO_SOON,
    EARLY_REFILLS,
    SURGERY_DISCOUNT,
    OUTSIDE_LIMITS,
    ABOVE_LEVEL,
    NURSES_PRESCRIBE,
    SPLIT_PRESCRIPTIONS,
    BORROWED_BY_WOMEN,
    BORROWED_FOR_CHILDREN,
    MANY_HOSPITALS,
    DRUG_SHOPPING,
    TWO_PLACES,
    OVERLAPPING_STAYS,
    VISITS_DURING_STAYS,
    SIGNED_FROM_BED,
    UNSCANNED_SALES,
    PAID_TWICE,
    DOUBLE_ENROLMENT,
    AFTER_DISCHARGE,
    ROTATING_STAYS,
    OTHERS_LIABILITY,
    AFTER_DEATH,
    DRUGS_BEYOND_COURSE,
    OFF_CENTRE_FILLS,
    FORGED_SCRIPTS,
    DOUBLED_CODES,
    DAILY_PURCHASES,
    PRICE_SPIKES,
    TEMPLATE_CLAIMS,
    TWO_JOBS,
    CROWDED_MACHINE,
    ADDED_BEDS,
)
