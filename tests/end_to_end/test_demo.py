"""The whole way, as `fraud demo` runs it, on a small city."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pandas as pd
import pytest

from fraud.cases import verify_pack
from fraud.cli.main import main
from fraud.rings.core import core_rings
from fraud.runs.tables import output_tables, read_output


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    workspace, config = folder / "workspace", folder / "settings.toml"
    config.write_text("[cases]\ntop = 15\n", encoding="utf-8")
    words = ["--workspace", str(workspace), "--config", str(config)]
    words += ["demo", "--persons", "2500", "--providers", "40", "--months", "3", "--schemes", "R01:large,H04,H08,P06"]
    with pytest.raises(SystemExit) as left:
        main(words)
    assert not left.value.code
    return workspace


def test_every_table_of_the_contract_is_there(demo: Path) -> None:
    run = demo / "runs" / "2026-03"
    for name, table in output_tables().items():
        assert set(table.names) <= set(read_output(run, name).columns), name


def test_the_manifest_holds_nothing_of_this_machine_or_moment(demo: Path) -> None:
    text = (demo / "runs" / "2026-03" / "manifest.json").read_text(encoding="utf-8")
    assert str(demo) not in text
    assert not {"threads", "memory_limit", "created", "user"} & set(json.loads(text))


def test_the_ring_of_the_city_is_found_high_up(demo: Path) -> None:
    run = demo / "runs" / "2026-03"
    members = read_output(run, "ring_members")
    ranks = read_output(run, "provider_scores").set_index("provider_id")["rank"]
    truth = pd.read_parquet(demo / "demo" / "source-truth" / "truth_rings.parquet")
    planted = truth[~truth["member_type"].isin(["patient", "practitioner"])].groupby("ring_id")["member_id"].agg(set)
    found = members[members["member_type"] != "patient"].groupby("ring_id")["member_id"].agg(set)
    rings = [ring for ring in planted if len(ring) >= 3]
    assert rings
    for ring in rings:
        assert max(len(ring & other) / len(ring | other) for other in found) >= 0.5
        assert ranks.loc[sorted(ring)].median() <= 10  # of forty


def test_a_ring_is_one_place_of_the_list_and_the_first_places_are_of_many_schemes(demo: Path) -> None:
    run = demo / "runs" / "2026-03"
    places = read_output(run, "review_places")
    members = read_output(run, "ring_members")
    core = members[(members["role"] == "core") & (members["member_type"] != "patient")]
    scores = read_output(run, "provider_scores").set_index("provider_id")
    rings = [scores.loc[sorted(own["member_id"])] for _, own in core.groupby("ring_id")]
    assert max(len(ring) for ring in rings) >= 3
    for ring in rings:
        assert len(ring[["list", "list_place"]].drop_duplicates()) == ring["list"].nunique()
    # Read by rank, one ring fills the first places.
    first = scores.sort_values("rank").head(6)
    assert any(len(first.index.intersection(ring.index)) >= 3 for ring in rings)
    leads = places[(places["list"] == "provider") & (places["role"] == "lead")].sort_values("place").head(6)
    assert leads["ring_id"][leads["ring_id"] != ""].is_unique
    assert leads["scheme_code"].nunique() >= 3


def test_shares_hold_for_every_beginning_of_every_list_unless_the_table_says_so(demo: Path) -> None:
    run = demo / "runs" / "2026-03"
    leads = read_output(run, "review_places").query("role == 'lead'").sort_values(["list", "place"])
    scores = read_output(run, "provider_scores")
    assert {"provider", "pharmacy", "patient", "practitioner"} == set(leads["list"])
    assert set(leads["subject_id"]) >= set(scores.loc[scores["rank"] == 1, "provider_id"])
    for _, own in leads[leads["list"] != "pharmacy"].groupby("list"):
        so_far = own.groupby("scheme_code").cumcount() + 1
        most = [max(1, math.ceil(round(0.4 * place, 9))) for place in own["place"]]
        is_over = (so_far > most) & (own["scheme_code"] != "")
        assert is_over.tolist() == ["scheme" in lifted for lifted in own["lifted"]]


def test_a_ring_is_one_case_that_says_whom_it_stands_for(demo: Path) -> None:
    # The packs were exported before the month was scored again; rings do not depend on models.
    run = demo / "runs" / "2026-03"
    core = core_rings(read_output(run, "rings"), read_output(run, "ring_members"))
    ring_of = core[core["subject_type"] == "provider"].set_index("subject_id")["ring_id"]
    cases = json.loads((demo / "demo" / "cases-en" / "cases.json").read_text(encoding="utf-8"))
    ranked = [case for case in cases if case["selection_reason"] == "ranked" and case["subject_type"] == "provider"]
    led = {case["shown_id"]: ring_of[case["shown_id"]] for case in ranked if case["shown_id"] in ring_of.index}
    assert led
    assert len(set(led.values())) == len(led)
    for case in ranked:
        ring = led.get(case["shown_id"])
        n_core = int((core["ring_id"] == ring).sum())
        assert case["n_folded"] == max(0, n_core - 1)
        told = [note["en"] for note in case["place_notes"] if note["en"].startswith("Case of ring")]
        assert len(told) == bool(case["n_folded"])
        assert all(ring in note for note in told)
    drawn = {case["shown_id"] for case in cases if case["selection_reason"] == "random_audit"}
    assert not drawn & set(ring_of.index[ring_of.isin(set(led.values()))])


def test_packs_in_both_languages_verify(demo: Path) -> None:
    for lang in ("en", "zh"):
        folder = demo / "demo" / f"cases-{lang}"
        assert verify_pack(folder) == ()
        assert {"cases.html", "cases.xlsx", "cases.json"} <= {path.name for path in folder.iterdir()}


def test_the_audit_log_names_every_step_and_no_person(demo: Path) -> None:
    entries = [json.loads(line) for line in (demo / "audit.jsonl").read_text(encoding="utf-8").splitlines()]
    actions = {entry["action"].split()[0] for entry in entries}
    assert {"ingest", "month", "cases", "feedback"} <= actions
    persons = set(read_output(demo / "runs" / "2026-03", "patient_scores")["person_id"])
    text = (demo / "audit.jsonl").read_text(encoding="utf-8")
    assert not [person for person in persons if person in text]


def test_nothing_anywhere_is_a_pickle(demo: Path) -> None:
    suspects = {".pkl", ".pickle", ".joblib", ".skops"}
    assert not [path for path in demo.rglob("*") if path.suffix in suspects]
