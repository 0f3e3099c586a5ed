"""The executors, by the name that a rule's `[executor]` gives as `kind`.

A folder per family that has one; the next executor of a family goes there, and into this mapping.
"""

from collections.abc import Mapping

from fraud.rules.executor import Executor
from fraud.rules.executors.actor.after_reminder import AfterReminder
from fraud.rules.executors.actor.inside import Inside
from fraud.rules.executors.actor.overlap import Overlap
from fraud.rules.executors.actor.practitioner_day import PractitionerDay
from fraud.rules.executors.any_family.named_items import NamedItems
from fraud.rules.executors.data_integrity.after_person_date import AfterPersonDate
from fraud.rules.executors.exclusive_pair.repeat import Repeat
from fraud.rules.executors.limit_attribute.prescription_channel import PrescriptionChannel

EXECUTORS: Mapping[str, type[Executor]] = {
    "repeat": Repeat,
    "after_person_date": AfterPersonDate,
    "inside": Inside,
    "overlap": Overlap,
    "practitioner_day": PractitionerDay,
    "after_reminder": AfterReminder,
    "prescription_channel": PrescriptionChannel,
    "named_items": NamedItems,
}
