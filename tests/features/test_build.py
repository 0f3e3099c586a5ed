"""Refusals, links and the catalogue page."""

from __future__ import annotations

import inspect
from pathlib import Path

import pandas as pd
import pytest

from features.build import build_profile, build_profiles
from features.catalogue import families, render_markdown
from features.declare import Family, Feature, Quantile
from features.engine import DuckDBEngine
from features.errors import InputError
from features.links import person_provider_links
from features.peers import MIN_PEERS
from features.vocabulary.entities import PROFILED
from features.vocabulary.text import Text
from fraud.settings import ScoringSettings
from tests.support.claims import make_store

DOCS = Path(__file__).parents[2] / "docs"


def test_a_month_that_is_not_there_is_refused(tmp_path) -> None:
    store = make_store(tmp_path, {"settlements": [{"settlement_id": "S1"}]})
    with DuckDBEngine() as engine, pytest.raises(InputError, match=r"month '2026-07'.*it holds 2026-01"):
        build_profiles(store, "2026-07", engine)


def test_profiles_without_peers_hold_the_same_values(tmp_path, monkeypatch) -> None:
    store = make_store(tmp_path, {"settlements": [{"settlement_id": f"S{i}", "person_id": f"P{i}"} for i in range(3)]})
    with DuckDBEngine(threads=1) as engine:
        whole = build_profiles(store, "2026-01", engine)
    monkeypatch.setattr("features.build.compare", None)  # whoever calls it fails
    with DuckDBEngine(threads=1) as engine:
        bare = build_profiles(store, "2026-01", engine, peers=False)
    for entity in PROFILED:
        pd.testing.assert_frame_equal(whole.of(entity).features, bare.of(entity).features, check_exact=True)
        pd.testing.assert_frame_equal(whole.of(entity).attributes, bare.of(entity).attributes)
        with DuckDBEngine(threads=1) as engine:
            alone = build_profile(store, "2026-01", engine, entity)
        pd.testing.assert_frame_equal(whole.of(entity).features, alone.features, check_exact=True)
        pd.testing.assert_frame_equal(whole.of(entity).attributes, alone.attributes)
    one = bare.patients.of(pd.Index(["P1"]))
    assert list(one.features.index) == ["P1"]
    with pytest.raises(ValueError, match="profiles of patient: built without peers"):
        _ = one.peers


def test_the_smallest_peer_group_is_said_once() -> None:
    assert ScoringSettings().min_peers == MIN_PEERS
    assert inspect.signature(build_profiles).parameters["min_peers"].default == MIN_PEERS


def test_links_say_who_went_where(tmp_path) -> None:
    tables = {
        "settlements": [
            {"settlement_id": "S1", "person_id": "P1", "provider_id": "C1", "settle_time": "2026-01-03 09:00:00"},
            {"settlement_id": "S2", "person_id": "P1", "provider_id": "C1", "settle_time": "2026-01-09 09:00:00"},
            {"settlement_id": "S3", "person_id": "P1", "provider_id": "R1", "is_reversal": None},
            {
                "settlement_id": "S4",
                "person_id": "P1",
                "provider_id": "R1",
                "is_reversal": "true",
                "original_settlement_id": "S3",
            },
        ],
        "claim_lines": [{"settlement_id": f"S{i}", "amount": "-7.50" if i == 4 else "7.50"} for i in range(1, 5)],
        "persons": [{"person_id": "P1", "township_code": "T9", "chronic_condition_codes": "heart|copd"}],
        "providers": [
            {"provider_id": "C1", "provider_type": "clinic", "region_code": "330101"},
            {"provider_id": "R1", "provider_type": "retail_pharmacy", "region_code": "330101"},
        ],
    }
    store = make_store(tmp_path, tables)
    with DuckDBEngine() as engine:
        store.attach(engine)
        links = person_provider_links(engine)
    (edge,) = links.edges.to_dict("records")  # the sale at R1 was reversed: it links nobody
    assert (edge["person_id"], edge["provider_id"], edge["n_settlements"], edge["amount"]) == ("P1", "C1", 2, 1500)
    assert (str(edge["first_date"])[:10], str(edge["last_date"])[:10]) == ("2026-01-03", "2026-01-09")
    assert links.persons.to_dict("records") == [{"person_id": "P1", "area": "T9", "disease_class": "heart"}]
    assert list(links.providers["kind"]) == ["issuer"]


@pytest.mark.parametrize(("care", "area"), [("330102", "T9"), ("310101", "310101")])
def test_who_is_mostly_treated_outside_the_prefecture_belongs_there(care: str, area: str, tmp_path) -> None:
    tables = {
        "settlements": [{"settlement_id": f"S{i}", "provider_id": o} for i, o in enumerate(("H1", "H1", "C1"))],
        "persons": [{"person_id": "P1", "township_code": "T9", "home_region_code": "330101"}],
        "providers": [{"provider_id": "H1", "region_code": care}, {"provider_id": "C1", "region_code": "330101"}],
    }
    with DuckDBEngine() as engine:
        make_store(tmp_path, tables).attach(engine)
        assert list(person_provider_links(engine).persons["area"]) == [area]


def test_the_catalogue_page_is_that_of_the_declarations() -> None:
    assert (DOCS / "features.md").read_text(encoding="utf-8") == render_markdown()


def test_an_unknown_entity_names_the_nearest() -> None:
    with pytest.raises(InputError, match="did you mean 'patient'"):
        families("patients")


@pytest.mark.parametrize(
    ("over", "told"),
    [
        ({"name": "Bad Name"}, "not a lower-case name"),
        ({"why": Text("Size.", " ")}, "a text is empty"),
        ({"name": "visits_count_1m"}, "window"),
        ({"needs": ("a.b.c",)}, "a need is not"),
        ({"schemes": ("H99",)}, "scheme H99 has no words"),
        ({"sql": "{p90} / 100"}, "a hole that nobody fills"),
        ({"sql": (" ",)}, "a text is empty"),
    ],
)
def test_an_incomplete_declaration_is_refused_where_it_is_written(over: dict, told: str) -> None:
    whole = {
        "name": "visits_count",
        "title": Text("Visits", "就诊次数"),
        "unit": "count",
        "sql": "count(*)",
        "why": Text("Size.", "规模。"),
    }
    Feature(**whole)
    with pytest.raises(ValueError, match=told):
        Feature(**(whole | over))


@pytest.mark.parametrize("share", [0, 1, 90])
def test_a_quantile_is_a_share(share: float) -> None:
    with pytest.raises(ValueError, match=rf"between 0 and 1; got {share}"):
        Quantile("total_amount", share)


def test_a_family_needs_subjects() -> None:
    with pytest.raises(ValueError, match="subject_key"):
        Family("volume", "业务量", "provider", "select 1", families("provider")[0].features)
