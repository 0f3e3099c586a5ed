"""Rings that are there are found; where none is, none is reported."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from experiments.benchmarks.ring_city import make_city
from features.errors import InputError
from fraud.rings import Rings, find_rings, ring_findings, ring_scores
from fraud.runs.tables import read_output, write_output
from fraud.settings import RingSettings
from tests.rings.links import links_of

SETTINGS = RingSettings()
NO_DECOYS = RingSettings(n_decoys=0)


def f1(one, other):
    return 2 * len(one & other) / (len(one) + len(other))


def providers_of(rings):
    own = rings.members.loc[rings.members["member_type"] != "patient"]
    return {name: frozenset(rows["member_id"]) for name, rows in own.groupby("ring_id")}


def patients_of(rings):
    own = rings.members.loc[rings.members["member_type"] == "patient"]
    return {name: frozenset(rows["member_id"]) for name, rows in own.groupby("ring_id")}


@pytest.fixture(scope="module")
def city():
    return make_city(seed=1)


@pytest.fixture(scope="module")
def rings(city):
    return find_rings(city, "2026-05", SETTINGS)


def test_planted_rings_are_found_with_their_members(city, rings):
    found, patients = providers_of(rings), patients_of(rings)
    assert len(rings.rings) == len(city.rings) == 4
    for providers, used in city.rings:
        nearest = max(found, key=lambda name: f1(providers, found[name]))
        assert f1(providers, found[nearest]) >= 0.9
        assert f1(used, patients[nearest]) >= 0.8
    assert (rings.rings["q_value"] <= 0.05).all()
    assert (rings.rings["lift"] > 2).all()


@pytest.mark.parametrize("seed", [11, 12, 13, 14, 15, 16])
def test_city_without_rings_reports_none(seed):
    city = make_city(seed=seed, n_rings=0)
    assert len(find_rings(city, "2026-05", NO_DECOYS).rings) == 0


def test_recall_over_seeds_not_used_to_tune():
    scores = []
    for seed in range(101, 106):
        city = make_city(seed=seed)
        found = providers_of(find_rings(city, "2026-05", NO_DECOYS))
        scores += [max((f1(ring, one) for one in found.values()), default=0.0) for ring, _ in city.rings]
    assert np.mean(scores) >= 0.9
    assert np.mean(np.array(scores) >= 0.5) >= 0.9


def test_village_with_one_clinic_and_one_shop_is_quiet():
    # 60 villagers each go to the clinic, the shop and the township hospital; the other town goes elsewhere.
    village = [(f"v{n:02d}", place) for n in range(60) for place in ("clinic", "hospital", "shop")]
    town = [(f"t{n:03d}", f"c{n * k % 12:02d}") for n in range(300) for k in (1, 5, 7)]
    links = links_of(
        set(village + town),
        homes={f"v{n:02d}": "V" for n in range(60)},
        areas={"clinic": "V", "shop": "V"},
        kinds={"shop": "pharmacy"},
    )
    assert len(find_rings(links, "2026-05", NO_DECOYS).rings) == 0


def test_chronic_pathway_is_quiet_because_of_its_stratum():
    city = make_city(seed=3, n_rings=0, chronic_share=0.05)
    assert len(find_rings(city, "2026-05", NO_DECOYS).rings) == 0
    city.persons["disease_class"] = "none"
    blind = find_rings(city, "2026-05", NO_DECOYS)
    assert len(blind.rings) > 0  # so it was the stratum that explained it


def test_coarse_places_withhold_what_is_not_certified():
    city = make_city(seed=7, n_rings=0)
    for table in (city.persons, city.providers):
        table["area"] = "one"
    rings = find_rings(city, "2026-05", NO_DECOYS)
    assert rings.n_withheld > 5  # neighbourhoods that would have been called rings
    assert rings.rings["is_certified"].all()
    assert rings.rings["reason_en"].str.contains("a neighbourhood may look like this").all()
    assert rings.rings["reason_zh"].str.contains("居住地划分较粗").all()


def test_chain_alone_is_no_ring(city):
    chain = make_city(seed=1, n_rings=1)
    ring, _ = chain.rings[0]
    assert len(find_rings(chain, "2026-05", NO_DECOYS).rings) == 1
    chain.providers["group_id"] = chain.providers["provider_id"].map(lambda one: "G1" if one in ring else None)
    assert len(find_rings(chain, "2026-05", NO_DECOYS).rings) == 0


def test_two_shops_of_one_chain_stay_in_the_ring_and_count_once():
    city = make_city(seed=1, n_rings=1, ring_size=(6, 6))
    ring, _ = city.rings[0]
    free = find_rings(city, "2026-05", NO_DECOYS).rings.iloc[0]
    shops = sorted(ring)[:2]
    city.providers["group_id"] = city.providers["provider_id"].map(lambda one: "G1" if one in shops else None)
    tied = find_rings(city, "2026-05", NO_DECOYS)
    assert providers_of(tied)[tied.rings["ring_id"].iloc[0]] == ring
    assert tied.rings["observed"].iloc[0] < free["observed"]
    assert tied.rings["n_explained_edges"].iloc[0] == 1
    assert "one chain or consortium" in tied.rings["reason_en"].iloc[0]
    assert "连锁或医共体" in tied.rings["reason_zh"].iloc[0]


def test_order_of_rows_does_not_matter(city, rings):
    shuffled = links_of([("p", "v")])
    for name in ("edges", "persons", "providers"):
        setattr(shuffled, name, getattr(city, name).sample(frac=1.0, random_state=3))
    again = find_rings(shuffled, "2026-05", SETTINGS)
    for name in ("rings", "members", "edges"):
        pd.testing.assert_frame_equal(getattr(rings, name), getattr(again, name))


def test_money_of_members_adds_up(city, rings):
    for ring in rings.rings.itertuples():
        own = rings.members.loc[rings.members["ring_id"] == ring.ring_id]
        visits = rings.edges.loc[(rings.edges["ring_id"] == ring.ring_id) & (rings.edges["edge_type"] == "visits")]
        is_patient = own["member_type"] == "patient"
        assert own.loc[is_patient, "amount"].sum() == own.loc[~is_patient, "amount"].sum() == ring.amount
        assert visits["amount"].sum() == ring.amount
        assert len(visits) == ring.observed  # no chain here, so each visit counts
        assert (is_patient.sum(), (~is_patient).sum()) == (ring.n_patients, ring.n_providers)
        assert ring.lift == pytest.approx(ring.observed / ring.expected, rel=1e-5)
    member = rings.members.loc[rings.members["member_type"] != "patient"].iloc[0]
    whole = city.edges.loc[city.edges["provider_id"] == member["member_id"], "amount"].sum()
    assert member["turnover_share"] == pytest.approx(member["amount"] / whole)


def test_graphs_carry_members_and_money(rings):
    for ring in rings.rings.itertuples():
        graph = rings.graphs[ring.ring_id]
        sides = {side: [n for n, d in graph.nodes(data=True) if d["bipartite"] == side] for side in (0, 1)}
        assert (len(sides[0]), len(sides[1])) == (ring.n_patients, ring.n_providers)
        assert sum(data["amount"] for _, _, data in graph.edges(data=True)) == ring.amount
        assert all(a in sides[0] or b in sides[0] for a, b in graph.edges)
        assert graph.graph["ring_id"] == ring.ring_id


def test_shared_patient_edges_count_the_ring_s_patients(rings):
    name = rings.rings["ring_id"].iloc[0]
    graph = rings.graphs[name]
    pairs = rings.edges.loc[(rings.edges["ring_id"] == name) & (rings.edges["edge_type"] == "shared_patients")]
    for edge in pairs.itertuples():
        assert edge.n_patients == len(set(graph[edge.source_id]) & set(graph[edge.target_id]))


def test_findings_and_scores(rings):
    findings = ring_findings(rings).findings
    ring = rings.rings.iloc[0]
    own = findings.loc[findings["subject_id"] == ring["ring_id"]].iloc[0]
    # part of the money that chance does not explain, at most a rounding below
    assert own["exposure_amount"] == pytest.approx(ring["amount"] * (1 - 1 / ring["lift"]), rel=1e-4)
    assert len(findings) == len(rings.rings) + len(rings.members)
    assert set(findings["result_type"]) == {"suspicious"}
    assert not findings["reason_en"].str.contains("fraud").any()
    scores = ring_scores(rings)
    assert scores["ring_score"].between(0, 1, inclusive="neither").all()
    assert not scores.duplicated(["subject_type", "subject_id"]).any()
    assert set(scores["subject_id"]) == set(rings.members["member_id"])


def test_tables_are_written_as_outputs(rings, tmp_path):
    for frame, table in ((rings.rings, "rings"), (rings.members, "ring_members"), (rings.edges, "ring_edges")):
        path = write_output(frame, table, tmp_path / f"{table}.parquet")
        back = read_output(path, table)
        assert len(back) == len(frame)
        assert back["amount"].sum() == frame["amount"].sum()
    assert read_output(tmp_path / "rings.parquet", "rings")["first_date"].min() >= pd.Timestamp("2026-01-01")


def test_no_rings_still_have_every_column(tmp_path):
    rings = find_rings(make_city(seed=11, n_rings=0, n_patients=300, n_areas=1), "2026-05", SETTINGS)
    assert isinstance(rings, Rings)
    assert len(rings.rings) == len(rings.members) == len(rings.edges) == len(ring_findings(rings)) == 0
    write_output(rings.rings, "rings", tmp_path / "rings.parquet")
    assert len(ring_scores(rings)) == 0


def test_no_links_no_rings():
    nobody = links_of([("p", "v")])
    nobody.edges = nobody.edges.iloc[:0]
    assert len(find_rings(nobody, "2026-05", SETTINGS).rings) == 0


def test_links_that_do_not_fit_are_refused():
    links = links_of([("p1", "v1"), ("p2", "v1")])
    links.persons = links.persons.iloc[:1]
    with pytest.raises(InputError, match="column person_id: 1 described nowhere"):
        find_rings(links, "2026-05", SETTINGS)
    links = links_of([("p1", "v1"), ("p1", "v1")])
    with pytest.raises(InputError, match="'v1' has two rows for one person"):
        find_rings(links, "2026-05", SETTINGS)
    links = links_of([("p1", "v1")])
    links.providers = pd.concat([links.providers, links.providers])
    with pytest.raises(InputError, match="column provider_id: 'v1' stands twice"):
        find_rings(links, "2026-05", SETTINGS)
    with pytest.raises(InputError, match="not a month"):
        find_rings(links, "2026-5", SETTINGS)
