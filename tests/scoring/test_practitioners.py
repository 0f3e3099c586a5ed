"""Practitioners are ranked like providers and patients, and what stands for many of them leads no ranking."""

import json

import pandas as pd
import pytest

from features.build import Profile
from features.errors import InputError
from features.vocabulary.entities import ID_COLUMNS, PROFILED, SCORED
from fraud.findings import dedupe_exposure
from fraud.runs.manifest import MANIFEST, Manifest
from fraud.runs.read import ScoredRun, previous_run
from fraud.scoring import replay_month, score_month
from fraud.scoring.explanations import RISK_SCORE
from fraud.scoring.shared_identifiers import shared_identifiers
from fraud.settings import Settings
from fraud.workspace import Workspace
from tests.rules.relations.test_pooled import works
from tests.support.claims import make_store
from tests.support.earlier_months import without_practitioners

MONTH, BEFORE = "2026-03", "2026-02"


def score(workspace, month=MONTH, **given):
    with workspace.writer():
        return score_month(workspace, month, settings=Settings(), model_alias="none", threads=1, **given)


def test_whoever_worked_in_the_window_is_ranked(scored_city):
    _, run = scored_city
    scores = run.scores("practitioner")
    assert scores.index.tolist() == run.profiles("practitioner").index.tolist()
    assert sorted(scores["rank"]) == list(range(1, len(scores) + 1))
    by_rank = scores.sort_values("rank")["risk_score"]
    assert by_rank.is_monotonic_decreasing
    assert by_rank.nunique() > len(scores) / 2
    before = previous_run(scored_city[0], MONTH).ranks("practitioner")
    known = scores["previous_rank"].dropna()
    assert len(known)
    assert known.to_dict() == before.reindex(known.index).to_dict()
    assert scores.columns.tolist() == run.scores("provider").columns.tolist()


def test_no_model_scores_them_and_nothing_is_expected_of_their_patients(scored_city):
    workspace, run = scored_city
    scores, manifest = run.scores("practitioner"), Manifest.read(workspace.run(MONTH))
    assert set(scores["score_mode"]) == {"none"}
    assert scores[["model_score", "fraud_probability", "excess_amount"]].isna().all(axis=None)
    assert manifest.score_modes == dict.fromkeys(PROFILED, "none")
    assert set(manifest.inputs.models) == set(SCORED)
    assert set(manifest.inputs.labels) == set(PROFILED)


def test_money_is_that_of_the_findings_that_name_them_each_line_once(scored_city):
    _, run = scored_city
    findings, lines, scores = run.table("findings"), run.table("finding_lines"), run.scores("practitioner")
    own = findings[findings["subject_type"] == "practitioner"]
    assert own.groupby("subject_id").size().to_dict() == scores["n_findings"][scores["n_findings"] > 0].to_dict()
    ruled = own[own["source"] == "rule"].merge(lines[["finding_id", "settlement_id", "line_number", "role"]])
    money = lines.merge(ruled[["finding_id", "subject_id"]].drop_duplicates()).groupby("subject_id")
    once = {name: int(dedupe_exposure(group)["exposure_amount"].sum()) for name, group in money}
    assert scores["rule_exposure_amount"][scores["rule_exposure_amount"] > 0].to_dict() == {
        name: amount for name, amount in once.items() if amount
    }


def test_a_month_that_ranked_none_is_read_and_followed_by_one_that_does(own_copy):
    without_practitioners(own_copy.run(BEFORE))
    before = previous_run(own_copy, MONTH)
    assert [before.is_ranked(entity) for entity in PROFILED] == [True, True, False]
    first = {entity: ScoredRun.open(own_copy, MONTH).ranks(entity) for entity in PROFILED}
    score(own_copy)
    now = ScoredRun.open(own_copy, MONTH)
    assert now.scores("practitioner")["previous_rank"].isna().all()
    assert now.scores("provider")["previous_rank"].notna().any()
    for entity, ranks in first.items():
        pd.testing.assert_series_equal(now.ranks(entity), ranks)


