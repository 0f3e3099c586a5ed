"""A scene: one person, one provider and a few lines in contract form; examples of proposed rules are made of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fraud.rules.proposals.proposal import Rows

# All scenes end on this day; each line costs 100.00, of which the fund pays 60.00.
LAST_DAY = date(2026, 3, 20)
MONTH = "2026-03"
AMOUNT, FUND = 10_000, 6_000
PROVIDER, PRACTITIONER = "P1", "D1"


@dataclass(frozen=True)
class Line:
    """One line.

    Parameters
    ----------
    item : str
        Its code.
    bill : int
        Number of its settlement: lines of one number are billed together.
    days_before : int
        How long before the last day it was given and settled.
    quantity : str
        In the contract's grammar.
    days_supply, name, kind, site : str
        As in `claim_lines`; empty where they say nothing.
    refunds : int, optional
        The line, counted from 1 within its settlement, that it takes back in full.
    """

    item: str
    bill: int = 1
    days_before: int = 0
    quantity: str = "1"
    days_supply: str = ""
    name: str = ""
    kind: str = "western_drug"
    site: str = ""
    refunds: int | None = None


@dataclass(frozen=True)
class Scene:
    """Who bills what for whom.

    Parameters
    ----------
    lines : tuple of Line
        At least one.
    gender, birth_date, insurance_type, encounter_type, provider_type, provider_level : str
        As in the contract.
    diagnoses : tuple of str
        Of every settlement.
    """

    lines: tuple[Line, ...]
    gender: str = "female"
    birth_date: str = "1980-01-01"
    insurance_type: str = "employee"
    encounter_type: str = "outpatient"
    provider_type: str = "hospital"
    provider_level: str = "secondary"
    diagnoses: tuple[str, ...] = field(default=())

    def tables(self) -> Mapping[str, Rows]:
        """Return its rows by contract table, as texts."""
        bills: dict[int, list[Line]] = {}
        for line in self.lines:
            bills.setdefault(line.bill, []).append(line)
        person = {"person_id": "A", "gender": self.gender, "birth_date": self.birth_date}
        provider = {"provider_id": PROVIDER, "provider_type": self.provider_type, "provider_level": self.provider_level}
        found: dict[str, Rows] = {
            "settlements": tuple(self._settlement(number, lines) for number, lines in bills.items()),
            "claim_lines": tuple(
                _line(number, at, line, lines) for number, lines in bills.items() for at, line in enumerate(lines, 1)
            ),
            "persons": (person,),
            "providers": (provider,),
        }
        if self.diagnoses:
            found["diagnoses"] = tuple(
                {"settlement_id": f"S{number}", "sequence_number": str(at), "diagnosis_code": code}
                for number in bills
                for at, code in enumerate(self.diagnoses, 1)
            )
        return found

    def refunded(self) -> Scene:
        """Return the scene with every line taken back."""
        places: dict[int, int] = {}
        backs = []
        for line in self.lines:
            places[line.bill] = places.get(line.bill, 0) + 1
            backs.append(replace(line, refunds=places[line.bill]))
        return replace(self, lines=(*self.lines, *backs))

    def named(self, name: str) -> Scene:
        """Return the scene with another name on every line."""
        return replace(self, lines=tuple(replace(line, name=name) for line in self.lines))

    def _settlement(self, number: int, lines: list[Line]) -> dict[str, str]:
        day = _day(lines[0])
        n_kept = sum(1 if line.refunds is None else -1 for line in lines)
        return {
            "settlement_id": f"S{number}",
            "encounter_type": self.encounter_type,
            "settle_time": f"{day} 18:00:00",
            "service_start_date": day,
            "service_end_date": day,
            "person_id": "A",
            "provider_id": PROVIDER,
            "insurance_type": self.insurance_type,
            "total_amount": _money(AMOUNT * n_kept),
            "fund_paid_amount": _money(FUND * n_kept),
        }


def _line(number: int, at: int, line: Line, lines: list[Line]) -> dict[str, str]:
    sign = "-" if line.refunds is not None else ""
    told = {"days_supply": line.days_supply, "item_name": line.name, "body_site": line.site}
    if line.refunds is not None:
        told["original_line_number"] = str(line.refunds)
    return {
        "settlement_id": f"S{number}",
        "line_number": str(at),
        "fee_time": f"{_day(lines[0])} {8 + at % 10:02d}:00:00",
        "item_code": line.item,
        "item_type": line.kind,
        "quantity": f"{sign}{line.quantity}",
        "amount": f"{sign}{_money(AMOUNT)}",
        "prescriber_id": PRACTITIONER,
        **{name: value for name, value in told.items() if value},
    }


def _day(line: Line) -> str:
    return (LAST_DAY - timedelta(days=line.days_before)).isoformat()


def _money(minor: int) -> str:
    return f"{minor // 100}.{minor % 100:02d}"
