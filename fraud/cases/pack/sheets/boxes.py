"""The sheet of boxes: one row per scan of a trace code behind a case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.vocabulary.text import Text
from fraud.cases.pack.box_words import BOX_COLUMNS, step_cells
from fraud.cases.pack.workbook_words import CASE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fraud.cases.case import Case
    from fraud.cases.pack.sheets.writer import SheetWriter

_BOX = ((CASE, 17), (Text("Trace code", "追溯码"), 26), (Text("Item", "医保目录编码"), 18))


def write_boxes(sheet: SheetWriter, cases: Sequence[Case]) -> int:
    """Write the steps of the boxes of every case that has any; return the rows."""
    columns = [*_BOX, *BOX_COLUMNS]
    sheet.head(columns, n_frozen=2)
    for case in cases:
        for box in case.trails.boxes:
            for step in box.steps:
                texts = [case.case_id, box.code, box.item_code, *step_cells(step, sheet.lang)]
                sheet.write([("text", text) for text in texts])
    return sheet.filter(len(columns))
