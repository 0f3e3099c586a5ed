"""Facts: what a claims month says, written once per month and merged over months by every profile."""

from features.facts.diagnoses import ADDED_DIAGNOSIS_FACT, PROVIDER_DIAGNOSIS_FACT, SECONDARY_DIAGNOSIS_FACT
from features.facts.goods import BOX_FACT, DELIVERY_FACT, DRUG_FACT, PRESCRIPTION_FACT, STOCK_FACT
from features.facts.items import PERSON_ITEM_FACT, PROVIDER_ITEM_FACT
from features.facts.limits import LIMIT_FACT, PAIR_FACT, QUANTITY_FACT, RESTRICTION_FACT
from features.facts.practitioners import OPERATION_FACT, ORDERED_ITEM_FACT, WORK_FACT
from features.facts.quality import INVOICE_FACT, LINE_FAULT_FACT
from features.facts.services import IMAGING_FACT, PACKAGE_FACT
from features.facts.settlements import SETTLEMENT_FACT
from features.facts.stays import BED_FACT, LEAVE_FACT

FACTS = (
    SETTLEMENT_FACT,
    PROVIDER_ITEM_FACT,
    PERSON_ITEM_FACT,
    PROVIDER_DIAGNOSIS_FACT,
    SECONDARY_DIAGNOSIS_FACT,
    ADDED_DIAGNOSIS_FACT,
    BED_FACT,
    LEAVE_FACT,
    DRUG_FACT,
    PRESCRIPTION_FACT,
    BOX_FACT,
    DELIVERY_FACT,
    STOCK_FACT,
    WORK_FACT,
    ORDERED_ITEM_FACT,
    OPERATION_FACT,
    IMAGING_FACT,
    PACKAGE_FACT,
    LIMIT_FACT,
    RESTRICTION_FACT,
    QUANTITY_FACT,
    PAIR_FACT,
    LINE_FAULT_FACT,
    INVOICE_FACT,
)
