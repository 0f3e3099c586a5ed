"""All schemes, in the order of planting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fraud.synthetic.schemes.card_bundling import CARD_BUNDLING
from fraud.synthetic.schemes.clinic_pharmacy_ring import CLINIC_PHARMACY_RING
from fraud.synthetic.schemes.duplicate_lines import DUPLICATE_LINES
from fraud.synthetic.schemes.split_admission import SPLIT_ADMISSION

if TYPE_CHECKING:
    from fraud.synthetic.schemes.scheme import Scheme

SCHEMES: tuple[Scheme, ...] = (CLINIC_PHARMACY_RING, SPLIT_ADMISSION, DUPLICATE_LINES, CARD_BUNDLING)
