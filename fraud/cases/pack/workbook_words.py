"""Words of the workbook, in both languages; headings of columns stand with the columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.vocabulary.text import Text
from fraud.cases.sheet_words import SHEET, SUBJECT_TYPES

if TYPE_CHECKING:
    from collections.abc import Mapping

SHEETS: Mapping[str, Text] = {
    "summary": SHEET,
    "evidence": Text("Evidence lines", "证据明细"),
    "patients": Text("Patients", "患者清单"),
    "calculation": Text("Calculation", "计算过程"),
    "sampling": Text("Sampling", "抽样方案"),
    "inside": Text("Inside the provider", "机构内部比较"),
    "boxes": Text("Where each box went", "药品追溯流向"),
    "points": Text("Suggested points", "医务人员记分建议"),
}
INSIDE_KINDS: Mapping[str, Text] = {
    "department": Text("Department", "科室"),
    "practitioner": Text("Practitioner", "医师"),
}
NOTHING = Text("", "")

# Headings of several sheets.
CASE = Text("Case", "案件编号")
PART = Text("Part", "部分")
ITEM = Text("Item", "项目")
VALUE = Text("Value", "数值")
HOW = Text("How it comes about", "计算说明")

# Parts of the calculation, then its steps: the item, and how its value comes about.
PRIORITY = Text("Priority", "优先级")
EXPOSURE = Text("Exposure", "涉疑金额")
FUND = Text("Fund share", "涉疑基金金额")
BILLED = Text("Billed", "涉疑总金额")
EVIDENCE = Text("Evidence", "证据")
PEERS = Text("Against peers", "与同类比较")

EXPECTED_RECOVERY = (
    Text("Expected recovery", "预期追回"),
    Text("Estimate of the scored month", "当月评分结果中的预期追回"),
)
SEVERITY = (
    Text("× Severity", "× 严重程度"),
    Text("Gravest clue of the case, 0 to 1.2", "本案最严重线索类型的权重"),
)
RECENCY = (
    Text("× Recency", "× 时效"),
    Text("Halves with every half-life since the last evidence", "距最近证据每过一个半衰期减半"),
)
ACTIONABILITY = (
    Text("× Actionability", "× 可核查性"),
    Text("How well a review can act on what was found", "线索可核查、可落实的程度"),
)
COST = (Text("− Cost", "− 核查成本"), Text("Of the recommended step", "建议措施的核查成本"))
TOTAL_PRIORITY = (
    Text("= Priority", "= 优先级"),
    Text(
        "expected recovery × severity × recency × actionability − cost",
        "预期追回 × 严重程度 × 时效 × 可核查性 − 核查成本",
    ),
)
SUM_OF_FINDINGS = (Text("Sum of the findings", "各线索合计"), Text("Σ", "Σ"))
ADJUSTMENT = (
    Text("Adjustment: each line once", "调整：每条明细只计一次"),
    Text(
        "A line that several findings name counts once, with its largest amount; a ring's money counts only where it "
        "is more than that of the lines",
        "同一明细被多条线索命中只计一次，取最大值（不相加）；团组金额仅在大于明细金额时采用",
    ),
)
TOTAL_OF_CASE = (Text("= Of the case", "= 全案金额"), Text("Sum of the findings, adjusted", "各线索合计，经调整"))
_OF_THE_CASE = Text("Of the case", "全案")
BILLED_ON_LINES = (
    _OF_THE_CASE,
    Text("Billed amount of the lines at fault, each line once", "涉疑明细总金额，每条只计一次"),
)
BILLED_IN_RING = (
    _OF_THE_CASE,
    Text(
        "Billed inside the ring over the window; what the fund paid of it is not known",
        "观察期内团组内费用；其中基金支付未知",
    ),
)
LINES_LEFT_OUT = (
    Text("Evidence lines not listed", "未列出的证据明细"),
    Text("Beyond the pack's limit; counted in the amounts", "超出导出上限，未列出；金额已计入"),
)
# Where a finding's amount is from.
ORIGIN = Text("{n} lines; version {version}; {basis}", "明细 {n} 条；版本 {version}；{basis}")
AMONG_PEERS = Text(
    "{value}; median {median}, 90th percentile {p90} of {n} comparable; adds {points} to the score. {why}",
    "{value}；{n}个同类的中位数{median}，第90百分位{p90}；评分增加{points}。{why}",
)

# Parts of the sampling sheet, then its steps.
QUEUE = Text("Queue", "案件队列")
RUN = Text("Run", "评分批次")
WITHIN_A_CASE = Text("Sampling within a case", "案内抽样")
AUDIT = Text("Random audit", "随机抽查")
AUDIT_OF: Mapping[str, Text] = {
    entity: Text(f"{AUDIT.en}: {name.en.lower()}", f"{AUDIT.zh}：{name.zh}") for entity, name in SUBJECT_TYPES.items()
}

MONTH = (Text("Month", "筛查月份"), NOTHING)
PSEUDONYMS = Text("Pseudonyms", "假名范围")
PROVIDERS_SCORED = (Text("Providers scored", "评分机构数"), NOTHING)
PATIENTS_SCORED = (Text("Insured persons scored", "评分参保人数"), NOTHING)
BY_PRIORITY = (
    Text("Cases by priority", "按优先级入选"),
    Text(
        "Highest priority within the quotas; the core of a ring is one case",
        "在行为类型、机构类别、地区限额内按优先级入选；团组核心成员合并为一案",
    ),
)
AT_RANDOM = (
    Text("Cases drawn at random", "随机抽查案件"),
    Text(
        "Drawn from all subjects outside the ranked cases and their rings, providers and persons each by themselves",
        "从未入选、也未随团组并案的对象中随机抽取，机构与参保人分层",
    ),
)
POINTS_MONTHS = (
    Text("Months behind the suggested points", "记分建议所依据的月份"),
    Text("Scored months of the calendar year up to this one", "本自然年内截至本月已评分的月份"),
)
# Facts of the scored month, by their names in the manifest.
RUN_FACTS: Mapping[str, Text] = {
    "manifest_sha256": Text("Digest of the month's manifest", "评分清单摘要（SHA-256）"),
    "version": Text("Version of the scored month", "评分结果版本"),
    "tool_version": Text("Version of the toolkit", "工具版本"),
    "model_provider": Text("Model of providers", "机构模型"),
    "model_patient": Text("Model of insured persons", "参保人模型"),
}
NO_MODEL: Mapping[str, Text] = {"none": Text("none", "无")}
REACHES: Mapping[str, Text] = {
    "workspace": Text("workspace", "工作区"),
    "month": Text("month", "本月"),
    "pack": Text("pack", "本核查包"),
}
GENERATORS: Mapping[str, Text] = {
    "numpy PCG64, choice without replacement": Text(
        "numpy PCG64, choice without replacement", "numpy PCG64，不放回抽取"
    ),
}
DRAWN_BY: Mapping[str, Text] = {
    "seed": Text("Seed", "随机种子"),
    "generator": Text("Generator", "随机数生成器"),
    "frame_size": Text("Subjects in the frame", "抽样框对象数"),
    "frame_digest": Text("Digest of the frame, keyed", "抽样框摘要（密钥摘要）"),
    "n_drawn": Text("Drawn", "抽取数"),
    "probability": Text("Chance of being drawn", "抽中概率"),
}
ADVICE = (
    (
        Text("When only part of the lines can be reviewed", "仅能核查部分明细时"),
        Text(
            "Fix the frame (all evidence lines of the case), stratum and size first; draw with a recorded seed; "
            "keep lines without fault in the sample; never change it after review",
            "先确定总体（本案全部证据明细）、分层与样本量，记录种子后抽取；无问题明细须保留在样本中；核查后不得更换样本",
        ),
    ),
    (
        Text("Point estimate", "点估计"),
        Text("N × mean amount at fault per line", "N × 样本每条违规金额均值"),
    ),
    (
        Text("Lower limit, one-sided 90 %", "单侧 90% 置信下限"),
        Text(
            "N × mean − t(0.90, n−1) × N × s ÷ √n × √(1 − n ÷ N)", "N × 均值 − t(0.90, n−1) × N × s ÷ √n × √(1 − n ÷ N)"
        ),
    ),
    (
        Text("Lower limit, two-sided 90 %", "双侧 90% 置信下限"),
        Text(
            "N × mean − t(0.95, n−1) × N × s ÷ √n × √(1 − n ÷ N)", "N × 均值 − t(0.95, n−1) × N × s ÷ √n × √(1 − n ÷ N)"
        ),
    ),
)
