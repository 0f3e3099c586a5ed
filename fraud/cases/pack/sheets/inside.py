"""The sheet of providers from inside: one row per case and department, then per practitioner."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.vocabulary.text import Text
from fraud.cases.pack.workbook_words import CASE, INSIDE_KINDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fraud.cases.case import Case
    from fraud.cases.pack.sheets.writer import SheetWriter

# Field of a unit, heading, kind and width; the page shows them too.
INSIDE_COLUMNS = (
    ("shown_id", Text("Department or practitioner", "科室或医师"), "text", 22),
    ("n_patients", Text("Patients", "患者数"), "integer", 10),
    ("n_settlements", Text("Settlements", "结算数"), "integer", 12),
    ("n_lines", Text("Lines", "明细数"), "integer", 10),
    ("amount", Text("Billed", "费用"), "money", 15),
    ("fund_paid_amount", Text("Paid by the fund", "基金支付"), "money", 15),
    ("amount_per_settlement", Text("Per settlement", "次均费用"), "money", 14),
    ("settlement_ratio", Text("Times the others' median", "为其他单元中位数的倍数"), "number", 14),
    ("amount_per_patient", Text("Per patient", "人均费用"), "money", 14),
    ("patient_ratio", Text("Times the others' median", "为其他单元中位数的倍数"), "number", 14),
    ("n_named_lines", Text("Lines in findings", "涉疑明细数"), "integer", 12),
    ("named_share", Text("Share of its lines", "占本单元明细"), "share", 12),
    ("others_named_share", Text("Others' median share", "其他单元占比中位数"), "share", 14),
    ("exposure_amount", Text("Exposure", "涉疑金额"), "money", 15),
)


def write_inside(sheet: SheetWriter, cases: Sequence[Case]) -> int:
    """Write the units of every case that has any; return the rows."""
    columns = [(label, width) for _, label, _, width in INSIDE_COLUMNS]
    sheet.head([(CASE, 17), (Text("Kind", "类型"), 14), *columns], n_frozen=3)
    for case in cases:
        for unit in case.inside:
            cells = [(kind, getattr(unit, name)) for name, _, kind, _ in INSIDE_COLUMNS]
            sheet.write([("text", case.case_id), ("text", INSIDE_KINDS[unit.kind].of(sheet.lang)), *cells])
    return sheet.filter(len(INSIDE_COLUMNS) + 2)
