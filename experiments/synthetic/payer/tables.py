"""The claims month by month: drafts as tables of the contract."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa

from experiments.synthetic import arrow
from experiments.synthetic.care.admissions import surgeries
from experiments.synthetic.care.bills import (
    BASIC,
    CHANNELS,
    CREDENTIALS,
    ENCOUNTERS,
    FILINGS,
    INPATIENT,
    LIABLE_ADVANCED,
    NONE,
    SITES,
)
from experiments.synthetic.care.drg import payment_methods
from experiments.synthetic.payer import insurer
from experiments.synthetic.randomness import opaque_ids, uniform
from experiments.synthetic.world.clock import DAY
from experiments.synthetic.world.people import INSURANCE

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from experiments.synthetic.identity import Identity
    from experiments.synthetic.world.world import World

_STAFF = [f"U{number:03d}" for number in range(1_000)]
_DEPARTMENTS = ("内科", "外科", "儿科", "妇产科", "中医科", "骨科", "神经科", "急诊科")
# Column of the contract, and the column of settled visits it holds.
_MONEY = {
    "total_amount": "total",
    "in_scope_amount": "in_scope",
    "deductible_amount": "deductible",
    "fund_paid_amount": "fund",
    "pooled_fund_paid_amount": "pooled",
    "critical_illness_paid_amount": "critical",
    "medical_aid_paid_amount": "aid",
    "account_paid_amount": "account",
    "mutual_aid_paid_amount": "mutual",
    "cash_paid_amount": "cash",
    "annual_cap_amount": "cap",
    "annual_paid_to_date_amount": "paid_to_date",
}


def _same_draw(visits: pd.DataFrame) -> npt.NDArray[np.int64]:
    """Return the draft whose draws a settlement shares: a reversal happens at the till of what it reverses."""
    shared = visits["same_encounter_as"].to_numpy()
    base: npt.NDArray[np.int64] = np.where(shared >= 0, shared, visits["draft"].to_numpy())
    return base


def settlements_table(world: World, who: Identity, visits: pd.DataFrame) -> pa.Table:
    """One row per settlement."""
    epoch, places = world.calendar.epoch, world.places.providers
    c: dict[str, npt.NDArray[Any]] = {name: visits[name].to_numpy() for name in visits.columns}
    base, stay, person, provider = _same_draw(visits), c["is_stay"], c["person"], c["provider"]
    region = world.geography.regions["region_code"].tolist()
    home = world.geography.townships["region"].to_numpy()[world.people.township[person]]
    department = np.where(
        np.isin(places["kind"].to_numpy()[provider], ("pharmacy", "dual_channel", "outside_pharmacy")),
        NONE,
        c["dx1"] % 7,
    )
    payment = np.where(c["encounter"] == INPATIENT, payment_methods(world)[provider], "fee_for_service")
    columns = {
        "settlement_id": who.settlements(c["draft"]),
        "encounter_id": opaque_ids(base, world.seed, "encounter", "E"),
        "original_settlement_id": who.settlements(c["reverses"]),
        "is_reversal": pa.array(c["reverses"] >= 0),
        "encounter_type": arrow.codes(ENCOUNTERS, c["encounter"]),
        "settle_time": arrow.times(c["settle"], epoch),
        "service_start_date": arrow.days(c["start"] // DAY, epoch),
        "service_end_date": arrow.days(c["end"] // DAY, epoch),
        "admit_time": arrow.times(c["start"], epoch, ~stay),
        "discharge_time": arrow.times(c["end"], epoch, ~stay),
        "discharge_disposition": arrow.codes(("医嘱离院", "死亡"), np.where(stay, c["is_dead"].astype(np.int64), NONE)),
        "is_planned_readmission": pa.array(c["is_planned"].astype(bool)),
        "person_id": arrow.codes(who.persons, person),
        "provider_id": arrow.codes(who.providers, provider),
        "department_code": arrow.codes(_DEPARTMENTS, np.maximum(department, NONE)),
        "bed_number": arrow.codes([f"B{i:03d}" for i in range(400)], c["bed"]),
        "attending_practitioner_id": arrow.codes(who.practitioners, c["doctor"]),
        "operating_practitioner_id": arrow.codes(who.practitioners, c["surgeon"]),
        "insurance_type": arrow.codes(INSURANCE, world.people.insurance[person]),
        "insured_region_code": arrow.codes(region, home),
        "care_region_code": arrow.codes(region, places["region"].to_numpy()[provider]),
        "filing_type": arrow.codes(FILINGS, c["filing"]),
        "is_third_party_injury": pa.array(c["liability"] > BASIC),
        **_till_columns(world, who, c, base),
        "invoice_number": opaque_ids(_invoices(c), world.seed, "invoice", "I"),
        "referral_id": opaque_ids(c["referral"], world.seed, "referral", "F"),
        "payment_method": pa.array(payment.tolist(), pa.string()),
        **{name: arrow.money(c[held]) for name, held in _MONEY.items()},
    }
    return pa.table(columns)


def _invoices(c: dict[str, npt.NDArray[Any]]) -> npt.NDArray[np.int64]:
    """Return the draft whose invoice each settlement answers: a reversal takes back that of what it reverses."""
    own = np.where(c["reverses"] >= 0, c["reverses"], c["draft"])
    invoices: npt.NDArray[np.int64] = np.where(c["invoice_of"] >= 0, c["invoice_of"], own)
    return invoices


def _till_columns(
    world: World, who: Identity, c: dict[str, npt.NDArray[Any]], base: npt.NDArray[np.int64]
) -> dict[str, pa.Array]:
    """Columns of the till: credential, terminal, operator, and whether someone set a check aside."""
    places, provider = world.places.providers, c["provider"]
    drawn = np.searchsorted((0.46, 0.86), uniform(base, world.seed, "credential"))
    credential = np.where(c["credential"] >= 0, c["credential"], drawn)
    tills = places["n_terminals"].to_numpy()[provider]
    till = np.where(c["terminal"] >= 0, c["terminal"], (uniform(base, world.seed, "till") * tills).astype(np.int64))
    till_names = [f"{name}-T{k}" for name in who.providers for k in range(10)]
    cashiers = [f"{name}-O{k}" for name in who.providers for k in range(10)]
    cashier = (uniform(base, world.seed, "cashier") * (tills + 1)).astype(np.int64)
    cashier = provider * 10 + np.where(c["cashier"] >= 0, c["cashier"], cashier)
    here = places["region"].to_numpy()[provider]
    decided = insurer.is_overridden(base, world.seed) | (c["liability"] == LIABLE_ADVANCED)
    on_duty = np.where(decided, insurer.on_duty(base, here, world.seed), NONE)
    staff = np.where(c["override_by"] >= 0, c["override_by"], on_duty)
    return {
        "credential_type": arrow.codes(CREDENTIALS, credential),
        "terminal_id": arrow.codes(till_names, provider * 10 + till),
        "is_proxy_purchase": pa.array(c["is_proxy"].astype(bool)),
        "has_manual_override": pa.array(staff >= 0),
        "operator_id": arrow.codes([*_STAFF, *cashiers], np.where(staff >= 0, staff, len(_STAFF) + cashier)),
    }


class LineNumbers:
    """Numbers of lines within their settlement, for refunds that name the line they cancel."""

    def __init__(self) -> None:
        self._known = pd.DataFrame({name: np.zeros(0, np.int64) for name in ("draft", "uid", "line_number")})

    def enter(self, lines: pd.DataFrame) -> None:
        """Learn the lines of a month."""
        known = pd.concat([self._known, lines[list(self._known.columns)]], ignore_index=True)
        self._known = known.iloc[np.argsort(known["uid"].to_numpy())].reset_index(drop=True)

    def of(self, uid: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Return the numbers of lines; NONE where there is none."""
        held = self._known["uid"].to_numpy()
        place = np.minimum(np.searchsorted(held, uid), len(held) - 1)
        found: npt.NDArray[np.int64] = np.where(held[place] == uid, self._known["line_number"].to_numpy()[place], NONE)
        return found

    def leave(self, reversed_later: npt.NDArray[np.int64]) -> None:
        """Forget the month but for the drafts that a later month reverses."""
        self._known = self._known[np.isin(self._known["draft"].to_numpy(), reversed_later)]


