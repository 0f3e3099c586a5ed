"""Small review packs for tests, and packs that a workspace has issued."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from features.vocabulary.text import Text
from fraud.cases.case import Case, CasePack, FindingView, Priority
from fraud.cases.issued import keep_issued, named_pack
from fraud.cases.line_columns import LINE_COLUMNS
from fraud.cases.rule_gaps import RuleGap

if TYPE_CHECKING:
    from fraud.workspace import Workspace


def make_line(**changes: object) -> dict[str, object]:
    row = {column.name: None for column in LINE_COLUMNS} | {
        "finding_id": "F-1", "code": "R-A", "role": "violating", "person": "Xp1", "gender": "female", "age_years": 60,
        "settle_time": pd.Timestamp("2026-06-03 10:00"), "provider_id": "H1", "provider_name": "院",
        "settlement_id": "S1", "line_number": 1, "item_name": "item", "unit_price": 1_250_000, "quantity": 25_000,
        "amount": 1001, "in_scope_amount": 1001, "exposure_amount": 301,
    }  # fmt: skip
    return row | changes


def make_finding(finding_id: str, exposure: int) -> FindingView:
    says, name = Text("why", "为何"), Text("A rule", "某规则")
    return FindingView(
        finding_id, "rule", "R-A", "H08", "1", "definite", "Art. 38", exposure, exposure // 2, 1, says, name
    )


def make_case(**changes: object) -> Case:
    # The line S1/1 is named by two findings, with 3.01 and 2.00: it counts 3.01. With S2/1 (5.00) that is 8.01.
    lines = [
        make_line(),
        make_line(finding_id="F-2", exposure_amount=200),
        make_line(finding_id="F-2", settlement_id="S2", exposure_amount=500, person="Xp2"),
    ]
    case = Case(
        case_id="C-000000000001", month="2026-06", subject_type="provider", subject_id="H1", shown_id="H1",
        subject_name="院**", kind="clinic", region="429902", rank=3, risk_score=71.5, score_mode="none",
        selection_reason="ranked", selection_probability=None, scheme_codes=("H08",),
        action=Text("Desk audit", "书面审核"),
        exposure_gross_amount=2002, exposure_amount=801, fund_exposure_amount=400, n_patients=2, n_settlements=2,
        n_lines=3, first_date="2026-06-03", last_date="2026-06-03",
        priority=Priority(1_000_000, 0.9, 0.5, 0.8, 30_000, 330_000), reasons=(Text("reason", "疑点"),),
        findings=(make_finding("F-1", 301), make_finding("F-2", 700)), peers=(), rings=(),
        innocent=(Text("both sides", "双侧"),), records=(Text("orders", "医嘱"),), lines=pd.DataFrame(lines),
        n_lines_left_out=0,
    )  # fmt: skip
    return replace(case, **changes)


def make_pack(*cases: Case, lang: str = "en") -> CasePack:
    gaps = (RuleGap("not_checked", "R-B", Text("Another rule", "另一规则"), Text("The month lacks it", "缺少")),)
    sampling = {"seed": 13055416215921671603, "frame_size": 20, "probability": 0.05}
    return CasePack("2026-06", lang, cases or (make_case(),), 30, 900, {"version": "v"}, False, sampling, gaps)


def issue(workspace: Workspace, *cases: Case, lang: str = "en") -> CasePack:
    """Keep what goes out, as an export does, and return the pack with its id."""
    pack = named_pack(make_pack(*cases, lang=lang), workspace.key())
    keep_issued(workspace, pack)
    return pack
