"""A scored month of the synthetic city: its tables, its sums, its repeats."""

import hashlib
import json
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from datetime import date

import pytest

from features.claims import ClaimsStore, ingest_source
from features.engine import DuckDBEngine
from features.errors import InputError
from features.vocabulary.entities import ID_COLUMNS
from fraud.runs.manifest import Manifest
from fraud.runs.tables import output_tables, read_output
from fraud.scoring import replay_month, score_month
from fraud.settings import RuleSettings, Settings
from fraud.workspace import Workspace
from tests.rules.payer import write_rule

MONTH = "2026-03"


def contents(folder):
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in folder.iterdir()}


def again(workspace, month=MONTH, **given):
    with workspace.writer():
        return score_month(workspace, month, settings=given.pop("settings", Settings()), model_alias="none", **given)


def test_manifest_tells_every_file(scored_city):
    workspace, _ = scored_city
    folder = workspace.run(MONTH)
    manifest = json.loads((folder / "manifest.json").read_text())
    assert set(manifest["outputs"]) == set(output_tables())
    for name, told in manifest["outputs"].items():
        assert hashlib.sha256((folder / f"{name}.parquet").read_bytes()).hexdigest() == told["sha256"]
        assert len(read_output(folder, name)) == told["rows"]
    assert str(workspace.root) not in json.dumps(manifest)


def test_every_contribution_adds_up(scored_city):
    workspace, _ = scored_city
    folder = workspace.run(MONTH)
    explanations = read_output(folder, "explanations")
    for entity, key in ID_COLUMNS.items():
        scores = read_output(folder, f"{entity}_scores").set_index(key)
        scores["excess_amount"] = scores["excess_amount"] / 100
        own = explanations[explanations["subject_type"] == entity]
        for name, tolerance in (("risk_score", 1e-9), ("anomaly_score", 1e-9), ("excess_amount", 0.005001)):
            rows = own[own["score_name"] == name].groupby("subject_id")
            total = rows["contribution"].sum() + rows["base_value"].first()
            assert set(total.index) == set(scores.index[scores[name].notna()])
            assert (total - scores.loc[total.index, name]).abs().le(tolerance).all()


def test_ranks_reasons_and_previous_ranks(scored_city):
    workspace, scored = scored_city
    before = read_output(workspace.run("2026-02"), "provider_scores").set_index("provider_id")["rank"]
    providers = scored.table("provider_scores").set_index("provider_id")
    assert sorted(providers["rank"]) == list(range(1, len(providers) + 1))
    known = providers["previous_rank"].dropna()
    assert known.to_dict() == before.reindex(known.index).to_dict()
    assert (providers["reasons_en"].map(len) == providers["reasons_zh"].map(len)).all()
    assert providers["reasons_en"].map(len).min() >= 1
    assert set(providers["score_mode"]) == {"none"}
    assert providers["model_score"].isna().all()


def test_findings_are_counted_and_name_subjects(scored_city):
    _, scored = scored_city
    findings = scored.table("findings")
    own = findings[findings["subject_type"] == "provider"].groupby("subject_id").size()
    counted = scored.table("provider_scores").set_index("provider_id")["n_findings"]
    assert counted[counted > 0].to_dict() == own.to_dict()


def test_peer_findings_alone_state_a_rate(scored_city):
    _, scored = scored_city
    findings = scored.table("findings")
    assert findings["q_value"].notna().tolist() == (findings["source"] == "peer").tolist()
    stated = findings["q_value"].dropna()
    assert len(stated)
    assert stated.between(0, Settings().scoring.peer_q).all()


@pytest.mark.slow
def test_one_thread_and_two_give_equal_bytes(own_copy):
    before, version = contents(own_copy.run(MONTH)), own_copy.run(MONTH).resolve()
    scored = again(own_copy, threads=1)
    assert scored.folder.name == version.name
    assert scored.manifest == Manifest.read(own_copy.run(MONTH))
    assert contents(own_copy.run(MONTH)) == before


@pytest.mark.slow
def test_replay_is_identical_and_refuses_what_is_gone(own_copy):
    old = own_copy.run(MONTH).resolve()
    again(own_copy, settings=Settings(scoring={"policy": "money"}))
    assert own_copy.run(MONTH).resolve() != old
    with own_copy.writer():
        assert replay_month(own_copy, old, settings=Settings(), threads=1).differing == ()
    assert own_copy.run(MONTH).resolve() == old
    own_copy.run("2026-02").resolve().rename(own_copy.root / "away")
    with pytest.raises(InputError, match="gone or changed"):
        replay_month(own_copy, old, settings=Settings())


