"""Registers and codes that are shown alone are those that a whole store shows, though claims cannot be read."""

import pytest

from features.claims import TABLES
from features.engine import DuckDBEngine
from features.errors import ToolkitError
from tests.support.claims import make_store

NAMES = ("ref_items", "labels", "codes_item")


def test_registers_and_codes_are_shown_without_claims(tmp_path):
    store = make_store(tmp_path, {"ref_items": [{"item_code": "I1", "standard_minutes": 5}]})
    shown = []
    with DuckDBEngine(threads=1) as engine:
        store.attach(engine)
        shown.append([engine.rows(f"select * from {name}") for name in NAMES])
    for part in store.catalog.tables["settlements"]:
        (store.folder / part.file).unlink()
    with DuckDBEngine(threads=1) as engine:
        store.attach_only(engine, *NAMES)
        shown.append([engine.rows(f"select * from {name}") for name in NAMES])
        assert engine.frame("select * from labels").columns.tolist() == [name for name, _ in TABLES["labels"].stored]
    assert shown[0] == shown[1]
    assert [len(rows) for rows in shown[0]][:2] == [1, 0]


def test_a_damaged_register_is_refused(tmp_path):
    store = make_store(tmp_path, {"ref_items": [{"item_code": "I1"}]})
    (part,) = store.catalog.tables["ref_items"]
    (store.folder / part.file).write_bytes(b"")
    with DuckDBEngine(threads=1) as engine, pytest.raises(ToolkitError, match=part.file.rpartition("/")[2]):
        store.attach_only(engine, "ref_items")
