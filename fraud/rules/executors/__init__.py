"""The executors, by the name that a rule's `[executor]` gives as `kind`.

A folder per family that has one; the next executor of a family goes there, and into this mapping.
"""

from collections.abc import Mapping

from fraud.rules.declare.executor import Executor
from fraud.rules.executors.actor.absent_days import AbsentDays
from fraud.rules.executors.actor.after_reminder import AfterReminder
from fraud.rules.executors.actor.annual_cap import AnnualCap
from fraud.rules.executors.actor.away import Away
from fraud.rules.executors.actor.bed_days import BedDays
from fraud.rules.executors.actor.census import Census
from fraud.rules.executors.actor.enrolled_twice import EnrolledTwice
from fraud.rules.executors.actor.equal_payments import EqualPayments
from fraud.rules.executors.actor.ghost_panel import GhostPanel
from fraud.rules.executors.actor.holiday_admissions import HolidayAdmissions
from fraud.rules.executors.actor.inside import Inside
from fraud.rules.executors.actor.many_places import ManyPlaces
from fraud.rules.executors.actor.origin_wave import OriginWave
from fraud.rules.executors.actor.overlap import Overlap
from fraud.rules.executors.actor.overrides import Overrides
from fraud.rules.executors.actor.own_life import OwnLife
from fraud.rules.executors.actor.panel import Panel
from fraud.rules.executors.actor.practitioner_day import PractitionerDay
from fraud.rules.executors.actor.practitioner_day_of_peers import PractitionerDayOfPeers
from fraud.rules.executors.actor.prescriber_pair import PrescriberPair
from fraud.rules.executors.actor.readmission import Readmission
from fraud.rules.executors.actor.rotation import Rotation
from fraud.rules.executors.actor.second_site import SecondSite
from fraud.rules.executors.actor.shared_bed import SharedBed
from fraud.rules.executors.actor.short_stay import ShortStay
from fraud.rules.executors.actor.staff_drugs import StaffDrugs
from fraud.rules.executors.actor.till_runs import TillRuns
from fraud.rules.executors.actor.two_places import TwoPlaces
from fraud.rules.executors.any_family.line import Line
from fraud.rules.executors.any_family.named_items import NamedItems
from fraud.rules.executors.data_integrity.after_person_date import AfterPersonDate
from fraud.rules.executors.data_integrity.clones import Clones
from fraud.rules.executors.data_integrity.code_again import CodeAgain
from fraud.rules.executors.data_integrity.code_elsewhere import CodeElsewhere
from fraud.rules.executors.data_integrity.phantom_stays import PhantomStays
from fraud.rules.executors.data_integrity.prescription_fault import PrescriptionFault
from fraud.rules.executors.data_integrity.purchases_resold import PurchasesResold
from fraud.rules.executors.data_integrity.shifted_lines import ShiftedLines
from fraud.rules.executors.data_integrity.stock_gap import StockGap
from fraud.rules.executors.data_integrity.unscanned import Unscanned
from fraud.rules.executors.data_integrity.untreated_complication import UntreatedComplication
from fraud.rules.executors.data_integrity.written_later import WrittenLater
from fraud.rules.executors.exclusive_pair.excluded_pair import ExcludedPair
from fraud.rules.executors.exclusive_pair.paid_twice import PaidTwice
from fraud.rules.executors.exclusive_pair.repeat import Repeat
from fraud.rules.executors.exclusive_pair.repeated_bill import RepeatedBill
from fraud.rules.executors.exclusive_pair.repeated_soon import RepeatedSoon
from fraud.rules.executors.exclusive_pair.unbundled import Unbundled
from fraud.rules.executors.indicator.drug_surge import DrugSurge
from fraud.rules.executors.indicator.ratio import RatioBeyond
from fraud.rules.executors.limit_attribute.liable_elsewhere import LiableElsewhere
from fraud.rules.executors.limit_attribute.prescription_channel import PrescriptionChannel
from fraud.rules.executors.limit_frequency.days_in_a_row import DaysInARow
from fraud.rules.executors.limit_frequency.device_day import DeviceDay
from fraud.rules.executors.limit_frequency.early_refill import EarlyRefill
from fraud.rules.executors.limit_frequency.full_machine_only import FullMachineOnly
from fraud.rules.executors.limit_frequency.interval import Interval
from fraud.rules.executors.limit_frequency.many_sources import ManySources
from fraud.rules.executors.limit_frequency.split_prescriptions import SplitPrescriptions
from fraud.rules.executors.limit_frequency.times_in_days import TimesInDays
from fraud.rules.executors.limit_indication.indication import Indication
from fraud.rules.executors.limit_indication.prior_item import PriorItem
from fraud.rules.executors.limit_quantity.beyond_limit import BeyondLimit
from fraud.rules.executors.limit_quantity.course import Course
from fraud.rules.executors.limit_quantity.fills_at_limit import FillsAtLimit
from fraud.rules.executors.limit_quantity.possession import Possession
from fraud.rules.executors.limit_quantity.stay_units import StayUnits
from fraud.rules.executors.price_ceiling.price_jump import PriceJump
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
    "full_machine_only": FullMachineOnly,
    "many_sources": ManySources,
    "split_prescriptions": SplitPrescriptions,
    "device_day": DeviceDay,
    "surgery_discount": SurgeryDiscount,
    "after_person_date": AfterPersonDate,
    "code_again": CodeAgain,
    "code_elsewhere": CodeElsewhere,
    "purchases_resold": PurchasesResold,
    "unscanned": Unscanned,
    "prescription_fault": PrescriptionFault,
    "written_later": WrittenLater,
    "days_in_a_row": DaysInARow,
    "price_jump": PriceJump,
    "inside": Inside,
    "overlap": Overlap,
    "practitioner_day": PractitionerDay,
    "line": Line,
    "indication": Indication,
    "prior_item": PriorItem,
    "prescriber_pair": PrescriberPair,
    "practitioner_day_of_peers": PractitionerDayOfPeers,
    "absent_days": AbsentDays,
    "annual_cap": AnnualCap,
    "away": Away,
    "bed_days": BedDays,
    "census": Census,
    "enrolled_twice": EnrolledTwice,
    "ghost_panel": GhostPanel,
    "holiday_admissions": HolidayAdmissions,
    "many_places": ManyPlaces,
    "origin_wave": OriginWave,
    "overrides": Overrides,
    "own_life": OwnLife,
    "panel": Panel,
    "readmission": Readmission,
    "rotation": Rotation,
    "second_site": SecondSite,
    "shared_bed": SharedBed,
    "short_stay": ShortStay,
    "two_places": TwoPlaces,
    "till_runs": TillRuns,
    "equal_payments": EqualPayments,
    "clones": Clones,
    "stock_gap": StockGap,
    "staff_drugs": StaffDrugs,
    "phantom_stays": PhantomStays,
    "shifted_lines": ShiftedLines,
    "untreated_complication": UntreatedComplication,
    "ratio": RatioBeyond,
    "drug_surge": DrugSurge,
    "after_reminder": AfterReminder,
    "prescription_channel": PrescriptionChannel,
    "liable_elsewhere": LiableElsewhere,
    "named_items": NamedItems,
}
