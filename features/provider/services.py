"""Services by kind: imaging, parts of packages, and the indicators of the national library that need them."""

from features.declare import Family, Feature
from features.expressions import share_of

_KINDS = ("ref_items.imaging_kind",)


def _imaging(kind: str) -> str:
    return f"cast(sum(case when imaging_kind = '{kind}' then amount else 0 end) as double) / nullif(sum(total), 0)"


MONEY = Family(
    "services",
    "服务项目",
    "provider",
    """
    select provider_key as subject_key, null as imaging_kind, 0 as amount, greatest(total_amount, 0) as total,
      examination_amount + laboratory_amount as tests, surgery_amount from visits
    union all
    select v.provider_key, f.imaging_kind, f.amount, 0, 0, 0
    from imaging_facts f join visits v on v.settlement_key = f.settlement_key
    """,
    (
        Feature(
            "ct_share",
            "Share of money on CT",
            "CT检查费用占比",
            "share",
            _imaging("ct"),
            "Fifth indicator of the national library: a machine that must pay for itself.",
            "high",
            ("H16", "H38"),
            missing_means="nothing billed",
            needs=_KINDS,
        ),
        Feature(
            "mri_share",
            "Share of money on MRI",
            "核磁检查费用占比",
            "share",
            _imaging("mri"),
            "Sixth indicator of the national library.",
            "high",
            ("H16", "H38"),
            missing_means="nothing billed",
            needs=_KINDS,
        ),
        Feature(
            "tests_share",
            "Share of money on examinations and laboratory",
            "检查检验费用占比",
            "share",
            "cast(sum(tests) as double) / nullif(sum(total), 0)",
            "Second indicator of the national library: ordered by habit, or by share.",
            "high",
            ("H16", "H38"),
            missing_means="nothing billed",
        ),
        Feature(
            "surgery_share",
            "Share of money on surgery",
            "手术费用占比",
            "share",
            "cast(sum(surgery_amount) as double) / nullif(sum(total), 0)",
            "Operations that were not, or that need not have been.",
            "both",
            ("H13", "H15"),
            missing_means="nothing billed",
        ),
    ),
    needs=("claim_lines.charge_category",),
)
REPEATS = Family(
    "services",
    "服务项目",
    "provider",
    "select provider_key as subject_key, gap_days from images",
    (
        Feature(
            "repeated_imaging_7d_share",
            "Share of CT and MRI within seven days of the same kind, wherever that was",
            "7日内重复CT/核磁检查占比",
            "share",
            share_of("gap_days between 0 and 7"),
            "The first picture was good enough.",
            "high",
            ("H16", "H38"),
            missing_means="no CT or MRI",
        ),
    ),
    needs=_KINDS,
)
PACKAGES = Family(
    "services",
    "服务项目",
    "provider",
    "select v.provider_key as subject_key, p.n from visits v left join ("
    "select settlement_key, count(*) as n from package_facts where n_parts >= min_components group by settlement_key"
    ") p on p.settlement_key = v.settlement_key",
    (
        Feature(
            "unbundled_share",
            "Share of settlements that bill a package by its parts",
            "套餐项目拆分收费结算占比",
            "share",
            "cast(count(n) as double) / count(*)",
            "The parts cost more than the whole.",
            "high",
            ("H10",),
        ),
    ),
    needs=("ref_item_packages",),
)
DIAGNOSES = Family(
    "coding",
    "编码质量",
    "provider",
    "select provider_key as subject_key, * from admissions",
    (
        Feature(
            "secondary_diagnoses_per_stay_ratio",
            "Secondary diagnoses per stay",
            "次均住院次要诊断数",
            "ratio",
            "cast(sum(n_secondary) as double) / count(*)",
            "Each further code may lift the group.",
            "high",
            ("H21", "H22"),
            missing_means="no inpatient stay",
        ),
        Feature(
            "one_diagnosis_stay_share",
            "Share of stays with one diagnosis only",
            "单一诊断住院占比",
            "share",
            share_of("n_diagnoses = 1"),
            "A patient on paper has one illness.",
            "both",
            ("H01", "H22"),
            missing_means="no inpatient stay",
        ),
        Feature(
            "acquired_diagnoses_share",
            "Share of secondary diagnoses that were not there on admission",
            "非入院时已有次要诊断占比",
            "share",
            "cast(sum(n_acquired) as double) / nullif(sum(n_known), 0)",
            "Complications appear where they pay.",
            "high",
            ("H21", "H22"),
            missing_means="not known whether a secondary diagnosis was there on admission",
            needs=("diagnoses.is_present_on_admission",),
        ),
        Feature(
            "hospital_infection_share",
            "Share of stays with an infection that began in them",
            "院内感染发生率",
            "share",
            share_of("n_infections > 0"),
            "Seventh indicator of the national library: bad care, or a code that pays.",
            "high",
            ("H21",),
            missing_means="no inpatient stay",
            needs=("diagnoses.is_present_on_admission",),
        ),
        Feature(
            "symptom_diagnosis_share",
            "Share of stays whose principal diagnosis is a symptom",
            "主诊断为症状体征住院占比",
            "share",
            "cast(sum(case when diagnosis_chapter = 'R' then 1 else 0 end) as double) "
            "/ nullif(count(diagnosis_chapter), 0)",
            "Nobody found out what it was, or nothing was.",
            "high",
            ("H03", "H01"),
            missing_means="no stay with a principal diagnosis",
        ),
    ),
    needs=("diagnoses", "settlements.admit_time", "settlements.discharge_time"),
)
FAMILIES = (MONEY, REPEATS, PACKAGES, DIAGNOSES)
