"""What executors read: lines as stored, net of what was refunded."""

import pytest

from features.engine import DuckDBEngine
from fraud.rules.relations import base
from fraud.rules.relations.base import create_base
from tests.rules.world import World
from tests.support.claims import make_store


def test_lines_have_every_column_as_stored_and_are_net_of_refunds(tmp_path):
    given = {"in_scope_amount": 80, "days_supply": 30, "charge_category": "western_drug", "department_code": "D1"}
    world = World().bill("S1", lines=[("2026-03-05 09:30:00", "I1", 4, 100, given)])
    back = {"quantity": -1, "amount": -25, "in_scope_amount": -20, "original_line_number": 1}
    world.lines.append(world.lines[0] | {"line_number": 2} | back)
    store = make_store(tmp_path, world.tables())
    wanted = "unit_price, charge_category, days_supply, department_code, quantity, net_quantity, amount, in_scope"
    with DuckDBEngine(threads=1) as engine:
        store.attach(engine)
        create_base(engine)
        rows = engine.rows(f"select {wanted} from rule_lines")
    # price 25.000000, 4 units of which 3 remain, 80.00 in scope of which 20.00 went back
    assert rows == [(25_000_000, "western_drug", 30, "D1", 40_000, 30_000, 10_000, 6_000)]


@pytest.mark.parametrize(("few", "is_read_often"), [(100, False), (0, True), (0, False)])
def test_lines_are_the_same_in_memory_on_disk_and_netted_anew(tmp_path, monkeypatch, few, is_read_often):
    monkeypatch.setattr(base, "_FEW_LINES", few)
    world = World().bill("S1", lines=[("2026-03-05", "I1", 4, 100), ("2026-03-05", "I2", 1, 5)])
    world.lines.append(world.lines[1] | {"line_number": 3, "quantity": -1, "amount": -5, "original_line_number": 2})
    store = make_store(tmp_path, world.tables())
    with DuckDBEngine(threads=1) as engine:
        store.attach(engine)
        create_base(engine, is_read_often=is_read_often)
        lines = engine.rows("select line_number, in_scope from rule_lines")
        held = engine.tables & {"window_lines", "window_settlements"}
        texts = engine.rows("select sql from duckdb_views() where view_name in ('window_lines', 'kept_lines')")
    assert lines == [(1, 10_000)]
    assert len(held) == (2 if few else 0)
    assert any("kept_lines-1.parquet" in text for (text,) in texts) == is_read_often


def test_lines_kept_on_disk_have_all_columns_of_those_netted_anew(tmp_path, monkeypatch):
    monkeypatch.setattr(base, "_FEW_LINES", 0)
    world = World().bill("S1", lines=[("2026-03-05", "I1", 4, 100, {"item_type": "western_drug", "unit": "box"})])
    world.bill("S2", lines=[("2026-03-06", "I2", 1, 5, {"charge_category": "O'Neill"})])
    store = make_store(tmp_path, world.tables())
    with DuckDBEngine(threads=1) as engine:
        store.attach(engine)
        shown = []
        for is_read_often in (False, True):
            create_base(engine, is_read_often=is_read_often)
            shown.append((engine.rows("describe window_lines"), engine.rows("select * from window_lines order by all")))
        written = {name for name, *_ in engine.rows("describe kept_lines")}
    assert shown[0] == shown[1]
    assert set(base.LINE_COLUMNS) - written == {
        *("version_number", "original_line_number", "line_serial", "original_line_serial")
    }


def test_lines_of_months_before_may_share_a_day_where_care_reaches_back(tmp_path):
    world = World()
    for person in ("A", "B"):
        world.bill(f"{person}1", person_id=person, lines=[("2026-02-20", "I1", 1, 10)], settled="2026-02-20 18:00:00")
        day = "2026-02-20" if person == "A" else "2026-03-04"
        world.bill(f"{person}2", person_id=person, lines=[(day, "I1", 1, 10)], settled="2026-03-05 18:00:00")
    store = make_store(tmp_path, world.tables())
    with DuckDBEngine(threads=1) as engine:
        store.attach(engine)
        create_base(engine)
        found = engine.rows(
            "select s.settlement_id from rule_lines l join rule_settlements s on s.settlement_key = l.settlement_key "
            f"where {base.may_share_day('2026-03')} order by 1"
        )
    assert found == [("A1",), ("A2",), ("B2",)]
