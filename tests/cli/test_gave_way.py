"""What an ingest replaces is said on the screen, in JSON and in the audit log; a month does not shrink unasked."""

import json

import pytest

from fraud.workspace import Workspace
from tests.support.claims import write_source
from tests.support.program import run


@pytest.fixture
def delivered(tmp_path, capsys):
    rows = [{"settlement_id": each, "settle_time": "2026-03-12 09:00:00"} for each in ("S1", "S2")]
    write_source(tmp_path / "one", {"settlements": rows[:1]})
    run(capsys, tmp_path / "w", "ingest", write_source(tmp_path / "both", {"settlements": rows}))
    return tmp_path


def test_a_month_shrinks_only_where_that_is_said_and_it_is_recorded(delivered, capsys):
    root = delivered / "w"
    words = ("ingest", delivered / "one", "--replace-month", "2026-03", "--extracted", "2026-03-12")
    refused = run(capsys, root, *words)
    assert refused.code == 2
    assert "2026-03 settlements from 2 to 1; 2026-03 claim_lines from 2 to 1" in refused.err
    gone = [
        {"month": "2026-03", "table": table, "n_before": 2, "n_gone": 2, "n_now": 1}
        for table in ("settlements", "claim_lines")
    ]
    told = json.loads(run(capsys, root, *words, "--allow-shrink", "--json").out)
    assert told["gave_way"] == gone
    assert told["extract"] == {"day": "2026-03-12", "month": "2026-03", "told_by": "--extracted"}
    last = json.loads(Workspace(root).audit_log.read_text().splitlines()[-1])
    assert (last["gave_way"], last["extracted"], last["replaced"]) == (gone, "2026-03-12", ["2026-03"])
    shown = run(capsys, root, *words, "--allow-shrink").out
    assert "2026-03 settlements: 1 of 1 stored rows gave way; now 1" in shown


def test_the_limit_is_a_setting(delivered, capsys):
    (delivered / "fraud.toml").write_text("[ingest]\nmax_month_shrink = 0.5\n")
    words = ("--config", delivered / "fraud.toml", "ingest", delivered / "one", "--replace-month", "2026-03")
    assert run(capsys, delivered / "w", *words).code == 0
