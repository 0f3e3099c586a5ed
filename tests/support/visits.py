"""Single visits for worked examples: one settlement and its one line, everything else by name."""

from __future__ import annotations

from typing import Any

Visit = tuple[dict[str, Any], dict[str, Any]]


def visit(
    number: str, time: str, person: str, amount: str, *, line: dict[str, Any] | None = None, **over: Any
) -> Visit:
    """Return a settlement at provider H1, at ten o'clock unless the time says otherwise, and its one line."""
    day = time[:10]
    settlement = {
        "settlement_id": number,
        "settle_time": time if len(time) > 10 else f"{day} 10:00:00",
        "service_start_date": day,
        "service_end_date": day,
        "person_id": person,
        "provider_id": "H1",
        **over,
    }
    return settlement, {
        "settlement_id": number,
        "amount": amount,
        "fee_time": settlement["settle_time"],
        **(line or {}),
    }


def stay(number: str, admit: str, discharge: str, person: str, amount: str, **over: Any) -> Visit:
    """Return an inpatient stay at provider H1, settled on the day of discharge."""
    times = {
        "admit_time": f"{admit} 09:00:00",
        "discharge_time": f"{discharge} 09:00:00",
        "service_start_date": admit,
        "encounter_type": "inpatient",
    }
    return visit(number, discharge, person, amount, **(times | over))


def tables(*visits: Visit, **more: Any) -> dict[str, Any]:
    """Return the contract tables of some visits, and others by name."""
    return {"settlements": [s for s, _ in visits], "claim_lines": [line for _, line in visits], **more}
