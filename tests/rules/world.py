"""A few claims in contract form, said shortly: `World().visit(...).stay(...)`."""

from __future__ import annotations

import pandas as pd


class World:
    """Collects rows; `tables()` gives contract-form frames. Amounts in currency, times as ISO text."""

    def __init__(self):
        self.settlements = []
        self.lines = []
        self.more = {}

    def bill(self, settlement_id, *, lines, settled=None, fund=None, **columns):
        """Add one settlement; each line is (fee time, item, quantity, amount) and optionally a dict of columns."""
        days = sorted(line[0][:10] for line in lines)
        total = sum(line[3] for line in lines)
        self.settlements.append(
            {
                "settlement_id": settlement_id, "encounter_type": "outpatient", "person_id": "A", "provider_id": "P1",
                "settle_time": settled or f"{days[-1]} 18:00:00",
                "service_start_date": days[0], "service_end_date": days[-1], "insurance_type": "employee",
                "total_amount": total, "fund_paid_amount": total if fund is None else fund,
            } | columns
        )  # fmt: skip
        for number, line in enumerate(lines, start=1):
            fee_time, item, quantity, amount, *further = line
            self.lines.append(
                {
                    "settlement_id": settlement_id, "line_number": number, "item_code": item, "item_type": "service",
                    "fee_time": fee_time if len(fee_time) > 10 else f"{fee_time} 00:00:00",
                    "quantity": quantity, "unit_price": amount / quantity, "amount": amount,
                } | (further[0] if further else {})
            )  # fmt: skip
        return self

    def stay(self, settlement_id, admitted, discharged, *, lines, **columns):
        """Add one inpatient settlement, settled at discharge unless `settled` says otherwise."""
        defaults = {
            "encounter_type": "inpatient", "settled": f"{discharged} 12:00:00",
            "admit_time": f"{admitted} 09:00:00", "discharge_time": f"{discharged} 10:00:00",
            "service_start_date": admitted, "service_end_date": discharged,
        }  # fmt: skip
        return self.bill(settlement_id, lines=lines, **(defaults | columns))

    def add(self, table, **columns):
        """Add one row of any other table."""
        self.more.setdefault(table, []).append(columns)
        return self

    def tables(self):
        """Contract-form frames, with the persons and providers that the settlements name."""
        settlements = pd.DataFrame(self.settlements)
        known = {row["person_id"] for row in self.more.get("persons", [])}
        persons = [
            {"person_id": person, "gender": "female", "birth_date": "1960-01-01"}
            for person in sorted(set(settlements["person_id"]) - known)
        ]
        people = [{"gender": "female", "birth_date": "1960-01-01"} | row for row in self.more.get("persons", [])]
        providers = [
            {"provider_id": provider, "provider_type": "hospital"}
            for provider in sorted(set(settlements["provider_id"]))
        ]
        frames = {
            "settlements": settlements,
            "claim_lines": pd.DataFrame(self.lines),
            "persons": pd.DataFrame(people + persons),
            "providers": pd.DataFrame(providers),
        }
        others = {name: pd.DataFrame(rows) for name, rows in self.more.items() if name != "persons"}
        return _typed(frames | others)


def _typed(frames):
    for frame in frames.values():
        for name in frame.columns:
            if name.endswith("_time"):
                frame[name] = pd.to_datetime(frame[name])
            elif name.endswith("_date"):
                frame[name] = pd.to_datetime(frame[name]).dt.date
    return frames


def reversed_tables(tables):
    """The same claims with every settlement reversed the same day."""
    settlements = tables["settlements"]
    money = [name for name in settlements.columns if name.endswith("_amount")]
    mirror = settlements.assign(
        original_settlement_id=settlements["settlement_id"],
        settlement_id="R-" + settlements["settlement_id"],
        is_reversal=True,
        **{name: -settlements[name] for name in money},
    )
    lines = tables["claim_lines"]
    negative = {name: -lines[name] for name in ("quantity", "amount", "in_scope_amount") if name in lines}
    mirror_lines = lines.assign(settlement_id="R-" + lines["settlement_id"], **negative)
    both = settlements.assign(original_settlement_id=None, is_reversal=False)
    return tables | {
        "settlements": pd.concat([both, mirror], ignore_index=True),
        "claim_lines": pd.concat([lines, mirror_lines], ignore_index=True),
    }
