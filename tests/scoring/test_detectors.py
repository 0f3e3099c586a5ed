"""DETECTORS is the one place that knows the detectors: a sixth is an entry, its module and its weight in settings."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from features.vocabulary.text import Text
from fraud.cases.build import _strongest_first
from fraud.cases.pack.page_words import SOURCES
from fraud.cases.triage import weigh
from fraud.findings import Findings
from fraud.rings import Rings, ring_scores
from fraud.runs.tables import read_output, write_output
from fraud.scoring.components import make_components
from fraud.scoring.detectors import (
    DETECTORS,
    check_detectors,
    explained_scores,
    finding_sources,
    reason_sources,
)
from fraud.scoring.detectors.declare import Detector, FindingSource
from fraud.scoring.detectors.measured import Measured
from fraud.scoring.entity_month import EntityMonth
from fraud.scoring.fusion import fuse, fusion_weights
from fraud.scoring.remarks import Remark, remark_findings
from fraud.scoring.subjects import score_subjects
from fraud.settings import CaseSettings, ScoringSettings

PAGE = Path(__file__).parents[2] / "docs" / "scoring.md"
ACCUSED = "the first of all"


def measure_toy(given, settings):
    """Suspect the first subject of all, with 50.00 to get back."""
    component = pd.Series([1.0] + [0.0] * (len(given.subjects) - 1), index=given.subjects)
    remark = Remark(given.subjects[0], "toy", "H08", Text(ACCUSED, "第一个"))
    return Measured(
        component,
        {"toy_score": component * 7},
        recoverable=(component * 5000).astype("int64"),
        find=lambda _: remark_findings(
            [remark], source="toy", entity=given.entity, month=given.month, version="1", basis="none"
        ),
    )


TOY = Detector(
    name="toys",
    measure=measure_toy,
    score="toy_score",
    weight="toys_weight",
    money_factor=0.5,
    reasons="findings",
    source=FindingSource("toy", Text("toy", "玩具"), actionability=0.7, names_lines=True),
)
SIX = (*DETECTORS[:2], TOY, *DETECTORS[2:])


class SettingsOfSix(ScoringSettings):
    toys_weight: float = 0.9


def finding(subject, source, exposure=0, result="suspicious"):
    return {
        "finding_id": f"{subject}-{source}",
        "month": "2026-03",
        "subject_type": "provider",
        "subject_id": subject,
        "source": source,
        "code": "X",
        "scheme_code": "H08",
        "version": "1",
        "result_type": result,
        "exposure_amount": exposure,
        "fund_exposure_amount": 0,
        "n_lines": 0,
        "reason_en": f"said by {source}",
        "reason_zh": source,
        "basis": "",
    }


@pytest.fixture(scope="module")
def given(profiles):
    providers = profiles.providers
    first = providers.attributes.index[0]
    found = pd.DataFrame([finding(first, "rule"), finding(first, "ring")])
    unlabelled = pd.Series(pd.NA, index=providers.attributes.index, dtype="boolean")
    return EntityMonth(
        "provider",
        "2026-03",
        providers,
        Findings(found, Findings.empty().lines),
        ring_scores(Rings.empty()),
        unlabelled,
        None,
        None,
    )


@pytest.fixture(scope="module")
def with_toy(given):
    return score_subjects(given, SettingsOfSix(), SIX)


def test_components_and_fusion_carry_a_sixth(given):
    measured = {detector.name: Measured(pd.Series([0.0, 0.0], index=["a", "b"])) for detector in DETECTORS}
    measured["toys"] = Measured(pd.Series([1.0, 0.5], index=["a", "b"]))
    components = make_components(measured, SIX)
    assert list(components) == ["rules", "rings", "toys", "model", "anomaly", "excess"]
    assert fusion_weights(SettingsOfSix(), SIX)["toys"] == 0.9
    assert fusion_weights(SettingsOfSix(policy="money"), SIX)["toys"] == pytest.approx(0.45)
    fused = fuse(components, SettingsOfSix(), SIX)
    assert fused.scores.tolist() == pytest.approx([90.0, 45.0])
    assert fused.contributions["toys"].tolist() == pytest.approx([90.0, 45.0])


def test_scores_findings_and_reasons_carry_a_sixth(given, with_toy, tmp_path):
    first = given.subjects[0]
    scores = with_toy.scores.set_index("provider_id")
    assert scores.loc[first, "toy_score"] == 7.0
    assert scores.loc[first, "rank"] == 1
    assert scores.loc[first, "expected_recovery_amount"] >= 2500  # stated at one half in the top band
    # What findings say comes in the order of the tuple, before any feature.
    assert scores.loc[first, "reasons_en"][:3] == ["said by rule", "said by ring", ACCUSED]
    assert scores.loc[first, "reasons_zh"][2] == "第一个"
    own = with_toy.findings.findings.query("source == 'toy'")
    assert own["subject_id"].tolist() == [first]
    n_peer = (with_toy.findings.findings["subject_id"] == first).sum() - 1
    assert scores.loc[first, "n_findings"] == 2 + 1 + n_peer
    told = with_toy.explanations.query("score_name == 'risk_score' and feature == 'toys'")
    assert len(told) == len(scores)
    assert told.set_index("subject_id").loc[first, "contribution"] > 50
    placed = with_toy.scores.assign(list="provider", list_place=with_toy.scores["rank"])
    write_output(placed, "provider_scores", tmp_path)
    assert read_output(tmp_path, "provider_scores")["toy_score"].max() == 7.0


def test_without_it_nothing_of_it_is_there(given):
    five = score_subjects(given, ScoringSettings())
    assert "toy_score" not in five.scores
    assert {detector.score for detector in DETECTORS} <= set(five.scores)
    assert set(five.findings.findings["source"]) <= {"peer"}


def borrowed(detector):
    """The toy, measuring what another detector measures, under names of its own."""

    def measure(given, settings):
        measured = detector.measure(given, settings)
        return replace(measured, columns={"toy_score": measured.component}, recoverable=None, find=None)

    return replace(TOY, measure=measure, reasons=detector.reasons, source=None)


@pytest.mark.parametrize(("detector", "said"), [(DETECTORS[3], "; adds "), (DETECTORS[4], "Paid ")])
def test_a_sixth_may_speak_by_features_or_by_a_sentence(given, detector, said):
    unsaid = replace(given, findings=Findings.empty())
    alone = SettingsOfSix(anomaly_weight=0.0, excess_weight=0.0)
    scored = score_subjects(unsaid, alone, (*DETECTORS, borrowed(detector)))
    assert (scored.explanations["score_name"] == "toy_score").any()
    best = scored.scores.sort_values("toy_score").iloc[-1]
    assert said in best["reasons_en"][0]
    assert explained_scores((*DETECTORS, borrowed(detector)))["toys"] == "toy_score"


def test_triage_carries_a_sixth():
    findings = pd.DataFrame([finding("A", "toy"), finding("A", "peer"), finding("B", "ring")])
    scores = pd.DataFrame({"expected_recovery_amount": 0, "rule_exposure_amount": 0}, index=["A", "B", "C"])
    no_dates = pd.Series(dtype=object)
    rows = weigh(scores, findings, no_dates, "2026-03-31", CaseSettings(), detectors=SIX)
    assert rows["actionability"].to_dict() == {"A": 0.7, "B": 0.6, "C": 0.4}
    assert rows["action"].to_dict() == {"A": "desk_audit", "B": "data_request", "C": "data_request"}


def test_the_findings_of_a_case_are_in_the_order_of_the_tuple():
    findings = pd.DataFrame([finding("A", source) for source in ("peer", "unheard", "toy", "model", "ring", "rule")])
    assert _strongest_first(findings, SIX)["source"].tolist() == ["rule", "ring", "toy", "model", "peer", "unheard"]


def test_words_of_the_page_are_those_of_the_tuple():
    assert finding_sources(SIX)["toy"].title == Text("toy", "玩具")
    assert {name: source.title for name, source in finding_sources().items()} == SOURCES
    assert reason_sources(SIX) == ("rule", "ring", "toy")


@pytest.mark.parametrize(
    ("detectors", "message"),
    [
        ((*DETECTORS, replace(TOY, name="rings")), "name 'rings' is given twice"),
        ((*DETECTORS, replace(TOY, score="ring_score")), "score 'ring_score' is given twice"),
        ((*DETECTORS, replace(TOY, source=DETECTORS[0].source)), "source 'rule' is given twice"),
        ((*DETECTORS, TOY), "'toys_weight' is no key of the scoring settings"),
    ],
)
def test_a_tuple_that_contradicts_itself_is_refused(detectors, message):
    with pytest.raises(ValueError, match=message):
        check_detectors(detectors)
    check_detectors(SIX, SettingsOfSix)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"name": ""}, "name, score or weight is empty"),
        ({"money_factor": -1.0}, "money_factor is negative"),
        ({"reasons": "guesses"}, "reasons is none of findings, features, sentence"),
        ({"source": None}, "reasons from findings need a source"),
    ],
)
def test_an_entry_that_contradicts_itself_is_refused(changed, message):
    with pytest.raises(ValueError, match=message):
        replace(TOY, **changed)


def test_a_source_without_words_or_beyond_certainty_is_refused():
    with pytest.raises(ValueError, match="must say something in both languages"):
        FindingSource("toy", Text("toy", " "), actionability=0.5)
    with pytest.raises(ValueError, match="actionability must lie between 0 and 1"):
        FindingSource("toy", Text("toy", "玩具"), actionability=0.5, definite_actionability=1.2)


@pytest.mark.parametrize("component", [1.2, -0.1, float("nan")])
def test_a_component_that_is_no_share_is_refused(component):
    with pytest.raises(ValueError, match="component must lie between 0 and 1"):
        Measured(pd.Series([0.5, component]))


def test_page_has_the_table_of_detectors():
    settings = ScoringSettings()
    rows = []
    for each in DETECTORS:
        source, acts = "–", "–"
        if each.source is not None:
            source, acts = f"`{each.source.name}` {each.source.title.zh}", f"{each.source.actionability}"
            if each.source.definite_actionability is not None:
                acts += f", definite {each.source.definite_actionability}"
        weight = f"`{each.weight}` {getattr(settings, each.weight)}"
        cells = (each.name, f"`{each.score}`", weight, f"{each.money_factor:g}", source, acts, each.reasons)
        rows.append(f"| {' | '.join(cells)} |")
    table = PAGE.read_text(encoding="utf-8").split("## Detectors\n")[1].split("\n## ")[0]
    shown = [line for line in table.splitlines() if line.startswith("| ")]
    assert shown[1:] == rows
