"""The executors, by the name that a rule's `[executor]` gives as `kind`.

A folder per family that has one; the next executor of a family goes there, and into this mapping.
"""

from collections.abc import Mapping

from fraud.rules.executor import Executor
from fraud.rules.executors.actor.inside import Inside
from fraud.rules.executors.actor.overlap import Overlap
from fraud.rules.executors.actor.practitioner_day import PractitionerDay
from fraud.rules.executors.data_integrity.after_person_date import AfterPersonDate
from fraud.rules.executors.exclusive_pair.excluded_pair import ExcludedPair
from fraud.rules.executors.exclusive_pair.paid_twice import PaidTwice
from fraud.rules.executors.exclusive_pair.repeat import Repeat
from fraud.rules.executors.exclusive_pair.repeated_bill import RepeatedBill
from fraud.rules.executors.exclusive_pair.repeated_soon import RepeatedSoon
from fraud.rules.executors.exclusive_pair.unbundled import Unbundled
from fraud.rules.executors.limit_frequency.device_day import DeviceDay
from fraud.rules.executors.limit_frequency.early_refill import EarlyRefill
from fraud.rules.executors.limit_frequency.interval import Interval
from fraud.rules.executors.limit_frequency.many_sources import ManySources
from fraud.rules.executors.limit_frequency.split_prescriptions import SplitPrescriptions
from fraud.rules.executors.limit_frequency.times_in_days import TimesInDays
from fraud.rules.executors.limit_quantity.beyond_limit import BeyondLimit
from fraud.rules.executors.limit_quantity.course import Course
from fraud.rules.executors.limit_quantity.fills_at_limit import FillsAtLimit
from fraud.rules.executors.limit_quantity.possession import Possession
from fraud.rules.executors.limit_quantity.stay_units import StayUnits
from fraud.rules.executors.price_ceiling.surgery_discount import SurgeryDiscount

EXECUTORS: Mapping[str, type[Executor]] = {
    "repeat": Repeat,
    "repeated_bill": RepeatedBill,
    "repeated_soon": RepeatedSoon,
    "excluded_pair": ExcludedPair,
    "unbundled": Unbundled,
    "paid_twice": PaidTwice,
    "beyond_limit": BeyondLimit,
    "course": Course,
    "stay_units": StayUnits,
    "possession": Possession,
    "fills_at_limit": FillsAtLimit,
    "interval": Interval,
    "times_in_days": TimesInDays,
    "early_refill": EarlyRefill,
    "many_sources": ManySources,
    "split_prescriptions": SplitPrescriptions,
    "device_day": DeviceDay,
    "surgery_discount": SurgeryDiscount,
    "after_person_date": AfterPersonDate,
    "inside": Inside,
    "overlap": Overlap,
    "practitioner_day": PractitionerDay,
}
