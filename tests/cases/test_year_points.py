"""Points suggested for practitioners stand in the workbook, under the pack's pseudonyms, with room for a decision."""

import dataclasses

import openpyxl
import pandas as pd

from fraud.cases.pack.workbook import write_workbook
from fraud.cases.year_points import points_shown, year_months, year_points
from fraud.runs.manifest import MANIFEST
from fraud.workspace import Workspace
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


MONTHS = ("2026-02", "2026-03")
HEADS = {
    "en": (
        "Practitioner",
        "Exposure, findings summed",
        "If all of the practitioner's are confirmed, least points",
        "Points decided, by a person",
    ),
    "zh": ("医务人员", "涉疑金额（各线索相加）", "该医务人员全部查实的后果（按下限合计）", "人工决定记分"),
}
SAMPLING = {"en": "Sampling", "zh": "抽样方案"}
BEHIND = {
    "en": ("Months behind the suggested points", "2026-02, 2026-03"),
    "zh": ("记分建议所依据的月份", "2026-02、2026-03"),
}


def test_a_year_s_points_are_listed_with_room_for_a_decision(tmp_path):
    points = points_shown(FINDINGS, lambda kind, who: f"X-{kind}-{who}")
    for lang, title in (("en", "Suggested points"), ("zh", "医务人员记分建议")):
        path = tmp_path / f"{lang}.xlsx"
        told = write_workbook(dataclasses.replace(make_pack(lang=lang), points=points, points_months=MONTHS), path)
        assert told["rows_points"] == 2
        book = openpyxl.load_workbook(path)
        head, first, second = book[title].iter_rows(values_only=True)
        assert first[0] == "X-practitioner-D1"
        # Definite once in the year: 7 to 9 points, of 100.00 and 50.00.
        assert (first[3], first[4], first[5], first[7:9]) == ("2026-02\n2026-03", 2, 150, (7, 9))
        assert (second[0], second[10:]) == ("X-practitioner-D2", (None, None))
        grades = {"en": ("definite", "serious", "none"), "zh": ("明确违规线索", "较重", "无")}
        assert (first[2], first[6], first[9]) == grades[lang]
        assert (head[0], head[5], head[9], head[10]) == HEADS[lang]
        (step,) = [row for row in book[SAMPLING[lang]].iter_rows(values_only=True) if row[0] == title]
        assert step[1:3] == BEHIND[lang]


def test_months_of_the_year_count_up_to_the_pack_s(tmp_path, monkeypatch):
    workspace = Workspace(tmp_path)
    for month in ("2025-12", "2026-01", "2026-02", "2026-03"):
        (workspace.runs / month).mkdir(parents=True)
        (workspace.runs / month / MANIFEST).touch()

    class Run:
        """A scored month with one finding about one practitioner."""

        def __init__(self, month):
            self.month = month

        @classmethod
        def open(cls, _, month):
            return cls(month)

        def table(self, _):
            return pd.DataFrame([finding("D1", "H26", amount=int(self.month[-2:]), month=self.month)])

    monkeypatch.setattr("fraud.cases.year_points.ScoredRun", Run)
    months = year_months(workspace, "2026-02")
    assert months == ("2026-01", "2026-02")
    (one,) = year_points(workspace, months, lambda _, who: who)
    assert (one.months, one.n_findings, one.exposure_amount) == ("2026-01|2026-02", 2, 3)
    assert year_points(workspace, (), lambda _, who: who) == ()


def test_those_with_most_points_stand_first_and_together():
    rows = [
        finding("D1", "T01", amount=5),
        finding("D3", "T01", amount=5),
        finding("D2", "H26", "definite"),
        finding("D2", "T01"),
    ]
    points = points_shown(pd.DataFrame(rows), lambda _, who: {"D1": "X9", "D2": "X5", "D3": "X1"}[who])
    # Of equal points and money by the id that is shown, which tells nothing of the one that is stored.
    assert [(one.shown_id, one.scheme_code) for one in points] == [
        ("X5", "H26"),
        ("X5", "T01"),
        ("X1", "T01"),
        ("X9", "T01"),
    ]


def test_a_pack_without_findings_of_practitioners_has_no_such_sheet(tmp_path):
    assert points_shown(FINDINGS[FINDINGS["subject_type"] == "provider"], lambda _, who: who) == ()
    assert "rows_points" not in write_workbook(make_pack(), tmp_path / "cases.xlsx")
