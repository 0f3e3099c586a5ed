"""Sales of drugs for tests: pharmacies and clinics, what they sell, on which line."""

from __future__ import annotations

from typing import Any

Row = dict[str, Any]
SHOPS = [
    {
        "provider_id": "R1",
        "provider_type": "retail_pharmacy",
        "region_code": "330101",
        "longitude": 120,
        "latitude": 30,
    },
    {"provider_id": "R2", "provider_type": "dual_channel_pharmacy", "region_code": "330101"},
    {"provider_id": "C1", "provider_type": "clinic", "longitude": 120, "latitude": 30.1},  # 11 km from R1
    {"provider_id": "C2", "provider_type": "clinic", "longitude": 120, "latitude": 30.3},  # 33 km from R1
]


def sale(number: str, time: str, person: str, provider: str = "R1", **over: Any) -> Row:
    """Return a settlement of January 2026, `time` being the day and the hour; of a pharmacy where the name says R."""
    kind = "pharmacy" if provider.startswith("R") else "outpatient"
    row: Row = {"settlement_id": number, "settle_time": f"2026-01-{time}", "person_id": person, "provider_id": provider}
    row |= {"encounter_type": kind} | over
    return {"service_start_date": row["settle_time"][:10]} | row


def line(settlement: str, item: str, amount: str, number: int = 1, packs: int = 1, **over: Any) -> Row:
    """Return a line on a drug; B is a Chinese patent drug, all others are western."""
    kind = "chinese_patent_drug" if item == "B" else "western_drug"
    row = {"settlement_id": settlement, "line_number": number, "item_code": item, "item_type": kind, "amount": amount}
    return row | {"quantity": str(packs)} | over
