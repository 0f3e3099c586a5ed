"""The sheet that goes out with one row per case and comes back with decisions: its columns and closed words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from features.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

SHEET = Text("Case summary", "案件汇总")

# How a review may end, in the contract's words and in those of the sheet.
DECISIONS: Mapping[str, Text] = {
    "confirmed_fraud": Text("Confirmed: fraud", "查实：欺诈骗保"),
    "confirmed_abuse": Text("Confirmed: abuse", "查实：滥用基金"),
    "confirmed_waste": Text("Confirmed: waste", "查实：过度医疗"),
    "confirmed_error": Text("Confirmed: billing error", "查实：收费差错"),
    "policy_ambiguity": Text("Policy unclear", "政策界限不清"),
    "unfounded": Text("Explained: not upheld", "有合理解释，不予认定"),
    "insufficient_evidence": Text("Not enough evidence", "证据不足"),
}
SUBJECT_TYPES: Mapping[str, Text] = {
    "provider": Text("Provider", "医药机构"),
    "patient": Text("Insured person", "参保人"),
    "practitioner": Text("Practitioner", "医师"),
    "ring": Text("Ring", "团伙线索"),
    "settlement": Text("Settlement", "结算单"),
}
SELECTION_REASONS: Mapping[str, Text] = {
    "ranked": Text("Ranked by priority", "按优先级"),
    "random_audit": Text("Drawn at random", "随机抽查"),
    "complaint": Text("Complaint", "投诉举报"),
    "referral": Text("Referral", "移送"),
    "other": Text("Other", "其他"),
}
STATUSES: Mapping[str, Text] = {
    "to_review": Text("To review", "待核查"),
    "in_review": Text("In review", "核查中"),
    "decided": Text("Decided", "已办结"),
}
KINDS: Mapping[str, Text] = {
    "hospital": Text("Hospital", "医院"),
    "clinic": Text("Clinic", "诊所"),
    "community_center": Text("Community health centre", "社区卫生服务中心"),
    "village_clinic": Text("Village clinic", "村卫生室"),
    "retail_pharmacy": Text("Retail pharmacy", "定点零售药店"),
    "dual_channel_pharmacy": Text("Dual-channel pharmacy", "双通道药店"),
    "internet_hospital": Text("Internet hospital", "互联网医院"),
    "laboratory": Text("Laboratory", "检验机构"),
    "other": Text("Other", "其他"),
}
# Columns whose cells are words of a closed list.
WORDS: Mapping[str, Mapping[str, Text]] = {
    "subject_type": SUBJECT_TYPES,
    "decision": DECISIONS,
    "selection_reason": SELECTION_REASONS,
    "status": STATUSES,
    "kind": KINDS,
}


@dataclass(frozen=True)
class SummaryColumn:
    """One column of the summary sheet.

    Parameters
    ----------
    name : str
        Of the contract's labels where it comes back.
    label : Text
        Heading.
    kind : str
        `money` is in minor units.
    width : int
        In characters.
    is_answer : bool
        Whether the investigator fills it in.
    """

    name: str
    label: Text
    kind: Literal["text", "long", "money", "integer", "number", "score", "date"]
    width: int
    is_answer: bool = False


SUMMARY_COLUMNS = (
    SummaryColumn("place", Text("No.", "序号"), "integer", 6),
    SummaryColumn("case_id", Text("Case", "案件编号"), "text", 17),
    SummaryColumn("status", Text("Status", "办理状态"), "text", 12, is_answer=True),
    SummaryColumn("subject_type", Text("Subject type", "对象类型"), "text", 17),
    SummaryColumn("subject_id", Text("Subject", "对象编号"), "text", 20),
    SummaryColumn("subject_name", Text("Name", "名称"), "text", 26),
    SummaryColumn("kind", Text("Kind", "机构类别"), "text", 23),
    SummaryColumn("region", Text("Region", "统筹区"), "text", 12),
    SummaryColumn("month", Text("Month", "筛查月份"), "text", 10),
    SummaryColumn("schemes", Text("Clues", "线索类型"), "long", 28),
    SummaryColumn("risk_rank", Text("Rank in the month", "当月风险排名"), "integer", 10),
    SummaryColumn("risk_score", Text("Risk score", "风险评分"), "score", 10),
    SummaryColumn("n_patients", Text("Patients", "涉及人数"), "integer", 10),
    SummaryColumn("n_settlements", Text("Settlements", "涉及结算数"), "integer", 12),
    SummaryColumn("n_lines", Text("Lines", "涉及明细数"), "integer", 10),
    SummaryColumn("exposure_gross_amount", Text("Billed", "涉疑总金额"), "money", 15),
    SummaryColumn("exposure_amount", Text("In scope", "涉疑范围内金额"), "money", 15),
    SummaryColumn("fund_exposure_amount", Text("Fund share", "涉疑基金金额"), "money", 15),
    SummaryColumn("expected_recovery_amount", Text("Expected recovery", "预期追回"), "money", 15),
    SummaryColumn("priority_amount", Text("Priority", "优先级（金额）"), "money", 15),
    SummaryColumn("first_date", Text("First date", "最早日期"), "date", 12),
    SummaryColumn("last_date", Text("Last date", "最晚日期"), "date", 12),
    SummaryColumn("reasons", Text("Why worth a look", "疑点说明"), "long", 60),
    SummaryColumn("basis", Text("Basis", "依据"), "long", 34),
    SummaryColumn("innocent", Text("What would explain it", "可能的合理解释"), "long", 40),
    SummaryColumn("records", Text("Records to ask for", "需调取资料"), "long", 40),
    SummaryColumn("action", Text("Recommended step", "建议措施"), "long", 30),
    SummaryColumn("selection_reason", Text("Why selected", "入选原因"), "text", 16),
    SummaryColumn("selection_probability", Text("Chance of being drawn", "抽中概率"), "number", 12),
    SummaryColumn("assigned_to", Text("Assigned to", "承办人"), "text", 14, is_answer=True),
    SummaryColumn("decision", Text("Decision", "处理结论"), "text", 24, is_answer=True),
    SummaryColumn("decided_date", Text("Decided on", "结论日期"), "date", 13, is_answer=True),
    SummaryColumn("confirmed_amount", Text("Amount confirmed", "认定金额"), "money", 16, is_answer=True),
    SummaryColumn("recovered_amount", Text("Amount recovered", "追回金额"), "money", 16, is_answer=True),
    SummaryColumn("note", Text("Note", "备注"), "long", 40, is_answer=True),
)


def column_named(heading: str) -> str:
    """Return the column's name for a heading in either language; other headings are names already."""
    return _HEADINGS.get(heading.strip(), heading.strip())


def code_of(column: str, word: str) -> str:
    """Return the contract's word for one of the sheet, in either language; unknown words stay as they are."""
    text = word.strip()
    return text.lower() if text.lower() in WORDS.get(column, {}) else _CODES.get(column, {}).get(text, text)


def word_of(column: str, code: str, lang: str) -> str:
    """Return the sheet's word for one of the contract; codes without words stay as they are."""
    text = WORDS[column].get(code)
    return text.of(lang) if text else code


_HEADINGS = {heading: c.name for c in SUMMARY_COLUMNS for heading in (c.label.en, c.label.zh)}
_CODES = {
    column: {word: code for code, text in words.items() for word in (text.en, text.zh)}
    for column, words in WORDS.items()
}
