"""What a training learns from: rows of several months, and no column that labels, findings, rings or ranks made."""

from __future__ import annotations

import csv
from datetime import date
from importlib.resources import files

import pandas as pd
import pytest

from experiments.config import TrainConfig
from experiments.dataset import build_dataset
from experiments.synthetic import make_labels, write_labels
from features.catalogue import features
from features.facts import FACTS
from features.vocabulary.entities import SCORED
from fraud.cases.life.feedback import import_feedback
from fraud.settings import Settings
from tests.conftest import MONTHS

AS_OF = date(2026, 9, 1)
STACKED = TrainConfig(window_months=2, n_months=2, step_months=1)


@pytest.fixture
def decided(ingested, own_copy, tmp_path):
    """A workspace with findings, rings and ranks of two months, and decisions on part of its subjects."""
    write_labels(make_labels(ingested.root.parent / "source", seed=7), tmp_path / "labels.csv")
    with own_copy.writer():
        import_feedback(own_copy, tmp_path / "labels.csv", settings=Settings())
    return own_copy


@pytest.mark.parametrize("entity", SCORED)
def test_no_column_is_made_of_labels_findings_rings_or_ranks(ingested, decided, entity):
    bare = build_dataset(ingested, entity, AS_OF, Settings(), STACKED)
    known = build_dataset(decided, entity, AS_OF, Settings(), STACKED)
    # One has neither decisions nor scored months, the other both: what trees see is the same to the last bit.
    assert bare.is_positive.isna().all()
    assert known.is_positive.notna().any()
    assert known.profiles.index.equals(bare.profiles.index)
    assert known.profiles.to_numpy().tobytes() == bare.profiles.to_numpy().tobytes()
    # And it is the catalogue, no more.
    assert list(known.profiles.columns) == list(features(entity))


def test_no_feature_has_the_name_of_an_output_and_no_fact_reads_decisions():
    with files("fraud.runs").joinpath("outputs.csv").open(encoding="utf-8") as rows:
        outputs = {row["column"] for row in csv.DictReader(rows)}
    named = {name for entity in SCORED for name in features(entity)}
    assert {"risk_score", "model_score", "ring_score"} <= outputs
    assert named & outputs <= {"fund_paid_amount", "n_patients"}
    for fact in FACTS:
        assert "labels" not in fact.sql
        assert "findings" not in fact.sql


def test_rows_of_several_months_are_those_of_each_alone(decided):
    stacked = build_dataset(decided, "provider", AS_OF, Settings(), STACKED)
    assert stacked.months == tuple(MONTHS[1:])
    for month, as_of in zip(MONTHS[1:], (date(2026, 3, 1), AS_OF), strict=True):
        alone = build_dataset(decided, "provider", as_of, Settings(), TrainConfig(window_months=2))
        assert alone.months == (month,)
        pd.testing.assert_frame_equal(
            stacked.profiles.xs(month, level="month"), alone.profiles.xs(month, level="month")
        )
    rows = stacked.profiles.index
    assert rows.is_monotonic_increasing
    for frame in (stacked.attributes, stacked.labels, stacked.group_of):
        assert frame.index.equals(rows)
    # A subject has one group in all months.
    assert stacked.group_of.groupby(level="subject_id").nunique().max() == 1


def test_core_members_of_a_ring_are_of_one_group_unless_it_would_be_most_of_them(ingested, monkeypatch):
    alone = build_dataset(ingested, "provider", AS_OF, Settings(), TrainConfig())
    ids = list(alone.groups.of.index)

    def grouped(members):
        core = pd.DataFrame({"subject_type": "provider", "subject_id": members, "ring_id": "R-1"})
        monkeypatch.setattr("experiments.dataset.core_rings", lambda *_: core)
        return build_dataset(ingested, "provider", AS_OF, Settings(), TrainConfig()).groups

    joined = grouped(ids[:3])
    assert joined.joined_by == "owner and ring"
    assert len(set(joined.of[ids[:3]])) == 1
    assert len(set(joined.of)) < len(set(alone.groups.of))
    # A group of more than a fifth could not be dealt into five folds.
    giant = grouped(ids[: len(ids) // 2])
    assert giant.joined_by == "owner"
    assert giant.of.tolist() == alone.groups.of.tolist()
