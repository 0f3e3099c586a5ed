"""The investigator's workbook: five sheets, in which no text can become a formula; equal packs give equal bytes."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pandas as pd
import xlsxwriter

from features.vocabulary.schemes import scheme
from features.vocabulary.text import Text
from fraud.cases.line_columns import LINE_COLUMNS
from fraud.cases.pack.calculation import Step, case_steps, sampling_steps
from fraud.cases.pack.summary_columns import DECISIONS, SHEET, STATUSES, SUMMARY_COLUMNS, WORDS, SummaryColumn, word_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from fraud.cases.case import Case, CasePack

SHEETS = {
    "summary": SHEET,
    "evidence": Text("Evidence lines", "证据明细"),
    "patients": Text("Patients", "患者清单"),
    "calculation": Text("Calculation", "计算过程"),
    "sampling": Text("Sampling", "抽样方案"),
}
# Equal packs, equal bytes: the file says no other time than this.
_CREATED = datetime(2000, 1, 1)  # noqa: DTZ001 - xlsxwriter takes naive times
_LONGEST_TEXT = 32_767  # of a cell
_SCALES = {"money": 100, "price": 1_000_000, "quantity": 10_000}
_FORMATS: dict[str, dict[str, Any]] = {
    "text": {"align": "left", "indent": 1},
    "long": {"align": "left", "indent": 1, "text_wrap": True},
    "money": {"num_format": "#,##0.00"},
    "price": {"num_format": "#,##0.00####"},
    "quantity": {"num_format": "#,##0.####"},
    "integer": {"num_format": "#,##0"},
    "score": {"num_format": "0.00"},
    "number": {"num_format": "0.00####"},
    "date": {"num_format": "yyyy-mm-dd"},
    "time": {"num_format": "yyyy-mm-dd hh:mm"},
}
_COLOURS = {"red": ("#F8D7DA", "#7A1C25"), "yellow": ("#FFF3CD", "#664D03"), "green": ("#D1E7DD", "#0F5132")}
_DECISION_COLOURS = {"policy_ambiguity": "yellow", "insufficient_evidence": "yellow", "unfounded": "green"}
_STATUS_COLOURS = {"to_review": "red", "in_review": "yellow", "decided": "green"}
_ANSWER: dict[str, Any] = {"bg_color": "#F3F7FC", "border": 1, "border_color": "#C5D3E5"}
_ROW_HEIGHT = 96
_RULE: dict[str, Any] = {"bottom": 1, "bottom_color": "#DDE3EA"}
# What starts like this is kept as text even when the cell is edited.
_HOSTILE = ("=", "+", "-", "@", "\t", "\r", "\n")

_PATIENT_COLUMNS = (
    ("case_id", Text("Case", "案件编号"), "text", 17),
    ("person", Text("Person", "参保人"), "text", 20),
    ("gender", Text("Sex", "性别"), "text", 8),
    ("age_years", Text("Age", "年龄"), "integer", 7),
    ("n_settlements", Text("Settlements", "结算数"), "integer", 12),
    ("n_lines", Text("Lines", "明细数"), "integer", 10),
    ("first_time", Text("First", "最早结算时间"), "time", 17),
    ("last_time", Text("Last", "最晚结算时间"), "time", 17),
    ("amount", Text("Amount", "金额"), "money", 14),
    ("in_scope_amount", Text("In scope", "符合范围金额"), "money", 14),
    ("exposure_amount", Text("Exposure", "涉疑金额"), "money", 14),
)


def write_workbook(pack: CasePack, path: Path) -> dict[str, int]:
    """Write the five sheets of a pack.

    Parameters
    ----------
    pack : CasePack
        What to write; its language is that of the sheets.
    path : Path
        The file, ending in .xlsx.

    Returns
    -------
    dict of str to int
        `rows_<sheet>` without headers, and totals in minor units: of the cases `exposure_gross_amount`,
        `exposure_amount`, `fund_exposure_amount`; of the lines listed, each once, `listed_exposure_amount`.
    """
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(str(path), options)
    try:
        book.set_properties({"created": _CREATED, "title": SHEET.of(pack.lang)})
        rows = {"summary": _summary(_Sheet(book, "summary", pack.lang), pack)}
        rows["evidence"] = _evidence(_Sheet(book, "evidence", pack.lang), pack.cases)
        rows["patients"], listed = _patients(_Sheet(book, "patients", pack.lang), pack.cases)
        of_cases = [(case.case_id, case_steps(case)) for case in pack.cases]
        rows["calculation"] = _steps(_Sheet(book, "calculation", pack.lang), of_cases)
        rows["sampling"] = _steps(_Sheet(book, "sampling", pack.lang), [("", sampling_steps(pack))])
    finally:
        book.close()
    return {
        **{f"rows_{name}": n for name, n in rows.items()},
        "exposure_gross_amount": sum(case.exposure_gross_amount for case in pack.cases),
        "exposure_amount": sum(case.exposure_amount for case in pack.cases),
        "fund_exposure_amount": sum(case.fund_exposure_amount for case in pack.cases),
        "listed_exposure_amount": listed,
    }


class _Sheet:
    """A sheet written row by row: a heading, then cells by kind."""

    def __init__(self, book: Any, name: str, lang: str) -> None:
        self.book, self.lang = book, lang
        self.sheet = book.add_worksheet(SHEETS[name].of(lang))
        self.row = 0
        self._formats: dict[tuple[str, bool, bool], Any] = {}

    def head(self, columns: Sequence[tuple[Text, int]], n_frozen: int, n_wide: int = 1) -> None:
        """Write the heading; it and the first columns stay in view; print so many pages wide."""
        style = {"bold": True, "bg_color": "#23395B", "font_color": "#FFFFFF", "valign": "vcenter", "text_wrap": True}
        heading = self.book.add_format(style)
        for number, (_, width) in enumerate(columns):
            self.sheet.set_column(number, number, width)
        self.sheet.set_row(0, 32)
        for number, (label, _) in enumerate(columns):
            self.sheet.write_string(0, number, label.of(self.lang), heading)
        self.sheet.freeze_panes(1, n_frozen)
        self.sheet.set_landscape()
        self.sheet.set_paper(9)
        self.sheet.repeat_rows(0)
        self.sheet.fit_to_pages(n_wide, 0)

    def write(
        self, cells: Sequence[tuple[str, Any]], *, answers: Sequence[int] = (), height: int | None = None
    ) -> None:
        """Write one row of (kind, value)."""
        self.row += 1
        if height:
            self.sheet.set_row(self.row, height)
        for number, (kind, value) in enumerate(cells):
            self._cell(number, kind, value, is_answer=number in answers)

    def filter(self, n_columns: int) -> int:
        """Put a filter on the heading; return the rows written."""
        self.sheet.autofilter(0, 0, self.row, n_columns - 1)
        return self.row

    def _cell(self, column: int, kind: str, value: Any, *, is_answer: bool) -> None:
        if _is_missing(value):
            self.sheet.write_blank(self.row, column, None, self._format(kind, is_answer=is_answer))
        elif isinstance(value, str):
            style = self._format(kind, is_answer=is_answer, is_quoted=value.startswith(_HOSTILE))
            self.sheet.write_string(self.row, column, value[:_LONGEST_TEXT], style)
        elif kind in {"date", "time"}:
            moment = pd.Timestamp(value).tz_localize(None).to_pydatetime(warn=False)
            self.sheet.write_datetime(self.row, column, moment, self._format(kind, is_answer=is_answer))
        else:
            number = int(value) / _SCALES[kind] if kind in _SCALES else value
            self.sheet.write_number(self.row, column, number, self._format(kind, is_answer=is_answer))

    def _format(self, kind: str, *, is_answer: bool, is_quoted: bool = False) -> Any:
        key = (kind, is_answer, is_quoted)
        if key not in self._formats:
            answer: dict[str, Any] = _ANSWER if is_answer else {}
            quoted: dict[str, Any] = {"quote_prefix": True} if is_quoted else {}
            self._formats[key] = self.book.add_format({"valign": "top", **_RULE, **_FORMATS[kind], **answer, **quoted})
        return self._formats[key]


def _is_missing(value: Any) -> bool:
    if isinstance(value, str):
        return not value
    return bool(pd.isna(value))


def _summary(sheet: _Sheet, pack: CasePack) -> int:
    sheet.head([(column.label, column.width) for column in SUMMARY_COLUMNS], n_frozen=3, n_wide=3)
    answers = [number for number, column in enumerate(SUMMARY_COLUMNS) if column.is_answer]
    for place, case in enumerate(pack.cases, start=1):
        values = _summary_values(case, place, pack.lang)
        cells = [(column.kind, values.get(column.name)) for column in SUMMARY_COLUMNS]
        sheet.write(cells, answers=answers, height=_ROW_HEIGHT)
    if pack.cases:
        for number, column in enumerate(SUMMARY_COLUMNS):
            _answer_rules(sheet, number, column)
    return sheet.filter(len(SUMMARY_COLUMNS))


def _summary_values(case: Case, place: int, lang: str) -> dict[str, Any]:
    names = ("month", "risk_score", "n_patients", "n_settlements", "n_lines", "subject_name", "region", "case_id")
    amounts = ("exposure_gross_amount", "exposure_amount", "selection_probability")
    listed = (("reasons", case.reasons[:3]), ("innocent", case.innocent), ("records", case.records))
    return {
        **{name: getattr(case, name) for name in (*names, *amounts)},
        **{name: "\n".join(f"• {text.of(lang)}" for text in texts) for name, texts in listed},
        "place": place,
        "fund_exposure_amount": case.known_fund_amount,
        "status": word_of("status", "to_review", lang),
        "subject_type": word_of("subject_type", case.subject_type, lang),
        "subject_id": case.shown_id,
        "kind": word_of("kind", case.kind, lang),
        "schemes": "\n".join(f"{code} {scheme(code).name.of(lang)}".strip() for code in case.scheme_codes),
        "risk_rank": case.rank,
        "expected_recovery_amount": case.priority.expected_recovery_amount,
        "priority_amount": case.priority.total_amount,
        "first_date": _day(case.first_date),
        "last_date": _day(case.last_date),
        "basis": "\n".join(dict.fromkeys(finding.basis for finding in case.findings if finding.basis)),
        "action": case.action.of(lang),
        "selection_reason": word_of("selection_reason", case.selection_reason, lang),
    }


def _day(text: str) -> datetime | None:
    return datetime.combine(date.fromisoformat(text), datetime.min.time(), UTC) if text else None


def _answer_rules(sheet: _Sheet, number: int, column: SummaryColumn) -> None:
    """Say what may be filled in, and colour it."""
    area = (1, number, sheet.row, number)
    colours = {"status": _STATUS_COLOURS, "decision": dict.fromkeys(DECISIONS, "red") | _DECISION_COLOURS}
    if column.name in colours:
        words = {"status": STATUSES, "decision": DECISIONS}[column.name]
        source = [text.of(sheet.lang) for text in words.values()]
        sheet.sheet.data_validation(*area, {"validate": "list", "source": source})
        for code, colour in colours[column.name].items():
            background, ink = _COLOURS[colour]
            style = sheet.book.add_format({"bg_color": background, "font_color": ink})
            value = f'"{WORDS[column.name][code].of(sheet.lang)}"'
            sheet.sheet.conditional_format(*area, {"type": "cell", "criteria": "==", "value": value, "format": style})
    elif column.is_answer and column.kind == "date":
        rule = {"validate": "date", "criteria": ">=", "value": date(2000, 1, 1)}
        sheet.sheet.data_validation(*area, rule)
    elif column.is_answer and column.kind == "money":
        sheet.sheet.data_validation(*area, {"validate": "decimal", "criteria": ">=", "value": 0})


def _evidence(sheet: _Sheet, cases: Sequence[Case]) -> int:
    widths = {"text": 16, "money": 13, "price": 12, "quantity": 10, "integer": 8, "time": 17, "date": 12}
    columns = [(column.label, widths[column.kind]) for column in LINE_COLUMNS]
    sheet.head([(Text("Case", "案件编号"), 17), *columns], n_frozen=2)
    for case in cases:
        values = (case.lines[column.name].tolist() for column in LINE_COLUMNS)
        for row in zip(*values, strict=True):
            cells = ((column.kind, value) for column, value in zip(LINE_COLUMNS, row, strict=True))
            sheet.write([("text", case.case_id), *cells])
    return sheet.filter(len(LINE_COLUMNS) + 1)


def _patients(sheet: _Sheet, cases: Sequence[Case]) -> tuple[int, int]:
    """Write one row per case and person; return rows and the exposure listed."""
    sheet.head([(label, width) for _, label, _, width in _PATIENT_COLUMNS], n_frozen=2)
    listed = 0
    for case in cases:
        for row in _by_person(case).to_dict("records"):
            listed += int(row["exposure_amount"])
            sheet.write([(kind, row[name]) for name, _, kind, _ in _PATIENT_COLUMNS])
    return sheet.filter(len(_PATIENT_COLUMNS)), listed


def _by_person(case: Case) -> pd.DataFrame:
    """One row per person of the evidence listed; a line that several findings name counts once, at its largest."""
    largest = case.lines.sort_values("exposure_amount", ascending=False, kind="stable")
    once = largest.drop_duplicates(["settlement_id", "line_number"])
    people = once.groupby("person", sort=True).agg(
        gender=("gender", "first"),
        age_years=("age_years", "max"),
        n_settlements=("settlement_id", "nunique"),
        n_lines=("settlement_id", "size"),
        first_time=("settle_time", "min"),
        last_time=("settle_time", "max"),
        amount=("amount", "sum"),
        in_scope_amount=("in_scope_amount", "sum"),
        exposure_amount=("exposure_amount", "sum"),
    )
    order = people.reset_index().sort_values(["exposure_amount", "person"], ascending=[False, True])
    return order.assign(case_id=case.case_id)


def _steps(sheet: _Sheet, parts: Sequence[tuple[str, Any]]) -> int:
    """Write steps of calculations, after the case where there is one."""
    has_case = any(name for name, _ in parts)
    first = [(Text("Case", "案件编号"), 17)] if has_case else []
    columns = [(Text("Part", "部分"), 22), (Text("Item", "项目"), 40), (Text("Value", "数值"), 24)]
    columns.append((Text("How it comes about", "计算说明"), 90))
    sheet.head([*first, *columns], n_frozen=len(first))
    for name, steps in parts:
        case = [("text", name)] if has_case else []
        for step in steps:
            sheet.write([*case, *_step_cells(step, sheet.lang)])
    return sheet.filter(len(first) + len(columns))


def _step_cells(step: Step, lang: str) -> list[tuple[str, Any]]:
    return [
        ("text", step.part.of(lang)),
        ("text", step.item.of(lang)),
        (step.kind, step.value),
        ("long", step.formula.of(lang)),
    ]
