"""The sheet of patients: one row per case and person; a claim line counts once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.vocabulary.text import Text
from fraud.cases.line_columns import word_in
from fraud.cases.pack.workbook_words import CASE

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from fraud.cases.case import Case
    from fraud.cases.pack.sheets.writer import SheetWriter

# Name, heading, kind and width.
_COLUMNS = (
    ("case_id", CASE, "text", 17),
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


def write_patients(sheet: SheetWriter, cases: Sequence[Case]) -> tuple[int, int]:
    """Write one row per case and person; return the rows, and the exposure listed in minor units."""
    sheet.head([(label, width) for _, label, _, width in _COLUMNS], n_frozen=2)
    listed = 0
    for case in cases:
        for row in _by_person(case).to_dict("records"):
            listed += int(row["exposure_amount"])
            sheet.write([(kind, word_in(name, row[name], sheet.lang)) for name, _, kind, _ in _COLUMNS])
    return sheet.filter(len(_COLUMNS)), listed


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
