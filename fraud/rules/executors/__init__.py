"""The executors, by the name that a rule's `[executor]` gives as `kind`.

A folder per family that has one; the next executor of a family goes there, and into this mapping.
"""

from collections.abc import Mapping

from fraud.rules.executor import Executor
from fraud.rules.executors.actor.equal_payments import EqualPayments
from fraud.rules.executors.actor.inside import Inside
from fraud.rules.executors.actor.overlap import Overlap
from fraud.rules.executors.actor.practitioner_day import PractitionerDay
from fraud.rules.executors.actor.staff_drugs import StaffDrugs
from fraud.rules.executors.actor.till_runs import TillRuns
from fraud.rules.executors.data_integrity.after_person_date import AfterPersonDate
from fraud.rules.executors.data_integrity.clones import Clones
from fraud.rules.executors.data_integrity.phantom_stays import PhantomStays
from fraud.rules.executors.data_integrity.shifted_lines import ShiftedLines
from fraud.rules.executors.data_integrity.stock_gap import StockGap
from fraud.rules.executors.data_integrity.untreated_complication import UntreatedComplication
from fraud.rules.executors.exclusive_pair.repeat import Repeat
from fraud.rules.executors.indicator.drug_surge import DrugSurge
from fraud.rules.executors.indicator.ratio import RatioBeyond

EXECUTORS: Mapping[str, type[Executor]] = {
    "repeat": Repeat,
    "after_person_date": AfterPersonDate,
    "inside": Inside,
    "overlap": Overlap,
    "practitioner_day": PractitionerDay,
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
}