@pytest.mark.slow
def test_a_payers_rule_its_number_and_a_later_label_day_are_part_of_what_is_replayed(own_copy):
    before = json.loads((own_copy.run(MONTH) / "manifest.json").read_text())
    assert before["settings"]["rules"]["practitioner_minutes_per_day"] == 1440
    write_rule(own_copy.root)
    later = date(2026, 6, 30)
    told = again(own_copy, settings=Settings(rules=RuleSettings(long_day_minutes=600)), as_of=later).manifest
    assert told.as_of == later
    assert told.settings["rules"] == before["settings"]["rules"] | {"long_day_minutes": 600}
    assert told.settings_sha256 != before["settings_sha256"]
    assert told.catalogues["rules"] != before["catalogues"]["rules"]
    with own_copy.writer():
        assert replay_month(own_copy, own_copy.run(MONTH), settings=Settings()).differing == ()
    (own_copy.rules / "long_working_day.toml").unlink()
    with pytest.raises(InputError, match=r"rules of the catalogues of the run to replay.*the workspace's folder rules"):
        replay_month(own_copy, own_copy.run(MONTH), settings=Settings())


@pytest.mark.slow
def test_months_ingested_later_change_no_byte_of_an_earlier_one(ingested, tmp_path):
    source, early = ingested.root.parent / "source", tmp_path / "early"
    shutil.copytree(source, early, ignore=shutil.ignore_patterns(f"month={MONTH}"))
    # What came in long before it is sold is told with the sale: it belongs to the earlier months.
    shutil.copytree(source / "trace_events", early / "trace_events", dirs_exist_ok=True)
    workspace = Workspace(tmp_path / "workspace")
    workspace.root.mkdir()
    ingest_source(early, workspace.store)
    before = contents(again(workspace, "2026-02").folder)
    ingest_source(source, workspace.store)
    assert ClaimsStore.open(workspace.store).months()[-1] == MONTH
    assert contents(again(workspace, "2026-02").folder) == before


@pytest.mark.slow
def test_profiles_built_elsewhere_are_scored_alike(own_copy, monkeypatch):
    before, asked = contents(own_copy.run(MONTH)), []

    def elsewhere(session, folder):
        asked.append((session, folder))
        return DuckDBEngine(threads=1)

    monkeypatch.setattr("fraud.scoring.claims.spark_session", lambda: "session")
    monkeypatch.setattr("fraud.scoring.claims.SparkEngine", elsewhere)
    scored = again(own_copy, engine="spark")
    assert asked == [("session", own_copy.staging)]
    assert scored.manifest.engine == "spark"
    now = contents(own_copy.run(MONTH))
    assert {name for name in now if now[name] != before[name]} == {"manifest.json"}
    assert replay_month(own_copy, own_copy.run(MONTH), settings=Settings()).differing == ()
    assert len(asked) == 2


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"month": "2031-01"}, "not in the store"),
        ({"month": "../x"}, "not a month"),
        ({"engine": "sparc"}, "did you mean 'spark'"),
    ],
)
def test_bad_input_writes_nothing(own_copy, given, message):
    before = sorted(own_copy.versions.iterdir())
    with pytest.raises(InputError, match=message):
        again(own_copy, **given)
    assert sorted(own_copy.versions.iterdir()) == before


SCORER = """
import sys
from pathlib import Path
from fraud.scoring import score_month
from fraud.settings import Settings
from fraud.workspace import Workspace
workspace = Workspace(Path(sys.argv[1]))
print("begun", flush=True)
with workspace.writer():
    score_month(workspace, "2026-03", settings=Settings(scoring={"policy": "money"}), model_alias="none")
"""


@pytest.mark.slow
@pytest.mark.parametrize("wait", [0.2, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0])
def test_killed_while_scoring(own_copy, tmp_path, wait):
    script = tmp_path / "scorer.py"
    script.write_text(textwrap.dedent(SCORER))
    with subprocess.Popen([sys.executable, script, str(own_copy.root)], stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        time.sleep(wait)
        process.send_signal(signal.SIGKILL)
    folder = own_copy.run(MONTH)
    manifest = json.loads((folder / "manifest.json").read_text())
    for name, told in manifest["outputs"].items():
        assert hashlib.sha256((folder / f"{name}.parquet").read_bytes()).hexdigest() == told["sha256"]
    assert again(own_copy).folder == own_copy.run(MONTH).resolve()
