"""The toolkit's own rules call nothing definite in an honest city, and see what they are made for in a guilty one."""

import pyarrow.parquet as pq
import pytest

from experiments.synthetic import generate_city, write_city
from features.claims import ClaimsStore, ingest_source
from features.engine import DuckDBEngine
from fraud.rules import run_rules
from fraud.settings import RuleSettings

NOT_CHECKED = {"ignored_reminder"}  # the city holds no reminders
MONTHS = ("2026-01", "2026-02", "2026-03")


def findings_of(folder, schemes: str, seed: int):
    """Run every rule on every month of an ingested city."""
    with generate_city(3_000, 60, len(MONTHS), MONTHS[0], seed, schemes=schemes) as city:
        write_city(city, folder / "city")
    ingest_source(folder / "city", folder / "store")
    store = ClaimsStore.open(folder / "store")
    runs = []
    for month in MONTHS:
        with DuckDBEngine(memory_limit="1GB", threads=1) as engine:
            runs.append(run_rules(store, engine, month, settings=RuleSettings()))
    return runs


@pytest.mark.parametrize("seed", [21, pytest.param(22, marks=pytest.mark.slow)])
def test_honest_city_has_definite_findings_at_slips_alone(tmp_path, seed):
    runs = findings_of(tmp_path, "none", seed)
    assert {entry.code for run in runs for entry in run.not_checked} == NOT_CHECKED
    slips = set(pq.read_table(tmp_path / "city-truth" / "truth_slips.parquet")["settlement_id"].to_pylist())
    for run in runs:
        found = run.findings.findings
        definite = found.loc[found["result_type"] == "definite", "finding_id"]
        lines = run.findings.lines
        violating = lines[lines["finding_id"].isin(definite) & (lines["role"] == "violating")]
        assert set(violating["settlement_id"]) <= slips


@pytest.mark.slow
def test_overworked_doctor_is_seen(tmp_path):
    """H26 at large: days beyond 24 hours are definite where the city plants them."""
    runs = findings_of(tmp_path, "H26:large", 21)
    codes = {code for run in runs for code in run.findings.findings["code"]}
    assert "practitioner_day" in codes
