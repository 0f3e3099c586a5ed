"""Points suggested for practitioners stand in the workbook, under the pack's pseudonyms, with room for a decision."""

import dataclasses

import openpyxl
import pandas as pd

from fraud.cases.pack.workbook import write_workbook
from fraud.cases.year_points import points_shown
from tests.support.packs import make_pack


def finding(who, scheme, result="suspicious", *, amount=0, month="2026-03", kind="practitioner"):
    return {
        "subject_type": kind,
        "subject_id": who,
        "source": "rule",
        "scheme_code": scheme,
        "result_type": result,
        "month": month,
        "exposure_amount": amount,
    }


FINDINGS = pd.DataFrame(
    [
        finding("D1", "H26", amount=10_000),
        finding("D1", "H26", "definite", amount=5_000, month="2026-02"),
        finding("D2", "T01", amount=20_000),
        finding("P1", "H26", kind="provider"),
    ]
)


def test_a_year_s_points_are_listed_with_room_for_a_decision(tmp_path):
    points = points_shown(FINDINGS, lambda kind, who: f"X-{kind}-{who}")
    for lang, title in (("en", "Suggested points"), ("zh", "医师记分建议")):
        path = tmp_path / f"{lang}.xlsx"
        told = write_workbook(dataclasses.replace(make_pack(lang=lang), points=points), path)
        assert told["rows_points"] == 2
        head, first, second = openpyxl.load_workbook(path)[title].iter_rows(values_only=True)
        assert first[0] == "X-practitioner-D1"
        # Definite once in the year: 7 to 9 points, of 100.00 and 50.00.
        assert (first[3], first[4], first[5], first[7:9]) == ("2026-02\n2026-03", 2, 150, (7, 9))
        assert (second[0], second[10:]) == ("X-practitioner-D2", (None, None))
        grades = {"en": ("definite", "serious", "none"), "zh": ("明确违规线索", "较重", "无")}
        assert (first[2], first[6], first[9]) == grades[lang]
        assert "person" in head[10] if lang == "en" else head[10] == "人工决定记分"


def test_a_pack_without_findings_of_practitioners_has_no_such_sheet(tmp_path):
    assert points_shown(FINDINGS[FINDINGS["subject_type"] == "provider"], lambda _, who: who) == ()
    assert "rows_points" not in write_workbook(make_pack(), tmp_path / "cases.xlsx")
