"""Rules read a register as it was known in their month: a death told in April is April's."""

import pytest

from features.claims import ClaimsStore, ingest_source
from features.engine import DuckDBEngine
from fraud.rules import find_rule, run_rules
from tests.support.claims import write_source

BORN = {"gender": "male", "birth_date": "1941-02-02"}


def extract(folder, month, died, amount):
    identifier = f"S{month}"
    return write_source(
        folder / identifier,
        {
            "settlements": [
                {
                    "settlement_id": identifier,
                    "person_id": "P2",
                    "provider_id": "C1",
                    "settle_time": f"{month}-20 09:00:00",
                }
            ],
            "claim_lines": [{"settlement_id": identifier, "amount": amount, "in_scope_amount": amount}],
            "persons": [{"person_id": "P2", **BORN, "death_date": died}],
        },
    )


@pytest.mark.parametrize("order", ["as they came", "the older one last"])
def test_a_death_is_known_from_the_month_in_which_it_was_told(tmp_path, order):
    sources = [extract(tmp_path, "2026-03", "", "90.00"), extract(tmp_path, "2026-04", "2026-03-02", "180.00")]
    for source in sources if order == "as they came" else reversed(sources):
        report = ingest_source(source, tmp_path / "store")
        assert [count.n_quarantined for count in report.tables] == [0, 0, 0, 0]
    found = {}
    for month in ("2026-03", "2026-04"):
        with DuckDBEngine(threads=1) as engine:
            store = ClaimsStore.open(tmp_path / "store")
            run = run_rules(store, engine, month, window_months=1, rules=(find_rule("service_after_death"),))
        rows = run.findings.findings.itertuples()
        found[month] = {(row.subject_type, row.subject_id): (row.result_type, row.exposure_amount) for row in rows}
    # In March nobody knew of the death of 2 March; April's visit of 180.00 comes after it.
    told = ("definite", 18000)
    assert found == {"2026-03": {}, "2026-04": {("patient", "P2"): told, ("provider", "C1"): told}}
