"""Deltas of two bills: what is stored before, what a delta says, and what is left."""

import pandas as pd

from features.claims import ClaimsStore, ingest_source
from features.engine import DuckDBEngine
from tests.support.claims import write_source

OPERATION = 'operation = "op"'
BILLS = ("settlement_id", "person_id", "provider_id", "settle_time", "total_amount", "fund_paid_amount")
LINES = ("settlement_id", "line_number", "fee_time", "item_code", "amount")


def mapping(folder, *operated):
    """A mapping of the contract's own columns in which some tables have operations."""
    text = ['name = "delta"']
    constants = {
        "settlements": {
            "encounter_type": "'outpatient'",
            "insurance_type": "'employee'",
            "service_start_date": "left(settle_time, 10)",
            "service_end_date": "left(settle_time, 10)",
        },
        "claim_lines": {"item_type": "'service'", "quantity": "'1'"},
        "persons": {},
    }
    given = {
        "settlements": BILLS,
        "claim_lines": LINES,
        "persons": ("person_id", "gender", "birth_date", "home_region_code"),
    }
    for name, columns in given.items():
        text += [
            f'[sources.{name}]\nfiles = ["{name}.csv"]\nis_optional = true',
            f'[[tables.{name}]]\nsource = "{name}"',
        ]
        text += [OPERATION] if name in operated else []
        text += [f"[tables.{name}.columns]", *(f'{column} = "{column}"' for column in columns)]
        text += [f'{column} = "{value}"' for column, value in constants[name].items()]
    path = folder / "delta.toml"
    path.write_text("\n".join(text))
    return str(path)


def bill(identifier, amount, op="I", month="2026-03", **more):
    time = f"{month}-10 09:00:00"
    return {
        "settlement_id": identifier, "person_id": "P1", "provider_id": "H1", "settle_time": time,
        "total_amount": amount, "fund_paid_amount": amount, "op": op,
    } | more  # fmt: skip


def line(identifier, number, amount, op="I", month="2026-03"):
    time = f"{month}-10 09:00:00"
    return {
        "settlement_id": identifier, "line_number": number, "fee_time": time, "item_code": "I1", "amount": amount,
        "op": op,
    }  # fmt: skip


def take(folder, operated, **tables):
    source = folder / "delta"
    source.mkdir(exist_ok=True)
    for old in source.iterdir():
        old.unlink()
    for name, rows in tables.items():
        pd.DataFrame(rows).to_csv(source / f"{name}.csv", index=False)
    return ingest_source(source, folder / "store", mapping=mapping(folder, *operated), max_month_shrink=1)


def told(report, table):
    count = next(each for each in report.tables if each.table == table)
    return {
        name.removeprefix("n_"): n
        for name in ("n_read", "n_stored", "n_updated", "n_repeats", "n_outdated", "n_deleted", "n_quarantined")
        if (n := getattr(count, name))
    }


def stored(folder):
    with DuckDBEngine() as engine:
        ClaimsStore.open(folder / "store").attach(engine)
        named = "join codes_settlement using (settlement_key)"
        return {
            "settlements": dict(engine.rows(f"select settlement_id, total_amount from settlements {named} order by 1")),
            "lines": engine.rows(
                f"select settlement_id, line_number, amount, month from claim_lines {named} order by 1, 2"
            ),
            "diagnoses": engine.rows(f"select settlement_id, month from diagnoses {named} order by 1"),
        }


def started(folder):
    """Two bills of two lines each, with a diagnosis each."""
    rows = {
        "settlements": [{"settlement_id": each, "settle_time": "2026-03-10 09:00:00"} for each in ("S1", "S2")],
        "claim_lines": [
            {"settlement_id": each, "line_number": number, "amount": "10.00"}
            for each in ("S1", "S2")
            for number in (1, 2)
        ],
        "diagnoses": [{"settlement_id": each} for each in ("S1", "S2")],
    }
    ingest_source(write_source(folder / "source", rows), folder / "store")
    return folder
