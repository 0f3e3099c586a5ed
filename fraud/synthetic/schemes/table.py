"""All schemes, in the order of planting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fraud.synthetic.schemes.back_filled_prescriptions import BACK_FILLED_PRESCRIPTIONS
from fraud.synthetic.schemes.bed_holding import BED_HOLDING
from fraud.synthetic.schemes.card_bundling import CARD_BUNDLING
from fraud.synthetic.schemes.clinic_pharmacy_ring import CLINIC_PHARMACY_RING
from fraud.synthetic.schemes.code_swap import CODE_SWAP
from fraud.synthetic.schemes.cost_shifting import COST_SHIFTING
from fraud.synthetic.schemes.credential_cash_out import CREDENTIAL_CASH_OUT
from fraud.synthetic.schemes.duplicate_lines import DUPLICATE_LINES
from fraud.synthetic.schemes.ghost_panel import GHOST_PANEL
from fraud.synthetic.schemes.impossible_day import IMPOSSIBLE_DAY
from fraud.synthetic.schemes.insider_overrides import INSIDER_OVERRIDES
from fraud.synthetic.schemes.over_quantity import OVER_QUANTITY
from fraud.synthetic.schemes.phantom_admissions import PHANTOM_ADMISSIONS
from fraud.synthetic.schemes.remote_concentration import REMOTE_CONCENTRATION
from fraud.synthetic.schemes.returned_drugs import RETURNED_DRUGS
from fraud.synthetic.schemes.sentinel_drug import SENTINEL_DRUG
from fraud.synthetic.schemes.split_admission import SPLIT_ADMISSION
from fraud.synthetic.schemes.stock_mismatch import STOCK_MISMATCH
from fraud.synthetic.schemes.swapped_diagnosis import SWAPPED_DIAGNOSIS
from fraud.synthetic.schemes.unbundling import UNBUNDLING
from fraud.synthetic.schemes.upcoding import UPCODING

if TYPE_CHECKING:
    from fraud.synthetic.schemes.scheme import Scheme

# In the order of planting: what changes honest bills comes before what reads them.
SCHEMES: tuple[Scheme, ...] = (
    CLINIC_PHARMACY_RING,
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
)
