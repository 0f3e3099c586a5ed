"""Tables about drugs handed out: what is filled later is not known yet."""

from __future__ import annotations

from features.build import build_profiles
from features.catalogue import SECTIONS
from features.engine import DuckDBEngine
from tests.support.claims import make_store
from tests.support.sales import SHOPS, line, sale


def test_a_script_is_filled_when_its_fill_is_known(tmp_path) -> None:
    sales = [sale("S1", "20 10:00:00", "P1"), sale("S2", "", "P1", settle_time="2026-02-02 10:00:00")]
    scripts = [
        {"prescription_id": f"Y{i}", "person_id": "P1", "issuing_provider_id": "C1", "prescriber_id": "D1"}
        | {"issue_time": f"2026-01-{day} 09:00:00", "dispense_settlement_id": f"S{i}"}
        for i, day in ((1, "20"), (2, "30"))
    ]
    tables = {"settlements": sales, "prescriptions": scripts, "providers": SHOPS}
    tables["claim_lines"] = [line(f"S{i}", "A", "9.00", prescription_id=f"Y{i}") for i in (1, 2)]
    store = make_store(tmp_path, tables)
    for month, n_fills in (("2026-01", 1), ("2026-02", 2)):
        with DuckDBEngine() as engine:
            values = build_profiles(store, month, engine).providers.features
        assert values.loc["R1", "filled_per_prescriber_ratio"] == n_fills


def test_pharmacies_have_a_section_of_their_own_in_the_profile_of_providers() -> None:
    assert {family.entity for family in SECTIONS["pharmacy"]} == {"provider"}
    assert sum(len(family.features) for family in SECTIONS["pharmacy"]) >= 40
