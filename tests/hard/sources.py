"""A small legal source (40 settlements, 120 lines, 12 persons, 5 providers) that trials damage."""

from __future__ import annotations

import csv
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

MONTH = "2026-03"
Tables = dict[str, list[list[str]]]

_SETTLEMENT = (
    "settlement_id",
    "encounter_type",
    "settle_time",
    "service_start_date",
    "service_end_date",
    "person_id",
    "provider_id",
    "insurance_type",
    "total_amount",
    "in_scope_amount",
    "fund_paid_amount",
)
_LINE = (
    "settlement_id",
    "line_number",
    "fee_time",
    "item_code",
    "item_name",
    "item_type",
    "charge_category",
    "quantity",
    "unit_price",
    "amount",
    "in_scope_amount",
)


def tables() -> Tables:
    """Return the rows of each table, the header first; all settlements lie in `MONTH`."""
    persons = [["person_id", "gender", "birth_date", "death_date"]]
    persons += [[f"P{n}", "male" if n % 2 else "female", f"19{40 + n}-05-1{n % 10}", ""] for n in range(12)]
    providers = [["provider_id", "provider_type", "provider_level", "provider_name"]]
    kinds = ("hospital", "clinic", "pharmacy", "hospital", "clinic")
    levels = ("tertiary", "ungraded", "ungraded", "secondary", "ungraded")
    providers += [[f"H{n}", kinds[n], levels[n], f"Provider {n}"] for n in range(5)]
    settlements = [list(_SETTLEMENT)]
    lines = [list(_LINE)]
    start = datetime(2026, 3, 1, 9)  # noqa: DTZ001 - local time, as the contract has it
    for n in range(40):
        time = start + timedelta(hours=17 * n)
        day = time.date().isoformat()
        settlements.append(
            [
                f"S{n}",
                "outpatient",
                str(time),
                day,
                day,
                f"P{n % 12}",
                f"H{n % 5}",
                "employee",
                "60.00",
                "60.00",
                "42.00",
            ]
        )
        for k in range(1, 4):
            price = f"{10 * k}.00"
            lines.append(
                [f"S{n}", str(k), str(time), f"ITEM{k}", f"Item {k}", "service", "consultation", "1"] + [price] * 3
            )
    return {"persons": persons, "providers": providers, "settlements": settlements, "claim_lines": lines}


def write_tables(folder: Path, given: Tables | None = None) -> Path:
    """Write tables as CSV files of a contract source."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in (given or tables()).items():
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)
    return folder


def with_cell(table: str, column: str, value: str, row: int = 3) -> Tables:
    """Return the tables with one cell changed."""
    given = tables()
    given[table][row][given[table][0].index(column)] = value
    return given
