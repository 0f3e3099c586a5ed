"""Months in a row, with late rows, corrections, deltas and registers: each replays from what was known then."""

import pytest

from features.claims import ClaimsStore, ingest_source
from fraud.runs.manifest import MANIFEST, Manifest
from fraud.scoring import replay_month, score_month
from fraud.scoring.inputs import claims_fingerprint
from fraud.settings import Settings
from fraud.workspace import Workspace
from tests.support.claims import write_source

SETTINGS = Settings()
DELTA = """
name = "delta"
[sources.bills]
files = ["settlements.csv"]
[[tables.settlements]]
source = "bills"
operation = "op"
[tables.settlements.columns]
"""


def month(number):
    return f"2025-{number:02d}"


def bill(number, name, day, person, **more):
    time = f"{month(number)}-{day:02d} 09:00:00"
    return {"settlement_id": f"{name}{number}", "person_id": person, "provider_id": "H1", "settle_time": time} | more


def registers(number):
    """Registers as they were in a month: somebody moved, the hospital changed, and there is one person more."""
    people = [{"person_id": f"P{n}", "home_region_code": f"11{number:04d}"} for n in range(3 + number)]
    return {"persons": people, "providers": [{"provider_id": "H1", "provider_name": f"House in {number}"}]}


def extract(number):
    rows = [bill(number, name, day, f"P{day % 3}") for name, day in (("A", 4), ("B", 11), ("C", 21))]
    if number > 1:
        rows += [bill(number - 1, "L", 27, f"P{number}")]
        back = {"is_reversal": "true", "original_settlement_id": f"B{number - 1}"}
        rows += [bill(number, "R", 14, "P2", total_amount="-100.00", fund_paid_amount="-100.00", **back)]
    lines = [
        {"settlement_id": row["settlement_id"], "amount": "-100.00" if "is_reversal" in row else "100.00"}
        | ({"quantity": "-1"} if "is_reversal" in row else {})
        for row in rows
    ]
    return {"settlements": rows, "claim_lines": lines, **registers(number)}


def correct(folder, workspace, number):
    """Two months ago is corrected as a whole, and the last by a delta; a register comes that is a month old."""
    whole = extract(number - 2)
    whole["settlements"] = [row | {"person_id": "P0"} for row in whole["settlements"]][: 3 if number == 3 else 5]
    kept = {row["settlement_id"] for row in whole["settlements"]}
    whole["claim_lines"] = [row for row in whole["claim_lines"] if row["settlement_id"] in kept]
    source = write_source(folder / f"correction{number}", whole)
    ingest_source(source, workspace.store, replace_months=[month(number - 2)], max_month_shrink=0.5)
    bills = [bill(number - 1, "A", 5, "P1"), bill(number - 1, "C", 21, "P1")]
    written = write_source(folder / f"delta{number}", {"settlements": bills}) / "settlements.csv"
    header, first, second = written.read_text().splitlines()
    written.write_text("\n".join([f"{header},op", f"{first},U", f"{second},D"]))
    mapping = folder / "delta.toml"
    mapping.write_text(DELTA + "\n".join(f'{column} = "{column}"' for column in header.split(",")))
    ingest_source(written.parent, workspace.store, mapping=str(mapping), max_month_shrink=0.5)
    late = [bill(number - 1, "Z", 22, "P9")]
    old = {"settlements": late, "persons": [{"person_id": "P1", "home_region_code": "999999"}]}
    ingest_source(write_source(folder / f"old{number}", old), workspace.store)


@pytest.mark.parametrize(("n_months", "n_scored"), [(3, 1), pytest.param(12, 12, marks=pytest.mark.slow)])
def test_every_month_replays_byte_for_byte_from_what_was_known_then(tmp_path, n_months, n_scored):
    workspace = Workspace(tmp_path / "w")
    for number in range(1, n_months + 1):
        ingest_source(write_source(tmp_path / f"source{number}", extract(number)), workspace.store)
        if number <= n_scored:
            with workspace.writer():
                score_month(workspace, month(number), settings=SETTINGS, window_months=2, model_alias="none")
        if number % 3 == 0:
            correct(tmp_path, workspace, number)
    store = ClaimsStore.open(workspace.store)
    moved = Workspace((tmp_path / "w").rename(tmp_path / "elsewhere"))
    n_changed = 0
    for number in range(1, n_scored + 1):
        manifest = Manifest.read(moved.run(month(number)))
        n_changed += claims_fingerprint(store, manifest.window) != manifest.inputs.claims
        with moved.writer():
            repeated = replay_month(moved, moved.run(month(number)) / MANIFEST, settings=SETTINGS)
        assert repeated.differing == ()
        assert repeated.scored.folder == moved.run(month(number)).resolve()
    # All of them have changed since: late rows reach every month but the last, which the late register reaches.
    assert n_changed == n_scored
