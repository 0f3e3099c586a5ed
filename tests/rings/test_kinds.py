"""A second kind of ring is carried by the search, the ledger, findings and scores, and disturbs no other."""

from __future__ import annotations

import pandas as pd
import pytest

from experiments.benchmarks.ring_city import make_city
from features.vocabulary.text import Text
from fraud.rings import KINDS, FoundRing, find_rings, ring_findings, ring_scores
from fraud.runs.tables import output_table, write_output
from fraud.settings import RingSettings
from tests.rings.toy_kind import DAY, ONE_GROUP, found_ring

SETTINGS = RingSettings(n_decoys=0)
BOTH = (*KINDS, ONE_GROUP)
GROUP = ["V000001", "V000005", "V000009"]


@pytest.fixture(scope="module")
def city():
    city = make_city(seed=1)
    assert set(city.providers["provider_id"]) >= set(GROUP)
    city.providers["group_id"] = city.providers["provider_id"].map(lambda one: "G1" if one in GROUP else None)
    return city


@pytest.fixture(scope="module")
def rings(city):
    return find_rings(city, "2026-05", SETTINGS, kinds=BOTH)


@pytest.fixture(scope="module")
def toy(rings):
    (ring,) = rings.rings.loc[rings.rings["ring_type"] == "one_group"].to_dict("records")
    return ring


def test_rings_of_both_kinds_stand_in_one_table(city, rings, toy, tmp_path):
    alone = find_rings(city, "2026-05", SETTINGS)
    rest = rings.rings.loc[rings.rings["ring_type"] != "one_group"].reset_index(drop=True)
    pd.testing.assert_frame_equal(rest, alone.rings)
    members = rings.members.loc[rings.members["ring_id"] != toy["ring_id"]].reset_index(drop=True)
    pd.testing.assert_frame_equal(members, alone.members)
    assert toy["status"] == "born"
    assert (toy["reason_en"], toy["reason_zh"], toy["first_date"]) == ("One group.", "同一集团。", DAY)
    assert rings.members.loc[rings.members["ring_id"] == toy["ring_id"], "member_id"].tolist() == GROUP
    assert rings.n_withheld == alone.n_withheld + 1
    for frame, table in ((rings.rings, "rings"), (rings.members, "ring_members"), (rings.edges, "ring_edges")):
        write_output(frame, table, tmp_path / f"{table}.parquet")


def test_graph_without_visits_has_nodes_only(rings, toy):
    graph = rings.graphs[toy["ring_id"]]
    assert sorted(graph) == GROUP
    assert graph.number_of_edges() == 0
    assert graph.graph["ring_type"] == "one_group"


def test_ids_live_on_within_each_kind(city, rings):
    again = find_rings(city, "2026-06", SETTINGS, rings, kinds=BOTH)
    assert again.rings["ring_id"].tolist() == rings.rings["ring_id"].tolist()
    assert set(again.rings["status"]) == {"stable"}


def test_findings_say_code_scheme_version_and_words_of_the_kind(rings, toy):
    findings = ring_findings(rings, kinds=BOTH).findings
    own = findings.loc[findings["code"] == "one_group"].set_index("subject_id")
    assert set(own.index) == {toy["ring_id"], *GROUP}
    assert own[["scheme_code", "version", "basis"]].drop_duplicates().values.tolist() == [["R11", "3", "玩具 (toy)"]]
    assert own.loc[GROUP[0], "reason_en"] == f"{GROUP[0]} is in {toy['ring_id']}."
    assert own.loc[GROUP[0], "subject_type"] == "provider"
    # 4 were seen where 1 is expected: three quarters of the member's 1,000 and of the ring's 8,000
    assert own.loc[[GROUP[0], toy["ring_id"]], "exposure_amount"].tolist() == [750, 6_000]
    assert set(findings.loc[findings["code"] != "one_group", "scheme_code"]) == {"R01"}


def test_scores_take_the_strongest_membership_of_any_kind(rings, toy):
    scores = ring_scores(rings).set_index("subject_id")
    assert (scores.loc[GROUP, "ring_score"] >= 0.9).all()
    assert all(toy["ring_id"] in named for named in scores.loc[GROUP, "ring_ids"])


def test_a_practitioner_in_a_ring_is_scored_as_one(rings, toy):
    members = rings.members.assign(
        member_type=rings.members["member_type"].where(rings.members["ring_id"] != toy["ring_id"], "practitioner")
    )
    scores = ring_scores(type(rings)(rings.rings, members, rings.edges))
    assert set(scores.loc[scores["subject_type"] == "practitioner", "subject_id"]) == set(GROUP)


def test_kinds_are_told_apart_and_known_to_the_outputs():
    codes = [kind.code for kind in KINDS]
    assert len(set(codes)) == len(codes)
    known = {column.name: column.description for column in output_table("rings").columns}["ring_type"].split(" | ")
    assert set(codes) <= set(known)
    assert all(kind.name.is_whole and kind.basis for kind in KINDS)


def test_a_kind_without_words_for_its_scheme_is_refused():
    with pytest.raises(ValueError, match="ring kind 'one_group': scheme R99 has no words"):
        type(ONE_GROUP)(**{**vars(ONE_GROUP), "scheme_code": "R99"})


def test_an_unfinished_ring_is_refused():
    whole = found_ring("abc")
    figures = {name: value for name, value in whole.figures.items() if name != "lift"}
    why = Text("Why.", "理由")
    with pytest.raises(ValueError, match="figures of a ring: lift is missing"):
        FoundRing(figures, whole.members, [], whole.core, why)
    with pytest.raises(ValueError, match="member of a ring: ring_id is unknown"):
        FoundRing(whole.figures, [{**whole.members[0], "ring_id": "R1"}], [], ("a",), why)
    with pytest.raises(ValueError, match=r"edge of a ring: amount, edge_type, .* are missing"):
        FoundRing(whole.figures, whole.members, [{"source_id": "a"}], whole.core, why)
    with pytest.raises(ValueError, match="core of a ring: must be some of its members, patients apart"):
        FoundRing(whole.figures, whole.members, [], ("x",), why)
