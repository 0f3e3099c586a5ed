"""Practitioners: how many attend a person."""

from features.declare import Family, Feature
from features.vocabulary.text import Text

ATTENDING = Family(
    "practitioners",
    "医师结构",
    "patient",
    "select person_key as subject_key, * from visits",
    (
        Feature(
            "attending_practitioners_count",
            Text("Attending practitioners", "主治医师数"),
            "count",
            "count(distinct attending_practitioner_key)",
            Text("Many doctors for like complaints may be doctor shopping.", "为相近病情找多名医师，可能在重复开药。"),
            "high",
            ("P04",),
        ),
    ),
    needs=("settlements.attending_practitioner_id",),
)
FAMILIES = (ATTENDING,)
