"""The columns of the case summary sheet, which goes out with one row per case and comes back with decisions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Literal

from features.vocabulary.text import Text
from fraud.cases.basis import basis_in
from fraud.cases.clue_names import clues_of
from fraud.cases.sheet_words import plain_word, word_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from fraud.cases.case import Case

Cell = str | int | float | datetime | None
# The weightiest reasons; all of them are on the page.
_REASONS_SHOWN = 3


@dataclass(frozen=True)
class SummaryRow:
    """One row of the sheet: a case, its place in the queue from 1, and the language and the id of the pack."""

    case: Case
    place: int
    lang: str
    pack_id: str = ""

    def word(self, column: str, code: str) -> str:
        """Return the sheet's word for a code."""
        return word_of(column, code, self.lang)

    def bullets(self, texts: Iterable[Text]) -> str:
        """List texts below each other."""
        return "\n".join(f"• {text.of(self.lang)}" for text in texts)


@dataclass(frozen=True)
class SummaryColumn:
    """One column of the sheet: its heading, its look, and how its value is taken from a case.

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
    value : callable or None
        Gives the cell of a row; None where nothing is known until the investigator fills it in.
    is_answer : bool
        Whether the investigator fills it in.

    Examples
    --------
    >>> column = SummaryColumn("month", Text("Month", "筛查月份"), "text", 10, lambda row: row.case.month)
    >>> column.label.of("zh")
    '筛查月份'
    """

    name: str
    label: Text
    kind: Literal["text", "long", "money", "integer", "number", "score", "date"]
    width: int
    value: Callable[[SummaryRow], Cell] | None = None
    is_answer: bool = False


def _day(text: str) -> datetime | None:
    return datetime.combine(date.fromisoformat(text), datetime.min.time(), UTC) if text else None


def _schemes(row: SummaryRow) -> str:
    return "\n".join(f"{code} {name.of(row.lang)}".strip() for code, name in clues_of(row.case))


def _basis(row: SummaryRow) -> str:
    own = (basis_in(finding.basis, row.lang) for finding in row.case.findings if finding.basis)
    return "\n".join(dict.fromkeys(own))


