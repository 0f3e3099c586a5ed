"""The investigator's workbook: five to eight sheets, in which no text is a formula; equal packs give equal bytes."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import xlsxwriter

from fraud.cases.pack.sheets.boxes import write_boxes
from fraud.cases.pack.sheets.calculation import case_steps
from fraud.cases.pack.sheets.inside import write_inside
from fraud.cases.pack.sheets.lines import write_lines
from fraud.cases.pack.sheets.patients import write_patients
from fraud.cases.pack.sheets.points import write_points
from fraud.cases.pack.sheets.sampling import sampling_steps
from fraud.cases.pack.sheets.steps import write_steps, write_steps_of_cases
from fraud.cases.pack.sheets.summary import write_summary
from fraud.cases.pack.sheets.writer import SheetWriter
from fraud.cases.pack.workbook_words import SHEETS

if TYPE_CHECKING:
    from pathlib import Path

    from fraud.cases.case import CasePack

# Equal packs, equal bytes: the file says no other time than this.
_CREATED = datetime(2000, 1, 1)  # noqa: DTZ001 - xlsxwriter takes naive times
_OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


def write_workbook(pack: CasePack, path: Path) -> dict[str, int]:
    """Write the five sheets of a pack, and those of providers from inside, of boxes and of points where there are any.

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
    book = xlsxwriter.Workbook(str(path), _OPTIONS)

    def sheet(name: str) -> SheetWriter:
        return SheetWriter(book, SHEETS[name], pack.lang)

    try:
        book.set_properties({"created": _CREATED, "title": SHEETS["summary"].of(pack.lang)})
        rows = {"summary": write_summary(sheet("summary"), pack)}
        rows["evidence"] = write_lines(sheet("evidence"), pack.cases)
        rows["patients"], listed = write_patients(sheet("patients"), pack.cases)
        of_cases = [(case.case_id, case_steps(case)) for case in pack.cases]
        rows["calculation"] = write_steps_of_cases(sheet("calculation"), of_cases)
        rows["sampling"] = write_steps(sheet("sampling"), sampling_steps(pack))
        if any(case.inside for case in pack.cases):
            rows["inside"] = write_inside(sheet("inside"), pack.cases)
        if any(case.trails.boxes for case in pack.cases):
            rows["boxes"] = write_boxes(sheet("boxes"), pack.cases)
        if pack.points:
            rows["points"] = write_points(sheet("points"), pack.points)
    finally:
        book.close()
    return {
        **{f"rows_{name}": n for name, n in rows.items()},
        "exposure_gross_amount": sum(case.exposure_gross_amount for case in pack.cases),
        "exposure_amount": sum(case.exposure_amount for case in pack.cases),
        "fund_exposure_amount": sum(case.fund_exposure_amount for case in pack.cases),
        "listed_exposure_amount": listed,
    }
