"""Small tables of a store that are read into memory hold what their files hold."""

from features.claims import TABLES
from features.engine import DuckDBEngine
from tests.support.claims import make_store

BILLS = [{"settlement_id": f"S{number}", "settle_time": f"2026-0{number}-05"} for number in (1, 2, 3)]
ITEMS = [{"item_code": "I1", "standard_minutes": 5}]


def test_tables_of_few_rows_are_held_and_show_the_same(tmp_path):
    store = make_store(tmp_path, {"settlements": BILLS, "ref_items": ITEMS})
    shown, held = [], []
    for rows in (0, 2):
        with DuckDBEngine(threads=1) as engine:
            store.attach(engine, months=["2026-02", "2026-03"], held_rows=rows)
            shown.append({name: sorted(engine.rows(f"select * from {name}"), key=str) for name in TABLES})
            held.append(engine.tables)
            store.attach_months(engine, ["2026-01", "2026-02", "2026-03"])
            assert engine.rows("select count(*) from settlements") == [(3,)]
    assert shown[0] == shown[1]
    assert len(shown[0]["settlements"]) == 2
    assert held[0] == set()
    assert {"stored_settlements", "ref_items"} <= held[1]