SUMMARY_COLUMNS = (
    SummaryColumn("place", Text("No.", "序号"), "integer", 6, lambda row: row.place),
    SummaryColumn("case_id", Text("Case", "案件编号"), "text", 17, lambda row: row.case.case_id),
    SummaryColumn(
        "status", Text("Status", "办理状态"), "text", 12, lambda row: row.word("status", "to_review"), is_answer=True
    ),
    SummaryColumn(
        "subject_type",
        Text("Subject type", "对象类型"),
        "text",
        17,
        lambda row: row.word("subject_type", row.case.subject_type),
    ),
    SummaryColumn("subject_id", Text("Subject", "对象编号"), "text", 20, lambda row: row.case.shown_id),
    SummaryColumn("subject_name", Text("Name", "名称"), "text", 26, lambda row: row.case.subject_name),
    SummaryColumn("kind", Text("Kind", "机构类别"), "text", 23, lambda row: row.word("kind", row.case.kind)),
    SummaryColumn("region", Text("Region", "统筹区"), "text", 12, lambda row: row.case.region),
    SummaryColumn("month", Text("Month", "筛查月份"), "text", 10, lambda row: row.case.month),
    SummaryColumn("schemes", Text("Clues", "线索类型"), "long", 28, _schemes),
    SummaryColumn("risk_rank", Text("Rank in the month", "当月风险排名"), "integer", 10, lambda row: row.case.rank),
    SummaryColumn("risk_score", Text("Risk score", "风险评分"), "score", 10, lambda row: row.case.risk_score),
    SummaryColumn("n_patients", Text("Patients", "涉及人数"), "integer", 10, lambda row: row.case.n_patients),
    SummaryColumn(
        "n_settlements", Text("Settlements", "涉及结算数"), "integer", 12, lambda row: row.case.n_settlements
    ),
    SummaryColumn("n_lines", Text("Lines", "涉及明细数"), "integer", 10, lambda row: row.case.n_lines),
    SummaryColumn(
        "exposure_gross_amount", Text("Billed", "涉疑总金额"), "money", 15, lambda row: row.case.exposure_gross_amount
    ),
    SummaryColumn(
        "exposure_amount", Text("In scope", "涉疑范围内金额"), "money", 15, lambda row: row.case.exposure_amount
    ),
    SummaryColumn(
        "fund_exposure_amount", Text("Fund share", "涉疑基金金额"), "money", 15, lambda row: row.case.known_fund_amount
    ),
    SummaryColumn(
        "expected_recovery_amount",
        Text("Expected recovery", "预期追回"),
        "money",
        15,
        lambda row: row.case.priority.expected_recovery_amount,
    ),
    SummaryColumn(
        "priority_amount", Text("Priority", "优先级（金额）"), "money", 15, lambda row: row.case.priority.total_amount
    ),
    SummaryColumn("first_date", Text("First date", "最早日期"), "date", 12, lambda row: _day(row.case.first_date)),
    SummaryColumn("last_date", Text("Last date", "最晚日期"), "date", 12, lambda row: _day(row.case.last_date)),
    SummaryColumn(
        "reasons",
        Text("Why worth a look", "疑点说明"),
        "long",
        60,
        lambda row: row.bullets(row.case.reasons[:_REASONS_SHOWN]),
    ),
    SummaryColumn("basis", Text("Basis", "依据"), "long", 34, _basis),
    SummaryColumn(
        "innocent",
        Text("What would explain it", "可能的合理解释"),
        "long",
        40,
        lambda row: row.bullets(row.case.innocent),
    ),
    SummaryColumn(
        "records", Text("Records to ask for", "需调取资料"), "long", 40, lambda row: row.bullets(row.case.records)
    ),
    SummaryColumn("action", Text("Recommended step", "建议措施"), "long", 30, lambda row: row.case.action.of(row.lang)),
    SummaryColumn(
        "selection_reason",
        Text("Why selected", "入选原因"),
        "text",
        16,
        lambda row: row.word("selection_reason", row.case.selection_reason),
    ),
    SummaryColumn(
        "selection_probability",
        Text("Chance of being drawn", "抽中概率"),
        "number",
        12,
        lambda row: row.case.selection_probability,
    ),
    SummaryColumn(
        "place_notes", Text("On its place", "位次说明"), "long", 40, lambda row: row.bullets(row.case.place_notes)
    ),
    SummaryColumn("pack_id", Text("Pack", "核查包编号"), "text", 20, lambda row: row.pack_id),
    SummaryColumn("assigned_to", Text("Assigned to", "承办人"), "text", 14, is_answer=True),
    SummaryColumn("decision", Text("Decision", "处理结论"), "text", 24, is_answer=True),
    SummaryColumn("decided_date", Text("Decided on", "结论日期"), "date", 13, is_answer=True),
    SummaryColumn("confirmed_amount", Text("Amount confirmed", "认定金额"), "money", 16, is_answer=True),
    SummaryColumn("recovered_amount", Text("Amount recovered", "追回金额"), "money", 16, is_answer=True),
    SummaryColumn("note", Text("Note", "备注"), "long", 40, is_answer=True),
    SummaryColumn("supersedes_label_id", Text("Replaces decision", "替代的结论编号"), "text", 22, is_answer=True),
)
_NAMES = {
    plain_word(heading): column.name for column in SUMMARY_COLUMNS for heading in (column.label.en, column.label.zh)
}


def column_named(heading: str) -> str:
    """Return the column's name for a heading in either language; other headings are names already.

    Examples
    --------
    >>> column_named("处理结论 "), column_named("优先级(金额)"), column_named("finding_id")
    ('decision', 'priority_amount', 'finding_id')
    """
    return _NAMES.get(plain_word(heading), heading.strip())
