"""Invent a city: its world, the claims of its months, planted schemes, and the truth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from fraud.synthetic import registers, tables
from fraud.synthetic.benefits import price_lines, settle_visits
from fraud.synthetic.bills import Bills, Ledger
from fraud.synthetic.chronic import bill_cancer_drugs, bill_dialysis, bill_refills
from fraud.synthetic.clinics import bill_acute
from fraud.synthetic.clock import DAY
from fraud.synthetic.identity import Identity
from fraud.synthetic.pharmacies import bill_purchases
from fraud.synthetic.presence import Presence
from fraud.synthetic.randomness import uniform
from fraud.synthetic.refunds import with_refunds
from fraud.synthetic.schemes import Stage, choose_schemes
from fraud.synthetic.truth import Truth
from fraud.synthetic.wards import bill_stays
from fraud.synthetic.world import World, make_world

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

_REFERRED = 0.3  # share of unplanned stays in tertiary wards that came with a referral


@dataclass(frozen=True)
class City:
    """Claims in contract form, and the truth about them.

    Attributes
    ----------
    tables : dict of str to pyarrow.Table
        Contract tables; money and quantities as decimals, rows in a fixed order.
    truth : dict of str to pyarrow.Table
        The tables of `truth.csv`.
    months : tuple of str
        Claims months, `YYYY-MM`.
    persons, providers, seed : int
        What the city was asked to be.
    schemes : str
        The schemes asked for.
    """

    tables: dict[str, pa.Table]
    truth: dict[str, pa.Table]
    months: tuple[str, ...]
    persons: int
    providers: int
    seed: int
    schemes: str

    def frame(self, name: str) -> pd.DataFrame:
        """Return a table, or a truth table, as pandas with Arrow types, so that decimals stay exact."""
        import pandas as pd

        table = self.tables.get(name, self.truth.get(name))
        if table is None:
            raise KeyError(name)
        return table.to_pandas(types_mapper=pd.ArrowDtype)


def _honest_ledger(world: World) -> tuple[Ledger, Presence]:
    bills = Bills()
    bill_stays(world, bills)
    stays = bills.ledger()
    presence = Presence.of(stays.visits, world.people.death_day)
    for bill in (bill_acute, bill_refills, bill_cancer_drugs, bill_dialysis, bill_purchases):
        bill(world, bills, presence)
    ledger = bills.ledger()
    visits = ledger.visits
    # Fills follow their script by hours or a night, so they may meet an admission, a death or the end of the window.
    free = presence.is_free(visits["person"].to_numpy(), visits["start"].to_numpy() // DAY)
    free |= visits["is_stay"].to_numpy(bool)
    free &= visits["end"].to_numpy() < world.calendar.end
    return ledger.without(visits["draft"].to_numpy()[~free]), presence


def _closed(world: World, ledger: Ledger) -> Ledger:
    """End each visit with its last line, settle it no earlier, and leave out what is settled after the window."""
    lines = ledger.lines
    billed = ledger.visits["draft"].isin(lines["draft"])  # a word of advice costs nothing and leaves no bill
    visits = ledger.visits[billed].reset_index(drop=True)
    last = lines.groupby("draft")["time"].max().reindex(visits["draft"]).to_numpy()
    stay = visits["is_stay"].to_numpy(bool)
    visits["end"] = np.where(stay, visits["end"], np.maximum(visits["end"], last))
    settle = np.maximum(visits["settle"].to_numpy(), visits["end"].to_numpy() + 5)
    # A reversal comes after what it reverses, a second scan after the reversal.
    draft, base = visits["draft"].to_numpy(), visits["same_encounter_as"].to_numpy()
    order = np.argsort(draft)
    hangs = base >= 0
    first = settle[order[np.searchsorted(draft, base[hangs], sorter=order)]]
    wait = np.where(visits["reverses"].to_numpy()[hangs] >= 0, 30, 75)
    settle[hangs] = np.maximum(visits["settle"].to_numpy()[hangs], first + wait)
    visits["settle"] = settle
    out = visits["settle"].to_numpy() >= world.calendar.end
    drafts = visits["draft"].to_numpy()
    gone = drafts[out]
    # Leaving out a settlement leaves out what reverses or repeats it.
    gone = np.union1d(gone, drafts[visits["same_encounter_as"].isin(gone).to_numpy()])
    return Ledger(visits, lines, ledger.prescriptions).without(gone)


def _with_referrals(world: World, ledger: Ledger) -> Ledger:
    visits = ledger.visits
    draft = visits["draft"].to_numpy()
    tertiary = (world.places.providers["kind"] == "tertiary").to_numpy()[visits["provider"]]
    sent = visits["is_stay"].to_numpy(bool) & tertiary & ~visits["is_planned"].to_numpy(bool)
    sent &= uniform(draft, world.seed, "referred") < _REFERRED
    return Ledger(visits.assign(referral=np.where(sent, draft, -1)), ledger.lines, ledger.prescriptions)


def make_city(
    persons: int = 20_000,
    providers: int = 300,
    months: int = 6,
    start: str = "2026-01",
    seed: int = 7,
    *,
    schemes: str = "all",
) -> City:
    """Invent a city and its claims.

    Parameters
    ----------
    persons, providers, months : int
        Insured persons (at least 300), providers (at least 30), claims months (1 to 60).
    start : str
        First claims month, `YYYY-MM`.
    seed : int
        Equal seeds give equal cities.
    schemes : str
        `all`, `none`, or codes with sizes such as `R01,H04:large`.

    Returns
    -------
    City
        Contract tables and truth tables.

    Raises
    ------
    InputError
        For numbers out of range, a start that is no month, an unknown scheme or size.
    """
    chosen = choose_schemes(schemes)
    world = make_world(persons, providers, months, start, seed)
    ledger, presence = _honest_ledger(world)
    ledger = with_refunds(world, _closed(world, ledger))
    stage = Stage(world, presence, ledger, Truth(), world.people.household.copy())
    for scheme, _ in chosen:
        scheme.plant_twin(stage)
    for scheme, size in chosen:
        for number, each in enumerate(scheme.sizes(providers, size)):
            scheme.plant(stage, each, number)
    ledger = _with_referrals(world, _closed(world, stage.ledger))
    return _tabulated(world, ledger, stage, (persons, providers, seed, schemes))


def _tabulated(world: World, ledger: Ledger, stage: Stage, asked: tuple[int, int, int, str]) -> City:
    lines = price_lines(world, ledger)
    visits = settle_visits(world, ledger, lines)
    who = Identity.of(world)
    contract = {
        "settlements": tables.settlements_table(world, who, visits),
        "claim_lines": tables.lines_table(world, who, lines, visits),
        "diagnoses": tables.diagnoses_table(world, who, visits),
        "procedures": tables.procedures_table(world, who, visits),
        "drg_assignments": tables.drg_table(world, who, visits),
        "prescriptions": tables.prescriptions_table(world, who, ledger.prescriptions),
        "referrals": tables.referrals_table(world, who, visits),
        "persons": registers.persons_table(world, who, stage.household),
        "providers": registers.providers_table(world, who),
        "practitioners": registers.practitioners_table(world, who),
        "ref_items": registers.items_table(world),
        "ref_item_pairs": registers.pairs_table(world),
        "ref_regions": registers.regions_table(world),
        "ref_holidays": registers.holidays_table(world),
        "ref_drg_groups": registers.drg_groups_table(world),
    }
    truth = stage.truth.tables(world, who, visits, lines)
    persons, providers, seed, schemes = asked
    return City(contract, truth, world.calendar.months, persons, providers, seed, schemes)
