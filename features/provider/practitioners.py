"""Practitioner structure: who attends, operates and executes, how evenly, and where else."""

from features.declare import Family, Feature
from features.expressions import hhi, mean, share_known, share_of
from features.vocabulary.text import Text

ATTENDING = Family(
    "practitioners",
    "医师结构",
    "provider",
    "select provider_key as subject_key, * from visits",
    (
        Feature(
            "attending_practitioners_count",
            Text("Attending practitioners", "主治医师数"),
            "count",
            "count(distinct attending_practitioner_key)",
            Text(
                "Low: few doctors behind the volume. High: more names than work there.",
                "偏低说明支撑业务的医师少，偏高可能有挂名。",
            ),
            "both",
            ("H32",),
        ),
        Feature(
            "settlements_per_practitioner_ratio",
            Text("Settlements per attending practitioner", "每名主治医师结算人次"),
            "ratio",
            "cast(count(attending_practitioner_key) as double) / nullif(count(distinct attending_practitioner_key), 0)",
            Text("More visits for each doctor than one can see.", "人均接诊量超出一名医师的能力。"),
            "high",
            ("H26", "H32"),
            missing_means="no practitioner named",
        ),
        Feature(
            "missing_attending_share",
            Text("Share of settlements without attending practitioner", "无主治医师结算占比"),
            "share",
            share_of("attending_practitioner_key is null"),
            Text("No doctor is named for the care.", "结算未载明主治医师。"),
            "high",
            ("H27", "H31"),
        ),
    ),
    needs=("settlements.attending_practitioner_id",),
)
OPERATING = Family(
    "practitioners",
    "医师结构",
    "provider",
    "select provider_key as subject_key, * from visits where is_inpatient",
    (
        Feature(
            "operating_practitioners_count",
            Text("Operating practitioners", "主刀医师数"),
            "count",
            "count(distinct operating_practitioner_key)",
            Text(
                "Low: few surgeons behind the stays. High: more names than operate there.",
                "偏低说明主刀医师少，偏高可能有挂名。",
            ),
            "both",
            ("H28",),
        ),
        Feature(
            "operating_is_attending_share",
            Text("Share of stays operated by the attending practitioner", "主治即主刀占比"),
            "share",
            share_known("operating_practitioner_key", "operating_practitioner_key = attending_practitioner_key"),
            Text(
                "High: one name signs for everything. Low: those who operate never see the patient in the ward.",
                "偏高说明主治与主刀同一人包办，偏低说明主刀均非主治。",
            ),
            "both",
            ("H28",),
            missing_means="no stay with an operating practitioner",
            needs=("settlements.attending_practitioner_id",),
        ),
        Feature(
            "without_operation_share",
            Text("Share of stays without operating practitioner", "无主刀医师住院占比"),
            "share",
            share_of("operating_practitioner_key is null"),
            Text(
                "High: few operations for the stays, or no name given. Low: nearly all are operated.",
                "偏高说明手术少或未载明主刀，偏低说明几乎人人手术。",
            ),
            "both",
            ("H21", "H03"),
            missing_means="no inpatient stay",
        ),
    ),
    needs=("settlements.operating_practitioner_id",),
)
SPREAD = Family(
    "practitioners",
    "医师结构",
    "provider",
    "select v.provider_key as subject_key, v.attending_practitioner_key, count(*) as n, max(o.n_sites) as n_sites "
    "from visits v join (select attending_practitioner_key as k, count(distinct provider_key) as n_sites from visits "
    "where attending_practitioner_key is not null group by attending_practitioner_key) o "
    "on o.k = v.attending_practitioner_key group by v.provider_key, v.attending_practitioner_key",
    (
        Feature(
            "attending_hhi_ratio",
            Text("Concentration on attending practitioners (HHI)", "主治医师集中度（HHI）"),
            "ratio",
            hhi("n"),
            Text(
                "One doctor signs for most patients; the only doctor of a village does too.",
                "一人签署大部分结算；村里唯一的医师也会如此。",
            ),
            "high",
            ("H32", "T07"),
            missing_means="no practitioner named",
        ),
        Feature(
            "multi_site_practitioners_share",
            Text("Share of attending practitioners who also sign elsewhere", "多点执业主治医师占比"),
            "share",
            share_of("n_sites > 1"),
            Text("The same names appear at several places.", "同一批医师同时在多家机构出现。"),
            "high",
            ("R12", "R01"),
            missing_means="no practitioner named",
        ),
    ),
    needs=("settlements.attending_practitioner_id",),
)
EXECUTING = Family(
    "practitioners",
    "医师结构",
    "provider",
    """
    select provider_key as subject_key, practitioner_key, day, cast(sum(n_lines) as bigint) as n_lines,
      count(*) as n_persons
    from (
      select provider_key, practitioner_key, day, person_key, cast(sum(n_lines) as bigint) as n_lines
      from work group by provider_key, practitioner_key, day, person_key
    ) p group by provider_key, practitioner_key, day
    """,
    (
        Feature(
            "lines_per_practitioner_day_ratio",
            Text("Lines per practitioner and day", "每名医师日均明细数"),
            "ratio",
            mean("n_lines"),
            Text("More lines under a name than a day's work holds.", "人均日明细数超出一天的工作量。"),
            "high",
            ("H26",),
            missing_means="no practitioner named on lines",
        ),
        Feature(
            "patients_per_practitioner_day_max_count",
            Text("Most patients of one practitioner on one day", "单名医师单日最多患者数"),
            "count",
            "max(n_persons)",
            Text("More patients under one name than a day holds.", "单名医师单日接诊超出可能。"),
            "high",
            ("H26", "H32"),
            missing_means="no practitioner named on lines",
        ),
    ),
    needs=("claim_lines.executor_id",),
)
FAMILIES = (ATTENDING, OPERATING, SPREAD, EXECUTING)