def lines_table(
    world: World,
    who: Identity,
    lines: pd.DataFrame,
    visits: pd.DataFrame,
    numbers: LineNumbers,
    *,
    code_maps: Sequence[tuple[int, int, int]] = (),
) -> pa.Table:
    """One row per charge line, in the order of the settlements; `code_maps` as in Register."""
    items = world.catalogue.items
    by_draft = np.argsort(visits["draft"].to_numpy())
    place = by_draft[np.searchsorted(visits["draft"].to_numpy()[by_draft], lines["draft"].to_numpy())]
    order = np.lexsort((lines["line_number"].to_numpy(), place))
    lines, place = lines.iloc[order], place[order]
    c: dict[str, npt.NDArray[Any]] = {name: lines[name].to_numpy() for name in lines.columns}
    cancelled = numbers.of(c["cancels"])
    provider = visits["provider"].to_numpy()[place]
    devices = [f"{name}-M{k:02d}" for name in who.providers for k in range(12)]
    item = c["item"]
    coded = item.copy()
    for where, done, written in code_maps:
        coded[(item == done) & (provider == where)] = written
    reduced = (items["group"].to_numpy() == "surgery")[item] & (c["price"] < c["full"])
    columns = {
        "settlement_id": who.settlements(visits["draft"].to_numpy()).take(pa.array(place)),
        "line_number": pa.array(c["line_number"], pa.int64()),
        "original_line_number": arrow.integers(cancelled),
        "fee_time": arrow.times(c["time"], world.calendar.epoch),
        "item_code": arrow.codes(who.items, coded),
        "item_name": arrow.codes(items["item_name"].tolist(), item),
        "item_type": arrow.codes(items["item_type"].tolist(), item),
        "charge_category": arrow.codes(items["category"].tolist(), item),
        "quantity": arrow.decimals(c["quantity"] * 10_000, 16, 4),
        "unit": arrow.codes(items["unit"].tolist(), item),
        "unit_price": arrow.decimals(c["price"] * 10_000, 16, 6),
        "amount": arrow.money(c["amount"]),
        "discount_share": pa.array(np.round(c["price"] / c["full"], 2), mask=~reduced),
        "in_scope_amount": arrow.money(c["in_scope"]),
        "days_supply": arrow.integers(np.where(c["quantity"] < 0, NONE, c["days_supply"])),
        "prescriber_id": arrow.codes(who.practitioners, c["prescriber"]),
        "executor_id": arrow.codes(who.practitioners, c["executor"]),
        "device_id": arrow.codes(devices, np.where(c["device"] >= 0, provider * 12 + c["device"], NONE)),
        "prescription_id": who.prescriptions(c["rx"]),
        "refill_number": arrow.integers(c["refill"]),
        "body_site": arrow.codes(SITES, np.where(c["site"] > 0, c["site"], NONE)),
        "is_discharge_medication": pa.array(c["is_discharge_drug"].astype(bool)),
    }
    return pa.table(columns)


