"""Services: imaging, tests and surgery by kind, packages billed by their parts, and drugs taken home from stays."""

from features.declare import Family, Feature
from features.expressions import ratio, share_of
from features.provider.checked_visits import CHECKED_VISITS
from features.vocabulary.text import Text

_KINDS = ("ref_items.imaging_kind",)


def _imaging(kind: str) -> str:
    return f"cast(sum(case when imaging_kind = '{kind}' then amount else 0 end) as double) / nullif(sum(total), 0)"


MONEY = Family(
    "services",
    "服务项目",
    "provider",
    """
    select provider_key as subject_key, null as imaging_kind, 0 as amount, greatest(total_amount, 0) as total,
      examination_amount + laboratory_amount as tests, surgery_amount, n_tests, 1 as n from visits
    union all
    select v.provider_key, f.imaging_kind, f.amount, 0, 0, 0, 0, 0
    from imaging_facts f join visits v on v.settlement_key = f.settlement_key
    """,
    (
        Feature(
            "ct_share",
            Text("Share of money on CT", "CT检查费用占比"),
            "share",
            _imaging("ct"),
            Text(
                "Fifth indicator of the national library: CT may be ordered to use the machine.",
                "国家指标之五：可能为消化设备产能而多开CT。",
            ),
            "high",
            ("H16", "H38"),
            missing_means="nothing billed",
            needs=_KINDS,
        ),
        Feature(
            "mri_share",
            Text("Share of money on MRI", "核磁检查费用占比"),
            "share",
            _imaging("mri"),
            Text("Sixth indicator of the national library: likewise MRI.", "国家指标之六：核磁检查同理。"),
            "high",
            ("H16", "H38"),
            missing_means="nothing billed",
            needs=_KINDS,
        ),
        Feature(
            "tests_share",
            Text("Share of money on examinations and laboratory", "检查检验费用占比"),
            "share",
            ratio("tests", "total"),
            Text(
                "Second indicator of the national library: tests may be ordered by habit.",
                "国家指标之二：可能习惯性多开检查检验。",
            ),
            "high",
            ("H16", "H38"),
            missing_means="nothing billed",
        ),
        Feature(
            "tests_per_settlement_ratio",
            Text("Examinations and laboratory tests per settlement", "次均检查检验项数"),
            "ratio",
            ratio("n_tests", "n"),
            Text(
                "Many cheap tests hide in the money and show in the count.", "大量低价检查在金额上不显，在项数上明显。"
            ),
            "high",
            ("H16", "H03"),
        ),
        Feature(
            "surgery_share",
            Text("Share of money on surgery", "手术费用占比"),
            "share",
            ratio("surgery_amount", "total"),
            Text(
                "High: operations that may not have been needed or done. Low: surgical groups without the surgery.",
                "偏高可能手术指征过宽或未实施，偏低可能病组与实际手术不符。",
            ),
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
            Text(
                "Share of CT and MRI within seven days of the same kind, wherever that was", "7日内重复CT/核磁检查占比"
            ),
            "share",
            share_of("gap_days between 0 and 7"),
            Text("The same imaging again within a week seldom adds much.", "一周内重复影像检查，多数并无必要。"),
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
    CHECKED_VISITS,
    (
        Feature(
            "unbundled_share",
            Text("Share of settlements that bill a package by its parts", "套餐项目拆分收费结算占比"),
            "share",
            "cast(count(n_packages) as double) / count(*)",
            Text("The parts of a package are billed one by one.", "把套餐项目拆开分别收费。"),
            "high",
            ("H10",),
        ),
    ),
    needs=("ref_item_packages.min_components",),
)
STAY_DRUGS = Family(
    "services",
    "服务项目",
    "provider",
    "select provider_key as subject_key, * from visits",
    (
        Feature(
            "take_home_drugs_share",
            Text("Share of stays' drugs that are taken home", "出院带药费用占比"),
            "share",
            ratio(
                "case when is_inpatient then greatest(least(take_home_amount, drug_amount), 0) end",
                "case when is_inpatient then greatest(drug_amount, 0) end",
            ),
            Text(
                "The stay is charged with drugs for a long time at home, or for others.",
                "住院费用中带出大量药品，可能超期或替他人开药。",
            ),
            "high",
            ("H34", "P02", "T08"),
            missing_means="no drugs in a stay",
        ),
    ),
    needs=("claim_lines.is_discharge_medication",),
)
FAMILIES = (MONEY, REPEATS, PACKAGES, STAY_DRUGS)
