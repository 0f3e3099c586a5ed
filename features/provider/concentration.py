"""Concentration: how few patients, items, diagnoses, payment groups or places make up the whole.

HHI is the sum of squared shares; entropy is in nats. Entropy is summed in whole nano-nats, because sums of doubles
change with the order in which an engine adds.
"""

from features.declare import Family, Feature
from features.expressions import entropy, hhi, ratio
from features.vocabulary.text import Text


def _counted(what: str, source: str = "visits", condition: str = "") -> str:
    where = f"where {what} is not null {condition}"
    ranked = f"row_number() over (partition by provider_key order by count(*) desc, {what})"
    return (
        f"select provider_key as subject_key, {what} as member, count(*) as n, {ranked} as place "
        f"from {source} {where} group by provider_key, {what}"
    )


PATIENTS = Family(
    "concentration",
    "集中度",
    "provider",
    "select provider_key as subject_key, fund_paid_amount as m, n_visits as n, "
    "row_number() over (partition by provider_key order by total_amount desc, person_key) as place, total_amount as t "
    "from provider_people where total_amount > 0",
    (
        Feature(
            "patient_hhi_ratio",
            Text("Concentration of settlements on patients (HHI)", "患者集中度（HHI）"),
            "ratio",
            hhi("n"),
            Text("A small circle of cards carries the work.", "业务集中于少数几张卡。"),
            "high",
            ("R06", "P05"),
        ),
        Feature(
            "patient_top5_share",
            Text("Share of money from the five dearest patients", "前5名患者费用占比"),
            "share",
            ratio("case when place <= 5 then t else 0 end", "t"),
            Text("A few patients carry the turnover.", "少数患者承担大部分费用。"),
            "high",
            ("R06", "T06"),
        ),
    ),
)
DIAGNOSES = Family(
    "concentration",
    "集中度",
    "provider",
    _counted("diagnosis_group"),
    (
        Feature(
            "diagnosis_hhi_ratio",
            Text("Concentration of principal diagnoses (HHI)", "主要诊断集中度（HHI）"),
            "ratio",
            hhi("n"),
            Text(
                "High: nearly all have one diagnosis, as some specialties do. Low: everything, for everybody.",
                "偏高说明几乎都是同一诊断，部分专科属正常；偏低说明病种过杂。",
            ),
            "both",
            ("H03", "H30"),
            needs=("diagnoses",),
        ),
        Feature(
            "diagnosis_entropy_nats",
            Text("Diversity of principal diagnoses", "主要诊断多样性"),
            "nats",
            entropy("n"),
            Text("Real practices see many conditions.", "正常诊疗会遇到多种疾病。"),
            "low",
            ("H30",),
            needs=("diagnoses",),
        ),
        Feature(
            "diagnosis_groups_count",
            Text("Different principal diagnoses", "主要诊断种类数"),
            "count",
            "count(*)",
            Text(
                "Low: few illnesses for the kind of provider. High: more than its specialties explain.",
                "偏低说明病种少于同类机构，偏高则超出其科室设置。",
            ),
            "both",
            ("H30",),
            needs=("diagnoses",),
        ),
    ),
)
ALL_DIAGNOSES = Family(
    "concentration",
    "集中度",
    "provider",
    "select provider_key as subject_key, diagnosis_key, greatest(cast(sum(n) as bigint), 0) as n "
    "from provider_diagnosis_facts group by provider_key, diagnosis_key",
    (
        Feature(
            "any_diagnosis_hhi_ratio",
            Text("Concentration of all diagnoses (HHI)", "全部诊断集中度（HHI）"),
            "ratio",
            hhi("n"),
            Text("The same set of codes on most bills.", "多数结算使用同一组编码。"),
            "high",
            ("H21", "H30"),
        ),
        Feature(
            "any_diagnosis_entropy_nats",
            Text("Diversity of all diagnoses", "全部诊断多样性"),
            "nats",
            entropy("n"),
            Text("Padding adds codes; copying repeats them.", "加诊断使之偏高，复制粘贴使之偏低。"),
            "both",
            ("H21", "H30"),
        ),
    ),
    needs=("diagnoses",),
)
GROUPS = Family(
    "concentration",
    "集中度",
    "provider",
    _counted("group_code"),
    (
        Feature(
            "payment_group_hhi_ratio",
            Text("Concentration of payment groups (HHI)", "病组集中度（HHI）"),
            "ratio",
            hhi("n"),
            Text("One payment group on most stays.", "多数住院落入同一病组。"),
            "high",
            ("H21",),
        ),
        Feature(
            "payment_group_entropy_nats",
            Text("Diversity of payment groups", "病组多样性"),
            "nats",
            entropy("n"),
            Text("Fewer payment groups than the specialty explains.", "病组种类窄于专科特点所能解释。"),
            "low",
            ("H21",),
        ),
    ),
    needs=("drg_assignments",),
)
ITEMS = Family(
    "concentration",
    "集中度",
    "provider",
    "select subject_key, a, n, row_number() over (partition by subject_key order by a desc, item_key) as place from ("
    "select provider_key as subject_key, item_key, cast(sum(amount) as bigint) as a, cast(sum(n_lines) as bigint) as n "
    "from provider_item_facts group by provider_key, item_key) i where a > 0",
    (
        Feature(
            "item_hhi_ratio",
            Text("Concentration of money on items (HHI)", "项目费用集中度（HHI）"),
            "ratio",
            hhi("a"),
            Text("A few items carry the turnover.", "少数项目承担大部分费用。"),
            "high",
            ("T08", "H14"),
        ),
        Feature(
            "item_top5_share",
            Text("Share of money on the five dearest items", "前5项目费用占比"),
            "share",
            ratio("case when place <= 5 then a else 0 end", "a"),
            Text("Other goods may be billed as a few items.", "可能把其他商品串换成少数项目结算。"),
            "high",
            ("T08", "R01"),
        ),
        Feature(
            "item_entropy_nats",
            Text("Diversity of items", "项目多样性"),
            "nats",
            entropy("n"),
            Text("Copied bills use few items.", "套用模板的账单项目种类少。"),
            "low",
            ("H30", "T08"),
        ),
        Feature(
            "items_count",
            Text("Different items", "项目种类数"),
            "count",
            "count(*)",
            Text(
                "Low: few items for the kind of provider. High: more than its services explain.",
                "偏低说明项目少于同类机构，偏高则超出其服务能力。",
            ),
            "both",
            ("H14",),
        ),
    ),
    needs=("claim_lines",),
)
TOWNSHIPS = Family(
    "concentration",
    "集中度",
    "provider",
    _counted("coalesce(township_code, home_region_code)"),
    (
        Feature(
            "home_area_hhi_ratio",
            Text("Concentration of patients' home areas (HHI)", "患者居住地集中度（HHI）"),
            "ratio",
            hhi("n"),
            Text("Patients come from few places and may have been fetched there.", "患者来源地集中，可能成批接来。"),
            "high",
            ("P14", "H07"),
        ),
        Feature(
            "home_areas_count",
            Text("Patients' home areas", "患者居住地数"),
            "count",
            "count(*)",
            Text("Patients come from more places than distance explains.", "患者来源地之广超出距离所能解释。"),
            "high",
            ("P14",),
        ),
    ),
    needs=("persons.home_region_code",),
)
FAMILIES = (PATIENTS, DIAGNOSES, ALL_DIAGNOSES, GROUPS, ITEMS, TOWNSHIPS)