def diagnoses_table(world: World, who: Identity, visits: pd.DataFrame) -> pa.Table:
    """One row per settlement and diagnosis."""
    names = ("dx1", "dx2", "dx3")
    dx = visits[list(names)].to_numpy()
    row, column = np.nonzero(dx >= 0)
    number = np.cumsum(dx >= 0, axis=1)[row, column]
    return pa.table(
        {
            "settlement_id": who.settlements(visits["draft"].to_numpy()).take(pa.array(row)),
            "sequence_number": pa.array(number, pa.int64()),
            "diagnosis_code": arrow.codes(world.catalogue.diagnoses["code"].tolist(), dx[row, column]),
            "diagnosis_type": arrow.codes(("principal", "secondary"), (number > 1).astype(np.int64)),
            "is_present_on_admission": pa.array(np.ones(len(row), bool)),
        }
    )


def procedures_table(world: World, who: Identity, visits: pd.DataFrame) -> pa.Table:
    """One row per operation of a stay."""
    operated = visits[(visits["surgery"] >= 0) & (visits["reverses"] < 0)]
    codes = {dx: operation.procedure_code for dx, operation in surgeries(world).items()}
    return pa.table(
        {
            "settlement_id": who.settlements(operated["draft"].to_numpy()),
            "sequence_number": pa.array(np.ones(len(operated), np.int64)),
            "procedure_code": pa.array([codes[dx] for dx in operated["surgery"].tolist()], pa.string()),
            "procedure_time": arrow.times(operated["surgery_time"].to_numpy(), world.calendar.epoch),
            "session_id": opaque_ids(operated["draft"].to_numpy(), world.seed, "session", "O"),
            "surgeon_id": arrow.codes(who.practitioners, operated["surgeon"].to_numpy()),
        }
    )


def prescriptions_table(world: World, who: Identity, prescriptions: pd.DataFrame) -> pa.Table:
    """One row per prescription that leaves its issuer."""
    rows = prescriptions.sort_values(["issue_time", "rx"], kind="stable")
    c: dict[str, npt.NDArray[Any]] = {name: rows[name].to_numpy() for name in rows.columns}
    epoch = world.calendar.epoch
    return pa.table(
        {
            "prescription_id": who.prescriptions(c["rx"]),
            "person_id": arrow.codes(who.persons, c["person"]),
            "issuing_provider_id": arrow.codes(who.providers, c["issuer"]),
            "prescriber_id": arrow.codes(who.practitioners, c["prescriber"]),
            "issue_time": arrow.times(c["issue_time"], epoch),
            "channel": arrow.codes(CHANNELS, c["channel"]),
            "dispensing_provider_id": arrow.codes(who.providers, c["dispenser"]),
            "dispense_time": arrow.times(c["dispense_time"], epoch),
            "dispense_settlement_id": who.settlements(c["draft"]),
        }
    )


def leaves_table(world: World, who: Identity, leaves: pd.DataFrame) -> pa.Table:
    """One row per leave ordered during a stay."""
    epoch = world.calendar.epoch
    table = pa.table(
        {
            "settlement_id": who.settlements(leaves["draft"].to_numpy()),
            "start_date": arrow.days(leaves["first_day"].to_numpy(), epoch),
            "end_date": arrow.days(leaves["last_day"].to_numpy(), epoch),
        }
    )
    return table.sort_by([("settlement_id", "ascending"), ("start_date", "ascending")])