def test_a_table_that_was_published_and_is_gone_is_missed(own_copy):
    (own_copy.run(BEFORE).resolve() / "practitioner_scores.parquet").unlink()
    before = previous_run(own_copy, MONTH)
    assert before.is_ranked("practitioner")
    with pytest.raises(InputError, match=r"practitioner_scores.*no such file"):
        before.ranks("practitioner")


@pytest.fixture(scope="module")
def with_pooled(tmp_path_factory):
    """Twenty-five registered doctors of a line each, X of two hundred in six departments, and a team T of ten."""
    folder = tmp_path_factory.mktemp("pooled")
    world = works(lines=200, departments=6, registered=False)
    for number in range(10):
        world.bill(f"T{number}", lines=[("2026-03-05", "VISIT", 1, 10, {"executor_id": "T"})])
    world.add("practitioners", practitioner_id="T", licence_start_date="2010-01-01", is_team_identifier="true")
    make_store(folder / "workspace", world.tables())
    workspace = Workspace(folder / "workspace")
    score(workspace)
    return ScoredRun.open(workspace, MONTH)


def test_an_identifier_of_many_is_last_and_says_so(with_pooled):
    scores = with_pooled.scores("practitioner")
    assert set(scores.index) == {"X", "T", *(f"D{each}" for each in range(25))}
    assert scores.loc[["X", "T"], "anomaly_score"].isna().all()
    assert scores.drop(["X", "T"])["anomaly_score"].notna().all()
    assert scores.loc[["X", "T"], "risk_score"].tolist() == [0.0, 0.0]
    # 235 lines of 27 identifiers: 200 are 22.98 times the mean.
    assert scores.loc["X", "reasons_en"][0].startswith(
        "An identifier under which many work, not one professional's: 23"
    )
    assert "in 6 departments, in no register or without a licence" in scores.loc["X", "reasons_en"][0]
    assert scores.loc["X", "reasons_zh"][0].startswith("混用编号，并非一名医务人员")
    assert scores.loc["T", "reasons_en"][0].startswith("A team's identifier by the register")
    assert scores.loc["T", "reasons_zh"][0].startswith("登记为团队编号")
    told = with_pooled.table("explanations").query("subject_type == 'practitioner'")
    assert set(told.loc[told["score_name"] == "anomaly_score", "subject_id"]) == set(scores.index) - {"X", "T"}
    assert set(told.loc[told["score_name"] == RISK_SCORE, "subject_id"]) == set(scores.index)
    findings = with_pooled.table("findings")
    assert not findings.loc[findings["source"] == "peer", "subject_id"].isin(["X", "T"]).any()
    assert ID_COLUMNS["practitioner"] == scores.index.name


def test_a_month_that_ranked_none_is_replayed_by_the_version_that_scored_it(own_copy):
    folder = own_copy.run(MONTH)
    without_practitioners(folder)
    told = json.loads((folder / MANIFEST).read_text())
    told["catalogues"]["outputs"] = "0" * 64
    (folder / MANIFEST).write_text(json.dumps(told))
    with pytest.raises(InputError, match=r"outputs of the catalogues of the run to replay.*restore version"):
        replay_month(own_copy, folder, settings=Settings())


def test_what_a_teams_identifier_does_says_more_than_the_register():
    attributes = pd.DataFrame({"is_team_identifier": [True, True, False]}, index=["X", "T", "D"])
    practitioners = Profile("practitioner", pd.DataFrame(index=attributes.index), attributes, None)
    found = {"n_lines": [900, 900], "times_the_mean": [33.2, 33.2], "n_departments": [7, 7], "is_nobody": [False, True]}
    told = shared_identifiers(practitioners, pd.DataFrame(found, index=["X", "elsewhere"]))
    assert set(told) == {"X", "T"}
    assert "33.2 times the mean of lines and bills of all identifiers, in 7 departments;" in told["X"].en
    assert told["T"].zh.startswith("登记为团队编号")
