"""Operations: how many a surgeon does, and how many on a day."""

from features.declare import Family, Feature

OPERATIONS = Family(
    "operations",
    "手术",
    "practitioner",
    "select practitioner_key as subject_key, day, count(*) as n from operations group by practitioner_key, day",
    (
        Feature(
            "operated_settlements_count",
            "Operated settlements",
            "手术人次",
            "count",
            "sum(n)",
            "Surgery that was not done needs a surgeon's name.",
            "high",
            ("H15", "H28"),
            missing_means="no dated operation",
        ),
        Feature(
            "operations_per_day_max_count",
            "Most operated settlements on one day",
            "单日最多手术人次",
            "count",
            "max(n)",
            "A theatre day holds only so many.",
            "high",
            ("H26", "H07"),
            missing_means="no dated operation",
        ),
    ),
    needs=("procedures.procedure_time",),
)
FAMILIES = (OPERATIONS,)
