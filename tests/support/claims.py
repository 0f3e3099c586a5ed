"""Small claims stores for tests: name what matters, the rest is filled in; everything goes through the real ingest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from features.claims import TABLES, ClaimsStore, ingest_source
from tests.support.ready_stores import ready_store

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

Rows = list[dict[str, Any]]

DEFAULTS: dict[str, dict[str, Any]] = {
    "settlements": {
        "encounter_type": "outpatient",
        "settle_time": "2026-01-15 10:00:00",
        "person_id": "P1",
        "provider_id": "H1",
        "insurance_type": "employee",
    },
    "claim_lines": {"line_number": 1, "item_code": "I1", "item_type": "service", "quantity": "1"},
    "persons": {"gender": "female", "birth_date": "1960-05-01"},
    "providers": {"provider_type": "hospital"},
    "diagnoses": {"sequence_number": 1, "diagnosis_code": "I10"},
    "procedures": {"sequence_number": 1, "procedure_code": "45.23"},
}


def write_source(folder: Path, tables: Mapping[str, Rows | pd.DataFrame]) -> Path:
    """Write rows of contract tables as CSV files, filled up to what the contract requires."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, frame in complete(tables).items():
        frame.to_csv(folder / f"{name}.csv", index=False)
    return folder


def complete(tables: Mapping[str, Rows | pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Fill required columns with defaults, and add the persons and providers that settlements name."""
    frames = {name: pd.DataFrame(rows).astype(object) for name, rows in tables.items()}
    settlements = frames.setdefault("settlements", pd.DataFrame([{"settlement_id": "S1"}]).astype(object))
    _fill("settlements", settlements)
    days = settlements["settle_time"].astype(str).str[:10]
    admitted = settlements["admit_time"].astype(str).str[:10] if "admit_time" in settlements else days
    for column, values in {"service_start_date": admitted, "service_end_date": days}.items():
        _fill_column(settlements, column, values)
    lines = frames.setdefault(
        "claim_lines", pd.DataFrame({"settlement_id": list(settlements["settlement_id"])}).astype(object)
    )
    _fill("claim_lines", lines)
    if "amount" not in lines:
        lines["amount"] = "100.00"
    if "fee_time" not in lines:
        times = dict(zip(settlements["settlement_id"], settlements["settle_time"], strict=True))
        lines["fee_time"] = [times.get(settlement, "2026-01-15 10:00:00") for settlement in lines["settlement_id"]]
    sums = lines.assign(amount=lines["amount"].astype(float)).groupby("settlement_id")["amount"].sum()
    total = settlements["settlement_id"].map(sums).fillna(0.0).map("{:.2f}".format)
    for column in ("total_amount", "fund_paid_amount"):
        _fill_column(settlements, column, total)
    for table, column in (("persons", "person_id"), ("providers", "provider_id")):
        given = frames.get(table, pd.DataFrame({column: []}))
        named = sorted(set(settlements[column]) - set(given[column]))
        frames[table] = pd.concat([given, pd.DataFrame({column: named})], ignore_index=True).astype(object)
    for name, frame in frames.items():
        _fill(name, frame)
    return frames


def _fill(table: str, frame: pd.DataFrame) -> None:
    for column, value in DEFAULTS.get(table, {}).items():
        if column in TABLES[table].by_name or column in frame:
            _fill_column(frame, column, value)


def _fill_column(frame: pd.DataFrame, column: str, values: object) -> None:
    if column not in frame:
        frame[column] = values
    elif not (is_given := frame[column].notna()).all():
        frame[column] = frame[column].where(is_given, values)


def make_store(folder: Path, tables: Mapping[str, Rows | pd.DataFrame]) -> ClaimsStore:
    """Ingest rows of contract tables into a new store below the folder, and refuse to go on when a row was lost.

    Equal sources are ingested once a process, and copied: a test that patches what ingests must not use it.

    Examples
    --------
    `make_store(tmp_path, {"claim_lines": [{"settlement_id": "S1", "amount": "5.00"}]})`
    """
    source, store = write_source(folder / "source", tables), folder / "store"

    def make() -> None:
        report = ingest_source(source, store, threads=1)
        bad = {count.table: count.reasons for count in report.tables if count.n_quarantined}
        assert not bad, bad

    ready_store(source, store, make)
    return ClaimsStore.open(store)
