"""Case-mix: who is treated and for what. Context for an expectation; it suspects nobody and holds no behaviour."""

from features.declare import Feature, Unit
from features.engine import quoted, quoted_list
from features.expressions import mean, mean_known, share_of
from features.vocabulary.care import CHRONIC_ENCOUNTERS
from features.vocabulary.text import Text

# First letters of ICD-10, first digits of ICD-9-CM: coarse on purpose, the same SQL serves both.
CHAPTERS = (*"ABCDEFGHIJKLMNOPQRSTZ", *"123456789", "V")


def _context(name: str, label: str, name_zh: str, unit: Unit, sql: str, *needs: str) -> Feature:
    why, why_zh = "Context of the expectation.", "用于计算期望值的背景信息，不作为线索。"
    return Feature(name, Text(label, name_zh), unit, sql, Text(why, why_zh), None, missing_means="unknown", needs=needs)


PEOPLE = (
    _context(
        "patient_age_mean_years",
        "Mean age",
        "平均年龄",
        "years",
        "cast(sum(age_days) as double) / nullif(count(age_days), 0) * 4 / 1461",
    ),
    _context(
        "patient_female_share",
        "Share of women",
        "女性占比",
        "share",
        mean_known("is_female"),
    ),
    _context(
        "patient_chronic_mean_ratio",
        "Chronic conditions per visit's patient",
        "人均慢病数",
        "ratio",
        mean("n_chronic"),
        "persons.chronic_condition_codes",
    ),
    _context(
        "patient_died_share",
        "Share of visits of patients dead by settlement",
        "结算时已故占比",
        "share",
        mean("is_dead"),
        "persons.death_date",
    ),
    _context("inpatient_share", "Share of inpatient settlements", "住院结算占比", "share", share_of("is_inpatient")),
    _context(
        "pharmacy_share",
        "Share of pharmacy settlements",
        "药店结算占比",
        "share",
        share_of("encounter_type = 'pharmacy'"),
    ),
    _context(
        "chronic_outpatient_share",
        "Share of chronic-disease outpatient settlements",
        "门诊慢特病结算占比",
        "share",
        share_of(f"encounter_type in {quoted_list(CHRONIC_ENCOUNTERS)}"),
    ),
)


def chapters(noun: str) -> tuple[Feature, ...]:
    """Return one share per first character of the principal diagnosis, over the visits that have one."""
    return tuple(
        _context(
            f"diagnosis_chapter_{letter.lower()}_share",
            f"Share of {noun} with principal diagnosis {letter}",
            f"主要诊断首位{letter}占比",
            "share",
            share_of(f"diagnosis_chapter = {quoted(letter)}"),
        )
        for letter in CHAPTERS
    )
