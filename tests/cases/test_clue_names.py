"""Packs call rules, rings, features and the model by their names, in the pack's language."""

from __future__ import annotations

from dataclasses import replace

import openpyxl
import pandas as pd
import pytest

from features.vocabulary.text import Text
from fraud.cases.clue_names import clue_names, clues_of, lines_with_names, rule_names
from fraud.cases.pack.page import render_page
from fraud.cases.pack.workbook import write_workbook
from fraud.workspace import Workspace
from tests.support.packs import make_case, make_finding, make_line, make_pack

SHOWN = {"en": ("A rule", "Another rule"), "zh": ("某规则", "另一规则")}


@pytest.mark.parametrize("lang", SHOWN)
def test_pages_and_sheets_show_the_name_and_the_code(lang, tmp_path):
    pack, (rule, gap) = make_pack(lang=lang), SHOWN[lang]
    page = render_page(pack)
    assert page.count(f"<td>{rule} <code>R-A</code></td>") == 2
    assert f"<td>{gap} <code>R-B</code></td>" in page
    assert page.count(f">{rule} R-A</td>") == 3
    write_workbook(pack, tmp_path / "pack.xlsx")
    _, lines, _, steps, sampling, *_ = openpyxl.load_workbook(tmp_path / "pack.xlsx")
    assert [row[2] for row in lines.iter_rows(min_row=2, values_only=True)] == [f"{rule} R-A"] * 3
    assert f"{rule} R-A F-1" in [row[2] for row in steps.iter_rows(values_only=True)]
    assert f"{gap} R-B" in [row[1] for row in sampling.iter_rows(values_only=True)]


def test_a_line_goes_by_its_own_finding_where_a_feature_has_the_code_of_a_rule():
    drugs = Text("Drugs' share beyond peers", "药费占比异常")
    feature = replace(make_finding("F-9", 0), source="peer", name=Text("Share of money on drugs", "药品费用占比"))
    findings = (replace(make_finding("F-1", 301), name=drugs), feature)
    lines = pd.DataFrame([make_line(), make_line(finding_id="", code="")])
    shown = lines_with_names(make_case(findings=findings, lines=lines), "zh")
    assert shown["code"].tolist() == ["药费占比异常 R-A", ""]


BEYOND, NO_CLUE = Text("Paid beyond expectation", "支付高于预期"), Text("No clue", "无线索")


@pytest.mark.parametrize(
    ("expected_recovery", "findings", "said"),
    [
        (100, (make_finding("F-1", 301), make_finding("F-2", 700)), (("R-A", Text("A rule", "某规则")),)),
        (100, (), (("", BEYOND),)),
        (0, (), (("", NO_CLUE),)),
    ],
)
@pytest.mark.parametrize("lang", SHOWN)
def test_a_case_without_a_scheme_says_what_it_stands_on(lang, expected_recovery, findings, said, tmp_path):
    case = make_case()
    priority = replace(case.priority, expected_recovery_amount=expected_recovery)
    case = replace(case, scheme_codes=(), findings=findings, priority=priority)
    assert clues_of(case) == said
    name = said[0][1].of(lang)
    assert f"<td>{name}</td>" in render_page(make_pack(case, lang=lang))
    write_workbook(make_pack(case, lang=lang), tmp_path / "pack.xlsx")
    heading, row, *_ = openpyxl.load_workbook(tmp_path / "pack.xlsx").worksheets[0].iter_rows(values_only=True)
    shown = dict(zip(heading, row, strict=True))
    assert shown["Clues" if lang == "en" else "线索类型"] == f"{said[0][0]} {name}".strip()


def test_whatever_speaks_has_a_name(scored_city):
    workspace, run = scored_city
    findings = run.table("findings")
    rules = rule_names(workspace)
    for entity in ("provider", "patient"):
        own = findings[findings["subject_type"] == entity]
        assert len(own)
        assert {*zip(own["source"], own["code"], strict=True)} <= {*clue_names(rules, entity)}


def test_a_damaged_rule_file_keeps_no_pack_back(tmp_path):
    workspace = Workspace(tmp_path)
    workspace.rules.mkdir()
    (workspace.rules / "own.toml").write_text("code = 1", encoding="utf-8")
    assert rule_names(workspace)["early_refills"] == Text("Refills ahead of time", "多次提前取药")


def test_names_are_of_the_subject_s_own_profile():
    provider, patient = (clue_names({}, entity) for entity in ("provider", "patient"))
    assert provider["peer", "settlement_p90_amount"].en == "90th percentile of settlements"
    assert ("peer", "overlap_days") in patient
    assert ("peer", "overlap_days") not in provider
