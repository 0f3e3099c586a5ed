"""`fraud features`: the catalogue, and all that is known of one feature."""

from __future__ import annotations

import json

import pytest

from features.catalogue import SECTIONS
from fraud.cli.main import main


def _run(*words: str) -> int:
    with pytest.raises(SystemExit) as left:
        main(["features", *words])
    return int(left.value.code or 0)


def test_json_holds_every_feature_in_both_languages(capsys) -> None:
    assert _run("--format", "json") == 0
    rows = json.loads(capsys.readouterr().out)
    assert len(rows) == sum(len(family.features) for shown in SECTIONS.values() for family in shown)
    assert all(row["why"] and row["why_zh"] for row in rows)
    assert [row["name"] for row in rows if "{" in row["sql"]] == []


def test_a_quantile_is_told_as_it_is_computed(capsys) -> None:
    assert _run("--about", "settlement_p90_amount") == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "quantile_cont(cast(total_amount as double), 0.9) / 100" in told


def test_one_feature_is_told_for_each_kind_of_subject_that_has_it(capsys) -> None:
    assert _run("--about", "weekend_share") == 0
    told = capsys.readouterr().out
    assert [kind for kind in SECTIONS if f"{kind} · " in told] == ["provider", "patient", "practitioner"]
    assert "周末结算占比" in told
    assert "weekday >= 6" in told


def test_a_name_that_is_none_is_refused_with_the_nearest(capsys) -> None:
    assert _run("--about", "weekend_shar") == 2
    assert "did you mean weekend_share" in capsys.readouterr().err
    assert _run("--about", "weekend_share", "--entity", "pharmacy") == 2
