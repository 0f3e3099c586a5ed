"""Case-mix of a person's visits."""

from features.case_mix import PEOPLE, chapters
from features.declare import Family

CASE_MIX = Family("case_mix", "病例组合", "patient", "select person_key as subject_key, * from visits", PEOPLE)
CHAPTER_MIX = Family(
    "case_mix",
    "病例组合",
    "patient",
    "select person_key as subject_key, * from visits where diagnosis_chapter is not null",
    chapters("settlements"),
    needs=("diagnoses",),
)
FAMILIES = (CASE_MIX, CHAPTER_MIX)
