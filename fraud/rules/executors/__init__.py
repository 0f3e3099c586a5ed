"""The executors, by the name that a rule's `[executor]` gives as `kind`.

A folder per family that has one; the next executor of a family goes there, and into this mapping.
"""

from collections.abc import Mapping

from fraud.rules.executor import Executor
from fraud.rules.executors.actor.inside import Inside
from fraud.rules.executors.actor.overlap import Overlap
from fraud.rules.executors.actor.practitioner_day import PractitionerDay
from fraud.rules.executors.actor.prescriber_pair import PrescriberPair
from fraud.rules.executors.any_family.line import Line
from fraud.rules.executors.data_integrity.after_person_date import AfterPersonDate
from fraud.rules.executors.data_integrity.code_again import CodeAgain
from fraud.rules.executors.data_integrity.code_elsewhere import CodeElsewhere
from fraud.rules.executors.data_integrity.prescription_fault import PrescriptionFault
from fraud.rules.executors.data_integrity.purchases_resold import PurchasesResold
from fraud.rules.executors.data_integrity.unscanned import Unscanned
from fraud.rules.executors.exclusive_pair.repeat import Repeat
from fraud.rules.executors.limit_frequency.days_in_a_row import DaysInARow
from fraud.rules.executors.limit_indication.indication import Indication
from fraud.rules.executors.limit_indication.prior_item import PriorItem
from fraud.rules.executors.price_ceiling.price_jump import PriceJump

EXECUTORS: Mapping[str, type[Executor]] = {
    "repeat": Repeat,
    "after_person_date": AfterPersonDate,
    "code_again": CodeAgain,
    "code_elsewhere": CodeElsewhere,
    "purchases_resold": PurchasesResold,
    "unscanned": Unscanned,
    "prescription_fault": PrescriptionFault,
    "days_in_a_row": DaysInARow,
    "price_jump": PriceJump,
    "inside": Inside,
    "overlap": Overlap,
    "practitioner_day": PractitionerDay,
    "line": Line,
    "indication": Indication,
    "prior_item": PriorItem,
    "prescriber_pair": PrescriberPair,
}
