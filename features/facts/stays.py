"""Stay facts: the bed of a stay and its hours, and leave from it."""

from features.declare import Fact

BED_FACT = Fact(
    "bed_facts",
    "One row per settlement with an admission and a discharge: its bed, and the hours.",
    ("settlement_key",),
    """
    select settlement_key, department_code, bed_number, admit_time, discharge_time, month from settlements
    where admit_time is not null and discharge_time is not null and not coalesce(is_reversal, false)
    """,
)
LEAVE_FACT = Fact(
    "leave_facts",
    "One row per leave from a bed.",
    ("settlement_key", "start_date"),
    "select settlement_key, start_date, max(end_date) as end_date, month from stay_leaves "
    "group by settlement_key, start_date, month",
)
