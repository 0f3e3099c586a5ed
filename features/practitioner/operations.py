"""Operations: operated settlements of a practitioner, in all and on one day."""

from features.declare import Family, Feature
from features.vocabulary.text import Text

OPERATIONS = Family(
    "operations",
    "手术",
    "practitioner",
    "select practitioner_key as subject_key, day, count(*) as n from operations group by practitioner_key, day",
    (
        Feature(
            "operated_settlements_count",
            Text("Operated settlements", "手术人次"),
            "count",
            "sum(n)",
            Text("Operations under this name.", "以该医师名义结算的手术量。"),
            "high",
            ("H15", "H28"),
            missing_means="no dated operation",
        ),
        Feature(
            "operations_per_day_max_count",
            Text("Most operated settlements on one day", "单日最多手术人次"),
            "count",
            "max(n)",
            Text("A day in theatre holds only so many operations.", "一个手术日能完成的台次有限。"),
            "high",
            ("H26", "H07"),
            missing_means="no dated operation",
        ),
    ),
    needs=("procedures.procedure_time",),
)
FAMILIES = (OPERATIONS,)
