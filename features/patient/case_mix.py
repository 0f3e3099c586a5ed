"""Case-mix: age, sex, conditions and kind of care. Context for an expectation; it suspects nobody."""

from features.declare import Family
from features.provider.case_mix import PEOPLE, _chapters

CASE_MIX = Family("case_mix", "病例组合", "patient", "select person_key as subject_key, * from visits", PEOPLE)
CHAPTER_MIX = Family(
    "case_mix",
    "病例组合",
    "patient",
    "select person_key as subject_key, * from visits where diagnosis_chapter is not null",
    _chapters("settlements"),
    needs=("diagnoses",),
)
FAMILIES = (CASE_MIX, CHAPTER_MIX)
