"""Backfill: months in order, those with equal inputs left, a failure told and not hidden."""

import json
from datetime import date

import pytest

from features.claims import ClaimsStore
from features.errors import InputError, ToolkitError
from fraud.scoring import Outcome, backfill, backfill_months, months_of
from fraud.scoring.backfill import is_current
from fraud.scoring.month import month_request
from fraud.settings import Settings
from tests.support.program import run

MONTHS = ("2026-01", "2026-02", "2026-03")


@pytest.fixture
def asked_for(monkeypatch):
    """Months that would be scored; the second cannot be."""
    months = []

    def score(_workspace, asked, **_):
        months.append(asked.month)
        if asked.month == MONTHS[1]:
            raise ToolkitError("store part 'x': missing. Hint: ingest it anew")

    monkeypatch.setattr(backfill, "score_request", score)
    return months


def outcomes(workspace, **given):
    done = list(backfill_months(workspace, MONTHS, settings=Settings(), model_alias="none", **given))
    return [each.outcome for each in done]


def test_months_are_those_of_the_store(ingested):
    store = ClaimsStore.open(ingested.store)
    assert months_of(store, "2025-07", "2026-02") == MONTHS[:2]
    with pytest.raises(InputError, match="it holds 2026-01, 2026-02, 2026-03"):
        months_of(store, "2026-04", "2026-05")


def test_a_failure_ends_a_backfill_unless_it_is_to_go_on(own_copy, asked_for):
    assert outcomes(own_copy) == [Outcome.scored, Outcome.failed, Outcome.left_out]
    assert outcomes(own_copy, keep_going=True) == [Outcome.scored, Outcome.failed, Outcome.scored]
    assert asked_for == [*MONTHS[:2], *MONTHS]


def test_months_with_equal_inputs_are_left_where_asked(own_copy, asked_for):
    assert outcomes(own_copy, resume=True) == [Outcome.scored, Outcome.unchanged, Outcome.unchanged]
    assert asked_for == ["2026-01"]


@pytest.mark.parametrize(
    "other",
    [
        {"window_months": 2},
        {"as_of": date(2026, 3, 1)},
        {"settings": Settings(scoring={"policy": "money"})},
        {"engine": "spark"},
    ],
    ids=["window", "day", "settings", "engine"],
)
def test_another_wish_is_another_month(scored_city, other):
    workspace = scored_city[0]
    given = {"settings": Settings(), "model_alias": "none"}
    assert is_current(workspace, month_request(workspace, "2026-03", **given))
    assert not is_current(workspace, month_request(workspace, "2026-03", **{**given, **other}))


def test_a_damaged_month_is_not_left(own_copy):
    asked = month_request(own_copy, "2026-03", settings=Settings(), model_alias="none")
    (own_copy.run("2026-03") / "rings.parquet").write_bytes(b"PAR1")
    assert not is_current(own_copy, asked)


def test_the_command_sums_up_and_leaves_with_the_code_of_the_failure(own_copy, capsys, asked_for):
    words = ("score", "--from", "2026-02", "--to", "2026-03", "--model", "none")
    said = run(capsys, own_copy.root, *words, "--json")
    assert said.code == 1
    assert [(each["month"], each["outcome"]) for each in json.loads(said.out)] == [
        ("2026-02", "failed"),
        ("2026-03", "left out"),
    ]
    assert "2026-02 failed: store part 'x': missing" in said.err
    assert "1 failed, 1 left out" in said.err
    said = run(capsys, own_copy.root, *words, "--resume")
    assert (said.code, "2 unchanged" in said.err) == (0, True)


def test_what_is_of_a_backfill_is_refused_elsewhere(tmp_path, capsys):
    said = run(capsys, tmp_path, "score", "--month", "2026-03", "--resume")
    assert (said.code, "give --from and --to with it" in said.err) == (2, True)
